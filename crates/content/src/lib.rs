//! What sites say: sections, and entries that are written, approved, published, withdrawn.
//!
//! Reading order: `model` for the workflow, `kinds` for the content types as data, `sections`
//! for a site's tree, `entries` for writing, `public` for reading, `find` for what the
//! search has of it, `desk` for the first screen of the staff, `log` for who did what.

pub mod entries;
pub mod find;
pub mod kinds;
pub mod model;
pub mod public;
pub mod sections;

mod counterpart;
pub mod desk;
mod log;

pub use kinds::Kinds;

/// Every address this crate answers, but for the last: any other path may be a section or an
/// entry, so [`public::show`] is the server's fallback.
pub fn routes(routes: &mut web::Routes) {
    routes
        .configure(desk::routes)
        .configure(log::routes)
        .configure(sections::routes)
        .configure(entries::routes)
        .configure(public::routes);
}
