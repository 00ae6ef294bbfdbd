//! XLSX: each sheet a page, each row a line with tabs.

use std::fs::File;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use super::{Found, Sheet, package::Package};
use crate::Failure;

/// Columns beyond this are a drawing board, not a table.
const MAX_COLUMN: u32 = 255;

pub(crate) fn read(file: File, max: usize) -> Result<Found, Failure> {
    let twin = file.try_clone().map_err(Failure::unavailable)?;
    // Asks for the number of parts, and whether a password is wanted.
    Package::open(twin)?;
    let mut book = Xlsx::new(file).map_err(failure)?;
    let mut left = max;
    let mut found = Found::default();
    for name in book.sheet_names() {
        let sheet = match sheet(&mut book, &name, &mut left) {
            Ok(sheet) => sheet,
            // A sheet with a chart alone has no cells.
            Err(XlsxError::WorksheetNotFound(_)) => Sheet { name, rows: Vec::new() },
            Err(err) => return Err(failure(err)),
        };
        if left == 0 {
            return Err(Failure::TooLarge);
        }
        found.pages.push(page(&sheet));
        found.sheets.push(sheet);
    }
    Ok(found)
}

fn sheet(book: &mut Xlsx<File>, name: &str, left: &mut usize) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet { name: name.to_owned(), rows: Vec::new() };
    let mut cells = book.worksheet_cells_reader(name)?;
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() || column > MAX_COLUMN {
            continue;
        }
        *left = left.saturating_sub(text.len() + 1);
        if *left == 0 {
            break;
        }
        put(&mut sheet, row + 1, usize::try_from(column).unwrap_or_default(), text);
    }
    Ok(sheet)
}

/// Cells come row by row; the gaps between them become empty cells.
fn put(sheet: &mut Sheet, number: u32, column: usize, text: String) {
    if sheet.rows.last().is_none_or(|(last, _)| *last != number) {
        sheet.rows.push((number, Vec::new()));
    }
    if let Some((_, row)) = sheet.rows.last_mut() {
        row.resize(column.max(row.len()), String::new());
        row.push(text);
    }
}

/// A cell as people read it: dates as in Viet Nam, whole numbers without a fraction.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::SharedString(text) => line(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            line(text)
        }
        DataRef::DateTime(moment) => self::moment(moment),
    }
}

fn moment(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return moment.as_f64().to_string();
    }
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    match (hour, minute) {
        (0, 0) => format!("{day:02}/{month:02}/{year}"),
        _ => format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}"),
    }
}

/// A cell may have line breaks; a row may not.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn page(sheet: &Sheet) -> String {
    let rows = sheet.rows.iter().map(|(_, cells)| cells.join("\t"));
    std::iter::once(sheet.name.clone())
        .chain(rows)
        .fold(String::new(), |page, row| page + &row + "\n")
}

fn failure(err: XlsxError) -> Failure {
    match err {
        XlsxError::Password => Failure::Encrypted,
        err => Failure::broken(err),
    }
}
