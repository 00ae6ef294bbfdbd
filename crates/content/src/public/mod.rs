//! What the public reads: sections, entries, feeds, maps.

mod feeds;
mod http;
mod map;
pub mod store;
mod views;

pub use http::{officials, preview, routes, show};
pub use views::{Card, Crumb, PersonView, card, person, picture_sizes};
