//! The outbox: what changed for the public, in an order that every reader sees alike.
//!
//! A writer leaves a row without a position, in its own transaction. Positions are given when
//! rows are read: two transactions may commit in another order than they began, and a position
//! given at writing could appear after a reader has passed it.

use base::{Result, SiteId, uuid::Uuid};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::{
    Conn,
    schema::{outbox, outbox_position, sites},
};

base::id!(
    /// Identifies a row of the outbox.
    ChangeId
);

/// How many rows get their position at once.
const BATCH: i64 = 2000;

/// How long rows are kept. A reader that was away for longer reads everything anew.
const KEPT: TimeDelta = TimeDelta::days(14);

/// Something whose public face may have changed.
#[derive(Clone, Debug, Eq, PartialEq, Queryable)]
pub struct Change {
    /// Its place in the order of changes.
    pub position: i64,
    /// Whose it is.
    pub site: SiteId,
    /// Which feature knows it.
    pub topic: String,
    /// Its key there.
    pub subject: Vec<u8>,
}

impl Change {
    /// The key as an id.
    pub fn key(&self) -> Result<Uuid> {
        Ok(Uuid::from_slice(&self.subject).map_err(anyhow::Error::from)?)
    }
}

/// Says that what the public sees of `subject` changes in this transaction.
pub fn tell(
    conn: &mut Conn,
    site: SiteId,
    (topic, subject): (&'static str, Uuid),
    now: NaiveDateTime,
) -> Result<()> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(ChangeId::new()),
            outbox::site_id.eq(site),
            outbox::topic.eq(topic),
            outbox::subject.eq(subject.as_bytes().as_slice()),
            outbox::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether changes wait for their position.
pub fn waits(conn: &mut Conn) -> Result<bool> {
    let waiting = outbox::table.filter(outbox::position.is_null());
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn)?)
}

/// Gives waiting changes their positions; to be called in a transaction. Says how many.
pub fn order(conn: &mut Conn) -> Result<usize> {
    // Taking the row first keeps other processes out until this transaction ends.
    let row = outbox_position::table.find(1);
    diesel::update(row)
        .set(outbox_position::position.eq(outbox_position::position))
        .execute(conn)?;
    let mut last: i64 = row.select(outbox_position::position).first(conn)?;
    let waiting: Vec<ChangeId> = outbox::table
        .filter(outbox::position.is_null())
        .order(outbox::id)
        .limit(BATCH)
        .select(outbox::id)
        .load(conn)?;
    for id in &waiting {
        last += 1;
        diesel::update(outbox::table.find(*id)).set(outbox::position.eq(last)).execute(conn)?;
    }
    diesel::update(row).set(outbox_position::position.eq(last)).execute(conn)?;
    Ok(waiting.len())
}

/// A site that a change can be told of when it concerns all of them.
pub fn any_site(conn: &mut Conn) -> Result<Option<SiteId>> {
    Ok(sites::table.select(sites::id).first(conn).optional()?)
}

/// The changes after `position`, oldest first.
pub fn after(conn: &mut Conn, position: i64, limit: i64) -> Result<Vec<Change>> {
    Ok(outbox::table
        .filter(outbox::position.gt(position))
        .order(outbox::position)
        .limit(limit)
        .select((
            outbox::position.assume_not_null(),
            outbox::site_id,
            outbox::topic,
            outbox::subject,
        ))
        .load(conn)?)
}

/// The last position that was given; 0 before the first.
pub fn last(conn: &mut Conn) -> Result<i64> {
    Ok(outbox_position::table.find(1).select(outbox_position::position).first(conn)?)
}

/// Whether every change after `position` is still there.
pub fn reaches_back_to(conn: &mut Conn, position: i64) -> Result<bool> {
    let positions = outbox::table.select(diesel::dsl::min(outbox::position));
    let oldest: Option<i64> = positions.get_result(conn)?;
    let last = last(conn)?;
    Ok(position <= last && oldest.map_or(position == last, |oldest| position >= oldest - 1))
}

/// Drops changes so old that their readers begin anew anyhow; the newest always stays.
pub fn prune(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    let last = last(conn)?;
    let old = outbox::table.filter(outbox::at.lt(now - KEPT).and(outbox::position.lt(last)));
    Ok(diesel::delete(old).execute(conn)?)
}
