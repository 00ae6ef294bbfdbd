//! The one error of the portal: eight kinds, the eight things a visitor can be told. None
//! knows HTTP.

use std::{borrow::Cow, collections::BTreeMap};

use diesel::result::{DatabaseErrorKind, Error as DbError};

use crate::Message;

/// Shorthand used throughout the workspace.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with a form, keyed by field name.
pub type FieldErrors = BTreeMap<Cow<'static, str>, Message>;

/// Why a request could not be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Absent, or hidden from this visitor.
    #[error("not found")]
    NotFound,
    /// It was here and was taken down; it will not come back by itself.
    #[error("gone")]
    Gone,
    /// Nobody is signed in.
    #[error("sign-in required")]
    SignInRequired,
    /// Signed in, but lacking the right.
    #[error("not allowed")]
    Forbidden,
    /// The visitor can mend this by editing the form.
    #[error("the form has errors: {}", .0.keys().cloned().collect::<Vec<_>>().join(", "))]
    Invalid(FieldErrors),
    /// The state of the record forbids the operation.
    #[error("{0}")]
    Conflict(Message),
    /// The database or the store cannot take this now; the same request may succeed later. A
    /// [`Message`] in the cause tells the visitor why: see [`Error::busy`].
    #[error("try again later")]
    Busy(#[source] anyhow::Error),
    /// Ours to fix; the cause goes to the log, never to the visitor.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    /// A form error on a single field.
    pub fn field(name: &'static str, message: impl Into<Message>) -> Self {
        Self::Invalid(BTreeMap::from([(Cow::from(name), message.into())]))
    }

    /// A passing failure whose reason the visitor is told.
    pub fn busy(cause: impl std::error::Error + Send + Sync + 'static, message: Message) -> Self {
        Self::Busy(anyhow::Error::from(cause).context(message))
    }

    /// A refusal that names why.
    pub fn conflict(message: impl Into<Message>) -> Self {
        Self::Conflict(message.into())
    }
}

impl From<DbError> for Error {
    fn from(err: DbError) -> Self {
        match err {
            DbError::NotFound => Self::NotFound,
            err if is_passing(&err) => Self::Busy(err.into()),
            err => Self::Internal(err.into()),
        }
    }
}

/// Whether the database said "not now": locked, read-only, shutting down or gone, or someone else
/// was quicker with the same key where no form is to blame.
fn is_passing(err: &DbError) -> bool {
    let DbError::DatabaseError(kind, info) = err else { return false };
    let passing = [
        "deadlock detected",
        "database is locked",
        "readonly database",
        "disk is full",
        "unable to open",
    ];
    matches!(kind, DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction)
        || matches!(
            kind,
            DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::UniqueViolation
        )
        || passing.iter().any(|words| info.message().contains(words))
}

impl From<anyhow::Error> for Error {
    fn from(err: anyhow::Error) -> Self {
        Self::Internal(err)
    }
}

/// Turns a violated unique key into a form error.
pub trait OnUnique<T> {
    /// Blames `field` when the insert or update collides with another row.
    fn on_unique(self, field: &'static str, message: impl Into<Message>) -> Result<T>;
}

impl<T> OnUnique<T> for std::result::Result<T, DbError> {
    fn on_unique(self, field: &'static str, message: impl Into<Message>) -> Result<T> {
        self.map_err(|err| match err {
            DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Error::field(field, message)
            }
            err => err.into(),
        })
    }
}
