//! Documents that a question names: by number and symbol, whatever stands around them, or by
//! their type and a bare number (`QĐ số 01`).

use base::number::Number;

use crate::fold::{Syllable, syllables};

/// No more numbers of one question are followed.
const MOST: usize = 8;
/// What may follow a bare number when nothing says that it is one: `quyết định 01 của …`.
const AFTER: [&str; 2] = ["ngay", "cua"];

/// What documents are called, without accents, and what their symbols then begin with; any
/// symbol will do where that is empty.
const TYPES: &[(&[&str], &[&str])] = &[
    (&["thong", "tu", "lien", "tich"], &["ttlt"]),
    (&["thong", "tu"], &["tt"]),
    (&["quyet", "dinh"], &["qd"]),
    (&["nghi", "quyet"], &["nq"]),
    (&["nghi", "dinh"], &["nd"]),
    (&["chi", "thi"], &["ct"]),
    (&["ke", "hoach"], &["kh"]),
    (&["bao", "cao"], &["bc"]),
    (&["to", "trinh"], &["ttr"]),
    (&["thong", "bao"], &["tb"]),
    (&["huong", "dan"], &["hd"]),
    (&["chuong", "trinh"], &["ctr"]),
    (&["cong", "dien"], &["cd"]),
    (&["de", "an"], &["da"]),
    (&["ket", "luan"], &["kl"]),
    (&["quy", "che"], &["qc"]),
    (&["qui", "dinh"], &["qyd", "qd"]),
    (&["luat"], &["l", "qh"]),
    (&["phap", "lenh"], &["pl", "ubtvqh"]),
    (&["cong", "van"], &[]),
    (&["van", "ban"], &[]),
    (&["ttlt"], &["ttlt"]),
    (&["tt"], &["tt"]),
    (&["qd"], &["qd"]),
    (&["nq"], &["nq"]),
    (&["nd"], &["nd"]),
    (&["ct"], &["ct"]),
    (&["kh"], &["kh"]),
    (&["bc"], &["bc"]),
    (&["ttr"], &["ttr"]),
    (&["tb"], &["tb"]),
    (&["hd"], &["hd"]),
    (&["cv"], &[]),
];

/// A document as a question names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Citation {
    /// The key of the whole number; `None` when its symbol was not given.
    pub(crate) key: Option<String>,
    /// The number in its official spelling, when nobody can doubt that it is one.
    pub(crate) spelling: Option<String>,
    serial: String,
    year: Option<Year>,
    symbol: Symbol,
}

/// The year of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Year {
    /// It stands in the number: `116/2020`.
    Inside(String),
    /// It was said, `116 năm 2020`; not all numbers have it in them.
    Said(String),
}

/// What is known of a symbol, without accents and marks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Symbol {
    Whole(String),
    /// It begins with one of these; any when there are none.
    Begins(Vec<String>),
}

impl Citation {
    /// What the keys of all numbers begin with that this can be.
    pub(crate) fn beginning(&self) -> String {
        format!("{}|", self.serial)
    }

    /// Whether it can be the number with this key, apart from what was left out.
    pub(crate) fn fits(&self, key: &str) -> bool {
        let mut parts = key.splitn(3, '|');
        let (Some(serial), Some(year), Some(symbol)) = (parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        let is_symbol = match &self.symbol {
            Symbol::Whole(whole) => symbol == whole,
            Symbol::Begins(any) => any.is_empty() || any.iter().any(|it| symbol.starts_with(it)),
        };
        let is_year = match &self.year {
            Some(Year::Inside(inside)) => year == inside,
            Some(Year::Said(said)) => year.is_empty() || year == said,
            None => true,
        };
        serial == self.serial && is_year && is_symbol
    }
}

/// The documents that `text` names, each once.
pub(crate) fn read(text: &str) -> Vec<Citation> {
    let numbers = Number::find(&close(text)).into_iter().filter(Number::has_symbol);
    let mut all: Vec<Citation> = numbers.map(|number| numbered(&number)).collect();
    if all.is_empty() {
        all.extend(bare(text).or_else(|| alone(text)));
    }
    all.dedup();
    all.truncate(MOST);
    all
}

/// `text` with spaces between the name of a type and the number glued to it (`NĐ63/2010`), a
/// stroke between a number and the type glued to that (`63nd-cp`), the Assembly's number glued to
/// its symbol (`QH 14`), and with the digits of East Asian keyboards as digits.
pub(crate) fn parted(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{FF10}'..='\u{FF19}' => char::from_digit(u32::from(c) - 0xFF10, 10).unwrap_or(c),
        _ => c,
    };
    let mut parted = String::with_capacity(text.len() + 4);
    for word in text.chars().map(plain).collect::<String>().split_inclusive(char::is_whitespace) {
        let is_assembly = parted.trim_end().to_lowercase().ends_with("/qh");
        let is_short = word.trim().len() <= 2 && word.starts_with(is_digit);
        if is_assembly && is_short {
            parted.truncate(parted.trim_end().len());
        }
        let (head, tail) = seam(word);
        parted.push_str(head);
        if !tail.is_empty() {
            parted.push(if head.starts_with(is_digit) { '/' } else { ' ' });
        }
        parted.push_str(tail);
    }
    parted
}

