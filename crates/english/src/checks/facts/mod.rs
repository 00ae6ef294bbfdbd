//! Facts of a text that a translation must not lose, each in one form for both languages.

mod marks;
mod numbers;
mod times;
mod tokens;

use std::ops::Range;

pub(crate) use numbers::vietnamese_number;
use tokens::Token;

use super::Kind;

/// How numbers and days are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Vietnamese,
    English,
}

/// A fact, equal for all its spellings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    /// Digits with a decimal point at most, or the text itself when it is no clean number.
    Number(String),
    Date {
        day: Option<u32>,
        month: u32,
        year: Option<i32>,
    },
    Time {
        hour: u32,
        minute: u32,
    },
    Document(String),
    Link(String),
    Email(String),
    /// Digits without the country and the zero before the area.
    Phone(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) range: Range<usize>,
    pub(super) value: Value,
    /// A word that may be meant as a fact: `three`, `March`. It answers one, and is none itself.
    pub(super) is_word: bool,
}

impl Fact {
    pub(super) fn kind(&self) -> Kind {
        match self.value {
            Value::Number(_) => Kind::Number,
            Value::Date { .. } => Kind::Date,
            Value::Time { .. } => Kind::Time,
            Value::Document(_) => Kind::Document,
            Value::Link(_) => Kind::Link,
            Value::Email(_) => Kind::Email,
            Value::Phone(_) => Kind::Phone,
        }
    }
}

/// The facts of a text, in its order.
pub(super) fn find(text: &str, language: Language) -> Vec<Fact> {
    let mut facts = marks::find(text);
    let tokens = tokens::tokens(text, &facts);
    let mut at = 0;
    while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let (value, taken, is_word) = read(rest, before, language).unwrap_or((None, 1, false));
        if let (Some(value), Some(range)) = (value, range(rest, taken)) {
            facts.push(Fact { range, value, is_word });
        }
        at += taken.max(1);
    }
    facts.sort_by_key(|fact| fact.range.start);
    facts
}

/// A value, how many tokens it took, and whether it is but a word.
type Read = (Option<Value>, usize, bool);

fn read(rest: &[Token<'_>], before: Option<&Token<'_>>, language: Language) -> Option<Read> {
    let found = |(value, taken)| (Some(value), taken, false);
    times::date(rest, before, language)
        .or_else(|| times::time(rest, before, language))
        .or_else(|| numbers::phone(rest))
        .map(found)
        .or_else(|| times::bare_month(rest, language))
        .or_else(|| numbers::number(rest, language))
}

fn range(tokens: &[Token<'_>], taken: usize) -> Option<Range<usize>> {
    let last = tokens.get(taken.checked_sub(1)?)?;
    Some(tokens.first()?.range.start..last.range.end)
}
