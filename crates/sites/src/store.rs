//! Sites in the database.

use std::collections::HashMap;

use anyhow::Context;
use base::{
    Error, Identity, Licence, Message, OnUnique, Result, Site, SiteId, SiteState, SiteType,
};
use chrono::{NaiveDate, NaiveDateTime};
use content::{entries::store as entries, sections::store as tree};
use db::{
    Conn,
    events::{Actor, Deed, record},
    outbox,
    schema::{entries as entry_rows, hosts, roles, sites},
};
use diesel::prelude::*;
use media::{Items, Owner, Visibility};

use crate::{
    Rules,
    blueprint::Blueprint,
    model::{self, NewSite, Step},
};

/// A site as the province sees it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its key.
    pub id: SiteId,
    /// Its portal.
    pub portal_id: Option<SiteId>,
    /// What kind of body it belongs to.
    pub kind: SiteType,
    /// Where it stands.
    pub state: SiteState,
    /// The official code of the unit.
    pub unit_code: Option<String>,
    /// The body's official name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The blueprint it started from.
    pub blueprint: String,
    /// The facts of its footer.
    pub identity: Identity,
    /// Where a linked site lives.
    pub external_url: Option<String>,
    /// When it is to be converted.
    pub conversion_due: Option<NaiveDate>,
    /// When it was created.
    pub created_at: NaiveDateTime,
    /// Its canonical host; linked sites have none.
    pub host: Option<String>,
}

type Columns = (
    SiteId,
    Option<SiteId>,
    SiteType,
    SiteState,
    Option<String>,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<NaiveDate>,
    NaiveDateTime,
    Option<String>,
);

fn record_of(row: Columns) -> Result<Record> {
    Ok(Record {
        id: row.0,
        portal_id: row.1,
        kind: row.2,
        state: row.3,
        unit_code: row.4,
        name: row.5,
        name_en: row.6,
        blueprint: row.7,
        identity: serde_json::from_str(&row.8).context("identity of a site")?,
        external_url: row.9,
        conversion_due: row.10,
        created_at: row.11,
        host: row.12,
    })
}

/// Joins a site with its canonical host and selects the columns of a [`Record`].
macro_rules! records {
    () => {
        sites::table
            .left_join(hosts::table.on(hosts::site_id.eq(sites::id).and(hosts::canonical.eq(true))))
            .select((
                sites::id,
                sites::portal_id,
                sites::kind,
                sites::state,
                sites::unit_code,
                sites::name,
                sites::name_en,
                sites::blueprint,
                sites::identity,
                sites::external_url,
                sites::conversion_due,
                sites::created_at,
                hosts::host.nullable(),
            ))
    };
}

/// The components of a portal, in the order of a Vietnamese dictionary.
pub fn components(conn: &mut Conn, portal: SiteId) -> Result<Vec<Record>> {
    let rows: Vec<Columns> = records!()
        .filter(sites::portal_id.eq(portal))
        .order((sites::sort_key, sites::id))
        .load(conn)?;
    rows.into_iter().map(record_of).collect()
}

/// Every site of the installation, portals first, for the command line.
pub fn all(conn: &mut Conn) -> Result<Vec<Record>> {
    let rows: Vec<Columns> = records!()
        .order((sites::portal_id.is_not_null(), sites::sort_key, sites::id))
        .load(conn)?;
    rows.into_iter().map(record_of).collect()
}

/// One component of a portal; another portal's does not exist.
pub fn component(conn: &mut Conn, portal: SiteId, id: SiteId) -> Result<Record> {
    let row: Columns =
        records!().filter(sites::portal_id.eq(portal).and(sites::id.eq(id))).first(conn)?;
    record_of(row)
}

/// The site that `host` leads to.
pub fn by_host(conn: &mut Conn, host: &str) -> Result<Record> {
    let id: SiteId = hosts::table.find(host).select(hosts::site_id).first(conn)?;
    let row: Columns = records!().filter(sites::id.eq(id)).first(conn)?;
    record_of(row)
}

/// The site of the unit with this official code.
pub fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Record>> {
    let row: Option<Columns> =
        records!().filter(sites::unit_code.eq(code)).first(conn).optional()?;
    row.map(record_of).transpose()
}

