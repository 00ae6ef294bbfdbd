//! What is forgotten, and when: by itself, with a log (PDP-14, law.md 13.11).

use base::{Result, SiteId};
use chrono::{Months, NaiveDateTime};
use db::{
    Conn, epochs,
    events::Actor,
    schema::{
        case_answers, case_consents, case_costs, case_files, case_messages, case_people,
        case_readings, case_scans, case_supplies, case_sweeps, cases,
    },
};
use diesel::prelude::*;
use media::Storage;

use super::{Case, Desk, file_ids, publics, supplies, work};
use crate::{
    CaseId, Types,
    model::state::{self, State},
};

base::id!(
    /// Identifies a line of the log of the retention job.
    SweepId
);

base::text_enum!(
    /// What the job did with a case.
    Step {
        /// Closed it: nobody took it up again in time.
        Closed = "closed",
        /// Took out who sent it, what they wrote and what they attached.
        Forgotten = "forgotten",
    }
);

/// How many cases one round looks at, so that no transaction is long.
const ROUND: i64 = 200;

/// Months that receipts of consent stay after a case was closed: five years (PDP-9b).
const RECEIPTS: u32 = 60;

/// A line of the log.
#[derive(Clone, Debug, Queryable)]
pub struct Swept {
    /// The number of the case.
    pub number: String,
    /// What was done.
    pub step: Step,
    /// How many attachments were deleted.
    pub files: i32,
    /// When.
    pub at: NaiveDateTime,
}

/// Closes what was answered and not taken up again, and forgets what is due. Says how many cases
/// it changed; call it again until it says 0.
pub fn sweep(
    conn: &mut Conn,
    (types, catalog): (&Types, &clocks::Catalog),
    storage: &Storage,
    now: NaiveDateTime,
) -> Result<usize> {
    let closed = close_all(conn, (types, catalog), now)?;
    let forgotten = forget_all(conn, types, storage, now)?;
    drop_receipts(conn, now)?;
    Ok(closed + forgotten)
}

fn close_all(
    conn: &mut Conn,
    (types, catalog): (&Types, &clocks::Catalog),
    now: NaiveDateTime,
) -> Result<usize> {
    let due: Vec<Case> = cases::table
        .filter(cases::state.eq_any([State::Answered, State::Published, State::Refused]))
        .filter(cases::reopen_until.lt(now))
        .order(cases::id)
        .limit(ROUND)
        .select(Case::as_select())
        .load(conn)?;
    for case in &due {
        let actor = Actor { site: case.site_id, user: None, now };
        let desk = Desk { actor, who: state::Actor::Nobody, types, catalog };
        work::close(conn, &desk, (case.id, case.lock))?;
        log(conn, case, (Step::Closed, 0), now)?;
    }
    Ok(due.len())
}

/// Forgets cases whose time is over: each type says how long its personal data stay.
fn forget_all(
    conn: &mut Conn,
    types: &Types,
    storage: &Storage,
    now: NaiveDateTime,
) -> Result<usize> {
    let mut count = 0;
    for kind in &types.types {
        let Some(before) = now.checked_sub_months(Months::new(kind.keep_months)) else { continue };
        let due: Vec<Case> = cases::table
            .filter(cases::type_key.eq(&kind.key).and(cases::closed_at.lt(before)))
            .filter(cases::forgotten_at.is_null())
            .order(cases::id)
            .limit(ROUND)
            .select(Case::as_select())
            .load(conn)?;
        for case in &due {
            forget(conn, storage, case, now)?;
        }
        count += due.len();
    }
    Ok(count)
}

/// Takes out of a case who sent it, what was written and what was attached. Its number, type,
/// times and way stay for the figures; what others read was made without the person and stays.
pub fn forget(conn: &mut Conn, storage: &Storage, case: &Case, now: NaiveDateTime) -> Result<()> {
    let (id, site) = (case.id, case.site_id);
    let mut files = file_ids(conn, site, id)?;
    files.extend(supplies::file_ids(conn, site, id)?);
    if publics::drop_files(conn, id)? {
        epochs::raise(conn, site, now)?;
    }
    diesel::delete(case_scans::table.filter(case_scans::case_id.eq(id))).execute(conn)?;
    diesel::delete(case_supplies::table.filter(case_supplies::case_id.eq(id))).execute(conn)?;
    diesel::delete(case_costs::table.filter(case_costs::case_id.eq(id))).execute(conn)?;
    diesel::delete(case_files::table.filter(case_files::case_id.eq(id))).execute(conn)?;
    let deleted = media::sealed::delete(conn, site, storage, &files)?;
    diesel::delete(case_people::table.find(id)).execute(conn)?;
    diesel::delete(case_messages::table.filter(case_messages::case_id.eq(id))).execute(conn)?;
    diesel::update(case_answers::table.filter(case_answers::case_id.eq(id)))
        .set((case_answers::body.eq(""), case_answers::remark.eq("")))
        .execute(conn)?;
    diesel::update(case_readings::table.filter(case_readings::case_id.eq(id)))
        .set(case_readings::reason.eq(""))
        .execute(conn)?;
    diesel::update(cases::table.filter(cases::id.eq(id).and(cases::site_id.eq(site))))
        .set((
            cases::subject.eq(""),
            cases::message.eq(""),
            cases::details.eq("{}"),
            cases::plain.eq(""),
            cases::about.eq(""),
            cases::reason.eq(""),
            cases::suspect.eq(""),
            cases::lock.eq(case.lock + 1),
            cases::forgotten_at.eq(now),
        ))
        .execute(conn)?;
    log(conn, case, (Step::Forgotten, deleted), now)
}

/// Receipts outlive the data they are about, and end as well.
fn drop_receipts(conn: &mut Conn, now: NaiveDateTime) -> Result<()> {
    let Some(before) = now.checked_sub_months(Months::new(RECEIPTS)) else { return Ok(()) };
    let due: Vec<CaseId> = cases::table
        .inner_join(case_consents::table)
        .filter(cases::closed_at.lt(before))
        .order(cases::id)
        .limit(ROUND)
        .select(cases::id)
        .load(conn)?;
    diesel::delete(case_consents::table.filter(case_consents::case_id.eq_any(due)))
        .execute(conn)?;
    Ok(())
}

fn log(
    conn: &mut Conn,
    case: &Case,
    (step, files): (Step, usize),
    now: NaiveDateTime,
) -> Result<()> {
    diesel::insert_into(case_sweeps::table)
        .values((
            case_sweeps::id.eq(SweepId::new()),
            case_sweeps::site_id.eq(case.site_id),
            case_sweeps::number.eq(case.number_text()),
            case_sweeps::step.eq(step),
            case_sweeps::files.eq(i32::try_from(files).unwrap_or(i32::MAX)),
            case_sweeps::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// What the job did on a site, newest first.
pub fn latest(conn: &mut Conn, site: SiteId, limit: i64) -> Result<Vec<Swept>> {
    Ok(case_sweeps::table
        .filter(case_sweeps::site_id.eq(site))
        .order((case_sweeps::at.desc(), case_sweeps::id.desc()))
        .limit(limit)
        .select((case_sweeps::number, case_sweeps::step, case_sweeps::files, case_sweeps::at))
        .load(conn)?)
}
