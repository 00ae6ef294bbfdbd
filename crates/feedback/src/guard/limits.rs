//! How often one network may do what strangers can do.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base::{Error, Message, Result};
use chrono::{NaiveDateTime, TimeDelta};
use web::Client;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Sending a form for which the browser has worked.
    Send,
    /// Sending one for which it has not.
    SendPlain,
    /// Asking for a code that is not there, or naming a contact that is not the sender's.
    Guess,
    /// Saying whether an answer helps.
    Helpful,
}

impl Limit {
    /// How often in how many minutes.
    fn rule(self) -> (u32, i64) {
        match self {
            Self::Send => (20, 60),
            Self::SendPlain => (5, 60),
            Self::Guess => (10, 15),
            Self::Helpful => (30, 60),
        }
    }
}

/// Networks that are remembered at most; then the oldest counts are dropped.
const MOST: usize = 100_000;

/// Where nobody says which network it is, many share one count.
const SHARED: u32 = 50;

/// How often each network did what, lately.
#[derive(Default)]
pub struct Limits {
    counts: Mutex<HashMap<(Limit, Client), Count>>,
}

#[derive(Clone, Copy)]
struct Count {
    since: NaiveDateTime,
    times: u32,
}

impl Limits {
    /// Counts once more, or refuses and says for how long.
    pub fn count(&self, limit: Limit, client: Client, now: NaiveDateTime) -> Result<()> {
        self.look(limit, client, now)?;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            let (_, minutes) = limit.rule();
            let old = now - TimeDelta::minutes(minutes);
            counts.retain(|_, it| it.since > old);
        }
        let count = counts.entry((limit, client)).or_insert(Count { since: now, times: 0 });
        count.times += 1;
        Ok(())
    }

    /// Refuses when the count is full, without counting.
    pub fn look(&self, limit: Limit, client: Client, now: NaiveDateTime) -> Result<()> {
        let (most, minutes) = limit.rule();
        let most = if client.0.is_some() { most } else { most * SHARED };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = counts.get(&(limit, client)).copied() else { return Ok(()) };
        let rest = count.since + TimeDelta::minutes(minutes) - now;
        if rest <= TimeDelta::zero() {
            counts.remove(&(limit, client));
            return Ok(());
        }
        if count.times < most {
            return Ok(());
        }
        tracing::warn!(?limit, times = count.times, "one network does too much");
        let message = Message::new("case.too_often").with("minutes", rest.num_minutes() + 1);
        Err(Error::field("form", message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_stopped_for_a_while_and_others_are_not() {
        let limits = Limits::default();
        let now =
            chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_time(Default::default());
        let (one, two) = (Client("1.2.3.4".parse().ok()), Client("5.6.7.8".parse().ok()));
        for _ in 0..10 {
            limits.count(Limit::Guess, one, now).unwrap();
        }
        assert!(limits.count(Limit::Guess, one, now).is_err());
        assert!(limits.count(Limit::Guess, two, now).is_ok());
        assert!(limits.count(Limit::Send, one, now).is_ok());
        assert!(limits.count(Limit::Guess, one, now + TimeDelta::minutes(15)).is_ok());
    }
}
