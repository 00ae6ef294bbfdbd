//! Limits in hours, from instant to instant, with the minutes of each day on the way.

use chrono::{NaiveDateTime, TimeDelta};

use super::{
    DayLine, Due, Explanation, Limit, Mark, Skip, Span,
    course::{Course, date},
    walk::{LONGEST, end_of},
};

fn hours_of(span: &Span) -> TimeDelta {
    TimeDelta::hours(span.amount.into())
}

/// Hours from the instant on.
pub(super) fn hours(limit: &Limit, course: &Course) -> Explanation {
    let mut left =
        hours_of(&limit.span) + course.extensions.iter().map(hours_of).sum::<TimeDelta>();
    let mut runs = Vec::new();
    let mut from = course.started;
    for pause in &course.pauses {
        if pause.from - from >= left {
            break;
        }
        left -= pause.from - from;
        runs.push((from, pause.from));
        match pause.to {
            Some(to) => from = to,
            None => return Explanation { lines: minutes(&runs, course), ..Explanation::default() },
        }
    }
    let at = from + left;
    runs.push((from, at));
    let due = Some(Due { at, day: date(at) });
    Explanation { due, lines: minutes(&runs, course), unknown_years: Vec::new() }
}

/// Hours back from a planned event.
pub(super) fn hours_before(limit: &Limit, course: &Course) -> Explanation {
    let at = course.started - hours_of(&limit.span);
    let lines = minutes(&[(at, course.started)], course);
    Explanation { due: Some(Due { at, day: date(at) }), lines, unknown_years: Vec::new() }
}

/// The days that `runs` touch and those between them, with the minutes that count.
fn minutes(runs: &[(NaiveDateTime, NaiveDateTime)], course: &Course) -> Vec<DayLine> {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return Vec::new() };
    let days = date(first.0).iter_days().take_while(|day| *day <= date(last.1)).take(LONGEST);
    days.map(|day| {
        let (dusk, dawn) = (end_of(day).at, end_of(day).at - TimeDelta::days(1));
        let within = |run: &(NaiveDateTime, NaiveDateTime)| {
            (run.1.min(dusk) - run.0.max(dawn)).max(TimeDelta::zero())
        };
        let sum: TimeDelta = runs.iter().map(within).sum();
        let pause = course.at_dawn(day).filter(|_| sum.is_zero());
        let mark = match pause {
            Some(pause) => Mark::Skipped(Skip::Paused(pause.reason.clone())),
            None => Mark::Minutes(sum.num_minutes()),
        };
        DayLine { day, mark }
    })
    .collect()
}
