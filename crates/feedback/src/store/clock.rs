//! The deadlines of a case: they begin when it comes in and are met by what the type says.
//!
//! They go with the case to another site. The citizen's date does not change by that; only the time to take a case up
//! or to send it on begins anew at each office (FB-3).

use base::{Result, SiteId};
use chrono::{NaiveDate, NaiveDateTime};
use clocks::store::{Clock, Line, NewClock, Subject};
use db::{
    Conn,
    schema::{cases, clocks as clock_rows},
};
use diesel::prelude::*;

use super::{Case, Desk};
use crate::{
    CaseId,
    model::{sheet::Sheet, state::Action},
    types::{Deadline, Type},
};

/// How clocks call a case.
const KIND: &str = "case";

/// What clocks call the case `id`.
pub fn subject(id: CaseId) -> Subject {
    Subject { kind: KIND, id: id.uuid() }
}

/// Starts the deadlines of a case that has just come in.
pub(super) fn begin(conn: &mut Conn, desk: &Desk<'_>, id: CaseId, sheet: &Sheet) -> Result<()> {
    let Some(kind) = desk.types.kind(&sheet.type_key) else { return Ok(()) };
    let mut own = kind.clocks.iter().filter(|it| it.begins_with(&sheet.details));
    own.try_for_each(|it| start(conn, desk, id, it))
}

fn start(conn: &mut Conn, desk: &Desk<'_>, id: CaseId, it: &Deadline) -> Result<()> {
    // The types were compared with the catalogue at the start.
    let Some(limit) = desk.catalog.limit(&it.code, &it.limit) else { return Ok(()) };
    let new = NewClock { subject: subject(id), limit, at: desk.actor.now };
    clocks::store::start(conn, desk.actor, desk.catalog, new)?;
    Ok(())
}

/// What a step of a case does to its deadlines.
pub(super) fn after(conn: &mut Conn, desk: &Desk<'_>, case: &Case, action: Action) -> Result<()> {
    let Some(kind) = desk.types.kind(&case.type_key) else { return Ok(()) };
    match action {
        Action::Accept | Action::Assign => {
            meet(conn, desk, case, |it| it.meets == Action::Accept, kind)
        }
        // Whoever answers has taken it up as well; whoever refuses has decided.
        Action::Answer | Action::Refuse => meet(conn, desk, case, |_| true, kind),
        Action::Interim => {
            meet(conn, desk, case, |it| it.meets == Action::Accept || it.interim, kind)?;
            kind.clocks
                .iter()
                .filter(|it| it.interim)
                .try_for_each(|it| start(conn, desk, case.id, it))
        }
        Action::Reopen => {
            let details = case.details();
            let answers = kind.clocks.iter().filter(|it| it.meets == Action::Answer);
            let mut own = answers.filter(|it| it.begins_with(&details));
            own.try_for_each(|it| start(conn, desk, case.id, it))
        }
        Action::Merge => call_off(conn, desk, case),
        Action::Transfer | Action::Return | Action::Publish | Action::Unpublish | Action::Close => {
            Ok(())
        }
    }
}

fn meet(
    conn: &mut Conn,
    desk: &Desk<'_>,
    case: &Case,
    which: impl Fn(&Deadline) -> bool,
    kind: &Type,
) -> Result<()> {
    for clock in open(conn, case)? {
        let deadline =
            kind.clocks.iter().find(|it| it.code == clock.code && it.limit == clock.stage);
        // One that the type no longer knows is met by the answer, with all others.
        if deadline.is_none_or(&which) {
            clocks::store::meet(conn, desk.actor, desk.catalog, clock.id)?;
        }
    }
    Ok(())
}

fn call_off(conn: &mut Conn, desk: &Desk<'_>, case: &Case) -> Result<()> {
    for clock in open(conn, case)? {
        clocks::store::cancel(conn, desk.actor, desk.catalog, (clock.id, "merged"))?;
    }
    Ok(())
}

