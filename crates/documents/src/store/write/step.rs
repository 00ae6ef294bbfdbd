//! The way of a document to the public and back.

use base::{Error, Result, UserId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::documents,
};
use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DbError},
};

use super::{Outcome, note, put_fields, put_files, put_text, tell_all};
use crate::{
    DocumentId,
    model::State,
    store::{Home, by_id, files, relations},
};

/// A step on the way to the public or back.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it leads.
    pub to: State,
    /// The lock the person saw.
    pub lock: i32,
    /// Why it is withdrawn or handed back.
    pub remark: String,
}

/// Publishes, withdraws or restores a document, or hands it back and takes it in again. Whoever
/// entered it or changed it last does not publish it, unless the site allows it.
pub fn step(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    id: DocumentId,
    step: &Step,
) -> Result<Outcome> {
    let document = by_id(conn, actor.site, id)?;
    let event = match (document.state, step.to) {
        (State::Draft, State::Published) => "document_published",
        (State::Draft, State::Returned) => "document_returned",
        (State::Returned, State::Draft) => "document_submitted",
        (State::Withdrawn, State::Published) => "document_restored",
        (State::Published, State::Withdrawn) => "document_withdrawn",
        _ => return Err(Error::conflict("document.not_now")),
    };
    let is_new = (document.state, step.to) == (State::Draft, State::Published);
    let is_public = [document.state, step.to].contains(&State::Published);
    let own = |user: UserId| Some(user) == document.editor_id || Some(user) == document.author_id;
    if is_new && actor.user.is_some_and(own) && !home.self_approval {
        return Err(Error::conflict("document.own"));
    }
    let row = documents::table.filter(
        documents::site_id
            .eq(actor.site)
            .and(documents::id.eq(id))
            .and(documents::lock.eq(step.lock)),
    );
    let changed = diesel::update(row)
        .set((
            documents::state.eq(step.to),
            documents::remark.eq(&step.remark),
            documents::lock.eq(step.lock + 1),
            documents::published_at.eq(if is_new {
                Some(actor.now)
            } else {
                document.published_at
            }),
            documents::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(Outcome::Stale);
    }
    let subject = Some(id.uuid());
    let target = format!("{} {}", document.number, document.summary);
    let detail = step.remark.clone();
    record(conn, actor, Deed { action: event, subject, target, detail, ..Deed::default() })?;
    if !is_public {
        return Ok(Outcome::Done(id));
    }
    let mut changed = vec![id];
    if step.to == State::Published && !document.number_key.is_empty() {
        let keys = [document.number_key.clone()];
        changed.extend(relations::resolve(conn, home.portal, &keys)?);
    }
    let now = by_id(conn, actor.site, id)?;
    files::tell(conn, &now)?;
    tell_all(conn, actor, home.portal, changed)?;
    Ok(Outcome::Done(id))
}

/// Throws a draft away that nobody has read.
pub fn discard(conn: &mut Conn, actor: Actor, id: DocumentId) -> Result<()> {
    use db::schema::{document_imports, effect_events, relations};
    let document = by_id(conn, actor.site, id)?;
    let is_draft = matches!(document.state, State::Draft | State::Returned);
    if document.published_at.is_some() || !is_draft {
        return Err(Error::conflict("document.not_now"));
    }
    diesel::delete(relations::table.filter(relations::from_id.eq(id))).execute(conn)?;
    diesel::delete(effect_events::table.filter(effect_events::document_id.eq(id))).execute(conn)?;
    diesel::delete(document_imports::table.filter(document_imports::document_id.eq(id)))
        .execute(conn)?;
    put_text(conn, actor.site, id, &[])?;
    put_fields(conn, actor.site, id, &[])?;
    put_files(conn, actor.site, id, &[])?;
    let row = documents::table.filter(documents::site_id.eq(actor.site).and(documents::id.eq(id)));
    let gone = diesel::delete(row).execute(conn);
    gone.map_err(|err| match err {
        // Another feature hangs something on it.
        DbError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
            Error::conflict("document.in_use")
        }
        err => err.into(),
    })?;
    note(conn, actor, "document_discarded", (id, document.summary))
}
