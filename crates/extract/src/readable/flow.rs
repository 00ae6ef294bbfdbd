//! Lines put together into paragraphs.

use std::collections::HashMap;

use super::model::{Block, Heading, Span, anchor, begins_item, heading, is_page_number, is_state};

/// What a line of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// A line of print: paragraphs must be put together.
    Lines,
    /// A paragraph.
    Paragraphs,
}

/// Letters differ in width: a line of this part of the longest may have been full.
const FULL: usize = 88;

/// A title is taken from the lines below its label up to this length.
const MAX_TITLE: usize = 300;

pub(super) struct Gatherer {
    flow: Flow,
    blocks: Vec<Block>,
    /// How often each anchor was wanted.
    anchors: HashMap<String, usize>,
    /// How long the last line was, if what it belongs to may go on.
    open: Option<usize>,
    /// The heading at the end has its label only; the title may be on the next lines.
    wants_title: bool,
    /// The width of the page in letters.
    width: usize,
}

impl Gatherer {
    pub(super) fn new(flow: Flow) -> Self {
        Self {
            flow,
            blocks: Vec::new(),
            anchors: HashMap::new(),
            open: None,
            wants_title: false,
            width: 0,
        }
    }

    pub(super) fn page(&mut self, number: usize, text: &str) {
        let lines = body(text);
        self.width = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        let first = lines.iter().find(|line| !line.trim().is_empty());
        self.begin_page(number, first.copied().unwrap_or_default());
        for line in lines {
            self.line(line);
        }
    }

    pub(super) fn finish(self) -> Vec<Block> {
        self.blocks
    }

    /// A sentence that goes on over the edge of the page stays one paragraph.
    fn begin_page(&mut self, number: usize, first: &str) {
        let goes_on = self.flow == Flow::Lines && first.starts_with(char::is_lowercase);
        if let Some(Block::Paragraph(spans)) = self.blocks.last_mut()
            && goes_on
            && !begins_item(first)
            && !ends_sentence(spans)
        {
            spans.push(Span::Page(number));
            self.open = Some(self.width);
            return;
        }
        self.open = None;
        self.wants_title = false;
        self.blocks.push(Block::Page(number));
    }

    fn line(&mut self, line: &str) {
        let words = line.trim();
        if words.is_empty() {
            self.open = None;
        } else if line.contains('\t') {
            self.row(line);
        } else if is_state(words) {
            self.push(Block::State(words.to_owned()));
        } else if let Some((rank, label, title)) = heading(words) {
            self.wants_title = title.is_empty();
            let anchor = self.unique(anchor(&label));
            self.blocks.push(Block::Heading(Heading { rank, anchor, label, title }));
            self.open = self.length(words).filter(|_| !self.wants_title);
        } else {
            self.words(words);
        }
    }

    fn words(&mut self, words: &str) {
        let begins = begins_item(words);
        if self.wants_title && !begins && self.give_title(words) {
            return;
        }
        self.wants_title = false;
        let goes_on = !begins && self.open.is_some_and(|length| self.follows(length, words));
        match self.blocks.last_mut() {
            Some(Block::Paragraph(spans)) if goes_on => append(spans, words),
            Some(Block::Heading(heading)) if goes_on => {
                heading.title = format!("{} {words}", heading.title);
            }
            _ => self.blocks.push(Block::Paragraph(vec![Span::Text(words.to_owned())])),
        }
        self.open = self.length(words);
    }

    /// Chapters have their title in capitals on the lines below.
    fn give_title(&mut self, words: &str) -> bool {
        let is_capital = !words.chars().any(char::is_lowercase);
        let Some(Block::Heading(heading)) = self.blocks.last_mut() else { return false };
        if !is_capital && !heading.title.is_empty() || heading.title.len() > MAX_TITLE {
            return false;
        }
        let gap = if heading.title.is_empty() { "" } else { " " };
        heading.title = format!("{}{gap}{words}", heading.title);
        self.wants_title = is_capital;
        true
    }

    /// How long a line of print is, unless it ends what it belongs to.
    fn length(&self, line: &str) -> Option<usize> {
        let ends = line.ends_with(['.', ';', ':', '!', '?', '”']);
        (self.flow == Flow::Lines && !ends).then(|| line.chars().count())
    }

    /// Whether `words` go on with the line above: they are the middle of a sentence, or their
    /// first word had no room up there.
    fn follows(&self, length: usize, words: &str) -> bool {
        let first = words.split(' ').next().unwrap_or_default().chars().count();
        let had_room = (length + 1 + first) * 100 < self.width * FULL;
        !had_room || words.starts_with(char::is_lowercase)
    }

    fn row(&mut self, line: &str) {
        let cells: Vec<String> = line.split('\t').map(|cell| cell.trim().to_owned()).collect();
        match self.blocks.last_mut() {
            Some(Block::Table(rows)) => rows.push(cells),
            _ => self.blocks.push(Block::Table(vec![cells])),
        }
        self.open = None;
        self.wants_title = false;
    }

    fn push(&mut self, block: Block) {
        self.blocks.push(block);
        self.open = None;
        self.wants_title = false;
    }

    /// A decision and the rules it issues both have an Article 1.
    fn unique(&mut self, wanted: String) -> String {
        let times = self.anchors.entry(wanted.clone()).or_default();
        *times += 1;
        match *times {
            1 => wanted,
            // What is numbered may be another's own name: `dieu-5-2`.
            times => self.unique(format!("{wanted}-{times}")),
        }
    }
}

/// The lines of a page without its number at the top or the foot.
fn body(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    if lines.last().is_some_and(|line| is_page_number(line)) {
        lines.pop();
    }
    let first = lines.iter().position(|line| !line.trim().is_empty());
    if let Some(first) = first
        && lines.get(first).is_some_and(|line| is_page_number(line))
    {
        lines.drain(..=first);
    }
    lines
}

fn ends_sentence(spans: &[Span]) -> bool {
    match spans.last() {
        Some(Span::Text(text)) => text.ends_with(['.', ';', ':', '!', '?']),
        _ => false,
    }
}

fn append(spans: &mut Vec<Span>, words: &str) {
    match spans.last_mut() {
        Some(Span::Text(text)) => {
            text.push(' ');
            text.push_str(words);
        }
        _ => spans.push(Span::Text(words.to_owned())),
    }
}
