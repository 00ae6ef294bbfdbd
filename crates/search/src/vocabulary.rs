//! The words a search knows: abbreviations with what they stand for, phrases that carry no
//! meaning, and the successors of units that ended.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use base::SiteId;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    Error, Result,
    fold::{Syllable, Syllables, syllables},
};

/// What joins the parts of one abbreviation: `KT-XH`, `GD&ĐT`.
const GLUE: &str = "-–&/.";

/// The abbreviations and empty phrases of `config/search`.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// By the first syllable; the longest first.
    abbreviations: HashMap<String, Vec<Abbreviation>>,
    /// Folded syllables, the longest phrase first.
    stop_phrases: Vec<Vec<String>>,
    /// Abbreviations with what they stand for, without accents; the longest first.
    pairs: Vec<(String, String)>,
    digest: String,
}

#[derive(Debug)]
struct Abbreviation {
    rest: Vec<String>,
    words: Arc<[Syllable]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Abbreviations {
    abbreviations: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopWords {
    phrases: Vec<String>,
}

impl Vocabulary {
    /// The vocabulary in `folder`, which is `config/search`.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path)
                .map_err(|err| Error::Vocabulary(format!("{}: {err}", path.display())))
        };
        Self::parse(&read("abbreviations.toml")?, &read("stop-words.toml")?)
    }

    /// The vocabulary in the texts of its two files.
    pub fn parse(abbreviations: &str, stop_words: &str) -> Result<Self> {
        let listed: Abbreviations = toml::from_str(abbreviations)
            .map_err(|err| Error::Vocabulary(format!("abbreviations.toml: {err}")))?;
        let stop: StopWords = toml::from_str(stop_words)
            .map_err(|err| Error::Vocabulary(format!("stop-words.toml: {err}")))?;
        let mut words = Self::default();
        for (short, long) in &listed.abbreviations {
            words.add(short, long)?;
        }
        let plain = |text: &str| base::text::unaccented(&base::text::line(text));
        let pairs = listed.abbreviations.iter();
        words.pairs = pairs.map(|(short, long)| (plain(short), plain(long))).collect();
        words.pairs.sort_by_key(|(_, long)| std::cmp::Reverse(long.len()));
        for known in words.abbreviations.values_mut() {
            known.sort_by_key(|it| std::cmp::Reverse(it.rest.len()));
        }
        words.stop_phrases = stop.phrases.iter().map(|phrase| folded_words(phrase)).collect();
        words.stop_phrases.retain(|phrase| !phrase.is_empty());
        words.stop_phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        let digest = Sha256::digest(format!("{:?}", listed.abbreviations));
        words.digest = base::hex(digest.get(..8).unwrap_or_default());
        Ok(words)
    }

    fn add(&mut self, short: &str, long: &str) -> Result<()> {
        let mut parts = folded_words(short).into_iter();
        let words: Arc<[Syllable]> = syllables(long).into();
        let (Some(head), false) = (parts.next(), words.is_empty()) else {
            return Err(Error::Vocabulary(format!("abbreviations.toml: {short} = {long}")));
        };
        let rest = parts.collect();
        self.abbreviations.entry(head).or_default().push(Abbreviation { rest, words });
        Ok(())
    }

    /// `text` as it is, with its abbreviations written out, and with what can be abbreviated
    /// abbreviated; in small letters without accents, each once. For who looks for words in a
    /// row without the index.
    pub fn spellings(&self, text: &str) -> Vec<String> {
        let plain = base::text::unaccented(&base::text::line(text));
        let (mut long, mut short) = (format!(" {plain} "), format!(" {plain} "));
        for (abbreviation, words) in &self.pairs {
            let (from, to) = (format!(" {abbreviation} "), format!(" {words} "));
            long = long.replace(&from, &to);
            short = short.replace(&to, &from);
        }
        let mut all = vec![plain];
        for other in [long, short] {
            let other = other.trim().to_owned();
            if !all.contains(&other) {
                all.push(other);
            }
        }
        all
    }

    /// What tells two sets of abbreviations apart. An index made with another one is made anew.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// A text as the index takes it: the exact spellings of its syllables with spaces between
    /// them, abbreviations written out.
    pub(crate) fn spelled(&self, text: &str) -> String {
        let mut spelled = String::with_capacity(text.len());
        let mut words = Words::new(self, text);
        while words.advance() {
            if !spelled.is_empty() {
                spelled.push(' ');
            }
            spelled.push_str(&words.current().exact);
        }
        spelled
    }

