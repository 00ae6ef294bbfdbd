//! Links, e-mail addresses and numbers of documents: what its marks give away.

use std::ops::Range;

use base::Number;

use super::{Fact, Value};

/// In order, none within another.
pub(super) fn find(text: &str) -> Vec<Fact> {
    let mut found = links(text);
    let free = |found: &[Fact], range: &Range<usize>| {
        !found.iter().any(|fact| fact.range.start < range.end && range.start < fact.range.end)
    };
    for fact in emails(text).into_iter().chain(documents(text)) {
        if free(&found, &fact.range) {
            found.push(fact);
        }
    }
    found.sort_by_key(|fact| fact.range.start);
    found
}

fn fact(range: Range<usize>, value: Value) -> Fact {
    Fact { range, value, is_word: false }
}

/// Whole addresses. Those within the site are not compared: they have an English counterpart.
fn links(text: &str) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut from = 0;
    let starts = ["https://", "http://", "www."];
    while let Some(rest) = text.get(from..) {
        let Some(at) = starts.iter().filter_map(|start| rest.find(start)).min() else { break };
        let link = rest.get(at..).unwrap_or_default();
        let is_end =
            |c: char| c.is_whitespace() || matches!(c, ')' | ']' | '<' | '>' | '"' | '“' | '”');
        let link = link.split(is_end).next().unwrap_or_default();
        let link = link.trim_end_matches(['.', ',', ';', ':', '*', '_']);
        let range = from + at..from + at + link.len();
        from = range.end.max(from + at + 1);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        found.push(fact(range, Value::Link(link.trim_end_matches('/').to_owned())));
    }
    found
}

fn emails(text: &str) -> Vec<Fact> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let address = |(at, _): (usize, &str)| {
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        // A local part has at most 64 characters, RFC 5321.
        let local = before.bytes().rev().take(64).take_while(|b| is_part(char::from(*b))).count();
        let host = after.find(|c| !is_part(c)).unwrap_or(after.len());
        let host = after.get(..host)?.trim_end_matches(['.', '-']);
        if local == 0 || !host.contains('.') {
            return None;
        }
        let range = at - local..at + 1 + host.len();
        Some(fact(range.clone(), Value::Email(text.get(range)?.to_lowercase())))
    };
    text.match_indices('@').filter_map(address).collect()
}

/// Numbers of documents with their capitals: `224/2026/NĐ-CP`, in English also `224/2026/ND-CP`.
fn documents(text: &str) -> Vec<Fact> {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '“' | '”' | '"' | '[' | ']');
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(is_end) {
        let from = start;
        start += word.len();
        let marks = ['(', ')', '.', ':', '*', '_', '<', '>'];
        let bare = word.trim_end_matches(is_end).trim_end_matches(marks);
        let trimmed = bare.trim_start_matches(marks);
        let capitals = trimmed.chars().filter(|c| c.is_uppercase()).count();
        let number = Number::find(trimmed).into_iter().next().filter(|_| capitals > 1);
        if let Some(number) = number {
            let from = from + bare.len() - trimmed.len();
            found.push(fact(from..from + trimmed.len(), Value::Document(number.key())));
        }
    }
    found
}
