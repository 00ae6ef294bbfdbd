//! Where terms stand in a text. Places are read from right to left, so that what a slot may hold
//! is known before the term with the slot is read: no recursion, and time linear in the text.

use std::{cmp::Reverse, ops::Range};

use super::{
    English, Kind, Part, Slot, Terms,
    trie::{ROOT, Trie, UNKNOWN},
    words::{self, Gap, Word},
};
use crate::write::Names;

/// More words than any name has; keeps the time linear.
const LONGEST: usize = 40;
/// Words of a proper name at most.
const NAME: usize = 6;

/// Family names that hardly ever stand third in the name of a place: in `xã Trà Sơn Nguyễn Văn An`
/// a person begins with them. Without accents.
const FAMILIES: &[&str] = &[
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do",
    "ngo", "duong", "dinh", "doan", "trinh", "luong",
];

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A text with names in it: they have capitals.
    Running,
    /// One name; without any capital, a proper name is what is left.
    Whole,
}

/// A term found at a place.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) term: usize,
    /// The word after its last.
    pub(super) end: usize,
    slots: Vec<Filled>,
}

#[derive(Clone, Debug)]
enum Filled {
    /// Words of the text.
    Words(Range<usize>),
    /// The match at this place of this kind.
    Term(usize, Kind),
}

/// A text and the terms at each of its words.
pub(super) struct Parse<'a> {
    pub(super) terms: &'a Terms,
    text: &'a str,
    words: Vec<Word>,
    found: Vec<Vec<Match>>,
}

/// Reads a text.
pub(super) fn parse<'a>(terms: &'a Terms, text: &'a str, mode: Mode) -> Parse<'a> {
    let words = words::words(text);
    let is_accented = words::has_accents(text);
    let trie = if is_accented { &terms.accented } else { &terms.plain };
    let any_name = mode == Mode::Whole && !words.iter().any(|word| word.is_capital);
    let numbers = words.iter().map(|word| {
        let word = text.get(word.range.clone()).unwrap_or_default();
        trie.word(&words::accented(word))
    });
    let numbers: Vec<u32> = numbers.collect();
    let found = vec![Vec::new(); words.len()];
    let mut parse = Parse { terms, text, words, found };
    for at in (0..parse.words.len()).rev() {
        if numbers.get(at) != Some(&UNKNOWN) {
            let found =
                At { parse: &parse, trie, numbers: &numbers, start: at, any_name }.matches();
            if let Some(place) = parse.found.get_mut(at) {
                *place = found;
            }
        }
    }
    parse
}

/// Looks for terms that begin at one word.
struct At<'p, 'a> {
    parse: &'p Parse<'a>,
    trie: &'p Trie,
    numbers: &'p [u32],
    start: usize,
    any_name: bool,
}

impl At<'_, '_> {
    /// The longest match of each kind.
    fn matches(&self) -> Vec<Match> {
        let mut found = Vec::new();
        self.walk(ROOT, self.start, &mut Vec::new(), &mut found);
        // A term may be the beginning of a larger one: "{office} {unit}".
        let mut at = 0;
        while let Some(inner) = found.get(at).map(|inner| (inner.term, inner.end)) {
            self.grow(inner, &mut found);
            at += 1;
        }
        let mut best: Vec<Match> = Vec::new();
        for kind in Kind::ALL {
            let of_kind = found.iter().filter(|it| self.parse.kind(it.term) == Some(kind));
            best.extend(of_kind.max_by_key(|it| rank(it)).cloned());
        }
        best
    }

    fn grow(&self, (term, end): (usize, usize), found: &mut Vec<Match>) {
        let Some(kind) = self.parse.kind(term) else { return };
        let slots = self.trie.slots(ROOT).iter();
        for (_, node) in slots.filter(|(slot, _)| *slot == Slot::Term(kind)) {
            // What the slot holds is the best of its kind, or the words would not be those found.
            let own = found.iter().filter(|it| self.parse.kind(it.term) == Some(kind));
            if own.map(|it| it.end).max() == Some(end) {
                self.walk(*node, end, &mut vec![Filled::Term(self.start, kind)], found);
            }
        }
    }

    /// Follows the spellings word by word. The depth is bounded by `LONGEST`.
    fn walk(&self, node: u32, at: usize, slots: &mut Vec<Filled>, found: &mut Vec<Match>) {
        if let Some(term) = self.trie.end(node) {
            found.push(Match { term, end: at, slots: slots.clone() });
        }
        let Some(word) = self.parse.words.get(at).filter(|_| at - self.start < LONGEST) else {
            return;
        };
        let node = match word.before {
            _ if at == self.start => node,
            Gap::Space => node,
            Gap::Comma => match self.trie.comma(node) {
                Some(node) => node,
                None => return,
            },
            Gap::Break => return,
        };
        let next = self.numbers.get(at).and_then(|number| self.trie.next(node, *number));
        if let Some(next) = next {
            self.walk(next, at + 1, slots, found);
        }
        // At the root, slots are grown into from what was found.
        for (slot, next) in self.trie.slots(node).iter().filter(|_| node != ROOT) {
            if let Some((filled, end)) = self.fill(*slot, at) {
                slots.push(filled);
                self.walk(*next, end, slots, found);
                slots.pop();
            }
        }
    }

