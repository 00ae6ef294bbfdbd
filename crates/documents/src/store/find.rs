//! Documents as search takes them in.

use std::collections::BTreeMap;

use base::{Result, SiteId, SiteState, uuid::Uuid};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{
        document_fields, document_files, document_texts, documents, effect_events, file_texts,
        files, issuers, relations, sites,
    },
};
use diesel::prelude::*;
use search::Subject;

use super::{CHUNK, Document, effects};
use crate::{
    DocumentId,
    model::{Article, EFFECTIVE, State, effect::Status, text},
};

/// A page of a file: the file's name, the page from 1, its text.
#[derive(Clone, Debug)]
pub struct FilePage {
    /// The name of the file.
    pub file: String,
    /// Which of the document's files it is, from 1.
    pub number: usize,
    /// The page, from 1.
    pub page: u32,
    /// What it says.
    pub text: String,
}

/// A document with what search takes in beside its own row.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The document.
    pub document: Document,
    /// The portal of its site, the site itself where it is one.
    pub portal: SiteId,
    /// The name of its issuer.
    pub issuer: String,
    /// Keys of `config/documents/fields.toml`.
    pub fields: Vec<String>,
    /// Whether it is in force on the day that was asked for.
    pub status: Status,
    /// Its text.
    pub body: String,
    /// The pages of its files: name, page, text.
    pub pages: Vec<FilePage>,
}

/// Those of `subjects` that the public can read, as they stand on `today`.
pub fn items(conn: &mut Conn, subjects: &[Subject], today: NaiveDate) -> Result<Vec<Whole>> {
    let rows = public(conn, subjects)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<DocumentId> = rows.iter().map(|(document, ..)| document.id).collect();
    let texts = (texts(conn, &ids)?, pages(conn, &ids)?);
    whole(conn, rows, texts, today)
}

/// The same without their texts.
pub fn heads(conn: &mut Conn, subjects: &[Subject], today: NaiveDate) -> Result<Vec<Whole>> {
    let rows = public(conn, subjects)?;
    whole(conn, rows, Texts::default(), today)
}

/// A document, its issuer's name, and the portal of its site.
type Row = (Document, String, Option<SiteId>);

/// The articles of documents as they are stored, and the pages of their files.
type Texts = (BTreeMap<DocumentId, String>, BTreeMap<DocumentId, Vec<FilePage>>);

