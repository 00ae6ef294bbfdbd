//! What is public of entries and sections, whatever their site: the index serves all sites, and
//! each subject is asked for together with the site it belongs to.

use base::{EntryId, Locale, Result, SectionId, SiteId, SiteState, uuid::Uuid};
use chrono::NaiveDateTime;
use db::{
    Conn,
    schema::{addresses, editions, entries, sections, sites},
};
use diesel::prelude::*;
use search::Subject;

use crate::{counterpart::is_readable, sections::SectionKind};

/// A published entry.
#[derive(Queryable)]
pub(super) struct EntryRow {
    pub(super) id: EntryId,
    pub(super) site: SiteId,
    pub(super) portal: Option<SiteId>,
    pub(super) locale: Locale,
    pub(super) kind: String,
    pub(super) path: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) body: String,
    pub(super) fields: String,
    pub(super) published_at: Option<NaiveDateTime>,
}

/// Those of `subjects` that are published where they are listed, on a site that is open.
pub(super) fn entries(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<EntryRow>> {
    let (wanted, of) = split::<EntryId>(subjects);
    let rows: Vec<EntryRow> = entries::table
        .inner_join(editions::table.on(entries::live_id.eq(editions::id.nullable())))
        .inner_join(sections::table.on(sections::id.eq(entries::section_id)))
        .inner_join(addresses::table.on(addresses::entry_id.eq(entries::id)))
        .inner_join(sites::table.on(sites::id.eq(entries::site_id)))
        .filter(entries::site_id.eq_any(of).and(entries::id.eq_any(wanted)))
        .filter(is_readable!())
        .filter(addresses::site_id.eq(entries::site_id).and(addresses::current.eq(true)))
        .filter(sections::visible.eq(true).and(sites::state.eq_any(SiteState::READABLE)))
        .select((
            entries::id,
            entries::site_id,
            sites::portal_id,
            entries::locale,
            entries::kind,
            addresses::path,
            editions::title,
            editions::summary,
            editions::body,
            editions::fields,
            entries::published_at,
        ))
        .load(conn)?;
    let own = |row: &EntryRow| subjects.contains(&Subject { site: row.site, key: row.id.uuid() });
    Ok(rows.into_iter().filter(own).collect())
}

/// A visible section.
#[derive(Queryable)]
pub(super) struct SectionRow {
    pub(super) id: SectionId,
    pub(super) site: SiteId,
    pub(super) portal: Option<SiteId>,
    pub(super) path: String,
    pub(super) label: String,
    kind: SectionKind,
    module: String,
    pub(super) opened: NaiveDateTime,
}

impl SectionRow {
    /// Whether its page shows something: what a module makes, or what is published below it.
    fn is_filled(&self, written: &[(SiteId, String)]) -> bool {
        let below = |path: &str| {
            path.strip_prefix(&self.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.kind == SectionKind::Register
            || !self.module.is_empty()
            || written.iter().any(|(site, path)| *site == self.site && below(path))
    }
}

/// Those of `subjects` that are visible sections with something on their page, on an open site.
/// The page of a section of one page is an entry and is found as that.
pub(super) fn sections(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<SectionRow>> {
    let (wanted, of) = split::<SectionId>(subjects);
    let elsewhere = [SectionKind::Page, SectionKind::Link];
    let rows: Vec<SectionRow> = sections::table
        .inner_join(sites::table)
        .filter(sections::site_id.eq_any(of).and(sections::id.eq_any(wanted)))
        .filter(sections::visible.eq(true).and(sections::kind.ne_all(elsewhere)))
        .filter(sections::reason.is_null().and(sites::state.eq_any(SiteState::READABLE)))
        .select((
            sections::id,
            sections::site_id,
            sites::portal_id,
            sections::path,
            sections::label,
            sections::kind,
            sections::module,
            sites::created_at,
        ))
        .load(conn)?;
    let own = |row: &SectionRow| subjects.contains(&Subject { site: row.site, key: row.id.uuid() });
    let rows: Vec<SectionRow> = rows.into_iter().filter(own).collect();
    // A search asks every source for its ten hits: where none is a section, this is all.
    if rows.is_empty() {
        return Ok(rows);
    }
    let written: Vec<(SiteId, String)> = entries::table
        .inner_join(sections::table)
        .filter(entries::site_id.eq_any(rows.iter().map(|row| row.site).collect::<Vec<_>>()))
        .filter(entries::live_id.is_not_null().and(entries::locale.eq(Locale::Vi)))
        .select((sections::site_id, sections::path))
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().filter(|row| row.is_filled(&written)).collect())
}

/// The keys of `subjects` and the sites they are said to belong to.
fn split<Id: From<Uuid>>(subjects: &[Subject]) -> (Vec<Id>, Vec<SiteId>) {
    let keys = subjects.iter().map(|subject| Id::from(subject.key)).collect();
    let mut sites: Vec<SiteId> = subjects.iter().map(|subject| subject.site).collect();
    sites.sort_unstable();
    sites.dedup();
    (keys, sites)
}

/// Every entry in the order of keys.
pub(super) fn all_entries(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Subject>> {
    let mut query = entries::table.order(entries::id).limit(limit).into_boxed();
    if let Some(site) = site {
        query = query.filter(entries::site_id.eq(site));
    }
    if let Some(after) = after {
        query = query.filter(entries::id.gt(EntryId::from(after)));
    }
    let rows: Vec<(SiteId, EntryId)> = query.select((entries::site_id, entries::id)).load(conn)?;
    Ok(rows.into_iter().map(|(site, id)| Subject { site, key: id.uuid() }).collect())
}

/// Every section in the order of keys.
pub(super) fn all_sections(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Subject>> {
    let mut query = sections::table.order(sections::id).limit(limit).into_boxed();
    if let Some(site) = site {
        query = query.filter(sections::site_id.eq(site));
    }
    if let Some(after) = after {
        query = query.filter(sections::id.gt(SectionId::from(after)));
    }
    let rows: Vec<(SiteId, SectionId)> =
        query.select((sections::site_id, sections::id)).load(conn)?;
    Ok(rows.into_iter().map(|(site, id)| Subject { site, key: id.uuid() }).collect())
}
