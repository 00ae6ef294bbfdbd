//! How far translations are: few queries for many pages, bodies only where something may be stale.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{EditionId, EntryId, Result, SiteId, UserId};
use chrono::NaiveDateTime;
use content::{
    Kinds,
    entries::store::{ContentId, Edition, Entry},
    kinds::Kind,
    model::State,
};
use db::{
    Conn,
    schema::{editions, entries, translations},
};
use diesel::prelude::*;
use english::{
    blocks::Digest,
    state::{self, Report, Standing, Translation},
};

use super::{
    aliases::{later, vietnamese},
    words,
};

/// Whose pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One site's.
    Site(SiteId),
    /// Those of a portal and of its components.
    Province(SiteId),
}

impl Scope {
    /// The site that is in it whatever it is, and the portal whose components are.
    pub(super) fn keys(self) -> (SiteId, Option<SiteId>) {
        match self {
            Self::Site(id) => (id, None),
            Self::Province(id) => (id, Some(id)),
        }
    }
}

/// The keys of the sites of a scope, as a query.
macro_rules! sites_of {
    ($scope:expr) => {{
        use $crate::store::aliases::of_scope;
        let (own, portal) = $scope.keys();
        let below = of_scope.field(db::schema::sites::portal_id).eq(portal);
        of_scope
            .filter(of_scope.field(db::schema::sites::id).eq(own).or(below))
            .select(of_scope.field(db::schema::sites::id))
    }};
}
pub(super) use sites_of;

/// A page that somebody has begun to translate.
#[derive(Clone, Debug)]
pub struct Mirror {
    /// Whose it is.
    pub site: SiteId,
    /// What both sides share.
    pub content: ContentId,
    /// The Vietnamese entry.
    pub source: EntryId,
    /// The English entry.
    pub english: EntryId,
    /// Where it stands.
    pub report: Report,
    /// When the public first read what the English page does not say; `None` unless it is stale.
    pub behind_since: Option<NaiveDateTime>,
    /// Whether what the public reads, or else the draft, has words a machine wrote unread.
    pub machine: bool,
    /// Whether an approver is waited for.
    pub waits: bool,
    /// Who wrote the latest edition.
    pub author: Option<UserId>,
    /// When the latest edition was saved.
    pub updated_at: NaiveDateTime,
}

/// An edition's standing to the public.
pub fn standing(state: State) -> Standing {
    match state {
        State::Published => Standing::Public,
        State::Superseded => Standing::Past,
        State::Withdrawn => Standing::Withdrawn,
        State::Draft | State::Submitted | State::Discarded => Standing::Unpublished,
    }
}

/// The states in which the public reads an edition or has read it.
const WAS_PUBLIC: [State; 3] = [State::Published, State::Superseded, State::Withdrawn];

/// Where one page stands.
pub fn of_page(
    conn: &mut Conn,
    site: SiteId,
    kind: &Kind,
    (source, english): (&Entry, &Entry),
) -> Result<Report> {
    let all = editions::table
        .filter(editions::site_id.eq(site).and(editions::entry_id.eq(source.id)))
        .select(Edition::as_select());
    let source: Vec<Edition> = all.load(conn)?;
    let source: Vec<state::Edition> =
        source.iter().map(|it| told(kind, it)).collect::<Result<_>>()?;
    let rows: Vec<(i32, State, i32)> = translations::table
        .inner_join(editions::table.on(editions::id.eq(translations::edition_id)))
        .inner_join(later.on(later.field(editions::id).eq(translations::source_id)))
        .filter(translations::site_id.eq(site).and(editions::entry_id.eq(english.id)))
        .select((editions::number, editions::state, later.field(editions::number)))
        .load(conn)?;
    let translations: Vec<Translation> = rows
        .into_iter()
        .filter(|(_, state, _)| *state != State::Discarded)
        .map(|(number, state, of)| Translation { number, of, standing: standing(state) })
        .collect();
    Ok(state::report(&source, &translations))
}

