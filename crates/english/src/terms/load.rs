//! The data file of the term base, read and refused: a fault names its line.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt, fs,
    path::Path,
};

use anyhow::Context;
use serde::Deserialize;
use toml::Spanned;

use super::{
    English, Kind, Own, Part, Slot, Term, Terms,
    trie::{Step, Trie},
    words::{self, Gap},
};

/// What is wrong with a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is no TOML, or has a word it should not have; the reader's own words.
    Form(String),
    /// There is no such kind of term.
    UnknownKind(String),
    /// A side is empty, or nothing but slots.
    Empty,
    /// A slot nobody knows, one that stands twice, or one the other side lacks.
    Slots(String),
    /// Another line has the same spelling, accents and capitals aside.
    Duplicate {
        /// The spelling.
        spelling: String,
        /// The other line.
        line: usize,
    },
    /// The term it refers to is not in the file.
    UnknownTerm(String),
    /// Terms that refer to each other, or patterns that begin with each other.
    Cycle(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.problem {
            Problem::Form(why) => write!(f, "{why}"),
            Problem::UnknownKind(kind) => write!(f, "no kind of term is called {kind}"),
            Problem::Empty => write!(f, "a side is empty"),
            Problem::Slots(slot) => write!(f, "the slot {{{slot}}} is not the same on both sides"),
            Problem::Duplicate { spelling, line } => {
                write!(f, "line {line} has {spelling} already")
            }
            Problem::UnknownTerm(term) => write!(f, "there is no term {term}"),
            Problem::Cycle(term) => write!(f, "{term} leads back to itself"),
        }
    }
}

impl std::error::Error for Fault {}

/// A line as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    vi: Spanned<String>,
    #[serde(default)]
    en: String,
    #[serde(default)]
    see: Option<String>,
    #[serde(default)]
    short: Vec<String>,
    #[serde(default)]
    alias: Vec<String>,
    #[serde(default)]
    accept: Vec<String>,
    plural: Option<String>,
    source: Option<String>,
    note: Option<String>,
    /// Matched only where its accents stand: without them it is another word.
    #[serde(default)]
    accents: bool,
}

/// The key of the lines that only refer to others.
const SEE: &str = "see";

impl Terms {
    /// Reads the data file.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{}", path.display()))
    }

    /// Reads the text of a data file.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::with_own(text, &[])
    }

    /// Reads the text of a data file and the terms of a province, which take the place of those
    /// of the file that have the same Vietnamese. A fault in one of them has a line behind the
    /// last of the file: see [`own_term`].
    pub fn with_own(text: &str, own: &[Own]) -> Result<Self, Fault> {
        let lines = Lines::new(text);
        let kinds: BTreeMap<String, Vec<Row>> = toml::from_str(text).map_err(|err| Fault {
            line: lines.of(err.span().map_or(0, |span| span.start)),
            problem: Problem::Form(err.message().to_owned()),
        })?;
        let mut rows = Vec::new();
        let mut references = Vec::new();
        for (name, of_kind) in kinds {
            let of_kind = of_kind.into_iter().map(|row| (lines.of(row.vi.span().start), row));
            match (name.as_str(), Kind::parse(&name)) {
                (SEE, _) => references.extend(of_kind),
                (_, Some(kind)) => rows.extend(of_kind.map(|(line, row)| (line, kind, row))),
                (_, None) => {
                    let line = of_kind.map(|(line, _)| line).next().unwrap_or(1);
                    return Err(Fault { line, problem: Problem::UnknownKind(name) });
                }
            }
        }
        for (place, term) in own.iter().enumerate() {
            let line = lines.last() + 1 + place;
            put(term, (line, lines.last()), &mut rows, &mut references)
                .map_err(|problem| Fault { line, problem })?;
        }
        rows.sort_by_key(|(line, _, row)| (*line, row.vi.span().start));
        references.sort_by_key(|(line, _)| *line);
        Loader::default().load(rows, references)
    }
}

/// Which of the terms of a province a fault is about, from 0; `None` when it is the file's.
pub fn own_term(text: &str, fault: &Fault) -> Option<usize> {
    fault.line.checked_sub(Lines::new(text).last() + 1)
}

