//! Registers as the public filters them, and how many documents each choice would leave.

use std::collections::BTreeMap;

use base::{Result, SiteId, SiteState};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{document_fields, documents, effect_events, issuers, relations, sites},
};
use diesel::{
    dsl::{count_star, exists, not},
    prelude::*,
};

use super::{CHUNK, Document, effects};
use crate::{
    DocumentId, IssuerId,
    model::{
        EFFECTIVE, Register, State, Verb,
        effect::{Dates, Event, Status, status},
    },
};

/// Whose documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One site's.
    Site(SiteId),
    /// Those of a portal and of all its open components.
    Province(SiteId),
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The latest issue first.
    #[default]
    Newest,
    /// The earliest issue first.
    Oldest,
    /// The latest effect first.
    Effective,
    /// By the words of the abstract, as a Vietnamese dictionary has them.
    Words,
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whose documents.
    pub scope: Scope,
    /// The day as of which status is told.
    pub day: NaiveDate,
    /// Of one register.
    pub register: Option<Register>,
    /// Of one type.
    pub kind: Option<String>,
    /// Of one issuer.
    pub issuer: Option<IssuerId>,
    /// Of one field.
    pub field: Option<String>,
    /// Of one year.
    pub year: Option<i32>,
    /// With one status.
    pub status: Option<Status>,
    /// With any of these, each some words in a row without accents, in number or abstract; with
    /// whatever where there are none.
    pub words: Vec<String>,
    /// The key of the number that the words are.
    pub number: Option<String>,
    /// Of issuers that ended before the day.
    pub former: bool,
    /// Standing in a gazette.
    pub gazette: bool,
}

/// A choice whose counts leave the choice itself aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Facet {
    Kind,
    Issuer,
    Year,
    Status,
}

/// A filter and what it takes to know the status of any document in its scope.
pub struct Lens {
    filter: Filter,
    /// The documents to which something happened, with their status on the day. The status of
    /// all others follows from their own dates.
    touched: BTreeMap<DocumentId, Status>,
    /// Those of them with the status that is asked for.
    named: Vec<DocumentId>,
    /// Where its documents stand on their way to the public.
    state: State,
}

/// How many keys one query names; SQLite takes 32,766.
const MOST: usize = 10_000;

/// The documents with the status that is asked for, in parts that have none in common: there may
/// be more to which something happened than one query can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    /// Those that have it by their own dates, and these.
    First(&'a [DocumentId]),
    /// These.
    More(&'a [DocumentId]),
}

fn parts(named: &[DocumentId]) -> Vec<Part<'_>> {
    let (first, more) = named.split_at(MOST.min(named.len()));
    std::iter::once(Part::First(first)).chain(more.chunks(MOST).map(Part::More)).collect()
}

/// Those to which something happened or was done.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_touched() -> _ {
    let verbs: [Verb; 6] = EFFECTIVE;
    let told = effect_events::table.filter(effect_events::document_id.eq(documents::id));
    let done = relations::table
        .filter(relations::to_id.eq(documents::id.nullable()))
        .filter(relations::kind.eq_any(verbs));
    exists(told).or(exists(done))
}

/// Narrows a query over documents by everything in the lens but one facet.
macro_rules! narrowed {
    ($query:expr, $lens:expr, $skip:expr, $part:expr) => {{
        let query = narrowed_but_field!($query, $lens, $skip, $part);
        match &$lens.filter.field {
            Some(field) => {
                let within = document_fields::table
                    .filter(document_fields::field.eq(field.clone()))
                    .select(document_fields::document_id);
                query.filter(documents::id.eq_any(within))
            }
            None => query,
        }
    }};
}

