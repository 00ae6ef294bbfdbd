//! What a program sees of personal data in an attachment.

use std::collections::BTreeMap;

use privacy::{Certainty, Kind, Options};

base::text_enum!(
    /// What became of looking through an attachment.
    State {
        /// Its text was read.
        Read = "read",
        /// It has no text that a program can read: people must look.
        Unread = "unread",
        /// It could not be read through no fault of its own, and is looked through again.
        Later = "later",
    }
);

/// Which kinds of personal data `text` seems to have, and how often. Names alone are left to people. `year` is the
/// present one.
pub fn seen(text: &str, year: u16) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    let found = privacy::find(text, &Options { allow: Vec::new(), year });
    let sure = found.into_iter().filter(|it| it.certainty >= Certainty::Medium);
    for it in sure.filter(|it| it.kind != Kind::Name) {
        *seen.entry(it.kind.as_str().to_owned()).or_default() += 1;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_counted_and_nothing_else_is_kept() {
        let seen = seen("Số CCCD 001099012345, điện thoại 0912 345 678 và 0987 654 321.", 2026);
        assert_eq!(seen.get("citizen_id"), Some(&1));
        assert_eq!(seen.get("phone"), Some(&2));
        assert!(!format!("{seen:?}").contains("0912"));
        assert!(super::seen("Đường vào thôn hỏng từ tháng trước.", 2026).is_empty());
    }
}
