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
    postings::{Postings, SegmentPostings},
};

/// One bit a document.
#[derive(Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn empty(documents: u32) -> Self {
        Self(vec![0; at(documents) / 64 + 1])
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
    /// Whether the term stands in `doc`; to be asked in ascending order.
    pub(crate) fn holds(&mut self, doc: DocId) -> bool {
        match self {
            Self::Sparse(docs) => docs.doc() <= doc && docs.seek(doc) == doc,
            Self::Dense(bits) => bits.contains(doc),
        }
    }

    /// How often the term stands in `doc`, which it does; once as far as is known.
    pub(crate) fn frequency(&self) -> u32 {
        match self {
            Self::Sparse(docs) => docs.term_freq(),
            Self::Dense(_) => 1,
        }
    }
}

/// Calls `each` for every document that stands in all of `lists`, until it has enough; for every
/// document there is when there are no lists.
pub(crate) fn for_each(
    lists: Vec<Docs>,
    documents: u32,
    mut each: impl FnMut(DocId) -> ControlFlow<()>,
) {
    let (mut sparse, mut dense) = (Vec::new(), Vec::new());
    for docs in lists {
        match docs {
            Docs::Sparse(docs) => sparse.push(docs),
            Docs::Dense(bits) => dense.push(bits),
        }
    }
    sparse.sort_by_key(|docs| docs.doc_freq());
    // Whether there was enough says nothing to anybody here.
    let _enough = if let Some((lead, others)) = sparse.split_first_mut() {
        for_each_sparse(lead, others, |doc| {
            if dense.iter().all(|bits| bits.contains(doc)) { each(doc) } else { Continue(()) }
        })
    } else if dense.is_empty() {
        (0..documents).try_for_each(each)
    } else {
        for_each_dense(&dense, &mut each)
    };
}

/// Leapfrog: whoever is behind jumps to where another stands.
fn for_each_sparse(
    lead: &mut SegmentPostings,
    others: &mut [Box<SegmentPostings>],
    mut each: impl FnMut(DocId) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut doc = lead.doc();
    'lead: while doc != TERMINATED {
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

fn for_each_dense(
    lists: &[Arc<Bits>],
    each: &mut impl FnMut(DocId) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let words = lists.iter().map(|bits| bits.0.len()).min().unwrap_or(0);
    let mut first = 0;
    for word in 0..words {
        let shared = lists.iter().filter_map(|bits| bits.0.get(word));
        let mut shared = shared.fold(u64::MAX, |all, word| all & word);
        while shared != 0 {
            each(first + shared.trailing_zeros())?;
            shared &= shared - 1;
        }
        first += 64;
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
        let Self { syllables, found, next } = self;
        let mut back = u32::try_from(syllables.len()).unwrap_or(u32::MAX);
        for (place, syllable) in syllables.iter_mut().enumerate() {
            if syllable.doc() > doc || syllable.seek(doc) != doc {
                return false;
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
                return false;
            }
        }
        true
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
        let mut seen = Vec::new();
        for_each(vec![bits(&[1, 63, 64, 150, 199]), bits(&[63, 64, 199])], 200, |it| {
            seen.push(it);
            Continue(())
        });
        assert_eq!(seen, [63, 64, 199]);
    }

    #[test]
    fn without_a_list_everything_is_visited() {
        let mut seen = Vec::new();
        for_each(Vec::new(), 3, |doc| {
            seen.push(doc);
            if doc < 2 { Continue(()) } else { ControlFlow::Break(()) }
        });
        assert_eq!(seen, [0, 1, 2]);
    }
}
