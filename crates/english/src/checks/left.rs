//! Vietnamese left in an English text. Names and what is set off as foreign (`*đình*`, code,
//! links) are not it.

use std::ops::Range;

use base::Message;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{Finding, Kind};
use crate::{terms::Terms, write::Names};

/// Frequent Vietnamese words that are no English without their accents either. One may be a name
/// or a typing error; two that are near each other are a sentence.
const SMALL_WORDS: &[&str] = &[
    "cua", "nhung", "duoc", "khong", "nguoi", "trong", "voi", "cac", "theo", "ngay", "nhan", "dan",
    "thuc", "hien", "quyet", "dinh", "nhiem", "viec", "cong", "chuc", "phuong", "huyen", "thanh",
    "pho", "uy", "va", "cho", "tai", "den", "nay", "khi", "phai", "cung", "quy", "hoach", "chinh",
    "phu", "thong", "nghi", "so", "ve", "nhu", "gia", "dat", "dang", "thu", "tuc",
];

/// Those of `SMALL_WORDS` that English has as well: they count beside another only.
const ENGLISH_TOO: &[&str] = &["so", "den", "dan", "pho", "dang", "cho", "tai"];

/// Small English words that stand between two Vietnamese names.
const JOINERS: &[&str] = &[
    "to", "of", "in", "on", "at", "and", "or", "the", "by", "for", "from", "is", "as", "a", "with",
    "near", "via", "has", "had", "was", "are", "were", "will", "not", "but", "met", "who", "its",
];

/// How many words apart two small words are of one sentence.
const NEAR: usize = 4;

/// Vietnamese words of the text, each run of them once.
pub(super) fn find(terms: &Terms, text: &str, names: Names) -> Vec<Finding> {
    let prose = prose(text);
    let words: Vec<Range<usize>> = prose.into_iter().flat_map(|it| words(text, it)).collect();
    let mut findings = accented(terms, text, &words, names);
    findings.extend(unaccented(text, &words));
    findings
}

/// What people read as running text: no code, no addresses, nothing in italics.
fn prose(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut set_off = 0_usize;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Emphasis | Tag::CodeBlock(_)) => set_off += 1,
            Event::End(end) => {
                use pulldown_cmark::TagEnd::{CodeBlock, Emphasis};
                set_off -= usize::from(matches!(end, Emphasis | CodeBlock));
            }
            Event::Text(_) if set_off == 0 => found.push(range),
            _ => (),
        }
    }
    found
}

fn words(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let is_letter = |c: char| {
        c.is_alphabetic() || c == '\'' || unicode_normalization::char::is_combining_mark(c)
    };
    let start = within.start;
    let mut found = Vec::new();
    let mut from = None;
    for (at, c) in text.get(within.clone()).unwrap_or_default().char_indices() {
        match (is_letter(c), from) {
            (true, None) => from = Some(start + at),
            (false, Some(begin)) => {
                found.push(begin..start + at);
                from = None;
            }
            _ => (),
        }
    }
    found.extend(from.map(|begin| begin..within.end));
    found
}

/// A letter only Vietnamese has: `é` and `à` are of loan words (`communiqué`) as well.
fn is_vietnamese(word: &str) -> bool {
    let own = |c: char| {
        matches!(c, 'đ' | 'Đ' | 'ă' | 'Ă' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1EA0}'..='\u{1EF9}')
    };
    let shared = |c: char| {
        matches!(
            c,
            'à' | 'á'
                | 'ã'
                | 'ì'
                | 'í'
                | 'ĩ'
                | 'ò'
                | 'ó'
                | 'õ'
                | 'ù'
                | 'ú'
                | 'ũ'
                | 'ý'
                | 'â'
                | 'ê'
                | 'ô'
                | 'è'
        )
    };
    let decomposed = |c: char| {
        matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' | '\u{31B}')
    };
    let short = word.chars().count() <= 6;
    word.chars().any(|c| own(c) || decomposed(c) || (short && shared(c)))
}

