//! What documents do to each other. A relation may cross the sites of one portal; it leads only to
//! what the public can read.

use std::collections::BTreeSet;

use base::{Error, Number, Result, SiteId, SiteState};
use chrono::NaiveDateTime;
use db::{
    Conn,
    schema::{documents, relations, sites},
};
use diesel::prelude::*;

use super::{CHUNK, Document, authority::Authority};
use crate::{
    DocumentId, RelationId,
    model::{EFFECTIVE, State, Verb},
};

/// A relation of a document, seen from it.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its key.
    pub id: RelationId,
    /// What is done.
    pub verb: Verb,
    /// Whether the document does it; otherwise it is done to it.
    pub active: bool,
    /// The other document, if the public reads it on the portal.
    pub other: Option<Document>,
    /// Why it does not, if it once did.
    pub lost: Option<Lost>,
    /// The number of the other document.
    pub number: String,
    /// The part of this document.
    pub own_part: String,
    /// The part of the other.
    pub other_part: String,
    /// Whether it was read from the abstract.
    pub found: bool,
}

/// What became of the other end of a relation.
#[derive(Clone, Debug)]
pub enum Lost {
    /// It was taken out of the register: nothing is told of it but the number it is named by.
    Withdrawn,
    /// Its site was closed. It was public, and nobody took it out.
    Closed(Box<Document>),
}

/// The other end of a relation: the document that leads somewhere, or why none does. What was
/// never public is as if it were not there.
fn end(document: Option<Document>, site: Option<SiteState>) -> (Option<Document>, Option<Lost>) {
    match document {
        Some(it) if it.is_public() && site.is_some_and(SiteState::is_readable) => (Some(it), None),
        Some(it) if it.published_at.is_none() => (None, None),
        Some(it) if it.is_public() => (None, Some(Lost::Closed(Box::new(it)))),
        Some(_) => (None, Some(Lost::Withdrawn)),
        None => (None, None),
    }
}

#[derive(Queryable)]
struct Row {
    id: RelationId,
    to_number: String,
    verb: Verb,
    from_article: String,
    to_article: String,
    found: bool,
}

/// The columns of [`Row`], in its order.
macro_rules! columns {
    () => {
        (
            relations::id,
            relations::to_number,
            relations::kind,
            relations::from_article,
            relations::to_article,
            relations::found,
        )
    };
}

/// What the document says of others, then what others say of it that the public can read.
pub fn of(conn: &mut Conn, document: &Document) -> Result<Vec<Link>> {
    let own: Vec<(Row, Option<Document>, Option<SiteState>)> = relations::table
        .left_join(documents::table.on(relations::to_id.eq(documents::id.nullable())))
        .left_join(sites::table.on(documents::site_id.eq(sites::id)))
        .filter(relations::site_id.eq(document.site_id).and(relations::from_id.eq(document.id)))
        .order(relations::id)
        .select((columns!(), Option::<Document>::as_select(), sites::state.nullable()))
        .load(conn)?;
    let others: Vec<(Row, Document)> = relations::table
        .inner_join(documents::table.on(relations::from_id.eq(documents::id)))
        .inner_join(sites::table.on(sites::id.eq(documents::site_id)))
        .filter(relations::to_id.eq(Some(document.id)))
        .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
        .filter(sites::state.eq_any(SiteState::READABLE))
        .order((documents::issued.desc(), relations::id))
        .select((columns!(), Document::as_select()))
        .load(conn)?;
    // What others only claim to do to it is told on their page, and not here.
    let acting = others.iter().filter(|(row, _)| EFFECTIVE.contains(&row.verb));
    let all = acting.map(|(_, other)| other.id).chain([document.id]).collect();
    let authority = Authority::of(conn, &all)?;
    let lawful =
        |verb: Verb, from| !EFFECTIVE.contains(&verb) || authority.allows(from, document.id);
    let others = others.into_iter().filter(|(row, other)| lawful(row.verb, other.id));
    let own = own.into_iter().map(|(row, document, site)| {
        let (other, lost) = end(document, site);
        Link {
            id: row.id,
            verb: row.verb,
            active: true,
            number: row.to_number,
            other,
            lost,
            own_part: row.from_article,
            other_part: row.to_article,
            found: row.found,
        }
    });
    let others = others.map(|(row, other)| Link {
        id: row.id,
        verb: row.verb,
        active: false,
        number: other.number.clone(),
        other: Some(other),
        lost: None,
        own_part: row.to_article,
        other_part: row.from_article,
        found: row.found,
    });
    Ok(own.chain(others).collect())
}

/// A relation about to be entered.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// What the document does.
    pub verb: Verb,
    /// To the document of this number.
    pub number: Number,
    /// In which of its articles.
    pub own_part: String,
    /// To which part of the other.
    pub other_part: String,
    /// Whether it was read from the abstract.
    pub found: bool,
}

