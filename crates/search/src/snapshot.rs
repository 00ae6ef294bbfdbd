//! What one search sees: the segments of the index, and beside each a sheet in memory with what
//! counting and ordering need of every document.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use chrono::DateTime;
use tantivy::{
    DocId, InvertedIndexReader, Searcher, SegmentReader, Term,
    columnar::StrColumn,
    index::SegmentId,
    postings::SegmentPostings,
    schema::{Field, IndexRecordOption},
};
use uuid::Uuid;

use crate::{
    Error, Result,
    docs::{Bits, Docs, Row, at},
    item::Facet,
    query::{Hit, Scope},
    schema::Fields,
};

/// A term that more than one in so many documents has is kept in memory.
const DENSE: u32 = 16;
/// Smaller segments are read from the index: their lists are short in any case.
const SMALL: u32 = 4096;
/// So many terms of a segment are kept at most: they are 100 MB for a million documents.
const KEPT: usize = 800;

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
    readers: [(Field, Arc<InvertedIndexReader>); 5],
}

/// What is kept in memory of a segment, which never changes.
pub(crate) struct Sheet {
    segment: SegmentId,
    pub(crate) lines: Vec<Line>,
    dense: RwLock<HashMap<Term, Arc<Bits>>>,
}

/// What is kept in memory of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The sets of values it has, one for each facet.
    pub(crate) facets: [u32; 8],
    pub(crate) date: i64,
    pub(crate) subject: Uuid,
    pub(crate) length: u32,
    pub(crate) title_length: u32,
}

/// The values of the facets, numbered through all segments.
#[derive(Clone, Default)]
pub(crate) struct Names {
    pub(crate) facets: [Values; 8],
}

/// The values of one facet and the sets of them that documents have; set 0 is empty.
#[derive(Clone)]
pub(crate) struct Values {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) sets: Vec<Box<[u32]>>,
    name_numbers: HashMap<Arc<str>, u32>,
    set_numbers: HashMap<Box<[u32]>, u32>,
}

impl Default for Values {
    fn default() -> Self {
        let empty: Box<[u32]> = Box::new([]);
        Self {
            names: Vec::new(),
            sets: vec![empty.clone()],
            name_numbers: HashMap::new(),
            set_numbers: HashMap::from([(empty, 0)]),
        }
    }
}

