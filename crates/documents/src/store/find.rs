//! Documents as search takes them in.

use std::collections::BTreeMap;

use base::{Result, SiteId};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{document_fields, document_texts, documents, effect_events, issuers, relations},
};
use diesel::prelude::*;

use super::{Document, effects};
use crate::{
    DocumentId,
    model::{Article, EFFECTIVE, Register, State, effect::Status, text},
};

/// What search knows of a document.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its key.
    pub id: DocumentId,
    /// Whose it is.
    pub site: SiteId,
    /// Trích yếu.
    pub summary: String,
    /// Its number, in official spelling.
    pub number: String,
    /// What is equal for all spellings of the number.
    pub number_key: String,
    /// A key of `config/documents/types.toml`.
    pub kind: String,
    /// The register it stands in.
    pub register: Register,
    /// The name of its issuer.
    pub issuer: String,
    /// Keys of `config/documents/fields.toml`.
    pub fields: Vec<String>,
    /// The year it belongs to.
    pub year: i32,
    /// Whether it is in force today.
    pub status: Status,
    /// Its text.
    pub body: String,
    /// Where it is found, from the first slash.
    pub path: String,
    /// The day of issue.
    pub issued: Option<NaiveDate>,
    /// When the public first read it.
    pub published: Option<NaiveDateTime>,
}

/// Those of `keys` that the public can read, as they stand on `today`.
pub fn items(
    conn: &mut Conn,
    keys: &[(SiteId, DocumentId)],
    today: NaiveDate,
) -> Result<Vec<Item>> {
    let (sites, ids): (Vec<SiteId>, Vec<DocumentId>) = keys.iter().copied().unzip();
    let rows: Vec<(Document, String)> = documents::table
        .inner_join(issuers::table)
        .filter(documents::site_id.eq_any(sites).and(documents::id.eq_any(ids)))
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        .select((Document::as_select(), issuers::name))
        .load(conn)?;
    whole(conn, rows, today)
}

/// The public documents of all sites whose keys follow `after`: `limit` of them.
pub fn all(
    conn: &mut Conn,
    after: Option<DocumentId>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Item>> {
    let mut query = documents::table
        .inner_join(issuers::table)
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        .order(documents::id)
        .limit(limit)
        .select((Document::as_select(), issuers::name))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(documents::id.gt(after));
    }
    let rows = query.load(conn)?;
    whole(conn, rows, today)
}

/// The documents whose status may differ on `to` from what it was on `from`.
pub fn turning(
    conn: &mut Conn,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(SiteId, DocumentId)>> {
    let within = |first: NaiveDate, last: NaiveDate| {
        let effective = documents::effective.gt(first).and(documents::effective.le(last));
        effective.or(documents::expiry.gt(first).and(documents::expiry.le(last)))
    };
    let keys = (documents::site_id, documents::id);
    let mut turning: Vec<(SiteId, DocumentId)> =
        documents::table.filter(within(from, to)).select(keys).load(conn)?;
    let told: Vec<(SiteId, DocumentId)> = effect_events::table
        .filter(effect_events::day.gt(from).and(effect_events::day.le(to)))
        .select((effect_events::site_id, effect_events::document_id))
        .load(conn)?;
    let causes: Vec<DocumentId> = turning.iter().map(|(_, id)| *id).collect();
    for chunk in causes.chunks(500) {
        let done: Vec<Option<DocumentId>> = relations::table
            .filter(relations::from_id.eq_any(chunk.to_vec()))
            .filter(relations::kind.eq_any(EFFECTIVE.to_vec()))
            .select(relations::to_id)
            .load(conn)?;
        let done: Vec<DocumentId> = done.into_iter().flatten().collect();
        let rows: Vec<(SiteId, DocumentId)> =
            documents::table.filter(documents::id.eq_any(done)).select(keys).load(conn)?;
        turning.extend(rows);
    }
    turning.extend(told);
    turning.sort();
    turning.dedup();
    Ok(turning)
}

fn whole(conn: &mut Conn, rows: Vec<(Document, String)>, today: NaiveDate) -> Result<Vec<Item>> {
    let ids: Vec<DocumentId> = rows.iter().map(|(document, _)| document.id).collect();
    let graph = effects::graph(conn, &ids)?;
    let mut texts: BTreeMap<DocumentId, String> = document_texts::table
        .filter(document_texts::document_id.eq_any(ids.clone()))
        .select((document_texts::document_id, document_texts::articles))
        .load(conn)?
        .into_iter()
        .collect();
    let pairs: Vec<(DocumentId, String)> = document_fields::table
        .filter(document_fields::document_id.eq_any(ids))
        .order((document_fields::document_id, document_fields::field))
        .select((document_fields::document_id, document_fields::field))
        .load(conn)?;
    let mut fields: BTreeMap<DocumentId, Vec<String>> = BTreeMap::new();
    for (id, field) in pairs {
        fields.entry(id).or_default().push(field);
    }
    let item = |(document, issuer): (Document, String)| -> Result<Item> {
        let stored = texts.remove(&document.id).unwrap_or_else(|| "[]".into());
        let articles: Vec<Article> = serde_json::from_str(&stored).map_err(anyhow::Error::from)?;
        Ok(Item {
            id: document.id,
            site: document.site_id,
            status: graph.status(document.id, today),
            body: text::plain(&articles),
            path: document.path(),
            fields: fields.remove(&document.id).unwrap_or_default(),
            summary: document.summary,
            number: document.number,
            number_key: document.number_key,
            kind: document.type_key,
            register: document.register,
            year: document.year,
            issued: document.issued,
            published: document.published_at,
            issuer,
        })
    };
    rows.into_iter().map(item).collect()
}
