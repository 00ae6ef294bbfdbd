//! Vietnamese syllables as they are compared: what is spelled differently and means the same is
//! one.
//!
//! That is: composed and decomposed letters, both places of the tone (`hoà`, `hòa`), `i` and `y`
//! (`kĩ`, `kỹ`), capitals, zeros in front of a number and points inside it.

use std::{str::Chars, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// No syllable or number is longer; the rest of a longer run of letters is passed over.
const LONGEST: usize = 40;

/// One syllable, number or foreign word of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Syllable {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Small letters without accents: `Đường` is `duong`.
    pub folded: String,
    /// Accents and all, in a spelling of our own: the tone stands last, `hoà` and `hòa` are both
    /// ``hoa` ``; capitals are letters with a mark of quality.
    pub exact: String,
}

impl Syllable {
    /// Whether it was written with an accent.
    pub fn is_accented(&self) -> bool {
        self.folded != self.exact
    }
}

/// Reads the syllables of a text one after the other, always into the same buffers.
#[derive(Clone, Debug)]
pub struct Syllables<'a> {
    length: usize,
    rest: Chars<'a>,
    current: Syllable,
    tone: Option<char>,
}

impl<'a> Syllables<'a> {
    /// The syllables of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { length: text.len(), rest: text.chars(), current: Syllable::default(), tone: None }
    }

    /// The next syllable; `None` at the end of the text.
    pub fn advance(&mut self) -> Option<&Syllable> {
        self.current.folded.clear();
        self.current.exact.clear();
        self.tone = None;
        self.read_run();
        if self.current.folded.is_empty() {
            return None;
        }
        self.join_thousands();
        self.settle();
        Some(&self.current)
    }

    /// The syllable read last.
    pub fn current(&self) -> &Syllable {
        &self.current
    }

    fn offset(&self) -> usize {
        self.length - self.rest.as_str().len()
    }

    /// Passes over what separates and reads letters and digits up to the next separator.
    fn read_run(&mut self) {
        loop {
            let before = self.rest.clone();
            let from = self.offset();
            let Some(c) = self.rest.next() else { return };
            match Sign::of(c) {
                Sign::Break if self.current.folded.is_empty() => {}
                Sign::Break => {
                    self.rest = before;
                    return;
                }
                Sign::Hidden => {}
                sign => {
                    if self.current.folded.is_empty() {
                        if matches!(sign, Sign::Tone(_) | Sign::Quality(_)) {
                            continue;
                        }
                        self.current.start = from;
                    }
                    self.add(sign);
                    self.current.end = self.offset();
                }
            }
        }
    }

    fn add(&mut self, sign: Sign) {
        match sign {
            Sign::Letter { folded, exact, tone } => {
                self.tone = self.tone.or(tone);
                if self.current.folded.len() < LONGEST {
                    self.current.folded.push(folded);
                    self.current.exact.push(exact);
                }
            }
            // Misread text has syllables with two tones; the first counts.
            Sign::Tone(tone) => self.tone = self.tone.or(Some(tone)),
            Sign::Quality(quality) => {
                if let Some(letter) = self.current.exact.pop() {
                    self.current.exact.push(qualified(letter, quality));
                }
            }
            Sign::Hidden | Sign::Break => {}
        }
    }

    /// `1.000.000` is one number: groups of three digits belong together.
    fn join_thousands(&mut self) {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let digits = &self.current.folded;
        if digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        loop {
            let next = self.rest.as_str().as_bytes();
            let is_group = matches!(next.first(), Some(b'.' | b','))
                && (1..=3).all(|at| is_digit(next.get(at)))
                && !is_digit(next.get(4));
            if !is_group || self.current.folded.len() >= LONGEST {
                return;
            }
            let group = self.rest.by_ref().take(4).skip(1);
            self.current.folded.extend(group);
            self.current.end = self.offset();
            self.current.exact.clone_from(&self.current.folded);
        }
    }

    /// What is only known at the end: zeros in front, `i` for `y`, the tone.
    fn settle(&mut self) {
        let Syllable { folded, exact, .. } = &mut self.current;
        if folded.starts_with('0') && folded.bytes().all(|byte| byte.is_ascii_digit()) {
            let zeros = folded.bytes().take_while(|byte| *byte == b'0').count();
            let zeros = zeros.min(folded.len() - 1);
            folded.drain(..zeros);
            exact.clone_from(folded);
        }
        if matches!(folded.as_str(), "hy" | "ky" | "ly" | "my" | "sy" | "ty" | "quy") {
            folded.pop();
            folded.push('i');
            exact.pop();
            exact.push('i');
        }
        exact.extend(self.tone);
    }
}