impl Values {
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.name_numbers.get(name).copied()
    }

    fn add_name(&mut self, name: &str) -> u32 {
        if let Some(number) = self.name_numbers.get(name) {
            return *number;
        }
        let (name, number) = (Arc::<str>::from(name), count(self.names.len()));
        self.names.push(name.clone());
        self.name_numbers.insert(name, number);
        number
    }

    fn add_set(&mut self, set: &[u32]) -> u32 {
        if let Some(number) = self.set_numbers.get(set) {
            return *number;
        }
        let (set, number) = (Box::<[u32]>::from(set), count(self.sets.len()));
        self.sets.push(set.clone());
        self.set_numbers.insert(set, number);
        number
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
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
                None => Arc::new(Sheet::load(reader, Arc::make_mut(&mut names))?),
            };
            let leaf = Leaf::open(fields, number, reader.clone(), sheet)?;
            if known.is_none() {
                leaf.warm(&[fields.text, fields.extra])?;
            }
            leaves.push(leaf);
        }
        Ok(Self { leaves: leaves.into(), names, searcher })
    }

    /// How many documents have a term, deleted ones included.
    pub(crate) fn frequency(&self, term: &Term) -> Result<u32> {
        let counts = self.leaves.iter().map(|leaf| leaf.frequency(term));
        counts.sum::<Result<u32>>()
    }

    /// The result that a line stands for.
    pub(crate) fn hit(&self, line: &Line) -> Result<Hit> {
        let site = self.first(line, Facet::Site).and_then(|site| base::SiteId::parse(&site));
        let date = DateTime::from_timestamp(line.date, 0);
        match (site, self.first(line, Facet::Kind), date) {
            (Some(site), Some(kind), Some(date)) => {
                Ok(Hit { subject: line.subject, site, kind, date })
            }
            _ => Err(Error::Damaged(format!("the columns of {}", line.subject))),
        }
    }

    fn first(&self, line: &Line, facet: Facet) -> Option<Arc<str>> {
        let place = Facet::ALL.iter().position(|it| *it == facet)?;
        let values = self.names.facets.get(place)?;
        let set = values.sets.get(at(*line.facets.get(place)?))?;
        values.names.get(at(*set.first()?)).cloned()
    }
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
        Ok(Self { number, reader, sheet, readers })
    }

    pub(crate) fn documents(&self) -> u32 {
        self.reader.max_doc()
    }

    pub(crate) fn line(&self, doc: DocId) -> Option<&Line> {
        self.sheet.lines.get(at(doc))
    }

    pub(crate) fn terms(&self, field: Field) -> Result<&InvertedIndexReader> {
        let found = self.readers.iter().find(|(it, _)| *it == field);
        let missing = || Error::Damaged("a field is not indexed".to_owned());
        found.map(|(_, reader)| reader.as_ref()).ok_or_else(missing)
    }

    pub(crate) fn frequency(&self, term: &Term) -> Result<u32> {
        Ok(self.terms(term.field())?.doc_freq(term)?)
    }

    /// Keeps the terms in memory that many documents have, before anybody waits for them.
    fn warm(&self, fields: &[Field]) -> Result<()> {
        if self.documents() <= SMALL {
            return Ok(());
        }
        for field in fields {
            let mut terms = self.terms(*field)?.terms().stream()?;
            while terms.advance() {
                if self.is_dense(terms.value().doc_freq)
                    && let Ok(text) = std::str::from_utf8(terms.key())
                {
                    self.docs(&Term::from_field_text(*field, text))?;
                }
            }
        }
        Ok(())
    }

    fn is_dense(&self, frequency: u32) -> bool {
        self.documents() > SMALL && frequency.saturating_mul(DENSE) > self.documents()
    }

    /// The documents that have a term; `None` when there are none.
    pub(crate) fn docs(&self, term: &Term) -> Result<Option<Docs>> {
        let terms = self.terms(term.field())?;
        let Some(info) = terms.get_term_info(term)? else { return Ok(None) };
        let is_dense = self.is_dense(info.doc_freq);
        if is_dense && let Some(bits) = self.sheet.kept(term) {
            return Ok(Some(Docs::Dense(bits)));
        }
        let docs = terms.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
        if !is_dense {
            return Ok(Some(Docs::Sparse(Box::new(docs))));
        }
        let mut bits = Bits::empty(self.documents());
        bits.extend(docs);
        let bits = Arc::new(bits);
        self.sheet.keep(term, &bits);
        Ok(Some(Docs::Dense(bits)))
    }

    /// The lists of all `terms`; `None` when one of them is empty.
    pub(crate) fn all(&self, terms: &[Term]) -> Result<Option<Vec<Docs>>> {
        terms.iter().map(|term| self.docs(term)).collect()
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
        if let [term] = terms.as_slice() {
            return Ok(match self.docs(term)? {
                _ if self.frequency(term)? == self.documents() => Scoped::All,
                Some(Docs::Dense(bits)) => Scoped::Some(bits),
                Some(Docs::Sparse(_)) => Scoped::One(term.clone()),
                None => Scoped::Nothing,
            });
        }
        let mut bits = Bits::empty(self.documents());
        for term in &terms {
            match self.docs(term)? {
                Some(Docs::Sparse(docs)) => bits.extend(*docs),
                Some(Docs::Dense(more)) => {
                    (0..self.documents()).filter(|doc| more.contains(*doc)).for_each(|doc| {
                        bits.insert(doc);
                    });
                }
                None => {}
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
    One(Term),
    Some(Arc<Bits>),
}

impl Sheet {
    fn load(reader: &SegmentReader, names: &mut Names) -> Result<Self> {
        let columns = reader.fast_fields();
        let (high, low) = (columns.u64("subject_high")?, columns.u64("subject_low")?);
        let date = columns.i64("date")?;
        let (length, title_length) = (columns.u64("length")?, columns.u64("title_length")?);
        let lines = (0..reader.max_doc()).map(|doc| Line {
            facets: [0; 8],
            date: date.first(doc).unwrap_or_default(),
            subject: Uuid::from_u64_pair(
                high.first(doc).unwrap_or_default(),
                low.first(doc).unwrap_or_default(),
            ),
            length: short(length.first(doc)),
            title_length: short(title_length.first(doc)),
        });
        let mut lines: Vec<Line> = lines.collect();
        for (place, (facet, values)) in Facet::ALL.iter().zip(&mut names.facets).enumerate() {
            if let Some(column) = columns.str(facet.as_str())? {
                fill(&mut lines, place, &column, values)?;
            }
        }
        Ok(Self { segment: reader.segment_id(), lines, dense: RwLock::default() })
    }

    fn kept(&self, term: &Term) -> Option<Arc<Bits>> {
        let dense = self.dense.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        dense.get(term).cloned()
    }

    fn keep(&self, term: &Term, bits: &Arc<Bits>) {
        let mut dense = self.dense.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if dense.len() < KEPT {
            dense.insert(term.clone(), bits.clone());
        }
    }
}

fn short(value: Option<u64>) -> u32 {
    value.map_or(0, |value| u32::try_from(value).unwrap_or(u32::MAX))
}

/// Writes one facet into the lines.
fn fill(lines: &mut [Line], place: usize, column: &StrColumn, values: &mut Values) -> Result<()> {
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut name = String::new();
    let mut ordinal = 0;
    while numbers.len() < column.num_terms() {
        column.ord_to_str(ordinal, &mut name)?;
        numbers.push(values.add_name(&name));
        ordinal += 1;
    }
    let mut set = Vec::new();
    for (doc, line) in (0..).zip(lines) {
        set.clear();
        let ordinals = column.term_ords(doc).filter_map(|it| usize::try_from(it).ok());
        set.extend(ordinals.filter_map(|it| numbers.get(it).copied()));
        set.sort_unstable();
        set.dedup();
        if let Some(facet) = line.facets.get_mut(place) {
            *facet = values.add_set(&set);
        }
    }
    Ok(())
}