/// The portals of the installation: usually one.
pub fn portals(conn: &mut Conn) -> Result<Vec<Record>> {
    let rows: Vec<Columns> =
        records!().filter(sites::portal_id.is_null()).order(sites::sort_key).load(conn)?;
    rows.into_iter().map(record_of).collect()
}

/// Whom `host` belongs to.
pub fn host_owner(conn: &mut Conn, host: &str) -> Result<Option<(SiteId, String)>> {
    let owner = hosts::table.inner_join(sites::table).filter(hosts::host.eq(host));
    Ok(owner.select((sites::id, sites::name)).first(conn).optional()?)
}

/// Creates a site with its blueprint's sections and starter drafts, in one transaction of the
/// caller. `portal` is the portal it is a component of.
pub fn create(
    conn: &mut Conn,
    actor: Actor,
    rules: &Rules,
    portal: Option<SiteId>,
    new: &NewSite,
) -> Result<SiteId> {
    let kind = new.kind.unwrap_or(SiteType::Commune);
    let blueprint = rules.blueprints.of(kind)?;
    let id = SiteId::new();
    insert(conn, actor.now, id, (portal, kind), blueprint, new)?;
    db::epochs::start(conn, id, actor.now)?;
    let own = Actor { site: id, ..actor };
    if let Some(host) = &new.host {
        add_host_row(conn, id, host, true)?;
        plant(conn, own, blueprint)?;
    }
    let deed = Deed { action: "site_created", target: new.name.clone(), ..Deed::default() };
    record(conn, own, deed)?;
    if let Some(portal) = portal {
        db::epochs::raise(conn, portal, actor.now)?;
    }
    Ok(id)
}

fn insert(
    conn: &mut Conn,
    now: NaiveDateTime,
    id: SiteId,
    (portal, kind): (Option<SiteId>, SiteType),
    blueprint: &Blueprint,
    new: &NewSite,
) -> Result<()> {
    let state = if new.linked.is_some() { SiteState::Linked } else { SiteState::Draft };
    let (external_url, conversion_due) = new.linked.clone().unzip();
    diesel::insert_into(sites::table)
        .values((
            sites::id.eq(id),
            sites::portal_id.eq(portal),
            sites::kind.eq(kind),
            sites::state.eq(state),
            sites::unit_code.eq(new.unit_code.as_deref()),
            sites::name.eq(&new.name),
            sites::name_en.eq(&new.name_en),
            sites::sort_key.eq(base::text::sort_key(crate::names::bare_name(&new.name))),
            sites::blueprint.eq(&blueprint.id),
            sites::valid_from.eq(new.valid_from),
            sites::theme.eq("default"),
            sites::palette.eq("son"),
            sites::identity.eq(json(&new.identity)?),
            sites::external_url.eq(external_url),
            sites::conversion_due.eq(conversion_due.flatten()),
            sites::self_approval.eq(false),
            sites::home.eq(blueprint.home.join("\n")),
            sites::created_at.eq(now),
            sites::updated_at.eq(now),
        ))
        .execute(conn)
        .on_unique("unit_code", "site.code_taken")?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).context("to JSON")?)
}

/// Plants the tree of `blueprint` and its starter drafts on the site of `actor`.
fn plant(conn: &mut Conn, actor: Actor, blueprint: &Blueprint) -> Result<()> {
    let ids = tree::plant(conn, actor.site, &blueprint.plan())?;
    let starters = blueprint.sections.iter().zip(ids).filter(|(section, _)| section.starter);
    let starters: Vec<entries::Starter> = starters
        .filter_map(|(section, id)| {
            let kind = section.entries.first()?.clone();
            Some(entries::Starter { kind, section: id, title: section.label.clone() })
        })
        .collect();
    entries::plant(conn, actor, &starters)
}

fn add_host_row(conn: &mut Conn, site: SiteId, host: &str, canonical: bool) -> Result<()> {
    diesel::insert_into(hosts::table)
        .values((hosts::host.eq(host), hosts::site_id.eq(site), hosts::canonical.eq(canonical)))
        .execute(conn)
        .on_unique("host", Message::new("host.taken").with("host", host))?;
    Ok(())
}

