//! Which pages of a PDF are pictures of text.

/// A page with fewer letters may be a scan. More than none, because the stamp of a digital
/// signature is text: who signed, when, with which certificate.
const FEW_LETTERS: usize = 250;

/// The picture of a page has more pixels than a logo, a signature or a seal: A5 at 100 dots an
/// inch.
const PAGE_PIXELS: i64 = 480_000;

/// Whether a page with this text and pictures of these sizes is a scan.
pub(crate) fn is_scan(text: &str, mut pictures: impl Iterator<Item = (i64, i64)>) -> bool {
    has_few_letters(text)
        && pictures.any(|(width, height)| width.saturating_mul(height) >= PAGE_PIXELS)
}

pub(crate) fn has_few_letters(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).nth(FEW_LETTERS).is_none()
}

/// Whether a file whose pages `scans` are scans is one as a whole: has more of them than of
/// pages with text.
pub(crate) fn is_mostly(scans: &[usize], pages: &[String]) -> bool {
    let is_text =
        |(number, page): &(usize, &String)| !page.trim().is_empty() && !scans.contains(number);
    scans.len() > (1..).zip(pages).filter(is_text).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_makes_a_scan_no_text_and_a_logo_makes_a_text_no_scan() {
        let page = (1654, 2339);
        let stamp = "Người ký: UBND tỉnh Mơ\nThời gian ký: 20/11/2026 08:30";

        assert!(is_scan(stamp, [page].into_iter()));
        assert!(!is_scan(stamp, [(200, 200)].into_iter()));
        assert!(!is_scan(&"chữ ".repeat(200), [page].into_iter()));
        assert!(!is_scan("", std::iter::empty()));
    }

    #[test]
    fn a_file_is_a_scan_when_most_of_it_is() {
        let pages = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();

        assert!(is_mostly(&[1, 2], &pages(&["dấu", "", ""])));
        assert!(!is_mostly(&[3], &pages(&["một", "hai", ""])));
        assert!(!is_mostly(&[], &pages(&["", ""])));
    }
}
