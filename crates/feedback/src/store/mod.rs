//! Cases in the database. Every query starts from a site: the one that holds the case, or, for
//! what is left behind there, one that held it.
//!
//! Read this file for the rows, `receive` for how a case begins, `work` for its steps, `legs` for
//! how it moves between sites, `terms` for who waits and who gets more time, `answers`, `approvals` and `supplies` for
//! what is sent, `publics` for what others read, `register` and `copies` for what the law wants told of it all,
//! `scans` for what a program saw in attachments, `retention` for what is forgotten.

pub mod answers;
pub mod approvals;
pub mod citizen;
pub mod clock;
pub mod copies;
pub mod costs;
pub mod desk;
pub mod find;
pub mod legs;
pub mod messages;
pub mod publics;
pub mod readings;
pub mod receive;
pub mod register;
pub mod retention;
pub mod scans;
pub mod stats;
pub mod supplies;
pub mod templates;
pub mod terms;
pub mod work;

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, Locale, Result, SiteId, SiteState, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{case_files, case_people, cases, hosts, sites, users},
};
use diesel::prelude::*;
use media::FileId;

use crate::{
    CaseId,
    guard::Key,
    model::{
        sheet::{Channel, Person},
        state::{self, State},
    },
    types::Types,
};

/// A case, without who sent it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct Case {
    /// Its key.
    pub id: CaseId,
    /// Who holds it.
    pub site_id: SiteId,
    /// Where it was sent.
    pub origin_site_id: SiteId,
    /// The year of its number.
    pub year: i32,
    /// Its number in that year.
    pub number: i32,
    /// A key of `config/feedback/types.toml`.
    pub type_key: String,
    /// The field of life; empty for none.
    pub area: String,
    /// Where it stands.
    pub state: State,
    /// How it came.
    pub channel: Channel,
    /// A complaint or denunciation (FB-8).
    pub restricted: bool,
    /// Words that make it look like one; empty for none.
    pub suspect: String,
    /// In one line.
    pub subject: String,
    /// In full, as it was sent.
    pub message: String,
    /// JSON: fields that say nothing of a person.
    pub details: String,
    /// The public page it is about; empty for none.
    pub about: String,
    /// Who works on it.
    pub assignee_id: Option<UserId>,
    /// The case that is the same.
    pub merged_into: Option<CaseId>,
    /// The ground of a refusal, where the type lists grounds.
    pub refusal: String,
    /// Why it was refused.
    pub reason: String,
    /// The purposes agreed to.
    pub agreed: String,
    /// Whether the one right to rate is used up.
    pub rated: bool,
    /// How often it was taken up again.
    pub reopened: i32,
    /// Grows with every change.
    pub lock: i32,
    /// When it came.
    pub received_at: NaiveDateTime,
    /// When it changed last.
    pub updated_at: NaiveDateTime,
    /// When the answer was sent.
    pub answered_at: Option<NaiveDateTime>,
    /// When it was closed.
    pub closed_at: Option<NaiveDateTime>,
    /// Until when the sender can take it up again.
    pub reopen_until: Option<NaiveDateTime>,
    /// When personal data were taken out.
    pub forgotten_at: Option<NaiveDateTime>,
}

impl Case {
    /// Its number as the staff call it: `2026-000123`.
    pub fn number_text(&self) -> String {
        number_text(self.year, self.number)
    }

    /// Whether the sender agreed to `purpose`.
    pub fn agreed_to(&self, purpose: &str) -> bool {
        self.agreed.split(' ').any(|it| it == purpose)
    }

    /// What is told of it besides, by name.
    pub fn details(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.details).unwrap_or_default()
    }
}

fn number_text(year: i32, number: i32) -> String {
    format!("{year}-{number:06}")
}

/// Which cases a person sees: those of their site, restricted ones only who approves (FB-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Ordinary ones.
    Ordinary,
    /// Restricted ones too.
    All,
}

impl Sight {
    /// What `rights` let a person see.
    pub fn of(rights: accounts::model::Rights) -> Self {
        if rights.approve { Self::All } else { Self::Ordinary }
    }
}

/// Who does something to a case, and by which rules.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Who, where and when.
    pub actor: Actor,
    /// What they may do.
    pub who: state::Actor,
    /// The types of cases.
    pub types: &'a Types,
    /// The limits of the law.
    pub catalog: &'a clocks::Catalog,
}

impl Desk<'_> {
    /// The same at another site.
    fn at(&self, site: SiteId) -> Self {
        Self { actor: Actor { site, ..self.actor }, ..*self }
    }

    /// The case `id` of this site, if whoever asks may see it.
    fn held(&self, conn: &mut Conn, id: CaseId) -> Result<Case> {
        let sight = match self.who {
            state::Actor::Staff(rights) => Sight::of(rights),
            state::Actor::Citizen { .. } | state::Actor::Nobody => Sight::All,
        };
        by_id(conn, self.actor.site, sight, id)
    }
}

/// The cases that a site holds, as far as a person sees them: where every query begins.
pub(crate) fn of<'a>(site: SiteId, sight: Sight) -> cases::BoxedQuery<'a, db::Backend> {
    let held = cases::table.filter(cases::site_id.eq(site)).into_boxed();
    match sight {
        Sight::All => held,
        Sight::Ordinary => held.filter(cases::restricted.eq(false)),
    }
}

