//! What a typed text asks for: its syllables, what of it must stand in a row, the numbers in it,
//! and the other ways of saying the same.

use base::SiteId;

use crate::{
    cite::{self, Citation},
    schema,
    vocabulary::{Successors, Vocabulary, Word, Words},
};

/// More syllables of a question than these are not read: a thousand characters have no more.
const MOST_SYLLABLES: usize = 500;
/// Marks around what must stand in a row.
const QUOTES: &[char] = &['"', '“', '”', '„', '«', '»', '″'];
/// Former units of one question that are followed.
const MOST_UNITS: usize = 4;

/// A question, read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// The ways of asking; a document has to answer one of them. Empty for a text without words.
    pub(crate) variants: Vec<Variant>,
    /// The keys of the numbers in the text: their documents are found whatever else it says,
    /// and come first.
    pub(crate) numbers: Vec<String>,
    /// The documents it names, which are looked up before anything else.
    pub(crate) cited: Vec<Citation>,
}

/// One way of asking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variant {
    /// The syllables in order.
    pub(crate) words: Vec<Word>,
    /// The folded syllables a document must have, each once.
    pub(crate) required: Vec<String>,
    /// What must stand in a row.
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether accents were typed, and count.
    pub(crate) is_accented: bool,
}

impl Plan {
    /// Reads `text`, which is asked in the province of `portal`.
    pub(crate) fn read(
        text: &str,
        vocabulary: &Vocabulary,
        units: &Successors,
        portal: Option<SiteId>,
    ) -> Self {
        let text = &cite::parted(text);
        let mut words = Words::new(vocabulary, text).collect();
        words.retain(|word| !is_operator(text, word));
        if words.is_empty() {
            words = Words::new(vocabulary, text).collect();
        }
        words.truncate(MOST_SYLLABLES);
        if words.is_empty() {
            return Self::default();
        }
        let first = Variant::new(&words, quotations(text), vocabulary);
        let units: Vec<Variant> = units
            .find(&words, portal)
            .take(MOST_UNITS)
            .map(|(at, today)| first.replaced(at, today))
            .collect();
        let mut numbers = schema::number_keys(text);
        numbers.extend(schema::number_keys(cite::head(text)));
        unique(&mut numbers);
        let variants = std::iter::once(first).chain(units).collect();
        Self { variants, numbers, cited: cite::read(text) }
    }
}

impl Variant {
    fn new(words: &[Word], quotations: Vec<(usize, usize)>, vocabulary: &Vocabulary) -> Self {
        let quoted = |word: &Word| {
            quotations.iter().position(|(start, end)| word.start >= *start && word.end <= *end)
        };
        let rows = (0..quotations.len())
            .map(|at| folded(words.iter().filter(|word| quoted(word) == Some(at))))
            .filter(|row| row.len() > 1)
            .collect();
        let (mut required, mut rest) = (Vec::new(), words);
        while let Some((word, after)) = rest.split_first() {
            let skipped = if quoted(word).is_some() { 0 } else { vocabulary.stop_phrase(rest) };
            if skipped == 0 {
                required.push(word.folded.clone());
                rest = after;
            } else {
                rest = rest.get(skipped..).unwrap_or_default();
            }
        }
        if required.is_empty() {
            required = folded(words.iter());
        }
        unique(&mut required);
        let is_accented = words.iter().any(|word| word.is_accented);
        Self { words: words.to_vec(), required, rows, is_accented }
    }

    /// The same with other syllables in the place of some; nothing need stand in a row but those.
    pub(crate) fn replaced(&self, at: std::ops::Range<usize>, by: &[String]) -> Self {
        let span = self.words.get(at.clone()).map(|gone| {
            let start = gone.first().map_or(0, |word| word.start);
            (start, gone.last().map_or(0, |word| word.end))
        });
        let (start, end) = span.unwrap_or_default();
        let guess = |folded: &String| Word {
            folded: folded.clone(),
            exact: None,
            start,
            end,
            is_accented: false,
        };
        let mut words = self.words.clone();
        let gone: Vec<String> =
            words.splice(at, by.iter().map(guess)).map(|word| word.folded).collect();
        let kept = |word: &&String| !gone.contains(word);
        let mut required: Vec<String> = self.required.iter().filter(kept).cloned().collect();
        // A syllable that also stands elsewhere in the question stays required.
        let elsewhere = words.iter().filter(|word| word.exact.is_some());
        let again = elsewhere.map(|word| word.folded.clone());
        required.extend(again.filter(|word| gone.contains(word)));
        required.extend(by.iter().cloned());
        unique(&mut required);
        let rows = if by.len() > 1 { vec![by.to_vec()] } else { Vec::new() };
        Self { words, required, rows, is_accented: self.is_accented }
    }

