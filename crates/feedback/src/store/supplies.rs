//! Files that an office gives with an answer: approved with it, taken by a link that ends (TCTT-30).

use base::{Error, Result, SiteId, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    schema::{case_answers, case_supplies, cases, users},
};
use diesel::prelude::*;
use media::{FileId, Storage, files::File, incoming::Incoming};

use super::{
    Case, Desk,
    answers::{self, Answer, Version},
    note,
};
use crate::{AnswerId, CaseId, model::answer::Stage};

base::id!(
    /// Identifies a file that is given with an answer.
    SupplyId
);

/// A file that is given with an answer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_supplies)]
pub struct Supply {
    /// Its key.
    pub id: SupplyId,
    /// The case.
    pub case_id: CaseId,
    /// The answer it comes with.
    pub answer_id: AnswerId,
    /// The file.
    pub file_id: FileId,
    /// Who looked it through.
    pub user_id: Option<UserId>,
    /// Until when it can be taken; `None` until the answer was sent.
    pub expires_at: Option<NaiveDateTime>,
    /// How often it was taken.
    pub times: i32,
    /// When for the last time.
    pub taken_at: Option<NaiveDateTime>,
}

/// Puts files to the pending answer in the version that was seen: what was approved before must be approved anew.
///
/// To be called within [`media::incoming::keep`]; whoever does it has looked them through (ND13-7).
pub fn add(
    conn: &mut Conn,
    desk: &Desk<'_>,
    storage: &Storage,
    it: Version,
    files: &[Incoming],
) -> Result<()> {
    let (case, _) = answers::now(conn, desk, it)?;
    put(conn, desk, storage, it, files)?;
    note(conn, desk.actor, (case.id, case.number_text()), "case_supply_added")
}

/// The same for who was asked about before.
pub(super) fn put(
    conn: &mut Conn,
    desk: &Desk<'_>,
    storage: &Storage,
    it: Version,
    files: &[Incoming],
) -> Result<()> {
    let actor = desk.actor;
    let answer =
        answers::pending(conn, actor.site, it.case)?.filter(|answer| answer.lock == it.lock);
    let answer = answer.ok_or_else(|| Error::conflict("case.changed"))?;
    answers::change(conn, actor, &answer, Stage::Draft)?;
    answers::touch(conn, actor, answer.id)?;
    for file in files {
        let file = media::sealed::create(conn, actor, storage, file)?;
        insert(conn, desk, &answer, file)?;
    }
    Ok(())
}

