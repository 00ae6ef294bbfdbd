//! How much of the minimum is there in English: for one site, or for a whole province in a handful
//! of queries whatever its size.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Context;
use base::{EntryId, Identity, Locale, Result, SiteId, SiteState, SiteType, UserId};
use chrono::NaiveDateTime;
use content::{Kinds, entries::store::ContentId, kinds::FieldRole};
use db::{
    Conn,
    schema::{editions, entries, hosts, sections, sites, users},
};
use diesel::prelude::*;
use english::state::State;

use super::{
    owners::{self, Care},
    standing::{Mirror, Scope, mirrors, sites_of},
};
use crate::minimum::{Item, Minimum, Source};

base::text_enum!(
    /// Where a thing of the minimum stands.
    Standing {
        /// It is made from records, which are there.
        Generated = "generated",
        /// It would be made from records that nobody has entered.
        Unrecorded = "unrecorded",
        /// The site has no such section, or said that it does not apply.
        Inapplicable = "inapplicable",
        /// Nobody has published the Vietnamese.
        Unwritten = "unwritten",
        /// Nobody has begun the English.
        Missing = "missing",
        /// The English is being written.
        Draft = "draft",
        /// The English says what the Vietnamese says.
        Current = "current",
        /// The Vietnamese has changed since.
        Stale = "stale",
    }
);

impl Standing {
    /// Whether readers have it in English as it is today.
    pub fn is_current(self) -> bool {
        matches!(self, Self::Generated | Self::Current)
    }
}

/// A thing of the minimum on one site.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its id in the data file.
    pub id: String,
    /// What the screens call it.
    pub label: String,
    /// Where it stands.
    pub standing: Standing,
    /// The pages it is made of, those that the public reads in Vietnamese.
    pub pages: Vec<ContentId>,
}

/// A stale page that has been so for the longest time.
#[derive(Clone, Debug)]
pub struct Oldest {
    /// The page.
    pub content: ContentId,
    /// Its Vietnamese headline.
    pub title: String,
    /// Since when.
    pub since: NaiveDateTime,
    /// The major changes since.
    pub changes: usize,
    /// Who looks after it.
    pub owner: Option<UserId>,
}

/// How far one site is.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The site.
    pub site: SiteId,
    /// The body's official name.
    pub name: String,
    /// Its canonical host.
    pub host: String,
    /// Every thing of its minimum.
    pub items: Vec<Covered>,
    /// The stale page that has waited longest, in the minimum or not.
    pub oldest: Option<Oldest>,
    /// How many pages of the site are stale, in the minimum or not.
    pub stale: usize,
}

impl Coverage {
    /// How many things of the minimum apply.
    pub fn total(&self) -> usize {
        self.items.iter().filter(|it| it.standing != Standing::Inapplicable).count()
    }

    /// How many of them are current.
    pub fn current(&self) -> usize {
        self.items.iter().filter(|it| it.standing.is_current()).count()
    }

    /// The share that is current, in whole hundredths, rounded down: only all is a hundred.
    pub fn percent(&self) -> usize {
        (self.current() * 100).checked_div(self.total()).unwrap_or(100)
    }
}

#[derive(Queryable)]
struct SiteRow {
    id: SiteId,
    kind: SiteType,
    name: String,
    sort_key: Vec<u8>,
    identity: String,
    host: String,
}

/// Everything that coverage follows from, of all sites of a scope.
struct Facts {
    mirrors: HashMap<SiteId, Vec<Mirror>>,
    cares: HashMap<(SiteId, ContentId), Care>,
    /// Sections of the minimum that apply, by site and path.
    sections: HashSet<(SiteId, String)>,
    /// What the public reads in Vietnamese in those sections.
    pages: HashMap<(SiteId, String), Vec<ContentId>>,
    /// The sites that have officials.
    peopled: HashSet<SiteId>,
    titles: HashMap<EntryId, String>,
}

/// How far the sites of `scope` are, in the order of their names. Sites that the public does not
/// read are left out of a province.
pub fn of(
    conn: &mut Conn,
    (kinds, minimum): (&Kinds, &Minimum),
    scope: Scope,
) -> Result<Vec<Coverage>> {
    let mut rows: Vec<SiteRow> = sites::table
        .inner_join(hosts::table)
        .filter(sites::id.eq_any(sites_of!(scope)).and(hosts::canonical.eq(true)))
        .filter(sites::state.ne(SiteState::Linked))
        .select((
            sites::id,
            sites::kind,
            sites::name,
            sites::sort_key,
            sites::identity,
            hosts::host,
        ))
        .load(conn)?;
    if let Scope::Province(_) = scope {
        let open: HashSet<SiteId> = sites::table
            .filter(sites::state.eq(SiteState::Active))
            .select(sites::id)
            .load(conn)?
            .into_iter()
            .collect();
        rows.retain(|row| open.contains(&row.id));
    }
    rows.sort_by(|one, other| one.sort_key.cmp(&other.sort_key));
    let facts = facts(conn, (kinds, minimum), scope)?;
    rows.into_iter().map(|row| coverage(row, minimum, &facts)).collect()
}

