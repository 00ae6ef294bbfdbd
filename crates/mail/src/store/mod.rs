//! Letters in the database: written here, in the transaction of what they tell. `queue` is the
//! postman's side, `desk` the staff's, `wishes` the recipient's.

pub mod desk;
pub mod queue;
pub mod wishes;

use base::{Locale, Result, Site, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn, on_each,
    schema::{mail_refusals, mails},
};
use diesel::prelude::*;
use theme::Themes;
use web::cookies::secret;

pub(crate) use queue::Claimed;

use crate::{
    Kind, Letter,
    compose::{Text, compose},
    model::{MailId, Reason, State},
};

/// What became of a letter when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in the queue.
    Queued,
    /// This event was told to this recipient before; nothing was written.
    Repeated,
    /// The recipient wants no notices of this topic; nothing was written.
    Unsubscribed,
    /// A server refused this address before. The letter stands in the staff's list and is not
    /// sent; whoever wrote it can say so.
    Undeliverable,
}

/// Where the page that stops notices is, before its secret.
pub(crate) const STOP: &str = "/thu/thoi-nhan";

/// Writes `letter` in the name of `site` and in its language.
///
/// It is part of the caller's transaction: no letter without its event, no event without its
/// letter. However often it is called, each recipient gets one letter of an event.
pub fn send(
    conn: &mut Conn,
    (themes, site): (&Themes, &Site),
    letter: &Letter,
    now: NaiveDateTime,
) -> Result<Fate> {
    let hash = letter.to.hash();
    let topic = letter.kind.topic();
    if letter.kind != Kind::Transactional && wishes::is_stopped(conn, site.id, &hash, topic)? {
        return Ok(Fate::Unsubscribed);
    }
    if is_written(conn, site.id, &letter.event_key, &hash)? {
        return Ok(Fate::Repeated);
    }
    let token = if topic.is_empty() { String::new() } else { secret() };
    // Below /en it is found at its Vietnamese address as well.
    let language = if site.locale == Locale::En { "/en" } else { "" };
    let stop = (!token.is_empty()).then(|| format!("{}{language}{STOP}/{token}", site.url));
    let text = compose(themes, site, letter, stop.as_deref())?;
    let refused = refusal(conn, site.id, &hash)?;
    let row = Row { hash, token, stop: stop.unwrap_or_default(), text, refused };
    insert(conn, site, letter, (row, now))
}

/// What a row of `mails` has beside its letter.
struct Row {
    hash: String,
    token: String,
    stop: String,
    text: Text,
    /// What a server said when it refused this address.
    refused: Option<String>,
}

fn insert(
    conn: &mut Conn,
    site: &Site,
    letter: &Letter,
    (row, now): (Row, NaiveDateTime),
) -> Result<Fate> {
    let (state, reason, fate) = match row.refused {
        Some(_) => (State::Refused, Reason::RefusedBefore, Fate::Undeliverable),
        None => (State::Queued, Reason::Nothing, Fate::Queued),
    };
    let done = row.refused.is_some().then_some(now);
    let values = (
        mails::id.eq(MailId::new()),
        mails::site_id.eq(site.id),
        mails::event_key.eq(&letter.event_key),
        mails::recipient.eq(letter.to.as_str()),
        mails::recipient_hash.eq(row.hash),
        mails::topic.eq(letter.kind.topic()),
        mails::sender.eq(&site.name),
        mails::reply_to.eq(&site.identity.email),
        mails::subject.eq(row.text.subject),
        mails::body.eq(row.text.body),
        mails::html.eq(row.text.html),
        mails::token.eq(row.token),
        mails::unsubscribe.eq(row.stop),
        (
            mails::state.eq(state),
            mails::reason.eq(reason),
            mails::words.eq(row.refused.unwrap_or_default()),
            mails::attempts.eq(0),
            mails::created_at.eq(now),
            mails::queued_at.eq(now),
            mails::due_at.eq(now),
            mails::done_at.eq(done),
        ),
    );
    // Somebody may have written the same letter since we looked: the key decides.
    let written = on_each!(conn, |conn| diesel::insert_into(mails::table)
        .values(values)
        .on_conflict((mails::site_id, mails::event_key, mails::recipient_hash))
        .do_nothing()
        .execute(conn))?;
    Ok(if written == 0 { Fate::Repeated } else { fate })
}

fn is_written(conn: &mut Conn, site: SiteId, event_key: &str, hash: &str) -> Result<bool> {
    let same = mails::table
        .filter(mails::site_id.eq(site))
        .filter(mails::event_key.eq(event_key).and(mails::recipient_hash.eq(hash)));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}

/// What a server said when it refused an address for good.
fn refusal(conn: &mut Conn, site: SiteId, hash: &str) -> Result<Option<String>> {
    let row = mail_refusals::table.find((site, hash));
    Ok(row.select(mail_refusals::words).first(conn).optional()?)
}

/// Remembers that an address is refused.
fn remember_refusal(
    conn: &mut Conn,
    (site, hash): (SiteId, &str),
    words: &str,
    now: NaiveDateTime,
) -> Result<()> {
    let change = (mail_refusals::words.eq(words), mail_refusals::at.eq(now));
    let row = (
        mail_refusals::site_id.eq(site),
        mail_refusals::recipient_hash.eq(hash),
        mail_refusals::words.eq(words),
        mail_refusals::at.eq(now),
    );
    on_each!(conn, |conn| diesel::insert_into(mail_refusals::table)
        .values(row)
        .on_conflict((mail_refusals::site_id, mail_refusals::recipient_hash))
        .do_update()
        .set(change)
        .execute(conn))?;
    Ok(())
}
