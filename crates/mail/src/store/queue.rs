//! The postman's side: what is due, who has it, what became of it.
//!
//! Postmen serve all sites, so these queries begin with the letter and not with the site.

use base::{Result, SiteId};
use chrono::NaiveDateTime;
use db::{Conn, schema::mails};
use diesel::prelude::*;

use super::remember_refusal;
use crate::{
    model::{MailId, Reason, State, masked, said, wait},
    wire::Outcome,
};

/// A letter that a postman has and nobody else.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub(crate) struct Claimed {
    pub(crate) id: MailId,
    pub(crate) site_id: SiteId,
    pub(crate) recipient: String,
    pub(crate) recipient_hash: String,
    pub(crate) sender: String,
    pub(crate) reply_to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) html: String,
    pub(crate) unsubscribe: String,
    pub(crate) attempts: i32,
    pub(crate) created_at: NaiveDateTime,
}

/// Letters whose postman never came back: nobody knows whether the server has them.
pub(crate) fn lose(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    let lost =
        mails::table.filter(mails::state.eq(State::Sending)).filter(mails::lease_until.lt(now));
    Ok(diesel::update(lost)
        .set((
            mails::state.eq(State::Uncertain),
            mails::reason.eq(Reason::Lost),
            mails::lease_until.eq(None::<NaiveDateTime>),
            mails::done_at.eq(now),
        ))
        .execute(conn)?)
}

/// Letters that have waited since `before` are given up. Why they waited stays.
pub(crate) fn give_up(conn: &mut Conn, now: NaiveDateTime, before: NaiveDateTime) -> Result<usize> {
    let old =
        mails::table.filter(mails::state.eq(State::Queued)).filter(mails::queued_at.lt(before));
    let change = (mails::state.eq(State::Late), mails::done_at.eq(now));
    Ok(diesel::update(old).set(change).execute(conn)?)
}

/// The letters that are due, those that waited longest first.
pub(crate) fn due(conn: &mut Conn, now: NaiveDateTime, limit: i64) -> Result<Vec<MailId>> {
    Ok(mails::table
        .filter(mails::state.eq(State::Queued))
        .filter(mails::due_at.le(now))
        .order((mails::due_at, mails::id))
        .limit(limit)
        .select(mails::id)
        .load(conn)?)
}

/// Takes a letter until `until`; `None` when somebody else was quicker.
pub(crate) fn claim(
    conn: &mut Conn,
    id: MailId,
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> Result<Option<Claimed>> {
    let free = mails::table
        .filter(mails::id.eq(id))
        .filter(mails::state.eq(State::Queued).and(mails::due_at.le(now)));
    let taken = diesel::update(free)
        .set((
            mails::state.eq(State::Sending),
            mails::attempts.eq(mails::attempts + 1),
            mails::lease_until.eq(until),
        ))
        .execute(conn)?;
    match taken {
        0 => Ok(None),
        _ => Ok(Some(mails::table.find(id).select(Claimed::as_select()).first(conn)?)),
    }
}

/// Writes down what became of a letter.
pub(crate) fn settle(
    conn: &mut Conn,
    mail: &Claimed,
    outcome: &Outcome,
    now: NaiveDateTime,
) -> Result<()> {
    let clean = |words: &str| said(words, &mail.recipient);
    let (state, reason, words) = match outcome {
        Outcome::Sent => (State::Sent, Reason::Nothing, String::new()),
        Outcome::Busy(words) => (State::Queued, Reason::Busy, clean(words)),
        Outcome::Broken(words) => (State::Queued, Reason::Broken, clean(words)),
        Outcome::Refused { words, .. } => (State::Refused, Reason::Refused, clean(words)),
        Outcome::NoAnswer(words) => (State::Uncertain, Reason::NoAnswer, clean(words)),
    };
    if let Outcome::Refused { of_recipient: true, .. } = outcome {
        remember_refusal(conn, (mail.site_id, &mail.recipient_hash), &words, now)?;
    }
    let done = (state != State::Queued).then_some(now);
    // A letter whose lease ran out meanwhile is with the staff; the truth is still welcome.
    diesel::update(mails::table.find(mail.id))
        .filter(mails::state.eq_any([State::Sending, State::Uncertain]))
        .set((
            mails::state.eq(state),
            mails::reason.eq(reason),
            mails::words.eq(words),
            mails::due_at.eq(now + wait(mail.attempts)),
            mails::lease_until.eq(None::<NaiveDateTime>),
            mails::done_at.eq(done),
        ))
        .execute(conn)?;
    Ok(())
}

/// Says of every letter that is due why it waits.
pub(crate) fn unreachable(conn: &mut Conn, now: NaiveDateTime, words: &str) -> Result<()> {
    let waiting = mails::table
        .filter(mails::state.eq(State::Queued))
        .filter(mails::due_at.le(now).and(mails::reason.ne(Reason::Unreachable)));
    let words = said(words, "");
    diesel::update(waiting)
        .set((mails::reason.eq(Reason::Unreachable), mails::words.eq(words)))
        .execute(conn)?;
    Ok(())
}

/// How many letters are emptied in one transaction.
const BATCH: i64 = 500;

/// Empties letters that were done with before `before`: their text goes, their address is
/// masked. What they were about, and that nobody is told twice, stays.
pub(crate) fn forget(conn: &mut Conn, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<(MailId, String)> = mails::table
        .filter(mails::done_at.lt(before).and(mails::body.ne("")))
        .order(mails::done_at)
        .limit(BATCH)
        .select((mails::id, mails::recipient))
        .load(conn)?;
    for (id, recipient) in &old {
        let change =
            (mails::body.eq(""), mails::html.eq(""), mails::recipient.eq(masked(recipient)));
        diesel::update(mails::table.find(*id)).set(change).execute(conn)?;
    }
    Ok(old.len())
}

/// Notes that a letter came back; `None` when we wrote no such letter. `is_final` says that its
/// recipient will not get others either.
pub fn bounce(
    conn: &mut Conn,
    (id, recipient): (MailId, &str),
    (words, is_final): (&str, bool),
    now: NaiveDateTime,
) -> Result<Option<State>> {
    let row: Option<(SiteId, String, String)> = mails::table
        .find(id)
        .select((mails::site_id, mails::recipient_hash, mails::recipient))
        .first(conn)
        .optional()?;
    let Some((site, hash, address)) = row else { return Ok(None) };
    let words = said(&said(words, recipient), &address);
    if is_final {
        remember_refusal(conn, (site, &hash), &words, now)?;
    }
    let change = (
        mails::state.eq(State::Bounced),
        mails::reason.eq(Reason::Bounced),
        mails::words.eq(words),
        mails::done_at.eq(now),
    );
    diesel::update(mails::table.find(id)).set(change).execute(conn)?;
    Ok(Some(State::Bounced))
}
