//! The consultations on the maps for search engines.

use base::{Locale, Result, Site};
use chrono::NaiveDateTime;
use db::Conn;
use web::Mapped;

use crate::store;

/// The public consultations of each site, which are in Vietnamese.
pub struct Map;

impl Mapped for Map {
    fn name(&self) -> &'static str {
        "lay-y-kien"
    }

    fn count(&self, conn: &mut Conn, site: &Site) -> Result<i64> {
        match site.locale {
            Locale::Vi => store::count_all_public(conn, site.id),
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
            Locale::Vi => store::addresses(conn, site.id, slice)?,
            Locale::En => Vec::new(),
        };
        Ok(slugs.into_iter().map(|(slug, at)| (format!("/lay-y-kien/{slug}"), at)).collect())
    }
}
