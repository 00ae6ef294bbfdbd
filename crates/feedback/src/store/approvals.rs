//! Links that approve one version of one answer in the name of one person. They work once and not
//! for long; looking at one changes nothing, because programs look at every link in a letter.

use accounts::model::{Rights, Role};
use base::{Error, Result, SiteId, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::Actor,
    schema::{case_approvals, roles, users},
};
use diesel::prelude::*;
use web::cookies::{digest, secret};

use super::{
    Case, Desk,
    answers::{self, Answer, Version},
};
use crate::{
    AnswerId,
    model::{answer::Approval, state},
};

/// Makes a link for `person` to approve the answer that waits; gives its secret.
pub fn make(
    conn: &mut Conn,
    actor: Actor,
    answer: &Answer,
    person: UserId,
    expires: NaiveDateTime,
) -> Result<String> {
    let rights = rights(conn, actor.site, person)?;
    let touched = answer.touched_by(Some(person));
    // Who could not approve on the screen gets no link to do it by.
    Approval { stage: answer.stage, touched, rights, self_approval: false }.check()?;
    let secret = secret();
    diesel::insert_into(case_approvals::table)
        .values((
            case_approvals::token.eq(digest(&secret)),
            case_approvals::answer_id.eq(answer.id),
            case_approvals::site_id.eq(actor.site),
            case_approvals::user_id.eq(person),
            case_approvals::lock.eq(answer.lock),
            case_approvals::expires_at.eq(expires),
        ))
        .execute(conn)?;
    Ok(secret)
}

/// What a link is for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The case.
    pub case: Case,
    /// The answer, still in the version the link is bound to.
    pub answer: Answer,
    /// Who is asked.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Until when.
    pub expires: NaiveDateTime,
}

/// What the link `secret` asks for. One that is used, too old, of another site, or bound to a
/// version that has changed since, asks for nothing.
pub fn asked(conn: &mut Conn, site: SiteId, secret: &str, now: NaiveDateTime) -> Result<Asked> {
    let row: Option<(AnswerId, UserId, i32, NaiveDateTime, String)> = case_approvals::table
        .inner_join(users::table.on(users::id.eq(case_approvals::user_id)))
        .filter(case_approvals::site_id.eq(site).and(case_approvals::token.eq(digest(secret))))
        .filter(case_approvals::used_at.is_null().and(case_approvals::expires_at.gt(now)))
        .filter(users::disabled.eq(false))
        .select((
            case_approvals::answer_id,
            case_approvals::user_id,
            case_approvals::lock,
            case_approvals::expires_at,
            users::name,
        ))
        .first(conn)
        .optional()?;
    let ended = || Error::conflict("case.link_ended");
    let (answer, user, lock, expires, name) = row.ok_or_else(ended)?;
    let (case, answer) = answers::with_case(conn, site, answer).map_err(|err| match err {
        // It moved to another office since.
        Error::NotFound => ended(),
        err => err,
    })?;
    let rights = rights(conn, site, user)?;
    let touched = answer.touched_by(Some(user));
    let may = Approval { stage: answer.stage, touched, rights, self_approval: false }.check();
    match may {
        Ok(()) if answer.lock == lock => Ok(Asked { case, answer, user, name, expires }),
        _ => Err(ended()),
    }
}

/// Approves by a link, once.
pub fn redeem(conn: &mut Conn, desk: &Desk<'_>, secret: &str) -> Result<()> {
    let Actor { site, now, .. } = desk.actor;
    let asked = asked(conn, site, secret, now)?;
    let link = case_approvals::table
        .filter(case_approvals::site_id.eq(site).and(case_approvals::token.eq(digest(secret))));
    let used = diesel::update(link.filter(case_approvals::used_at.is_null()))
        .set(case_approvals::used_at.eq(now))
        .execute(conn)?;
    if used == 0 {
        return Err(Error::conflict("case.link_ended"));
    }
    let rights = rights(conn, site, asked.user)?;
    let actor = Actor { site, user: Some(asked.user), now };
    let version = Version { case: asked.case.id, lock: asked.answer.lock };
    let there = Desk { actor, who: state::Actor::Staff(rights), ..*desk };
    answers::approve(conn, &there, false, version)
}

/// What a person may do on a site, without their being there.
fn rights(conn: &mut Conn, site: SiteId, user: UserId) -> Result<Rights> {
    let held: Vec<Role> = roles::table
        .filter(roles::site_id.eq(site).and(roles::user_id.eq(user)))
        .select(roles::role)
        .load(conn)?;
    Ok(Rights::of(&held))
}
