//! What became of an import.

use base::{Error, Message};

/// What became of an import.
#[derive(Debug, Default)]
pub struct Report {
    /// How many documents were new, those that wait as drafts included.
    pub created: usize,
    /// How many of them the public reads.
    pub published: usize,
    /// How many came before and are the same.
    pub unchanged: usize,
    /// How many came before and were brought up to date.
    pub changed: usize,
    /// Lines that could not be taken.
    pub refused: Vec<(usize, Message)>,
    /// Lines whose document waits as a draft for what it lacks.
    pub drafts: Vec<(usize, Message)>,
    /// Lines whose number another document of the same issuer and year has.
    pub doubled: Vec<(usize, String)>,
    /// How many relations the abstracts told of.
    pub relations: usize,
    /// Organisations that nobody had entered before.
    pub issuers: Vec<String>,
    /// The line at which the import ended before its end, and why. What came before stays.
    pub stopped: Option<(usize, Message)>,
}

impl Report {
    /// Adds what became of some more lines.
    pub(super) fn add(&mut self, more: Self) {
        self.created += more.created;
        self.published += more.published;
        self.unchanged += more.unchanged;
        self.changed += more.changed;
        self.refused.extend(more.refused);
        self.drafts.extend(more.drafts);
        self.doubled.extend(more.doubled);
        self.relations += more.relations;
        self.issuers.extend(more.issuers);
    }
}

/// What a person is told of an error; nothing where its cause says nothing to them.
pub(super) fn words(err: &Error) -> Option<Message> {
    match err {
        Error::Invalid(errors) => errors.values().next().cloned(),
        Error::Conflict(message) => Some(message.clone()),
        Error::Busy(cause) => cause.downcast_ref::<Message>().cloned(),
        _ => None,
    }
}
