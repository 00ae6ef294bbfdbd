//! People in the database.

use base::{Error, Result, Site, SiteId, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{failures, hosts, roles, sessions, sites, tickets, users},
};
use diesel::prelude::*;
use web::cookies::{digest, secret};

use crate::{
    Settings,
    model::{Invite, Purpose, Reach, Role, SessionId, User},
};

/// What sign-in must know of a person.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) password: Option<String>,
}

/// The account behind `email`, unless it is disabled.
pub(crate) fn account(conn: &mut Conn, email: &str) -> Result<Option<Account>> {
    let row: Option<(UserId, Option<String>)> = users::table
        .filter(users::email.eq(email).and(users::disabled.eq(false)))
        .select((users::id, users::password))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, password)| Account { id, password }))
}

/// The person called `id`.
pub fn user(conn: &mut Conn, id: UserId) -> Result<User> {
    let row: (UserId, String, String) =
        users::table.find(id).select((users::id, users::email, users::name)).first(conn)?;
    Ok(User { id: row.0, email: row.1, name: row.2 })
}

/// The roles of a person on `site`: their own there, and the provincial ones of its portal.
pub fn roles_on(
    conn: &mut Conn,
    user: UserId,
    site: SiteId,
    portal: Option<SiteId>,
) -> Result<Vec<Role>> {
    let held: Vec<(SiteId, Role)> = roles::table
        .filter(roles::user_id.eq(user))
        .filter(roles::site_id.eq(site).or(roles::site_id.eq(portal.unwrap_or(site))))
        .order(roles::created_at)
        .select((roles::site_id, roles::role))
        .load(conn)?;
    let reaches = |(at, role): &(SiteId, Role)| *at == site || role.is_provincial();
    Ok(held.into_iter().filter(reaches).map(|(_, role)| role).collect())
}

/// Until when `email` is locked out, if it is.
pub(crate) fn locked_until(
    conn: &mut Conn,
    email: &str,
    now: NaiveDateTime,
) -> Result<Option<NaiveDateTime>> {
    let until: Option<Option<NaiveDateTime>> =
        failures::table.find(email).select(failures::locked_until).first(conn).optional()?;
    Ok(until.flatten().filter(|until| *until > now))
}

/// Counts a wrong password; gives the end of the lock when this one was too many (SEC-lock).
pub(crate) fn count_failure(
    conn: &mut Conn,
    email: &str,
    settings: Settings,
    now: NaiveDateTime,
) -> Result<Option<NaiveDateTime>> {
    let first = (failures::email.eq(email), failures::count.eq(1), failures::updated_at.eq(now));
    let again = (failures::count.eq(failures::count + 1), failures::updated_at.eq(now));
    // An old lock that has run out starts the count anew.
    let stale = failures::table.find(email).filter(failures::locked_until.le(now));
    diesel::delete(stale).execute(conn)?;
    on_each!(conn, |conn| diesel::insert_into(failures::table)
        .values(first)
        .on_conflict(failures::email)
        .do_update()
        .set(again)
        .execute(conn))?;
    let row = failures::table.find(email);
    let count: i32 = row.select(failures::count).first(conn)?;
    if count < settings.max_failures {
        return Ok(None);
    }
    let until = now + TimeDelta::hours(settings.lock_hours);
    diesel::update(row).set(failures::locked_until.eq(until)).execute(conn)?;
    Ok(Some(until))
}

/// Lifts the lock of `email`.
pub(crate) fn forgive(conn: &mut Conn, email: &str) -> Result<()> {
    diesel::delete(failures::table.find(email)).execute(conn)?;
    Ok(())
}

/// Signs a person in on the site of `actor`; gives the secret for the cookie.
pub fn sign_in(conn: &mut Conn, actor: Actor, user: UserId, agent: &str) -> Result<String> {
    let secret = secret();
    diesel::insert_into(sessions::table)
        .values((
            sessions::token.eq(digest(&secret)),
            sessions::id.eq(SessionId::new()),
            sessions::user_id.eq(user),
            sessions::site_id.eq(actor.site),
            sessions::agent.eq(base::text::line(agent).chars().take(200).collect::<String>()),
            sessions::created_at.eq(actor.now),
            sessions::seen_at.eq(actor.now),
        ))
        .execute(conn)?;
    let actor = Actor { user: Some(user), ..actor };
    record(conn, actor, Deed { action: "signed_in", ..Deed::default() })?;
    Ok(secret)
}

/// A live session, as a request finds it.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: User,
    pub(crate) roles: Vec<Role>,
    /// Sites the person has a role on, for the switcher.
    pub(crate) sites: i64,
    pub(crate) seen_at: NaiveDateTime,
}

