//! Citizens ask, the right office answers, on time and in public.
//!
//! Read `types` and `config/feedback` for what can be sent, `model` for the rules, `guard` for
//! what keeps programs out, `store` for the tables, `public` for what citizens meet, `staff` for
//! the screens of the office.

mod copy;
mod figures;
pub mod find;
pub mod guard;
pub mod jobs;
mod letters;
mod map;
pub mod model;
mod office;
pub mod public;
pub mod scan;
pub mod staff;
pub mod store;
mod trail;
pub mod types;

pub use guard::Guard;
pub use map::Map;
pub use office::Office;
pub use scan::Scanner;
pub use types::Types;

base::id!(
    /// Identifies a case.
    CaseId
);
base::id!(
    /// Identifies an edition of an answer.
    AnswerId
);

/// Every address this crate answers.
pub fn routes(routes: &mut web::Routes) {
    routes.configure(staff::routes).configure(public::routes);
}
