//! How a text, spelled as [`Vocabulary::spelled`](crate::Vocabulary) does, becomes the terms of
//! the fields that are searched.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::{
    fold,
    schema::{LONGEST_BEGINNING, beginning_term},
};

/// The tokenizers of the three fields.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, emits) in [
        ("text", Emits { folded: true, order: false, beginnings: false }),
        ("extra", Emits { folded: false, order: true, beginnings: false }),
        ("title", Emits { folded: true, order: true, beginnings: true }),
    ] {
        manager.register(name, TextAnalyzer::from(Terms { emits, said: Said::default() }));
    }
    manager
}

/// Which terms of a syllable a field keeps.
#[derive(Clone, Copy, Debug)]
struct Emits {
    folded: bool,
    order: bool,
    beginnings: bool,
}

/// Makes the terms of one field.
#[derive(Clone)]
struct Terms {
    emits: Emits,
    said: Said,
}

/// Exact syllables of the text being read: nobody asks how often one stands in it, so that those
/// remembered are not said again. Where two share a place, the later is remembered.
#[derive(Clone, Default)]
struct Said {
    /// The number of the text, and what it said.
    places: Vec<(u64, String)>,
    text: u64,
}

impl Said {
    const PLACES: usize = 1024;

    fn begin(&mut self) {
        self.places.resize_with(Self::PLACES, Default::default);
        self.text += 1;
    }

    /// Whether `exact` was said in this text, as far as is remembered; it is from now on.
    fn is_known(&mut self, exact: &str) -> bool {
        let mix = |hash: usize, byte: u8| hash.wrapping_mul(31).wrapping_add(usize::from(byte));
        let place = exact.bytes().fold(0, mix) % Self::PLACES;
        let Some((text, said)) = self.places.get_mut(place) else { return false };
        if *text == self.text && said == exact {
            return true;
        }
        *text = self.text;
        said.clear();
        said.push_str(exact);
        false
    }
}

impl Tokenizer for Terms {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, spelled: &'a str) -> TermStream<'a> {
        self.said.begin();
        TermStream {
            emits: self.emits,
            said: &mut self.said,
            rest: spelled,
            exact: "",
            folded: String::new(),
            token: Token::default(),
            next: Step::Syllable,
            before: String::new(),
            is_before_accented: false,
        }
    }
}

/// Which term of the current syllable comes next.
#[derive(Clone, Copy)]
enum Step {
    Syllable,
    Exact,
    Pair,
    PlainPair,
    Beginning(usize),
}

struct TermStream<'a> {
    emits: Emits,
    said: &'a mut Said,
    /// What comes after the current syllable.
    rest: &'a str,
    /// The current syllable.
    exact: &'a str,
    folded: String,
    token: Token,
    next: Step,
    /// The syllable before, for pairs.
    before: String,
    /// Whether it has accents.
    is_before_accented: bool,
}

impl TermStream<'_> {
    /// Goes on to the next syllable; whether there is one.
    fn step(&mut self) -> bool {
        self.is_before_accented = self.is_accented();
        std::mem::swap(&mut self.before, &mut self.folded);
        if self.rest.is_empty() {
            return false;
        }
        (self.exact, self.rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        fold::write_folded(self.exact, &mut self.folded);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn is_accented(&self) -> bool {
        self.folded != self.exact
    }

    /// Writes the next beginning of the current syllable into the token.
    fn begin(&mut self, length: usize) -> bool {
        let folded = &self.folded;
        let is_first = self.token.position == 0;
        let letters = folded.chars().count().min(LONGEST_BEGINNING);
        let (length, as_first) =
            if length > letters { (length - letters, true) } else { (length, false) };
        if length > letters || (as_first && !is_first) {
            return false;
        }
        let beginning: String = folded.chars().take(length).collect();
        self.token.text = beginning_term(&beginning, as_first);
        true
    }
}

/// Writes a term into the buffer of all terms.
fn write(text: &mut String, parts: &[&str]) {
    text.clear();
    parts.iter().for_each(|part| text.push_str(part));
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            match self.next {
                Step::Syllable => {
                    if !self.step() {
                        return false;
                    }
                    if self.emits.order {
                        self.next = Step::Exact;
                    }
                    if self.emits.folded {
                        self.token.text.clone_from(&self.folded);
                        return true;
                    }
                }
                Step::Exact => {
                    self.next = Step::Pair;
                    if !self.said.is_known(self.exact) {
                        write(&mut self.token.text, &["=", self.exact]);
                        return true;
                    }
                }
                Step::Pair => {
                    self.next = Step::PlainPair;
                    if self.token.position > 0 {
                        write(&mut self.token.text, &[&self.before, " ", &self.folded]);
                        return true;
                    }
                }
                Step::PlainPair => {
                    self.next =
                        if self.emits.beginnings { Step::Beginning(1) } else { Step::Syllable };
                    let is_plain = !self.is_before_accented && !self.is_accented();
                    if self.token.position > 0 && is_plain {
                        write(&mut self.token.text, &["=", &self.before, " ", &self.folded]);
                        return true;
                    }
                }
                Step::Beginning(length) => {
                    if self.begin(length) {
                        self.next = Step::Beginning(length + 1);
                        return true;
                    }
                    self.next = Step::Syllable;
                }
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Vocabulary;

    #[track_caller]
    fn check(field: &str, text: &str, expected: &[&str]) {
        let abbreviations = "[abbreviations]\nUBND = 'ủy ban'";
        let vocabulary = Vocabulary::parse(abbreviations, "phrases = []").unwrap();
        let spelled = vocabulary.spelled(text);
        let mut analyzer = tokenizers().get(field).unwrap();
        let mut stream = analyzer.token_stream(&spelled);
        let mut terms = Vec::new();
        stream.process(&mut |token| terms.push(token.text.clone()));
        assert_eq!(terms, expected);
    }

    #[test]
    fn each_field_has_its_terms() {
        check("text", "Về UBND", &["ve", "uy", "ban"]);
        check("extra", "Cảnh vệ", &["=canh?", "=vE.", "canh ve"]);
        check("extra", "khai sinh", &["=khai", "=sinh", "khai sinh", "=khai sinh"]);
        check("extra", "vệ vệ", &["=vE.", "ve ve"]);
        check("text", "🙂", &[]);
        check("title", "Ở xã", &["o", "=P?", "^o", "^^o", "xa", "=xa~", "o xa", "^x", "^xa"]);
    }
}
