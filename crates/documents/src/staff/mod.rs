//! The screens on which the staff enter documents.

mod draw;
mod form;
mod http;
mod issuers;
mod list;
mod parts;
mod readings;

pub use http::routes;
