//! Sections and entries, as visitors meet them.

use base::{Error, Locale, Site};
use serde::Deserialize;
use web::{Cx, Data, FeedFormat, Query, Request, Response, Result, Routes, get, header};

use super::{
    citations::{self, Citations},
    entry_page::{self, EntryFacts},
    feeds, map,
    mirror::Translations,
    section_page::{self, SectionFacts},
    store::{self, Found},
};
use crate::{
    kinds::Kinds,
    sections::{Section, store as tree},
};

/// Every public address with a fixed name.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/rss.xml", get().to(feeds::site_rss))
        .route("/atom.xml", get().to(feeds::site_atom))
        .route("/sitemap.xml", get().to(map::index))
        .route("/sitemap/{number}.xml", get().to(map::sheet))
        .route("/robots.txt", get().to(map::robots));
}

/// What a public page is made with: the kinds, and what other features tell of an entry.
pub type Tellers = (Data<Kinds>, Data<dyn Citations>, Data<dyn Translations>);

/// The query of a public page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    trang: String,
    luu: String,
}

/// What lies at an address.
enum Place {
    Entry(Box<EntryFacts>),
    Section(Box<SectionFacts>),
    Moved(String),
    /// Somebody translated it; the address may change when they take that back.
    Translated(String),
    Gone,
}

/// Any other address: an entry, a section, a feed of a section, or nothing.
pub async fn show(
    cx: Cx,
    req: Request,
    (kinds, citations, translations): Tellers,
    query: Query<Asked>,
) -> Result<Response> {
    if req.method().as_str() != "GET" {
        return Err(Error::NotFound.into());
    }
    let path = plain(&cx.path)?;
    if path.len() > 1 && path.ends_with('/') {
        return Ok(moved(path.trim_end_matches('/')));
    }
    let page = web::page_number(&query.trang);
    if let Some(section) = path.strip_suffix("/rss.xml") {
        return feeds::section(&cx, &kinds, section, (FeedFormat::Rss, page)).await;
    }
    if let Some(section) = path.strip_suffix("/atom.xml") {
        return feeds::section(&cx, &kinds, section, (FeedFormat::Atom, page)).await;
    }
    let (at, all) = ((plain(&cx.asked)?.to_owned(), path.to_owned()), kinds.clone());
    let today = base::time::local(cx.now).date();
    let place = cx.read(move |conn, site| {
        let mut found = find(conn, site, &all, (&at.0, &at.1), page)?;
        if let Place::Entry(facts) = &mut found {
            if facts.live.locale == Locale::En {
                facts.tell(translations.standing(conn, site.id, facts.live.id)?)?;
            }
            let text = citations::words(&facts.live);
            facts.lapsed = citations.lapsed(conn, site, &text, today)?;
        }
        Ok(found)
    });
    let place = place.await?;
    match place {
        Place::Entry(facts) => entry_page::draw(&cx, &kinds, *facts, !query.luu.is_empty()),
        Place::Section(facts) => section_page::draw(&cx, &kinds, *facts, page),
        Place::Moved(to) => Ok(moved(&to)),
        Place::Translated(to) => {
            Ok(Response::Found().insert_header((header::LOCATION, to)).finish())
        }
        Place::Gone => Err(Error::Gone.into()),
    }
}

/// The path, if it can be an address at all: ours are small letters, digits, hyphens, slashes
/// and the dots of file names.
fn plain(path: &str) -> Result<&str, Error> {
    let letters = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '/' | '.');
    let odd = path.len() > 300 || path.contains("//") || path.contains("..");
    if path.chars().all(letters) && !odd { Ok(path) } else { Err(Error::NotFound) }
}

fn moved(to: &str) -> Response {
    Response::MovedPermanently().insert_header((header::LOCATION, to)).finish()
}

/// What is at an address: `asked`, or `path` where that is what the Vietnamese page is called.
fn find(
    conn: &mut db::Conn,
    site: &Site,
    kinds: &Kinds,
    (asked, path): (&str, &str),
    page: i64,
) -> base::Result<Place> {
    let mut found = store::at(conn, site.id, site.locale, asked)?;
    if site.locale != Locale::Vi && !matches!(found, Some(Found::Live(..) | Found::Moved(_))) {
        let source = store::at(conn, site.id, Locale::Vi, path)?;
        match source {
            Some(Found::Live(_, Some(to))) => return Ok(Place::Translated(to)),
            Some(source) => found = Some(source),
            None => (),
        }
    }
    match found {
        Some(Found::Live(live, other)) => {
            let facts = entry_page::facts(conn, site, kinds, (*live, other))?;
            return Ok(Place::Entry(Box::new(facts)));
        }
        Some(Found::Moved(to)) => return Ok(Place::Moved(to)),
        Some(Found::Gone) | None => (),
    }
    let tree = tree::named(conn, site)?;
    let wanted = path.trim_start_matches('/');
    let section = tree.iter().find(|section| section.path == wanted);
    match section.filter(|_| is_visible(&tree, wanted)) {
        Some(section) => {
            let section = section.clone();
            let facts = section_page::facts(conn, site, kinds, (section, tree), page)?;
            Ok(Place::Section(Box::new(facts)))
        }
        None if found.is_some() => Ok(Place::Gone),
        None => Err(Error::NotFound),
    }
}

/// A section is seen when it and everything above it is.
fn is_visible(tree: &[Section], path: &str) -> bool {
    tree.iter().filter(|section| section.holds(path)).all(|section| section.visible)
}
