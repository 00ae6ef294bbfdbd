//! The steps of a case on the site that holds it.

use base::{Error, Result, SiteId, UserId};
use chrono::TimeDelta;
use db::{
    Conn,
    events::Actor,
    schema::{case_answers, cases, roles, users},
};
use diesel::prelude::*;

use super::{Case, Desk, Sight, by_id, clock, messages, note, seen};
use crate::{
    CaseId,
    model::{
        answer::Stage,
        state::{self, Action, State},
    },
};

/// Takes `action` with a case and writes it down. `lock` is the version that was seen.
pub(super) fn take(
    conn: &mut Conn,
    desk: &Desk<'_>,
    (id, lock): (CaseId, i32),
    action: Action,
) -> Result<Case> {
    let actor = desk.actor;
    let case = desk.held(conn, id)?;
    seen(&case, lock)?;
    let to = state::step(case.state, action, desk.who)?;
    set_state(conn, actor, &case, to)?;
    clock::after(conn, desk, &case, action)?;
    note(conn, actor, (id, case.number_text()), action.event())?;
    by_id(conn, actor.site, Sight::All, id)
}

/// Moves a case to `to`, unless somebody was quicker.
pub(super) fn set_state(conn: &mut Conn, actor: Actor, case: &Case, to: State) -> Result<()> {
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(case.id).and(cases::site_id.eq(case.site_id)))
        .filter(cases::lock.eq(case.lock))
        .set((cases::state.eq(to), cases::lock.eq(case.lock + 1), cases::updated_at.eq(actor.now)))
        .execute(conn)?;
    if changed == 0 { Err(Error::conflict("case.changed")) } else { Ok(()) }
}

/// Takes a case up.
pub fn accept(conn: &mut Conn, desk: &Desk<'_>, seen: (CaseId, i32)) -> Result<Case> {
    take(conn, desk, seen, Action::Accept)
}

/// Why a case is not taken up (FB-2, TCTT-28).
#[derive(Clone, Debug)]
pub struct Refusal {
    /// A ground of the type's list; empty where it lists none.
    pub ground: String,
    /// The letter to the sender, which says why and what can be done.
    pub letter: String,
    /// Days during which the sender can object.
    pub reopen_days: i64,
}

/// Does not take a case up, and tells the sender why.
pub fn refuse(
    conn: &mut Conn,
    desk: &Desk<'_>,
    seen: (CaseId, i32),
    refusal: &Refusal,
) -> Result<Case> {
    let actor = desk.actor;
    let case = take(conn, desk, seen, Action::Refuse)?;
    let until = actor.now + TimeDelta::days(refusal.reopen_days);
    diesel::update(cases::table.filter(cases::id.eq(case.id).and(cases::site_id.eq(actor.site))))
        .set((
            cases::refusal.eq(&refusal.ground),
            cases::reason.eq(&refusal.letter),
            cases::reopen_until.eq(until),
        ))
        .execute(conn)?;
    messages::write(conn, actor, (case.id, messages::Kind::Letter), &refusal.letter)?;
    Ok(case)
}

/// Gives a case to a person who may handle it; `None` takes it from whoever has it.
pub fn assign(
    conn: &mut Conn,
    desk: &Desk<'_>,
    seen: (CaseId, i32),
    to: Option<UserId>,
) -> Result<Case> {
    let actor = desk.actor;
    if let Some(user) = to {
        let able = handlers(conn, actor.site)?;
        if !able.iter().any(|(id, _)| *id == user) {
            return Err(Error::field("assignee", "case.assignee"));
        }
    }
    let case = take(conn, desk, seen, Action::Assign)?;
    diesel::update(cases::table.filter(cases::id.eq(case.id).and(cases::site_id.eq(actor.site))))
        .set(cases::assignee_id.eq(to))
        .execute(conn)?;
    Ok(case)
}

/// The people who may handle cases on a site, by name.
pub fn handlers(conn: &mut Conn, site: SiteId) -> Result<Vec<(UserId, String)>> {
    use accounts::model::Role;
    able(conn, site, &[Role::CaseHandler, Role::Approver])
}

/// The people who may approve answers on a site, by name.
pub fn approvers(conn: &mut Conn, site: SiteId) -> Result<Vec<(UserId, String)>> {
    able(conn, site, &[accounts::model::Role::Approver])
}

