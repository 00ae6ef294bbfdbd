//! What a translation must have in common with its source, and Vietnamese left in it. Findings
//! are remarks for a person: none forbids anything.

mod facts;
mod left;

use std::{collections::BTreeMap, ops::Range};

use base::Message;

pub(crate) use facts::vietnamese_number;
use facts::{Fact, Language, Value};

use crate::{terms::Terms, write::Names};

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A number, percents and amounts among them.
    Number,
    /// A day, a month of a year, a day of a month.
    Date,
    /// An hour.
    Time,
    /// The number of a document.
    Document,
    /// A link.
    Link,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A term of the term base: see [`crate::terms::Kind::is_official`].
    Term,
    /// Vietnamese left in the English text.
    Vietnamese,
    /// A name with accents where the site writes names without.
    Accents,
}

impl Kind {
    /// Its spelling in keys of `message.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Time => "time",
            Self::Document => "document",
            Self::Link => "link",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Term => "term",
            Self::Vietnamese => "vietnamese",
            Self::Accents => "accents",
        }
    }
}

/// Something a translator should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was compared.
    pub kind: Kind,
    /// Where it stands in the source, in bytes; `None` when only the translation has it.
    pub source: Option<Range<usize>>,
    /// Where it stands in the translation, in bytes; `None` when it is absent there.
    pub translation: Option<Range<usize>>,
    /// What to tell the translator: keys below `mirror.check`.
    pub message: Message,
}

/// Compares a Vietnamese text with its English translation, both Markdown. In the order of the
/// source, then of the translation.
pub fn compare(terms: &Terms, source: &str, translation: &str, names: Names) -> Vec<Finding> {
    let mut findings = facts(source, translation);
    findings.extend(absent_terms(terms, source, translation, names));
    findings.extend(left::find(terms, translation, names));
    findings.sort_by_key(|it| {
        let at = |range: &Option<Range<usize>>| range.as_ref().map(|range| range.start);
        (at(&it.source).unwrap_or(usize::MAX), at(&it.translation))
    });
    findings
}

/// Facts that one side has and the other has not, or not as often.
fn facts(source: &str, translation: &str) -> Vec<Finding> {
    let said = facts::find(source, Language::Vietnamese);
    let mut written: BTreeMap<Value, Vec<Fact>> = BTreeMap::new();
    for fact in facts::find(translation, Language::English) {
        written.entry(fact.value.clone()).or_default().push(fact);
    }
    let mut findings = Vec::new();
    let mut absent: BTreeMap<Value, bool> = BTreeMap::new();
    for fact in said {
        // Saying a fact once is enough for all the times the source says it: English has "it".
        let is_absent = *absent
            .entry(fact.value.clone())
            .or_insert_with(|| written.remove(&fact.value).is_none());
        if is_absent {
            findings.push(Finding {
                kind: fact.kind(),
                message: message(fact.kind(), "absent", source, &fact.range),
                source: Some(fact.range),
                translation: None,
            });
        }
    }
    let added = written.into_values().flatten().filter(|fact| !fact.is_word);
    findings.extend(added.map(|fact| Finding {
        kind: fact.kind(),
        message: message(fact.kind(), "added", translation, &fact.range),
        source: None,
        translation: Some(fact.range),
    }));
    findings
}

/// `mirror.check.number_absent` and its like.
fn message(kind: Kind, what: &str, text: &str, range: &Range<usize>) -> Message {
    let words = text.get(range.clone()).unwrap_or_default();
    Message::new(format!("mirror.check.{}_{what}", kind.as_str())).with("words", words)
}

fn absent_terms(
    terms: &Terms,
    source: &str,
    translation: &str,
    names: Names,
) -> impl Iterator<Item = Finding> {
    let absent = terms.absent(source, translation, names).into_iter();
    absent.filter(|it| it.kind.is_official()).map(move |it| Finding {
        kind: Kind::Term,
        message: message(Kind::Term, "absent", source, &it.range).with("english", it.english),
        source: Some(it.range),
        translation: None,
    })
}
