//! The screens of the office: the list, the terms of one consultation, what came in, the table.

mod desk;
mod list;
mod steps;
mod table;
mod voices;

use base::Error;
use web::{Routes, get, post};

use crate::ConsultationId;

/// Every address of the screens.
pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/lay-y-kien", get().to(list::index))
        .route("/quan-tri/lay-y-kien", post().to(list::create))
        .route("/quan-tri/lay-y-kien/{id}", get().to(desk::show))
        .route("/quan-tri/lay-y-kien/{id}", post().to(desk::update))
        .route("/quan-tri/lay-y-kien/{id}/cong-bo", post().to(steps::announce))
        .route("/quan-tri/lay-y-kien/{id}/dung", post().to(steps::stop))
        .route("/quan-tri/lay-y-kien/{id}/giai-trinh", post().to(steps::explain))
        .route("/quan-tri/lay-y-kien/{id}/ban-hanh", post().to(steps::issue))
        .route("/quan-tri/lay-y-kien/{id}/y-kien", get().to(voices::index))
        .route("/quan-tri/lay-y-kien/{id}/y-kien", post().to(voices::create))
        .route("/quan-tri/lay-y-kien/{id}/y-kien/{opinion}", post().to(voices::moderate))
        .route("/quan-tri/lay-y-kien/{id}/tong-hop", get().to(table::index))
        .route("/quan-tri/lay-y-kien/{id}/tong-hop", post().to(table::answer))
        .route("/quan-tri/lay-y-kien/{id}/tong-hop.xlsx", get().to(table::xlsx))
        .route("/quan-tri/lay-y-kien/{id}/tong-hop.docx", get().to(table::docx))
        .route("/quan-tri/lay-y-kien/{id}/tong-hop/{row}", post().to(table::rewrite))
        .route("/quan-tri/lay-y-kien/{id}/tong-hop/{row}/bo", post().to(table::remove));
}

fn key(text: &str) -> Result<ConsultationId, Error> {
    ConsultationId::parse(text).ok_or(Error::NotFound)
}

/// Where the staff find a consultation.
fn path(id: ConsultationId) -> String {
    format!("/quan-tri/lay-y-kien/{id}")
}

/// The errors of a form, or the error itself.
fn blamed(err: Error) -> Result<base::FieldErrors, Error> {
    match err {
        Error::Invalid(errors) => Ok(errors),
        err => Err(err),
    }
}
