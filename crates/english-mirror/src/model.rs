//! What is translated of an edition, and what of its English holds for another one. Pure.

use std::collections::{BTreeMap, BTreeSet};

use content::kinds::{Field, FieldRole, FieldType, Kind};
use english::blocks::{Block, Change, Content, Span, align, cut, difference};
use serde::{Deserialize, Serialize};

/// What must be said of the English of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// A machine wrote it, and nobody has read it.
    Machine,
    /// It says what the source said before; nobody has compared it with what it says now.
    Old,
}

/// The English of a piece.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Said {
    /// Markdown for blocks.
    pub text: String,
    /// `None` when a person wrote it, or read it beside the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// The English of a text, by the ids of [`Content::pieces`].
pub type Pieces = BTreeMap<String, Said>;

/// Whether a field holds words that are translated. Days, addresses, numbers and pictures are the
/// source's in every language, and so is the name of the author.
pub fn is_words(field: &Field) -> bool {
    let is_text = matches!(field.kind, FieldType::Text | FieldType::Multiline);
    is_text && field.public && field.role != Some(FieldRole::Author)
}

/// What is translated of an edition of `kind`.
pub fn content(kind: &Kind, edition: Edition<'_>) -> Content {
    let is_words = |name: &str| kind.fields.iter().any(|it| it.name == name && is_words(it));
    let fields = edition.fields.iter().filter(|(name, _)| is_words(name));
    Content {
        title: edition.title.to_owned(),
        summary: edition.summary.to_owned(),
        fields: fields.map(|(name, text)| (name.clone(), text.clone())).collect(),
        body: edition.body.to_owned(),
    }
}

/// The words of an edition.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// The headline.
    pub title: &'a str,
    /// One or two sentences.
    pub summary: &'a str,
    /// Markdown.
    pub body: &'a str,
    /// The fields of its kind, by name.
    pub fields: &'a BTreeMap<String, String>,
}

/// The fields of an English page: words as they were translated, everything else as the source
/// has it today. So a telephone number that changed is never an old one in English.
pub fn fields(
    kind: &Kind,
    translated: &BTreeMap<String, String>,
    source: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let is_words = |name: &str| kind.fields.iter().any(|it| it.name == name && is_words(it));
    let words = translated.iter().filter(|(name, _)| is_words(name));
    let facts = source.iter().filter(|(name, _)| !is_words(name));
    words.chain(facts).map(|(name, text)| (name.clone(), text.clone())).collect()
}

/// The English of `from` as far as it can be used for `to`. A piece that says the same keeps its
/// English, wherever it went; one that was changed gets the English of what it said before, marked.
pub fn carry(from: &Content, english: &Pieces, to: &Content) -> Pieces {
    let mut carried = Pieces::new();
    let mut put = |id: String, said: Option<&Said>, is_same: bool| {
        if let Some(said) = said {
            let mark = if is_same { said.mark } else { said.mark.or(Some(Mark::Old)) };
            carried.insert(id, Said { text: said.text.clone(), mark });
        }
    };
    let old = named(from);
    for (id, text) in named(to) {
        put(id.clone(), english.get(&id), old.get(&id).is_some_and(|before| same(before, &text)));
    }
    let (before, after) = (cut(&from.body), cut(&to.body));
    for pair in align(&before, &after) {
        let (Some(old), Some(new)) = (at(&before, pair.old), at(&after, pair.new)) else {
            continue;
        };
        let said = english.get(&block_id(old));
        put(block_id(new), said, pair.change != Change::Changed);
    }
    carried
}

/// What happened to a piece since another edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What happened; never [`Change::Gone`].
    pub change: Change,
    /// What was there and what is, word by word; empty for what did not change.
    pub spans: Vec<Span>,
}

/// What happened to each piece of `now` since `before`, by id, and the texts that are gone.
pub fn differences(before: &Content, now: &Content) -> (BTreeMap<String, Difference>, Vec<String>) {
    let mut all = BTreeMap::new();
    let mut gone = Vec::new();
    let old = named(before);
    let new = named(now);
    for (id, text) in &new {
        let found = match old.get(id) {
            Some(before) if same(before, text) => unchanged(),
            Some(before) => changed(before, text),
            None => Difference { change: Change::New, spans: Vec::new() },
        };
        all.insert(id.clone(), found);
    }
    gone.extend(old.into_iter().filter(|(id, _)| !new.contains_key(id)).map(|(_, text)| text));
    let (old, new) = (cut(&before.body), cut(&now.body));
    for pair in align(&old, &new) {
        match (at(&old, pair.old), at(&new, pair.new)) {
            (Some(old), Some(new)) if pair.change == Change::Changed => {
                all.insert(block_id(new), changed(&old.text, &new.text));
            }
            (_, Some(new)) => {
                let found = Difference { change: pair.change, spans: Vec::new() };
                all.insert(block_id(new), found);
            }
            (Some(old), None) => gone.push(old.text.clone()),
            (None, None) => (),
        }
    }
    (all, gone)
}

