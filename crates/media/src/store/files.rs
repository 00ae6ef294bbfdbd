//! Files in the database.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, Message, Result, SiteId, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{blobs, file_texts, files, users},
};
use diesel::prelude::*;
use tokio::runtime::Handle;

use super::{CHUNK, uses};
use crate::{
    FileId,
    incoming::Incoming,
    model::{self, About},
    storage::{Key, Storage},
};

/// A file of a site.
#[derive(Clone, Debug, Queryable, Selectable)]
pub struct File {
    /// Its key.
    pub id: FileId,
    /// SHA-256 of the bytes, hexadecimal.
    pub digest: String,
    /// In bytes.
    pub size: i64,
    /// Its media type.
    pub kind: String,
    /// What a download is called.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Who made it or permits its use.
    pub source: String,
    /// On what terms it may be used again.
    pub licence: String,
    /// Who brought it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: NaiveDateTime,
}

impl File {
    /// Its address on the site.
    pub fn url(&self) -> String {
        format!("/tep/{}/{}", self.id, model::address_name(&self.name))
    }
}

/// Adds a file to the site of `actor`, within [`crate::incoming::keep`], which keeps its bytes.
///
/// The row of the bytes is written first, and with it locked the bytes are looked for: they may
/// have been deleted with another file since they were found to be there.
pub fn create(
    conn: &mut Conn,
    actor: Actor,
    storage: &Storage,
    file: &Incoming,
    about: &About,
) -> Result<FileId> {
    let id = insert(conn, actor, storage, file, about)?;
    let title = if about.title.is_empty() { &file.name } else { &about.title };
    note(conn, actor, "file_added", title)?;
    Ok(id)
}

