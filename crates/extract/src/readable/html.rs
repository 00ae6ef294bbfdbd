//! Blocks as HTML. Every word is escaped; the elements are ours alone.

use std::fmt::Write;

use super::{
    Place,
    model::{Block, Heading, Rank, Span},
};

/// HTML has no deeper heading.
const LOWEST: u8 = 6;

/// Nothing where there are pages and no text on them: a scan.
pub(super) fn render(blocks: &[Block], place: Place<'_>) -> String {
    if blocks.iter().all(|block| matches!(block, Block::Page(_))) {
        return String::new();
    }
    let ranks = ranks(blocks);
    let mut html = String::new();
    for block in blocks {
        match block {
            Block::Page(page) => html.push_str(&page_mark("div", *page, place)),
            Block::State(name) => {
                let _ = writeln!(html, "<p class=\"text-state\">{}</p>", escape(name));
            }
            Block::Heading(heading) => html.push_str(&self::heading(heading, &ranks, place)),
            Block::Paragraph(spans) => html.push_str(&paragraph(spans, place)),
            Block::Table(rows) => html.push_str(&table(rows)),
        }
    }
    html
}

/// The ranks that occur, so that no level of heading is skipped.
fn ranks(blocks: &[Block]) -> Vec<Rank> {
    let rank = |block: &Block| match block {
        Block::Heading(heading) => Some(heading.rank),
        _ => None,
    };
    let mut ranks: Vec<Rank> = blocks.iter().filter_map(rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    ranks
}

fn heading(heading: &Heading, ranks: &[Rank], place: Place<'_>) -> String {
    let depth = ranks.iter().take_while(|rank| **rank < heading.rank).count();
    let level = place.top.saturating_add(u8::try_from(depth).unwrap_or(LOWEST)).min(LOWEST);
    let Heading { anchor, label, title, .. } = heading;
    let gap = if title.is_empty() { "" } else { ". " };
    let (label, title) = (escape(label), escape(title));
    let prefix = place.prefix;
    format!("<h{level} id=\"{prefix}{anchor}\">{label}{gap}{title}</h{level}>\n")
}

/// The number of a page is written by the style sheet, so that it is not part of the text.
fn page_mark(element: &str, page: usize, place: Place<'_>) -> String {
    let prefix = place.prefix;
    let end = if element == "div" { "\n" } else { "" };
    format!(
        "<{element} class=\"text-page\" id=\"{prefix}trang-{page}\" data-page=\"{page}\"></{element}>{end}"
    )
}

fn paragraph(spans: &[Span], place: Place<'_>) -> String {
    let inner: Vec<String> = spans
        .iter()
        .map(|span| match span {
            Span::Text(text) => escape(text),
            Span::Page(page) => page_mark("span", *page, place),
        })
        .collect();
    format!("<p>{}</p>\n", inner.join(" "))
}

fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut html =
        String::from("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\"><table><tbody>\n");
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        // One cell for all that are missing: a single long row must not swell the others.
        let rest = match columns.saturating_sub(row.len()) {
            0 => String::new(),
            1 => "<td></td>".to_owned(),
            blanks => format!("<td colspan=\"{blanks}\"></td>"),
        };
        let _ = writeln!(html, "<tr>{cells}{rest}</tr>");
    }
    html.push_str("</tbody></table></div>\n");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
