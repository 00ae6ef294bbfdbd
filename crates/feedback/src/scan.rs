//! Looking through attachments for personal data, in the background and in a process with limits.
//!
//! Before staff let others read an attachment or send it on, they are told what it seems to have. Its text is kept
//! nowhere.

use std::{fs, path::Path, sync::Arc};

use base::Result;
use chrono::{Datelike, NaiveDateTime};
use db::Db;
use extract::{Failure, Limits, Tools};
use media::Storage;

use crate::{
    model::scan::{State, seen},
    store::scans::{self, Waiting},
};

/// Looks through the attachments of cases, one after the other.
#[derive(Clone)]
pub struct Scanner {
    /// Where the files are.
    pub storage: Storage,
    /// The programs that were found.
    pub tools: Arc<Tools>,
    /// What reading may cost.
    pub limits: Limits,
}

impl Scanner {
    /// Looks through the next attachment that waits; whether there was one.
    pub async fn next(&self, db: &Db, now: NaiveDateTime) -> Result<bool> {
        let Some(waiting) = db.read(move |conn| scans::waiting(conn, now)).await? else {
            return Ok(false);
        };
        let (tools, limits, asked) = (self.tools.clone(), self.limits, waiting.clone());
        let read = match self.storage.copy(&waiting.digest).await {
            Ok(copy) => web::off_thread(move || read(&asked, copy.path(), &tools, &limits)).await?,
            Err(err) => Err(Failure::Unavailable(format!("{err:?}"))),
        };
        let year = u16::try_from(base::time::local(now).year()).unwrap_or(u16::MAX);
        let (state, found) = match read {
            Ok(text) => (State::Read, seen(&text, year)),
            Err(failure) if failure.is_passing() => (State::Later, Default::default()),
            Err(_) => (State::Unread, Default::default()),
        };
        db.write(move |conn| scans::keep(conn, waiting.file, (state, &found), now)).await?;
        Ok(true)
    }
}

/// The text of a file; of its pictures too where letters in pictures can be read here.
fn read(asked: &Waiting, path: &Path, tools: &Tools, limits: &Limits) -> Result<String, Failure> {
    if asked.kind.starts_with("text/") {
        let bytes = fs::read(path).map_err(|err| Failure::Unavailable(err.to_string()))?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let mut text = extract::text(path, &asked.kind, tools, limits)?;
    if !text.scans.is_empty() || !text.garbled.is_empty() {
        // A page that nobody has read may have anything on it.
        let more = extract::ocr(path, &asked.kind, text.pages.len(), tools, limits)?;
        text.pages.extend(more.pages);
    }
    Ok(text.pages.join("\n"))
}
