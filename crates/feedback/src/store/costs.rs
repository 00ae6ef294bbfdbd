//! What printing, copying and sending costs whoever asked for information: the law lets offices take what it really
//! costs and nothing else.

use base::{Error, Result, SiteId};
use chrono::NaiveDateTime;
use db::{Conn, schema::case_costs};
use diesel::prelude::*;

use super::{Case, Desk, note};
use crate::CaseId;

/// The most that can be named, in đồng: more is a slip of the pen.
pub const MOST: i32 = 100_000_000;

/// What it costs.
#[derive(Clone, Debug, Queryable)]
pub struct Cost {
    /// In đồng.
    pub amount: i32,
    /// For what.
    pub reason: String,
    /// When it was named.
    pub at: NaiveDateTime,
}

/// Names what it costs, or names it anew.
pub fn set(
    conn: &mut Conn,
    desk: &Desk<'_>,
    id: CaseId,
    (amount, reason): (i32, &str),
) -> Result<Case> {
    let actor = desk.actor;
    let case = desk.held(conn, id)?;
    let kind = desk.types.kind(&case.type_key);
    if !case.state.is_open() || !kind.is_some_and(|it| it.register) {
        return Err(Error::conflict("case.not_now"));
    }
    diesel::delete(case_costs::table.find(id)).execute(conn)?;
    diesel::insert_into(case_costs::table)
        .values((
            case_costs::case_id.eq(id),
            case_costs::site_id.eq(actor.site),
            case_costs::amount.eq(amount),
            case_costs::reason.eq(reason),
            case_costs::user_id.eq(actor.user),
            case_costs::at.eq(actor.now),
        ))
        .execute(conn)?;
    note(conn, actor, (id, case.number_text()), "case_cost")?;
    Ok(case)
}

/// What a case of `site` costs, if that was named.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Option<Cost>> {
    Ok(case_costs::table
        .filter(case_costs::site_id.eq(site).and(case_costs::case_id.eq(id)))
        .select((case_costs::amount, case_costs::reason, case_costs::at))
        .first(conn)
        .optional()?)
}
