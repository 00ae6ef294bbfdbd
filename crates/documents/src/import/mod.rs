//! Bringing many documents at once. A line that came before and is the same changes nothing; a line
//! that cannot be taken is refused with its reason, and the others go on.

mod folder;
mod line;
mod lines;
mod register;
mod report;
mod write;

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
    sync::Arc,
};

use base::{Message, Result};
use db::{Conn, events::Actor};
use media::{
    Limits, Storage,
    incoming::{self, Incoming},
};
use sheets::Reading;

pub use folder::Folder;
use line::Keys;
pub use line::{Line, Prepared};
use lines::Trouble;
pub use register::{Beside, Entry, lines};
pub use report::Report;

use crate::{
    IssuerId, Vocabulary,
    model::Level,
    store::{
        Home,
        bulk::{self, Known},
        issuers::{self, Owner},
    },
    texts::Ahead,
    vocabulary::folded,
};

/// How many documents are written in one transaction.
const BATCH: usize = 200;

/// How many when they bring files: bytes are kept between two transactions.
const BATCH_WITH_FILES: usize = 20;

/// How many lines in a row the database may refuse without a reason that lies in them: then it
/// refuses all.
const MOST_FAILURES: usize = 5;

/// Where files are kept, and which are taken.
#[derive(Clone, Copy, Debug)]
pub struct Keeping<'a> {
    /// Where they are kept.
    pub storage: &'a Storage,
    /// Which are taken.
    pub limits: &'a Limits,
    /// What reads them before the public may have them.
    pub reading: Reading<'a>,
}

/// A line whose files are at hand.
#[derive(Clone)]
struct Arrived {
    at: usize,
    line: Line,
    files: Arc<[Incoming]>,
}

/// Where documents are brought to.
pub struct Importer<'a> {
    home: Home,
    words: &'a Vocabulary,
    actor: Actor,
    is_dry: bool,
    /// Whether everything waits for an approver.
    as_drafts: bool,
    known: Known,
    issuers: HashMap<String, IssuerId>,
    levels: BTreeMap<IssuerId, Level>,
    /// The organisations that were entered since the last transaction.
    entered: Vec<String>,
    /// What the files of the batch say.
    ahead: Ahead,
    /// How many lines in a row the database has refused.
    failures: usize,
    report: Report,
}

impl<'a> Importer<'a> {
    /// Reads what is there. A dry run reports what would be done, and does nothing.
    pub fn start(
        conn: &mut Conn,
        (home, words): (Home, &'a Vocabulary),
        actor: Actor,
        is_dry: bool,
    ) -> Result<Self> {
        let portal = home.portal;
        if !is_dry {
            conn.atomically(|conn| issuers::plant(conn, portal, &words.bodies))?;
        }
        let all = issuers::all(conn, Owner::of(home))?;
        let levels = all.iter().map(|it| (it.id, it.level)).collect();
        let mut named: HashMap<String, IssuerId> =
            all.iter().map(|it| (folded(&it.name), it.id)).collect();
        for body in &words.bodies {
            if let Some(id) = named.get(&folded(&body.name)).copied() {
                named.extend(body.aliases.iter().map(|alias| (folded(alias), id)));
            }
        }
        let known = bulk::known(conn, home.site)?;
        let report = Report::default();
        Ok(Self {
            home,
            words,
            actor,
            is_dry,
            as_drafts: false,
            known,
            issuers: named,
            levels,
            entered: Vec::new(),
            ahead: Ahead::default(),
            failures: 0,
            report,
        })
    }

    /// Leaves every new document as a draft, for approvers to publish.
    #[must_use]
    pub fn as_drafts(self, as_drafts: bool) -> Self {
        Self { as_drafts, ..self }
    }

    /// Takes a file of JSON lines, in transactions of some hundred lines.
    pub fn json_lines(mut self, conn: &mut Conn, file: impl BufRead) -> Result<Report> {
        let (mut batch, mut broken) = (Vec::new(), None);
        for (at, text) in lines::texts(file) {
            let parsed = match text {
                Ok(text) => self.parse(&text),
                Err(Trouble::Line(reason)) => Err(reason),
                Err(Trouble::File(reason)) => {
                    broken = Some((at, reason));
                    break;
                }
            };
            match parsed {
                Ok(None) => self.report.unchanged += 1,
                Ok(Some(line)) => batch.push((at, line)),
                Err(reason) => self.report.refused.push((at, reason)),
            }
            if batch.len() >= BATCH {
                self.take(conn, std::mem::take(&mut batch))?;
                if self.report.stopped.is_some() {
                    break;
                }
            }
        }
        self.take(conn, batch)?;
        self.report.stopped = self.report.stopped.or(broken);
        self.finish(conn)
    }

    /// The document that a line is; nothing where it came before and is the same.
    fn parse(&self, text: &str) -> std::result::Result<Option<Line>, Message> {
        let digest = line::digest(text.as_bytes());
        match self.known.digests.contains(&digest) {
            true => Ok(None),
            false => lines::parse(text).map(|line| Some(Line { digest, ..line })),
        }
    }

    /// Takes the rows of a register with their files, within a tokio runtime.
    pub fn rows(
        mut self,
        conn: &mut Conn,
        rows: Vec<Entry>,
        keeping: Keeping<'_>,
    ) -> Result<Report> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() && self.report.stopped.is_none() {
            let mut batch = Vec::new();
            for (at, row) in rows.by_ref().take(BATCH_WITH_FILES) {
                match row {
                    // A file that cannot be opened is told below, where it is taken.
                    Ok(line) if self.is_unchanged(&line).unwrap_or_default() => {
                        self.report.unchanged += 1;
                    }
                    Ok(line) => batch.push((at, line)),
                    Err(reason) => self.report.refused.push((at, reason)),
                }
            }
            self.take_with_files(conn, batch, keeping)?;
        }
        self.finish(conn)
    }

