//! How a case moves between sites: who held it, how long, and why it moved on (FB-3).

use base::{Error, Message, Result, SiteId, SiteState, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn, epochs,
    events::Actor,
    schema::{
        case_answers, case_consents, case_costs, case_files, case_legs, case_messages, case_people,
        case_scans, case_supplies, cases, sites,
    },
};
use diesel::prelude::*;

use super::{Case, Desk, Sight, clock, file_ids, note, publics, seen, supplies};
use crate::{
    CaseId,
    model::state::{self, Action},
};

base::id!(
    /// Identifies a stay of a case at a site.
    LegId
);

base::text_enum!(
    /// How a case came to a site.
    Kind {
        /// From the citizen.
        Received = "received",
        /// From another office.
        Transferred = "transferred",
        /// Back from the office it was sent to.
        Returned = "returned",
    }
);

/// A stay of a case at a site.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_legs)]
pub struct Leg {
    /// Where.
    pub site_id: SiteId,
    /// Who sent it there; `None` for the citizen.
    pub from_site: Option<SiteId>,
    /// How it came.
    pub kind: Kind,
    /// Why.
    pub reason: String,
    /// Which person sent it.
    pub user_id: Option<UserId>,
    /// From when.
    pub began_at: NaiveDateTime,
    /// Until when.
    pub ended_at: Option<NaiveDateTime>,
}

impl Leg {
    /// The first stay, where the citizen sent it.
    pub(super) fn first(site: SiteId) -> Self {
        Self {
            site_id: site,
            from_site: None,
            kind: Kind::Received,
            reason: String::new(),
            user_id: None,
            began_at: NaiveDateTime::default(),
            ended_at: None,
        }
    }
}

