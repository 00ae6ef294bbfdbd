//! What a feature gives to be found.

use std::collections::BTreeMap;

use base::{Result, SiteId, uuid::Uuid};
use chrono::NaiveDate;
use db::Conn;

use crate::{Facet, Item};

/// Something that may be public: a row of a feature's table.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Subject {
    /// Whose it is.
    pub site: SiteId,
    /// Its key.
    pub key: Uuid,
}

/// Pairs of a name that ended and one that stands for it today, by portal.
pub type Successions = BTreeMap<SiteId, Vec<(String, String)>>;

/// A feature's way to say what the public finds of it. The answers come from the database each
/// time, so what is shown beside a hit is what the public may read now.
pub trait Source: Send + Sync {
    /// How the outbox calls the subjects of this source.
    fn topic(&self) -> &'static str;

    /// What readers call `value` of `facet`: at least each kind of its own items. `None` where
    /// the value is its own name, or another source's.
    fn label(&self, facet: Facet, value: &str) -> Option<String>;

    /// The values of `facet` that items of this source can have, where there is a closed list.
    fn values(&self, facet: Facet) -> Vec<String> {
        let _ = facet;
        Vec::new()
    }

    /// Names that ended and those that stand for them today, by the portal of the province that
    /// knows them.
    fn successors(&self, conn: &mut Conn) -> Result<Successions> {
        let _ = conn;
        Ok(Successions::new())
    }

    /// What the public finds of `subjects` on `today`. A subject that is missing in the answer
    /// is not public, or is not of this source.
    fn items(&self, conn: &mut Conn, subjects: &[Subject], today: NaiveDate) -> Result<Vec<Item>>;

    /// The same without texts: enough to name a subject and to lead there.
    fn heads(&self, conn: &mut Conn, subjects: &[Subject], today: NaiveDate) -> Result<Vec<Item>> {
        self.items(conn, subjects, today)
    }

    /// Subjects in the order of their keys, `limit` of them after `after`, public or not; those
    /// of one site when `site` names it.
    fn all(
        &self,
        conn: &mut Conn,
        site: Option<SiteId>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Subject>>;

    /// Subjects whose items change by the calendar alone after `from` and until `today`.
    fn turning(&self, conn: &mut Conn, from: NaiveDate, today: NaiveDate) -> Result<Vec<Subject>> {
        let _ = (conn, from, today);
        Ok(Vec::new())
    }
}
