//! Personal data in what others are to read: hidden in what we suggest, named in what somebody
//! typed (PDP-16).

use base::{FieldErrors, Message, Site};
use chrono::Datelike;
use privacy::{Certainty, Found, Options};
use web::Cx;

use crate::{
    model::scan::State,
    store::{publics::Text, scans::Scan},
};

/// What a search goes by: the office's own contacts are public.
fn options(site: &Site, year: i32) -> Options {
    let own = &site.identity;
    let allow = [&own.phone, &own.email, &own.address, &own.security_contact, &own.responsible];
    Options {
        allow: allow.into_iter().filter(|it| !it.is_empty()).cloned().collect(),
        year: u16::try_from(year).unwrap_or(u16::MAX),
    }
}

fn found(cx: &Cx, text: &str) -> Vec<Found> {
    let year = base::time::local(cx.now).year();
    privacy::find(text, &options(&cx.site, year))
}

/// `text` with everything hidden that looks personal, names included: a suggestion to be read.
pub(super) fn masked(cx: &Cx, text: &str) -> String {
    privacy::mask(text, &found(cx, text))
}

/// What looks personal in a sentence that anybody with the code reads.
pub(super) fn sentence(cx: &Cx, text: &str) -> Option<Message> {
    words(cx, text).map(|words| Message::new("case.found_reason").with("words", words))
}

/// What looks personal in `text`, in words: `Số điện thoại “0912…”`.
fn words(cx: &Cx, text: &str) -> Option<String> {
    let sure = found(cx, text).into_iter().filter(|it| it.certainty >= Certainty::Medium);
    let words: Vec<String> = sure
        .filter_map(|it| {
            let kind = cx.say(&Message::new(format!("privacy.kind.{}", it.kind.as_str())));
            Some(format!("{kind} “{}”", text.get(it.range)?))
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What an attachment seems to have, for people: kinds and how often, or that nobody has looked. `None` where a program
/// looked and saw nothing.
pub(super) fn seen(cx: &Cx, scan: Option<&Scan>) -> Option<String> {
    let Some(scan) = scan else { return Some(cx.say(&Message::new("case_scan.waiting"))) };
    if scan.is_clear() {
        return None;
    }
    if scan.state != State::Read {
        return Some(cx.say(&Message::new(format!("case_scan.{}", scan.state.as_str()))));
    }
    let kinds = scan.found.iter().map(|(kind, times)| {
        let kind = cx.say(&Message::new(format!("privacy.kind.{kind}")));
        format!("{} ({times})", kind.to_lowercase())
    });
    let kinds: Vec<String> = kinds.collect();
    Some(cx.say(&Message::new("case_scan.found").with("kinds", kinds.join(", "))))
}

/// What looks personal in a text for others, by field; names alone are left to people.
pub(super) fn left(cx: &Cx, text: &Text) -> FieldErrors {
    let fields = [("title", &text.title), ("question", &text.question), ("answer", &text.answer)];
    let mut errors = FieldErrors::new();
    for (field, text) in fields {
        if let Some(words) = words(cx, text) {
            errors.insert(field.into(), Message::new("case.found").with("words", words));
        }
    }
    errors
}
