//! The sites that the public can visit.

use base::{Identity, Result, SiteId, SiteState, uuid::Uuid};
use chrono::NaiveDateTime;
use db::{Conn, schema::sites};
use diesel::prelude::*;
use search::Subject;

/// A site that is open.
#[derive(Queryable)]
pub(super) struct Row {
    pub(super) id: SiteId,
    pub(super) portal: Option<SiteId>,
    pub(super) name: String,
    pub(super) name_en: String,
    identity: String,
    pub(super) created_at: NaiveDateTime,
}

impl Row {
    /// The site's facts; a row that cannot be read has none to be found by.
    pub(super) fn identity(&self) -> Identity {
        serde_json::from_str(&self.identity).unwrap_or_default()
    }
}

/// Those of `subjects` that are sites the public can visit.
pub(super) fn open(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<Row>> {
    let wanted: Vec<SiteId> = subjects.iter().map(|it| SiteId::from(it.key)).collect();
    Ok(sites::table
        .filter(sites::id.eq_any(wanted))
        .filter(sites::state.eq_any(SiteState::READABLE))
        .select((
            sites::id,
            sites::portal_id,
            sites::name,
            sites::name_en,
            sites::identity,
            sites::created_at,
        ))
        .load(conn)?)
}

/// Every site in the order of keys; one alone when `site` names it.
pub(super) fn all(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Subject>> {
    let mut query = sites::table.order(sites::id).limit(limit).into_boxed();
    if let Some(site) = site {
        query = query.filter(sites::id.eq(site));
    }
    if let Some(after) = after {
        query = query.filter(sites::id.gt(SiteId::from(after)));
    }
    let ids: Vec<SiteId> = query.select(sites::id).load(conn)?;
    Ok(ids.into_iter().map(|id| Subject { site: id, key: id.uuid() }).collect())
}
