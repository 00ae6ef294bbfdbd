//! The age of the schema: older than this program, the same, or newer.

use anyhow::anyhow;
use base::Result;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{Backend, Conn};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// How the database's schema compares with the one this program was built for.
#[derive(Debug, PartialEq, Eq)]
pub enum SchemaAge {
    /// The same.
    Current,
    /// This many migrations are to be run.
    Older(usize),
    /// A newer program has already changed it; the version it brought is named.
    Newer(String),
}

/// Compares without changing anything, but for the table that records migrations.
pub(crate) fn age(conn: &mut Conn) -> Result<SchemaAge> {
    let known: Vec<Box<dyn Migration<Backend>>> =
        MIGRATIONS.migrations().map_err(|err| anyhow!(err))?;
    let known: Vec<MigrationVersion<'_>> = known.iter().map(|it| it.name().version()).collect();
    let applied = conn.applied_migrations().map_err(|err| anyhow!(err))?;
    Ok(match applied.iter().find(|version| !known.contains(version)) {
        Some(stranger) => SchemaAge::Newer(stranger.to_string()),
        None if applied.len() < known.len() => SchemaAge::Older(known.len() - applied.len()),
        None => SchemaAge::Current,
    })
}

/// Runs what is missing and says how many that were.
pub(crate) fn run(conn: &mut Conn) -> Result<usize> {
    let ran = conn.run_pending_migrations(MIGRATIONS).map_err(|err| anyhow!(err))?;
    Ok(ran.len())
}

/// Takes every migration back, newest first.
pub(crate) fn revert(conn: &mut Conn) -> Result<()> {
    conn.revert_all_migrations(MIGRATIONS).map_err(|err| anyhow!(err))?;
    Ok(())
}
