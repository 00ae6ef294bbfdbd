//! Who uses a file or a picture. The public may have what has a public use on the site, and
//! nothing else; what is used cannot be deleted.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, Result, SiteId, uuid::Uuid};
use db::{
    Conn,
    schema::{files, media_uses, pictures},
};
use diesel::prelude::*;

use super::CHUNK;
use crate::{FileId, ItemId, model};

/// What uses files and pictures: an entry, a document, the site itself.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// What it is: a key of `message.toml` under `use`.
    pub kind: &'static str,
    /// Its key.
    pub id: Uuid,
    /// Its name, for the people who ask where an item is used.
    pub label: &'a str,
    /// Its staff screen.
    pub path: &'a str,
}

/// Whether the public can read the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody can.
    Public,
    /// Staff can.
    Private,
}

/// The files and pictures that an owner uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items(BTreeSet<ItemId>);

impl Items {
    /// What `text` shows or leads to.
    pub fn mentioned(text: &str) -> Self {
        let (pictures, files) = model::mentioned(text);
        let pictures = pictures.into_iter().map(ItemId::from);
        Self(pictures.chain(files.into_iter().map(ItemId::from)).collect())
    }

    /// Adds a file or a picture.
    pub fn add(&mut self, id: impl Into<ItemId>) {
        self.0.insert(id.into());
    }

    /// The items in portions that one query can name.
    fn chunks(&self) -> impl Iterator<Item = Vec<ItemId>> {
        let all: Vec<ItemId> = self.0.iter().copied().collect();
        all.chunks(CHUNK).map(<[ItemId]>::to_vec).collect::<Vec<_>>().into_iter()
    }

    /// Adds everything of `other`.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl From<&[FileId]> for Items {
    fn from(ids: &[FileId]) -> Self {
        Self(ids.iter().map(|id| ItemId::from(*id)).collect())
    }
}

/// Where an item is used.
#[derive(Clone, Debug, Queryable)]
pub struct Use {
    /// What the owner is.
    pub kind: String,
    /// Its name.
    pub label: String,
    /// Its staff screen.
    pub path: String,
    /// Whether the public reads it.
    pub public: bool,
}

/// Says that `owner` uses `items` and nothing else. An item of another site is not found.
pub fn set(
    conn: &mut Conn,
    site: SiteId,
    owner: Owner<'_>,
    items: &Items,
    visibility: Visibility,
) -> Result<()> {
    // Who deletes one of the files meanwhile waits for us, or we for them and find it gone.
    for keys in items.chunks() {
        let wanted = files::table.filter(files::site_id.eq(site).and(files::id.eq_any(keys)));
        diesel::update(wanted).set(files::site_id.eq(site)).execute(conn)?;
    }
    if own(conn, site, items)? != *items {
        return Err(Error::NotFound);
    }
    let before = here(site)
        .filter(media_uses::owner_kind.eq(owner.kind))
        .filter(media_uses::owner_id.eq(owner.id.as_bytes().as_slice()));
    let before: Vec<ItemId> = before.select(media_uses::item_id).load(conn)?;
    for item in before {
        let row = media_uses::table.find((item, owner.kind, owner.id.as_bytes().as_slice()));
        diesel::delete(row.filter(media_uses::site_id.eq(site))).execute(conn)?;
    }
    let row = |item: &ItemId| {
        (
            media_uses::site_id.eq(site),
            media_uses::item_id.eq(*item),
            media_uses::owner_kind.eq(owner.kind),
            media_uses::owner_id.eq(owner.id.as_bytes().as_slice()),
            media_uses::label.eq(owner.label),
            media_uses::path.eq(owner.path),
            media_uses::public.eq(visibility == Visibility::Public),
        )
    };
    for keys in items.chunks() {
        let rows: Vec<_> = keys.iter().map(row).collect();
        db::on_each!(conn, |conn| diesel::insert_into(media_uses::table)
            .values(&rows)
            .execute(conn))?;
    }
    Ok(())
}

/// Those of `items` that the site has: a text may mention what is not there.
pub fn own(conn: &mut Conn, site: SiteId, items: &Items) -> Result<Items> {
    let mut own = BTreeSet::new();
    for keys in items.chunks() {
        let found = files::table
            .filter(files::site_id.eq(site).and(files::id.eq_any(keys.clone())))
            .filter(files::sealed.eq(false));
        own.extend(found.select(files::id).load::<ItemId>(conn)?);
        let found = pictures::table.filter(pictures::site_id.eq(site));
        let found = found.filter(pictures::id.eq_any(keys));
        own.extend(found.select(pictures::id).load::<ItemId>(conn)?);
    }
    Ok(Items(own))
}

/// Where `item` is used on the site.
pub fn of(conn: &mut Conn, site: SiteId, item: impl Into<ItemId>) -> Result<Vec<Use>> {
    let item = item.into();
    Ok(of_each(conn, site, vec![item])?.remove(&item).unwrap_or_default())
}

/// Where each of `items` is used on the site; what is used nowhere is left out.
pub fn of_each(
    conn: &mut Conn,
    site: SiteId,
    items: Vec<ItemId>,
) -> Result<BTreeMap<ItemId, Vec<Use>>> {
    let columns = (media_uses::owner_kind, media_uses::label, media_uses::path, media_uses::public);
    let mut uses = BTreeMap::<ItemId, Vec<Use>>::new();
    for items in items.chunks(CHUNK) {
        let rows: Vec<(ItemId, Use)> = here(site)
            .filter(media_uses::item_id.eq_any(items.to_vec()))
            .order((media_uses::owner_kind.asc(), media_uses::owner_id.asc()))
            .select((media_uses::item_id, columns))
            .load(conn)?;
        for (item, it) in rows {
            uses.entry(item).or_default().push(it);
        }
    }
    Ok(uses)
}

/// Whether the public may have `item`: something the public reads uses it.
pub fn is_public(conn: &mut Conn, site: SiteId, item: impl Into<ItemId>) -> Result<bool> {
    let public =
        here(site).filter(media_uses::item_id.eq(item.into())).filter(media_uses::public.eq(true));
    let first: Option<String> = public.select(media_uses::owner_kind).first(conn).optional()?;
    Ok(first.is_some())
}

/// The uses on one site: where every query begins.
fn here<'a>(site: SiteId) -> media_uses::BoxedQuery<'a, db::Backend> {
    media_uses::table.filter(media_uses::site_id.eq(site)).into_boxed()
}
