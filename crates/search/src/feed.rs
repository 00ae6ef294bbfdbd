//! Keeps the index in step with the database.
//!
//! Every public change leaves a row in the outbox, in its own transaction. A round reads the
//! rows after the index's position, asks the features what the public finds of them now, and
//! commits that together with the new position: a process that dies in between does the round
//! again. An index that is lost, damaged or too old to catch up is built anew beside the old.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use base::{Result, SiteId, uuid::Uuid};
use chrono::{NaiveDate, NaiveDateTime};
use db::{Conn, Db, outbox};

use crate::{
    Change, Engine, Facet, Item, MOST, Order, Position, Query, Rebuilt, Source, Start, Subject,
    Successors,
};

/// The topic of a site as a whole: everything it has is looked at again.
pub const SITE: &str = "site";

/// The topic that asks every process to build its index anew.
pub const REBUILD: &str = "rebuild";

/// The topic of names that ended and what became of them: all of them are read again.
pub const UNITS: &str = "units";

/// How many rows of the outbox make a round.
const ROUND: i64 = 1000;

/// How many subjects are read at once: what they say lies in memory, and may be whole books.
const BATCH: usize = 100;

/// Subjects to look at again, by topic.
type Wanted = BTreeMap<&'static str, BTreeSet<Subject>>;

/// How long the feed rests when nothing happens. A change is found within this and a commit.
const REST: Duration = Duration::from_millis(200);

/// How often old rows of the outbox are dropped, in rounds.
const PRUNE_EVERY: u32 = 5 * 60 * 60;

/// The index and what it is fed from; cheap to clone.
#[derive(Clone)]
pub struct Feed {
    db: Db,
    engine: Arc<Engine>,
    sources: Arc<[Box<dyn Source>]>,
    /// Former units that are known beside those of the sources.
    units: Arc<Successors>,
    /// Whether the engine has been told of the former units since this process began.
    told: Arc<AtomicBool>,
}

impl Feed {
    /// A feed of `engine` from the `sources` in `db`; `units` are former units that no source
    /// knows.
    pub fn new(
        db: Db,
        engine: Arc<Engine>,
        sources: Vec<Box<dyn Source>>,
        units: Successors,
    ) -> Self {
        let told = Arc::new(AtomicBool::new(false));
        Self { db, engine, sources: sources.into(), units: Arc::new(units), told }
    }

    /// The index.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// What readers call `value` of `facet`; `None` where the value is its own name.
    pub fn label(&self, facet: Facet, value: &str) -> Option<String> {
        self.sources.iter().find_map(|source| source.label(facet, value))
    }

    /// The values of a facet that is a closed list; empty for one that is open.
    pub fn values(&self, facet: Facet) -> Vec<String> {
        let all = self.sources.iter().flat_map(|source| source.values(facet));
        all.collect::<BTreeSet<String>>().into_iter().collect()
    }

    /// What the public finds of `subjects` on `today`, from whichever source has them.
    pub fn items(
        &self,
        conn: &mut Conn,
        subjects: &[Subject],
        today: NaiveDate,
    ) -> Result<BTreeMap<Uuid, Item>> {
        self.gather(|source| source.items(conn, subjects, today))
    }

    /// Like [`Feed::items`], without texts.
    pub fn heads(
        &self,
        conn: &mut Conn,
        subjects: &[Subject],
        today: NaiveDate,
    ) -> Result<BTreeMap<Uuid, Item>> {
        self.gather(|source| source.heads(conn, subjects, today))
    }

    /// What every source answers, by subject.
    fn gather(
        &self,
        mut ask: impl FnMut(&dyn Source) -> Result<Vec<Item>>,
    ) -> Result<BTreeMap<Uuid, Item>> {
        let mut items = BTreeMap::new();
        for source in self.sources.iter() {
            items.extend(ask(&**source)?.into_iter().map(|item| (item.subject, item)));
        }
        Ok(items)
    }

    /// Follows the outbox to its end; builds the index anew when it cannot. Says how many
    /// subjects were looked at. Blocks.
    pub fn catch_up(&self, now: NaiveDateTime) -> Result<usize> {
        let today = base::time::local(now).date();
        let mut looked_at = 0;
        loop {
            let done = self.round(today)?;
            looked_at += done;
            if done == 0 {
                return Ok(looked_at);
            }
        }
    }

