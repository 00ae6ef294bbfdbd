//! How much of what is personal is found, and how much of what is found is personal, on labelled
//! lines; and what hostile text cannot do.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]
#![expect(clippy::print_stdout, reason = "whoever mends the rules wants the figures")]

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use privacy::{Found, Options, find, mask};

const LINES: &str = include_str!("lines.txt");

fn options() -> Options {
    let allow = ["0206.3.123.456", "BBT@vidu.vn"].map(str::to_owned).to_vec();
    Options { allow, year: 2026 }
}

/// A line without its marks, and what they mark.
fn labelled(line: &str) -> (String, Vec<(String, String)>) {
    let (mut text, mut labels) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, marked)) = rest.split_once('{') {
        let (inside, after) = marked.split_once('}').unwrap();
        let (kind, words) = inside.split_once(':').unwrap();
        text.push_str(before);
        text.push_str(words);
        labels.push((kind.to_owned(), words.to_owned()));
        rest = after;
    }
    text.push_str(rest);
    (text, labels)
}

fn found(text: &str) -> Vec<(String, String)> {
    let words =
        |it: &Found| (it.kind.as_str().to_owned(), text.get(it.range.clone()).unwrap().to_owned());
    find(text, &options()).iter().map(words).collect()
}

/// Marked, found, and found where marked.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    marked: usize,
    found: usize,
    right: usize,
}

fn measure(lines: &[&str], change: impl Fn(&str) -> String) -> BTreeMap<String, Tally> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for line in lines {
        let (text, marked) = labelled(&change(line));
        let got = found(&text);
        for (kind, _) in &marked {
            tallies.entry(kind.clone()).or_default().marked += 1;
        }
        for hit in &got {
            let tally = tallies.entry(hit.0.clone()).or_default();
            tally.found += 1;
            tally.right += usize::from(marked.contains(hit));
        }
        if got != marked {
            println!("{text}\n  marked {marked:?}\n  found  {got:?}");
        }
    }
    tallies
}

fn lines() -> Vec<&'static str> {
    let lines: Vec<&str> = LINES.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() >= 120, "only {} lines", lines.len());
    lines
}

#[test]
fn what_is_personal_is_found_and_little_else() {
    let tallies = measure(&lines(), str::to_owned);
    for (kind, it) in &tallies {
        let percent = |part: usize, whole: usize| 100 * part / whole.max(1);
        let (precision, recall) = (percent(it.right, it.found), percent(it.right, it.marked));
        println!("{kind:12} precision {precision:3} % recall {recall:3} % of {}", it.marked);
        assert!(precision >= 95 && recall >= 95, "{kind}: {it:?}");
    }
    assert_eq!(tallies.len(), 9);
}

#[test]
fn how_a_text_is_composed_makes_no_difference() {
    use unicode_normalization::UnicodeNormalization;
    let whole = measure(&lines(), str::to_owned);
    let apart = measure(&lines(), |line| line.nfd().collect());
    assert_eq!(format!("{whole:?}"), format!("{apart:?}"));
}

#[test]
fn what_nobody_sees_hides_nothing() {
    assert_eq!(found("gọi 0912\u{200B}345\u{202E}678").len(), 1);
    assert_eq!(found("gọi 0912\u{A0}345\u{A0}678").len(), 1);
    assert_eq!(found("gọi ０９１２３４５６７８").len(), 1);
}

#[test]
fn a_range_stands_between_characters_and_a_mask_leaves_the_rest() {
    for line in lines() {
        let (text, _) = labelled(line);
        let masked = mask(&text, &find(&text, &options()));
        for (_, words) in &found(&text) {
            assert!(!masked.contains(words.as_str()), "{words:?} is in {masked:?}");
        }
    }
    let text = "Tôi là Lê Hoàng Nam, số 0912345678.";
    assert_eq!(mask(text, &find(text, &options())), "Tôi là •••, số •••.");
    assert_eq!(mask("ấy", &find("", &options())), "ấy");
}

/// Repeats `piece` to a megabyte.
fn flood(piece: &str) -> String {
    piece.repeat((1 << 20) / piece.len())
}

#[test]
fn a_megabyte_of_anything_takes_linear_time() {
    let pieces = [
        "0",
        "1 ",
        "0912345678",
        "0912345678 ",
        "012-",
        "1.",
        "a@",
        "@",
        "a.b@c.d",
        "29A",
        "29A-123.45 ",
        "số nhà ",
        "số nhà 1, ",
        "tôi là Lê ",
        "Nguyễn ",
        "tài khoản ",
        "stk 1 ",
        "é",
        "e\u{301}",
        "\u{301}",
        "(",
        "+84 ",
        "thường trú tại tổ 1, ",
        ",",
        "B1234567 ",
    ];
    for piece in pieces {
        let text = flood(piece);
        let started = Instant::now();
        let hits = find(&text, &options());
        let took = started.elapsed();
        println!("{piece:?}: {} found in {took:?}", hits.len());
        assert!(took < Duration::from_secs(10), "{piece:?} took {took:?}");
        assert!(hits.iter().all(|it| text.get(it.range.clone()).is_some()));
        if text.len() > 1000 {
            let _ = mask(&text, &hits);
        }
    }
}
