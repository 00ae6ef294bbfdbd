//! A document as the form sends it, and what is wrong with it.

use base::{Error, FieldErrors, Message, Result};
use chrono::NaiveDate;
use serde::Serialize;
use web::Fields;

use crate::{
    IssuerId, Vocabulary,
    model::{Article, Details, ExpiryReason, Numbered, Register, Sheet, text},
    store::Document,
};

/// The longest abstract, in characters.
pub(super) const MAX_SUMMARY: usize = 2000;

/// The longest text, in characters.
pub(super) const MAX_TEXT: usize = 2_000_000;

/// The longest line of any other field, in characters.
const MAX_LINE: usize = 300;

/// The longest list of units a document holds in.
const MAX_SCOPE: usize = 200;

/// The fields of the page, in the order in which they stand there.
pub(super) const ORDER: [&str; 33] = [
    "type",
    "number",
    "issuer",
    "issuer_name",
    "summary",
    "duplicate_reason",
    "files",
    "issued",
    "effective",
    "expiry",
    "expiry_reason",
    "short_procedure",
    "place",
    "mode",
    "signer_title",
    "signer",
    "urgency",
    "internal",
    "gazette",
    "gazette_day",
    "scope",
    "national_id",
    "national_url",
    "text",
    "link_verb",
    "link_number",
    "link_other_part",
    "link_own_part",
    "event_day",
    "event_what",
    "event_part",
    "event_cause",
    "remark",
];

/// A document as the form sends it: text, nothing checked, nothing lost.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct DocumentForm {
    pub(super) r#type: String,
    pub(super) number: String,
    pub(super) issuer: String,
    pub(super) issuer_name: String,
    pub(super) issued: String,
    pub(super) effective: String,
    pub(super) expiry: String,
    pub(super) expiry_reason: String,
    pub(super) summary: String,
    pub(super) urgency: String,
    pub(super) internal: String,
    pub(super) short_procedure: String,
    pub(super) place: String,
    pub(super) signer: String,
    pub(super) signer_title: String,
    pub(super) mode: String,
    pub(super) gazette: String,
    pub(super) gazette_day: String,
    pub(super) scope: String,
    pub(super) national_id: String,
    pub(super) national_url: String,
    pub(super) duplicate_reason: String,
    pub(super) text: String,
    pub(super) lock: String,
    /// Keys of the fields that are ticked.
    #[serde(skip)]
    pub(super) fields: Vec<String>,
    /// Keys of the files that are ticked.
    #[serde(skip)]
    pub(super) files: Vec<media::FileId>,
}

/// Who issued it: one of the list, or a new name.
#[derive(Clone, Debug)]
pub(super) enum Issuer {
    Known(IssuerId),
    New(String),
}

/// A form that passed its check; the issuer is still to be found.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) sheet: Sheet,
    pub(super) issuer: Issuer,
}

impl DocumentForm {
    /// Sorts what was sent into its places.
    pub(super) fn of(mut sent: Fields) -> Self {
        let files = media::picked(&sent);
        let mut take = |name: &str| sent.remove(name).unwrap_or_default();
        let form = Self {
            r#type: take("type"),
            number: take("number"),
            issuer: take("issuer"),
            issuer_name: take("issuer_name"),
            issued: take("issued"),
            effective: take("effective"),
            expiry: take("expiry"),
            expiry_reason: take("expiry_reason"),
            summary: take("summary"),
            urgency: take("urgency"),
            internal: take("internal"),
            short_procedure: take("short_procedure"),
            place: take("place"),
            signer: take("signer"),
            signer_title: take("signer_title"),
            mode: take("mode"),
            gazette: take("gazette"),
            gazette_day: take("gazette_day"),
            scope: take("scope"),
            national_id: take("national_id"),
            national_url: take("national_url"),
            duplicate_reason: take("duplicate_reason"),
            text: take("text"),
            lock: take("lock"),
            fields: Vec::new(),
            files,
        };
        let ticked = sent.keys().filter_map(|name| name.strip_prefix("field_"));
        Self { fields: ticked.map(str::to_owned).collect(), ..form }
    }

    /// The form of a document that is there.
    pub(super) fn stored(
        document: &Document,
        (fields, files): (Vec<String>, Vec<media::FileId>),
        articles: &[Article],
    ) -> Result<Self> {
        let details = document.details()?;
        let tick = |on: bool| if on { "on".to_owned() } else { String::new() };
        let day = |day: Option<NaiveDate>| day.map(base::time::date).unwrap_or_default();
        Ok(Self {
            r#type: document.type_key.clone(),
            number: document.number.clone(),
            issuer: document.issuer_id.to_string(),
            issued: day(document.issued),
            effective: day(document.effective),
            expiry: day(document.expiry),
            expiry_reason: details
                .expiry_reason
                .map(|it| it.as_str().to_owned())
                .unwrap_or_default(),
            summary: document.summary.clone(),
            urgency: document.urgency.clone(),
            internal: tick(document.internal),
            short_procedure: tick(document.short_procedure),
            gazette_day: day(details.gazette_day),
            scope: details.scope.join("\n"),
            duplicate_reason: document.duplicate_reason.clone(),
            text: text::plain(articles),
            lock: document.lock.to_string(),
            place: details.place,
            signer: details.signer,
            signer_title: details.signer_title,
            mode: details.mode,
            gazette: details.gazette,
            national_id: details.national_id,
            national_url: details.national_url,
            issuer_name: String::new(),
            fields,
            files,
        })
    }

