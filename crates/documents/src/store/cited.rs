//! Documents that a text names by their numbers.

use std::collections::{BTreeMap, BTreeSet};

use base::{Number, Result};
use chrono::NaiveDate;
use db::{Conn, schema::documents};
use diesel::prelude::*;

use super::{Document, Home, effects, relations};
use crate::{DocumentId, model::effect::Status};

/// A document that a text names.
#[derive(Clone, Debug)]
pub struct Cited {
    /// The document.
    pub document: Document,
    /// Its status on the day that was asked for.
    pub status: Status,
}

/// How many numbers of one text are looked up.
const MOST: usize = 200;

/// The public documents of the portal that `text` names, as they stand on `day`. A number
/// that several of them have is left out: nobody can tell which is meant.
pub fn cited(conn: &mut Conn, home: Home, text: &str, day: NaiveDate) -> Result<Vec<Cited>> {
    let numbers = Number::find(text);
    let keys: BTreeSet<String> =
        numbers.iter().filter(|it| it.has_symbol()).map(Number::key).take(MOST).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<String> = keys.into_iter().collect();
    let mut named: BTreeMap<String, Vec<DocumentId>> = BTreeMap::new();
    for (id, _, key) in relations::numbered(conn, home.portal, &keys)? {
        named.entry(key).or_default().push(id);
    }
    let only = |ids: &Vec<DocumentId>| match ids.as_slice() {
        [id] => Some(*id),
        _ => None,
    };
    let ids: Vec<DocumentId> = named.values().filter_map(only).collect();
    let graph = effects::graph(conn, &ids)?;
    let rows: Vec<Document> = documents::table
        .filter(documents::id.eq_any(ids))
        .order(documents::number)
        .select(Document::as_select())
        .load(conn)?;
    let cited = |document: Document| Cited { status: graph.status(document.id, day), document };
    Ok(rows.into_iter().map(cited).collect())
}
