//! Text as it is kept: composed letters, no controls, words whole across lines.

use crate::legacy;

/// A page of text, cleaned. Old Vietnamese encodings become Unicode first, because one of them
/// writes a letter where Unicode has a hidden mark.
pub(crate) fn page(text: &str) -> String {
    tidy(&legacy::to_unicode(text))
}

/// The same for what is in Unicode.
pub(crate) fn tidy(text: &str) -> String {
    let text = base::text::block(text);
    let lines = text.lines().map(blanks);
    join_hyphens(lines)
}

/// Blanks of all kinds are one blank; tabs stay, they separate cells.
fn blanks(line: &str) -> String {
    let cells = line.split('\t').map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
    cells.collect::<Vec<_>>().join("\t").trim_end().to_owned()
}

/// Joins words that were broken at the end of a line. Vietnamese breaks none, so only words
/// without accents are joined: the hyphen of "UBND-\nVHTT" stays.
fn join_hyphens(lines: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for line in lines {
        let broken = text.strip_suffix("-\n").is_some_and(ends_in_broken_word);
        if broken && line.starts_with(|c: char| c.is_ascii_lowercase()) {
            text.truncate(text.len() - 2);
        }
        text.push_str(&line);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// Whether the last word is plain lower-case letters, more than one.
fn ends_in_broken_word(text: &str) -> bool {
    let word: Vec<char> = text.chars().rev().take_while(|c| c.is_alphabetic()).collect();
    word.len() > 1 && word.iter().all(char::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_composed_and_without_what_nobody_sees() {
        assert_eq!(page("Kha\u{0301}nh\u{0007} \u{200B}Hoa\u{0300}  \n\n"), "Khánh Hoà");
        assert_eq!(page("a \u{A0} b\tc  d\n"), "a b\tc d");
    }

    #[test]
    fn a_word_broken_at_a_line_end_is_whole_and_a_symbol_keeps_its_hyphen() {
        assert_eq!(page("admini-\nstration"), "administration");
        assert_eq!(page("12/UBND-\nVHTT"), "12/UBND-\nVHTT");
        assert_eq!(page("Độc lập -\ntự do"), "Độc lập -\ntự do");
        assert_eq!(page("kinh tế-\nxã hội"), "kinh tế-\nxã hội");
    }
}
