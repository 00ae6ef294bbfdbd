//! Numbers and symbols of official documents, as they are written and as they are typed.
//!
//! `224/2026/NĐ-CP`, `224-2026-ND-CP`, `số 224 nđ cp 2026` and `Nghị định 224/2026/NĐ-CP` are one
//! number. [`Number::key`] is equal for all of them; printing one gives the official spelling.

use std::fmt;

use crate::text::unaccented;

/// Abbreviations whose official spelling capitals alone do not give: those with a letter that
/// loses its stroke when accents are left out, and those with small letters.
const SPELLINGS: &[&str] = &[
    "NĐ",
    "QĐ",
    "QyĐ",
    "CĐ",
    "ĐA",
    "HĐ",
    "HĐND",
    "HĐTP",
    "HĐTĐ",
    "HĐBT",
    "HĐQL",
    "HĐTV",
    "TTg",
    "TTr",
    "CTr",
    "BGDĐT",
    "BGD&ĐT",
    "BKHĐT",
    "BLĐTBXH",
    "LĐTBXH",
    "SLĐTBXH",
    "SGDĐT",
    "SKHĐT",
    "GDĐT",
    "KHĐT",
    "TLĐ",
    "TLĐLĐ",
    "ĐBQH",
    "ĐĐBQH",
    "VPĐĐBQH",
    "BQLĐT",
    "CĐS",
    "ĐKDN",
    "ĐTXD",
    "QLĐĐ",
    "QLĐB",
    "BCĐ",
    "ĐU",
    "ĐVHC",
];

/// Abbreviations of document types, without accents: what a symbol usually begins with.
const TYPES: &[&str] = &[
    "nd", "qd", "nq", "tt", "ttlt", "ct", "cd", "l", "pl", "ld", "lct", "tb", "kh", "bc", "ttr",
    "cv", "hd", "ctr", "da", "pa", "qc", "qyd", "tc", "bb", "gm", "gt", "ggt", "gnp", "gug", "guq",
    "pg", "pc", "pb", "vbhn", "bgn", "btt", "nqlt", "kl", "dc",
];

/// Issuers whose abbreviation alone marks a symbol typed with spaces: "73 cp".
const ISSUERS: &[&str] = &["cp", "ttg", "ctn", "ubnd", "hdnd"];

/// Words that may stand before a number and are not part of it, without accents.
const OPENINGS: &[&str] = &[
    "so",
    "van ban",
    "nghi dinh",
    "quyet dinh",
    "nghi quyet",
    "thong tu lien tich",
    "thong tu",
    "chi thi",
    "luat",
    "bo luat",
    "phap lenh",
    "lenh",
    "hien phap",
    "thong bao",
    "ke hoach",
    "bao cao",
    "to trinh",
    "cong van",
    "huong dan",
    "chuong trinh",
    "de an",
    "du an",
    "phuong an",
    "quy che",
    "quy dinh",
    "cong dien",
    "ky hieu",
    "so ky hieu",
    "thong cao",
];

/// The number and symbol of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Number {
    /// The serial number, as written: `224`, `03`, `12a`; empty when it is not given yet.
    serial: String,
    /// The year inside the number, which legal documents have.
    year: Option<u16>,
    /// The parts of the symbol in their official spelling, each with the mark before it.
    symbol: Vec<(char, String)>,
}

impl Number {
    /// Reads a text that is a number and nothing more, in any of the usual spellings. The
    /// kind of document may stand before it: `Quyết định số 519/QĐ-UBND`.
    pub fn parse(text: &str) -> Option<Self> {
        let pieces = pieces(text);
        let pieces = without_opening(&pieces);
        let serial_at = pieces.iter().position(|piece| is_serial(&piece.text));
        match serial_at {
            Some(at) => Self::around(pieces, at),
            // "/UBND-VHTT", "Số:      /UBND-VHTT": the office has not numbered it yet.
            None if pieces.first()?.mark == '/' && pieces.len() > 1 => {
                Some(Self { serial: String::new(), year: None, symbol: symbol(pieces, false) })
            }
            None => None,
        }
    }