    /// The pairs of neighbours, as terms.
    pub(crate) fn pairs(&self) -> Vec<String> {
        let pairs = self.words.windows(2).filter_map(|pair| match pair {
            [first, second] => Some(schema::pair_term(&first.folded, &second.folded)),
            _ => None,
        });
        let mut pairs = pairs.collect();
        unique(&mut pairs);
        pairs
    }

    /// What a document must have to be an exact match, as terms: every syllable with its accents.
    /// Without accents, syllables are too common to tell anything (`hai`, `quan`) and only their
    /// pairs do.
    pub(crate) fn exact(&self) -> Vec<String> {
        let mut exact: Vec<String> = match self.is_accented || self.words.len() == 1 {
            true => {
                let required = self.words.iter().filter(|it| self.required.contains(&it.folded));
                let typed = required.filter_map(|word| word.exact.as_ref());
                typed.map(|exact| schema::exact_term(exact)).collect()
            }
            false => {
                let plain = |word: &Word| word.exact.as_ref().is_some_and(|it| *it == word.folded);
                let pairs = self.words.windows(2).filter_map(|pair| match pair {
                    [first, second] if plain(first) && plain(second) => {
                        Some(schema::plain_pair_term(&first.folded, &second.folded))
                    }
                    _ => None,
                });
                pairs.collect()
            }
        };
        unique(&mut exact);
        exact
    }

    /// All syllables, each once.
    pub(crate) fn folded(&self) -> Vec<String> {
        let mut all = folded(self.words.iter());
        unique(&mut all);
        all
    }
}

fn folded<'a, T: Iterator<Item = &'a Word>>(words: T) -> Vec<String> {
    words.map(|word| word.folded.clone()).collect()
}

fn unique(terms: &mut Vec<String>) {
    terms.sort();
    terms.dedup();
}

/// Operators of other searches say nothing here.
fn is_operator(text: &str, word: &Word) -> bool {
    matches!(text.get(word.start..word.end), Some("AND" | "OR" | "NOT" | "NEAR"))
}

/// The places between a mark of quotation and the next.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    let marks: Vec<usize> = text.match_indices(QUOTES).map(|(at, _)| at).collect();
    let (pairs, _) = marks.as_chunks::<2>();
    pairs.iter().map(|[start, end]| (*start, *end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Plan {
        let abbreviations = "[abbreviations]\nUBND = 'ủy ban nhân dân'";
        let vocabulary = Vocabulary::parse(abbreviations, "phrases = ['và', 'ở đâu']").unwrap();
        let units = Successors::new([("Xã Đình Minh", "Xã Trùng Khánh")]);
        Plan::read(text, &vocabulary, &units, None)
    }

    #[track_caller]
    fn check(text: &str, required: &str) {
        let plan = read(text);
        let found = plan.variants.first().map(|it| it.required.join(" ")).unwrap_or_default();
        assert_eq!(found, required, "{text}");
    }

    #[test]
    fn all_that_means_something_is_required() {
        check("Đăng ký khai sinh ở đâu?", "dang khai ki sinh");
        check("UBND và ubnd", "ban dan nhan uy");
        check("và", "va");
        check("đất AND NOT nhà", "dat nha");
        check("AND", "and");
        check("🙂 \u{0} ()", "");
        check("\"ở đâu\"", "dau o");
    }

    #[test]
    fn what_is_quoted_must_stand_in_a_row() {
        let rows = |text: &str| read(text).variants.first().map(|it| it.rows.clone()).unwrap();
        assert_eq!(rows("luật “đất đai” 2024"), [["dat", "dai"]]);
        assert_eq!(rows("\"đất\" đai\""), Vec::<Vec<String>>::new());
        assert_eq!(rows("\"đất đai"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_former_unit_is_also_asked_for_by_its_new_name() {
        let plan = read("y tế xã Đình Minh");
        assert_eq!(plan.variants.len(), 2);
        assert_eq!(plan.variants[1].required, ["khanh", "te", "trung", "xa", "y"]);
        assert_eq!(plan.variants[1].rows, [["trung", "khanh"]]);
    }

    #[test]
    fn numbers_are_seen_whole_and_inside() {
        let key = "224|2026|ndcp";
        assert!(read("224-2026-ND-CP").numbers.contains(&key.to_owned()));
        assert!(read("224 nđ cp 2026 của Chính phủ").numbers.contains(&key.to_owned()));
        let plan = read("hỏi về Nghị định 224/2026/NĐ-CP nhé");
        assert!(plan.cited.iter().any(|it| it.key.as_deref() == Some(key)), "{:?}", plan.cited);
    }
}