/// Enters a relation; one that is there already stays as it is. Says to which document it leads.
pub fn add(
    conn: &mut Conn,
    portal: SiteId,
    from: &Document,
    new: &NewLink,
    now: NaiveDateTime,
) -> Result<Option<DocumentId>> {
    let key = new.number.key();
    if key == from.number_key {
        return Err(Error::field("link_number", "relation.itself"));
    }
    let same = relations::table.filter(
        relations::from_id
            .eq(from.id)
            .and(relations::to_key.eq(&key))
            .and(relations::kind.eq(new.verb))
            .and(relations::to_article.eq(&new.other_part)),
    );
    if same.count().get_result::<i64>(conn)? > 0 {
        return Ok(None);
    }
    let target = target(conn, portal, from.site_id, &key)?;
    diesel::insert_into(relations::table)
        .values((
            relations::id.eq(RelationId::new()),
            relations::site_id.eq(from.site_id),
            relations::from_id.eq(from.id),
            relations::to_id.eq(target),
            relations::to_number.eq(new.number.to_string()),
            relations::to_key.eq(key),
            relations::kind.eq(new.verb),
            relations::from_article.eq(&new.own_part),
            relations::to_article.eq(&new.other_part),
            relations::found.eq(new.found),
            relations::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(target)
}

/// Takes a relation back. Says to which document it led.
pub(crate) fn remove(
    conn: &mut Conn,
    site: SiteId,
    (from, id): (DocumentId, RelationId),
) -> Result<Option<DocumentId>> {
    let row = || {
        relations::table.filter(
            relations::site_id.eq(site).and(relations::from_id.eq(from)).and(relations::id.eq(id)),
        )
    };
    let target: Option<DocumentId> = row().select(relations::to_id).first(conn)?;
    diesel::delete(row()).execute(conn)?;
    Ok(target)
}

/// The one document of this number: on the site itself, else among all sites of the portal. Where
/// several have it, a person must say which.
pub fn target(
    conn: &mut Conn,
    portal: SiteId,
    site: SiteId,
    key: &str,
) -> Result<Option<DocumentId>> {
    let rows: Vec<(DocumentId, SiteId)> = numbered(conn, portal, &[key.to_owned()])?
        .into_iter()
        .map(|(id, site, _)| (id, site))
        .collect();
    let own: Vec<DocumentId> =
        rows.iter().filter(|(_, it)| *it == site).map(|(id, _)| *id).collect();
    Ok(match (own.as_slice(), rows.as_slice()) {
        ([id], _) => Some(*id),
        ([], [(id, _)]) => Some(*id),
        _ => None,
    })
}

/// Public documents of the portal's sites by the keys of their numbers.
pub(crate) fn numbered(
    conn: &mut Conn,
    portal: SiteId,
    keys: &[String],
) -> Result<Vec<(DocumentId, SiteId, String)>> {
    let mut all = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        let some: Vec<(DocumentId, SiteId, String)> = documents::table
            .inner_join(sites::table)
            .filter(sites::id.eq(portal).or(sites::portal_id.assume_not_null().eq(portal)))
            .filter(documents::number_key.eq_any(chunk.to_vec()))
            .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
            .filter(sites::state.eq_any(SiteState::READABLE))
            .select((documents::id, documents::site_id, documents::number_key))
            .load(conn)?;
        all.extend(some);
    }
    Ok(all)
}

/// Ties relations that wait for a number to the document that has come. Says whose relations.
pub fn resolve(conn: &mut Conn, portal: SiteId, keys: &[String]) -> Result<Vec<DocumentId>> {
    let mut tied = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        let waiting: Vec<(RelationId, DocumentId, SiteId, String)> = relations::table
            .inner_join(sites::table.on(sites::id.eq(relations::site_id)))
            .filter(sites::id.eq(portal).or(sites::portal_id.assume_not_null().eq(portal)))
            .filter(relations::to_id.is_null().and(relations::to_key.eq_any(chunk.to_vec())))
            .select((relations::id, relations::from_id, relations::site_id, relations::to_key))
            .load(conn)?;
        for (id, from, site, key) in waiting {
            let Some(target) = target(conn, portal, site, &key)?.filter(|it| *it != from) else {
                continue;
            };
            let row = relations::table.filter(relations::id.eq(id));
            diesel::update(row).set(relations::to_id.eq(Some(target))).execute(conn)?;
            tied.extend([from, target]);
        }
    }
    Ok(tied)
}

/// The documents whose effect may change with that of `ids`: what they act upon, what that acts
/// upon, and so on. What repealed a repealing document brings others back.
pub(crate) fn reached(conn: &mut Conn, ids: &[DocumentId]) -> Result<BTreeSet<DocumentId>> {
    let mut reached = BTreeSet::new();
    let mut new: Vec<DocumentId> = ids.to_vec();
    while !new.is_empty() {
        let mut next = Vec::new();
        for chunk in new.chunks(CHUNK) {
            let rows: Vec<Option<DocumentId>> = relations::table
                .filter(relations::from_id.eq_any(chunk.to_vec()))
                .filter(relations::to_id.is_not_null())
                .select(relations::to_id)
                .load(conn)?;
            next.extend(rows.into_iter().flatten());
        }
        // Circles end where they were entered.
        next.retain(|id| reached.insert(*id));
        new = next;
    }
    Ok(reached)
}