fn told(kind: &Kind, edition: &Edition) -> Result<state::Edition> {
    Ok(state::Edition {
        number: edition.number,
        is_minor: edition.minor,
        standing: standing(edition.state),
        content: words(kind, edition)?.digest(),
    })
}

#[derive(Queryable)]
struct EnglishRow {
    site: SiteId,
    content: ContentId,
    id: EntryId,
    live: Option<EditionId>,
    latest: EditionId,
    state: State,
    number: i32,
    author: Option<UserId>,
    updated_at: NaiveDateTime,
}

/// What an English edition says.
#[derive(Clone, Copy, Queryable)]
struct SaidRow {
    id: EditionId,
    of_number: i32,
    of_state: State,
    machine: bool,
}

#[derive(Clone, Queryable)]
struct SourceRow {
    content: ContentId,
    id: EntryId,
    kind: String,
    live_number: Option<i32>,
}

/// Every page of `scope` that somebody has begun to translate and not thrown away.
pub fn mirrors(conn: &mut Conn, kinds: &Kinds, scope: Scope) -> Result<Vec<Mirror>> {
    let english: Vec<EnglishRow> = entries::table
        .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
        .filter(entries::site_id.eq_any(sites_of!(scope)))
        .filter(entries::locale.eq(base::Locale::En))
        .filter(editions::state.ne(State::Discarded))
        .select((
            entries::site_id,
            entries::content_id,
            entries::id,
            entries::live_id,
            entries::latest_id,
            editions::state,
            editions::number,
            editions::author_id,
            editions::updated_at,
        ))
        .load(conn)?;
    let said = said(conn, scope)?;
    let sources = sources_of(conn, scope)?;
    let behind = behind(conn, kinds, scope, (&english, &said, &sources))?;
    let mirror = |row: EnglishRow| {
        let source = sources.get(&(row.site, row.content))?;
        Some(one(row, source, &said, &behind))
    };
    Ok(english.into_iter().filter_map(mirror).collect())
}

