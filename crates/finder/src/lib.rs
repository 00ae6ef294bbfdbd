//! The search as people and programs meet it: the page, completion, the JSON API, and for the
//! staff what readers looked for in vain.
//!
//! Read `model` for the parameters, `finder` for the way of a search, `page` and `api` for its
//! two faces, `tally` and `todo` for what is learnt from it.

mod api;
mod finder;
pub mod model;
mod opened;
mod page;
pub mod store;
mod suggest;
mod tally;
mod todo;
mod views;

pub use finder::Finder;

/// Every address this crate answers.
pub fn routes(routes: &mut web::Routes) {
    routes
        .configure(page::routes)
        .configure(suggest::routes)
        .configure(opened::routes)
        .configure(api::routes)
        .configure(todo::routes);
}
