//! Making the index anew beside the one that is being served.

use std::{path::PathBuf, sync::Arc};

use super::{
    Engine, Live,
    store::{Pace, Store},
};
use crate::{
    Result,
    item::{Change, Item, Position},
    snapshot::Snapshot,
};

/// An index in the making. Dropped before its end, it leaves the one being served as it is.
pub struct Rebuild<'a> {
    engine: &'a Engine,
    index: PathBuf,
    store: Store,
}

/// How the end of a rebuild went.
pub enum Rebuilt<'a> {
    /// The new index is being served.
    Done,
    /// The index being served has followed the database further, to this position. The changes
    /// up to there are to be applied, and the end tried again.
    Behind(Box<Rebuild<'a>>, Position),
}

impl<'a> Rebuild<'a> {
    pub(super) fn new(engine: &'a Engine, index: PathBuf, store: Store) -> Self {
        Self { engine, index, store }
    }

    /// Adds an item that was not added before.
    pub fn add(&self, item: &Item) -> Result<()> {
        self.store.add(item)
    }

    /// Takes over changes that were made since the items were read.
    pub fn apply(&self, changes: &[Change]) -> Result<()> {
        self.store.put(changes)
    }

    /// Puts the new index, which has everything up to `position`, in the place of the old one.
    /// Searches under way end on the old one.
    pub fn finish(mut self, position: Position) -> Result<Rebuilt<'a>> {
        let engine = self.engine;
        self.store.commit(Some(position))?;
        let snapshot = Snapshot::load(&engine.fields, self.store.searcher()?, None)?;
        let mut writing = engine.writing();
        if let Some(ahead) = writing.store.position().filter(|ahead| *ahead > position) {
            drop(writing);
            return Ok(Rebuilt::Behind(Box::new(self), ahead));
        }
        let store = self.store.with_pace(Pace::Steady)?;
        writing.home.choose(&self.index)?;
        let live = Arc::new(Live { snapshot, position: Some(position) });
        *engine.live.write().unwrap_or_else(std::sync::PoisonError::into_inner) = live;
        writing.store = store;
        writing.home.tidy();
        Ok(Rebuilt::Done)
    }
}
