//! Counting: what passes the filters, and how many there are of each value.

use std::collections::BTreeMap;

use crate::{
    docs::at,
    item::Facet,
    query::Count,
    snapshot::{Line, Names},
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

    /// Whether a document passes all filters.
    pub(crate) fn passes(&self, line: &Line) -> bool {
        self.filters.iter().all(|filter| is_passed(filter, line))
    }

    /// Which facets a document counts for.
    fn admits(&self, line: &Line) -> Admitted {
        let mut failed = self.filters.iter().filter(|filter| !is_passed(filter, line));
        match (failed.next(), failed.next()) {
            (None, _) => Admitted::All,
            (Some((place, _)), None) => Admitted::Only(*place),
            _ => Admitted::None,
        }
    }
}

fn is_passed((place, passes): &(usize, Vec<bool>), line: &Line) -> bool {
    let set = line.facets.get(*place).and_then(|set| passes.get(at(*set)));
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
    pub(crate) total: u64,
    /// How many match, whatever the filters say.
    pub(crate) unfiltered: u64,
    counts: [Vec<u64>; 8],
}

impl<'a> Tally<'a> {
    pub(crate) fn new(names: &Names, sieve: &'a Sieve) -> Self {
        let counts = names.facets.each_ref().map(|values| vec![0; values.sets.len()]);
        Self { sieve, total: 0, unfiltered: 0, counts }
    }

    /// Counts a document; whether it passes.
    pub(crate) fn add(&mut self, line: &Line) -> bool {
        self.unfiltered += 1;
        match self.sieve.admits(line) {
            Admitted::All => {
                self.total += 1;
                for (counts, set) in self.counts.iter_mut().zip(line.facets) {
                    if let Some(count) = counts.get_mut(at(set)) {
                        *count += 1;
                    }
                }
                true
            }
            Admitted::Only(place) => {
                let set = line.facets.get(place).map(|set| at(*set));
                let count =
                    self.counts.get_mut(place).zip(set).and_then(|(it, set)| it.get_mut(set));
                if let Some(count) = count {
                    *count += 1;
                }
                false
            }
            Admitted::None => false,
        }
    }

    /// The counts of every facet, the largest first.
    pub(crate) fn facets(&self, names: &Names) -> BTreeMap<Facet, Vec<Count>> {
        let each = Facet::ALL.into_iter().zip(&names.facets).zip(&self.counts);
        each.map(|((facet, values), sets)| {
            let mut hits = vec![0_u64; values.names.len()];
            for (set, count) in values.sets.iter().zip(sets).filter(|(_, count)| **count > 0) {
                for value in set {
                    if let Some(hits) = hits.get_mut(at(*value)) {
                        *hits += count;
                    }
                }
            }
            let named = values.names.iter().zip(hits).filter(|(_, hits)| *hits > 0);
            let mut counts: Vec<Count> =
                named.map(|(value, hits)| Count { value: value.clone(), hits }).collect();
            counts.sort_by(|a, b| b.hits.cmp(&a.hits).then_with(|| a.value.cmp(&b.value)));
            (facet, counts)
        })
        .collect()
    }
}
