//! What a program saw in attachments: kinds and numbers, never the text.

use std::collections::BTreeMap;

use base::{Result, SiteId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    schema::{case_files, case_scans, files},
};
use diesel::prelude::*;
use media::FileId;

use crate::{CaseId, model::scan::State};

/// An attachment that nobody has looked through.
#[derive(Clone, Debug, Queryable)]
pub struct Waiting {
    /// The file.
    pub file: FileId,
    /// Its media type.
    pub kind: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
}

/// How long one rests that could not be read through no fault of its own.
const REST: TimeDelta = TimeDelta::hours(1);

/// The attachment that has waited longest, whatever its site.
pub fn waiting(conn: &mut Conn, now: NaiveDateTime) -> Result<Option<Waiting>> {
    let again = case_scans::state.eq(State::Later).and(case_scans::at.lt(now - REST));
    Ok(case_files::table
        .inner_join(files::table)
        .left_join(case_scans::table.on(case_scans::file_id.eq(case_files::file_id)))
        .filter(case_scans::state.is_null().or(again.nullable()))
        .order((files::created_at, files::id))
        .select((files::id, files::kind, files::digest))
        .first(conn)
        .optional()?)
}

/// Keeps what was seen in a file; one that was deleted meanwhile is let go.
pub fn keep(
    conn: &mut Conn,
    file: FileId,
    (state, found): (State, &BTreeMap<String, usize>),
    now: NaiveDateTime,
) -> Result<()> {
    let row: Option<(CaseId, SiteId)> = case_files::table
        .filter(case_files::file_id.eq(file))
        .select((case_files::case_id, case_files::site_id))
        .first(conn)
        .optional()?;
    let Some((case, site)) = row else { return Ok(()) };
    let found = serde_json::to_string(found).map_err(anyhow::Error::from)?;
    diesel::delete(case_scans::table.find(file)).execute(conn)?;
    diesel::insert_into(case_scans::table)
        .values((
            case_scans::file_id.eq(file),
            case_scans::case_id.eq(case),
            case_scans::site_id.eq(site),
            case_scans::state.eq(state),
            case_scans::found.eq(found),
            case_scans::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// What was seen in an attachment.
#[derive(Clone, Debug)]
pub struct Scan {
    /// What became of looking.
    pub state: State,
    /// Kinds of personal data and how often.
    pub found: BTreeMap<String, usize>,
}

impl Scan {
    /// Whether a program looked and saw nothing personal.
    pub fn is_clear(&self) -> bool {
        self.state == State::Read && self.found.is_empty()
    }
}

/// What was seen in the attachments of a case that `site` holds; those not looked through yet are missing.
pub fn of_case(conn: &mut Conn, site: SiteId, id: CaseId) -> Result<BTreeMap<FileId, Scan>> {
    let rows: Vec<(FileId, State, String)> = case_scans::table
        .filter(case_scans::site_id.eq(site).and(case_scans::case_id.eq(id)))
        .select((case_scans::file_id, case_scans::state, case_scans::found))
        .load(conn)?;
    let scan = |(file, state, found): (FileId, State, String)| {
        let found = serde_json::from_str(&found).unwrap_or_default();
        (file, Scan { state, found })
    };
    Ok(rows.into_iter().map(scan).collect())
}