/// Puts a term of a province among the lines of the file: in the place of the one with the same
/// Vietnamese, whose other spellings then lead to it, or beside them.
fn put(
    own: &Own,
    (line, last): (usize, usize),
    rows: &mut Vec<(usize, Kind, Row)>,
    references: &mut Vec<(usize, Row)>,
) -> Result<(), Problem> {
    let vi = own.vi.to_lowercase();
    let is_it = |spelling: &str| spelling.to_lowercase() == vi;
    references.retain(|(_, row)| !is_it(row.vi.get_ref()));
    for (_, _, row) in rows.iter_mut() {
        row.short.retain(|it| !is_it(it));
        row.alias.retain(|it| !is_it(it));
    }
    let same = rows.iter_mut().find(|(_, _, row)| is_it(row.vi.get_ref()));
    match same {
        Some((other, ..)) if *other > last => {
            Err(Problem::Duplicate { spelling: own.vi.clone(), line: *other })
        }
        Some((place, kind, row)) => {
            (*place, *kind) = (line, own.kind);
            row.en.clone_from(&own.en);
            row.accept.clone_from(&own.accept);
            (row.plural, row.source) = (None, None);
            Ok(())
        }
        None => {
            let row = Row {
                vi: Spanned::new(0..0, own.vi.clone()),
                en: own.en.clone(),
                accept: own.accept.clone(),
                see: None,
                short: Vec::new(),
                alias: Vec::new(),
                plural: None,
                source: None,
                note: None,
                accents: false,
            };
            rows.push((line, own.kind, row));
            Ok(())
        }
    }
}

/// Where lines end, to tell the line of a byte.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn of(&self, byte: usize) -> usize {
        self.0.partition_point(|end| *end < byte) + 1
    }

    /// The last line.
    fn last(&self) -> usize {
        self.0.len() + 1
    }
}

#[derive(Default)]
struct Loader {
    terms: Vec<Term>,
    english: Vec<Vec<English>>,
    accented: Trie,
    plain: Trie,
    /// Kinds that begin a pattern of a kind, with a line that says so.
    begins: BTreeMap<(Kind, Kind), usize>,
    /// Terms by their spelling, for references.
    spelled: HashMap<String, usize>,
}

impl Loader {
    fn load(
        mut self,
        rows: Vec<(usize, Kind, Row)>,
        references: Vec<(usize, Row)>,
    ) -> Result<Terms, Fault> {
        for (line, kind, row) in rows {
            self.add(line, kind, row).map_err(|problem| Fault { line, problem })?;
        }
        self.refer(references)?;
        self.check_beginnings()?;
        let Self { terms, english, accented, plain, .. } = self;
        Ok(Terms { terms, english, accented, plain, labels: HashMap::new() })
    }

    fn add(&mut self, line: usize, kind: Kind, row: Row) -> Result<(), Problem> {
        let vi = row.vi.into_inner();
        let slots = slots(&vi)?;
        let mut english = vec![side(&row.en, &slots)?];
        for other in row.plural.iter().chain(&row.accept) {
            english.push(side(other, &slots)?);
        }
        let spellings: Vec<String> = row.short.iter().chain(&row.alias).cloned().collect();
        let term = Term {
            line,
            kind,
            spellings: spellings.clone(),
            en: row.en,
            plural: row.plural,
            accept: row.accept,
            source: row.source,
            note: row.note,
            vi: vi.clone(),
        };
        let place = self.terms.len();
        self.terms.push(term);
        self.english.push(english);
        for spelling in [&vi].into_iter().chain(&spellings) {
            if slots_of(spelling) != slots {
                return Err(Problem::Slots(spelling.clone()));
            }
            self.spell(spelling, row.accents, place, kind)?;
        }
        Ok(())
    }

    /// Adds a spelling of a term to both tries.
    fn spell(&mut self, vi: &str, accents: bool, term: usize, kind: Kind) -> Result<(), Problem> {
        let accented = steps(vi, |word| words::accented(word).into_owned());
        let plain = steps(vi, base::text::unaccented);
        let Some(first) = accented.first() else { return Err(Problem::Empty) };
        if let Step::Slot(Slot::Term(other)) = first {
            let line = self.terms.get(term).map_or(0, |term| term.line);
            self.begins.entry((kind, *other)).or_insert(line);
        }
        if !accented.iter().any(|step| matches!(step, Step::Word(_))) && accented.len() < 2 {
            return Err(Problem::Empty);
        }
        let taken = self.accented.insert(&accented, term);
        self.refuse(taken, vi, term)?;
        // One syllable without its accents is half a dozen words: "ban" is bản, bạn, bán.
        let lone = plain.len() == 1 && vi.chars().any(char::is_lowercase);
        if !accents && !lone {
            let taken = self.plain.insert(&plain, term);
            self.refuse(taken, vi, term)?;
        }
        self.spelled.insert(vi.to_lowercase(), term);
        Ok(())
    }

    fn refuse(&self, taken: Option<usize>, vi: &str, term: usize) -> Result<(), Problem> {
        // A term may spell itself twice: "Đảng uỷ" beside "Đảng ủy".
        match taken.filter(|other| *other != term) {
            Some(other) => {
                let line = self.terms.get(other).map_or(0, |term| term.line);
                Err(Problem::Duplicate { spelling: vi.to_owned(), line })
            }
            None => Ok(()),
        }
    }

