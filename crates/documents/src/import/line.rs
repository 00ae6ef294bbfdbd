//! A line of an import: what is written there, and the sheet it makes.

use std::{path::PathBuf, sync::Arc};

use base::Message;
use chrono::{Datelike, NaiveDate};
use media::incoming::Incoming;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    DocumentId, IssuerId, Vocabulary, loose,
    model::{
        Article, Details, Numbered, Register, Sheet, State,
        titles::{self, Found},
    },
    vocabulary::folded,
};

/// A document as a file has it. What a file does not tell is empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    /// Its number.
    #[serde(deserialize_with = "loose::text")]
    pub number: String,
    /// The name of its type.
    #[serde(rename = "type", deserialize_with = "loose::text")]
    pub kind: String,
    /// The name of its issuer.
    #[serde(deserialize_with = "loose::text")]
    pub issuer: String,
    /// Trích yếu.
    #[serde(deserialize_with = "loose::text")]
    pub title: String,
    /// The day of issue.
    pub issued: Option<String>,
    /// The first day in force.
    pub effective: Option<String>,
    /// The first day no longer in force.
    pub expiry: Option<String>,
    /// The field it belongs to, by key or name.
    #[serde(deserialize_with = "loose::text")]
    pub field: String,
    /// Who signed.
    #[serde(deserialize_with = "loose::text")]
    pub signer: String,
    /// In what office.
    #[serde(deserialize_with = "loose::text")]
    pub signer_title: String,
    /// How secret the register says it is; nothing for what is not.
    #[serde(deserialize_with = "loose::text")]
    pub secrecy: String,
    /// Its text.
    #[serde(deserialize_with = "loose::or_nothing")]
    pub articles: Vec<Article>,
    /// Where its files lie.
    #[serde(skip)]
    pub paths: Vec<PathBuf>,
    /// What tells whether the line has changed; that of a row is made of its files as well.
    #[serde(skip)]
    pub digest: String,
    /// The row of a register, as it is written there.
    #[serde(skip)]
    pub row: String,
}

/// What recognises a line the next time, and the same as if it had no day, as it may have come
/// before.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) key: String,
    pub(super) undated: String,
}

/// The longest abstract, in characters.
const MAX_SUMMARY: usize = 2000;

/// The longest name of an issuer, in characters.
const MAX_ISSUER: usize = 300;

/// A line that is ready to be written.
#[derive(Debug)]
pub struct Prepared {
    /// The key its document gets.
    pub id: DocumentId,
    /// What recognises the line the next time.
    pub key: String,
    /// The same as if it had no day, as it may have come before.
    pub undated_key: String,
    /// What tells whether it has changed.
    pub digest: String,
    /// What it says.
    pub sheet: Sheet,
    /// Its files, as they arrived.
    pub files: Arc<[Incoming]>,
    /// Who issued it, by name.
    pub issuer: String,
    /// The relations its abstract tells of.
    pub relations: Vec<Found>,
    /// Whether the public may read it.
    pub state: State,
    /// Its address.
    pub slug: String,
}

impl Line {
    /// Why the line cannot be taken.
    pub(super) fn refusal(&self, words: &Vocabulary) -> Option<Message> {
        let long = |text: &str, max: usize| text.chars().count() > max;
        let reason = |key: &'static str| Some(Message::new(key));
        let days = [&self.issued, &self.effective, &self.expiry];
        let broken =
            days.into_iter().flatten().find(|it| !it.is_empty() && day(Some(it)).is_none());
        if let Some(text) = broken {
            return Some(Message::new("document_import.day").with("text", text));
        }
        let summary = base::text::line(&self.title);
        if summary.is_empty() || long(&summary, MAX_SUMMARY) {
            return Some(Message::new("document_import.title").with("max", MAX_SUMMARY));
        }
        if folded(&self.issuer).is_empty() || long(&self.issuer, MAX_ISSUER) {
            return reason("document_import.issuer");
        }
        let Some(number) = Numbered::read(&self.number) else {
            return Some(Message::new("document_import.number").with("text", &self.number));
        };
        let parsed = base::Number::parse(&number.shown);
        if words.type_named(&self.kind, parsed.as_ref()).is_none() {
            return Some(Message::new("document_import.type").with("text", &self.kind));
        }
        if let Some(mark) = words.secrecy.column(&self.secrecy) {
            return Some(Message::new("document.secret").with("mark", mark));
        }
        let top: String = self.articles.iter().take(2).map(|it| format!("{}\n", it.text)).collect();
        let mark = words.secrecy.mark(&summary, &top)?;
        Some(Message::new("document.secret").with("mark", mark))
    }

