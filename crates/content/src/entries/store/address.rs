//! Where an entry stands: its section, and the address the public finds it at.

use base::{EntryId, Error, Message, Result, SectionId, Site, SiteId};
use db::{
    Conn,
    schema::{addresses, pictures},
};
use diesel::prelude::*;

use crate::{
    entries::Draft,
    kinds::{FieldRole, Kind},
    sections::{Section, SectionKind, english, store as tree},
};

/// The section `id`, if it is the site's and takes entries of `kind`.
pub(super) fn place(conn: &mut Conn, site: SiteId, kind: &Kind, id: SectionId) -> Result<Section> {
    match tree::by_id(conn, site, id) {
        Ok(section) if section.takes(&kind.id) => Ok(section),
        Ok(_) | Err(Error::NotFound) => Err(Error::field("section", "section.wrong")),
        Err(err) => Err(err),
    }
}

/// Checks that the picture is the site's own, and describes it as the library does where the
/// writer did not.
pub(super) fn with_picture_text(
    conn: &mut Conn,
    site: SiteId,
    kind: &Kind,
    mut draft: Draft,
) -> Result<Draft> {
    // A translation has the pictures of its source, and no word that was not translated.
    if draft.face.is_some() {
        return Ok(draft);
    }
    let Some(field) = kind.field(FieldRole::Picture) else { return Ok(draft) };
    let Some(id) = draft.fields.get(&field.name).and_then(|id| media::PictureId::parse(id)) else {
        return Ok(draft);
    };
    let own = pictures::table.filter(pictures::site_id.eq(site).and(pictures::id.eq(id)));
    let alt: Option<String> = own.select(pictures::alt).first(conn).optional()?;
    let Some(alt) = alt else {
        let name = format!("field_{}", field.name);
        return Err(Error::Invalid([(name.into(), Message::new("picture.unknown"))].into()));
    };
    if let Some(text) = kind.field(FieldRole::PictureAlt) {
        let told = draft.fields.entry(text.name.clone()).or_default();
        if told.is_empty() {
            *told = alt;
        }
    }
    Ok(draft)
}

/// Where an entry is to stand.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// Its section.
    pub(super) section: Section,
    /// What its address begins with, from the first slash: `/tin-tuc`, `/en/news`.
    above: String,
    /// Where the page of the section stands.
    pub(super) page: String,
    /// Where sections stand in English: no translation can.
    taken: Vec<String>,
}

impl Spot {
    /// Where an entry stands in Vietnamese.
    pub(super) fn vietnamese(kind: &Kind, section: Section) -> Self {
        let page = format!("/{}", section.path);
        Self { section, above: format!("/{}", kind.prefix), page, taken: Vec::new() }
    }

    /// Where the translation of an entry of `section` stands.
    pub(super) fn english(site: &Site, section: Section) -> Self {
        let above = format!("/en/{}", english::english_path(site, &section.path));
        let taken = english::english_paths(site);
        let taken = taken.into_iter().map(|path| format!("/en/{path}")).collect();
        Self { section, page: above.clone(), above, taken }
    }

    /// The address an entry would have.
    pub(super) fn path(&self, slug: &str, is_page: bool) -> String {
        match self.section.kind {
            SectionKind::Page if is_page => self.page.clone(),
            _ => format!("{}/{slug}", self.above),
        }
    }
}

/// Where `draft` is to stand.
pub(super) fn spot(conn: &mut Conn, site: SiteId, kind: &Kind, draft: &Draft) -> Result<Spot> {
    let section = place(conn, site, kind, draft.section)?;
    Ok(match &draft.face {
        Some(face) => Spot::english(face, section),
        None => Spot::vietnamese(kind, section),
    })
}

/// Whether `path` can be the address of `entry`.
pub(super) fn is_free(
    conn: &mut Conn,
    site: SiteId,
    (spot, path): (&Spot, &str),
    entry: EntryId,
) -> Result<bool> {
    let held: Option<EntryId> =
        addresses::table.find((site, path)).select(addresses::entry_id).first(conn).optional()?;
    let section = tree::at(conn, site, path.trim_start_matches('/'))?;
    let is_section = section.is_some() || spot.taken.iter().any(|taken| taken == path);
    Ok(held.is_none_or(|holder| holder == entry) && !is_section)
}

/// The slug typed, if it is free; else one made of the title, numbered where it must be.
pub(super) fn free_slug(
    conn: &mut Conn,
    site: SiteId,
    spot: &Spot,
    draft: &Draft,
    entry: EntryId,
) -> Result<String> {
    if let Some(typed) = &draft.slug {
        return match is_free(conn, site, (spot, &spot.path(typed, false)), entry)? {
            true => Ok(typed.clone()),
            false => Err(Error::field("address", "slug.taken")),
        };
    }
    let made = base::text::slug(&draft.title, 80);
    let made = match (made.is_empty(), &draft.face) {
        (true, None) => "bai".to_owned(),
        (true, Some(_)) => "page".to_owned(),
        _ => made,
    };
    numbered(conn, site, (spot, &made), entry)
}

/// `made` where it is free, numbered where it must be.
pub(super) fn numbered(
    conn: &mut Conn,
    site: SiteId,
    (spot, made): (&Spot, &str),
    entry: EntryId,
) -> Result<String> {
    for number in 1..=200 {
        let slug = if number == 1 { made.to_owned() } else { format!("{made}-{number}") };
        if is_free(conn, site, (spot, &spot.path(&slug, false)), entry)? {
            return Ok(slug);
        }
    }
    Err(Error::field("address", "slug.taken"))
}
