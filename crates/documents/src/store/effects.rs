//! What happened to the effect of documents, gathered for the pure rules of `model::effect`.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, Result, SiteId, SiteState};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{documents, effect_events, relations, sites},
};
use diesel::prelude::*;

use super::{CHUNK, authority::Authority};
use crate::{
    DocumentId, EffectId,
    model::{
        EFFECTIVE, Register, State, Verb, What,
        effect::{Dates, Edge, Event, Graph},
    },
};

/// How far causes of causes are followed. A longer chain of documents that repeal each other
/// before their first day is no chain anybody has seen.
const ROUNDS: usize = 4;

/// The documents `ids` with all that public documents do to them.
pub fn graph(conn: &mut Conn, ids: &[DocumentId]) -> Result<Graph<DocumentId>> {
    let mut graph = Graph { dates: BTreeMap::new(), edges: BTreeMap::new(), told: BTreeMap::new() };
    let mut wanted: BTreeSet<DocumentId> = ids.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let new: Vec<DocumentId> = wanted.iter().copied().collect();
        for chunk in new.chunks(CHUNK) {
            dates(conn, chunk, &mut graph)?;
            edges(conn, chunk, &mut graph)?;
            told(conn, chunk, &mut graph)?;
        }
        seen.append(&mut wanted);
        wanted = graph
            .edges
            .values()
            .flatten()
            .map(|edge| edge.from)
            .filter(|id| !seen.contains(id))
            .collect();
        if wanted.is_empty() {
            break;
        }
    }
    keep_lawful(conn, &mut graph)?;
    Ok(graph)
}

/// Leaves out what documents say of others that their issuers have no say over.
fn keep_lawful(conn: &mut Conn, graph: &mut Graph<DocumentId>) -> Result<()> {
    let all = graph.edges.values().flatten().flat_map(|edge| [edge.from, edge.to]);
    let authority = Authority::of(conn, &all.collect())?;
    for edges in graph.edges.values_mut() {
        edges.retain(|edge| authority.allows(edge.from, edge.to));
    }
    Ok(())
}

/// The numbers of documents whose effect `document` says it changes without being able to.
pub fn powerless(conn: &mut Conn, site: SiteId, document: DocumentId) -> Result<Vec<String>> {
    let rows: Vec<(Option<DocumentId>, String)> = relations::table
        .filter(relations::site_id.eq(site).and(relations::from_id.eq(document)))
        .filter(relations::kind.eq_any(EFFECTIVE.to_vec()).and(relations::to_id.is_not_null()))
        .order(relations::id)
        .select((relations::to_id, relations::to_number))
        .load(conn)?;
    let all = rows.iter().filter_map(|(to, _)| *to).chain([document]).collect();
    let authority = Authority::of(conn, &all)?;
    let powerless =
        rows.into_iter().filter(|(to, _)| to.is_some_and(|to| !authority.allows(document, to)));
    Ok(powerless.map(|(_, number)| number).collect())
}

fn dates(conn: &mut Conn, ids: &[DocumentId], graph: &mut Graph<DocumentId>) -> Result<()> {
    type Days = (DocumentId, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);
    let rows: Vec<Days> = documents::table
        .filter(documents::id.eq_any(ids.to_vec()))
        .select((documents::id, documents::issued, documents::effective, documents::expiry))
        .load(conn)?;
    let days = |(id, issued, effective, expiry)| (id, Dates { issued, effective, expiry });
    graph.dates.extend(rows.into_iter().map(days));
    Ok(())
}

/// What is done to `ids`, by documents the public can read.
fn edges(conn: &mut Conn, ids: &[DocumentId], graph: &mut Graph<DocumentId>) -> Result<()> {
    let targets: Vec<Option<DocumentId>> = ids.iter().copied().map(Some).collect();
    let rows: Vec<(DocumentId, Option<DocumentId>, Verb, String)> = relations::table
        .inner_join(documents::table.on(documents::id.eq(relations::from_id)))
        .inner_join(sites::table.on(sites::id.eq(documents::site_id)))
        .filter(relations::to_id.eq_any(targets))
        .filter(relations::kind.eq_any(EFFECTIVE.to_vec()))
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        // What is only proposed ends nothing, and a site that is closed says nothing.
        .filter(documents::register.ne(Register::Draft))
        .filter(sites::state.eq_any(SiteState::READABLE))
        .order(relations::id)
        .select((relations::from_id, relations::to_id, relations::kind, relations::to_article))
        .load(conn)?;
    let edge = |(from, to, verb, part): (_, Option<DocumentId>, _, _)| {
        Some(Edge { from, to: to?, verb, part })
    };
    for edge in rows.into_iter().filter_map(edge) {
        graph.edges.entry(edge.to).or_default().push(edge);
    }
    Ok(())
}

fn told(conn: &mut Conn, ids: &[DocumentId], graph: &mut Graph<DocumentId>) -> Result<()> {
    let rows: Vec<(DocumentId, NaiveDate, What, String)> = effect_events::table
        .filter(effect_events::document_id.eq_any(ids.to_vec()))
        .order((effect_events::day, effect_events::id))
        .select((
            effect_events::document_id,
            effect_events::day,
            effect_events::what,
            effect_events::part,
        ))
        .load(conn)?;
    for (id, day, what, part) in rows {
        graph.told.entry(id).or_default().push(Event { day, what, part, cause: None });
    }
    Ok(())
}

/// Something the staff told of a document.
#[derive(Clone, Debug, Queryable)]
pub struct Told {
    /// Its key.
    pub id: EffectId,
    /// The day it took effect.
    pub day: NaiveDate,
    /// What happened.
    pub what: What,
    /// The part of the document, empty for the whole.
    pub part: String,
    /// What caused it, in words.
    pub cause: String,
    /// When it was entered.
    pub created_at: NaiveDateTime,
}

/// What the staff told of a document, by day.
pub fn of(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<Vec<Told>> {
    Ok(effect_events::table
        .filter(effect_events::site_id.eq(site).and(effect_events::document_id.eq(id)))
        .order((effect_events::day, effect_events::id))
        .select((
            effect_events::id,
            effect_events::day,
            effect_events::what,
            effect_events::part,
            effect_events::cause,
            effect_events::created_at,
        ))
        .load(conn)?)
}

/// Something about to be told of a document.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The day it takes effect.
    pub day: NaiveDate,
    /// What happens.
    pub what: What,
    /// The part of the document, empty for the whole.
    pub part: String,
    /// What causes it, in words.
    pub cause: String,
}

/// Tells something of a document.
pub(crate) fn add(
    conn: &mut Conn,
    site: SiteId,
    id: DocumentId,
    new: &NewEvent,
    now: NaiveDateTime,
) -> Result<EffectId> {
    let event = EffectId::new();
    diesel::insert_into(effect_events::table)
        .values((
            effect_events::id.eq(event),
            effect_events::site_id.eq(site),
            effect_events::document_id.eq(id),
            effect_events::day.eq(new.day),
            effect_events::what.eq(new.what),
            effect_events::part.eq(&new.part),
            effect_events::cause.eq(&new.cause),
            effect_events::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(event)
}

/// Takes back what was told of a document.
pub(crate) fn remove(
    conn: &mut Conn,
    site: SiteId,
    (document, event): (DocumentId, EffectId),
) -> Result<()> {
    let row = effect_events::table.filter(
        effect_events::site_id
            .eq(site)
            .and(effect_events::document_id.eq(document))
            .and(effect_events::id.eq(event)),
    );
    match diesel::delete(row).execute(conn)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
