//! E-mail addresses, plates of vehicles, passports: what mixes letters, digits and marks.

use crate::{
    Certainty::{High, Low, Medium},
    Found, Kind,
    context::{About, about},
    scan::{Made, Scan, Token},
};

pub(crate) fn find(scan: &Scan) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, token) in scan.tokens.iter().enumerate() {
        let hit = match token.made {
            Made::Mark('@') => email(scan, token.from),
            Made::Digits => plate(scan, index, token),
            Made::Letters => passport(scan, index, token),
            Made::Mark(_) => None,
        };
        found.extend(hit);
    }
    found
}

/// The longest parts of an address, in letters.
const NAME: usize = 64;
const HOST: usize = 120;

fn email(scan: &Scan, at: usize) -> Option<Found> {
    let named = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let hosted = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let mut from = at;
    while from > 0 && at - from < NAME && named(scan.before(from)) {
        from -= 1;
    }
    while from < at && matches!(scan.at(from), '.' | '-') {
        from += 1;
    }
    let mut to = at + 1;
    while to - at < HOST && hosted(scan.at(to)) {
        to += 1;
    }
    while to > at + 1 && matches!(scan.before(to), '.' | '-') {
        to -= 1;
    }
    let host: String = (at + 1..to).map(|it| scan.at(it)).collect();
    let (_, top) = host.rsplit_once('.')?;
    let fits = from < at && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
    // Addresses of the administration are given to people on purpose.
    let certainty = if host.ends_with(".gov.vn") { Low } else { High };
    let why = if certainty == Low { "official_email" } else { "email" };
    let range = scan.range(from, to);
    fits.then_some(Found { range, kind: Kind::Email, certainty, why })
}

/// `29A-123.45`, `29A1-123.45`, `11AB-123.45`, `30A 12345`; older ones have four digits.
fn plate(scan: &Scan, index: usize, province: &Token) -> Option<Found> {
    let code: u32 = scan.word(province).parse().ok()?;
    let outside = !scan.before(province.from).is_alphanumeric()
        && !matches!(scan.before(province.from), '/' | '.' | '-');
    if province.len() != 2 || !(11..=99).contains(&code) || !outside {
        return None;
    }
    let letters = scan.token(index + 1).filter(|it| it.made == Made::Letters && it.len() <= 2)?;
    let capitals = scan.is_capital(letters);
    let mut at = letters.to;
    // The digit of a motorcycle's series.
    let series = scan.at(at).is_ascii_digit() && matches!(scan.at(at + 1), '-' | ' ');
    if series {
        at += 1;
    }
    let spaced = matches!(scan.at(at), '-' | ' ' | '.');
    if spaced {
        at += 1;
    }
    let start = at;
    let digits = |at: usize| (at..at + 6).take_while(|it| scan.at(*it).is_ascii_digit()).count();
    let count = match digits(at) {
        3 if scan.at(at + 3) == '.' && digits(at + 4) == 2 => {
            at += 6;
            5
        }
        count => {
            at += count;
            count
        }
    };
    let ends = !scan.at(at).is_alphanumeric() && scan.at(at) != '/';
    let told = about(scan, index) == Some(About::Plate);
    let certainty = match (count, told) {
        (5, true) if at > start => High,
        (5, false) if capitals && spaced => High,
        (5, false) if capitals => Medium,
        (4, true) => Medium,
        _ => return None,
    };
    let range = scan.range(province.from, at);
    ends.then_some(Found { range, kind: Kind::Plate, certainty, why: "plate" })
}

/// One letter and seven or eight digits, where a passport is spoken of.
fn passport(scan: &Scan, index: usize, letter: &Token) -> Option<Found> {
    let digits = scan.token(index + 1).filter(|it| it.made == Made::Digits)?;
    let fits = letter.len() == 1
        && matches!(digits.len(), 7 | 8)
        && !scan.before(letter.from).is_alphanumeric()
        && !scan.at(digits.to).is_alphanumeric();
    let told = fits && about(scan, index) == Some(About::Passport);
    let range = scan.range(letter.from, digits.to);
    told.then_some(Found { range, kind: Kind::Passport, certainty: High, why: "passport" })
}
