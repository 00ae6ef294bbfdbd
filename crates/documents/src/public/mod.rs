//! What the public reads: the register, filtered; its feeds; the page of a document; the list of
//! what must be public.

mod asked;
mod callouts;
mod catalogue;
mod export;
mod feeds;
mod form;
mod http;
mod links;
mod map;
mod page;
mod register;
mod timeline;

pub use callouts::{Callout, Callouts};
pub use http::routes;
pub use map::Map;
