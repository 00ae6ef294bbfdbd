//! Dates as they stand in registers.

use base::text::unaccented;
use chrono::{Days, NaiveDate};

/// Day 0 of spreadsheets.
const ZERO: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);

/// Days that spreadsheets count, from 1927 to 2200. Smaller numbers are years, or no dates.
const SERIALS: std::ops::Range<u64> = 10_000..109_939;

/// Years a document can be of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Reads `20/11/2026`, `20-11-2026`, `20.11.2026`, `2026-11-20`, with or without a time, "ngày
/// 20 tháng 11 năm 2026" and the serial numbers of spreadsheets. The day comes first: 11/20/2026
/// is no date, and years have four digits.
pub(crate) fn parse(text: &str) -> Option<NaiveDate> {
    let date = written(text).or_else(|| serial(text))?;
    YEARS.contains(&chrono::Datelike::year(&date)).then_some(date)
}

fn written(text: &str) -> Option<NaiveDate> {
    let plain = unaccented(text);
    let words: Vec<&str> = plain.split_whitespace().collect();
    if let ["ngay", day, "thang", month, "nam", year] = words.as_slice() {
        return date(year, month, day);
    }
    let first = words.first()?.split('t').next()?;
    let parts: Vec<&str> = first.split(['/', '-', '.']).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => date(year, month, day),
        [day, month, year] => date(year, month, day),
        _ => None,
    }
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let is_short = |part: &str| part.len() <= 2;
    if year.len() != 4 || !is_short(month) || !is_short(day) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn serial(text: &str) -> Option<NaiveDate> {
    let (days, time) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let is_number = time.chars().all(|c| c.is_ascii_digit());
    let days = days.parse().ok().filter(|days| SERIALS.contains(days) && is_number)?;
    ZERO?.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, date: &str) {
        assert_eq!(parse(text).map(|date| date.to_string()).unwrap_or_default(), date, "{text}");
    }

    #[test]
    fn dates_are_read_as_offices_write_them() {
        check("20/11/2026", "2026-11-20");
        check("5/3/2026", "2026-03-05");
        check("05-03-2026", "2026-03-05");
        check("5.3.2026", "2026-03-05");
        check("2026-03-05", "2026-03-05");
        check("2026-03-05T00:00:00", "2026-03-05");
        check("20/11/2026 08:30", "2026-11-20");
        check("ngày 05 tháng 3 năm 2026", "2026-03-05");
        check("46346", "2026-11-20");
        check("46346.5", "2026-11-20");
    }

    #[test]
    fn what_is_doubtful_is_no_date() {
        for text in [
            "",
            "11/20/2026",
            "31/02/2026",
            "5/3/26",
            "2026",
            "11/2026",
            "hôm qua",
            "20/11/0026",
            "3.5",
        ] {
            check(text, "");
        }
    }
}
