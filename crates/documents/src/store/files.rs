//! The files of a document, in their order. Media keeps them; it is told who may have them.

use base::{Result, SiteId};
use db::{Conn, on_each, schema::document_files};
use diesel::prelude::*;
use media::{FileId, Owner, Visibility, files::File, uses};

use super::{CHUNK, Document};
use crate::{DocumentId, model::Role};

/// What media calls documents among those who use files.
const OWNER: &str = "document";

/// The keys of a document's files, in their order.
pub fn ids(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<Vec<FileId>> {
    Ok(document_files::table
        .filter(document_files::site_id.eq(site).and(document_files::document_id.eq(id)))
        .order(document_files::position)
        .select(document_files::file_id)
        .load(conn)?)
}

/// A document's files, in their order.
pub fn of(conn: &mut Conn, site: SiteId, id: DocumentId) -> Result<Vec<File>> {
    let ids = ids(conn, site, id)?;
    let mut files = media::files::of_ids(conn, site, &ids)?;
    files.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
    Ok(files)
}

/// Gives a document these files and no others. A file of another site is not found.
pub(crate) fn put(conn: &mut Conn, site: SiteId, id: DocumentId, files: &[FileId]) -> Result<()> {
    let old = document_files::table
        .filter(document_files::site_id.eq(site).and(document_files::document_id.eq(id)));
    diesel::delete(old).execute(conn)?;
    let rows: Vec<_> = (0_i32..)
        .zip(files)
        .map(|(position, file)| {
            (
                document_files::document_id.eq(id),
                document_files::file_id.eq(*file),
                document_files::site_id.eq(site),
                document_files::position.eq(position),
                document_files::label.eq(""),
                document_files::role.eq(Role::Original),
            )
        })
        .collect();
    for rows in rows.chunks(CHUNK) {
        let rows = rows.to_vec();
        on_each!(conn, |conn| diesel::insert_into(document_files::table)
            .values(&rows)
            .execute(conn))?;
    }
    Ok(())
}

/// Tells media who may have the document's files: everybody as long as the public reads it.
pub(crate) fn tell(conn: &mut Conn, document: &Document) -> Result<()> {
    let ids = ids(conn, document.site_id, document.id)?;
    let visibility = match document.is_public() {
        true => Visibility::Public,
        false => Visibility::Private,
    };
    let owner = Owner {
        kind: OWNER,
        id: document.id.uuid(),
        label: &document.summary,
        path: &format!("/quan-tri/van-ban/{}", document.id),
    };
    uses::set(conn, document.site_id, owner, &ids.as_slice().into(), visibility)
}