/// Begins a stay, ending the one before.
pub(super) fn begin(conn: &mut Conn, actor: Actor, id: CaseId, leg: &Leg) -> Result<()> {
    let open =
        case_legs::table.filter(case_legs::case_id.eq(id)).filter(case_legs::ended_at.is_null());
    diesel::update(open).set(case_legs::ended_at.eq(actor.now)).execute(conn)?;
    diesel::insert_into(case_legs::table)
        .values((
            case_legs::id.eq(LegId::new()),
            case_legs::case_id.eq(id),
            case_legs::site_id.eq(leg.site_id),
            case_legs::from_site.eq(leg.from_site),
            case_legs::kind.eq(leg.kind),
            case_legs::reason.eq(&leg.reason),
            case_legs::user_id.eq(leg.user_id),
            case_legs::began_at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(())
}

/// The chain of custody of a case that `site` holds, held or received: oldest first.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<Leg>> {
    let legs: Vec<Leg> = case_legs::table
        .filter(case_legs::case_id.eq(id))
        .order((case_legs::began_at, case_legs::id))
        .select(Leg::as_select())
        .load(conn)?;
    match legs.iter().any(|it| it.site_id == site) {
        true => Ok(legs),
        false => Err(Error::NotFound),
    }
}

/// A case that once was held here, for who wants to know what became of it: its number and where
/// it is, and nothing that it says.
#[derive(Clone, Debug, Queryable)]
pub struct Gone {
    /// Its key.
    pub id: CaseId,
    /// The year of its number.
    pub year: i32,
    /// Its number.
    pub number: i32,
    /// Its type.
    pub type_key: String,
    /// Where it stands.
    pub state: state::State,
    /// Who holds it.
    pub holder: SiteId,
    /// Since when.
    pub since: NaiveDateTime,
}

impl Gone {
    /// Its number as the staff call it.
    pub fn number_text(&self) -> String {
        super::number_text(self.year, self.number)
    }
}

macro_rules! gone {
    ($site:expr, $sight:expr) => {{
        let query = case_legs::table
            .inner_join(cases::table)
            .filter(case_legs::site_id.eq($site))
            .filter(case_legs::ended_at.is_not_null())
            .filter(cases::site_id.ne($site))
            .into_boxed();
        match $sight {
            Sight::All => query,
            Sight::Ordinary => query.filter(cases::restricted.eq(false)),
        }
    }};
}

/// The columns of [`Gone`].
macro_rules! gone_columns {
    () => {
        (
            cases::id,
            cases::year,
            cases::number,
            cases::type_key,
            cases::state,
            cases::site_id,
            case_legs::ended_at.assume_not_null(),
        )
    };
}

/// The cases that left `site` last.
pub fn gone(conn: &mut Conn, site: SiteId, sight: Sight, limit: i64) -> Result<Vec<Gone>> {
    let mut rows: Vec<Gone> = gone!(site, sight)
        .order((case_legs::ended_at.desc(), case_legs::id.desc()))
        .limit(limit)
        .select(gone_columns!())
        .load(conn)?;
    let mut met = std::collections::BTreeSet::new();
    // One that left twice is told once.
    rows.retain(|it| met.insert(it.id));
    Ok(rows)
}

/// The case `id` that left `site`.
pub fn gone_one(conn: &mut Conn, site: SiteId, sight: Sight, id: CaseId) -> Result<Gone> {
    Ok(gone!(site, sight)
        .filter(cases::id.eq(id))
        .order(case_legs::ended_at.desc())
        .select(gone_columns!())
        .first(conn)?)
}

/// A site that a case can be sent to.
#[derive(Clone, Debug, Queryable)]
pub struct Target {
    /// Its key.
    pub id: SiteId,
    /// The name of its body.
    pub name: String,
}

/// The open sites of the portal `portal`, itself included, without `site`.
pub fn targets(conn: &mut Conn, portal: SiteId, site: SiteId) -> Result<Vec<Target>> {
    Ok(sites::table
        .filter(sites::portal_id.eq(portal).or(sites::id.eq(portal)))
        .filter(sites::id.ne(site).and(sites::state.eq(SiteState::Active)))
        .order(sites::sort_key)
        .select((sites::id, sites::name))
        .load(conn)?)
}

/// Where a case goes.
#[derive(Clone, Debug)]
pub struct Move {
    /// The site; for a return, the one it came from.
    pub to: SiteId,
    /// Why.
    pub reason: String,
    /// The version of the case that was seen.
    pub lock: i32,
}

/// Sends a case to another site of the same portal, with everything that belongs to it. From now
/// on the old holder sees only that it moved.
pub fn transfer(
    conn: &mut Conn,
    desk: &Desk<'_>,
    portal: SiteId,
    id: CaseId,
    it: &Move,
) -> Result<()> {
    let actor = desk.actor;
    let case = desk.held(conn, id)?;
    seen(&case, it.lock)?;
    let to = state::step(case.state, Action::Transfer, desk.who)?;
    check_target(conn, portal, actor.site, it.to)?;
    let leg = Leg {
        from_site: Some(actor.site),
        kind: Kind::Transferred,
        reason: it.reason.clone(),
        user_id: actor.user,
        ..Leg::first(it.to)
    };
    hand_over(conn, desk, (&case, to), &leg)?;
    note(conn, actor, (id, case.number_text()), Action::Transfer.event())
}

/// Sends a case back to the site it came from, which it gives.
pub fn give_back(
    conn: &mut Conn,
    desk: &Desk<'_>,
    portal: SiteId,
    id: CaseId,
    it: &Move,
) -> Result<SiteId> {
    let actor = desk.actor;
    let case = desk.held(conn, id)?;
    seen(&case, it.lock)?;
    let to = state::step(case.state, Action::Return, desk.who)?;
    let back = came_from(conn, &case)?.ok_or_else(|| Error::conflict("case.not_transferred"))?;
    check_target(conn, portal, actor.site, back)?;
    let leg = Leg {
        from_site: Some(actor.site),
        kind: Kind::Returned,
        reason: it.reason.clone(),
        user_id: actor.user,
        ..Leg::first(back)
    };
    hand_over(conn, desk, (&case, to), &leg)?;
    note(conn, actor, (id, case.number_text()), Action::Return.event())?;
    Ok(back)
}

/// The site that transferred a case to its holder, if one did and it did not come back from there.
pub fn came_from(conn: &mut Conn, case: &Case) -> Result<Option<SiteId>> {
    let last: Option<(Kind, Option<SiteId>)> = case_legs::table
        .filter(case_legs::case_id.eq(case.id).and(case_legs::site_id.eq(case.site_id)))
        .order((case_legs::began_at.desc(), case_legs::id.desc()))
        .select((case_legs::kind, case_legs::from_site))
        .first(conn)
        .optional()?;
    Ok(last.filter(|(kind, _)| *kind == Kind::Transferred).and_then(|(_, from)| from))
}

/// Refuses a site of another portal, and one that takes nothing in, naming it.
fn check_target(conn: &mut Conn, portal: SiteId, from: SiteId, to: SiteId) -> Result<()> {
    let row: Option<(String, SiteState)> = sites::table
        .filter(sites::id.eq(to).and(sites::id.ne(from)))
        .filter(sites::portal_id.eq(portal).or(sites::id.eq(portal)))
        .select((sites::name, sites::state))
        .first(conn)
        .optional()?;
    match row {
        None => Err(Error::field("site", "case.site_missing")),
        Some((_, SiteState::Active)) => Ok(()),
        Some((name, _)) => {
            Err(Error::field("site", Message::new("case.site_closed").with("name", name)))
        }
    }
}

/// Gives everything of a case to the site of `leg`.
fn hand_over(
    conn: &mut Conn,
    desk: &Desk<'_>,
    (case, to): (&Case, state::State),
    leg: &Leg,
) -> Result<()> {
    let actor = desk.actor;
    let (id, from, site) = (case.id, case.site_id, leg.site_id);
    let mut files = file_ids(conn, from, id)?;
    files.extend(supplies::file_ids(conn, from, id)?);
    // What others read here stays here, without files that leave.
    if publics::drop_files(conn, id)? {
        epochs::raise(conn, from, actor.now)?;
    }
    media::sealed::hand_over(conn, (from, site), &files)?;
    macro_rules! give {
        ($($table:ident)*) => {$(
            diesel::update($table::table.filter($table::case_id.eq(id)))
                .set($table::site_id.eq(site))
                .execute(conn)?;
        )*};
    }
    give!(case_people case_files case_messages case_answers case_consents case_scans case_supplies case_costs);
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(id).and(cases::site_id.eq(from)).and(cases::lock.eq(case.lock)))
        .set((
            cases::site_id.eq(site),
            cases::state.eq(to),
            cases::assignee_id.eq(None::<UserId>),
            cases::lock.eq(case.lock + 1),
            cases::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(Error::conflict("case.changed"));
    }
    clock::moved(conn, desk, case, site)?;
    begin(conn, actor, id, leg)?;
    // The new holder finds it in its own log.
    let there = Actor { site, ..actor };
    note(conn, there, (id, case.number_text()), "case_arrived")
}