/// The session behind a cookie of `site`. A session of another site does not exist here.
pub(crate) fn session(
    conn: &mut Conn,
    site: &Site,
    token: &str,
    since: NaiveDateTime,
) -> Result<Option<Session>> {
    let found: Option<(SessionId, UserId, NaiveDateTime)> = sessions::table
        .find(digest(token))
        .inner_join(users::table)
        .filter(sessions::site_id.eq(site.id).and(sessions::seen_at.ge(since)))
        .filter(users::disabled.eq(false))
        .select((sessions::id, sessions::user_id, sessions::seen_at))
        .first(conn)
        .optional()?;
    let Some((id, user_id, seen_at)) = found else { return Ok(None) };
    Ok(Some(Session {
        id,
        user: user(conn, user_id)?,
        roles: roles_on(conn, user_id, site.id, site.portal_id)?,
        sites: roles::table.filter(roles::user_id.eq(user_id)).count().get_result(conn)?,
        seen_at,
    }))
}

/// Notes that a session was used.
pub(crate) fn touch(conn: &mut Conn, id: SessionId, now: NaiveDateTime) -> Result<()> {
    let session = sessions::table.filter(sessions::id.eq(id));
    diesel::update(session).set(sessions::seen_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Ends one session.
pub(crate) fn sign_out(conn: &mut Conn, actor: Actor, id: SessionId) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::id.eq(id))).execute(conn)?;
    record(conn, actor, Deed { action: "signed_out", ..Deed::default() })
}

/// Ends every session of a person, on every site, but `kept`.
pub(crate) fn sign_out_everywhere(
    conn: &mut Conn,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<usize> {
    let all = sessions::table.filter(sessions::user_id.eq(user));
    Ok(match kept {
        Some(kept) => diesel::delete(all.filter(sessions::id.ne(kept))).execute(conn)?,
        None => diesel::delete(all).execute(conn)?,
    })
}

/// A line of the list of sessions.
#[derive(Debug, Queryable)]
pub(crate) struct SessionLine {
    pub(crate) id: SessionId,
    pub(crate) agent: String,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) seen_at: NaiveDateTime,
}

/// The sessions of a person that are still alive.
pub(crate) fn sessions_of(
    conn: &mut Conn,
    user: UserId,
    since: NaiveDateTime,
) -> Result<Vec<SessionLine>> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user).and(sessions::seen_at.ge(since)))
        .order(sessions::seen_at.desc())
        .select((sessions::id, sessions::agent, sessions::created_at, sessions::seen_at))
        .limit(50)
        .load(conn)?)
}

/// A site a person works on, with the roles held there.
#[derive(Debug)]
pub(crate) struct Workplace {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) state: base::SiteState,
    pub(crate) roles: Vec<Role>,
}

/// The sites on which a person holds a role of their own.
pub(crate) fn workplaces(conn: &mut Conn, user: UserId) -> Result<Vec<Workplace>> {
    let rows: Vec<(SiteId, String, String, base::SiteState, Role)> = roles::table
        .inner_join(sites::table.inner_join(hosts::table))
        .filter(roles::user_id.eq(user).and(hosts::canonical.eq(true)))
        .order((sites::sort_key, sites::id, roles::created_at))
        .select((sites::id, sites::name, hosts::host, sites::state, roles::role))
        .load(conn)?;
    let mut places: Vec<Workplace> = Vec::new();
    for (id, name, host, state, role) in rows {
        match places.last_mut() {
            Some(last) if last.id == id => last.roles.push(role),
            _ => places.push(Workplace { id, name, host, state, roles: vec![role] }),
        }
    }
    Ok(places)
}

/// The site called `id`, if the person holds a role on it or a provincial one above it.
pub(crate) fn workplace(conn: &mut Conn, user: UserId, id: SiteId) -> Result<(SiteId, String)> {
    let row: (SiteId, Option<SiteId>, String) = sites::table
        .inner_join(hosts::table)
        .filter(sites::id.eq(id).and(hosts::canonical.eq(true)))
        .select((sites::id, sites::portal_id, hosts::host))
        .first(conn)?;
    match roles_on(conn, user, row.0, row.1)?.is_empty() {
        true => Err(Error::NotFound),
        false => Ok((row.0, row.2)),
    }
}

