//! From a limit, a calendar and what happened to the last day, one day after the other, so that
//! the answer can always be explained.
//!
//! **One rule for days** (Civil Code Art. 147–148): a day counts when the clock was running as
//! the day began. So the day of the event does not count, the day on which a clock is stopped
//! still does, the day on which it goes on does not, and stopping it and going on within one day
//! changes nothing. The period ends with its last day, at 24:00; a last day on which nobody works
//! moves to the next working day. A clock never runs out while it stands still: one that was
//! stopped on its last day ends with the day on which it goes on.
//!
//! Days before a planned event are counted backwards by the mirrored rule: the day of the event
//! does not count, and a last day on which nobody works moves to the working day before it, so
//! that the notice is never shorter than the law wants.
//!
//! An extension begins where the period before it ended, and only the very end moves off a free
//! day. Hours are counted from the instant, and stand still between the instants of a pause.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::{
    Bound, Calendar, DayKind, Happening, Limit, Span, Unit,
    course::{Course, date},
    hours::{hours, hours_before},
};

/// Nothing is looked for beyond so many days: about forty years.
pub(super) const LONGEST: usize = 15_000;

/// When a limit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The first instant after it, in UTC: for days, midnight after the last one.
    pub at: NaiveDateTime,
    /// The last day of it in Viet Nam: what people are told.
    pub day: NaiveDate,
}

/// Why a day does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It is the day of the event; counting begins with the next one.
    Event,
    /// Saturday or Sunday.
    Weekend,
    /// Free, and why.
    Holiday(String),
    /// The clock stood still, and why.
    Paused(String),
}

/// What a day is to a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It counts.
    Counted {
        /// As which, from 1.
        nth: u32,
        /// What the calendar says of it: a worked weekend, or a holiday within days that are
        /// counted through.
        note: Option<(DayKind, String)>,
    },
    /// So many minutes of it count.
    Minutes(i64),
    /// It does not count.
    Skipped(Skip),
    /// It is the yearly day.
    Yearly,
    /// The period ends with it, because its last day was free or was spent standing still.
    Ends,
}

/// A day on the way to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLine {
    /// Which, in Viet Nam.
    pub day: NaiveDate,
    /// What it is to the period.
    pub mark: Mark,
}

/// When a limit ends and how that was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The end; `None` while the clock stands still.
    pub due: Option<Due>,
    /// Every day on the way, in the order of counting.
    pub lines: Vec<DayLine>,
    /// Years on the way of which the calendar knows only the weekends.
    pub unknown_years: Vec<i32>,
}

/// When `limit` ends; `None` while the clock stands still or was never started.
pub fn due(limit: &Limit, calendar: &Calendar, happenings: &[Happening]) -> Option<Due> {
    explain(limit, calendar, happenings).due
}

/// When `limit` would end if a clock that stands still had gone on at once: what lists are sorted
/// by. `None` for one that was never started.
pub fn projected(limit: &Limit, calendar: &Calendar, happenings: &[Happening]) -> Option<Due> {
    let mut course = Course::of(happenings)?;
    course.pauses.retain(|pause| pause.to.is_some());
    walk(limit, calendar, &course).due
}

/// When `limit` ends, with every day that was counted or skipped on the way.
pub fn explain(limit: &Limit, calendar: &Calendar, happenings: &[Happening]) -> Explanation {
    let course = Course::of(happenings);
    course.map(|course| walk(limit, calendar, &course)).unwrap_or_default()
}

/// The end of a day in Viet Nam.
pub(super) fn end_of(day: NaiveDate) -> Due {
    let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
    Due { at: base::time::utc(next.and_time(chrono::NaiveTime::MIN)), day }
}

fn walk(limit: &Limit, calendar: &Calendar, course: &Course) -> Explanation {
    let mut found = match (limit.bound, limit.span.unit) {
        (Bound::Yearly, _) => yearly(limit, calendar, course),
        (Bound::Before, Unit::Hour) => hours_before(limit, course),
        (Bound::Before, _) => days_before(limit, calendar, course),
        (_, Unit::Hour) => hours(limit, course),
        _ => days(limit, calendar, course),
    };
    if limit.span.unit != Unit::Hour {
        let mut years: Vec<i32> = found.lines.iter().map(|line| line.day.year()).collect();
        years.sort_unstable();
        years.dedup();
        years.retain(|year| !calendar.knows(*year));
        found.unknown_years = years;
    }
    found
}

