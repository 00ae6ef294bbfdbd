//! Pages whose text nobody can read: the fonts of the PDF do not say which letters they draw, so
//! that what is seen on paper as `Độc lập` is `ĈӝF OұS` to every program.
//!
//! It is told by the words, not by a dictionary: a word speaks for its page when it is a
//! Vietnamese syllable or can be one of another language, and against it when no office writes
//! such a thing. Numbers, signs and abbreviations say nothing.

use crate::legacy::is_vietnamese;

/// From this share of words that nobody writes on, in percent, a page is garbled. A page in
/// which only the letters with two accents are wrong has about forty;
/// of 24,000 pieces of Vietnamese law, none had ten.
const SHARE: usize = 20;

/// A page with fewer words that say anything is judged by the pages beside it.
const ENOUGH: usize = 20;

/// So many letters weigh as much as one word: garbled lines often have no blanks.
const WORD: usize = 6;

/// The numbers of the pages that are garbled, counted from 1. `pages` are in Unicode and still
/// have the characters that nobody sees.
pub(crate) fn pages<T: AsRef<str>>(pages: &[T]) -> Vec<usize> {
    let evidence: Vec<Evidence> = pages.iter().map(|page| Evidence::of(page.as_ref())).collect();
    let sure = || evidence.iter().filter(|it| it.is_enough());
    let all = evidence.iter().fold(Evidence::default(), Evidence::with);
    // What hardly says anything is like the rest; where nothing says much, all of it together.
    let unsure = match sure().next() {
        Some(_) => sure().all(Evidence::is_garbled),
        None => all.is_enough() && all.is_garbled(),
    };
    let is_garbled = |it: &Evidence| match it.is_enough() {
        true => it.is_garbled(),
        false => unsure && it.is_garbled(),
    };
    (1..).zip(&evidence).filter(|(_, it)| is_garbled(it)).map(|(page, _)| page).collect()
}

/// How many words of a page speak for it and how many against it.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    good: usize,
    bad: usize,
}

/// What a word says of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Good,
    Bad,
    Nothing,
}

impl Evidence {
    fn of(page: &str) -> Self {
        page.split_whitespace().fold(Self::default(), Self::weigh)
    }

    fn with(self, other: &Self) -> Self {
        Self { good: self.good + other.good, bad: self.bad + other.bad }
    }

    fn is_enough(&self) -> bool {
        self.good + self.bad >= ENOUGH
    }

    fn is_garbled(&self) -> bool {
        self.bad > 0 && self.bad * 100 >= SHARE * (self.good + self.bad)
    }

    fn weigh(mut self, token: &str) -> Self {
        // Bullets are drawn with codes of their own, and stand before words without a blank.
        let bare = token.trim_matches(|c| is_private(c) || is_unseen(c));
        if is_name(bare) {
            return self;
        }
        let bullets = token.chars().filter(|c| is_private(*c)).count();
        let token = if bare.is_empty() && bullets > 2 { token } else { bare };
        if is_odd(token) {
            self.bad += (token.chars().count() / WORD).max(1);
            return self;
        }
        let is_end = |c: char| !c.is_alphanumeric() && !is_mark(c);
        for word in token.split(is_end).filter(|word| !word.is_empty()) {
            match says(word) {
                Says::Good => self.good += 1,
                Says::Bad => self.bad += (word.chars().count() / WORD).max(1),
                Says::Nothing => (),
            }
        }
        self
    }
}

/// Signs that stand between the letters of no word, and do not part words either.
const FOREIGN: &str = "~*$#^|\\{}<>=`!?%\u{A4}¬®µ¶·¸»¼½¾©ª«£¥¦§±×÷¢¹";

/// Signs of which a sound text never has several kinds in a row without a letter.
const RARE: &str = "!\"#$%&'+<>@^`|~\\{}";

/// Names that computers need: of files, of pages, of mail boxes.
fn is_name(token: &str) -> bool {
    token.contains('_')
        || token.contains('@') && token.contains('.')
        || token.contains("://")
        || token.starts_with("www.")
}

