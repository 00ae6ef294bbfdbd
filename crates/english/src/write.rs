//! How things are written in English: `20 November 2026`, `1,234.5`, `VND 1.5 billion`.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::terms::Terms;

/// How Vietnamese names are written on the English pages of a site. Their order stays: family
/// name first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// With their diacritics: `Trà Sơn`.
    #[default]
    Accented,
    /// Without: `Tra Son`.
    Plain,
}

impl Names {
    /// Its spelling in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accented => "accented",
            Self::Plain => "plain",
        }
    }

    /// The setting spelled `text`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accented, Self::Plain].into_iter().find(|names| names.as_str() == text)
    }

    /// A name, or an English text with names in it, as the site writes it.
    pub fn write(self, text: &str) -> String {
        match self {
            Self::Accented => text.nfc().collect(),
            Self::Plain => plain(text),
        }
    }
}

/// Without diacritics, capitals kept: `Đồng Tháp` becomes `Dong Thap`.
pub fn plain(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c));
    let letters = letters.map(|c| match c {
        'đ' => 'd',
        'Đ' => 'D',
        c => c,
    });
    letters.nfc().collect()
}

/// The name of a person: single spaces, capitals at the beginning of each part, order kept.
/// `NGUYỄN VĂN AN` becomes `Nguyễn Văn An`.
pub fn person(name: &str, names: Names) -> String {
    let name = base::text::line(name);
    let shouted = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    names.write(&if shouted { capitalised(&name) } else { name })
}

/// Every word with one capital: `TRÀ SƠN` becomes `Trà Sơn`.
pub fn capitalised(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match inside {
            true => out.extend(c.to_lowercase()),
            false => out.extend(c.to_uppercase()),
        }
        inside = c.is_alphanumeric() || is_combining_mark(c);
    }
    out
}

/// `20 November 2026`.
pub fn date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// `November 2026`.
pub fn month(date: NaiveDate) -> String {
    date.format("%B %Y").to_string()
}

/// `8:30 a.m.`, `12 noon`, `2 p.m.`.
pub fn time(time: NaiveTime) -> String {
    let (afternoon, hour) = time.hour12();
    let half = if afternoon { "p.m." } else { "a.m." };
    match (time.hour(), time.minute()) {
        (12, 0) => "12 noon".to_owned(),
        (_, 0) => format!("{hour} {half}"),
        (_, minute) => format!("{hour}:{minute:02} {half}"),
    }
}

/// `20 November 2026, 8:30 a.m.` on a Vietnamese clock.
pub fn minute(utc: NaiveDateTime) -> String {
    let local = base::time::local(utc);
    format!("{}, {}", date(local.date()), time(local.time()))
}

/// `1,234,567`.
pub fn number(number: i64) -> String {
    grouped(&number.to_string())
}

/// A number as Vietnamese writes it, in English: `1.234,5` becomes `1,234.5`, `12,5%` becomes
/// `12.5%`. `None` when it is no such number.
pub fn number_text(text: &str) -> Option<String> {
    let (text, percent) = match text.trim().strip_suffix('%') {
        Some(text) => (text.trim_end(), "%"),
        None => (text.trim(), ""),
    };
    let (sign, text) = match text.strip_prefix(['-', '−']) {
        Some(text) => ("-", text),
        None => ("", text),
    };
    crate::checks::vietnamese_number(text)
        .map(|value| format!("{sign}{}{percent}", grouped(&value)))
}

