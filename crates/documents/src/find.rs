//! What the search finds of documents, in the words readers use.

use std::{collections::BTreeMap, sync::Arc};

use accounts::model::Rights;
use base::{Result, Site, SiteId, uuid::Uuid};
use chrono::{NaiveDate, NaiveTime};
use content::{
    desk::{Pile, Piles},
    public::{Citations, Lapsed},
};
use db::Conn;
use search::{Facet, Item, Part, Source, Subject, Successions};

use crate::{
    Vocabulary,
    model::{State, effect::Status},
    store::{
        self, Document, Places, desk,
        find::{self, Whole},
        issuers,
        write::TOPIC,
    },
    texts,
};

/// The kind of documents among the things that are found.
const DOCUMENT: &str = "document";

/// The documents of all registers.
pub struct Documents {
    /// Types and fields.
    pub words: Arc<Vocabulary>,
    /// What readers call a document.
    pub label: String,
    /// What readers call each status.
    pub statuses: BTreeMap<String, String>,
}

/// Documents on their way to the public, told on the first screen of the staff.
pub struct Waiting {
    /// What approvers are told of drafts.
    pub approve: String,
    /// What the others are told of them.
    pub write: String,
    /// What whoever enters documents is told of those that were handed back.
    pub returned: String,
}

impl Citations for Documents {
    fn lapsed(
        &self,
        conn: &mut Conn,
        site: &Site,
        text: &str,
        day: NaiveDate,
    ) -> Result<Vec<Lapsed>> {
        let mut cited = store::cited(conn, site.into(), text, day)?;
        cited.retain(|it| it.status == Status::Ended);
        let elsewhere = cited.iter().map(|it| it.document.site_id).filter(|it| *it != site.id);
        let places = match elsewhere.collect::<Vec<SiteId>>() {
            ids if ids.is_empty() => Places::new(),
            ids => store::places(conn, ids)?,
        };
        let lapsed = |document: &Document| Lapsed {
            title: format!("{} {}", self.words.type_label(&document.type_key), document.number),
            path: document.path(),
            host: places.get(&document.site_id).and_then(|(_, host)| host.clone()),
        };
        Ok(cited.iter().map(|it| lapsed(&it.document)).collect())
    }
}

impl Piles for Waiting {
    fn piles(&self, conn: &mut Conn, site: &Site, rights: Rights) -> Result<Vec<Pile>> {
        let label = match (rights.approve, rights.write) {
            (true, _) => &self.approve,
            (false, true) => &self.write,
            (false, false) => return Ok(Vec::new()),
        };
        let mut pile = |label: &String, state, path| -> Result<Pile> {
            let count = desk::standing(conn, site.id, state)?;
            Ok(Pile { label: label.clone(), count, path })
        };
        let mut piles = vec![pile(label, State::Draft, "/quan-tri/van-ban?state=draft")?];
        if rights.write {
            let path = "/quan-tri/van-ban?state=returned";
            piles.push(pile(&self.returned, State::Returned, path)?);
        }
        Ok(piles)
    }
}

impl Source for Documents {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn label(&self, facet: Facet, value: &str) -> Option<String> {
        match facet {
            Facet::Kind => (value == DOCUMENT).then(|| self.label.clone()),
            Facet::Type => self.words.kind(value).map(|it| it.label.clone()),
            Facet::Field => self.words.field(value).map(|it| it.label.clone()),
            Facet::Effect => self.statuses.get(value).cloned(),
            _ => None,
        }
    }

    fn values(&self, facet: Facet) -> Vec<String> {
        match facet {
            Facet::Kind => vec![DOCUMENT.to_owned()],
            Facet::Type => self.words.types.iter().map(|it| it.key.clone()).collect(),
            Facet::Effect => self.statuses.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn successors(&self, conn: &mut Conn) -> Result<Successions> {
        issuers::successions(conn)
    }

    fn items(&self, conn: &mut Conn, subjects: &[Subject], today: NaiveDate) -> Result<Vec<Item>> {
        let found = find::items(conn, subjects, today)?;
        Ok(found.into_iter().map(|it| self.item(it)).collect())
    }

    fn heads(&self, conn: &mut Conn, subjects: &[Subject], today: NaiveDate) -> Result<Vec<Item>> {
        let found = find::heads(conn, subjects, today)?;
        Ok(found.into_iter().map(|it| self.item(it)).collect())
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

    fn turning(&self, conn: &mut Conn, from: NaiveDate, today: NaiveDate) -> Result<Vec<Subject>> {
        find::turning(conn, from, today)
    }
}

impl Documents {
    fn item(&self, whole: Whole) -> Item {
        let document = whole.document;
        let kind = self.words.type_label(&document.type_key);
        let published = document.published_at.unwrap_or(document.created_at);
        let date = document.issued.map_or(published, |day| day.and_time(NaiveTime::MIN));
        Item {
            portal: whole.portal,
            url: document.path(),
            forename: kind,
            keywords: format!("{} {}", document.number, whole.issuer),
            body: whole.body,
            parts: whole
                .pages
                .into_iter()
                .map(|it| Part {
                    anchor: texts::page_anchor(it.number, it.page),
                    label: it.file,
                    page: Some(it.page),
                    text: it.text,
                })
                .collect(),
            number: Some(document.number.clone()).filter(|it| !it.is_empty() && !document.pending),
            doc_type: Some(document.type_key.clone()),
            issuer: Some(whole.issuer).filter(|it| !it.is_empty()),
            fields: whole.fields,
            year: u16::try_from(document.year).ok().filter(|year| *year > 0),
            effect: Some(whole.status.as_str().to_owned()),
            ..Item::new(
                document.id.uuid(),
                document.site_id,
                DOCUMENT,
                &document.summary,
                date.and_utc(),
            )
        }
    }
}