/// Whether a run of characters between two blanks holds what no text has.
fn is_odd(token: &str) -> bool {
    let all: Vec<char> = token.chars().collect();
    let is_letter = |at: usize| all.get(at).is_some_and(|c| c.is_alphabetic());
    let inside = |(at, c): (usize, &char)| {
        FOREIGN.contains(*c) && at > 0 && is_letter(at - 1) && is_letter(at + 1)
    };
    let broken = |c: &char| *c == '\u{FFFD}' || c.is_control() || is_private(*c);
    let mut kinds: Vec<char> = all.iter().copied().filter(|c| RARE.contains(*c)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let signs = kinds.len() >= 3 && !all.iter().any(|c| c.is_alphanumeric());
    signs || all.iter().any(broken) || all.iter().enumerate().any(inside)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Marks that are there and not seen: soft hyphens, joiners, byte order marks.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// A mark on the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

fn says(word: &str) -> Says {
    if is_vietnamese(word) {
        return Says::Good;
    }
    let count = |of: fn(char) -> bool| word.chars().filter(|c| of(*c)).count();
    let (letters, latin) = (count(char::is_alphabetic), count(is_latin));
    if count(is_never) > 0 || latin > 0 && letters > latin && letters > 3 {
        return Says::Bad;
    }
    match letters > 0 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => says_plain(word),
        false => Says::Nothing,
    }
}

/// Longer than words are: several without a blank between them.
const LONG: usize = 14;

/// What a word of plain letters says that is no Vietnamese syllable: English mostly.
fn says_plain(word: &str) -> Says {
    let rest = word.get(1..).unwrap_or_default();
    let is_capital = rest.bytes().all(|byte| byte.is_ascii_uppercase());
    if word.len() <= 3 || word.len() > LONG || is_capital {
        // m, kWh, Phuluckemtheoquyetdinh, UBND, GCNQSDD.
        return Says::Nothing;
    }
    let is_vowel = |c: char| "aeiouyAEIOUY".contains(c);
    let longest = word.split(is_vowel).map(str::len).max().unwrap_or_default();
    let is_regular = rest.bytes().all(|byte| byte.is_ascii_lowercase());
    match is_regular && word.contains(is_vowel) && longest <= 5 {
        true => Says::Good,
        false => Says::Bad,
    }
}

/// Letters of the languages that are written in Latin, with their marks.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c.is_alphabetic() && matches!(c, '\u{C0}'..='\u{17F}' | '\u{1EA0}'..='\u{1EF9}')
        || matches!(c, 'ơ' | 'Ơ' | 'ư' | 'Ư')
}