/// Commas between thousands of plain digits, which may have a decimal point.
fn grouped(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let (whole, rest) = match digits.find('.') {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// An amount in đồng: `VND 1,500,000`.
pub fn money(amount: i64) -> String {
    format!("VND {}", number(amount))
}

/// Words of amounts and what English says for them.
const AMOUNTS: [(&str, &str); 6] = [
    ("tỷ", "billion"),
    ("tỉ", "billion"),
    ("triệu", "million"),
    ("nghìn", "thousand"),
    ("ngàn", "thousand"),
    ("", ""),
];

/// An amount as Vietnamese writes it: `1,5 tỷ đồng` becomes `VND 1.5 billion`, `500.000đ` becomes
/// `VND 500,000`. `None` when it is no amount in đồng.
pub fn money_text(text: &str) -> Option<String> {
    let text = base::text::line(text).to_lowercase();
    let endings = ["đồng", "vnđ", "vnd", "đ"];
    let amount = endings.iter().find_map(|ending| text.strip_suffix(ending))?.trim_end();
    AMOUNTS.iter().find_map(|(vi, en)| {
        let number = number_text(amount.strip_suffix(vi)?)?;
        Some(format!("VND {number} {en}").trim_end().to_owned())
    })
}

/// A telephone number as it is dialled from abroad: `0205 3812 345` becomes `+84 205 3812 345`.
///
/// Several, and extensions (`máy lẻ 12`), are kept; so are short numbers, which are dialled in
/// Viet Nam alone: `1900 1234`, `1022`.
pub fn phone(text: &str) -> String {
    let text = base::text::line(text);
    let numbers = text.split([';', '/', ',']).flat_map(|part| part.split(" - "));
    let numbers: Vec<String> = numbers.map(one_phone).filter(|it| !it.is_empty()).collect();
    numbers.join("; ")
}

fn one_phone(text: &str) -> String {
    let small = text.to_lowercase();
    let extension = ["máy lẻ", "máy nhánh", "số máy lẻ", "ext.", "ext"].iter().find_map(|word| {
        let at = small.find(word)?;
        Some((at, small.get(at + word.len()..)?.trim_matches([' ', ':', '.', ')']).to_owned()))
    });
    let (number, extension) = match &extension {
        Some((at, extension)) => (text.get(..*at).unwrap_or(text), format!(", ext. {extension}")),
        None => (text, String::new()),
    };
    let number = number.trim_matches([' ', '(', ',', ':']);
    let groups = number.split(|c: char| !c.is_ascii_digit() && c != '+');
    let groups = groups.filter(|group| !group.is_empty()).collect::<Vec<_>>().join(" ");
    let dialled = match (groups.strip_prefix("+84"), groups.strip_prefix('0')) {
        (Some(rest), _) => {
            format!("+84 {}", rest.trim_start().trim_start_matches('0').trim_start())
        }
        (None, Some(rest)) => format!("+84 {}", rest.trim_start()),
        (None, None) => groups,
    };
    dialled + &extension
}

/// An address, part by part in the same order, with the kinds of units and streets in English.
///
/// `Số 12 đường Trần Phú, phường Chợ Phủ` becomes `12 Trần Phú Street, Chợ Phủ Ward`. Parts that
/// the term base does not know stay as they are. A line break ends a part as a comma does.
pub fn address(terms: &Terms, text: &str, names: Names) -> String {
    let text = base::text::block(text);
    let parts = text.split([',', '\n', ';']).flat_map(|part| part.split(" - "));
    let parts = parts.map(|part| base::text::line(part.trim_end_matches('.')));
    let parts = parts
        .filter(|part| !part.is_empty())
        .map(|part| terms.translate(&part, names).unwrap_or_else(|| names.write(&part)));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(&str, &str)], write: impl Fn(&str) -> String) {
        for (vi, en) in pairs {
            assert_eq!(write(vi), *en, "{vi}");
        }
    }

    #[test]
    fn days_and_hours_are_english() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 5).unwrap();
        let at = |hour, minute| time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap());

        assert_eq!(date(day), "5 November 2026");
        assert_eq!(month(day), "November 2026");
        assert_eq!(
            [at(8, 30), at(14, 0), at(12, 0), at(0, 5), at(12, 1)],
            ["8:30 a.m.", "2 p.m.", "12 noon", "12:05 a.m.", "12:01 p.m."]
        );
        assert_eq!(minute(day.and_hms_opt(20, 0, 0).unwrap()), "6 November 2026, 3 a.m.");
    }

    #[test]
    fn numbers_and_money_change_their_marks() {
        let numbers = [
            ("1.234,5", "1,234.5"),
            ("1.234.567", "1,234,567"),
            ("12,5%", "12.5%"),
            ("12 %", "12%"),
            ("2026", "2,026"),
            ("0,75", "0.75"),
            ("-3,2", "-3.2"),
            ("1.23", "-"),
            ("1,5,3", "-"),
            ("", "-"),
            ("ba", "-"),
        ];
        check(&numbers, |vi| number_text(vi).unwrap_or("-".into()));
        let amounts = [
            ("1,5 tỷ đồng", "VND 1.5 billion"),
            ("500.000đ", "VND 500,000"),
            ("200 triệu đồng", "VND 200 million"),
            ("3.200 tỉ VNĐ", "VND 3,200 billion"),
            ("50 nghìn đồng", "VND 50 thousand"),
            ("năm đồng", "-"),
            ("15 USD", "-"),
        ];
        check(&amounts, |vi| money_text(vi).unwrap_or("-".into()));
        assert_eq!(
            [number(-1_234_567), number(999), money(1_500_000)],
            ["-1,234,567", "999", "VND 1,500,000"]
        );
        assert_eq!(number(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn telephones_are_dialled_from_abroad() {
        let phones = [
            ("0205 3812 345", "+84 205 3812 345"),
            ("(0205) 3.812.345", "+84 205 3 812 345"),
            ("+84 205 3812 345", "+84 205 3812 345"),
            ("+84 (0)205 3812 345", "+84 205 3812 345"),
            ("0912345678", "+84 912345678"),
            ("1900 1234", "1900 1234"),
            ("1022", "1022"),
            ("0205 3812 345 / 0912 345 678", "+84 205 3812 345; +84 912 345 678"),
            ("0205 3812 345 (máy lẻ 12)", "+84 205 3812 345, ext. 12"),
            ("", ""),
        ];
        check(&phones, phone);
    }

    #[test]
    fn names_keep_their_order() {
        assert_eq!(person(" NGUYỄN  VĂN ĐÀ ", Names::Accented), "Nguyễn Văn Đà");
        assert_eq!(person("Nguyễn Văn Đà", Names::Plain), "Nguyen Van Da");
        assert_eq!(person("H'Hen Niê", Names::Accented), "H'Hen Niê");
        let decomposed: String = "Trà Sơn".nfd().collect();
        assert_eq!(Names::Accented.write(&decomposed), "Trà Sơn");
        assert_eq!(Names::parse("plain"), Some(Names::Plain));
        assert_eq!(Names::parse("none"), None);
    }

    #[test]
    fn addresses_are_written_part_by_part() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/english/terms.toml");
        let terms = Terms::load(std::path::Path::new(file)).unwrap();
        let addresses = [
            (
                "Số 12 đường Trần Phú, phường Chợ Phủ, tỉnh Lạc Việt",
                "12 Trần Phú Street, Chợ Phủ Ward, Lạc Việt Province",
            ),
            (
                "12 Trần Phú, Tổ dân phố 5, phường 3\nthành phố Hồ Chí Minh.",
                "12 Trần Phú, Residential Group 5, Ward 3, Hồ Chí Minh City",
            ),
            ("Thôn Bản Mới - xã Trà Sơn", "Bản Mới Village, Trà Sơn Commune"),
            ("Km 5, Quốc lộ 4A", "Km 5, National Highway 4A"),
            (" , ", ""),
        ];
        check(&addresses, |vi| address(&terms, vi, Names::Accented));
    }
}
