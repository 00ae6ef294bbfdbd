//! The log of deeds: who did what, when, to which edition. Append only (SEC-log3).

use base::{EditionId, EntryId, Result, SiteId, UserId, uuid::Uuid};
use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::{
    Conn,
    schema::{events, users},
};

base::id!(
    /// Identifies a line of the log.
    EventId
);

/// A deed about to be written down.
#[derive(Clone, Debug, Default)]
pub struct Deed {
    /// What was done, as a key of `config/locales/*/message.toml` under `event`.
    pub action: &'static str,
    /// The entry it was done to.
    pub entry: Option<EntryId>,
    /// The edition it was done to.
    pub edition: Option<EditionId>,
    /// What it was done to, when it is no entry: a key of that feature's table.
    pub subject: Option<Uuid>,
    /// The name of the thing, as it was at the time.
    pub target: String,
    /// Anything more a reader of the log must know.
    pub detail: String,
}

/// Who acts, where and when: the first three columns of every deed.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// The site acted upon.
    pub site: SiteId,
    /// The person; `None` stands for the command line.
    pub user: Option<UserId>,
    /// The time of the request.
    pub now: NaiveDateTime,
}

/// Writes `deed` down, in the transaction of the deed itself.
pub fn record(conn: &mut Conn, actor: Actor, deed: Deed) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::id.eq(EventId::new()),
            events::site_id.eq(actor.site),
            events::at.eq(actor.now),
            events::user_id.eq(actor.user),
            events::action.eq(deed.action),
            events::entry_id.eq(deed.entry),
            events::edition_id.eq(deed.edition),
            events::subject.eq(deed.subject.map(|it| it.as_bytes().to_vec())),
            events::target.eq(deed.target),
            events::detail.eq(deed.detail),
        ))
        .execute(conn)?;
    Ok(())
}

/// A line of the log.
#[derive(Clone, Debug, Queryable)]
pub struct Line {
    /// When.
    pub at: NaiveDateTime,
    /// Who; `None` stands for the command line.
    pub who: Option<String>,
    /// What, as recorded.
    pub action: String,
    /// To which entry.
    pub entry: Option<EntryId>,
    /// The name of the thing at the time.
    pub target: String,
    /// Anything more.
    pub detail: String,
}

/// Builds the query twice: once for the lines, once for their number.
macro_rules! matching {
    ($site:expr, $words:expr) => {{
        let log = events::table.left_join(users::table).filter(events::site_id.eq($site));
        let pattern = format!("%{}%", $words.replace(['%', '_', '\\'], ""));
        log.filter(events::target.like(pattern.clone()).or(events::detail.like(pattern)))
    }};
}

/// The columns of [`Line`], in its order.
macro_rules! columns {
    () => {
        (
            events::at,
            users::name.nullable(),
            events::action,
            events::entry_id,
            events::target,
            events::detail,
        )
    };
}

/// The latest deeds on a site whose target or detail has `words` in it: `limit` of them after
/// the first `skip`.
pub fn latest(
    conn: &mut Conn,
    site: SiteId,
    words: &str,
    (skip, limit): (i64, i64),
) -> Result<Vec<Line>> {
    Ok(matching!(site, words)
        .order((events::at.desc(), events::id.desc()))
        .offset(skip)
        .limit(limit)
        .select(columns!())
        .load(conn)?)
}

/// The latest deeds done to `subject` on a site.
pub fn of(conn: &mut Conn, site: SiteId, subject: Uuid, limit: i64) -> Result<Vec<Line>> {
    Ok(events::table
        .left_join(users::table)
        .filter(events::site_id.eq(site))
        .filter(events::subject.eq(subject.as_bytes().to_vec()))
        .order((events::at.desc(), events::id.desc()))
        .limit(limit)
        .select(columns!())
        .load(conn)?)
}

/// How many deeds [`latest`] would list in all.
pub fn count(conn: &mut Conn, site: SiteId, words: &str) -> Result<i64> {
    Ok(matching!(site, words).count().get_result(conn)?)
}
