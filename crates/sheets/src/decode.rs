//! The letters of a CSV file, whatever program saved it.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};

/// The text of `bytes`; none when no known encoding makes sense of them.
///
/// A mark at the start decides; then UTF-8 is what is valid as such, UTF-16 what has a zero in
/// every other byte. The rest is in the encodings of old fonts (TCVN3, VNI), which Windows takes
/// for Western, or in Windows-1258.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(encoding, bytes.get(mark..)?);
    }
    if let Some(encoding) = utf16(bytes) {
        return strict(encoding, bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(_) => old_font(bytes).or_else(|| windows(bytes)),
    }
}

/// Whether the encoding of `bytes` is known and not guessed.
pub(crate) fn is_certain(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_some() || std::str::from_utf8(bytes).is_ok()
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// Which of the two byte orders text without a mark has, if it is UTF-16 at all: commas, digits
/// and plain letters have one zero byte, always on the same side.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(2000)).unwrap_or_default();
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in start.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    let enough = start.len() / 10;
    match (even, odd) {
        (0, odd) if odd > enough => Some(UTF_16LE),
        (even, 0) if even > enough => Some(UTF_16BE),
        _ => None,
    }
}

fn old_font(bytes: &[u8]) -> Option<String> {
    let western = strict(WINDOWS_1252, bytes)?;
    match extract::to_unicode(&western) {
        Cow::Owned(text) => Some(text),
        Cow::Borrowed(_) => None,
    }
}

/// In Windows-1258, tones are letters of their own, which come after a vowel; elsewhere they are
/// nonsense, and a file of another encoding is full of it.
fn windows(bytes: &[u8]) -> Option<String> {
    let text = strict(WINDOWS_1258, bytes)?;
    let is_tone = |c: char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let is_vowel = |c: char| "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".contains(c);
    let mut last = ' ';
    for c in text.chars() {
        let is_control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if is_control || is_tone(c) && !is_vowel(last) {
            return None;
        }
        last = c;
    }
    let has_letters =
        text.contains(['ă', 'â', 'đ', 'ê', 'ô', 'ơ', 'ư', '\u{300}', '\u{301}', '\u{323}']);
    has_letters.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::text::block;
    use unicode_normalization::UnicodeNormalization;

    const TEXT: &str = "Số ký hiệu;Trích yếu\n12/QĐ-UBND;Về việc hỗ trợ người nghèo, trẻ mồ côi\n";

    fn utf16(order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        TEXT.encode_utf16().flat_map(order).collect()
    }

    /// Tones apart, as Windows-1258 wants them.
    fn windows_1258() -> Vec<u8> {
        let apart: String = TEXT
            .nfd()
            .collect::<String>()
            .replace("a\u{302}", "â")
            .replace("a\u{323}\u{302}", "â\u{323}")
            .replace("e\u{302}", "ê")
            .replace("e\u{323}\u{302}", "ê\u{323}")
            .replace("o\u{302}", "ô")
            .replace("o\u{323}\u{302}", "ô\u{323}")
            .replace("o\u{31B}", "ơ")
            .replace("u\u{31B}", "ư");
        let (bytes, _, had_errors) = WINDOWS_1258.encode(&apart);
        assert!(!had_errors, "{apart}");
        bytes.into_owned()
    }

    #[test]
    fn a_text_is_read_in_every_encoding_that_offices_save() {
        let with_mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for (name, bytes) in [
            ("UTF-8", TEXT.as_bytes().to_vec()),
            ("UTF-8 with a mark", with_mark(b"\xEF\xBB\xBF", TEXT.as_bytes().to_vec())),
            ("UTF-16LE", utf16(u16::to_le_bytes)),
            ("UTF-16BE", utf16(u16::to_be_bytes)),
            ("UTF-16LE with a mark", with_mark(b"\xFF\xFE", utf16(u16::to_le_bytes))),
            ("Windows-1258", windows_1258()),
            (
                "TCVN3",
                b"S\xE8 k\xFD hi\xD6u;Tr\xDDch y\xD5u\n12/Q\xA7-UBND;V\xD2 vi\xD6c h\xE7 tr\xEE \
                  ng\xAD\xEAi ngh\xCCo, tr\xCE m\xE5 c\xABi\n"
                    .to_vec(),
            ),
        ] {
            assert_eq!(block(&decode(&bytes).unwrap()), TEXT, "{name}");
        }
    }

    #[test]
    fn what_is_in_no_known_encoding_is_not_guessed_at() {
        // A picture, UTF-16 cut in the middle of a letter.
        for bytes in [&b"\x89PNG\r\n\x1A\n\x00\xFF\xD8\xCC\xCC"[..], b"\xFF\xFEa"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
