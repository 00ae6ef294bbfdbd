//! Days and hours.

use super::{
    Language, Read, Value,
    tokens::{Shape, Token},
};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A day, a month of a year, or a day of a month.
pub(super) fn date(
    rest: &[Token<'_>],
    before: Option<&Token<'_>>,
    language: Language,
) -> Option<(Value, usize)> {
    digits(rest, before).or_else(|| dotted(rest)).or_else(|| match language {
        Language::Vietnamese => vietnamese(rest),
        Language::English => english(rest),
    })
}

fn value(day: Option<u32>, month: u32, year: Option<u32>) -> Option<Value> {
    let day_is = day.is_none_or(|day| (1..=31).contains(&day));
    let year_is = year.is_none_or(|year| (1000..3000).contains(&year));
    let year = year.and_then(|year| i32::try_from(year).ok());
    (day_is && year_is && (1..=12).contains(&month)).then_some(Value::Date { day, month, year })
}

/// `20/11/2026`, `20-11-2026`, `2026-11-20`, `11/2026`, and `20/11` after a word that says it is
/// a day and no fraction.
fn digits(rest: &[Token<'_>], before: Option<&Token<'_>>) -> Option<(Value, usize)> {
    let part = |at: usize| rest.get(at).and_then(Token::small);
    let mark = |at: usize, mark: &str| rest.get(at).is_some_and(|token| token.is(mark));
    let (first, second) = (part(0)?, part(2)?);
    let same = |sign: &str| mark(1, sign) && mark(3, sign);
    if let (Some(third), true) = (part(4), same("/") || same("-")) {
        let whole = match first > 999 {
            true => value(Some(third), second, Some(first)),
            false => value(Some(first), second, Some(third)),
        };
        if let Some(whole) = whole {
            return Some((whole, 5));
        }
    }
    if !mark(1, "/") {
        return None;
    }
    if second > 999 {
        return Some((value(None, first, Some(second))?, 3));
    }
    let day = ["ngày", "đến", "từ", "hôm", "sáng", "chiều", "tối", "on", "to", "from", "until"];
    before.filter(|word| word.is_word(&day))?;
    Some((value(Some(first), second, None)?, 3))
}

/// `20.11.2026`, which is one token.
fn dotted(rest: &[Token<'_>]) -> Option<(Value, usize)> {
    let mut parts = rest.first()?.text.split('.').map(|part| part.parse::<u32>().ok());
    let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    Some((value(Some(day), month, Some(year))?, 1))
}

/// `20 tháng 11 năm 2026`, `tháng 11/2026`, `tháng 11`.
fn vietnamese(rest: &[Token<'_>]) -> Option<(Value, usize)> {
    let day = rest.first().and_then(Token::small);
    let at = usize::from(day.is_some());
    rest.get(at).filter(|word| word.is_word(&["tháng"]))?;
    let month = rest.get(at + 1)?.small()?;
    let joint = rest.get(at + 2);
    let joint = joint.filter(|it| it.is_word(&["năm"]) || it.is("/") || it.is("-"));
    let year = joint.and(rest.get(at + 3)).and_then(Token::small).filter(|year| *year > 999);
    let taken = if year.is_some() { at + 4 } else { at + 2 };
    Some((value(day, month, year)?, taken))
}

/// `20 November 2026`, `20th of November`, `November 20, 2026`, `November 2026`.
fn english(rest: &[Token<'_>]) -> Option<(Value, usize)> {
    let is = |at: usize, words: &[&str]| rest.get(at).is_some_and(|it| it.is_word(words));
    let small = |at: usize| rest.get(at).and_then(Token::small);
    let year = |at: usize| {
        let at = at + usize::from(rest.get(at).is_some_and(|it| it.is(",")));
        small(at).filter(|year| *year > 999).map(|year| (year, at + 1))
    };
    let day = small(0).filter(|day| *day < 32);
    let mut at = usize::from(day.is_some());
    at += usize::from(at > 0 && is(at, &["st", "nd", "rd", "th"]));
    at += usize::from(at > 0 && is(at, &["of"]));
    let month = month(rest.get(at)?)?;
    at += 1;
    if let Some(day) = day {
        let (year, end) = year(at).unzip();
        return Some((value(Some(day), month, year)?, end.unwrap_or(at)));
    }
    if let Some(day) = small(at).filter(|day| *day < 32) {
        at += 1;
        at += usize::from(is(at, &["st", "nd", "rd", "th"]));
        let (year, end) = year(at).unzip();
        return Some((value(Some(day), month, year)?, end.unwrap_or(at)));
    }
    let (year, end) = year(at)?;
    Some((value(None, month, Some(year))?, end))
}

/// Months are written with a capital: `may` is no month.
fn month(word: &Token<'_>) -> Option<u32> {
    let capital = word.text.chars().next().is_some_and(char::is_uppercase);
    let word = word.text.to_lowercase();
    let long = |month: &&str| **month == word || (word.len() == 3 && month.starts_with(&word));
    let at = MONTHS.iter().position(|month| capital && long(month));
    at.and_then(|at| u32::try_from(at + 1).ok())
}

/// A month alone answers `tháng 11`; it may be another word (`March`, `May`).
pub(super) fn bare_month(rest: &[Token<'_>], language: Language) -> Option<Read> {
    let word = rest.first().filter(|_| language == Language::English)?;
    Some((value(None, month(word)?, None), 1, true))
}

/// An hour of the day.
pub(super) fn time(
    rest: &[Token<'_>],
    before: Option<&Token<'_>>,
    language: Language,
) -> Option<(Value, usize)> {
    match language {
        Language::Vietnamese => vietnamese_time(rest, before),
        Language::English => english_time(rest),
    }
}

fn clock(hour: u32, minute: u32, taken: usize) -> Option<(Value, usize)> {
    (hour < 24 && minute < 60).then_some((Value::Time { hour, minute }, taken))
}

/// `8:30`, without spaces.
fn colon(rest: &[Token<'_>]) -> Option<(u32, u32)> {
    let (hour, sign, minute) = (rest.first()?, rest.get(1)?, rest.get(2)?);
    let close = sign.is(":") && !sign.spaced && !minute.spaced && minute.text.len() == 2;
    close.then_some((hour.small()?, minute.small()?))
}

/// `8 giờ 30`, `8h30`, `14h`, `8:30`; `24 giờ` alone is a number of hours, unless a word before
/// it says that it is a time.
fn vietnamese_time(rest: &[Token<'_>], before: Option<&Token<'_>>) -> Option<(Value, usize)> {
    if let Some((hour, minute)) = colon(rest) {
        return clock(hour, minute, 3);
    }
    let hour = rest.first()?.small()?;
    let sign = rest.get(1)?;
    let short = sign.is("h") || sign.is("g");
    if !(short || sign.is_word(&["giờ"])) {
        return None;
    }
    let minute = rest.get(2).filter(|it| !short || !it.spaced);
    if let Some(minute) = minute.filter(|it| it.text.len() == 2).and_then(Token::small) {
        let minutes = rest.get(3).is_some_and(|it| it.is_word(&["phút"]));
        return clock(hour, minute, if minutes { 4 } else { 3 });
    }
    let told = before.is_some_and(|it| it.is_word(&["lúc", "hồi", "từ", "đến", "vào", "trước"]));
    if short || told { clock(hour, 0, 2) } else { None }
}

/// `8:30 a.m.`, `8.30 am`, `2 p.m.`, `14:00`, `12 noon`.
fn english_time(rest: &[Token<'_>]) -> Option<(Value, usize)> {
    let first = rest.first()?;
    let dotted = first.text.split_once('.').filter(|_| first.shape == Shape::Number);
    let dotted = dotted.and_then(|(hour, minute)| {
        (minute.len() == 2).then_some((hour.parse().ok()?, minute.parse().ok()?))
    });
    let (hour, minute, at) = match (colon(rest), dotted, first.small()) {
        (Some((hour, minute)), _, _) => (hour, minute, 3),
        (None, Some((hour, minute)), _) => (hour, minute, 1),
        (None, None, Some(hour)) => (hour, 0, 1),
        (None, None, None) => return None,
    };
    match half(rest.get(at..)?) {
        Some((afternoon, taken)) if (1..=12).contains(&hour) => {
            clock(hour % 12 + if afternoon { 12 } else { 0 }, minute, at + taken)
        }
        _ if at == 3 => clock(hour, minute, 3),
        _ => None,
    }
}

/// Whether `a.m.` or `p.m.` follows, and how many tokens it is.
fn half(rest: &[Token<'_>]) -> Option<(bool, usize)> {
    let first = rest.first()?;
    if first.is_word(&["noon", "pm"]) {
        return Some((true, 1));
    }
    if first.is_word(&["am"]) {
        return Some((false, 1));
    }
    let dots = rest.get(1)?.is(".") && rest.get(2)?.is_word(&["m"]);
    let end = 3 + usize::from(rest.get(3).is_some_and(|it| it.is(".")));
    match first.is_word(&["p"]) || first.is_word(&["a"]) {
        true if dots => Some((first.is_word(&["p"]), end)),
        _ => None,
    }
}
