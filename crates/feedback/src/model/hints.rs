//! Hints for the staff: what looks like a complaint, what looks like another text.

use std::collections::BTreeSet;

/// The first of `words` that stands in `text` as whole syllables; `words` are without accents.
pub fn complaint<'a>(text: &str, words: &'a [String]) -> Option<&'a str> {
    let text = format!(" {} ", syllables(text).join(" "));
    words.iter().find(|it| text.contains(&format!(" {it} "))).map(String::as_str)
}

/// The syllables of `text`, without accents and marks.
fn syllables(text: &str) -> Vec<String> {
    let plain = base::text::unaccented(text);
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How much two texts have in common: the share of neighbouring pairs of syllables that both
/// have, in percent of the shorter one's. 0 where one has fewer than two syllables.
pub fn likeness(one: &str, two: &str) -> usize {
    let pairs = |text: &str| -> BTreeSet<(String, String)> {
        let all = syllables(text);
        all.iter().cloned().zip(all.iter().skip(1).cloned()).collect()
    };
    let (one, two) = (pairs(one), pairs(two));
    let least = one.len().min(two.len());
    (one.intersection(&two).count() * 100).checked_div(least).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_told_by_whole_syllables() {
        let words = ["toi to cao".to_owned(), "tham o".to_owned()];
        assert_eq!(complaint("Tôi tố cáo ông A", &words), Some("toi to cao"));
        assert_eq!(complaint("Ông ấy THAM Ô.", &words), Some("tham o"));
        assert_eq!(complaint("tham ong ngọt", &words), None);
        assert_eq!(complaint("", &words), None);
    }

    #[test]
    fn texts_are_alike_by_pairs_of_syllables() {
        let one = "Thủ tục đăng ký khai sinh cho con";
        assert_eq!(likeness(one, "thu tuc dang ky khai sinh cho con"), 100);
        assert!(likeness(one, "Đăng ký khai sinh cần giấy tờ gì") >= 40);
        assert_eq!(likeness(one, "Lịch cắt điện"), 0);
        assert_eq!(likeness("", one), 0);
    }
}
