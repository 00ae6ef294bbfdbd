//! Sections in the database. Every query starts from [`of`], so none can leave its site.

use std::collections::{HashMap, HashSet};

use base::{EntryId, Error, Locale, OnUnique, Result, SectionId, Site, SiteId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{addresses, editions, entries, sections},
};
use diesel::prelude::*;

use super::{
    NewSection, Section,
    model::{SectionChange, SectionKind},
};
use crate::{find, model::State};

#[derive(Queryable, Selectable)]
#[diesel(table_name = sections)]
struct Row {
    id: SectionId,
    path: String,
    label: String,
    label_en: String,
    kind: SectionKind,
    module: String,
    entries: String,
    mandatory: bool,
    own: bool,
    rules: String,
    position: i32,
    menu: bool,
    visible: bool,
    reason: Option<String>,
    hint: String,
    url: String,
}

impl From<Row> for Section {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            path: row.path,
            label: row.label,
            lang: None,
            label_en: row.label_en,
            kind: row.kind,
            module: row.module,
            entries: row.entries.split_whitespace().map(str::to_owned).collect(),
            mandatory: row.mandatory,
            own: row.own,
            rules: row.rules,
            position: row.position,
            menu: row.menu,
            visible: row.visible,
            reason: row.reason,
            hint: row.hint,
            url: row.url,
        }
    }
}

/// The tree of [`tree`] with the names of the language in which the site is read.
pub fn named(conn: &mut Conn, site: &Site) -> Result<Vec<Section>> {
    let mut tree = tree(conn, site.id)?;
    for section in &mut tree {
        section.label = site.section_label(&section.path, &section.label);
        section.lang = site.section_lang(&section.path);
    }
    Ok(tree)
}

/// The whole tree of a site: parents before children, siblings in their order.
pub fn tree(conn: &mut Conn, site: SiteId) -> Result<Vec<Section>> {
    let rows: Vec<Row> = of(site).select(Row::as_select()).load(conn)?;
    let sections: Vec<Section> = rows.into_iter().map(Section::from).collect();
    // The order of a section is the order of its ancestors, then its own.
    let position: HashMap<&str, i32> =
        sections.iter().map(|section| (section.path.as_str(), section.position)).collect();
    let key = |section: &Section| -> Vec<(i32, String)> {
        let mut key = Vec::new();
        let mut end = 0;
        for part in section.path.split('/') {
            end += part.len();
            let path = section.path.get(..end).unwrap_or_default();
            key.push((position.get(path).copied().unwrap_or(i32::MAX), part.to_owned()));
            end += 1;
        }
        key
    };
    let mut keyed: Vec<_> = sections.iter().map(|section| (key(section), section)).collect();
    keyed.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(keyed.into_iter().map(|(_, section)| section.clone()).collect())
}

/// The section at `path`.
pub fn at(conn: &mut Conn, site: SiteId, path: &str) -> Result<Option<Section>> {
    let row: Option<Row> =
        of(site).filter(sections::path.eq(path)).select(Row::as_select()).first(conn).optional()?;
    Ok(row.map(Section::from))
}

/// The section called `id`.
pub fn by_id(conn: &mut Conn, site: SiteId, id: SectionId) -> Result<Section> {
    let row: Row = of(site).filter(sections::id.eq(id)).select(Row::as_select()).first(conn)?;
    Ok(row.into())
}

/// Plants many sections at once; gives their keys in the same order.
pub fn plant(conn: &mut Conn, site: SiteId, new: &[NewSection]) -> Result<Vec<SectionId>> {
    let ids: Vec<SectionId> = new.iter().map(|_| SectionId::new()).collect();
    let rows: Vec<_> = ids
        .iter()
        .zip(new)
        .map(|(id, new)| {
            (
                sections::id.eq(id),
                sections::site_id.eq(site),
                sections::path.eq(&new.path),
                sections::label.eq(&new.label),
                sections::label_en.eq(&new.label_en),
                sections::kind.eq(new.kind),
                sections::module.eq(&new.module),
                sections::entries.eq(new.entries.join(" ")),
                sections::mandatory.eq(new.mandatory),
                sections::own.eq(new.own),
                sections::rules.eq(new.rules.join(" ")),
                sections::position.eq(new.position),
                sections::menu.eq(new.menu),
                sections::visible.eq(true),
                sections::hint.eq(&new.hint),
                sections::url.eq(&new.url),
            )
        })
        .collect();
    on_each!(conn, |conn| diesel::insert_into(sections::table).values(&rows).execute(conn))
        .on_unique("slug", "section.taken")?;
    Ok(ids)
}