/// Every host of a site, the canonical one first.
pub fn hosts_of(conn: &mut Conn, site: SiteId) -> Result<Vec<(String, bool)>> {
    Ok(hosts::table
        .filter(hosts::site_id.eq(site))
        .order((hosts::canonical.desc(), hosts::host))
        .select((hosts::host, hosts::canonical))
        .load(conn)?)
}

/// Gives the site of `actor` another host, which redirects to the canonical one.
pub fn add_host(conn: &mut Conn, actor: Actor, host: &str) -> Result<()> {
    add_host_row(conn, actor.site, host, false)?;
    note(conn, actor, "host_added", host.to_owned(), String::new())
}

/// Takes a host away; the canonical one stays.
pub fn remove_host(conn: &mut Conn, actor: Actor, host: &str) -> Result<()> {
    let row = hosts::table
        .filter(hosts::site_id.eq(actor.site).and(hosts::host.eq(host)))
        .filter(hosts::canonical.eq(false));
    match diesel::delete(row).execute(conn)? {
        0 => Err(Error::NotFound),
        _ => note(conn, actor, "host_removed", host.to_owned(), String::new()),
    }
}

fn note(
    conn: &mut Conn,
    actor: Actor,
    action: &'static str,
    target: String,
    detail: String,
) -> Result<()> {
    record(conn, actor, Deed { action, target, detail, ..Deed::default() })?;
    db::epochs::raise(conn, actor.site, actor.now)
}

/// Takes a step in the life of the site of `actor`. It opens only with every mandatory fact.
pub fn step(conn: &mut Conn, actor: Actor, rules: &Rules, step: Step) -> Result<SiteState> {
    let row: Columns = records!().filter(sites::id.eq(actor.site)).first(conn)?;
    let site = record_of(row)?;
    let next = model::after(site.state, step)?;
    if step == Step::Activate {
        let missing = model::missing(site.kind, &site.identity);
        if !missing.is_empty() {
            let message = Message::new("site.incomplete").with("count", missing.len());
            return Err(Error::conflict(message.with("fields", missing.join(", "))));
        }
    }
    if step == Step::Convert {
        bring_home(conn, actor, rules, &site)?;
    }
    let change = (sites::state.eq(next), sites::updated_at.eq(actor.now));
    diesel::update(sites::table.find(actor.site)).set(change).execute(conn)?;
    if let Some(portal) = site.portal_id {
        db::epochs::raise(conn, portal, actor.now)?;
    }
    // Everything on it appears to the public, or disappears.
    outbox::tell(conn, actor.site, (search::feed::SITE, actor.site.uuid()), actor.now)?;
    let detail = next.as_str().to_owned();
    note(conn, actor, "site_state", site.name, detail)?;
    Ok(next)
}

/// Gives a linked site the host its name asks for, and its blueprint's sections.
fn bring_home(conn: &mut Conn, actor: Actor, rules: &Rules, site: &Record) -> Result<()> {
    let portal = site.portal_id.ok_or(Error::NotFound)?;
    let parent = canonical_host(conn, portal)?;
    let host = format!("{}.{parent}", rules.names.label(site.kind, &site.name));
    if let Some(problem) = rules.names.check_host(&host) {
        return Err(Error::field("host", problem));
    }
    add_host_row(conn, site.id, &host, true)?;
    plant(conn, actor, rules.blueprints.of(site.kind)?)
}

/// The canonical host of a site.
pub fn canonical_host(conn: &mut Conn, site: SiteId) -> Result<String> {
    let canonical = hosts::table.filter(hosts::site_id.eq(site).and(hosts::canonical.eq(true)));
    Ok(canonical.select(hosts::host).first(conn)?)
}

/// What a site may change of itself.
#[derive(Clone, Debug)]
pub struct Change {
    /// The body's official name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The facts of the footer.
    pub identity: Identity,
    /// The licence to aggregate the press.
    pub licence: Option<Licence>,
    /// One of the theme's palettes.
    pub palette: String,
    /// The address of the logo.
    pub logo: Option<String>,
    /// Whether approvers may approve their own writing.
    pub self_approval: bool,
    /// The blocks of the home page.
    pub home: Vec<String>,
}

