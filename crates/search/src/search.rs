//! One search: matching and counting, weighing the best few hundred, forgiving, one page.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    ops::ControlFlow,
    sync::Arc,
};

use tantivy::{DocId, Term, postings::SegmentPostings, schema::Field};

use crate::{
    Error, Result,
    cite::Citation,
    docs::{self, Docs, Lists, Row},
    item::Facet,
    list::{Place, Top},
    mark::Marker,
    matches::Matches,
    plan::{Plan, Variant},
    query::{Cursor, DEEPEST, Found, Leniency, MOST, Order, Query, Start},
    rank::{NEWEST, weigh},
    schema::Fields,
    snapshot::{Entry, Leaf, Scoped, Snapshot},
    tally::{Sieve, Tally},
    vocabulary::Vocabulary,
};

/// So many numbers of a segment that begin alike are compared with a citation.
const NEAR: usize = 2_000;
/// So many numbers are followed that a citation can mean.
const NUMBERS: usize = 40;

/// A question that cites more documents is about another that does.
const CITED: usize = 2;

/// A search under way.
pub(crate) struct Search<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) query: &'a Query,
    sieve: Sieve,
    vocabulary: &'a Arc<Vocabulary>,
    /// What is in scope of each segment.
    scopes: Vec<Scoped>,
    /// Where the terms that were looked up stand in each segment: most are asked for many times.
    entries: RefCell<Vec<HashMap<Term, Option<Entry>>>>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        fields: &'a Fields,
        snapshot: &'a Snapshot,
        vocabulary: &'a Arc<Vocabulary>,
        query: &'a Query,
    ) -> Result<Self> {
        let sieve = Sieve::new(&snapshot.names, &query.filters);
        let scopes = snapshot.leaves.iter().map(|leaf| leaf.scope(fields, &query.scope));
        let scopes = scopes.collect::<Result<_>>()?;
        let entries = RefCell::new(vec![HashMap::new(); snapshot.leaves.len()]);
        Ok(Self { fields, snapshot, query, sieve, vocabulary, scopes, entries })
    }

    /// The answer to `plan`; `None` when nothing at all in scope matches it.
    pub(crate) fn answer(&self, plan: &Plan, leniency: Leniency) -> Result<Option<Found>> {
        let by_date = self.query.order == Order::Newest || plan.variants.is_empty();
        let after = match self.query.start {
            Start::After(Cursor::Listed { date, subject }) => Some((date, subject)),
            _ => None,
        };
        let offset = match self.query.start {
            Start::At(offset) | Start::After(Cursor::Weighed(offset)) => offset.min(DEEPEST),
            Start::After(Cursor::Listed { .. }) => 0,
        };
        let size = self.query.size.min(MOST);
        let (newest, bound) = if by_date { (offset + size + 1, after) } else { (NEWEST, None) };
        let mut tally = Tally::new(&self.snapshot.names, &self.sieve);
        let mut passed = Vec::with_capacity(self.snapshot.leaves.len());
        for leaf in self.snapshot.leaves.iter() {
            passed.push(tally.count(&leaf.sheet, leaf.documents(), self.matches(plan, leaf)?));
        }
        if tally.unfiltered == 0 {
            return Ok(None);
        }
        let listed = self.newest(&passed, Top::new(newest, bound), |_| true);
        let (places, next) = if by_date {
            page_of_list(listed, offset, size)
        } else {
            let weighed = weigh(self, plan, &passed, listed)?;
            self.page(&passed, &weighed, tally.total, (offset, after, size))
        };
        let hits = places.iter().map(|place| self.snapshot.hit(place)).collect::<Result<_>>()?;
        Ok(Some(Found {
            total: u64::try_from(tally.total).unwrap_or(u64::MAX),
            hits,
            facets: tally.facets(&self.snapshot.names),
            leniency,
            next,
            marker: Marker::new(plan, self.vocabulary),
            ..Found::default()
        }))
    }

    /// The answer when nothing is found.
    pub(crate) fn nothing(&self, plan: &Plan) -> Found {
        Found {
            facets: Facet::ALL.into_iter().map(|facet| (facet, Vec::new())).collect(),
            marker: Marker::new(plan, self.vocabulary),
            ..Found::default()
        }
    }

    /// The newest of the documents that pass and are `wanted`.
    fn newest(
        &self,
        passed: &[Matches],
        mut newest: Top,
        wanted: impl Fn((u32, DocId)) -> bool,
    ) -> Vec<Place> {
        for (leaf, passed) in self.snapshot.leaves.iter().zip(passed) {
            newest.offer_newest(leaf, passed, |doc| wanted((leaf.number, doc)));
        }
        newest.into_sorted()
    }

    /// The page of a list whose first part was weighed and whose rest goes by date.
    fn page(
        &self,
        passed: &[Matches],
        weighed: &[Place],
        all: usize,
        (offset, after, size): (usize, Option<(i64, uuid::Uuid)>, usize),
    ) -> (Vec<Place>, Option<Cursor>) {
        let of_weighed = if after.is_some() { weighed.len() } else { offset.min(weighed.len()) };
        let mut places: Vec<Place> = weighed.iter().skip(of_weighed).take(size).copied().collect();
        if places.len() == size || (after.is_none() && all <= weighed.len()) {
            let end = offset + places.len();
            return (places, (end < all).then_some(Cursor::Weighed(end)));
        }
        let known: HashSet<(u32, DocId)> = weighed.iter().map(Place::address).collect();
        let skipped = if after.is_some() { 0 } else { offset.saturating_sub(weighed.len()) };
        let missing = size - places.len();
        let rest = Top::new(skipped + missing + 1, after);
        let rest = self.newest(passed, rest, |address| !known.contains(&address));
        let (more, next) = page_of_list(rest, skipped, missing);
        places.extend(more);
        (places, next)
    }

    /// The documents of a segment that answer the plan and are in scope.
    fn matches(&self, plan: &Plan, leaf: &Leaf) -> Result<Matches> {
        if plan.variants.is_empty() {
            return self.in_scope(leaf, Vec::new());
        }
        let mut all = Matches::Few(self.numbered(leaf, &plan.numbers)?);
        for variant in &plan.variants {
            all = all.or(self.matches_of(variant, leaf)?, leaf.documents());
        }
        Ok(all)
    }

    /// Looks up what `plan` cites: the documents that are in scope are found by the keys of
    /// their numbers from now on. The numbers that no document in scope has.
    pub(crate) fn look_up(&self, plan: &mut Plan) -> Result<Vec<String>> {
        let mut missing = Vec::new();
        let is_whole = self.has_number(&plan.numbers)?;
        // Who names many documents asks for the one that speaks of them all.
        let is_many = plan.cited.len() > CITED;
        for citation in &plan.cited {
            if citation.key.is_none() && is_whole {
                continue;
            }
            let mut keys: Vec<String> = citation.key.iter().cloned().collect();
            if !self.has_number(&keys)? {
                keys = self.near(citation)?;
            }
            if !self.has_number(&keys)? {
                missing.extend(citation.spelling.clone());
            }
            plan.numbers.extend(keys.into_iter().filter(|_| !is_many));
        }
        plan.numbers.sort();
        plan.numbers.dedup();
        missing.dedup();
        Ok(missing)
    }

    fn has_number(&self, keys: &[String]) -> Result<bool> {
        for leaf in self.snapshot.leaves.iter() {
            if !self.numbered(leaf, keys)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The keys of the numbers that a citation can mean which does not give the whole.
    fn near(&self, citation: &Citation) -> Result<Vec<String>> {
        let mut keys = Vec::new();
        for leaf in self.snapshot.leaves.iter() {
            keys.extend(leaf.numbers(self.fields, &citation.beginning(), NEAR)?);
        }
        keys.retain(|key| citation.fits(key));
        keys.sort();
        keys.dedup();
        keys.truncate(NUMBERS);
        Ok(keys)
    }

    /// The documents of a segment in scope that have one of the numbers.
    pub(crate) fn numbered(&self, leaf: &Leaf, keys: &[String]) -> Result<Vec<DocId>> {
        let mut docs = Vec::new();
        for key in keys {
            let term = Term::from_field_text(self.fields.number, key);
            if let Some(list) = self.docs(leaf, &term)? {
                self.in_scope(leaf, vec![list])?.for_each(|doc| docs.push(doc));
            }
        }
        docs.sort_unstable();
        docs.dedup();
        Ok(docs)
    }

    fn matches_of(&self, variant: &Variant, leaf: &Leaf) -> Result<Matches> {
        let Some(lists) = self.lists(leaf, variant)? else { return Ok(Matches::none()) };
        let Some(mut rows) = self.rows(leaf, variant)? else { return Ok(Matches::none()) };
        let found = self.in_scope(leaf, lists)?;
        if rows.is_empty() {
            return Ok(found);
        }
        Ok(found.filter(leaf.documents(), |doc| rows.iter_mut().all(|row| row.holds(doc))))
    }

    /// The lists that a match stands in. What must stand in a row also has all its pairs, which
    /// are fewer.
    fn lists(&self, leaf: &Leaf, variant: &Variant) -> Result<Option<Vec<Docs>>> {
        let mut terms = self.terms(self.fields.text, &variant.required);
        for row in &variant.rows {
            let pairs = row.windows(2).map(|pair| pair.join(" "));
            terms.extend(self.terms(self.fields.extra, &pairs.collect::<Vec<_>>()));
        }
        self.all(leaf, &terms)
    }

    /// The rows to look at one by one; a row of two is a pair, and known already.
    fn rows(&self, leaf: &Leaf, variant: &Variant) -> Result<Option<Vec<Row>>> {
        let long = variant.rows.iter().filter(|row| row.len() > 2);
        long.map(|row| leaf.row(&self.terms(self.fields.text, row))).collect()
    }

    pub(crate) fn terms(&self, field: Field, texts: &[String]) -> Vec<Term> {
        texts.iter().map(|text| Term::from_field_text(field, text)).collect()
    }

    /// Where a term stands in a segment; looked up once.
    fn entry(&self, leaf: &Leaf, term: &Term) -> Result<Option<Entry>> {
        let mut entries = self.entries.borrow_mut();
        let Some(known) = entries.get_mut(docs::at(leaf.number)) else { return leaf.entry(term) };
        if let Some(entry) = known.get(term) {
            return Ok(entry.clone());
        }
        let entry = leaf.entry(term)?;
        known.insert(term.clone(), entry.clone());
        Ok(entry)
    }

    /// The documents of a segment that have a term; `None` when there are none.
    pub(crate) fn docs(&self, leaf: &Leaf, term: &Term) -> Result<Option<Docs>> {
        let entry = self.entry(leaf, term)?;
        entry.map(|entry| leaf.docs(term.field(), &entry)).transpose()
    }

    /// The same as they are on disk, with how often the term stands in each.
    pub(crate) fn listed(&self, leaf: &Leaf, term: &Term) -> Result<Option<SegmentPostings>> {
        let entry = self.entry(leaf, term)?;
        entry.map(|entry| leaf.listed(term.field(), &entry)).transpose()
    }

    /// The lists of all `terms`; `None` when one of them is empty.
    pub(crate) fn all(&self, leaf: &Leaf, terms: &[Term]) -> Result<Option<Vec<Docs>>> {
        let mut entries = Vec::with_capacity(terms.len());
        for term in terms {
            let Some(entry) = self.entry(leaf, term)? else { return Ok(None) };
            entries.push((term.field(), entry));
        }
        entries.iter().map(|(field, entry)| leaf.docs(*field, entry).map(Some)).collect()
    }

    /// The documents of a segment in `lists` and in scope.
    fn in_scope(&self, leaf: &Leaf, lists: Vec<Docs>) -> Result<Matches> {
        let lists = self.narrowed(leaf, lists)?;
        Ok(lists.map_or_else(Matches::none, |lists| Matches::of(lists, leaf.documents())))
    }

    /// Calls `each` for the documents of a segment in `lists` and in scope until it has enough.
    pub(crate) fn until(
        &self,
        leaf: &Leaf,
        lists: Vec<Docs>,
        each: impl FnMut(DocId) -> ControlFlow<()>,
    ) -> Result<()> {
        if let Some(lists) = self.narrowed(leaf, lists)? {
            // Whether there was enough says nothing to anybody here.
            let _enough = Lists::new(lists).try_for_each(leaf.documents(), each);
        }
        Ok(())
    }

    /// `lists` and those of what is in scope and was not deleted; `None` when nothing is.
    fn narrowed(&self, leaf: &Leaf, mut lists: Vec<Docs>) -> Result<Option<Vec<Docs>>> {
        match self.scopes.get(docs::at(leaf.number)) {
            None | Some(Scoped::Nothing) => return Ok(None),
            Some(Scoped::All) => {}
            Some(Scoped::One(entry)) => lists.push(leaf.docs(self.fields.scope, entry)?),
            Some(Scoped::Some(bits)) => lists.push(Docs::Dense(bits.clone())),
        }
        lists.extend(leaf.alive.iter().map(|alive| Docs::Dense(alive.clone())));
        Ok(Some(lists))
    }
}

/// A page of a list that goes by date, whose last place only says that there is more.
fn page_of_list(list: Vec<Place>, offset: usize, size: usize) -> (Vec<Place>, Option<Cursor>) {
    let has_more = list.len() > offset + size;
    let page: Vec<Place> = list.into_iter().skip(offset).take(size).collect();
    let end = page.last().filter(|_| has_more);
    let next =
        end.map(|place| Cursor::Listed { date: place.line.date, subject: place.line.subject });
    (page, next)
}

/// Runs `work`, which a damaged index may make panic, without losing the caller.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    result.unwrap_or_else(|_| Err(Error::Damaged("a search ran into nonsense".to_owned())))
}
