//! The limits of the law and the first calendars, described by data in `config/clocks` and
//! `config/calendars`. No code names a law.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, de::DeserializeOwned};

use crate::model::{Bound, Calendar, Day, DayKind, Extension, Limit, Span, Status, Unit, Yearly};

/// No period of the law is longer, in hours or days; a mistyped number stops the start.
const LONGEST: u32 = 3660;

/// Everything `config/clocks` and `config/calendars` say.
#[derive(Clone, Debug)]
pub struct Catalog {
    limits: Vec<Limit>,
    years: BTreeMap<i32, Vec<Day>>,
}

/// A file of `config/clocks`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitFile {
    limit: Vec<LimitEntry>,
}

/// A limit as the file spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitEntry {
    code: String,
    stage: String,
    bound: Bound,
    amount: Option<u32>,
    unit: Option<Unit>,
    /// `25-11`.
    date: Option<String>,
    extension: Option<Extension>,
    source: String,
    source_en: String,
    status: Status,
}

/// A file of `config/calendars`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    day: Vec<DayEntry>,
}

/// A day as the file spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayEntry {
    day: NaiveDate,
    kind: DayKind,
    name: String,
    name_en: String,
}

impl Catalog {
    /// Reads the folders `clocks` and `calendars` of `dir`. What is wrong in a file stops the
    /// start and names the file.
    pub fn load(dir: &Path) -> Result<Self> {
        let mut limits: Vec<Limit> = Vec::new();
        for (name, file) in read::<LimitFile>(&dir.join("clocks"))? {
            for entry in file.limit {
                let what = format!("{name}: {} {}", entry.code, entry.stage);
                let limit = entry.check().with_context(|| what.clone())?;
                let twice = limits.iter().any(|it| it.is(&limit.code, &limit.stage));
                ensure!(!twice, "{what} is there twice");
                limits.push(limit);
            }
        }
        limits.sort_by(|a, b| a.code.cmp(&b.code));
        let mut years = BTreeMap::new();
        for (name, file) in read::<YearFile>(&dir.join("calendars"))? {
            let days = check_year(&file).with_context(|| name.clone())?;
            ensure!(years.insert(file.year, days).is_none(), "{name}: a second {}", file.year);
        }
        Ok(Self { limits, years })
    }

    /// The limit for a stage of a row of section 13.10: `("DL-06", "supply")`.
    pub fn limit(&self, code: &str, stage: &str) -> Option<&Limit> {
        self.limits.iter().find(|it| it.is(code, stage))
    }

    /// Every limit, by code.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// The calendar of an installation that has not changed anything.
    pub fn calendar(&self) -> Calendar {
        let mut calendar = Calendar::new();
        for (year, days) in &self.years {
            calendar.set_year(*year, days.iter().cloned());
        }
        calendar
    }

    /// The years that come with the program, in order.
    pub fn years(&self) -> impl Iterator<Item = (i32, &[Day])> {
        self.years.iter().map(|(year, days)| (*year, days.as_slice()))
    }
}

impl Limit {
    fn is(&self, code: &str, stage: &str) -> bool {
        self.code == code && self.stage == stage
    }
}

impl LimitEntry {
    fn check(self) -> Result<Limit> {
        let number = self.code.strip_prefix("DL-").filter(|it| it.len() == 2);
        ensure!(number.is_some_and(|it| it.parse::<u32>().is_ok()), "a code is DL- and two digits");
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        ensure!(
            self.stage.chars().all(plain) && !self.stage.is_empty(),
            "a stage is small letters"
        );
        // The word beside it names the event.
        ensure!(self.stage != "start", "no stage is called start");
        ensure!(!self.source.trim().is_empty(), "no source");
        ensure!(!self.source_en.trim().is_empty(), "no source in English");
        let (span, yearly) = match (self.bound, self.amount, self.unit, &self.date) {
            (Bound::Yearly, None, None, Some(date)) => {
                (Span { amount: 1, unit: Unit::Day }, Some(day_of_year(date)?))
            }
            (Bound::Yearly, ..) => bail!("a yearly limit has a date, no amount and no unit"),
            (_, Some(amount), Some(unit), None) => (Span { amount, unit }, None),
            _ => bail!("a limit has an amount and a unit, and a date only where it is yearly"),
        };
        ensure!((1..=LONGEST).contains(&span.amount), "an amount is 1 to {LONGEST}");
        if let Some(more) = &self.extension {
            ensure!(matches!(self.bound, Bound::AtMost | Bound::AtLeast), "nothing to extend");
            ensure!((1..=LONGEST).contains(&more.amount) && more.times > 0, "an empty extension");
            let hours = [span.unit, more.unit].map(|unit| unit == Unit::Hour);
            ensure!(hours[0] == hours[1], "hours are extended by hours, days by days");
        }
        Ok(Limit {
            code: self.code,
            stage: self.stage,
            bound: self.bound,
            span,
            yearly,
            extension: self.extension,
            source: self.source,
            status: self.status,
        })
    }
}

