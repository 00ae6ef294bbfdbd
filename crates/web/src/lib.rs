//! What every page needs: the site being visited, the database, a theme, forms, error pages.
//!
//! Read `enter` for the way of a request, `cx` for what a handler gets, `posted` for forms,
//! `failure` for the one place where an error meets a status code.

mod app;
mod client;
pub mod cookies;
mod crumb;
mod cx;
mod download;
mod enter;
mod failure;
mod feed;
mod head;
mod known;
mod links;
mod mapped;
mod metrics;
mod pager;
mod posted;
mod said;
mod sites;
mod spoken;
mod tongue;

pub use app::{App, Clock, English, Settings};
pub use client::Client;
pub use crumb::Crumb;
pub use cx::{Cx, Page, off_thread};
pub use download::download;
pub use enter::{enter, is_staff_path};
pub use failure::{Failure, Result};
pub use feed::{Feed, FeedFormat, FeedItem, JsonFeed, Withdrawn};
pub use head::{About, Head};
pub use known::tag;
pub use mapped::{AllMapped, Mapped};
pub use metrics::Metrics;
pub use pager::{Pager, page_number};
pub use posted::{Fields, Posted, TOKEN, check_origin};
pub use said::{Said, date_in, number_in};
pub use tongue::Tongue;

// The slice of actix that handlers use, so that features depend on `web` alone.
pub use actix_web::{
    FromRequest, HttpRequest as Request, HttpResponse as Response,
    HttpResponseBuilder as ResponseBuilder, Resource,
    http::header,
    web::{Bytes, Data, Path, Query, ServiceConfig as Routes, get, post, to},
};
