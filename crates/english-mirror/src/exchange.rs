//! Files of translation offices: what is sent to them, and what of their work is taken.

use std::io::{Cursor, Write as _};

use anyhow::Context;
use base::{EntryId, Error, Message, Result, Site, SiteId};
use content::{
    Kinds,
    entries::store::{self as entries, Outcome},
    kinds::Kind,
    model::State as Step,
};
use db::{Conn, events::Actor};
use english::xliff::{self, Package, Received, Refusal, State, Unit};
use zip::write::SimpleFileOptions;

use crate::{
    model::{Pieces, Said},
    store::{self, Page, write::Text},
};

/// The package of a page: the pieces of the edition to translate, with the English there is.
pub(crate) fn package(site: SiteId, kind: &Kind, page: &Page) -> Result<Package> {
    of_edition(site, kind, page, &page.now)
}

fn of_edition(
    site: SiteId,
    kind: &Kind,
    page: &Page,
    edition: &entries::Edition,
) -> Result<Package> {
    let carried = page.carried_to(kind, edition)?;
    let pieces = store::words(kind, edition)?.pieces();
    let unit = |piece: english::blocks::Piece| {
        let said = carried.get(&piece.id);
        let state = match said {
            Some(Said { mark: None, .. }) => State::Translated,
            // What nobody has compared with the source is theirs to do.
            _ => State::Initial,
        };
        let target = said.map(|it| it.text.clone()).unwrap_or_default();
        Unit { id: piece.id, source: piece.text, target, state }
    };
    let units = pieces.into_iter().map(unit).collect();
    Ok(Package { site, entry: page.source.id, edition: edition.number, units })
}

/// The name of a page's file: plain ASCII.
pub(crate) fn file_name(page: &Page) -> String {
    let slug = base::text::slug(&page.now.title, 60);
    let slug = if slug.is_empty() { "trang".to_owned() } else { slug };
    format!("{slug}.{}.xlf", page.now.number)
}

/// Many files as one.
pub(crate) fn archive(files: Vec<(String, String)>) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut taken = std::collections::BTreeSet::new();
    for (place, (name, text)) in files.into_iter().enumerate() {
        let name = match taken.insert(name.clone()) {
            true => name,
            false => format!("{}-{name}", place + 1),
        };
        let options = SimpleFileOptions::default();
        zip.start_file(name, options).context("a file of an archive")?;
        zip.write_all(text.as_bytes()).context("a file of an archive")?;
    }
    Ok(zip.finish().context("an archive")?.into_inner())
}

/// What a file would bring.
#[derive(Debug)]
pub(crate) struct Offer {
    /// The page it is for.
    pub(crate) page: Page,
    /// What of it can be used.
    pub(crate) received: Received,
}

/// Reads a file and finds what of it can be used on this site. Nothing is changed.
pub(crate) fn offer(
    conn: &mut Conn,
    site: SiteId,
    kinds: &Kinds,
    bytes: &[u8],
) -> Result<std::result::Result<Offer, Refusal>> {
    let file = match xliff::read(bytes) {
        Ok(file) => file,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if file.site != site {
        return Ok(Err(Refusal::OtherSite));
    }
    let Some(page) = source(conn, site, file.entry)? else {
        return Ok(Err(Refusal::OtherEntry));
    };
    let kind = kinds.get(&page.source.kind).ok_or(Error::NotFound)?;
    let then = match entries::edition(conn, site, page.source.id, file.edition) {
        Ok(edition) if edition.state != Step::Discarded => edition,
        Ok(_) | Err(Error::NotFound) => return Ok(Err(Refusal::UnknownEdition(file.edition))),
        Err(err) => return Err(err),
    };
    let then = of_edition(site, kind, &page, &then)?;
    let now = package(site, kind, &page)?;
    Ok(xliff::accept(file, &then, &now).map(|received| Offer { page, received }))
}

/// The page whose Vietnamese entry is `entry`.
fn source(conn: &mut Conn, site: SiteId, entry: EntryId) -> Result<Option<Page>> {
    let pair = match entries::pair_of(conn, site, entry) {
        Ok(pair) => pair,
        Err(Error::NotFound) => return Ok(None),
        Err(err) => return Err(err),
    };
    if pair.source.id != entry {
        return Ok(None);
    }
    match store::page(conn, site, pair.source.content_id) {
        Ok(page) => Ok(Some(page)),
        Err(Error::NotFound) => Ok(None),
        Err(err) => Err(err),
    }
}

/// Saves what can be used of an offer as a draft; `None` when there is nothing.
pub(crate) fn take(
    conn: &mut Conn,
    actor: Actor,
    (site, kinds): (&Site, &Kinds),
    offer: &Offer,
    note: String,
) -> Result<Option<Outcome>> {
    if offer.received.used.is_empty() {
        return Ok(None);
    }
    let kind = kinds.get(&offer.page.source.kind).ok_or(Error::NotFound)?;
    let mut pieces: Pieces = offer.page.carried(kind)?;
    for unit in &offer.received.used {
        let text = base::text::block(&unit.target).trim().to_owned();
        pieces.insert(unit.id.clone(), Said { text, mark: None });
    }
    let address = offer.page.latest.as_ref().map(|it| it.edition.slug.clone());
    let text = Text { pieces, address: address.unwrap_or_default(), note };
    let of = &offer.page.now;
    store::write::put(conn, actor, (site, kinds), (&offer.page, of), text).map(Some)
}

/// What to say of what was found in a file, besides how many pieces are taken.
pub(crate) fn remarks(received: &Received) -> Vec<Message> {
    let count = |key: &'static str, number: usize| {
        (number > 0).then(|| Message::new(format!("mirror.exchange.{key}")).with("number", number))
    };
    let older = Message::new("mirror.exchange.older").with("number", received.edition);
    [
        received.is_older.then_some(older),
        count("outdated", received.outdated.len()),
        count("altered", received.altered.len()),
        count("untranslated", received.untranslated),
    ]
    .into_iter()
    .flatten()
    .collect()
}
