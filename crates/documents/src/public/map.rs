//! The documents on the maps for search engines.

use base::{Locale, Result, Site};
use chrono::NaiveDateTime;
use db::Conn;
use web::Mapped;

use super::register::ROOT;
use crate::store::find;

/// The public documents of each site. They are in Vietnamese: what of their pages is English says
/// nothing of its own.
pub struct Map;

impl Mapped for Map {
    fn name(&self) -> &'static str {
        ROOT
    }

    fn count(&self, conn: &mut Conn, site: &Site) -> Result<i64> {
        match site.locale {
            Locale::Vi => find::count(conn, site.id),
            Locale::En => Ok(0),
        }
    }

    fn addresses(
        &self,
        conn: &mut Conn,
        site: &Site,
        slice: (i64, i64),
    ) -> Result<Vec<(String, NaiveDateTime)>> {
        let slugs = match site.locale {
            Locale::Vi => find::addresses(conn, site.id, slice)?,
            Locale::En => Vec::new(),
        };
        Ok(slugs.into_iter().map(|(slug, at)| (format!("/{ROOT}/{slug}"), at)).collect())
    }
}
