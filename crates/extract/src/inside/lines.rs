//! Pages of lines being written: a paragraph is a line, a row of a table one with tabs.

use crate::Failure;

/// What a document becomes on the way.
pub(crate) struct Lines {
    pages: Vec<String>,
    line: String,
    /// The rows one is inside of; tables may stand in cells.
    rows: Vec<Row>,
    notes: Vec<String>,
    in_note: bool,
    left: usize,
}

/// The cells of a row, each with its paragraphs.
#[derive(Default)]
struct Row(Vec<Vec<String>>);

impl Lines {
    /// At most `max` bytes of text.
    pub(crate) fn new(max: usize) -> Self {
        Self {
            pages: vec![String::new()],
            line: String::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            in_note: false,
            left: max,
        }
    }

    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.left = self.left.checked_sub(text.len()).ok_or(Failure::TooLarge)?;
        self.line.push_str(text);
        Ok(())
    }

    /// Ends the line, if it has anything on it.
    pub(crate) fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        match self.rows.last_mut() {
            _ if self.in_note => self.notes.push(line.to_owned()),
            Some(row) => match row.0.last_mut() {
                Some(cell) => cell.push(line.to_owned()),
                None => row.0.push(vec![line.to_owned()]),
            },
            None => self.put(line),
        }
    }

    pub(crate) fn begin_row(&mut self) {
        self.end_line();
        self.rows.push(Row::default());
    }

    pub(crate) fn begin_cell(&mut self) {
        self.end_line();
        if let Some(row) = self.rows.last_mut() {
            row.0.push(Vec::new());
        }
    }

    pub(crate) fn end_cell(&mut self) {
        self.end_line();
    }

    /// A row whose cells are lines becomes one line with tabs. Cells with paragraphs (letter
    /// heads, signatures) follow one another.
    pub(crate) fn end_row(&mut self) {
        self.end_line();
        let Some(Row(cells)) = self.rows.pop() else { return };
        let lines: Vec<String> = match cells.iter().all(|cell| cell.len() <= 1) {
            true => vec![cells.iter().map(|cell| cell.concat()).collect::<Vec<_>>().join("\t")],
            false => cells.concat(),
        };
        for line in lines.iter().filter(|line| !line.trim().is_empty()) {
            match self.rows.last_mut().and_then(|row| row.0.last_mut()) {
                Some(cell) => cell.push(line.replace('\t', " ")),
                None => self.put(line),
            }
        }
    }

    /// Begins a page, unless this one is still empty or one is inside a table.
    pub(crate) fn page_break(&mut self) {
        if !self.rows.is_empty() || self.in_note {
            return;
        }
        self.end_line();
        if self.pages.last().is_some_and(|page| !page.is_empty()) {
            self.pages.push(String::new());
        }
    }

    /// What follows is a note and stands at the end, until [`Lines::end_note`]. The paragraph that the note
    /// hangs on goes on afterwards.
    pub(crate) fn begin_note(&mut self) -> String {
        self.in_note = true;
        std::mem::take(&mut self.line)
    }

    pub(crate) fn end_note(&mut self, line: String) {
        self.end_line();
        self.in_note = false;
        self.line = line;
    }

    pub(crate) fn into_pages(mut self) -> Vec<String> {
        self.end_line();
        while !self.rows.is_empty() {
            self.end_row();
        }
        for note in std::mem::take(&mut self.notes) {
            self.put(&note);
        }
        if self.pages.len() > 1 && self.pages.last().is_some_and(String::is_empty) {
            self.pages.pop();
        }
        self.pages
    }

    fn put(&mut self, line: &str) {
        if let Some(page) = self.pages.last_mut() {
            page.push_str(line);
            page.push('\n');
        }
    }
}
