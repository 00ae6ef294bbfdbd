//! The staff's side: what waits, what went wrong, putting a letter back.

use base::{Error, Message, Result, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{mail_refusals, mails, sites},
};
use diesel::prelude::*;

use crate::model::{MailId, Reason, State, masked};

/// Whose letters somebody may see.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope {
    /// Those of one site.
    Site(SiteId),
    /// Those of a portal and all its components.
    Province(SiteId),
}

/// A letter in the list.
#[derive(Debug, Queryable)]
pub(crate) struct Line {
    pub(crate) id: MailId,
    pub(crate) site: String,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) state: State,
    pub(crate) reason: Reason,
    pub(crate) words: String,
    pub(crate) attempts: i32,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) due_at: NaiveDateTime,
    pub(crate) done_at: Option<NaiveDateTime>,
    pub(crate) body: String,
}

/// The letters somebody may see: where every query begins.
macro_rules! of {
    ($scope:expr) => {{
        let letters = mails::table.inner_join(sites::table).into_boxed();
        match $scope {
            Scope::Site(site) => letters.filter(mails::site_id.eq(site)),
            Scope::Province(portal) => {
                letters.filter(sites::id.eq(portal).or(sites::portal_id.eq(portal)))
            }
        }
    }};
}

/// The newest letters in one state, or in any: `limit` of them after the first `skip`.
pub(crate) fn list(
    conn: &mut Conn,
    scope: Scope,
    state: Option<State>,
    (skip, limit): (i64, i64),
) -> Result<Vec<Line>> {
    let mut letters = of!(scope);
    if let Some(state) = state {
        letters = letters.filter(mails::state.eq(state));
    }
    Ok(letters
        .order((mails::created_at.desc(), mails::id.desc()))
        .offset(skip)
        .limit(limit)
        .select((
            mails::id,
            sites::name,
            mails::recipient,
            mails::subject,
            mails::state,
            mails::reason,
            mails::words,
            mails::attempts,
            mails::created_at,
            mails::due_at,
            mails::done_at,
            mails::body,
        ))
        .load(conn)?)
}

/// How many letters are in each state.
pub(crate) fn counts(conn: &mut Conn, scope: Scope) -> Result<Vec<(State, i64)>> {
    let mut counts = Vec::new();
    for state in State::ALL {
        let count = of!(scope).filter(mails::state.eq(*state)).count().get_result(conn)?;
        counts.push((*state, count));
    }
    Ok(counts)
}

/// How many letters of the whole installation are in each state, for the figures of the operator.
pub fn totals(conn: &mut Conn) -> Result<Vec<(State, i64)>> {
    let mut totals = Vec::new();
    for state in State::ALL {
        let count = mails::table.filter(mails::state.eq(*state)).count().get_result(conn)?;
        totals.push((*state, count));
    }
    Ok(totals)
}

/// Puts a letter back into the queue, with a new account of its attempts. That its address was
/// refused is forgotten: a person knows better.
pub(crate) fn send_again(conn: &mut Conn, scope: Scope, actor: Actor, id: MailId) -> Result<()> {
    let found = of!(scope).filter(mails::id.eq(id)).select((
        mails::site_id,
        mails::state,
        mails::recipient,
        mails::recipient_hash,
        mails::body,
    ));
    let (site, state, recipient, hash, body): (SiteId, State, String, String, String) =
        found.first(conn)?;
    if body.is_empty() {
        return Err(Error::conflict(Message::new("mail.forgotten")));
    }
    let stuck = mails::table.filter(mails::id.eq(id).and(mails::state.eq(state)));
    let back = (
        mails::state.eq(State::Queued),
        mails::reason.eq(Reason::Nothing),
        mails::words.eq(""),
        mails::attempts.eq(0),
        mails::queued_at.eq(actor.now),
        mails::due_at.eq(actor.now),
        mails::done_at.eq(None::<NaiveDateTime>),
    );
    if !state.can_go_again() || diesel::update(stuck).set(back).execute(conn)? == 0 {
        return Err(Error::conflict(Message::new("mail.not_now")));
    }
    diesel::delete(mail_refusals::table.find((site, hash))).execute(conn)?;
    let deed = Deed {
        action: "mail_sent_again",
        subject: Some(id.uuid()),
        target: masked(&recipient),
        ..Deed::default()
    };
    record(conn, Actor { site, ..actor }, deed)
}
