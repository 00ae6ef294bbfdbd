//! How text becomes the terms of the fields that are searched.

use std::sync::Arc;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::{
    schema::{LONGEST_BEGINNING, beginning_term},
    vocabulary::{Vocabulary, Words},
};

/// The tokenizers of the three fields.
pub(crate) fn tokenizers(vocabulary: &Arc<Vocabulary>) -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, emits) in [
        ("text", Emits { folded: true, order: false, beginnings: false }),
        ("extra", Emits { folded: false, order: true, beginnings: false }),
        ("title", Emits { folded: true, order: true, beginnings: true }),
    ] {
        let terms = Terms { vocabulary: vocabulary.clone(), emits, said: Said::default() };
        manager.register(name, TextAnalyzer::from(terms));
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
    vocabulary: Arc<Vocabulary>,
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

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.said.begin();
        TermStream {
            emits: self.emits,
            said: &mut self.said,
            words: Words::new(&self.vocabulary, text),
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
    words: Words<'a>,
    token: Token,
    next: Step,
    /// The syllable before, for pairs.
    before: String,
    /// Whether it has accents.
    is_before_accented: bool,
}

impl TermStream<'_> {
    fn step(&mut self) -> bool {
        if !self.words.advance() {
            return false;
        }
        let (start, end) = self.words.span();
        self.token.position = self.token.position.wrapping_add(1);
        (self.token.offset_from, self.token.offset_to) = (start, end);
        true
    }

    /// Writes the next beginning of the current syllable into the token.
    fn begin(&mut self, length: usize) -> bool {
        let folded = &self.words.current().folded;
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
            let text = &mut self.token.text;
            match self.next {
                Step::Syllable => {
                    self.before.clear();
                    let before = self.words.current();
                    self.before.push_str(&before.folded);
                    self.is_before_accented = before.is_accented();
                    if !self.step() {
                        return false;
                    }
                    if self.emits.order {
                        self.next = Step::Exact;
                    }
                    if self.emits.folded {
                        self.token.text.clone_from(&self.words.current().folded);
                        return true;
                    }
                }
                Step::Exact => {
                    self.next = Step::Pair;
                    let exact = &self.words.current().exact;
                    if !self.said.is_known(exact) {
                        write(text, &["=", exact]);
                        return true;
                    }
                }
                Step::Pair => {
                    self.next = Step::PlainPair;
                    if self.token.position > 0 {
                        write(text, &[&self.before, " ", &self.words.current().folded]);
                        return true;
                    }
                }
                Step::PlainPair => {
                    self.next =
                        if self.emits.beginnings { Step::Beginning(1) } else { Step::Syllable };
                    let is_plain = !self.is_before_accented && !self.words.current().is_accented();
                    if self.token.position > 0 && is_plain {
                        write(text, &["=", &self.before, " ", &self.words.current().folded]);
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

    #[track_caller]
    fn check(field: &str, text: &str, expected: &[&str]) {
        let abbreviations = "[abbreviations]\nUBND = 'ủy ban'";
        let vocabulary = Arc::new(Vocabulary::parse(abbreviations, "phrases = []").unwrap());
        let mut analyzer = tokenizers(&vocabulary).get(field).unwrap();
        let mut stream = analyzer.token_stream(text);
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
        check("title", "Ở xã", &["o", "=P?", "^o", "^^o", "xa", "=xa~", "o xa", "^x", "^xa"]);
    }
}
