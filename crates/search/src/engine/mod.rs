//! The index on disk and in use: opening, changing, searching, making anew.

mod place;
mod rebuild;
mod store;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use serde::{Deserialize, Serialize};

pub use rebuild::{Rebuild, Rebuilt};

use self::{
    place::Home,
    store::{Pace, Store},
};
use crate::{
    Result, forgive,
    item::{Change, Position},
    plan::Plan,
    query::{Found, Leniency, Query, Scope, Suggestion},
    schema::{self, Fields},
    search::{Search, guarded},
    snapshot::Snapshot,
    suggest,
    vocabulary::{Successors, Vocabulary},
};

/// What every commit carries: where the index stands and what it was made with. One file holds it
/// and the list of segments, so that the two cannot disagree.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Payload {
    version: u32,
    vocabulary: String,
    /// `None` until everything public has been put in.
    position: Option<Position>,
}

impl Payload {
    fn new(vocabulary: &Vocabulary, position: Option<Position>) -> Self {
        let digest = vocabulary.digest().to_owned();
        Self { version: schema::VERSION, vocabulary: digest, position }
    }
}

/// The search of an installation. Shared by all threads; searching never waits for a change.
pub struct Engine {
    fields: Fields,
    vocabulary: Arc<Vocabulary>,
    units: RwLock<Arc<Successors>>,
    live: RwLock<Arc<Live>>,
    /// Held while the index changes or another takes its place.
    writing: Mutex<Writing>,
}

/// What is being served.
struct Live {
    snapshot: Snapshot,
    position: Option<Position>,
}

struct Writing {
    home: Home,
    store: Store,
}

impl Engine {
    /// Opens the index in `folder`. One that is missing, damaged, or made by another version or
    /// with other abbreviations is replaced by an empty one, which [`Engine::needs_rebuild`].
    pub fn open(folder: &Path, vocabulary: Vocabulary) -> Result<Self> {
        let fields = Fields::new();
        let vocabulary = Arc::new(vocabulary);
        let mut home = Home::enter(folder)?;
        let kept = home.current().map(|index| {
            guarded(|| {
                let store = Store::open(&index, &fields, &vocabulary, Pace::Steady)?;
                let snapshot = Snapshot::load(&fields, store.searcher()?, None)?;
                Ok((store, snapshot))
            })
        });
        let (store, snapshot) = match kept {
            Some(Ok(kept)) => kept,
            refused => {
                if let Some(Err(err)) = refused {
                    tracing::warn!(%err, folder = %folder.display(), "the search index is made anew");
                }
                let index = home.make_room()?;
                let store = Store::create(&index, &fields, &vocabulary, Pace::Steady)?;
                home.choose(&index)?;
                let snapshot = Snapshot::load(&fields, store.searcher()?, None)?;
                (store, snapshot)
            }
        };
        home.clear();
        let live = Live { snapshot, position: store.position() };
        Ok(Self {
            fields,
            vocabulary,
            units: RwLock::default(),
            live: RwLock::new(Arc::new(live)),
            writing: Mutex::new(Writing { home, store }),
        })
    }

    /// How far it has followed the database; `None` while it is incomplete.
    pub fn position(&self) -> Option<Position> {
        self.live().position
    }

    /// Whether it has to be made anew before what it finds is complete.
    pub fn needs_rebuild(&self) -> bool {
        self.position().is_none()
    }

    /// How many items it has.
    pub fn len(&self) -> u64 {
        self.live().snapshot.searcher.num_docs()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells which units ended and what they became; the next search knows.
    pub fn set_successors(&self, units: Successors) {
        *self.units.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(units);
    }

    /// Takes over changes; they are found when this returns. In an index that is incomplete they
    /// are found too, but it stays incomplete.
    pub fn apply(&self, changes: &[Change], position: Position) -> Result<()> {
        let mut writing = self.writing();
        let position = writing.store.position().map(|_| position);
        writing.store.put(changes)?;
        writing.store.commit(position)?;
        self.serve(&writing.store, Some(self.live().snapshot.clone()))
    }

    /// Begins to make the index anew beside the one that is being served.
    pub fn rebuild(&self) -> Result<Rebuild<'_>> {
        let index = self.writing().home.make_room()?;
        let store = Store::create(&index, &self.fields, &self.vocabulary, Pace::Bulk)?;
        Ok(Rebuild::new(self, index, store))
    }

    /// Reads every file of the index and compares checksums; whether all of them are sound. It
    /// takes seconds for gigabytes.
    pub fn verify(&self) -> Result<bool> {
        let searcher = self.live().snapshot.searcher.clone();
        Ok(searcher.index().validate_checksum()?.is_empty())
    }

    /// The answer to a question.
    pub fn search(&self, query: &Query) -> Result<Found> {
        let live = self.live();
        guarded(|| {
            let search = Search::new(&self.fields, &live.snapshot, &self.vocabulary, query)?;
            let mut plan = Plan::read(&query.text, &self.vocabulary, &self.units(), query.portal);
            if plan.variants.is_empty() && !query.text.trim().is_empty() {
                return Ok(Found { is_wordless: true, ..search.nothing(&plan) });
            }
            let missing = search.look_up(&mut plan)?;
            let found = self.find(&search, &live.snapshot, &plan)?;
            Ok(Found { missing, ..found })
        })
    }

    /// What answers `plan`; when nothing does, what answers it with something forgiven.
    fn find(&self, search: &Search<'_>, snapshot: &Snapshot, plan: &Plan) -> Result<Found> {
        if let Some(found) = search.answer(plan, Leniency::None)? {
            return Ok(found);
        }
        if let Some((plan, leniency)) = forgive::typos(&self.fields, snapshot, plan)?
            && let Some(found) = search.answer(&plan, leniency)?
        {
            return Ok(found);
        }
        for (plan, leniency) in forgive::relaxed(&self.fields, snapshot, plan)? {
            if let Some(found) = search.answer(&plan, leniency)? {
                return Ok(found);
            }
        }
        Ok(search.nothing(plan))
    }

    /// At most `size` completions of what is being typed.
    pub fn suggest(&self, scope: &Scope, typed: &str, size: usize) -> Result<Vec<Suggestion>> {
        let live = self.live();
        let text = typed.chars().take(200).collect();
        let query = Query { text, scope: scope.clone(), ..Query::default() };
        guarded(|| {
            let search = Search::new(&self.fields, &live.snapshot, &self.vocabulary, &query)?;
            suggest::suggest(&search, size)
        })
    }

    fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn units(&self) -> Arc<Successors> {
        self.units.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, searches see what `store` has committed.
    fn serve(&self, store: &Store, before: Option<Snapshot>) -> Result<()> {
        let snapshot = Snapshot::load(&self.fields, store.searcher()?, before.as_ref())?;
        let live = Arc::new(Live { snapshot, position: store.position() });
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
        Ok(())
    }
}
