//! A letter's text, in its site's name and its site's theme.

use std::collections::BTreeMap;

use base::{Message, Result, Site};
use serde::Serialize;
use tera::Context;
use theme::Themes;

use crate::Letter;

/// What stands in a letter.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) html: String,
}

/// What the templates of letters get as `view`.
#[derive(Serialize)]
struct LetterView<'a> {
    subject: &'a str,
    /// The sentences of the letter, with their gaps filled, by the last part of their key.
    say: BTreeMap<String, String>,
    values: &'a BTreeMap<&'static str, String>,
    /// Where the recipient can stop such letters.
    unsubscribe: Option<&'a str>,
}

/// Renders both parts. `unsubscribe` is the address of the page that stops such letters.
pub(crate) fn compose(
    themes: &Themes,
    site: &Site,
    letter: &Letter,
    unsubscribe: Option<&str>,
) -> Result<Text> {
    let mut say = sentences(themes, site, letter, "common");
    say.extend(sentences(themes, site, letter, letter.template));
    let subject = base::text::line(&say.remove("subject").unwrap_or_default());
    let view = LetterView { subject: &subject, say, values: &letter.values, unsubscribe };
    let mut context = Context::new();
    context.insert("site", site);
    context.insert("view", &view);
    let render = |extension: &str| {
        let template = format!("mail/{}.{extension}", letter.template);
        themes.render(site.locale, &site.theme, &template, &context)
    };
    Ok(Text { body: render("txt")?, html: render("html")?, subject })
}

/// The sentences below `mail.letter.<part>`.
fn sentences(
    themes: &Themes,
    site: &Site,
    letter: &Letter,
    part: &str,
) -> BTreeMap<String, String> {
    let words = themes.words_in(site.locale);
    let prefix = format!("message.mail.letter.{part}.");
    let fill = |name: &str| {
        let message = Message::new(format!("mail.letter.{part}.{name}")).with("site", &site.name);
        let values = letter.values.iter();
        words.say(&values.fold(message, |message, (gap, value)| message.with(gap, value)))
    };
    let names = words.keys().filter_map(|key| key.strip_prefix(prefix.as_str()));
    names.map(|name| (name.to_owned(), fill(name))).collect()
}
