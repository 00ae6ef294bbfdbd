//! The words around a number that tell what it is.

use crate::scan::{Made, Scan};

/// What the words before a number say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Citizen,
    Bank,
    Phone,
    Tax,
    Passport,
    Plate,
    /// A number of a file, a good or a procedure.
    Code,
}

/// Words and pairs of words, without accents.
const WORDS: &[(&str, About)] = &[
    ("cccd", About::Citizen),
    ("cmnd", About::Citizen),
    ("cmt", About::Citizen),
    ("cmtnd", About::Citizen),
    ("can cuoc", About::Citizen),
    ("chung minh", About::Citizen),
    ("dinh danh", About::Citizen),
    ("stk", About::Bank),
    ("tk", About::Bank),
    ("tai khoan", About::Bank),
    ("so the", About::Bank),
    ("ngan hang", About::Bank),
    ("momo", About::Bank),
    ("zalopay", About::Bank),
    ("sdt", About::Phone),
    ("dt", About::Phone),
    ("dtdd", About::Phone),
    ("tel", About::Phone),
    ("zalo", About::Phone),
    ("goi", About::Phone),
    ("dien thoai", About::Phone),
    ("di dong", About::Phone),
    ("lien he", About::Phone),
    ("mst", About::Tax),
    ("so thue", About::Tax),
    ("ho chieu", About::Passport),
    ("passport", About::Passport),
    ("bien so", About::Plate),
    ("kiem soat", About::Plate),
    ("bks", About::Plate),
    ("bsx", About::Plate),
    ("xe", About::Plate),
    ("ho so", About::Code),
    ("bien nhan", About::Code),
    ("ma vach", About::Code),
    ("ma so", About::Code),
    ("thu tuc", About::Code),
    ("so hieu", About::Code),
    ("hoa don", About::Code),
    ("seri", About::Code),
];

/// What banks are called.
const BANKS: &[&str] = &[
    "agribank",
    "vietcombank",
    "vcb",
    "bidv",
    "vietinbank",
    "techcombank",
    "mbbank",
    "acb",
    "sacombank",
    "vpbank",
    "tpbank",
    "hdbank",
    "shb",
    "vib",
    "msb",
    "lpbank",
    "seabank",
    "ocb",
];

/// Marks and words that follow an amount.
const UNITS: &[&str] = &[
    "dong", "vnd", "d", "trieu", "ty", "ti", "nghin", "usd", "m", "km", "ha", "kg", "tan", "nguoi",
    "ho", "lit", "kwh", "phan", "suat", "cay", "con",
];

/// How many words before a number are heard.
const BACK: usize = 9;

/// How many tokens are looked at for them.
const TOKENS: usize = 30;

/// What the nearest telling word before the token at `index` says. A line end, or another long
/// number, ends what belongs to this one.
pub(crate) fn about(scan: &Scan, index: usize) -> Option<About> {
    let mut after = String::new();
    let mut words = 0;
    for token in (index.saturating_sub(TOKENS)..index).rev().filter_map(|at| scan.token(at)) {
        match token.made {
            Made::Mark('\n') => return None,
            Made::Digits if token.len() >= 6 => return None,
            Made::Letters => (),
            _ => continue,
        }
        let word = scan.word(token);
        let pair = format!("{word} {after}");
        if BANKS.contains(&word.as_str()) {
            return Some(About::Bank);
        }
        let said = WORDS.iter().find(|(words, _)| *words == word || *words == pair);
        if let Some((_, about)) = said {
            return Some(*about);
        }
        words += 1;
        if words == BACK {
            return None;
        }
        after = word;
    }
    None
}

/// Whether a bank is named shortly after the token at `index`.
pub(crate) fn bank_follows(scan: &Scan, index: usize) -> bool {
    let near = (index + 1..index + 10).map_while(|at| scan.token(at));
    let near =
        near.take_while(|token| token.made != Made::Mark('\n') && token.made != Made::Digits);
    near.filter(|token| token.made == Made::Letters)
        .any(|token| BANKS.contains(&scan.word(token).as_str()))
}

/// Whether the token at `index` is followed by a unit: then it is an amount.
pub(crate) fn unit_follows(scan: &Scan, index: usize) -> bool {
    let mut next = (index + 1..index + 3).map_while(|at| scan.token(at));
    let next = next.find(|token| token.made != Made::Mark(' '));
    next.is_some_and(|token| match token.made {
        Made::Letters => UNITS.contains(&scan.word(token).as_str()),
        Made::Mark(c) => matches!(c, '%' | '₫' | '$'),
        Made::Digits => false,
    })
}
