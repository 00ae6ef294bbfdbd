//! Consultations in the database. Every query starts from the site's id.
//!
//! Read this file for the rows and for reading them, `write` for what the staff do, `opinions`
//! for what readers send, `table` for what is answered, `participants` for whom letters go to.

pub mod opinions;
pub mod participants;
pub mod table;
pub mod write;

use ::documents::{
    DocumentId,
    model::{Register, State},
};
use base::{Result, SiteId, SiteState, UserId};
use chrono::{NaiveDate, NaiveDateTime};
use db::{
    Conn,
    schema::{consultation_files, consultations, documents, hosts, sites},
};
use diesel::prelude::*;
use media::{FileId, files::File};

use crate::{
    ConsultationId,
    model::{Days, Facts, News, Stage},
};

/// A consultation.
#[derive(Clone, Debug, Queryable, Selectable)]
pub struct Consultation {
    /// Its key.
    pub id: ConsultationId,
    /// Whose it is.
    pub site_id: SiteId,
    /// The draft.
    pub document_id: DocumentId,
    /// The first day.
    pub opens: NaiveDate,
    /// The last day, included.
    pub closes: NaiveDate,
    /// By the shortened procedure.
    pub shortened: bool,
    /// What readers should say something about.
    pub purpose: String,
    /// Where letters go.
    pub post_to: String,
    /// Whom to ask.
    pub contact: String,
    /// Grows with every save.
    pub lock: i32,
    /// Who changed it last.
    pub editor_id: Option<UserId>,
    /// Since when the public may read it.
    pub announced_at: Option<NaiveDateTime>,
    /// When the first row of the table was written.
    pub collating_at: Option<NaiveDateTime>,
    /// When the table was published.
    pub explained_at: Option<NaiveDateTime>,
    /// When the outcome was told.
    pub issued_at: Option<NaiveDateTime>,
    /// When it was stopped.
    pub stopped_at: Option<NaiveDateTime>,
    /// The document that was issued, where the registry has it.
    pub outcome_id: Option<DocumentId>,
    /// Its number, where the registry has not.
    pub outcome_number: String,
    /// Why it was stopped.
    pub stopped_reason: String,
    /// The last that participants were told.
    pub told: News,
    /// Whether the public may have the dossier.
    pub files_public: bool,
    /// When it was begun.
    pub created_at: NaiveDateTime,
    /// When it was changed last.
    pub updated_at: NaiveDateTime,
}

impl Consultation {
    /// What its state follows from.
    pub fn facts(&self) -> Facts {
        Facts {
            opens: self.opens,
            closes: self.closes,
            announced: self.announced_at.is_some(),
            collating: self.collating_at.is_some(),
            explained: self.explained_at.is_some(),
            issued: self.issued_at.is_some(),
            stopped: self.stopped_at.is_some(),
        }
    }

    /// Its state on `today`.
    pub fn stage(&self, today: NaiveDate) -> Stage {
        self.facts().stage(today)
    }

    /// From when until when opinions are taken.
    pub fn days(&self) -> Days {
        Days { opens: self.opens, closes: self.closes, shortened: self.shortened }
    }
}

/// What is read of the draft itself.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub struct Draft {
    /// Its key.
    pub id: DocumentId,
    /// Trích yếu.
    pub summary: String,
    /// The last part of its address.
    pub slug: String,
    /// Where it stands on its way to the public.
    pub state: State,
    /// Not of general application.
    pub internal: bool,
}

impl Draft {
    /// Whether the public reads it.
    pub fn is_public(&self) -> bool {
        self.state == State::Published && !self.internal
    }

    /// Where readers find its consultation.
    pub fn path(&self) -> String {
        format!("/lay-y-kien/{}", self.slug)
    }
}

/// A consultation and its draft.
pub type Pair = (Consultation, Draft);

/// The consultations of one site with their drafts.
macro_rules! pairs {
    ($site:expr) => {
        consultations::table
            .inner_join(documents::table.on(documents::id.eq(consultations::document_id)))
            .filter(consultations::site_id.eq($site))
            .select((Consultation::as_select(), Draft::as_select()))
    };
}

/// The consultation `id` of `site`, for the staff.
pub fn by_id(conn: &mut Conn, site: SiteId, id: ConsultationId) -> Result<Pair> {
    Ok(pairs!(site).filter(consultations::id.eq(id)).first(conn)?)
}

/// The consultation on `document`, as far as the public reads both.
pub fn public_of(conn: &mut Conn, site: SiteId, document: DocumentId) -> Result<Option<Pair>> {
    let pair: Option<Pair> =
        pairs!(site).filter(consultations::document_id.eq(document)).first(conn).optional()?;
    Ok(pair.filter(|(it, draft)| it.announced_at.is_some() && draft.is_public()))
}

/// The consultations of a site: `limit` after the first `skip`, those that end last first.
pub fn list(conn: &mut Conn, site: SiteId, (skip, limit): (i64, i64)) -> Result<Vec<Pair>> {
    Ok(pairs!(site)
        .order((consultations::closes.desc(), consultations::id.desc()))
        .offset(skip)
        .limit(limit)
        .load(conn)?)
}

/// How many there are.
pub fn count(conn: &mut Conn, site: SiteId) -> Result<i64> {
    Ok(consultations::table.filter(consultations::site_id.eq(site)).count().get_result(conn)?)
}

