//! Figures: how much came, how much was answered and how fast. Numbers only, no person.

use std::collections::BTreeMap;

use base::{Result, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    schema::{cases, sites},
};
use diesel::prelude::*;

use crate::model::state::State;

/// The figures of one site and type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Received in the period.
    pub received: i64,
    /// Of those, still without an answer.
    pub open: i64,
    /// Of those, not taken up.
    pub refused: i64,
    /// Of those, answered.
    pub answered: i64,
    /// Days until the answer, in the middle; `None` without an answer.
    pub median_days: Option<i64>,
    /// Days of every answer, for sums over several rows.
    pub days: Vec<i64>,
}

impl Figures {
    /// Adds those of another row.
    pub fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.open += other.open;
        self.refused += other.refused;
        self.answered += other.answered;
        self.days.extend(&other.days);
        self.median_days = median(&mut self.days);
    }
}

fn median(days: &mut [i64]) -> Option<i64> {
    days.sort_unstable();
    days.get(days.len() / 2).copied().filter(|_| !days.is_empty())
}

/// The figures of what came between two instants, by holding site and type. Restricted cases
/// are counted like others: numbers tell nobody anything.
pub fn between(
    conn: &mut Conn,
    sites: &[SiteId],
    (from, to): (NaiveDateTime, NaiveDateTime),
) -> Result<BTreeMap<(SiteId, String), Figures>> {
    let rows: Vec<(SiteId, String, State, NaiveDateTime, Option<NaiveDateTime>)> = cases::table
        .filter(cases::site_id.eq_any(sites.to_vec()))
        .filter(cases::received_at.ge(from).and(cases::received_at.lt(to)))
        .filter(cases::merged_into.is_null())
        .select((
            cases::site_id,
            cases::type_key,
            cases::state,
            cases::received_at,
            cases::answered_at,
        ))
        .load(conn)?;
    let mut all = BTreeMap::<(SiteId, String), Figures>::new();
    for (site, kind, state, received, answered) in rows {
        let it = all.entry((site, kind)).or_default();
        it.received += 1;
        it.open += i64::from(state.is_open());
        it.refused += i64::from(state == State::Refused);
        if let Some(answered) = answered {
            it.answered += 1;
            it.days.push((answered - received).num_days());
        }
    }
    for it in all.values_mut() {
        it.median_days = median(&mut it.days);
    }
    Ok(all)
}

/// The sites of a portal and the portal itself, by name.
pub fn sites_of(conn: &mut Conn, portal: SiteId) -> Result<Vec<(SiteId, String)>> {
    Ok(sites::table
        .filter(sites::portal_id.eq(portal).or(sites::id.eq(portal)))
        .order(sites::sort_key)
        .select((sites::id, sites::name))
        .load(conn)?)
}