/// A case goes to `site`: sending it on in time is met here and begins there.
pub(super) fn moved(conn: &mut Conn, desk: &Desk<'_>, case: &Case, site: SiteId) -> Result<()> {
    let Some(kind) = desk.types.kind(&case.type_key) else { return Ok(()) };
    meet(conn, desk, case, |it| it.meets == Action::Accept, kind)?;
    clocks::store::move_to_site(conn, desk.actor, desk.catalog, (subject(case.id), site))?;
    let there = desk.at(site);
    let first = kind.clocks.iter().filter(|it| it.meets == Action::Accept);
    first.into_iter().try_for_each(|it| start(conn, &there, case.id, it))
}

fn open(conn: &mut Conn, case: &Case) -> Result<Vec<Clock>> {
    let all = clocks::store::of_subject(conn, case.site_id, subject(case.id))?;
    Ok(all.into_iter().filter(Clock::is_open).collect())
}

/// When the sender can count on an answer: the latest end among the open deadlines that an answer
/// meets, or, where there is none, among all that are open.
pub fn promised(conn: &mut Conn, case: &Case) -> Result<Option<Clock>> {
    Ok(open(conn, case)?.into_iter().max_by_key(|it| it.due_at))
}

/// Whether a deadline of the case stands still, and so the sender can add what the office waits for.
pub fn waits(conn: &mut Conn, case: &Case) -> Result<bool> {
    Ok(case.state.is_open() && open(conn, case)?.iter().any(|it| it.paused_at.is_some()))
}

/// What was done to a deadline that the sender is told of.
#[derive(Clone, Debug)]
pub struct Turn {
    /// When.
    pub at: NaiveDateTime,
    /// What.
    pub action: clocks::store::Action,
    /// Where the words for the deadline are.
    pub label: String,
    /// Why.
    pub reason: String,
    /// Its last day since.
    pub due: Option<NaiveDate>,
}

/// How the deadlines of a case stood still, went on and were given more time.
pub fn turns(conn: &mut Conn, case: &Case) -> Result<Vec<Turn>> {
    use clocks::store::Action;
    let mut turns = Vec::new();
    for clock in clocks::store::of_subject(conn, case.site_id, subject(case.id))? {
        let label = clock.limit()?.label_key();
        let told =
            |it: &Line| matches!(it.action, Action::Paused | Action::Resumed | Action::Extended);
        let lines = clocks::store::history(conn, case.site_id, clock.id)?;
        turns.extend(lines.into_iter().filter(told).map(|it| Turn {
            at: it.at,
            action: it.action,
            label: label.clone(),
            reason: it.reason,
            due: it.new_due,
        }));
    }
    Ok(turns)
}

/// What the holder must do next: the earliest end among the open deadlines.
pub fn next(conn: &mut Conn, case: &Case) -> Result<Option<Clock>> {
    Ok(open(conn, case)?.into_iter().min_by_key(|it| it.due_at))
}

/// The earliest open ends of cases of a site, by case.
pub fn of_cases(
    conn: &mut Conn,
    site: SiteId,
    ids: &[CaseId],
) -> Result<std::collections::BTreeMap<CaseId, Clock>> {
    let keys: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes().to_vec()).collect();
    let rows: Vec<Clock> = clock_rows::table
        .filter(clock_rows::site_id.eq(site).and(clock_rows::subject_kind.eq(KIND)))
        .filter(clock_rows::subject.eq_any(keys))
        .filter(clock_rows::met_at.is_null().and(clock_rows::cancelled_at.is_null()))
        .order(clock_rows::due_at.desc())
        .select(Clock::as_select())
        .load(conn)?;
    let mut found = std::collections::BTreeMap::new();
    for clock in rows {
        let Ok(id) = base::uuid::Uuid::from_slice(&clock.subject) else { continue };
        // The earliest comes last and stays; one that stands still gives way to any that runs.
        if clock.paused_at.is_none() || !found.contains_key(&CaseId::from(id)) {
            found.insert(CaseId::from(id), clock);
        }
    }
    Ok(found)
}

