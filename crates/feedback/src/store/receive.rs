//! How a case begins.

use base::{Error, Result, SiteId};
use chrono::{Datelike, NaiveDateTime};
use db::{
    Conn,
    events::Actor,
    schema::{case_consents, case_files, case_numbers, case_people, cases, consent_texts},
};
use diesel::prelude::*;
use media::FileId;
use sha2::{Digest, Sha256};

use super::{
    Desk, clock,
    legs::{self, Leg},
    note, number_text,
};
use crate::{
    CaseId,
    guard::Key,
    model::{
        sheet::{Channel, Sheet},
        state::State,
    },
};

base::id!(
    /// Identifies a receipt of consent.
    ConsentId
);

/// What comes in.
#[derive(Clone, Debug)]
pub struct New {
    /// The form as it was checked.
    pub sheet: Sheet,
    /// How it came.
    pub channel: Channel,
    /// Whether it goes into the restricted queue.
    pub restricted: bool,
    /// Words that make it look like a complaint.
    pub suspect: String,
    /// Digest of its tracking code.
    pub code: Vec<u8>,
    /// Digest of the form it came by.
    pub slip: Vec<u8>,
    /// Keyed digest of the network it came from; empty for none.
    pub origin: String,
    /// What was agreed to, or not, and in which words.
    pub consents: Vec<Consent>,
}

/// A purpose and what somebody said to it.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The purpose.
    pub purpose: String,
    /// The words beside the box, or of the notice.
    pub text: String,
    /// Whether it was agreed to.
    pub given: bool,
}

/// What a second sending of the same form is told inside; the citizen is not troubled with it.
pub const SENT_BEFORE: &str = "case.sent_before";

/// Takes in a case on the site of `actor`, with files that `actor` has just added there. A form
/// that has been taken in before is refused as [`SENT_BEFORE`], and nothing is written.
pub fn receive(
    conn: &mut Conn,
    desk: &Desk<'_>,
    key: &Key,
    new: &New,
    files: &[FileId],
) -> Result<CaseId> {
    let actor = desk.actor;
    // Taking the number first makes two sendings of one form wait for each other.
    let (year, number) = next_number(conn, actor.site, actor.now)?;
    let known: Option<CaseId> = cases::table
        .filter(cases::slip_digest.eq(&new.slip))
        .select(cases::id)
        .first(conn)
        .optional()?;
    if known.is_some() {
        return Err(Error::conflict(SENT_BEFORE));
    }
    let id = CaseId::new();
    insert(conn, actor, (id, year, number), new)?;
    put_person(conn, actor.site, key, (id, &new.sheet))?;
    for consent in &new.consents {
        put_consent(conn, actor, (id, &new.origin), consent)?;
    }
    put_files(conn, actor.site, id, files)?;
    legs::begin(conn, actor, id, &Leg::first(actor.site))?;
    clock::begin(conn, desk, id, &new.sheet)?;
    note(conn, actor, (id, number_text(year, number)), "case_received")?;
    Ok(id)
}