/// Saves the settings of the site of `actor`. An open site cannot lose a mandatory fact.
pub fn update(conn: &mut Conn, actor: Actor, site: &Site, change: Change) -> Result<()> {
    let missing = model::missing(site.kind, &change.identity);
    if site.state == SiteState::Active && !missing.is_empty() {
        let blame = |field: &&'static str| ((*field).into(), Message::new("identity_missing"));
        return Err(Error::Invalid(missing.iter().map(blame).collect()));
    }
    use_logo(conn, site.id, &change)?;
    let licence = change.licence.as_ref().map(json).transpose()?;
    diesel::update(sites::table.find(actor.site))
        .set((
            sites::name.eq(&change.name),
            sites::name_en.eq(&change.name_en),
            sites::sort_key.eq(base::text::sort_key(crate::names::bare_name(&change.name))),
            sites::identity.eq(json(&change.identity)?),
            sites::licence.eq(licence),
            sites::palette.eq(&change.palette),
            sites::logo.eq(&change.logo),
            sites::self_approval.eq(change.self_approval),
            sites::home.eq(change.home.join("\n")),
            sites::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    if let Some(portal) = site.portal_id {
        db::epochs::raise(conn, portal, actor.now)?;
    }
    outbox::tell(conn, actor.site, (crate::find::FACTS, actor.site.uuid()), actor.now)?;
    let detail = match (site.self_approval, change.self_approval) {
        (false, true) => "self_approval_on",
        (true, false) => "self_approval_off",
        _ => "",
    };
    note(conn, actor, "settings_changed", change.name, detail.to_owned())
}

/// Makes the logo public, and no other picture in its stead.
fn use_logo(conn: &mut Conn, site: SiteId, change: &Change) -> Result<()> {
    let unknown = || Error::field("logo", "picture.unknown");
    let mut items = Items::default();
    if let Some(logo) = &change.logo {
        items.add(media::picture_id(logo).ok_or_else(unknown)?);
    }
    let owner =
        Owner { kind: "logo", id: site.uuid(), label: &change.name, path: "/quan-tri/cau-hinh" };
    match media::uses::set(conn, site, owner, &items, Visibility::Public) {
        Err(Error::NotFound) => Err(unknown()),
        done => done,
    }
}

/// Sets what the demonstration chooses for its sites.
pub fn set_palette(conn: &mut Conn, site: SiteId, palette: &str) -> Result<()> {
    diesel::update(sites::table.find(site)).set(sites::palette.eq(palette)).execute(conn)?;
    Ok(())
}

/// How lively the components of a portal are: entries published, the latest day, administrators.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pulse {
    /// Entries the public can read.
    pub published: i64,
    /// When the newest of them appeared.
    pub latest: Option<NaiveDateTime>,
    /// People who administer the site.
    pub admins: i64,
}

/// The pulse of every component of `portal`, in two queries whatever their number.
pub fn pulses(conn: &mut Conn, portal: SiteId) -> Result<HashMap<SiteId, Pulse>> {
    let mut pulses: HashMap<SiteId, Pulse> = HashMap::new();
    let live: Vec<(SiteId, i64, Option<NaiveDateTime>)> = entry_rows::table
        .inner_join(sites::table)
        .filter(sites::portal_id.eq(portal).and(entry_rows::live_id.is_not_null()))
        .group_by(entry_rows::site_id)
        .select((
            entry_rows::site_id,
            diesel::dsl::count_star(),
            diesel::dsl::max(entry_rows::published_at),
        ))
        .load(conn)?;
    for (site, published, latest) in live {
        pulses.insert(site, Pulse { published, latest, admins: 0 });
    }
    let admins: Vec<(SiteId, i64)> = roles::table
        .inner_join(sites::table)
        .filter(sites::portal_id.eq(portal))
        .filter(roles::role.eq(accounts::model::Role::SiteAdmin))
        .group_by(roles::site_id)
        .select((roles::site_id, diesel::dsl::count_star()))
        .load(conn)?;
    for (site, admins) in admins {
        pulses.entry(site).or_default().admins = admins;
    }
    Ok(pulses)
}