fn said(conn: &mut Conn, scope: Scope) -> Result<HashMap<EditionId, SaidRow>> {
    let rows: Vec<SaidRow> = translations::table
        .inner_join(editions::table.on(editions::id.eq(translations::source_id)))
        .filter(translations::site_id.eq_any(sites_of!(scope)))
        .select((
            translations::edition_id,
            editions::number,
            editions::state,
            translations::machine,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

type SourceRows = HashMap<(SiteId, ContentId), SourceRow>;

/// The Vietnamese entries that have an English one.
fn sources_of(conn: &mut Conn, scope: Scope) -> Result<SourceRows> {
    let same = vietnamese
        .field(entries::site_id)
        .eq(entries::site_id)
        .and(vietnamese.field(entries::content_id).eq(entries::content_id));
    let rows: Vec<(SiteId, SourceRow)> = entries::table
        .inner_join(vietnamese.on(same))
        .left_join(
            editions::table.on(vietnamese.field(entries::live_id).eq(editions::id.nullable())),
        )
        .filter(entries::site_id.eq_any(sites_of!(scope)))
        .filter(entries::locale.eq(base::Locale::En))
        .filter(vietnamese.field(entries::locale).eq(base::Locale::Vi))
        .select((
            entries::site_id,
            (
                vietnamese.field(entries::content_id),
                vietnamese.field(entries::id),
                vietnamese.field(entries::kind),
                editions::number.nullable(),
            ),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(site, row)| ((site, row.content), row)).collect())
}

/// The editions of the sources that may make something stale, with what they say.
type Behind = HashMap<EntryId, Vec<(state::Edition, Option<NaiveDateTime>)>>;

/// Reads those editions: of every source with a later public edition that is no small correction.
fn behind(
    conn: &mut Conn,
    kinds: &Kinds,
    scope: Scope,
    (english, said, sources): (&[EnglishRow], &HashMap<EditionId, SaidRow>, &SourceRows),
) -> Result<Behind> {
    let is_later = later
        .field(editions::entry_id)
        .eq(editions::entry_id)
        .and(later.field(editions::number).gt(editions::number));
    let rows: Vec<(EditionId, EntryId)> = translations::table
        .inner_join(editions::table.on(editions::id.eq(translations::source_id)))
        .inner_join(later.on(is_later))
        .filter(translations::site_id.eq_any(sites_of!(scope)))
        .filter(later.field(editions::minor).eq(false))
        .filter(later.field(editions::state).eq_any(WAS_PUBLIC))
        .select((translations::edition_id, editions::entry_id))
        .distinct()
        .load(conn)?;
    let mut first: BTreeMap<EntryId, i32> = BTreeMap::new();
    let now: BTreeSet<EditionId> =
        english.iter().flat_map(|it| it.live.into_iter().chain([it.latest])).collect();
    for (edition, source) in rows.into_iter().filter(|(edition, _)| now.contains(edition)) {
        if let Some(said) = said.get(&edition) {
            let from = first.entry(source).or_insert(said.of_number);
            *from = said.of_number.min(*from);
        }
    }
    let kind_of: HashMap<EntryId, &str> =
        sources.values().map(|it| (it.id, it.kind.as_str())).collect();
    let mut behind = Behind::new();
    let wanted: Vec<EntryId> = first.keys().copied().collect();
    for part in wanted.chunks(PART) {
        let rows: Vec<(EntryId, Edition)> = editions::table
            .filter(editions::entry_id.eq_any(part.to_vec()))
            .filter(editions::state.ne(State::Discarded))
            .select((editions::entry_id, Edition::as_select()))
            .load(conn)?;
        for (source, edition) in rows {
            let kind = kind_of.get(&source).and_then(|kind| kinds.get(kind));
            let from = first.get(&source).copied().unwrap_or_default();
            if let Some(kind) = kind.filter(|_| edition.number >= from) {
                let it = (told(kind, &edition)?, edition.decided_at);
                behind.entry(source).or_default().push(it);
            }
        }
    }
    Ok(behind)
}

/// How many keys one query names.
const PART: usize = 500;

fn one(
    row: EnglishRow,
    source: &SourceRow,
    said: &HashMap<EditionId, SaidRow>,
    behind: &Behind,
) -> Mirror {
    let live = row.live.and_then(|id| said.get(&id));
    let latest = said.get(&row.latest);
    let mut translations = Vec::new();
    if let Some(live) = live {
        let number = if row.live == Some(row.latest) { row.number } else { row.number - 1 };
        translations.push(Translation { number, of: live.of_number, standing: Standing::Public });
    }
    if let Some(latest) = latest.filter(|_| row.live != Some(row.latest)) {
        let standing = standing(row.state);
        translations.push(Translation { number: row.number, of: latest.of_number, standing });
    }
    let rows = behind.get(&source.id);
    let editions: Vec<state::Edition> = match rows {
        Some(rows) => rows.iter().map(|(edition, _)| *edition).collect(),
        None => plain_editions(source, live.or(latest)),
    };
    let report = state::report(&editions, &translations);
    let since = report.behind_since.filter(|_| report.state == state::State::Stale);
    let since =
        since.and_then(|number| rows?.iter().find(|(edition, _)| edition.number == number)?.1);
    Mirror {
        site: row.site,
        content: row.content,
        source: source.id,
        english: row.id,
        report,
        behind_since: since,
        machine: live.or(latest).is_some_and(|it| it.machine),
        waits: row.state == State::Submitted,
        author: row.author,
        updated_at: row.updated_at,
    }
}

/// The editions that matter where none can make anything stale: what was translated, and what the
/// public reads. That they say the same is what [`behind`] has made sure of.
fn plain_editions(source: &SourceRow, said: Option<&SaidRow>) -> Vec<state::Edition> {
    let edition = |number: i32, standing: Standing| state::Edition {
        number,
        is_minor: false,
        standing,
        content: Digest([0; 16]),
    };
    let mut editions = Vec::new();
    if let Some(live) = source.live_number {
        editions.push(edition(live, Standing::Public));
    }
    if let Some(said) = said.filter(|it| source.live_number != Some(it.of_number)) {
        editions.push(edition(said.of_number, standing(said.of_state)));
    }
    editions
}
