//! What the search finds of a site's entries and sections.

mod store;

use std::{collections::BTreeMap, sync::Arc};

use base::{Result, SiteId, uuid::Uuid};
use chrono::{Datelike, NaiveDate};
use db::Conn;
use search::{Facet, Item, Source, Subject};

use crate::kinds::{Field, FieldType, Kind, Kinds};

/// The topic of entries in the outbox.
pub const ENTRY: &str = "entry";

/// The topic of sections in the outbox.
pub const SECTION: &str = "section";

/// The published entries.
#[derive(Debug)]
pub struct Entries {
    kinds: Arc<Kinds>,
}

impl Entries {
    /// The entries of these kinds.
    pub fn new(kinds: Arc<Kinds>) -> Self {
        Self { kinds }
    }
}

impl Source for Entries {
    fn topic(&self) -> &'static str {
        ENTRY
    }

    fn label(&self, facet: Facet, value: &str) -> Option<String> {
        let kind = self.kinds.get(value).filter(|_| facet == Facet::Kind);
        kind.map(|kind| kind.label.clone())
    }

    fn values(&self, facet: Facet) -> Vec<String> {
        match facet {
            Facet::Kind => self.kinds.iter().map(|kind| kind.id.clone()).collect(),
            _ => Vec::new(),
        }
    }

    fn items(&self, conn: &mut Conn, subjects: &[Subject], _: NaiveDate) -> Result<Vec<Item>> {
        let rows = store::entries(conn, subjects)?;
        rows.into_iter().map(|row| self.item(row)).collect()
    }

    fn all(
        &self,
        conn: &mut Conn,
        site: Option<SiteId>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Subject>> {
        store::all_entries(conn, site, after, limit)
    }
}

impl Entries {
    fn item(&self, row: store::EntryRow) -> Result<Item> {
        let fields: BTreeMap<String, String> =
            serde_json::from_str(&row.fields).map_err(anyhow::Error::from)?;
        let public = self.kinds.get(&row.kind).map(|kind| public_texts(kind, &fields));
        let mut body = theme::plain(&row.body);
        for text in public.unwrap_or_default() {
            body.push('\n');
            body.push_str(text);
        }
        let date = row.published_at.unwrap_or_default();
        let local = base::time::local(date);
        Ok(Item {
            portal: row.portal.unwrap_or(row.site),
            locale: row.locale,
            url: row.path,
            summary: row.summary,
            body,
            year: u16::try_from(local.year()).ok(),
            ..Item::new(row.id.uuid(), row.site, &row.kind, &row.title, date.and_utc())
        })
    }
}

/// What readers see of an entry's fields and may look for: words and numbers, not pictures.
fn public_texts<'a>(kind: &Kind, fields: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    let is_text = |field: &&Field| {
        field.public && !matches!(field.kind, FieldType::Picture | FieldType::Boolean)
    };
    let texts = kind.fields.iter().filter(is_text).filter_map(|field| fields.get(&field.name));
    texts.map(String::as_str).filter(|text| !text.is_empty()).collect()
}

/// The visible sections that are pages of their own.
#[derive(Debug)]
pub struct Sections {
    /// What readers call a section.
    pub label: String,
}

impl Source for Sections {
    fn topic(&self) -> &'static str {
        SECTION
    }

    fn label(&self, facet: Facet, value: &str) -> Option<String> {
        (facet == Facet::Kind && value == SECTION).then(|| self.label.clone())
    }

    fn values(&self, facet: Facet) -> Vec<String> {
        if facet == Facet::Kind { vec![SECTION.to_owned()] } else { Vec::new() }
    }

    fn items(&self, conn: &mut Conn, subjects: &[Subject], _: NaiveDate) -> Result<Vec<Item>> {
        let rows = store::sections(conn, subjects)?;
        let item = |row: store::SectionRow| {
            let date = row.opened.and_utc();
            Item {
                portal: row.portal.unwrap_or(row.site),
                url: format!("/{}", row.path),
                ..Item::new(row.id.uuid(), row.site, SECTION, &row.label, date)
            }
        };
        Ok(rows.into_iter().map(item).collect())
    }

    fn all(
        &self,
        conn: &mut Conn,
        site: Option<SiteId>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Subject>> {
        store::all_sections(conn, site, after, limit)
    }
}
