//! Answered questions on the maps for search engines.

use base::{Locale, Result, Site};
use chrono::NaiveDateTime;
use db::Conn;
use web::Mapped;

use crate::store::publics;

/// What each site has published of its answers, which are in Vietnamese.
pub struct Map;

impl Mapped for Map {
    fn name(&self) -> &'static str {
        "hoi-dap"
    }

    fn count(&self, conn: &mut Conn, site: &Site) -> Result<i64> {
        match site.locale {
            Locale::Vi => publics::count(conn, site.id, &publics::Wanted::default()),
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
            Locale::Vi => publics::addresses(conn, site.id, slice)?,
            Locale::En => Vec::new(),
        };
        Ok(slugs.into_iter().map(|(slug, at)| (format!("/hoi-dap/{slug}"), at)).collect())
    }
}