/// The same without the field, for queries that start from the fields.
macro_rules! narrowed_but_field {
    ($query:expr, $lens:expr, $skip:expr, $part:expr) => {{
        let (lens, skip): (&Lens, Option<Facet>) = ($lens, $skip);
        let (filter, day, part): (_, _, Part<'_>) = (&lens.filter, lens.filter.day, $part);
        let mut query = scoped!($query, filter.scope, lens.state);
        if let Some(register) = filter.register {
            query = query.filter(documents::register.eq(register));
        }
        if let (Some(kind), true) = (&filter.kind, skip != Some(Facet::Kind)) {
            query = query.filter(documents::type_key.eq(kind.clone()));
        }
        if let (Some(issuer), true) = (filter.issuer, skip != Some(Facet::Issuer)) {
            query = query.filter(documents::issuer_id.eq(issuer));
        }
        if let (Some(year), true) = (filter.year, skip != Some(Facet::Year)) {
            query = query.filter(documents::year.eq(year));
        }
        let like = |words: &String| documents::plain.like(format!("%{words}%"));
        if let Some(key) = &filter.number {
            let either = documents::number_key.eq(key.clone());
            query = match filter.words.first() {
                Some(words) => query.filter(either.or(like(words))),
                None => query.filter(either),
            };
        } else {
            query = match filter.words.as_slice() {
                [] => query,
                [words] => query.filter(like(words)),
                [one, other] => query.filter(like(one).or(like(other))),
                [one, other, third, ..] => query.filter(like(one).or(like(other)).or(like(third))),
            };
        }
        if filter.former {
            let ended = issuers::table.filter(issuers::valid_to.lt(day)).select(issuers::id);
            query = query.filter(documents::issuer_id.eq_any(ended));
        }
        if filter.gazette {
            // Details are JSON of ours, which always writes the key.
            query = query.filter(documents::details.not_like("%\"gazette\":\"\"%"));
        }
        match (filter.status, skip == Some(Facet::Status)) {
            (Some(status), false) => match part {
                Part::First(ids) => {
                    let ids = ids.to_vec();
                    dated!(query, status, day, |rule| rule.or(documents::id.eq_any(ids)))
                }
                Part::More(ids) => query.filter(documents::id.eq_any(ids.to_vec())),
            },
            _ => query,
        }
    }};
}

/// The documents of a scope in a state that the public reads, or read.
macro_rules! scoped {
    ($query:expr, $scope:expr, $state:expr) => {{
        let query = $query.filter(documents::state.eq($state).and(documents::internal.eq(false)));
        match $scope {
            Scope::Site(site) => query.filter(documents::site_id.eq(site)),
            Scope::Province(portal) => {
                let open = sites::table
                    .filter(sites::id.eq(portal).or(sites::portal_id.assume_not_null().eq(portal)))
                    .filter(sites::state.eq_any(SiteState::READABLE))
                    .select(sites::id);
                query.filter(documents::site_id.eq_any(open))
            }
        }
    }};
}

/// Documents whose own dates give them `status` and to which nothing happened; `$wider` may let
/// in others.
macro_rules! dated {
    ($query:expr, $status:expr, $day:expr, |$rule:ident| $wider:expr) => {{
        let (query, day) = ($query, $day);
        let lasting =
            || documents::expiry.is_null().or(documents::expiry.assume_not_null().gt(day));
        let begun = || documents::effective.is_not_null();
        let issued = || documents::issued.assume_not_null();
        let there = || documents::issued.is_null().or(issued().le(day));
        let first = || documents::effective.assume_not_null();
        match $status {
            Status::NotIssued => {
                let later = documents::issued.is_not_null().and(issued().gt(day));
                let $rule = not(is_touched()).and(later);
                query.filter($wider)
            }
            Status::InForce => {
                let $rule =
                    not(is_touched()).and(there()).and(begun().and(first().le(day)).and(lasting()));
                query.filter($wider)
            }
            Status::NotYet => {
                let $rule =
                    not(is_touched()).and(there()).and(begun().and(first().gt(day)).and(lasting()));
                query.filter($wider)
            }
            Status::Ended => {
                let over = documents::expiry.is_not_null();
                let over = over.and(documents::expiry.assume_not_null().le(day));
                let $rule = not(is_touched()).and(there()).and(over);
                query.filter($wider)
            }
            Status::Unknown => {
                let $rule = not(is_touched())
                    .and(there())
                    .and(documents::effective.is_null().and(lasting()));
                query.filter($wider)
            }
            _ => {
                let $rule = documents::id.is_null();
                query.filter($wider)
            }
        }
    }};
}
/// The lens of a filter: reads what happened to the documents in its scope.
pub fn lens(conn: &mut Conn, filter: Filter) -> Result<Lens> {
    let query = documents::table.filter(is_touched()).select(documents::id).into_boxed();
    let ids: Vec<DocumentId> = scoped!(query, filter.scope, State::Published).load(conn)?;
    let graph = effects::graph(conn, &ids)?;
    let touched: BTreeMap<DocumentId, Status> =
        ids.into_iter().map(|id| (id, graph.status(id, filter.day))).collect();
    let named = touched.iter().filter(|(_, status)| Some(**status) == filter.status);
    let named = named.map(|(id, _)| *id).collect();
    Ok(Lens { filter, touched, named, state: State::Published })
}

impl Lens {
    /// What it narrows to.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The status of a document of its scope on its day.
    pub fn status(&self, document: &Document) -> Status {
        self.status_of(document.id, document.dates())
    }

    fn status_of(&self, id: DocumentId, dates: Dates) -> Status {
        let own = || {
            let nothing: [Event<()>; 0] = [];
            status(dates, &nothing, self.filter.day)
        };
        self.touched.get(&id).copied().unwrap_or_else(own)
    }

    /// The parts of what is asked for.
    fn parts(&self) -> Vec<Part<'_>> {
        parts(&self.named)
    }
}

