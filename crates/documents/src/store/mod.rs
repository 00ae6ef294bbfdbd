//! Documents in the database. Every query starts from a site's id, or from its portal's for what
//! the sites of one portal share.
//!
//! Read this file for the rows, `list` for registers and their counts, `effects` for what happened
//! to documents, `relations` and `issuers` for what they hang together with, `write` for changes,
//! `find` for what search takes in.

mod authority;
pub mod bulk;
mod cited;
pub mod desk;
pub mod effects;
pub mod files;
pub mod find;
pub mod issuers;
pub mod list;
pub mod relations;
pub mod write;

pub use cited::{Cited, cited};

use anyhow::Context;
use base::{Result, SiteId, UserId};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{
        document_addresses, document_fields, document_files, document_texts, documents, hosts,
        sites,
    },
};
use diesel::prelude::*;

use crate::{
    DocumentId, IssuerId,
    model::{Article, Details, Register, State, effect::Dates},
};

/// How many keys one query names. Databases take some ten thousand, and no more.
pub(crate) const CHUNK: usize = 500;

/// Where documents live: a site, and the portal whose sites share what they know.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    /// The site.
    pub site: SiteId,
    /// Its portal, itself where it is one.
    pub portal: SiteId,
    /// Whether an approver may publish what they entered.
    pub self_approval: bool,
}

impl From<&base::Site> for Home {
    fn from(site: &base::Site) -> Self {
        let portal = site.portal_id.unwrap_or(site.id);
        Self { site: site.id, portal, self_approval: site.self_approval }
    }
}

/// A document without its text.
#[derive(Clone, Debug, Queryable, Selectable)]
pub struct Document {
    /// Its key.
    pub id: DocumentId,
    /// Whose register it stands in.
    pub site_id: SiteId,
    /// Where it stands on its way to the public.
    pub state: State,
    /// The register it stands in.
    pub register: Register,
    /// A key of `config/documents/types.toml`.
    pub type_key: String,
    /// Its number, in official spelling.
    pub number: String,
    /// What is equal for all spellings of the number.
    pub number_key: String,
    /// The year it belongs to.
    pub year: i32,
    /// Whether it waits for its number.
    pub pending: bool,
    /// Who issued it.
    pub issuer_id: IssuerId,
    /// The day of issue.
    pub issued: Option<NaiveDate>,
    /// The first day in force.
    pub effective: Option<NaiveDate>,
    /// The first day no longer in force.
    pub expiry: Option<NaiveDate>,
    /// Trích yếu.
    pub summary: String,
    /// The last part of its address.
    pub slug: String,
    /// A key of `config/documents/marks.toml`.
    pub urgency: String,
    /// Not of general application.
    pub internal: bool,
    /// Made in the short procedure.
    pub short_procedure: bool,
    /// JSON: [`Details`].
    pub details: String,
    /// Why it may share issuer, number and year with another.
    pub duplicate_reason: String,
    /// Why it was withdrawn or handed back.
    pub remark: String,
    /// Grows with every save.
    pub lock: i32,
    /// Who entered it.
    pub author_id: Option<UserId>,
    /// Who changed it last.
    pub editor_id: Option<UserId>,
    /// When it was entered.
    pub created_at: NaiveDateTime,
    /// When it was changed last.
    pub updated_at: NaiveDateTime,
    /// When the public first read it.
    pub published_at: Option<NaiveDateTime>,
}

impl Document {
    /// What is told of it and never searched by.
    pub fn details(&self) -> Result<Details> {
        Ok(serde_json::from_str(&self.details).context("details of a document")?)
    }

    /// The days it tells of itself.
    pub fn dates(&self) -> Dates {
        Dates { issued: self.issued, effective: self.effective, expiry: self.expiry }
    }

    /// Whether the public may read it.
    pub fn is_public(&self) -> bool {
        self.state == State::Published && !self.internal
    }

    /// Where readers find it, from the first slash.
    pub fn path(&self) -> String {
        format!("/van-ban/{}", self.slug)
    }
}

/// The documents of one site.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn of(site: SiteId) -> _ {
    documents::table.filter(documents::site_id.eq(site))
}

/// The document `id` of `site`, for the staff.
pub fn by_id(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<Document> {
    Ok(of(site).filter(documents::id.eq(id)).select(Document::as_select()).first(conn)?)
}

/// Where an address below `/van-ban` leads.
#[derive(Debug)]
pub enum Found {
    /// To what is published there.
    Live(Box<Document>),
    /// To the same document at its address of today.
    Moved(String),
    /// Nowhere any more.
    Gone,
}

/// What is at `slug`, if any document the public knew ever was.
pub fn at(conn: &mut Conn, site: SiteId, slug: &str) -> Result<Option<Found>> {
    let now: Option<Document> = of(site)
        .filter(documents::slug.eq(slug))
        .select(Document::as_select())
        .first(conn)
        .optional()?;
    let before = |conn: &mut Conn| -> Result<Option<Document>> {
        Ok(of(site)
            .inner_join(document_addresses::table)
            .filter(document_addresses::site_id.eq(site).and(document_addresses::slug.eq(slug)))
            .select(Document::as_select())
            .first(conn)
            .optional()?)
    };
    Ok(match now {
        Some(document) if document.is_public() => Some(Found::Live(Box::new(document))),
        // What was never published has no address the public could know.
        Some(document) => document.published_at.map(|_| Found::Gone),
        None => before(conn)?.map(|document| match document.is_public() {
            true => Found::Moved(document.path()),
            false => Found::Gone,
        }),
    })
}

/// The articles of a document.
pub fn articles(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<Vec<Article>> {
    let own = document_texts::table
        .filter(document_texts::site_id.eq(site).and(document_texts::document_id.eq(id)));
    let stored: Option<String> = own.select(document_texts::articles).first(conn).optional()?;
    match stored {
        Some(text) => Ok(serde_json::from_str(&text).context("articles of a document")?),
        None => Ok(Vec::new()),
    }
}

/// The fields of a document, by key.
pub fn fields(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<Vec<String>> {
    let own = document_fields::table
        .filter(document_fields::site_id.eq(site).and(document_fields::document_id.eq(id)));
    Ok(own.order(document_fields::field).select(document_fields::field).load(conn)?)
}

/// Whether anything can be read: a text or a file.
pub fn has_body(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<bool> {
    let texts = document_texts::table.filter(
        document_texts::site_id
            .eq(site)
            .and(document_texts::document_id.eq(id))
            .and(document_texts::size.gt(0)),
    );
    let files = document_files::table
        .filter(document_files::site_id.eq(site).and(document_files::document_id.eq(id)));
    let texts: i64 = texts.count().get_result(conn)?;
    let files: i64 = files.count().get_result(conn)?;
    Ok(texts + files > 0)
}

/// Sites by key: name of the body and canonical host.
pub type Places = std::collections::BTreeMap<SiteId, (String, Option<String>)>;

/// The names and hosts of sites.
pub fn places(conn: &mut Conn, mut ids: Vec<SiteId>) -> Result<Places> {
    ids.sort();
    ids.dedup();
    let mut places = Places::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(SiteId, String, Option<String>)> = sites::table
            .left_join(hosts::table.on(hosts::site_id.eq(sites::id).and(hosts::canonical.eq(true))))
            .filter(sites::id.eq_any(chunk.to_vec()))
            .select((sites::id, sites::name, hosts::host.nullable()))
            .load(conn)?;
        places.extend(rows.into_iter().map(|(id, name, host)| (id, (name, host))));
    }
    Ok(places)
}
