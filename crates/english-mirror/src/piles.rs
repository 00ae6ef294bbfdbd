//! What waits for the staff, on their first screen.

use std::sync::Arc;

use accounts::model::Rights;
use base::Site;
use content::{
    Kinds,
    desk::{Pile, Piles},
};
use db::Conn;

use crate::store::work;

/// English that waits for an approver, and English that is behind.
#[derive(Debug)]
pub struct Waiting {
    /// The content types.
    pub kinds: Arc<Kinds>,
    /// What the first pile is called.
    pub approve: String,
    /// What the second pile is called.
    pub stale: String,
}

impl Piles for Waiting {
    fn piles(&self, conn: &mut Conn, site: &Site, rights: Rights) -> base::Result<Vec<Pile>> {
        let mut piles = Vec::new();
        if rights.approve || rights.audit {
            piles.push(Pile {
                label: self.approve.clone(),
                count: work::waiting(conn, site.id)?,
                path: "/quan-tri/tieng-anh?loc=cho-duyet",
            });
        }
        if rights.write || rights.audit {
            let count = work::stale(conn, &self.kinds, site.id)?;
            piles.push(Pile {
                label: self.stale.clone(),
                count: i64::try_from(count).unwrap_or(i64::MAX),
                path: "/quan-tri/tieng-anh?loc=cu",
            });
        }
        Ok(piles)
    }
}
