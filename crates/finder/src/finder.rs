//! One search, from what was asked to what is shown: the index says which, the database what.

use std::collections::{BTreeMap, HashMap};

use base::{Error, Result, Site, SiteId};
use chrono::{NaiveDate, NaiveDateTime};
use db::{Conn, Db};
use search::{Facet, Feed, Found, Item, Query, Start, Subject};

use crate::{
    model::{Asked, Ignored, Names, Scope},
    store::{self, Place},
    tally::Tally,
};

/// The search as the server holds it.
pub struct Finder {
    /// The index and what it is fed from.
    pub feed: Feed,
    /// What is searched for, until it is written down.
    pub tally: Tally,
}

/// What a search found.
pub(crate) struct Answer {
    /// What was asked, without the filters that mean nothing here.
    pub(crate) asked: Asked,
    /// Its filters as the index knows them.
    filters: Filters,
    /// Parameters that mean nothing here.
    pub(crate) ignored: Vec<Ignored>,
    /// What the index found.
    pub(crate) found: Found,
    /// The items of its hits that are still public, with their sites, in the order of the hits.
    pub(crate) items: Vec<(Item, Place)>,
    /// The sites that the facet of sites names.
    pub(crate) places: HashMap<SiteId, Place>,
}

/// A way on from a search that found nothing.
pub(crate) struct Way {
    /// What can be asked instead.
    pub(crate) asked: Asked,
    /// How many results it has.
    pub(crate) found: u64,
}

impl Finder {
    /// A search over what `feed` keeps in step.
    pub fn new(feed: Feed) -> Self {
        Self { feed, tally: Tally::default() }
    }

    /// Answers what was asked on `site`.
    pub(crate) fn answer(
        &self,
        conn: &mut Conn,
        (site, now): (&Site, NaiveDateTime),
        (mut asked, names): (Asked, &Names),
        start: Start,
    ) -> Result<Answer> {
        let portal = site.portal_id.unwrap_or(site.id);
        let (filters, ignored) = self.filters(conn, portal, &mut asked, names)?;
        let query = Query {
            text: asked.query.clone(),
            scope: scope(site, asked.scope),
            portal: Some(portal),
            filters: filters.clone(),
            order: asked.order,
            start,
            size: asked.size,
        };
        let found = self.feed.engine().search(&query).map_err(Error::from)?;
        let subjects: Vec<Subject> =
            found.hits.iter().map(|hit| Subject { site: hit.site, key: hit.subject }).collect();
        let today = base::time::local(now).date();
        let mut items = self.feed.items(conn, &subjects, today)?;
        let mut ids: Vec<SiteId> = subjects.iter().map(|subject| subject.site).collect();
        let counted = found.facets.get(&Facet::Site).into_iter().flatten();
        ids.extend(counted.filter_map(|count| SiteId::parse(&count.value)));
        let places = store::places(conn, portal, &ids)?;
        let shown = subjects.iter().filter_map(|subject| {
            let item = items.remove(&subject.key)?;
            Some((item, places.get(&subject.site)?.clone()))
        });
        Ok(Answer { asked, filters, ignored, items: shown.collect(), found, places })
    }

    /// What could be asked on `site` instead of what found nothing: without the filters, in the
    /// whole province, or both. Only what finds something is offered.
    pub(crate) fn ways(&self, site: &Site, answer: &Answer) -> Result<Vec<Way>> {
        let (asked, mut ways) = (&answer.asked, Vec::new());
        if answer.found.total > 0 || answer.found.is_wordless {
            return Ok(ways);
        }
        let bare = Asked { filters: BTreeMap::new(), page: 1, ..asked.clone() };
        let wider = Asked { scope: Scope::Province, page: 1, ..asked.clone() };
        let both = Asked { scope: Scope::Province, ..bare.clone() };
        for (other, filters) in
            [(bare, Filters::new()), (wider, answer.filters.clone()), (both, Filters::new())]
        {
            let is_known = other.scope == asked.scope && other.filters == asked.filters;
            let is_more = ways.iter().any(|way: &Way| way.asked == other);
            if is_known || is_more {
                continue;
            }
            let (text, scope) = (other.query.clone(), scope(site, other.scope));
            let portal = Some(site.portal_id.unwrap_or(site.id));
            let query = Query { text, scope, portal, filters, ..Query::default() };
            let found = self.feed.engine().search(&query).map_err(Error::from)?.total;
            if found > 0 {
                ways.push(Way { asked: other, found });
            }
        }
        Ok(ways)
    }

    /// What the results must be, as the index knows it: readers name a site by its host. What is
    /// no value of a closed list means nothing, and is ignored.
    fn filters(
        &self,
        conn: &mut Conn,
        portal: SiteId,
        asked: &mut Asked,
        names: &Names,
    ) -> Result<(Filters, Vec<Ignored>)> {
        let mut ignored = Vec::new();
        for facet in CLOSED {
            let Some(values) = asked.filters.get(&facet).cloned() else { continue };
            let accepted = self.feed.values(facet);
            for value in values {
                if !accepted.contains(&value) {
                    asked.drop_value(facet, &value);
                    let ignored_value = Ignored::value(names.facet(facet), &value);
                    ignored.push(Ignored { accepted: accepted.clone(), ..ignored_value });
                }
            }
        }
        let mut filters = asked.filters.clone();
        let mut ids = Vec::new();
        for host in filters.remove(&Facet::Site).unwrap_or_default() {
            match store::at_host(conn, portal, &host)? {
                Some(id) => ids.push(id.to_string()),
                None => {
                    asked.drop_value(Facet::Site, &host);
                    ignored.push(Ignored::value(names.facet(Facet::Site), &host));
                }
            }
        }
        if !ids.is_empty() {
            filters.insert(Facet::Site, ids);
        }
        Ok((filters, ignored))
    }

    /// Writes down what was counted since the last time, under `today`. What could not be written
    /// is counted the next time.
    pub async fn write_down(&self, db: &Db, today: NaiveDate) -> Result<()> {
        let counts = self.tally.take();
        if counts.is_empty() {
            return Ok(());
        }
        let taken = counts.clone();
        let written = db.write(move |conn| {
            store::write_down(conn, today, counts)?;
            store::forget(conn, today)
        });
        let written = written.await;
        if written.is_err() {
            self.tally.put_back(taken);
        }
        written.map(drop)
    }
}

/// Where the index looks. A component is never asked for its sisters' drafts: the index has what
/// is public and nothing else.
pub(crate) fn scope(site: &Site, scope: Scope) -> search::Scope {
    let portal = site.portal_id.unwrap_or(site.id);
    match scope {
        Scope::Site => search::Scope::Sites(vec![site.id]),
        Scope::Portal => search::Scope::Sites(vec![site.id, portal]),
        Scope::Province => search::Scope::Portal(portal),
    }
}

/// The facets whose values are a closed list. Issuers and fields come and go with what names
/// them: one that nothing has finds nothing.
const CLOSED: [Facet; 3] = [Facet::Kind, Facet::Type, Facet::Effect];

/// What the results must be: any of the values of each facet.
type Filters = BTreeMap<Facet, Vec<String>>;
