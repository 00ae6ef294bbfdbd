//! ODT: paragraphs, tables and notes in reading order; pages begin where the office program
//! last began them.

use std::{collections::HashSet, fs::File};

use super::{
    lines::Lines,
    package::Package,
    xml::{Attributes, Piece, Skipping, walk},
};
use crate::Failure;

const BODY: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

/// What was deleted, remarks of editors, the number of a note.
const SKIPPED: [&str; 4] = ["tracked-changes", "annotation", "note-citation", "ruby-text"];

/// A long run of blanks is a drawing, not text.
const MAX_BLANKS: usize = 8;

pub(crate) fn read(file: File, max: usize) -> Result<Vec<String>, Failure> {
    let mut package = Package::open(file)?;
    if package.has(MANIFEST) && is_encrypted(&mut package)? {
        return Err(Failure::Encrypted);
    }
    let mut reader = Odt::new(max);
    let mut skipping = Skipping::default();
    walk(package.xml(BODY)?, |piece| match skipping.takes(&piece, &SKIPPED) {
        true => Ok(()),
        false => reader.piece(piece),
    })?;
    Ok(reader.lines.into_pages())
}

fn is_encrypted(package: &mut Package) -> Result<bool, Failure> {
    let mut found = false;
    walk(package.xml(MANIFEST)?, |piece| {
        found |= matches!(piece, Piece::Open("encryption-data", _));
        Ok(())
    })?;
    Ok(found)
}

struct Odt {
    lines: Lines,
    /// How many paragraphs one is inside of: text elsewhere is not the document's.
    depth: usize,
    /// The style being described, and the styles that begin a page.
    style: String,
    breaking: HashSet<String>,
    /// Lines that go on when their note has ended.
    waiting: Vec<String>,
}

impl Odt {
    fn new(max: usize) -> Self {
        Self {
            lines: Lines::new(max),
            depth: 0,
            style: String::new(),
            breaking: HashSet::new(),
            waiting: Vec::new(),
        }
    }

    fn piece(&mut self, piece: Piece<'_>) -> Result<(), Failure> {
        match piece {
            Piece::Text(text) if self.depth > 0 => self.lines.text(text),
            Piece::Text(_) => Ok(()),
            Piece::Open(name, attributes) => self.open(name, &attributes),
            Piece::Close(name) => {
                self.close(name);
                Ok(())
            }
        }
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Failure> {
        match name {
            "style" => {
                self.style = attributes.get("name").unwrap_or_default().into_owned();
            }
            "paragraph-properties" if attributes.get("break-before").as_deref() == Some("page") => {
                self.breaking.insert(self.style.clone());
            }
            "p" | "h" => {
                if self.depth == 0 {
                    self.lines.end_line();
                }
                let style = attributes.get("style-name");
                if style.is_some_and(|style| self.breaking.contains(style.as_ref())) {
                    self.lines.page_break();
                }
                self.depth += 1;
            }
            "soft-page-break" => self.lines.page_break(),
            "s" => {
                let count = attributes.get("c").and_then(|c| c.parse().ok()).unwrap_or(1);
                self.lines.text(&" ".repeat(MAX_BLANKS.min(count)))?;
            }
            "tab" => self.lines.text("\t")?,
            "line-break" => self.lines.end_line(),
            "table-row" => self.lines.begin_row(),
            "table-cell" | "covered-table-cell" => self.lines.begin_cell(),
            "note" => self.waiting.push(self.lines.begin_note()),
            _ => (),
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.depth = self.depth.saturating_sub(1);
                self.lines.end_line();
            }
            "table-cell" => self.lines.end_cell(),
            "table-row" => self.lines.end_row(),
            "note" => {
                let line = self.waiting.pop().unwrap_or_default();
                self.lines.end_note(line);
            }
            _ => (),
        }
    }
}
