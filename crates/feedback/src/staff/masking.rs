//! Personal data in what others are to read: hidden in what we suggest, named in what somebody
//! typed (PDP-16).

use base::{FieldErrors, Message, Site};
use chrono::Datelike;
use privacy::{Certainty, Found, Options};
use web::Cx;

use crate::store::publics::Text;

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

/// What looks personal in a text for others, by field; names alone are left to people.
pub(super) fn left(cx: &Cx, text: &Text) -> FieldErrors {
    let fields = [("title", &text.title), ("question", &text.question), ("answer", &text.answer)];
    let mut errors = FieldErrors::new();
    for (field, text) in fields {
        let sure = found(cx, text).into_iter().filter(|it| it.certainty >= Certainty::Medium);
        let words: Vec<String> = sure
            .filter_map(|it| {
                let kind = cx.say(&Message::new(format!("privacy.kind.{}", it.kind.as_str())));
                Some(format!("{kind} “{}”", text.get(it.range)?))
            })
            .collect();
        if !words.is_empty() {
            let message = Message::new("case.found").with("words", words.join(", "));
            errors.insert(field.into(), message);
        }
    }
    errors
}
