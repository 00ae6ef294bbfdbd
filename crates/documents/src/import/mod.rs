//! Bringing many documents at once. A line that came before and is the same changes nothing; a line
//! that cannot be taken is refused with its reason, and the others go on.

mod folder;
mod line;
mod lines;
mod register;
mod report;

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
    sync::Arc,
};

use base::{Error, Message, Result};
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
    DocumentId, IssuerId, Vocabulary,
    model::{Level, State, checks, effect::Status},
    store::{
        Home,
        bulk::{self, Known},
        issuers::{self, NewIssuer, Owner},
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

    /// Takes one batch without files.
    fn take(&mut self, conn: &mut Conn, batch: Vec<(usize, Line)>) -> Result<()> {
        let none: Arc<[Incoming]> = Arc::new([]);
        let batch =
            batch.into_iter().map(|(at, line)| Arrived { at, line, files: Arc::clone(&none) });
        match self.is_dry {
            true => self.write(conn, batch.collect(), None).map(drop),
            false => {
                self.commit(conn, batch.collect(), None);
                Ok(())
            }
        }
    }

    /// Writes one batch. When the database does not take it, its lines are written one by one, and
    /// whatever is wrong with one of them costs that line alone.
    fn commit(&mut self, conn: &mut Conn, batch: Vec<Arrived>, storage: Option<&Storage>) {
        let mut batch = batch;
        if batch.is_empty() || self.report.stopped.is_some() {
            return;
        }
        let Err(err) = self.try_commit(conn, batch.clone(), storage) else {
            self.failures = 0;
            return;
        };
        match (batch.len(), batch.pop()) {
            (1, Some(line)) => self.blame(line.at, &err, "document_import.store"),
            (_, last) => {
                let lines = batch.into_iter().chain(last);
                lines.for_each(|line| self.commit(conn, vec![line], storage));
            }
        }
    }

    /// Refuses a line for what went wrong with it. Where every line goes wrong, the import ends.
    fn blame(&mut self, at: usize, err: &Error, otherwise: &'static str) {
        let known = report::words(err);
        if known.is_none() {
            tracing::warn!(line = at, "a line was not taken: {err:?}");
            self.failures += 1;
        }
        self.report.refused.push((at, known.unwrap_or_else(|| Message::new(otherwise))));
        if self.failures >= MOST_FAILURES {
            self.stop(at, err);
        }
    }

    /// Ends the import early.
    fn stop(&mut self, at: usize, err: &Error) {
        tracing::warn!(line = at, "the import ended: {err:?}");
        let reason = report::words(err).unwrap_or_else(|| "document_import.no_store".into());
        self.report.stopped = Some((at, reason));
    }

    /// Writes one batch, and ties its relations. A batch that fails leaves nothing: what was
    /// learnt of it is forgotten.
    fn try_commit(
        &mut self,
        conn: &mut Conn,
        batch: Vec<Arrived>,
        storage: Option<&Storage>,
    ) -> Result<()> {
        let (actor, portal) = (self.actor, self.home.portal);
        let before = std::mem::take(&mut self.report);
        let done = conn.atomically(|conn| {
            let keys = self.write(conn, batch, storage)?;
            bulk::tie(conn, actor, portal, &keys)
        });
        let told = std::mem::replace(&mut self.report, before);
        match &done {
            Ok(()) => {
                self.report.add(told);
                self.known.keep();
                self.entered.clear();
            }
            Err(_) => {
                self.known.forget();
                let gone = self.entered.drain(..).filter_map(|key| self.issuers.remove(&key));
                for id in gone {
                    self.levels.remove(&id);
                }
            }
        }
        done
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
                    self.keep_texts(conn, &prepared)?;
                    keys.push(prepared.sheet.number.key.clone());
                    self.change(conn, id, prepared, storage)?;
                }
                None => {
                    self.settle(at, &mut prepared);
                    self.keep_texts(conn, &prepared)?;
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

    /// Keeps what its files say together with the document.
    fn keep_texts(&self, conn: &mut Conn, new: &Prepared) -> Result<()> {
        match self.is_dry {
            true => Ok(()),
            false => self.ahead.keep(conn, &new.files, self.actor.now),
        }
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
        if !number.key.is_empty() && !number.pending && !self.known.take_number(taken) {
            self.report.doubled.push((at, number.shown.clone()));
            new.sheet.duplicate_reason = "import".into();
            // A person decides whether both are right.
            new.state = State::Draft;
        }
        self.known.learn(new.key.clone(), new.id, new.digest.clone());
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
        if !self.is_dry {
            bulk::change(conn, (self.actor, self.home), id, &new, storage)?;
        }
        self.known.learn(new.key, id, new.digest);
        Ok(())
    }

    /// The organisation of this name, kept anew where nobody has it.
    fn issuer(&mut self, conn: &mut Conn, name: &str) -> Result<IssuerId> {
        let key = folded(name);
        if let Some(id) = self.issuers.get(&key) {
            return Ok(*id);
        }
        let (name, owner) = (base::text::line(name), Owner::of(self.home));
        let level = self.words.level_of(&name);
        // Somebody may have entered it since the import began.
        let id = match (issuers::by_name(conn, owner, &name)?, self.is_dry) {
            (Some(id), _) => id,
            (None, true) => self.is_new(name, IssuerId::new()),
            (None, false) => {
                let id = issuers::create(conn, owner, &NewIssuer::named(level, name.clone()))?;
                self.is_new(name, id)
            }
        };
        self.issuers.insert(key.clone(), id);
        self.levels.insert(id, level);
        self.entered.push(key);
        Ok(id)
    }

    fn is_new(&mut self, name: String, id: IssuerId) -> IssuerId {
        self.report.issuers.push(name);
        id
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
