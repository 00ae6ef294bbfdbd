//! Host name to site: every request asks, so the answer stays in memory.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context;
use base::{
    Identity, Licence, Locale, MenuItem, Message, PortalRef, Result, SectionNames, Site, SiteId,
};
use db::{
    Conn,
    schema::{hosts, section_names, sections, sites, terms},
};
use diesel::prelude::*;
use english::{
    paths::Labelled,
    terms::{Kind, Own, Terms},
    write::Names,
};
use theme::Words;

use crate::{
    App,
    tongue::{Tenant, Tongue},
};

/// What a province wrote, and the term base with it.
struct Merged {
    own: Vec<Own>,
    terms: Arc<Terms>,
}

#[derive(Default)]
pub(crate) struct Sites {
    by_host: RwLock<HashMap<String, Arc<Tenant>>>,
    /// The terms of the provinces that have some of their own.
    terms: RwLock<HashMap<SiteId, Merged>>,
    /// The epochs as they were last seen, to tell what other processes have changed.
    epochs: RwLock<HashMap<SiteId, i64>>,
}

impl Sites {
    /// The tenant that `host` leads to.
    pub(crate) async fn find(&self, app: &App, host: &str) -> Result<Arc<Tenant>> {
        if let Some(held) = self.by_host.read().unwrap_or_else(PoisonError::into_inner).get(host) {
            return Ok(held.clone());
        }
        let key = host.to_owned();
        let (mut site, english) = app.db.read(move |conn| load(conn, &key)).await?;
        let terms = self.terms(app, site.portal_id.unwrap_or(site.id), english.terms)?;
        let tongue = Tongue { terms, names: english.names };
        let named = app.english.paths.name(english.sections, &tongue.terms, tongue.names);
        site.sections = Arc::new(named);
        let words = app.themes.words();
        site.url = app.settings.url(&site.host);
        site.name = title(words, &site.unit_name, site.portal.is_none());
        if let Some(portal) = &mut site.portal {
            portal.url = app.settings.url(&portal.url);
            portal.name = title(words, &portal.name, true);
        }
        let label = Message::new(format!("site_type.{}", site.kind.as_str()));
        site.type_label = words.say(&label);
        site.archived_note = note(&site, &site.unit_name).map(|message| words.say(&message));
        let en = Arc::new(tongue.face(&site, app.themes.words_in(Locale::En)));
        let held = Arc::new(Tenant { vi: Arc::new(site), en, tongue });
        let mut by_host = self.by_host.write().unwrap_or_else(PoisonError::into_inner);
        by_host.insert(host.to_owned(), held.clone());
        Ok(held)
    }

    /// The term base with what the province of `portal` wrote, put together once.
    fn terms(&self, app: &App, portal: SiteId, own: Vec<Own>) -> Result<Arc<Terms>> {
        if own.is_empty() {
            return Ok(app.english.terms.clone());
        }
        let known = self.terms.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&portal).filter(|known| known.own == own) {
            return Ok(known.terms.clone());
        }
        drop(known);
        let terms = Arc::new(app.english.with_own(&own)?);
        let mut held = self.terms.write().unwrap_or_else(PoisonError::into_inner);
        held.insert(portal, Merged { own, terms: terms.clone() });
        Ok(terms)
    }

    /// Forgets `site`, and everything when it is a portal: its components name it.
    pub(crate) fn forget(&self, site: SiteId) {
        self.keep(|held| held.id != site && held.portal_id != Some(site));
    }

    /// Forgets the sites whose epoch is not the one last seen.
    pub(crate) fn catch_up(&self, epochs: Vec<(SiteId, i64)>) {
        let epochs: HashMap<SiteId, i64> = epochs.into_iter().collect();
        let mut seen = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
        let moved = epochs.iter().filter(|(site, epoch)| seen.get(*site) != Some(*epoch));
        moved.for_each(|(site, _)| self.forget(*site));
        *seen = epochs;
    }

    fn keep(&self, keep: impl Fn(&Site) -> bool) {
        let mut by_host = self.by_host.write().unwrap_or_else(PoisonError::into_inner);
        by_host.retain(|_, held| keep(&held.vi));
    }
}

/// What a site is called: `Xã Trùng Khánh` has a `Trang thông tin điện tử xã Trùng Khánh`.
fn title(words: &Words, unit: &str, is_portal: bool) -> String {
    let unit = base::text::unit_in_sentence(unit);
    let key = if is_portal { "site_title.portal" } else { "site_title.component" };
    words.say(&Message::new(key).with("unit", unit))
}

/// What visitors of the site of `unit` must know.
pub(crate) fn note(site: &Site, unit: &str) -> Option<Message> {
    let is_archive = site.state == base::SiteState::Archived;
    is_archive.then(|| Message::new("site.archived").with("name", unit))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sites)]
struct Row {
    id: SiteId,
    portal_id: Option<SiteId>,
    kind: base::SiteType,
    state: base::SiteState,
    name: String,
    name_en: String,
    theme: String,
    palette: String,
    logo: Option<String>,
    identity: String,
    licence: Option<String>,
    self_approval: bool,
    home: String,
}

/// What a site and its province wrote of its English pages.
struct English {
    sections: Vec<Labelled>,
    terms: Vec<Own>,
    names: Names,
}

