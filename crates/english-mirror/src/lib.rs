//! The English side of every site: translations of entries, who looks after them, how far they
//! are (ND42-7.2a..c).
//!
//! Reading order: `model` for what is translated of an edition and how English is carried from one
//! edition to the next, `office` for what
//! the server holds, `store` for the tables, `machine` for drafts a machine writes, `staff` for
//! the screens, `public` for what readers are told, `exchange` for files of translation offices, `jobs` for reminders.
//!
//! A translation is an entry of its own that shares its content with the Vietnamese one; it goes
//! through the same workflow. Its state is never stored: see [`english::state`].

mod exchange;
pub mod jobs;
pub mod machine;
pub mod model;
mod office;
mod piles;
mod public;
mod staff;
pub mod store;

pub use english::minimum::{self, Minimum};
pub use office::Office;
pub use piles::Waiting;
pub use public::Teller;

/// Every address of the staff that this crate answers.
pub fn routes(routes: &mut web::Routes) {
    staff::routes(routes);
}
