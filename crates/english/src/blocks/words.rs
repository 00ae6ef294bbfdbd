//! What changed within a text, word by word.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A run of words. The text is as it was written: whoever shows it escapes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// In both.
    Same(String),
    /// In the earlier text only.
    Removed(String),
    /// In the later text only.
    Added(String),
}

/// Above this product of words the middle of two texts is not compared word by word.
const MANY: usize = 4_000_000;

/// The spans that make `old` (same and removed) and `new` (same and added). A word is what stands
/// between spaces and punctuation, which for Vietnamese is a syllable.
pub fn difference(old: &str, new: &str) -> Vec<Span> {
    let (old, new) = (words(old), words(new));
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (head, old) = old.split_at_checked(same).unwrap_or((&old, &[]));
    let new = new.get(same..).unwrap_or_default();
    let mut spans = Spans::default();
    spans.push(Span::Same(head.concat()));
    if old.len().saturating_mul(new.len()) > MANY {
        spans.push(Span::Removed(old.concat()));
        spans.push(Span::Added(new.concat()));
        return spans.0;
    }
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let removed = old.get(op.old_range()).unwrap_or_default().concat();
        let added = new.get(op.new_range()).unwrap_or_default().concat();
        if let DiffOp::Equal { .. } = op {
            spans.push(Span::Same(removed));
        } else {
            spans.push(Span::Removed(removed));
            spans.push(Span::Added(added));
        }
    }
    spans.0
}

/// Spans without empty ones, neighbours of a kind as one.
#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    fn push(&mut self, span: Span) {
        let (Span::Same(text) | Span::Removed(text) | Span::Added(text)) = &span;
        if text.is_empty() {
            return;
        }
        match (self.0.last_mut(), &span) {
            (Some(Span::Same(last)), Span::Same(text))
            | (Some(Span::Removed(last)), Span::Removed(text))
            | (Some(Span::Added(last)), Span::Added(text)) => last.push_str(text),
            _ => self.0.push(span),
        }
    }
}

/// Words, runs of spaces, and single marks; together they are the text.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| match first {
            first if is_letter(first) => is_letter(c),
            first => first.is_whitespace() && c.is_whitespace(),
        };
        let length = rest.char_indices().skip(1).find(|(_, c)| !same(*c));
        let (word, after) = rest.split_at(length.map_or(rest.len(), |(at, _)| at));
        words.push(word);
        rest = after;
    }
    words
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}
