//! What happened to a clock, as counting needs it: when it began, stood still, was extended.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Happening, Span, What};

/// The day of an instant in Viet Nam.
pub(super) fn date(utc: NaiveDateTime) -> NaiveDate {
    base::time::local(utc).date()
}

/// A time during which a clock stood still.
#[derive(Clone, Debug)]
pub(super) struct Pause {
    pub(super) from: NaiveDateTime,
    /// `None` for a clock that still does.
    pub(super) to: Option<NaiveDateTime>,
    pub(super) reason: String,
}

impl Pause {
    /// Whether the clock stood still as `day` began.
    fn holds_at_dawn(&self, day: NaiveDate) -> bool {
        date(self.from) < day && self.to.is_none_or(|to| date(to) >= day)
    }

    /// Whether the clock stood still as `day` ended.
    fn holds_at_dusk(&self, day: NaiveDate) -> bool {
        date(self.from) <= day && self.to.is_none_or(|to| date(to) > day)
    }
}

/// What happened, as counting needs it.
pub(super) struct Course {
    pub(super) started: NaiveDateTime,
    pub(super) pauses: Vec<Pause>,
    pub(super) extensions: Vec<Span>,
}

impl Course {
    /// `None` for a clock that was never started.
    pub(super) fn of(happenings: &[Happening]) -> Option<Self> {
        let start = happenings.iter().find(|it| it.what == What::Started)?;
        let mut course = Self { started: start.at, pauses: Vec::new(), extensions: Vec::new() };
        for it in happenings {
            match &it.what {
                What::Paused { reason } => {
                    let pause = Pause { from: it.at, to: None, reason: reason.clone() };
                    course.pauses.push(pause);
                }
                What::Extended { by } => course.extensions.push(*by),
                // What is over stands still no longer.
                What::Resumed | What::Met | What::Cancelled => {
                    if let Some(pause) = course.pauses.last_mut() {
                        pause.to.get_or_insert(it.at);
                    }
                }
                What::Started => (),
            }
        }
        Some(course)
    }

    /// The pause during which `day` began.
    pub(super) fn at_dawn(&self, day: NaiveDate) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.holds_at_dawn(day))
    }

    /// The pause during which `day` ended.
    pub(super) fn at_dusk(&self, day: NaiveDate) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.holds_at_dusk(day))
    }
}
