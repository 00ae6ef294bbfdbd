//! What features have for the maps that search engines read.

use base::{Result, Site};
use chrono::NaiveDateTime;
use db::Conn;

/// A feature with public pages of its own, listed on sheets of the site map.
pub trait Mapped: Send + Sync {
    /// What its sheets are called in addresses: lower-case words joined by hyphens.
    fn name(&self) -> &'static str;

    /// How many pages the public can read on `site`, in the language of its face.
    fn count(&self, conn: &mut Conn, site: &Site) -> Result<i64>;

    /// The paths of those pages, from the first slash, with the moment (UTC) of their last public
    /// change: `limit` of them after the first `skip`, always in the same order.
    fn addresses(
        &self,
        conn: &mut Conn,
        site: &Site,
        slice: (i64, i64),
    ) -> Result<Vec<(String, NaiveDateTime)>>;
}

/// Every such feature.
pub type AllMapped = Vec<Box<dyn Mapped>>;
