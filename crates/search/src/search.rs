//! One search: matching and counting, weighing the best few hundred, forgiving, one page.

use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use tantivy::{DocId, Term, schema::Field};

use crate::{
    Error, Result,
    cite::Citation,
    docs::{self, Docs, Row},
    item::Facet,
    mark::Marker,
    plan::{Plan, Variant},
    query::{Cursor, DEEPEST, Found, Leniency, MOST, Order, Query, Start},
    rank::{NEWEST, Place, Top, weigh},
    schema::Fields,
    snapshot::{Leaf, Scoped, Snapshot},
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
    pub(crate) sieve: Sieve,
    vocabulary: &'a Arc<Vocabulary>,
    /// What is in scope of each segment.
    scopes: Vec<Scoped>,
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
        Ok(Self { fields, snapshot, query, sieve, vocabulary, scopes })
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
        let mut listed = Top::new(newest, bound);
        self.count(plan, &mut tally, &mut listed)?;
        if tally.unfiltered == 0 {
            return Ok(None);
        }
        let (places, next) = if by_date {
            page_of_list(listed.into_sorted(), offset, size)
        } else {
            let weighed = weigh(self, plan, listed.into_sorted())?;
            self.page(plan, weighed, tally.total, (offset, after, size))?
        };
        let hits =
            places.iter().map(|place| self.snapshot.hit(&place.line)).collect::<Result<_>>()?;
        Ok(Some(Found {
            total: tally.total,
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

    /// Counts everything that matches and lists the newest of what passes.
    fn count(&self, plan: &Plan, tally: &mut Tally<'_>, listed: &mut Top) -> Result<()> {
        for leaf in self.snapshot.leaves.iter() {
            self.for_each_match(plan, leaf, |doc| {
                if let Some(line) = leaf.line(doc)
                    && tally.add(line)
                {
                    listed.offer(Place { weight: 0, line: *line, leaf: leaf.number, doc });
                }
            })?;
        }
        Ok(())
    }

    /// The page of a list whose first part was weighed and whose rest goes by date.
    fn page(
        &self,
        plan: &Plan,
        weighed: Vec<Place>,
        total: u64,
        (offset, after, size): (usize, Option<(i64, uuid::Uuid)>, usize),
    ) -> Result<(Vec<Place>, Option<Cursor>)> {
        let all = usize::try_from(total).unwrap_or(usize::MAX);
        let of_weighed = if after.is_some() { weighed.len() } else { offset.min(weighed.len()) };
        let mut places: Vec<Place> = weighed.iter().skip(of_weighed).take(size).copied().collect();
        if places.len() == size || (after.is_none() && all <= weighed.len()) {
            let end = offset + places.len();
            return Ok((places, (end < all).then_some(Cursor::Weighed(end))));
        }
        let known: HashSet<(u32, DocId)> = weighed.iter().map(Place::address).collect();
        let skipped = if after.is_some() { 0 } else { offset.saturating_sub(weighed.len()) };
        let missing = size - places.len();
        let mut rest = Top::new(skipped + missing + 1, after);
        for leaf in self.snapshot.leaves.iter() {
            self.for_each_match(plan, leaf, |doc| {
                if let Some(line) = leaf.line(doc)
                    && self.sieve.passes(line)
                    && !known.contains(&(leaf.number, doc))
                {
                    rest.offer(Place { weight: 0, line: *line, leaf: leaf.number, doc });
                }
            })?;
        }
        let (more, next) = page_of_list(rest.into_sorted(), skipped, missing);
        places.extend(more);
        Ok((places, next))
    }

    /// Calls `each` for every document of a segment that answers the plan and is in scope.
    fn for_each_match(&self, plan: &Plan, leaf: &Leaf, mut each: impl FnMut(DocId)) -> Result<()> {
        if plan.variants.is_empty() {
            return self.for_each(leaf, Vec::new(), each);
        }
        let numbered = self.numbered(leaf, &plan.numbers)?;
        match plan.variants.as_slice() {
            [variant] if numbered.is_empty() => self.for_each_of(variant, leaf, each),
            variants => {
                let mut docs = numbered;
                for variant in variants {
                    self.for_each_of(variant, leaf, |doc| docs.push(doc))?;
                }
                docs.sort_unstable();
                docs.dedup();
                docs.into_iter().for_each(&mut each);
                Ok(())
            }
        }
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
            if let Some(list) = leaf.docs(&term)? {
                self.for_each(leaf, vec![list], |doc| docs.push(doc))?;
            }
        }
        docs.sort_unstable();
        docs.dedup();
        Ok(docs)
    }

    fn for_each_of(
        &self,
        variant: &Variant,
        leaf: &Leaf,
        mut each: impl FnMut(DocId),
    ) -> Result<()> {
        let Some(lists) = self.lists(leaf, variant)? else { return Ok(()) };
        let Some(mut rows) = self.rows(leaf, variant)? else { return Ok(()) };
        if rows.is_empty() {
            return self.for_each(leaf, lists, each);
        }
        self.for_each(leaf, lists, |doc| {
            if rows.iter_mut().all(|row| row.holds(doc)) {
                each(doc);
            }
        })
    }

    /// The lists that a match stands in. What must stand in a row also has all its pairs, which
    /// are fewer.
    fn lists(&self, leaf: &Leaf, variant: &Variant) -> Result<Option<Vec<Docs>>> {
        let mut terms = self.terms(self.fields.text, &variant.required);
        for row in &variant.rows {
            let pairs = row.windows(2).map(|pair| pair.join(" "));
            terms.extend(self.terms(self.fields.extra, &pairs.collect::<Vec<_>>()));
        }
        leaf.all(&terms)
    }

    /// The rows to look at one by one; a row of two is a pair, and known already.
    fn rows(&self, leaf: &Leaf, variant: &Variant) -> Result<Option<Vec<Row>>> {
        let long = variant.rows.iter().filter(|row| row.len() > 2);
        long.map(|row| leaf.row(&self.terms(self.fields.text, row))).collect()
    }

    pub(crate) fn terms(&self, field: Field, texts: &[String]) -> Vec<Term> {
        texts.iter().map(|text| Term::from_field_text(field, text)).collect()
    }

    /// Calls `each` for every document of a segment in `lists` and in scope.
    pub(crate) fn for_each(
        &self,
        leaf: &Leaf,
        lists: Vec<Docs>,
        mut each: impl FnMut(DocId),
    ) -> Result<()> {
        self.until(leaf, lists, |doc| {
            each(doc);
            ControlFlow::Continue(())
        })
    }

    /// The same until `each` has enough.
    pub(crate) fn until(
        &self,
        leaf: &Leaf,
        mut lists: Vec<Docs>,
        mut each: impl FnMut(DocId) -> ControlFlow<()>,
    ) -> Result<()> {
        match self.scopes.get(docs::at(leaf.number)) {
            None | Some(Scoped::Nothing) => return Ok(()),
            Some(Scoped::All) => {}
            Some(Scoped::One(term)) => lists.extend(leaf.docs(term)?),
            Some(Scoped::Some(bits)) => lists.push(Docs::Dense(bits.clone())),
        }
        match leaf.reader.alive_bitset() {
            None => docs::for_each(lists, leaf.documents(), each),
            Some(alive) => docs::for_each(lists, leaf.documents(), |doc| {
                if alive.is_alive(doc) { each(doc) } else { ControlFlow::Continue(()) }
            }),
        }
        Ok(())
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
