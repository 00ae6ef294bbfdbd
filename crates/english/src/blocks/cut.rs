//! Markdown cut into blocks: paragraphs, headings, tables, and each item of a list.

use std::{collections::HashMap, ops::Range};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use sha2::{Digest, Sha256};

use super::{Key, normal};

/// A block of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it says: see [`Key`].
    pub key: Key,
    /// Its Markdown, without the empty lines around it.
    pub text: String,
    /// Whether it follows the one before it without an empty line: the items of a tight list.
    pub is_tight: bool,
}

/// The blocks of a Markdown text, in order. Every character that is no space is in one of them.
pub fn cut(markdown: &str) -> Vec<Block> {
    let text = base::text::block(markdown);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut blocks = Vec::new();
    let mut end = 0;
    for range in ranges(&text) {
        let between = text.get(end..range.start).unwrap_or_default();
        let piece = text.get(range.clone()).unwrap_or_default();
        let piece = piece.trim_start_matches('\n').trim_end();
        end = range.start + piece.len();
        let hash = hash(piece);
        let occurrence = seen.entry(hash.clone()).or_default();
        *occurrence += 1;
        blocks.push(Block {
            key: format!("{hash}-{occurrence}"),
            text: piece.to_owned(),
            is_tight: !blocks.is_empty() && between.matches('\n').count() < 2,
        });
    }
    blocks
}

/// The text of blocks that were cut, or of their translations.
pub fn join(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        if !text.is_empty() {
            text.push_str(if block.is_tight { "\n" } else { "\n\n" });
        }
        text.push_str(block.text.trim_end());
    }
    text
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(normal(text).as_bytes());
    base::hex(digest.get(..8).unwrap_or_default())
}

/// Where blocks are. What the parser does not speak of, such as definitions of links, is a block
/// of its own, so that nothing is lost.
fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut add = |range: Range<usize>| {
        let range = trimmed(text, range);
        if !range.is_empty() {
            found.push(range);
        }
    };
    let mut end = 0;
    for range in spoken(text) {
        let start = range.start.max(end);
        add(end..start);
        end = range.end.max(start);
        add(start..end);
    }
    add(end..text.len());
    found
}

/// Without the lines around it that are empty; the indentation of its first line stays.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = text.get(range.clone()).unwrap_or_default();
    let body = piece.trim_start();
    if body.is_empty() {
        return range.start..range.start;
    }
    let indent = piece.len() - body.len();
    let line = piece.get(..indent).and_then(|space| space.rfind('\n')).map_or(0, |at| at + 1);
    range.start + line..range.start + piece.trim_end().len()
}

/// Blocks of the highest level, and items in place of their list.
fn spoken(text: &str) -> Vec<Range<usize>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_)) if depth == 0 => (),
            Event::End(TagEnd::List(_)) if depth == 0 => (),
            Event::Start(_) => {
                if depth == 0 {
                    found.push(range);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ if depth == 0 => found.push(range),
            _ => (),
        }
    }
    found
}
