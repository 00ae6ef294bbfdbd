//! Letters about cases. None says what a case is about: whoever reads a mailbox learns that there is
//! something to read, and the code or the contact opens it.

use std::collections::BTreeMap;

use base::{Result, Site};
use chrono::NaiveDateTime;
use db::Conn;
use mail::{Kind, Letter, Recipient};
use theme::Themes;

/// In whose name letters are written, in whose words, and when.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    pub(crate) themes: &'a Themes,
    pub(crate) site: &'a Site,
    pub(crate) now: NaiveDateTime,
}

/// A letter's place among the letters: what happened, and whether it can be stopped.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) key: String,
    pub(crate) template: &'static str,
    pub(crate) kind: Kind,
}

impl Event {
    /// What nobody can stop: it answers what the recipient did, or is their work.
    pub(crate) fn must(template: &'static str, key: String) -> Self {
        Self { key: format!("{template}:{key}"), template, kind: Kind::Transactional }
    }

    /// News that the recipient wanted and can stop.
    pub(crate) fn news(template: &'static str, key: String) -> Self {
        Self { kind: Kind::Notice("cases"), ..Self::must(template, key) }
    }
}

/// Writes a letter in the transaction of what it tells. An address that is none gets none.
pub(crate) fn write(
    conn: &mut Conn,
    sender: Sender<'_>,
    to: &str,
    event: Event,
    values: &[(&'static str, String)],
) -> Result<()> {
    let Some(to) = Recipient::parse(to) else { return Ok(()) };
    let letter = Letter {
        event_key: event.key,
        to,
        template: event.template,
        values: values.iter().cloned().collect::<BTreeMap<_, _>>(),
        kind: event.kind,
    };
    mail::send(conn, (sender.themes, sender.site), &letter, sender.now)?;
    Ok(())
}
