//! Translations as XLIFF 2.1 files, for translation offices that work in their own tools.
//!
//! A file is one edition of one entry of one site; its units are the pieces of
//! [`crate::blocks::Content::pieces`]. Markdown is kept as text. What comes back is read without
//! any trust: no DTD, no entities, bounded size and depth, and it fits only what it was made from.

mod accept;
mod read;
mod write;

use base::{EntryId, Message, SiteId};

pub use accept::{Received, accept};
pub use read::read;
pub use write::write;

/// Bytes of a file at most.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Units of a file at most.
pub const MAX_UNITS: usize = 20_000;

/// The pieces of an edition with what has been translated of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The site of the source.
    pub site: SiteId,
    /// The Vietnamese entry.
    pub entry: EntryId,
    /// The number of its edition.
    pub edition: i32,
    /// Its pieces, in the order of reading.
    pub units: Vec<Unit>,
}

/// A piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The id of the piece.
    pub id: String,
    /// The Vietnamese, Markdown.
    pub source: String,
    /// The English, Markdown; empty when there is none.
    pub target: String,
    /// How far the English is.
    pub state: State,
}

/// How far a translation is, in the words of XLIFF 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not begun.
    #[default]
    Initial,
    /// Translated.
    Translated,
    /// Read by somebody else.
    Reviewed,
    /// Ready.
    Final,
}

impl State {
    /// Every state, from the first.
    pub const ALL: [Self; 4] = [Self::Initial, Self::Translated, Self::Reviewed, Self::Final];

    /// Its spelling in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Translated => "translated",
            Self::Reviewed => "reviewed",
            Self::Final => "final",
        }
    }

    /// The state spelled `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Why a file is not taken. Nothing of it is used then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has more than [`MAX_BYTES`] or [`MAX_UNITS`].
    TooLarge,
    /// It is not UTF-8.
    Encoding,
    /// It is no XML; the line of the fault, from 1.
    Broken(usize),
    /// It has a DTD, or entities of its own.
    Entities,
    /// It is XML, but not XLIFF 2.
    NotXliff,
    /// It is not from Vietnamese into English.
    Languages,
    /// It was not exported here: it does not say from what.
    Origin,
    /// It is of another site.
    OtherSite,
    /// It is of another entry.
    OtherEntry,
    /// The entry has no such edition.
    UnknownEdition(i32),
    /// The edition it was made from has no such piece.
    UnknownUnit(String),
    /// A unit stands in it twice.
    Repeated(String),
}

impl Refusal {
    /// What to tell whoever sent the file.
    pub fn message(&self) -> Message {
        match self {
            Self::TooLarge => Message::new("mirror.xliff.too_large"),
            Self::Encoding => Message::new("mirror.xliff.encoding"),
            Self::Broken(line) => Message::new("mirror.xliff.broken").with("line", line),
            Self::Entities => Message::new("mirror.xliff.entities"),
            Self::NotXliff => Message::new("mirror.xliff.not_xliff"),
            Self::Languages => Message::new("mirror.xliff.languages"),
            Self::Origin => Message::new("mirror.xliff.origin"),
            Self::OtherSite => Message::new("mirror.xliff.other_site"),
            Self::OtherEntry => Message::new("mirror.xliff.other_entry"),
            Self::UnknownEdition(number) => {
                Message::new("mirror.xliff.unknown_edition").with("number", number)
            }
            Self::UnknownUnit(id) => Message::new("mirror.xliff.unknown_unit").with("id", id),
            Self::Repeated(id) => Message::new("mirror.xliff.repeated").with("id", id),
        }
    }
}

/// The namespace of XLIFF 2.0 and 2.1; that of 2.2 ends in its own number.
const NAMESPACE: &str = "urn:oasis:names:tc:xliff:document:2.";

/// A text as a file can hold it: line ends alike, without the characters XML forbids.
pub fn sendable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_allowed = |c: &char| match c {
        '\n' | '\t' => true,
        c => !(c.is_ascii_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}')),
    };
    text.chars().filter(is_allowed).collect()
}
