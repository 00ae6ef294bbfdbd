//! Documents as the staff list them, and what the law demands of one.

use base::{Result, SiteId};
use chrono::NaiveDate;
use db::{
    Conn,
    schema::{document_files, document_texts, documents, file_texts, files as stored, issuers},
};
use diesel::{
    dsl::{count_star, exists, not},
    prelude::*,
};

use super::{Document, Home, effects, has_body, issuers as bodies, relations};
use crate::{
    Vocabulary,
    model::{
        Register, State, Verb, What,
        checks::{Flaw, Subject, flaws},
        effect::Status,
        text,
    },
    texts,
};

base::text_enum!(
    /// What a document may lack.
    Lack {
        /// Its number.
        Number = "so",
        /// A text or a file.
        Body = "toan-van",
        /// A text that programs can read, of a file of it.
        Text = "chu",
        /// A day that the law demands.
        Days = "ngay",
        /// A number of its own.
        Own = "trung",
        /// A decision, after its issuer ended (VB-6).
        Decision = "ap-dung",
    }
);

/// What a list of the staff is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// With these words, without accents, in number or abstract.
    pub words: String,
    /// In this state.
    pub state: Option<State>,
    /// Lacking this.
    pub lack: Option<Lack>,
}

macro_rules! sought {
    ($query:expr, $site:expr, $sought:expr, $today:expr) => {{
        let mut query = $query.filter(documents::site_id.eq($site));
        if !$sought.words.is_empty() {
            query = query.filter(documents::plain.like(format!("%{}%", $sought.words)));
        }
        if let Some(state) = $sought.state {
            query = query.filter(documents::state.eq(state));
        }
        let texts = document_texts::table.filter(document_texts::document_id.eq(documents::id));
        let files = document_files::table.filter(document_files::document_id.eq(documents::id));
        let unread = document_files::table
            .inner_join(stored::table.on(stored::id.eq(document_files::file_id)))
            .inner_join(file_texts::table.on(file_texts::digest.eq(stored::digest)))
            .filter(document_files::document_id.eq(documents::id))
            .filter(file_texts::state.ne(texts::State::Read));
        let legal = documents::register.eq(Register::Legal);
        let ended = issuers::table.filter(issuers::valid_to.lt($today)).select(issuers::id);
        match $sought.lack {
            None => query,
            Some(Lack::Number) => query.filter(documents::pending.eq(true)),
            Some(Lack::Body) => query.filter(not(exists(texts)).and(not(exists(files)))),
            Some(Lack::Text) => query.filter(exists(unread)),
            Some(Lack::Days) => query
                .filter(documents::issued.is_null().or(legal.and(documents::effective.is_null()))),
            Some(Lack::Own) => query.filter(documents::duplicate_reason.ne("")),
            Some(Lack::Decision) => query.filter(documents::issuer_id.eq_any(ended)),
        }
    }};
}

/// The documents of a site: `limit` of them after the first `skip`, the last changed first.
pub fn list(
    conn: &mut Conn,
    site: SiteId,
    (sought, today): (&Sought, NaiveDate),
    (skip, limit): (i64, i64),
) -> Result<Vec<Document>> {
    let query = documents::table.select(Document::as_select()).into_boxed();
    Ok(sought!(query, site, sought, today)
        .order((documents::updated_at.desc(), documents::id.desc()))
        .offset(skip)
        .limit(limit)
        .load(conn)?)
}

/// How many documents there are.
pub fn count(conn: &mut Conn, site: SiteId, sought: &Sought, today: NaiveDate) -> Result<i64> {
    let query = documents::table.select(count_star()).into_boxed();
    Ok(sought!(query, site, sought, today).first(conn)?)
}

/// How many documents of a site are in a state.
pub fn standing(conn: &mut Conn, site: SiteId, state: State) -> Result<i64> {
    let some = documents::table.filter(documents::site_id.eq(site).and(documents::state.eq(state)));
    Ok(some.count().get_result(conn)?)
}

/// How many documents of a site have a file whose letters no program could read.
pub fn unread(conn: &mut Conn, site: SiteId) -> Result<i64> {
    let sought = Sought { lack: Some(Lack::Text), ..Sought::default() };
    // No day matters for it.
    count(conn, site, &sought, NaiveDate::default())
}

/// What is not as it should be with a document, on `today`.
pub fn examine(
    conn: &mut Conn,
    home: Home,
    words: &Vocabulary,
    document: &Document,
    today: NaiveDate,
) -> Result<Vec<Flaw>> {
    let issuer = bodies::named(conn, home.portal, vec![document.issuer_id])?;
    let issuer = issuer.get(&document.issuer_id);
    let articles = super::articles(conn, home.site, document.id)?;
    let top: String = text::plain(&articles).lines().take(60).collect::<Vec<_>>().join("\n");
    let parents = ended_parents(conn, document, today)?;
    let powerless = effects::powerless(conn, home.site, document.id)?;
    let files = in_files(conn, home.site, document.id)?;
    let told = effects::of(conn, home.site, document.id)?;
    let suspensions: Vec<(NaiveDate, NaiveDate)> = told
        .iter()
        .filter(|event| event.what == What::Suspended)
        .map(|event| (event.day, base::time::local(event.created_at).date()))
        .collect();
    let graph = effects::graph(conn, &[document.id])?;
    let published = document.published_at.map(|at| base::time::local(at).date());
    Ok(flaws(&Subject {
        register: Some(document.register),
        has_type: words.kind(&document.type_key).is_some(),
        number: &document.number,
        pending: document.pending,
        level: issuer.map(|it| it.level),
        issuer_ended: issuer.filter(|it| it.has_ended(today)).and_then(|it| it.valid_to),
        summary: &document.summary,
        issued: document.issued,
        effective: document.effective,
        expiry: document.expiry,
        short_procedure: document.short_procedure,
        internal: document.internal,
        has_body: has_body(conn, home.site, document.id)?,
        published: published.or(Some(today)),
        status: Some(graph.status(document.id, today)),
        ended_parents: &parents,
        powerless: &powerless,
        suspensions: &suspensions,
        secrecy: words
            .secrecy
            .mark(&document.summary, &top)
            .or_else(|| files.iter().find_map(|top| words.secrecy.mark("", top))),
    }))
}

/// What the first pages of a document's files say, as far as they have been read.
fn in_files(conn: &mut Conn, site: SiteId, id: crate::DocumentId) -> Result<Vec<String>> {
    let files = super::files::of(conn, site, id)?;
    let digests = files.into_iter().map(|file| file.digest).collect();
    let texts = texts::of(conn, digests)?;
    Ok(texts.into_values().filter_map(|text| text.pages.into_iter().next()).collect())
}

/// The numbers of documents that `document` gives the details of and that are no longer in force.
fn ended_parents(conn: &mut Conn, document: &Document, today: NaiveDate) -> Result<Vec<String>> {
    let links = relations::of(conn, document)?;
    let own = links.into_iter().filter(|it| it.active && it.verb == Verb::Details);
    let parents: Vec<Document> = own.filter_map(|it| it.other).collect();
    let ids: Vec<_> = parents.iter().map(|it| it.id).collect();
    let graph = effects::graph(conn, &ids)?;
    let ended = parents.into_iter().filter(|it| graph.status(it.id, today) == Status::Ended);
    Ok(ended.map(|it| it.number).collect())
}