    /// How many syllables of an empty phrase `words` begins with; 0 when it begins otherwise.
    pub(crate) fn stop_phrase(&self, words: &[Word]) -> usize {
        let begins = |phrase: &&Vec<String>| {
            words.len() >= phrase.len()
                && phrase.iter().zip(words).all(|(stop, word)| *stop == word.folded)
        };
        self.stop_phrases.iter().find(begins).map_or(0, Vec::len)
    }

    /// The long form of the abbreviation that `head` begins, and where it ends in the text.
    fn expansion(&self, head: &Syllable, text: &str, after: &Syllables<'_>) -> Option<Expansion> {
        let known = self.abbreviations.get(head.folded.as_str())?;
        known.iter().find_map(|it| {
            let mut reader = after.clone();
            let mut end = head.end;
            for part in &it.rest {
                let next = reader.advance()?;
                let between = text.get(end..next.start)?;
                let is_glued = !between.is_empty() && GLUE.contains(between);
                if next.folded != *part || !is_glued {
                    return None;
                }
                end = next.end;
            }
            Some(Expansion { words: it.words.clone(), end, consumed: it.rest.len() })
        })
    }
}

struct Expansion {
    words: Arc<[Syllable]>,
    end: usize,
    consumed: usize,
}

fn folded_words(text: &str) -> Vec<String> {
    syllables(text).into_iter().map(|word| word.folded).collect()
}

/// A syllable of a text as it is indexed and looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) folded: String,
    /// `None` when it was not typed but guessed.
    pub(crate) exact: Option<String>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_accented: bool,
}

/// Reads the syllables of a text with its abbreviations written out.
pub(crate) struct Words<'a> {
    vocabulary: &'a Vocabulary,
    text: &'a str,
    reader: Syllables<'a>,
    long: Option<LongForm>,
}

/// An abbreviation being read out.
struct LongForm {
    words: Arc<[Syllable]>,
    at: usize,
    span: (usize, usize),
}

impl<'a> Words<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary, text: &'a str) -> Self {
        Self { vocabulary, text, reader: Syllables::new(text), long: None }
    }

    /// Goes to the next syllable; whether there is one.
    pub(crate) fn advance(&mut self) -> bool {
        if let Some(long) = &mut self.long {
            long.at += 1;
            if long.at < long.words.len() {
                return true;
            }
            self.long = None;
        }
        let Some(head) = self.reader.advance() else { return false };
        if !self.vocabulary.abbreviations.contains_key(head.folded.as_str()) {
            return true;
        }
        let head = self.reader.current();
        if let Some(found) = self.vocabulary.expansion(head, self.text, &self.reader) {
            let span = (head.start, found.end);
            for _ in 0..found.consumed {
                self.reader.advance();
            }
            self.long = Some(LongForm { words: found.words, at: 0, span });
        }
        true
    }

    /// The syllable that was gone to.
    pub(crate) fn current(&self) -> &Syllable {
        let long = self.long.as_ref().and_then(|long| long.words.get(long.at));
        long.unwrap_or_else(|| self.reader.current())
    }

    /// Where it stands; the syllables of a long form stand where its abbreviation does.
    pub(crate) fn span(&self) -> (usize, usize) {
        let current = self.reader.current();
        self.long.as_ref().map_or((current.start, current.end), |long| long.span)
    }

    /// All that is left.
    pub(crate) fn collect(mut self) -> Vec<Word> {
        let mut all = Vec::new();
        while self.advance() {
            let (word, (start, end)) = (self.current(), self.span());
            all.push(Word {
                folded: word.folded.clone(),
                exact: Some(word.exact.clone()),
                start,
                end,
                is_accented: self.long.is_none() && word.is_accented(),
            });
        }
        all
    }
}

/// Units and bodies that ended and what they became; they differ from installation to
/// installation, and from province to province.
#[derive(Clone, Debug, Default)]
pub struct Successors {
    /// The longest former name first.
    pairs: Vec<Succession>,
}

/// A name that ended and the one that stands for it today, as folded syllables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Succession {
    former: Vec<String>,
    today: Vec<String>,
    /// Where it is known; everywhere without one.
    portal: Option<SiteId>,
}

