//! The log: lines for people, or JSON for machines.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging to standard error. A second start, as in tests, changes nothing.
pub(crate) fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.level)
        .with_context(|| format!("log.level = {:?} is no filter", log.level))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match log.format.as_str() {
        "json" => lines.json().flatten_event(true).try_init(),
        _ => lines.compact().try_init(),
    };
    if let Err(err) = started {
        tracing::debug!("logging had started: {err}");
    }
    Ok(())
}
