//! Organisations that issue documents. Those without a site of their own belong to the portal and
//! are offered on all its sites; those of a site, on that site.

use std::collections::BTreeMap;

use base::{Error, OnUnique, Result, SiteId};
use chrono::NaiveDate;
use db::{
    Conn, on_each,
    schema::{issuer_successors, issuers},
};
use diesel::prelude::*;
use search::Successions;

use super::{CHUNK, Home};
use crate::{
    IssuerId,
    model::Level,
    vocabulary::{Body, folded},
};

/// An organisation that issues documents.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = issuers)]
pub struct Issuer {
    /// Its key.
    pub id: IssuerId,
    /// The site that keeps it; `None` for the portal.
    pub site_id: Option<SiteId>,
    /// How high it stands.
    pub level: Level,
    /// Its name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// As in symbols of documents.
    pub abbreviation: String,
    /// The official code of its unit.
    pub unit_code: String,
    /// The first day it existed.
    pub valid_from: Option<NaiveDate>,
    /// The last day it existed.
    pub valid_to: Option<NaiveDate>,
}

impl Issuer {
    /// Whether it had ended by `day`.
    pub fn has_ended(&self, day: NaiveDate) -> bool {
        self.valid_to.is_some_and(|last| last < day)
    }
}

/// An organisation about to be kept.
#[derive(Clone, Debug)]
pub struct NewIssuer {
    /// How high it stands.
    pub level: Level,
    /// Its name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// As in symbols of documents.
    pub abbreviation: String,
    /// The official code of its unit.
    pub unit_code: String,
    /// The first day it existed.
    pub valid_from: Option<NaiveDate>,
    /// The last day it existed.
    pub valid_to: Option<NaiveDate>,
    /// What became of it.
    pub successors: Vec<IssuerId>,
}

impl NewIssuer {
    /// An organisation of which no more than its name is known.
    pub fn named(level: Level, name: String) -> Self {
        Self {
            level,
            name,
            name_en: String::new(),
            abbreviation: String::new(),
            unit_code: String::new(),
            valid_from: None,
            valid_to: None,
            successors: Vec::new(),
        }
    }
}

/// The portal and the site: whose organisations a site can choose from.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The portal.
    pub portal: SiteId,
    /// The site, where it is not the portal itself.
    pub site: Option<SiteId>,
}

impl Owner {
    /// What a site can choose from.
    pub fn of(home: Home) -> Self {
        let site = (home.site != home.portal).then_some(home.site);
        Self { portal: home.portal, site }
    }
}

/// Organisations one can choose from.
#[diesel::dsl::auto_type(no_type_alias)]
fn within(owner: Owner) -> _ {
    let portal: SiteId = owner.portal;
    let site: Option<SiteId> = owner.site;
    // On the portal there is no other site: nothing equals NULL.
    issuers::table
        .filter(issuers::portal_id.eq(portal))
        .filter(issuers::site_id.is_null().or(issuers::site_id.eq(site)))
}

/// The organisations one can choose from, by name.
pub fn all(conn: &mut Conn, owner: Owner) -> Result<Vec<Issuer>> {
    Ok(within(owner).order(issuers::sort_key).select(Issuer::as_select()).load(conn)?)
}

/// The organisation called `id`.
pub fn by_id(conn: &mut Conn, owner: Owner, id: IssuerId) -> Result<Issuer> {
    Ok(within(owner).filter(issuers::id.eq(id)).select(Issuer::as_select()).first(conn)?)
}

/// Organisations by key, for documents that were read already.
pub fn named(conn: &mut Conn, portal: SiteId, mut ids: Vec<IssuerId>) -> Result<Names> {
    ids.sort();
    ids.dedup();
    let mut names = Names::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<Issuer> = issuers::table
            .filter(issuers::portal_id.eq(portal).and(issuers::id.eq_any(chunk.to_vec())))
            .select(Issuer::as_select())
            .load(conn)?;
        names.extend(rows.into_iter().map(|issuer| (issuer.id, issuer)));
    }
    Ok(names)
}

/// Organisations by key.
pub type Names = BTreeMap<IssuerId, Issuer>;