/// Puts a query over documents in order. Databases differ on where a missing day stands: here
/// always last.
macro_rules! ordered {
    ($query:expr, $order:expr) => {{
        let query = $query;
        let (no_issue, no_effect) = (documents::issued.is_null(), documents::effective.is_null());
        match $order {
            Order::Newest => {
                query.order((no_issue, documents::issued.desc(), documents::id.desc()))
            }
            Order::Oldest => query.order((no_issue, documents::issued.asc(), documents::id.asc())),
            Order::Effective => {
                query.order((no_effect, documents::effective.desc(), documents::id.desc()))
            }
            Order::Words => query.order((documents::sort_key, documents::id)),
        }
    }};
}

/// The documents: `limit` of them after the first `skip`.
pub fn page(
    conn: &mut Conn,
    lens: &Lens,
    order: Order,
    (skip, limit): (i64, i64),
) -> Result<Vec<Document>> {
    match lens.parts().as_slice() {
        [part] => {
            let query = documents::table.select(Document::as_select()).into_boxed();
            let query = ordered!(narrowed!(query, lens, None, *part), order);
            Ok(query.offset(skip).limit(limit).load(conn)?)
        }
        _ => sifted(conn, lens, order, (skip, limit)),
    }
}

/// The same where no single query can name what it is about: the dates of all that the rest of
/// the filter leaves are read in order, and the status is asked here.
fn sifted(
    conn: &mut Conn,
    lens: &Lens,
    order: Order,
    (skip, limit): (i64, i64),
) -> Result<Vec<Document>> {
    type Days = (DocumentId, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);
    let days = (documents::id, documents::issued, documents::effective, documents::expiry);
    let query = documents::table.select(days).into_boxed();
    let query = narrowed!(query, lens, Some(Facet::Status), Part::First(&[]));
    let rows: Vec<Days> = ordered!(query, order).load(conn)?;
    let fits = |(id, issued, effective, expiry): &Days| {
        let dates = Dates { issued: *issued, effective: *effective, expiry: *expiry };
        Some(lens.status_of(*id, dates)) == lens.filter.status
    };
    let count = |number: i64| usize::try_from(number).unwrap_or_default();
    let ids = rows.iter().filter(|row| fits(row)).map(|row| row.0);
    let ids: Vec<DocumentId> = ids.skip(count(skip)).take(count(limit)).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let some = documents::table.filter(documents::id.eq_any(chunk.to_vec()));
        let some: Vec<Document> = some.select(Document::as_select()).load(conn)?;
        found.extend(some.into_iter().map(|it| (it.id, it)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The documents that the public read in this list and that were withdrawn since `since`, the last
/// first: at most `limit`, whatever their effect was.
pub fn withdrawn(
    conn: &mut Conn,
    lens: &Lens,
    (since, limit): (NaiveDateTime, i64),
) -> Result<Vec<Document>> {
    let filter = Filter { status: None, ..lens.filter.clone() };
    let lens =
        &Lens { filter, touched: BTreeMap::new(), named: Vec::new(), state: State::Withdrawn };
    let query = documents::table.select(Document::as_select()).into_boxed();
    Ok(narrowed!(query, lens, None, Part::First(&[]))
        .filter(documents::published_at.is_not_null().and(documents::updated_at.ge(since)))
        .order((documents::updated_at.desc(), documents::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// How many documents there are.
pub fn count(conn: &mut Conn, lens: &Lens) -> Result<i64> {
    let mut total = 0;
    for part in lens.parts() {
        let query = documents::table.select(count_star()).into_boxed();
        total += narrowed!(query, lens, None, part).first::<i64>(conn)?;
    }
    Ok(total)
}

/// How many documents each choice would leave.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By type.
    pub kinds: Vec<(String, i64)>,
    /// By issuer.
    pub issuers: Vec<(IssuerId, i64)>,
    /// By field.
    pub fields: Vec<(String, i64)>,
    /// By year, the latest first.
    pub years: Vec<(i32, i64)>,
    /// By status.
    pub statuses: Vec<(Status, i64)>,
}

/// The counts of every facet, each under all the others.
pub fn counts(conn: &mut Conn, lens: &Lens) -> Result<Counts> {
    Ok(Counts {
        kinds: by_kind(conn, lens)?,
        issuers: by_issuer(conn, lens)?,
        fields: by_field(conn, lens)?,
        years: by_year(conn, lens)?,
        statuses: statuses(conn, lens)?,
    })
}

/// Adds the counts that the parts of a lens have for one choice.
fn add<K: Ord>(counts: &mut BTreeMap<K, i64>, rows: Vec<(K, i64)>) {
    for (choice, count) in rows {
        *counts.entry(choice).or_default() += count;
    }
}

fn by_kind(conn: &mut Conn, lens: &Lens) -> Result<Vec<(String, i64)>> {
    let mut counts = BTreeMap::new();
    for part in lens.parts() {
        let kinds = documents::table.group_by(documents::type_key);
        let kinds = kinds.select((documents::type_key, count_star())).into_boxed();
        add(&mut counts, narrowed!(kinds, lens, Some(Facet::Kind), part).load(conn)?);
    }
    Ok(counts.into_iter().collect())
}

fn by_issuer(conn: &mut Conn, lens: &Lens) -> Result<Vec<(IssuerId, i64)>> {
    let mut counts = BTreeMap::new();
    for part in lens.parts() {
        let issuers = documents::table.group_by(documents::issuer_id);
        let issuers = issuers.select((documents::issuer_id, count_star())).into_boxed();
        add(&mut counts, narrowed!(issuers, lens, Some(Facet::Issuer), part).load(conn)?);
    }
    Ok(counts.into_iter().collect())
}

fn by_year(conn: &mut Conn, lens: &Lens) -> Result<Vec<(i32, i64)>> {
    let mut counts = BTreeMap::new();
    for part in lens.parts() {
        let years = documents::table.group_by(documents::year);
        let years = years.select((documents::year, count_star())).into_boxed();
        add(&mut counts, narrowed!(years, lens, Some(Facet::Year), part).load(conn)?);
    }
    Ok(counts.into_iter().rev().collect())
}

fn by_field(conn: &mut Conn, lens: &Lens) -> Result<Vec<(String, i64)>> {
    let mut counts = BTreeMap::new();
    for part in lens.parts() {
        let fields = document_fields::table
            .inner_join(documents::table)
            .group_by(document_fields::field)
            .select((document_fields::field, count_star()))
            .into_boxed();
        add(&mut counts, narrowed_but_field!(fields, lens, None, part).load(conn)?);
    }
    Ok(counts.into_iter().collect())
}

fn statuses(conn: &mut Conn, lens: &Lens) -> Result<Vec<(Status, i64)>> {
    let mut counts: BTreeMap<Status, i64> = BTreeMap::new();
    for status in touched(conn, lens)?.iter().filter_map(|id| lens.touched.get(id)) {
        *counts.entry(*status).or_default() += 1;
    }
    for status in BY_DATES {
        *counts.entry(status).or_default() += dated(conn, lens, status)?;
    }
    Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
}

/// The statuses that a document can have by its own dates.
const BY_DATES: [Status; 5] =
    [Status::NotIssued, Status::NotYet, Status::InForce, Status::Ended, Status::Unknown];

/// The documents to whose effect something happened.
fn touched(conn: &mut Conn, lens: &Lens) -> Result<Vec<DocumentId>> {
    let query = documents::table.filter(is_touched()).select(documents::id).into_boxed();
    Ok(narrowed!(query, lens, Some(Facet::Status), Part::First(&[])).load(conn)?)
}

/// How many of the others have `status` by their own dates.
fn dated(conn: &mut Conn, lens: &Lens, status: Status) -> Result<i64> {
    let query = documents::table.select(count_star()).into_boxed();
    let query = narrowed!(query, lens, Some(Facet::Status), Part::First(&[]));
    Ok(dated!(query, status, lens.filter.day, |rule| rule).first(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_query_cannot_name_is_named_by_several() {
        let ids: Vec<DocumentId> = (0..2 * MOST + 1).map(|_| DocumentId::new()).collect();
        let named = |part: &Part<'_>| match part {
            Part::First(ids) | Part::More(ids) => ids.to_vec(),
        };
        let all = parts(&ids);
        assert_eq!(all.iter().map(|part| named(part).len()).collect::<Vec<_>>(), [MOST, MOST, 1]);
        assert_eq!(all.iter().flat_map(named).collect::<Vec<_>>(), ids);
        assert_eq!(parts(&[]), [Part::First(&[])]);
    }
}
