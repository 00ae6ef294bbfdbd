//! Lists: where a document stands, and the first of many.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use tantivy::DocId;
use uuid::Uuid;

use crate::{matches::Matches, sheet::Line, snapshot::Leaf};

/// Where a document stands in a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) weight: u32,
    pub(crate) line: Line,
    pub(crate) leaf: u32,
    pub(crate) doc: DocId,
}

impl Place {
    pub(crate) fn address(&self) -> (u32, DocId) {
        (self.leaf, self.doc)
    }

    /// The heavier first, then the newer; the subject makes the order definite.
    fn key(&self) -> (u32, i64, Reverse<Uuid>) {
        (self.weight, self.line.date, Reverse(self.line.subject))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

/// The first of the documents offered.
pub(crate) struct Top {
    size: usize,
    /// Only what comes after this date and subject.
    after: Option<(Reverse<i64>, Uuid)>,
    heap: BinaryHeap<Reverse<Place>>,
}

impl Top {
    pub(crate) fn new(size: usize, after: Option<(i64, Uuid)>) -> Self {
        let after = after.map(|(date, subject)| (Reverse(date), subject));
        Self { size, after, heap: BinaryHeap::new() }
    }

    /// Takes in a place that is among the first so far; whether it was.
    pub(crate) fn offer(&mut self, place: Place) -> bool {
        if self.is_behind(place.weight, &place.line)
            || self.after.as_ref().is_some_and(|after| place.line.age() <= *after)
        {
            return false;
        }
        if self.heap.len() < self.size {
            self.heap.push(Reverse(place));
            return true;
        }
        let last = self.heap.peek_mut().filter(|last| place > last.0);
        let is_first = last.is_some();
        if let Some(mut last) = last {
            *last = Reverse(place);
        }
        is_first
    }

    /// Takes in the newest of a segment's `matches` that are `wanted`.
    pub(crate) fn offer_newest(
        &mut self,
        leaf: &Leaf,
        matches: &Matches,
        wanted: impl Fn(DocId) -> bool,
    ) {
        let newest = &leaf.sheet.newest;
        if let Matches::Many(bits, count) = matches
            && self.size.saturating_mul(newest.len()) < count.saturating_mul(*count)
        {
            // Many of all: the first come soon when all are gone through by date.
            let is_past = |doc: &DocId| {
                let age = leaf.line(*doc).map(Line::age);
                age.is_some_and(|age| self.after.as_ref().is_some_and(|after| age <= *after))
            };
            let rest = newest.get(newest.partition_point(is_past)..).unwrap_or_default();
            let listed = rest.iter().filter(|doc| bits.contains(**doc) && wanted(**doc));
            // What comes after one that is too old is older.
            let _full = listed.filter_map(|doc| leaf.place(*doc)).all(|place| self.offer(place));
            return;
        }
        matches.for_each(|doc| {
            if let Some(line) = leaf.line(doc)
                && !self.is_behind(0, line)
                && wanted(doc)
            {
                self.offer(Place { weight: 0, line: *line, leaf: leaf.number, doc });
            }
        });
    }

    /// Whether weight and date alone keep a document from a list that is full.
    fn is_behind(&self, weight: u32, line: &Line) -> bool {
        let last = self.heap.peek().filter(|_| self.heap.len() >= self.size);
        last.is_some_and(|Reverse(last)| (weight, line.date) < (last.weight, last.line.date))
    }

    pub(crate) fn into_sorted(self) -> Vec<Place> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(place)| place).collect()
    }
}