    /// What tells whether a row or one of its files has changed: `files` are their digests.
    pub(super) fn seal(&self, files: &[String]) -> String {
        let identity = files.iter().fold(self.row.clone(), |all, file| all + "|" + file);
        digest(identity.as_bytes())
    }

    /// What recognises the line.
    pub(super) fn keys(&self) -> Keys {
        let number = Numbered::read(&self.number).unwrap_or_default();
        let issued = day(self.issued.as_deref()).map(|day| day.year());
        let of_number = number.year.map(i32::from);
        let identity = |year: i32| {
            let summary = folded(&base::text::line(&self.title));
            let parts = [folded(&self.issuer), number.key.clone(), year.to_string(), summary];
            digest(parts.join("|").as_bytes())
        };
        Keys {
            key: identity(of_number.or(issued).unwrap_or_default()),
            undated: identity(of_number.unwrap_or_default()),
        }
    }

    /// The line as it will be written. It was not refused.
    pub(super) fn prepare(
        self,
        words: &Vocabulary,
        issuer: IssuerId,
        files: Arc<[Incoming]>,
    ) -> Prepared {
        let keys = self.keys();
        let number = Numbered::read(&self.number).unwrap_or_default();
        let parsed = base::Number::parse(&number.shown);
        let kind = words.type_named(&self.kind, parsed.as_ref());
        let register = kind.map_or(Register::Administrative, |it| it.register);
        let summary = base::text::line(&self.title);
        let issued = day(self.issued.as_deref());
        let effective = day(self.effective.as_deref());
        let sheet = Sheet {
            register,
            type_key: kind.map(|it| it.key.clone()).unwrap_or_default(),
            issuer,
            issued,
            // An administrative document holds from the day it is signed unless it says otherwise.
            effective: effective.or(issued.filter(|_| register == Register::Administrative)),
            expiry: day(self.expiry.as_deref()),
            urgency: String::new(),
            internal: false,
            short_procedure: false,
            details: Details {
                signer: base::text::line(&self.signer),
                signer_title: base::text::line(&self.signer_title),
                ..Details::default()
            },
            duplicate_reason: String::new(),
            fields: words.field_named(&self.field).into_iter().collect(),
            files: Vec::new(),
            articles: self
                .articles
                .into_iter()
                .map(tidy)
                .filter(|it| !it.text.is_empty())
                .collect(),
            summary,
            number,
        };
        Prepared {
            id: DocumentId::new(),
            key: keys.key,
            undated_key: keys.undated,
            digest: self.digest,
            relations: titles::relations(&sheet.summary),
            state: State::Published,
            slug: String::new(),
            issuer: base::text::line(&self.issuer),
            files,
            sheet,
        }
    }
}

fn day(text: Option<&str>) -> Option<NaiveDate> {
    text.and_then(|text| base::time::parse_date(text.trim()))
}

/// An article as it is kept.
fn tidy(article: Article) -> Article {
    Article {
        no: base::text::line(&article.no),
        heading: base::text::line(&article.heading),
        text: base::text::block(&article.text).trim().to_owned(),
    }
}

/// What is equal for equal bytes only.
pub(crate) fn digest(bytes: &[u8]) -> String {
    base::hex(&Sha256::digest(bytes))
}
