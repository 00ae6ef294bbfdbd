//! Entries and editions in the database. Every query starts from a site.

mod lists;

pub use lists::{Filter, Line, count, list};

use std::collections::BTreeMap;

use anyhow::Context;
use base::{EditionId, EntryId, Error, Message, Result, SectionId, Site, SiteId, UserId};
use chrono::NaiveDateTime;
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{addresses, editions, entries, pictures, sections, users},
};
use diesel::prelude::*;

use super::Draft;
use crate::{
    kinds::{FieldRole, Kind, Kinds},
    model::{Action, State, Step},
    sections::{Section, SectionKind, store as tree},
};

base::id!(
    /// Shared by the translations of one piece of content.
    ContentId
);

/// An entry with the edition the staff work on.
#[derive(Clone, Debug)]
pub struct Working {
    /// The entry.
    pub entry: Entry,
    /// Its latest edition.
    pub edition: Edition,
}

/// The identity of a piece of content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct Entry {
    /// Its key.
    pub id: EntryId,
    /// An id of `config/kinds`.
    pub kind: String,
    /// Where the public finds it.
    pub section_id: SectionId,
    /// The edition the public reads.
    pub live_id: Option<EditionId>,
    /// When the public first read it.
    pub published_at: Option<NaiveDateTime>,
}

/// One version of an entry.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = editions)]
pub struct Edition {
    /// Its key.
    pub id: EditionId,
    /// Its number within the entry.
    pub number: i32,
    /// Where it stands.
    pub state: State,
    /// Where it is to stand in the tree.
    pub section_id: SectionId,
    /// The last part of its address.
    pub slug: String,
    /// Whether it stands first on the home page.
    pub featured: bool,
    /// The headline.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// The body, sanitised.
    pub html: String,
    /// The fields of its kind, JSON.
    pub fields: String,
    /// Whether it is a small correction.
    pub minor: bool,
    /// Who wrote it.
    pub author_id: Option<UserId>,
    /// Who approved it.
    pub approver_id: Option<UserId>,
    /// What changed.
    pub note: String,
    /// What the approver answered.
    pub remark: String,
    /// Raised by every save.
    pub lock: i32,
    /// When it was last saved.
    pub updated_at: NaiveDateTime,
    /// When it was published, returned or withdrawn.
    pub decided_at: Option<NaiveDateTime>,
}

impl Edition {
    /// What a save or a step must name to show that it saw this edition as it is.
    pub fn seal(&self) -> String {
        format!("{}.{}", self.number, self.lock)
    }

    /// The fields of its kind, by name.
    pub fn field_map(&self) -> Result<BTreeMap<String, String>> {
        Ok(serde_json::from_str(&self.fields).context("fields of an edition")?)
    }
}

/// What came of a save or a step.
#[derive(Debug)]
pub enum Outcome {
    /// It was done.
    Done(EntryId),
    /// Someone else changed the edition since it was read; nothing was done.
    Stale,
}

