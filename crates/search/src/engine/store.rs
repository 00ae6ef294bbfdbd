//! One index folder: tantivy's index with its writer.

use std::{path::Path, sync::Arc, time::Duration};

use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError,
    directory::error::LockError,
    indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy},
};

use super::Payload;
use crate::{
    Error, Result,
    item::{Change, Item, Position},
    schema::Fields,
    terms,
    vocabulary::Vocabulary,
};

/// What a writer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// A few changes at a time, beside serving.
    Steady,
    /// Everything at once.
    Bulk,
}

impl Pace {
    /// Threads and the memory that each fills before it writes a segment. The segments of a bulk
    /// are large and few, so that merging them would gain little and cost half of the time.
    fn options(self) -> IndexWriterOptions {
        let (threads, megabytes) = match self {
            Self::Steady => (1, 64),
            Self::Bulk => (2, 192),
        };
        IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(megabytes * 1_000_000)
            .num_merge_threads(1)
            .build()
    }
}

pub(crate) struct Store {
    fields: Fields,
    vocabulary: Arc<Vocabulary>,
    index: Index,
    reader: IndexReader,
    writer: IndexWriter,
    position: Option<Position>,
}

impl Store {
    pub(crate) fn create(
        folder: &Path,
        fields: &Fields,
        vocabulary: &Arc<Vocabulary>,
        pace: Pace,
    ) -> Result<Self> {
        let index = Index::create_in_dir(folder, fields.schema.clone())?;
        let mut store = Self::over(index, (fields.clone(), vocabulary.clone()), pace)?;
        store.commit(None)?;
        Ok(store)
    }

    /// Opens what was kept, if it was made like this.
    pub(crate) fn open(
        folder: &Path,
        fields: &Fields,
        vocabulary: &Arc<Vocabulary>,
        pace: Pace,
    ) -> Result<Self> {
        let index = Index::open_in_dir(folder)?;
        let payload = index.load_metas()?.payload.unwrap_or_default();
        let payload: Payload = serde_json::from_str(&payload)
            .map_err(|err| Error::Damaged(format!("its payload is {payload:?}: {err}")))?;
        if payload != Payload::new(vocabulary, payload.position) || index.schema() != fields.schema
        {
            return Err(Error::Damaged("it was made by another version".to_owned()));
        }
        let mut store = Self::over(index, (fields.clone(), vocabulary.clone()), pace)?;
        store.position = payload.position;
        Ok(store)
    }

    fn over(
        mut index: Index,
        (fields, vocabulary): (Fields, Arc<Vocabulary>),
        pace: Pace,
    ) -> Result<Self> {
        index.set_tokenizers(terms::tokenizers());
        let writer = writer(&index, pace)?;
        match pace {
            Pace::Bulk => writer.set_merge_policy(Box::new(NoMergePolicy)),
            Pace::Steady => {
                let mut policy = LogMergePolicy::default();
                policy.set_del_docs_ratio_before_merge(0.3);
                policy.set_max_docs_before_merge(LARGE);
                writer.set_merge_policy(Box::new(policy));
            }
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, vocabulary, index, reader, writer, position: None })
    }

    pub(crate) fn position(&self) -> Option<Position> {
        self.position
    }

    pub(crate) fn searcher(&self) -> Result<Searcher> {
        self.reader.reload()?;
        Ok(self.reader.searcher())
    }

    /// Writes changes down; nobody sees them before a commit.
    pub(crate) fn put(&self, changes: &[Change]) -> Result<()> {
        for change in changes {
            self.writer.delete_term(self.fields.of_subject(change.subject()));
            if let Change::Put(item) = change {
                self.add(item)?;
            }
        }
        Ok(())
    }

    /// Adds a document whose subject is new.
    pub(crate) fn add(&self, item: &Item) -> Result<()> {
        self.writer.add_document(self.fields.document(&self.vocabulary, item))?;
        Ok(())
    }

    pub(crate) fn commit(&mut self, position: Option<Position>) -> Result<()> {
        let payload = serde_json::to_string(&Payload::new(&self.vocabulary, position));
        let payload = payload.map_err(|err| Error::Damaged(err.to_string()))?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        self.position = position;
        Ok(())
    }

    /// The same index with the writer of another pace.
    pub(crate) fn with_pace(self, pace: Pace) -> Result<Self> {
        let Self { fields, vocabulary, index, writer, position, .. } = self;
        writer.wait_merging_threads()?;
        let mut store = Self::over(index, (fields, vocabulary), pace)?;
        store.position = position;
        Ok(store)
    }
}

/// Takes the only writer of an index. The folder is ours alone, yet its lock may be held for a
/// moment longer: a child that this process is just starting has every open file until it has
/// become another program.
fn writer(index: &Index, pace: Pace) -> Result<IndexWriter> {
    let mut patience = 100;
    loop {
        match index.writer_with_options(pace.options()) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) if patience > 0 => {
                patience -= 1;
                std::thread::park_timeout(Duration::from_millis(20));
            }
            writer => return Ok(writer?),
        }
    }
}

/// Segments of so many documents are not merged any more.
const LARGE: usize = 400_000;
