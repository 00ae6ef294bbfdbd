//! Counting: what passes the filters, and how many there are of each value.

use std::collections::BTreeMap;

use tantivy::DocId;

use crate::{
    docs::at,
    item::Facet,
    matches::Matches,
    query::Count,
    sheet::{Names, Sheet},
};

/// The filters of a search, worked out for every set of values that occurs.
pub(crate) struct Sieve {
    /// The place of a filtered facet, and which of its sets pass.
    filters: Vec<(usize, Vec<bool>)>,
}

impl Sieve {
    pub(crate) fn new(names: &Names, filters: &BTreeMap<Facet, Vec<String>>) -> Self {
        let places = Facet::ALL.iter().zip(&names.facets).enumerate();
        let filters = places.filter_map(|(place, (facet, values))| {
            let wanted = filters.get(facet).filter(|wanted| !wanted.is_empty())?;
            let wanted: Vec<u32> = wanted.iter().filter_map(|it| values.number(it)).collect();
            let passes = values.sets.iter().map(|set| set.iter().any(|it| wanted.contains(it)));
            Some((place, passes.collect()))
        });
        Self { filters: filters.collect() }
    }

    /// Which facets a document counts for.
    fn admits(&self, sets: &[u32; 8]) -> Admitted {
        let mut failed = self.filters.iter().filter(|filter| !is_passed(filter, sets));
        match (failed.next(), failed.next()) {
            (None, _) => Admitted::All,
            (Some((place, _)), None) => Admitted::Only(*place),
            _ => Admitted::None,
        }
    }
}

fn is_passed((place, passes): &(usize, Vec<bool>), sets: &[u32; 8]) -> bool {
    let set = sets.get(*place).and_then(|set| passes.get(at(*set)));
    set.copied().unwrap_or_default()
}

enum Admitted {
    All,
    /// It fails the filter of this facet alone, so that it counts for this facet alone.
    Only(usize),
    None,
}

/// The counts of one search.
pub(crate) struct Tally<'a> {
    sieve: &'a Sieve,
    /// How many pass.
    pub(crate) total: usize,
    /// How many match, whatever the filters say.
    pub(crate) unfiltered: usize,
    counts: [Vec<i64>; 8],
}

impl<'a> Tally<'a> {
    pub(crate) fn new(names: &Names, sieve: &'a Sieve) -> Self {
        let counts = names.facets.each_ref().map(|values| vec![0; values.sets.len()]);
        Self { sieve, total: 0, unfiltered: 0, counts }
    }

    /// Counts the documents of a segment that match; those that pass.
    pub(crate) fn count(&mut self, sheet: &Sheet, documents: u32, matches: Matches) -> Matches {
        self.unfiltered += matches.len();
        let passed = match self.sieve.filters.is_empty() {
            true => {
                self.count_all(sheet, documents, &matches);
                matches
            }
            false => matches.filter(documents, |doc| {
                sheet.facets.get(at(doc)).is_some_and(|sets| self.admit(sets))
            }),
        };
        self.total += passed.len();
        passed
    }

    /// Counts documents that no filter keeps back. When most match, the others are counted and
    /// taken from the counts of all.
    fn count_all(&mut self, sheet: &Sheet, documents: u32, matches: &Matches) {
        if matches.len() * 2 <= at(documents) {
            matches.for_each(|doc| {
                self.add(sheet, doc, 1);
            });
            return;
        }
        for (counts, totals) in self.counts.iter_mut().zip(&sheet.totals) {
            counts.iter_mut().zip(totals).for_each(|(count, total)| *count += total);
        }
        matches.others(documents).for_each(|doc| self.add(sheet, doc, -1));
    }

    fn add(&mut self, sheet: &Sheet, doc: DocId, one: i64) {
        let Some(sets) = sheet.facets.get(at(doc)) else { return };
        for (counts, set) in self.counts.iter_mut().zip(sets) {
            if let Some(count) = counts.get_mut(at(*set)) {
                *count += one;
            }
        }
    }

    /// Counts one document for what the filters admit it to; whether it passes.
    fn admit(&mut self, sets: &[u32; 8]) -> bool {
        let admitted = self.sieve.admits(sets);
        for (place, (counts, set)) in self.counts.iter_mut().zip(sets).enumerate() {
            let counts_here = match admitted {
                Admitted::All => true,
                Admitted::Only(only) => place == only,
                Admitted::None => false,
            };
            if counts_here && let Some(count) = counts.get_mut(at(*set)) {
                *count += 1;
            }
        }
        matches!(admitted, Admitted::All)
    }

    /// The counts of every facet, the largest first.
    pub(crate) fn facets(&self, names: &Names) -> BTreeMap<Facet, Vec<Count>> {
        let each = Facet::ALL.into_iter().zip(&names.facets).zip(&self.counts);
        each.map(|((facet, values), sets)| {
            let mut hits = vec![0_i64; values.names.len()];
            for (set, count) in values.sets.iter().zip(sets).filter(|(_, count)| **count > 0) {
                for value in set {
                    if let Some(hits) = hits.get_mut(at(*value)) {
                        *hits += count;
                    }
                }
            }
            let named = values.names.iter().zip(hits).filter(|(_, hits)| *hits > 0);
            let mut counts: Vec<Count> = named
                .map(|(value, hits)| Count { value: value.clone(), hits: hits.unsigned_abs() })
                .collect();
            counts.sort_by(|a, b| b.hits.cmp(&a.hits).then_with(|| a.value.cmp(&b.value)));
            (facet, counts)
        })
        .collect()
    }
}
