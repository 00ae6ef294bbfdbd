//! What is published, as the public finds it. Every query starts from `public!`, so none can
//! leave its site and its language, or see a draft.
//!
//! English is shown beside its Vietnamese source and never without it: when the source is taken
//! down, the translation cannot be found any more, though nobody has touched it.

use std::collections::BTreeMap;

use anyhow::Context;
use base::{EntryId, Locale, Result, SectionId, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    schema::{addresses, editions, entries, pictures, sections},
};
use diesel::{dsl::auto_type, prelude::*};
use media::PictureId;

use crate::counterpart::{counterpart, is_readable, other_addresses, others};

/// A published entry.
#[derive(Clone, Debug, Queryable)]
pub struct Live {
    /// Its key.
    pub id: EntryId,
    /// What it is written in.
    pub locale: Locale,
    /// An id of `config/kinds`.
    pub kind: String,
    /// Its section.
    pub section_id: SectionId,
    /// The section's path, without the first slash.
    pub section_path: String,
    /// The section's name.
    pub section_label: String,
    /// Its address, from the first slash.
    pub path: String,
    /// The headline.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// The sanitised body.
    pub html: String,
    /// The fields of its kind, JSON.
    pub fields: String,
    /// The number of the edition that is read.
    pub number: i32,
    /// When the public first read it.
    pub published_at: Option<NaiveDateTime>,
    /// When the edition that is read was published.
    pub decided_at: Option<NaiveDateTime>,
}

impl Live {
    /// The fields of its kind, by name.
    pub fn field_map(&self) -> Result<BTreeMap<String, String>> {
        Ok(serde_json::from_str(&self.fields).context("fields of an edition")?)
    }
}

/// The columns of [`Live`], in its order.
macro_rules! columns {
    () => {
        (
            entries::id,
            entries::locale,
            entries::kind,
            entries::section_id,
            sections::path,
            sections::label,
            addresses::path,
            editions::title,
            editions::summary,
            editions::html,
            editions::fields,
            editions::number,
            entries::published_at,
            editions::decided_at,
        )
    };
}

/// The published entries of one site in one language.
#[auto_type(no_type_alias)]
fn live(site: SiteId, locale: Locale) -> _ {
    entries::table
        .inner_join(editions::table.on(entries::live_id.eq(editions::id.nullable())))
        .inner_join(sections::table.on(sections::id.eq(entries::section_id)))
        .inner_join(addresses::table.on(addresses::entry_id.eq(entries::id)))
        .filter(entries::site_id.eq(site))
        .filter(entries::locale.eq(locale))
        .filter(addresses::site_id.eq(site))
        .filter(addresses::current.eq(true))
}

/// What the public may read: Vietnamese, and English whose source is public. Where every query
/// begins.
macro_rules! public {
    ($site:expr, $locale:expr) => {
        live($site, $locale).filter(is_readable!())
    };
}

/// Which part of a site.
#[derive(Clone, Debug)]
pub enum Part {
    /// All of it.
    Whole,
    /// A section and what lies below it.
    Below(String),
    /// What stands first on the home page.
    Featured,
}

macro_rules! part {
    ($site:expr, $locale:expr, $part:expr) => {{
        // What is written in a hidden section keeps its address and is listed nowhere.
        let query = public!($site, $locale).filter(sections::visible.eq(true)).into_boxed();
        match $part {
            Part::Whole => query,
            Part::Below(path) => query.filter(
                sections::path.eq(path.clone()).or(sections::path.like(format!("{path}/%"))),
            ),
            Part::Featured => query.filter(entries::featured.eq(true)),
        }
    }};
}

/// The newest entries of `part`: `limit` of them after the first `skip`.
pub fn latest(
    conn: &mut Conn,
    site: SiteId,
    locale: Locale,
    part: &Part,
    (skip, limit): (i64, i64),
) -> Result<Vec<Live>> {
    Ok(part!(site, locale, part)
        .order((entries::published_at.desc(), entries::id.desc()))
        .offset(skip)
        .limit(limit)
        .select(columns!())
        .load(conn)?)
}

