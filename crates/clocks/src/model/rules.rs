//! What may be done to a clock, and when.

use base::{Error, FieldErrors, Message, Result};
use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::{Calendar, Day, DayKind, Due, Limit, Span, Unit, calendar::is_weekend};

/// The longest reason or notice, in characters.
pub const MAX_REASON: usize = 500;

/// The longest name of a day, in characters.
pub const MAX_NAME: usize = 120;

/// More time, about to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extending {
    /// How much.
    pub by: Span,
    /// Why.
    pub reason: String,
    /// How those who wait were told, before the time was over: `Công văn số 12/UBND-VP`.
    pub notice: String,
}

/// How an open clock stands, as far as the rules ask.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The time, in UTC.
    pub now: NaiveDateTime,
    /// When it ends; while it stands still, when it would have.
    pub due: Due,
    /// Whether it stands still.
    pub paused: bool,
    /// How often it was extended before.
    pub extended: u32,
}

impl Now {
    /// Whether its time is over. It never is while it stands still.
    fn is_over(self) -> bool {
        !self.paused && self.now >= self.due.at
    }
}

/// Whether a clock may be stopped for `reason`.
pub fn may_pause(limit: &Limit, now: Now, reason: &str) -> Result<()> {
    if !limit.can_stop() {
        return Err(Error::conflict("clock.fixed"));
    }
    if now.paused {
        return Err(Error::conflict("clock.paused_already"));
    }
    if now.is_over() {
        return Err(Error::conflict("clock.pause_late"));
    }
    let mut errors = FieldErrors::new();
    said("reason", reason, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Whether a clock may be given more time: as much and as often as the law allows, with a reason
/// and a notice, and not after its time is over.
pub fn may_extend(limit: &Limit, now: Now, more: &Extending) -> Result<()> {
    let Some(allowed) = limit.extension.filter(|_| limit.can_stop()) else {
        return Err(Error::conflict(Message::new("clock.extend_none").with("law", &limit.source)));
    };
    if now.is_over() {
        return Err(Error::conflict("clock.extend_late"));
    }
    if now.extended >= allowed.times {
        let message = Message::new("clock.extend_again").with("times", allowed.times);
        return Err(Error::conflict(message.with("law", &limit.source)));
    }
    let mut errors = FieldErrors::new();
    if more.by.unit != allowed.unit || more.by.amount == 0 || more.by.amount > allowed.amount {
        let key = match allowed.unit {
            Unit::Hour => "clock.extend_hours",
            Unit::Day => "clock.extend_days",
            Unit::WorkingDay => "clock.extend_working_days",
        };
        let message = Message::new(key).with("max", allowed.amount).with("law", &limit.source);
        errors.insert("by".into(), message);
    }
    said("reason", &more.reason, &mut errors);
    said("notice", &more.notice, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn said(field: &'static str, text: &str, errors: &mut FieldErrors) {
    let length = text.trim().chars().count();
    if length == 0 {
        errors.insert(field.into(), Message::new(format!("clock.{field}_missing")));
    } else if length > MAX_REASON {
        errors.insert(field.into(), Message::new("too_long").with("max", MAX_REASON));
    }
}

/// Blames `name` where the name of a day is empty or too long.
pub fn name_fits(name: &str, errors: &mut FieldErrors) {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME {
        let message = Message::new("calendar.name_missing").with("max", MAX_NAME);
        errors.insert("name".into(), message);
    }
}

/// A change of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarChange {
    /// This day differs from now on.
    Set(Day),
    /// It no longer does.
    Clear(NaiveDate),
}

impl CalendarChange {
    /// The day it is about.
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Set(day) => day.day,
            Self::Clear(day) => *day,
        }
    }

    /// Checks it against the calendar as it is. Years far from `today` are slips of the pen.
    pub fn check(&self, calendar: &Calendar, today: NaiveDate) -> Result<()> {
        let day = self.day();
        let mut errors = FieldErrors::new();
        if (day.year() - today.year()).abs() > 10 {
            errors.insert("day".into(), "calendar.far".into());
        }
        match self {
            Self::Set(new) => {
                if new.kind == DayKind::Working && !is_weekend(day) {
                    errors.insert("day".into(), "calendar.works_anyway".into());
                } else if calendar.note(day) == Some((new.kind, new.name.as_str())) {
                    errors.insert("day".into(), "calendar.same".into());
                }
                name_fits(&new.name, &mut errors);
            }
            Self::Clear(_) if calendar.note(day).is_none() => {
                errors.insert("day".into(), "calendar.not_there".into());
            }
            Self::Clear(_) => (),
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    /// Puts it into `calendar`.
    pub fn apply(&self, calendar: &mut Calendar) {
        match self {
            Self::Set(day) => calendar.set(day.clone()),
            Self::Clear(day) => calendar.clear(*day),
        }
    }
}
