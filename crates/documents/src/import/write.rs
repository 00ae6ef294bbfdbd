//! Writing what was read: a batch at a time, and whatever is wrong with a line costs that line
//! alone.

use std::sync::Arc;

use base::{Error, Message, Result};
use db::Conn;
use media::{Storage, incoming::Incoming};

use super::{Arrived, Importer, Line, MOST_FAILURES, Prepared, report};
use crate::{
    DocumentId, IssuerId,
    model::{State, checks, effect::Status},
    store::{
        bulk,
        issuers::{self, NewIssuer, Owner},
    },
    vocabulary::folded,
};

impl Importer<'_> {
    /// Takes one batch without files.
    pub(super) fn take(&mut self, conn: &mut Conn, batch: Vec<(usize, Line)>) -> Result<()> {
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
    pub(super) fn commit(
        &mut self,
        conn: &mut Conn,
        batch: Vec<Arrived>,
        storage: Option<&Storage>,
    ) {
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
    pub(super) fn blame(&mut self, at: usize, err: &Error, otherwise: &'static str) {
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
    pub(super) fn stop(&mut self, at: usize, err: &Error) {
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

    pub(super) fn write(
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
}
