//! The fields of the index, how an item becomes a document of it, and how terms are spelled.
//!
//! | field | what it holds | for |
//! |---|---|---|
//! | `text` | folded syllables of everything, with positions | what matches; quotations |
//! | `extra` | exact syllables (`=`) and pairs of folded ones, of everything; once more (`=`)
//! pairs that stand without accents | order |
//! | `title` | the same three of the title, and beginnings of its syllables (`^`) | order, completion |
//! | `number` | the key of the document's number | numbers in any spelling |
//! | `scope`, `subject` | ids | where to look; deletion |
//! | the others | columns that are read into memory | facets, dates |

use base::number::Number;
use tantivy::{
    TantivyDocument, Term,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
        TextFieldIndexing, TextOptions,
    },
};
use uuid::Uuid;

use crate::{
    fold,
    item::{Facet, Item, Part},
    query::Scope,
};

/// Raised whenever an index made before could not be read, or would answer differently.
pub(crate) const VERSION: u32 = 3;

/// The handles of the fields.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    pub(crate) text: Field,
    pub(crate) extra: Field,
    pub(crate) title: Field,
    pub(crate) number: Field,
    pub(crate) scope: Field,
    pub(crate) subject: Field,
    pub(crate) name: Field,
    facets: [Field; 8],
    subject_high: Field,
    subject_low: Field,
    date: Field,
    length: Field,
    title_length: Field,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let indexed = |tokenizer: &str, record| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(record)
                .set_fieldnorms(false);
            TextOptions::default().set_indexing_options(indexing)
        };
        let column = NumericOptions::default() | FAST;
        let facet = TextOptions::default().set_fast("raw");
        Self {
            text: schema
                .add_text_field("text", indexed("text", IndexRecordOption::WithFreqsAndPositions)),
            extra: schema.add_text_field("extra", indexed("extra", IndexRecordOption::WithFreqs)),
            title: schema.add_text_field("title", indexed("title", IndexRecordOption::Basic)),
            number: schema.add_text_field("number", STRING),
            scope: schema.add_bytes_field("scope", INDEXED),
            subject: schema.add_bytes_field("subject", INDEXED),
            name: schema.add_text_field("name", STORED),
            facets: Facet::ALL.map(|it| schema.add_text_field(it.as_str(), facet.clone())),
            subject_high: schema.add_u64_field("subject_high", column.clone()),
            subject_low: schema.add_u64_field("subject_low", column.clone()),
            date: schema.add_i64_field("date", column.clone()),
            length: schema.add_u64_field("length", column.clone()),
            title_length: schema.add_u64_field("title_length", column),
            schema: schema.build(),
        }
    }

    /// The term that deletes a subject.
    pub(crate) fn of_subject(&self, subject: Uuid) -> Term {
        Term::from_field_bytes(self.subject, subject.as_bytes())
    }

    /// The terms of which a document in scope has one; `None` when all are in scope.
    pub(crate) fn of_scope(&self, scope: &Scope) -> Option<Vec<Term>> {
        match scope {
            Scope::Everywhere => None,
            Scope::Portal(portal) => Some(vec![self.of_portal(portal.bytes())]),
            Scope::Sites(sites) => {
                let of = |site: &base::SiteId| Term::from_field_bytes(self.scope, site.bytes());
                Some(sites.iter().map(of).collect())
            }
        }
    }

    /// A portal is told from the site with the same id by one byte more.
    fn of_portal(&self, portal: &[u8; 16]) -> Term {
        let mut bytes = portal.to_vec();
        bytes.push(b'+');
        Term::from_field_bytes(self.scope, &bytes)
    }

    /// An item as the index keeps it.
    pub(crate) fn document(&self, item: &Item) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_bytes(self.subject, item.subject.as_bytes());
        let (high, low) = item.subject.as_u64_pair();
        document.add_u64(self.subject_high, high);
        document.add_u64(self.subject_low, low);
        document.add_i64(self.date, item.date.timestamp());
        document.add_text(self.name, &item.title);
        document.add_text(self.title, &item.title);
        self.add_scope(&mut document, item);
        self.add_facets(&mut document, item);
        self.add_texts(&mut document, item);
        let number = item.number.as_deref().unwrap_or_default();
        for key in number_keys(number) {
            document.add_text(self.number, key);
        }
        document
    }

    fn add_scope(&self, document: &mut TantivyDocument, item: &Item) {
        document.add_bytes(self.scope, item.site.bytes());
        for site in item.shown_on.iter().filter(|site| **site != item.site) {
            document.add_bytes(self.scope, site.bytes());
        }
        let portal = self.of_portal(item.portal.bytes());
        document.add_bytes(self.scope, portal.serialized_value_bytes());
    }

    fn add_facets(&self, document: &mut TantivyDocument, item: &Item) {
        for (facet, field) in Facet::ALL.into_iter().zip(self.facets) {
            let one = |value: &Option<String>| value.iter().cloned().collect();
            let values: Vec<String> = match facet {
                Facet::Kind => vec![item.kind.clone()],
                Facet::Type => one(&item.doc_type),
                Facet::Issuer => one(&item.issuer),
                Facet::Field => item.fields.clone(),
                Facet::Year => item.year.iter().map(u16::to_string).collect(),
                Facet::Effect => one(&item.effect),
                Facet::Site => vec![item.site.to_string()],
                Facet::Locale => vec![item.locale.as_str().to_owned()],
            };
            for value in values.iter().filter(|value| !value.is_empty()) {
                document.add_text(field, value);
            }
        }
    }

    fn add_texts(&self, document: &mut TantivyDocument, item: &Item) {
        let number = item.number.clone().unwrap_or_default();
        let own = [&item.title, &item.keywords, &number, &item.summary, &item.body];
        let files = item.parts.chunk_by(|a, b| a.label == b.label).map(whole);
        let texts = own.into_iter().cloned().chain(files).filter(|text| !text.is_empty());
        let mut bytes = 0;
        for text in texts {
            bytes += text.len();
            document.add_text(self.text, &text);
            document.add_text(self.extra, &text);
        }
        // A syllable with its space has about six bytes; lengths only have to compare.
        document.add_u64(self.length, u64::try_from(bytes / 6).unwrap_or(u64::MAX));
        let title = fold::syllables(&item.title).len();
        document.add_u64(self.title_length, u64::try_from(title).unwrap_or(u64::MAX));
    }
}

