//! Sites themselves: how they are created, named, configured, listed, opened and closed.
//!
//! Reading order: `blueprint` for what a new site starts with, `names` for host names,
//! `model` for the rules of a site, `store` for the tables, `import` for making many at once;
//! then the screens: `wizard`, `admin`, `settings`, `upload`, and for the public `home` and
//! `directory`; `find` is what the search has of sites.

mod admin;
pub mod blueprint;
mod directory;
pub mod find;
mod home;
pub mod import;
pub mod model;
pub mod names;
mod settings;
pub mod store;
mod upload;
mod wizard;

pub use blueprint::Blueprints;
pub use names::NameRules;

/// What creating a site needs to know besides the site: rules as data and words.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What a new site of a type starts with.
    pub blueprints: Blueprints,
    /// How hosts are named.
    pub names: NameRules,
    /// The domain under which provinces have their portals: `gov.vn`.
    pub domain: String,
    /// The name of a unit's people's committee, with the gap `{unit}`.
    pub committee: String,
}

impl Rules {
    /// The people's committee of a unit: `Ủy ban nhân dân xã Trùng Khánh`.
    pub fn committee_of(&self, unit: &str) -> String {
        self.committee.replace("{unit}", &base::text::unit_in_sentence(unit))
    }
}

/// Every address this crate answers.
pub fn routes(routes: &mut web::Routes) {
    routes
        .configure(home::routes)
        .configure(directory::routes)
        .configure(settings::routes)
        .configure(wizard::routes)
        .configure(upload::routes)
        .configure(admin::routes);
}