/// Adds a section of the site's own.
pub(crate) fn create(conn: &mut Conn, actor: Actor, new: NewSection) -> Result<()> {
    // First, for its lock: an entry may be on its way to the same address.
    db::epochs::raise(conn, actor.site, actor.now)?;
    let taken = addresses::table.find((actor.site, format!("/{}", new.path)));
    if taken.count().get_result::<i64>(conn)? > 0 {
        return Err(Error::field("slug", "section.taken"));
    }
    for id in plant(conn, actor.site, std::slice::from_ref(&new))? {
        tell(conn, actor, id)?;
    }
    record(conn, actor, Deed { action: "section_added", target: new.label, ..Deed::default() })
}

/// Changes what a site may change of a section. The path stays: it is a stable key.
pub(crate) fn update(
    conn: &mut Conn,
    actor: Actor,
    id: SectionId,
    change: SectionChange,
) -> Result<()> {
    let target = sections::table.filter(sections::site_id.eq(actor.site).and(sections::id.eq(id)));
    diesel::update(target)
        .set((
            sections::label.eq(&change.label),
            sections::label_en.eq(&change.label_en),
            sections::position.eq(change.position),
            sections::visible.eq(change.visible),
            sections::menu.eq(change.menu),
            sections::reason.eq(&change.reason),
        ))
        .execute(conn)?;
    // Hiding or showing it takes its entries out of every list, or puts them back.
    let written: Vec<EntryId> = entries::table
        .filter(entries::site_id.eq(actor.site).and(entries::section_id.eq(id)))
        .filter(entries::live_id.is_not_null())
        .select(entries::id)
        .load(conn)?;
    for entry in written {
        db::outbox::tell(conn, actor.site, (find::ENTRY, entry.uuid()), actor.now)?;
    }
    tell(conn, actor, id)?;
    note(conn, actor, "section_changed", change.label)
}

/// Deletes a section of the site's own that holds nothing.
pub(crate) fn destroy(conn: &mut Conn, actor: Actor, id: SectionId) -> Result<()> {
    let section = by_id(conn, actor.site, id)?;
    if !section.own {
        return Err(Error::conflict("section.not_own"));
    }
    let below = of(actor.site).filter(sections::path.like(format!("{}/%", section.path)));
    let written =
        entries::table.filter(entries::section_id.eq(id)).count().get_result::<i64>(conn)?;
    let drafts = editions::table.filter(editions::section_id.eq(id)).count();
    let drafts = drafts.get_result::<i64>(conn)?;
    if below.count().get_result::<i64>(conn)? + written + drafts > 0 {
        return Err(Error::conflict("section.not_empty"));
    }
    let target = sections::table.filter(sections::site_id.eq(actor.site).and(sections::id.eq(id)));
    diesel::delete(target).execute(conn)?;
    tell(conn, actor, id)?;
    note(conn, actor, "section_deleted", section.label)
}

/// Says that the sections called `ids` and those above them may have been filled, or emptied.
pub(crate) fn tell_upwards(conn: &mut Conn, actor: Actor, ids: &[SectionId]) -> Result<()> {
    let all = tree(conn, actor.site)?;
    let changed = all.iter().filter(|section| ids.contains(&section.id));
    let paths: Vec<&str> = changed.map(|section| section.path.as_str()).collect();
    for above in all.iter().filter(|it| paths.iter().any(|path| it.holds(path))) {
        tell(conn, actor, above.id)?;
    }
    Ok(())
}

fn tell(conn: &mut Conn, actor: Actor, id: SectionId) -> Result<()> {
    db::outbox::tell(conn, actor.site, (find::SECTION, id.uuid()), actor.now)
}

fn note(conn: &mut Conn, actor: Actor, action: &'static str, target: String) -> Result<()> {
    record(conn, actor, Deed { action, target, ..Deed::default() })?;
    db::epochs::raise(conn, actor.site, actor.now)
}

/// The sections of a site in which the public finds something, each once.
pub fn filled(conn: &mut Conn, site: SiteId) -> Result<HashSet<SectionId>> {
    let live = entries::table.filter(entries::site_id.eq(site).and(entries::live_id.is_not_null()));
    let live = live.filter(entries::locale.eq(Locale::Vi));
    let ids: Vec<SectionId> = live.select(entries::section_id).distinct().load(conn)?;
    Ok(ids.into_iter().collect())
}

/// How many entries each section holds, whatever their state.
pub(crate) fn counts(conn: &mut Conn, site: SiteId) -> Result<HashMap<SectionId, i64>> {
    let kept = entries::table
        .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
        .filter(entries::site_id.eq(site).and(entries::locale.eq(Locale::Vi)))
        .filter(editions::state.ne(State::Discarded));
    let rows: Vec<(SectionId, i64)> = kept
        .group_by(entries::section_id)
        .select((entries::section_id, diesel::dsl::count(entries::id)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The sections of one site: where every query begins.
fn of<'a>(site: SiteId) -> sections::BoxedQuery<'a, db::Backend> {
    sections::table.filter(sections::site_id.eq(site)).into_boxed()
}
