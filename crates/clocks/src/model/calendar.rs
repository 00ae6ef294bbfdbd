//! Which days people work on. Saturdays and Sundays are free unless the calendar says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

base::text_enum!(
    /// How a day differs from what its weekday says.
    DayKind {
        /// A public holiday, the make-up for one, or a day that was swapped for another.
        Holiday = "holiday",
        /// A Saturday or Sunday worked in place of another day.
        Working = "working",
    }
);

/// A day that differs from what its weekday says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// How it differs.
    pub kind: DayKind,
    /// Why, as people know it: `Giỗ Tổ Hùng Vương`.
    pub name: String,
}

/// The days that differ, and the years for which somebody has said so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, (DayKind, String)>,
    years: BTreeSet<i32>,
}

impl Calendar {
    /// A calendar of nothing but weekends.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that a year is known, with these days; what was known of it is forgotten. Days of
    /// other years are left out.
    pub fn set_year(&mut self, year: i32, days: impl IntoIterator<Item = Day>) {
        self.days.retain(|day, _| day.year() != year);
        self.years.insert(year);
        let days = days.into_iter().filter(|it| it.day.year() == year);
        self.days.extend(days.map(|it| (it.day, (it.kind, it.name))));
    }

    /// Makes a day differ.
    pub fn set(&mut self, day: Day) {
        self.days.insert(day.day, (day.kind, day.name));
    }

    /// Lets a day be what its weekday says again.
    pub fn clear(&mut self, day: NaiveDate) {
        self.days.remove(&day);
    }

    /// How and why a day differs.
    pub fn note(&self, day: NaiveDate) -> Option<(DayKind, &str)> {
        self.days.get(&day).map(|(kind, name)| (*kind, name.as_str()))
    }

    /// Whether people work on a day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some((kind, _)) => *kind == DayKind::Working,
            None => !is_weekend(day),
        }
    }

    /// Whether somebody has said which days of the year differ. Of other years only the weekends
    /// are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The years that are known, in order.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// The days of a year that differ, in order.
    pub fn days_of(&self, year: i32) -> Vec<Day> {
        let of_year = self.days.iter().filter(|(day, _)| day.year() == year);
        of_year
            .map(|(day, (kind, name))| Day { day: *day, kind: *kind, name: name.clone() })
            .collect()
    }

    /// The working days after `from` up to and with `to`; 0 when `to` is not later.
    pub fn working_days(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        let worked = days.filter(|day| self.is_working(*day)).count();
        i64::try_from(worked).unwrap_or(i64::MAX)
    }
}

/// Whether a day is a Saturday or Sunday.
pub fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn differs(text: &str, kind: DayKind) -> Day {
        Day { day: day(text), kind, name: "x".into() }
    }

    #[test]
    fn a_weekend_is_free_unless_it_was_swapped() {
        let mut calendar = Calendar::new();
        assert!(!calendar.is_working(day("2026-08-22")));
        calendar.set(differs("2026-08-22", DayKind::Working));
        calendar.set(differs("2026-08-31", DayKind::Holiday));
        assert!(calendar.is_working(day("2026-08-22")));
        assert!(!calendar.is_working(day("2026-08-31")));
        calendar.clear(day("2026-08-31"));
        assert!(calendar.is_working(day("2026-08-31")));
    }

    #[test]
    fn setting_a_year_replaces_it_and_leaves_the_others() {
        let mut calendar = Calendar::new();
        calendar.set_year(2025, [differs("2025-05-02", DayKind::Holiday)]);
        calendar.set_year(2026, [differs("2026-01-01", DayKind::Holiday)]);
        calendar.set_year(2026, [differs("2026-01-02", DayKind::Holiday)]);
        assert!(calendar.is_working(day("2026-01-01")) && !calendar.is_working(day("2026-01-02")));
        assert!(!calendar.is_working(day("2025-05-02")));
        assert!(calendar.knows(2026) && !calendar.knows(2027));
    }

    #[test]
    fn working_days_are_counted_after_the_first_day() {
        let calendar = Calendar::new();
        // Friday to Monday.
        assert_eq!(calendar.working_days(day("2026-11-20"), day("2026-11-23")), 1);
        assert_eq!(calendar.working_days(day("2026-11-20"), day("2026-11-20")), 0);
        assert_eq!(calendar.working_days(day("2026-11-23"), day("2026-11-20")), 0);
    }
}
