//! Drafts that a machine writes. Nothing it wrote counts as read until a person saved it piece by
//! piece, and readers are told.

use std::ops::Range;

use base::Result;
use chrono::NaiveDate;
use english::{
    terms::Terms,
    write::{self, Names},
};

use crate::model::{Mark, Pieces, Said};

/// What a machine is given to write with.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The terms of the province.
    pub terms: &'a Terms,
    /// How names are written.
    pub names: Names,
}

/// Something that writes drafts.
pub trait Provider: Send + Sync {
    /// The English of Vietnamese texts in Markdown, in their order; an empty text for one it
    /// cannot write. It may take long and is never called where a request waits on the database.
    fn translate(&self, words: Words<'_>, texts: &[String]) -> Result<Vec<String>>;
}

/// Fills the pieces of `source` that have no English yet; each that was filled is marked.
pub fn fill(
    provider: &dyn Provider,
    words: Words<'_>,
    source: &[english::blocks::Piece],
    pieces: &mut Pieces,
) -> Result<usize> {
    let empty: Vec<_> = source.iter().filter(|it| !pieces.contains_key(&it.id)).collect();
    let texts: Vec<String> = empty.iter().map(|it| it.text.clone()).collect();
    let written = provider.translate(words, &texts)?;
    let mut filled = 0;
    for (piece, text) in empty.into_iter().zip(written) {
        if !text.trim().is_empty() {
            pieces.insert(piece.id.clone(), Said { text, mark: Some(Mark::Machine) });
            filled += 1;
        }
    }
    Ok(filled)
}

/// Writes what the term base, dates, amounts and names can say, without asking anybody. What it
/// does not know stays in Vietnamese, in `[vi: …]`, where translators and checks see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glossary;

impl Provider for Glossary {
    fn translate(&self, words: Words<'_>, texts: &[String]) -> Result<Vec<String>> {
        Ok(texts.iter().map(|text| one(words, text)).collect())
    }
}

fn one(words: Words<'_>, text: &str) -> String {
    if let Some(whole) = words.terms.translate(text, words.names) {
        return whole;
    }
    let kept = kept(text);
    let mut known: Vec<(Range<usize>, String)> = dates(text);
    known.extend(kept.iter().map(|range| (range.clone(), slice(text, range).to_owned())));
    for hit in words.terms.find(text, words.names) {
        let is_free = |(range, _): &(Range<usize>, String)| !overlap(range, &hit.range);
        if known.iter().all(is_free) {
            known.push((hit.range, hit.english));
        }
    }
    known.sort_by_key(|(range, _)| range.start);
    let mut out = String::new();
    let mut end = 0;
    for (range, english) in known {
        if range.start < end {
            continue;
        }
        rest(&mut out, words.names, text.get(end..range.start).unwrap_or_default());
        out.push_str(&english);
        end = range.end;
    }
    rest(&mut out, words.names, text.get(end..).unwrap_or_default());
    out
}

fn slice<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    text.get(range.clone()).unwrap_or_default()
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Addresses of links and pictures, web and e-mail addresses, code: no language has them.
fn kept(text: &str) -> Vec<Range<usize>> {
    let mut kept = Vec::new();
    for (at, _) in text.match_indices("](") {
        let after = text.get(at + 2..).unwrap_or_default();
        if let Some(end) = after.find(')') {
            kept.push(at..at + 2 + end + 1);
        }
    }
    let mut start = None;
    for (at, _) in text.match_indices('`') {
        match start.take() {
            None => start = Some(at),
            Some(from) => kept.push(from..at + 1),
        }
    }
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let plain = word.trim_end();
        if plain.contains("://") || plain.contains('@') || plain.starts_with("www.") {
            let range = at..at + plain.len();
            if kept.iter().all(|other| !overlap(other, &range)) {
                kept.push(range);
            }
        }
        at += word.len();
    }
    kept
}

/// Days as Vietnamese writes them: `20/11/2026`, `ngày 20 tháng 11 năm 2026`.
fn dates(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        words.push((at, piece.trim_end()));
        at += piece.len();
    }
    let mut dates = Vec::new();
    for (place, (start, word)) in words.iter().enumerate() {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let lead = bare.len() - bare.trim_start_matches(|c: char| !c.is_ascii_digit()).len();
        let digits = bare.get(lead..).unwrap_or_default();
        if let Some(day) = slashed(digits) {
            let from = start + lead;
            dates.push((from..from + digits.len(), write::date(day)));
        }
        let word_at = |step: usize| words.get(place + step).map(|(at, word)| (*at, *word));
        let spelled = (word.to_lowercase() == "ngày").then(|| spelled(&word_at)).flatten();
        dates.extend(spelled.map(|(end, day)| (*start..end, write::date(day))));
    }
    dates
}

