//! What the public reads: sections, entries, feeds, maps.

mod citations;
mod entry_page;
mod feeds;
mod http;
mod map;
mod mirror;
mod section_page;
pub mod store;
mod views;

pub use citations::{Citations, Lapsed};
pub use entry_page::preview;
pub use http::{Asked, Tellers, routes, show};
pub use mirror::{Standing, Translations};
pub use section_page::officials;
pub use views::{Card, PersonView, card, person, picture_sizes, trail};
