//! Writing many documents at once, for imports.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Context;
use base::{Result, SiteId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    on_each,
    schema::{
        document_addresses, document_imports, document_texts, documents, outbox, relations,
        sections,
    },
};
use diesel::prelude::*;
use media::{FileId, Storage, files::File, model::About};

use super::{
    Home, by_id, of,
    relations::{NewLink, add, resolve},
    write::{self, Outcome, TOPIC, json, plain, size, spare, tell_all},
};
use crate::{DocumentId, IssuerId, import::Prepared, model::State};

/// What an import must know of a site, read once.
pub struct Known {
    /// What came before: document and digest by the key of the line.
    pub imports: HashMap<String, (DocumentId, String)>,
    /// The lines that came before and have not changed since.
    pub digests: HashSet<String>,
    /// Numbers that are taken: issuer, key, year.
    pub numbers: HashSet<(IssuerId, String, i32)>,
    slugs: BTreeSet<String>,
    /// What was learnt since the last transaction.
    fresh: Vec<Learnt>,
}

/// Something that is true as soon as a transaction has ended well.
enum Learnt {
    Line(String, Option<(DocumentId, String)>),
    Number((IssuerId, String, i32)),
    Slug(String),
}

impl Known {
    /// An address nobody has yet, taken with this.
    pub fn free_slug(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "van-ban" } else { wanted };
        let slug = spare(wanted, &self.slugs);
        self.slugs.insert(slug.clone());
        self.fresh.push(Learnt::Slug(slug.clone()));
        slug
    }

    /// Whether a number was free; it is taken with this.
    pub fn take_number(&mut self, number: (IssuerId, String, i32)) -> bool {
        let is_free = self.numbers.insert(number.clone());
        if is_free {
            self.fresh.push(Learnt::Number(number));
        }
        is_free
    }

    /// Remembers a line by its key.
    pub fn learn(&mut self, key: String, id: DocumentId, digest: String) {
        let before = self.imports.insert(key.clone(), (id, digest));
        self.fresh.push(Learnt::Line(key, before));
    }

    /// What was learnt is true.
    pub fn keep(&mut self) {
        self.fresh.clear();
    }

    /// What was learnt is not true: nothing of it was written.
    pub fn forget(&mut self) {
        while let Some(learnt) = self.fresh.pop() {
            match learnt {
                Learnt::Slug(slug) => drop(self.slugs.remove(&slug)),
                Learnt::Number(number) => drop(self.numbers.remove(&number)),
                Learnt::Line(key, Some(before)) => drop(self.imports.insert(key, before)),
                Learnt::Line(key, None) => drop(self.imports.remove(&key)),
            }
        }
    }
}

/// What is on `site`.
pub fn known(conn: &mut Conn, site: SiteId) -> Result<Known> {
    let imports: Vec<(String, DocumentId, String)> = document_imports::table
        .filter(document_imports::site_id.eq(site))
        .select((
            document_imports::line_key,
            document_imports::document_id,
            document_imports::digest,
        ))
        .load(conn)?;
    let numbers: Vec<(IssuerId, String, i32)> = of(site)
        .filter(documents::pending.eq(false).and(documents::number_key.ne("")))
        .select((documents::issuer_id, documents::number_key, documents::year))
        .load(conn)?;
    let mut slugs: BTreeSet<String> =
        of(site).select(documents::slug).load(conn)?.into_iter().collect();
    let before: Vec<String> = document_addresses::table
        .filter(document_addresses::site_id.eq(site))
        .select(document_addresses::slug)
        .load(conn)?;
    let places: Vec<String> = sections::table
        .filter(sections::site_id.eq(site).and(sections::path.like("van-ban/%")))
        .select(sections::path)
        .load(conn)?;
    slugs.extend(before);
    slugs.extend(places.iter().filter_map(|it| it.strip_prefix("van-ban/")).map(str::to_owned));
    let digests = imports.iter().map(|(_, _, digest)| digest.clone()).collect();
    let imports = imports.into_iter().map(|(key, id, digest)| (key, (id, digest)));
    Ok(Known {
        digests,
        imports: imports.collect(),
        numbers: numbers.into_iter().collect(),
        slugs,
        fresh: Vec::new(),
    })
}

/// Writes new documents with their texts, fields, files and relations.
pub fn insert(
    conn: &mut Conn,
    actor: Actor,
    new: &[Prepared],
    storage: Option<&Storage>,
) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    rows(conn, actor, new)?;
    texts(conn, actor.site, new)?;
    let fields = new.iter().flat_map(|it| it.sheet.fields.iter().map(|field| (it.id, field)));
    write::insert_fields(conn, actor.site, fields)?;
    imports(conn, actor.site, new)?;
    for it in new.iter().filter(|it| !it.files.is_empty()) {
        let ids = files(conn, actor, it, &[], storage)?;
        write::put_files(conn, actor.site, it.id, &ids)?;
    }
    links(conn, actor, new)?;
    told(conn, actor, new)
}

