//! "Vì sao hạn là ngày này?": what screens show of a limit and of how its end was counted. The
//! component `Why` of `themes/admin` draws it: `{{ <Why why={view.why} /> }}`.

use base::Message;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::Serialize;
use web::Cx;

use crate::model::{Bound, DayKind, DayLine, Due, Explanation, Limit, Mark, Skip, Status, Unit};

/// A limit and how its end was counted, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// What must be done: `Chuyển đến cơ quan có thẩm quyền`.
    pub label: String,
    /// What it counts from: `Ngày tiếp nhận`.
    pub start: String,
    /// How long: `5 ngày làm việc`.
    pub span: String,
    /// The provision.
    pub law: String,
    /// The end: `Hết ngày 24/11/2026 (thứ Ba)`, or that it stands still.
    pub due: String,
    /// Every day on the way.
    pub lines: Vec<WhyLine>,
    /// What else one must know.
    pub notes: Vec<String>,
}

/// A day on the way.
#[derive(Clone, Debug, Serialize)]
pub struct WhyLine {
    /// `20/11/2026`.
    pub day: String,
    /// `thứ Sáu`.
    pub weekday: String,
    /// Whether it counts.
    pub counts: bool,
    /// As which, or why not.
    pub text: String,
}

impl Why {
    /// Puts a limit and its explanation into words.
    pub fn new(limit: &Limit, explained: &Explanation, voice: &impl Voice) -> Self {
        let say = |it: &Message| voice.say(it);
        Self {
            label: say(&Message::new(limit.label_key())),
            start: say(&Message::new(limit.start_key())),
            span: span(limit, say),
            law: voice.label(&limit.source),
            due: due_words(limit, explained.due, voice),
            lines: explained.lines.iter().map(|it| line(it, voice)).collect(),
            notes: notes(limit, explained, say),
        }
    }
}

/// Who puts a limit into words: the language of a page, or of a letter.
pub trait Voice {
    /// A sentence.
    fn say(&self, message: &Message) -> String;
    /// A label that is data.
    fn label(&self, text: &str) -> String;
    /// A day.
    fn date(&self, day: NaiveDate) -> String;
    /// An instant in UTC, to the minute.
    fn minute(&self, utc: NaiveDateTime) -> String;
}

impl Voice for Cx {
    fn say(&self, message: &Message) -> String {
        Self::say(self, message)
    }

    fn label(&self, text: &str) -> String {
        Self::label(self, text)
    }

    fn date(&self, day: NaiveDate) -> String {
        Self::date(self, day)
    }

    fn minute(&self, utc: NaiveDateTime) -> String {
        Self::minute(self, utc)
    }
}

/// Vietnamese, for what no page asks: finds the words of a message.
#[derive(Clone, Copy, Debug)]
pub struct Vietnamese<F>(pub F);

impl<F: Fn(&Message) -> String> Voice for Vietnamese<F> {
    fn say(&self, message: &Message) -> String {
        (self.0)(message)
    }

    fn label(&self, text: &str) -> String {
        text.to_owned()
    }

    fn date(&self, day: NaiveDate) -> String {
        base::time::date(day)
    }

    fn minute(&self, utc: NaiveDateTime) -> String {
        base::time::minute(utc)
    }
}

/// `thứ Sáu`.
pub fn weekday(day: NaiveDate, say: impl Fn(&Message) -> String) -> String {
    say(&Message::new(format!("weekday.{}", day.weekday().number_from_monday())))
}

/// How long a limit is: `5 ngày làm việc`.
pub fn span(limit: &Limit, say: impl Fn(&Message) -> String) -> String {
    if let Some(it) = limit.yearly {
        let message = Message::new("clock_span.yearly").with("day", it.day);
        return say(&message.with("month", it.month));
    }
    let unit = Message::new(format!("clock_span.{}", limit.span.unit.as_str()));
    say(&unit.with("amount", limit.span.amount))
}

/// The end of a limit: `Hết ngày 24/11/2026 (thứ Ba)`.
pub fn due_words(limit: &Limit, due: Option<Due>, voice: &impl Voice) -> String {
    let say = |it: &Message| voice.say(it);
    let Some(due) = due else {
        return say(&Message::new("clock_due.paused"));
    };
    if limit.span.unit == Unit::Hour {
        return say(&Message::new("clock_due.hour").with("at", voice.minute(due.at)));
    }
    let key = match limit.bound {
        Bound::AtLeast => "clock_due.at_least",
        Bound::AtMost | Bound::Before | Bound::Yearly => "clock_due.at_most",
    };
    let message = Message::new(key).with("day", voice.date(due.day));
    say(&message.with("weekday", weekday(due.day, say)))
}

fn line(line: &DayLine, voice: &impl Voice) -> WhyLine {
    let say = |it: &Message| voice.say(it);
    let text = match &line.mark {
        Mark::Counted { nth, note: None } => Message::new("clock_day.counted").with("nth", nth),
        Mark::Counted { nth, note: Some((kind, name)) } => {
            let key = match kind {
                DayKind::Working => "clock_day.counted_worked",
                DayKind::Holiday => "clock_day.counted_holiday",
            };
            Message::new(key).with("nth", nth).with("name", voice.label(name))
        }
        Mark::Minutes(minutes) => {
            let message = Message::new("clock_day.minutes").with("hours", minutes / 60);
            message.with("minutes", minutes % 60)
        }
        Mark::Skipped(Skip::Event) => Message::new("clock_day.event"),
        Mark::Skipped(Skip::Weekend) => Message::new("clock_day.weekend"),
        Mark::Skipped(Skip::Holiday(name)) => {
            Message::new("clock_day.holiday").with("name", voice.label(name))
        }
        Mark::Skipped(Skip::Paused(why)) => Message::new("clock_day.paused").with("reason", why),
        Mark::Yearly => Message::new("clock_day.yearly"),
        Mark::Ends => Message::new("clock_day.ends"),
    };
    WhyLine {
        day: voice.date(line.day),
        weekday: weekday(line.day, say),
        counts: !matches!(line.mark, Mark::Skipped(_)),
        text: say(&text),
    }
}

fn notes(limit: &Limit, explained: &Explanation, say: impl Fn(&Message) -> String) -> Vec<String> {
    let mut notes = Vec::new();
    if limit.bound == Bound::Before {
        notes.push(Message::new("clock_note.before"));
    }
    match limit.status {
        Status::Verified => (),
        Status::Background => notes.push(Message::new("clock_note.background")),
        Status::Expired => notes.push(Message::new("clock_note.expired")),
        Status::Ours => notes.push(Message::new("clock_note.ours")),
    }
    let unknown = explained.unknown_years.iter();
    notes.extend(unknown.map(|year| Message::new("clock_note.unknown_year").with("year", year)));
    notes.iter().map(say).collect()
}
