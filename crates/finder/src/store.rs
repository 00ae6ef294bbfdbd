//! The counts of searches in the database, and where the sites of results are.

use std::collections::HashMap;

use base::{Result, SiteId, SiteState};
use chrono::{NaiveDate, TimeDelta};
use db::{
    Conn, on_each,
    schema::{hosts, searches, searches_settled, sites},
};
use diesel::prelude::*;

use crate::tally::Count;

/// How long counts are kept.
const KEPT: TimeDelta = TimeDelta::days(400);

/// The most different queries that are counted for a site on one day: what comes after them is
/// a machine's.
const MOST_A_DAY: i64 = 5_000;

/// Adds what was counted to the rows of `day`.
pub fn write_down(
    conn: &mut Conn,
    day: NaiveDate,
    mut counts: Vec<(SiteId, String, Count)>,
) -> Result<()> {
    // In one order everywhere: two processes must not wait for each other.
    counts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    for of_site in counts.chunk_by(|a, b| a.0 == b.0) {
        let Some((site, ..)) = of_site.first() else { continue };
        let rows = searches::table.filter(searches::site_id.eq(*site).and(searches::day.eq(day)));
        let known: i64 = rows.count().get_result(conn)?;
        let mut room = MOST_A_DAY - known;
        for (_, query, count) in of_site {
            let row = searches::table.find((*site, day, query));
            let more = (
                searches::times.eq(searches::times + count.times),
                searches::opened.eq(searches::opened + count.opened),
            );
            match count.found {
                // What was opened belongs to a search that was counted before.
                None => {
                    diesel::update(row).set(more).execute(conn)?;
                }
                Some(found) if room > 0 => {
                    add(conn, (*site, day, query), found, *count)?;
                    room -= 1;
                }
                Some(found) => {
                    diesel::update(row).set((more, searches::found.eq(found))).execute(conn)?;
                }
            }
        }
    }
    Ok(())
}

/// Adds to a row, or begins it: another process may be beginning it too.
fn add(
    conn: &mut Conn,
    (site, day, query): (SiteId, NaiveDate, &str),
    found: i32,
    count: Count,
) -> Result<()> {
    let row = (
        searches::site_id.eq(site),
        searches::day.eq(day),
        searches::query.eq(query),
        searches::times.eq(count.times),
        searches::found.eq(found),
        searches::opened.eq(count.opened),
    );
    let more = (
        searches::times.eq(searches::times + count.times),
        searches::opened.eq(searches::opened + count.opened),
        searches::found.eq(found),
    );
    on_each!(conn, |conn| diesel::insert_into(searches::table)
        .values(row)
        .on_conflict((searches::site_id, searches::day, searches::query))
        .do_update()
        .set(more)
        .execute(conn))?;
    Ok(())
}

/// Drops counts that are too old to teach anything.
pub fn forget(conn: &mut Conn, today: NaiveDate) -> Result<usize> {
    let old = searches::table.filter(searches::day.lt(today - KEPT));
    Ok(diesel::delete(old).execute(conn)?)
}

/// A query and how it fared over some days.
#[derive(Clone, Debug)]
pub struct Line {
    /// What was typed.
    pub query: String,
    /// How often.
    pub times: i64,
    /// How many results it had the last time.
    pub found: i32,
    /// How many of them were opened.
    pub opened: i64,
    /// The last day.
    pub last: NaiveDate,
}

/// What was searched for on `site` since `from`, most often first. Settled queries that were not
/// typed again since are left out of what found nothing.
pub fn lines(conn: &mut Conn, site: SiteId, from: NaiveDate) -> Result<Vec<Line>> {
    let rows: Vec<(String, NaiveDate, i32, i32, i32)> = searches::table
        .filter(searches::site_id.eq(site).and(searches::day.ge(from)))
        .order((searches::day.desc(), searches::query))
        .limit(50_000)
        .select((
            searches::query,
            searches::day,
            searches::times,
            searches::found,
            searches::opened,
        ))
        .load(conn)?;
    let mut lines: HashMap<String, Line> = HashMap::new();
    for (query, day, times, found, opened) in rows {
        let line = lines.entry(query).or_insert_with_key(|query| Line {
            query: query.clone(),
            times: 0,
            found,
            opened: 0,
            last: day,
        });
        line.times += i64::from(times);
        line.opened += i64::from(opened);
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.query.cmp(&b.query)));
    Ok(lines)
}

/// The queries that an administrator of `site` has dealt with, and when.
pub fn settled(conn: &mut Conn, site: SiteId) -> Result<HashMap<String, NaiveDate>> {
    let rows: Vec<(String, NaiveDate)> = searches_settled::table
        .filter(searches_settled::site_id.eq(site))
        .select((searches_settled::query, searches_settled::day))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Marks `query` as dealt with today.
pub fn settle(conn: &mut Conn, site: SiteId, query: &str, today: NaiveDate) -> Result<()> {
    let row = searches_settled::table.find((site, query));
    if diesel::update(row).set(searches_settled::day.eq(today)).execute(conn)? == 0 {
        let new = (
            searches_settled::site_id.eq(site),
            searches_settled::query.eq(query),
            searches_settled::day.eq(today),
        );
        diesel::insert_into(searches_settled::table).values(new).execute(conn)?;
    }
    Ok(())
}

/// Where a site is found.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its unit: `Xã Trà Sơn`.
    pub name: String,
    /// Its host name.
    pub host: String,
}

/// Those of the sites called `ids` that are open and of the province `portal` stands for.
pub fn places(conn: &mut Conn, portal: SiteId, ids: &[SiteId]) -> Result<HashMap<SiteId, Place>> {
    let mut places = HashMap::new();
    // One query names some hundred keys, however large the province is.
    for chunk in ids.chunks(500) {
        let rows: Vec<(SiteId, String, String)> = sites::table
            .inner_join(hosts::table)
            .filter(sites::id.eq_any(chunk.to_vec()).and(hosts::canonical.eq(true)))
            .filter(sites::id.eq(portal).or(sites::portal_id.eq(portal)))
            .filter(sites::state.eq_any(SiteState::READABLE))
            .select((sites::id, sites::name, hosts::host))
            .load(conn)?;
        places.extend(rows.into_iter().map(|(id, name, host)| (id, Place { name, host })));
    }
    Ok(places)
}

/// The open site at `host`, if it is of the province `portal` stands for.
pub fn at_host(conn: &mut Conn, portal: SiteId, host: &str) -> Result<Option<SiteId>> {
    Ok(sites::table
        .inner_join(hosts::table)
        .filter(hosts::host.eq(host))
        .filter(sites::id.eq(portal).or(sites::portal_id.eq(portal)))
        .filter(sites::state.eq_any(SiteState::READABLE))
        .select(sites::id)
        .first(conn)
        .optional()?)
}
