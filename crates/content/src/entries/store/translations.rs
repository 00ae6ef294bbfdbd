//! An entry and its English: one content, two entries.

use base::{EntryId, Error, Locale, Result, SectionId, Site, SiteId};
use db::{
    Conn,
    events::Actor,
    schema::{editions, entries},
};
use diesel::prelude::*;

use super::{
    ContentId, Entry, Outcome,
    address::{Spot, free_slug, is_free, numbered, spot},
    note,
    uses::note_uses,
    workflow::settle,
    write::{add, begin},
};
use crate::{
    entries::Draft,
    find,
    kinds::{Kind, Kinds},
    model::State,
    sections::{Section, store as tree},
};

/// A Vietnamese entry and its English, if anybody has begun it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The Vietnamese.
    pub source: Entry,
    /// The English.
    pub translation: Option<Entry>,
}

/// Both entries of `content`; without a Vietnamese one, nothing is found.
pub fn pair(conn: &mut Conn, site: SiteId, content: ContentId) -> Result<Pair> {
    let both = entries::table
        .filter(entries::site_id.eq(site).and(entries::content_id.eq(content)))
        .select(Entry::as_select());
    let both: Vec<Entry> = both.load(conn)?;
    let (mut source, mut translation) = (None, None);
    for entry in both {
        match entry.locale {
            Locale::Vi => source = Some(entry),
            Locale::En => translation = Some(entry),
        }
    }
    Ok(Pair { source: source.ok_or(Error::NotFound)?, translation })
}

/// Both entries of the content that `entry` is one of.
pub fn pair_of(conn: &mut Conn, site: SiteId, entry: EntryId) -> Result<Pair> {
    let one = entries::table.filter(entries::site_id.eq(site).and(entries::id.eq(entry)));
    let content = one.select(entries::content_id).first(conn)?;
    pair(conn, site, content)
}

/// Saves the first draft of the English of `source`. [`Outcome::Stale`] when somebody else has
/// begun one meanwhile.
pub fn create_translation(
    conn: &mut Conn,
    actor: Actor,
    kind: &Kind,
    source: EntryId,
    draft: Draft,
) -> Result<Outcome> {
    // For its lock: of two who begin at once the second must see the first.
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(source)));
    diesel::update(row).set(entries::rank.eq(entries::rank)).execute(conn)?;
    let pair = pair_of(conn, actor.site, source)?;
    let Some(english) = pair.translation else {
        let id = begin(conn, actor, kind, (pair.source.content_id, draft));
        return Ok(Outcome::Done(id?));
    };
    // What was begun and thrown away is begun again, in the same entry.
    let latest: (State, i32) = editions::table
        .filter(editions::site_id.eq(actor.site).and(editions::entry_id.eq(english.id)))
        .order(editions::number.desc())
        .select((editions::state, editions::number))
        .first(conn)?;
    if latest.0 != State::Discarded {
        return Ok(Outcome::Stale);
    }
    let spot = spot(conn, actor.site, kind, &draft)?;
    let slug = free_slug(conn, actor.site, &spot, &draft, english.id)?;
    let edition = add(conn, actor, (english.id, latest.1 + 1), &slug, &draft)?;
    note_uses(conn, actor.site, english.id)?;
    note(conn, actor, "created", (english.id, edition), draft.title)?;
    Ok(Outcome::Done(english.id))
}

/// The Vietnamese that `english` is a translation of.
pub(super) fn source(conn: &mut Conn, site: SiteId, english: &Entry) -> Result<Entry> {
    Ok(pair(conn, site, english.content_id)?.source)
}

/// Whether the English of `source` is the English page of `section`: as in Vietnamese.
pub(super) fn is_page_in_english(
    conn: &mut Conn,
    site: SiteId,
    section: &Section,
    source: EntryId,
) -> Result<bool> {
    let here = format!("/{}", section.path);
    Ok(super::address(conn, site, source)?.is_some_and(|address| address == here))
}

/// After a step that the public sees: the translation of `source` goes where the source has gone,
/// and is found, or not found any more, like it.
pub(super) fn follow(
    conn: &mut Conn,
    actor: Actor,
    site: &Site,
    (kinds, source): (&Kinds, &Entry),
) -> Result<()> {
    let pair = pair(conn, site.id, source.content_id)?;
    let Some(english) = pair.translation.filter(|_| source.locale == Locale::Vi) else {
        return Ok(());
    };
    db::outbox::tell(conn, site.id, (find::ENTRY, english.id.uuid()), actor.now)?;
    if kinds.get(&english.kind).is_some() && pair.source.live_id.is_some() {
        stand_beside(conn, site, &pair.source, &english)?;
    }
    note_uses(conn, site.id, english.id)
}

/// Puts `english` below the section of its source; where another page has its address by now, it
/// gets a number.
fn stand_beside(conn: &mut Conn, site: &Site, source: &Entry, english: &Entry) -> Result<()> {
    let section = tree::by_id(conn, site.id, source.section_id)?;
    let row = entries::table.filter(entries::site_id.eq(site.id).and(entries::id.eq(english.id)));
    diesel::update(row).set(entries::section_id.eq(section.id)).execute(conn)?;
    let Some(live) = english.live_id else { return Ok(()) };
    let edition = editions::table.filter(editions::site_id.eq(site.id).and(editions::id.eq(live)));
    let slug: String = edition.select(editions::slug).first(conn)?;
    let is_page = is_page_in_english(conn, site.id, &section, source.id)?;
    let spot = Spot::english(site, section);
    let mut path = spot.path(&slug, is_page);
    if super::address(conn, site.id, english.id)?.as_ref() == Some(&path) {
        return Ok(());
    }
    if !is_page && !is_free(conn, site.id, (&spot, &path), english.id)? {
        path = spot.path(&numbered(conn, site.id, (&spot, &slug), english.id)?, false);
    }
    settle(conn, site.id, english.id, &path)
}

/// After sections got other English names: every translation below `sections` gets the address it
/// now has by `site`. Old addresses lead there.
pub fn rename_section(
    conn: &mut Conn,
    actor: Actor,
    site: &Site,
    sections: &[SectionId],
) -> Result<()> {
    let written = entries::table
        .filter(entries::site_id.eq(site.id).and(entries::locale.eq(Locale::En)))
        .filter(entries::section_id.eq_any(sections).and(entries::live_id.is_not_null()))
        .select(entries::content_id);
    let contents: Vec<ContentId> = written.load(conn)?;
    for content in contents {
        let pair = pair(conn, site.id, content)?;
        if let Some(english) = pair.translation {
            stand_beside(conn, site, &pair.source, &english)?;
            db::outbox::tell(conn, site.id, (find::ENTRY, english.id.uuid()), actor.now)?;
        }
    }
    db::epochs::raise(conn, site.id, actor.now)
}
