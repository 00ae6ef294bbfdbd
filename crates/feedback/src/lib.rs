//! Citizens ask, the right office answers, on time and in public.
//!
//! Read `types` and `config/feedback` for what can be sent, `model` for the rules, `guard` for
//! what keeps programs out, `store` for the tables, `public` for what citizens meet, `staff` for
//! the screens of the office.

pub mod find;
pub mod guard;
pub mod model;
pub mod store;
pub mod types;

pub use guard::Guard;
pub use types::Types;

base::id!(
    /// Identifies a case.
    CaseId
);
base::id!(
    /// Identifies an edition of an answer.
    AnswerId
);