/// The entry called `id` with its latest edition.
pub fn working(conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Working> {
    let found: (Entry, Edition) = entries::table
        .inner_join(editions::table.on(editions::id.eq(entries::latest_id)))
        .filter(entries::site_id.eq(site).and(entries::id.eq(id)))
        .filter(editions::state.ne(State::Discarded))
        .select((Entry::as_select(), Edition::as_select()))
        .first(conn)?;
    Ok(Working { entry: found.0, edition: found.1 })
}

/// Edition `number` of an entry.
pub fn edition(conn: &mut Conn, site: SiteId, id: EntryId, number: i32) -> Result<Edition> {
    let one = editions::table.filter(editions::site_id.eq(site).and(editions::entry_id.eq(id)));
    let one = one.filter(editions::number.eq(number)).select(Edition::as_select());
    Ok(one.first(conn)?)
}

/// Every edition of an entry, newest first.
pub fn history(conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Vec<Edition>> {
    let all = editions::table.filter(editions::site_id.eq(site).and(editions::entry_id.eq(id)));
    let all = all.order(editions::number.desc()).select(Edition::as_select());
    Ok(all.limit(200).load(conn)?)
}

/// The current address of an entry, from the first slash.
pub fn address(conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Option<String>> {
    let current = addresses::table
        .filter(addresses::site_id.eq(site).and(addresses::entry_id.eq(id)))
        .filter(addresses::current.eq(true));
    Ok(current.select(addresses::path).first(conn).optional()?)
}

/// The current addresses of entries, by key.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    ids: Vec<EntryId>,
) -> Result<BTreeMap<EntryId, String>> {
    let current = addresses::table
        .filter(addresses::site_id.eq(site).and(addresses::current.eq(true)))
        .filter(addresses::entry_id.eq_any(ids));
    let rows: Vec<(EntryId, String)> =
        current.select((addresses::entry_id, addresses::path)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The names of people, by key.
pub fn names(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>> {
    let known = users::table.filter(users::id.eq_any(ids)).select((users::id, users::name));
    let rows: Vec<(UserId, String)> = known.load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Saves a new entry as a draft.
pub fn create(conn: &mut Conn, actor: Actor, kind: &Kind, draft: Draft) -> Result<EntryId> {
    let (id, first) = (EntryId::new(), EditionId::new());
    let section = place(conn, actor.site, kind, draft.section)?;
    let draft = with_picture_text(conn, actor.site, kind, draft)?;
    let slug = free_slug(conn, actor.site, kind, &section, &draft, id)?;
    diesel::insert_into(entries::table)
        .values((
            entries::id.eq(id),
            entries::site_id.eq(actor.site),
            entries::content_id.eq(ContentId::new()),
            entries::locale.eq(base::Locale::Vi.as_str()),
            entries::kind.eq(&kind.id),
            entries::section_id.eq(section.id),
            entries::rank.eq(draft.rank),
            entries::featured.eq(draft.featured),
            entries::latest_id.eq(first),
            entries::created_at.eq(actor.now),
        ))
        .execute(conn)?;
    insert(conn, actor, (id, first, 1), &slug, &draft)?;
    note(conn, actor, "created", (id, first), draft.title)?;
    Ok(id)
}

/// The section `id`, if it is the site's and takes entries of `kind`.
fn place(conn: &mut Conn, site: SiteId, kind: &Kind, id: SectionId) -> Result<Section> {
    match tree::by_id(conn, site, id) {
        Ok(section) if section.takes(&kind.id) => Ok(section),
        Ok(_) | Err(Error::NotFound) => Err(Error::field("section", "section.wrong")),
        Err(err) => Err(err),
    }
}

/// Checks that the picture is the site's own, and describes it as the library does where the
/// writer did not.
fn with_picture_text(
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
fn path(kind: &Kind, section: &Section, slug: &str, is_page: bool) -> String {
    match section.kind {
        SectionKind::Page if is_page => format!("/{}", section.path),
        _ => format!("/{}/{slug}", kind.prefix),
    }
}

/// Whether `path` can be the address of `entry`.
fn is_free(conn: &mut Conn, site: SiteId, path: &str, entry: EntryId) -> Result<bool> {
    let held: Option<EntryId> =
        addresses::table.find((site, path)).select(addresses::entry_id).first(conn).optional()?;
    let section = tree::at(conn, site, path.trim_start_matches('/'))?;
    Ok(held.is_none_or(|holder| holder == entry) && section.is_none())
}

/// The slug typed, if it is free; else one made of the title, numbered where it must be.
fn free_slug(
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

fn insert(
    conn: &mut Conn,
    actor: Actor,
    (entry, id, number): (EntryId, EditionId, i32),
    slug: &str,
    draft: &Draft,
) -> Result<()> {
    diesel::insert_into(editions::table)
        .values((
            (
                editions::id.eq(id),
                editions::site_id.eq(actor.site),
                editions::entry_id.eq(entry),
                editions::number.eq(number),
                editions::state.eq(State::Draft),
                editions::author_id.eq(actor.user),
                editions::remark.eq(""),
                editions::lock.eq(1),
                editions::created_at.eq(actor.now),
                editions::updated_at.eq(actor.now),
            ),
            (
                editions::section_id.eq(draft.section),
                editions::slug.eq(slug),
                editions::featured.eq(draft.featured),
                editions::title.eq(&draft.title),
                editions::plain.eq(base::text::unaccented(&draft.title)),
                editions::summary.eq(&draft.summary),
                editions::body.eq(&draft.body),
                editions::html.eq(draft.html.as_str()),
                editions::fields.eq(json(&draft.fields)?),
                editions::minor.eq(draft.minor),
                editions::note.eq(&draft.note),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

fn json(fields: &BTreeMap<String, String>) -> Result<String> {
    Ok(serde_json::to_string(fields).context("fields to JSON")?)
}

/// Saves what an editor changed: into the open edition, or as a new one after a public one.
/// `seal` is the edition the editor saw.
pub fn save(
    conn: &mut Conn,
    actor: Actor,
    kind: &Kind,
    (id, seal): (EntryId, &str),
    draft: Draft,
) -> Result<Outcome> {
    let Working { entry, edition } = working(conn, actor.site, id)?;
    if edition.seal() != seal {
        return Ok(Outcome::Stale);
    }
    let section = place(conn, actor.site, kind, draft.section)?;
    let draft = with_picture_text(conn, actor.site, kind, draft)?;
    let slug = free_slug(conn, actor.site, kind, &section, &draft, id)?;
    let saved = match edition.state {
        State::Draft | State::Submitted => {
            rewrite(conn, actor, &edition, &slug, &draft)?.then_some(edition.id)
        }
        _ => Some(add(conn, actor, (id, edition.number + 1), &slug, &draft)?),
    };
    let Some(saved) = saved else { return Ok(Outcome::Stale) };
    if entry.published_at.is_none() {
        // Nobody has read it yet: the lists of the staff may follow at once.
        let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(id)));
        let place = (entries::section_id.eq(section.id), entries::rank.eq(draft.rank));
        diesel::update(row).set(place).execute(conn)?;
    }
    note(conn, actor, "saved", (id, saved), draft.title)?;
    Ok(Outcome::Done(id))
}

/// Overwrites an open edition, unless someone else was quicker.
fn rewrite(
    conn: &mut Conn,
    actor: Actor,
    edition: &Edition,
    slug: &str,
    draft: &Draft,
) -> Result<bool> {
    let seen = editions::table
        .filter(editions::site_id.eq(actor.site).and(editions::id.eq(edition.id)))
        .filter(editions::lock.eq(edition.lock));
    let changed = diesel::update(seen)
        .set((
            editions::section_id.eq(draft.section),
            editions::slug.eq(slug),
            editions::featured.eq(draft.featured),
            editions::title.eq(&draft.title),
            editions::plain.eq(base::text::unaccented(&draft.title)),
            editions::summary.eq(&draft.summary),
            editions::body.eq(&draft.body),
            editions::html.eq(draft.html.as_str()),
            editions::fields.eq(json(&draft.fields)?),
            editions::minor.eq(draft.minor),
            editions::note.eq(&draft.note),
            editions::lock.eq(edition.lock + 1),
            editions::updated_at.eq(actor.now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Adds a draft edition and makes it the one the staff work on.
fn add(
    conn: &mut Conn,
    actor: Actor,
    (entry, number): (EntryId, i32),
    slug: &str,
    draft: &Draft,
) -> Result<EditionId> {
    let id = EditionId::new();
    insert(conn, actor, (entry, id, number), slug, draft)?;
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(entry)));
    diesel::update(row).set(entries::latest_id.eq(id)).execute(conn)?;
    Ok(id)
}

/// A step of the workflow as it was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What to do.
    pub action: Action,
    /// The edition the person saw.
    pub seal: String,
    /// Why.
    pub remark: String,
}

/// Takes a step of the workflow.
pub fn act(
    conn: &mut Conn,
    (actor, rights): (Actor, accounts::model::Rights),
    site: &Site,
    kinds: &Kinds,
    id: EntryId,
    asked: &Asked,
) -> Result<Outcome> {
    let Working { entry, edition } = working(conn, site.id, id)?;
    let own = edition.author_id == actor.user;
    let step = Step { state: edition.state, own, rights, self_approval: site.self_approval };
    let next = step.take(asked.action)?;
    if edition.seal() != asked.seal {
        return Ok(Outcome::Stale);
    }
    let seen = editions::table
        .filter(editions::site_id.eq(site.id).and(editions::id.eq(edition.id)))
        .filter(editions::lock.eq(edition.lock));
    let moved = (editions::state.eq(next), editions::lock.eq(edition.lock + 1));
    if diesel::update(seen).set(moved).execute(conn)? != 1 {
        return Ok(Outcome::Stale);
    }
    if !matches!(asked.action, Action::Submit | Action::Recall | Action::Discard) {
        decide(conn, actor, edition.id, &asked.remark)?;
    }
    match asked.action {
        Action::Publish | Action::Restore => {
            let kind = kinds.get(&entry.kind).ok_or(Error::NotFound)?;
            show(conn, actor, kind, &entry, &edition)?;
        }
        Action::Withdraw => hide(conn, actor, id)?,
        Action::Discard => fall_back(conn, actor, &entry)?,
        Action::Submit | Action::Recall | Action::Return => (),
    }
    if asked.action.is_public() {
        db::epochs::raise(conn, site.id, actor.now)?;
    }
    let deed = Deed {
        action: asked.action.event(),
        entry: Some(id),
        edition: Some(edition.id),
        target: edition.title,
        detail: asked.remark.clone(),
    };
    record(conn, actor, deed)?;
    Ok(Outcome::Done(id))
}

fn decide(conn: &mut Conn, actor: Actor, edition: EditionId, remark: &str) -> Result<()> {
    let row =
        editions::table.filter(editions::site_id.eq(actor.site).and(editions::id.eq(edition)));
    diesel::update(row)
        .set((
            editions::approver_id.eq(actor.user),
            editions::decided_at.eq(actor.now),
            editions::remark.eq(remark),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes `edition` the one the public reads, at its address. An address the public knew
/// before stays and leads here.
fn show(
    conn: &mut Conn,
    actor: Actor,
    kind: &Kind,
    entry: &Entry,
    edition: &Edition,
) -> Result<()> {
    if let Some(before) = entry.live_id.filter(|before| *before != edition.id) {
        let row = editions::table.filter(editions::site_id.eq(actor.site));
        let row = row.filter(editions::id.eq(before));
        diesel::update(row).set(editions::state.eq(State::Superseded)).execute(conn)?;
    }
    let section = place(conn, actor.site, kind, edition.section_id)?;
    let is_page = owns_page(conn, actor.site, &section, entry.id)?;
    let path = path(kind, &section, &edition.slug, is_page);
    if !is_page && !is_free(conn, actor.site, &path, entry.id)? {
        return Err(Error::conflict(Message::new("slug.taken_since").with("path", path)));
    }
    settle(conn, actor.site, entry.id, &path)?;
    let fields = edition.field_map()?;
    let rank = kind.field(FieldRole::Rank).and_then(|field| fields.get(&field.name));
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(entry.id)));
    diesel::update(row)
        .set((
            entries::live_id.eq(edition.id),
            entries::section_id.eq(section.id),
            entries::featured.eq(edition.featured),
            entries::rank.eq(rank.and_then(|text| text.parse().ok()).unwrap_or(1000)),
            entries::published_at.eq(entry.published_at.unwrap_or(actor.now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether `entry` is to be the page of its section: the section is a page and no other live
/// entry is it already.
fn owns_page(conn: &mut Conn, site: SiteId, section: &Section, entry: EntryId) -> Result<bool> {
    if section.kind != SectionKind::Page {
        return Ok(false);
    }
    let holder: Option<EntryId> = addresses::table
        .inner_join(entries::table)
        .filter(addresses::site_id.eq(site).and(addresses::path.eq(format!("/{}", section.path))))
        .filter(entries::live_id.is_not_null())
        .select(addresses::entry_id)
        .first(conn)
        .optional()?;
    Ok(holder.is_none_or(|holder| holder == entry))
}

/// Gives `entry` the address `path`; its others lead there.
fn settle(conn: &mut Conn, site: SiteId, entry: EntryId, path: &str) -> Result<()> {
    let mine =
        addresses::table.filter(addresses::site_id.eq(site).and(addresses::entry_id.eq(entry)));
    diesel::update(mine).set(addresses::current.eq(false)).execute(conn)?;
    // Only the page of a section can stand here already: one that was withdrawn.
    diesel::delete(addresses::table.find((site, path))).execute(conn)?;
    diesel::insert_into(addresses::table)
        .values((
            addresses::site_id.eq(site),
            addresses::path.eq(path),
            addresses::entry_id.eq(entry),
            addresses::current.eq(true),
        ))
        .execute(conn)?;
    Ok(())
}

fn hide(conn: &mut Conn, actor: Actor, entry: EntryId) -> Result<()> {
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(entry)));
    diesel::update(row).set(entries::live_id.eq(None::<EditionId>)).execute(conn)?;
    Ok(())
}

/// After a draft is thrown away, the staff work on the edition before it, if there is one.
fn fall_back(conn: &mut Conn, actor: Actor, entry: &Entry) -> Result<()> {
    let before: Option<EditionId> = editions::table
        .filter(editions::site_id.eq(actor.site).and(editions::entry_id.eq(entry.id)))
        .filter(editions::state.ne(State::Discarded))
        .order(editions::number.desc())
        .select(editions::id)
        .first(conn)
        .optional()?;
    if let Some(before) = before {
        let row = entries::table.filter(entries::site_id.eq(actor.site));
        let row = row.filter(entries::id.eq(entry.id));
        diesel::update(row).set(entries::latest_id.eq(before)).execute(conn)?;
    }
    Ok(())
}

fn note(
    conn: &mut Conn,
    actor: Actor,
    action: &'static str,
    (entry, edition): (EntryId, EditionId),
    target: String,
) -> Result<()> {
    let deed =
        Deed { action, entry: Some(entry), edition: Some(edition), target, detail: String::new() };
    record(conn, actor, deed)
}

/// The label of a section, for lists.
pub(crate) fn section_labels(conn: &mut Conn, site: SiteId) -> Result<BTreeMap<SectionId, String>> {
    let all = sections::table.filter(sections::site_id.eq(site));
    let rows: Vec<(SectionId, String)> = all.select((sections::id, sections::label)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A draft page that a new site starts with.
#[derive(Clone, Debug)]
pub struct Starter {
    /// An id of `config/kinds`.
    pub kind: String,
    /// The section it belongs to.
    pub section: SectionId,
    /// Its title: the section's name.
    pub title: String,
}

/// Saves many empty drafts at once, for a new site.
pub fn plant(conn: &mut Conn, actor: Actor, starters: &[Starter]) -> Result<()> {
    let place = |it: &Starter| (EntryId::new(), EditionId::new(), it.section);
    let places: Vec<(EntryId, EditionId, SectionId)> = starters.iter().map(place).collect();
    let rows: Vec<_> = places
        .iter()
        .zip(starters)
        .map(|((id, latest, section), starter)| {
            (
                entries::id.eq(id),
                entries::site_id.eq(actor.site),
                entries::content_id.eq(ContentId::new()),
                entries::locale.eq(base::Locale::Vi.as_str()),
                entries::kind.eq(&starter.kind),
                entries::section_id.eq(section),
                entries::rank.eq(1000),
                entries::featured.eq(false),
                entries::latest_id.eq(latest),
                entries::created_at.eq(actor.now),
            )
        })
        .collect();
    let drafts: Vec<_> = places
        .iter()
        .zip(starters)
        .map(|((entry, id, section), starter)| {
            (
                (
                    editions::id.eq(id),
                    editions::site_id.eq(actor.site),
                    editions::entry_id.eq(entry),
                    editions::number.eq(1),
                    editions::state.eq(State::Draft),
                    editions::section_id.eq(section),
                    editions::slug.eq(base::text::slug(&starter.title, 80)),
                    editions::title.eq(&starter.title),
                    editions::plain.eq(base::text::unaccented(&starter.title)),
                    editions::author_id.eq(actor.user),
                    editions::created_at.eq(actor.now),
                    editions::updated_at.eq(actor.now),
                ),
                (
                    editions::featured.eq(false),
                    editions::summary.eq(""),
                    editions::body.eq(""),
                    editions::html.eq(""),
                    editions::fields.eq("{}"),
                    editions::minor.eq(false),
                    editions::note.eq(""),
                    editions::remark.eq(""),
                    editions::lock.eq(1),
                ),
            )
        })
        .collect();
    db::on_each!(conn, |conn| {
        diesel::insert_into(entries::table).values(&rows).execute(conn)?;
        diesel::insert_into(editions::table).values(&drafts).execute(conn)
    })?;
    Ok(())
}
