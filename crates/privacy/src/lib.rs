//! Personal data in Vietnamese text: found, named and masked. Pure: no database, no clock.
//!
//! Read `scan` for how a text is read without its accents, `context` for the words that tell what
//! a number is, `digits` for numbers, `marks` for e-mail, plates and passports, `places` for
//! addresses and names. Everything looks a bounded way back and forth, so the time is linear in
//! the text.

mod context;
mod digits;
mod marks;
mod places;
mod scan;

use std::{collections::BTreeSet, ops::Range};

use scan::Scan;

/// A text as it may be kept: NFC, without control characters, direction overrides and what else
/// nobody sees.
pub use base::text::block as clean_text;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Số căn cước, số định danh cá nhân (12 digits) or số chứng minh nhân dân (9).
    CitizenId,
    /// A telephone number, mobile or fixed.
    Phone,
    /// The number of a bank account or an e-wallet.
    BankAccount,
    /// An e-mail address.
    Email,
    /// The plate of a vehicle.
    Plate,
    /// Where somebody lives.
    Address,
    /// The number of a passport.
    Passport,
    /// A tax code; those of companies look like those of people.
    TaxCode,
    /// Somebody's name.
    Name,
}

impl Kind {
    /// Its spelling in the database and in keys of `message.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CitizenId => "citizen_id",
            Self::Phone => "phone",
            Self::BankAccount => "bank_account",
            Self::Email => "email",
            Self::Plate => "plate",
            Self::Address => "address",
            Self::Passport => "passport",
            Self::TaxCode => "tax_code",
            Self::Name => "name",
        }
    }
}

/// How sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Worth a look by a person.
    Low,
    /// Likely.
    Medium,
    /// Its form or the words before it leave little doubt.
    High,
}

/// What a search for personal data goes by.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is public anyway: the office's own numbers and addresses, in any spelling.
    pub allow: Vec<String>,
    /// The year it is: nobody was born later.
    pub year: u16,
}

/// Something personal in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, in bytes; both ends are between characters.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why, as a key below `privacy.why` of `message.toml`.
    pub why: &'static str,
}

/// What is personal in `text`, in its order, without overlaps.
pub fn find(text: &str, options: &Options) -> Vec<Found> {
    let scan = Scan::new(text);
    let mut found = digits::find(&scan, options.year);
    found.extend(marks::find(&scan));
    found.extend(places::find(&scan));
    let allowed: BTreeSet<String> = options.allow.iter().map(|it| plain(it)).collect();
    found.retain(|it| {
        let words = text.get(it.range.clone()).unwrap_or_default();
        !allowed.contains(&plain(words))
    });
    apart(text, found)
}

/// Letters and digits only, without accents; `+84` is a leading zero.
fn plain(text: &str) -> String {
    let folded = base::text::unaccented(text);
    let kept: String = folded.chars().filter(|c| c.is_alphanumeric() || *c == '@').collect();
    match folded.trim_start_matches(['(', ' ']).starts_with("+84") {
        true => format!("0{}", kept.trim_start_matches("84")),
        false => kept,
    }
}

/// In order, one at a place. An address or a name ends where something surer begins.
fn apart(text: &str, mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|it| (it.range.start, std::cmp::Reverse(it.certainty)));
    let mut kept: Vec<Found> = Vec::new();
    for next in found {
        let Some(last) = kept.last_mut().filter(|last| last.range.end > next.range.start) else {
            kept.push(next);
            continue;
        };
        let is_loose = matches!(last.kind, Kind::Address | Kind::Name);
        if is_loose && next.certainty > last.certainty && next.range.start > last.range.start {
            let start = last.range.start;
            let words = text.get(start..next.range.start).unwrap_or_default();
            last.range.end = start + words.trim_end_matches([' ', ',', ':', '(']).len();
            kept.push(next);
        }
    }
    kept
}

/// What stands where something was hidden.
const MASK: &str = "•••";

/// `text` with everything in `found` hidden, its length included.
pub fn mask(text: &str, found: &[Found]) -> String {
    let mut ranges: Vec<Range<usize>> = found.iter().map(|it| it.range.clone()).collect();
    ranges.sort_by_key(|it| it.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        // What is no range of this text hides nothing that it should not.
        if let (true, Some(before)) = (range.end > from, text.get(from..range.start.max(from))) {
            out.push_str(before);
            out.push_str(MASK);
            from = range.end;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}
