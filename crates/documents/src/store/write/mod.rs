//! Changing documents. Whatever changes for the public is told to the outbox and raises epochs.

mod parts;
mod step;

use std::collections::BTreeSet;

use anyhow::Context;
use base::{Error, Message, OnUnique, Result, SiteId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each, outbox,
    schema::{document_addresses, document_fields, document_texts, documents, sections},
};
use diesel::prelude::*;

use super::{CHUNK, Home, by_id, files, of, relations};
use crate::{
    DocumentId,
    model::{Article, Sheet, State},
};

pub use parts::{add_event, link, remove_event, unlink};
pub use step::{Step, discard, step};

/// What the outbox calls documents.
pub const TOPIC: &str = "document";

/// What became of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done(DocumentId),
    /// Someone else saved first.
    Stale,
}

/// What a sheet says, as columns to insert or to overwrite.
macro_rules! columns {
    ($sheet:expr, $slug:expr) => {
        (
            documents::register.eq($sheet.register),
            documents::type_key.eq(&$sheet.type_key),
            documents::number.eq(&$sheet.number.shown),
            documents::number_key.eq(&$sheet.number.key),
            documents::short_key.eq(&$sheet.number.short_key),
            documents::year.eq($sheet.year()),
            documents::pending.eq($sheet.number.pending),
            documents::issuer_id.eq($sheet.issuer),
            documents::issued.eq($sheet.issued),
            documents::effective.eq($sheet.effective),
            documents::expiry.eq($sheet.expiry),
            documents::summary.eq(&$sheet.summary),
            documents::plain.eq(plain($sheet)),
            documents::sort_key.eq(base::text::sort_key(&$sheet.summary)),
            documents::slug.eq($slug),
            documents::urgency.eq(&$sheet.urgency),
            documents::internal.eq($sheet.internal),
            documents::short_procedure.eq($sheet.short_procedure),
            documents::details.eq(json(&$sheet.details)?),
            documents::duplicate_reason.eq(&$sheet.duplicate_reason),
        )
    };
}

/// What simple search looks through.
pub(crate) fn plain(sheet: &Sheet) -> String {
    base::text::unaccented(&format!("{} {}", sheet.number.shown, sheet.summary))
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).context("to JSON")?)
}

/// Enters a document as a draft.
pub fn create(conn: &mut Conn, actor: Actor, sheet: &Sheet) -> Result<DocumentId> {
    let id = DocumentId::new();
    unique(conn, actor.site, sheet, id)?;
    let slug = free_slug(conn, actor.site, &sheet.slug(), id)?;
    diesel::insert_into(documents::table)
        .values((
            (
                documents::id.eq(id),
                documents::site_id.eq(actor.site),
                documents::state.eq(State::Draft),
                documents::remark.eq(""),
                documents::lock.eq(1),
                documents::author_id.eq(actor.user),
                documents::editor_id.eq(actor.user),
                documents::created_at.eq(actor.now),
                documents::updated_at.eq(actor.now),
            ),
            columns!(sheet, &slug),
        ))
        .execute(conn)
        .on_unique("number", "document.number_taken_now")?;
    put_text(conn, actor.site, id, &sheet.articles)?;
    put_fields(conn, actor.site, id, &sheet.fields)?;
    put_files(conn, actor.site, id, &sheet.files)?;
    note(conn, actor, "document_created", (id, name(sheet)))?;
    Ok(id)
}

