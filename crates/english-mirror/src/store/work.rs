//! The lists of the staff: what is to be done on one site.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{EntryId, Locale, Result, SiteId, UserId};
use chrono::NaiveDateTime;
use content::{Kinds, entries::store::ContentId, model::State as Step};
use db::{
    Conn,
    schema::{editions, entries},
};
use diesel::{dsl::not, prelude::*};
use english::state::State;

use super::{
    aliases::translated,
    coverage::{self, Coverage},
    owners,
    standing::{Mirror, Scope, mirrors},
};
use crate::minimum::Minimum;

/// A page on the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// What both sides share.
    pub content: ContentId,
    /// The Vietnamese entry.
    pub source: EntryId,
    /// Its headline.
    pub title: String,
    /// Whether the public reads it.
    pub is_public: bool,
    /// The thing of the minimum it is part of.
    pub item: Option<String>,
    /// Where its English stands.
    pub state: State,
    /// How many major changes came since.
    pub changes: usize,
    /// Since when it is behind.
    pub behind_since: Option<NaiveDateTime>,
    /// Whether a newer English edition than the public one is being written.
    pub has_draft: bool,
    /// Whether an approver is waited for.
    pub waits: bool,
    /// Whether it has words a machine wrote and nobody has read.
    pub machine: bool,
    /// Who looks after it.
    pub owner: Option<UserId>,
}

/// What is to be done on a site.
#[derive(Debug)]
pub struct Work {
    /// How far the site is.
    pub coverage: Option<Coverage>,
    /// Pages of the minimum and every page somebody has begun: the minimum first, then what has
    /// been stale for the longest time, what was begun, what is missing, what is current.
    pub rows: Vec<Row>,
    /// The names of people.
    pub names: BTreeMap<UserId, String>,
}

/// Everything that is to be done on `site`.
pub fn of(conn: &mut Conn, (kinds, minimum): (&Kinds, &Minimum), site: SiteId) -> Result<Work> {
    let coverage = coverage::of(conn, (kinds, minimum), Scope::Site(site))?.into_iter().next();
    let mut mirrors: HashMap<ContentId, Mirror> =
        mirrors(conn, kinds, Scope::Site(site))?.into_iter().map(|it| (it.content, it)).collect();
    let mut item_of: BTreeMap<ContentId, String> = BTreeMap::new();
    let items = coverage.iter().flat_map(|it| &it.items);
    for item in items {
        for page in &item.pages {
            item_of.insert(*page, item.label.clone());
        }
    }
    let contents: BTreeSet<ContentId> =
        item_of.keys().copied().chain(mirrors.keys().copied()).collect();
    let cares = owners::cares(conn, Scope::Site(site))?;
    let mut rows = Vec::new();
    for (content, source, title, live) in sources(conn, site, &contents)? {
        let mirror = mirrors.remove(&content);
        let item = item_of.get(&content).cloned();
        // A section with many pages asks for those that somebody chose, or for one.
        if mirror.is_none() && item.is_none() {
            continue;
        }
        let care = cares.get(&(site, content)).copied().unwrap_or_default();
        rows.push(row((content, source, title, live), mirror, item, care.owner));
    }
    rows.sort_by_cached_key(rank);
    let people = rows.iter().filter_map(|row| row.owner).collect();
    Ok(Work { coverage, names: coverage::names(conn, people)?, rows })
}

type SourceRow = (ContentId, EntryId, String, bool);

fn sources(
    conn: &mut Conn,
    site: SiteId,
    contents: &BTreeSet<ContentId>,
) -> Result<Vec<SourceRow>> {
    let contents: Vec<ContentId> = contents.iter().copied().collect();
    let mut rows = Vec::new();
    for part in contents.chunks(500) {
        let found: Vec<(ContentId, EntryId, String, Option<base::EditionId>)> = entries::table
            .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
            .filter(entries::site_id.eq(site).and(entries::locale.eq(Locale::Vi)))
            .filter(entries::content_id.eq_any(part.to_vec()))
            .filter(editions::state.ne(Step::Discarded))
            .select((entries::content_id, entries::id, editions::title, entries::live_id))
            .load(conn)?;
        rows.extend(
            found
                .into_iter()
                .map(|(content, id, title, live)| (content, id, title, live.is_some())),
        );
    }
    Ok(rows)
}

