//! Bringing many documents at once. A line that came before and is the same changes nothing; a line
//! that cannot be taken is refused with its reason, and the others go on.

mod line;

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
};

use base::{Message, Result};
use db::{Conn, events::Actor};

pub use line::{Line, Prepared};

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

/// What became of an import.
#[derive(Debug, Default)]
pub struct Report {
    /// How many documents were new.
    pub created: usize,
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
}

/// Where documents are brought to.
pub struct Importer<'a> {
    home: Home,
    words: &'a Vocabulary,
    actor: Actor,
    is_dry: bool,
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
        Ok(Self { home, words, actor, is_dry, known, issuers: named, levels, report })
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

    /// Takes lines that were read already, each with its place in the file.
    pub fn lines(mut self, conn: &mut Conn, lines: Vec<(usize, Line)>) -> Result<Report> {
        let mut lines = lines.into_iter().peekable();
        while lines.peek().is_some() {
            let batch: Vec<(usize, Line)> = lines.by_ref().take(BATCH).collect();
            self.take(conn, batch)?;
        }
        self.finish(conn)
    }

    /// Takes one batch, and ties its relations.
    fn take(&mut self, conn: &mut Conn, batch: Vec<(usize, Line)>) -> Result<()> {
        if self.is_dry {
            return self.write(conn, batch).map(drop);
        }
        let (actor, portal) = (self.actor, self.home.portal);
        // A batch that fails leaves nothing: what was learnt of it is of no use either.
        conn.atomically(|conn| {
            let keys = self.write(conn, batch)?;
            bulk::tie(conn, actor, portal, &keys)
        })
    }

    fn write(&mut self, conn: &mut Conn, batch: Vec<(usize, Line)>) -> Result<Vec<String>> {
        let mut new: Vec<Prepared> = Vec::new();
        let mut keys = Vec::new();
        for (at, line) in batch {
            let issuer = match line.refusal(self.words) {
                Some(reason) => {
                    self.report.refused.push((at, reason));
                    continue;
                }
                None => self.issuer(conn, &line.issuer)?,
            };
            let mut prepared = line.prepare(self.words, issuer);
            match self.known.imports.get(&prepared.key).cloned() {
                Some((_, digest)) if digest == prepared.digest => self.report.unchanged += 1,
                Some((id, _)) => {
                    self.report.changed += 1;
                    keys.push(prepared.sheet.number.key.clone());
                    self.change(conn, id, prepared)?;
                }
                None => {
                    self.settle(at, &mut prepared);
                    self.report.created += 1;
                    keys.push(prepared.sheet.number.key.clone());
                    new.push(prepared);
                }
            }
        }
        self.report.relations += new.iter().map(|it| it.relations.len()).sum::<usize>();
        if !self.is_dry {
            bulk::insert(conn, self.actor, &new)?;
        }
        keys.retain(|key| !key.is_empty());
        Ok(keys)
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
            has_body: !sheet.articles.is_empty(),
            status: Some(Status::Unknown),
            ..checks::Subject::default()
        };
        match checks::flaws(&subject).into_iter().find(|flaw| flaw.grave) {
            Some(flaw) => {
                self.report.drafts.push((at, flaw.message));
                State::Draft
            }
            None => State::Published,
        }
    }

    fn change(&mut self, conn: &mut Conn, id: DocumentId, new: Prepared) -> Result<()> {
        let digest = (id, new.digest.clone());
        if !self.is_dry {
            bulk::change(conn, self.actor, self.home, id, &new)?;
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
        let level = self.words.level_of(&name);
        let new = NewIssuer {
            level,
            name,
            name_en: String::new(),
            abbreviation: String::new(),
            unit_code: String::new(),
            valid_from: None,
            valid_to: None,
            successors: Vec::new(),
        };
        let id = match self.is_dry {
            true => IssuerId::new(),
            false => issuers::create(conn, Owner::of(self.home), &new)?,
        };
        self.issuers.insert(key, id);
        self.levels.insert(id, level);
        Ok(id)
    }

    /// Ends the import.
    fn finish(self, conn: &mut Conn) -> Result<Report> {
        let actor = self.actor;
        if !self.is_dry {
            conn.atomically(|conn| bulk::log(conn, actor))?;
        }
        Ok(self.report)
    }
}