fn public(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<Row>> {
    let ids: Vec<DocumentId> = subjects.iter().map(|it| it.key.into()).collect();
    let owners: Vec<SiteId> = subjects.iter().map(|it| it.site).collect();
    Ok(documents::table
        .inner_join(issuers::table)
        .inner_join(sites::table)
        .filter(documents::site_id.eq_any(owners).and(documents::id.eq_any(ids)))
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        .filter(sites::state.eq_any(SiteState::READABLE))
        .select((Document::as_select(), issuers::name, sites::portal_id))
        .load(conn)?)
}

fn texts(conn: &mut Conn, ids: &[DocumentId]) -> Result<BTreeMap<DocumentId, String>> {
    let rows: Vec<(DocumentId, String)> = document_texts::table
        .filter(document_texts::document_id.eq_any(ids.to_vec()))
        .select((document_texts::document_id, document_texts::articles))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Documents in the order of their keys: `limit` of them after `after`, public or not; those of
/// one site when `site` names it.
pub fn all(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Subject>> {
    let mut query = documents::table
        .order(documents::id)
        .limit(limit)
        .select((documents::site_id, documents::id))
        .into_boxed();
    if let Some(site) = site {
        query = query.filter(documents::site_id.eq(site));
    }
    if let Some(after) = after {
        query = query.filter(documents::id.gt(DocumentId::from(after)));
    }
    Ok(query.load(conn)?.into_iter().map(subject).collect())
}

fn subject((site, id): (SiteId, DocumentId)) -> Subject {
    Subject { site, key: id.uuid() }
}

/// The documents whose status may differ on `to` from what it was on `from`.
pub fn turning(conn: &mut Conn, from: NaiveDate, to: NaiveDate) -> Result<Vec<Subject>> {
    let within = |first: NaiveDate, last: NaiveDate| {
        let effective = documents::effective.gt(first).and(documents::effective.le(last));
        let expiry = documents::expiry.gt(first).and(documents::expiry.le(last));
        effective.or(expiry).or(documents::issued.gt(first).and(documents::issued.le(last)))
    };
    let keys = (documents::site_id, documents::id);
    let mut turning: Vec<(SiteId, DocumentId)> =
        documents::table.filter(within(from, to)).select(keys).load(conn)?;
    let told: Vec<(SiteId, DocumentId)> = effect_events::table
        .filter(effect_events::day.gt(from).and(effect_events::day.le(to)))
        .select((effect_events::site_id, effect_events::document_id))
        .load(conn)?;
    let causes: Vec<DocumentId> = turning.iter().map(|(_, id)| *id).collect();
    for chunk in causes.chunks(CHUNK) {
        let done: Vec<Option<DocumentId>> = relations::table
            .filter(relations::from_id.eq_any(chunk.to_vec()))
            .filter(relations::kind.eq_any(EFFECTIVE.to_vec()))
            .select(relations::to_id)
            .load(conn)?;
        let done: Vec<DocumentId> = done.into_iter().flatten().collect();
        // One document may act upon any number of others.
        for chunk in done.chunks(CHUNK) {
            let some = documents::table.filter(documents::id.eq_any(chunk.to_vec()));
            turning.extend(some.select(keys).load::<(SiteId, DocumentId)>(conn)?);
        }
    }
    turning.extend(told);
    turning.sort();
    turning.dedup();
    Ok(turning.into_iter().map(subject).collect())
}

fn whole(
    conn: &mut Conn,
    rows: Vec<Row>,
    (mut texts, mut pages): Texts,
    today: NaiveDate,
) -> Result<Vec<Whole>> {
    let ids: Vec<DocumentId> = rows.iter().map(|(document, ..)| document.id).collect();
    let graph = effects::graph(conn, &ids)?;
    let pairs: Vec<(DocumentId, String)> = document_fields::table
        .filter(document_fields::document_id.eq_any(ids))
        .order((document_fields::document_id, document_fields::field))
        .select((document_fields::document_id, document_fields::field))
        .load(conn)?;
    let mut fields: BTreeMap<DocumentId, Vec<String>> = BTreeMap::new();
    for (id, field) in pairs {
        fields.entry(id).or_default().push(field);
    }
    let item = |(document, issuer, portal): (Document, String, Option<SiteId>)| {
        let stored = texts.remove(&document.id).unwrap_or_else(|| "[]".into());
        let articles: Vec<Article> = serde_json::from_str(&stored).map_err(anyhow::Error::from)?;
        Ok(Whole {
            portal: portal.unwrap_or(document.site_id),
            status: graph.status(document.id, today),
            body: text::plain(&articles),
            fields: fields.remove(&document.id).unwrap_or_default(),
            pages: pages.remove(&document.id).unwrap_or_default(),
            document,
            issuer,
        })
    };
    rows.into_iter().map(item).collect()
}

/// What the files of documents say, page by page.
fn pages(conn: &mut Conn, ids: &[DocumentId]) -> Result<BTreeMap<DocumentId, Vec<FilePage>>> {
    let rows: Vec<(DocumentId, String, i32, String)> = document_files::table
        .inner_join(files::table.on(files::id.eq(document_files::file_id)))
        .inner_join(file_texts::table.on(file_texts::digest.eq(files::digest)))
        .filter(document_files::document_id.eq_any(ids.to_vec()))
        .order((document_files::document_id, document_files::position))
        .select((
            document_files::document_id,
            files::name,
            document_files::position,
            file_texts::pages,
        ))
        .load(conn)?;
    let mut pages: BTreeMap<DocumentId, Vec<FilePage>> = BTreeMap::new();
    for (id, file, position, json) in rows {
        let number = usize::try_from(position).unwrap_or_default() + 1;
        let texts: Vec<String> = serde_json::from_str(&json).map_err(anyhow::Error::from)?;
        let numbered = (1..).zip(texts).filter(|(_, text)| !text.is_empty());
        let page = |(page, text)| FilePage { file: file.clone(), number, page, text };
        pages.entry(id).or_default().extend(numbered.map(page));
    }
    Ok(pages)
}

/// How many documents of a site the public reads.
pub fn count(conn: &mut Conn, site: SiteId) -> Result<i64> {
    Ok(super::of(site)
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        .count()
        .get_result(conn)?)
}

/// The last parts of their addresses in the order they were entered, with their last change:
/// `limit` after the first `skip`.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    (skip, limit): (i64, i64),
) -> Result<Vec<(String, NaiveDateTime)>> {
    Ok(super::of(site)
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        .order(documents::id)
        .offset(skip)
        .limit(limit)
        .select((documents::slug, documents::updated_at))
        .load(conn)?)
}
