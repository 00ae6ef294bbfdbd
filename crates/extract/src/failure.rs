//! Why a file has no text: the things a person can be told about it.

use base::Message;
use serde::{Deserialize, Serialize};

/// Why a file could not be read. Each asks something else of whoever sent the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// It opens with a password only.
    #[error("the file is locked with a password")]
    Encrypted,
    /// It is not what it says it is, or is damaged; the text is for the log.
    #[error("the file is broken: {0}")]
    Broken(String),
    /// Reading it takes longer than allowed.
    #[error("the file takes too long to read")]
    TooSlow,
    /// Reading it takes more memory, or gives more text, than allowed.
    #[error("the file takes too much memory to read")]
    TooLarge,
    /// An office format from before 2007 (DOC, XLS, PPT).
    #[error("the file is in an office format from before 2007")]
    OldFormat,
    /// A kind of file that has no text, or none we can read.
    #[error("there is no reader for this kind of file")]
    Unsupported,
    /// Letters in pictures are not read here: tesseract is not installed or is switched off.
    #[error("no program for reading pictures of text is installed")]
    NoOcr,
    /// Reading could not even begin; ours to fix, and worth trying again.
    #[error("the reader could not be started: {0}")]
    Unavailable(String),
}

impl Failure {
    /// The words for whoever sent the file.
    pub fn message(&self) -> Message {
        match self {
            Self::Encrypted => Message::new("extract.encrypted"),
            Self::Broken(_) => Message::new("extract.broken"),
            Self::TooSlow => Message::new("extract.too_slow"),
            Self::TooLarge => Message::new("extract.too_large"),
            Self::OldFormat => Message::new("extract.old_format"),
            Self::Unsupported => Message::new("extract.unsupported"),
            Self::NoOcr => Message::new("extract.no_ocr"),
            Self::Unavailable(_) => Message::new("extract.unavailable"),
        }
    }

    /// Whether the same file may well be read another time.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    pub(crate) fn broken(cause: impl ToString) -> Self {
        Self::Broken(cause.to_string())
    }

    pub(crate) fn unavailable(cause: impl ToString) -> Self {
        Self::Unavailable(cause.to_string())
    }
}