#[derive(Queryable)]
struct SectionRow {
    path: String,
    label: String,
    planned: String,
    own: Option<String>,
    slug: Option<String>,
}

fn english(conn: &mut Conn, site: SiteId, portal: Option<SiteId>) -> Result<English> {
    let sections: Vec<SectionRow> = sections::table
        .left_join(section_names::table.on(section_names::section_id.eq(sections::id)))
        .filter(sections::site_id.eq(site))
        .select((
            sections::path,
            sections::label,
            sections::label_en,
            section_names::label.nullable(),
            section_names::slug.nullable(),
        ))
        .load(conn)?;
    let labelled = |row: SectionRow| Labelled {
        path: row.path,
        label: row.label,
        english: row.own.filter(|own| !own.is_empty()).unwrap_or(row.planned),
        slug: row.slug.unwrap_or_default(),
    };
    let above = portal.unwrap_or(site);
    let terms: Vec<(String, String, String, String)> = terms::table
        .filter(terms::site_id.eq(above))
        .order(terms::vi)
        .select((terms::kind, terms::vi, terms::en, terms::accept))
        .load(conn)?;
    let own = |(kind, vi, en, accept): (String, _, _, String)| {
        let accept = accept.lines().map(str::to_owned).collect();
        Some(Own { kind: Kind::parse(&kind)?, vi, en, accept })
    };
    let names: Vec<(SiteId, Option<String>)> = sites::table
        .filter(sites::id.eq(site).or(sites::id.eq(above)))
        .select((sites::id, sites::english_names))
        .load(conn)?;
    // A site's own choice comes before its province's.
    let chosen = [site, above].iter().find_map(|id| {
        let (_, chosen) = names.iter().find(|(site, _)| site == id)?;
        Names::parse(chosen.as_deref()?)
    });
    Ok(English {
        sections: sections.into_iter().map(labelled).collect(),
        terms: terms.into_iter().filter_map(own).collect(),
        names: chosen.unwrap_or_default(),
    })
}

/// Reads the site at `host` with its menu, its portal's name and what its English pages are made
/// of.
fn load(conn: &mut Conn, host: &str) -> Result<(Site, English)> {
    let row: Row = sites::table
        .inner_join(hosts::table)
        .filter(hosts::host.eq(host))
        .select(Row::as_select())
        .first(conn)?;
    let identity: Identity = serde_json::from_str(&row.identity).context("identity")?;
    let licence: Option<Licence> = match &row.licence {
        Some(json) => Some(serde_json::from_str(json).context("licence")?),
        None => None,
    };
    let english = english(conn, row.id, row.portal_id)?;
    let site = Site {
        locale: Locale::Vi,
        sections: Arc::new(SectionNames::default()),
        untranslated: Vec::new(),
        host: canonical(conn, row.id)?,
        portal: row.portal_id.map(|id| portal(conn, id)).transpose()?,
        menu: menu(conn, row.id)?,
        url: String::new(),
        type_label: String::new(),
        archived_note: None,
        id: row.id,
        portal_id: row.portal_id,
        kind: row.kind,
        state: row.state,
        name: String::new(),
        unit_name: row.name,
        name_en: row.name_en,
        theme: row.theme,
        palette: row.palette,
        logo: row.logo,
        identity,
        licence,
        self_approval: row.self_approval,
        home: row.home.lines().map(str::to_owned).collect(),
    };
    Ok((site, english))
}

fn canonical(conn: &mut Conn, site: SiteId) -> Result<String> {
    let of = hosts::table.filter(hosts::site_id.eq(site).and(hosts::canonical.eq(true)));
    Ok(of.select(hosts::host).first(conn)?)
}

/// The portal's name; its `url` is still the bare host.
fn portal(conn: &mut Conn, id: SiteId) -> Result<PortalRef> {
    let name: String = sites::table.find(id).select(sites::name).first(conn)?;
    Ok(PortalRef { unit_name: name.clone(), name, url: canonical(conn, id)? })
}

/// Two levels of the sections that are in the menu.
fn menu(conn: &mut Conn, site: SiteId) -> Result<Vec<MenuItem>> {
    let rows: Vec<(String, String, String)> = sections::table
        .filter(sections::site_id.eq(site).and(sections::menu.eq(true)))
        .filter(sections::visible.eq(true))
        .order((sections::position, sections::path))
        .select((sections::path, sections::label, sections::url))
        .load(conn)?;
    let item = |(path, label, url): &(String, String, String)| MenuItem {
        label: label.clone(),
        lang: None,
        path: if url.is_empty() { format!("/{path}") } else { url.clone() },
        children: Vec::new(),
    };
    let mut menu: Vec<MenuItem> = Vec::new();
    for top in rows.iter().filter(|(path, ..)| !path.contains('/')) {
        let below = |path: &str| {
            let rest = path.strip_prefix(&top.0).and_then(|rest| rest.strip_prefix('/'));
            rest.is_some_and(|rest| !rest.contains('/'))
        };
        let children = rows.iter().filter(|(path, ..)| below(path)).map(item).collect();
        menu.push(MenuItem { children, ..item(top) });
    }
    Ok(menu)
}
