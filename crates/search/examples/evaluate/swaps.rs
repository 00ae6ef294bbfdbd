//! The same text in the other ways of spelling Vietnamese.

use unicode_normalization::UnicodeNormalization;

/// Where the tone stands, in the old way and in the new.
const TONES: [(&str, &str); 15] = [
    ("oà", "òa"),
    ("oá", "óa"),
    ("oả", "ỏa"),
    ("oã", "õa"),
    ("oạ", "ọa"),
    ("oè", "òe"),
    ("oé", "óe"),
    ("oẻ", "ỏe"),
    ("oẽ", "õe"),
    ("oẹ", "ọe"),
    ("uỳ", "ùy"),
    ("uý", "úy"),
    ("uỷ", "ủy"),
    ("uỹ", "ũy"),
    ("uỵ", "ụy"),
];

/// `text` with the tones in the old places, in the new places, and decomposed.
pub(crate) fn spellings(text: &str) -> [String; 3] {
    let old = TONES.iter().fold(text.to_owned(), |text, (old, new)| swap(&text, new, old));
    let new = TONES.iter().fold(text.to_owned(), |text, (old, new)| swap(&text, old, new));
    [old, new, text.nfd().collect()]
}

/// Puts `to` for `from` wherever it ends a syllable; `quý` has its tone where it belongs.
fn swap(text: &str, from: &str, to: &str) -> String {
    let mut swapped = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(from) {
        let ends = !after.starts_with(char::is_alphabetic);
        let after_q = before.ends_with(['q', 'Q']);
        swapped.push_str(before);
        swapped.push_str(if ends && !after_q { to } else { from });
        rest = after;
    }
    swapped.push_str(rest);
    swapped
}
