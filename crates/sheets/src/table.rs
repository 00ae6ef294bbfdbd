//! A list to be written as a file.

use chrono::{NaiveDate, NaiveDateTime};

/// A list with a title, as it is printed, posted or sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The name of the sheet; what a sheet's name may not have is left out.
    pub name: String,
    /// Lines above the list: what it is, whose, as of when.
    pub title: Vec<String>,
    /// The columns.
    pub headings: Vec<Heading>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// When it was made; part of the file, so that the same list is the same file.
    pub made: NaiveDateTime,
}

/// A column of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// What stands above it.
    pub name: String,
    /// How many letters wide it is.
    pub width: u16,
}

impl Heading {
    /// A column `width` letters wide.
    pub fn new(name: impl Into<String>, width: u16) -> Self {
        Self { name: name.into(), width }
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words, never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(NaiveDate),
    /// Words that lead to an address. CSV has the address alone.
    Link {
        /// The whole address.
        url: String,
        /// The words.
        text: String,
    },
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        match text {
            "" => Self::Empty,
            text => Self::Text(text.to_owned()),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        match text.is_empty() {
            true => Self::Empty,
            false => Self::Text(text),
        }
    }
}

impl From<Option<NaiveDate>> for Cell {
    fn from(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }
}