/// Which of the public consultations of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Open or about to be.
    Current,
    /// All others.
    Past,
}

/// Public consultations narrowed to a part, as of a day.
macro_rules! public {
    ($query:expr, $part:expr, $today:expr) => {{
        let current = consultations::closes
            .ge($today)
            .and(consultations::stopped_at.is_null())
            .and(consultations::explained_at.is_null());
        let query = $query
            .filter(consultations::announced_at.is_not_null())
            .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
            .into_boxed();
        match $part {
            Part::Current => query.filter(current),
            Part::Past => query.filter(diesel::dsl::not(current)),
        }
    }};
}

/// The public consultations of a part: what ends first stands first among the current ones, and
/// what ended last among the past.
pub fn public(
    conn: &mut Conn,
    site: SiteId,
    (part, today): (Part, NaiveDate),
    (skip, limit): (i64, i64),
) -> Result<Vec<Pair>> {
    let query = public!(pairs!(site), part, today);
    let query = match part {
        Part::Current => query.order((consultations::closes.asc(), consultations::id.asc())),
        Part::Past => query.order((consultations::closes.desc(), consultations::id.desc())),
    };
    Ok(query.offset(skip).limit(limit).load(conn)?)
}

/// Every public consultation of a site.
macro_rules! all_public {
    ($site:expr) => {
        consultations::table
            .inner_join(documents::table.on(documents::id.eq(consultations::document_id)))
            .filter(consultations::site_id.eq($site))
            .filter(consultations::announced_at.is_not_null())
            .filter(documents::state.eq(State::Published).and(documents::internal.eq(false)))
    };
}

/// How many consultations of a site the public reads.
pub fn count_all_public(conn: &mut Conn, site: SiteId) -> Result<i64> {
    Ok(all_public!(site).count().get_result(conn)?)
}

/// The last parts of their addresses with their last change: `limit` after the first `skip`.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    (skip, limit): (i64, i64),
) -> Result<Vec<(String, NaiveDateTime)>> {
    Ok(all_public!(site)
        .order(consultations::id)
        .offset(skip)
        .limit(limit)
        .select((documents::slug, consultations::updated_at))
        .load(conn)?)
}

/// The current consultations of all open sites of a portal but its own, each with whose it is and the host of its site;
/// what ends first stands first.
pub fn elsewhere(
    conn: &mut Conn,
    portal: SiteId,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<(String, String, Pair)>> {
    let all = consultations::table
        .inner_join(documents::table.on(documents::id.eq(consultations::document_id)))
        .inner_join(sites::table.on(sites::id.eq(consultations::site_id)))
        .inner_join(hosts::table.on(hosts::site_id.eq(consultations::site_id)))
        .filter(sites::portal_id.eq(portal).and(sites::state.eq(SiteState::Active)))
        .filter(hosts::canonical.eq(true));
    let columns = (sites::name, hosts::host, (Consultation::as_select(), Draft::as_select()));
    let found = public!(all.select(columns), Part::Current, today);
    Ok(found
        .order((consultations::closes.asc(), consultations::id.asc()))
        .limit(limit)
        .load(conn)?)
}

/// How many of them there are.
pub fn count_public(
    conn: &mut Conn,
    site: SiteId,
    (part, today): (Part, NaiveDate),
) -> Result<i64> {
    let all = consultations::table
        .inner_join(documents::table.on(documents::id.eq(consultations::document_id)))
        .filter(consultations::site_id.eq(site))
        .select(diesel::dsl::count_star());
    Ok(public!(all, part, today).first(conn)?)
}

/// The drafts of a site on which no opinions are asked yet, the last changed first.
pub fn drafts(conn: &mut Conn, site: SiteId, limit: i64) -> Result<Vec<Draft>> {
    let taken = consultations::table
        .filter(consultations::site_id.eq(site))
        .select(consultations::document_id);
    Ok(documents::table
        .filter(documents::site_id.eq(site).and(documents::register.eq(Register::Draft)))
        .filter(documents::state.ne(State::Withdrawn).and(documents::id.ne_all(taken)))
        .order((documents::updated_at.desc(), documents::id.desc()))
        .limit(limit)
        .select(Draft::as_select())
        .load(conn)?)
}

/// The dossier: files by the key of their slot.
pub fn dossier(conn: &mut Conn, site: SiteId, id: ConsultationId) -> Result<Vec<(String, File)>> {
    let rows = dossier_ids(conn, site, id)?;
    let ids: Vec<FileId> = rows.iter().map(|(_, file)| *file).collect();
    let files = media::files::of_ids(conn, site, &ids)?;
    let find = |id: FileId| files.iter().find(|it| it.id == id).cloned();
    Ok(rows.into_iter().filter_map(|(slot, id)| Some((slot, find(id)?))).collect())
}

/// The keys of the dossier's files, by slot.
pub fn dossier_ids(
    conn: &mut Conn,
    site: SiteId,
    id: ConsultationId,
) -> Result<Vec<(String, FileId)>> {
    let own = consultation_files::table
        .filter(consultation_files::site_id.eq(site))
        .filter(consultation_files::consultation_id.eq(id));
    Ok(own
        .order(consultation_files::slot)
        .select((consultation_files::slot, consultation_files::file_id))
        .load(conn)?)
}
