//! The term base: names, titles and documents in the English the state uses. Data, not code: no
//! term is named here.
//!
//! A term may have slots: `Ủy ban nhân dân {unit}` holds any term of the kind `unit`, `xã {name}`
//! a proper name. So names are composed, and English has its own order: `xã Trà Sơn` is
//! `Trà Sơn Commune`.

mod check;
mod find;
mod labels;
mod load;
mod parts;
mod trie;
mod words;

use std::{collections::HashMap, fmt, ops::Range};

pub use check::{Absent, Suggestion};
pub use load::{Fault, Problem, own_term};

use crate::write::Names;
use trie::Trie;

/// What a term names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An administrative unit.
    Unit,
    /// A part of an address.
    Place,
    /// A body of the state.
    Body,
    /// A department, division, centre or office.
    Office,
    /// What a person is.
    Title,
    /// The Party, the Front, a union, and their titles.
    Party,
    /// A type of document, or a fact about one.
    Document,
    /// A word of procedures and services.
    Procedure,
    /// A section of a site or a label.
    Section,
    /// A phrase of laws and reports.
    Phrase,
}

impl Kind {
    /// Every kind, in the order of the data file.
    pub const ALL: [Self; 10] = [
        Self::Unit,
        Self::Place,
        Self::Body,
        Self::Office,
        Self::Title,
        Self::Party,
        Self::Document,
        Self::Procedure,
        Self::Section,
        Self::Phrase,
    ];

    /// Its spelling in the data file and in slots.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Place => "place",
            Self::Body => "body",
            Self::Office => "office",
            Self::Title => "title",
            Self::Party => "party",
            Self::Document => "document",
            Self::Procedure => "procedure",
            Self::Section => "section",
            Self::Phrase => "phrase",
        }
    }

    /// The kind spelled `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether a translation has to use the term: names and titles have one English, other words
    /// may be said in several ways.
    pub fn is_official(self) -> bool {
        matches!(self, Self::Unit | Self::Body | Self::Office | Self::Title | Self::Party)
    }
}

/// What stands in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A proper name: capitalised words.
    Name,
    /// A number, perhaps with a letter: `12A`.
    Number,
    /// A term of a kind.
    Term(Kind),
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Number => "number",
            Self::Term(kind) => kind.as_str(),
        })
    }
}

/// One term, as the data file has it.
#[derive(Clone, Debug)]
pub struct Term {
    /// The line of the data file, from 1.
    pub line: usize,
    /// What it names.
    pub kind: Kind,
    /// The Vietnamese, with its slots: `Chủ tịch {body}`.
    pub vi: String,
    /// Abbreviations and other spellings of the Vietnamese.
    pub spellings: Vec<String>,
    /// The English to write, with the same slots.
    pub en: String,
    /// Several of them, when adding an `s` is not enough.
    pub plural: Option<String>,
    /// Other English that a translation may have instead.
    pub accept: Vec<String>,
    /// Where the English comes from; `BNG` is Circular 03/2009/TT-BNG.
    pub source: Option<String>,
    /// What an editor should know of it.
    pub note: Option<String>,
}

/// A term a province adds to the data file, or puts in the place of one of its terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// What it names.
    pub kind: Kind,
    /// The Vietnamese, with its slots.
    pub vi: String,
    /// The English to write, with the same slots.
    pub en: String,
    /// Other English that a translation may have instead.
    pub accept: Vec<String>,
}

/// A term that stands in a text.
#[derive(Clone, Debug)]
pub struct Hit<'t> {
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// The outermost term.
    pub term: &'t Term,
    /// Its English, slots filled.
    pub english: String,
}

/// The term base, ready to search.
#[derive(Debug)]
pub struct Terms {
    terms: Vec<Term>,
    /// The English sides of each term, taken apart: the one to write, then the accepted ones.
    english: Vec<Vec<English>>,
    /// Spellings by their words with accents.
    accented: Trie,
    /// Spellings by their words without accents, for texts that have none.
    plain: Trie,
    /// Labels that are data, by their exact text.
    labels: HashMap<String, String>,
}

/// An English side: words and the slots between them.
#[derive(Clone, Debug)]
struct English(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// The place of the slot among those of the Vietnamese side.
    Slot(usize),
}

impl Terms {
    /// Every term, in the order of the file.
    pub fn all(&self) -> &[Term] {
        &self.terms
    }

    /// The terms in a running text, from left to right, the longest at each place, none within
    /// another. A text without a single accent is read without them.
    pub fn find(&self, text: &str, names: Names) -> Vec<Hit<'_>> {
        let parse = find::parse(self, text, find::Mode::Running);
        let tops = parse.tops();
        let hit = |(at, found): (usize, &find::Match)| {
            let term = self.terms.get(found.term)?;
            let range = parse.range(at, found.end)?;
            Some(Hit { range, term, english: parse.english(found, names) })
        };
        tops.into_iter().filter_map(hit).collect()
    }

    /// The English of a text that is one name or label and nothing more: `UBND xã Trà Sơn`. `None`
    /// when the term base does not know it whole.
    pub fn translate(&self, text: &str, names: Names) -> Option<String> {
        if let Some(label) = self.label(text) {
            return Some(names.write(label));
        }
        let parse = find::parse(self, text, find::Mode::Whole);
        parse.whole().map(|found| parse.english(found, names))
    }
}
