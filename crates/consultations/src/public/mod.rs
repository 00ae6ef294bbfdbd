//! What readers see and send: the list, one draft with its opinions and its table, the form.

mod form;
pub(crate) mod list;
pub(crate) mod send;
mod show;

pub(crate) use form::nonce as form_nonce;

use base::{Error, Site};
use content::{
    public::trail,
    sections::{Section, store as tree},
};
use db::Conn;
use documents::store::{self as registry, Found};
use web::{Crumb, Cx, Routes, get, post};

use crate::store::{self, Pair};

/// Where the list is.
const ROOT: &str = "/lay-y-kien";

/// The section of drafts, where the list hangs.
const SECTION: &str = "du-thao";

/// Every public address of opinions.
pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/du-thao", get().to(list::moved))
        .route("/lay-y-kien", get().to(list::index))
        .route("/lay-y-kien.rss", get().to(list::rss))
        .route("/lay-y-kien/{slug}", get().to(show::show))
        .route("/lay-y-kien/{slug}/gop-y", get().to(form::new))
        .route("/lay-y-kien/{slug}/gop-y", post().to(send::create))
        .route("/lay-y-kien/{slug}/tiep-thu-giai-trinh.xlsx", get().to(show::xlsx))
        .route("/lay-y-kien/{slug}/tiep-thu-giai-trinh.docx", get().to(show::docx));
}

/// What lies at an address of a consultation.
enum Place {
    Here(Box<Pair>),
    Moved(String),
}

/// Finds the public consultation on the draft at `slug`, by the addresses of drafts.
fn at(conn: &mut Conn, site: &Site, slug: &str) -> base::Result<Place> {
    let document = match registry::at(conn, site.id, slug)? {
        Some(Found::Live(document)) => document,
        Some(Found::Moved(path)) => {
            let slug = path.rsplit('/').next().unwrap_or_default();
            return Ok(Place::Moved(format!("{ROOT}/{slug}")));
        }
        Some(Found::Gone) => return Err(Error::Gone),
        None => return Err(Error::NotFound),
    };
    let pair = store::public_of(conn, site.id, document.id)?.ok_or(Error::NotFound)?;
    Ok(Place::Here(Box::new(pair)))
}

/// The sections of the site, for the way from its home page.
fn sections(conn: &mut Conn, site: &Site) -> base::Result<Vec<Section>> {
    tree::named(conn, site)
}

/// The way to a page of consultations.
fn way(cx: &Cx, tree: &[Section], label: String, path: &str) -> Vec<Crumb> {
    let list = Crumb::new(cx.say(&base::Message::new("consultation.list")), ROOT);
    let is_list = path == ROOT;
    // The name of a draft is Vietnamese.
    let lang = if is_list { None } else { cx.vietnamese(&label).lang };
    let here = Crumb::new(label, path).in_language(lang);
    let mut way = trail(cx, tree, SECTION, (!is_list).then_some(here));
    way.insert(way.len().saturating_sub(usize::from(!is_list)), list);
    // The section itself leads here.
    way.retain(|it| it.path != format!("/{SECTION}"));
    way
}