/// Where a type and a number are glued to each other; an empty second part where none are.
fn seam(word: &str) -> (&str, &str) {
    let is_numeric = word.starts_with(is_digit);
    let at = word.find(|c: char| is_digit(c) != is_numeric || !c.is_alphanumeric());
    let Some((head, tail)) = at.and_then(|at| word.split_at_checked(at)) else { return (word, "") };
    let letters = if is_numeric { tail.split('-').next().unwrap_or_default() } else { head };
    let letters = base::text::unaccented(letters);
    let is_type = TYPES.iter().any(|(name, _)| {
        // The last syllable may stand for all: `Thông tư80/2021`.
        let is_last = name.last() == Some(&letters.as_str());
        is_last && (!is_numeric || name.len() == 1)
    });
    let is_met =
        tail.starts_with(|c: char| if is_numeric { c.is_alphabetic() } else { is_digit(c) });
    let goes_on = !is_numeric || tail.contains('-');
    if is_type && is_met && goes_on { (head, tail) } else { (word, "") }
}

/// The text up to what a citation says after the number: its day and who issued it.
pub(crate) fn head(text: &str) -> &str {
    let words = syllables(text);
    let end = words.iter().skip(1).find(|word| AFTER.contains(&word.folded.as_str()));
    end.and_then(|word| text.get(..word.start)).unwrap_or(text)
}

/// `45 / KH - UBND` as it should be written, so that it is one word.
fn close(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let is_open = closed.ends_with(['/', '-', '–']) || word.starts_with(['/', '-', '–']);
        let is_number = closed.rsplit(' ').next().unwrap_or_default().starts_with(is_digit);
        if !(closed.is_empty() || is_open && is_number) {
            closed.push(' ');
        }
        closed.push_str(word);
    }
    closed
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn numbered(number: &Number) -> Citation {
    let spelling = number.to_string();
    let parts = spelling.split(['/', '-']).skip(1 + usize::from(number.year().is_some()));
    let parts: Vec<String> = parts.map(base::text::unaccented).collect();
    let is_whole = number.year().is_some() || parts.len() > 1;
    // Abbreviations have no vowels: `QĐ`, `KH`; words like those of `5/khu-a` do.
    let is_short = |part: &String| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && !part.contains(['a', 'e', 'i', 'o', 'u'])
    };
    let is_sure = is_whole && spelling.contains('/') && parts.iter().any(is_short);
    let symbol = number.symbol_key();
    Citation {
        key: is_whole.then(|| number.key()),
        spelling: is_sure.then_some(spelling),
        serial: number.serial().to_owned(),
        year: number.year().map(|year| Year::Inside(year.to_string())),
        symbol: if is_whole { Symbol::Whole(symbol) } else { Symbol::Begins(vec![symbol]) },
    }
}

/// A number and a year and nothing else: `63/2010`.
fn alone(text: &str) -> Option<Citation> {
    if !text.trim_start().starts_with(is_digit) || is_year(text.split(['/', '-']).next()?.trim()) {
        return None;
    }
    let number = Number::parse(text).filter(|number| !number.has_symbol())?;
    Some(Citation {
        key: None,
        spelling: None,
        serial: number.serial().to_owned(),
        year: Some(Year::Inside(number.year()?.to_string())),
        symbol: Symbol::Begins(Vec::new()),
    })
}

/// A type and a number without a symbol, when they are most of what was asked.
fn bare(text: &str) -> Option<Citation> {
    let words = syllables(text);
    let at = |place: usize| words.get(place).map(|word| word.folded.as_str());
    (0..words.len()).find_map(|start| {
        let (name, symbols) = TYPES.iter().find(|(name, _)| {
            (0..).zip(*name).all(|(place, part)| at(start + place) == Some(part))
        })?;
        let is_said = at(start + name.len()) == Some("so");
        let place = start + name.len() + usize::from(is_said);
        let (serial, year, end) = serial(text, &words, place)?;
        let next = at(end);
        let goes_on = next.is_some_and(|it| AFTER.contains(&it));
        let covered = if goes_on { words.len() } else { end } - start;
        let is_number = (is_said || next.is_none() || goes_on) && covered * 2 >= words.len();
        is_number.then(|| Citation {
            key: None,
            spelling: None,
            serial,
            year,
            symbol: Symbol::Begins(symbols.iter().map(|it| (*it).to_owned()).collect()),
        })
    })
}