/// Saves what a person changed. `lock` is the one they saw.
pub fn save(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, lock): (DocumentId, i32),
    sheet: &Sheet,
) -> Result<Outcome> {
    let before = by_id(conn, actor.site, id)?;
    if before.lock != lock {
        return Ok(Outcome::Stale);
    }
    unique(conn, actor.site, sheet, id)?;
    let known = before.published_at.is_some();
    let wanted = sheet.slug();
    let slug = match before.slug == wanted {
        true => wanted,
        false => free_slug(conn, actor.site, &wanted, id)?,
    };
    let seen = documents::id.eq(id).and(documents::lock.eq(lock));
    let changed = diesel::update(documents::table)
        .filter(documents::site_id.eq(actor.site).and(seen))
        .set((
            columns!(sheet, &slug),
            documents::lock.eq(lock + 1),
            documents::editor_id.eq(actor.user),
            documents::updated_at.eq(actor.now),
        ))
        .execute(conn)
        .on_unique("number", "document.number_taken_now")?;
    if changed == 0 {
        return Ok(Outcome::Stale);
    }
    if known && slug != before.slug {
        keep_address(conn, actor.site, id, (&before.slug, &slug))?;
    }
    put_text(conn, actor.site, id, &sheet.articles)?;
    put_fields(conn, actor.site, id, &sheet.fields)?;
    put_files(conn, actor.site, id, &sheet.files)?;
    note(conn, actor, "document_saved", (id, name(sheet)))?;
    if before.state == State::Published {
        let mut changed = vec![id];
        if before.number_key != sheet.number.key {
            let keys = [sheet.number.key.clone()];
            changed.extend(relations::resolve(conn, home.portal, &keys)?);
        }
        tell_all(conn, actor, home.portal, changed)?;
    }
    Ok(Outcome::Done(id))
}

/// Refuses a second document of the same issuer, number and year, naming the first.
fn unique(conn: &mut Conn, site: SiteId, sheet: &Sheet, id: DocumentId) -> Result<()> {
    let number = &sheet.number;
    if number.key.is_empty() || number.pending || !sheet.duplicate_reason.is_empty() {
        return Ok(());
    }
    let other: Option<String> = of(site)
        .filter(documents::number_key.eq(&number.key).and(documents::year.eq(sheet.year())))
        .filter(documents::issuer_id.eq(sheet.issuer).and(documents::id.ne(id)))
        .filter(documents::pending.eq(false).and(documents::duplicate_reason.eq("")))
        .select(documents::summary)
        .first(conn)
        .optional()?;
    match other {
        Some(summary) => {
            let message = Message::new("document.number_taken")
                .with("number", &number.shown)
                .with("summary", summary);
            Err(Error::field("number", message))
        }
        None => Ok(()),
    }
}

/// An address nobody else has or had on the site, nor a section.
pub(crate) fn free_slug(
    conn: &mut Conn,
    site: SiteId,
    wanted: &str,
    id: DocumentId,
) -> Result<String> {
    let wanted = if wanted.is_empty() { "van-ban" } else { wanted };
    let pattern = format!("{wanted}%");
    let mut taken: BTreeSet<String> = of(site)
        .filter(documents::slug.like(&pattern).and(documents::id.ne(id)))
        .select(documents::slug)
        .load(conn)?
        .into_iter()
        .collect();
    let before: Vec<String> = document_addresses::table
        .filter(document_addresses::site_id.eq(site).and(document_addresses::slug.like(&pattern)))
        .filter(document_addresses::document_id.ne(id))
        .select(document_addresses::slug)
        .load(conn)?;
    let places: Vec<String> = sections::table
        .filter(sections::site_id.eq(site).and(sections::path.like(format!("van-ban/{pattern}"))))
        .select(sections::path)
        .load(conn)?;
    taken.extend(before);
    taken.extend(places.iter().filter_map(|path| path.strip_prefix("van-ban/")).map(str::to_owned));
    Ok(spare(wanted, &taken))
}

/// `wanted`, or the first of `wanted-2`, `wanted-3`… that is not taken.
pub(crate) fn spare(wanted: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{wanted}-{number}"));
    let mut all = std::iter::once(wanted.to_owned()).chain(numbered);
    all.find(|slug| !taken.contains(slug)).unwrap_or_default()
}

