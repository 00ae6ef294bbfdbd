//! Public answers as search takes them in.

use base::{Result, SiteId, SiteState, uuid::Uuid};
use db::{
    Conn,
    schema::{case_publics, sites},
};
use diesel::prelude::*;
use search::Subject;

use super::publics::Public;
use crate::CaseId;

/// Those of `subjects` that others read now, each with the portal of its site.
pub fn items(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<(Public, SiteId)>> {
    let ids: Vec<CaseId> = subjects.iter().map(|it| it.key.into()).collect();
    let owners: Vec<SiteId> = subjects.iter().map(|it| it.site).collect();
    let rows: Vec<(Public, Option<SiteId>)> = case_publics::table
        .inner_join(sites::table)
        .filter(case_publics::site_id.eq_any(owners).and(case_publics::case_id.eq_any(ids)))
        .filter(case_publics::public.eq(true))
        .filter(sites::state.eq_any(SiteState::READABLE))
        .select((Public::as_select(), sites::portal_id))
        .load(conn)?;
    let with = |(it, portal): (Public, Option<SiteId>)| {
        let portal = portal.unwrap_or(it.site_id);
        (it, portal)
    };
    Ok(rows.into_iter().map(with).collect())
}

/// Public answers in the order of their keys, public or not.
pub fn all(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Subject>> {
    let mut query = case_publics::table.order(case_publics::case_id).limit(limit).into_boxed();
    if let Some(site) = site {
        query = query.filter(case_publics::site_id.eq(site));
    }
    if let Some(after) = after {
        query = query.filter(case_publics::case_id.gt(CaseId::from(after)));
    }
    let rows: Vec<(SiteId, CaseId)> =
        query.select((case_publics::site_id, case_publics::case_id)).load(conn)?;
    Ok(rows.into_iter().map(|(site, id)| Subject { site, key: id.uuid() }).collect())
}