/// What became of an organisation.
pub fn successors(conn: &mut Conn, portal: SiteId, id: IssuerId) -> Result<Vec<Issuer>> {
    Ok(issuers::table
        .inner_join(issuer_successors::table.on(issuer_successors::successor_id.eq(issuers::id)))
        .filter(issuers::portal_id.eq(portal).and(issuer_successors::issuer_id.eq(id)))
        .order(issuers::sort_key)
        .select(Issuer::as_select())
        .load(conn)?)
}

/// The organisation of this name among those one can choose from; the site's own first.
pub fn by_name(conn: &mut Conn, owner: Owner, name: &str) -> Result<Option<IssuerId>> {
    let rows: Vec<(IssuerId, Option<SiteId>)> = within(owner)
        .filter(issuers::name_key.eq(folded(name)))
        .select((issuers::id, issuers::site_id))
        .load(conn)?;
    let own = rows.iter().find(|(_, site)| site.is_some()).or(rows.first());
    Ok(own.map(|(id, _)| *id))
}

/// The organisation that some site of the portal keeps under this name; `None` where several do.
pub fn of_components(conn: &mut Conn, portal: SiteId, key: &str) -> Result<Option<Issuer>> {
    let mut rows: Vec<Issuer> = issuers::table
        .filter(issuers::portal_id.eq(portal).and(issuers::name_key.eq(key)))
        .limit(2)
        .select(Issuer::as_select())
        .load(conn)?;
    Ok(rows.pop().filter(|_| rows.is_empty()))
}

/// Keeps an organisation.
pub fn create(conn: &mut Conn, owner: Owner, new: &NewIssuer) -> Result<IssuerId> {
    let id = IssuerId::new();
    diesel::insert_into(issuers::table)
        .values((
            issuers::id.eq(id),
            issuers::portal_id.eq(owner.portal),
            issuers::site_id.eq(owner.site),
            issuers::level.eq(new.level),
            issuers::name.eq(&new.name),
            issuers::name_en.eq(&new.name_en),
            issuers::abbreviation.eq(&new.abbreviation),
            issuers::name_key.eq(folded(&new.name)),
            issuers::sort_key.eq(base::text::sort_key(&new.name)),
            issuers::unit_code.eq(&new.unit_code),
            issuers::valid_from.eq(new.valid_from),
            issuers::valid_to.eq(new.valid_to),
        ))
        .execute(conn)
        .on_unique("name", "issuer.taken")?;
    succeed(conn, owner, id, &new.successors)?;
    Ok(id)
}

/// Changes an organisation that `owner` keeps.
pub fn update(conn: &mut Conn, owner: Owner, id: IssuerId, new: &NewIssuer) -> Result<()> {
    let issuer = by_id(conn, owner, id)?;
    if issuer.site_id != owner.site {
        return Err(Error::Forbidden);
    }
    let row = issuers::table.filter(issuers::portal_id.eq(owner.portal).and(issuers::id.eq(id)));
    diesel::update(row)
        .set((
            issuers::level.eq(new.level),
            issuers::name.eq(&new.name),
            issuers::name_en.eq(&new.name_en),
            issuers::abbreviation.eq(&new.abbreviation),
            issuers::name_key.eq(folded(&new.name)),
            issuers::sort_key.eq(base::text::sort_key(&new.name)),
            issuers::unit_code.eq(&new.unit_code),
            issuers::valid_from.eq(new.valid_from),
            issuers::valid_to.eq(new.valid_to),
        ))
        .execute(conn)
        .on_unique("name", "issuer.taken")?;
    let old = issuer_successors::table.filter(issuer_successors::issuer_id.eq(id));
    diesel::delete(old).execute(conn)?;
    succeed(conn, owner, id, &new.successors)
}