    /// Checks everything the form alone can tell, and says all that is wrong at once. What a draft
    /// may lack is told by `model::checks`.
    pub(super) fn check(&self, words: &Vocabulary) -> Result<Draft> {
        let mut errors = FieldErrors::new();
        let kind = words.kind(&self.r#type);
        if kind.is_none() {
            errors.insert("type".into(), "document.type_missing".into());
        }
        let register = kind.map_or(Register::Administrative, |it| it.register);
        let number = self.number(&mut errors);
        let issuer = self.issuer(&mut errors);
        let summary = line("summary", &self.summary, MAX_SUMMARY, &mut errors);
        if summary.is_empty() {
            errors.insert("summary".into(), "document.summary_missing".into());
        }
        let articles = self.articles(&mut errors);
        let issued = day("issued", &self.issued, &mut errors);
        let effective = day("effective", &self.effective, &mut errors);
        let top: String = self.text.lines().take(60).collect::<Vec<_>>().join("\n");
        if let Some(mark) = words.secrecy.mark(&summary, &top) {
            let message = Message::new("document.secret").with("mark", mark);
            errors.insert("summary".into(), message);
        }
        let sheet = Sheet {
            register,
            type_key: self.r#type.clone(),
            number,
            issuer: IssuerId::new(),
            issued,
            // An administrative document holds from the day it is signed unless it says otherwise.
            effective: effective.or(issued.filter(|_| register == Register::Administrative)),
            expiry: day("expiry", &self.expiry, &mut errors),
            summary,
            urgency: choice("urgency", &self.urgency, &words.urgencies, &mut errors),
            internal: self.internal == "on",
            short_procedure: self.short_procedure == "on",
            details: self.details(words, &mut errors),
            duplicate_reason: line(
                "duplicate_reason",
                &self.duplicate_reason,
                MAX_LINE,
                &mut errors,
            ),
            fields: self.fields.iter().filter(|key| base::text::is_slug(key)).cloned().collect(),
            files: self.files.clone(),
            articles,
        };
        match issuer {
            Some(issuer) if errors.is_empty() => Ok(Draft { sheet, issuer }),
            _ => Err(Error::Invalid(errors)),
        }
    }

    fn number(&self, errors: &mut FieldErrors) -> Numbered {
        let number = Numbered::read(&self.number);
        if number.is_none() {
            let message = Message::new("document.number_malformed").with("text", &self.number);
            errors.insert("number".into(), message);
        }
        number.unwrap_or_default()
    }

    fn issuer(&self, errors: &mut FieldErrors) -> Option<Issuer> {
        let name = line("issuer_name", &self.issuer_name, MAX_LINE, errors);
        let known = IssuerId::parse(&self.issuer);
        let (issuer, wrong) = match (known, name.is_empty()) {
            (Some(id), true) => (Some(Issuer::Known(id)), None),
            (None, false) => (Some(Issuer::New(name)), None),
            (Some(_), false) => (None, Some("document.issuer_two")),
            (None, true) => (None, Some("document.issuer_missing")),
        };
        errors.extend(wrong.map(|key| ("issuer".into(), Message::new(key))));
        issuer
    }

    fn articles(&self, errors: &mut FieldErrors) -> Vec<Article> {
        let length = self.text.chars().count();
        if length > MAX_TEXT {
            let message = Message::new("too_long_now").with("max", MAX_TEXT).with("now", length);
            errors.insert("text".into(), message);
            return Vec::new();
        }
        text::articles(&self.text)
    }

    fn details(&self, words: &Vocabulary, errors: &mut FieldErrors) -> Details {
        let scope = base::text::block(&self.scope);
        let scope = scope.lines().map(base::text::line).filter(|it| !it.is_empty());
        let reason = ExpiryReason::parse(&self.expiry_reason);
        if reason.is_none() && !self.expiry_reason.is_empty() {
            errors.insert("expiry_reason".into(), "document.unknown_choice".into());
        }
        let details = Details {
            place: line("place", &self.place, MAX_LINE, errors),
            signer: line("signer", &self.signer, MAX_LINE, errors),
            signer_title: line("signer_title", &self.signer_title, MAX_LINE, errors),
            mode: choice("mode", &self.mode, &words.modes, errors),
            expiry_reason: reason,
            gazette: line("gazette", &self.gazette, MAX_LINE, errors),
            gazette_day: day("gazette_day", &self.gazette_day, errors),
            scope: scope.take(MAX_SCOPE).collect(),
            national_id: line("national_id", &self.national_id, MAX_LINE, errors),
            national_url: line("national_url", &self.national_url, MAX_LINE, errors),
        };
        if details.link().is_none() && !details.national_url.is_empty() {
            errors.insert("national_url".into(), "document.link_malformed".into());
        }
        details
    }
}

/// A line that is not too long.
pub(super) fn line(
    name: &'static str,
    typed: &str,
    max: usize,
    errors: &mut FieldErrors,
) -> String {
    let line = base::text::line(typed);
    if line.chars().count() > max {
        errors.insert(name.into(), Message::new("too_long").with("max", max));
    }
    line
}

/// A day, in either spelling; nothing typed is no day.
pub(super) fn day(name: &'static str, typed: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let typed = base::text::line(typed);
    let day = base::time::parse_date(&typed);
    if day.is_none() && !typed.is_empty() {
        errors.insert(name.into(), Message::new("document.day_malformed").with("text", typed));
    }
    day
}

fn choice(
    name: &'static str,
    typed: &str,
    marks: &[crate::vocabulary::Mark],
    errors: &mut FieldErrors,
) -> String {
    if !typed.is_empty() && !marks.iter().any(|mark| mark.key == typed) {
        errors.insert(name.into(), "document.unknown_choice".into());
    }
    typed.to_owned()
}