pub(super) fn insert(
    conn: &mut Conn,
    actor: Actor,
    storage: &Storage,
    file: &Incoming,
    about: &About,
) -> Result<FileId> {
    let blob = (blobs::digest.eq(&file.digest), blobs::size.eq(file.size));
    db::on_each!(conn, |conn| diesel::insert_into(blobs::table)
        .values(blob)
        .on_conflict(blobs::digest)
        .do_update()
        .set(blobs::size.eq(file.size))
        .execute(conn))?;
    if !Handle::current().block_on(storage.has(&Key::file(&file.digest)?))? {
        return Err(Error::Busy(anyhow::anyhow!("the bytes were deleted meanwhile")));
    }
    let id = FileId::new();
    let title = if about.title.is_empty() { &file.name } else { &about.title };
    diesel::insert_into(files::table)
        .values((
            files::id.eq(id),
            files::site_id.eq(actor.site),
            files::digest.eq(&file.digest),
            files::size.eq(file.size),
            files::kind.eq(file.kind.media),
            files::name.eq(&file.name),
            files::title.eq(title),
            files::plain.eq(plain(title, &file.name)),
            files::source.eq(&about.source),
            files::licence.eq(&about.licence),
            files::created_by.eq(actor.user),
            files::created_at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// The file called `id`.
pub fn by_id(conn: &mut Conn, site: SiteId, id: FileId) -> Result<File> {
    Ok(of(site).filter(files::id.eq(id)).select(File::as_select()).first(conn)?)
}

/// The files of a site whose title or name has `words` in it, newest first: `limit` of them
/// after the first `skip`. Accents do not matter.
pub fn list(
    conn: &mut Conn,
    site: SiteId,
    words: &str,
    (skip, limit): (i64, i64),
) -> Result<Vec<File>> {
    let found = matching(site, words).order((files::created_at.desc(), files::id.desc()));
    Ok(found.offset(skip).limit(limit).select(File::as_select()).load(conn)?)
}

/// How many files [`list`] would list in all.
pub fn count(conn: &mut Conn, site: SiteId, words: &str) -> Result<i64> {
    Ok(matching(site, words).count().get_result(conn)?)
}

/// The files of `ids` that the site has.
pub fn of_ids(conn: &mut Conn, site: SiteId, ids: &[FileId]) -> Result<Vec<File>> {
    let mut all = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let some = of(site).filter(files::id.eq_any(chunk.to_vec()));
        all.extend(some.select(File::as_select()).load::<File>(conn)?);
    }
    Ok(all)
}

/// The names of those who brought `files`.
pub fn bringers(conn: &mut Conn, files: &[File]) -> Result<BTreeMap<UserId, String>> {
    let ids: BTreeSet<UserId> = files.iter().filter_map(|file| file.created_by).collect();
    let ids: Vec<UserId> = ids.into_iter().collect();
    let mut names = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let some = users::table.filter(users::id.eq_any(chunk.to_vec()));
        names.extend(some.select((users::id, users::name)).load::<(UserId, String)>(conn)?);
    }
    Ok(names)
}

/// Changes what is said of a file.
pub fn update(conn: &mut Conn, actor: Actor, id: FileId, about: &About) -> Result<()> {
    let file = by_id(conn, actor.site, id)?;
    let title = if about.title.is_empty() { &file.name } else { &about.title };
    let row = files::table.filter(files::site_id.eq(actor.site).and(files::id.eq(id)));
    diesel::update(row)
        .set((
            files::title.eq(title),
            files::plain.eq(plain(title, &file.name)),
            files::source.eq(&about.source),
            files::licence.eq(&about.licence),
        ))
        .execute(conn)?;
    note(conn, actor, "file_changed", title)
}

/// Deletes a file that nothing uses, and gives the digest of its bytes: once this is kept, they
/// are to go too ([`forget`]).
///
/// The row goes first: who begins to use the file meanwhile has it locked, and is waited for.
pub(crate) fn delete(conn: &mut Conn, actor: Actor, id: FileId) -> Result<String> {
    let file = by_id(conn, actor.site, id)?;
    let row = files::table.filter(files::site_id.eq(actor.site).and(files::id.eq(id)));
    diesel::delete(row).execute(conn)?;
    let uses = uses::of(conn, actor.site, id)?;
    if !uses.is_empty() {
        let names: Vec<String> = uses.into_iter().map(|it| format!("“{}”", it.label)).collect();
        return Err(Error::conflict(Message::new("file.used").with("uses", names.join(", "))));
    }
    if others(conn, &file.digest)? == 0 {
        // Nobody may read on what was deleted, were it for the personal data in it.
        diesel::delete(file_texts::table.find(&file.digest)).execute(conn)?;
    }
    note(conn, actor, "file_deleted", &file.title)?;
    Ok(file.digest)
}

/// Removes bytes that no file of any site has any more, in a transaction of its own: with their
/// row locked nobody can begin to use them until it ends, and were it not to be kept, only a row
/// without bytes would stay, which [`create`] knows.
pub(crate) fn forget(conn: &mut Conn, storage: &Storage, digest: &str) -> Result<()> {
    db::on_each!(conn, |conn| diesel::insert_into(blobs::table)
        .values((blobs::digest.eq(digest), blobs::size.eq(0)))
        .on_conflict(blobs::digest)
        .do_update()
        .set(blobs::digest.eq(digest))
        .execute(conn))?;
    if others(conn, digest)? > 0 {
        return Ok(());
    }
    diesel::delete(file_texts::table.find(digest)).execute(conn)?;
    diesel::delete(blobs::table.find(digest)).execute(conn)?;
    Handle::current().block_on(storage.remove(&Key::file(digest)?))
}

/// Digests of bytes that no file has, because a process ended between the two steps.
pub fn left_behind(conn: &mut Conn) -> Result<Vec<String>> {
    let used = files::table.filter(files::digest.eq(blobs::digest));
    Ok(blobs::table
        .filter(diesel::dsl::not(diesel::dsl::exists(used)))
        .select(blobs::digest)
        .limit(1000)
        .load(conn)?)
}

/// Removes what is [`left_behind`], each in a transaction of its own.
pub async fn clear(db: &db::Db, storage: &Storage) -> Result<usize> {
    let digests = db.read(left_behind).await?;
    let found = digests.len();
    for digest in digests {
        let storage = storage.clone();
        db.write(move |conn| forget(conn, &storage, &digest)).await?;
    }
    Ok(found)
}

/// How many files of any site have these bytes.
fn others(conn: &mut Conn, digest: &str) -> Result<i64> {
    Ok(files::table.filter(files::digest.eq(digest)).count().get_result(conn)?)
}

fn plain(title: &str, name: &str) -> String {
    base::text::unaccented(&format!("{title} {name}"))
}

fn note(conn: &mut Conn, actor: Actor, action: &'static str, title: &str) -> Result<()> {
    record(conn, actor, Deed { action, target: title.to_owned(), ..Deed::default() })
}

fn matching<'a>(site: SiteId, words: &str) -> files::BoxedQuery<'a, db::Backend> {
    let words = base::text::unaccented(&base::text::line(words)).replace(['%', '_', '\\'], "");
    of(site).filter(files::plain.like(format!("%{words}%")))
}

/// The files of one site that its library shows: where every query begins. Those that belong to
/// something else are in `sealed`.
fn of<'a>(site: SiteId) -> files::BoxedQuery<'a, db::Backend> {
    files::table.filter(files::site_id.eq(site).and(files::sealed.eq(false))).into_boxed()
}