/// A file as one text: sentences go on over the end of a page.
fn whole(pages: &[Part]) -> String {
    let texts: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
    texts.join("\n")
}

/// What a number is found by: its key, and its letters and digits for numbers that are none.
pub(crate) fn number_keys(text: &str) -> Vec<String> {
    let key = Number::parse(text).map(|number| number.key());
    let plain = fold::folded(text).replace(' ', "");
    key.into_iter().chain((!plain.is_empty()).then(|| format!("~{plain}"))).collect()
}

/// The term of an exact syllable.
pub(crate) fn exact_term(exact: &str) -> String {
    format!("={exact}")
}

/// The term of two syllables in a row.
pub(crate) fn pair_term(first: &str, second: &str) -> String {
    format!("{first} {second}")
}

/// The term of two syllables in a row that were written without accents.
pub(crate) fn plain_pair_term(first: &str, second: &str) -> String {
    format!("={first} {second}")
}

/// The term of a syllable's beginning; `is_first` when the title begins with it.
pub(crate) fn beginning_term(beginning: &str, is_first: bool) -> String {
    let mark = if is_first { "^^" } else { "^" };
    let beginning: String = beginning.chars().take(LONGEST_BEGINNING).collect();
    format!("{mark}{beginning}")
}

/// No Vietnamese syllable has more letters.
pub(crate) const LONGEST_BEGINNING: usize = 7;
