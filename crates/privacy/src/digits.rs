//! Numbers: of citizens, telephones, accounts and taxpayers.

use crate::{
    Certainty::{self, High, Low, Medium},
    Found, Kind,
    context::{About, about, bank_follows, unit_follows},
    scan::{Made, Scan},
};

/// Codes of provinces in the first three digits of a citizen's number.
const PROVINCES: [u16; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37,
    38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77,
    79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
];

/// The most groups that one number is written in.
const GROUPS: usize = 6;

/// A number as it is written: groups of digits with single marks between them.
struct Written {
    digits: String,
    /// The length of each group.
    lengths: Vec<usize>,
    /// Whether the groups are apart by full stops alone.
    dotted: bool,
    /// The glyphs from its first to behind its last digit.
    from: usize,
    to: usize,
    /// The tokens of its first and last group.
    first: usize,
    last: usize,
    international: bool,
}

/// Every number that is somebody's.
pub(crate) fn find(scan: &Scan, year: u16) -> Vec<Found> {
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(token) = scan.token(index) {
        let hit = (token.made == Made::Digits).then(|| number_at(scan, index, year)).flatten();
        match hit {
            Some((written, kind, certainty, why)) => {
                let range = scan.range(written.from, written.to);
                found.push(Found { range, kind, certainty, why });
                index = written.last + 1;
            }
            None => index += 1,
        }
    }
    found
}

