//! A list as CSV that spreadsheets open rightly: UTF-8 with a mark, which tells them so.

use base::{Result, time};
use csv::{Terminator, WriterBuilder};

use super::is_formula;
use crate::{Cell, Table};

impl Table {
    /// The headings and rows as CSV; the title is left out, so that programs find the headings
    /// in the first line. What a spreadsheet would calculate gets a mark that makes it text.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let headings = self.headings.iter().map(|heading| Cell::from(heading.name.as_str()));
        let mut bytes = "\u{FEFF}".as_bytes().to_vec();
        bytes.extend(self.csv_lines(&[headings.collect()])?);
        bytes.extend(self.csv_rows()?);
        Ok(bytes)
    }

    /// The rows alone: what follows [`Table::csv`] where a list is written piece by piece.
    pub fn csv_rows(&self) -> Result<Vec<u8>> {
        self.csv_lines(&self.rows)
    }

    fn csv_lines(&self, rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        for row in rows {
            // Rows may end before the last column; lines of CSV may not.
            let cells = (0..self.headings.len())
                .map(|column| row.get(column).map_or_else(String::new, cell));
            writer.write_record(cells).map_err(anyhow::Error::from)?;
        }
        Ok(writer.into_inner().map_err(|err| anyhow::anyhow!("{err}"))?)
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => time::date(*date),
        Cell::Link { url, .. } => guarded(url),
    }
}

fn guarded(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}
