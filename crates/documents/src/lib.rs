//! The registry of official documents: what was issued, by whom, and whether it holds.
//!
//! Reading order: `model` for the words and the rules, `vocabulary` for types and fields as data,
//! `store` for the tables, `public` for the register and the page of a document, `staff` for
//! entering them, `import` for bringing many, `texts` for what their files say.

pub mod find;
pub mod import;
mod loose;
pub mod model;
pub mod provisions;
pub mod public;
pub mod staff;
pub mod store;
pub mod texts;
pub mod unread;
pub mod vocabulary;

pub use store::cited;
pub use vocabulary::Vocabulary;

base::id!(
    /// Identifies a document.
    DocumentId
);
base::id!(
    /// Identifies an organisation that issues documents.
    IssuerId
);
base::id!(
    /// Identifies a relation between two documents.
    RelationId
);
base::id!(
    /// Identifies something that happened to the effect of a document.
    EffectId
);

/// Every address this crate answers.
pub fn routes(routes: &mut web::Routes) {
    routes.configure(staff::routes).configure(public::routes);
}
