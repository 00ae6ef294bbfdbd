//! The calendar of a portal, shared by all its sites, and what a change of it moves.

use std::collections::BTreeSet;

use base::{Result, SiteId};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use db::{
    Conn, epochs,
    events::{Actor, Deed, record},
    on_each,
    schema::{
        calendar_changes, calendar_days, calendar_years, calendars, clock_events, clocks, sites,
        users,
    },
};
use diesel::prelude::*;

use super::{
    Action, Clock,
    acts::{NewLine, end, write},
    happenings, portal_of,
};
use crate::{
    Catalog, ChangeId, ClockId,
    model::{Bound, Calendar, Day, DayKind, Due, rules::CalendarChange},
};

base::text_enum!(
    /// What was done to the calendar.
    CalendarAction {
        /// A day differs from now on.
        Set = "set",
        /// A day no longer differs.
        Cleared = "cleared",
        /// A year that comes with the program was taken over.
        Planted = "planted",
    }
);

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

/// A change of the calendar that was made.
#[derive(Clone, Debug, Queryable)]
pub struct Made {
    /// Its key.
    pub id: ChangeId,
    /// When, in UTC.
    pub at: NaiveDateTime,
    /// Who; `None` stands for the program.
    pub who: Option<String>,
    /// What.
    pub action: CalendarAction,
    /// Which day, or the first of a whole year.
    pub day: NaiveDate,
    /// The spelling of the day's [`DayKind`]; empty for a whole year.
    pub kind: String,
    /// The name of the day.
    pub name: String,
    /// How many clocks it moved.
    pub moved: i32,
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

/// The calendar a site goes by: its portal's, and what comes with the program for years that the
/// portal does not have yet.
pub fn calendar(conn: &mut Conn, site: SiteId, catalog: &Catalog) -> Result<Calendar> {
    let portal = portal_of(conn, site)?;
    of_portal(conn, portal, catalog)
}

fn of_portal(conn: &mut Conn, portal: SiteId, catalog: &Catalog) -> Result<Calendar> {
    let years = calendar_years::table.filter(calendar_years::portal_id.eq(portal));
    let years: Vec<i32> = years.select(calendar_years::year).load(conn)?;
    let days: Vec<(NaiveDate, DayKind, String)> = calendar_days::table
        .filter(calendar_days::portal_id.eq(portal))
        .select((calendar_days::day, calendar_days::kind, calendar_days::name))
        .load(conn)?;
    let mut calendar = catalog.calendar();
    for year in years {
        let of_year = days.iter().filter(|(day, ..)| day.year() == year);
        let of_year =
            of_year.map(|(day, kind, name)| Day { day: *day, kind: *kind, name: name.clone() });
        calendar.set_year(year, of_year);
    }
    Ok(calendar)
}

/// The calendar of a portal, which nobody can change before this transaction ends.
pub(super) fn held(conn: &mut Conn, portal: SiteId, catalog: &Catalog) -> Result<Calendar> {
    hold(conn, portal)?;
    of_portal(conn, portal, catalog)
}

/// Takes the row under which clocks and calendar change; whoever comes later waits.
fn hold(conn: &mut Conn, portal: SiteId) -> Result<()> {
    let row = calendars::table.find(portal);
    let same = calendars::version.eq(calendars::version);
    if diesel::update(row).set(same).execute(conn)? == 0 {
        let new = (calendars::portal_id.eq(portal), calendars::version.eq(0));
        let new = diesel::insert_into(calendars::table).values(new);
        on_each!(conn, |conn| new.on_conflict_do_nothing().execute(conn))?;
        diesel::update(row).set(same).execute(conn)?;
    }
    Ok(())
}

/// What `change` would move, were it made now.
pub fn preview(
    conn: &mut Conn,
    portal: SiteId,
    catalog: &Catalog,
    (change, today): (&CalendarChange, NaiveDate),
) -> Result<Vec<Moved>> {
    let mut calendar = of_portal(conn, portal, catalog)?;
    change.check(&calendar, today)?;
    change.apply(&mut calendar);
    moves(conn, portal, &calendar, (change.day(), change.day()))
}

/// Changes the calendar of the portal `actor.site`, and with it the end of every open clock of
/// all its sites that counts the day. Says what moved; each clock has it in its history. What
/// does not fit the calendar names the field `day` or `name`.
pub fn change_calendar(
    conn: &mut Conn,
    actor: Actor,
    catalog: &Catalog,
    change: &CalendarChange,
) -> Result<Vec<Moved>> {
    let portal = actor.site;
    let mut calendar = held(conn, portal, catalog)?;
    change.check(&calendar, base::time::local(actor.now).date())?;
    let day = change.day();
    // The rest of a year that came with the program becomes the portal's own with its first change.
    let before = calendar.clone();
    change.apply(&mut calendar);
    keep_year(conn, portal, day.year(), &calendar)?;
    let moved = moves(conn, portal, &calendar, (day, day))?;
    let (action, about) = match change {
        CalendarChange::Set(day) => (CalendarAction::Set, Some((day.kind, day.name.as_str()))),
        CalendarChange::Clear(day) => (CalendarAction::Cleared, before.note(*day)),
    };
    let (kind, name) = about.map_or(("", ""), |(kind, name)| (kind.as_str(), name));
    settle(conn, actor, (action, day, kind, name), &moved)?;
    let deed = Deed {
        action: if action == CalendarAction::Set { "calendar_set" } else { "calendar_cleared" },
        target: base::time::date(day),
        detail: name.to_owned(),
        ..Deed::default()
    };
    record(conn, actor, deed)?;
    Ok(moved)
}

/// Takes over the years that come with the program and that a portal does not have yet, for every
/// portal; what is open is counted anew. Says how many years there were. To be called in a
/// transaction, when the program starts.
pub fn plant(conn: &mut Conn, catalog: &Catalog, now: NaiveDateTime) -> Result<usize> {
    let portals = sites::table.filter(sites::portal_id.is_null());
    let portals: Vec<SiteId> = portals.select(sites::id).load(conn)?;
    let mut planted = 0;
    for portal in portals {
        hold(conn, portal)?;
        let known = calendar_years::table.filter(calendar_years::portal_id.eq(portal));
        let known: Vec<i32> = known.select(calendar_years::year).load(conn)?;
        for (year, _) in catalog.years().filter(|(year, _)| !known.contains(year)) {
            let calendar = of_portal(conn, portal, catalog)?;
            keep_year(conn, portal, year, &calendar)?;
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
            let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
            let moved = moves(conn, portal, &calendar, (first, last))?;
            let actor = Actor { site: portal, user: None, now };
            settle(conn, actor, (CalendarAction::Planted, first, "", ""), &moved)?;
            planted += 1;
        }
    }
    Ok(planted)
}

/// Writes a year as `calendar` has it.
fn keep_year(conn: &mut Conn, portal: SiteId, year: i32, calendar: &Calendar) -> Result<()> {
    let row = (calendar_years::portal_id.eq(portal), calendar_years::year.eq(year));
    let new = diesel::insert_into(calendar_years::table).values(row);
    on_each!(conn, |conn| new.on_conflict_do_nothing().execute(conn))?;
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    let old = calendar_days::table
        .filter(calendar_days::portal_id.eq(portal))
        .filter(calendar_days::day.between(first, last));
    diesel::delete(old).execute(conn)?;
    for day in calendar.days_of(year) {
        let row = (
            calendar_days::portal_id.eq(portal),
            calendar_days::day.eq(day.day),
            calendar_days::kind.eq(day.kind),
            calendar_days::name.eq(day.name),
        );
        diesel::insert_into(calendar_days::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The open clocks of all sites of a portal that end elsewhere by `calendar`, where it differs
/// from what it was on some of the days `first` to `last`.
fn moves(
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
fn settle(
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

/// The latest changes of a portal's calendar, newest first.
pub fn changes(conn: &mut Conn, portal: SiteId, limit: i64) -> Result<Vec<Made>> {
    Ok(calendar_changes::table
        .left_join(users::table)
        .filter(calendar_changes::portal_id.eq(portal))
        .order((calendar_changes::at.desc(), calendar_changes::id.desc()))
        .limit(limit)
        .select((
            calendar_changes::id,
            calendar_changes::at,
            users::name.nullable(),
            calendar_changes::action,
            calendar_changes::day,
            calendar_changes::kind,
            calendar_changes::name,
            calendar_changes::moved,
        ))
        .load(conn)?)
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
