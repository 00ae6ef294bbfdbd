//! What a form carries so that we know it again: when it was shown, and a number of its own. The
//! tracking code follows from it, so a form that is sent twice has one code.

use base::{SiteId, hex};
use chrono::{DateTime, NaiveDateTime};
use rand::RngExt;

use super::{Key, key::unhex};
use crate::model::code::Code;

/// A slip that we wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// When the form was shown, to the second.
    pub at: NaiveDateTime,
    number: [u8; 16],
}

impl Slip {
    /// A slip that nobody else has.
    pub fn new(now: NaiveDateTime) -> Self {
        Self { at: now, number: rand::rng().random() }
    }

    /// The slip as a form carries it.
    pub fn sign(&self, key: &Key, site: SiteId) -> String {
        let text = format!("{}.{}", self.at.and_utc().timestamp(), hex(&self.number));
        let seal = key.digest("slip", format!("{site}.{text}").as_bytes());
        format!("{text}.{}", hex(&seal))
    }

    /// The slip that a form of `site` carried, if we wrote it.
    pub fn read(key: &Key, site: SiteId, text: &str) -> Option<Self> {
        let (told, _) = text.rsplit_once('.')?;
        let (at, number) = told.split_once('.')?;
        let at = DateTime::from_timestamp(at.parse().ok()?, 0)?.naive_utc();
        let slip = Self { at, number: unhex(number).ok()?.try_into().ok()? };
        // Written anew and compared by digest, so that time tells nothing of the right seal.
        let ours = slip.sign(key, site);
        (key.digest("same", ours.as_bytes()) == key.digest("same", text.as_bytes())).then_some(slip)
    }

    /// The tracking code of what comes with it. Nobody tells it from the slip without the key.
    pub fn code(&self, key: &Key) -> Code {
        let digest = key.digest("code", &self.number);
        let mut random = [0; 16];
        random.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Code::of(u128::from_be_bytes(random))
    }

    /// What the database keeps, to know a form that is sent twice.
    pub fn digest(&self, key: &Key) -> Vec<u8> {
        key.digest("sent", &self.number).to_vec()
    }
}