    fn fill(&self, slot: Slot, at: usize) -> Option<(Filled, usize)> {
        match slot {
            Slot::Term(kind) => {
                let held = self.parse.of_kind(at, kind)?;
                Some((Filled::Term(at, kind), held.end))
            }
            Slot::Number => {
                let word = self.parse.words.get(at)?;
                word.is_number.then_some((Filled::Words(at..at + 1), at + 1))
            }
            Slot::Name => {
                let end = self.name_end(at)?;
                Some((Filled::Words(at..end), end))
            }
        }
    }

    /// A name ends where capitals end, where a known name of two words or more begins, and where
    /// a person's name follows.
    fn name_end(&self, at: usize) -> Option<usize> {
        let first = self.parse.words.get(at)?;
        if !(first.is_capital || self.any_name && !first.is_number) {
            return None;
        }
        let rest = self.parse.words.get(at + 1..)?.iter().zip(at + 1..).take(NAME - 1);
        let goes_on = |(word, place): &(&Word, usize)| {
            let known = self
                .parse
                .found
                .get(*place)
                .is_some_and(|found| found.iter().any(|it| it.end > place + 1));
            let named = word.is_capital || word.is_number || self.any_name;
            let person = *place >= at + 2 && self.begins_person(word, *place);
            word.before == Gap::Space && named && !known && !person
        };
        Some(at + 1 + rest.take_while(goes_on).count())
    }

    fn begins_person(&self, word: &Word, at: usize) -> bool {
        let text = self.parse.text.get(word.range.clone()).unwrap_or_default();
        let next = self.parse.words.get(at + 1);
        FAMILIES.contains(&base::text::unaccented(text).as_str())
            && next.is_some_and(|next| next.before == Gap::Space && next.is_capital)
    }
}

/// Longer first, then the one that says more in words of its own, then the earlier one.
fn rank(found: &Match) -> (usize, Reverse<usize>, Reverse<usize>) {
    (found.end, Reverse(found.slots.len()), Reverse(found.term))
}

impl Parse<'_> {
    fn kind(&self, term: usize) -> Option<Kind> {
        self.terms.terms.get(term).map(|term| term.kind)
    }

    fn of_kind(&self, at: usize, kind: Kind) -> Option<&Match> {
        self.found.get(at)?.iter().find(|it| self.kind(it.term) == Some(kind))
    }

    /// The outermost terms with the words they begin at.
    pub(super) fn tops(&self) -> Vec<(usize, &Match)> {
        let mut tops = Vec::new();
        let mut at = 0;
        while let Some(found) = self.found.get(at) {
            let found = found.iter().filter(|it| !self.is_part_of_number(at, it.end));
            match found.max_by_key(|it| rank(it)) {
                Some(best) => {
                    tops.push((at, best));
                    at = best.end;
                }
                None => at += 1,
            }
        }
        tops
    }

    /// The `UBND` of `519/QĐ-UBND`, which names nobody.
    fn is_part_of_number(&self, at: usize, end: usize) -> bool {
        let Some(range) = self.range(at, end).filter(|_| end == at + 1) else { return false };
        let before = self.text.get(..range.start).and_then(|text| text.chars().next_back());
        let after = self.text.get(range.end..).and_then(|text| text.chars().next());
        [before, after].into_iter().flatten().any(|c| matches!(c, '/' | '-'))
    }

    /// The term that is the whole text.
    pub(super) fn whole(&self) -> Option<&Match> {
        let whole = |it: &&Match| it.end == self.words.len();
        self.found.first()?.iter().filter(whole).max_by_key(|it| rank(it))
    }

    /// The bytes of words.
    pub(super) fn range(&self, from: usize, to: usize) -> Option<Range<usize>> {
        Some(self.words.get(from)?.range.start..self.words.get(to.checked_sub(1)?)?.range.end)
    }

    /// The English to write for a match.
    pub(super) fn english(&self, found: &Match, names: Names) -> String {
        let sides = self.terms.english.get(found.term);
        let side = sides.and_then(|sides| sides.first());
        side.map(|side| names.write(&self.fill(side, found))).unwrap_or_default()
    }

    /// Every English a translation may have for a match.
    pub(super) fn accepted(&self, found: &Match) -> Vec<String> {
        let sides = self.terms.english.get(found.term);
        sides.into_iter().flatten().map(|side| self.fill(side, found)).collect()
    }

    fn fill(&self, side: &English, found: &Match) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Slot(at) => self.held(found, *at),
        };
        side.0.iter().map(part).collect()
    }

    fn held(&self, found: &Match, slot: usize) -> String {
        match found.slots.get(slot) {
            Some(Filled::Term(at, kind)) => match self.of_kind(*at, *kind) {
                Some(inner) => self.english(inner, Names::Accented),
                None => String::new(),
            },
            Some(Filled::Words(words)) => self.name(words.clone()),
            None => String::new(),
        }
    }

    /// What the slots of a match hold: each a term with its place, or words.
    pub(super) fn inner(&self, found: &Match) -> Vec<Result<&Match, String>> {
        let inner = |filled: &Filled| match filled {
            Filled::Term(at, kind) => self.of_kind(*at, *kind).ok_or_else(String::new),
            Filled::Words(words) => Err(self.name(words.clone())),
        };
        found.slots.iter().map(inner).collect()
    }

    /// A name as it is written; one in capitals throughout, or without any, gets those of a name.
    fn name(&self, words: Range<usize>) -> String {
        let text = self.range(words.start, words.end).and_then(|range| self.text.get(range));
        let text = text.unwrap_or_default();
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        let shouted = letters().count() > 2 && letters().all(char::is_uppercase);
        match shouted || letters().all(char::is_lowercase) {
            true => crate::write::capitalised(text),
            false => text.to_owned(),
        }
    }
}