fn facts(conn: &mut Conn, (kinds, minimum): (&Kinds, &Minimum), scope: Scope) -> Result<Facts> {
    let mut by_site: HashMap<SiteId, Vec<Mirror>> = HashMap::new();
    for mirror in mirrors(conn, kinds, scope)? {
        by_site.entry(mirror.site).or_default().push(mirror);
    }
    let paths = minimum.sections();
    let applicable: Vec<(SiteId, String)> = sections::table
        .filter(sections::site_id.eq_any(sites_of!(scope)))
        .filter(sections::path.eq_any(&paths).and(sections::reason.is_null()))
        .select((sections::site_id, sections::path))
        .load(conn)?;
    let written: Vec<(SiteId, String, ContentId)> = entries::table
        .inner_join(sections::table.on(sections::id.eq(entries::section_id)))
        .filter(entries::site_id.eq_any(sites_of!(scope)))
        .filter(entries::locale.eq(Locale::Vi).and(entries::live_id.is_not_null()))
        .filter(sections::path.eq_any(&paths))
        .select((entries::site_id, sections::path, entries::content_id))
        .load(conn)?;
    let mut pages: HashMap<(SiteId, String), Vec<ContentId>> = HashMap::new();
    for (site, path, content) in written {
        pages.entry((site, path)).or_default().push(content);
    }
    let ranked = kinds.iter().filter(|kind| kind.field(FieldRole::Rank).is_some());
    let ranked: Vec<String> = ranked.map(|kind| kind.id.clone()).collect();
    let peopled: Vec<SiteId> = entries::table
        .filter(entries::site_id.eq_any(sites_of!(scope)).and(entries::kind.eq_any(ranked)))
        .filter(entries::locale.eq(Locale::Vi).and(entries::live_id.is_not_null()))
        .select(entries::site_id)
        .distinct()
        .load(conn)?;
    let oldest = by_site.values().filter_map(|all| oldest(all)).map(|it| it.source).collect();
    Ok(Facts {
        titles: titles(conn, oldest)?,
        cares: owners::cares(conn, scope)?,
        mirrors: by_site,
        sections: applicable.into_iter().collect(),
        pages,
        peopled: peopled.into_iter().collect(),
    })
}

/// How many keys one query names.
const PART: usize = 500;

/// The headlines of Vietnamese entries, as the staff have them.
pub(crate) fn titles(conn: &mut Conn, ids: Vec<EntryId>) -> Result<HashMap<EntryId, String>> {
    let mut titles = HashMap::new();
    for part in ids.chunks(PART) {
        let rows: Vec<(EntryId, String)> = entries::table
            .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
            .filter(entries::id.eq_any(part.to_vec()))
            .select((entries::id, editions::title))
            .load(conn)?;
        titles.extend(rows);
    }
    Ok(titles)
}

/// The stale page that has been so for the longest time.
fn oldest(mirrors: &[Mirror]) -> Option<&Mirror> {
    let stale = mirrors.iter().filter(|it| it.behind_since.is_some());
    stale.min_by_key(|it| (it.behind_since, it.content))
}

fn coverage(row: SiteRow, minimum: &Minimum, facts: &Facts) -> Result<Coverage> {
    let identity: Identity = serde_json::from_str(&row.identity).context("identity")?;
    let mirrors = facts.mirrors.get(&row.id).map_or(&[][..], Vec::as_slice);
    let states: BTreeMap<ContentId, State> =
        mirrors.iter().map(|it| (it.content, it.report.state)).collect();
    let cover = |item: &Item| {
        let key = (row.id, item.section.clone());
        let pages = facts.pages.get(&key).cloned().unwrap_or_default();
        let standing = match item.generated {
            Some(source) => generated(source, &identity, facts.peopled.contains(&row.id)),
            None if !facts.sections.contains(&key) => Standing::Inapplicable,
            None => written(&pages, &states),
        };
        Covered { id: item.id.clone(), label: item.label.clone(), standing, pages }
    };
    let oldest = oldest(mirrors).map(|it| Oldest {
        content: it.content,
        title: facts.titles.get(&it.source).cloned().unwrap_or_default(),
        since: it.behind_since.unwrap_or_default(),
        changes: it.report.changes,
        owner: facts.cares.get(&(row.id, it.content)).and_then(|care| care.owner).or(it.author),
    });
    Ok(Coverage {
        items: minimum.of(row.kind).iter().map(cover).collect(),
        stale: mirrors.iter().filter(|it| it.report.state == State::Stale).count(),
        oldest,
        site: row.id,
        name: row.name,
        host: row.host,
    })
}

fn generated(source: Source, identity: &Identity, has_people: bool) -> Standing {
    let is_there = match source {
        Source::Contacts => !identity.address.is_empty() && !identity.phone.is_empty(),
        Source::People => has_people,
        Source::Sections | Source::Forms => true,
    };
    if is_there { Standing::Generated } else { Standing::Unrecorded }
}

/// A section of several pages is as far as the page that is worst of those somebody has begun;
/// a page of news that nobody needs in English does not make the section incomplete.
fn written(pages: &[ContentId], states: &BTreeMap<ContentId, State>) -> Standing {
    if pages.is_empty() {
        return Standing::Unwritten;
    }
    let begun: Vec<State> = pages.iter().filter_map(|page| states.get(page)).copied().collect();
    let has = |state: State| begun.contains(&state);
    match () {
        () if has(State::Stale) => Standing::Stale,
        () if has(State::Current) => Standing::Current,
        () if has(State::Draft) => Standing::Draft,
        () => Standing::Missing,
    }
}

/// The names of people, by key.
pub fn names(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>> {
    let mut names = BTreeMap::new();
    for part in ids.chunks(PART) {
        let known = users::table.filter(users::id.eq_any(part.to_vec()));
        let rows: Vec<(UserId, String)> = known.select((users::id, users::name)).load(conn)?;
        names.extend(rows);
    }
    Ok(names)
}
