//! Who looks after the English of a page, and who was told that it is old.

use std::collections::{BTreeMap, HashMap};

use accounts::model::Role;
use base::{Error, Result, SiteId, UserId};
use content::entries::store::ContentId;
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{hosts, mirror_pages, roles, sites, users},
};
use diesel::prelude::*;

use super::standing::{Scope, sites_of};

/// Who looks after a page, and the change they were last told of; 0 for none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Care {
    /// Who was named for it.
    pub owner: Option<UserId>,
    /// See [`change`].
    pub reminded: i32,
}

/// The pages of `scope` that somebody was named for, or told of.
pub fn cares(conn: &mut Conn, scope: Scope) -> Result<HashMap<(SiteId, ContentId), Care>> {
    let rows: Vec<(SiteId, ContentId, Option<UserId>, i32)> =
        mirror_pages::table.filter(mirror_pages::site_id.eq_any(sites_of!(scope))).load(conn)?;
    let care = |(site, content, owner, reminded)| ((site, content), Care { owner, reminded });
    Ok(rows.into_iter().map(care).collect())
}

/// A number that is greater after every major change that a stale page does not say: the number
/// of the first of them and of those that followed it.
pub fn change(report: &english::state::Report) -> i32 {
    let more = i32::try_from(report.changes.saturating_sub(1)).unwrap_or_default();
    report.behind_since.map_or(0, |first| first + more)
}

/// Names who looks after a page, or nobody.
pub fn name(
    conn: &mut Conn,
    actor: Actor,
    content: ContentId,
    owner: Option<UserId>,
    title: String,
) -> Result<()> {
    let people = people(conn, actor.site)?;
    let name = match owner {
        Some(owner) => match people.get(&owner) {
            Some(name) => name.clone(),
            None => return Err(Error::field("owner", "mirror.owner_unknown")),
        },
        None => String::new(),
    };
    write(conn, (actor.site, content), owner, None)?;
    let deed = Deed { action: "mirror_owner", target: title, detail: name, ..Deed::default() };
    record(conn, actor, deed)
}

/// Notes that the owner of a page was told of `change`.
pub fn told(conn: &mut Conn, page: (SiteId, ContentId), care: Care, change: i32) -> Result<()> {
    write(conn, page, care.owner, Some(change))
}

fn write(
    conn: &mut Conn,
    (site, content): (SiteId, ContentId),
    owner: Option<UserId>,
    reminded: Option<i32>,
) -> Result<()> {
    let row = (
        mirror_pages::site_id.eq(site),
        mirror_pages::content_id.eq(content),
        mirror_pages::owner_id.eq(owner),
        mirror_pages::reminded.eq(reminded.unwrap_or_default()),
    );
    let key = (mirror_pages::site_id, mirror_pages::content_id);
    let owner = mirror_pages::owner_id.eq(owner);
    match reminded {
        Some(number) => on_each!(conn, |conn| diesel::insert_into(mirror_pages::table)
            .values(row)
            .on_conflict(key)
            .do_update()
            .set(mirror_pages::reminded.eq(number))
            .execute(conn))?,
        None => on_each!(conn, |conn| diesel::insert_into(mirror_pages::table)
            .values(row)
            .on_conflict(key)
            .do_update()
            .set(owner)
            .execute(conn))?,
    };
    Ok(())
}

/// The people who may write on a site, by key.
pub fn people(conn: &mut Conn, site: SiteId) -> Result<BTreeMap<UserId, String>> {
    let writers = [Role::Author, Role::Editor, Role::Approver, Role::SiteAdmin];
    let rows: Vec<(UserId, String)> = roles::table
        .inner_join(users::table)
        .filter(roles::site_id.eq(site).and(roles::role.eq_any(writers)))
        .filter(users::disabled.eq(false))
        .select((users::id, users::name))
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The names and addresses of people who have not left, by key.
pub fn addresses(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, (String, String)>> {
    let known = users::table.filter(users::id.eq_any(ids).and(users::disabled.eq(false)));
    let rows: Vec<(UserId, String, String)> =
        known.select((users::id, users::name, users::email)).load(conn)?;
    Ok(rows.into_iter().map(|(id, name, email)| (id, (name, email))).collect())
}

/// The portals, and the host of each open site.
pub fn hosts(conn: &mut Conn) -> Result<(Vec<SiteId>, BTreeMap<SiteId, String>)> {
    let portals = sites::table.filter(sites::portal_id.is_null()).select(sites::id).load(conn)?;
    let rows: Vec<(SiteId, String)> = sites::table
        .inner_join(hosts::table)
        .filter(hosts::canonical.eq(true).and(sites::state.eq(base::SiteState::Active)))
        .select((sites::id, hosts::host))
        .load(conn)?;
    Ok((portals, rows.into_iter().collect()))
}
