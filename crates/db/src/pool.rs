//! The pool: the only place where blocking database work meets async code.

use std::{path::Path, time::Duration};

use anyhow::Context;
use base::{Error, Result};
use diesel::{
    connection::SimpleConnection,
    r2d2::{self, ManageConnection, Pool, R2D2Connection},
};

use crate::{Conn, SchemaAge, migrate};

/// Why a database cannot be used. The text tells the operator how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names neither backend.
    #[error(
        "database.url = {0:?} is not understood; write sqlite://PATH or \
         postgres://USER:PASSWORD@HOST/NAME"
    )]
    Scheme(String),
    /// SQLite's file cannot be made.
    #[error("the folder {0} does not exist; create it or change database.url")]
    NoFolder(String),
    /// The file or its folder may not be written.
    #[error(
        "the database {0} is read-only; give the user that runs conglang the right to write the \
         file and its folder"
    )]
    ReadOnly(String),
    /// The server does not answer, or refuses.
    #[error("cannot open {url}: {cause}")]
    Unreachable {
        /// The database, without its password.
        url: String,
        /// What the driver said.
        cause: String,
    },
    /// A newer program has migrated it.
    #[error(
        "the database was changed by a newer conglang (migration {0}); run that version, or \
         restore the backup made before it"
    )]
    Newer(String),
}

/// A handle to the database, cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
}

impl Db {
    /// Connects to `url` with at most `size` connections, changing nothing in it.
    pub fn open(url: &str, size: u32) -> Result<Self, OpenError> {
        check_place(url)?;
        let manager = Manager { url: url.to_owned() };
        let mut first = manager.connect().map_err(|err| unreachable(url, &err))?;
        check_writable(&mut first, url)?;
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .error_handler(Box::new(r2d2_quiet::Quiet))
            .build(manager)
            .map_err(|err| OpenError::Unreachable { url: shown(url), cause: err.to_string() })?;
        let db = Self { pool };
        match db.age().map_err(|err| unreachable(url, &err))? {
            SchemaAge::Newer(version) => Err(OpenError::Newer(version)),
            _ => Ok(db),
        }
    }

    /// How old the schema is.
    pub fn age(&self) -> Result<SchemaAge> {
        migrate::age(&mut *self.connection()?)
    }

    /// Brings the schema up to date; gives the number of migrations run.
    pub fn migrate(&self) -> Result<usize> {
        migrate::run(&mut *self.connection()?)
    }

    /// Takes the schema away again, with everything in it.
    pub fn revert(&self) -> Result<()> {
        migrate::revert(&mut *self.connection()?)
    }

    /// Runs `f` on a pooled connection, off the async threads.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let db = self.clone();
        let span = tracing::Span::current();
        let job = move || span.in_scope(|| f(&mut *db.connection()?));
        tokio::task::spawn_blocking(job).await.context("database job died")?
    }

    /// Like [`Db::read`], inside one transaction.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.read(|conn| conn.atomically(f)).await
    }

    /// A connection for code that is not async: the command line.
    pub fn connection(&self) -> Result<impl std::ops::DerefMut<Target = Conn> + use<>> {
        self.pool.get().map_err(|err| Error::Busy(err.into()))
    }

    /// Connections in use and open, for the metrics.
    pub fn connections(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections - state.idle_connections, state.connections)
    }
}

struct Manager {
    url: String,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        Conn::open(&self.url).map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.ping().map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}

/// Checks what can be told from the URL: its scheme and, for SQLite, its folder.
fn check_place(url: &str) -> Result<(), OpenError> {
    match url.strip_prefix("sqlite://") {
        Some(path) => {
            // SQLite also takes its own addresses: file:PATH?mode=ro.
            let path = path.strip_prefix("file:").unwrap_or(path);
            let path = path.split('?').next().unwrap_or(path);
            let folder = Path::new(path).parent().filter(|it| !it.as_os_str().is_empty());
            match folder {
                Some(folder) if !folder.is_dir() => {
                    Err(OpenError::NoFolder(folder.display().to_string()))
                }
                _ => Ok(()),
            }
        }
        None if url.starts_with("postgres://") || url.starts_with("postgresql://") => Ok(()),
        None => Err(OpenError::Scheme(shown(url))),
    }
}

/// Finds out by taking and giving back the write lock.
fn check_writable(conn: &mut Conn, url: &str) -> Result<(), OpenError> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(()) };
    match sqlite.batch_execute("BEGIN IMMEDIATE; PRAGMA user_version = 0; COMMIT;") {
        Err(err) if err.to_string().contains("readonly") => Err(OpenError::ReadOnly(shown(url))),
        Err(err) => Err(unreachable(url, &err)),
        Ok(()) => Ok(()),
    }
}

fn unreachable(url: &str, cause: &dyn std::fmt::Display) -> OpenError {
    let cause = cause.to_string();
    match cause.contains("readonly") {
        true => OpenError::ReadOnly(shown(url)),
        false => OpenError::Unreachable { url: shown(url), cause },
    }
}

/// The URL without its password.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((_, place)) => format!("{scheme}://***@{place}"),
        None => url.to_owned(),
    }
}

/// Pool errors reach the caller as [`Error::Busy`]; logging them here as well would say it twice.
mod r2d2_quiet {
    use diesel::r2d2::HandleError;

    #[derive(Debug)]
    pub(super) struct Quiet;

    impl<E> HandleError<E> for Quiet {
        fn handle_error(&self, _: E) {}
    }
}
