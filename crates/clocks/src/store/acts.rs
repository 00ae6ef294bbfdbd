//! What can be done to a clock. To be called in a transaction, the one of the deed itself. Each
//! act holds the portal's calendar until the transaction ends, so that none can slip past a
//! change of it.

use anyhow::anyhow;
use base::{Error, Result, SiteId, UserId};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    events::Actor,
    schema::{clock_events, clocks},
};
use diesel::prelude::*;

use super::{Action, Clock, Subject, by_id, calendar::held, happenings, of_subject, portal_of};
use crate::{
    Catalog, ChangeId, ClockEventId, ClockId,
    model::{
        Calendar, Due, Happening, Limit, What,
        rules::{Extending, Now, may_extend, may_pause},
        walk::projected,
    },
};

/// A clock about to be started.
#[derive(Clone, Copy, Debug)]
pub struct NewClock<'a> {
    /// What for.
    pub subject: Subject,
    /// With which limit of the catalogue.
    pub limit: &'a Limit,
    /// The event it counts from, in UTC; it may have been yesterday, and for a limit that is
    /// counted backwards it is still to come.
    pub at: NaiveDateTime,
}

/// A line of history about to be written.
#[derive(Default)]
pub(super) struct NewLine {
    pub(super) at: NaiveDateTime,
    pub(super) user: Option<UserId>,
    pub(super) amount: i32,
    pub(super) unit: &'static str,
    pub(super) reason: String,
    pub(super) notice: String,
    pub(super) old_due: Option<NaiveDate>,
    pub(super) new_due: Option<NaiveDate>,
    pub(super) change: Option<ChangeId>,
    pub(super) from_site: Option<SiteId>,
}

impl NewLine {
    fn by(actor: Actor) -> Self {
        Self { at: actor.now, user: actor.user, ..Self::default() }
    }
}

/// Writes a line of history.
pub(super) fn write(
    conn: &mut Conn,
    (site, clock): (SiteId, ClockId),
    action: Action,
    line: NewLine,
) -> Result<()> {
    diesel::insert_into(clock_events::table)
        .values((
            clock_events::id.eq(ClockEventId::new()),
            clock_events::clock_id.eq(clock),
            clock_events::site_id.eq(site),
            clock_events::at.eq(line.at),
            clock_events::user_id.eq(line.user),
            clock_events::action.eq(action),
            clock_events::amount.eq(line.amount),
            clock_events::unit.eq(line.unit),
            clock_events::reason.eq(line.reason),
            clock_events::notice.eq(line.notice),
            clock_events::old_due.eq(line.old_due),
            clock_events::new_due.eq(line.new_due),
            clock_events::change_id.eq(line.change),
            clock_events::from_site.eq(line.from_site),
        ))
        .execute(conn)?;
    Ok(())
}

/// The end of a clock that was started, whatever happened to it since.
pub(super) fn end(limit: &Limit, calendar: &Calendar, happenings: &[Happening]) -> Result<Due> {
    let due = projected(limit, calendar, happenings);
    Ok(due.ok_or_else(|| anyhow!("{} {} never ends", limit.code, limit.stage))?)
}

