//! Entries and editions in the database. Every query starts from a site.
//!
//! This file reads; `write` saves what editors type, `workflow` moves editions towards the
//! public, `address` decides where an entry stands, `uses` which pictures and files the public
//! may have with it, `translations` joins an entry with its English, `plant` fills new sites,
//! `lists` lists.

mod address;
mod lists;
mod plant;
mod translations;
mod uses;
mod workflow;
mod write;

use std::collections::BTreeMap;

use accounts::model::Rights;
use anyhow::Context;
use base::{EditionId, EntryId, Result, SectionId, SiteId, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{addresses, editions, entries, sections, users},
};
use diesel::prelude::*;

use crate::model::{State, Step};

pub(crate) use lists::open_in_sections;
pub use lists::{Filter, Line, count, list};
pub use plant::{Starter, plant};
pub use translations::{Pair, create_translation, pair, pair_of, rename_section};
pub use workflow::{Asked, act};
pub use write::{create, save};

base::id!(
    /// Shared by the translations of one piece of content.
    ContentId
);

/// An entry with the edition the staff work on.
#[derive(Clone, Debug)]
pub struct Working {
    /// The entry.
    pub entry: Entry,
    /// Its latest edition.
    pub edition: Edition,
}

/// The identity of a piece of content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct Entry {
    /// Its key.
    pub id: EntryId,
    /// Shared with its translation.
    pub content_id: ContentId,
    /// Its language.
    pub locale: base::Locale,
    /// An id of `config/kinds`.
    pub kind: String,
    /// Where the public finds it.
    pub section_id: SectionId,
    /// The edition the public reads.
    pub live_id: Option<EditionId>,
    /// When the public first read it.
    pub published_at: Option<NaiveDateTime>,
}

/// One version of an entry.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = editions)]
pub struct Edition {
    /// Its key.
    pub id: EditionId,
    /// Its number within the entry.
    pub number: i32,
    /// Where it stands.
    pub state: State,
    /// Where it is to stand in the tree.
    pub section_id: SectionId,
    /// The last part of its address.
    pub slug: String,
    /// Whether it stands first on the home page.
    pub featured: bool,
    /// The headline.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// The body, sanitised.
    pub html: String,
    /// The fields of its kind, JSON.
    pub fields: String,
    /// Whether it is a small correction.
    pub minor: bool,
    /// Who wrote it.
    pub author_id: Option<UserId>,
    /// Who saved it last.
    pub editor_id: Option<UserId>,
    /// Who approved it.
    pub approver_id: Option<UserId>,
    /// What changed.
    pub note: String,
    /// What the approver answered.
    pub remark: String,
    /// Raised by every save.
    pub lock: i32,
    /// When it was last saved.
    pub updated_at: NaiveDateTime,
    /// When it was published, returned or withdrawn.
    pub decided_at: Option<NaiveDateTime>,
}

impl Edition {
    /// What decides which steps `user` can take.
    pub fn step(&self, user: Option<UserId>, rights: Rights, self_approval: bool) -> Step {
        let own = self.author_id.is_none() || self.author_id == user;
        let touched = [self.author_id, self.editor_id].contains(&user);
        Step { state: self.state, own, touched, rights, self_approval }
    }

    /// Whether somebody approved what they themselves had written or changed.
    pub fn is_self_approved(&self) -> bool {
        self.approver_id.is_some() && [self.author_id, self.editor_id].contains(&self.approver_id)
    }

    /// What a save or a step must name to show that it saw this edition as it is.
    pub fn seal(&self) -> String {
        format!("{}.{}", self.number, self.lock)
    }

    /// The fields of its kind, by name.
    pub fn field_map(&self) -> Result<BTreeMap<String, String>> {
        Ok(serde_json::from_str(&self.fields).context("fields of an edition")?)
    }
}

/// What came of a save or a step.
#[derive(Debug)]
pub enum Outcome {
    /// It was done.
    Done(EntryId),
    /// Someone else changed the edition since it was read; nothing was done.
    Stale,
}

/// The entry called `id` with its latest edition.
pub fn working(conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Working> {
    let found: (Entry, Edition) = entries::table
        .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
        .filter(entries::site_id.eq(site).and(entries::id.eq(id)))
        .filter(editions::state.ne(State::Discarded))
        .select((Entry::as_select(), Edition::as_select()))
        .first(conn)?;
    Ok(Working { entry: found.0, edition: found.1 })
}

/// Edition `number` of an entry.
pub fn edition(conn: &mut Conn, site: SiteId, id: EntryId, number: i32) -> Result<Edition> {
    let one = editions::table.filter(editions::site_id.eq(site).and(editions::entry_id.eq(id)));
    let one = one.filter(editions::number.eq(number)).select(Edition::as_select());
    Ok(one.first(conn)?)
}

/// Every edition of an entry, newest first.
pub fn history(conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Vec<Edition>> {
    let all = editions::table.filter(editions::site_id.eq(site).and(editions::entry_id.eq(id)));
    let all = all.order(editions::number.desc()).select(Edition::as_select());
    Ok(all.limit(200).load(conn)?)
}

/// The current address of an entry, from the first slash.
pub fn address(conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Option<String>> {
    let current = addresses::table
        .filter(addresses::site_id.eq(site).and(addresses::entry_id.eq(id)))
        .filter(addresses::current.eq(true));
    Ok(current.select(addresses::path).first(conn).optional()?)
}

/// How many keys one query names. Databases take some ten thousand, and no more.
const CHUNK: usize = 500;

/// The current addresses of entries, by key.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    ids: Vec<EntryId>,
) -> Result<BTreeMap<EntryId, String>> {
    let mut paths = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let current = addresses::table
            .filter(addresses::site_id.eq(site).and(addresses::current.eq(true)))
            .filter(addresses::entry_id.eq_any(chunk.to_vec()))
            .select((addresses::entry_id, addresses::path));
        paths.extend(current.load::<(EntryId, String)>(conn)?);
    }
    Ok(paths)
}

/// The names of people, by key.
pub fn names(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>> {
    let mut names = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let known = users::table.filter(users::id.eq_any(chunk.to_vec()));
        let known = known.select((users::id, users::name));
        names.extend(known.load::<(UserId, String)>(conn)?);
    }
    Ok(names)
}

/// The label of a section, for lists.
pub(crate) fn section_labels(conn: &mut Conn, site: SiteId) -> Result<BTreeMap<SectionId, String>> {
    let all = sections::table.filter(sections::site_id.eq(site));
    let rows: Vec<(SectionId, String)> = all.select((sections::id, sections::label)).load(conn)?;
    Ok(rows.into_iter().collect())
}

fn note(
    conn: &mut Conn,
    actor: Actor,
    action: &'static str,
    (entry, edition): (EntryId, EditionId),
    target: String,
) -> Result<()> {
    let deed =
        Deed { action, entry: Some(entry), edition: Some(edition), target, ..Deed::default() };
    record(conn, actor, deed)
}
