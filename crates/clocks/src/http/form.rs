//! A change of the calendar, as its form sends it.

use base::{Error, FieldErrors};
use serde::{Deserialize, Serialize};

use crate::model::{
    Day, DayKind,
    rules::{CalendarChange, name_fits},
};

/// What was typed and which button was pressed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct ChangeForm {
    /// `24/11/2026`.
    pub(super) day: String,
    /// The spelling of a [`DayKind`].
    pub(super) kind: String,
    pub(super) name: String,
    /// `clear` to let a day be what its weekday says; anything else sets it.
    pub(super) act: String,
    /// `save`; anything else only shows what would move.
    pub(super) then: String,
}

impl ChangeForm {
    /// What the form alone can tell.
    pub(super) fn check(&self) -> Result<CalendarChange, Error> {
        let mut errors = FieldErrors::new();
        let day = base::time::parse_date(self.day.trim());
        if day.is_none() {
            errors.insert("day".into(), "calendar.day_malformed".into());
        }
        let day = day.unwrap_or_default();
        let change = if self.act == "clear" {
            CalendarChange::Clear(day)
        } else {
            let kind = DayKind::parse(&self.kind);
            if kind.is_none() {
                errors.insert("kind".into(), "calendar.kind_missing".into());
            }
            let (kind, name) = (kind.unwrap_or(DayKind::Holiday), base::text::line(&self.name));
            name_fits(&name, &mut errors);
            CalendarChange::Set(Day { day, kind, name })
        };
        if errors.is_empty() { Ok(change) } else { Err(Error::Invalid(errors)) }
    }
}
