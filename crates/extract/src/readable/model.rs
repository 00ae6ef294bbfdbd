//! The pieces of a legal text, and how its lines tell which they are.

use base::text::{slug, unaccented};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A page begins here.
    Page(usize),
    /// The name of the state or its motto, which head every official document.
    State(String),
    /// A part, chapter, section, article or annex begins.
    Heading(Heading),
    /// A paragraph, clause or point.
    Paragraph(Vec<Span>),
    /// Rows of cells.
    Table(Vec<Vec<String>>),
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Text(String),
    /// A page begins in the middle of the paragraph.
    Page(usize),
}

impl Block {
    pub(super) fn last_page(&self) -> Option<usize> {
        match self {
            Self::Page(page) => Some(*page),
            Self::Paragraph(spans) => spans.iter().rev().find_map(|span| match span {
                Span::Page(page) => Some(*page),
                Span::Text(_) => None,
            }),
            _ => None,
        }
    }
}

/// The beginning of a part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What begins.
    pub rank: Rank,
    /// Where a link leads: `dieu-5`, `chuong-ii`; no two are alike.
    pub anchor: String,
    /// What it is called in its order: `Điều 5`, `Chương II`.
    pub label: String,
    /// What it is about; may be empty.
    pub title: String,
}

/// Parts of a legal text, from the largest to the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Phần, Phụ lục: a part or an annex.
    Part,
    /// Chương: a chapter.
    Chapter,
    /// Mục: a section.
    Section,
    /// Tiểu mục: a subsection.
    Subsection,
    /// Điều: an article.
    Article,
}

/// First words, unaccented, that begin a part, with what must follow.
const MARKERS: [(&str, Rank, Order); 6] = [
    ("phan", Rank::Part, Order::Ordinal),
    ("phu luc", Rank::Part, Order::NumberOrNothing),
    ("chuong", Rank::Chapter, Order::Number),
    ("muc", Rank::Section, Order::Number),
    ("tieu muc", Rank::Subsection, Order::Number),
    ("dieu", Rank::Article, Order::NumberAndMark),
];

/// How parts are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// `Phần thứ nhất`, `Phần I`.
    Ordinal,
    /// `Chương II`, `Mục 1`.
    Number,
    /// `Phụ lục`, `Phụ lục III`.
    NumberOrNothing,
    /// `Điều 5.`: without the mark it is a reference at the start of a line.
    NumberAndMark,
}

const ORDINALS: [&str; 11] =
    ["nhat", "mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi"];

/// The heading that `line` is, without its anchor.
pub(super) fn heading(line: &str) -> Option<(Rank, String, String)> {
    // What an amending law quotes is no article of its own.
    let words: Vec<&str> = line.split_whitespace().collect();
    let plain: Vec<String> = words.iter().map(|word| unaccented(word)).collect();
    let starts = |marker: &str| {
        let marker: Vec<&str> = marker.split(' ').collect();
        (plain.len() >= marker.len() && plain.iter().zip(&marker).all(|(a, b)| a == b))
            .then_some(marker.len())
    };
    let (length, rank, order) =
        MARKERS.iter().find_map(|(marker, rank, order)| Some((starts(marker)?, *rank, *order)))?;
    if !line.starts_with(char::is_uppercase) {
        return None;
    }
    let taken = count(order, plain.get(length..)?)?;
    let (label, title) = words.split_at_checked(length + taken)?;
    let label = label.join(" ");
    let label = label.trim_end_matches(['.', ':', '-', '–']).to_owned();
    let title = title.join(" ");
    let title = title.trim_start_matches(['.', ':', '-', '–', ' ']).to_owned();
    // A sentence that begins like a heading: "Mục 1 và Mục 2 …".
    let is_sentence = order != Order::NumberAndMark && title.starts_with(char::is_lowercase);
    (!is_sentence).then_some((rank, label, title))
}

/// How many of the words after the marker belong to the label.
fn count(order: Order, after: &[String]) -> Option<usize> {
    let bare = |word: &String| word.trim_end_matches(['.', ':']).to_owned();
    let first = after.first().map(bare);
    let is_number = first.as_deref().is_some_and(|word| is_arabic(word) || is_roman(word));
    match order {
        Order::Number => is_number.then_some(1),
        Order::NumberOrNothing if is_number => Some(1),
        Order::NumberOrNothing => after.is_empty().then_some(0),
        Order::NumberAndMark => {
            let marked = after.first().is_some_and(|word| word.ends_with(['.', ':']));
            (marked && first.as_deref().is_some_and(is_arabic)).then_some(1)
        }
        Order::Ordinal if is_number => Some(1),
        Order::Ordinal => {
            let second = after.get(1).map(bare)?;
            (first? == "thu" && ORDINALS.contains(&second.as_str())).then_some(2)
        }
    }
}

/// `5`, `12a`.
fn is_arabic(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    word.len() - digits.len() <= 1
        && !digits.is_empty()
        && digits.len() <= 4
        && digits.chars().all(|c| c.is_ascii_digit())
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 7 && word.chars().all(|c| "ivxlc".contains(c))
}

/// `dieu-5`, `chuong-ii`.
pub(super) fn anchor(label: &str) -> String {
    slug(label, 40)
}

/// Whether `line` is the name of the state in capitals, or its motto; not the end of a sentence.
pub(super) fn is_state(line: &str) -> bool {
    let is_capital = !line.chars().any(char::is_lowercase);
    let plain = unaccented(line);
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.join(" ").as_str() {
        "cong hoa xa hoi chu nghia viet nam" => is_capital,
        "doc lap tu do hanh phuc" => !line.ends_with('.'),
        _ => false,
    }
}

/// Whether `line` begins a paragraph of its own: a clause, a point, an item of a list.
pub(super) fn begins_item(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let body = first.trim_end_matches(['.', ')']);
    let is_counted = body.len() < first.len()
        && (body.split('.').all(|part| {
            !part.is_empty() && part.len() <= 3 && part.chars().all(|c| c.is_ascii_digit())
        }) || body.chars().count() == 1 && body.chars().all(char::is_alphabetic)
            || is_roman(&body.to_lowercase()));
    let is_bullet = matches!(first, "-" | "–" | "+" | "•" | "*" | "·");
    is_counted || is_bullet || first.starts_with(['“', '"'])
}

/// Whether `line` is but the number of its page: `3`, `- 3 -`, `Trang 3/12`.
pub(super) fn is_page_number(line: &str) -> bool {
    let plain = unaccented(line);
    let rest = plain.trim_start_matches("trang").trim_matches([' ', '-', '–']);
    let mut parts = rest.split('/');
    let is_number = |part: &str| {
        let part = part.trim();
        !part.is_empty() && part.len() <= 4 && part.chars().all(|c| c.is_ascii_digit())
    };
    parts.by_ref().take(2).all(is_number) && parts.next().is_none()
}