    fn round(&self, today: NaiveDate) -> Result<usize> {
        let conn = &mut *self.db.connection()?;
        if !self.told.load(Ordering::Relaxed) {
            self.tell_units(conn)?;
        }
        if outbox::waits(conn)? {
            conn.atomically(outbox::order)?;
        }
        let Some(position) = self.engine.position() else { return self.build(today) };
        if !outbox::reaches_back_to(conn, position.outbox)? {
            tracing::warn!("the search index is too old to catch up; building it anew");
            return self.build(today);
        }
        let rows = outbox::after(conn, position.outbox, ROUND)?;
        if rows.iter().any(|row| row.topic == REBUILD) {
            return self.build(today);
        }
        if rows.iter().any(|row| matches!(row.topic.as_str(), UNITS | SITE)) {
            self.tell_units(conn)?;
        }
        let mut wanted = self.turning(conn, position.day, today)?;
        for row in &rows {
            self.want(conn, row, &mut wanted)?;
        }
        let next = rows.last().map_or(position.outbox, |row| row.position);
        let next = Position { outbox: next, day: today.max(position.day) };
        if next == position {
            return Ok(0);
        }
        // All but the last are committed at the old position: who dies in between does them again.
        let mut last = Vec::new();
        self.each_change(conn, &wanted, today, |changes| {
            let before = std::mem::replace(&mut last, changes);
            if before.is_empty() { Ok(()) } else { Ok(self.engine.apply(&before, position)?) }
        })?;
        self.engine.apply(&last, next)?;
        Ok(wanted.values().map(BTreeSet::len).sum::<usize>().max(1))
    }

