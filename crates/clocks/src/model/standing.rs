//! How long is left, for whoever looks at a clock now.

use chrono::NaiveDateTime;
use serde::Serialize;

use super::{Bound, Calendar, Due};

/// How a clock stands at an instant. Days are working days, whatever the limit counts: they are
/// what the office still has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    /// It stands still.
    Paused,
    /// There is time: so many working days after today, up to and with the last day.
    Left {
        /// Working days; 0 when only free days are left.
        days: i64,
    },
    /// It ends today, or within the hours left of it.
    Today,
    /// It is over.
    Overdue {
        /// Working days since the last day, today included; 0 on a free day right after it.
        days: i64,
    },
    /// It lasts at least until its end, which is not reached.
    Lasting {
        /// Working days after today, up to and with the last day.
        days: i64,
    },
    /// It lasted as long as it must.
    Lasted,
    /// It was met.
    Met {
        /// Too late.
        late: bool,
    },
    /// It is no longer needed.
    Cancelled,
}

/// What has already become of a clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ended {
    /// Since when it stands still.
    pub paused: Option<NaiveDateTime>,
    /// When it was met.
    pub met: Option<NaiveDateTime>,
    /// When it was called off.
    pub cancelled: Option<NaiveDateTime>,
}

impl Standing {
    /// How a clock stands at `now` (UTC).
    pub fn of(
        bound: Bound,
        due: Due,
        ended: Ended,
        (calendar, now): (&Calendar, NaiveDateTime),
    ) -> Self {
        if ended.cancelled.is_some() {
            return Self::Cancelled;
        }
        if let Some(met) = ended.met {
            // Who met it while it stood still was not late.
            let late = bound != Bound::AtLeast && ended.paused.is_none() && met >= due.at;
            return Self::Met { late };
        }
        if ended.paused.is_some() {
            return Self::Paused;
        }
        let today = base::time::local(now).date();
        let left = calendar.working_days(today, due.day);
        match (bound, now >= due.at) {
            (Bound::AtLeast, true) => Self::Lasted,
            (Bound::AtLeast, false) => Self::Lasting { days: left },
            (_, true) => Self::Overdue { days: calendar.working_days(due.day, today) },
            (_, false) if today == due.day => Self::Today,
            (_, false) => Self::Left { days: left },
        }
    }

    /// Whether it is over and was not met.
    pub fn is_overdue(self) -> bool {
        matches!(self, Self::Overdue { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        base::time::utc(text.parse().unwrap())
    }

    #[track_caller]
    fn check(bound: Bound, now: &str, ended: Ended, standing: Standing) {
        // Until the end of Friday 20 November 2026.
        let due = Due { at: at("2026-11-21T00:00:00"), day: "2026-11-20".parse().unwrap() };
        assert_eq!(Standing::of(bound, due, ended, (&Calendar::new(), at(now))), standing);
    }

    #[test]
    fn what_is_left_is_told_in_working_days() {
        let open = Ended::default();
        check(Bound::AtMost, "2026-11-13T10:00:00", open, Standing::Left { days: 5 });
        check(Bound::AtMost, "2026-11-20T23:59:59", open, Standing::Today);
        check(Bound::AtMost, "2026-11-21T00:00:00", open, Standing::Overdue { days: 0 });
        check(Bound::AtMost, "2026-11-23T08:00:00", open, Standing::Overdue { days: 1 });
        check(Bound::AtLeast, "2026-11-19T08:00:00", open, Standing::Lasting { days: 1 });
        check(Bound::AtLeast, "2026-11-21T00:00:00", open, Standing::Lasted);
    }

    #[test]
    fn what_is_over_says_how_it_ended() {
        let met = |when| Ended { met: Some(at(when)), ..Ended::default() };
        let now = "2026-12-01T08:00:00";
        check(Bound::AtMost, now, met("2026-11-20T23:59:59"), Standing::Met { late: false });
        check(Bound::AtMost, now, met("2026-11-21T00:00:00"), Standing::Met { late: true });
        check(Bound::AtLeast, now, met("2026-11-25T00:00:00"), Standing::Met { late: false });
        let paused = Ended { paused: Some(at("2026-11-18T08:00:00")), ..Ended::default() };
        check(Bound::AtMost, now, paused, Standing::Paused);
        let both = Ended { cancelled: paused.paused, ..met(now) };
        check(Bound::AtMost, now, both, Standing::Cancelled);
    }
}
