//! What others read: texts that the staff made for them, never the message itself.

use std::collections::BTreeSet;

use base::{Result, SiteId};
use chrono::NaiveDateTime;
use db::{
    Conn, epochs,
    events::Actor,
    outbox,
    schema::{case_public_files, case_publics},
};
use diesel::prelude::*;
use media::{FileId, files::File};

use super::{Desk, work};
use crate::{CaseId, model::state::Action};

/// What the outbox calls public answers.
pub const TOPIC: &str = "answer";

/// A question and its answer as others read them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_publics)]
pub struct Public {
    /// The case it was made from.
    pub case_id: CaseId,
    /// Whose answer it is.
    pub site_id: SiteId,
    /// The last part of its address.
    pub slug: String,
    /// The field of life; empty for none.
    pub area: String,
    /// The type of the case.
    pub type_key: String,
    /// The question in one line.
    pub title: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// How many it helped.
    pub helpful: i32,
    /// How many it did not help.
    pub unhelpful: i32,
    /// When others first read it.
    pub published_at: NaiveDateTime,
    /// When it changed last.
    pub updated_at: NaiveDateTime,
}

impl Public {
    /// Where readers find it, from the first slash.
    pub fn path(&self) -> String {
        format!("/hoi-dap/{}", self.slug)
    }
}

/// A text that somebody made for others.
#[derive(Clone, Debug)]
pub struct Text {
    /// The question in one line.
    pub title: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Attachments of the case that others may read with it.
    pub files: Vec<FileId>,
}

/// What of the public answers is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words, without accents.
    pub words: String,
    /// Only this field of life.
    pub area: String,
    /// Only this type.
    pub type_key: String,
}

/// Lets others read `text`, or mends what they read.
pub fn publish(
    conn: &mut Conn,
    desk: &Desk<'_>,
    (id, lock): (CaseId, i32),
    (text, portal): (&Text, SiteId),
) -> Result<String> {
    let actor = desk.actor;
    let case = work::take(conn, desk, (id, lock), Action::Publish)?;
    let plain =
        base::text::unaccented(&format!("{} {} {}", text.title, text.question, text.answer));
    let known: Option<String> =
        case_publics::table.find(id).select(case_publics::slug).first(conn).optional()?;
    let words = (
        case_publics::title.eq(&text.title),
        case_publics::question.eq(&text.question),
        case_publics::answer.eq(&text.answer),
        case_publics::plain.eq(plain),
        case_publics::area.eq(&case.area),
        case_publics::type_key.eq(&case.type_key),
        case_publics::public.eq(true),
        case_publics::updated_at.eq(actor.now),
    );
    let slug = match known {
        Some(slug) => {
            diesel::update(case_publics::table.find(id)).set(words).execute(conn)?;
            slug
        }
        None => {
            let slug = free_slug(conn, actor.site, &text.title)?;
            diesel::insert_into(case_publics::table)
                .values((
                    words,
                    case_publics::case_id.eq(id),
                    case_publics::site_id.eq(actor.site),
                    case_publics::slug.eq(&slug),
                    case_publics::helpful.eq(0),
                    case_publics::unhelpful.eq(0),
                    case_publics::published_at.eq(actor.now),
                ))
                .execute(conn)?;
            slug
        }
    };
    put_files(conn, actor.site, id, &text.files)?;
    tell(conn, actor, (id, portal))?;
    Ok(slug)
}

