//! What keeps programs from flooding the offices and from guessing codes, without asking anybody
//! to read a picture and without anybody else's help (PDP-20).
//!
//! A form carries a slip that only we could have written, with the time at which it was shown. A
//! browser that runs scripts works for a second and may send more; one that does not waits a
//! little longer and may send less. Nothing of this is stored; limits are counted by each process
//! for itself and forgotten when it ends.

mod key;
mod limits;
mod slip;

use std::path::Path;

use base::{Error, Message, Result, SiteId};
use chrono::{NaiveDateTime, TimeDelta};

pub use key::Key;
pub use limits::{Limit, Limits};
pub use slip::Slip;

use crate::model::proof;

/// Seconds that a person needs at least to fill in a form.
const LEAST: TimeDelta = TimeDelta::seconds(3);

/// The same where the browser has not worked for it.
const LEAST_PLAIN: TimeDelta = TimeDelta::seconds(20);

/// How long a form can be sent: a day, for who is called away.
const MOST: TimeDelta = TimeDelta::hours(24);

/// What stands before a form that strangers send.
pub struct Guard {
    /// The installation's secret.
    pub key: Key,
    /// What is counted.
    pub limits: Limits,
}

/// What a form brought besides its content.
#[derive(Clone, Copy, Debug)]
pub struct Brought<'a> {
    /// The slip it was shown with.
    pub slip: &'a str,
    /// The number a script found; empty where none ran.
    pub proof: &'a str,
    /// The field that people do not see.
    pub trap: &'a str,
}

impl Guard {
    /// A guard with the secret in `folder`, which is made where there is none.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self { key: Key::open(folder)?, limits: Limits::default() })
    }

    /// A slip for a form of `site`.
    pub fn slip(&self, site: SiteId, now: NaiveDateTime) -> String {
        Slip::new(now).sign(&self.key, site)
    }

    /// Whether a form may be taken, and the slip it came with. An error is one that the person
    /// can mend by sending the form again.
    pub fn admit(
        &self,
        site: SiteId,
        brought: Brought<'_>,
        (client, now): (web::Client, NaiveDateTime),
    ) -> Result<Slip> {
        if !brought.trap.is_empty() {
            tracing::info!("a form for people was filled in by a program");
            return Err(Error::field("website", "case.trap"));
        }
        let slip = Slip::read(&self.key, site, brought.slip)
            .filter(|it| now - it.at <= MOST && it.at <= now)
            .ok_or_else(|| Error::field("form", "case.form_old"))?;
        let worked = proof::holds(brought.slip, brought.proof);
        let (least, limit) =
            if worked { (LEAST, Limit::Send) } else { (LEAST_PLAIN, Limit::SendPlain) };
        let wait = least - (now - slip.at);
        if wait > TimeDelta::zero() {
            let message = Message::new("case.too_fast").with("seconds", wait.num_seconds() + 1);
            return Err(Error::field("form", message));
        }
        self.limits.count(limit, client, now)?;
        Ok(slip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard { key: Key::from_bytes([7; 32]), limits: Limits::default() }
    }

    fn start() -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(2, 0, 0).unwrap()
    }

    const CLIENT: web::Client = web::Client(None);

    fn key_of(done: Result<Slip>) -> String {
        match done {
            Ok(_) => "ok".to_owned(),
            Err(Error::Invalid(errors)) => errors.values().next().unwrap().key().to_owned(),
            Err(err) => format!("{err:?}"),
        }
    }

    fn after(guard: &Guard, seconds: i64, proof: &str, site: SiteId) -> String {
        let slip = guard.slip(site, start());
        let proof = if proof == "work" { proof::find(&slip) } else { proof.to_owned() };
        let brought = Brought { slip: &slip, proof: &proof, trap: "" };
        key_of(guard.admit(site, brought, (CLIENT, start() + TimeDelta::seconds(seconds))))
    }

    #[test]
    fn who_worked_waits_less_and_nobody_needs_to_work() {
        let (guard, site) = (guard(), SiteId::new());
        assert_eq!(after(&guard, 5, "work", site), "ok");
        assert_eq!(after(&guard, 5, "", site), "case.too_fast");
        assert_eq!(after(&guard, 5, "12", site), "case.too_fast");
        assert_eq!(after(&guard, 21, "", site), "ok");
        assert_eq!(after(&guard, 1, "work", site), "case.too_fast");
        assert_eq!(after(&guard, 25 * 3600, "work", site), "case.form_old");
    }

    #[test]
    fn a_slip_is_ours_and_of_one_site() {
        let (guard, site) = (guard(), SiteId::new());
        let slip = guard.slip(site, start());
        let now = start() + TimeDelta::minutes(1);
        let admit = |site, slip: &str, trap: &str| {
            key_of(guard.admit(site, Brought { slip, proof: "", trap }, (CLIENT, now)))
        };
        assert_eq!(admit(SiteId::new(), &slip, ""), "case.form_old");
        assert_eq!(admit(site, &format!("{slip}0"), ""), "case.form_old");
        assert_eq!(admit(site, "", ""), "case.form_old");
        assert_eq!(admit(site, "ế.ế.ế", ""), "case.form_old");
        assert_eq!(admit(site, &slip, "http://x"), "case.trap");
        let other = Guard { key: Key::from_bytes([8; 32]), limits: Limits::default() };
        assert_eq!(admit(site, &other.slip(site, start()), ""), "case.form_old");
        assert_eq!(admit(site, &slip, ""), "ok");
    }
}
