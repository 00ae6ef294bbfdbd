//! Lists of entries for the staff. Translations are in none: they have lists of their own.

use std::collections::BTreeMap;

use base::{EntryId, Locale, Result, SectionId, SiteId, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    schema::{editions, entries},
};
use diesel::prelude::*;

use crate::model::State;

/// Which entries to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the title, with or without accents.
    pub words: String,
    /// An id of `config/kinds`.
    pub kind: Option<String>,
    /// The state of the latest edition; `Published` also finds what has a draft on top.
    pub state: Option<State>,
    /// One section.
    pub section: Option<SectionId>,
    /// What one person wrote last.
    pub author: Option<UserId>,
    /// Only what an approver has answered to.
    pub returned: bool,
}

/// A line of a list.
#[derive(Clone, Debug, Queryable)]
pub struct Line {
    /// The entry.
    pub id: EntryId,
    /// Its kind.
    pub kind: String,
    /// Its section.
    pub section_id: SectionId,
    /// Whether the public reads it.
    pub live_id: Option<base::EditionId>,
    /// When the public first read it.
    pub published_at: Option<NaiveDateTime>,
    /// The latest edition's title.
    pub title: String,
    /// The latest edition's state.
    pub state: State,
    /// Who wrote it.
    pub author_id: Option<UserId>,
    /// The approver's answer.
    pub remark: String,
    /// When it was last saved.
    pub updated_at: NaiveDateTime,
}

/// Builds the query twice: once for the lines, once for their number.
macro_rules! matching {
    ($site:expr, $filter:expr) => {{
        let mut query = entries::table
            .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
            .filter(entries::site_id.eq($site).and(entries::locale.eq(Locale::Vi)))
            .filter(editions::state.ne(State::Discarded))
            .into_boxed();
        for word in base::text::unaccented(&$filter.words).split_whitespace().take(8) {
            let word = word.replace(['%', '_', '\\'], "");
            query = query.filter(editions::plain.like(format!("%{word}%")));
        }
        if let Some(kind) = &$filter.kind {
            query = query.filter(entries::kind.eq(kind.clone()));
        }
        query = match $filter.state {
            Some(State::Published) => query.filter(entries::live_id.is_not_null()),
            Some(state) => query.filter(editions::state.eq(state)),
            None => query,
        };
        if let Some(section) = $filter.section {
            query = query.filter(editions::section_id.eq(section));
        }
        if let Some(author) = $filter.author {
            query = query.filter(editions::author_id.eq(author));
        }
        if $filter.returned {
            query = query.filter(editions::remark.ne(""));
        }
        query
    }};
}

/// The entries that match, last saved first: `limit` of them after the first `skip`.
pub fn list(
    conn: &mut Conn,
    site: SiteId,
    filter: &Filter,
    (skip, limit): (i64, i64),
) -> Result<Vec<Line>> {
    Ok(matching!(site, filter)
        .order((editions::updated_at.desc(), entries::id.desc()))
        .offset(skip)
        .limit(limit)
        .select((
            entries::id,
            entries::kind,
            entries::section_id,
            entries::live_id,
            entries::published_at,
            editions::title,
            editions::state,
            editions::author_id,
            editions::remark,
            editions::updated_at,
        ))
        .load(conn)?)
}

/// The entry that waits in each section, open and not yet public: its key and its state.
pub(crate) fn open_in_sections(
    conn: &mut Conn,
    site: SiteId,
) -> Result<BTreeMap<SectionId, (EntryId, State)>> {
    let rows: Vec<(SectionId, EntryId, State)> = entries::table
        .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
        .filter(entries::site_id.eq(site).and(entries::locale.eq(Locale::Vi)))
        .filter(entries::live_id.is_null())
        .filter(editions::state.eq(State::Draft).or(editions::state.eq(State::Submitted)))
        .order(editions::updated_at)
        .select((editions::section_id, entries::id, editions::state))
        .load(conn)?;
    Ok(rows.into_iter().map(|(section, entry, state)| (section, (entry, state))).collect())
}

/// How many entries match.
pub fn count(conn: &mut Conn, site: SiteId, filter: &Filter) -> Result<i64> {
    Ok(matching!(site, filter).count().get_result(conn)?)
}
