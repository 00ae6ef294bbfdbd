//! Epochs: what tells a cached page that its site has changed.

use base::{Result, SiteId};
use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::{Conn, schema::epochs};

/// Starts the count of a new site.
pub fn start(conn: &mut Conn, site: SiteId, now: NaiveDateTime) -> Result<()> {
    let row = (epochs::site_id.eq(site), epochs::epoch.eq(1), epochs::touched_at.eq(now));
    diesel::insert_into(epochs::table).values(row).execute(conn)?;
    Ok(())
}

/// Says that the public content of `site` changes in this transaction.
pub fn raise(conn: &mut Conn, site: SiteId, now: NaiveDateTime) -> Result<()> {
    let change = (epochs::epoch.eq(epochs::epoch + 1), epochs::touched_at.eq(now));
    diesel::update(epochs::table.find(site)).set(change).execute(conn)?;
    Ok(())
}

/// The epoch of `site`.
pub fn of(conn: &mut Conn, site: SiteId) -> Result<i64> {
    Ok(epochs::table.find(site).select(epochs::epoch).first(conn)?)
}

/// Every site's epoch. Times would not do: they are of the request's arrival, and of clocks
/// that differ.
pub fn all(conn: &mut Conn) -> Result<Vec<(SiteId, i64)>> {
    Ok(epochs::table.select((epochs::site_id, epochs::epoch)).load(conn)?)
}
