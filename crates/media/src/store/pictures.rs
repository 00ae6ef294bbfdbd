//! Pictures in the database.

use base::{Result, SiteId, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{pictures, users},
};
use diesel::prelude::*;

use crate::{
    PictureId,
    picture::Picture,
    storage::{Key, Storage},
};

/// A row of the library.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its key.
    pub id: PictureId,
    /// As uploaded.
    pub name: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// In bytes.
    pub size: i32,
    /// Who brought it.
    pub by: Option<String>,
    /// When.
    pub at: NaiveDateTime,
}

impl Row {
    /// The picture as an author writes it into a text.
    pub fn markdown(&self) -> String {
        markdown(self.id, &self.alt)
    }
}

/// A picture, described by `alt`, as an author writes it into a text.
pub(crate) fn markdown(id: PictureId, alt: &str) -> String {
    format!("![{}]({})", alt.replace(['[', ']'], ""), public_url(id))
}

/// The address of a picture on its site.
pub fn public_url(id: PictureId) -> String {
    format!("/anh/{id}.webp")
}

/// The picture that [`public_url`] gave `url` to.
pub fn picture_id(url: &str) -> Option<PictureId> {
    PictureId::parse(url.strip_prefix("/anh/")?.strip_suffix(".webp")?)
}

/// Where a picture came from, as the person who brings it says.
#[derive(Clone, Debug)]
pub struct Caption {
    /// The file's name.
    pub name: String,
    /// What it shows.
    pub alt: String,
    /// Who made it or permits its use (ND174-93c).
    pub source: String,
}

/// Keeps the bytes of both sizes; the row comes after them.
pub async fn keep(storage: &Storage, picture: &Picture) -> Result<()> {
    for (small, bytes) in [(false, &picture.wide), (true, &picture.small)] {
        storage.keep(&Key::picture(&picture.digest, small)?, bytes.clone()).await?;
    }
    Ok(())
}

/// Adds a picture, whose bytes are kept already, to the site of `actor`. Bringing the same one
/// twice gives the first.
pub fn create(
    conn: &mut Conn,
    actor: Actor,
    picture: &Picture,
    caption: &Caption,
) -> Result<PictureId> {
    let same = of(actor.site).filter(pictures::digest.eq(&picture.digest));
    if let Some(id) = same.select(pictures::id).first(conn).optional()? {
        return Ok(id);
    }
    let id = PictureId::new();
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    diesel::insert_into(pictures::table)
        .values((
            pictures::id.eq(id),
            pictures::site_id.eq(actor.site),
            pictures::digest.eq(&picture.digest),
            pictures::name.eq(&caption.name),
            pictures::alt.eq(&caption.alt),
            pictures::source.eq(&caption.source),
            pictures::width.eq(number(picture.width)),
            pictures::height.eq(number(picture.height)),
            pictures::size.eq(i32::try_from(picture.wide.len()).unwrap_or(i32::MAX)),
            pictures::created_by.eq(actor.user),
            pictures::created_at.eq(actor.now),
        ))
        .execute(conn)?;
    let deed = Deed { action: "picture_added", target: caption.name.clone(), ..Deed::default() };
    record(conn, actor, deed)?;
    Ok(id)
}

/// The newest pictures of a site, `limit` of them after the first `skip`.
pub fn latest(conn: &mut Conn, site: SiteId, skip: i64, limit: i64) -> Result<Vec<Row>> {
    type Columns = (PictureId, String, String, i32, i32, i32, Option<UserId>, NaiveDateTime);
    let rows: Vec<Columns> = of(site)
        .order(pictures::id.desc())
        .offset(skip)
        .limit(limit)
        .select((
            pictures::id,
            pictures::name,
            pictures::alt,
            pictures::width,
            pictures::height,
            pictures::size,
            pictures::created_by,
            pictures::created_at,
        ))
        .load(conn)?;
    let ids: Vec<UserId> = rows.iter().filter_map(|row| row.6).collect();
    let names: Vec<(UserId, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    let name = |id: Option<UserId>| {
        names.iter().find(|(user, _)| Some(*user) == id).map(|(_, name)| name.clone())
    };
    let row = |(id, file, alt, width, height, size, by, at): Columns| Row {
        id,
        name: file,
        alt,
        width,
        height,
        size,
        by: name(by),
        at,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How many pictures a site has.
pub fn count(conn: &mut Conn, site: SiteId) -> Result<i64> {
    Ok(of(site).count().get_result(conn)?)
}

pub(crate) fn digest(conn: &mut Conn, site: SiteId, id: PictureId) -> Result<String> {
    Ok(of(site).filter(pictures::id.eq(id)).select(pictures::digest).first(conn)?)
}

/// The pictures of one site: where every query begins.
fn of<'a>(site: SiteId) -> pictures::BoxedQuery<'a, db::Backend> {
    pictures::table.filter(pictures::site_id.eq(site)).into_boxed()
}