type Verdict = (Kind, Certainty, &'static str);

fn number_at(
    scan: &Scan,
    index: usize,
    year: u16,
) -> Option<(Written, Kind, Certainty, &'static str)> {
    let all = groups(scan, index)?;
    (1..=all.len()).rev().find_map(|count| {
        let written = written(scan, index, all.get(..count)?)?;
        let (kind, certainty, why) = verdict(scan, &written, year)?;
        Some((written, kind, certainty, why))
    })
}

/// The tokens of the groups that begin at `index`; `None` where no number begins.
fn groups(scan: &Scan, index: usize) -> Option<Vec<usize>> {
    let first = scan.token(index)?;
    let (before, earlier) = (scan.before(first.from), first.from.checked_sub(2));
    let earlier = earlier.map_or(' ', |at| scan.at(at));
    // The middle of a word, of a document number, of an amount, of a longer number.
    let inside = before.is_alphabetic()
        || matches!(before, '/' | '@' | '_' | '#')
        || (matches!(before, '.' | ',' | '-') && earlier.is_alphanumeric());
    if inside || first.len() > 19 {
        return None;
    }
    let mut groups = vec![index];
    let mut at = index;
    while groups.len() < GROUPS {
        let Some(next) = next_group(scan, at) else { break };
        groups.push(next);
        at = next;
    }
    Some(groups)
}

/// The token of the group after the one at `index`: behind one mark, or behind a closing bracket
/// and a blank.
fn next_group(scan: &Scan, index: usize) -> Option<usize> {
    let mark = |at: usize| match scan.token(at)?.made {
        Made::Mark(c) => Some(c),
        _ => None,
    };
    let is_digits = |at: usize| scan.token(at).is_some_and(|it| it.made == Made::Digits);
    match (mark(index + 1)?, mark(index + 2)) {
        (' ' | '.' | '-' | ')', None) if is_digits(index + 2) => Some(index + 2),
        (')', Some(' ')) if is_digits(index + 3) => Some(index + 3),
        _ => None,
    }
}

/// The number made of these groups, if it can end there.
fn written(scan: &Scan, first: usize, groups: &[usize]) -> Option<Written> {
    let last = *groups.last()?;
    let (from, to) = (scan.token(first)?.from, scan.token(last)?.to);
    let (next, after) = (scan.at(to), scan.at(to + 1));
    let goes_on = next.is_alphanumeric()
        || next == '@'
        || matches!(next, '/' | '.' | ',' | '-') && after.is_alphanumeric() && next != ','
        || next == ',' && after.is_ascii_digit();
    if goes_on {
        return None;
    }
    let tokens: Vec<_> = groups.iter().filter_map(|at| scan.token(*at)).collect();
    let digits: String = tokens.iter().map(|it| scan.word(it)).collect();
    if digits.len() > 19 {
        return None;
    }
    let closes = tokens.first().is_some_and(|it| scan.at(it.to) == ')') && groups.len() > 1;
    let opens = scan.before(from) == '+' || scan.before(from) == '(' && closes;
    let apart = groups.iter().skip(1).filter_map(|at| scan.token(*at));
    Some(Written {
        lengths: tokens.iter().map(|it| it.len()).collect(),
        dotted: groups.len() > 1 && apart.into_iter().all(|it| scan.before(it.from) == '.'),
        international: scan.before(from) == '+',
        from: if opens { from - 1 } else { from },
        digits,
        to,
        first,
        last,
    })
}

impl Written {
    /// `1.200.000`: as amounts are written.
    fn is_amount(&self) -> bool {
        let (head, rest) = (self.lengths.first(), self.lengths.get(1..).unwrap_or_default());
        self.dotted
            && head.is_some_and(|it| *it <= 3)
            && rest.iter().all(|it| *it == 3)
            && !self.digits.starts_with('0')
    }

    /// Whether a person would write one number in such groups.
    fn is_tidy(&self) -> bool {
        let rest = self.lengths.get(1..).unwrap_or_default();
        rest.iter().all(|it| *it >= 2) && self.lengths.first().is_some_and(|it| *it >= 2)
    }
}

fn verdict(scan: &Scan, it: &Written, year: u16) -> Option<Verdict> {
    let length = it.digits.len();
    if !(6..=19).contains(&length) || it.is_amount() || !it.is_tidy() {
        return None;
    }
    if unit_follows(scan, it.last) && !it.digits.starts_with('0') {
        return None;
    }
    let said = about(scan, it.first);
    let by_words = match (said, length) {
        (Some(About::Citizen), 12) if is_citizen(&it.digits, year) => {
            Some((Kind::CitizenId, High, "citizen_word"))
        }
        (Some(About::Citizen), 12) => Some((Kind::CitizenId, Medium, "citizen_word")),
        (Some(About::Citizen), 9) => Some((Kind::CitizenId, High, "old_citizen")),
        (Some(About::Tax), 10 | 13) => Some((Kind::TaxCode, Medium, "tax_word")),
        (Some(About::Bank), 8..) => Some((Kind::BankAccount, High, "bank_word")),
        (Some(About::Bank), 6 | 7) if it.lengths.len() == 1 => {
            Some((Kind::BankAccount, Low, "bank_word"))
        }
        _ => None,
    };
    by_words.or_else(|| by_form(scan, it, said, year))
}

/// What the digits alone tell.
fn by_form(scan: &Scan, it: &Written, said: Option<About>, year: u16) -> Option<Verdict> {
    let tidy_citizen =
        matches!(it.lengths.as_slice(), [12] | [3, 3, 3, 3] | [4, 4, 4] | [3, 1, 2, 6]);
    if tidy_citizen && is_citizen(&it.digits, year) {
        let certainty = if said == Some(About::Code) { Low } else { High };
        return Some((Kind::CitizenId, certainty, "citizen_form"));
    }
    let phone = phone(it).map(|(certainty, why)| match said {
        Some(About::Code) => (Kind::Phone, Low, why),
        Some(About::Phone) => (Kind::Phone, High, why),
        _ => (Kind::Phone, certainty, why),
    });
    let bank = || {
        let named = it.digits.len() >= 8 && bank_follows(scan, it.last);
        named.then_some((Kind::BankAccount, Medium, "bank_after"))
    };
    phone.or_else(bank)
}

/// A citizen's number: province, century and sex, year of birth, six digits.
fn is_citizen(digits: &str, year: u16) -> bool {
    let part = |from, to| digits.get(from..to).and_then(|it| it.parse::<u16>().ok());
    let (Some(province), Some(century), Some(born)) = (part(0, 3), part(3, 4), part(4, 6)) else {
        return false;
    };
    let born = 1900 + 100 * (century / 2) + born;
    digits.len() == 12
        && PROVINCES.contains(&province)
        && century <= 3
        && born <= year
        && born + 115 >= year
}

/// A telephone number, and how sure its form makes that.
fn phone(it: &Written) -> Option<(Certainty, &'static str)> {
    let (local, certainty) = match it.digits.strip_prefix("84") {
        Some(rest) if it.international => (format!("0{}", rest.trim_start_matches('0')), High),
        Some(rest) if rest.len() == 9 && it.lengths.len() == 1 => (format!("0{rest}"), Low),
        _ => (it.digits.clone(), High),
    };
    let mut head = local.chars().skip(1);
    let (second, third) = (head.next()?, head.next()?);
    let mobile = match second {
        '3' => ('2'..='9').contains(&third),
        '5' => matches!(third, '2' | '5' | '6' | '8' | '9'),
        '7' => matches!(third, '0' | '6'..='9'),
        '8' => ('1'..='9').contains(&third),
        '9' => true,
        _ => false,
    };
    if !local.starts_with('0') {
        return None;
    }
    match (local.len(), mobile, second) {
        (10, true, _) => Some((certainty, "mobile")),
        (11, _, '2') => Some((certainty.min(Medium), "landline")),
        _ => None,
    }
}
