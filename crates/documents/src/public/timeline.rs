//! What happened to the effect of a document, day by day, in words.

use base::Message;
use chrono::NaiveDate;
use serde::Serialize;
use web::Said;

use super::links::Labels;
use crate::{
    DocumentId,
    model::effect::Event,
    store::{Document, effects::Told},
};

/// A day of the timeline.
#[derive(Debug, Serialize)]
pub(super) struct Moment {
    day: String,
    iso: String,
    text: String,
    part: String,
    cause: Option<Cause>,
    is_future: bool,
}

#[derive(Debug, Serialize)]
struct Cause {
    label: Said,
    url: Option<String>,
}

/// What happened, what the staff told of it, and the documents that caused it.
pub(super) type Happened<'a> = (&'a [Event<Option<DocumentId>>], &'a [Told], &'a [Document]);

/// Everything that happened or will, by day. `causes` are the documents that caused it.
pub(super) fn moments(
    labels: &Labels<'_>,
    document: &Document,
    (events, told, causes): Happened<'_>,
    day: NaiveDate,
) -> Vec<Moment> {
    let say = |key: &str| labels.cx.say(&Message::new(format!("effect.{key}")));
    let moment = |at: NaiveDate, key: &str, part: &str, cause| {
        let (text, is_future) = (say(key), at > day);
        let part = part.to_owned();
        (at, Moment { day: labels.cx.date(at), iso: at.to_string(), text, part, cause, is_future })
    };
    let own = [
        (document.issued, "issued"),
        (document.effective, "in-force"),
        (document.expiry, "expired"),
    ];
    let own = own.into_iter().filter_map(|(at, key)| Some(moment(at?, key, "", None)));
    let done = events.iter().filter_map(|event| {
        let cause = causes.iter().find(|it| Some(it.id) == event.cause)?;
        let cause = Cause { label: Said::plain(labels.title(cause)), url: Some(labels.url(cause)) };
        Some(moment(event.day, event.what.as_str(), &event.part, Some(cause)))
    });
    let told = told.iter().map(|event| {
        let cause = Cause { label: labels.cx.vietnamese(&event.cause), url: None };
        let cause = Some(cause).filter(|it| !it.label.text.is_empty());
        moment(event.day, event.what.as_str(), &event.part, cause)
    });
    let mut moments: Vec<(NaiveDate, Moment)> = own.chain(done).chain(told).collect();
    moments.sort_by_key(|(at, _)| *at);
    moments.into_iter().map(|(_, moment)| moment).collect()
}
