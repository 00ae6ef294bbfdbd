//! Clocks in the database. Every query starts from a site's id; the calendar belongs to the
//! portal of the sites.
//!
//! Read this file for the rows and how they are read, `acts` for what can be done to a clock,
//! `calendar` for the calendar and its changes, `moves` for what those move.

mod acts;
pub mod calendar;
pub mod moves;

pub use acts::{NewClock, cancel, extend, meet, move_to_site, pause, resume, start};
pub use calendar::{calendar, change_calendar};

use anyhow::Context;
use base::{Error, Result, SiteId, uuid::Uuid};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{calendar_changes, clock_events, clocks, sites, users},
};
use diesel::prelude::*;

use crate::{
    ClockId,
    model::{
        Bound, Calendar, Due, Explanation, Happening, Limit, Span, Standing, Unit, What, explain,
        standing::Ended,
    },
};

/// What a clock runs for: the feature's word for the thing (`case`) and its key there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Kind of thing, in small letters; never changed.
    pub kind: &'static str,
    /// Its key.
    pub id: Uuid,
}

/// A clock.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = clocks)]
pub struct Clock {
    /// Its key.
    pub id: ClockId,
    /// Who must meet it.
    pub site_id: SiteId,
    /// [`Subject::kind`].
    pub subject_kind: String,
    /// [`Subject::id`], 16 bytes.
    pub subject: Vec<u8>,
    /// Of the catalogue: `DL-08`.
    pub code: String,
    /// Of the catalogue: `transfer`.
    pub stage: String,
    /// What its end means.
    pub bound: Bound,
    terms: String,
    /// The event it counts from, in UTC.
    pub started_at: NaiveDateTime,
    /// The first instant after it, in UTC; while it stands still, what that was before.
    pub due_at: NaiveDateTime,
    /// The last day of it in Viet Nam: what people are told.
    pub due_day: NaiveDate,
    /// Since when it stands still; kept when it is met meanwhile.
    pub paused_at: Option<NaiveDateTime>,
    /// When it was met.
    pub met_at: Option<NaiveDateTime>,
    /// When it was called off.
    pub cancelled_at: Option<NaiveDateTime>,
}

impl Clock {
    /// The limit it was started with, whatever the catalogue says today.
    pub fn limit(&self) -> Result<Limit> {
        Ok(serde_json::from_str(&self.terms).context("terms of a clock")?)
    }

    /// Whether it still runs or stands still.
    pub fn is_open(&self) -> bool {
        self.met_at.is_none() && self.cancelled_at.is_none()
    }

    /// Its end.
    pub fn due(&self) -> Due {
        Due { at: self.due_at, day: self.due_day }
    }

    /// How it stands at `now` (UTC).
    pub fn standing(&self, calendar: &Calendar, now: NaiveDateTime) -> Standing {
        let ended =
            Ended { paused: self.paused_at, met: self.met_at, cancelled: self.cancelled_at };
        Standing::of(self.bound, self.due(), ended, (calendar, now))
    }
}

base::text_enum!(
    /// What was done to a clock.
    Action {
        /// It began to count.
        Started = "started",
        /// It was stopped.
        Paused = "paused",
        /// It went on.
        Resumed = "resumed",
        /// It was given more time.
        Extended = "extended",
        /// It was met.
        Met = "met",
        /// It was called off.
        Cancelled = "cancelled",
        /// A change of the calendar moved its end.
        Moved = "moved",
        /// It went to another site with its subject.
        HandedOver = "handed_over",
    }
);

/// A line of a clock's history.
#[derive(Clone, Debug, Queryable)]
pub struct Line {
    /// When, in UTC.
    pub at: NaiveDateTime,
    /// Who; `None` stands for the program, or for somebody who was not signed in.
    pub who: Option<String>,
    /// What.
    pub action: Action,
    /// By how much it was extended; 0 for not.
    pub amount: i32,
    /// The spelling of the extension's [`Unit`]; empty for none.
    pub unit: String,
    /// Why.
    pub reason: String,
    /// How those who wait were told.
    pub notice: String,
    /// The last day before, where it moved.
    pub old_due: Option<NaiveDate>,
    /// The last day since.
    pub new_due: Option<NaiveDate>,
    /// The day of the calendar whose change moved it.
    pub cause_day: Option<NaiveDate>,
    /// The name of that day.
    pub cause: Option<String>,
    /// The name of the site that handed it over.
    pub from: Option<String>,
}

/// The portal of a site: itself, where it is one.
pub(crate) fn portal_of(conn: &mut Conn, site: SiteId) -> Result<SiteId> {
    let portal: Option<SiteId> = sites::table.find(site).select(sites::portal_id).first(conn)?;
    Ok(portal.unwrap_or(site))
}

