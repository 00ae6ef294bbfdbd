//! Texts cut into blocks and compared.

#![expect(clippy::string_slice, reason = "a test that cannot go on must stop")]

use std::collections::BTreeMap;

use english::blocks::{Block, Change, Content, Span, align, cut, difference, fields, join};
use proptest::prelude::*;

fn texts(markdown: &str) -> Vec<String> {
    cut(markdown).into_iter().map(|block| block.text).collect()
}

#[test]
fn a_text_is_cut_where_a_reader_would() {
    let text = "# Lễ hội\n\nMột đoạn\nhai dòng.\n\n- một\n- hai\n  - hai rưỡi\n\n1. a\n\n2. b\n\n\
                | a | b |\n|---|---|\n| 1 | 2 |\n\n> trích\n\n```\nmã\n\nmã\n```\n\n[x]: https://a.vn\n";

    assert_eq!(
        texts(text),
        [
            "# Lễ hội",
            "Một đoạn\nhai dòng.",
            "- một",
            "- hai\n  - hai rưỡi",
            "1. a",
            "2. b",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "> trích",
            "```\nmã\n\nmã\n```",
            "[x]: https://a.vn",
        ]
    );
    assert_eq!(join(&cut(text)), text.trim_end());
    assert!(cut(" \n\n").is_empty());
}

#[test]
fn keys_say_what_a_block_says() {
    let keys = |text: &str| cut(text).into_iter().map(|block| block.key).collect::<Vec<_>>();

    let first = keys("Một.\n\nHai.\n\nMột.");
    assert_eq!(first[0].split('-').next(), first[2].split('-').next());
    assert!(first[0].ends_with("-1") && first[2].ends_with("-2"), "{first:?}");
    assert_eq!(keys("Hai.")[0], first[1]);
    assert_eq!(keys("Hai.   \r\n")[0], first[1], "spaces at the end of a line say nothing");
    assert_eq!(first[1].len(), 18);
}

#[track_caller]
fn check(old: &str, new: &str, expected: &str) {
    let pairs = align(&cut(old), &cut(new));
    let letter = |change| match change {
        Change::Unchanged => "=",
        Change::Moved => "m",
        Change::Changed => "~",
        Change::New => "+",
        Change::Gone => "-",
    };
    let found: String = pairs.iter().map(|pair| letter(pair.change)).collect();
    assert_eq!(found, expected, "{pairs:?}");
}

#[test]
fn blocks_of_two_editions_are_side_by_side() {
    let a = "Ủy ban nhân dân xã tiếp công dân vào sáng thứ Hai.";
    let b = "Hồ sơ nộp tại bộ phận một cửa trong giờ hành chính.";
    let c = "Điện thoại liên hệ ở cuối trang này cho mọi người.";
    let text = |blocks: &[&str]| blocks.join("\n\n");

    check(&text(&[a, b, c]), &text(&[a, b, c]), "===");
    check(&text(&[a, b, c]), &text(&[a, &b.replace("một cửa", "tiếp nhận"), c]), "=~=");
    check(&text(&[a, c]), &text(&[a, b, c]), "=+=");
    check(&text(&[a, b, c]), &text(&[a, c]), "=-=");
    check(&text(&[a, b, c]), &text(&[b, c, a]), "==m");
    check(&text(&[a, b]), &text(&[a, "Nội dung hoàn toàn khác."]), "=+-");
    check(&text(&[a, a, b]), &text(&[a, b]), "=-=");
    check("", &text(&[a]), "+");
    check(&text(&[a]), "", "-");
}

#[test]
fn a_changed_text_shows_its_changed_words() {
    let spans = difference("Lễ hội <b>đền</b> ngày 12/3.", "Lễ hội <b>đình</b> ngày 12/3 tới.");

    let same = |text: &str| Span::Same(text.into());
    assert_eq!(
        spans,
        [
            same("Lễ hội <b>"),
            Span::Removed("đền".into()),
            Span::Added("đình".into()),
            same("</b> ngày 12/3"),
            Span::Added(" tới".into()),
            same("."),
        ]
    );
    assert!(difference("", "").is_empty());
    let (long, other) = ("một hai ".repeat(3_000), "ba bốn ".repeat(3_000));
    assert_eq!(difference(&long, &other).len(), 2, "too much to compare is replaced");
}

fn content(title: &str, field: &str, body: &str) -> Content {
    let fields = BTreeMap::from([("place".to_owned(), field.to_owned())]);
    Content { title: title.into(), summary: String::new(), fields, body: body.into() }
}

