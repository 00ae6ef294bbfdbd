//! Who carries the letters: one in every process that serves, and none gets in another's way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base::Result;
use chrono::NaiveDateTime;
use db::Db;

use crate::{
    Settings,
    model::{self, MailId},
    store::queue::{self, Claimed},
    wire::{Outcome, Wire},
};

/// Seconds between two rounds.
const REST: Duration = Duration::from_secs(5);

/// Rounds between two looks at letters whose text is to be forgotten: about an hour.
const ROUNDS_TO_FORGET: u32 = 720;

/// Carries letters from the queue to the server; cheap to clone.
#[derive(Clone)]
pub struct Postman {
    db: Db,
    settings: Arc<Settings>,
    pause: Arc<Mutex<Pause>>,
}

/// How long a server that could not be reached is left in peace.
#[derive(Default)]
struct Pause {
    failures: u32,
    until: Option<NaiveDateTime>,
}

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Letters the server took.
    pub sent: usize,
    /// Letters that will be tried again, or were given to the staff.
    pub failed: usize,
}

impl Postman {
    /// A postman who has not gone out yet.
    pub fn new(db: Db, settings: Settings) -> Self {
        Self { db, settings: Arc::new(settings), pause: Arc::default() }
    }

    /// Where letters are handed over, `host:port`; `None` while no server is set up.
    pub fn place(&self) -> Option<String> {
        self.settings.server.as_ref().map(crate::Server::place)
    }

    /// Goes round for ever.
    pub async fn watch(self, clock: impl Fn() -> NaiveDateTime) {
        let mut rounds = 0;
        loop {
            if let Err(err) = self.round(&clock).await {
                tracing::warn!("cannot look after letters: {err:?}");
            }
            if rounds % ROUNDS_TO_FORGET == 0
                && let Err(err) = self.forget(clock()).await
            {
                tracing::warn!("cannot forget the text of old letters: {err:?}");
            }
            rounds = (rounds + 1) % ROUNDS_TO_FORGET;
            tokio::time::sleep(REST).await;
        }
    }

    /// One round: letters that somebody lost are given to the staff, those that waited too long
    /// are given up, those that are due are handed over, one after the other.
    pub async fn round(&self, clock: &impl Fn() -> NaiveDateTime) -> Result<Round> {
        let (now, limit) = (clock(), self.settings.give_up);
        let count = self.settings.per_round;
        let tidied = self.db.write(move |conn| {
            queue::lose(conn, now)?;
            queue::give_up(conn, now, now - limit)?;
            queue::due(conn, now, count)
        });
        let due = tidied.await?;
        let mut round = Round::default();
        let Some(server) = self.settings.server.as_ref() else { return Ok(round) };
        if due.is_empty() || self.is_pausing(now) {
            return Ok(round);
        }
        let mut wire = match Wire::open(server).await {
            Ok(wire) => wire,
            Err(words) => return self.unreachable(words, now).await.map(|()| round),
        };
        self.reached();
        for id in due {
            let Some(mail) = self.claim(id, clock()).await? else { continue };
            let outcome = wire.deliver(&mail).await;
            match outcome {
                Outcome::Sent => round.sent += 1,
                _ => round.failed += 1,
            }
            self.settle(mail, outcome, clock()).await?;
            if wire.is_broken() {
                // What is left is due in the next round, on a new line.
                break;
            }
        }
        wire.close().await;
        Ok(round)
    }

    /// Empties letters that were done with long enough ago; gives their number.
    pub async fn forget(&self, now: NaiveDateTime) -> Result<usize> {
        let before = now - self.settings.keep;
        self.db.write(move |conn| queue::forget(conn, before)).await
    }

    async fn claim(&self, id: MailId, now: NaiveDateTime) -> Result<Option<Claimed>> {
        let until = now + self.settings.lease();
        self.db.write(move |conn| queue::claim(conn, id, now, until)).await
    }

    /// Writes down what became of a letter. The server may have it, so this is worth several
    /// attempts; when none succeeds the letter becomes uncertain.
    async fn settle(&self, mail: Claimed, outcome: Outcome, now: NaiveDateTime) -> Result<()> {
        let (mail, outcome) = (Arc::new(mail), Arc::new(outcome));
        let mut left = 3;
        loop {
            let (mail, outcome) = (mail.clone(), outcome.clone());
            let written = self.db.write(move |conn| queue::settle(conn, &mail, &outcome, now));
            left -= 1;
            match written.await {
                Err(err) if left > 0 => tracing::warn!("cannot note a letter's fate: {err:?}"),
                written => return written,
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    fn is_pausing(&self, now: NaiveDateTime) -> bool {
        let pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        pause.until.is_some_and(|until| now < until)
    }

    fn reached(&self) {
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner) = Pause::default();
    }

    /// The server's trouble is no letter's fault: all stay due, and say why they wait.
    async fn unreachable(&self, words: String, now: NaiveDateTime) -> Result<()> {
        {
            let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
            pause.failures = pause.failures.saturating_add(1);
            pause.until = Some(now + model::pause(pause.failures));
        }
        let place = self.place().unwrap_or_default();
        tracing::warn!(place, "the mail server cannot be used: {words}");
        self.db.write(move |conn| queue::unreachable(conn, now, &words)).await
    }
}
