//! Lists of the documents of a segment, and walking through what several lists share.
//!
//! A term that a good part of all documents has is kept as one bit a document: such lists are
//! intersected sixty-four documents at a time, which is what makes common words fast.

use std::{
    ops::ControlFlow::{self, Continue},
    sync::Arc,
};

use tantivy::{
    DocId, DocSet, TERMINATED,
    fastfield::AliveBitSet,
    postings::{Postings, SegmentPostings},
};

/// One bit a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn empty(documents: u32) -> Self {
        Self(vec![0; at(documents).div_ceil(64)])
    }

    pub(crate) fn full(documents: u32) -> Self {
        let mut all = Self(vec![u64::MAX; at(documents).div_ceil(64)]);
        if let Some(last) = all.0.last_mut()
            && !documents.is_multiple_of(64)
        {
            *last = (1 << (documents % 64)) - 1;
        }
        all
    }

    /// The documents of a segment that were not deleted.
    pub(crate) fn alive(documents: u32, alive: &AliveBitSet) -> Self {
        let mut all = tantivy::BitSet::with_max_value_and_full(documents);
        all.intersect_update(alive.bitset());
        let words =
            (0..documents.div_ceil(64)).map(|it| u64::from_le_bytes(all.tinyset(it).into_bytes()));
        Self(words.collect())
    }

    pub(crate) fn insert(&mut self, doc: DocId) {
        if let Some(word) = self.0.get_mut(at(doc) / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    pub(crate) fn contains(&self, doc: DocId) -> bool {
        self.0.get(at(doc) / 64).is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    pub(crate) fn extend(&mut self, mut docs: SegmentPostings) {
        while docs.doc() != TERMINATED {
            self.insert(docs.doc());
            docs.advance();
        }
    }

    /// Adds what `others` has.
    pub(crate) fn widen(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    /// Keeps what `others` has too.
    pub(crate) fn narrow(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word &= other);
    }

    /// Keeps what `others` has not.
    pub(crate) fn exclude(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word &= !other);
    }

    /// How many documents there are.
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| at(word.count_ones())).sum()
    }

    /// Calls `each` for every document, in ascending order, until it has enough.
    pub(crate) fn try_for_each(
        &self,
        mut each: impl FnMut(DocId) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for (first, word) in (0..).step_by(64).zip(&self.0) {
            let mut rest = *word;
            while rest != 0 {
                each(first + rest.trailing_zeros())?;
                rest &= rest - 1;
            }
        }
        Continue(())
    }
}

/// A number of a document as a place in memory.
pub(crate) fn at(doc: DocId) -> usize {
    usize::try_from(doc).unwrap_or(usize::MAX)
}

/// The documents that have a term, in ascending order.
pub(crate) enum Docs {
    /// Few: read from the index.
    Sparse(Box<SegmentPostings>),
    /// Many: in memory.
    Dense(Arc<Bits>),
}

impl Docs {
    /// What asking for a document costs: next to nothing in memory, the more the longer a list is.
    pub(crate) fn cost(&self) -> u32 {
        match self {
            Self::Sparse(docs) => docs.doc_freq(),
            Self::Dense(_) => 0,
        }
    }

    /// Whether the term stands in `doc`; to be asked in ascending order.
    pub(crate) fn holds(&mut self, doc: DocId) -> bool {
        match self {
            Self::Sparse(docs) => docs.doc() <= doc && docs.seek(doc) == doc,
            Self::Dense(bits) => bits.contains(doc),
        }
    }
}

/// The lists that a document has to stand in, those in memory apart from those on disk.
pub(crate) struct Lists {
    /// The rarest first.
    sparse: Vec<SegmentPostings>,
    dense: Vec<Arc<Bits>>,
}

impl Lists {
    pub(crate) fn new(lists: Vec<Docs>) -> Self {
        let (mut sparse, mut dense) = (Vec::new(), Vec::new());
        for docs in lists {
            match docs {
                Docs::Sparse(docs) => sparse.push(*docs),
                Docs::Dense(bits) => dense.push(bits),
            }
        }
        sparse.sort_by_key(SegmentPostings::doc_freq);
        Self { sparse, dense }
    }

    /// Not fewer than stand in all lists; `None` when all lists are in memory.
    pub(crate) fn most(&self) -> Option<u32> {
        self.sparse.first().map(SegmentPostings::doc_freq)
    }

    /// What all lists in memory share; every document when there are none.
    pub(crate) fn shared(&self, documents: u32) -> Bits {
        let Some((first, others)) = self.dense.split_first() else { return Bits::full(documents) };
        let mut shared = Bits::clone(first);
        others.iter().for_each(|bits| shared.narrow(bits));
        shared
    }