#[test]
fn a_changed_field_is_named_and_others_are_not() {
    let old = content("Lễ hội", "Đình làng", "Một.");
    let new = content("Lễ hội", "Đình Trà Sơn", "Hai.");

    let changed = fields(&old, &new);

    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].name, "place");
    assert!(changed[0].spans.contains(&Span::Removed("làng".into())));
    assert_ne!(old.digest(), new.digest());
    assert_eq!(old.digest(), content("Lễ hội ", "Đình làng", "Một.\r\n\r\n").digest());
    assert_ne!(content("a", "b", "").digest(), content("ab", "", "").digest());
}

#[test]
fn a_translation_is_put_together_from_its_pieces() {
    let source = content("Lễ hội", "Đình làng", "# Lịch\n\n- một\n- hai\n\nHết.");
    let english = ["Festival", "Communal house", "# Schedule", "- one", "- two", "The end."];
    let pieces = source.pieces();
    assert_eq!(pieces[0].id, "title");
    assert_eq!(pieces[1].id, "field-place");

    let mut by_id: BTreeMap<String, String> =
        pieces.iter().zip(english).map(|(piece, text)| (piece.id.clone(), text.into())).collect();
    let whole = content("Festival", "Communal house", "# Schedule\n\n- one\n- two\n\nThe end.");
    assert_eq!(source.translated(&by_id), whole);
    by_id.remove(&pieces[3].id);
    assert_eq!(source.translated(&by_id).body, "# Schedule\n\n- two\n\nThe end.");
}

fn markdown() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[a-zđễ .,]{1,20}",
        "# [a-z]{1,5}",
        "- [a-z]{1,5}",
        "  - [a-z]{1,5}",
        "[0-9]\\. [a-z]{1,5}",
        "> [a-z]{1,5}",
        "    [a-z]{1,5}",
        Just("```".to_owned()),
        Just("---".to_owned()),
        Just("| a | b |".to_owned()),
        Just("|---|---|".to_owned()),
        Just("[x]: https://a.vn".to_owned()),
        Just("<div>".to_owned()),
        Just(String::new()),
    ];
    proptest::collection::vec(line, 0..20).prop_map(|lines| lines.join("\n"))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #[test]
    fn cutting_loses_nothing(text in prop_oneof![markdown(), any::<String>()]) {
        let blocks = cut(&text);
        let together: String = blocks.iter().map(|block| block.text.as_str()).collect();
        prop_assert_eq!(bare(&together), bare(&base::text::block(&text)));
        let keys: std::collections::BTreeSet<&String> = blocks.iter().map(|block| &block.key).collect();
        prop_assert_eq!(keys.len(), blocks.len());
        let cleaned = |block: &Block| !block.text.trim().is_empty();
        prop_assert!(blocks.iter().all(cleaned));
    }

    #[test]
    fn spans_make_both_texts(old in "[ab đ.,\n<]{0,30}", new in "[ab đ.,\n<]{0,30}") {
        let spans = difference(&old, &new);
        let side = |with: fn(&Span) -> Option<&String>| -> String {
            spans.iter().filter_map(with).map(String::as_str).collect()
        };
        prop_assert_eq!(side(|it| match it { Span::Same(t) | Span::Removed(t) => Some(t), Span::Added(_) => None }), old);
        prop_assert_eq!(side(|it| match it { Span::Same(t) | Span::Added(t) => Some(t), Span::Removed(_) => None }), new);
    }

    #[test]
    fn every_block_is_in_one_pair(old in markdown(), new in markdown()) {
        let (old, new) = (cut(&old), cut(&new));
        let pairs = align(&old, &new);
        let news: Vec<usize> = pairs.iter().filter_map(|pair| pair.new).collect();
        prop_assert_eq!(news, (0..new.len()).collect::<Vec<_>>());
        let mut olds: Vec<usize> = pairs.iter().filter_map(|pair| pair.old).collect();
        olds.sort_unstable();
        prop_assert_eq!(olds, (0..old.len()).collect::<Vec<_>>());
        for pair in pairs {
            let text = |blocks: &[Block], at: Option<usize>| at.map(|at| blocks[at].key[..16].to_owned());
            let same = text(&old, pair.old) == text(&new, pair.new);
            prop_assert_eq!(same, matches!(pair.change, Change::Unchanged | Change::Moved));
        }
    }
}