/// Runs of words with accents. Those with capitals throughout a run are names, unless the term
/// base knows the English of the run.
fn accented(terms: &Terms, text: &str, words: &[Range<usize>], names: Names) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut at = 0;
    while let Some(first) = words.get(at) {
        let run = run(text, words.get(at..).unwrap_or_default());
        if run == 0 {
            at += 1;
            continue;
        }
        let last = words.get(at + run - 1).unwrap_or(first);
        let range = first.start..last.end;
        at += run;
        let said = text.get(range.clone()).unwrap_or_default();
        let english =
            terms.find(said, names).into_iter().find(|hit| hit.english != names.write(said));
        let is_name = said
            .split_whitespace()
            .all(|word| word.chars().find(|c| c.is_alphabetic()).is_none_or(char::is_uppercase));
        let finding = match (english, is_name, names) {
            (Some(hit), ..) => {
                let range = range.start + hit.range.start..range.start + hit.range.end;
                let message = super::message(Kind::Vietnamese, "term", text, &range);
                Some((Kind::Vietnamese, range, message.with("english", hit.english)))
            }
            (None, false, _) => {
                let message = super::message(Kind::Vietnamese, "left", text, &range);
                Some((Kind::Vietnamese, range, message))
            }
            (None, true, Names::Plain) => {
                let message = super::message(Kind::Accents, "left", text, &range);
                let message = message.with("plain", crate::write::plain(said));
                Some((Kind::Accents, range, message))
            }
            (None, true, Names::Accented) => None,
        };
        findings.extend(finding.map(|(kind, range, message)| found(kind, range, message)));
    }
    findings
}

fn found(kind: Kind, range: Range<usize>, message: Message) -> Finding {
    Finding { kind, source: None, translation: Some(range), message }
}

/// How many words from the first on are one Vietnamese run: with accents, or between two such
/// and short as Vietnamese words are.
fn run(text: &str, words: &[Range<usize>]) -> usize {
    let word = |at: usize| words.get(at).and_then(|range| text.get(range.clone()));
    let joined = |at: usize| {
        let (Some(a), Some(b)) = (words.get(at), words.get(at + 1)) else { return false };
        let between = text.get(a.end..b.start).unwrap_or_default();
        between.chars().all(|c| c == ' ')
    };
    if !word(0).is_some_and(is_vietnamese) {
        return 0;
    }
    let mut end = 1;
    let mut at = 1;
    while at < words.len() && joined(at - 1) {
        match word(at) {
            Some(next) if is_vietnamese(next) => end = at + 1,
            // One syllable without accents may stand in between: `Ủy ban nhân dân`.
            Some(next) if is_syllable(next) && at == end => (),
            _ => break,
        }
        at += 1;
    }
    end
}

/// Short as Vietnamese words are, and not the "to" of `Hà Nội to Đà Nẵng`.
fn is_syllable(word: &str) -> bool {
    word.chars().count() <= 6 && !JOINERS.contains(&word.to_lowercase().as_str())
}

/// Runs of small words without accents.
fn unaccented(text: &str, words: &[Range<usize>]) -> Vec<Finding> {
    let small =
        |range: &Range<usize>| text.get(range.clone()).filter(|it| SMALL_WORDS.contains(it));
    let hits = words.iter().enumerate().filter_map(|(at, range)| Some((at, small(range)?)));
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (at, word) in hits {
        let sure = usize::from(!ENGLISH_TOO.contains(&word));
        match runs.last_mut().filter(|(_, last, _)| at - *last <= NEAR) {
            Some((_, last, sures)) => {
                *last = at;
                *sures += sure;
            }
            None => runs.push((at, at, sure)),
        }
    }
    let sure = runs.into_iter().filter(|(first, last, sures)| first != last && *sures > 1);
    let finding = |(first, last, _): (usize, usize, usize)| {
        let range = words.get(first)?.start..words.get(last)?.end;
        let message = super::message(Kind::Vietnamese, "left", text, &range);
        Some(found(Kind::Vietnamese, range, message))
    };
    sure.filter_map(finding).collect()
}
