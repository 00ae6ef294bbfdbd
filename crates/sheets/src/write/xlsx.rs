//! A list as a workbook: ready to be printed, posted and sent.

use anyhow::Context;
use base::Result;
use rust_xlsxwriter::{
    DocProperties, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use crate::{Cell, Table};

/// What a cell can hold.
const MAX_TEXT: usize = 32_767;

/// What a link can be, and how many a sheet can have.
const MAX_URL: usize = 2_000;
const MAX_LINKS: usize = 60_000;

/// What the name of a sheet can be, and what it cannot have.
const MAX_NAME: usize = 31;
const NOT_IN_NAMES: [char; 8] = ['[', ']', ':', '*', '?', '/', '\\', '\''];

/// The paper of offices.
const A4: u8 = 9;

struct Formats {
    title: Format,
    heading: Format,
    text: Format,
    number: Format,
    date: Format,
    link: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        let center = |format: Format| format.set_align(FormatAlign::Center).set_text_wrap();
        Self {
            title: center(Format::new().set_bold().set_font_size(13)),
            heading: center(cell.clone().set_bold()).set_align(FormatAlign::VerticalCenter),
            text: cell.clone().set_text_wrap(),
            number: cell.clone(),
            date: cell.clone().set_num_format("dd/mm/yyyy"),
            link: cell.set_text_wrap().set_hyperlink(),
        }
    }
}

impl Table {
    /// The list as XLSX: the title, then the headings, which stay in sight and stand on every
    /// printed page, then the rows.
    pub fn xlsx(&self) -> Result<Vec<u8>> {
        Ok(self.workbook().context("cannot write the list as a workbook")?)
    }

    fn workbook(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&self.properties());
        let sheet = book.add_worksheet();
        sheet.set_name(self.sheet_name())?;
        let formats = Formats::new();
        let heading_row = self.title(sheet, &formats)?;
        self.headings(sheet, heading_row, &formats)?;
        let mut links = 0;
        for (row, cells) in (heading_row + 1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(cells) {
                links += usize::from(matches!(cell, Cell::Link { .. }));
                put(sheet, (row, column), cell, &formats, links <= MAX_LINKS)?;
            }
        }
        book.save_to_buffer()
    }

    /// Otherwise the library would ask the clock.
    fn properties(&self) -> DocProperties {
        let title = self.title.first().cloned().unwrap_or_default();
        DocProperties::new().set_title(title).set_creation_datetime(&self.made)
    }

    fn sheet_name(&self) -> String {
        let name: String = self.name.chars().filter(|c| !NOT_IN_NAMES.contains(c)).collect();
        let name: String = name.trim().chars().take(MAX_NAME).collect();
        if name.is_empty() { "1".to_owned() } else { name }
    }

    /// Writes the title over all columns; the row of the headings comes out.
    fn title(
        &self,
        sheet: &mut Worksheet,
        formats: &Formats,
    ) -> std::result::Result<u32, XlsxError> {
        let last = u16::try_from(self.headings.len().saturating_sub(1)).unwrap_or_default();
        let mut next = 0;
        for (row, line) in (0..).zip(&self.title) {
            match last {
                0 => sheet.write_string_with_format(row, 0, line, &formats.title)?,
                last => sheet.merge_range(row, 0, row, last, line, &formats.title)?,
            };
            next = row + 2;
        }
        Ok(next)
    }

    fn headings(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        formats: &Formats,
    ) -> std::result::Result<(), XlsxError> {
        for (column, heading) in (0..).zip(&self.headings) {
            sheet.write_string_with_format(row, column, &heading.name, &formats.heading)?;
            sheet.set_column_width(column, heading.width)?;
        }
        sheet.set_freeze_panes(row + 1, 0)?;
        sheet.set_repeat_rows(row, row)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        Ok(())
    }
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
    may_link: bool,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, &formats.text)?,
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, cut(text), &formats.text)?
        }
        Cell::Number(number) => match i32::try_from(*number) {
            Ok(number) => sheet.write_number_with_format(row, column, number, &formats.number)?,
            // Spreadsheets keep fifteen digits; text keeps all.
            Err(_) => {
                sheet.write_string_with_format(row, column, number.to_string(), &formats.text)?
            }
        },
        Cell::Date(date) => sheet.write_date_with_format(row, column, date, &formats.date)?,
        Cell::Link { url, text } if may_link && is_web(url) => {
            let url = Url::new(url).set_text(cut(text));
            sheet.write_url_with_format(row, column, url, &formats.link)?
        }
        Cell::Link { url, .. } => {
            sheet.write_string_with_format(row, column, cut(url), &formats.text)?
        }
    };
    Ok(())
}

fn is_web(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://")) && url.len() <= MAX_URL
}

/// As much as a cell can hold.
fn cut(text: &str) -> String {
    match text.encode_utf16().count() > MAX_TEXT {
        true => text.chars().take(MAX_TEXT / 2).chain(['…']).collect(),
        false => text.to_owned(),
    }
}