    /// Whether a row came before with the same files. The files of a row that never came are not
    /// looked at here: they are read once, when they are taken.
    fn is_unchanged(&self, line: &Line) -> Result<bool> {
        let Keys { key, undated } = line.keys();
        let imports = &self.known.imports;
        let Some((_, digest)) = imports.get(&key).or_else(|| imports.get(&undated)) else {
            return Ok(false);
        };
        let files: Vec<String> =
            line.paths.iter().map(|it| incoming::digest(it)).collect::<Result<_>>()?;
        Ok(line.seal(&files) == *digest)
    }

    /// Takes one batch whose files lie on this machine.
    fn take_with_files(
        &mut self,
        conn: &mut Conn,
        batch: Vec<(usize, Line)>,
        keeping: Keeping<'_>,
    ) -> Result<()> {
        let mut arrived = Vec::new();
        for (at, line) in batch {
            let files =
                line.paths.iter().map(|it| incoming::take(keeping.storage, keeping.limits, it));
            match files.collect::<Result<std::result::Result<Vec<_>, _>>>() {
                Ok(Ok(files)) => {
                    let digests: Vec<String> = files.iter().map(|it| it.digest.clone()).collect();
                    let digest = line.seal(&digests);
                    let line = Line { digest, ..line };
                    arrived.push(Arrived { at, line, files: files.into() });
                }
                Ok(Err(reason)) => self.report.refused.push((at, reason)),
                Err(err) => self.blame(at, &err, "document_import.file_closed"),
            }
        }
        self.look(conn, &mut arrived, keeping.reading)?;
        if self.is_dry {
            return self.write(conn, arrived, Some(keeping.storage)).map(drop);
        }
        let refused = self.report.refused.len();
        let digests: Vec<String> =
            arrived.iter().flat_map(|it| it.files.iter()).map(|it| it.digest.clone()).collect();
        self.keep(conn, arrived, keeping.storage);
        if self.report.refused.len() > refused || self.report.stopped.is_some() {
            incoming::forget_now(conn, keeping.storage, &digests);
        }
        Ok(())
    }

    /// Reads the files of a batch and refuses the lines whose files the public may not have.
    fn look(
        &mut self,
        conn: &mut Conn,
        arrived: &mut Vec<Arrived>,
        reading: Reading<'_>,
    ) -> Result<()> {
        let files: Vec<&Incoming> = arrived.iter().flat_map(|it| it.files.iter()).collect();
        self.ahead = Ahead::read(conn, &files, reading)?;
        arrived.retain(|it| {
            let reason = it.files.iter().find_map(|file| self.ahead.refusal(self.words, file));
            let is_good = reason.is_none();
            self.report.refused.extend(reason.map(|reason| (it.at, reason)));
            is_good
        });
        Ok(())
    }

    /// Keeps the bytes of a batch, and writes it.
    fn keep(&mut self, conn: &mut Conn, batch: Vec<Arrived>, storage: &Storage) {
        let files: Vec<&Incoming> = batch.iter().flat_map(|it| it.files.iter()).collect();
        match (incoming::keep_now(storage, &files), batch.first().map(|it| it.at)) {
            (Ok(()), _) => self.commit(conn, batch, Some(storage)),
            (Err(err), at) => self.stop(at.unwrap_or_default(), &err),
        }
    }

    /// Ends the import.
    fn finish(mut self, conn: &mut Conn) -> Result<Report> {
        let actor = self.actor;
        self.report.refused.sort_by_key(|(at, _)| *at);
        let report = &self.report;
        let counts = format!("+{} ~{} ={}", report.created, report.changed, report.unchanged);
        if !self.is_dry {
            let logged = conn.atomically(|conn| bulk::log(conn, actor, counts));
            match (logged, &self.report.stopped) {
                // Whoever reads the report must have it, most of all when the database is gone.
                (Err(err), Some(_)) => tracing::warn!("the import is not in the log: {err:?}"),
                (logged, _) => logged?,
            }
        }
        Ok(self.report)
    }
}
