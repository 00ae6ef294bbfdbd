//! Saving what editors type.

use std::collections::BTreeMap;

use anyhow::Context;
use base::{EditionId, EntryId, Result};
use db::{
    Conn,
    events::Actor,
    schema::{editions, entries},
};
use diesel::prelude::*;

use super::{
    ContentId, Edition, Outcome, Working,
    address::{free_slug, spot, with_picture_text},
    note,
    uses::note_uses,
    working,
};
use crate::{entries::Draft, kinds::Kind, model::State};

/// What an editor typed, as columns to insert or to overwrite.
macro_rules! text {
    ($slug:expr, $draft:expr) => {
        (
            editions::section_id.eq($draft.section),
            editions::slug.eq($slug),
            editions::featured.eq($draft.featured),
            editions::title.eq(&$draft.title),
            editions::plain.eq(base::text::unaccented(&$draft.title)),
            editions::summary.eq(&$draft.summary),
            editions::body.eq(&$draft.body),
            editions::html.eq($draft.html.as_str()),
            editions::fields.eq(json(&$draft.fields)?),
            editions::minor.eq($draft.minor),
            editions::note.eq(&$draft.note),
        )
    };
}

/// Saves a new entry as a draft.
pub fn create(conn: &mut Conn, actor: Actor, kind: &Kind, draft: Draft) -> Result<EntryId> {
    let content = ContentId::new();
    begin(conn, actor, kind, (content, draft))
}

/// The first edition of `content` in the language of the draft.
pub(super) fn begin(
    conn: &mut Conn,
    actor: Actor,
    kind: &Kind,
    (content, draft): (ContentId, Draft),
) -> Result<EntryId> {
    let (id, first) = (EntryId::new(), EditionId::new());
    let spot = spot(conn, actor.site, kind, &draft)?;
    let draft = with_picture_text(conn, actor.site, kind, draft)?;
    let slug = free_slug(conn, actor.site, &spot, &draft, id)?;
    diesel::insert_into(entries::table)
        .values((
            entries::id.eq(id),
            entries::site_id.eq(actor.site),
            entries::content_id.eq(content),
            entries::locale.eq(draft.locale()),
            entries::kind.eq(&kind.id),
            entries::section_id.eq(spot.section.id),
            entries::rank.eq(draft.rank),
            entries::featured.eq(draft.featured),
            entries::latest_id.eq(first),
            entries::created_at.eq(actor.now),
        ))
        .execute(conn)?;
    insert(conn, actor, (id, first, 1), &slug, &draft)?;
    note_uses(conn, actor.site, id)?;
    note(conn, actor, "created", (id, first), draft.title)?;
    Ok(id)
}

fn insert(
    conn: &mut Conn,
    actor: Actor,
    (entry, id, number): (EntryId, EditionId, i32),
    slug: &str,
    draft: &Draft,
) -> Result<()> {
    diesel::insert_into(editions::table)
        .values((
            (
                editions::id.eq(id),
                editions::site_id.eq(actor.site),
                editions::entry_id.eq(entry),
                editions::number.eq(number),
                editions::state.eq(State::Draft),
                editions::author_id.eq(actor.user),
                editions::editor_id.eq(actor.user),
                editions::remark.eq(""),
                editions::lock.eq(1),
                editions::created_at.eq(actor.now),
                editions::updated_at.eq(actor.now),
            ),
            text!(slug, draft),
        ))
        .execute(conn)?;
    Ok(())
}

fn json(fields: &BTreeMap<String, String>) -> Result<String> {
    Ok(serde_json::to_string(fields).context("fields to JSON")?)
}

/// Saves what an editor changed: into the open edition, or as a new one after a public one.
/// `seal` is the edition the editor saw.
pub fn save(
    conn: &mut Conn,
    actor: Actor,
    kind: &Kind,
    (id, seal): (EntryId, &str),
    draft: Draft,
) -> Result<Outcome> {
    let Working { entry, edition } = working(conn, actor.site, id)?;
    if edition.seal() != seal {
        return Ok(Outcome::Stale);
    }
    let spot = spot(conn, actor.site, kind, &draft)?;
    let mut draft = with_picture_text(conn, actor.site, kind, draft)?;
    let made = base::text::slug(&edition.title, 80);
    if entry.published_at.is_none() && draft.slug.as_ref() == Some(&made) {
        // Nobody chose this address, and nobody knows it yet: it follows the title.
        draft.slug = None;
    }
    let slug = free_slug(conn, actor.site, &spot, &draft, id)?;
    let saved = match edition.state {
        State::Draft | State::Submitted => {
            rewrite(conn, actor, &edition, &slug, &draft)?.then_some(edition.id)
        }
        _ => Some(add(conn, actor, (id, edition.number + 1), &slug, &draft)?),
    };
    let Some(saved) = saved else { return Ok(Outcome::Stale) };
    if entry.published_at.is_none() {
        // Nobody has read it yet: the lists of the staff may follow at once.
        let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(id)));
        let place = (entries::section_id.eq(spot.section.id), entries::rank.eq(draft.rank));
        diesel::update(row).set(place).execute(conn)?;
    }
    note_uses(conn, actor.site, id)?;
    note(conn, actor, "saved", (id, saved), draft.title)?;
    Ok(Outcome::Done(id))
}

/// Overwrites an open edition, unless someone else was quicker.
fn rewrite(
    conn: &mut Conn,
    actor: Actor,
    edition: &Edition,
    slug: &str,
    draft: &Draft,
) -> Result<bool> {
    let seen = editions::table
        .filter(editions::site_id.eq(actor.site).and(editions::id.eq(edition.id)))
        .filter(editions::lock.eq(edition.lock));
    let changed = diesel::update(seen)
        .set((
            text!(slug, draft),
            editions::author_id.eq(edition.author_id.or(actor.user)),
            editions::editor_id.eq(actor.user),
            editions::lock.eq(edition.lock + 1),
            editions::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Adds a draft edition and makes it the one the staff work on.
pub(super) fn add(
    conn: &mut Conn,
    actor: Actor,
    (entry, number): (EntryId, i32),
    slug: &str,
    draft: &Draft,
) -> Result<EditionId> {
    let id = EditionId::new();
    insert(conn, actor, (entry, id, number), slug, draft)?;
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(entry)));
    diesel::update(row).set(entries::latest_id.eq(id)).execute(conn)?;
    Ok(id)
}
