//! The connection enum.
#![expect(missing_docs, reason = "the derive writes undocumented items")]

use base::Result;
use diesel::{
    connection::{AnsiTransactionManager as Ansi, SimpleConnection, TransactionManager},
    prelude::*,
};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// What every SQLite connection starts with: readers never block the writer, foreign keys
/// hold, and a writer waits its turn instead of failing.
const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000;
    PRAGMA cache_size = -8000;";

impl Conn {
    /// Opens by URL scheme. `Conn::establish` would try each backend in turn and let SQLite
    /// swallow a mistyped PostgreSQL URL as a file name.
    pub(crate) fn open(url: &str) -> ConnectionResult<Self> {
        match url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(SQLITE).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self::Sqlite(conn))
            }
            None => PgConnection::establish(url).map(Self::Postgres),
        }
    }

    /// Runs `f` in one transaction. SQLite takes the write lock up front, because a
    /// read lock upgraded later fails at once instead of waiting its turn.
    pub fn atomically<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        match self {
            Self::Postgres(conn) => Ansi::begin_transaction(conn)?,
            Self::Sqlite(conn) => Ansi::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?,
        }
        match f(self) {
            Ok(value) => {
                <Self as Connection>::TransactionManager::commit_transaction(self)?;
                Ok(value)
            }
            Err(err) => {
                <Self as Connection>::TransactionManager::rollback_transaction(self)?;
                Err(err)
            }
        }
    }
}
