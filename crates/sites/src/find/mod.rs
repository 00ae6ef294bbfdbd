//! What the search finds of sites themselves: the name of a commune leads to its site.

mod store;

use base::{Result, SiteId, uuid::Uuid};
use chrono::NaiveDate;
use db::Conn;
use search::{Facet, Item, Source, Subject};

/// The topic of a site's own facts in the outbox.
pub const FACTS: &str = "site_facts";

/// The kind of a site among the things that are found.
const SITE: &str = "site";

/// The open sites.
#[derive(Debug)]
pub struct Sites {
    /// What readers call a site.
    pub label: String,
}

impl Source for Sites {
    fn topic(&self) -> &'static str {
        FACTS
    }

    fn label(&self, facet: Facet, value: &str) -> Option<String> {
        (facet == Facet::Kind && value == SITE).then(|| self.label.clone())
    }

    fn values(&self, facet: Facet) -> Vec<String> {
        if facet == Facet::Kind { vec![SITE.to_owned()] } else { Vec::new() }
    }

    fn items(&self, conn: &mut Conn, subjects: &[Subject], _: NaiveDate) -> Result<Vec<Item>> {
        let item = |row: store::Row| {
            let identity = row.identity();
            let facts = [&identity.managing_body, &identity.address, &identity.phone];
            let facts = facts.into_iter().filter(|it| !it.is_empty()).cloned();
            Item {
                portal: row.portal.unwrap_or(row.id),
                // A component is found from its portal and from its sisters.
                url: "/".to_owned(),
                keywords: row.name_en.clone(),
                body: facts.collect::<Vec<_>>().join("\n"),
                shown_on: row.portal.into_iter().collect(),
                ..Item::new(row.id.uuid(), row.id, SITE, &row.name, row.created_at.and_utc())
            }
        };
        Ok(store::open(conn, subjects)?.into_iter().map(item).collect())
    }

    fn all(
        &self,
        conn: &mut Conn,
        site: Option<SiteId>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Subject>> {
        store::all(conn, site, after, limit)
    }
}