/// Starts a clock. A second one for the same limit of the same subject is a conflict while the
/// first is open.
pub fn start(conn: &mut Conn, actor: Actor, catalog: &Catalog, new: NewClock<'_>) -> Result<Clock> {
    let portal = portal_of(conn, actor.site)?;
    let calendar = held(conn, portal, catalog)?;
    let limit = new.limit;
    let is_same = |it: &Clock| it.is_open() && it.code == limit.code && it.stage == limit.stage;
    if of_subject(conn, actor.site, new.subject)?.iter().any(is_same) {
        return Err(Error::conflict("clock.running"));
    }
    let started = Happening { at: new.at, what: What::Started };
    let due = end(limit, &calendar, &[started])?;
    let id = ClockId::new();
    let terms = serde_json::to_string(limit).map_err(anyhow::Error::from)?;
    diesel::insert_into(clocks::table)
        .values((
            clocks::id.eq(id),
            clocks::site_id.eq(actor.site),
            clocks::subject_kind.eq(new.subject.kind),
            clocks::subject.eq(new.subject.id.as_bytes().to_vec()),
            clocks::code.eq(&limit.code),
            clocks::stage.eq(&limit.stage),
            clocks::bound.eq(limit.bound),
            clocks::terms.eq(terms),
            clocks::started_at.eq(new.at),
            clocks::due_at.eq(due.at),
            clocks::due_day.eq(due.day),
        ))
        .execute(conn)?;
    let line = NewLine { at: new.at, new_due: Some(due.day), ..NewLine::by(actor) };
    write(conn, (actor.site, id), Action::Started, line)?;
    by_id(conn, actor.site, id)
}

/// An open clock, with all that its rules ask.
struct Open {
    clock: Clock,
    limit: Limit,
    calendar: Calendar,
    happenings: Vec<Happening>,
}

impl Open {
    fn now(&self, now: NaiveDateTime) -> Now {
        let is_extension = |it: &&Happening| matches!(it.what, What::Extended { .. });
        let extended = self.happenings.iter().filter(is_extension).count();
        Now {
            now,
            due: self.clock.due(),
            paused: self.clock.paused_at.is_some(),
            extended: u32::try_from(extended).unwrap_or(u32::MAX),
        }
    }

    /// Counts anew after `what`.
    fn counted_after(&mut self, at: NaiveDateTime, what: What) -> Result<Due> {
        self.happenings.push(Happening { at, what });
        end(&self.limit, &self.calendar, &self.happenings)
    }
}

/// Reads a clock that is neither met nor called off.
fn open(conn: &mut Conn, actor: Actor, catalog: &Catalog, id: ClockId) -> Result<Open> {
    let portal = portal_of(conn, actor.site)?;
    let calendar = held(conn, portal, catalog)?;
    let clock = by_id(conn, actor.site, id)?;
    if !clock.is_open() {
        return Err(Error::conflict("clock.closed"));
    }
    let limit = clock.limit()?;
    let happenings = happenings(conn, &[id])?.remove(&id).unwrap_or_default();
    Ok(Open { clock, limit, calendar, happenings })
}

/// Stops a clock for `reason`, which a citizen may read. What is stopped or over already, or
/// cannot stop at all, is a conflict.
pub fn pause(
    conn: &mut Conn,
    actor: Actor,
    catalog: &Catalog,
    (id, reason): (ClockId, &str),
) -> Result<Clock> {
    let open = open(conn, actor, catalog, id)?;
    may_pause(&open.limit, open.now(actor.now), reason)?;
    let row = clocks::table.filter(clocks::site_id.eq(actor.site).and(clocks::id.eq(id)));
    diesel::update(row).set(clocks::paused_at.eq(actor.now)).execute(conn)?;
    let line = NewLine { reason: reason.trim().to_owned(), ..NewLine::by(actor) };
    write(conn, (actor.site, id), Action::Paused, line)?;
    by_id(conn, actor.site, id)
}

/// Lets a clock go on; its end moves by the time it stood still.
pub fn resume(conn: &mut Conn, actor: Actor, catalog: &Catalog, id: ClockId) -> Result<Clock> {
    let mut open = open(conn, actor, catalog, id)?;
    if open.clock.paused_at.is_none() {
        return Err(Error::conflict("clock.not_paused"));
    }
    let due = open.counted_after(actor.now, What::Resumed)?;
    let row = clocks::table.filter(clocks::site_id.eq(actor.site).and(clocks::id.eq(id)));
    let change = (
        clocks::paused_at.eq(None::<NaiveDateTime>),
        clocks::due_at.eq(due.at),
        clocks::due_day.eq(due.day),
    );
    diesel::update(row).set(change).execute(conn)?;
    let (old_due, new_due) = (Some(open.clock.due_day), Some(due.day));
    let line = NewLine { old_due, new_due, ..NewLine::by(actor) };
    write(conn, (actor.site, id), Action::Resumed, line)?;
    by_id(conn, actor.site, id)
}

