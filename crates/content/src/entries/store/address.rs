//! Where an entry stands: its section, and the address the public finds it at.

use base::{EntryId, Error, Message, Result, SectionId, SiteId};
use db::{
    Conn,
    schema::{addresses, pictures},
};
use diesel::prelude::*;

use crate::{
    entries::Draft,
    kinds::{FieldRole, Kind},
    sections::{Section, SectionKind, store as tree},
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

/// The address an entry would have.
pub(super) fn path(kind: &Kind, section: &Section, slug: &str, is_page: bool) -> String {
    match section.kind {
        SectionKind::Page if is_page => format!("/{}", section.path),
        _ => format!("/{}/{slug}", kind.prefix),
    }
}

/// Whether `path` can be the address of `entry`.
pub(super) fn is_free(conn: &mut Conn, site: SiteId, path: &str, entry: EntryId) -> Result<bool> {
    let held: Option<EntryId> =
        addresses::table.find((site, path)).select(addresses::entry_id).first(conn).optional()?;
    let section = tree::at(conn, site, path.trim_start_matches('/'))?;
    Ok(held.is_none_or(|holder| holder == entry) && section.is_none())
}

/// The slug typed, if it is free; else one made of the title, numbered where it must be.
pub(super) fn free_slug(
    conn: &mut Conn,
    site: SiteId,
    kind: &Kind,
    section: &Section,
    draft: &Draft,
    entry: EntryId,
) -> Result<String> {
    if let Some(typed) = &draft.slug {
        return match is_free(conn, site, &path(kind, section, typed, false), entry)? {
            true => Ok(typed.clone()),
            false => Err(Error::field("address", "slug.taken")),
        };
    }
    let made = base::text::slug(&draft.title, 80);
    let made = if made.is_empty() { "bai".to_owned() } else { made };
    for number in 1..=200 {
        let slug = if number == 1 { made.clone() } else { format!("{made}-{number}") };
        if is_free(conn, site, &path(kind, section, &slug, false), entry)? {
            return Ok(slug);
        }
    }
    Err(Error::field("address", "slug.taken"))
}