fn slashed(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = parts.next().is_none() && year.len() == 4;
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    day.filter(|_| is_date)
}

/// `ngày 20 tháng 11 năm 2026`, from the word after the first on; with the byte after its last.
fn spelled<'a>(word_at: &impl Fn(usize) -> Option<(usize, &'a str)>) -> Option<(usize, NaiveDate)> {
    let number = |step: usize| -> Option<u32> { word_at(step)?.1.parse().ok() };
    let is = |step: usize, word: &str| word_at(step).is_some_and(|it| it.1.to_lowercase() == word);
    if !is(2, "tháng") || !is(4, "năm") {
        return None;
    }
    let (at, year) = word_at(5)?;
    let digits: String = year.chars().take_while(char::is_ascii_digit).collect();
    let day = NaiveDate::from_ymd_opt(digits.parse().ok()?, number(3)?, number(1)?)?;
    Some((at + digits.len(), day))
}

/// What nobody knows: names as the site writes them, the rest set apart, marks as they are.
fn rest(out: &mut String, names: Names, text: &str) {
    let is_mark = |c: char| "|*_[]()#>\n`!\"“”".contains(c);
    for run in text.split_inclusive(is_mark) {
        let (words, mark) = match run.char_indices().next_back().filter(|(_, c)| is_mark(*c)) {
            Some((at, _)) => run.split_at_checked(at).unwrap_or((run, "")),
            None => (run, ""),
        };
        unknown(out, names, words);
        out.push_str(mark);
    }
}

fn unknown(out: &mut String, names: Names, words: &str) {
    let is_edge = |c: char| !c.is_alphabetic();
    let inner = words.trim_matches(is_edge);
    if inner.is_empty() {
        out.push_str(words);
        return;
    }
    let start = words.find(inner).unwrap_or_default();
    out.push_str(words.get(..start).unwrap_or_default());
    let is_name = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    match inner.split_whitespace().all(is_name) {
        true => out.push_str(&names.write(inner)),
        false => {
            out.push_str("[vi: ");
            out.push_str(inner);
            out.push(']');
        }
    }
    out.push_str(words.get(start + inner.len()..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[track_caller]
    fn check(vietnamese: &str, english: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/terms.toml");
        let terms = Terms::load(&file).unwrap();
        let words = Words { terms: &terms, names: Names::Plain };
        let written = Glossary.translate(words, &[vietnamese.to_owned()]).unwrap();
        assert_eq!(written, [english]);
    }

    #[test]
    fn what_the_term_base_knows_is_english_and_the_rest_is_set_apart() {
        check("Ủy ban nhân dân xã Trà Sơn", "People's Committee of Tra Son Commune");
        check(
            "## UBND xã Trà Sơn họp ngày 20 tháng 11 năm 2026.",
            "## People's Committee of Tra Son Commune [vi: họp] 20 November 2026.",
        );
        check("Hạn: 05/09/2026", "Han: 5 September 2026");
    }

    #[test]
    fn links_and_code_are_left_alone() {
        check(
            "Xem [danh sách](https://x.vn/danh-sach) hoặc `mã` gửi a@x.vn",
            "Xem [[vi: danh sách]](https://x.vn/danh-sach) [vi: hoặc] `mã` [vi: gửi] a@x.vn",
        );
    }

    #[test]
    fn only_empty_pieces_are_filled_and_each_is_marked() {
        let content = english::blocks::Content {
            title: "Ủy ban nhân dân xã Trà Sơn".into(),
            summary: "Tóm tắt".into(),
            ..Default::default()
        };
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/terms.toml");
        let terms = Terms::load(&file).unwrap();
        let words = Words { terms: &terms, names: Names::Accented };
        let own = Said { text: "In short.".into(), mark: None };
        let mut pieces = Pieces::from([("summary".into(), own.clone())]);

        assert_eq!(fill(&Glossary, words, &content.pieces(), &mut pieces).unwrap(), 1);
        assert_eq!(pieces.get("summary"), Some(&own));
        let title = pieces.get("title").unwrap();
        assert_eq!(title.mark, Some(Mark::Machine));
    }
}
