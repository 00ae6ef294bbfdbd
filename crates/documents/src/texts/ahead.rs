//! Files of an import, read before anybody may have them: a stamp of secrecy is in the file alone
//! (VH-2), and who publishes on a screen has seen the file; an import has nobody who looks.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    thread::{self, ScopedJoinHandle},
};

use base::{Message, Result};
use chrono::NaiveDateTime;
use db::Conn;
use extract::{Extracted, Failure};
use media::incoming::Incoming;
use sheets::Reading;

use super::store::{self, Waiting};
use crate::Vocabulary;

/// What files say, by the digest of their bytes.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// The first pages of those that were read at some other time.
    known: BTreeMap<String, String>,
    /// What became of the others just now.
    read: BTreeMap<String, (Waiting, Result<Extracted, Failure>)>,
}

impl Ahead {
    /// Reads those of `files` that have not been read yet, as many at a time as there are
    /// processors. What has been read stays to be [kept](Self::keep).
    pub(crate) fn read(conn: &mut Conn, files: &[&Incoming], reading: Reading<'_>) -> Result<Self> {
        let known = store::tops(conn, files.iter().map(|it| it.digest.clone()).collect())?;
        let mut seen = BTreeSet::new();
        let mut new: Vec<&Incoming> = files.to_vec();
        new.retain(|it| !known.contains_key(&it.digest) && seen.insert(&it.digest));
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let share = new.len().div_ceil(processors).max(1);
        let read = thread::scope(|scope| {
            let read = |files: &[&Incoming]| files.iter().map(|it| text(it, reading)).collect();
            let threads: Vec<_> =
                new.chunks(share).map(|files| scope.spawn(move || read(files))).collect();
            threads.into_iter().map(ScopedJoinHandle::join).collect::<thread::Result<Vec<Vec<_>>>>()
        });
        let read = read.map_err(|_panic| anyhow::anyhow!("reading files broke off"))?;
        let read = read.into_iter().flatten().map(|it| (it.0.digest.clone(), it)).collect();
        Ok(Self { known, read })
    }

    /// Why `file` may not be published: it bears a mark, or nobody could look whether it does.
    pub(crate) fn refusal(&self, words: &Vocabulary, file: &Incoming) -> Option<Message> {
        let top = match self.read.get(&file.digest) {
            Some((_, Err(failure))) if failure.is_passing() => {
                return Some(Message::new("document_import.unread").with("name", &file.name));
            }
            // Locked, damaged or pictures alone: there is no text to look at, as on the screens.
            Some((_, Err(_))) => return None,
            Some((_, Ok(text))) => text.pages.first(),
            None => self.known.get(&file.digest),
        };
        let mark = words.secrecy.mark("", top?)?;
        let told = Message::new("document_import.secret_file").with("mark", mark);
        Some(told.with("name", &file.name))
    }

    /// Keeps what was read of `files`, so that it is not read again.
    pub(crate) fn keep(
        &self,
        conn: &mut Conn,
        files: &[Incoming],
        now: NaiveDateTime,
    ) -> Result<()> {
        let read = files.iter().filter_map(|it| self.read.get(&it.digest));
        for (asked, text) in read {
            store::keep(conn, asked, text.clone(), now)?;
        }
        Ok(())
    }
}

/// Reads one file.
fn text(file: &Incoming, reading: Reading<'_>) -> (Waiting, Result<Extracted, Failure>) {
    let kind = file.kind.media.to_owned();
    let asked = Waiting { digest: file.digest.clone(), kind, ocr: false };
    let text = match file.copied() {
        Ok(copy) => super::read(&asked, copy.path(), reading.tools, reading.limits),
        Err(err) => Err(Failure::Unavailable(format!("{err:?}"))),
    };
    if let Err(failure) = &text {
        tracing::info!(digest = file.digest, "a file has no text: {failure}");
    }
    (asked, text)
}