    /// Tells the engine which units ended and what became of them.
    fn tell_units(&self, conn: &mut Conn) -> Result<()> {
        let mut units = Successors::clone(&self.units);
        for source in self.sources.iter() {
            for (portal, pairs) in source.successors(conn)? {
                units.learn(portal, &pairs);
            }
        }
        self.engine.set_successors(units);
        self.told.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Subjects whose items change by the calendar, by topic.
    fn turning(&self, conn: &mut Conn, from: NaiveDate, today: NaiveDate) -> Result<Wanted> {
        let mut wanted = BTreeMap::new();
        if today > from {
            for source in self.sources.iter() {
                let turning = source.turning(conn, from, today)?;
                wanted.insert(source.topic(), turning.into_iter().collect());
            }
        }
        Ok(wanted)
    }

    /// Adds what a row of the outbox is about.
    fn want(&self, conn: &mut Conn, row: &outbox::Change, wanted: &mut Wanted) -> Result<()> {
        for source in self.sources.iter() {
            if row.topic == SITE {
                let all = all(&**source, conn, Some(row.site))?;
                wanted.entry(source.topic()).or_default().extend(all);
            }
            if row.topic == source.topic() {
                let subject = Subject { site: row.site, key: row.key()? };
                wanted.entry(source.topic()).or_default().insert(subject);
            }
        }
        Ok(())
    }

    /// Hands over what the index must change so that it has the subjects as they are now, some at
    /// a time: the texts of a whole site do not fit into memory.
    fn each_change(
        &self,
        conn: &mut Conn,
        wanted: &Wanted,
        today: NaiveDate,
        mut take: impl FnMut(Vec<Change>) -> Result<()>,
    ) -> Result<()> {
        for source in self.sources.iter() {
            let subjects = wanted.get(source.topic()).into_iter().flatten().copied();
            for batch in subjects.collect::<Vec<Subject>>().chunks(BATCH) {
                let items = source.items(conn, batch, today)?;
                let public: BTreeSet<Uuid> = items.iter().map(|item| item.subject).collect();
                let gone = batch.iter().filter(|subject| !public.contains(&subject.key));
                let gone = gone.map(|subject| Change::Remove(subject.key));
                let put = items.into_iter().map(|item| Change::Put(Box::new(item)));
                take(gone.chain(put).collect())?;
            }
        }
        Ok(())
    }

    /// Builds the index anew beside the one that serves. Says how many items it has, at least 1.
    pub fn rebuild(&self, now: NaiveDateTime) -> Result<usize> {
        self.build(base::time::local(now).date())
    }

    fn build(&self, today: NaiveDate) -> Result<usize> {
        let conn = &mut *self.db.connection()?;
        // What changes while the rest is read lies after this position and is read again.
        conn.atomically(outbox::order)?;
        let mut position = Position { outbox: outbox::last(conn)?, day: today };
        let mut rebuild = self.engine.rebuild()?;
        let mut count = 0;
        for source in self.sources.iter() {
            let mut after = None;
            loop {
                let batch = source.all(conn, None, after, BATCH.try_into().unwrap_or(i64::MAX))?;
                let Some(last) = batch.last() else { break };
                after = Some(last.key);
                for item in source.items(conn, &batch, today)? {
                    rebuild.add(&item)?;
                    count += 1;
                }
            }
        }
        loop {
            match rebuild.finish(position)? {
                Rebuilt::Done => break,
                // The old index went on following the database while this one was made.
                Rebuilt::Behind(behind, _) => {
                    rebuild = *behind;
                    let (missed, next) = self.missed(conn, position, today)?;
                    let take = |changes: Vec<Change>| Ok(rebuild.apply(&changes)?);
                    self.each_change(conn, &missed, today, take)?;
                    position = next;
                }
            }
        }
        // What was told of them meanwhile is passed over.
        self.tell_units(conn)?;
        tracing::info!(items = count, "search index built");
        Ok(count.max(1))
    }

    /// What changed after `position`, and the position that has it all.
    fn missed(
        &self,
        conn: &mut Conn,
        position: Position,
        today: NaiveDate,
    ) -> Result<(Wanted, Position)> {
        let rows = outbox::after(conn, position.outbox, i64::MAX)?;
        let mut wanted = Wanted::new();
        for row in &rows {
            self.want(conn, row, &mut wanted)?;
        }
        let next = rows.last().map_or(position.outbox, |row| row.position);
        Ok((wanted, Position { outbox: next, day: today }))
    }

    /// Every subject the public finds something of, read from the database.
    pub fn public(&self, now: NaiveDateTime) -> Result<BTreeSet<Uuid>> {
        let conn = &mut *self.db.connection()?;
        let today = base::time::local(now).date();
        let mut public = BTreeSet::new();
        for source in self.sources.iter() {
            for batch in all(&**source, conn, None)?.chunks(BATCH) {
                public.extend(source.items(conn, batch, today)?.iter().map(|item| item.subject));
            }
        }
        Ok(public)
    }

    /// Every subject the index has.
    pub fn indexed(&self) -> Result<BTreeSet<Uuid>> {
        let mut indexed = BTreeSet::new();
        let mut query = Query { order: Order::Newest, size: MOST, ..Query::default() };
        loop {
            let found = self.engine.search(&query)?;
            indexed.extend(found.hits.iter().map(|hit| hit.subject));
            match found.next {
                Some(next) => query.start = Start::After(next),
                None => return Ok(indexed),
            }
        }
    }

    /// Follows the database for ever; a failure is logged and tried again.
    pub async fn watch(self, clock: impl Fn() -> NaiveDateTime) {
        let mut rounds: u32 = 0;
        loop {
            let (feed, now) = (self.clone(), clock());
            let prunes = rounds.is_multiple_of(PRUNE_EVERY);
            let work = move || feed.follow(now, prunes);
            if let Err(err) = tokio::task::spawn_blocking(work).await {
                tracing::error!("the search feed died: {err}");
            }
            rounds = rounds.wrapping_add(1);
            tokio::time::sleep(REST).await;
        }
    }

    fn follow(&self, now: NaiveDateTime, prunes: bool) {
        let pruned = || self.db.connection()?.atomically(|conn| outbox::prune(conn, now));
        let done = self.catch_up(now).and_then(|_| if prunes { pruned() } else { Ok(0) });
        if let Err(err) = done {
            tracing::warn!("the search index cannot follow: {err:?}");
        }
    }
}

/// Asks every process that serves to build its index anew.
pub fn ask_for_rebuild(conn: &mut Conn, now: NaiveDateTime) -> Result<()> {
    match outbox::any_site(conn)? {
        Some(site) => outbox::tell(conn, site, (REBUILD, site.uuid()), now),
        None => Ok(()),
    }
}

/// Every subject of `source`, or of one site.
fn all(source: &dyn Source, conn: &mut Conn, site: Option<SiteId>) -> Result<Vec<Subject>> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map(|subject: &Subject| subject.key);
        let page = source.all(conn, site, after, 1000)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
