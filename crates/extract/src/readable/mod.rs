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

/// Makes pages readable. `top` is the level of the highest heading: 2 for `<h2>`.
pub fn readable(pages: &[String], flow: Flow, top: u8) -> Readable {
    let mut gatherer = Gatherer::new(flow);
    for (number, page) in (1..).zip(pages) {
        gatherer.page(number, page);
    }
    let blocks = gatherer.finish();
    let html = html::render(&blocks, top);
    Readable { blocks, html }
}

#[cfg(test)]
mod tests;