/// Words before the name of a unit.
const UNIT_WORDS: [&[&str]; 9] = [
    &["thi", "tran"],
    &["thanh", "pho"],
    &["thi", "xa"],
    &["dac", "khu"],
    &["xa"],
    &["phuong"],
    &["quan"],
    &["huyen"],
    &["tinh"],
];

/// What stands before the name of its unit in the name of a body.
const BODY_WORDS: [&[&str]; 4] =
    [&["uy", "ban", "nhan", "dan"], &["hoi", "dong", "nhan", "dan"], &["ubnd"], &["hdnd"]];

impl Successors {
    /// Reads the pairs from a table: CSV with the columns `former` and `today`.
    pub fn load(path: &Path) -> Result<Self> {
        let wrong =
            |err: &dyn std::fmt::Display| Error::Vocabulary(format!("{}: {err}", path.display()));
        let mut table = csv::Reader::from_path(path).map_err(|err| wrong(&err))?;
        let rows: Result<Vec<(String, String)>, _> = table.deserialize().collect();
        let rows = rows.map_err(|err| wrong(&err))?;
        Ok(Self::new(rows.iter().map(|(former, today)| (former.as_str(), today.as_str()))))
    }

    /// The pairs of a former name and today's: `("Xã Đình Minh", "Xã Trùng Khánh")`.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs = pairs.into_iter();
        let known = pairs.filter_map(|(former, today)| Succession::new(former, today, None));
        let mut units = Self { pairs: known.collect() };
        units.sort();
        units
    }

    /// Adds pairs of a former name and today's that are known in the province of `portal`.
    pub fn learn(&mut self, portal: SiteId, pairs: &[(String, String)]) {
        let known = pairs.iter().filter_map(|(from, to)| Succession::new(from, to, Some(portal)));
        self.pairs.extend(known);
        self.sort();
    }

    fn sort(&mut self) {
        self.pairs.sort_by(|a, b| b.former.len().cmp(&a.former.len()).then_with(|| a.cmp(b)));
        self.pairs.dedup();
    }

    /// Each former name in `words`, asked in the province of `portal`: where it stands and what
    /// the unit is called today.
    pub(crate) fn find<'a>(
        &'a self,
        words: &'a [Word],
        portal: Option<SiteId>,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, &'a [String])> {
        let here = move |it: &&Succession| it.portal.is_none() || it.portal == portal;
        self.pairs.iter().filter(here).filter_map(move |Succession { former, today, .. }| {
            let is_here = |window: &[Word]| {
                window.iter().zip(former).all(|(word, name)| word.folded == *name)
            };
            let at = words.windows(former.len()).position(is_here)?;
            Some((at..at + former.len(), today.as_slice()))
        })
    }
}

impl Succession {
    /// `None` where both names are one once the words for what they are have been left out.
    fn new(former: &str, today: &str, portal: Option<SiteId>) -> Option<Self> {
        let (former, today) = (folded_words(former), folded_words(today));
        let (former, today) = (without(&former, &BODY_WORDS), without(&today, &BODY_WORDS));
        let (bare, bare_today) = (without(former, &UNIT_WORDS), without(today, &UNIT_WORDS));
        if former.is_empty() || today.is_empty() || bare == bare_today {
            return None;
        }
        // One syllable alone is not a name but any word.
        let name = |bare: &[String], full: &[String]| {
            if bare.len() > 1 { bare.to_vec() } else { full.to_vec() }
        };
        Some(Self { former: name(bare, former), today: name(bare_today, today), portal })
    }
}