/// The serial number and year at a place of `words`, and the place after them; `None` for what
/// is a day, a quantity or no number.
fn serial(text: &str, words: &[Syllable], at: usize) -> Option<(String, Option<Year>, usize)> {
    let word = words.get(at)?;
    let letters = word.folded.trim_start_matches(is_digit);
    if letters.len() > 1 || letters == word.folded || word.folded.len() > 6 {
        return None;
    }
    let glued = |place: usize| {
        let (before, word) = (words.get(place.checked_sub(1)?)?, words.get(place)?);
        text.get(before.end..word.start)
            .filter(|it| matches!(*it, "/" | "-" | "." | ","))
            .map(|_| word.folded.as_str())
    };
    // `kế hoạch 2026-2030` is about years.
    let is_years = word.folded.len() == 4 && word.folded.starts_with(['1', '2']);
    let (year, end) = match glued(at + 1) {
        Some(year) if !is_year(year) => return None,
        Some(year) => (Some(Year::Inside(year.to_owned())), at + 2),
        None => match said_year(words.get(at + 1..).unwrap_or_default()) {
            Some(year) => (Some(Year::Said(year)), at + 3),
            None => (None, at + 1),
        },
    };
    (glued(end).is_none() && !is_years).then(|| (word.folded.clone(), year, end))
}

/// The year in `năm 2020`.
fn said_year(words: &[Syllable]) -> Option<String> {
    let [word, year, ..] = words else { return None };
    (word.folded == "nam" && is_year(&year.folded)).then(|| year.folded.clone())
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.chars().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, key: &str, fits: bool) {
        let cited = read(text);
        assert_eq!(cited.iter().any(|it| it.fits(key)), fits, "{text}: {cited:?}");
    }

    #[test]
    fn a_number_is_seen_in_the_middle_of_a_citation() {
        let plan = "45||khubnd";
        check("45/KH-UBND ngày 20/10/2026", plan, true);
        check("Kế hoạch số 45/KH-UBND, ngày 20 tháng 10 năm 2026", plan, true);
        check("45 / KH - UBND của UBND tỉnh", plan, true);
        check("45/KH", plan, true);
        check("45/KH-UBND", "45||khubndvx", false);
        check("02/QĐ-UBND", "2|2026|qdubnd", true);
        check("02/2025/QĐ-UBND", "2|2026|qdubnd", false);
    }

    #[test]
    fn a_type_and_a_number_name_a_document() {
        let decision = "1|2026|qdubnd";
        for text in ["QĐ số 01", "quyết định 1", "Quyết định số 01 ngày 20/1/2026", "qd 01/2026"]
        {
            check(text, decision, true);
        }
        check("văn bản số 1", decision, true);
        check("kế hoạch số 1", decision, false);
        for text in [
            "kế hoạch 5 năm",
            "báo cáo 6 tháng đầu năm",
            "kế hoạch 20/10/2026",
            "kế hoạch 2026-2030",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
        assert_eq!(read("hướng dẫn thi hành quyết định số 01 về đất đai và nhà ở"), []);
    }

    #[test]
    fn a_year_may_be_said_after_the_number() {
        for text in ["nghị định 116 năm 2020", "ND so 116 nam 2020 của Chính phủ"] {
            check(text, "116|2020|ndcp", true);
            check(text, "116|2021|ndcp", false);
            check(text, "116|2020|ttbtc", false);
        }
        check("quyết định 519 năm 2026", "519||qdubnd", true);
        check("116/2020", "116|2020|ndcp", true);
        check("116/2020", "116||ndcp", false);
        assert_eq!(read("kế hoạch 5 năm 2026 đến 2030"), []);
        for text in ["20/10", "2026-2030", "10/2026 của xã"] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn what_is_glued_is_parted() {
        for (glued, parts) in [
            ("NĐ63/2010", "NĐ 63/2010"),
            ("TT80/2021/TT-BTC", "TT 80/2021/TT-BTC"),
            ("Thông tư80/2021", "Thông tư 80/2021"),
            ("63nd-cp", "63/nd-cp"),
            ("38/2019/qh 14", "38/2019/qh14"),
            ("１１６/2020", "116/2020"),
        ] {
            assert_eq!(parted(glued), parts);
        }
        for text in ["QH14", "16-18h", "BTC2", "covid19", "3d-x", "khu a2 về đất", "12a/QĐ-UBND"]
        {
            assert_eq!(parted(text), text);
        }
    }

    #[test]
    fn only_what_nobody_can_doubt_is_told_to_be_missing() {
        let told = |text: &str| read(text).into_iter().filter_map(|it| it.spelling).next();
        assert_eq!(told("519/qd-ubnd").as_deref(), Some("519/QĐ-UBND"));
        assert_eq!(told("xem 15/2023/QH15").as_deref(), Some("15/2023/QH15"));
        for text in ["5/khu-a", "200.000đ/người-tháng", "16-18h", "519/QĐ", "01/7/2026", "QĐ số 1"]
        {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn a_citation_ends_before_its_day_and_issuer() {
        assert_eq!(head("519 qđ ubnd ngày 20/10"), "519 qđ ubnd ");
        assert_eq!(head("ngày hội"), "ngày hội");
    }
}
