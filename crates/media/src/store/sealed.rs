//! Sealed files: they belong to something that not everybody on the site may see, such as what a
//! citizen sent.
//!
//! No library lists them, no text can mention them, no public address leads to them;
//! whoever owns them says who may read them, and gives them out with [`crate::send_sealed`].

use base::{Result, SiteId};
use db::{Conn, events::Actor, schema::files};
use diesel::prelude::*;

use super::files::{File, forget, insert};
use crate::{FileId, incoming::Incoming, model::About, storage::Storage};

/// Adds a sealed file to the site of `actor`, within [`crate::incoming::keep`]. The log does not
/// say its name, which may name a person.
pub fn create(conn: &mut Conn, actor: Actor, storage: &Storage, file: &Incoming) -> Result<FileId> {
    let id = insert(conn, actor, storage, file, &About::default())?;
    let row = files::table.filter(files::site_id.eq(actor.site).and(files::id.eq(id)));
    diesel::update(row).set(files::sealed.eq(true)).execute(conn)?;
    Ok(id)
}

/// Those of `ids` that are sealed files of the site.
pub fn of_ids(conn: &mut Conn, site: SiteId, ids: &[FileId]) -> Result<Vec<File>> {
    let some = of(site).filter(files::id.eq_any(ids.to_vec())).order(files::id);
    Ok(some.select(File::as_select()).load(conn)?)
}

/// Hands sealed files of one site over to another, together with what they belong to.
pub fn hand_over(conn: &mut Conn, (from, to): (SiteId, SiteId), ids: &[FileId]) -> Result<()> {
    let some = files::table
        .filter(files::site_id.eq(from).and(files::sealed.eq(true)))
        .filter(files::id.eq_any(ids.to_vec()));
    diesel::update(some).set(files::site_id.eq(to)).execute(conn)?;
    Ok(())
}

/// Deletes sealed files; their bytes go with the last file that has them. Whoever refers to them
/// has let them go before.
pub fn delete(conn: &mut Conn, site: SiteId, storage: &Storage, ids: &[FileId]) -> Result<usize> {
    let found = of_ids(conn, site, ids)?;
    for file in &found {
        let row = files::table.filter(files::site_id.eq(site).and(files::id.eq(file.id)));
        diesel::delete(row).execute(conn)?;
        forget(conn, storage, &file.digest)?;
    }
    Ok(found.len())
}

fn of<'a>(site: SiteId) -> files::BoxedQuery<'a, db::Backend> {
    files::table.filter(files::site_id.eq(site).and(files::sealed.eq(true))).into_boxed()
}
