//! What a site calls its sections in English, and how it writes names.

use std::{collections::HashMap, sync::Arc};

use base::{Error, Message, Result, SectionId, SectionNames, Site, SiteId};
use content::{
    entries::store as entries,
    sections::{Section, store as tree},
};
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{section_names, sites},
};
use diesel::prelude::*;
use english::{
    paths::{Labelled, Paths},
    terms::Terms,
    write::Names,
};

/// What a site wrote for a section; empty for what the term base says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Its name.
    pub label: String,
    /// The last part of its English address.
    pub slug: String,
}

/// What names are made with.
#[derive(Clone, Copy, Debug)]
pub struct Tools<'a> {
    /// The fixed addresses.
    pub paths: &'a Paths,
    /// The terms of the province.
    pub terms: &'a Terms,
    /// How names are written.
    pub names: Names,
}

/// What a site wrote for its sections, by key.
pub fn own(conn: &mut Conn, site: SiteId) -> Result<HashMap<SectionId, Own>> {
    let rows: Vec<(SectionId, String, String)> = section_names::table
        .filter(section_names::site_id.eq(site))
        .select((section_names::section_id, section_names::label, section_names::slug))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, label, slug)| (id, Own { label, slug })).collect())
}

/// The sections of a site, with what it wrote for each.
pub fn tree(conn: &mut Conn, site: SiteId) -> Result<Vec<(Section, Own)>> {
    let mut own = own(conn, site)?;
    let tree = tree::tree(conn, site)?;
    Ok(tree.into_iter().map(|it| (own.remove(&it.id).unwrap_or_default(), it)).map(swap).collect())
}

fn swap((own, section): (Own, Section)) -> (Section, Own) {
    (section, own)
}

/// The names of all sections in both languages.
pub fn names(all: &[(Section, Own)], tools: Tools<'_>) -> SectionNames {
    let labelled = |(section, own): &(Section, Own)| Labelled {
        path: section.path.clone(),
        label: section.label.clone(),
        english: match own.label.is_empty() {
            true => section.label_en.clone(),
            false => own.label.clone(),
        },
        slug: own.slug.clone(),
    };
    tools.paths.name(all.iter().map(labelled).collect(), tools.terms, tools.names)
}

/// The longest name, in characters.
const MAX_LABEL: usize = 120;

/// Writes what the site calls section `id`. Pages below it move to its new address, and the old
/// ones lead there.
pub fn put(
    conn: &mut Conn,
    actor: Actor,
    (site, tools): (&Site, Tools<'_>),
    id: SectionId,
    own: Own,
) -> Result<()> {
    let own = Own {
        label: base::text::line(&own.label),
        slug: base::text::line(&own.slug).to_lowercase(),
    };
    if own.label.chars().count() > MAX_LABEL {
        return Err(Error::field("label", Message::new("too_long").with("max", MAX_LABEL)));
    }
    if !own.slug.is_empty() && (!base::text::is_slug(&own.slug) || own.slug.len() > 60) {
        return Err(Error::field("slug", "slug.malformed"));
    }
    db::epochs::raise(conn, site.id, actor.now)?;
    let section = tree::by_id(conn, site.id, id)?;
    let before = names(&tree(conn, site.id)?, tools);
    store(conn, site.id, id, &own)?;
    let all = tree(conn, site.id)?;
    let named = names(&all, tools);
    let now = named.at(&section.path).ok_or(Error::NotFound)?;
    let last = now.english_path.rsplit('/').next().unwrap_or_default();
    let moves_others = all.iter().any(|(it, _)| {
        let path = |of: &SectionNames| of.at(&it.path).map(|name| name.english_path.clone());
        !section.holds(&it.path) && path(&before) != path(&named)
    });
    if moves_others || (!own.slug.is_empty() && last != own.slug) {
        // It was given a number, another would be, or the address is one of the portal's own.
        let wanted = if own.slug.is_empty() { last } else { own.slug.as_str() };
        let message = Message::new("mirror.section_taken").with("slug", wanted);
        return Err(Error::field("slug", message));
    }
    let below: Vec<SectionId> =
        all.iter().filter(|(it, _)| section.holds(&it.path)).map(|(it, _)| it.id).collect();
    let face = Site { sections: Arc::new(named), ..site.clone() };
    entries::rename_section(conn, actor, &face, &below)?;
    let deed = Deed {
        action: "section_named",
        target: section.label,
        detail: own.label,
        ..Deed::default()
    };
    record(conn, actor, deed)
}

fn store(conn: &mut Conn, site: SiteId, id: SectionId, own: &Own) -> Result<()> {
    let row = (
        section_names::section_id.eq(id),
        section_names::site_id.eq(site),
        section_names::label.eq(&own.label),
        section_names::slug.eq(&own.slug),
    );
    let change = (section_names::label.eq(&own.label), section_names::slug.eq(&own.slug));
    on_each!(conn, |conn| diesel::insert_into(section_names::table)
        .values(row)
        .on_conflict(section_names::section_id)
        .do_update()
        .set(change)
        .execute(conn))?;
    Ok(())
}

/// What the site itself chose.
pub fn chosen(conn: &mut Conn, site: SiteId) -> Result<Option<Names>> {
    let row: Option<String> =
        sites::table.filter(sites::id.eq(site)).select(sites::english_names).first(conn)?;
    Ok(row.as_deref().and_then(Names::parse))
}

/// Chooses how names are written; `None` for what the province chose.
pub fn choose(conn: &mut Conn, actor: Actor, names: Option<Names>) -> Result<()> {
    let row = sites::table.filter(sites::id.eq(actor.site));
    let text = names.map(Names::as_str);
    diesel::update(row).set(sites::english_names.eq(text)).execute(conn)?;
    db::epochs::raise(conn, actor.site, actor.now)?;
    let detail = text.unwrap_or_default().to_owned();
    record(conn, actor, Deed { action: "english_names", detail, ..Deed::default() })
}
