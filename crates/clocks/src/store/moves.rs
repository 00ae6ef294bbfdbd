//! What a change of the calendar moves: open clocks of every site of the portal.

use std::collections::BTreeSet;

use base::{Result, SiteId};
use chrono::{NaiveDate, TimeDelta};
use db::{
    Conn, epochs,
    events::Actor,
    schema::{calendar_changes, calendars, clock_events, clocks, sites},
};
use diesel::prelude::*;

use super::{
    Action, Clock,
    acts::{NewLine, end, write},
    calendar::CalendarAction,
    happenings,
};
use crate::{
    ChangeId, ClockId,
    model::{Bound, Calendar, Due},
};

/// A clock whose end a change of the calendar moves.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Which.
    pub clock: Clock,
    /// The name of the site that must meet it.
    pub site: String,
    /// Its new end.
    pub to: Due,
}

/// A clock that a change of the calendar moved, as it was written down.
#[derive(Clone, Debug, Queryable)]
pub struct MovedLine {
    /// By which change.
    pub change: Option<ChangeId>,
    /// The name of the site that must meet it.
    pub site: String,
    /// Of the catalogue: `DL-08`.
    pub code: String,
    /// Of the catalogue: `transfer`.
    pub stage: String,
    /// The last day before.
    pub old_due: Option<NaiveDate>,
    /// The last day since.
    pub new_due: Option<NaiveDate>,
}

/// The open clocks of all sites of a portal that end elsewhere by `calendar`, where it differs
/// from what it was on some of the days `first` to `last`.
pub(super) fn moves(
    conn: &mut Conn,
    portal: SiteId,
    calendar: &Calendar,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Moved>> {
    let dawn = base::time::utc(first.and_time(chrono::NaiveTime::MIN));
    let dusk = base::time::utc(last.and_time(chrono::NaiveTime::MIN)) + TimeDelta::days(1);
    let forwards = clocks::bound
        .ne(Bound::Before)
        .and(clocks::due_day.ge(first))
        .and(clocks::started_at.lt(dusk));
    let backwards = clocks::bound
        .eq(Bound::Before)
        .and(clocks::due_day.le(last))
        .and(clocks::started_at.ge(dawn));
    let touched: Vec<(Clock, String)> = clocks::table
        .inner_join(sites::table)
        .filter(sites::id.eq(portal).or(sites::portal_id.eq(portal)))
        .filter(clocks::met_at.is_null().and(clocks::cancelled_at.is_null()))
        .filter(forwards.or(backwards))
        .order((clocks::due_at, clocks::id))
        .select((Clock::as_select(), sites::name))
        .load(conn)?;
    let ids: Vec<ClockId> = touched.iter().map(|(clock, _)| clock.id).collect();
    let mut happened = happenings(conn, &ids)?;
    let mut moved = Vec::new();
    for (clock, site) in touched {
        let happenings = happened.remove(&clock.id).unwrap_or_default();
        let to = end(&clock.limit()?, calendar, &happenings)?;
        if to != clock.due() {
            moved.push(Moved { clock, site, to });
        }
    }
    Ok(moved)
}

/// Writes a change down, and what it moved.
pub(super) fn settle(
    conn: &mut Conn,
    actor: Actor,
    (action, day, kind, name): (CalendarAction, NaiveDate, &str, &str),
    moved: &[Moved],
) -> Result<()> {
    let portal = actor.site;
    let next = calendars::version.eq(calendars::version + 1);
    diesel::update(calendars::table.find(portal)).set(next).execute(conn)?;
    let id = ChangeId::new();
    diesel::insert_into(calendar_changes::table)
        .values((
            calendar_changes::id.eq(id),
            calendar_changes::portal_id.eq(portal),
            calendar_changes::at.eq(actor.now),
            calendar_changes::user_id.eq(actor.user),
            calendar_changes::action.eq(action),
            calendar_changes::day.eq(day),
            calendar_changes::kind.eq(kind),
            calendar_changes::name.eq(name),
            calendar_changes::moved.eq(i32::try_from(moved.len()).unwrap_or(i32::MAX)),
        ))
        .execute(conn)?;
    for Moved { clock, to, .. } in moved {
        let row =
            clocks::table.filter(clocks::site_id.eq(clock.site_id).and(clocks::id.eq(clock.id)));
        let change = (clocks::due_at.eq(to.at), clocks::due_day.eq(to.day));
        diesel::update(row).set(change).execute(conn)?;
        let line = NewLine {
            at: actor.now,
            user: actor.user,
            old_due: Some(clock.due_day),
            new_due: Some(to.day),
            change: Some(id),
            ..NewLine::default()
        };
        write(conn, (clock.site_id, clock.id), Action::Moved, line)?;
    }
    // Pages of these sites may say until when something is answered.
    let sites: BTreeSet<SiteId> = moved.iter().map(|it| it.clock.site_id).collect();
    sites.into_iter().try_for_each(|site| epochs::raise(conn, site, actor.now))
}

/// What some changes of a portal's calendar moved, at most `limit` lines in all.
pub fn moved_by(
    conn: &mut Conn,
    portal: SiteId,
    changes: &[ChangeId],
    limit: i64,
) -> Result<Vec<MovedLine>> {
    Ok(clock_events::table
        .inner_join(clocks::table.inner_join(sites::table))
        .filter(sites::id.eq(portal).or(sites::portal_id.eq(portal)))
        .filter(clock_events::change_id.eq_any(changes))
        .order((clock_events::at.desc(), clock_events::id))
        .limit(limit)
        .select((
            clock_events::change_id,
            sites::name,
            clocks::code,
            clocks::stage,
            clock_events::old_due,
            clock_events::new_due,
        ))
        .load(conn)?)
}
