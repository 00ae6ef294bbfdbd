//! Which language a request speaks. English pages are the Vietnamese ones below `/en`, at English
//! addresses and with the English face of the site: one set of routes, one set of handlers.

use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{Method, StatusCode, Uri, header},
};
use base::{Locale, Site};
use english::paths::{ENGLISH, Paths};

use crate::links::is_shared;

/// What is to become of a request.
pub(crate) enum Spoken {
    /// It is Vietnamese.
    Vietnamese,
    /// It is English; its handler has this path.
    English(String),
    /// The page has a better address.
    Moved(String),
}

impl Spoken {
    /// Reads the language off the path of a request.
    pub(crate) fn of(paths: &Paths, site: &Site, req: &ServiceRequest) -> Self {
        let below = req.path().strip_prefix(ENGLISH);
        let Some(rest) = below.filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
            return Self::Vietnamese;
        };
        let query = req.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if is_shared(rest) {
            return Self::Moved(format!("{rest}{query}"));
        }
        let path = paths.to_vietnamese(rest, &site.sections);
        let address = paths.to_english(&path, &site.sections);
        let is_vietnamese = path == rest && address != req.path();
        match req.method() {
            &Method::GET if is_vietnamese => Self::Moved(format!("{address}{query}")),
            _ => Self::English(path),
        }
    }

    /// The language.
    pub(crate) fn locale(&self) -> Locale {
        if matches!(self, Self::English(_)) { Locale::En } else { Locale::Vi }
    }
}

/// Lets the handler of `path` answer, with the query that was asked.
pub(crate) fn answer_at(req: &mut ServiceRequest, path: &str) {
    let query = req.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{path}{query}").parse::<Uri>() {
        req.match_info_mut().get_mut().update(&uri);
        req.head_mut().uri = uri;
    }
}

/// The answer that sends a reader to `address`.
pub(crate) fn moved(site: &Site, address: &str) -> HttpResponse {
    let location = format!("{}{address}", site.url);
    HttpResponse::build(StatusCode::MOVED_PERMANENTLY)
        .insert_header((header::LOCATION, location))
        .finish()
}
