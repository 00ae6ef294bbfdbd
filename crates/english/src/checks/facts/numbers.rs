//! Numbers and telephone numbers.

use super::{
    Language, Read, Value,
    tokens::{Shape, Token},
};

/// Words after a number and the zeros they stand for.
const ZEROS: [(&str, usize); 9] = [
    ("nghìn", 3),
    ("ngàn", 3),
    ("thousand", 3),
    ("triệu", 6),
    ("million", 6),
    ("tỷ", 9),
    ("tỉ", 9),
    ("billion", 9),
    ("trillion", 12),
];

/// Small numbers that English writes in words.
const WORDS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

/// A number with the word that multiplies it.
pub(super) fn number(rest: &[Token<'_>], language: Language) -> Option<Read> {
    let first = rest.first()?;
    if first.shape == Shape::Word && language == Language::English {
        let word = first.text.to_lowercase();
        let value = WORDS.iter().position(|number| *number == word)?;
        return Some((Some(Value::Number(value.to_string())), 1, true));
    }
    let clean = match language {
        Language::Vietnamese => vietnamese_number(first.text),
        Language::English => english_number(first.text),
    };
    if first.shape != Shape::Number {
        return None;
    }
    let zeros = rest.get(1).and_then(|next| {
        let word = next.text.to_lowercase();
        ZEROS.iter().find(|(name, _)| *name == word).map(|(_, zeros)| *zeros)
    });
    let value = match (clean, zeros) {
        (Some(clean), Some(zeros)) => scaled(&clean, zeros),
        (Some(clean), None) => scaled(&clean, 0),
        (None, _) => first.text.to_owned(),
    };
    Some((Some(Value::Number(value)), if zeros.is_some() { 2 } else { 1 }, false))
}

/// The plain digits of a number as Vietnamese writes it: `1.234,5` is `1234.5`.
pub(crate) fn vietnamese_number(text: &str) -> Option<String> {
    clean(text, '.', ',')
}

/// The plain digits of a number as English writes it.
fn english_number(text: &str) -> Option<String> {
    clean(text, ',', '.')
}

fn clean(text: &str, group: char, point: char) -> Option<String> {
    let (whole, part) = match text.split_once(point) {
        Some((whole, part)) => (whole, Some(part)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let groups: Vec<&str> = whole.split(group).collect();
    let (first, others) = groups.split_first()?;
    let grouped = others.is_empty()
        || (first.len() <= 3 && others.iter().all(|it| it.len() == 3 && digits(it)));
    if !digits(first) || !grouped || part.is_some_and(|part| !digits(part)) {
        return None;
    }
    let whole = groups.concat();
    Some(match part {
        Some(part) => format!("{whole}.{part}"),
        None => whole,
    })
}

/// Plain digits times a power of ten, without zeros that say nothing.
fn scaled(digits: &str, zeros: usize) -> String {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let padded = format!("{part:0<zeros$}");
    let (up, down) = padded.split_at_checked(zeros).unwrap_or((&padded, ""));
    let whole = format!("{whole}{up}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match down.trim_end_matches('0') {
        "" => whole.to_owned(),
        down => format!("{whole}.{down}"),
    }
}

/// A telephone number of Viet Nam: ten or eleven digits after `0`, or as many after `+84`.
pub(super) fn phone(rest: &[Token<'_>]) -> Option<(Value, usize)> {
    let (plus, mut at) = match rest.first()? {
        first if first.is("+") => (true, 1),
        first if first.is("(") => (rest.get(1)?.is("+"), if rest.get(1)?.is("+") { 2 } else { 1 }),
        _ => (false, 0),
    };
    let start = rest.get(at).filter(|it| it.shape == Shape::Number)?;
    if !start.text.starts_with(if plus { "84" } else { "0" }) {
        return None;
    }
    let mut digits = String::new();
    let mut end = None;
    while let Some(token) = rest.get(at) {
        match token.shape {
            Shape::Number => digits.extend(token.text.chars().filter(char::is_ascii_digit)),
            Shape::Mark if matches!(token.text, "." | "-" | ")" | "(") => (),
            _ => break,
        }
        at += 1;
        if digits.len() > 13 {
            break;
        }
        if let (Shape::Number, Some(national)) = (token.shape, national(&digits, plus)) {
            end = Some((Value::Phone(national), at));
        }
    }
    end
}

/// The digits without country and zero, when they are a whole number.
fn national(digits: &str, plus: bool) -> Option<String> {
    let national = digits.strip_prefix(if plus { "84" } else { "0" })?;
    let national = if plus { national.trim_start_matches('0') } else { national };
    matches!(national.len(), 9 | 10).then(|| national.to_owned())
}
