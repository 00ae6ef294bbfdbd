//! What was said about a case: to the citizen, by the citizen, among the staff.

use base::{Result, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::Actor,
    schema::{case_messages, users},
};
use diesel::prelude::*;

use super::{Sight, by_id};
use crate::CaseId;

base::id!(
    /// Identifies something that was said about a case.
    MessageId
);

base::text_enum!(
    /// Who said it, and to whom.
    Kind {
        /// The citizen, to the office.
        Citizen = "citizen",
        /// The office, to the citizen.
        Letter = "letter",
        /// Among the staff; never shown to anybody else.
        Remark = "remark",
    }
);

/// Something that was said.
#[derive(Clone, Debug, Queryable)]
pub struct Said {
    /// By whom and to whom.
    pub kind: Kind,
    /// Which person of the staff.
    pub user: Option<String>,
    /// The words.
    pub body: String,
    /// When.
    pub at: NaiveDateTime,
}

/// Writes something down, on the site of `actor`.
pub fn write(conn: &mut Conn, actor: Actor, (id, kind): (CaseId, Kind), body: &str) -> Result<()> {
    diesel::insert_into(case_messages::table)
        .values((
            case_messages::id.eq(MessageId::new()),
            case_messages::case_id.eq(id),
            case_messages::site_id.eq(actor.site),
            case_messages::kind.eq(kind),
            case_messages::user_id.eq(actor.user),
            case_messages::body.eq(body),
            case_messages::at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(())
}

/// A remark among the staff of the site that holds the case.
pub fn remark(conn: &mut Conn, actor: Actor, sight: Sight, id: CaseId, body: &str) -> Result<()> {
    by_id(conn, actor.site, sight, id)?;
    write(conn, actor, (id, Kind::Remark), body)
}

/// Everything that was said about a case that `site` holds, of the kinds `kinds`, oldest first.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId, kinds: &[Kind]) -> Result<Vec<Said>> {
    Ok(case_messages::table
        .left_join(users::table)
        .filter(case_messages::site_id.eq(site).and(case_messages::case_id.eq(id)))
        .filter(case_messages::kind.eq_any(kinds.to_vec()))
        .order((case_messages::at, case_messages::id))
        .select((
            case_messages::kind,
            users::name.nullable(),
            case_messages::body,
            case_messages::at,
        ))
        .load::<(Kind, Option<String>, String, NaiveDateTime)>(conn)?
        .into_iter()
        .map(|(kind, user, body, at)| Said { kind, user, body, at })
        .collect())
}
