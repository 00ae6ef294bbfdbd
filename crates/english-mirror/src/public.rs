//! What the reader of an English page is told of it.

use std::sync::Arc;

use base::{EntryId, Error, Result, SiteId};
use content::{
    Kinds,
    public::{Standing, Translations},
};
use db::Conn;

use crate::store;

/// Tells the public pages how far translations are behind.
pub struct Teller(pub Arc<Kinds>);

impl Translations for Teller {
    fn standing(&self, conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Option<Standing>> {
        let told = match store::page_report(conn, site, &self.0, id) {
            // Nobody said of which edition this is the English.
            Err(Error::NotFound) => return Ok(None),
            told => told?,
        };
        Ok(Some(Standing {
            reflects: told.reflects_day,
            changes: told.report.changes,
            is_machine: told.machine,
            fields: told.fields,
        }))
    }
}