/// The people who supervise the sites of a portal, by name.
pub fn supervisors(conn: &mut Conn, portal: SiteId) -> Result<Vec<(UserId, String)>> {
    able(conn, portal, &[accounts::model::Role::ProvinceAdmin])
}

fn able(
    conn: &mut Conn,
    site: SiteId,
    wanted: &[accounts::model::Role],
) -> Result<Vec<(UserId, String)>> {
    let mut people: Vec<(UserId, String)> = roles::table
        .inner_join(users::table)
        .filter(roles::site_id.eq(site).and(roles::role.eq_any(wanted.to_vec())))
        .filter(users::disabled.eq(false))
        .select((users::id, users::name))
        .load(conn)?;
    people.sort_by_key(|(id, name)| (base::text::sort_key(name), *id));
    people.dedup();
    Ok(people)
}

/// Puts a case into another type or field of life, or into the restricted queue and out of it.
#[derive(Clone, Debug)]
pub struct Sorting {
    /// The type's key.
    pub type_key: String,
    /// The field of life; empty for none.
    pub area: String,
    /// Whether it is restricted.
    pub restricted: bool,
}

/// Sorts a case anew. What looked like a complaint has been looked at then.
pub fn sort(
    conn: &mut Conn,
    desk: &Desk<'_>,
    (id, lock): (CaseId, i32),
    it: &Sorting,
) -> Result<()> {
    let actor = desk.actor;
    let case = desk.held(conn, id)?;
    seen(&case, lock)?;
    diesel::update(cases::table.filter(cases::id.eq(id).and(cases::site_id.eq(actor.site))))
        .set((
            cases::type_key.eq(&it.type_key),
            cases::area.eq(&it.area),
            cases::restricted.eq(it.restricted),
            cases::suspect.eq(""),
            cases::lock.eq(lock + 1),
            cases::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    note(conn, actor, (id, case.number_text()), "case_sorted")
}

/// Closes a case because `other`, on the same site, is the same.
pub fn merge(
    conn: &mut Conn,
    desk: &Desk<'_>,
    seen: (CaseId, i32),
    (year, number): (i32, i32),
) -> Result<()> {
    let actor = desk.actor;
    let other: Option<Case> = super::of(actor.site, Sight::All)
        .filter(cases::year.eq(year).and(cases::number.eq(number)))
        .filter(cases::id.ne(seen.0).and(cases::merged_into.is_null()))
        .select(Case::as_select())
        .first(conn)
        .optional()?;
    let other = other.ok_or_else(|| Error::field("number", "case.merge_missing"))?;
    let case = take(conn, desk, seen, Action::Merge)?;
    diesel::update(cases::table.filter(cases::id.eq(case.id).and(cases::site_id.eq(actor.site))))
        .set((cases::merged_into.eq(other.id), cases::closed_at.eq(actor.now)))
        .execute(conn)?;
    Ok(())
}

/// Is done with a case.
pub fn close(conn: &mut Conn, desk: &Desk<'_>, seen: (CaseId, i32)) -> Result<Case> {
    let actor = desk.actor;
    let case = take(conn, desk, seen, Action::Close)?;
    diesel::update(cases::table.filter(cases::id.eq(case.id).and(cases::site_id.eq(actor.site))))
        .set(cases::closed_at.eq(actor.now))
        .execute(conn)?;
    Ok(case)
}

/// Takes a case up again, with what is missing in the answer. What waits to be sent is dropped.
pub fn reopen(
    conn: &mut Conn,
    desk: &Desk<'_>,
    seen: (CaseId, i32),
    why: (messages::Kind, &str),
) -> Result<Case> {
    let actor = desk.actor;
    let case = take(conn, desk, seen, Action::Reopen)?;
    diesel::update(cases::table.filter(cases::id.eq(case.id).and(cases::site_id.eq(actor.site))))
        .set((
            cases::reopened.eq(case.reopened + 1),
            cases::reopen_until.eq(None::<chrono::NaiveDateTime>),
            cases::answered_at.eq(None::<chrono::NaiveDateTime>),
            cases::rated.eq(false),
        ))
        .execute(conn)?;
    let waiting = case_answers::table
        .filter(case_answers::case_id.eq(case.id))
        .filter(case_answers::stage.eq_any([Stage::Draft, Stage::Submitted, Stage::Approved]));
    diesel::update(waiting).set(case_answers::stage.eq(Stage::Dropped)).execute(conn)?;
    messages::write(conn, actor, (case.id, why.0), why.1)?;
    Ok(case)
}
