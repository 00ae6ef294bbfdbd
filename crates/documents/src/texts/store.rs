//! The texts of files, by the digest of their bytes. Whether somebody may read one is decided
//! where it is asked for: by the document whose file it is.

use std::collections::{BTreeMap, BTreeSet};

use base::{Result, SiteId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    schema::{document_files, documents, file_texts, files, sites},
};
use diesel::prelude::*;
use extract::{Extracted, Failure, Flow};

use super::State;
use crate::{
    DocumentId,
    model::State as DocumentState,
    store::{CHUNK, write::TOPIC},
};

/// The reason of a file that could not be read through no fault of its own.
const UNAVAILABLE: &str = "extract.unavailable";

/// A file that waits to be read.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) digest: String,
    pub(super) kind: String,
    /// Whether the letters in its pictures are wanted.
    pub(super) ocr: bool,
}

/// How long a file rests that could not be read through no fault of its own.
const REST: TimeDelta = TimeDelta::hours(1);

/// The file of a document that nobody has looked through, whatever its site: one that the public
/// may have before all others, then the one that has waited longest.
pub(super) fn unread(conn: &mut Conn, now: NaiveDateTime) -> Result<Option<Waiting>> {
    let again = file_texts::reason.eq(UNAVAILABLE).and(file_texts::read_at.lt(now - REST));
    let row: Option<(String, String)> = document_files::table
        .inner_join(files::table.on(files::id.eq(document_files::file_id)))
        .inner_join(documents::table.on(documents::id.eq(document_files::document_id)))
        .left_join(file_texts::table.on(file_texts::digest.eq(files::digest)))
        .filter(file_texts::state.is_null().or(again.nullable()))
        .order((documents::state.ne(DocumentState::Published), files::created_at, files::id))
        .select((files::digest, files::kind))
        .first(conn)
        .optional()?;
    Ok(row.map(|(digest, kind)| Waiting { digest, kind, ocr: false }))
}

/// The file whose letters were asked for and that has waited longest, whatever its site.
pub(super) fn wanted(conn: &mut Conn) -> Result<Option<Waiting>> {
    let row: Option<(String, String)> = document_files::table
        .inner_join(files::table.on(files::id.eq(document_files::file_id)))
        .inner_join(file_texts::table.on(file_texts::digest.eq(files::digest)))
        .filter(file_texts::state.eq(State::Wanted))
        .order((files::created_at, files::id))
        .select((files::digest, files::kind))
        .first(conn)
        .optional()?;
    Ok(row.map(|(digest, kind)| Waiting { digest, kind, ocr: true }))
}

/// The first pages of the files that have been looked through, by digest; empty where there is no
/// text. What could not be read through no fault of its own is missing.
pub(super) fn tops(conn: &mut Conn, digests: Vec<String>) -> Result<BTreeMap<String, String>> {
    let mut texts = of(conn, digests)?;
    texts.retain(|_, text| text.reason != UNAVAILABLE);
    let top = |(digest, text): (String, FileText)| {
        (digest, text.pages.into_iter().next().unwrap_or_default())
    };
    Ok(texts.into_iter().map(top).collect())
}

/// What became of a file with this text. A stamp of a signature makes no text of a scan.
fn became(text: &Extracted) -> State {
    match (text.scanned, text.garbled.is_empty(), text.has_text()) {
        (true, ..) => State::Scanned,
        (false, false, _) => State::Garbled,
        (false, true, true) => State::Read,
        (false, true, false) => State::Scanned,
    }
}

