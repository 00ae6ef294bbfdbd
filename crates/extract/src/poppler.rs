//! PDF by the programs of the poppler project.

use std::path::Path;

use crate::{Failure, Limits, Poppler, Tools, child, inside::Found, scan};

/// The text of each page, and which pages are scans.
pub(crate) fn read(
    poppler: &Poppler,
    file: &Path,
    tools: &Tools,
    limits: &Limits,
) -> Result<Found, Failure> {
    let desk = child::desk()?;
    // Reading order, which is the default, undoes columns and letter heads; `-layout` and `-raw` keep them.
    let args = ["-enc".into(), "UTF-8".into(), "-eol".into(), "unix".into()];
    let args = args.into_iter().chain([file.into(), "-".into()]).collect();
    let printed = child::run_program(tools, limits, desk.path(), &poppler.pdftotext, args)?;
    let pages = pages(&String::from_utf8_lossy(&printed));
    let mut found = Found { pages, ..Found::default() };
    if found.pages.iter().any(|page| scan::has_few_letters(page)) {
        let args = vec!["-list".into(), file.into()];
        let printed = child::run_program(tools, limits, desk.path(), &poppler.pdfimages, args)?;
        found.scans = scans(&String::from_utf8_lossy(&printed), &found.pages);
    }
    Ok(found)
}

/// Every page ends with a form feed.
fn pages(text: &str) -> Vec<String> {
    let text = text.strip_suffix('\u{C}').unwrap_or(text);
    text.split('\u{C}').map(str::to_owned).collect()
}

/// Reads the table that `pdfimages -list` prints: page, number, type, width, height, ….
fn scans(table: &str, pages: &[String]) -> Vec<usize> {
    let row = |line: &str| -> Option<(usize, (i64, i64))> {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [page, _number, _kind, width, height, ..] = columns.as_slice() else { return None };
        Some((page.parse().ok()?, (width.parse().ok()?, height.parse().ok()?)))
    };
    let pictures: Vec<(usize, (i64, i64))> = table.lines().filter_map(row).collect();
    let is_scan = |(page, text): &(usize, &String)| {
        let here = pictures.iter().filter(|(at, _)| at == page).map(|(_, size)| *size);
        scan::is_scan(text, here)
    };
    (1..).zip(pages).filter(is_scan).map(|(page, _)| page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_a_large_picture_and_few_letters_is_a_scan() {
        let table = "page   num  type   width height color comp bpc  enc\n\
                     ----------------------------------------------\n\
                        1     0 image    1654  2339  gray    1   8  jpeg\n\
                        2     1 image     120   120  rgb     3   8  image\n";
        let pages = [String::from("Ký bởi: UBND"), String::from("hai"), String::new()];
        assert_eq!(scans(table, &pages), [1]);
        let pages = [format!("{:300}", "chữ".repeat(100)), String::new(), String::new()];
        assert_eq!(scans(table, &pages), [0_usize; 0]);
    }

    #[test]
    fn a_form_feed_ends_a_page() {
        assert_eq!(pages("một\n\u{C}hai\n\u{C}"), ["một\n", "hai\n"]);
        assert_eq!(pages("một\u{C}\u{C}"), ["một", ""]);
    }
}
