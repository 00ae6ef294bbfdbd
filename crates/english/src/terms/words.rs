//! A text as the term base reads it: words, and what stands between them.

use std::{borrow::Cow, ops::Range};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Spaces, hyphens, or a full stop after an abbreviation.
    Space,
    /// A comma.
    Comma,
    /// The end of a sentence or phrase: no term goes on after it.
    Break,
}

/// A run of letters and digits.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) range: Range<usize>,
    pub(super) before: Gap,
    /// Whether it begins with a capital letter.
    pub(super) is_capital: bool,
    /// Whether it begins with a digit.
    pub(super) is_number: bool,
}

/// The words of `text`. Braces belong to a word, so that patterns are read by the same rules.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(text.len() / 5);
    let mut start = None;
    let mut end = 0;
    let mut last = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if is_inside(last, c, next, start.is_some()) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            words.push(word(text, from..at, words.last()));
            end = at;
        }
        last = c;
    }
    if let Some(from) = start {
        words.push(word(text, from..text.len(), words.last()));
    }
    debug_assert!(end <= text.len());
    words
}

/// Marks between letters or digits belong to the word: `M'Drắk`, `1.500`, `12/3`.
fn is_inside(last: char, c: char, next: Option<char>, in_word: bool) -> bool {
    let letters = last.is_alphabetic() && next.is_some_and(char::is_alphabetic);
    let digits = last.is_ascii_digit() && next.is_some_and(|c| c.is_ascii_digit());
    c.is_alphanumeric()
        || is_combining_mark(c)
        || matches!(c, '{' | '}')
        || (in_word && matches!(c, '\'' | '’') && letters)
        || (in_word && matches!(c, '.' | ',' | '/') && digits)
}

fn word(text: &str, range: Range<usize>, previous: Option<&Word>) -> Word {
    let first = text.get(range.clone()).and_then(|word| word.chars().next());
    let before = match previous {
        Some(previous) => gap(text, previous, range.start),
        None => Gap::Break,
    };
    Word {
        is_capital: first.is_some_and(char::is_uppercase),
        is_number: first.is_some_and(|c| c.is_ascii_digit()),
        range,
        before,
    }
}

fn gap(text: &str, previous: &Word, to: usize) -> Gap {
    let between = text.get(previous.range.end..to).unwrap_or_default();
    let mut gap = Gap::Space;
    let mut lines = 0;
    for c in between.chars() {
        match c {
            ',' => gap = Gap::Comma,
            '\n' => lines += 1,
            '.' if is_abbreviation(text.get(previous.range.clone()).unwrap_or_default()) => (),
            '-' | '–' | '—' | '&' | '*' | '_' => (),
            c if c.is_whitespace() => (),
            _ => return Gap::Break,
        }
    }
    if lines > 1 { Gap::Break } else { gap }
}

/// `TP`, `TM`, `Q`: a full stop after them ends nothing.
fn is_abbreviation(word: &str) -> bool {
    word.len() <= 3 && word.chars().all(char::is_uppercase)
}

/// A word with its accents, in one spelling: lower case, and the tone at the end, because some
/// write `ủy` and others `uỷ`.
pub(super) fn accented(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    let mut tone = None;
    let mut key = String::with_capacity(word.len() + 2);
    for c in word.nfd() {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tone = Some(c),
            '’' => key.push('\''),
            c => key.extend(c.to_lowercase()),
        }
    }
    key.extend(tone);
    Cow::Owned(key)
}

/// Whether a text has an accent anywhere, and is to be read with them.
pub(super) fn has_accents(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, 'đ' | 'Đ' | 'À'..='ỹ') && c.is_alphabetic()
            || matches!(c, '\u{300}'..='\u{323}')
    })
}
