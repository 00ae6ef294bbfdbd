//! The text of documents' files, read in the background: what a search finds in them, and what
//! a screen reader can read beside a PDF. The files themselves never change.

mod ahead;
mod store;
mod withdraw;

use std::sync::Arc;

use base::{Message, Result};
use chrono::NaiveDateTime;
use db::Db;
use extract::{Extracted, Failure, Flow, Limits, Tools, readable::Place};
use media::Storage;
use theme::{Html, Words};

pub(crate) use self::ahead::Ahead;
use self::store::Waiting;
pub(crate) use self::store::{FileText, ask_for_ocr, of};
use crate::Vocabulary;

base::text_enum!(
    /// What became of a file's text.
    State {
        /// It was read.
        Read = "read",
        /// It is pictures of text, and holds none.
        Scanned = "scanned",
        /// Pages of it have a text that nobody can read: its fonts do not say which letters they
        /// draw. What can be read is kept.
        Garbled = "garbled",
        /// The letters in its pictures are to be read (OCR).
        Wanted = "wanted",
        /// It could not be read; the reason is kept.
        Failed = "failed",
    }
);

/// The level of a file's highest heading: it stands below the heading of its own section.
const TOP: u8 = 3;

/// Reads the files of documents.
#[derive(Clone)]
pub struct Reader {
    /// Where the files are.
    pub storage: Storage,
    /// The programs that were found.
    pub tools: Arc<Tools>,
    /// What reading may cost.
    pub limits: Limits,
    /// The marks that no public file may bear.
    pub vocabulary: Arc<Vocabulary>,
    /// What the staff is told of a file that bears one.
    pub words: Words,
}

impl Reader {
    /// Reads the next file that waits, letters last; whether there was one.
    pub async fn next(&self, db: &Db, now: NaiveDateTime) -> Result<bool> {
        Ok(self.look(db, now).await? || self.letters(db, now).await?)
    }

    /// Looks through the next file that nobody has; whether there was one. What could not even be
    /// begun is tried again later, and holds up no other file.
    pub async fn look(&self, db: &Db, now: NaiveDateTime) -> Result<bool> {
        let waiting = db.read(move |conn| store::unread(conn, now)).await?;
        self.take(db, waiting, now).await
    }

    /// Reads the letters in the pictures of the next file that somebody wants them of (OCR), which
    /// may take an hour: files that nobody has looked through must not wait behind it.
    pub async fn letters(&self, db: &Db, now: NaiveDateTime) -> Result<bool> {
        let waiting = db.read(store::wanted).await?;
        self.take(db, waiting, now).await
    }

    async fn take(&self, db: &Db, waiting: Option<Waiting>, now: NaiveDateTime) -> Result<bool> {
        let Some(waiting) = waiting else { return Ok(false) };
        let (tools, limits, asked) = (self.tools.clone(), self.limits, waiting.clone());
        let read = match self.storage.copy(&waiting.digest).await {
            Ok(copy) => web::off_thread(move || read(&asked, copy.path(), &tools, &limits)).await?,
            Err(err) => Err(Failure::Unavailable(format!("{err:?}"))),
        };
        if let Err(failure) = &read {
            tracing::info!(digest = waiting.digest, "a file has no text: {failure}");
        }
        let mark = read.as_ref().ok().and_then(|text| stamp(&self.vocabulary, text));
        let remark = mark
            .map(|mark| self.words.say(&Message::new("document.secret_file").with("mark", mark)));
        db.write(move |conn| {
            store::keep(conn, &waiting, read, now)?;
            store::tell(conn, &waiting.digest, now)?;
            match remark {
                Some(remark) => withdraw::all_with(conn, &waiting.digest, &remark, now),
                None => Ok(()),
            }
        })
        .await?;
        Ok(true)
    }
}

/// The mark of secrecy that the first page of a file bears (VH-2).
fn stamp(words: &Vocabulary, text: &Extracted) -> Option<String> {
    words.secrecy.mark("", text.pages.first()?).map(str::to_owned)
}

/// Reads the text of a file; its pictures when somebody asked for that.
fn read(
    asked: &Waiting,
    path: &std::path::Path,
    tools: &Tools,
    limits: &Limits,
) -> Result<Extracted, Failure> {
    let text = extract::text(path, &asked.kind, tools, limits)?;
    if !asked.ocr {
        return Ok(text);
    }
    match extract::ocr(path, &asked.kind, text.pages.len(), tools, limits) {
        Ok(read) => Ok(read),
        // The letters cannot be had: the file is what it was before.
        Err(failure) => {
            tracing::info!(digest = asked.digest, "the letters of a file were not read: {failure}");
            Ok(text)
        }
    }
}

/// What the anchors of a document's file begin with, `number` counted from 1.
pub(crate) fn prefix(number: usize) -> String {
    format!("tep-{number}-")
}

/// Where a page of a document's file begins on the page of the document.
pub(crate) fn page_anchor(number: usize, page: u32) -> String {
    format!("{}trang-{page}", prefix(number))
}

impl FileText {
    /// Why there is no text to read, in words for readers.
    pub(crate) fn trouble(&self) -> Option<Message> {
        match self.state {
            State::Read => None,
            State::Scanned => Some(Message::new("document.file_scanned")),
            State::Garbled if self.has_text() => Some(Message::new("document.file_partly_garbled")),
            State::Garbled => Some(Message::new("document.file_garbled")),
            State::Wanted => Some(Message::new("document.file_wanted")),
            State::Failed => Some(Message::new("document.file_unread")),
        }
    }

    /// Whether the letters in its pictures may be asked for.
    pub(crate) fn can_ocr(&self) -> bool {
        matches!(self.state, State::Scanned | State::Garbled)
    }

    fn has_text(&self) -> bool {
        self.pages.iter().any(|page| !page.is_empty())
    }

    /// The text as a page shows it; nothing when there is none, or none but what was stamped on
    /// the pictures of a scan. `prefix` begins its anchors. Takes time: not for threads that serve.
    pub(crate) fn readable(&self, prefix: &str) -> Option<Html> {
        if self.state == State::Scanned {
            return None;
        }
        let flow = if self.lines { Flow::Lines } else { Flow::Paragraphs };
        let readable = extract::readable::readable(&self.pages, flow, Place { top: TOP, prefix });
        // Escaped by its maker: nothing of the file's own markup is in it.
        (!readable.html.is_empty()).then(|| Html::stored(readable.html))
    }
}