    /// Gives the references the terms they lead to, over other references where need be.
    fn refer(&mut self, references: Vec<(usize, Row)>) -> Result<(), Fault> {
        let targets = references.iter().map(|(line, row)| {
            let see = row.see.clone().unwrap_or_default().to_lowercase();
            (row.vi.get_ref().to_lowercase(), (*line, see))
        });
        let targets: HashMap<String, (usize, String)> = targets.collect();
        for (line, row) in &references {
            let fault = |problem| Fault { line: *line, problem };
            let vi = row.vi.get_ref();
            let mut seen = BTreeSet::new();
            let mut at = vi.to_lowercase();
            while let Some((_, next)) = targets.get(&at) {
                if !seen.insert(at.clone()) {
                    return Err(fault(Problem::Cycle(vi.clone())));
                }
                at.clone_from(next);
            }
            let Some(term) = self.spelled.get(&at).copied() else {
                return Err(fault(Problem::UnknownTerm(at)));
            };
            let kind = self.terms.get(term).map_or(Kind::Phrase, |term| term.kind);
            self.spell(vi, row.accents, term, kind).map_err(fault)?;
            if let Some(term) = self.terms.get_mut(term) {
                term.spellings.push(vi.clone());
            }
        }
        Ok(())
    }

    /// Patterns may begin with a term of another kind, but not in a circle.
    fn check_beginnings(&self) -> Result<(), Fault> {
        for ((kind, _), line) in &self.begins {
            let mut reached = BTreeSet::new();
            let mut open = vec![*kind];
            while let Some(at) = open.pop() {
                let next = self.begins.keys().filter(|(from, _)| *from == at).map(|(_, to)| *to);
                open.extend(next.filter(|to| reached.insert(*to)));
            }
            if reached.contains(kind) {
                let problem = Problem::Cycle(format!("{{{}}}", kind.as_str()));
                return Err(Fault { line: *line, problem });
            }
        }
        Ok(())
    }
}

/// The words, commas and slots of a spelling.
fn steps(vi: &str, key: impl Fn(&str) -> String) -> Vec<Step> {
    let mut steps = Vec::new();
    for word in words::words(vi) {
        if word.before == Gap::Comma {
            steps.push(Step::Comma);
        }
        let text = vi.get(word.range).unwrap_or_default();
        steps.push(match slot(text) {
            Some(slot) => Step::Slot(slot),
            None => Step::Word(key(text)),
        });
    }
    steps
}

fn slot(word: &str) -> Option<Slot> {
    let name = word.strip_prefix('{')?.strip_suffix('}')?;
    match name {
        "name" => Some(Slot::Name),
        "number" => Some(Slot::Number),
        kind => Kind::parse(kind).map(Slot::Term),
    }
}

fn slots_of(vi: &str) -> Vec<String> {
    let words = words::words(vi);
    let words = words.iter().filter_map(|word| vi.get(word.range.clone()));
    words.filter(|word| word.contains(['{', '}'])).map(str::to_owned).collect()
}

/// The slots of a side, each known and standing once.
fn slots(vi: &str) -> Result<Vec<String>, Problem> {
    let slots = slots_of(vi);
    let bad = |(place, word): &(usize, &String)| {
        slot(word).is_none() || slots.iter().position(|other| other == *word) != Some(*place)
    };
    match slots.iter().enumerate().find(bad) {
        Some((_, word)) => Err(Problem::Slots(word.trim_matches(['{', '}']).to_owned())),
        None => Ok(slots),
    }
}

/// Takes an English side apart; it has the slots of the Vietnamese, in any order.
fn side(en: &str, slots: &[String]) -> Result<English, Problem> {
    if en.trim().is_empty() {
        return Err(Problem::Empty);
    }
    let mut parts = Vec::new();
    let mut left: Vec<&str> = slots.iter().map(String::as_str).collect();
    let mut rest = en;
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err(Problem::Slots(after.to_owned()));
        };
        let slot = format!("{{{name}}}");
        let place = slots.iter().position(|other| *other == slot);
        let Some(place) = place.filter(|_| left.contains(&slot.as_str())) else {
            return Err(Problem::Slots(name.to_owned()));
        };
        left.retain(|other| *other != slot);
        parts.push(Part::Text(text.to_owned()));
        parts.push(Part::Slot(place));
        rest = after;
    }
    parts.push(Part::Text(rest.to_owned()));
    match left.first() {
        Some(slot) => Err(Problem::Slots(slot.trim_matches(['{', '}']).to_owned())),
        None => Ok(English(parts)),
    }
}
