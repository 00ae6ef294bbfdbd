//! What is kept in memory beside a segment: what counting and ordering need of every document,
//! and the documents that have the commonest terms.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use tantivy::{
    DocId, SegmentReader, Term, columnar::StrColumn, index::SegmentId, postings::TermInfo,
    schema::IndexRecordOption,
};
use uuid::Uuid;

use crate::{
    Result,
    docs::{Bits, at},
    item::Facet,
    schema::Fields,
};

/// A term that more than one in so many documents has may be kept in memory.
const DENSE: u32 = 16;
/// Smaller segments are read from the index: their lists are short in any case.
const SMALL: u32 = 4096;
/// So many terms of a segment are kept, the commonest: they are 150 MB for a million documents.
/// The lists of the others are read where they are needed.
const KEPT: usize = 1_200;

/// What is kept in memory of a segment, which never changes.
pub(crate) struct Sheet {
    pub(crate) segment: SegmentId,
    /// The sets of values that each document has, one for each facet.
    pub(crate) facets: Vec<[u32; 8]>,
    /// How many documents have each set of each facet, deleted ones included.
    pub(crate) totals: [Vec<i64>; 8],
    pub(crate) lines: Vec<Line>,
    /// All documents, in the order of a list that goes by date.
    pub(crate) newest: Vec<DocId>,
    /// The commonest terms.
    pub(crate) dense: HashMap<Term, (TermInfo, Arc<Bits>)>,
}

/// What ordering needs of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) date: i64,
    pub(crate) subject: Uuid,
    pub(crate) length: u32,
    pub(crate) title_length: u32,
}

impl Line {
    /// What puts the newest first; the subject makes the order definite.
    pub(crate) fn age(&self) -> (Reverse<i64>, Uuid) {
        (Reverse(self.date), self.subject)
    }
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

impl Sheet {
    pub(crate) fn load(fields: &Fields, reader: &SegmentReader, names: &mut Names) -> Result<Self> {
        let columns = reader.fast_fields();
        let (high, low) = (columns.u64("subject_high")?, columns.u64("subject_low")?);
        let date = columns.i64("date")?;
        let (length, title_length) = (columns.u64("length")?, columns.u64("title_length")?);
        let lines = (0..reader.max_doc()).map(|doc| Line {
            date: date.first(doc).unwrap_or_default(),
            subject: Uuid::from_u64_pair(
                high.first(doc).unwrap_or_default(),
                low.first(doc).unwrap_or_default(),
            ),
            length: short(length.first(doc)),
            title_length: short(title_length.first(doc)),
        });
        let lines: Vec<Line> = lines.collect();
        let mut facets = vec![[0; 8]; lines.len()];
        for (place, (facet, values)) in Facet::ALL.iter().zip(&mut names.facets).enumerate() {
            if let Some(column) = columns.str(facet.as_str())? {
                fill(&mut facets, place, &column, values)?;
            }
        }
        let totals = totals(&facets, names);
        let mut newest: Vec<DocId> = (0..reader.max_doc()).collect();
        newest.sort_by_key(|doc| lines.get(at(*doc)).map(Line::age));
        let dense = Self::warm(fields, reader)?;
        Ok(Self { segment: reader.segment_id(), facets, totals, lines, newest, dense })
    }

    /// The commonest terms of a segment, so many that memory allows for.
    fn warm(
        fields: &Fields,
        reader: &SegmentReader,
    ) -> Result<HashMap<Term, (TermInfo, Arc<Bits>)>> {
        let documents = reader.max_doc();
        let mut common = Vec::new();
        for field in [fields.text, fields.extra, fields.title] {
            if documents <= SMALL {
                break;
            }
            let inverted = reader.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let info = terms.value();
                if info.doc_freq.saturating_mul(DENSE) > documents
                    && let Ok(text) = std::str::from_utf8(terms.key())
                {
                    common.push((info.clone(), Term::from_field_text(field, text)));
                }
            }
        }
        common.sort_by_key(|(info, _)| std::cmp::Reverse(info.doc_freq));
        common.truncate(KEPT);
        let mut dense = HashMap::with_capacity(common.len());
        for (info, term) in common {
            let inverted = reader.inverted_index(term.field())?;
            let mut bits = Bits::empty(documents);
            bits.extend(inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?);
            dense.insert(term, (info, Arc::new(bits)));
        }
        Ok(dense)
    }
}

fn short(value: Option<u64>) -> u32 {
    value.map_or(0, |value| u32::try_from(value).unwrap_or(u32::MAX))
}

/// Writes one facet of every document.
fn fill(
    facets: &mut [[u32; 8]],
    place: usize,
    column: &StrColumn,
    values: &mut Values,
) -> Result<()> {
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut name = String::new();
    let mut ordinal = 0;
    while numbers.len() < column.num_terms() {
        column.ord_to_str(ordinal, &mut name)?;
        numbers.push(values.add_name(&name));
        ordinal += 1;
    }
    let mut set = Vec::new();
    for (doc, sets) in (0..).zip(facets) {
        set.clear();
        let ordinals = column.term_ords(doc).filter_map(|it| usize::try_from(it).ok());
        set.extend(ordinals.filter_map(|it| numbers.get(it).copied()));
        set.sort_unstable();
        set.dedup();
        if let Some(facet) = sets.get_mut(place) {
            *facet = values.add_set(&set);
        }
    }
    Ok(())
}

/// How many documents have each set of each facet.
fn totals(facets: &[[u32; 8]], names: &Names) -> [Vec<i64>; 8] {
    let mut totals = names.facets.each_ref().map(|values| vec![0; values.sets.len()]);
    for sets in facets {
        for (totals, set) in totals.iter_mut().zip(sets) {
            if let Some(total) = totals.get_mut(at(*set)) {
                *total += 1;
            }
        }
    }
    totals
}