fn rows(conn: &mut Conn, actor: Actor, new: &[Prepared]) -> Result<()> {
    let row = |it: &Prepared| -> Result<_> {
        let sheet = &it.sheet;
        let published = (it.state == State::Published).then_some(actor.now);
        Ok((
            (
                documents::id.eq(it.id),
                documents::site_id.eq(actor.site),
                documents::state.eq(it.state),
                documents::register.eq(sheet.register),
                documents::type_key.eq(sheet.type_key.clone()),
                documents::number.eq(sheet.number.shown.clone()),
                documents::number_key.eq(sheet.number.key.clone()),
                documents::short_key.eq(sheet.number.short_key.clone()),
                documents::year.eq(sheet.year()),
                documents::pending.eq(sheet.number.pending),
                documents::issuer_id.eq(sheet.issuer),
                documents::issued.eq(sheet.issued),
                documents::effective.eq(sheet.effective),
                documents::expiry.eq(sheet.expiry),
                documents::summary.eq(sheet.summary.clone()),
                documents::plain.eq(plain(sheet)),
            ),
            (
                documents::sort_key.eq(base::text::sort_key(&sheet.summary)),
                documents::slug.eq(it.slug.clone()),
                documents::urgency.eq(""),
                documents::internal.eq(false),
                documents::short_procedure.eq(false),
                documents::details.eq(json(&sheet.details)?),
                documents::duplicate_reason.eq(sheet.duplicate_reason.clone()),
                documents::remark.eq(""),
                documents::lock.eq(1),
                documents::author_id.eq(actor.user),
                documents::editor_id.eq(actor.user),
                documents::created_at.eq(actor.now),
                documents::updated_at.eq(actor.now),
                documents::published_at.eq(published),
            ),
        ))
    };
    let rows: Vec<_> = new.iter().map(row).collect::<Result<_>>()?;
    on_each!(conn, |conn| diesel::insert_into(documents::table).values(&rows).execute(conn))?;
    Ok(())
}

fn texts(conn: &mut Conn, site: SiteId, new: &[Prepared]) -> Result<()> {
    let mut rows = Vec::new();
    for it in new.iter().filter(|it| !it.sheet.articles.is_empty()) {
        rows.push((
            document_texts::document_id.eq(it.id),
            document_texts::site_id.eq(site),
            document_texts::articles.eq(json(&it.sheet.articles)?),
            document_texts::size.eq(size(&it.sheet.articles)),
        ));
    }
    if !rows.is_empty() {
        on_each!(conn, |conn| diesel::insert_into(document_texts::table)
            .values(&rows)
            .execute(conn))?;
    }
    Ok(())
}

/// Gives the files of a line rows, but for those the document `has` already; one that `has` under
/// the same name with other bytes is replaced.
fn files(
    conn: &mut Conn,
    actor: Actor,
    new: &Prepared,
    has: &[File],
    storage: Option<&Storage>,
) -> Result<Vec<FileId>> {
    let brought =
        |file: &File| new.files.iter().any(|it| it.name == file.name && it.digest != file.digest);
    let mut ids: Vec<FileId> = has.iter().filter(|it| !brought(it)).map(|it| it.id).collect();
    let about = About { source: new.issuer.clone(), ..About::default() };
    for file in new.files.iter() {
        if !has.iter().any(|it| it.digest == file.digest) {
            let storage = storage.context("files arrive with a place to keep them")?;
            ids.push(media::files::create(conn, actor, storage, file, &about)?);
        }
    }
    Ok(ids)
}

fn imports(conn: &mut Conn, site: SiteId, new: &[Prepared]) -> Result<()> {
    let rows: Vec<_> = new
        .iter()
        .map(|it| {
            (
                document_imports::site_id.eq(site),
                document_imports::line_key.eq(&it.key),
                document_imports::digest.eq(&it.digest),
                document_imports::document_id.eq(it.id),
            )
        })
        .collect();
    on_each!(conn, |conn| diesel::insert_into(document_imports::table)
        .values(&rows)
        .execute(conn))?;
    Ok(())
}

