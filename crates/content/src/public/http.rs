//! Sections and entries, as visitors meet them.

use base::{Error, Locale};
use serde::Deserialize;
use web::{Cx, Data, FeedFormat, Query, Request, Response, Result, Routes, get, header};

use super::{
    citations::{self, Citations},
    entry_page::{self, EntryFacts},
    feeds, map,
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
    Gone,
}

/// Any other address: an entry, a section, a feed of a section, or nothing.
pub async fn show(
    cx: Cx,
    req: Request,
    (kinds, citations): (Data<Kinds>, Data<dyn Citations>),
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
    let (at, all) = (path.to_owned(), kinds.clone());
    let today = base::time::local(cx.now).date();
    let place = cx.read(move |conn, site| {
        let mut found = find(conn, site.id, &all, &at, page)?;
        if let Place::Entry(facts) = &mut found {
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

fn find(
    conn: &mut db::Conn,
    site: base::SiteId,
    kinds: &Kinds,
    path: &str,
    page: i64,
) -> base::Result<Place> {
    let found = store::at(conn, site, Locale::Vi, path)?;
    match found {
        Some(Found::Live(live, _)) => {
            return Ok(Place::Entry(Box::new(entry_page::facts(conn, site, kinds, *live)?)));
        }
        Some(Found::Moved(to)) => return Ok(Place::Moved(to)),
        Some(Found::Gone) | None => (),
    }
    let tree = tree::tree(conn, site)?;
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