/// Gives a clock more time: as much and as often as its law allows, with a reason and a notice.
/// Too much names the field `by`; too late or too often is a conflict.
pub fn extend(
    conn: &mut Conn,
    actor: Actor,
    catalog: &Catalog,
    (id, more): (ClockId, &Extending),
) -> Result<Clock> {
    let mut open = open(conn, actor, catalog, id)?;
    may_extend(&open.limit, open.now(actor.now), more)?;
    let due = open.counted_after(actor.now, What::Extended { by: more.by })?;
    let row = clocks::table.filter(clocks::site_id.eq(actor.site).and(clocks::id.eq(id)));
    let change = (clocks::due_at.eq(due.at), clocks::due_day.eq(due.day));
    diesel::update(row).set(change).execute(conn)?;
    let line = NewLine {
        amount: i32::try_from(more.by.amount).unwrap_or(i32::MAX),
        unit: more.by.unit.as_str(),
        reason: more.reason.trim().to_owned(),
        notice: more.notice.trim().to_owned(),
        old_due: Some(open.clock.due_day),
        new_due: Some(due.day),
        ..NewLine::by(actor)
    };
    write(conn, (actor.site, id), Action::Extended, line)?;
    by_id(conn, actor.site, id)
}

/// Says that what a clock runs for is done.
pub fn meet(conn: &mut Conn, actor: Actor, catalog: &Catalog, id: ClockId) -> Result<Clock> {
    open(conn, actor, catalog, id)?;
    let row = clocks::table.filter(clocks::site_id.eq(actor.site).and(clocks::id.eq(id)));
    diesel::update(row).set(clocks::met_at.eq(actor.now)).execute(conn)?;
    write(conn, (actor.site, id), Action::Met, NewLine::by(actor))?;
    by_id(conn, actor.site, id)
}

/// Calls a clock off: what it ran for is no longer to be done.
pub fn cancel(
    conn: &mut Conn,
    actor: Actor,
    catalog: &Catalog,
    (id, reason): (ClockId, &str),
) -> Result<Clock> {
    open(conn, actor, catalog, id)?;
    let row = clocks::table.filter(clocks::site_id.eq(actor.site).and(clocks::id.eq(id)));
    diesel::update(row).set(clocks::cancelled_at.eq(actor.now)).execute(conn)?;
    let line = NewLine { reason: reason.trim().to_owned(), ..NewLine::by(actor) };
    write(conn, (actor.site, id), Action::Cancelled, line)?;
    by_id(conn, actor.site, id)
}

/// Hands every clock of a subject over to another site of the same portal, with its history; the
/// open ones go on as they stand. A site of another portal does not exist.
pub fn move_to_site(
    conn: &mut Conn,
    actor: Actor,
    catalog: &Catalog,
    (subject, to): (Subject, SiteId),
) -> Result<()> {
    let portal = portal_of(conn, actor.site)?;
    held(conn, portal, catalog)?;
    if portal_of(conn, to)? != portal {
        return Err(Error::NotFound);
    }
    for clock in of_subject(conn, actor.site, subject)? {
        let row = clocks::table.filter(clocks::site_id.eq(actor.site).and(clocks::id.eq(clock.id)));
        diesel::update(row).set(clocks::site_id.eq(to)).execute(conn)?;
        let lines = clock_events::table
            .filter(clock_events::site_id.eq(actor.site).and(clock_events::clock_id.eq(clock.id)));
        diesel::update(lines).set(clock_events::site_id.eq(to)).execute(conn)?;
        if clock.is_open() {
            let line = NewLine { from_site: Some(actor.site), ..NewLine::by(actor) };
            write(conn, (to, clock.id), Action::HandedOver, line)?;
        }
    }
    Ok(())
}
