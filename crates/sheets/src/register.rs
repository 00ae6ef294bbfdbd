//! Rows of cells as a register: the header found, each cell under its column.

use std::collections::BTreeMap;

use base::{Error, Message, Result, text::line};

use crate::{Columns, date};

/// Above the header stand the name of the office, a title, the year.
const HEADER_WITHIN: usize = 30;

/// So many known columns make a row the header.
const HEADER_COLUMNS: usize = 2;

/// A register as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Our names of the columns it has.
    pub columns: Vec<String>,
    /// Headers that name no column of ours; they are left out.
    pub unknown: Vec<String>,
    /// The rows, without the empty ones.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Which row or line of the file it is, from 1.
    pub line: u32,
    /// What it says, by our names of the columns; dates as `2026-11-20`. Empty cells are not here.
    pub cells: BTreeMap<String, String>,
    /// What is wrong, by our names of the columns. The cell has what was written.
    pub errors: BTreeMap<String, Message>,
}

impl Row {
    /// What a cell says; nothing when it is empty.
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// The rows of a file with their numbers.
pub(crate) type Grid = Vec<(u32, Vec<String>)>;

/// Whether there is a header among the first rows.
pub(crate) fn has_header(grid: &Grid, columns: &Columns) -> bool {
    header(grid, columns).is_some()
}

/// The register in `grid`. Refuses what has no header, lacks a required column or has one twice.
pub(crate) fn register(grid: Grid, columns: &Columns) -> Result<Register> {
    let refused = |message: Message| Error::field("file", message);
    let at = header(&grid, columns).ok_or_else(|| refused(Message::new("sheet.no_header")))?;
    let mut rows = grid.into_iter().skip(at);
    let headers = rows.next().map(|(_, cells)| cells).unwrap_or_default();
    let keys: Vec<Option<&str>> = headers.iter().map(|header| columns.find(header)).collect();
    let missing = columns.missing(|key| keys.contains(&Some(key)));
    if !missing.is_empty() {
        let found: Vec<String> =
            headers.iter().map(|it| line(it)).filter(|it| !it.is_empty()).collect();
        let message = Message::new("sheet.missing").with("columns", missing.join("; "));
        return Err(refused(message.with("found", found.join("; "))));
    }
    if let Some(twice) = twice(&keys) {
        let label = columns.label(twice).unwrap_or(twice);
        return Err(refused(Message::new("sheet.twice").with("column", label)));
    }
    let unknown = headers.iter().zip(&keys).filter(|(_, key)| key.is_none());
    let unknown = unknown.map(|(header, _)| line(header)).filter(|it| !it.is_empty()).collect();
    let rows = rows
        .filter(|(_, cells)| !is_numbering(cells))
        .map(|(number, cells)| row(number, &cells, &keys, columns))
        .filter(|row| !row.cells.is_empty())
        .collect();
    let columns = keys.iter().flatten().map(|key| (*key).to_owned()).collect();
    Ok(Register { columns, unknown, rows })
}

/// Which row has the most columns of ours; the first of several.
fn header(grid: &Grid, columns: &Columns) -> Option<usize> {
    let known = |cells: &[String]| cells.iter().filter(|it| columns.find(it).is_some()).count();
    let counted = grid.iter().take(HEADER_WITHIN).map(|(_, cells)| known(cells)).enumerate();
    let best = counted.rev().max_by_key(|(_, known)| *known)?;
    (best.1 >= HEADER_COLUMNS).then_some(best.0)
}

fn twice<'a>(keys: &[Option<&'a str>]) -> Option<&'a str> {
    let known: Vec<&str> = keys.iter().copied().flatten().collect();
    let mut rest = known.as_slice();
    while let [first, others @ ..] = rest {
        if others.contains(first) {
            return Some(first);
        }
        rest = others;
    }
    None
}

/// Registers number their columns below the header: (1) (2) (3).
fn is_numbering(cells: &[String]) -> bool {
    let filled: Vec<&str> =
        cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let number = |cell: &str| cell.strip_prefix('(')?.strip_suffix(')')?.parse::<usize>().ok();
    filled.len() > 1 && filled.iter().all(|cell| number(cell).is_some())
}

fn row(number: u32, cells: &[String], keys: &[Option<&str>], columns: &Columns) -> Row {
    let mut row = Row { line: number, ..Row::default() };
    for (key, cell) in keys.iter().zip(cells) {
        let (Some(key), cell) = (key, line(cell)) else { continue };
        if cell.is_empty() {
            continue;
        }
        let value = match (columns.is_date(key), date::parse(&cell)) {
            (true, Some(date)) => date.to_string(),
            (true, None) => {
                let wrong = Message::new("sheet.date").with("cell", &cell);
                row.errors.insert((*key).to_owned(), wrong);
                cell
            }
            (false, _) => cell,
        };
        row.cells.insert((*key).to_owned(), value);
    }
    row
}