/// All syllables of a short text.
pub fn syllables(text: &str) -> Vec<Syllable> {
    let mut reader = Syllables::new(text);
    let mut all = Vec::new();
    while let Some(syllable) = reader.advance() {
        all.push(syllable.clone());
    }
    all
}

/// A short text without accents, its syllables joined by spaces.
pub fn folded(text: &str) -> String {
    let words: Vec<String> = syllables(text).into_iter().map(|word| word.folded).collect();
    words.join(" ")
}

/// Writes the folded spelling of an exact one into `folded`.
pub(crate) fn write_folded(exact: &str, folded: &mut String) {
    folded.clear();
    let letters = exact.chars().filter(|c| !TONES.contains(c));
    folded.extend(letters.map(|letter| match letter {
        'A' | 'B' => 'a',
        'D' => 'd',
        'E' => 'e',
        'O' | 'P' => 'o',
        'U' => 'u',
        plain => plain,
    }));
}

/// The marks that stand for tones in exact spellings.
const TONES: [char; 5] = ['`', '\'', '~', '?', '.'];

/// What a character does to the syllable it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Letter {
        folded: char,
        exact: char,
        tone: Option<char>,
    },
    Tone(char),
    Quality(char),
    /// Joins and separates nothing: soft hyphens, zero-width marks.
    Hidden,
    Break,
}

impl Sign {
    fn of(c: char) -> Self {
        if c.is_ascii() {
            let small = c.to_ascii_lowercase();
            return match small {
                'a'..='z' | '0'..='9' => Self::Letter { folded: small, exact: small, tone: None },
                _ => Self::Break,
            };
        }
        let known = usize::try_from(u32::from(c)).ok().and_then(|at| SIGNS.get(at));
        known.copied().unwrap_or_else(|| Self::work_out(c))
    }

    fn work_out(c: char) -> Self {
        match c {
            '\u{300}' => return Self::Tone('`'),
            '\u{301}' => return Self::Tone('\''),
            '\u{303}' => return Self::Tone('~'),
            '\u{309}' => return Self::Tone('?'),
            '\u{323}' => return Self::Tone('.'),
            '\u{302}' | '\u{306}' | '\u{31B}' => return Self::Quality(c),
            '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => return Self::Hidden,
            // Full-width letters and digits of East Asian keyboards.
            '\u{FF01}'..='\u{FF5E}' => {
                return char::from_u32(u32::from(c) - 0xFEE0).map_or(Self::Break, Self::of);
            }
            '\u{300}'..='\u{36F}' => return Self::Hidden,
            // Keyboards and old files have three letters that look like Đ.
            'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' => {
                return Self::Letter { folded: 'd', exact: 'D', tone: None };
            }
            _ if !c.is_alphanumeric() => return Self::Break,
            _ => {}
        }
        let mut parts = std::iter::once(c).nfd();
        let base = parts.next().unwrap_or(c);
        let base = base.to_lowercase().next().unwrap_or(base);
        let (mut exact, mut tone) = (base, None);
        for mark in parts {
            match Self::work_out(mark) {
                Self::Tone(mark) => tone = Some(mark),
                Self::Quality(mark) => exact = qualified(exact, mark),
                _ => {}
            }
        }
        Self::Letter { folded: base, exact, tone }
    }
}

