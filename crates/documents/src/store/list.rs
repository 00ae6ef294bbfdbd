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

use super::{Document, effects};
use crate::{
    DocumentId, IssuerId,
    model::{EFFECTIVE, Register, State, Verb, effect::Status},
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
    /// Where its documents stand on their way to the public.
    state: State,
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
    ($query:expr, $lens:expr, $skip:expr) => {{
        let query = narrowed_but_field!($query, $lens, $skip);
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
    ($query:expr, $lens:expr, $skip:expr) => {{
        let (lens, skip): (&Lens, Option<Facet>) = ($lens, $skip);
        let (filter, day) = (&lens.filter, lens.filter.day);
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
            (Some(status), false) => {
                let ids = lens.touched.iter().filter(|(_, it)| **it == status);
                let ids: Vec<DocumentId> = ids.map(|(id, _)| *id).collect();
                dated!(query, status, day, |rule| rule.or(documents::id.eq_any(ids)))
            }
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
        let first = || documents::effective.assume_not_null();
        match $status {
            Status::InForce => {
                let $rule = not(is_touched()).and(begun().and(first().le(day)).and(lasting()));
                query.filter($wider)
            }
            Status::NotYet => {
                let $rule = not(is_touched()).and(begun().and(first().gt(day)).and(lasting()));
                query.filter($wider)
            }
            Status::Ended => {
                let over = documents::expiry.is_not_null();
                let over = over.and(documents::expiry.assume_not_null().le(day));
                let $rule = not(is_touched()).and(over);
                query.filter($wider)
            }
            Status::Unknown => {
                let $rule = not(is_touched()).and(documents::effective.is_null().and(lasting()));
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
    let touched = ids.into_iter().map(|id| (id, graph.status(id, filter.day))).collect();
    Ok(Lens { filter, touched, state: State::Published })
}

impl Lens {
    /// What it narrows to.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The status of a document of its scope on its day.
    pub fn status(&self, document: &Document) -> Status {
        let own = || {
            let nothing: [crate::model::effect::Event<()>; 0] = [];
            crate::model::effect::status(document.dates(), &nothing, self.filter.day)
        };
        self.touched.get(&document.id).copied().unwrap_or_else(own)
    }
}

/// The documents: `limit` of them after the first `skip`.
pub fn page(
    conn: &mut Conn,
    lens: &Lens,
    order: Order,
    (skip, limit): (i64, i64),
) -> Result<Vec<Document>> {
    let query = documents::table.select(Document::as_select()).into_boxed();
    let query = narrowed!(query, lens, None);
    // Databases differ on where a missing day stands: here always last.
    let (no_issue, no_effect) = (documents::issued.is_null(), documents::effective.is_null());
    let query = match order {
        Order::Newest => query.order((no_issue, documents::issued.desc(), documents::id.desc())),
        Order::Oldest => query.order((no_issue, documents::issued.asc(), documents::id.asc())),
        Order::Effective => {
            query.order((no_effect, documents::effective.desc(), documents::id.desc()))
        }
        Order::Words => query.order((documents::sort_key, documents::id)),
    };
    Ok(query.offset(skip).limit(limit).load(conn)?)
}

/// The documents that the public read in this list and that were withdrawn since `since`, the last
/// first: at most `limit`, whatever their effect was.
pub fn withdrawn(
    conn: &mut Conn,
    lens: &Lens,
    (since, limit): (NaiveDateTime, i64),
) -> Result<Vec<Document>> {
    let filter = Filter { status: None, ..lens.filter.clone() };
    let lens = &Lens { filter, touched: BTreeMap::new(), state: State::Withdrawn };
    let query = documents::table.select(Document::as_select()).into_boxed();
    Ok(narrowed!(query, lens, None)
        .filter(documents::published_at.is_not_null().and(documents::updated_at.ge(since)))
        .order((documents::updated_at.desc(), documents::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// How many documents there are.
pub fn count(conn: &mut Conn, lens: &Lens) -> Result<i64> {
    let query = documents::table.select(count_star()).into_boxed();
    Ok(narrowed!(query, lens, None).first(conn)?)
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

fn by_kind(conn: &mut Conn, lens: &Lens) -> Result<Vec<(String, i64)>> {
    let kinds = documents::table.group_by(documents::type_key);
    let kinds = kinds.select((documents::type_key, count_star())).into_boxed();
    Ok(narrowed!(kinds, lens, Some(Facet::Kind)).load(conn)?)
}

fn by_issuer(conn: &mut Conn, lens: &Lens) -> Result<Vec<(IssuerId, i64)>> {
    let issuers = documents::table.group_by(documents::issuer_id);
    let issuers = issuers.select((documents::issuer_id, count_star())).into_boxed();
    Ok(narrowed!(issuers, lens, Some(Facet::Issuer)).load(conn)?)
}

fn by_year(conn: &mut Conn, lens: &Lens) -> Result<Vec<(i32, i64)>> {
    let years = documents::table.group_by(documents::year);
    let years = years.select((documents::year, count_star())).into_boxed();
    let years = narrowed!(years, lens, Some(Facet::Year));
    Ok(years.order(documents::year.desc()).load(conn)?)
}

fn by_field(conn: &mut Conn, lens: &Lens) -> Result<Vec<(String, i64)>> {
    let fields = document_fields::table
        .inner_join(documents::table)
        .group_by(document_fields::field)
        .select((document_fields::field, count_star()))
        .into_boxed();
    Ok(narrowed_but_field!(fields, lens, None).load(conn)?)
}

fn statuses(conn: &mut Conn, lens: &Lens) -> Result<Vec<(Status, i64)>> {
    let mut counts: BTreeMap<Status, i64> = BTreeMap::new();
    for status in touched(conn, lens)?.iter().filter_map(|id| lens.touched.get(id)) {
        *counts.entry(*status).or_default() += 1;
    }
    for status in [Status::NotYet, Status::InForce, Status::Ended, Status::Unknown] {
        *counts.entry(status).or_default() += dated(conn, lens, status)?;
    }
    Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
}

/// The documents to whose effect something happened.
fn touched(conn: &mut Conn, lens: &Lens) -> Result<Vec<DocumentId>> {
    let query = documents::table.filter(is_touched()).select(documents::id).into_boxed();
    Ok(narrowed!(query, lens, Some(Facet::Status)).load(conn)?)
}

/// How many of the others have `status` by their own dates.
fn dated(conn: &mut Conn, lens: &Lens, status: Status) -> Result<i64> {
    let query = documents::table.select(count_star()).into_boxed();
    let query = narrowed!(query, lens, Some(Facet::Status));
    Ok(dated!(query, status, lens.filter.day, |rule| rule).first(conn)?)
}
