//! Everything that has a deadline: how long the law gives, which days count, when it is over and
//! why on that day. A clock is data; no feature counts days by itself.
//!
//! Reading order: `model` for the rules (limits, the calendar, the walk over the days), `catalog`
//! for the limits of the law and the first calendars as data, `store` for the tables, `why` for
//! the answer to "Vì sao hạn là ngày này?", `http` for the calendar of the province.

pub mod catalog;
mod http;
pub mod model;
pub mod store;
pub mod why;

pub use catalog::Catalog;
pub use http::routes;

base::id!(
    /// Identifies a clock.
    ClockId
);
base::id!(
    /// Identifies a line of a clock's history.
    ClockEventId
);
base::id!(
    /// Identifies a change of the calendar.
    ChangeId
);
