//! A register as offices keep it, one document a row, with its files in a folder.

use base::{Message, Number};
use sheets::{Register, Row};

use super::{Folder, Line};
use crate::Vocabulary;

/// What stands beside a register.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The types and fields it may name.
    pub words: &'a Vocabulary,
    /// Its files. A row without a name of a file gets those called by its number.
    pub folder: Option<&'a Folder>,
    /// Who issued what has no issuer in its row; empty for nobody.
    pub issuer: &'a str,
}

/// A row of a register: where it stands, and its document or why there is none.
pub type Entry = (usize, std::result::Result<Line, Message>);

/// The documents of a register, as they are imported.
pub fn lines(register: Register, beside: Beside<'_>) -> Vec<Entry> {
    register.rows.into_iter().map(|row| entry(row, beside)).collect()
}

/// What a row says of secrecy, in the column for it or as a mark among the remarks.
fn secrecy(words: &Vocabulary, row: &Row) -> String {
    match row.get("secrecy") {
        "" => words.secrecy.mark(row.get("note"), "").unwrap_or_default().to_owned(),
        cell => cell.to_owned(),
    }
}

fn entry(row: Row, beside: Beside<'_>) -> Entry {
    let at = usize::try_from(row.line).unwrap_or_default();
    if let Some(wrong) = row.errors.values().next() {
        return (at, Err(wrong.clone()));
    }
    let number = Number::parse(row.get("number"));
    let paths = match (beside.folder, row.get("file")) {
        (None, "") => Vec::new(),
        (None, _) => return (at, Err(Message::new("document_import.no_folder"))),
        (Some(folder), "") => number.as_ref().map(|it| folder.numbered(it)).unwrap_or_default(),
        (Some(folder), cell) => match folder.named(cell) {
            Ok(paths) => paths,
            Err(wrong) => return (at, Err(wrong)),
        },
    };
    let text = |column: &str| row.get(column).to_owned();
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    let told = beside.words.type_told(number.as_ref(), row.get("title"));
    let line = Line {
        number: text("number"),
        kind: or(text("kind"), told.map_or("", |it| &it.label)),
        issuer: or(text("issuer"), beside.issuer),
        title: text("title"),
        issued: Some(text("issued")),
        effective: Some(text("effective")),
        expiry: Some(text("expires")),
        field: text("field"),
        signer: text("signer"),
        signer_title: text("position"),
        secrecy: secrecy(beside.words, &row),
        articles: Vec::new(),
        paths,
        digest: String::new(),
        row: format!("{:?}|{}", row.cells, beside.issuer),
    };
    (at, Ok(line))
}