/// Keeps what was read.
pub(super) fn keep(
    conn: &mut Conn,
    waiting: &Waiting,
    read: Result<Extracted, Failure>,
    now: NaiveDateTime,
) -> Result<()> {
    let (state, engine, reason, lines, pages) = match read {
        Ok(text) => {
            let state = became(&text);
            let lines = text.flow == Flow::Lines;
            (state, text.engine.to_string(), String::new(), lines, text.pages)
        }
        // Neither the file nor its letters can be had now: somebody may ask again.
        Err(_) if waiting.ocr => (State::Scanned, String::new(), String::new(), true, Vec::new()),
        Err(failure) => {
            let reason = failure.message().key().to_owned();
            (State::Failed, String::new(), reason, true, Vec::new())
        }
    };
    let pages = serde_json::to_string(&pages).map_err(anyhow::Error::from)?;
    diesel::delete(file_texts::table.find(&waiting.digest)).execute(conn)?;
    diesel::insert_into(file_texts::table)
        .values((
            file_texts::digest.eq(&waiting.digest),
            file_texts::state.eq(state),
            file_texts::engine.eq(engine),
            file_texts::reason.eq(reason),
            file_texts::lines.eq(lines),
            file_texts::pages.eq(pages),
            file_texts::read_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Says of every document with this file that it has changed.
pub(super) fn tell(conn: &mut Conn, digest: &str, now: NaiveDateTime) -> Result<()> {
    let users: Vec<(SiteId, DocumentId)> = document_files::table
        .inner_join(files::table.on(files::id.eq(document_files::file_id)))
        .filter(files::digest.eq(digest))
        .select((document_files::site_id, document_files::document_id))
        .load(conn)?;
    let mut sites = BTreeSet::new();
    for (site, document) in users {
        db::outbox::tell(conn, site, (TOPIC, document.uuid()), now)?;
        sites.insert(site);
    }
    // In one order everywhere: two transactions must not wait for each other.
    sites.into_iter().try_for_each(|site| db::epochs::raise(conn, site, now))
}

/// A document that the public reads.
#[derive(Clone, Copy, Debug, Queryable)]
pub(super) struct Published {
    pub(super) id: DocumentId,
    pub(super) site: SiteId,
    pub(super) portal: Option<SiteId>,
    pub(super) lock: i32,
}

/// The documents of all sites that the public reads and that have the file with this digest.
pub(super) fn published_with(conn: &mut Conn, digest: &str) -> Result<Vec<Published>> {
    Ok(document_files::table
        .inner_join(files::table.on(files::id.eq(document_files::file_id)))
        .inner_join(documents::table.on(documents::id.eq(document_files::document_id)))
        .inner_join(sites::table.on(sites::id.eq(documents::site_id)))
        .filter(files::digest.eq(digest))
        .filter(documents::state.eq(DocumentState::Published))
        .select((documents::id, documents::site_id, sites::portal_id, documents::lock))
        .load(conn)?)
}

/// What a file says.
#[derive(Clone, Debug)]
pub(crate) struct FileText {
    /// What became of reading it.
    pub(crate) state: State,
    /// What read it.
    pub(crate) engine: String,
    /// Why it could not be read, a key of `message.toml`.
    pub(crate) reason: String,
    /// Whether a line is a line of print.
    pub(crate) lines: bool,
    /// One text for each page.
    pub(crate) pages: Vec<String>,
}

/// The texts of files with these digests, by digest. What has not been read yet is missing.
pub(crate) fn of(conn: &mut Conn, digests: Vec<String>) -> Result<BTreeMap<String, FileText>> {
    let mut all = Vec::new();
    for chunk in digests.chunks(CHUNK) {
        let rows: Vec<(String, State, String, String, bool, String)> = file_texts::table
            .filter(file_texts::digest.eq_any(chunk.to_vec()))
            .select((
                file_texts::digest,
                file_texts::state,
                file_texts::engine,
                file_texts::reason,
                file_texts::lines,
                file_texts::pages,
            ))
            .load(conn)?;
        all.extend(rows);
    }
    all.into_iter()
        .map(|(digest, state, engine, reason, lines, pages)| {
            let pages = serde_json::from_str(&pages).map_err(anyhow::Error::from)?;
            Ok((digest, FileText { state, engine, reason, lines, pages }))
        })
        .collect()
}

/// Asks for the letters in the pictures of a file that holds no text of its own, or none that
/// anybody can read.
pub(crate) fn ask_for_ocr(conn: &mut Conn, digest: &str) -> Result<bool> {
    let unread = file_texts::state.eq_any([State::Scanned, State::Garbled]);
    let unread = file_texts::table.find(digest).filter(unread);
    Ok(diesel::update(unread).set(file_texts::state.eq(State::Wanted)).execute(conn)? == 1)
}
