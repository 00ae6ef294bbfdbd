//! What can go wrong in a search: the disk, the index, the vocabulary.

use std::sync::Arc;

/// Shorthand used throughout the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a search or a change did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Another process works on the same folder.
    #[error("another process uses the index in {0}")]
    InUse(std::path::PathBuf),
    /// A file of the vocabulary cannot be read.
    #[error("the vocabulary cannot be read: {0}")]
    Vocabulary(String),
    /// The disk refused.
    #[error("the index cannot be read or written: {0}")]
    Disk(Arc<std::io::Error>),
    /// The index is damaged, or refused the work.
    #[error("the index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The index answers with what nobody wrote; it has to be made anew.
    #[error("the index is damaged: {0}")]
    Damaged(String),
}

impl From<std::io::Error> for Error {
    fn from(err: std::io::Error) -> Self {
        Self::Disk(Arc::new(err))
    }
}

impl From<Error> for base::Error {
    fn from(err: Error) -> Self {
        Self::Internal(err.into())
    }
}
