//! The database: one connection type over SQLite and PostgreSQL, one schema, one migration set.
//!
//! Read `conn` for the two backends, `pool` for reads and writes, `migrate` for the schema's
//! age, `events`, `epochs` and `outbox` for the rows that every editorial write leaves behind.

mod conn;
pub mod epochs;
pub mod events;
mod migrate;
pub mod outbox;
mod pool;
pub mod schema;

pub use conn::{Conn, MultiBackend as Backend};
pub use migrate::SchemaAge;
pub use pool::{Db, OpenError};

/// Runs the same statement on the concrete connection, for SQL that
/// [`diesel::MultiConnection`] cannot carry: `ON CONFLICT` and multi-row `INSERT`.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::Conn::Postgres($inner) => $body,
            $crate::Conn::Sqlite($inner) => $body,
        }
    };
}
