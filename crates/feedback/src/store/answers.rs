//! Answers: written, handed in, approved, sent as they were approved.

use base::{Error, Result, SiteId, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    events::Actor,
    schema::{case_answers, cases},
};
use diesel::prelude::*;

use super::{Case, Desk, Sight, by_id, clock, messages, note, work};
use crate::{
    AnswerId, CaseId,
    model::{
        answer::{Approval, Kind, Stage},
        state::{self, Action},
    },
};

/// An edition of an answer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_answers)]
pub struct Answer {
    /// Its key.
    pub id: AnswerId,
    /// Whose answer it is.
    pub case_id: CaseId,
    /// For now, or for good.
    pub kind: Kind,
    /// Where it stands.
    pub stage: Stage,
    /// The words.
    pub body: String,
    /// Why it was returned.
    pub remark: String,
    /// Grows with every change.
    pub lock: i32,
    /// Who began it.
    pub author_id: Option<UserId>,
    /// Who changed it last.
    pub editor_id: Option<UserId>,
    /// Who approved it.
    pub approver_id: Option<UserId>,
    /// When it changed last.
    pub updated_at: NaiveDateTime,
    /// When it was sent.
    pub sent_at: Option<NaiveDateTime>,
}

impl Answer {
    /// Whether `user` wrote it or changed it last.
    pub fn touched_by(&self, user: Option<UserId>) -> bool {
        user.is_some() && (self.author_id == user || self.editor_id == user)
    }
}

/// The answers to a case that `site` holds, newest first, without those that were dropped.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<Answer>> {
    Ok(of(site)
        .filter(case_answers::case_id.eq(id).and(case_answers::stage.ne(Stage::Dropped)))
        .order((case_answers::created_at.desc(), case_answers::id.desc()))
        .select(Answer::as_select())
        .load(conn)?)
}

