//! The screens: the calendar of the province, and what a limit comes to on a given day.

mod calendar;
mod changes;
mod form;
mod reckon;

use accounts::{Permission, Staff, model::Rights};
use base::{Error, SiteId};
use serde::Serialize;
use web::{Result, Routes, get, post};

/// The calendar of the province.
const CALENDAR: &str = "/quan-tri/lich";

/// Every address this crate answers.
pub fn routes(routes: &mut Routes) {
    routes
        .route(CALENDAR, get().to(calendar::index))
        .route(CALENDAR, post().to(calendar::change))
        .route("/quan-tri/tinh-han", get().to(reckon::index));
}

/// Who may look at the calendar: on the portal only, the province and its auditors.
pub(crate) struct Oversee;

impl Permission for Oversee {
    fn allowed(rights: Rights) -> bool {
        rights.province || rights.audit
    }
}

/// The calendar is kept on the portal; elsewhere its screen does not exist.
fn on_portal(who: &Staff) -> Result<SiteId> {
    match who.cx.site.portal_id {
        None => Ok(who.cx.site.id),
        Some(_) => Err(Error::NotFound.into()),
    }
}

/// Something to choose from.
#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    current: bool,
}
