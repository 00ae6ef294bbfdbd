//! The words of a Markdown text, for searching and quoting.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// The text of `markdown` without its marks: one line for each block, cells and items apart.
pub fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => text.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableHead
                | TagEnd::TableRow,
            ) => text.push('\n'),
            _ => (),
        }
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay_apart() {
        let text = "# Lịch tiếp dân\n\nChủ tịch **tiếp dân**\nthứ năm.\n\n| Ngày | Giờ |\n|-|-|\n| 5 | 8 |\n\n- một\n- hai <script>x</script>";
        assert_eq!(
            plain(text),
            "Lịch tiếp dân\nChủ tịch tiếp dân thứ năm.\nNgày Giờ \n5 8 \nmột\nhai x"
        );
    }
}
