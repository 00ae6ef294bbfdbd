//! Who waits for whom: deadlines of a case that stand still, get more time, or make way for a longer one. As far as the
//! type says, and as the law allows (`clocks::model::rules`).

use base::{Error, Result};
use clocks::{
    ClockId,
    model::rules::Extending,
    store::{Clock, NewClock},
};
use db::Conn;

use super::{Case, Desk, clock::subject, note};
use crate::{
    CaseId,
    types::{Longer, Named, Types},
};

/// Whether the type of `case` lets `clock` stand still.
pub fn may_pause(types: &Types, case: &Case, clock: &Clock) -> bool {
    let kind = types.kind(&case.type_key);
    let own = kind.and_then(|it| {
        it.clocks.iter().find(|it| it.code == clock.code && it.limit == clock.stage)
    });
    clock.is_open() && own.is_some_and(|it| it.pause)
}

/// Whether its law knows more time for `clock`.
pub fn may_extend(clock: &Clock) -> Result<bool> {
    Ok(clock.is_open() && clock.limit()?.extension.is_some())
}

/// The slower ways that are open to `case`, each with the deadline it ends.
pub fn longer<'a>(types: &'a Types, case: &Case, clocks: &[Clock]) -> Vec<(&'a Longer, Clock)> {
    let all = types.kind(&case.type_key).map(|it| it.longer.as_slice()).unwrap_or_default();
    let open =
        |it: &Longer| clocks.iter().find(|clock| clock.is_open() && is(clock, &it.ends)).cloned();
    all.iter().filter_map(|it| Some((it, open(it)?))).collect()
}

fn is(clock: &Clock, named: &Named) -> bool {
    clock.code == named.code && clock.stage == named.limit
}

/// An open case that the desk holds, and its deadlines.
fn open(conn: &mut Conn, desk: &Desk<'_>, id: CaseId) -> Result<(Case, Vec<Clock>)> {
    let case = desk.held(conn, id)?;
    if !case.state.is_open() {
        return Err(Error::conflict("case.not_now"));
    }
    let clocks = clocks::store::of_subject(conn, desk.actor.site, subject(id))?;
    Ok((case, clocks))
}

fn of(clocks: Vec<Clock>, id: ClockId) -> Result<Clock> {
    clocks.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)
}

/// Lets a deadline stand still while the office waits for the sender.
pub fn pause(
    conn: &mut Conn,
    desk: &Desk<'_>,
    id: CaseId,
    (clock, reason): (ClockId, &str),
) -> Result<(Case, Clock)> {
    let (case, clocks) = open(conn, desk, id)?;
    let clock = of(clocks, clock)?;
    if !may_pause(desk.types, &case, &clock) {
        return Err(Error::conflict("clock.fixed"));
    }
    let clock = clocks::store::pause(conn, desk.actor, desk.catalog, (clock.id, reason))?;
    note(conn, desk.actor, (id, case.number_text()), "case_paused")?;
    Ok((case, clock))
}

/// Lets a deadline go on.
pub fn resume(
    conn: &mut Conn,
    desk: &Desk<'_>,
    id: CaseId,
    clock: ClockId,
) -> Result<(Case, Clock)> {
    let (case, clocks) = open(conn, desk, id)?;
    let clock = of(clocks, clock)?;
    let clock = clocks::store::resume(conn, desk.actor, desk.catalog, clock.id)?;
    note(conn, desk.actor, (id, case.number_text()), "case_resumed")?;
    Ok((case, clock))
}

/// Lets every deadline of a case go on that stands still; how many there were.
pub(super) fn resume_all(conn: &mut Conn, desk: &Desk<'_>, case: &Case) -> Result<usize> {
    let clocks = clocks::store::of_subject(conn, desk.actor.site, subject(case.id))?;
    let still: Vec<Clock> =
        clocks.into_iter().filter(|it| it.is_open() && it.paused_at.is_some()).collect();
    for clock in &still {
        clocks::store::resume(conn, desk.actor, desk.catalog, clock.id)?;
    }
    Ok(still.len())
}

/// Gives a deadline more time.
pub fn extend(
    conn: &mut Conn,
    desk: &Desk<'_>,
    id: CaseId,
    (clock, more): (ClockId, &Extending),
) -> Result<(Case, Clock)> {
    let (case, clocks) = open(conn, desk, id)?;
    let clock = of(clocks, clock)?;
    let clock = clocks::store::extend(conn, desk.actor, desk.catalog, (clock.id, more))?;
    note(conn, desk.actor, (id, case.number_text()), "case_extended")?;
    Ok((case, clock))
}

/// Takes a slower way: the deadline it ends is `clock`. Telling the sender is what is being done, so the time for that is
/// met now, in time or not.
pub fn lengthen(
    conn: &mut Conn,
    desk: &Desk<'_>,
    id: CaseId,
    clock: ClockId,
) -> Result<(Case, Clock)> {
    let (case, clocks) = open(conn, desk, id)?;
    let ways = longer(desk.types, &case, &clocks);
    let (way, old) = ways.into_iter().find(|(_, it)| it.id == clock).ok_or(Error::NotFound)?;
    if old.paused_at.is_some() {
        return Err(Error::conflict("case.longer_paused"));
    }
    let actor = desk.actor;
    clocks::store::cancel(conn, actor, desk.catalog, (old.id, &way.key))?;
    if let Some(notice) = &way.notice {
        let told = start(conn, desk, (id, &old), notice)?;
        clocks::store::meet(conn, actor, desk.catalog, told.id)?;
    }
    let clock = start(conn, desk, (id, &old), &way.begins)?;
    note(conn, actor, (id, case.number_text()), "case_lengthened")?;
    Ok((case, clock))
}

/// Starts a deadline from the event that `old` counted from.
fn start(
    conn: &mut Conn,
    desk: &Desk<'_>,
    (id, old): (CaseId, &Clock),
    named: &Named,
) -> Result<Clock> {
    let limit = desk.catalog.limit(&named.code, &named.limit).ok_or(Error::NotFound)?;
    let new = NewClock { subject: subject(id), limit, at: old.started_at };
    clocks::store::start(conn, desk.actor, desk.catalog, new)
}