    /// The numbers inside a running text: those written with a stroke or hyphens.
    pub fn find(text: &str) -> Vec<Self> {
        let words =
            text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '“' | '”' | '"'));
        let trimmed = words.map(|word| word.trim_matches(['(', ')', '.', ':', '[', ']']));
        trimmed.filter(|word| looks_like_one(word)).filter_map(Self::parse).collect()
    }

    /// The pieces before the serial number may only repeat its type: `QĐ 519/QĐ-UBND`.
    fn around(pieces: &[Piece], at: usize) -> Option<Self> {
        let (before, rest) = pieces.split_at_checked(at)?;
        let (serial, rest) = rest.split_first()?;
        let mut rest = rest.to_vec();
        let year_at = rest.iter().position(|piece| year(&piece.text).is_some());
        // A year follows the serial number or ends the whole.
        let year_at = year_at.filter(|at| *at == 0 || *at + 1 == rest.len());
        let year = year_at.and_then(|at| year(&rest.remove(at).text));
        let typed = |pieces: &[Piece]| pieces.first().is_some_and(|piece| is_type(&piece.text));
        let parts = match rest.is_empty() {
            // "nđ-cp 224/2026" has its symbol in front.
            true if before.is_empty() || typed(before) => before,
            false if before.iter().all(|piece| is_type(&piece.text)) => &rest,
            _ => return None,
        };
        // Words with spaces between them are a symbol only when they begin as one.
        let spaced = parts.iter().any(|piece| piece.mark == ' ');
        let issued = parts.iter().any(|piece| ISSUERS.contains(&unaccented(&piece.text).as_str()));
        let short = parts.iter().all(|piece| piece.text.chars().count() <= 14);
        let lettered = parts.iter().any(|piece| piece.text.chars().any(char::is_alphabetic));
        if (spaced && !typed(parts) && !issued && year.is_none())
            || !short
            || !(lettered || parts.is_empty())
        {
            return None;
        }
        Some(Self {
            serial: serial.text.to_lowercase(),
            year,
            symbol: symbol(parts, year.is_some()),
        })
    }

    /// What is equal for all spellings of one number: `224|2026|ndcp`.
    pub fn key(&self) -> String {
        format!("{}|{}", self.short_key(), self.symbol_key())
    }

    /// What numbers share that differ only in their symbol: `224|2026`.
    pub fn short_key(&self) -> String {
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        format!("{}|{year}", trimmed(&self.serial))
    }

    /// The symbol without accents and marks: `ndcp`.
    pub fn symbol_key(&self) -> String {
        let letters = self.symbol.iter().map(|(_, part)| unaccented(part)).collect::<String>();
        letters.chars().filter(char::is_ascii_alphanumeric).collect()
    }

    /// The serial number without leading zeros; empty when it is not given yet.
    pub fn serial(&self) -> &str {
        trimmed(&self.serial)
    }

    /// The year inside the number.
    pub fn year(&self) -> Option<u16> {
        self.year
    }

    /// Whether the office has not numbered the document yet.
    pub fn is_pending(&self) -> bool {
        self.serial.is_empty()
    }

    /// Whether there is a symbol.
    pub fn has_symbol(&self) -> bool {
        !self.symbol.is_empty()
    }

    /// The number in an address: `224-2026-nd-cp`.
    pub fn slug(&self) -> String {
        crate::text::slug(&self.to_string().replace('&', ""), 80)
    }
}

/// The official spelling.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.serial)?;
        if let Some(year) = self.year {
            write!(f, "/{year}")?;
        }
        self.symbol.iter().try_for_each(|(mark, part)| write!(f, "{mark}{part}"))
    }
}

/// A run of letters and digits, and what stood before it: a stroke, a hyphen or a space.
#[derive(Clone, Debug)]
struct Piece {
    mark: char,
    text: String,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut mark = ' ';
    let mut run = String::new();
    for c in crate::text::line(text).chars().chain([' ']) {
        if c.is_alphanumeric() || c == '&' {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            pieces.push(Piece { mark, text: std::mem::take(&mut run) });
            mark = ' ';
        }
        // The strongest mark between two runs counts: " / " is a stroke.
        mark = match (c, mark) {
            ('/', _) | (_, '/') => '/',
            ('-' | '–' | '_' | '.' | '(' | '\u{2011}', _) | (_, '-') => '-',
            _ => ' ',
        };
    }
    pieces
}

/// Leaves out "Nghị định số": the longest opening, as often as there is one.
fn without_opening(pieces: &[Piece]) -> &[Piece] {
    let mut rest = pieces;
    loop {
        let longest = (1..=4).rev().find(|count| {
            rest.get(..*count).is_some_and(|head| {
                let spaced = head.iter().skip(1).all(|piece| piece.mark == ' ');
                let words: Vec<String> = head.iter().map(|piece| unaccented(&piece.text)).collect();
                spaced && OPENINGS.contains(&words.join(" ").as_str())
            })
        });
        match longest.and_then(|count| rest.get(count..)) {
            Some(shorter) if !shorter.is_empty() => rest = shorter,
            _ => return rest,
        }
    }
}

fn trimmed(serial: &str) -> &str {
    serial.trim_start_matches('0')
}

/// Digits, with at most two letters after them: `224`, `12a`.
fn is_serial(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let letters = text.chars().count() - digits;
    (1..=6).contains(&digits) && (letters == 0 || letters == 1 || text.ends_with("bis"))
}

fn year(text: &str) -> Option<u16> {
    let year: u16 = text.parse().ok().filter(|_| text.len() == 4)?;
    (1930..2100).contains(&year).then_some(year)
}

