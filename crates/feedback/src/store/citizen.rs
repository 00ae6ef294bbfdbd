//! What the holder of a tracking code can do.

use base::{Error, Result, SiteId};
use chrono::Datelike;
use db::{
    Conn,
    events::Actor,
    schema::{case_ratings, cases},
};
use diesel::prelude::*;

use super::{Case, Desk, by_code, messages, note, terms, work};
use crate::model::state;

/// Counts how content somebody was: 1 to 5. The case keeps that the right is used up, the figures
/// keep the score, and nothing leads from one to the other (ND224-10.3.b).
pub fn rate(conn: &mut Conn, actor: Actor, code: &[u8], score: i32) -> Result<()> {
    let case = by_code(conn, actor.site, code)?;
    if !(1..=5).contains(&score) {
        return Err(Error::field("score", "case.score"));
    }
    if case.answered_at.is_none() || case.restricted {
        return Err(Error::conflict("case.not_now"));
    }
    let free = cases::table
        .filter(cases::id.eq(case.id).and(cases::site_id.eq(case.site_id)))
        .filter(cases::rated.eq(false));
    // Neither the version nor the time of the last change moves: they would tell when.
    if diesel::update(free).set(cases::rated.eq(true)).execute(conn)? == 0 {
        return Err(Error::conflict("case.rated"));
    }
    let day = base::time::local(actor.now).date();
    let first = (
        case_ratings::site_id.eq(case.site_id),
        case_ratings::type_key.eq(&case.type_key),
        case_ratings::year.eq(day.year()),
        case_ratings::month.eq(i32::try_from(day.month()).unwrap_or_default()),
        case_ratings::score.eq(score),
        case_ratings::times.eq(1),
    );
    let key = (
        case_ratings::site_id,
        case_ratings::type_key,
        case_ratings::year,
        case_ratings::month,
        case_ratings::score,
    );
    db::on_each!(conn, |conn| diesel::insert_into(case_ratings::table)
        .values(first)
        .on_conflict(key)
        .do_update()
        .set(case_ratings::times.eq(case_ratings::times + 1))
        .execute(conn))?;
    Ok(())
}

/// Takes a case up again, with what the citizen still wants to know.
pub fn reopen(conn: &mut Conn, desk: &Desk<'_>, code: &[u8], why: &str) -> Result<Case> {
    let actor = desk.actor;
    let case = by_code(conn, actor.site, code)?;
    let in_time =
        case.reopen_until.is_some_and(|until| actor.now <= until) && case.merged_into.is_none();
    // Wherever it was read, it is taken up where it is held.
    let there = Desk { who: state::Actor::Citizen { in_time }, ..desk.at(case.site_id) };
    work::reopen(conn, &there, (case.id, case.lock), (messages::Kind::Citizen, why))
}

/// Adds what the office waits for to a case that stands still, which goes on by that.
pub fn supplement(conn: &mut Conn, desk: &Desk<'_>, code: &[u8], text: &str) -> Result<Case> {
    let actor = desk.actor;
    let case = by_code(conn, actor.site, code)?;
    let there = desk.at(case.site_id);
    if terms::resume_all(conn, &there, &case)? == 0 {
        return Err(Error::conflict("case.not_now"));
    }
    messages::write(conn, there.actor, (case.id, messages::Kind::Citizen), text)?;
    note(conn, there.actor, (case.id, case.number_text()), "case_supplemented")?;
    Ok(case)
}

/// The sum of the ratings of a site since a month: score and how often.
pub fn ratings(
    conn: &mut Conn,
    site: SiteId,
    since: (i32, i32),
) -> Result<Vec<(String, i32, i64)>> {
    let (year, month) = since;
    let later = case_ratings::year
        .gt(year)
        .or(case_ratings::year.eq(year).and(case_ratings::month.ge(month)));
    let rows: Vec<(String, i32, i32)> = case_ratings::table
        .filter(case_ratings::site_id.eq(site))
        .filter(later)
        .select((case_ratings::type_key, case_ratings::score, case_ratings::times))
        .load(conn)?;
    Ok(rows.into_iter().map(|(kind, score, times)| (kind, score, i64::from(times))).collect())
}
