//! The rules of deadlines. Pure: nothing here reads a clock, a table or a request.
//!
//! Read this file for limits and for what can happen to a clock, `calendar` for days on which
//! people work, `walk` for the way from both to a due day (`hours` for limits in hours), `rules` for what is allowed when,
//! `standing` for how long is left.

pub mod calendar;
mod course;
mod hours;
pub mod rules;
pub mod standing;
pub mod walk;

#[cfg(test)]
mod properties;

pub use calendar::{Calendar, Day, DayKind};
pub use standing::Standing;
pub use walk::{DayLine, Due, Explanation, Mark, Skip, due, explain};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

base::text_enum!(
    /// What a deadline is counted in.
    Unit {
        /// Whole hours, from the instant.
        Hour = "hour",
        /// Days of the calendar, from the day after.
        Day = "day",
        /// Days on which people work, from the day after.
        WorkingDay = "working_day",
    }
);

base::text_enum!(
    /// What the end of a limit means.
    Bound {
        /// Something must be done by then.
        AtMost = "at_most",
        /// Something must last, or must wait, at least until then.
        AtLeast = "at_least",
        /// Something must be done that long before a planned event; days are counted backwards.
        Before = "before",
        /// Something must be done by the same day of every year.
        Yearly = "yearly",
    }
);

base::text_enum!(
    /// How sure we are of a limit (the marks of section 0 of the legal catalogue).
    Status {
        /// The provision was read.
        Verified = "verified",
        /// Background knowledge: not to be cited before it is checked.
        Background = "background",
        /// The provision was read and has expired; the number is kept as a target of our own.
        Expired = "expired",
        /// The law says "at once" or nothing; the number is ours.
        Ours = "ours",
    }
);

/// So many hours or days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// How many; at least 1.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// By how much a limit may be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Hours or days at most, each time.
    pub amount: u32,
    /// Of what; hours only where the limit itself counts hours.
    pub unit: Unit,
    /// How many times.
    pub times: u32,
}

/// The day of a yearly limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yearly {
    /// 1 to 31; a day that every year has.
    pub day: u32,
    /// 1 to 12.
    pub month: u32,
}

/// How long the law gives for one stage of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The row of section 13.10 of the legal catalogue: `DL-08`.
    pub code: String,
    /// Which of the code's limits: `transfer`.
    pub stage: String,
    /// What the end means.
    pub bound: Bound,
    /// How long; 1 day for a yearly limit, where it is not used.
    pub span: Span,
    /// The day of a yearly limit, and of no other.
    #[serde(default)]
    pub yearly: Option<Yearly>,
    /// By how much it may be extended; `None` where the law knows no extension.
    #[serde(default)]
    pub extension: Option<Extension>,
    /// The provision, as it is cited: `NĐ 20/2008 Đ7.4`.
    pub source: String,
    /// How sure we are of it.
    pub status: Status,
}

impl Limit {
    /// Where the locale files have its name: `clock.dl_08.transfer`. The event it starts from is
    /// the word `start` beside it.
    pub fn label_key(&self) -> String {
        format!("clock.{}.{}", self.code.to_lowercase().replace('-', "_"), self.stage)
    }

    /// Where the locale files name the event it starts from.
    pub fn start_key(&self) -> String {
        format!("clock.{}.start", self.code.to_lowercase().replace('-', "_"))
    }

    /// Whether it can stand still and be extended: not what is counted from a planned event or
    /// falls on the same day every year.
    pub fn can_stop(&self) -> bool {
        matches!(self.bound, Bound::AtMost | Bound::AtLeast)
    }
}

/// Something that happened to a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, in UTC.
    pub at: NaiveDateTime,
    /// What.
    pub what: What,
}

/// What can happen to a clock, as far as its due day depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The event from which it counts; the first of every list.
    Started,
    /// It stands still from now on, because of what the reason says.
    Paused {
        /// Why, in words a citizen may read.
        reason: String,
    },
    /// It goes on.
    Resumed,
    /// It was given more time.
    Extended {
        /// How much.
        by: Span,
    },
    /// It was met.
    Met,
    /// It is no longer needed.
    Cancelled,
}
