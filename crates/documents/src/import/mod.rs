//! Bringing many documents at once. A line that came before and is the same changes nothing; a line
//! that cannot be taken is refused with its reason, and the others go on.

mod folder;
mod line;
mod register;

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
};

use base::{Message, Result};
use db::{Conn, events::Actor};
use media::{
    Limits, Storage,
    incoming::{self, Incoming},
};

pub use folder::Folder;
use line::Keys;
pub use line::{Line, Prepared};
pub use register::{Beside, Entry, lines};

use crate::{
    DocumentId, IssuerId, Vocabulary,
    model::{Level, State, checks, effect::Status},
    store::{
        Home,
        bulk::{self, Known},
        issuers::{self, NewIssuer, Owner},
    },
    vocabulary::folded,
};

/// How many documents are written in one transaction.
const BATCH: usize = 200;

/// How many when they bring files: bytes are kept between two transactions.
const BATCH_WITH_FILES: usize = 20;

/// Where files are kept, and which are taken.
#[derive(Clone, Copy, Debug)]
pub struct Keeping<'a> {
    /// Where they are kept.
    pub storage: &'a Storage,
    /// Which are taken.
    pub limits: &'a Limits,
}

/// What became of an import.
#[derive(Debug, Default)]
pub struct Report {
    /// How many documents were new, those that wait as drafts included.
    pub created: usize,
    /// How many of them the public reads.
    pub published: usize,
    /// How many came before and are the same.
    pub unchanged: usize,
    /// How many came before and were brought up to date.
    pub changed: usize,
    /// Lines that could not be taken.
    pub refused: Vec<(usize, Message)>,
    /// Lines whose document waits as a draft for what it lacks.
    pub drafts: Vec<(usize, Message)>,
    /// Lines whose number another document of the same issuer and year has.
    pub doubled: Vec<(usize, String)>,
    /// How many relations the abstracts told of.
    pub relations: usize,
    /// Organisations that nobody had entered before.
    pub issuers: Vec<String>,
}