/// The cases of a site of which something should have been done before `now`.
pub fn overdue(conn: &mut Conn, site: SiteId, now: NaiveDateTime) -> Result<Vec<CaseId>> {
    let late = clocks::store::open_due_before(conn, site, now, 10_000)?;
    let ids: Vec<CaseId> = late
        .iter()
        .filter(|it| it.subject_kind == KIND)
        .filter_map(|it| base::uuid::Uuid::from_slice(&it.subject).ok())
        .map(CaseId::from)
        .collect();
    Ok(cases::table
        .filter(cases::site_id.eq(site).and(cases::id.eq_any(ids)))
        .select(cases::id)
        .load(conn)?)
}

/// How many cases of each site and type met their last deadline, and how many did not: met late,
/// or still open after its end.
pub fn punctuality(
    conn: &mut Conn,
    sites: &[SiteId],
    (from, to): (NaiveDateTime, NaiveDateTime),
    now: NaiveDateTime,
) -> Result<std::collections::BTreeMap<(SiteId, String), (i64, i64)>> {
    type Row = (CaseId, SiteId, String, NaiveDateTime, Option<NaiveDateTime>);
    let rows: Vec<Row> = cases::table
        .inner_join(clock_rows::table.on(clock_rows::subject.eq(cases::id)))
        .filter(cases::site_id.eq_any(sites.to_vec()).and(clock_rows::subject_kind.eq(KIND)))
        .filter(cases::received_at.ge(from).and(cases::received_at.lt(to)))
        .filter(clock_rows::cancelled_at.is_null())
        .select((
            cases::id,
            cases::site_id,
            cases::type_key,
            clock_rows::due_at,
            clock_rows::met_at,
        ))
        .load(conn)?;
    let mut worst = std::collections::BTreeMap::<CaseId, (SiteId, String, bool, bool)>::new();
    for (id, site, kind, due, met) in rows {
        let late = met.unwrap_or(now) >= due;
        let it = worst.entry(id).or_insert((site, kind, false, false));
        it.2 |= late;
        it.3 |= met.is_some();
    }
    let mut counts = std::collections::BTreeMap::<_, (i64, i64)>::new();
    for (site, kind, late, met) in worst.into_values() {
        let count = counts.entry((site, kind)).or_default();
        count.1 += i64::from(late);
        count.0 += i64::from(!late && met);
    }
    Ok(counts)
}

/// The sites that hold a case with an open deadline which ends before `instant`, with their hosts.
pub fn sites_with_due(conn: &mut Conn, instant: NaiveDateTime) -> Result<Vec<(SiteId, String)>> {
    use db::schema::hosts;
    Ok(clock_rows::table
        .inner_join(hosts::table.on(hosts::site_id.eq(clock_rows::site_id)))
        .filter(hosts::canonical.eq(true).and(clock_rows::subject_kind.eq(KIND)))
        .filter(clock_rows::met_at.is_null().and(clock_rows::cancelled_at.is_null()))
        .filter(clock_rows::paused_at.is_null().and(clock_rows::due_at.le(instant)))
        .select((clock_rows::site_id, hosts::host))
        .distinct()
        .load(conn)?)
}

/// The cases of a site with an open deadline that ends before `instant`, each with its earliest.
pub fn due_cases(
    conn: &mut Conn,
    site: SiteId,
    instant: NaiveDateTime,
) -> Result<Vec<(Case, Clock)>> {
    let ids = overdue(conn, site, instant)?;
    let mut due = of_cases(conn, site, &ids)?;
    let found: Vec<Case> = super::of(site, super::Sight::All)
        .filter(cases::id.eq_any(ids))
        .select(Case::as_select())
        .load(conn)?;
    let with = |case: Case| due.remove(&case.id).map(|clock| (case, clock));
    Ok(found.into_iter().filter_map(with).collect())
}
