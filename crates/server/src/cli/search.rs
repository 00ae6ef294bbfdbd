//! `conglang search`: the index beside the database.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Result, bail};
use base::uuid::Uuid;
use clap::Subcommand;
use search::Feed;

use super::{Context, say};
use crate::portal;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Build the index anew from the database. Processes that serve do it beside the old one,
    /// which readers use until it is done.
    Rebuild,
    /// Compare the index with what the public can read. Refused while a process serves from the
    /// index: stop it first, or check a copy of the data folder.
    Check,
}

pub(super) fn run(context: &Context, command: Command) -> Result<ExitCode> {
    let db = context.open()?;
    let kinds = Arc::new(portal::kinds(&context.config)?);
    let types = Arc::new(portal::documents(&context.config)?);
    let cases = Arc::new(portal::case_types(&context.config)?);
    let now = (portal::system_clock())();
    let units = portal::former_units(&context.config)?;
    let feed = portal::engine(&context.config, 1)
        .map(|engine| portal::feed((engine, units), &db, (&kinds, &types, &cases), &context.words));
    match (command, feed) {
        (Command::Rebuild, Ok(feed)) => {
            let items = feed.rebuild(now)?;
            say(&format!("the index was built anew; {items} subjects"));
            Ok(ExitCode::SUCCESS)
        }
        (Command::Rebuild, Err(search::Error::InUse(_))) => {
            db.connection()?.atomically(|conn| search::feed::ask_for_rebuild(conn, now))?;
            say("the processes that serve were asked to build their indexes anew");
            Ok(ExitCode::SUCCESS)
        }
        (Command::Check, Ok(feed)) => check(&feed, now),
        (Command::Check, Err(search::Error::InUse(_))) => {
            bail!("a process serves from this index; stop it first")
        }
        (_, Err(err)) => Err(err.into()),
    }
}

/// Exit code 1 when something is missing in the index or should not be there.
fn check(feed: &Feed, now: chrono::NaiveDateTime) -> Result<ExitCode> {
    feed.catch_up(now)?;
    let (public, indexed) = (feed.public(now)?, feed.indexed()?);
    let list = |what: &str, subjects: Vec<&Uuid>| {
        for subject in subjects {
            say(&format!("{what}: {subject}"));
        }
    };
    list("missing", public.difference(&indexed).collect());
    list("left over", indexed.difference(&public).collect());
    let sound = feed.engine().verify()?;
    say(&format!("{} public, {} in the index, sound: {sound}", public.len(), indexed.len()));
    let is_good = sound && public == indexed;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
