//! A text cut into numbers, words and marks.

use std::ops::Range;

use super::Fact;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Digits, with single full stops or commas between them.
    Number,
    /// Letters.
    Word,
    /// One character that is neither.
    Mark,
}

#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) shape: Shape,
    pub(super) text: &'t str,
    pub(super) range: Range<usize>,
    /// Whether a space stands before it.
    pub(super) spaced: bool,
}

impl Token<'_> {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether it is one of these words, capitals aside.
    pub(super) fn is_word(&self, words: &[&str]) -> bool {
        self.shape == Shape::Word && words.contains(&self.text.to_lowercase().as_str())
    }

    /// A whole number of at most four digits.
    pub(super) fn small(&self) -> Option<u32> {
        self.text.parse().ok().filter(|_| self.shape == Shape::Number && self.text.len() <= 4)
    }
}

/// The tokens of `text` outside of what is `taken`, which is in order.
pub(super) fn tokens<'t>(text: &'t str, taken: &[Fact]) -> Vec<Token<'t>> {
    let mut tokens = Vec::new();
    let mut from = 0;
    let mut ends: Vec<Range<usize>> = taken.iter().map(|fact| fact.range.clone()).collect();
    ends.sort_by_key(|range| range.start);
    ends.push(text.len()..text.len());
    for range in ends {
        cut(text, from..range.start, &mut tokens);
        from = from.max(range.end);
    }
    tokens
}

fn cut<'t>(text: &'t str, within: Range<usize>, tokens: &mut Vec<Token<'t>>) {
    let mut rest = text.get(within.clone()).unwrap_or_default();
    let mut at = within.start;
    // What was taken stands between: nothing goes on over it.
    let mut spaced = true;
    while let Some(first) = rest.chars().next() {
        let shape = match first {
            c if c.is_ascii_digit() => Shape::Number,
            c if c.is_alphabetic() => Shape::Word,
            _ => Shape::Mark,
        };
        let length = match shape {
            Shape::Number => number(rest),
            Shape::Word => word(rest),
            Shape::Mark => first.len_utf8(),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if first.is_whitespace() {
            spaced = true;
        } else {
            tokens.push(Token { shape, text: piece, range: at..at + piece.len(), spaced });
            spaced = false;
        }
        at += piece.len();
        rest = after;
    }
}

fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let inside =
        |at: &usize| digit(*at) || (matches!(bytes.get(*at), Some(b'.' | b',')) && digit(*at + 1));
    (0..text.len()).take_while(inside).count()
}

fn word(text: &str) -> usize {
    let is_letter =
        |c: char| c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c);
    text.find(|c| !is_letter(c)).unwrap_or(text.len())
}