fn insert(conn: &mut Conn, desk: &Desk<'_>, answer: &Answer, file: FileId) -> Result<()> {
    let actor = desk.actor;
    diesel::insert_into(case_supplies::table)
        .values((
            case_supplies::id.eq(SupplyId::new()),
            case_supplies::case_id.eq(answer.case_id),
            case_supplies::site_id.eq(actor.site),
            case_supplies::answer_id.eq(answer.id),
            case_supplies::file_id.eq(file),
            case_supplies::user_id.eq(actor.user),
            case_supplies::created_at.eq(actor.now),
            case_supplies::times.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a file away from the pending answer, and deletes it.
pub fn remove(
    conn: &mut Conn,
    desk: &Desk<'_>,
    storage: &Storage,
    (it, id): (Version, SupplyId),
) -> Result<()> {
    let actor = desk.actor;
    let (case, answer) = answers::now(conn, desk, it)?;
    let row = case_supplies::table
        .filter(case_supplies::site_id.eq(actor.site).and(case_supplies::id.eq(id)))
        .filter(case_supplies::answer_id.eq(answer.id));
    let file: FileId = row.select(case_supplies::file_id).first(conn)?;
    diesel::delete(row).execute(conn)?;
    media::sealed::delete(conn, actor.site, storage, &[file])?;
    answers::change(conn, actor, &answer, Stage::Draft)?;
    answers::touch(conn, actor, answer.id)?;
    note(conn, actor, (case.id, case.number_text()), "case_supply_removed")
}

/// Opens the files of an answer that was sent, or opens them anew, for `days`. How many there are.
pub fn open(conn: &mut Conn, desk: &Desk<'_>, answer: AnswerId, days: i64) -> Result<usize> {
    let actor = desk.actor;
    let rows = case_supplies::table
        .filter(case_supplies::site_id.eq(actor.site).and(case_supplies::answer_id.eq(answer)));
    Ok(diesel::update(rows)
        .set(case_supplies::expires_at.eq(actor.now + TimeDelta::days(days)))
        .execute(conn)?)
}

/// The files given with the answers of a case that `site` holds, oldest first.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Given> {
    let rows = case_supplies::table
        .filter(case_supplies::site_id.eq(site).and(case_supplies::case_id.eq(id)))
        .order((case_supplies::created_at, case_supplies::id))
        .select(Supply::as_select())
        .load(conn)?;
    with_files(conn, site, rows)
}

/// The keys of those files.
pub(super) fn file_ids(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<Vec<FileId>> {
    let own = case_supplies::table
        .filter(case_supplies::site_id.eq(site).and(case_supplies::case_id.eq(id)));
    Ok(own.select(case_supplies::file_id).load(conn)?)
}

fn with_files(conn: &mut Conn, site: SiteId, rows: Vec<Supply>) -> Result<Given> {
    let ids: Vec<FileId> = rows.iter().map(|it| it.file_id).collect();
    let files = media::sealed::of_ids(conn, site, &ids)?;
    let with =
        |it: Supply| Some((it.clone(), files.iter().find(|file| file.id == it.file_id)?.clone()));
    Ok(rows.into_iter().filter_map(with).collect())
}

/// Files that are given, with what is behind them.
pub type Given = Vec<(Supply, File)>;

/// What a link leads to: the files of one answer that was sent, on the site that holds the case or where it was sent
/// to. `None` for an answer without any.
pub fn behind(conn: &mut Conn, site: SiteId, answer: AnswerId) -> Result<Option<(Case, Given)>> {
    let case: Option<Case> = cases::table
        .inner_join(case_answers::table)
        .filter(case_answers::id.eq(answer).and(case_answers::stage.eq(Stage::Sent)))
        .filter(cases::site_id.eq(site).or(cases::origin_site_id.eq(site)))
        .select(Case::as_select())
        .first(conn)
        .optional()?;
    let Some(case) = case else { return Ok(None) };
    let mut all = of_case(conn, case.site_id, case.id)?;
    all.retain(|(it, _)| it.answer_id == answer && it.expires_at.is_some());
    Ok((!all.is_empty()).then_some((case, all)))
}

/// The file `id` of an answer, to be taken now: counted, and gone once its time is over.
pub fn take(
    conn: &mut Conn,
    (site, now): (SiteId, NaiveDateTime),
    (answer, id): (AnswerId, SupplyId),
) -> Result<File> {
    let (_, all) = behind(conn, site, answer)?.ok_or(Error::NotFound)?;
    let (it, file) = all.into_iter().find(|(it, _)| it.id == id).ok_or(Error::NotFound)?;
    if it.expires_at.is_none_or(|until| until <= now) {
        return Err(Error::Gone);
    }
    diesel::update(case_supplies::table.filter(case_supplies::id.eq(id)))
        .set((case_supplies::times.eq(case_supplies::times + 1), case_supplies::taken_at.eq(now)))
        .execute(conn)?;
    Ok(file)
}

/// Which cases of `ids` were given files, for the register.
pub(super) fn given(conn: &mut Conn, ids: &[CaseId]) -> Result<Vec<CaseId>> {
    let mut found = Vec::new();
    for ids in ids.chunks(500) {
        let rows = case_supplies::table
            .filter(case_supplies::case_id.eq_any(ids.to_vec()))
            .filter(case_supplies::expires_at.is_not_null())
            .select(case_supplies::case_id);
        found.extend(rows.load::<CaseId>(conn)?);
    }
    Ok(found)
}

/// The names of those who looked files through.
pub fn lookers(conn: &mut Conn, all: &[(Supply, File)]) -> Result<Vec<(UserId, String)>> {
    let ids: Vec<UserId> = all.iter().filter_map(|(it, _)| it.user_id).collect();
    Ok(users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?)
}
