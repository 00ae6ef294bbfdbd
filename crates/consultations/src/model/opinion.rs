//! What a reader sends: cleaned, checked, and blamed by field.

use base::{FieldErrors, Message, Result};
use mail::Recipient;
use serde::{Deserialize, Serialize};

/// The form as it came: text, nothing lost.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Typed {
    /// The anchor of an article; empty for the whole draft.
    pub article: String,
    /// The words it is about.
    pub passage: String,
    /// The opinion.
    pub body: String,
    /// Who sends it.
    pub name: String,
    /// For whom they speak.
    pub organisation: String,
    /// Whether the name is shown beside the opinion: `on`.
    pub show_name: String,
    /// Where the outcome is told.
    pub email: String,
    /// Consent to be told of the outcome: `on`.
    pub agree: String,
    /// The seconds at which the form was shown, a dash, and a secret.
    pub nonce: String,
    /// What people do not see and programs fill in.
    pub website: String,
}

/// An opinion that passed its check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The anchor of an article; empty for the whole draft.
    pub article: String,
    /// The words it is about.
    pub passage: String,
    /// The opinion.
    pub body: String,
    /// Who sent it.
    pub name: String,
    /// For whom they speak.
    pub organisation: String,
    /// Whether both are shown.
    pub show_name: bool,
    /// Where the outcome is told, with consent.
    pub email: Option<Recipient>,
    /// What makes the same form sent twice one opinion.
    pub nonce: String,
}

/// The longest name, in characters.
const MAX_NAME: usize = 120;

/// The longest name of an organisation, in characters.
const MAX_ORGANISATION: usize = 200;

/// The longest passage, in characters.
pub const MAX_PASSAGE: usize = 1000;

/// The longest nonce, in bytes.
const MAX_NONCE: usize = 100;

impl Typed {
    /// Checks everything the form alone can tell, and says all that is wrong at once. `max` is
    /// the longest opinion, in characters.
    pub fn check(&self, max: usize) -> Result<Checked, FieldErrors> {
        let mut errors = FieldErrors::new();
        if !self.website.is_empty() {
            errors.insert("website".into(), "opinion.trap".into());
        }
        let body = block("body", &self.body, max, &mut errors);
        if body.is_empty() {
            errors.insert("body".into(), "opinion.body_missing".into());
        }
        let name = line("name", &self.name, MAX_NAME, &mut errors);
        if name.is_empty() {
            errors.insert("name".into(), "opinion.name_missing".into());
        }
        let email = self.email(&mut errors);
        let checked = Checked {
            article: base::text::line(&self.article),
            passage: block("passage", &self.passage, MAX_PASSAGE, &mut errors),
            organisation: line("organisation", &self.organisation, MAX_ORGANISATION, &mut errors),
            show_name: self.show_name == "on",
            nonce: self.nonce.clone(),
            body,
            name,
            email,
        };
        if errors.is_empty() { Ok(checked) } else { Err(errors) }
    }

    /// The address, where the reader both wrote it and agreed: silence is no consent (PDP-9).
    fn email(&self, errors: &mut FieldErrors) -> Option<Recipient> {
        match (self.email.trim_matches(' ').is_empty(), self.agree == "on") {
            (true, false) => None,
            (true, true) => {
                errors.insert("email".into(), "opinion.email_missing".into());
                None
            }
            (false, agreed) => {
                let parsed = Recipient::parse(&self.email);
                if parsed.is_none() {
                    errors.insert("email".into(), "email.malformed".into());
                } else if !agreed {
                    errors.insert("agree".into(), "opinion.agree_missing".into());
                }
                parsed
            }
        }
    }

    /// How many seconds before `now` (of the Unix epoch) the form was shown; `None` for a nonce
    /// that no form of ours carries.
    pub fn age(&self, now: i64) -> Option<i64> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let (shown, secret) = self.nonce.split_once('-')?;
        let fits = self.nonce.len() <= MAX_NONCE && secret.len() >= 16;
        let known = fits && secret.chars().all(plain);
        known.then(|| shown.parse::<i64>().ok())?.map(|shown| now - shown)
    }
}

/// One line of a form, cleaned; blamed when it is longer than `max` characters.
pub fn line(name: &'static str, text: &str, max: usize, errors: &mut FieldErrors) -> String {
    sized(name, base::text::line(text), max, errors)
}

/// Several lines of a form, cleaned; blamed when they are longer than `max` characters.
pub fn block(name: &'static str, text: &str, max: usize, errors: &mut FieldErrors) -> String {
    sized(name, base::text::block(text).trim().to_owned(), max, errors)
}

fn sized(name: &'static str, text: String, max: usize, errors: &mut FieldErrors) -> String {
    let now = text.chars().count();
    if now > max {
        let message = Message::new("too_long_now").with("max", max).with("now", now);
        errors.insert(name.into(), message);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed { body: "Đồng ý.".into(), name: "Lò Thị Mây".into(), ..Typed::default() }
    }

    #[track_caller]
    fn refused(typed: Typed, field: &str) {
        let errors = typed.check(100).unwrap_err();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [field]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(typed().check(100).is_ok());
        refused(Typed { body: " \u{202E}\n".into(), ..typed() }, "body");
        refused(Typed { body: "a".repeat(101), ..typed() }, "body");
        refused(Typed { name: String::new(), ..typed() }, "name");
        refused(Typed { website: "x".into(), ..typed() }, "website");
        refused(
            Typed { email: "a@x.vn\nBcc: b@x.vn".into(), agree: "on".into(), ..typed() },
            "email",
        );
        refused(Typed { email: "a@x.vn".into(), ..typed() }, "agree");
        refused(Typed { agree: "on".into(), ..typed() }, "email");
    }

    #[test]
    fn an_address_is_kept_only_with_consent() {
        let agreed = Typed { email: "May@X.vn".into(), agree: "on".into(), ..typed() };
        let email = agreed.check(100).unwrap().email;
        assert_eq!(email.unwrap().as_str(), "may@x.vn");
        assert_eq!(typed().check(100).unwrap().email, None);
    }

    #[test]
    fn the_age_of_a_form_stands_in_its_nonce() {
        let of = |nonce: &str| Typed { nonce: nonce.into(), ..Typed::default() }.age(1000);
        assert_eq!(of("990-abcdefabcdefabcdef"), Some(10));
        for bad in
            ["", "990", "990-", "990-short", "x-abcdefabcdefabcdef", "1-<abcdefabcdefabcdef>"]
        {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
