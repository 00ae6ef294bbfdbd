//! `conglang mail`: what comes back.

use std::{
    io::{Read, stdin},
    process::ExitCode,
};

use anyhow::Result;
use clap::Subcommand;
use mail::bounce;

use super::{Context, say};
use crate::portal;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read a delivery status notification (RFC 3464) from standard input and note that its
    /// letter came back. For the mail server to pipe to; what is no such notification is left,
    /// with exit code 0, so that the server does not try again.
    Bounce,
}

pub(super) fn run(context: &Context, command: &Command) -> Result<ExitCode> {
    let Command::Bounce = command;
    let mut raw = Vec::new();
    let limit = u64::try_from(bounce::MAX_SIZE)?;
    stdin().lock().take(limit).read_to_end(&mut raw)?;
    let Some(bounce) = bounce::read(&raw) else {
        say("no notification of a letter of ours; nothing was noted");
        return Ok(ExitCode::SUCCESS);
    };
    let now = (portal::system_clock())();
    let noted = context.open()?.connection()?.atomically(|conn| {
        let about = (bounce.mail, bounce.recipient.as_str());
        mail::store::queue::bounce(conn, about, (&bounce.words, bounce.is_final), now)
    })?;
    match noted {
        Some(_) => say(&format!("noted that letter {} came back", bounce.mail)),
        None => say(&format!("no letter {}; nothing was noted", bounce.mail)),
    }
    Ok(ExitCode::SUCCESS)
}
