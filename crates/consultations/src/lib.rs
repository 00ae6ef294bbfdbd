//! Opinions on drafts (DT-1 to DT-8): a draft of the registry is open for so many days, readers
//! say what they think of it as a whole or of an article, and each opinion is answered in a table.
//!
//! Reading order: `model` for the states, the days and the rules of opinions, `rules` for what is
//! data, `store` for the tables, `public` for what readers see and send, `staff` for the screens
//! of the office, `export` for the table as a file, `news` for letters to those who took part.

mod callouts;
mod docx;
mod export;
mod map;
pub mod model;
pub mod news;
mod public;
mod rules;
mod staff;
pub mod store;

pub use callouts::OpenDrafts;
pub use map::Map;
pub use rules::{Office, Rules, Slot};

base::id!(
    /// Identifies a consultation.
    ConsultationId
);
base::id!(
    /// Identifies an opinion.
    OpinionId
);
base::id!(
    /// Identifies a row of the table of acceptance and explanation.
    RowId
);
base::id!(
    /// Identifies a receipt of consent.
    ConsentId
);

/// Every address this crate answers.
pub fn routes(routes: &mut web::Routes) {
    routes.configure(staff::routes).configure(public::routes);
}
