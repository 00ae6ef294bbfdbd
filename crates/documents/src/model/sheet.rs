//! A document as it is about to be saved.

use base::Number;
use chrono::{Datelike, NaiveDate};

use super::{Article, Details, Register};
use crate::IssuerId;

/// Everything a person or an import says of a document.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The register it stands in.
    pub register: Register,
    /// A key of `config/documents/types.toml`.
    pub type_key: String,
    /// Its number and symbol.
    pub number: Numbered,
    /// Who issued it.
    pub issuer: IssuerId,
    /// The day of issue.
    pub issued: Option<NaiveDate>,
    /// The first day in force.
    pub effective: Option<NaiveDate>,
    /// The first day no longer in force.
    pub expiry: Option<NaiveDate>,
    /// Trích yếu.
    pub summary: String,
    /// A key of `config/documents/marks.toml`; empty for none.
    pub urgency: String,
    /// Not of general application.
    pub internal: bool,
    /// Made in the short procedure.
    pub short_procedure: bool,
    /// What is told and never searched by.
    pub details: Details,
    /// Why it may share issuer, number and year with another; empty when it does not.
    pub duplicate_reason: String,
    /// Keys of `config/documents/fields.toml`.
    pub fields: Vec<String>,
    /// Keys of its files, in their order.
    pub files: Vec<media::FileId>,
    /// Its text.
    pub articles: Vec<Article>,
}

/// A number as documents keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbered {
    /// In official spelling; what was typed where it is no number we know.
    pub shown: String,
    /// [`Number::key`]; empty where there is none.
    pub key: String,
    /// [`Number::short_key`]; empty where there is none.
    pub short_key: String,
    /// The year inside it.
    pub year: Option<u16>,
    /// Whether the office has not numbered the document yet.
    pub pending: bool,
    /// Its address, empty where it has none of its own.
    pub slug: String,
}

impl Numbered {
    /// Reads a number as it was typed. `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let text = base::text::line(text);
        if text.is_empty() {
            return Some(Self::default());
        }
        let number = Number::parse(&text)?;
        Some(Self {
            shown: number.to_string(),
            key: number.key(),
            short_key: number.short_key(),
            year: number.year(),
            pending: number.is_pending(),
            slug: match number.has_symbol() && !number.is_pending() {
                true => number.slug(),
                false => String::new(),
            },
        })
    }
}

impl Sheet {
    /// The year it belongs to: of its number, else of its issue; 0 for neither.
    pub fn year(&self) -> i32 {
        let issued = self.issued.map(|day| day.year());
        self.number.year.map(i32::from).or(issued).unwrap_or_default()
    }

    /// What its address is made of: the number where it tells documents apart, else more.
    pub fn slug(&self) -> String {
        let number = &self.number;
        match (number.slug.is_empty(), number.shown.is_empty() || number.pending) {
            (false, _) => number.slug.clone(),
            (true, true) => base::text::slug(&self.summary, 60),
            (true, false) => {
                let name = format!("{} {} {}", self.type_key, number.shown, self.year());
                base::text::slug(&name, 80)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_in_official_spelling() {
        let number = Numbered::read("qđ 519-qd-ubnd").unwrap();
        assert_eq!((number.shown.as_str(), number.slug.as_str()), ("519/QĐ-UBND", "519-qd-ubnd"));
        assert_eq!(Numbered::read(" "), Some(Numbered::default()));
        assert_eq!(Numbered::read("kế hoạch năm"), None);
        let pending = Numbered::read("Số:   /UBND-VHTT").unwrap();
        assert!(pending.pending && pending.slug.is_empty());
    }
}
