//! Who, not being of the office, read what a citizen sent, and why (PDP-7.4).

use base::{Result, SiteId, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{case_readings, users},
};
use diesel::prelude::*;

use super::{Sight, by_id};
use crate::CaseId;

base::id!(
    /// Identifies a reading.
    ReadingId
);

/// How long one reason is good for.
const GOOD: TimeDelta = TimeDelta::minutes(60);

/// Writes down why somebody reads a case, in the log of the site that holds it as well.
pub fn note(conn: &mut Conn, actor: Actor, id: CaseId, reason: &str) -> Result<()> {
    let case = by_id(conn, actor.site, Sight::All, id)?;
    let user = actor.user.ok_or(base::Error::Forbidden)?;
    diesel::insert_into(case_readings::table)
        .values((
            case_readings::id.eq(ReadingId::new()),
            case_readings::case_id.eq(id),
            case_readings::site_id.eq(actor.site),
            case_readings::user_id.eq(user),
            case_readings::reason.eq(reason),
            case_readings::at.eq(actor.now),
        ))
        .execute(conn)?;
    let deed = Deed {
        action: "case_read",
        subject: Some(id.uuid()),
        target: case.number_text(),
        detail: reason.to_owned(),
        ..Deed::default()
    };
    record(conn, actor, deed)
}

/// Whether somebody has lately said why they read a case.
pub fn is_open(
    conn: &mut Conn,
    site: SiteId,
    (id, user): (CaseId, UserId),
    now: NaiveDateTime,
) -> Result<bool> {
    let told = case_readings::table
        .filter(case_readings::site_id.eq(site).and(case_readings::case_id.eq(id)))
        .filter(case_readings::user_id.eq(user).and(case_readings::at.gt(now - GOOD)));
    Ok(diesel::select(diesel::dsl::exists(told)).get_result(conn)?)
}

/// Who read a case, when and why; newest first.
pub fn of_case(
    conn: &mut Conn,
    site: SiteId,
    id: CaseId,
) -> Result<Vec<(String, String, NaiveDateTime)>> {
    Ok(case_readings::table
        .inner_join(users::table.on(users::id.eq(case_readings::user_id)))
        .filter(case_readings::site_id.eq(site).and(case_readings::case_id.eq(id)))
        .order((case_readings::at.desc(), case_readings::id.desc()))
        .select((users::name, case_readings::reason, case_readings::at))
        .load(conn)?)
}
