//! The calendar of a portal, shared by all its sites, and the changes of it.

use base::{Result, SiteId};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{calendar_changes, calendar_days, calendar_years, calendars, sites, users},
};
use diesel::prelude::*;

use super::{
    moves::{Moved, moves, settle},
    portal_of,
};
use crate::{
    Catalog, ChangeId,
    model::{Calendar, Day, DayKind, rules::CalendarChange},
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
/// all its sites that counts the day.
///
/// Says what moved; each clock has it in its history. What does not fit the calendar names the
/// field `day` or `name`.
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

/// Takes over the years that come with the program and that a portal does not have yet.
///
/// It does so for every portal, counts what is open anew, and says how many years there were. To
/// be called in a transaction, when the program starts.
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