/// A name without the first of `words` that it begins with.
fn without<'a>(name: &'a [String], words: &[&[&str]]) -> &'a [String] {
    let kind = words.iter().find(|kind| {
        name.len() > kind.len() && kind.iter().zip(name).all(|(kind, word)| kind == word)
    });
    name.get(kind.map_or(0, |kind| kind.len())..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let abbreviations = "[abbreviations]\nUBND = 'ủy ban nhân dân'\nKT-XH = 'kinh tế - xã hội'";
        Vocabulary::parse(abbreviations, "phrases = ['làm thế nào để', 'và']").unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let vocabulary = vocabulary();
        let words = Words::new(&vocabulary, text).collect();
        let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        assert_eq!(folded.join(" "), expected);
    }

    #[test]
    fn an_abbreviation_is_its_long_form() {
        check("UBND xã", "uy ban nhan dan xa");
        check("ủy ban nhân dân xã", "uy ban nhan dan xa");
        check("519/QĐ-UBND", "519 qd uy ban nhan dan");
        check("phát triển KT-XH.", "phat trien kinh te xa hoi");
        check("kt xh", "kt xh");
        check("kt-th", "kt th");
    }

    #[test]
    fn a_long_form_stands_where_its_abbreviation_does() {
        let vocabulary = vocabulary();
        let words = Words::new(&vocabulary, "a KT-XH b").collect();
        assert!(words[1..5].iter().all(|word| (word.start, word.end) == (2, 7)));
        assert_eq!(words[5].start, 8);
    }

    #[test]
    fn an_empty_phrase_is_known_with_and_without_accents() {
        let vocabulary = vocabulary();
        for (text, count) in [("lam the nao de xin", 4), ("Làm thế nào", 0), ("và xin", 1)] {
            let words = Words::new(&vocabulary, text).collect();
            assert_eq!(vocabulary.stop_phrase(&words), count, "{text}");
        }
    }

    #[test]
    fn a_former_unit_is_found_with_and_without_its_kind() {
        let vocabulary = vocabulary();
        let units = Successors::new([
            ("Xã Đình Minh", "Xã Trùng Khánh"),
            ("Xã Hà", "Xã Sơn"),
            ("Huyện Trùng Khánh", "Xã Trùng Khánh"),
        ]);
        let find = |text: &str| {
            let words = Words::new(&vocabulary, text).collect();
            units.find(&words, None).map(|(at, today)| (at, today.join(" "))).collect::<Vec<_>>()
        };
        assert_eq!(find("trạm y tế đình minh cũ"), [(3..5, "trung khanh".to_owned())]);
        assert_eq!(find("xã hà"), [(0..2, "xa son".to_owned())]);
        assert_eq!(find("hà và trùng khánh"), []);
    }

    #[test]
    fn words_in_a_row_are_spelled_out_and_abbreviated() {
        let vocabulary = vocabulary();
        let check = |text: &str, all: &[&str]| assert_eq!(vocabulary.spellings(text), all);
        check("UBND xã", &["ubnd xa", "uy ban nhan dan xa"]);
        check("của  Uỷ ban nhân dân", &["cua uy ban nhan dan", "cua ubnd"]);
        check("KT-XH", &["kt-xh", "kinh te - xa hoi"]);
        check("xã", &["xa"]);
        check("", &[""]);
    }

    #[test]
    fn a_former_body_goes_by_the_bare_name_of_its_unit_in_its_own_province() {
        let vocabulary = vocabulary();
        let (here, there) = (SiteId::new(), SiteId::new());
        let mut units = Successors::default();
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let learnt = [
            pair("UBND xã Đình Minh", "Ủy ban nhân dân xã Trùng Khánh"),
            pair("Sở Kế hoạch và Đầu tư", "Sở Tài chính"),
            pair("UBND xã Hà", "UBND xã Sơn"),
            pair("UBND huyện Trùng Khánh", "UBND xã Trùng Khánh"),
        ];
        units.learn(here, &learnt);
        let find = |text: &str, portal| {
            let words = Words::new(&vocabulary, text).collect();
            units.find(&words, Some(portal)).map(|(_, it)| it.join(" ")).collect::<Vec<_>>()
        };
        for text in ["dinh minh", "UBND xã Đình Minh", "ủy ban nhân dân xã đình minh"] {
            assert_eq!(find(text, here), ["trung khanh"], "{text}");
            assert_eq!(find(text, there), [""; 0], "{text}");
        }
        assert_eq!(find("giám đốc sở kế hoạch và đầu tư", here), ["so tai chinh"]);
        assert_eq!(find("UBND xã Hà", here), ["xa son"]);
        assert_eq!(find("hà, trùng khánh", here), [""; 0]);
    }

    #[test]
    fn a_broken_vocabulary_is_named() {
        let err = Vocabulary::parse("[abbreviations]\nUBND = ''", "phrases = []").unwrap_err();
        assert!(err.to_string().contains("UBND"), "{err}");
        let err = Vocabulary::parse("x = 1", "phrases = []").unwrap_err();
        assert!(err.to_string().contains("abbreviations.toml"), "{err}");
    }
}
