//! The figures of sites by type: how much came in this year, how fast it was answered, how
//! content people were.

use std::collections::BTreeMap;

use base::{Result, SiteId};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use db::Conn;

use crate::{
    office::Office,
    store::{
        citizen, clock,
        stats::{self, Figures},
    },
};

/// A line of the figures.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Whose.
    pub(crate) site: SiteId,
    /// Of which type.
    pub(crate) type_key: String,
    /// Numbers of cases.
    pub(crate) figures: Figures,
    /// Of those whose deadline is over or met: in time.
    pub(crate) on_time: i64,
    /// Too late, answered or not.
    pub(crate) late: i64,
    /// How often somebody said how content they were.
    pub(crate) ratings: i64,
    /// The average of what they said, 1 to 5, in tenths: 43 is 4.3.
    pub(crate) average: Option<i64>,
}

/// The year of `now` in Viet Nam.
pub(crate) fn year(now: NaiveDateTime) -> i32 {
    base::time::local(now).year()
}

/// The figures of this year, by site and type.
pub(crate) fn rows(
    conn: &mut Conn,
    office: &Office,
    sites: &[SiteId],
    now: NaiveDateTime,
) -> Result<Vec<Row>> {
    let year = year(now);
    let first =
        NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(Default::default());
    let period = (base::time::utc(first), now + chrono::TimeDelta::seconds(1));
    let all = stats::between(conn, sites, period)?;
    let punctual = clock::punctuality(conn, sites, period, now)?;
    let mut scores = BTreeMap::new();
    for site in sites {
        for (kind, score, times) in citizen::ratings(conn, *site, (year, 1))? {
            let sum: &mut (i64, i64) = scores.entry((*site, kind)).or_default();
            sum.0 += i64::from(score) * times;
            sum.1 += times;
        }
    }
    let known = |kind: &str| office.types.kind(kind).is_some();
    let row = |((site, type_key), figures): ((SiteId, String), Figures)| {
        let key = (site, type_key.clone());
        let (sum, ratings) = scores.get(&key).copied().unwrap_or_default();
        let (on_time, late) = punctual.get(&key).copied().unwrap_or_default();
        let average = (ratings > 0).then(|| sum * 10 / ratings.max(1));
        Row { site, type_key, figures, on_time, late, ratings, average }
    };
    Ok(all.into_iter().filter(|((_, kind), _)| known(kind)).map(row).collect())
}