/// Makes a single-use link; gives the secret that stands in it.
pub fn issue(
    conn: &mut Conn,
    site: SiteId,
    user: UserId,
    purpose: Purpose,
    (now, lifetime): (NaiveDateTime, TimeDelta),
) -> Result<String> {
    let secret = secret();
    diesel::insert_into(tickets::table)
        .values((
            tickets::token.eq(digest(&secret)),
            tickets::purpose.eq(purpose),
            tickets::user_id.eq(user),
            tickets::site_id.eq(site),
            tickets::created_at.eq(now),
            tickets::expires_at.eq(now + lifetime),
        ))
        .execute(conn)?;
    Ok(secret)
}

/// Whom a link of `site` is for, while it can be used.
pub(crate) fn ticket(
    conn: &mut Conn,
    site: SiteId,
    secret: &str,
    now: NaiveDateTime,
) -> Result<(Purpose, User)> {
    let found: Option<(Purpose, UserId)> = tickets::table
        .find(digest(secret))
        .filter(tickets::site_id.eq(site).and(tickets::used_at.is_null()))
        .filter(tickets::expires_at.gt(now))
        .select((tickets::purpose, tickets::user_id))
        .first(conn)
        .optional()?;
    let (purpose, id) = found.ok_or_else(|| Error::conflict("ticket.ended"))?;
    Ok((purpose, user(conn, id)?))
}

/// Uses a link up. Of two who try at once, one is refused.
pub(crate) fn redeem(
    conn: &mut Conn,
    site: SiteId,
    secret: &str,
    now: NaiveDateTime,
) -> Result<(Purpose, User)> {
    let (purpose, user) = ticket(conn, site, secret, now)?;
    let unused = tickets::table.find(digest(secret)).filter(tickets::used_at.is_null());
    match diesel::update(unused).set(tickets::used_at.eq(now)).execute(conn)? {
        1 => Ok((purpose, user)),
        _ => Err(Error::conflict("ticket.ended")),
    }
}

/// Gives a person the password that `hash` was made of, and lifts their lock.
pub fn set_password(conn: &mut Conn, user: UserId, hash: &str) -> Result<()> {
    let row = users::table.find(user);
    diesel::update(row).set(users::password.eq(hash)).execute(conn)?;
    // Links made before belong to whoever had the old password.
    let open = tickets::table.filter(tickets::user_id.eq(user).and(tickets::used_at.is_null()));
    diesel::delete(open).execute(conn)?;
    let email: String = row.select(users::email).first(conn)?;
    forgive(conn, &email)
}

/// Writes a person's own spelling of their name.
pub(crate) fn rename(conn: &mut Conn, user: UserId, name: &str) -> Result<()> {
    diesel::update(users::table.find(user)).set(users::name.eq(name)).execute(conn)?;
    Ok(())
}

/// Finds or makes the person of `invite` and gives them the role on the site of `actor`.
///
/// Gives the person and whether a link with which they choose a password may be made: they
/// have none yet, and whoever invites may see everything they can do.
pub fn invite(
    conn: &mut Conn,
    actor: Actor,
    reach: Reach,
    invite: &Invite,
) -> Result<(UserId, bool)> {
    let known: Option<(UserId, Option<String>)> = users::table
        .filter(users::email.eq(&invite.email))
        .select((users::id, users::password))
        .first(conn)
        .optional()?;
    let (id, pending) = match known {
        Some((id, password)) => (id, password.is_none()),
        None => (create(conn, &invite.email, &invite.name, actor.now)?, true),
    };
    grant(conn, actor, id, invite.role)?;
    Ok((id, pending && may_link(conn, actor.site, reach, id)?))
}

/// Whether an administrator of `site` may hand out a link that opens a person's account: not
/// when it opens more than the site, or more than the administrator's own rights.
pub(crate) fn may_link(conn: &mut Conn, site: SiteId, reach: Reach, user: UserId) -> Result<bool> {
    if reach == Reach::Province {
        return Ok(true);
    }
    let held: Vec<(SiteId, Role)> = roles::table
        .filter(roles::user_id.eq(user))
        .select((roles::site_id, roles::role))
        .load(conn)?;
    Ok(held.iter().all(|(at, role)| *at == site && !role.is_provincial()))
}