/// The relations wait for their targets, which may come with a later batch.
fn links(conn: &mut Conn, actor: Actor, new: &[Prepared]) -> Result<()> {
    let pairs = new.iter().flat_map(|it| it.relations.iter().map(move |found| (it, found)));
    let pairs = pairs.filter(|(it, found)| found.number.key() != it.sheet.number.key);
    let rows: Vec<_> = pairs
        .map(|(it, found)| {
            (
                relations::id.eq(crate::RelationId::new()),
                relations::site_id.eq(actor.site),
                relations::from_id.eq(it.id),
                relations::to_number.eq(found.number.to_string()),
                relations::to_key.eq(found.number.key()),
                relations::kind.eq(found.verb),
                relations::from_article.eq(""),
                relations::to_article.eq(&found.part),
                relations::found.eq(true),
                relations::created_at.eq(actor.now),
            )
        })
        .collect();
    if !rows.is_empty() {
        on_each!(conn, |conn| diesel::insert_into(relations::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

fn told(conn: &mut Conn, actor: Actor, new: &[Prepared]) -> Result<()> {
    let rows: Vec<_> = new
        .iter()
        .filter(|it| it.state == State::Published)
        .map(|it| {
            (
                outbox::id.eq(db::outbox::ChangeId::new()),
                outbox::site_id.eq(actor.site),
                outbox::topic.eq(TOPIC),
                outbox::subject.eq(it.id.bytes().as_slice()),
                outbox::at.eq(actor.now),
            )
        })
        .collect();
    if !rows.is_empty() {
        on_each!(conn, |conn| diesel::insert_into(outbox::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Brings a document up to date with its line. What people added to it stays.
pub fn change(
    conn: &mut Conn,
    (actor, home): (Actor, Home),
    id: DocumentId,
    new: &Prepared,
    storage: Option<&Storage>,
) -> Result<()> {
    let before = by_id(conn, actor.site, id)?;
    let mut sheet = new.sheet.clone();
    // A line tells less than a form: what it has no word for stays as people entered it.
    let told = std::mem::replace(&mut sheet.details, before.details()?);
    for (mine, new) in [
        (&mut sheet.details.signer, told.signer),
        (&mut sheet.details.signer_title, told.signer_title),
    ] {
        if !new.is_empty() {
            *mine = new;
        }
    }
    sheet.urgency = before.urgency;
    sheet.internal = before.internal;
    sheet.short_procedure = before.short_procedure;
    sheet.duplicate_reason = before.duplicate_reason;
    let has = super::files::of(conn, actor.site, id)?;
    sheet.files = files(conn, actor, new, &has, storage)?;
    sheet.issued = sheet.issued.or(before.issued);
    sheet.effective = sheet.effective.or(before.effective);
    sheet.expiry = sheet.expiry.or(before.expiry);
    if sheet.articles.is_empty() {
        sheet.articles = super::articles(conn, actor.site, id)?;
    }
    if sheet.fields.is_empty() {
        sheet.fields = super::fields(conn, actor.site, id)?;
    }
    let Outcome::Done(_) = write::save(conn, actor, home, (id, before.lock), &sheet)? else {
        return Err(base::Error::conflict("document.changed"));
    };
    let row = document_imports::table.find((actor.site, new.key.clone()));
    diesel::update(row).set(document_imports::digest.eq(&new.digest)).execute(conn)?;
    let document = by_id(conn, actor.site, id)?;
    for found in &new.relations {
        let link = NewLink {
            verb: found.verb,
            number: found.number.clone(),
            own_part: String::new(),
            other_part: found.part.clone(),
            found: true,
        };
        if found.number.key() != document.number_key {
            add(conn, home.portal, &document, &link, actor.now)?;
        }
    }
    Ok(())
}

/// Ties relations to documents, among those that came and those that waited for them, and tells
/// readers of it.
///
/// Belongs into the transaction in which they came: an import that is interrupted must not leave a
/// repealed document in force.
pub fn tie(conn: &mut Conn, actor: Actor, portal: SiteId, keys: &[String]) -> Result<()> {
    let mut tied = resolve(conn, portal, keys)?;
    let mut wanted = Vec::new();
    for chunk in keys.chunks(500) {
        let rows: Vec<String> = relations::table
            .inner_join(documents::table.on(documents::id.eq(relations::from_id)))
            .filter(relations::site_id.eq(actor.site).and(relations::to_id.is_null()))
            .filter(documents::number_key.eq_any(chunk.to_vec()))
            .select(relations::to_key)
            .load(conn)?;
        wanted.extend(rows);
    }
    tied.extend(resolve(conn, portal, &wanted)?);
    tied.sort();
    tied.dedup();
    for chunk in tied.chunks(500) {
        tell_all(conn, actor, portal, chunk.to_vec())?;
    }
    tell_all(conn, actor, portal, Vec::new())
}

/// Writes down that documents were imported.
pub fn log(conn: &mut Conn, actor: Actor, counts: String) -> Result<()> {
    record(conn, actor, Deed { action: "documents_imported", target: counts, ..Deed::default() })
}
