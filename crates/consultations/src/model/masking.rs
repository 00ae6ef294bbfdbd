//! What the staff may change in somebody's words: hide what is personal, and nothing else.

/// What stands where something was hidden; the mark of `privacy::mask`.
const MASK: &str = "•••";

/// Whether `shown` is `original` with pieces of it hidden and nothing added or reordered.
pub fn only_masked(original: &str, shown: &str) -> bool {
    let mut pieces = shown.split(MASK);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = original.strip_prefix(first) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else { return rest.is_empty() };
    for piece in between {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::only_masked;

    #[test]
    fn hiding_is_allowed_and_rewriting_is_not() {
        let original = "Gọi 0912 345 678 cho tôi, nhà ở thôn Bến.";
        for fine in [original, "Gọi ••• cho tôi, nhà ở thôn Bến.", "Gọi ••• cho tôi•••", "•••"]
        {
            assert!(only_masked(original, fine), "{fine}");
        }
        for bad in ["", "Gọi ••• cho bà, nhà ở thôn Bến.", "Gọi •••", "Gọi", "••• thêm", "tôi•••"]
        {
            // "Gọi •••" hides the rest and is fine; all else rewrites.
            assert_eq!(only_masked(original, bad), bad == "Gọi •••", "{bad}");
        }
        assert!(!only_masked("aba", "ab•••ba"), "the ends do not overlap");
    }
}
