//! Old Vietnamese encodings, in which fonts drew other letters than the codes said: TCVN3
//! (`.VnTime`, "ABC") and VNI-Windows (VNI-Times). Files of the years before 2005 are full of them.

mod syllable;
mod tables;

use std::borrow::Cow;

pub(crate) use syllable::is_vietnamese;
use tables::{ENCODINGS, Encoding};

/// From this share of the accented words on that become Vietnamese, a text is in the encoding.
const SHARE: usize = 75;

/// Up to this share of them may be Vietnamese as they stand, by chance.
const CHANCE: usize = 40;

/// A page speaks for itself from so many accented words on.
const ENOUGH: usize = 3;

/// `text` in Unicode; as it is where it is Unicode already. The page tells the encoding; then
/// it goes line by line, because old documents mix fonts.
pub fn to_unicode(text: &str) -> Cow<'_, str> {
    let old = |line: &&str| !line.chars().any(is_only_unicode);
    let old_lines: Vec<&str> = text.split_inclusive('\n').filter(old).collect();
    let is_used = |encoding: &&Encoding| {
        let evidence = evidence(&old_lines, encoding);
        evidence.accented >= ENOUGH && evidence.speaks_for() && !evidence.speaks_against()
    };
    let Some(encoding) = ENCODINGS.iter().find(is_used) else { return Cow::Borrowed(text) };
    let is_mixed = !old(&text);
    let lines = text.split_inclusive('\n').map(|line| {
        let evidence = evidence(&[line], encoding);
        let unsure = is_mixed && evidence.speaks_against();
        match old(&line) && evidence.speaks_for() && !unsure {
            true => encoding.decode(line),
            false => line.to_owned(),
        }
    });
    Cow::Owned(lines.collect())
}

/// How many words have accents in an encoding, how many of them are Vietnamese in it, and how
/// many as they stand.
#[derive(Default)]
struct Evidence {
    accented: usize,
    decoded: usize,
    plain: usize,
}

impl Evidence {
    fn speaks_for(&self) -> bool {
        self.accented > 0 && self.decoded * 100 >= self.accented * SHARE
    }

    fn speaks_against(&self) -> bool {
        self.plain * 100 > self.accented * CHANCE
    }
}

fn evidence(lines: &[&str], encoding: &Encoding) -> Evidence {
    let mut evidence = Evidence::default();
    let is_gap = |c: char| {
        c.is_ascii_whitespace() || c.is_ascii_punctuation() || matches!(c, '“' | '”' | '–')
    };
    for word in lines.iter().flat_map(|line| line.split(is_gap)) {
        let decoded = encoding.decode(word);
        if decoded != word {
            evidence.accented += 1;
            evidence.decoded += usize::from(is_vietnamese(&decoded));
            evidence.plain += usize::from(is_vietnamese(word));
        }
    }
    evidence
}

/// Vietnamese letters that no one-byte encoding has.
fn is_only_unicode(c: char) -> bool {
    matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
        Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng\nÔng Nguyễn Văn Ửng, Chủ tịch Ủy ban \
        nhân dân xã, chịu trách nhiệm thi hành Quyết định này kể từ ngày ký; bãi bỏ các quy định \
        trước đây về quản lý, sử dụng kinh phí hỗ trợ người nghèo, khuyết tật, trẻ mồ côi.\n";

    #[test]
    fn what_is_written_in_an_old_encoding_is_read_in_unicode() {
        let tcvn3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam\n§éc lËp - Tù do - H¹nh phóc\n";
        let vni = "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM\nÑoäc laäp - Töï do - Haïnh phuùc\n";

        assert_eq!(
            to_unicode(tcvn3),
            "Cộng hoà xã hội chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc\n"
        );
        assert_eq!(
            to_unicode(vni),
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        );
    }

    #[test]
    fn every_letter_goes_there_and_back() {
        let lower = LAW.to_lowercase();
        for encoding in ENCODINGS {
            let text = if encoding.has_capitals() { LAW } else { &lower };
            let encoded = encoding.encode(text);
            assert_ne!(encoded, text);
            assert!(!encoded.chars().any(is_only_unicode), "{encoded}");
            assert_eq!(to_unicode(&encoded), text);
        }
    }

    #[test]
    fn unicode_french_and_numbers_stay_as_they_are() {
        for text in [
            LAW,
            "L'été dernier, la République française a créé une société à Hà Nội; elle a été fermée.",
            "§ 12: 25 µm × 40 mm, 3 ± 1 °C, « ôtée », 100 £",
            "Plain words - and nothing else.",
            "",
            "Tình hình\nHoàn thành\nXét trình\nCho hòa bình\n",
        ] {
            assert_eq!(to_unicode(text), text);
        }
    }

    #[test]
    fn a_page_with_both_is_decided_line_by_line() {
        let mixed = "Điều 1. Phạm vi điều chỉnh\n§éc lËp - Tù do - H¹nh phóc\nCh\u{AD}¬ng I\n";
        assert_eq!(
            to_unicode(mixed),
            "Điều 1. Phạm vi điều chỉnh\nĐộc lập - Tự do - Hạnh phúc\nChương I\n"
        );
    }
}