/// What a person sent, over what stood there. A mark goes when the text was changed, or when the
/// person says that it was compared.
pub fn typed(
    stood: &Pieces,
    sent: &BTreeMap<String, String>,
    compared: &BTreeSet<String>,
) -> Pieces {
    let said = |(id, text): (&String, &String)| {
        let text = base::text::block(text).trim().to_owned();
        let before = stood.get(id);
        let is_same = before.is_some_and(|before| same(&before.text, &text));
        let mark = before.and_then(|before| before.mark);
        let mark = mark.filter(|_| is_same && !compared.contains(id));
        (!text.is_empty()).then(|| (id.clone(), Said { text, mark }))
    };
    sent.iter().filter_map(said).collect()
}

/// The texts alone, for [`Content::translated`].
pub fn texts(pieces: &Pieces) -> BTreeMap<String, String> {
    pieces.iter().map(|(id, said)| (id.clone(), said.text.clone())).collect()
}

/// Title, summary and fields by id, as [`Content::pieces`] has them.
fn named(content: &Content) -> BTreeMap<String, String> {
    let is_named = |id: &str| !id.starts_with("block-");
    let pieces = content.pieces().into_iter().filter(|piece| is_named(&piece.id));
    pieces.map(|piece| (piece.id, piece.text)).collect()
}

fn block_id(block: &Block) -> String {
    format!("block-{}", block.key)
}

fn at(blocks: &[Block], place: Option<usize>) -> Option<&Block> {
    place.and_then(|place| blocks.get(place))
}

fn unchanged() -> Difference {
    Difference { change: Change::Unchanged, spans: Vec::new() }
}

fn changed(before: &str, now: &str) -> Difference {
    Difference { change: Change::Changed, spans: difference(before, now) }
}

fn same(one: &str, other: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        base::text::block(text).trim().lines().map(|line| line.trim_end().to_owned()).collect()
    };
    lines(one) == lines(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str, body: &str) -> Content {
        Content { title: title.into(), body: body.into(), ..Content::default() }
    }

    fn english(of: &Content, words: &[&str]) -> Pieces {
        let said = |text: &str| Said { text: text.into(), mark: None };
        of.pieces().into_iter().zip(words).map(|(piece, text)| (piece.id, said(text))).collect()
    }

    #[track_caller]
    fn check(from: &Content, words: &[&str], to: &Content, expected: &[(&str, Option<Mark>)]) {
        let carried = carry(from, &english(from, words), to);
        let found: Vec<(&str, Option<Mark>)> = to
            .pieces()
            .iter()
            .map(|piece| carried.get(&piece.id).map_or(("", None), |it| (&*it.text, it.mark)))
            .map(|(text, mark)| (&*Box::leak(text.to_owned().into_boxed_str()), mark))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_piece_that_stayed_keeps_its_english_wherever_it_went() {
        let from = text("Chợ", "Một hai ba.\n\nBốn năm sáu.");
        let to = text("Chợ", "Bốn năm sáu.\n\nBảy tám.\n\nMột hai ba.");
        let words = ["Market", "One two three.", "Four five six."];
        let expected =
            [("Market", None), ("Four five six.", None), ("", None), ("One two three.", None)];
        check(&from, &words, &to, &expected);
    }

    #[test]
    fn a_piece_that_changed_keeps_the_old_english_and_says_so() {
        let from = text("Chợ", "Chợ họp ngày năm hằng tuần.");
        let to = text("Chợ mới", "Chợ họp ngày sáu hằng tuần.");
        let words = ["Market", "Held on the fifth."];
        let old = Some(Mark::Old);
        check(&from, &words, &to, &[("Market", old), ("Held on the fifth.", old)]);
    }

    #[test]
    fn a_mark_goes_when_the_text_is_changed_or_compared() {
        let stood = Pieces::from([
            ("title".into(), Said { text: "Market".into(), mark: Some(Mark::Machine) }),
            ("summary".into(), Said { text: "Open.".into(), mark: Some(Mark::Old) }),
        ]);
        let sent = |title: &str| {
            BTreeMap::from([
                ("title".to_owned(), title.to_owned()),
                ("summary".to_owned(), "Open.\r\n".to_owned()),
            ])
        };
        let mark = |pieces: &Pieces, id: &str| pieces.get(id).and_then(|it| it.mark);

        let kept = typed(&stood, &sent("Market"), &BTreeSet::new());
        assert_eq!(mark(&kept, "title"), Some(Mark::Machine));
        assert_eq!(mark(&kept, "summary"), Some(Mark::Old));
        let read = typed(&stood, &sent("The market"), &BTreeSet::from(["summary".into()]));
        assert_eq!((mark(&read, "title"), mark(&read, "summary")), (None, None));
    }

    #[test]
    fn differences_name_what_changed_came_and_went() {
        let before = text("Chợ", "Chợ họp ngày năm hằng tuần.\n\nGiá ổn định.\n\nHết.");
        let now = text("Chợ", "Chợ họp ngày sáu hằng tuần.\n\nMời ghé thăm chúng tôi.\n\nHết.");
        let (all, gone) = differences(&before, &now);
        let changes: Vec<Change> =
            now.pieces().iter().filter_map(|it| all.get(&it.id)).map(|it| it.change).collect();

        assert_eq!(gone, ["Giá ổn định."]);
        assert_eq!(changes.first(), Some(&Change::Unchanged));
        assert!(changes.contains(&Change::Changed) && changes.contains(&Change::New));
        let spans = all.values().find(|it| it.change == Change::Changed).map(|it| &it.spans);
        assert!(spans.unwrap().contains(&Span::Removed("năm".into())));
    }
}