    /// Calls `each` for every document that stands in all lists, in ascending order, until it has
    /// enough; for every document there is when there are no lists.
    pub(crate) fn try_for_each(
        mut self,
        documents: u32,
        mut each: impl FnMut(DocId) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match self.sparse.split_first_mut() {
            Some((lead, others)) => leapfrog(lead, others, &self.dense, each),
            None if self.dense.is_empty() => (0..documents).try_for_each(each),
            None => {
                let words = self.dense.iter().map(|bits| bits.0.len()).min().unwrap_or(0);
                for (place, first) in (0..words).zip((0..).step_by(64)) {
                    let shared = self.dense.iter().filter_map(|bits| bits.0.get(place));
                    let mut shared = shared.fold(u64::MAX, |all, word| all & word);
                    while shared != 0 {
                        each(first + shared.trailing_zeros())?;
                        shared &= shared - 1;
                    }
                }
                Continue(())
            }
        }
    }
}

/// Whoever is behind jumps to where another stands. What is in memory is asked first.
fn leapfrog(
    lead: &mut SegmentPostings,
    others: &mut [SegmentPostings],
    dense: &[Arc<Bits>],
    mut each: impl FnMut(DocId) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut doc = lead.doc();
    'lead: while doc != TERMINATED {
        if !dense.iter().all(|bits| bits.contains(doc)) {
            doc = lead.advance();
            continue;
        }
        for other in others.iter_mut() {
            let found = if other.doc() < doc { other.seek(doc) } else { other.doc() };
            if found != doc {
                doc = if found == TERMINATED { TERMINATED } else { lead.seek(found) };
                continue 'lead;
            }
        }
        each(doc)?;
        doc = lead.advance();
    }
    Continue(())
}

/// Syllables that have to stand in a row.
pub(crate) struct Row {
    syllables: Vec<SegmentPostings>,
    found: Vec<u32>,
    next: Vec<u32>,
}

impl Row {
    pub(crate) fn new(syllables: Vec<SegmentPostings>) -> Self {
        Self { syllables, found: Vec::new(), next: Vec::new() }
    }

    /// Whether they stand in a row in `doc`; to be asked in ascending order.
    pub(crate) fn holds(&mut self, doc: DocId) -> bool {
        self.times(doc) > 0
    }

    /// How often they stand in a row in `doc`; to be asked in ascending order.
    pub(crate) fn times(&mut self, doc: DocId) -> u32 {
        let Self { syllables, found, next } = self;
        let mut back = u32::try_from(syllables.len()).unwrap_or(u32::MAX);
        for (place, syllable) in syllables.iter_mut().enumerate() {
            if syllable.doc() > doc || syllable.seek(doc) != doc {
                return 0;
            }
            // Counted back from the end of the row, all its syllables stand at one place.
            syllable.positions_with_offset(back, next);
            back -= 1;
            if place == 0 {
                std::mem::swap(found, next);
            } else {
                found.retain(|position| next.binary_search(position).is_ok());
            }
            if found.is_empty() {
                return 0;
            }
        }
        u32::try_from(found.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(docs: &[DocId]) -> Docs {
        let mut bits = Bits::empty(200);
        docs.iter().for_each(|doc| bits.insert(*doc));
        Docs::Dense(Arc::new(bits))
    }

    #[test]
    fn what_all_lists_share_is_visited_in_order() {
        let lists = || Lists::new(vec![bits(&[1, 63, 64, 150, 199]), bits(&[63, 64, 199])]);
        let mut seen = Vec::new();
        let _all = lists().try_for_each(200, |it| {
            seen.push(it);
            Continue(())
        });
        assert_eq!(seen, [63, 64, 199]);
        assert_eq!(lists().shared(200).count(), 3);
    }

    #[test]
    fn without_a_list_everything_is_visited() {
        let mut seen = Vec::new();
        let _enough = Lists::new(Vec::new()).try_for_each(3, |doc| {
            seen.push(doc);
            if doc < 2 { Continue(()) } else { ControlFlow::Break(()) }
        });
        assert_eq!(seen, [0, 1, 2]);
    }

    #[test]
    fn bits_end_with_the_last_document() {
        for documents in [0, 1, 63, 64, 65, 130] {
            assert_eq!(Bits::full(documents).count(), at(documents));
        }
        let mut bits = Bits::full(130);
        bits.exclude(&Bits::full(129));
        assert!(bits.contains(129) && bits.count() == 1);
    }
}
