//! What the staff do with a consultation. Whatever changes for the public is told to the outbox
//! and raises epochs, as for the draft itself.

use ::documents::{
    DocumentId,
    model::Register,
    store::{Home, has_body, write::tell},
};
use base::{Error, FieldErrors, Message, OnUnique, Result, SiteId};
use chrono::NaiveDate;
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{consultation_files, consultations, documents},
};
use diesel::prelude::*;
use media::{FileId, Items, Owner, Visibility, uses};

use super::{Consultation, Draft, Pair, by_id, dossier_ids, table};
use crate::{
    ConsultationId, Office,
    model::{Days, News, Stage},
};

/// What media calls consultations among those who use files.
const OWNER: &str = "consultation";

/// What the staff say of a consultation.
#[derive(Clone, Debug)]
pub struct Terms {
    /// From when until when.
    pub days: Days,
    /// What readers should say something about.
    pub purpose: String,
    /// Where letters go.
    pub post_to: String,
    /// Whom to ask.
    pub contact: String,
    /// The dossier: the files of the site, by slot.
    pub files: Vec<(String, FileId)>,
}

/// What became of the draft.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A document of this site's registry.
    Document(DocumentId),
    /// One that stands elsewhere, by its number.
    Number(String),
}

/// Begins a consultation on a draft of the site, with days that fit the law.
pub fn create(
    conn: &mut Conn,
    actor: Actor,
    document: DocumentId,
    days: Days,
) -> Result<ConsultationId> {
    let draft: Draft = documents::table
        .filter(documents::site_id.eq(actor.site).and(documents::id.eq(document)))
        .filter(documents::register.eq(Register::Draft))
        .select(Draft::as_select())
        .first(conn)?;
    let id = ConsultationId::new();
    diesel::insert_into(consultations::table)
        .values((
            (
                consultations::id.eq(id),
                consultations::site_id.eq(actor.site),
                consultations::document_id.eq(document),
                consultations::opens.eq(days.opens),
                consultations::closes.eq(days.closes),
                consultations::shortened.eq(days.shortened),
                consultations::purpose.eq(""),
                consultations::post_to.eq(""),
                consultations::contact.eq(""),
                consultations::lock.eq(1),
                consultations::editor_id.eq(actor.user),
            ),
            (
                consultations::outcome_number.eq(""),
                consultations::stopped_reason.eq(""),
                consultations::told.eq(News::Nothing),
                consultations::files_public.eq(false),
                consultations::created_at.eq(actor.now),
                consultations::updated_at.eq(actor.now),
            ),
        ))
        .execute(conn)
        .on_unique("document", "consultation.there")?;
    note(conn, actor, "consultation_created", (id, &draft, ""))?;
    Ok(id)
}

/// Changes a row of the actor's site if it still is as `lock` says, and counts up its lock.
macro_rules! change {
    ($conn:expr, $actor:expr, $before:expr, $lock:expr, ($($set:expr),+ $(,)?)) => {{
        let row = consultations::table.filter(
            consultations::site_id
                .eq($actor.site)
                .and(consultations::id.eq($before.id))
                .and(consultations::lock.eq($lock)),
        );
        let set = ($($set,)+ consultations::lock.eq($lock + 1), consultations::updated_at.eq($actor.now));
        match diesel::update(row).set(set).execute($conn)? {
            0 => Err(Error::conflict("consultation.changed")),
            _ => Ok(()),
        }
    }};
}

/// Saves the terms. What was announced keeps to what readers count on.
pub fn save(
    conn: &mut Conn,
    actor: Actor,
    (home, office): (Home, &Office),
    (id, lock): (ConsultationId, i32),
    terms: &Terms,
) -> Result<()> {
    let (before, draft) = by_id(conn, actor.site, id)?;
    let today = today(actor);
    let minimum = office.minimum(terms.days.shortened);
    let fits = match before.announced_at {
        None => terms.days.check(minimum),
        Some(_) => terms.days.check_change(&before.days(), before.stage(today), (minimum, today)),
    };
    fits.map_err(Error::Invalid)?;
    change!(
        conn,
        actor,
        before,
        lock,
        (
            consultations::opens.eq(terms.days.opens),
            consultations::closes.eq(terms.days.closes),
            consultations::shortened.eq(terms.days.shortened),
            consultations::purpose.eq(&terms.purpose),
            consultations::post_to.eq(&terms.post_to),
            consultations::contact.eq(&terms.contact),
            consultations::editor_id.eq(actor.user),
        )
    )?;
    put_files(conn, actor, id, &terms.files)?;
    if before.announced_at.is_some() {
        missing_papers(conn, office, (&before, &draft))?;
    }
    let detail = match before.days() == terms.days {
        true => String::new(),
        false => format!("{} – {}", terms.days.opens, terms.days.closes),
    };
    note(conn, actor, "consultation_saved", (id, &draft, &detail))?;
    changed(conn, actor, home, id)
}