/// The letter of the exact spelling for a vowel with a mark of quality.
fn qualified(letter: char, quality: char) -> char {
    match (letter, quality) {
        ('a', '\u{306}') => 'A',
        ('a', '\u{302}') => 'B',
        ('e', '\u{302}') => 'E',
        ('o', '\u{302}') => 'O',
        ('o', '\u{31B}') => 'P',
        ('u', '\u{31B}') => 'U',
        _ => letter,
    }
}

/// The signs of every character up to the end of the Vietnamese letters, worked out once.
static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    let chars = (0..0x1F00).map(|code| char::from_u32(code).unwrap_or(' '));
    chars.map(Sign::work_out).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &str, exact: &str) {
        for text in [text.to_owned(), text.nfd().collect(), text.nfc().collect()] {
            let words = syllables(&text);
            let join =
                |part: fn(&Syllable) -> &str| words.iter().map(part).collect::<Vec<_>>().join(" ");
            assert_eq!(join(|word| &word.folded), folded, "{text}");
            assert_eq!(join(|word| &word.exact), exact, "{text}");
            let mut refolded = String::new();
            for word in &words {
                write_folded(&word.exact, &mut refolded);
                assert_eq!(refolded, word.folded, "{text}");
            }
        }
    }

    #[test]
    fn accents_are_known_and_can_be_forgotten() {
        check("Ủy ban nhân dân", "uy ban nhan dan", "uy? ban nhBn dBn");
        check("ĐƯỜNG Đặng", "duong dang", "DUPng` DAng.");
        check("nghiệp", "nghiep", "nghiEp.");
        check("hỉện", "hien", "hiEn?");
        check("\u{D0}ất \u{189}ai \u{F0}ường", "dat dai duong", "DBt' Dai DUPng`");
    }

    #[test]
    fn both_places_of_the_tone_are_one() {
        for (old, new) in [("hoà", "hòa"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"), ("uỷ", "ủy")]
        {
            assert_eq!(syllables(old)[0].exact, syllables(new)[0].exact, "{old}");
        }
        assert_ne!(syllables("thúy")[0].exact, syllables("thúi")[0].exact);
    }

    #[test]
    fn i_and_y_are_one_at_the_end_of_an_open_syllable() {
        for (i, y) in [("kĩ", "kỹ"), ("lí", "lý"), ("mĩ", "mỹ"), ("tỉ", "tỷ"), ("quí", "quý")]
        {
            assert_eq!(syllables(i)[0].exact, syllables(y)[0].exact, "{i}");
            assert_eq!(syllables(i)[0].folded, syllables(y)[0].folded, "{i}");
        }
        assert_ne!(folded("thuy"), folded("thui"));
        assert_ne!(folded("tay"), folded("tai"));
    }

    #[test]
    fn numbers_are_one_however_they_are_grouped() {
        check("1.000.000 đồng", "1000000 dong", "1000000 DOng`");
        check("01/7/2026", "1 7 2026", "1 7 2026");
        check("3,5 ha", "3 5 ha", "3 5 ha");
        check("224/2026/NĐ-CP", "224 2026 nd cp", "224 2026 nD cp");
        check("0000", "0", "0");
        check("1.0000", "1 0", "1 0");
    }

    #[test]
    fn nothing_upsets_it() {
        check("\u{0}\u{202E}🙂—", "", "");
        check("\u{301}\u{301}", "", "");
        check("a\u{AD}b\u{200B}c\u{200D}d 北京", "abcd 北京", "abcd 北京");
        check("a\u{0}b\u{200E}c\u{202E}d\u{2067}e", "a b c d e", "a b c d e");
        check("ＱĐ　２２４／２０２６", "qd 224 2026", "qD 224 2026");
        assert_eq!(syllables(&"a".repeat(10_000))[0].folded.len(), LONGEST);
        assert_eq!(syllables(&"9.999".repeat(10_000)).len(), 10_001);
    }

    #[test]
    fn a_syllable_knows_where_it_stands() {
        let text = "Xã “Hoà” 1.000";
        let words = syllables(text);
        let pieces: Vec<&str> =
            words.iter().map(|word| text.get(word.start..word.end).unwrap()).collect();
        assert_eq!(pieces, ["Xã", "Hoà", "1.000"]);
    }
}