fn insert(
    conn: &mut Conn,
    actor: Actor,
    (id, year, number): (CaseId, i32, i32),
    new: &New,
) -> Result<()> {
    let sheet = &new.sheet;
    let details = serde_json::to_string(&sheet.details).map_err(anyhow::Error::from)?;
    let agreed: Vec<&str> = sheet.agreed.iter().map(String::as_str).collect();
    let plain = base::text::unaccented(&format!("{} {}", sheet.subject, sheet.message));
    diesel::insert_into(cases::table)
        .values((
            (
                cases::id.eq(id),
                cases::site_id.eq(actor.site),
                cases::origin_site_id.eq(actor.site),
                cases::year.eq(year),
                cases::number.eq(number),
                cases::code_digest.eq(&new.code),
                cases::slip_digest.eq(&new.slip),
                cases::type_key.eq(&sheet.type_key),
                cases::area.eq(&sheet.area),
                cases::state.eq(State::New),
                cases::channel.eq(new.channel),
                cases::restricted.eq(new.restricted),
                cases::suspect.eq(&new.suspect),
            ),
            (
                cases::subject.eq(&sheet.subject),
                cases::message.eq(&sheet.message),
                cases::details.eq(details),
                cases::about.eq(&sheet.about),
                cases::plain.eq(plain),
                cases::refusal.eq(""),
                cases::reason.eq(""),
                cases::agreed.eq(agreed.join(" ")),
                cases::rated.eq(false),
                cases::reopened.eq(0),
                cases::lock.eq(1),
                cases::received_at.eq(actor.now),
                cases::updated_at.eq(actor.now),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

/// The next number of `site`; the year is that of Viet Nam.
fn next_number(conn: &mut Conn, site: SiteId, now: NaiveDateTime) -> Result<(i32, i32)> {
    let year = base::time::local(now).year();
    let first =
        (case_numbers::site_id.eq(site), case_numbers::year.eq(year), case_numbers::last.eq(1));
    db::on_each!(conn, |conn| diesel::insert_into(case_numbers::table)
        .values(first)
        .on_conflict((case_numbers::site_id, case_numbers::year))
        .do_update()
        .set(case_numbers::last.eq(case_numbers::last + 1))
        .execute(conn))?;
    let last = case_numbers::table.find((site, year)).select(case_numbers::last).first(conn)?;
    Ok((year, last))
}

fn put_person(
    conn: &mut Conn,
    site: SiteId,
    key: &Key,
    (id, sheet): (CaseId, &Sheet),
) -> Result<()> {
    let person = &sheet.person;
    let sealed = match person.sealed.is_empty() {
        true => String::new(),
        false => {
            let text = serde_json::to_string(&person.sealed).map_err(anyhow::Error::from)?;
            key.seal(id.bytes(), &text)?
        }
    };
    diesel::insert_into(case_people::table)
        .values((
            case_people::case_id.eq(id),
            case_people::site_id.eq(site),
            case_people::name.eq(&person.name),
            case_people::address.eq(&person.address),
            case_people::phone.eq(&person.phone),
            case_people::email.eq(&person.email),
            case_people::sealed.eq(sealed),
            case_people::locale.eq(person.locale),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps who agreed to what, when, and in which words (PDP-9b).
fn put_consent(
    conn: &mut Conn,
    actor: Actor,
    (id, origin): (CaseId, &str),
    consent: &Consent,
) -> Result<()> {
    let version = Sha256::digest(consent.text.as_bytes()).to_vec();
    let text = (consent_texts::version.eq(&version), consent_texts::text.eq(&consent.text));
    db::on_each!(conn, |conn| diesel::insert_into(consent_texts::table)
        .values(text)
        .on_conflict(consent_texts::version)
        .do_nothing()
        .execute(conn))?;
    diesel::insert_into(case_consents::table)
        .values((
            case_consents::id.eq(ConsentId::new()),
            case_consents::case_id.eq(id),
            case_consents::site_id.eq(actor.site),
            case_consents::purpose.eq(&consent.purpose),
            case_consents::given.eq(consent.given),
            case_consents::version.eq(version),
            case_consents::origin.eq(origin),
            case_consents::at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(())
}

fn put_files(conn: &mut Conn, site: SiteId, id: CaseId, files: &[FileId]) -> Result<()> {
    for (position, file) in (0..).zip(files) {
        diesel::insert_into(case_files::table)
            .values((
                case_files::case_id.eq(id),
                case_files::file_id.eq(*file),
                case_files::site_id.eq(site),
                case_files::position.eq(position),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// A receipt of consent.
#[derive(Clone, Debug, Queryable)]
pub struct Receipt {
    /// The purpose.
    pub purpose: String,
    /// Whether it was agreed to.
    pub given: bool,
    /// When.
    pub at: NaiveDateTime,
    /// In which words.
    pub text: String,
}

/// The receipts of a case that `site` holds.
pub fn consents(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<Receipt>> {
    Ok(case_consents::table
        .inner_join(consent_texts::table)
        .filter(case_consents::site_id.eq(site).and(case_consents::case_id.eq(id)))
        .order((case_consents::at, case_consents::id))
        .select((
            case_consents::purpose,
            case_consents::given,
            case_consents::at,
            consent_texts::text,
        ))
        .load(conn)?)
}
