//! Instants are UTC everywhere inside; people read Viet Nam time, +07:00.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime};

const HOURS: i32 = 7;

const OFFSET: FixedOffset = FixedOffset::east_opt(HOURS * 3600).expect("less than a day");

/// `utc` on a Vietnamese clock.
pub fn local(utc: NaiveDateTime) -> NaiveDateTime {
    utc + OFFSET
}

/// The instant at which a Vietnamese clock shows `local`.
pub fn utc(local: NaiveDateTime) -> NaiveDateTime {
    local - OFFSET
}

/// `20/11/2026`.
pub fn day(utc: NaiveDateTime) -> String {
    date(local(utc).date())
}

/// `20/11/2026 08:30`.
pub fn minute(utc: NaiveDateTime) -> String {
    local(utc).format("%d/%m/%Y %H:%M").to_string()
}

/// `20/11/2026`, for a calendar day.
pub fn date(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// Reads `20/11/2026`, also with hyphens or points, and `2026-11-20`. A year has four digits at least:
/// who writes `26` may mean any century.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let forms = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"];
    let read = |form: &&str| NaiveDate::parse_from_str(text, form).ok();
    forms.iter().find_map(read).filter(|day| day.year() >= 1000)
}

/// `2026-11-20T08:30:00+07:00`, as feeds and metadata want it.
pub fn rfc3339(utc: NaiveDateTime) -> String {
    zoned(utc).to_rfc3339()
}

/// `Fri, 20 Nov 2026 08:30:00 +0700`, as RSS wants it.
pub fn rfc2822(utc: NaiveDateTime) -> String {
    zoned(utc).to_rfc2822()
}

fn zoned(utc: NaiveDateTime) -> DateTime<FixedOffset> {
    DateTime::from_naive_utc_and_offset(utc, OFFSET)
}