/// A line whose files are at hand.
struct Arrived {
    at: usize,
    line: Line,
    files: Vec<Incoming>,
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
        let mut batch = Vec::new();
        for (at, text) in file.lines().enumerate() {
            let text = text.map_err(anyhow::Error::from)?;
            if text.trim().is_empty() {
                continue;
            }
            let digest = line::digest(text.as_bytes());
            if self.known.digests.contains(&digest) {
                self.report.unchanged += 1;
                continue;
            }
            match serde_json::from_str::<Line>(&text) {
                Ok(line) => batch.push((at + 1, Line { digest, ..line })),
                Err(err) => {
                    let message = Message::new("document_import.json").with("column", err.column());
                    self.report.refused.push((at + 1, message));
                }
            }
            if batch.len() >= BATCH {
                self.take(conn, std::mem::take(&mut batch))?;
            }
        }
        self.take(conn, batch)?;
        self.finish(conn)
    }

    /// Takes the rows of a register with their files, within a tokio runtime.
    pub fn rows(
        mut self,
        conn: &mut Conn,
        rows: Vec<Entry>,
        keeping: Keeping<'_>,
    ) -> Result<Report> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut batch = Vec::new();
            for (at, row) in rows.by_ref().take(BATCH_WITH_FILES) {
                match row {
                    Ok(line) if self.is_unchanged(&line)? => self.report.unchanged += 1,
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
            match files.collect::<Result<std::result::Result<Vec<_>, _>>>()? {
                Ok(files) => {
                    let digests: Vec<String> = files.iter().map(|it| it.digest.clone()).collect();
                    let digest = line.seal(&digests);
                    arrived.push(Arrived { at, line: Line { digest, ..line }, files });
                }
                Err(reason) => self.report.refused.push((at, reason)),
            }
        }
        if self.is_dry {
            return self.write(conn, arrived, Some(keeping.storage)).map(drop);
        }
        let files: Vec<&Incoming> = arrived.iter().flat_map(|it| &it.files).collect();
        let digests: Vec<String> = files.iter().map(|it| it.digest.clone()).collect();
        let kept = incoming::keep_now(keeping.storage, &files);
        let done = kept.and_then(|()| self.commit(conn, arrived, Some(keeping.storage)));
        if done.is_err() {
            incoming::forget_now(conn, keeping.storage, &digests);
        }
        done
    }

    /// Takes one batch without files.
    fn take(&mut self, conn: &mut Conn, batch: Vec<(usize, Line)>) -> Result<()> {
        let batch = batch.into_iter().map(|(at, line)| Arrived { at, line, files: Vec::new() });
        match self.is_dry {
            true => self.write(conn, batch.collect(), None).map(drop),
            false => self.commit(conn, batch.collect(), None),
        }
    }

    /// Writes one batch, and ties its relations. A batch that fails leaves nothing: what was
    /// learnt of it is of no use either.
    fn commit(
        &mut self,
        conn: &mut Conn,
        batch: Vec<Arrived>,
        storage: Option<&Storage>,
    ) -> Result<()> {
        let (actor, portal) = (self.actor, self.home.portal);
        conn.atomically(|conn| {
            let keys = self.write(conn, batch, storage)?;
            bulk::tie(conn, actor, portal, &keys)
        })
    }

    fn write(
        &mut self,
        conn: &mut Conn,
        batch: Vec<Arrived>,
        storage: Option<&Storage>,
    ) -> Result<Vec<String>> {
        let mut new: Vec<Prepared> = Vec::new();
        let mut keys = Vec::new();
        for Arrived { at, line, files } in batch {
            let issuer = match line.refusal(self.words) {
                Some(reason) => {
                    self.report.refused.push((at, reason));
                    continue;
                }
                None => self.issuer(conn, &line.issuer)?,
            };
            let mut prepared = line.prepare(self.words, issuer, files);
            self.adopt(&mut prepared);
            match self.known.imports.get(&prepared.key).cloned() {
                Some((_, digest)) if digest == prepared.digest => self.report.unchanged += 1,
                Some((id, _)) => {
                    self.report.changed += 1;
                    keys.push(prepared.sheet.number.key.clone());
                    self.change(conn, id, prepared, storage)?;
                }
                None => {
                    self.settle(at, &mut prepared);
                    self.report.created += 1;
                    self.report.published += usize::from(prepared.state == State::Published);
                    keys.push(prepared.sheet.number.key.clone());
                    new.push(prepared);
                }
            }
        }
        self.report.relations += new.iter().map(|it| it.relations.len()).sum::<usize>();
        if !self.is_dry {
            bulk::insert(conn, self.actor, &new, storage)?;
        }
        keys.retain(|key| !key.is_empty());
        Ok(keys)
    }

    /// A line that has got its day since it came before is still the same line.
    fn adopt(&self, new: &mut Prepared) {
        if !self.known.imports.contains_key(&new.key)
            && self.known.imports.contains_key(&new.undated_key)
        {
            new.key = new.undated_key.clone();
        }
    }

    /// Finds the document a place of its own: state, address, and a reason where its number is
    /// another's as well.
    fn settle(&mut self, at: usize, new: &mut Prepared) {
        new.state = self.state(at, new);
        new.slug = self.known.free_slug(&new.sheet.slug());
        let number = &new.sheet.number;
        let taken = (new.sheet.issuer, number.key.clone(), new.sheet.year());
        if !number.key.is_empty() && !number.pending && !self.known.numbers.insert(taken) {
            self.report.doubled.push((at, number.shown.clone()));
            new.sheet.duplicate_reason = "import".into();
            // A person decides whether both are right.
            new.state = State::Draft;
        }
        self.known.imports.insert(new.key.clone(), (new.id, new.digest.clone()));
    }

    /// What lacks something the law demands waits as a draft.
    fn state(&mut self, at: usize, new: &Prepared) -> State {
        let sheet = &new.sheet;
        let subject = checks::Subject {
            register: Some(sheet.register),
            has_type: true,
            number: &sheet.number.shown,
            pending: sheet.number.pending,
            level: self.levels.get(&sheet.issuer).copied(),
            summary: &sheet.summary,
            issued: sheet.issued,
            effective: sheet.effective,
            expiry: sheet.expiry,
            has_body: !sheet.articles.is_empty() || !new.files.is_empty(),
            status: Some(Status::Unknown),
            ..checks::Subject::default()
        };
        match checks::flaws(&subject).into_iter().find(|flaw| flaw.grave) {
            Some(flaw) => {
                self.report.drafts.push((at, flaw.message));
                State::Draft
            }
            None if self.as_drafts => State::Draft,
            None => State::Published,
        }
    }

    fn change(
        &mut self,
        conn: &mut Conn,
        id: DocumentId,
        new: Prepared,
        storage: Option<&Storage>,
    ) -> Result<()> {
        let digest = (id, new.digest.clone());
        if !self.is_dry {
            bulk::change(conn, (self.actor, self.home), id, &new, storage)?;
        }
        self.known.imports.insert(new.key, digest);
        Ok(())
    }

    /// The organisation of this name, kept anew where nobody has it.
    fn issuer(&mut self, conn: &mut Conn, name: &str) -> Result<IssuerId> {
        let key = folded(name);
        if let Some(id) = self.issuers.get(&key) {
            return Ok(*id);
        }
        let name = base::text::line(name);
        self.report.issuers.push(name.clone());
        let level = self.words.level_of(&name);
        let new = NewIssuer::named(level, name);
        let id = match self.is_dry {
            true => IssuerId::new(),
            false => issuers::create(conn, Owner::of(self.home), &new)?,
        };
        self.issuers.insert(key, id);
        self.levels.insert(id, level);
        Ok(id)
    }

    /// Ends the import.
    fn finish(mut self, conn: &mut Conn) -> Result<Report> {
        let actor = self.actor;
        self.report.refused.sort_by_key(|(at, _)| *at);
        let report = &self.report;
        let counts = format!("+{} ~{} ={}", report.created, report.changed, report.unchanged);
        if !self.is_dry {
            conn.atomically(|conn| bulk::log(conn, actor, counts))?;
        }
        Ok(self.report)
    }
}
