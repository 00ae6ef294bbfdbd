//! Files that no program could read, told on the first screen of the staff: readers cannot search
//! or hear them until somebody asks for their letters (OCR) or puts a better file.

use accounts::model::Rights;
use base::{Result, Site};
use content::desk::{Pile, Piles};
use db::Conn;

use crate::store::desk;

/// Documents with such files, for those who can mend them.
pub struct Unread {
    /// What they are told.
    pub label: String,
}

impl Piles for Unread {
    fn piles(&self, conn: &mut Conn, site: &Site, rights: Rights) -> Result<Vec<Pile>> {
        if !rights.write {
            return Ok(Vec::new());
        }
        let count = desk::unread(conn, site.id)?;
        Ok(vec![Pile { label: self.label.clone(), count, path: "/quan-tri/van-ban?thieu=chu" }])
    }
}