/// The clock called `id` on a site.
pub fn by_id(conn: &mut Conn, site: SiteId, id: ClockId) -> Result<Clock> {
    let clock = clocks::table.filter(clocks::site_id.eq(site).and(clocks::id.eq(id)));
    Ok(clock.select(Clock::as_select()).first(conn)?)
}

/// Every clock of a subject on a site, oldest first.
pub fn of_subject(conn: &mut Conn, site: SiteId, subject: Subject) -> Result<Vec<Clock>> {
    Ok(clocks::table
        .filter(clocks::site_id.eq(site))
        .filter(clocks::subject.eq(subject.id.as_bytes().to_vec()))
        .filter(clocks::subject_kind.eq(subject.kind))
        .order((clocks::started_at, clocks::id))
        .select(Clock::as_select())
        .load(conn)?)
}

/// The clocks of a site that run and end no later than `instant` (UTC), the most urgent first, at
/// most `limit` of them. What stands still is not among them, nor what only has to last.
pub fn open_due_before(
    conn: &mut Conn,
    site: SiteId,
    instant: NaiveDateTime,
    limit: i64,
) -> Result<Vec<Clock>> {
    Ok(clocks::table
        .filter(clocks::site_id.eq(site).and(clocks::due_at.le(instant)))
        .filter(clocks::met_at.is_null().and(clocks::cancelled_at.is_null()))
        .filter(clocks::paused_at.is_null().and(clocks::bound.ne(Bound::AtLeast)))
        .order((clocks::due_at, clocks::id))
        .limit(limit)
        .select(Clock::as_select())
        .load(conn)?)
}

/// Everything that happened to a clock of a site, oldest first.
pub fn history(conn: &mut Conn, site: SiteId, id: ClockId) -> Result<Vec<Line>> {
    Ok(clock_events::table
        .left_join(users::table)
        .left_join(calendar_changes::table)
        .left_join(sites::table.on(clock_events::from_site.eq(sites::id.nullable())))
        .filter(clock_events::site_id.eq(site).and(clock_events::clock_id.eq(id)))
        .order((clock_events::at, clock_events::id))
        .select((
            clock_events::at,
            users::name.nullable(),
            clock_events::action,
            clock_events::amount,
            clock_events::unit,
            clock_events::reason,
            clock_events::notice,
            clock_events::old_due,
            clock_events::new_due,
            calendar_changes::day.nullable(),
            calendar_changes::name.nullable(),
            sites::name.nullable(),
        ))
        .load(conn)?)
}

/// Why a clock ends when it does: every day counted and skipped.
pub fn explanation(conn: &mut Conn, calendar: &Calendar, clock: &Clock) -> Result<Explanation> {
    let happenings = happenings(conn, &[clock.id])?.remove(&clock.id).unwrap_or_default();
    Ok(explain(&clock.limit()?, calendar, &happenings))
}

/// What happened to each of some clocks, as counting needs it, oldest first.
pub(crate) fn happenings(
    conn: &mut Conn,
    ids: &[ClockId],
) -> Result<std::collections::BTreeMap<ClockId, Vec<Happening>>> {
    type Row = (ClockId, NaiveDateTime, Action, i32, String, String);
    let mut found = std::collections::BTreeMap::<ClockId, Vec<Happening>>::new();
    // Databases take only so many parameters.
    for ids in ids.chunks(500) {
        let rows: Vec<Row> = clock_events::table
            .filter(clock_events::clock_id.eq_any(ids))
            .order((clock_events::at, clock_events::id))
            .select((
                clock_events::clock_id,
                clock_events::at,
                clock_events::action,
                clock_events::amount,
                clock_events::unit,
                clock_events::reason,
            ))
            .load(conn)?;
        for (clock, at, action, amount, unit, reason) in rows {
            let what = match action {
                Action::Started => What::Started,
                Action::Paused => What::Paused { reason },
                Action::Resumed => What::Resumed,
                Action::Extended => What::Extended { by: span(amount, &unit)? },
                Action::Met => What::Met,
                Action::Cancelled => What::Cancelled,
                Action::Moved | Action::HandedOver => continue,
            };
            found.entry(clock).or_default().push(Happening { at, what });
        }
    }
    Ok(found)
}

fn span(amount: i32, unit: &str) -> Result<Span> {
    let amount = u32::try_from(amount).context("the amount of an extension")?;
    let unit = Unit::parse(unit).context("the unit of an extension")?;
    Ok::<_, Error>(Span { amount, unit })
}
