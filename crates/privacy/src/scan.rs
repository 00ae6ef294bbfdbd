//! A text as letters without accents, each knowing where it stands in the text: however it is
//! composed, and whatever invisible is strewn into it.

use std::ops::Range;

/// A letter, digit or mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    /// Small and without accents.
    pub(crate) c: char,
    /// Whether it was a capital.
    pub(crate) upper: bool,
    start: usize,
    end: usize,
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Letters,
    Digits,
    /// One mark, blank or line end.
    Mark(char),
}

/// A run of letters or of digits, or one mark. The ends count glyphs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) made: Made,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Token {
    pub(crate) fn len(&self) -> usize {
        self.to - self.from
    }
}

/// A text, read.
pub(crate) struct Scan {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) tokens: Vec<Token>,
}

impl Scan {
    pub(crate) fn new(text: &str) -> Self {
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len());
        for (start, raw) in text.char_indices() {
            let end = start + raw.len_utf8();
            match folded(raw) {
                Some(c) => glyphs.push(Glyph { c, upper: raw.is_uppercase(), start, end }),
                // An accent, or something invisible, belongs to the letter before it.
                None => glyphs.iter_mut().next_back().into_iter().for_each(|it| it.end = end),
            }
        }
        let tokens = tokens(&glyphs);
        Self { glyphs, tokens }
    }

    /// The glyph at `at`; a blank outside the text.
    pub(crate) fn at(&self, at: usize) -> char {
        self.glyphs.get(at).map_or(' ', |it| it.c)
    }

    /// The glyph before `at`; a blank at the beginning.
    pub(crate) fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or(' ', |at| self.at(at))
    }

    /// The token at `index`.
    pub(crate) fn token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// The letters or digits of a token; nothing of one that is longer than any word.
    pub(crate) fn word(&self, token: &Token) -> String {
        match token.len() {
            0..=24 => {
                self.glyphs.iter().skip(token.from).take(token.len()).map(|it| it.c).collect()
            }
            _ => String::new(),
        }
    }

    /// Whether a token begins with a capital.
    pub(crate) fn is_capital(&self, token: &Token) -> bool {
        self.glyphs.get(token.from).is_some_and(|it| it.upper)
    }

    /// Where glyphs stand in the text.
    pub(crate) fn range(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.glyphs.get(from).map_or(0, |it| it.start);
        let end = to.checked_sub(1).and_then(|last| self.glyphs.get(last));
        start..end.map_or(start, |it| it.end)
    }
}

/// A letter as it is compared; `None` for what is not seen by itself.
fn folded(raw: char) -> Option<char> {
    match raw {
        '\u{A0}' | '\u{202F}' => Some(' '),
        c if c.is_ascii() => Some(c.to_ascii_lowercase()),
        '\u{2010}'..='\u{2014}' => Some('-'),
        '０'..='９' => char::from_digit(u32::from(raw) - u32::from('０'), 10),
        c => {
            let mut buffer = [0; 4];
            let shown = base::text::block(c.encode_utf8(&mut buffer));
            base::text::unaccented(&shown).chars().next()
        }
    }
}

fn tokens(glyphs: &[Glyph]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (at, glyph) in glyphs.iter().enumerate() {
        let made = match glyph.c {
            c if c.is_ascii_digit() => Made::Digits,
            c if c.is_alphabetic() => Made::Letters,
            c => Made::Mark(c),
        };
        match tokens.last_mut() {
            Some(last) if last.made == made && !matches!(made, Made::Mark(_)) => last.to = at + 1,
            _ => tokens.push(Token { made, from: at, to: at + 1 }),
        }
    }
    tokens
}
