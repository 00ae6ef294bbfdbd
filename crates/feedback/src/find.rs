//! What the search finds of answered questions.

use std::sync::Arc;

use base::{Result, SiteId, uuid::Uuid};
use chrono::NaiveDate;
use db::Conn;
use search::{Facet, Item, Source, Subject};

use crate::{
    Types,
    store::{find, publics::TOPIC},
};

/// The kind of answered questions among the things that are found.
const ANSWER: &str = "answer";

/// The answered questions of all sites.
pub struct Answers {
    /// Types and fields of life.
    pub types: Arc<Types>,
    /// What readers call an answered question.
    pub label: String,
}

impl Source for Answers {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn label(&self, facet: Facet, value: &str) -> Option<String> {
        match facet {
            Facet::Kind => (value == ANSWER).then(|| self.label.clone()),
            Facet::Field => self.types.area(value).map(|it| it.label.clone()),
            _ => None,
        }
    }

    fn values(&self, facet: Facet) -> Vec<String> {
        if facet == Facet::Kind { vec![ANSWER.to_owned()] } else { Vec::new() }
    }

    fn items(&self, conn: &mut Conn, subjects: &[Subject], _: NaiveDate) -> Result<Vec<Item>> {
        let item = |(it, portal): (crate::store::publics::Public, SiteId)| Item {
            portal,
            url: it.path(),
            summary: it.question.clone(),
            body: format!("{}\n{}", it.question, it.answer),
            fields: Some(it.area.clone()).filter(|area| !area.is_empty()).into_iter().collect(),
            ..Item::new(it.case_id.uuid(), it.site_id, ANSWER, &it.title, it.published_at.and_utc())
        };
        Ok(find::items(conn, subjects)?.into_iter().map(item).collect())
    }

    fn all(
        &self,
        conn: &mut Conn,
        site: Option<SiteId>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Subject>> {
        find::all(conn, site, after, limit)
    }
}
