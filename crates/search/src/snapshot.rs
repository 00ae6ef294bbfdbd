//! What one search sees: the segments of the index, each with its sheet.

use std::sync::Arc;

use chrono::DateTime;
use tantivy::{
    DocId, InvertedIndexReader, Searcher, SegmentReader, Term,
    postings::{SegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

use crate::{
    Error, Result,
    docs::{Bits, Docs, Row, at},
    item::Facet,
    list::Place,
    query::{Hit, Scope},
    schema::Fields,
    sheet::{Line, Names, Sheet},
};

/// The index at one moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) leaves: Arc<[Leaf]>,
    pub(crate) names: Arc<Names>,
    pub(crate) searcher: Searcher,
}

/// A segment of the index.
pub(crate) struct Leaf {
    /// Its place among the segments.
    pub(crate) number: u32,
    pub(crate) reader: SegmentReader,
    pub(crate) sheet: Arc<Sheet>,
    /// What was not deleted; `None` when nothing was.
    pub(crate) alive: Option<Arc<Bits>>,
    readers: [(Field, Arc<InvertedIndexReader>); 5],
}

impl Snapshot {
    /// The index as `searcher` sees it; sheets that `before` has are taken over.
    pub(crate) fn load(fields: &Fields, searcher: Searcher, before: Option<&Self>) -> Result<Self> {
        let mut names = before.map(|it| it.names.clone()).unwrap_or_default();
        let mut leaves = Vec::new();
        for (number, reader) in (0..).zip(searcher.segment_readers()) {
            let known = before.and_then(|it| {
                it.leaves.iter().find(|leaf| leaf.sheet.segment == reader.segment_id())
            });
            let sheet = match known {
                Some(leaf) => leaf.sheet.clone(),
                None => Arc::new(Sheet::load(fields, reader, Arc::make_mut(&mut names))?),
            };
            leaves.push(Leaf::open(fields, number, reader.clone(), sheet)?);
        }
        Ok(Self { leaves: leaves.into(), names, searcher })
    }

    /// How many documents have a term, deleted ones included.
    pub(crate) fn frequency(&self, term: &Term) -> Result<u32> {
        let counts = self.leaves.iter().map(|leaf| leaf.frequency(term));
        counts.sum::<Result<u32>>()
    }

    /// The result that a place stands for.
    pub(crate) fn hit(&self, place: &Place) -> Result<Hit> {
        let (subject, seconds) = (place.line.subject, place.line.date);
        let site = self.first(place, Facet::Site).and_then(|site| base::SiteId::parse(&site));
        let date = DateTime::from_timestamp(seconds, 0);
        match (site, self.first(place, Facet::Kind), date) {
            (Some(site), Some(kind), Some(date)) => Ok(Hit { subject, site, kind, date }),
            _ => Err(Error::Damaged(format!("the columns of {subject}"))),
        }
    }

    fn first(&self, place: &Place, facet: Facet) -> Option<Arc<str>> {
        let number = Facet::ALL.iter().position(|it| *it == facet)?;
        let sets = self.leaves.get(at(place.leaf))?.sheet.facets.get(at(place.doc))?;
        let values = self.names.facets.get(number)?;
        let set = values.sets.get(at(*sets.get(number)?))?;
        values.names.get(at(*set.first()?)).cloned()
    }
}

/// Where a term stands in a segment.
#[derive(Clone)]
pub(crate) struct Entry {
    info: TermInfo,
    bits: Option<Arc<Bits>>,
}

impl Leaf {
    fn open(
        fields: &Fields,
        number: u32,
        reader: SegmentReader,
        sheet: Arc<Sheet>,
    ) -> Result<Self> {
        let open = |field: Field| Ok::<_, Error>((field, reader.inverted_index(field)?));
        let readers = [
            open(fields.text)?,
            open(fields.extra)?,
            open(fields.title)?,
            open(fields.number)?,
            open(fields.scope)?,
        ];
        let documents = reader.max_doc();
        let alive = reader.alive_bitset().map(|it| Arc::new(Bits::alive(documents, it)));
        Ok(Self { number, reader, sheet, alive, readers })
    }

    pub(crate) fn documents(&self) -> u32 {
        self.reader.max_doc()
    }

    pub(crate) fn line(&self, doc: DocId) -> Option<&Line> {
        self.sheet.lines.get(at(doc))
    }

    /// The place of a document, for what is ordered by date alone.
    pub(crate) fn place(&self, doc: DocId) -> Option<Place> {
        let line = *self.line(doc)?;
        Some(Place { weight: 0, line, leaf: self.number, doc })
    }

    pub(crate) fn terms(&self, field: Field) -> Result<&InvertedIndexReader> {
        let found = self.readers.iter().find(|(it, _)| *it == field);
        let missing = || Error::Damaged("a field is not indexed".to_owned());
        found.map(|(_, reader)| reader.as_ref()).ok_or_else(missing)
    }

    pub(crate) fn frequency(&self, term: &Term) -> Result<u32> {
        Ok(self.terms(term.field())?.doc_freq(term)?)
    }

    /// Where a term stands; `None` when it is nowhere.
    pub(crate) fn entry(&self, term: &Term) -> Result<Option<Entry>> {
        if let Some((info, bits)) = self.sheet.dense.get(term) {
            return Ok(Some(Entry { info: info.clone(), bits: Some(bits.clone()) }));
        }
        let info = self.terms(term.field())?.get_term_info(term)?;
        Ok(info.map(|info| Entry { info, bits: None }))
    }

    /// The documents of an entry of `field`.
    pub(crate) fn docs(&self, field: Field, entry: &Entry) -> Result<Docs> {
        match &entry.bits {
            Some(bits) => Ok(Docs::Dense(bits.clone())),
            None => Ok(Docs::Sparse(Box::new(self.listed(field, entry)?))),
        }
    }

    /// The same as they are on disk, with how often the term stands in each.
    pub(crate) fn listed(&self, field: Field, entry: &Entry) -> Result<SegmentPostings> {
        let option = IndexRecordOption::WithFreqs;
        Ok(self.terms(field)?.read_postings_from_terminfo(&entry.info, option)?)
    }

    /// At most `most` numbers of documents that begin with `beginning`.
    pub(crate) fn numbers(
        &self,
        fields: &Fields,
        beginning: &str,
        most: usize,
    ) -> Result<Vec<String>> {
        let terms = self.terms(fields.number)?.terms();
        let mut stream = terms.range().ge(beginning).into_stream()?;
        let mut found = Vec::new();
        while found.len() < most && stream.advance() {
            match std::str::from_utf8(stream.key()) {
                Ok(key) if key.starts_with(beginning) => found.push(key.to_owned()),
                _ => break,
            }
        }
        Ok(found)
    }

    /// Where `terms`, whose field has positions, stand in a row.
    pub(crate) fn row(&self, terms: &[Term]) -> Result<Option<Row>> {
        let read = |term: &Term| {
            let option = IndexRecordOption::WithFreqsAndPositions;
            Ok(self.terms(term.field())?.read_postings(term, option)?)
        };
        let lists: Result<Option<Vec<SegmentPostings>>> = terms.iter().map(read).collect();
        Ok(lists?.map(Row::new))
    }

    /// What `scope` adds to the lists of a search: nothing when it has everything.
    pub(crate) fn scope(&self, fields: &Fields, scope: &Scope) -> Result<Scoped> {
        let Some(terms) = fields.of_scope(scope) else { return Ok(Scoped::All) };
        let mut entries = Vec::new();
        for term in &terms {
            entries.extend(self.entry(term)?);
        }
        match entries.as_slice() {
            [] => return Ok(Scoped::Nothing),
            [entry] if entry.info.doc_freq == self.documents() => return Ok(Scoped::All),
            [entry] => return Ok(Scoped::One(entry.clone())),
            _ => {}
        }
        let mut bits = Bits::empty(self.documents());
        for entry in &entries {
            match self.docs(fields.scope, entry)? {
                Docs::Sparse(docs) => bits.extend(*docs),
                Docs::Dense(more) => bits.widen(&more),
            }
        }
        Ok(Scoped::Some(Arc::new(bits)))
    }
}

/// What part of a segment is in scope.
pub(crate) enum Scoped {
    All,
    Nothing,
    /// The documents with this term.
    One(Entry),
    Some(Arc<Bits>),
}