fn is_type(text: &str) -> bool {
    TYPES.contains(&unaccented(text).as_str())
}

/// Whether a word of a running text can be a number: a serial, a mark, and a symbol or year.
fn looks_like_one(word: &str) -> bool {
    let serial = word.chars().next().is_some_and(|c| c.is_ascii_digit());
    let marked = word.contains('/') || word.contains('-');
    serial && marked && word.chars().any(char::is_alphabetic) && word.len() < 60
}

/// The parts of a symbol in official spelling. What was typed with spaces gets the usual marks.
fn symbol(pieces: &[Piece], after_year: bool) -> Vec<(char, String)> {
    // "519-qd-ubnd" is hyphenated throughout; the first hyphen of "82-TC/TCT" is its own.
    let throughout = pieces.iter().all(|piece| piece.mark != '/');
    let typed_type = throughout && pieces.first().is_some_and(|piece| is_type(&piece.text));
    let mut parts: Vec<(char, String)> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        // "qh 14" is the fourteenth Assembly's "QH14".
        let digits_apart = piece.mark == ' ' && piece.text.chars().all(|c| c.is_ascii_digit());
        match parts.last_mut() {
            Some((_, last)) if digits_apart => last.push_str(&piece.text),
            _ => {
                let mark = match (place, piece.mark) {
                    (0, '-') if !after_year && !typed_type => '-',
                    (0, _) => '/',
                    (_, ' ') => '-',
                    (_, mark) => mark,
                };
                parts.push((mark, official(&piece.text)));
            }
        }
    }
    parts
}

/// The official spelling of one abbreviation.
fn official(part: &str) -> String {
    let plain = unaccented(part);
    let known = SPELLINGS.iter().find(|known| unaccented(known) == plain);
    known.map_or_else(|| part.to_uppercase(), |known| (*known).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(official: &str, spellings: &[&str]) {
        let number = Number::parse(official).unwrap();
        assert_eq!(number.to_string(), official);
        for spelling in spellings {
            let other = Number::parse(spelling).unwrap_or_else(|| panic!("{spelling}"));
            assert_eq!(other.key(), number.key(), "{spelling}");
            assert_eq!(
                other.to_string().trim_start_matches('0'),
                official.trim_start_matches('0'),
                "{spelling}"
            );
        }
    }

    #[test]
    fn one_number_in_many_spellings() {
        check(
            "224/2026/NĐ-CP",
            &[
                "224-2026-ND-CP",
                "số 224 nđ cp 2026",
                "so 224 nd cp 2026",
                "Nghị định số 224/2026/NĐ-CP",
                "NĐ 224/2026/NĐ-CP",
                "224 / 2026 / nđ – cp",
                "nđ-cp 224/2026",
            ],
        );
        check(
            "519/QĐ-UBND",
            &["QĐ 519/QĐ-UBND", "519-qd-ubnd", "519 qd ubnd", "Quyết định 519/QĐ-UBND"],
        );
        check(
            "24/2018/QH14",
            &["24-2018-QH14", "24 2018 qh14", "Luật số 24/2018/QH14", "24 2018 qh 14"],
        );
        check("03/2021/TT-BGDĐT", &["3/2021/TT-BGDDT", "03 2021 tt bgddt"]);
        check("16/2021/QĐ-TTg", &["16-2021-QD-TTG"]);
    }

    #[test]
    fn old_and_odd_symbols_keep_their_marks() {
        for odd in [
            "73-CP",
            "23-L/CTN",
            "82-TC/TCT",
            "162/2004/TTLT/BQP-BTC",
            "1187/NQ-UBTVQH14",
            "61/2000/TT-BNNPTNT/KH",
            "71/2015",
            "02",
            "12a/QĐ-UBND",
        ] {
            check(odd, &[&odd.to_lowercase(), &unaccented(odd)]);
        }
        // Typed with a space, either mark is possible; the key is one all the same.
        assert_eq!(Number::parse("số 73 cp").unwrap().key(), "73||cp");
        assert_eq!(Number::parse("04/TT-BCA(X13)").unwrap().key(), "4||ttbcax13");
    }

    #[test]
    fn a_document_may_wait_for_its_number() {
        let pending = Number::parse("Số:       /UBND-VHTT").unwrap();
        assert!(pending.is_pending());
        assert_eq!(pending.to_string(), "/UBND-VHTT");
    }

    #[test]
    fn sentences_are_no_numbers() {
        for text in
            ["", "thủ tục hành chính", "🙂", "lịch tiếp công dân tháng 11", "/", "--", "nghị định"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn citations_are_found_in_a_text() {
        let text = "Căn cứ Nghị định số 224/2026/NĐ-CP, Quyết định 519/QĐ-UBND (ngày 02/3/2026) và 2025-2030.";
        let found: Vec<String> = Number::find(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["224/2026/NĐ-CP", "519/QĐ-UBND"]);
    }
}
