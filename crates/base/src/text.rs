//! Vietnamese text as it is kept, compared and spelled in addresses.

use icu_collator::{CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick,
};

use crate::Locale;

/// One line as it is stored: NFC, no control or direction marks, single spaces, trimmed.
pub fn line(text: &str) -> String {
    let shown = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { ours(c) });
    let shown: String = shown.collect();
    let words: Vec<&str> = shown.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().filter(|c| !is_hidden(*c)).collect::<String>().trim().to_owned()
}

/// Several lines as they are stored: NFC, `\n` line ends, no control or direction marks.
pub fn block(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_shown = |c: &char| matches!(c, '\n' | '\t') || !is_hidden(*c);
    match is_nfc_quick(text.chars()) {
        // Almost every text is; asking is far cheaper than composing a whole book anew.
        IsNormalized::Yes => text.chars().filter(is_shown).map(ours).collect(),
        _ => text.nfc().filter(is_shown).map(ours).collect(),
    }
}

/// Letters of other languages that look like đ, which old fonts put into Vietnamese texts.
fn ours(c: char) -> char {
    match c {
        '\u{00D0}' | '\u{0189}' => 'Đ',
        '\u{00F0}' | '\u{0256}' => 'đ',
        c => c,
    }
}

/// Whether [`block`] takes anything out of `text` but the ends of lines: characters that nobody
/// sees.
pub fn has_hidden(text: &str) -> bool {
    text.chars().any(|c| !matches!(c, '\n' | '\r' | '\t') && is_hidden(c))
}

/// Characters nobody sees and some abuse: controls, direction overrides, zero-width marks.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{FEFF}' | '\u{00AD}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Lower case without accents: `Đồng Tháp` becomes `dong thap`.
pub fn unaccented(text: &str) -> String {
    let plain = text.nfd().filter(|c| !is_combining_mark(*c));
    plain
        .map(|c| if matches!(c, 'đ' | 'Đ') { 'd' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of `text` for an address: `Khai mạc lễ hội` becomes `khai-mac-le-hoi`, at most
/// `max` letters long and cut between words when it can be.
pub fn slug(text: &str, max: usize) -> String {
    let plain = unaccented(text);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if !slug.is_empty() && slug.len() + 1 + word.len() > max {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(max));
    }
    slug
}

/// A host label from a name, ND224-11.4: every letter and digit, unaccented and joined.
pub fn host_label(name: &str) -> String {
    unaccented(name).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A unit's name inside a sentence: `Xã Trùng Khánh` becomes `xã Trùng Khánh`. Names of
/// agencies keep their capital.
pub fn unit_in_sentence(unit: &str) -> String {
    let place = ["Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "];
    match place.iter().find(|place| unit.starts_with(**place)) {
        Some(place) => unit.replacen(*place, &place.to_lowercase(), 1),
        None => unit.to_owned(),
    }
}

/// The language somebody wrote in: Vietnamese where a third of the words have letters or tones
/// that only Vietnamese has. A text of names alone is taken for English.
pub fn language(text: &str) -> Locale {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (mut all, mut own) = (0_usize, 0_usize);
    for word in words {
        all += 1;
        own += usize::from(word.chars().any(is_vietnamese));
    }
    if own * 3 >= all.max(1) { Locale::Vi } else { Locale::En }
}

/// Whether a letter is of Vietnamese and not of English.
pub fn is_vietnamese(letter: char) -> bool {
    "ăâđêôơưĂÂĐÊÔƠƯ".contains(letter)
        || "àáãèéìíĩòóõùúũýÀÁÃÈÉÌÍĨÒÓÕÙÚŨÝ".contains(letter)
        || ('\u{1EA0}'..='\u{1EF9}').contains(&letter)
}

/// Whether `text` is lower-case words joined by single hyphens.
pub fn is_slug(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9'));
    text.split('-').all(word)
}

/// Bytes whose order is the Vietnamese dictionary order of the texts they stand for. The two
/// databases order text differently; they order bytes alike.
pub fn sort_key(text: &str) -> Vec<u8> {
    let vietnamese = CollatorBorrowed::try_new(locale!("vi").into(), CollatorOptions::default());
    let mut key = Vec::new();
    match vietnamese.map(|collator| collator.write_sort_key_to(text, &mut key)) {
        Ok(Ok(())) => key,
        // The order is compiled in; were it not, plain order is still an order.
        Err(_) => text.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_kept_in_nfc_without_what_nobody_sees() {
        let nfd: String = "Khai mạc lễ hội".nfd().collect();
        assert_eq!(line(&nfd), "Khai mạc lễ hội");
        assert_eq!(line("  a\t\u{202E}b\u{0007}\n c "), "a b c");
        assert_eq!(block("a\r\nb\u{0000}\u{200B}"), "a\nb");
        assert!(has_hidden("a\u{202E}b") && !has_hidden("Lễ\r\nhội\t"));
        assert_eq!(block(&"Lễ\nhội".nfd().collect::<String>()), "Lễ\nhội");
    }

    #[test]
    fn a_text_is_vietnamese_where_its_letters_are() {
        assert_eq!(language("Ủy ban nhân dân xã đã nhận được câu hỏi."), Locale::Vi);
        assert_eq!(language("How do I register a birth in Trà Sơn Commune?"), Locale::En);
        assert_eq!(language("Khẩn"), Locale::Vi);
        assert_eq!(language(""), Locale::En);
    }

    #[test]
    fn an_address_is_cut_between_words() {
        assert_eq!(slug("Khai mạc lễ hội Đền Hùng", 80), "khai-mac-le-hoi-den-hung");
        assert_eq!(slug("Khai mạc lễ hội", 12), "khai-mac-le");
        assert_eq!(slug("***", 12), "");
        assert_eq!(slug(&"a".repeat(500), 80).len(), 80);
    }

    #[test]
    fn a_host_label_is_the_full_name() {
        for (name, label) in [
            ("Nghĩa Lộ 2", "nghialo2"),
            ("M'Drắk", "mdrak"),
            ("Văn Miếu - Quốc Tử Giám", "vanmieuquoctugiam"),
            ("Đồng Đăng", "dongdang"),
        ] {
            assert_eq!(host_label(name), label);
        }
    }

    #[test]
    fn names_sort_as_in_a_vietnamese_dictionary() {
        let mut names = ["Đông Anh", "Dương Nội", "An Khánh", "Ô Chợ Dừa", "Ba Đình", "Ân Thi"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["An Khánh", "Ân Thi", "Ba Đình", "Dương Nội", "Đông Anh", "Ô Chợ Dừa"]);
    }

    #[test]
    fn a_slug_has_words_and_single_hyphens() {
        assert!(is_slug("tin-tuc-2"));
        for bad in ["", "-a", "a--b", "Tin", "tin_tuc", "tin/tuc"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
