//! The tracking code that a citizen keeps: hard to guess, easy to read aloud, and able to tell
//! that it was mistyped before anything is looked up.

use base::{Error, Message, Result};
use sha2::{Digest, Sha256};

/// Digits and letters that nobody mistakes for one another, by eye or by ear: no 0 and O, no 1, I
/// and L, no U beside the V, and no Y, which Vietnamese call `i` as well. Their number is a
/// prime, which is what lets the check character find every slip.
const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVWXZ";

/// The size of the alphabet.
const BASE: u8 = 29;

/// Random characters: 29^14 is more than 2^68 codes (FB-7 asks for 2^64).
const RANDOM: usize = 14;

/// Characters with the one that checks the others.
const LENGTH: usize = RANDOM + 1;

/// Characters between two hyphens.
const GROUP: usize = 3;

/// A whole tracking code, its check character included.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    /// The code that 128 random bits stand for.
    pub fn of(random: u128) -> Self {
        let mut places = [0_u8; LENGTH];
        let mut rest = random;
        for place in places.iter_mut().take(RANDOM) {
            *place = u8::try_from(rest % u128::from(BASE)).unwrap_or_default();
            rest /= u128::from(BASE);
        }
        // The last weight is 15, whose inverse modulo 29 is 2: 15 × 2 = 30 = 1.
        let sum = weighted(&places);
        if let Some(last) = places.last_mut() {
            *last = u8::try_from((29 - sum) * 2 % 29).unwrap_or_default();
        }
        Self(places)
    }

    /// Reads what somebody typed or was told: small letters, blanks and hyphens do not matter.
    /// An error names what is wrong with it; nothing is looked up for that.
    pub fn parse(typed: &str) -> Result<Self> {
        let mut places = [0_u8; LENGTH];
        let mut count = 0;
        for c in base::text::line(typed).chars().filter(|c| !matches!(c, ' ' | '-' | '–' | '.')) {
            let upper = c.to_ascii_uppercase();
            let value = ALPHABET.iter().position(|it| char::from(*it) == upper);
            let Some(value) = value else {
                return Err(Error::field(
                    "code",
                    Message::new("case.code_letter").with("letter", c),
                ));
            };
            if let Some(place) = places.get_mut(count) {
                *place = u8::try_from(value).unwrap_or_default();
            }
            count += 1;
        }
        if count != LENGTH {
            let message =
                Message::new("case.code_length").with("now", count).with("wanted", LENGTH);
            return Err(Error::field("code", message));
        }
        match weighted(&places) {
            0 => Ok(Self(places)),
            _ => Err(Error::field("code", "case.code_check")),
        }
    }

    /// What the database keeps: who reads the table cannot ask for anybody's case.
    pub fn digest(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(b"case code ");
        hash.update(self.0);
        hash.finalize().to_vec()
    }
}

/// Its characters in groups: `K7M-2PQ-9HD-X4T-B6C`.
impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, place) in self.0.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            let letter = ALPHABET.get(usize::from(*place)).copied().unwrap_or(b'?');
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}

/// A code is as good as a key: no log shows it.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

/// The sum of the characters with the weights 1 to 15, modulo 29; 0 for a right code.
///
/// The weights differ and none is 0, and 29 is a prime: a character that changes changes the sum
/// by `weight × difference`, two that change places by `difference of weights × difference`,
/// neither of which is 0 modulo 29.
fn weighted(places: &[u8; LENGTH]) -> u32 {
    let products = (1_u32..).zip(places).map(|(weight, place)| weight * u32::from(*place));
    products.sum::<u32>() % u32::from(BASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes all over the range.
    fn codes() -> impl Iterator<Item = Code> {
        (0..200_u128).map(|n| Code::of(n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)))
    }

    fn bare(code: &Code) -> Vec<char> {
        code.to_string().chars().filter(|c| *c != '-').collect()
    }

    fn reads(chars: &[char]) -> bool {
        Code::parse(&chars.iter().collect::<String>()).is_ok()
    }

    #[test]
    fn a_code_is_read_again_however_it_was_typed() {
        for code in codes() {
            let text = code.to_string();
            assert_eq!(text.len(), 19, "{text}");
            assert!(Code::parse(&text).unwrap() == code);
            assert!(
                Code::parse(&format!(" {} ", text.to_lowercase().replace('-', " "))).unwrap()
                    == code
            );
        }
    }

    #[test]
    fn every_single_slip_is_noticed() {
        for code in codes() {
            let right = bare(&code);
            for at in 0..right.len() {
                for other in ALPHABET.iter().map(|it| char::from(*it)) {
                    let mut typed = right.clone();
                    typed[at] = other;
                    assert_eq!(reads(&typed), other == right[at], "{code} {at} {other}");
                }
            }
        }
    }

    #[test]
    fn every_two_characters_that_changed_places_are_noticed() {
        for code in codes() {
            let right = bare(&code);
            for one in 0..right.len() {
                for two in one + 1..right.len() {
                    let mut typed = right.clone();
                    typed.swap(one, two);
                    assert_eq!(reads(&typed), right[one] == right[two], "{code} {one} {two}");
                }
            }
        }
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let key = |typed: &str| match Code::parse(typed) {
            Err(Error::Invalid(errors)) => errors["code"].key().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(key("O12-345"), "case.code_letter");
        assert_eq!(key("234"), "case.code_length");
        assert_eq!(key(""), "case.code_length");
        assert_eq!(key(&"2".repeat(400)), "case.code_length");
        let mut typed = bare(&codes().nth(7).unwrap());
        typed[3] = if typed[3] == 'A' { 'B' } else { 'A' };
        assert_eq!(key(&typed.iter().collect::<String>()), "case.code_check");
    }

    #[test]
    fn there_are_more_codes_than_64_bits_and_none_is_logged() {
        assert!(29_u128.pow(14) > 1 << 64);
        assert_eq!(format!("{:?}", Code::of(5)), "Code(…)");
        assert_ne!(Code::of(5).digest(), Code::of(6).digest());
    }
}
