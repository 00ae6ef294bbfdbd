//! DOCX: paragraphs, tables and notes in reading order, without what was deleted or is a field's
//! instruction.

use std::fs::File;

use super::{
    lines::Lines,
    package::Package,
    xml::{Attributes, Piece, Skipping, walk},
};
use crate::Failure;

const BODY: &str = "word/document.xml";

/// Parts after the body that have text of their own.
const NOTES: [&str; 2] = ["word/footnotes.xml", "word/endnotes.xml"];

/// A fallback says once more what the choice before it said; tab stops are no tabs.
const SKIPPED: [&str; 5] = ["Fallback", "moveFrom", "del", "tabs", "instrText"];

pub(crate) fn read(file: File, max: usize) -> Result<Vec<String>, Failure> {
    let mut package = Package::open(file)?;
    let mut lines = Lines::new(max);
    for part in std::iter::once(BODY).chain(NOTES) {
        if part == BODY || package.has(part) {
            self::part(&mut package, part, &mut lines)?;
        }
    }
    Ok(lines.into_pages())
}

fn part(package: &mut Package, part: &str, lines: &mut Lines) -> Result<(), Failure> {
    let mut skipping = Skipping::default();
    let mut in_text = false;
    walk(package.xml(part)?, |piece| {
        if skipping.takes(&piece, &SKIPPED) {
            return Ok(());
        }
        match piece {
            Piece::Open("t", _) => in_text = true,
            Piece::Close("t") => in_text = false,
            Piece::Text(text) if in_text => lines.text(text)?,
            Piece::Text(_) => (),
            Piece::Open(name, attributes) => open(lines, name, &attributes)?,
            Piece::Close(name) => close(lines, name),
        }
        Ok(())
    })
}

fn open(lines: &mut Lines, name: &str, attributes: &Attributes<'_>) -> Result<(), Failure> {
    match name {
        // Text boxes have paragraphs within a paragraph.
        "p" => lines.end_line(),
        "tab" => lines.text("\t")?,
        "noBreakHyphen" => lines.text("-")?,
        "cr" => lines.end_line(),
        "br" => match attributes.get("type").as_deref() {
            Some("page") => lines.page_break(),
            _ => lines.end_line(),
        },
        "pageBreakBefore" if attributes.get("val").is_none_or(|it| it != "0" && it != "false") => {
            lines.page_break();
        }
        "tr" => lines.begin_row(),
        "tc" => lines.begin_cell(),
        _ => (),
    }
    Ok(())
}

fn close(lines: &mut Lines, name: &str) {
    match name {
        "p" => lines.end_line(),
        "tc" => lines.end_cell(),
        "tr" => lines.end_row(),
        _ => (),
    }
}
