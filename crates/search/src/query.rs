//! What a visitor asks for, and what they get.

use std::{collections::BTreeMap, sync::Arc};

use base::SiteId;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{item::Facet, mark::Marker};

/// The deepest place in a list that [`Start::At`] reaches; a [`Cursor`] goes on without an end.
pub const DEEPEST: usize = 10_000;
/// The most hits in one answer.
pub const MOST: usize = 100;

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// What was typed, however it was typed. An empty text lists everything; one without a word
    /// finds nothing.
    pub text: String,
    /// Where to look.
    pub scope: Scope,
    /// The portal of the province in which it is asked: former units of others mean nothing here.
    pub portal: Option<SiteId>,
    /// What the results are narrowed to: any of the values of each facet.
    pub filters: BTreeMap<Facet, Vec<String>>,
    /// What comes first.
    pub order: Order,
    /// Where the page begins.
    pub start: Start,
    /// How many hits it has; at most [`MOST`].
    pub size: usize,
}

/// Where a question looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// In everything that is indexed.
    #[default]
    Everywhere,
    /// In a portal and all its components.
    Portal(SiteId),
    /// In what these sites own or show.
    Sites(Vec<SiteId>),
}

/// What comes first in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What answers the question best.
    #[default]
    Relevance,
    /// What is newest.
    Newest,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// After so many hits; at most [`DEEPEST`].
    At(usize),
    /// Where the page before ended.
    After(Cursor),
}

impl Default for Start {
    fn default() -> Self {
        Self::At(0)
    }
}

/// The end of a page. Whoever goes on from here sees nothing twice, as long as nothing changes
/// in between; in the order of dates not even then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// Among the hits that were weighed, after so many.
    Weighed(usize),
    /// Among the rest, which is listed by date: after this one.
    Listed {
        /// Its time, in seconds.
        date: i64,
        /// Its subject.
        subject: Uuid,
    },
}

impl Cursor {
    /// The cursor in the spelling of addresses; `None` when `text` is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('-')?;
        match kind {
            "w" => rest.parse().ok().filter(|at| *at <= DEEPEST).map(Self::Weighed),
            "l" => {
                let (date, subject) = rest.rsplit_once('.')?;
                let (date, subject) = (date.parse().ok()?, Uuid::try_parse(subject).ok()?);
                Some(Self::Listed { date, subject })
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Weighed(at) => write!(f, "w-{at}"),
            Self::Listed { date, subject } => write!(f, "l-{date}.{}", subject.simple()),
        }
    }
}

/// The answer to a question.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many there are in all, counted exactly.
    pub total: u64,
    /// One page of them.
    pub hits: Vec<Hit>,
    /// How many there are of each value. The counts of a facet ignore its own filter, so that
    /// each is the length of the list one gets by choosing that value alone.
    pub facets: BTreeMap<Facet, Vec<Count>>,
    /// What had to be forgiven to find anything.
    pub leniency: Leniency,
    /// The numbers that were asked for and that no document in scope has, in their official
    /// spelling.
    pub missing: Vec<String>,
    /// Whether there was something typed without a word in it, so that nothing was looked for.
    pub is_wordless: bool,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// Marks the words that were found in the texts of the hits.
    pub marker: Marker,
}

/// One result. Its texts are in the database, which also knows whether it is still public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is about.
    pub subject: Uuid,
    /// The site it belongs to.
    pub site: SiteId,
    /// What sort of thing it is.
    pub kind: Arc<str>,
    /// When it was issued or published.
    pub date: DateTime<Utc>,
}

/// How many hits share a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The value.
    pub value: Arc<str>,
    /// How many have it.
    pub hits: u64,
}

/// What was forgiven because nothing matched as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Leniency {
    /// Nothing: the results have all that was asked for.
    #[default]
    None,
    /// Words with one wrong letter were read as others.
    Typo(Vec<(String, String)>),
    /// These words were not asked for any more: the commonest of a long question.
    Relaxed(Vec<String>),
}

/// A completion of what is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The title or number that it leads to.
    pub text: String,
    /// Whose title or number it is.
    pub subject: Uuid,
    /// The site it belongs to.
    pub site: SiteId,
    /// What sort of thing it is.
    pub kind: Arc<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_an_address_and_nothing_else_is_one() {
        let listed = Cursor::Listed { date: -5, subject: Uuid::from_u128(7) };
        for cursor in [Cursor::Weighed(20), listed] {
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        for bad in ["", "w", "w-", "w--1", "w-10001", "l-1", "l-1.x", "x-1", "l-é.1"] {
            assert_eq!(Cursor::parse(bad), None, "{bad}");
        }
    }
}
