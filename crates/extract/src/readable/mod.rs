//! Pages of plain text as HTML that is pleasant to read.
//!
//! Paragraphs are put together again, the headings of a Vietnamese legal text are found, every
//! page has an anchor (`trang-2`), and so has every article (`dieu-5`).

mod flow;
mod html;
mod model;

pub use flow::Flow;
use flow::Gatherer;
pub use model::{Block, Heading, Rank, Span};

/// A text ready to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readable {
    /// The text, piece by piece.
    pub blocks: Vec<Block>,
    /// The same as HTML, escaped: nothing in it but our own elements.
    pub html: String,
}

impl Readable {
    /// The table of contents: every heading, with the page it stands on.
    pub fn contents(&self) -> impl Iterator<Item = (&Heading, usize)> {
        let mut page = 0;
        self.blocks.iter().filter_map(move |block| {
            page = block.last_page().unwrap_or(page);
            match block {
                Block::Heading(heading) => Some((heading, page)),
                _ => None,
            }
        })
    }
}

/// Where a text is shown.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The level of its highest heading: 2 for `<h2>`.
    pub top: u8,
    /// What its anchors begin with, so that two texts on one page share none.
    pub prefix: &'a str,
}

/// Makes pages readable.
pub fn readable(pages: &[String], flow: Flow, place: Place<'_>) -> Readable {
    let mut gatherer = Gatherer::new(flow);
    for (number, page) in (1..).zip(pages) {
        gatherer.page(number, page);
    }
    let blocks = gatherer.finish();
    let html = html::render(&blocks, place);
    Readable { blocks, html }
}

#[cfg(test)]
mod tests;