fn create(conn: &mut Conn, email: &str, name: &str, now: NaiveDateTime) -> Result<UserId> {
    let id = UserId::new();
    diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::email.eq(email),
            users::name.eq(name),
            users::disabled.eq(false),
            users::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Gives a role on the site of `actor`; giving it twice changes nothing.
pub fn grant(conn: &mut Conn, actor: Actor, user: UserId, role: Role) -> Result<()> {
    let row = (
        roles::user_id.eq(user),
        roles::site_id.eq(actor.site),
        roles::role.eq(role),
        roles::created_at.eq(actor.now),
    );
    let given = on_each!(conn, |conn| diesel::insert_into(roles::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    if given == 0 {
        return Ok(());
    }
    // A link made elsewhere must not open what was just given here.
    let others = tickets::table
        .filter(tickets::user_id.eq(user).and(tickets::site_id.ne(actor.site)))
        .filter(tickets::purpose.ne(Purpose::Cross).and(tickets::used_at.is_null()));
    diesel::delete(others).execute(conn)?;
    let name = name_of(conn, user)?;
    record(conn, actor, deed(name, "role_given", role))
}

/// Takes a role on the site of `actor` away.
pub(crate) fn revoke(conn: &mut Conn, actor: Actor, user: UserId, role: Role) -> Result<()> {
    let row = roles::table.find((user, actor.site, role));
    if diesel::delete(row).execute(conn)? == 0 {
        return Ok(());
    }
    let name = name_of(conn, user)?;
    record(conn, actor, deed(name, "role_taken", role))
}

fn deed(target: String, action: &'static str, role: Role) -> Deed {
    Deed { action, target, detail: role.as_str().to_owned(), ..Deed::default() }
}

fn name_of(conn: &mut Conn, user: UserId) -> Result<String> {
    Ok(users::table.find(user).select(users::name).first(conn)?)
}

/// A person with a role on a site, as the list of members shows them.
#[derive(Debug)]
pub struct Member {
    /// Who.
    pub user: User,
    /// The roles held on the site itself.
    pub roles: Vec<Role>,
    /// Whether the invitation is still open.
    pub pending: bool,
    /// Whether wrong passwords locked them out.
    pub locked: bool,
    /// When they last used the site.
    pub seen_at: Option<NaiveDateTime>,
}

/// The people with a role of their own on `site`.
pub fn members(conn: &mut Conn, site: SiteId, now: NaiveDateTime) -> Result<Vec<Member>> {
    let rows: Vec<(UserId, String, String, Option<String>, Role)> = roles::table
        .inner_join(users::table)
        .filter(roles::site_id.eq(site).and(users::disabled.eq(false)))
        .order((users::created_at, users::id, roles::created_at))
        .select((users::id, users::email, users::name, users::password, roles::role))
        .load(conn)?;
    let mut members: Vec<Member> = Vec::new();
    for (id, email, name, password, role) in rows {
        match members.last_mut() {
            Some(last) if last.user.id == id => last.roles.push(role),
            _ => members.push(Member {
                locked: locked_until(conn, &email, now)?.is_some(),
                seen_at: seen(conn, id, site)?,
                user: User { id, email, name },
                roles: vec![role],
                pending: password.is_none(),
            }),
        }
    }
    Ok(members)
}

fn seen(conn: &mut Conn, user: UserId, site: SiteId) -> Result<Option<NaiveDateTime>> {
    let mine = sessions::table.filter(sessions::user_id.eq(user).and(sessions::site_id.eq(site)));
    Ok(mine.select(diesel::dsl::max(sessions::seen_at)).first(conn)?)
}

/// The member called `user`; nobody else exists for the site.
pub(crate) fn member(conn: &mut Conn, site: SiteId, user: UserId) -> Result<User> {
    let here = roles::table.filter(roles::user_id.eq(user).and(roles::site_id.eq(site)));
    let id: UserId = here.select(roles::user_id).first(conn)?;
    self::user(conn, id)
}

/// Deletes what has run out: sessions, links and counts of failures older than `before`.
pub fn sweep(conn: &mut Conn, before: NaiveDateTime) -> Result<usize> {
    let sessions = sessions::table.filter(sessions::seen_at.lt(before));
    let tickets = tickets::table.filter(tickets::expires_at.lt(before));
    let failures = failures::table.filter(failures::updated_at.lt(before));
    Ok(diesel::delete(sessions).execute(conn)?
        + diesel::delete(tickets).execute(conn)?
        + diesel::delete(failures).execute(conn)?)
}

/// Ends a person's sessions on one site.
pub(crate) fn sign_out_of(conn: &mut Conn, user: UserId, site: SiteId) -> Result<()> {
    let here = sessions::table.filter(sessions::user_id.eq(user).and(sessions::site_id.eq(site)));
    diesel::delete(here).execute(conn)?;
    Ok(())
}

/// Whether a person has yet to choose a password.
pub fn is_pending(conn: &mut Conn, user: UserId) -> Result<bool> {
    let password: Option<String> = users::table.find(user).select(users::password).first(conn)?;
    Ok(password.is_none())
}
