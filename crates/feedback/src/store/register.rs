//! The register of requests for information (TCTT-26): who asked for what, when, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Result, SiteId};
use clocks::store::Clock;
use db::{
    Conn,
    schema::{case_costs, case_people, cases},
};
use diesel::prelude::*;

use super::{Case, Sight, clock, of, supplies};
use crate::{CaseId, Types};

/// A line of the register.
#[derive(Clone, Debug)]
pub struct Line {
    /// The request.
    pub case: Case,
    /// Who asked; empty where that was forgotten.
    pub name: String,
    /// Where they live.
    pub address: String,
    /// What it costs, in đồng.
    pub cost: Option<i32>,
    /// Whether files were given.
    pub given: bool,
    /// The deadline that is due next.
    pub due: Option<Clock>,
}

/// Lines of the requests that came to `site` in the year `year`, by their numbers, after the first `skip`.
pub fn lines(
    conn: &mut Conn,
    (site, sight): (SiteId, Sight),
    (types, year): (&Types, i32),
    (skip, limit): (i64, i64),
) -> Result<Vec<Line>> {
    let found: Vec<Case> = matching(site, sight, types, year)
        .order((cases::year, cases::received_at, cases::id))
        .offset(skip)
        .limit(limit)
        .select(Case::as_select())
        .load(conn)?;
    let ids: Vec<CaseId> = found.iter().map(|it| it.id).collect();
    let mut people = BTreeMap::<CaseId, (String, String)>::new();
    let mut costs = BTreeMap::<CaseId, i32>::new();
    for ids in ids.chunks(500) {
        let rows: Vec<(CaseId, String, String)> = case_people::table
            .filter(case_people::case_id.eq_any(ids.to_vec()).and(case_people::site_id.eq(site)))
            .select((case_people::case_id, case_people::name, case_people::address))
            .load(conn)?;
        people.extend(rows.into_iter().map(|(id, name, address)| (id, (name, address))));
        let rows: Vec<(CaseId, i32)> = case_costs::table
            .filter(case_costs::case_id.eq_any(ids.to_vec()).and(case_costs::site_id.eq(site)))
            .select((case_costs::case_id, case_costs::amount))
            .load(conn)?;
        costs.extend(rows);
    }
    let given: BTreeSet<CaseId> = supplies::given(conn, &ids)?.into_iter().collect();
    let mut due = clock::of_cases(conn, site, &ids)?;
    let line = |case: Case| {
        let (name, address) = people.remove(&case.id).unwrap_or_default();
        Line {
            name,
            address,
            cost: costs.get(&case.id).copied(),
            given: given.contains(&case.id),
            due: due.remove(&case.id),
            case,
        }
    };
    Ok(found.into_iter().map(line).collect())
}

/// How many [`lines`] there are in all.
pub fn count(
    conn: &mut Conn,
    (site, sight): (SiteId, Sight),
    (types, year): (&Types, i32),
) -> Result<i64> {
    Ok(matching(site, sight, types, year).count().get_result(conn)?)
}

fn matching<'a>(
    site: SiteId,
    sight: Sight,
    types: &Types,
    year: i32,
) -> cases::BoxedQuery<'a, db::Backend> {
    let kinds: Vec<String> =
        types.types.iter().filter(|it| it.register).map(|it| it.key.clone()).collect();
    of(site, sight).filter(cases::type_key.eq_any(kinds).and(cases::year.eq(year)))
}
