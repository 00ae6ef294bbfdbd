//! The drafts a new site starts with.

use base::{EditionId, EntryId, Result, SectionId};
use db::{
    Conn,
    events::Actor,
    schema::{editions, entries},
};
use diesel::prelude::*;

use super::ContentId;
use crate::model::State;

/// A draft page that a new site starts with.
#[derive(Clone, Debug)]
pub struct Starter {
    /// An id of `config/kinds`.
    pub kind: String,
    /// The section it belongs to.
    pub section: SectionId,
    /// Its title: the section's name.
    pub title: String,
}

/// Saves many empty drafts at once, for a new site. They are nobody's until somebody writes them.
pub fn plant(conn: &mut Conn, actor: Actor, starters: &[Starter]) -> Result<()> {
    let place = |it: &Starter| (EntryId::new(), EditionId::new(), it.section);
    let places: Vec<(EntryId, EditionId, SectionId)> = starters.iter().map(place).collect();
    let rows: Vec<_> = places
        .iter()
        .zip(starters)
        .map(|((id, latest, section), starter)| {
            (
                entries::id.eq(id),
                entries::site_id.eq(actor.site),
                entries::content_id.eq(ContentId::new()),
                entries::locale.eq(base::Locale::Vi),
                entries::kind.eq(&starter.kind),
                entries::section_id.eq(section),
                entries::rank.eq(1000),
                entries::featured.eq(false),
                entries::latest_id.eq(latest),
                entries::created_at.eq(actor.now),
            )
        })
        .collect();
    let drafts: Vec<_> = places
        .iter()
        .zip(starters)
        .map(|((entry, id, section), starter)| {
            (
                (
                    editions::id.eq(id),
                    editions::site_id.eq(actor.site),
                    editions::entry_id.eq(entry),
                    editions::number.eq(1),
                    editions::state.eq(State::Draft),
                    editions::section_id.eq(section),
                    editions::slug.eq(base::text::slug(&starter.title, 80)),
                    editions::title.eq(&starter.title),
                    editions::plain.eq(base::text::unaccented(&starter.title)),
                    editions::created_at.eq(actor.now),
                    editions::updated_at.eq(actor.now),
                ),
                (
                    editions::featured.eq(false),
                    editions::summary.eq(""),
                    editions::body.eq(""),
                    editions::html.eq(""),
                    editions::fields.eq("{}"),
                    editions::minor.eq(false),
                    editions::note.eq(""),
                    editions::remark.eq(""),
                    editions::lock.eq(1),
                ),
            )
        })
        .collect();
    db::on_each!(conn, |conn| {
        diesel::insert_into(entries::table).values(&rows).execute(conn)?;
        diesel::insert_into(editions::table).values(&drafts).execute(conn)
    })?;
    Ok(())
}
