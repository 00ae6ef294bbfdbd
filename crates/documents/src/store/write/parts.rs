//! What hangs on a document: relations, and what the staff tell of its effect.

use base::Result;
use db::{Conn, events::Actor, schema::documents};
use diesel::prelude::*;

use super::{note, tell, tell_all};
use crate::{
    DocumentId, EffectId, RelationId,
    model::State,
    store::{Document, Home, by_id, effects, relations},
};

/// Enters a relation of a document.
pub fn link(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    id: DocumentId,
    new: &relations::NewLink,
) -> Result<()> {
    let document = by_id(conn, actor.site, id)?;
    relations::add(conn, home.portal, &document, new, actor.now)?;
    changed(conn, actor, home, document, "document_linked")
}

/// Takes a relation of a document back.
pub fn unlink(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, relation): (DocumentId, RelationId),
) -> Result<()> {
    let document = by_id(conn, actor.site, id)?;
    let led = relations::remove(conn, actor.site, (id, relation))?;
    if document.state == State::Published {
        tell_all(conn, actor, home.portal, led.into_iter().collect())?;
    }
    changed(conn, actor, home, document, "document_unlinked")
}

/// Tells something of the effect of a document.
pub fn add_event(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    id: DocumentId,
    new: &effects::NewEvent,
) -> Result<()> {
    let document = by_id(conn, actor.site, id)?;
    effects::add(conn, actor.site, id, new, actor.now)?;
    changed(conn, actor, home, document, "document_effect")
}

/// Takes back something told of the effect of a document.
pub fn remove_event(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, event): (DocumentId, EffectId),
) -> Result<()> {
    let document = by_id(conn, actor.site, id)?;
    effects::remove(conn, actor.site, (id, event))?;
    changed(conn, actor, home, document, "document_effect")
}

fn changed(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    document: Document,
    event: &'static str,
) -> Result<()> {
    let what = format!("{} {}", document.number, document.summary);
    note(conn, actor, event, (document.id, what))?;
    // Whoever has the page open to approve it must see this first.
    let own = documents::table
        .filter(documents::site_id.eq(actor.site).and(documents::id.eq(document.id)));
    diesel::update(own)
        .set((
            documents::lock.eq(documents::lock + 1),
            documents::editor_id.eq(actor.user),
            documents::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    match document.state {
        State::Published => tell(conn, actor, home, document.id),
        _ => Ok(()),
    }
}