/// Letters that stand in no text of an office here: of phonetics, of small languages in Cyrillic,
/// of scripts that nobody uses, and ideographs nobody writes.
fn is_never(c: char) -> bool {
    let script = matches!(
        c,
        '\u{180}'..='\u{2AF}' | '\u{48A}'..='\u{58F}' | '\u{700}'..='\u{8FF}'
            | '\u{1200}'..='\u{177F}' | '\u{1800}'..='\u{18AF}' | '\u{1C00}'..='\u{1DBF}'
            | '\u{2C00}'..='\u{2DFF}' | '\u{3400}'..='\u{4DBF}' | '\u{A000}'..='\u{A7FF}'
    );
    script && !matches!(c, 'ơ' | 'Ơ' | 'ư' | 'Ư')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let evidence = Evidence::of(text);
        assert_eq!(pages(&[text]), if expected { vec![1] } else { Vec::new() }, "{evidence:?}");
    }

    const SOUND: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
        Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15; theo đề nghị của Giám đốc Sở \
        Tài chính tại Tờ trình số 123/TTr-STC ngày 02/11/2026, Ủy ban nhân dân tỉnh quyết định.";

    #[test]
    fn what_fonts_without_a_table_of_letters_leave_is_garbled() {
        // The letters with two accents, or all of them, come out as others.
        check(
            "CӜNG HÒA XÃ HӜI CHӪ NGHƬA VIӊT NAM\nĈӝc lұp - Tӵ do - Hҥnh phúc\nCăn cӭ Luұt Tә \
             chӭc chính quyӅn ÿӏa phѭѫng ngày 16 tháng 6 năm 2025; theo ÿӅ nghӏ cӫa Giám ÿӕc Sӣ",
            true,
        );
        check(
            "&Ӝ1* +Ñ$ ;+Ӝ, &+Ӫ 1*+Ƭ$ 9,ӊ7 1$0\nĈӝF OұS  7ӵ GR  +ҥQK SK~F\n&ăQ Fӭ /XұW 7ә FKӭF \
             FKtQK TX\\ӅQ ÿӏD SKѭѫQJ QJj\\ WKiQJ QăP",
            true,
        );
        check("ƚŚӈ ŵŝŶŚ ƋƵǇӃƚ ĜӏŶŚ ƐӈĂ ĜӘŝ ďӖ ƐƵŶŐ ŵӍƚ ƐӈӀ Ĝŝӄ Ƶ ", false);
        check(&"ƚŚӈ ŵŝŶŚ ƋƵǇӃƚ ĜӏŶŚ ƐӈĂ ĜӘŝ ".repeat(6), true);
    }

    #[test]
    fn private_and_broken_characters_and_mere_signs_are_garbled() {
        let private: String = "Quyet dinh ve viec phe duyet "
            .chars()
            .map(|c| if c == ' ' { c } else { char::from_u32(0xF000 + u32::from(c)).unwrap() })
            .collect();
        check(&private.repeat(8), true);
        check(
            &"C\u{FFFD}ng h\u{FFFD}a x\u{FFFD} h\u{FFFD}i ch\u{FFFD} ngh\u{FFFD}a ".repeat(5),
            true,
        );
        check(&"\u{1}\u{2}\u{3} \u{4}\u{5}\u{6}\u{2} \u{7}\u{2}\u{10}\u{11} ".repeat(20), true);
        check(&"!\"#$ %&'( )*+,!\" #$%&' ".repeat(20), true);
    }

    #[test]
    fn vietnamese_english_french_and_names_are_sound() {
        check(SOUND, false);
        check(&base::text::unaccented(SOUND), false);
        check(
            "The People's Committee shall, within thirty working days of receiving a complete \
             dossier, issue the certificate; strengths, lengths and rhythms are measured in kWh \
             per m2. See https://vbpl.vn/?id=1&x=2 or write to a.b@tinh.gov.vn (C++, R&D, iOS).",
            false,
        );
        check(
            "L'été dernier, la République française a créé une société à Hà Nội; elle a été \
             fermée après l'hiver. Größe, Straße, Žižkov, Łódź, naïve, garçon, señor, Ångström.",
            false,
        );
        check(
            "Buôn Ma Thuột, Krông Pắc, Đắk Lắk, Kon Plông, Ea H'leo, Pleiku, Y Jut, K'Bang",
            false,
        );
        check(&"Российская Федерация 中华人民共和国 ສາທາລະນະລັດ ".repeat(10), false);
    }

    #[test]
    fn numbers_abbreviations_and_short_stamps_are_sound() {
        check(&"1.234,5 12/11/2026 98,7% (3) -45 +84 0299 3123456 A1 B2 m2 | ".repeat(40), false);
        check(&"UBND HĐND TTHC GCNQSDĐ QPPL BKHCN KT-XH 15/2026/QĐ-UBND TTr ".repeat(20), false);
        check("Ký bởi: UBND tỉnh Mơ\nNgày ký: 20.11.2026 08:30:15 +07:00", false);
        check(&"\u{F0B7}\u{F0A7} \u{F0B7} Nội dung \u{F0FE} chi tiết kèm theo ".repeat(10), false);
        check("", false);
    }

    #[test]
    fn a_page_is_judged_by_itself_and_a_short_one_with_the_others() {
        let broken = "ĈӝF OұS 7ӵ GR +ҥQK SK~F &ăQ Fӭ /XұW ".repeat(8);
        let short = "ĈӝF OұS 7ӵ";
        assert_eq!(pages(&[SOUND, &broken, ""]), [2]);
        assert_eq!(pages(&[short, &broken]), [1, 2]);
        assert_eq!(pages(&[short, &broken, SOUND]), [2]);
        assert_eq!(pages(&["Ký bởi: UBND tỉnh Mơ", &broken]), [2]);
    }
}