/// The newest Vietnamese entries of `part` that the public cannot read in another language.
pub fn untranslated(conn: &mut Conn, site: SiteId, part: &Part, limit: i64) -> Result<Vec<Live>> {
    let translated = diesel::dsl::exists(counterpart!(others));
    Ok(part!(site, Locale::Vi, part)
        .filter(diesel::dsl::not(translated))
        .order((entries::published_at.desc(), entries::id.desc()))
        .limit(limit)
        .select(columns!())
        .load(conn)?)
}

/// How many entries `part` has.
pub fn count(conn: &mut Conn, site: SiteId, locale: Locale, part: &Part) -> Result<i64> {
    Ok(part!(site, locale, part).count().get_result(conn)?)
}

/// Entries of some kinds in the order of protocol.
pub fn ranked(
    conn: &mut Conn,
    site: SiteId,
    locale: Locale,
    kinds: &[String],
) -> Result<Vec<Live>> {
    let mut ranked: Vec<(i32, Live)> = public!(site, locale)
        .filter(entries::kind.eq_any(kinds.to_vec()))
        .limit(500)
        .select((entries::rank, columns!()))
        .load(conn)?;
    ranked.sort_by_cached_key(|(rank, live)| (*rank, base::text::sort_key(&live.title)));
    Ok(ranked.into_iter().map(|(_, live)| live).collect())
}

/// Where an address leads.
#[derive(Debug)]
pub enum Found {
    /// To what is published there, and the address of the same in the other language where the
    /// public finds it.
    Live(Box<Live>, Option<String>),
    /// To another address, where it is now.
    Moved(String),
    /// Nowhere any more.
    Gone,
}

/// What is at `path`, if any entry of that language ever was.
pub fn at(conn: &mut Conn, site: SiteId, locale: Locale, path: &str) -> Result<Option<Found>> {
    let held: Option<(EntryId, bool)> = addresses::table
        .inner_join(entries::table)
        .filter(addresses::site_id.eq(site).and(addresses::path.eq(path)))
        .filter(entries::locale.eq(locale))
        .select((addresses::entry_id, addresses::current))
        .first(conn)
        .optional()?;
    let Some((id, current)) = held else { return Ok(None) };
    let there = other_addresses
        .field(addresses::entry_id)
        .eq(others.field(entries::id))
        .and(other_addresses.field(addresses::current).eq(true));
    let counterpart = counterpart!(others.inner_join(other_addresses.on(there)))
        .select(other_addresses.field(addresses::path))
        .single_value();
    let live: Option<(Live, Option<String>)> = public!(site, locale)
        .filter(entries::id.eq(id))
        .select((columns!(), counterpart))
        .first(conn)
        .optional()?;
    Ok(Some(match live {
        Some((live, other)) if current => Found::Live(Box::new(live), other),
        Some((live, _)) => Found::Moved(live.path),
        None => Found::Gone,
    }))
}

/// Other recent entries of the same section.
pub fn related(
    conn: &mut Conn,
    site: SiteId,
    locale: Locale,
    to: &Live,
    limit: i64,
) -> Result<Vec<Live>> {
    Ok(public!(site, locale)
        .filter(entries::section_id.eq(to.section_id).and(entries::id.ne(to.id)))
        .order((entries::published_at.desc(), entries::id.desc()))
        .limit(limit)
        .select(columns!())
        .load(conn)?)
}

/// Addresses and the day each last changed: `limit` of them after the first `skip`.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    locale: Locale,
    (skip, limit): (i64, i64),
) -> Result<Vec<(String, Option<NaiveDateTime>)>> {
    Ok(public!(site, locale)
        .filter(sections::visible.eq(true))
        .order(entries::id)
        .offset(skip)
        .limit(limit)
        .select((addresses::path, editions::decided_at))
        .load(conn)?)
}

/// The sizes of pictures of the site, by key.
pub type Sizes = BTreeMap<PictureId, (i32, i32)>;

/// The sizes of the pictures called `ids`.
pub fn sizes(conn: &mut Conn, site: SiteId, ids: Vec<PictureId>) -> Result<Sizes> {
    let own = pictures::table.filter(pictures::site_id.eq(site).and(pictures::id.eq_any(ids)));
    let rows: Vec<(PictureId, i32, i32)> =
        own.select((pictures::id, pictures::width, pictures::height)).load(conn)?;
    Ok(rows.into_iter().map(|(id, width, height)| (id, (width, height))).collect())
}