fn row(
    (content, source, title, is_public): SourceRow,
    mirror: Option<Mirror>,
    item: Option<String>,
    owner: Option<UserId>,
) -> Row {
    let report = mirror.as_ref().map(|it| it.report);
    Row {
        content,
        source,
        title,
        is_public,
        item,
        state: report.map_or(State::Missing, |it| it.state),
        changes: report.map_or(0, |it| it.changes),
        behind_since: mirror.as_ref().and_then(|it| it.behind_since),
        has_draft: report.is_some_and(|it| it.has_draft),
        waits: mirror.as_ref().is_some_and(|it| it.waits),
        machine: mirror.as_ref().is_some_and(|it| it.machine),
        owner: owner.or(mirror.as_ref().and_then(|it| it.author)),
    }
}

/// The minimum first; in each half the oldest stale page first, then what waits for an approver,
/// what is missing, what is being written, what is current.
fn rank(row: &Row) -> (bool, u8, Option<NaiveDateTime>, Vec<u8>) {
    let step = match row.state {
        State::Stale => 0,
        _ if row.waits => 1,
        State::Missing => 2,
        State::Draft => 3,
        State::Current => 4,
    };
    (row.item.is_none(), step, row.behind_since, base::text::sort_key(&row.title))
}

/// Vietnamese pages of the site that nobody has begun to translate, newest first: those whose
/// headline has all `words`.
pub fn untranslated(
    conn: &mut Conn,
    site: SiteId,
    words: &str,
    (skip, limit): (i64, i64),
) -> Result<(Vec<Row>, i64)> {
    macro_rules! query {
        () => {{
            let begun = translated
                .filter(translated.field(entries::site_id).eq(entries::site_id))
                .filter(translated.field(entries::content_id).eq(entries::content_id))
                .filter(translated.field(entries::locale).eq(Locale::En));
            let mut query = entries::table
                .inner_join(editions::table.on(entries::live_id.eq(editions::id.nullable())))
                .filter(entries::site_id.eq(site).and(entries::locale.eq(Locale::Vi)))
                .filter(not(diesel::dsl::exists(begun)))
                .into_boxed();
            for word in base::text::unaccented(words).split_whitespace().take(8) {
                let word = word.replace(['%', '_', '\\'], "");
                query = query.filter(editions::plain.like(format!("%{word}%")));
            }
            query
        }};
    }
    let total = query!().count().get_result(conn)?;
    let found: Vec<(ContentId, EntryId, String)> = query!()
        .order((entries::published_at.desc(), entries::id.desc()))
        .offset(skip)
        .limit(limit)
        .select((entries::content_id, entries::id, editions::title))
        .load(conn)?;
    let line = |(content, id, title)| row((content, id, title, true), None, None, None);
    Ok((found.into_iter().map(line).collect(), total))
}

/// How many English editions wait for an approver.
pub fn waiting(conn: &mut Conn, site: SiteId) -> Result<i64> {
    Ok(entries::table
        .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
        .filter(entries::site_id.eq(site).and(entries::locale.eq(Locale::En)))
        .filter(editions::state.eq(Step::Submitted))
        .count()
        .get_result(conn)?)
}

/// How many public English pages are stale.
pub fn stale(conn: &mut Conn, kinds: &Kinds, site: SiteId) -> Result<usize> {
    let all = mirrors(conn, kinds, Scope::Site(site))?;
    Ok(all.iter().filter(|it| it.report.state == State::Stale).count())
}