/// The case `id` that `site` holds.
pub fn by_id(conn: &mut Conn, site: SiteId, sight: Sight, id: CaseId) -> Result<Case> {
    Ok(of(site, sight).filter(cases::id.eq(id)).select(Case::as_select()).first(conn)?)
}

/// The case of a tracking code, on the site where it was sent and on the one that holds it. On
/// any other site there is no such code.
pub fn by_code(conn: &mut Conn, site: SiteId, digest: &[u8]) -> Result<Case> {
    Ok(cases::table
        .filter(cases::site_id.eq(site).or(cases::origin_site_id.eq(site)))
        .filter(cases::code_digest.eq(digest))
        .select(Case::as_select())
        .first(conn)?)
}

/// Who sent the case `id` that `site` holds, with what is sealed left sealed.
pub fn person(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<(Person, String)> {
    let own =
        case_people::table.filter(case_people::case_id.eq(id).and(case_people::site_id.eq(site)));
    let row: Option<(String, String, String, String, String, Locale)> = own
        .select((
            case_people::name,
            case_people::address,
            case_people::phone,
            case_people::email,
            case_people::sealed,
            case_people::locale,
        ))
        .first(conn)
        .optional()?;
    let Some((name, address, phone, email, sealed, locale)) = row else {
        return Ok((Person::default(), String::new()));
    };
    Ok((Person { name, address, phone, email, sealed: BTreeMap::new(), locale }, sealed))
}

/// Those of the cases `ids` that `site` holds whose senders read English.
pub fn in_english(conn: &mut Conn, site: SiteId, ids: &[CaseId]) -> Result<BTreeSet<CaseId>> {
    let own = case_people::table
        .filter(case_people::site_id.eq(site).and(case_people::case_id.eq_any(ids)))
        .filter(case_people::locale.eq(Locale::En));
    Ok(own.select(case_people::case_id).load(conn)?.into_iter().collect())
}

/// What [`person`] left sealed.
pub fn unseal(key: &Key, id: CaseId, sealed: &str) -> Result<BTreeMap<String, String>> {
    if sealed.is_empty() {
        return Ok(BTreeMap::new());
    }
    let text = key.unseal(id.bytes(), sealed)?;
    Ok(serde_json::from_str(&text).map_err(anyhow::Error::from)?)
}

/// The attachments of a case that `site` holds.
pub fn files(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<media::files::File>> {
    let ids = file_ids(conn, site, id)?;
    media::sealed::of_ids(conn, site, &ids)
}

pub(crate) fn file_ids(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<FileId>> {
    let own =
        case_files::table.filter(case_files::case_id.eq(id).and(case_files::site_id.eq(site)));
    Ok(own.order(case_files::position).select(case_files::file_id).load(conn)?)
}

/// Writes down what was done to a case, by its number and without a word of what it says.
pub(crate) fn note(
    conn: &mut Conn,
    actor: Actor,
    (id, number): (CaseId, String),
    action: &'static str,
) -> Result<()> {
    let deed = Deed { action, subject: Some(id.uuid()), target: number, ..Deed::default() };
    record(conn, actor, deed)
}

/// The same with why it was done.
pub(crate) fn note_why(
    conn: &mut Conn,
    actor: Actor,
    case: &Case,
    (action, why): (&'static str, &str),
) -> Result<()> {
    let deed = Deed {
        action,
        subject: Some(case.id.uuid()),
        target: case.number_text(),
        detail: why.to_owned(),
        ..Deed::default()
    };
    record(conn, actor, deed)
}

/// A site as it is named and reached.
#[derive(Clone, Debug)]
pub struct Place {
    /// The name of its body.
    pub unit: String,
    /// Its host.
    pub host: Option<String>,
    /// Where it stands.
    pub state: SiteState,
}

/// The names and hosts of sites.
pub fn places(conn: &mut Conn, mut ids: Vec<SiteId>) -> Result<BTreeMap<SiteId, Place>> {
    ids.sort();
    ids.dedup();
    let rows: Vec<(SiteId, String, SiteState, Option<String>)> = sites::table
        .left_join(hosts::table.on(hosts::site_id.eq(sites::id).and(hosts::canonical.eq(true))))
        .filter(sites::id.eq_any(ids))
        .select((sites::id, sites::name, sites::state, hosts::host.nullable()))
        .load(conn)?;
    let place = |(id, unit, state, host)| (id, Place { unit, host, state });
    Ok(rows.into_iter().map(place).collect())
}

/// The names of people.
pub fn names(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>> {
    let rows: Vec<(UserId, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Where mail reaches people, in no order.
pub fn addresses(conn: &mut Conn, ids: Vec<UserId>) -> Result<Vec<String>> {
    let able = users::table.filter(users::id.eq_any(ids).and(users::disabled.eq(false)));
    Ok(able.select(users::email).load(conn)?)
}

/// Refuses a change that was made in view of an older version.
pub(crate) fn seen(case: &Case, lock: i32) -> Result<()> {
    match case.lock == lock {
        true => Ok(()),
        false => Err(Error::conflict("case.changed")),
    }
}