/// Why nobody works on a day.
fn free(calendar: &Calendar, day: NaiveDate) -> Mark {
    Mark::Skipped(match calendar.note(day) {
        Some((DayKind::Holiday, name)) => Skip::Holiday(name.to_owned()),
        _ => Skip::Weekend,
    })
}

fn counted(calendar: &Calendar, day: NaiveDate, nth: usize) -> Mark {
    Mark::Counted {
        nth: u32::try_from(nth).unwrap_or(u32::MAX),
        note: calendar.note(day).map(|(kind, name)| (kind, name.to_owned())),
    }
}

/// What each day of a period must be: one unit a day, the extensions after the limit itself.
fn needed(limit: &Limit, extensions: &[Span]) -> Vec<Unit> {
    let spans = std::iter::once(&limit.span).chain(extensions);
    let days =
        |span: &Span| std::iter::repeat_n(span.unit, usize::try_from(span.amount).unwrap_or(0));
    spans.flat_map(days).take(LONGEST).collect()
}

fn fits(calendar: &Calendar, day: NaiveDate, unit: Unit) -> bool {
    unit == Unit::Day || calendar.is_working(day)
}

fn days(limit: &Limit, calendar: &Calendar, course: &Course) -> Explanation {
    let needed = needed(limit, &course.extensions);
    let start = date(course.started);
    let mut lines = vec![DayLine { day: start, mark: Mark::Skipped(Skip::Event) }];
    let mut used = 0;
    for day in start.iter_days().skip(1).take(LONGEST) {
        let standing = course.at_dawn(day);
        let ends_here = |used| {
            used == needed.len() && course.at_dusk(day).is_none() && calendar.is_working(day)
        };
        let mark = match (standing, needed.get(used)) {
            // Whatever comes later, it has not gone on yet.
            (Some(pause), _) if pause.to.is_none() => break,
            (None, Some(unit)) if fits(calendar, day, *unit) => {
                used += 1;
                counted(calendar, day, used)
            }
            (None, Some(_)) => free(calendar, day),
            (_, None) if ends_here(used) => Mark::Ends,
            (Some(pause), _) => Mark::Skipped(Skip::Paused(pause.reason.clone())),
            (None, None) => match course.at_dusk(day) {
                Some(pause) => Mark::Skipped(Skip::Paused(pause.reason.clone())),
                None => free(calendar, day),
            },
        };
        lines.push(DayLine { day, mark });
        if ends_here(used) {
            return Explanation { due: Some(end_of(day)), lines, unknown_years: Vec::new() };
        }
    }
    Explanation { due: None, lines, unknown_years: Vec::new() }
}

fn days_before(limit: &Limit, calendar: &Calendar, course: &Course) -> Explanation {
    let needed = needed(limit, &[]);
    let event = date(course.started);
    let mut lines = vec![DayLine { day: event, mark: Mark::Skipped(Skip::Event) }];
    let mut used = 0;
    let earlier = std::iter::successors(event.pred_opt(), NaiveDate::pred_opt);
    for day in earlier.take(LONGEST) {
        let mark = match needed.get(used) {
            Some(unit) if fits(calendar, day, *unit) => {
                used += 1;
                counted(calendar, day, used)
            }
            None if calendar.is_working(day) => Mark::Ends,
            _ => free(calendar, day),
        };
        lines.push(DayLine { day, mark });
        if used == needed.len() && calendar.is_working(day) {
            return Explanation { due: Some(end_of(day)), lines, unknown_years: Vec::new() };
        }
    }
    Explanation { due: None, lines, unknown_years: Vec::new() }
}

/// The first such day of a year that is not before the event.
fn yearly(limit: &Limit, calendar: &Calendar, course: &Course) -> Explanation {
    let start = date(course.started);
    let of_year =
        |year| limit.yearly.and_then(|it| NaiveDate::from_ymd_opt(year, it.month, it.day));
    let first = of_year(start.year()).filter(|day| *day >= start);
    let Some(first) = first.or_else(|| of_year(start.year() + 1)) else {
        return Explanation::default();
    };
    let mut lines = Vec::new();
    if first != start {
        lines.push(DayLine { day: start, mark: Mark::Skipped(Skip::Event) });
    }
    lines.push(DayLine { day: first, mark: Mark::Yearly });
    let mut day = first;
    for next in first.iter_days().skip(1).take(LONGEST) {
        if calendar.is_working(day) {
            break;
        }
        let mark = if calendar.is_working(next) { Mark::Ends } else { free(calendar, next) };
        lines.push(DayLine { day: next, mark });
        day = next;
    }
    Explanation { due: Some(end_of(day)), lines, unknown_years: Vec::new() }
}
