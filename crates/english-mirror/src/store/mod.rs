//! Translations in the database. Every query starts from a site, or from a portal's sites.
//!
//! Read this file for one page with both its sides, `write` for saving and for the steps of the
//! workflow, `standing` for how far many pages are, `work` for the lists of the staff, `coverage`
//! for the minimum of a province, `terms` and `names` for words, `owners` for who looks after what.

mod aliases;
pub mod coverage;
pub mod names;
pub mod owners;
pub mod standing;
pub mod terms;
pub mod work;
pub mod write;

use std::collections::BTreeMap;

use anyhow::Context;
use base::{EditionId, EntryId, Error, Result, SiteId};
use chrono::NaiveDateTime;
use content::{
    Kinds,
    entries::store::{self as entries, ContentId, Edition, Entry, Pair},
    kinds::Kind,
    model::State,
};
use db::{
    Conn,
    schema::{editions, translations},
};
use diesel::prelude::*;
use english::{blocks::Content, state::Report};

use crate::model::{self, Pieces};

/// An English edition and what it says.
#[derive(Clone, Debug)]
pub struct Translated {
    /// The edition.
    pub edition: Edition,
    /// The edition of the source it says.
    pub of: Edition,
    /// Its English, piece by piece.
    pub pieces: Pieces,
    /// Whether a machine wrote some of it and nobody has read that.
    pub machine: bool,
}

/// A page with both its sides.
#[derive(Clone, Debug)]
pub struct Page {
    /// The Vietnamese entry.
    pub source: Entry,
    /// The English one, if anybody has begun it.
    pub english: Option<Entry>,
    /// The Vietnamese edition to translate: what the public reads, or the draft where it reads
    /// nothing.
    pub now: Edition,
    /// What the public reads in English.
    pub live: Option<Translated>,
    /// What the translators work on; the live one when nobody has begun another.
    pub latest: Option<Translated>,
}

impl Page {
    /// What a form must name to show that it saw this page as it is.
    pub fn seal(&self) -> String {
        self.latest.as_ref().map(|it| it.edition.seal()).unwrap_or_default()
    }

    /// The English as it stands, as far as it holds for the edition to translate.
    pub fn carried(&self, kind: &Kind) -> Result<Pieces> {
        self.carried_to(kind, &self.now)
    }

    /// The English as it stands, as far as it holds for edition `to` of the source.
    pub fn carried_to(&self, kind: &Kind, to: &Edition) -> Result<Pieces> {
        let Some(latest) = &self.latest else { return Ok(Pieces::new()) };
        let (from, to) = (words(kind, &latest.of)?, words(kind, to)?);
        Ok(model::carry(&from, &latest.pieces, &to))
    }

    /// The edition of the source that changes are told against: what the public reads in English,
    /// or else what the draft was written beside.
    pub fn before(&self) -> Option<&Edition> {
        self.live.as_ref().or(self.latest.as_ref()).map(|it| &it.of)
    }
}

/// What is translated of an edition.
pub fn words(kind: &Kind, edition: &Edition) -> Result<Content> {
    let fields = edition.field_map()?;
    let edition = model::Edition {
        title: &edition.title,
        summary: &edition.summary,
        body: &edition.body,
        fields: &fields,
    };
    Ok(model::content(kind, edition))
}

/// The page of `content`. A source that was thrown away before anybody read it is not found.
pub fn page(conn: &mut Conn, site: SiteId, content: ContentId) -> Result<Page> {
    let Pair { source, translation } = entries::pair(conn, site, content)?;
    let now = match source.live_id {
        Some(live) => edition(conn, site, live)?,
        None => entries::working(conn, site, source.id)?.edition,
    };
    let mut page = Page { source, english: None, now, live: None, latest: None };
    let Some(english) = translation else { return Ok(page) };
    page.live = match english.live_id {
        Some(live) => {
            let live = edition(conn, site, live)?;
            translated(conn, site, live)?
        }
        None => None,
    };
    page.latest = match entries::working(conn, site, english.id) {
        Ok(working) => translated(conn, site, working.edition)?,
        // Begun and thrown away.
        Err(Error::NotFound) => None,
        Err(err) => return Err(err),
    };
    page.english = Some(english);
    Ok(page)
}

/// Edition `id` of the site.
pub fn edition(conn: &mut Conn, site: SiteId, id: EditionId) -> Result<Edition> {
    let one = editions::table.filter(editions::site_id.eq(site).and(editions::id.eq(id)));
    Ok(one.select(Edition::as_select()).first(conn)?)
}

/// What an English edition says; `None` for one that was not made here.
fn translated(conn: &mut Conn, site: SiteId, english: Edition) -> Result<Option<Translated>> {
    let row: Option<(EditionId, String, bool)> = translations::table
        .filter(translations::site_id.eq(site).and(translations::edition_id.eq(english.id)))
        .select((translations::source_id, translations::pieces, translations::machine))
        .first(conn)
        .optional()?;
    let Some((of, pieces, machine)) = row else { return Ok(None) };
    let pieces = serde_json::from_str(&pieces).context("pieces of a translation")?;
    Ok(Some(Translated { edition: english, of: edition(conn, site, of)?, pieces, machine }))
}

/// What a reader is told of an English page.
#[derive(Clone, Debug)]
pub struct PageReport {
    /// Where it stands, and how many major changes came since.
    pub report: Report,
    /// The address of the Vietnamese page as it is now, from the first slash.
    pub source_path: String,
    /// When what the Vietnamese page says now was published.
    pub source_day: Option<NaiveDateTime>,
    /// When the Vietnamese edition that this page says was published; `None` when it never was.
    pub reflects_day: Option<NaiveDateTime>,
    /// Whether a machine wrote some of it and nobody has read that.
    pub machine: bool,
    /// The fields of the page: words in English, facts as the Vietnamese page has them now.
    pub fields: BTreeMap<String, String>,
}

/// What a reader of `english`, an English entry that is public, is told.
pub fn page_report(
    conn: &mut Conn,
    site: SiteId,
    kinds: &Kinds,
    english: EntryId,
) -> Result<PageReport> {
    let Pair { source, translation } = entries::pair_of(conn, site, english)?;
    let english = translation.ok_or(Error::NotFound)?;
    let kind = kinds.get(&source.kind).ok_or(Error::NotFound)?;
    let live = english.live_id.ok_or(Error::NotFound)?;
    let live = edition(conn, site, live)?;
    let live = translated(conn, site, live)?.ok_or(Error::NotFound)?;
    let now = edition(conn, site, source.live_id.ok_or(Error::NotFound)?)?;
    let report = standing::of_page(conn, site, kind, (&source, &english))?;
    Ok(PageReport {
        report,
        source_path: entries::address(conn, site, source.id)?.ok_or(Error::NotFound)?,
        source_day: now.decided_at,
        reflects_day: live.of.decided_at.filter(|_| was_public(live.of.state)),
        machine: live.machine,
        fields: model::fields(kind, &live.edition.field_map()?, &now.field_map()?),
    })
}

/// Whether the public reads or has read an edition in this state.
fn was_public(state: State) -> bool {
    standing::standing(state).was_public()
}
