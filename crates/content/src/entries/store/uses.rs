//! Which pictures and files an entry uses: the public may have those of the edition it reads.

use base::{EditionId, EntryId, Locale, Result, SiteId};
use db::{
    Conn,
    schema::{editions, entries},
};
use diesel::prelude::*;
use media::{Items, Owner, PictureId, Visibility, uses};

use super::Edition;
use crate::model::State;

/// Says anew what `entry` uses: the edition the public reads, and the one the staff work on.
/// Derived from the editions each time, so no step of the workflow can be forgotten.
pub(super) fn note_uses(conn: &mut Conn, site: SiteId, entry: EntryId) -> Result<()> {
    let row = entries::table.filter(entries::site_id.eq(site).and(entries::id.eq(entry)));
    let (live, latest, locale): (Option<EditionId>, EditionId, Locale) =
        row.select((entries::live_id, entries::latest_id, entries::locale)).first(conn)?;
    let is_beside_source =
        locale == Locale::Vi || { super::pair_of(conn, site, entry)?.source.live_id.is_some() };
    // English is not public without its source, so neither is what it shows.
    let live = live.filter(|_| is_beside_source);
    let live = live.map(|id| edition(conn, site, id)).transpose()?;
    let draft = match &live {
        Some(live) if live.id == latest => None,
        _ => Some(edition(conn, site, latest)?).filter(|it| it.state != State::Discarded),
    };
    say(conn, site, (entry, "entry", Visibility::Public), live)?;
    say(conn, site, (entry, "draft", Visibility::Private), draft)
}

fn edition(conn: &mut Conn, site: SiteId, id: EditionId) -> Result<Edition> {
    let one = editions::table.filter(editions::site_id.eq(site).and(editions::id.eq(id)));
    Ok(one.select(Edition::as_select()).first(conn)?)
}

fn say(
    conn: &mut Conn,
    site: SiteId,
    (entry, kind, visibility): (EntryId, &'static str, Visibility),
    edition: Option<Edition>,
) -> Result<()> {
    let items = edition.as_ref().map(items).transpose()?.unwrap_or_default();
    let items = uses::own(conn, site, &items)?;
    let owner = Owner {
        kind,
        id: entry.uuid(),
        label: edition.as_ref().map_or("", |it| &it.title),
        path: &format!("/quan-tri/tin-bai/{entry}"),
    };
    uses::set(conn, site, owner, &items, visibility)
}

/// What the body and the fields mention. A field that is a key is its picture's.
fn items(edition: &Edition) -> Result<Items> {
    let mut items = Items::mentioned(&edition.body);
    for text in edition.field_map()?.values() {
        items.join(Items::mentioned(text));
        if let Some(id) = PictureId::parse(text) {
            items.add(id);
        }
    }
    Ok(items)
}
