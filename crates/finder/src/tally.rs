//! What is searched for, counted in memory and written down now and then: a reader never waits
//! for it, and a GET writes nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base::SiteId;

/// The most queries that wait to be written down; more are not counted.
const MAX_WAITING: usize = 20_000;

/// How often a query was asked since it was last written down.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Count {
    /// How often.
    pub times: i32,
    /// How much it found the last time, when it was asked at all.
    pub found: Option<i32>,
    /// How many of its results were opened.
    pub opened: i32,
}

/// Counts that wait to be written down.
#[derive(Debug, Default)]
pub struct Tally {
    waiting: Mutex<HashMap<(SiteId, String), Count>>,
}

impl Tally {
    /// Counts a search on `site` that found `found` results.
    pub fn asked(&self, site: SiteId, query: &str, found: usize) {
        self.count(site, query, |count| {
            count.times += 1;
            count.found = Some(i32::try_from(found).unwrap_or(i32::MAX));
        });
    }

    /// Counts that a result of `query` was opened.
    pub fn opened(&self, site: SiteId, query: &str) {
        self.count(site, query, |count| count.opened += 1);
    }

    fn count(&self, site: SiteId, query: &str, change: impl FnOnce(&mut Count)) {
        let Some(query) = crate::model::countable(query) else { return };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MAX_WAITING || waiting.contains_key(&(site, query.clone())) {
            change(waiting.entry((site, query)).or_default());
        }
    }

    /// Takes counts in again that could not be written down. What was found since then is newer.
    pub fn put_back(&self, counts: Vec<(SiteId, String, Count)>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (site, query, old) in counts {
            if waiting.len() >= MAX_WAITING {
                return;
            }
            let count = waiting.entry((site, query)).or_default();
            count.times += old.times;
            count.opened += old.opened;
            count.found = count.found.or(old.found);
        }
    }

    /// Takes all counts out, to be written down.
    pub fn take(&self) -> Vec<(SiteId, String, Count)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.drain().map(|((site, query), count)| (site, query, count)).collect()
    }
}
