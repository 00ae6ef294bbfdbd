//! Texts cut into pieces, so that a translator sees just what changed.
//!
//! A content is its title, summary, fields and the blocks of its body. A piece of a body is known
//! by what it says, not by where it stands: see [`Key`]. So a translation can be kept for every
//! piece that stayed, wherever it went.

mod align;
mod cut;
mod words;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

pub use align::{Change, Pair, align};
pub use cut::{Block, cut, join};
pub use words::{Span, difference};

/// What a block says, as a short stable text: sixteen hexadecimal digits, a hyphen, and which of
/// the equal blocks of the text it is, from 1: `9f86d081884c7d65-1`.
pub type Key = String;

/// What is translated of an edition. Its place in the tree, its tags and its address are not in
/// it: they change without any word changing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The headline.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// The fields of its kind that are words, by name.
    pub fields: BTreeMap<String, String>,
    /// Markdown.
    pub body: String,
}

/// Equal for contents that say the same words in the same order; empty lines, spaces at line ends
/// and the like aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 16]);

impl Content {
    /// What equals the digest of another content that says the same. It is made without cutting
    /// the body: a province has thousands of them to compare.
    pub fn digest(&self) -> Digest {
        let mut hash = Sha256::new();
        let named = [("title", &self.title), ("summary", &self.summary), ("body", &self.body)];
        let fields = self.fields.iter().map(|(name, text)| (name.as_str(), text));
        for (name, text) in named.into_iter().chain(fields) {
            let text = base::text::block(text);
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            let mut lines = lines.into_iter().filter(|line| !line.is_empty()).peekable();
            if lines.peek().is_some() {
                hash.update(name.as_bytes());
                hash.update([0]);
            }
            for line in lines {
                hash.update(line.as_bytes());
                hash.update(b"\n");
            }
            hash.update([0]);
        }
        let mut digest = [0; 16];
        digest.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Digest(digest)
    }

    /// Its pieces in the order of reading: title, summary, fields, blocks; none is empty. Their
    /// ids are `title`, `summary`, `field-NAME` and `block-KEY`.
    pub fn pieces(&self) -> Vec<Piece> {
        let named = [("title".to_owned(), &self.title), ("summary".to_owned(), &self.summary)];
        let fields = self.fields.iter().map(|(name, text)| (format!("field-{name}"), text));
        let pieces = named.into_iter().chain(fields).filter(|(_, text)| !text.trim().is_empty());
        let pieces = pieces.map(|(id, text)| Piece { id, text: text.clone() });
        let blocks = cut(&self.body).into_iter();
        let blocks = blocks.map(|it| Piece { id: format!("block-{}", it.key), text: it.text });
        pieces.chain(blocks).collect()
    }

    /// The translation of this content from those of its pieces, by id. What has no translation
    /// is left out: nothing Vietnamese gets into an English text.
    #[must_use]
    pub fn translated(&self, pieces: &BTreeMap<String, String>) -> Self {
        let piece = |id: &str| pieces.get(id).cloned().unwrap_or_default();
        let fields = self.fields.keys().map(|name| (name.clone(), piece(&format!("field-{name}"))));
        let mut blocks: Vec<Block> = Vec::new();
        let mut in_list = false;
        for block in cut(&self.body) {
            in_list &= block.is_tight;
            let text = piece(&format!("block-{}", block.key));
            if !text.trim().is_empty() {
                // The first item of a list that is kept begins it.
                blocks.push(Block { text, is_tight: in_list, ..block });
                in_list = true;
            }
        }
        Self {
            title: piece("title"),
            summary: piece("summary"),
            fields: fields.collect(),
            body: join(&blocks),
        }
    }
}

/// A piece of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is, unique in its content.
    pub id: String,
    /// Its text: Markdown for blocks.
    pub text: String,
}

/// A field whose words are not those of the earlier edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// `title`, `summary` or the name of a field.
    pub name: String,
    /// What was there and what is, word by word.
    pub spans: Vec<Span>,
}

/// The fields that changed between two editions, the body aside.
pub fn fields(old: &Content, new: &Content) -> Vec<FieldChange> {
    let named = |content: &Content| {
        let mut all = content.fields.clone();
        all.insert("title".to_owned(), content.title.clone());
        all.insert("summary".to_owned(), content.summary.clone());
        all
    };
    let (old, new) = (named(old), named(new));
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let text =
        |of: &BTreeMap<String, String>, name: &str| of.get(name).cloned().unwrap_or_default();
    let change = |name: &String| {
        let (old, new) = (text(&old, name), text(&new, name));
        let is_same = normal(&old) == normal(&new);
        (!is_same).then(|| FieldChange { name: name.clone(), spans: difference(&old, &new) })
    };
    names.into_iter().filter_map(change).collect()
}

/// A text without what nobody reads: composed, line ends alike, no spaces before them.
fn normal(text: &str) -> String {
    let text = base::text::block(text);
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    lines.join("\n")
}
