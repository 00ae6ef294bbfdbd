//! Changes of the calendar in words: what one would move, and what those that were made moved.

use accounts::Staff;
use base::Message;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::{
    model::{Calendar, rules::CalendarChange},
    store::{
        calendar::{CalendarAction, Made},
        moves::{Moved, MovedLine},
    },
    why::weekday,
};

/// How many moved clocks the page names, before and after a change.
pub(super) const NAMED: i64 = 200;

/// What a change would move.
#[derive(Serialize)]
pub(super) struct Preview {
    /// What is about to be done.
    title: String,
    /// How many clocks it moves.
    count: String,
    lines: Vec<MoveView>,
    more: bool,
}

#[derive(Serialize)]
pub(super) struct MoveView {
    site: String,
    label: String,
    from: String,
    to: String,
}

#[derive(Serialize)]
pub(super) struct ChangeView {
    at: String,
    who: String,
    what: String,
    count: String,
    lines: Vec<MoveView>,
    more: bool,
}

/// The name of a limit; its code, where the catalogue no longer has words for it.
fn label(who: &Staff, code: &str, stage: &str) -> String {
    let key = format!("clock.{}.{stage}", code.to_lowercase().replace('-', "_"));
    format!("{code} · {}", who.cx.say(&Message::new(key)))
}

/// How many clocks move, or moved: `key` is `calendar.moves` or `calendar.moved`.
fn count(who: &Staff, key: &str, moved: usize) -> String {
    match moved {
        0 => who.cx.say(&Message::new(format!("{key}_none"))),
        _ => who.cx.say(&Message::new(key.to_owned()).with("count", moved)),
    }
}

/// A change in a sentence.
fn sentence(
    who: &Staff,
    action: CalendarAction,
    day: NaiveDate,
    (kind, name): (&str, &str),
) -> String {
    let key = match action {
        CalendarAction::Planted => "calendar_change.planted".to_owned(),
        action => format!("calendar_change.{}_{kind}", action.as_str()),
    };
    let message = Message::new(key).with("day", base::time::date(day)).with("year", day.year());
    let message = message.with("weekday", weekday(day, |it| who.cx.say(it)));
    who.cx.say(&message.with("name", name))
}

/// What `change` would move, in words.
pub(super) fn preview_of(
    who: &Staff,
    change: &CalendarChange,
    calendar: &Calendar,
    moved: &[Moved],
) -> Preview {
    let (action, about) = match change {
        CalendarChange::Set(day) => (CalendarAction::Set, Some((day.kind, day.name.as_str()))),
        CalendarChange::Clear(day) => (CalendarAction::Cleared, calendar.note(*day)),
    };
    let about = about.map_or(("", ""), |(kind, name)| (kind.as_str(), name));
    let named = usize::try_from(NAMED).unwrap_or(usize::MAX);
    Preview {
        title: sentence(who, action, change.day(), about),
        count: count(who, "calendar.moves", moved.len()),
        lines: moved
            .iter()
            .take(named)
            .map(|it| MoveView {
                site: it.site.clone(),
                label: label(who, &it.clock.code, &it.clock.stage),
                from: base::time::date(it.clock.due_day),
                to: base::time::date(it.to.day),
            })
            .collect(),
        more: moved.len() > named,
    }
}

/// A change that was made, in words.
pub(super) fn change_view(who: &Staff, made: &Made, moved: &[MovedLine]) -> ChangeView {
    let day = |day: Option<NaiveDate>| day.map(base::time::date).unwrap_or_default();
    let lines: Vec<MoveView> = moved
        .iter()
        .filter(|it| it.change == Some(made.id))
        .map(|it| MoveView {
            site: it.site.clone(),
            label: label(who, &it.code, &it.stage),
            from: day(it.old_due),
            to: day(it.new_due),
        })
        .collect();
    let moved = usize::try_from(made.moved).unwrap_or(0);
    ChangeView {
        at: base::time::minute(made.at),
        who: made.who.clone().unwrap_or_else(|| who.cx.say(&Message::new("event_by_system"))),
        what: sentence(who, made.action, made.day, (&made.kind, &made.name)),
        count: count(who, "calendar.moved", moved),
        more: lines.len() < moved,
        lines,
    }
}
