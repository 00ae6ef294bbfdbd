//! How long a draft must be open (DT-1, DT-3), and what may change while it is.

use base::{FieldErrors, Message};
use chrono::{NaiveDate, TimeDelta};

use super::Stage;

/// The least time of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// Days of the calendar, counted from the day after the first.
    pub days: i64,
    /// The provision, as it is cited.
    pub law: String,
}

/// From when until when opinions are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub opens: NaiveDate,
    /// The last day, included.
    pub closes: NaiveDate,
    /// By the shortened procedure.
    pub shortened: bool,
}

/// The longest time a draft is open: a mistyped year stops here.
const MOST: TimeDelta = TimeDelta::days(366);

impl Days {
    /// Checks the days of a consultation that nobody has read yet.
    pub fn check(&self, minimum: &Minimum) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        let first = self.opens + TimeDelta::days(minimum.days);
        if self.closes < first {
            let message = Message::new("consultation.too_short")
                .with("days", minimum.days)
                .with("law", &minimum.law)
                .with("first", base::time::date(first));
            errors.insert("closes".into(), message);
        } else if self.closes - self.opens > MOST {
            errors.insert("closes".into(), "consultation.too_long".into());
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Checks the days of one that was announced: what readers count on is only prolonged.
    pub fn check_change(
        &self,
        before: &Self,
        stage: Stage,
        (minimum, today): (&Minimum, NaiveDate),
    ) -> Result<(), FieldErrors> {
        if self == before {
            return Ok(());
        }
        let refuse = |field: &'static str, key: &'static str| {
            Err(FieldErrors::from([(field.into(), Message::new(key))]))
        };
        match stage {
            Stage::Preparing if self.opens < today => refuse("opens", "consultation.opens_past"),
            Stage::Preparing => self.check(minimum),
            Stage::Open if self.opens != before.opens => refuse("opens", "consultation.opens_kept"),
            Stage::Open if self.shortened != before.shortened => {
                refuse("shortened", "consultation.shortened_kept")
            }
            Stage::Open if self.closes < before.closes => {
                refuse("closes", "consultation.only_prolonged")
            }
            Stage::Open => self.check(minimum),
            _ => refuse("closes", "consultation.days_over"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(opens: &str, closes: &str) -> Days {
        let day = |text| base::time::parse_date(text).unwrap();
        Days { opens: day(opens), closes: day(closes), shortened: false }
    }

    fn minimum(days: i64) -> Minimum {
        Minimum { days, law: "Luật 64/2025/QH15".into() }
    }

    #[test]
    fn less_than_the_law_gives_is_refused_by_name() {
        let regular = minimum(20);
        let errors = days("2026-11-21", "2026-12-10").check(&regular).unwrap_err();
        let said = errors["closes"].fill("{days} {law} {first}");
        assert_eq!(said, "20 Luật 64/2025/QH15 11/12/2026");
        assert!(days("2026-11-21", "2026-12-11").check(&regular).is_ok());
        assert!(days("2026-11-21", "2026-11-24").check(&minimum(3)).is_ok());
        assert!(days("2026-11-21", "2026-11-23").check(&minimum(3)).is_err());
        assert!(days("2026-11-21", "2026-11-01").check(&minimum(3)).is_err());
        assert!(days("2026-11-21", "2062-12-11").check(&regular).is_err());
    }

    #[test]
    fn what_is_open_is_only_prolonged() {
        let before = days("2026-11-21", "2026-12-20");
        let today = base::time::parse_date("2026-11-25").unwrap();
        let check = |opens: &str, closes: &str, stage| {
            days(opens, closes).check_change(&before, stage, (&minimum(20), today)).is_ok()
        };
        assert!(check("2026-11-21", "2026-12-31", Stage::Open));
        assert!(!check("2026-11-21", "2026-12-19", Stage::Open));
        assert!(!check("2026-11-22", "2026-12-20", Stage::Open));
        assert!(check("2026-11-26", "2026-12-16", Stage::Preparing));
        assert!(!check("2026-11-24", "2026-12-24", Stage::Preparing));
        assert!(!check("2026-11-21", "2026-12-31", Stage::Ended));
        assert!(check("2026-11-21", "2026-12-20", Stage::Ended), "nothing is changed");
    }
}
