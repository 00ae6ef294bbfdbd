//! The recipient's side: stopping notices.

use base::{Error, Result, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn, on_each,
    schema::{mail_unsubscribed, mails},
};
use diesel::prelude::*;

use crate::model::{Reason, State};

/// The letter that a secret stands in.
pub(crate) struct Origin {
    pub(crate) topic: String,
    pub(crate) recipient: String,
    pub(crate) hash: String,
    /// Whether such notices are stopped already.
    pub(crate) stopped: bool,
}

/// Whether a recipient wants no notices of a topic.
pub(crate) fn is_stopped(conn: &mut Conn, site: SiteId, hash: &str, topic: &str) -> Result<bool> {
    let row = mail_unsubscribed::table.find((site, hash, topic));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(conn)?)
}

/// The letter of `site` with `token` in it.
pub(crate) fn origin(conn: &mut Conn, site: SiteId, token: &str) -> Result<Origin> {
    if token.is_empty() {
        return Err(Error::NotFound);
    }
    let (topic, recipient, hash): (String, String, String) = mails::table
        .filter(mails::site_id.eq(site).and(mails::token.eq(token)))
        .select((mails::topic, mails::recipient, mails::recipient_hash))
        .first(conn)?;
    let stopped = is_stopped(conn, site, &hash, &topic)?;
    Ok(Origin { topic, recipient, hash, stopped })
}

/// Stops the notices that the letter with `token` was one of, those in the queue included.
pub(crate) fn stop(
    conn: &mut Conn,
    site: SiteId,
    token: &str,
    now: NaiveDateTime,
) -> Result<Origin> {
    let origin = origin(conn, site, token)?;
    let row = (
        mail_unsubscribed::site_id.eq(site),
        mail_unsubscribed::recipient_hash.eq(&origin.hash),
        mail_unsubscribed::topic.eq(&origin.topic),
        mail_unsubscribed::at.eq(now),
    );
    on_each!(conn, |conn| diesel::insert_into(mail_unsubscribed::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    let waiting = mails::table
        .filter(mails::site_id.eq(site).and(mails::state.eq(State::Queued)))
        .filter(mails::recipient_hash.eq(&origin.hash).and(mails::topic.eq(&origin.topic)));
    diesel::update(waiting)
        .set((
            mails::state.eq(State::Withheld),
            mails::reason.eq(Reason::Unsubscribed),
            mails::done_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Origin { stopped: true, ..origin })
}
