//! A file to a register.

use std::{fs, path::Path};

use base::{Error, Message, Result};
use csv::{ReaderBuilder, StringRecord};
use extract::{Failure, Limits, Tools};

use crate::{
    Columns, Register,
    decode::{self, decode},
    register::{Grid, has_header, register},
};

/// The largest CSV file that is taken, in megabytes: half a million rows.
const MAX_CSV_MB: u64 = 64;

/// What it takes to read a workbook, which somebody sent: a child within limits.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// What reads files.
    pub tools: &'a Tools,
    /// What it may take.
    pub limits: &'a Limits,
}

/// Reads the register in the file at `path`, whose media type is `kind`.
///
/// That is CSV, or a workbook, of which the first sheet with a header counts. What is wrong with
/// the whole file is an error at the field `file`; what is wrong with a cell is told by its row.
pub fn read(path: &Path, kind: &str, reading: Reading<'_>, columns: &Columns) -> Result<Register> {
    match kind.split(';').next().unwrap_or_default() {
        "text/csv" | "text/plain" | "text/tab-separated-values" => {
            let size = fs::metadata(path).map_err(anyhow::Error::from)?.len();
            if size > MAX_CSV_MB << 20 {
                return Err(refused(Message::new("sheet.too_large").with("max", MAX_CSV_MB)));
            }
            csv(&fs::read(path).map_err(anyhow::Error::from)?, columns)
        }
        _ => workbook(path, reading, columns),
    }
}

fn refused(message: Message) -> Error {
    Error::field("file", message)
}

fn workbook(path: &Path, reading: Reading<'_>, columns: &Columns) -> Result<Register> {
    let sheets = match extract::sheets(path, reading.tools, reading.limits) {
        Ok(sheets) => sheets,
        Err(failure @ Failure::Unavailable(_)) => return Err(anyhow::Error::from(failure).into()),
        Err(failure) => return Err(refused(failure.message())),
    };
    let mut grids: Vec<Grid> = sheets.into_iter().map(|sheet| sheet.rows).collect();
    let at = grids.iter().position(|grid| has_header(grid, columns)).unwrap_or_default();
    let grid = if at < grids.len() { grids.swap_remove(at) } else { Grid::new() };
    register(grid, columns)
}

/// Cells are parted by what makes the most of the header.
fn csv(bytes: &[u8], columns: &Columns) -> Result<Register> {
    let text = decode(bytes).ok_or_else(|| refused(Message::new("sheet.encoding")))?;
    // With both, the lines are counted wrongly.
    let text = text.replace("\r\n", "\n");
    let grids = [b',', b';', b'\t'].map(|delimiter| grid(&text, delimiter));
    let found = grids.into_iter().find(|grid| has_header(grid, columns));
    if found.is_none() && !decode::is_certain(bytes) {
        // The header may well be there, in letters that were guessed wrongly.
        return Err(refused(Message::new("sheet.encoding")));
    }
    register(found.unwrap_or_default(), columns)
}

fn grid(text: &str, delimiter: u8) -> Grid {
    let mut reader = ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(delimiter);
    let mut reader = reader.from_reader(text.as_bytes());
    // The text is UTF-8 and rows may differ in length: no record can be wrong.
    let records = reader.records().filter_map(std::result::Result::ok);
    records.map(|record| (line_of(&record), record.iter().map(unguarded).collect())).collect()
}

fn line_of(record: &StringRecord) -> u32 {
    let line = record.position().map_or(0, csv::Position::line);
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// Takes away the mark that [`crate::Table::csv`] puts before what could be a formula.
fn unguarded(cell: &str) -> String {
    let rest = cell.strip_prefix('\'').filter(|rest| crate::write::is_formula(rest));
    rest.unwrap_or(cell).to_owned()
}

#[cfg(test)]
mod tests;