/// Reads `25-11`. 29 February is refused: not every year has it.
fn day_of_year(text: &str) -> Result<Yearly> {
    let (day, month) = text.split_once('-').context("a date is DD-MM")?;
    let (day, month) = (day.parse()?, month.parse()?);
    ensure!(NaiveDate::from_ymd_opt(2027, month, day).is_some(), "no such day in every year");
    Ok(Yearly { day, month })
}

fn check_year(file: &YearFile) -> Result<Vec<Day>> {
    let day = |it: &DayEntry| Day { day: it.day, kind: it.kind, name: it.name.clone() };
    let mut days: Vec<Day> = file.day.iter().map(day).collect();
    days.sort_by_key(|it| it.day);
    for day in &file.day {
        ensure!(day.day.year() == file.year, "{} is not in {}", day.day, file.year);
        let named = [&day.name, &day.name_en].iter().all(|name| !name.trim().is_empty());
        ensure!(named, "{} has no name", day.day);
        let weekend = crate::model::calendar::is_weekend(day.day);
        ensure!(weekend || day.kind == DayKind::Holiday, "{} is worked anyway", day.day);
    }
    let twice =
        days.windows(2).find(|pair| pair.first().map(|it| it.day) == pair.last().map(|it| it.day));
    ensure!(twice.is_none(), "a day is there twice: {twice:?}");
    Ok(days)
}

/// Every `*.toml` of a folder, with its name, in the order of names.
fn read<T: DeserializeOwned>(dir: &Path) -> Result<Vec<(String, T)>> {
    let entries = fs::read_dir(dir).with_context(|| format!("no folder {}", dir.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "toml"));
    paths.sort();
    let files = paths.into_iter().map(|path| {
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).with_context(|| name.clone())?;
        let file = toml::from_str(&text).with_context(|| name.clone())?;
        Ok((name, file))
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config")).unwrap()
    }

    #[test]
    fn the_whole_table_of_deadlines_is_there() {
        let catalog = ours();
        let mut codes: Vec<&str> = catalog.limits().iter().map(|it| it.code.as_str()).collect();
        codes.dedup();
        let all: Vec<String> = (1..=32).map(|number| format!("DL-{number:02}")).collect();
        assert_eq!(codes, all);
        let access = catalog.limit("DL-06", "supply").unwrap();
        assert_eq!(access.span, Span { amount: 15, unit: Unit::WorkingDay });
        assert_eq!(access.extension, Some(Extension { amount: 15, unit: Unit::Day, times: 1 }));
        assert_eq!(
            catalog.limit("DL-31", "report").unwrap().yearly,
            Some(Yearly { day: 25, month: 11 })
        );
        assert_eq!(catalog.limit("DL-28", "delete_third_party").unwrap().span.amount, 30);
        assert!(catalog.limit("DL-06", "never").is_none());
    }

    #[test]
    fn the_holidays_of_three_years_are_known() {
        let calendar = ours().calendar();
        assert_eq!(calendar.years().collect::<Vec<_>>(), [2025, 2026, 2027]);
        let free = |day: &str| !calendar.is_working(day.parse().unwrap());
        // Eleven days off until 2025, a twelfth since Resolution 28/2026/QH16.
        assert!(free("2025-09-02") && !free("2025-11-24") && free("2026-11-24"));
        assert!(free("2026-01-02") && !free("2026-01-10") && !free("2026-08-22"));
        // Tết 2027: 4 to 10 February.
        assert!(!free("2027-02-03") && free("2027-02-04") && free("2027-02-10"));
        assert!(!free("2027-02-11"));
    }

    #[track_caller]
    fn refused(text: &str, why: &str) {
        let limit = toml::from_str::<LimitFile>(text).map_err(anyhow::Error::from);
        let checked = limit.and_then(|file| {
            file.limit.into_iter().map(LimitEntry::check).collect::<Result<Vec<_>>>()
        });
        let err = format!("{:#}", checked.unwrap_err());
        assert!(err.contains(why), "{why:?} is not in {err}");
    }

    #[test]
    fn a_mistyped_limit_is_refused() {
        let with = |more: &str| {
            let head = "[[limit]]\ncode = \"DL-01\"\nstage = \"publish\"\nsource = \"x\"\n\
                        source_en = \"x\"\n";
            format!("{head}status = \"verified\"\n{more}")
        };
        let fine = "bound = \"at_most\"\namount = 5\nunit = \"day\"\n";
        refused(&with(&format!("{fine}remark = \"x\"")), "remark");
        refused(&with("bound = \"at_most\"\namount = 0\nunit = \"day\""), "amount");
        refused(&with("bound = \"at_most\"\namount = 5\nunit = \"week\""), "week");
        refused(&with("bound = \"at_most\"\namount = 5"), "unit");
        refused(&with("bound = \"yearly\"\ndate = \"29-02\""), "every year");
        let more = "extension = { amount = 5, unit = \"hour\", times = 1 }";
        refused(&with(&format!("{fine}{more}")), "hours");
        refused(&with(fine).replace("DL-01", "FB-1"), "DL-");
    }
}