/// The old address goes on leading to the document.
fn keep_address(
    conn: &mut Conn,
    site: SiteId,
    id: DocumentId,
    (old, new): (&str, &str),
) -> Result<()> {
    let own = document_addresses::table.filter(
        document_addresses::site_id.eq(site).and(document_addresses::slug.eq_any([old, new])),
    );
    diesel::delete(own).execute(conn)?;
    diesel::insert_into(document_addresses::table)
        .values((
            document_addresses::site_id.eq(site),
            document_addresses::slug.eq(old),
            document_addresses::document_id.eq(id),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn put_text(
    conn: &mut Conn,
    site: SiteId,
    id: DocumentId,
    articles: &[Article],
) -> Result<()> {
    let old = document_texts::table
        .filter(document_texts::site_id.eq(site).and(document_texts::document_id.eq(id)));
    diesel::delete(old).execute(conn)?;
    if articles.is_empty() {
        return Ok(());
    }
    diesel::insert_into(document_texts::table)
        .values((
            document_texts::document_id.eq(id),
            document_texts::site_id.eq(site),
            document_texts::articles.eq(json(&articles)?),
            document_texts::size.eq(size(articles)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The characters of a text.
pub(crate) fn size(articles: &[Article]) -> i32 {
    let size: usize = articles.iter().map(|it| it.heading.len() + it.text.len()).sum();
    i32::try_from(size).unwrap_or(i32::MAX)
}

pub(super) fn put_fields(
    conn: &mut Conn,
    site: SiteId,
    id: DocumentId,
    fields: &[String],
) -> Result<()> {
    let old = document_fields::table
        .filter(document_fields::site_id.eq(site).and(document_fields::document_id.eq(id)));
    diesel::delete(old).execute(conn)?;
    let fields: BTreeSet<&String> = fields.iter().collect();
    insert_fields(conn, site, fields.into_iter().map(|field| (id, field)))
}

/// Says of documents that they belong to fields.
pub(crate) fn insert_fields<'a>(
    conn: &mut Conn,
    site: SiteId,
    pairs: impl Iterator<Item = (DocumentId, &'a String)>,
) -> Result<()> {
    let row = |(id, field): (DocumentId, &'a String)| {
        (
            document_fields::document_id.eq(id),
            document_fields::site_id.eq(site),
            document_fields::field.eq(field),
        )
    };
    let rows: Vec<_> = pairs.map(row).collect();
    for rows in rows.chunks(CHUNK) {
        let rows = rows.to_vec();
        on_each!(conn, |conn| diesel::insert_into(document_fields::table)
            .values(&rows)
            .execute(conn))?;
    }
    Ok(())
}

/// Gives a document its files, and tells media who may have them.
pub(super) fn put_files(
    conn: &mut Conn,
    site: SiteId,
    id: DocumentId,
    ids: &[media::FileId],
) -> Result<()> {
    files::put(conn, site, id, ids)?;
    let document = by_id(conn, site, id)?;
    files::tell(conn, &document)
}

/// Says that what the public sees of a document has changed, and of those it acts upon: on their
/// sites and on the portal, which lists them all.
pub fn tell(conn: &mut Conn, actor: Actor, home: Home, id: DocumentId) -> Result<()> {
    tell_all(conn, actor, home.portal, vec![id])
}

/// [`tell`] for many.
pub(crate) fn tell_all(
    conn: &mut Conn,
    actor: Actor,
    portal: SiteId,
    ids: Vec<DocumentId>,
) -> Result<()> {
    let mut all = relations::reached(conn, &ids)?;
    all.extend(ids);
    let mut sites: BTreeSet<SiteId> = [portal, actor.site].into();
    for chunk in all.into_iter().collect::<Vec<_>>().chunks(CHUNK) {
        let rows: Vec<(DocumentId, SiteId)> = documents::table
            .filter(documents::id.eq_any(chunk.to_vec()))
            .select((documents::id, documents::site_id))
            .load(conn)?;
        for (id, site) in rows {
            outbox::tell(conn, site, (TOPIC, id.uuid()), actor.now)?;
            sites.insert(site);
        }
    }
    // Always in one order, so that two writers never wait for each other.
    for site in sites {
        db::epochs::raise(conn, site, actor.now)?;
    }
    Ok(())
}

fn name(sheet: &Sheet) -> String {
    format!("{} {}", sheet.number.shown, sheet.summary).trim().to_owned()
}

/// Writes the deed into the log.
pub(crate) fn note(
    conn: &mut Conn,
    actor: Actor,
    action: &'static str,
    (id, target): (DocumentId, String),
) -> Result<()> {
    let subject = Some(id.uuid());
    record(conn, actor, Deed { action, subject, target, ..Deed::default() })
}
