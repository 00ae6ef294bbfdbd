//! Terms offered to a translator, and terms a translation does not have.

use std::{collections::BTreeSet, ops::Range};

use super::{
    Kind, Part, Terms,
    find::{self, Match, Parse},
};
use crate::write::{Names, plain};

/// A term of the source, offered with its English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The words of the source.
    pub vi: String,
    /// What to write.
    pub english: String,
    /// What else is right.
    pub accept: Vec<String>,
    /// What it names.
    pub kind: Kind,
    /// Where the English comes from.
    pub source: Option<String>,
}

/// A term of the source whose English the translation does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Where it stands in the source, in bytes.
    pub range: Range<usize>,
    /// What the translation should have.
    pub english: String,
    /// What it names: see [`Kind::is_official`].
    pub kind: Kind,
}

impl Terms {
    /// The terms of a Vietnamese text with their English, each once, in the order of the text.
    pub fn suggest(&self, text: &str, names: Names) -> Vec<Suggestion> {
        let parse = find::parse(self, text, find::Mode::Running);
        let mut seen = BTreeSet::new();
        let mut suggestions = Vec::new();
        for (at, found) in parse.tops() {
            let english = parse.english(found, names);
            let term = self.terms.get(found.term);
            let vi = parse.range(at, found.end).and_then(|range| text.get(range));
            if let (Some(term), Some(vi), true) = (term, vi, seen.insert(english.clone())) {
                let accept = parse.accepted(found).into_iter().map(|it| names.write(&it));
                suggestions.push(Suggestion {
                    vi: vi.to_owned(),
                    accept: accept.filter(|it| *it != english).collect(),
                    english,
                    kind: term.kind,
                    source: term.source.clone(),
                });
            }
        }
        suggestions
    }

    /// The terms of `source` whose English is nowhere in `translation`, each once. Capitals,
    /// accents, an `s` and the order of the parts of a composed name do not matter.
    pub fn absent(&self, source: &str, translation: &str, names: Names) -> Vec<Absent> {
        let parse = find::parse(self, source, find::Mode::Running);
        let translation = English::new(translation);
        let mut seen = BTreeSet::new();
        let mut absent = Vec::new();
        for (at, found) in parse.tops() {
            if translation.has_match(&parse, found) {
                continue;
            }
            let english = parse.english(found, names);
            let term = self.terms.get(found.term);
            if let (Some(term), Some(range)) = (term, parse.range(at, found.end))
                && seen.insert(english.clone())
            {
                absent.push(Absent { range, english, kind: term.kind });
            }
        }
        absent
    }
}

/// An English text as it is searched: its words in small letters without accents.
struct English(String);

impl English {
    fn new(text: &str) -> Self {
        Self(format!(" {} ", folded(text)))
    }

    /// Whether it has words, perhaps the last of them in the plural.
    fn has(&self, words: &str) -> bool {
        let words = folded(words);
        let stem = words.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
        self.0.contains(&format!(" {words} "))
            || self.0.contains(&format!(" {words}s "))
            || self.0.contains(&format!(" {words}es "))
            || stem.is_some_and(|stem| self.0.contains(&format!(" {stem}ies ")))
    }

    /// Whether it has the English of a match: as it is written, as it may be written, or its
    /// parts in another order.
    fn has_match(&self, parse: &Parse<'_>, found: &Match) -> bool {
        parse.accepted(found).iter().any(|english| self.has(english))
            || (!parse.inner(found).is_empty() && self.has_parts(parse, found))
    }

    /// A slot that holds a whole term may be said in that term's other ways.
    fn has_parts(&self, parse: &Parse<'_>, found: &Match) -> bool {
        let inner = |held: Result<&Match, String>| match held {
            Ok(inner) => self.has_match(parse, inner),
            Err(name) => self.has(&name),
        };
        let has_texts = |side: &super::English| {
            let texts = side.0.iter().filter_map(|part| match part {
                Part::Text(text) => Some(without_small_words(text)),
                Part::Slot(_) => None,
            });
            texts.filter(|text| !text.is_empty()).all(|text| self.has(&text))
        };
        let sides = parse.terms.english.get(found.term);
        sides.into_iter().flatten().any(has_texts) && parse.inner(found).into_iter().all(inner)
    }
}

/// `People's Committee of the` without the words that only join.
fn without_small_words(text: &str) -> String {
    let folded = folded(text);
    let small = |word: &&str| matches!(*word, "of" | "the" | "under");
    let words: Vec<&str> = folded.split(' ').collect();
    let start = words.iter().take_while(|word| small(word)).count();
    let end = words.len() - words.iter().rev().take_while(|word| small(word)).count();
    words.get(start..end).unwrap_or_default().join(" ")
}

fn folded(text: &str) -> String {
    let text = plain(text).replace('’', "'").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let words: Vec<&str> = words.map(|word| word.trim_matches('\'')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
