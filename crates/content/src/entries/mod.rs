//! Entries as the staff write them.

mod edit;
mod form;
mod http;
pub mod store;
mod views;

pub use form::{Draft, EntryForm, Translation};
pub use http::routes;
pub(crate) use views::{Item, Labels};
