//! A site's tree of sections: planted by its blueprint, tended by its administrators.

pub mod english;
mod http;
pub mod model;
pub mod store;

pub use http::routes;
pub use model::{NewSection, Section, SectionKind};