/// Lets others read these attachments of a case and no others. What is none of its attachments is not found.
fn put_files(conn: &mut Conn, site: SiteId, id: CaseId, files: &[FileId]) -> Result<()> {
    drop_files(conn, id)?;
    let own = super::file_ids(conn, site, id)?;
    for file in files {
        if !own.contains(file) {
            return Err(base::Error::NotFound);
        }
        diesel::insert_into(case_public_files::table)
            .values((
                case_public_files::case_id.eq(id),
                case_public_files::file_id.eq(*file),
                case_public_files::site_id.eq(site),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes every attachment of a case away from others; whether they had any.
pub(super) fn drop_files(conn: &mut Conn, id: CaseId) -> Result<bool> {
    let all = case_public_files::table.filter(case_public_files::case_id.eq(id));
    Ok(diesel::delete(all).execute(conn)? > 0)
}

/// The attachments that stand beside what was made of a case for others, whether they read it now or not.
pub fn file_ids(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<FileId>> {
    let own = case_public_files::table
        .filter(case_public_files::site_id.eq(site).and(case_public_files::case_id.eq(id)));
    Ok(own.order(case_public_files::file_id).select(case_public_files::file_id).load(conn)?)
}

/// The attachments that others read with the text at `slug`; none where there is no such text any more.
pub fn files_at(conn: &mut Conn, site: SiteId, slug: &str) -> Result<Vec<File>> {
    match at(conn, site, slug)? {
        Some(Found::Live(it)) => {
            let ids = file_ids(conn, site, it.case_id)?;
            media::sealed::of_ids(conn, site, &ids)
        }
        Some(Found::Gone) | None => Ok(Vec::new()),
    }
}

/// Takes the text away again; its address says that it is gone.
pub fn unpublish(
    conn: &mut Conn,
    desk: &Desk<'_>,
    seen: (CaseId, i32),
    portal: SiteId,
) -> Result<()> {
    let actor = desk.actor;
    let case = work::take(conn, desk, seen, Action::Unpublish)?;
    hide(conn, actor, (case.id, portal))
}

/// Takes away what others read of a case, if they read anything.
pub(super) fn hide(conn: &mut Conn, actor: Actor, (id, portal): (CaseId, SiteId)) -> Result<()> {
    let own = case_publics::table
        .filter(case_publics::case_id.eq(id).and(case_publics::site_id.eq(actor.site)));
    let changed = diesel::update(own.filter(case_publics::public.eq(true)))
        .set((case_publics::public.eq(false), case_publics::updated_at.eq(actor.now)))
        .execute(conn)?;
    if changed > 0 { tell(conn, actor, (id, portal)) } else { Ok(()) }
}

fn tell(conn: &mut Conn, actor: Actor, (id, portal): (CaseId, SiteId)) -> Result<()> {
    outbox::tell(conn, actor.site, (TOPIC, id.uuid()), actor.now)?;
    // Always in one order, so that two writers never wait for each other.
    for site in BTreeSet::from([actor.site, portal]) {
        epochs::raise(conn, site, actor.now)?;
    }
    Ok(())
}

/// Words that stand below `/hoi-dap` for something else.
const RESERVED: [&str; 7] = ["gui", "ma", "tai", "tra-cuu", "thong-ke", "moi", "da-gui"];

fn free_slug(conn: &mut Conn, site: SiteId, title: &str) -> Result<String> {
    let wanted = base::text::slug(title, 80);
    let wanted = if wanted.is_empty() { "cau-hoi".to_owned() } else { wanted };
    let taken: Vec<String> = case_publics::table
        .filter(case_publics::site_id.eq(site).and(case_publics::slug.like(format!("{wanted}%"))))
        .select(case_publics::slug)
        .load(conn)?;
    let numbered = (2_u32..).map(|number| format!("{wanted}-{number}"));
    let mut all = std::iter::once(wanted.clone()).chain(numbered);
    let free = |it: &String| !taken.contains(it) && !RESERVED.contains(&it.as_str());
    Ok(all.find(free).unwrap_or_default())
}

fn matching<'a>(site: SiteId, it: &Wanted) -> case_publics::BoxedQuery<'a, db::Backend> {
    let mut query = of(site).filter(case_publics::public.eq(true));
    if !it.words.is_empty() {
        let words = it.words.replace(['%', '_', '\\'], "");
        query = query.filter(case_publics::plain.like(format!("%{words}%")));
    }
    if !it.area.is_empty() {
        query = query.filter(case_publics::area.eq(it.area.clone()));
    }
    if !it.type_key.is_empty() {
        query = query.filter(case_publics::type_key.eq(it.type_key.clone()));
    }
    query
}

/// What others read, newest first.
pub fn list(
    conn: &mut Conn,
    site: SiteId,
    wanted: &Wanted,
    (skip, limit): (i64, i64),
) -> Result<Vec<Public>> {
    Ok(matching(site, wanted)
        .order((case_publics::published_at.desc(), case_publics::case_id.desc()))
        .offset(skip)
        .limit(limit)
        .select(Public::as_select())
        .load(conn)?)
}

/// The last parts of the addresses of what others read, with their last change: `limit` after the
/// first `skip`.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    (skip, limit): (i64, i64),
) -> Result<Vec<(String, NaiveDateTime)>> {
    Ok(matching(site, &Wanted::default())
        .order(case_publics::case_id)
        .offset(skip)
        .limit(limit)
        .select((case_publics::slug, case_publics::updated_at))
        .load(conn)?)
}

/// How many [`list`] would list in all.
pub fn count(conn: &mut Conn, site: SiteId, wanted: &Wanted) -> Result<i64> {
    Ok(matching(site, wanted).count().get_result(conn)?)
}

/// The fields of life of which others read something, with how much.
pub fn areas(conn: &mut Conn, site: SiteId) -> Result<Vec<(String, i64)>> {
    Ok(case_publics::table
        .filter(case_publics::site_id.eq(site).and(case_publics::public.eq(true)))
        .group_by(case_publics::area)
        .order(case_publics::area)
        .select((case_publics::area, diesel::dsl::count_star()))
        .load(conn)?)
}

/// Where an address below `/hoi-dap` leads: to a text, to nothing, or to what was taken away.
#[derive(Debug)]
pub enum Found {
    /// It can be read.
    Live(Box<Public>),
    /// It was taken away.
    Gone,
}

/// What is at `slug`, if anything ever was.
pub fn at(conn: &mut Conn, site: SiteId, slug: &str) -> Result<Option<Found>> {
    let row: Option<(Public, bool)> = of(site)
        .filter(case_publics::slug.eq(slug.to_owned()))
        .select((Public::as_select(), case_publics::public))
        .first(conn)
        .optional()?;
    Ok(row.map(|(it, public)| if public { Found::Live(Box::new(it)) } else { Found::Gone }))
}

/// What the staff made of a case for others, and whether they read it now.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Option<(Public, bool)>> {
    Ok(of(site)
        .filter(case_publics::case_id.eq(id))
        .select((Public::as_select(), case_publics::public))
        .first(conn)
        .optional()?)
}

/// Counts whether an answer helped.
pub fn count_help(conn: &mut Conn, site: SiteId, slug: &str, helped: Help) -> Result<()> {
    let row = case_publics::table
        .filter(case_publics::site_id.eq(site).and(case_publics::slug.eq(slug)))
        .filter(case_publics::public.eq(true));
    let changed = match helped {
        Help::Yes => diesel::update(row)
            .set(case_publics::helpful.eq(case_publics::helpful + 1))
            .execute(conn)?,
        Help::No => diesel::update(row)
            .set(case_publics::unhelpful.eq(case_publics::unhelpful + 1))
            .execute(conn)?,
    };
    if changed == 0 { Err(base::Error::NotFound) } else { Ok(()) }
}

/// Whether an answer helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// It did.
    Yes,
    /// It did not.
    No,
}

fn of<'a>(site: SiteId) -> case_publics::BoxedQuery<'a, db::Backend> {
    case_publics::table.filter(case_publics::site_id.eq(site)).into_boxed()
}
