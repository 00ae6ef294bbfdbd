//! The province's view of its component sites: `list` shows them all, `page` shows one,
//! `acts` changes it.

mod acts;
mod list;
mod page;

use accounts::{Permission, Staff, model::Rights};
use base::{Error, Message, SiteId, SiteState, SiteType};
use web::{Result, Routes, get, post};

pub(crate) use page::show_with_link;

pub(crate) const PATH: &str = "/quan-tri/cac-trang";

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route(PATH, get().to(list::index))
        .route("/quan-tri/cac-trang/{id}", get().to(page::show))
        .route("/quan-tri/cac-trang/{id}/ten-mien", post().to(acts::add_host))
        .route("/quan-tri/cac-trang/{id}/ten-mien/bo", post().to(acts::remove_host))
        .route("/quan-tri/cac-trang/{id}/moi", post().to(acts::invite))
        .route("/quan-tri/cac-trang/{id}/vao", post().to(acts::enter))
        .route("/quan-tri/cac-trang/{id}/{step}", post().to(acts::take_step));
}

/// Who may look at all component sites: on the portal only, the province and its auditors.
pub(crate) struct Oversee;

impl Permission for Oversee {
    fn allowed(rights: Rights) -> bool {
        rights.province || rights.audit
    }
}

/// Component sites are governed on the portal; elsewhere these screens do not exist.
pub(crate) fn on_portal(who: &Staff) -> Result<SiteId> {
    match who.cx.site.portal_id {
        None => Ok(who.cx.site.id),
        Some(_) => Err(Error::NotFound.into()),
    }
}

fn state_label(who: &Staff, state: SiteState) -> String {
    who.cx.say(&Message::new(format!("site_state.{}", state.as_str())))
}

fn type_label(who: &Staff, kind: SiteType) -> String {
    who.cx.say(&Message::new(format!("site_type.{}", kind.as_str())))
}

fn site_id(text: &str) -> Result<SiteId> {
    Ok(SiteId::parse(text).ok_or(Error::NotFound)?)
}