/// The answer that has not been sent yet, if there is one.
pub fn pending(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Option<Answer>> {
    let all = of_case(conn, site, id)?;
    Ok(all.into_iter().find(|it| it.stage != Stage::Sent))
}

/// What somebody wrote.
#[derive(Clone, Debug)]
pub struct Draft {
    /// For now, or for good.
    pub kind: Kind,
    /// The words.
    pub body: String,
    /// The version of the answer that was seen; 0 where there was none.
    pub lock: i32,
}

/// Saves what somebody wrote; an approved text that changes must be approved anew.
pub fn save(conn: &mut Conn, desk: &Desk<'_>, id: CaseId, draft: &Draft) -> Result<AnswerId> {
    let actor = desk.actor;
    let case = desk.held(conn, id)?;
    let action = if draft.kind == Kind::Final { Action::Answer } else { Action::Interim };
    state::step(case.state, action, desk.who)?;
    match pending(conn, actor.site, id)? {
        Some(before) if before.lock == draft.lock => {
            change(conn, actor, &before, Stage::Draft)?;
            let row = of_row(actor.site, before.id);
            diesel::update(case_answers::table.filter(row))
                .set((
                    case_answers::kind.eq(draft.kind),
                    case_answers::body.eq(&draft.body),
                    case_answers::editor_id.eq(actor.user),
                    case_answers::approver_id.eq(None::<UserId>),
                ))
                .execute(conn)?;
            Ok(before.id)
        }
        None if draft.lock == 0 => {
            let answer = insert(conn, actor, id, draft)?;
            note(conn, actor, (id, case.number_text()), "case_drafted")?;
            Ok(answer)
        }
        _ => Err(Error::conflict("case.changed")),
    }
}

pub(super) fn insert(conn: &mut Conn, actor: Actor, id: CaseId, draft: &Draft) -> Result<AnswerId> {
    let answer = AnswerId::new();
    diesel::insert_into(case_answers::table)
        .values((
            case_answers::id.eq(answer),
            case_answers::case_id.eq(id),
            case_answers::site_id.eq(actor.site),
            case_answers::kind.eq(draft.kind),
            case_answers::stage.eq(Stage::Draft),
            case_answers::body.eq(&draft.body),
            case_answers::remark.eq(""),
            case_answers::lock.eq(1),
            case_answers::author_id.eq(actor.user),
            case_answers::editor_id.eq(actor.user),
            case_answers::created_at.eq(actor.now),
            case_answers::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(answer)
}

/// Which answer of a case, in which version.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// The case.
    pub case: CaseId,
    /// The version of the answer that was seen.
    pub lock: i32,
}

/// Hands the answer in for approval.
pub fn submit(conn: &mut Conn, desk: &Desk<'_>, it: Version) -> Result<Answer> {
    let actor = desk.actor;
    let (case, answer) = now(conn, desk, it)?;
    if answer.stage != Stage::Draft {
        return Err(Error::conflict("case.answer_not_now"));
    }
    change(conn, actor, &answer, Stage::Submitted)?;
    note(conn, actor, (case.id, case.number_text()), "case_submitted")?;
    Ok(Answer { stage: Stage::Submitted, lock: answer.lock + 1, ..answer })
}

/// Approves the answer in the version that was seen.
pub fn approve(conn: &mut Conn, desk: &Desk<'_>, self_approval: bool, it: Version) -> Result<()> {
    let actor = desk.actor;
    let (case, answer) = now(conn, desk, it)?;
    let state::Actor::Staff(rights) = desk.who else { return Err(Error::Forbidden) };
    let touched = answer.touched_by(actor.user);
    Approval { stage: answer.stage, touched, rights, self_approval }.check()?;
    settle(conn, actor, &case, &answer)
}

/// Marks an answer as approved by the person of `actor`, whom somebody else has checked.
pub(super) fn settle(conn: &mut Conn, actor: Actor, case: &Case, answer: &Answer) -> Result<()> {
    change(conn, actor, answer, Stage::Approved)?;
    diesel::update(case_answers::table.filter(of_row(actor.site, answer.id)))
        .set((case_answers::approver_id.eq(actor.user), case_answers::remark.eq("")))
        .execute(conn)?;
    note(conn, actor, (case.id, case.number_text()), "case_approved")
}

/// Hands the answer back to its writer, saying why.
pub fn send_back(conn: &mut Conn, desk: &Desk<'_>, it: Version, remark: &str) -> Result<()> {
    let actor = desk.actor;
    let (case, answer) = now(conn, desk, it)?;
    let state::Actor::Staff(rights) = desk.who else { return Err(Error::Forbidden) };
    if !(rights.approve && rights.handle) {
        return Err(Error::Forbidden);
    }
    if !matches!(answer.stage, Stage::Submitted | Stage::Approved) {
        return Err(Error::conflict("case.answer_not_now"));
    }
    change(conn, actor, &answer, Stage::Draft)?;
    diesel::update(case_answers::table.filter(of_row(actor.site, answer.id)))
        .set((case_answers::remark.eq(remark), case_answers::approver_id.eq(None::<UserId>)))
        .execute(conn)?;
    note(conn, actor, (case.id, case.number_text()), "case_answer_returned")
}

/// Sends the approved answer: the citizen reads it from now on. `reopen_days` are those of the
/// type. Gives what was sent.
pub fn send(
    conn: &mut Conn,
    desk: &Desk<'_>,
    it: Version,
    reopen_days: i64,
) -> Result<(Case, Answer)> {
    let actor = desk.actor;
    let (case, answer) = now(conn, desk, it)?;
    if answer.stage != Stage::Approved {
        return Err(Error::conflict("case.answer_unapproved"));
    }
    let action = if answer.kind == Kind::Final { Action::Answer } else { Action::Interim };
    let to = state::step(case.state, action, desk.who)?;
    change(conn, actor, &answer, Stage::Sent)?;
    diesel::update(case_answers::table.filter(of_row(actor.site, answer.id)))
        .set(case_answers::sent_at.eq(actor.now))
        .execute(conn)?;
    messages::write(conn, actor, (case.id, messages::Kind::Letter), &answer.body)?;
    work::set_state(conn, actor, &case, to)?;
    clock::after(conn, desk, &case, action)?;
    if answer.kind == Kind::Final {
        diesel::update(
            cases::table.filter(cases::id.eq(case.id).and(cases::site_id.eq(actor.site))),
        )
        .set((
            cases::answered_at.eq(actor.now),
            cases::reopen_until.eq(actor.now + TimeDelta::days(reopen_days)),
        ))
        .execute(conn)?;
    }
    note(conn, actor, (case.id, case.number_text()), action.event())?;
    Ok((case, answer))
}

/// The pending answer of a case, if it is still in the version that was seen.
pub(super) fn now(conn: &mut Conn, desk: &Desk<'_>, it: Version) -> Result<(Case, Answer)> {
    let case = desk.held(conn, it.case)?;
    let answer = pending(conn, desk.actor.site, it.case)?
        .ok_or_else(|| Error::conflict("case.answer_not_now"))?;
    match answer.lock == it.lock {
        true => Ok((case, answer)),
        false => Err(Error::conflict("case.changed")),
    }
}

/// Says that somebody changed an answer: what was approved is approved no longer.
pub(super) fn touch(conn: &mut Conn, actor: Actor, id: AnswerId) -> Result<()> {
    diesel::update(case_answers::table.filter(of_row(actor.site, id)))
        .set((case_answers::editor_id.eq(actor.user), case_answers::approver_id.eq(None::<UserId>)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn change(conn: &mut Conn, actor: Actor, answer: &Answer, to: Stage) -> Result<()> {
    let row = of_row(actor.site, answer.id);
    let changed = diesel::update(case_answers::table.filter(row))
        .filter(case_answers::lock.eq(answer.lock))
        .set((
            case_answers::stage.eq(to),
            case_answers::lock.eq(answer.lock + 1),
            case_answers::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    if changed == 0 { Err(Error::conflict("case.changed")) } else { Ok(()) }
}

/// The answer `id` of `site` and the case it belongs to.
pub fn with_case(conn: &mut Conn, site: SiteId, id: AnswerId) -> Result<(Case, Answer)> {
    let answer: Answer =
        of(site).filter(case_answers::id.eq(id)).select(Answer::as_select()).first(conn)?;
    Ok((by_id(conn, site, Sight::All, answer.case_id)?, answer))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_row(site: SiteId, id: AnswerId) -> _ {
    case_answers::site_id.eq(site).and(case_answers::id.eq(id))
}

fn of<'a>(site: SiteId) -> case_answers::BoxedQuery<'a, db::Backend> {
    case_answers::table.filter(case_answers::site_id.eq(site)).into_boxed()
}