fn put_files(
    conn: &mut Conn,
    actor: Actor,
    id: ConsultationId,
    files: &[(String, FileId)],
) -> Result<()> {
    let old = consultation_files::table
        .filter(consultation_files::site_id.eq(actor.site))
        .filter(consultation_files::consultation_id.eq(id));
    diesel::delete(old).execute(conn)?;
    let row = |(slot, file): &(String, FileId)| {
        (
            consultation_files::consultation_id.eq(id),
            consultation_files::slot.eq(slot.clone()),
            consultation_files::site_id.eq(actor.site),
            consultation_files::file_id.eq(*file),
        )
    };
    let rows: Vec<_> = files.iter().map(row).collect();
    if !rows.is_empty() {
        on_each!(conn, |conn| diesel::insert_into(consultation_files::table)
            .values(&rows)
            .execute(conn))?;
    }
    Ok(())
}

/// Refuses, naming them, when papers of the dossier are missing that the law asks for (DT-2).
fn missing_papers(
    conn: &mut Conn,
    office: &Office,
    (it, draft): (&Consultation, &Draft),
) -> Result<()> {
    let there = dossier_ids(conn, it.site_id, it.id)?;
    let has_text = has_body(conn, it.site_id, draft.id)?;
    let mut errors = FieldErrors::new();
    for slot in office.slots.iter().filter(|slot| slot.mandatory) {
        let has_file = there.iter().any(|(key, _)| *key == slot.key);
        let is_there = has_file || (slot.draft && has_text);
        if !is_there {
            let message = Message::new("consultation.paper_missing").with("label", &slot.label);
            errors.insert(format!("slot_{}", slot.key).into(), message);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Lets the public read it, from its first day on for opinions.
pub fn announce(
    conn: &mut Conn,
    actor: Actor,
    (home, office): (Home, &Office),
    (id, lock): (ConsultationId, i32),
) -> Result<()> {
    let (before, draft) = by_id(conn, actor.site, id)?;
    if before.announced_at.is_some() || before.stopped_at.is_some() {
        return Err(Error::conflict("consultation.not_now"));
    }
    let mut errors = FieldErrors::new();
    if before.opens < today(actor) {
        // The days before were not open to anybody.
        errors.insert("opens".into(), "consultation.opens_past".into());
    }
    if !draft.is_public() {
        errors.insert("form".into(), "consultation.draft_private".into());
    }
    if before.purpose.is_empty() {
        errors.insert("purpose".into(), "consultation.purpose_missing".into());
    }
    if before.post_to.is_empty() {
        errors.insert("post_to".into(), "consultation.post_missing".into());
    }
    if let Err(short) = before.days().check(office.minimum(before.shortened)) {
        errors.extend(short);
    }
    match missing_papers(conn, office, (&before, &draft)) {
        Err(Error::Invalid(missing)) => errors.extend(missing),
        done => done?,
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    by_another(actor, home, &before)?;
    change!(conn, actor, before, lock, (consultations::announced_at.eq(actor.now)))?;
    note(conn, actor, "consultation_announced", (id, &draft, ""))?;
    changed(conn, actor, home, id)
}

/// Whoever changed it last does not publish it, unless the site allows that.
fn by_another(actor: Actor, home: Home, before: &Consultation) -> Result<()> {
    let own = actor.user.is_some() && actor.user == before.editor_id;
    if own && !home.self_approval { Err(Error::conflict("consultation.own")) } else { Ok(()) }
}

/// Drops the draft, for a reason that readers are told.
pub fn stop(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, lock): (ConsultationId, i32),
    reason: &str,
) -> Result<()> {
    let (before, draft) = by_id(conn, actor.site, id)?;
    if matches!(before.stage(today(actor)), Stage::Stopped | Stage::Issued) {
        return Err(Error::conflict("consultation.not_now"));
    }
    change!(
        conn,
        actor,
        before,
        lock,
        (consultations::stopped_at.eq(actor.now), consultations::stopped_reason.eq(reason),)
    )?;
    note(conn, actor, "consultation_stopped", (id, &draft, reason))?;
    changed(conn, actor, home, id)
}

/// Publishes the table of acceptance and explanation (DT-6): every opinion that is shown has its
/// row, and none waits to be looked at.
pub fn explain(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, lock): (ConsultationId, i32),
) -> Result<()> {
    let (before, draft) = by_id(conn, actor.site, id)?;
    if !matches!(before.stage(today(actor)), Stage::Ended | Stage::Collating) {
        return Err(Error::conflict("consultation.not_over"));
    }
    let lacking = table::lacking(conn, actor.site, id)?;
    let mut errors = FieldErrors::new();
    if lacking.waiting > 0 {
        let message = Message::new("consultation.waiting").with("count", lacking.waiting);
        errors.insert("form".into(), message);
    } else if !lacking.without_row.is_empty() {
        let message = Message::new("consultation.rows_missing")
            .with("count", lacking.without_row.len())
            .with("names", lacking.without_row.join("; "));
        errors.insert("form".into(), message);
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if table::written_by(conn, actor, id)? && !home.self_approval {
        return Err(Error::conflict("consultation.own_table"));
    }
    change!(conn, actor, before, lock, (consultations::explained_at.eq(actor.now)))?;
    note(conn, actor, "consultation_explained", (id, &draft, ""))?;
    changed(conn, actor, home, id)
}

/// Tells what was issued in the end.
pub fn issue(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, lock): (ConsultationId, i32),
    outcome: &Outcome,
) -> Result<()> {
    let (before, draft) = by_id(conn, actor.site, id)?;
    if before.stage(today(actor)) != Stage::Explained {
        return Err(Error::conflict("consultation.not_explained"));
    }
    let (document, number) = match outcome {
        Outcome::Document(document) => (Some(*document), ""),
        Outcome::Number(number) => (None, number.as_str()),
    };
    change!(
        conn,
        actor,
        before,
        lock,
        (
            consultations::issued_at.eq(actor.now),
            consultations::outcome_id.eq(document),
            consultations::outcome_number.eq(number),
        )
    )?;
    note(conn, actor, "consultation_issued", (id, &draft, number))?;
    changed(conn, actor, home, id)
}

/// Says that what the public sees has changed, and keeps the dossier in step with that.
pub(crate) fn changed(conn: &mut Conn, actor: Actor, home: Home, id: ConsultationId) -> Result<()> {
    let pair = by_id(conn, actor.site, id)?;
    share_files(conn, &pair)?;
    match pair.0.announced_at {
        Some(_) => tell(conn, actor, home, pair.1.id),
        None => Ok(()),
    }
}

/// Tells media who may have the dossier: everybody while the public reads the consultation.
pub(crate) fn share_files(conn: &mut Conn, (it, draft): &Pair) -> Result<()> {
    let ids = dossier_ids(conn, it.site_id, it.id)?;
    let ids: Vec<FileId> = ids.into_iter().map(|(_, file)| file).collect();
    let is_public = it.announced_at.is_some() && draft.is_public();
    let visibility = if is_public { Visibility::Public } else { Visibility::Private };
    let owner = Owner {
        kind: OWNER,
        id: it.id.uuid(),
        label: &draft.summary,
        path: &format!("/quan-tri/lay-y-kien/{}", it.id),
    };
    uses::set(conn, it.site_id, owner, &Items::from(ids.as_slice()), visibility)?;
    let row = consultations::table
        .filter(consultations::site_id.eq(it.site_id).and(consultations::id.eq(it.id)));
    diesel::update(row).set(consultations::files_public.eq(is_public)).execute(conn)?;
    Ok(())
}

/// Finds the outcome a person named: a document of the site by its number, or the number alone.
pub fn find_outcome(conn: &mut Conn, site: SiteId, number: &str) -> Result<Outcome> {
    let key = base::Number::parse(number).filter(base::Number::has_symbol).map(|it| it.key());
    let Some(key) = key else { return Ok(Outcome::Number(number.to_owned())) };
    let own: Option<DocumentId> = documents::table
        .filter(documents::site_id.eq(site).and(documents::number_key.eq(key)))
        .filter(documents::state.eq(::documents::model::State::Published))
        .order(documents::year.desc())
        .select(documents::id)
        .first(conn)
        .optional()?;
    Ok(own.map_or_else(|| Outcome::Number(number.to_owned()), Outcome::Document))
}

pub(crate) fn today(actor: Actor) -> NaiveDate {
    base::time::local(actor.now).date()
}

/// Writes the deed into the log.
pub(crate) fn note(
    conn: &mut Conn,
    actor: Actor,
    action: &'static str,
    (id, draft, detail): (ConsultationId, &Draft, &str),
) -> Result<()> {
    let deed = Deed {
        action,
        subject: Some(id.uuid()),
        target: draft.summary.clone(),
        detail: detail.to_owned(),
        ..Deed::default()
    };
    record(conn, actor, deed)
}