fn succeed(conn: &mut Conn, owner: Owner, id: IssuerId, successors: &[IssuerId]) -> Result<()> {
    for successor in successors.iter().filter(|it| **it != id) {
        by_id(conn, owner, *successor)?;
        let row =
            (issuer_successors::issuer_id.eq(id), issuer_successors::successor_id.eq(*successor));
        diesel::insert_into(issuer_successors::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Plants the central bodies in a portal that has none yet.
pub fn plant(conn: &mut Conn, portal: SiteId, bodies: &[Body]) -> Result<()> {
    let shared =
        issuers::table.filter(issuers::portal_id.eq(portal).and(issuers::site_id.is_null()));
    let central: i64 = shared.filter(issuers::level.eq(Level::Central)).count().get_result(conn)?;
    if central > 0 {
        return Ok(());
    }
    let ids: BTreeMap<&str, IssuerId> =
        bodies.iter().map(|body| (body.name.as_str(), IssuerId::new())).collect();
    let rows: Vec<_> = bodies
        .iter()
        .filter_map(|body| {
            Some((
                issuers::id.eq(*ids.get(body.name.as_str())?),
                issuers::portal_id.eq(portal),
                issuers::level.eq(Level::Central),
                issuers::name.eq(&body.name),
                issuers::name_en.eq(&body.name_en),
                issuers::abbreviation.eq(&body.abbreviation),
                issuers::name_key.eq(folded(&body.name)),
                issuers::sort_key.eq(base::text::sort_key(&body.name)),
                issuers::unit_code.eq(""),
                issuers::valid_from.eq(body.valid_from),
                issuers::valid_to.eq(body.valid_to),
            ))
        })
        .collect();
    on_each!(conn, |conn| diesel::insert_into(issuers::table).values(&rows).execute(conn))?;
    for body in bodies {
        let id = ids.get(body.name.as_str());
        for successor in body.successors.iter().filter_map(|name| ids.get(name.as_str())) {
            let row = (
                issuer_successors::issuer_id.eq(id.copied().unwrap_or(*successor)),
                issuer_successors::successor_id.eq(*successor),
            );
            diesel::insert_into(issuer_successors::table).values(row).execute(conn)?;
        }
    }
    Ok(())
}

/// So many steps from a body that ended to what stands for it today are followed.
const MOST_STEPS: usize = 5;

/// The names of bodies that ended with those of what became of them, by portal; where that ended
/// too, with what became of that as well.
///
/// Every office's are told to its whole province: which body came after which is public law, and
/// search shows nothing of an organisation but what the public already reads under the later name.
pub fn successions(conn: &mut Conn) -> Result<Successions> {
    let next: Vec<(IssuerId, IssuerId)> = issuer_successors::table
        .order((issuer_successors::issuer_id, issuer_successors::successor_id))
        .select((issuer_successors::issuer_id, issuer_successors::successor_id))
        .load(conn)?;
    let mut after: BTreeMap<IssuerId, Vec<IssuerId>> = BTreeMap::new();
    for (former, successor) in next {
        after.entry(former).or_default().push(successor);
    }
    let of_former = issuer_successors::table.select(issuer_successors::issuer_id);
    let of_today = issuer_successors::table.select(issuer_successors::successor_id);
    let rows: Vec<(IssuerId, SiteId, String, Option<NaiveDate>)> = issuers::table
        .filter(issuers::id.eq_any(of_former).or(issuers::id.eq_any(of_today)))
        .select((issuers::id, issuers::portal_id, issuers::name, issuers::valid_to))
        .load(conn)?;
    let names: BTreeMap<IssuerId, &str> =
        rows.iter().map(|(id, _, name, _)| (*id, name.as_str())).collect();
    let mut all = Successions::new();
    for (id, portal, name, _) in rows.iter().filter(|(.., valid_to)| valid_to.is_some()) {
        let later = reached(&after, *id);
        let later = later.iter().filter_map(|it| names.get(it));
        let pairs = later.map(|today| (name.clone(), (*today).to_owned()));
        all.entry(*portal).or_default().extend(pairs);
    }
    Ok(all)
}

/// Everything that came after `id`, the nearest first.
fn reached(after: &BTreeMap<IssuerId, Vec<IssuerId>>, id: IssuerId) -> Vec<IssuerId> {
    let (mut all, mut edge) = (Vec::new(), vec![id]);
    for _ in 0..MOST_STEPS {
        let next = edge.iter().filter_map(|it| after.get(it)).flatten().copied();
        edge = next.filter(|it| *it != id && !all.contains(it)).collect();
        all.extend(&edge);
    }
    all
}
