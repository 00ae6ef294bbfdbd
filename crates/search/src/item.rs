//! What can be found: one item for each subject, and the changes that keep the index in step.

use base::{Locale, SiteId};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Something public that a visitor may look for. A subject has one item: its files are parts of
/// it, and another language is another subject.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is about: the id of the entry, document, section, person.
    pub subject: Uuid,
    /// The site it belongs to.
    pub site: SiteId,
    /// The portal of that site; the site itself when it is the portal.
    pub portal: SiteId,
    /// Other sites that show it.
    pub shown_on: Vec<SiteId>,
    /// What sort of thing it is, in the caller's words: `document`, `news`.
    pub kind: String,
    /// The language it is in.
    pub locale: Locale,
    /// Its address on its site, from the first slash. The index does not keep it.
    pub url: String,
    /// What stands in front of the title where one calls it by its whole name: `Luật`; empty
    /// where nothing does.
    pub forename: String,
    /// What it is called; for a document, its abstract.
    pub title: String,
    /// What else is found but belongs to no part: the names of type, issuer, signer.
    pub keywords: String,
    /// A few sentences about it.
    pub summary: String,
    /// Its text.
    pub body: String,
    /// The texts of its files.
    pub parts: Vec<Part>,
    /// The number and symbol of a document.
    pub number: Option<String>,
    /// The type of a document.
    pub doc_type: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// The fields it belongs to.
    pub fields: Vec<String>,
    /// The year it counts to.
    pub year: Option<u16>,
    /// Whether it is in force.
    pub effect: Option<String>,
    /// When it was issued or published; newest first goes by it.
    pub date: DateTime<Utc>,
}

impl Item {
    /// An item with a name and nothing else.
    pub fn new(subject: Uuid, site: SiteId, kind: &str, title: &str, date: DateTime<Utc>) -> Self {
        Self {
            subject,
            site,
            portal: site,
            shown_on: Vec::new(),
            kind: kind.to_owned(),
            locale: Locale::Vi,
            url: String::new(),
            forename: String::new(),
            title: title.to_owned(),
            keywords: String::new(),
            summary: String::new(),
            body: String::new(),
            parts: Vec::new(),
            number: None,
            doc_type: None,
            issuer: None,
            fields: Vec::new(),
            year: None,
            effect: None,
            date,
        }
    }

    /// The whole name: `Luật Thương mại`.
    pub fn name(&self) -> String {
        whole_name(&self.forename, &self.title)
    }
}

/// A title with what stands in front of it, unless it begins so already.
pub(crate) fn whole_name(forename: &str, title: &str) -> String {
    if forename.is_empty() || title.to_lowercase().starts_with(&forename.to_lowercase()) {
        return title.to_owned();
    }
    format!("{forename} {title}")
}

/// A page of a file, or a whole file that has no pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the file. Neighbours with the same name are read as one text.
    pub label: String,
    /// The page, counted from 1.
    pub page: Option<u32>,
    /// Where the item's page shows it: `tep-1-trang-2`; empty where it does not.
    pub anchor: String,
    /// What it says.
    pub text: String,
}

/// A step that the index takes after the database.
#[derive(Clone, Debug)]
pub enum Change {
    /// The subject is public and reads like this now.
    Put(Box<Item>),
    /// The subject is not public any more.
    Remove(Uuid),
}

impl Change {
    /// What it is about.
    pub fn subject(&self) -> Uuid {
        match self {
            Self::Put(item) => item.subject,
            Self::Remove(subject) => *subject,
        }
    }
}

/// How far an index has followed the database.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Position {
    /// The last row of the outbox that it has read.
    pub outbox: i64,
    /// The day for which it is right: a document's effect changes at midnight without a row.
    pub day: NaiveDate,
}

/// A property by which results are counted and narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// What sort of thing it is.
    Kind,
    /// The type of document.
    Type,
    /// Who issued it.
    Issuer,
    /// The field it belongs to.
    Field,
    /// The year.
    Year,
    /// Whether it is in force.
    Effect,
    /// The site it belongs to.
    Site,
    /// The language.
    Locale,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 8] = [
        Self::Kind,
        Self::Type,
        Self::Issuer,
        Self::Field,
        Self::Year,
        Self::Effect,
        Self::Site,
        Self::Locale,
    ];

    /// The facet spelled `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str() == text)
    }

    /// Its spelling in addresses and in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Type => "type",
            Self::Issuer => "issuer",
            Self::Field => "field",
            Self::Year => "year",
            Self::Effect => "effect",
            Self::Site => "site",
            Self::Locale => "locale",
        }
    }
}
