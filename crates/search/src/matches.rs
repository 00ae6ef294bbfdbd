//! The documents of a segment that answer a question, once they are known: found once, they are
//! counted, listed by date and narrowed to better matches without being looked for again.

use std::{
    ops::ControlFlow::{self, Continue},
    sync::Arc,
};

use tantivy::DocId;

use crate::docs::{Bits, Docs, Lists, at};

/// More than one in so many documents are kept as bits: that takes no more room than numbers do,
/// and asking for one of them no search.
const MANY: usize = 32;

/// Documents of one segment.
#[derive(Clone)]
pub(crate) enum Matches {
    /// Their numbers, ascending.
    Few(Vec<DocId>),
    /// Their bits, and how many there are.
    Many(Arc<Bits>, usize),
}

impl Matches {
    pub(crate) fn none() -> Self {
        Self::Few(Vec::new())
    }

    /// The documents of a segment with so many `documents` that stand in all of `lists`.
    pub(crate) fn of(lists: Vec<Docs>, documents: u32) -> Self {
        let lists = Lists::new(lists);
        match lists.most() {
            None => Self::from_bits(lists.shared(documents), documents),
            Some(most) if is_many(at(most), documents) => {
                let mut bits = Bits::empty(documents);
                let _all = lists.try_for_each(documents, |doc| {
                    bits.insert(doc);
                    Continue(())
                });
                Self::from_bits(bits, documents)
            }
            Some(_) => {
                let mut docs = Vec::new();
                let _all = lists.try_for_each(documents, |doc| {
                    docs.push(doc);
                    Continue(())
                });
                Self::Few(docs)
            }
        }
    }

    fn from_bits(bits: Bits, documents: u32) -> Self {
        let count = bits.count();
        if is_many(count, documents) {
            return Self::Many(Arc::new(bits), count);
        }
        let mut docs = Vec::with_capacity(count);
        let _all = bits.try_for_each(|doc| {
            docs.push(doc);
            Continue(())
        });
        Self::Few(docs)
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Few(docs) => docs.len(),
            Self::Many(_, count) => *count,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `each` for every document, in ascending order.
    pub(crate) fn for_each(&self, mut each: impl FnMut(DocId)) {
        match self {
            Self::Few(docs) => docs.iter().copied().for_each(each),
            Self::Many(bits, _) => {
                let _all: ControlFlow<()> = bits.try_for_each(|doc| {
                    each(doc);
                    Continue(())
                });
            }
        }
    }

    /// Those that `keeps`, which is asked in ascending order.
    pub(crate) fn filter(self, documents: u32, mut keeps: impl FnMut(DocId) -> bool) -> Self {
        match self {
            Self::Few(mut docs) => {
                docs.retain(|doc| keeps(*doc));
                Self::Few(docs)
            }
            Self::Many(..) => {
                let mut bits = Bits::empty(documents);
                self.for_each(|doc| {
                    if keeps(doc) {
                        bits.insert(doc);
                    }
                });
                Self::from_bits(bits, documents)
            }
        }
    }

    /// Those that stand in all of `lists` too.
    pub(crate) fn within(&self, mut lists: Vec<Docs>, documents: u32) -> Self {
        match self {
            Self::Few(docs) => {
                let mut docs = docs.clone();
                lists.sort_by_key(Docs::cost);
                for list in &mut lists {
                    docs.retain(|doc| list.holds(*doc));
                }
                Self::Few(docs)
            }
            Self::Many(bits, _) => {
                lists.push(Docs::Dense(bits.clone()));
                Self::of(lists, documents)
            }
        }
    }

    /// These and those of `others`.
    pub(crate) fn or(self, others: Self, documents: u32) -> Self {
        match (self, others) {
            (few, none) | (none, few) if none.is_empty() => few,
            (Self::Few(mut docs), Self::Few(others)) => {
                docs.extend(others);
                docs.sort_unstable();
                docs.dedup();
                Self::Few(docs)
            }
            (one, other) => {
                let mut all = one.into_bits(documents);
                all.widen(&other.into_bits(documents));
                Self::from_bits(all, documents)
            }
        }
    }

    /// What of a segment is not among them.
    pub(crate) fn others(&self, documents: u32) -> Self {
        let mut others = Bits::full(documents);
        match self {
            Self::Few(_) => others.exclude(&self.clone().into_bits(documents)),
            Self::Many(bits, _) => others.exclude(bits),
        }
        Self::from_bits(others, documents)
    }

    fn into_bits(self, documents: u32) -> Bits {
        match self {
            Self::Few(docs) => {
                let mut bits = Bits::empty(documents);
                docs.into_iter().for_each(|doc| bits.insert(doc));
                bits
            }
            Self::Many(bits, _) => Arc::unwrap_or_clone(bits),
        }
    }
}

fn is_many(count: usize, documents: u32) -> bool {
    count.saturating_mul(MANY) > at(documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTS: u32 = 1_000;

    /// Every document that `step` divides.
    fn every(step: u32) -> Matches {
        let mut bits = Bits::empty(DOCUMENTS);
        (0..DOCUMENTS).filter(|doc| doc % step == 0).for_each(|doc| bits.insert(doc));
        Matches::of(vec![Docs::Dense(Arc::new(bits))], DOCUMENTS)
    }

    #[track_caller]
    fn check(matches: &Matches, is_many: bool, is_one: impl Fn(u32) -> bool) {
        let mut seen = Vec::new();
        matches.for_each(|doc| seen.push(doc));
        let expected: Vec<u32> = (0..DOCUMENTS).filter(|doc| is_one(*doc)).collect();
        assert_eq!(seen, expected);
        assert_eq!(matches.len(), expected.len());
        assert_eq!(matches!(matches, Matches::Many(..)), is_many);
    }

    #[test]
    fn few_and_many_are_the_same_sets() {
        check(&every(2), true, |doc| doc % 2 == 0);
        check(&every(100), false, |doc| doc % 100 == 0);
        check(&every(2).filter(DOCUMENTS, |doc| doc % 5 == 0), true, |doc| doc % 10 == 0);
        check(&every(2).filter(DOCUMENTS, |doc| doc == 4), false, |doc| doc == 4);
        check(&every(100).filter(DOCUMENTS, |doc| doc < 200), false, |doc| {
            doc % 100 == 0 && doc < 200
        });
    }

    #[test]
    fn sets_are_joined_narrowed_and_turned_round() {
        let list = |matches: Matches| vec![Docs::Dense(Arc::new(matches.into_bits(DOCUMENTS)))];
        let either =
            |a: u32, b: u32| move |doc: u32| doc.is_multiple_of(a) || doc.is_multiple_of(b);
        check(&every(2).or(every(3), DOCUMENTS), true, either(2, 3));
        check(&every(2).or(every(101), DOCUMENTS), true, either(2, 101));
        check(&every(100).or(every(101), DOCUMENTS), false, either(100, 101));
        check(&every(100).within(list(every(200)), DOCUMENTS), false, |doc| doc % 200 == 0);
        check(&every(2).within(list(every(3)), DOCUMENTS), true, |doc| doc % 6 == 0);
        check(&every(2).others(DOCUMENTS), true, |doc| doc % 2 == 1);
        check(&every(100).others(DOCUMENTS), true, |doc| doc % 100 != 0);
    }
}
