//! The table of acceptance and explanation (DT-6): rows, each for one opinion or several alike.

use ::documents::store::Home;
use base::{Error, Result, SiteId, UserId};
use db::{
    Conn,
    events::Actor,
    schema::{consultation_opinions as opinions, consultation_rows as rows, consultations},
};
use diesel::prelude::*;

use super::{
    Consultation, by_id,
    opinions::{self as voices, Opinion},
    write::{changed, note, today},
};
use crate::{
    ConsultationId, OpinionId, RowId,
    model::{OpinionState, Stage, Verdict},
};

/// A row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = rows)]
pub struct Row {
    /// Its key.
    pub id: RowId,
    /// What a group is about; empty for a single opinion.
    pub title: String,
    /// What is made of it.
    pub verdict: Verdict,
    /// Why.
    pub explanation: String,
    /// Who wrote it last.
    pub editor_id: Option<UserId>,
}

/// What the staff write into a row.
#[derive(Clone, Debug)]
pub struct Written {
    /// What a group is about.
    pub title: String,
    /// What is made of it.
    pub verdict: Verdict,
    /// Why.
    pub explanation: String,
}

/// What a table still lacks.
#[derive(Clone, Debug, Default)]
pub struct Lacking {
    /// Opinions nobody has looked at.
    pub waiting: usize,
    /// Those that are shown and answered by no row: their articles and senders.
    pub without_row: Vec<String>,
}

/// The rows of one consultation.
#[diesel::dsl::auto_type(no_type_alias)]
fn of(site: SiteId, id: ConsultationId) -> _ {
    rows::table.filter(rows::site_id.eq(site).and(rows::consultation_id.eq(id)))
}

/// The rows, each with the opinions it answers, in the order in which they were written.
pub fn read(conn: &mut Conn, site: SiteId, id: ConsultationId) -> Result<Vec<(Row, Vec<Opinion>)>> {
    let found: Vec<Row> = of(site, id).order(rows::id).select(Row::as_select()).load(conn)?;
    let all = voices::all(conn, site, id, None)?;
    let own = |row: &Row| all.iter().filter(|it| it.row_id == Some(row.id)).cloned().collect();
    Ok(found.into_iter().map(|row| (row.clone(), own(&row))).collect())
}

/// What the table lacks before it can be published.
pub fn lacking(conn: &mut Conn, site: SiteId, id: ConsultationId) -> Result<Lacking> {
    let all = voices::all(conn, site, id, None)?;
    let bare = |it: &&Opinion| it.state == OpinionState::Shown && it.row_id.is_none();
    let name = |it: &Opinion| match it.label.is_empty() {
        true => it.name.clone(),
        false => format!("{} ({})", it.name, it.label),
    };
    Ok(Lacking {
        waiting: all.iter().filter(|it| it.state == OpinionState::Waiting).count(),
        without_row: all.iter().filter(bare).map(name).collect(),
    })
}

/// Whether the person wrote a row of it.
pub fn written_by(conn: &mut Conn, actor: Actor, id: ConsultationId) -> Result<bool> {
    let Some(user) = actor.user else { return Ok(false) };
    let own = of(actor.site, id).filter(rows::editor_id.eq(user));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn)?)
}

/// Answers opinions that are shown and that no row answers yet, by a new row or by one that is
/// there.
pub fn answer(
    conn: &mut Conn,
    actor: Actor,
    id: ConsultationId,
    (row, written): (Option<RowId>, &Written),
    chosen: &[OpinionId],
) -> Result<RowId> {
    let (consultation, draft) = by_id(conn, actor.site, id)?;
    writable(&consultation, actor)?;
    let row = match row {
        Some(row) => {
            one(conn, actor.site, (id, row))?;
            row
        }
        None => {
            let key = RowId::new();
            diesel::insert_into(rows::table)
                .values((
                    rows::id.eq(key),
                    rows::consultation_id.eq(id),
                    rows::site_id.eq(actor.site),
                    rows::title.eq(&written.title),
                    rows::verdict.eq(written.verdict),
                    rows::explanation.eq(&written.explanation),
                    rows::editor_id.eq(actor.user),
                    rows::updated_at.eq(actor.now),
                ))
                .execute(conn)?;
            key
        }
    };
    let free = opinions::table
        .filter(opinions::site_id.eq(actor.site).and(opinions::consultation_id.eq(id)))
        .filter(opinions::id.eq_any(chosen.to_vec()).and(opinions::row_id.is_null()))
        .filter(opinions::state.eq(OpinionState::Shown));
    let taken = diesel::update(free).set(opinions::row_id.eq(row)).execute(conn)?;
    if taken != chosen.len() {
        return Err(Error::conflict("consultation.answered_meanwhile"));
    }
    if consultation.collating_at.is_none() {
        let own = consultations::table
            .filter(consultations::site_id.eq(actor.site).and(consultations::id.eq(id)));
        diesel::update(own).set(consultations::collating_at.eq(actor.now)).execute(conn)?;
    }
    note(conn, actor, "consultation_row", (id, &draft, &written.title))?;
    Ok(row)
}

/// Rewrites a row. In a public table, readers see it at once.
pub fn rewrite(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, row): (ConsultationId, RowId),
    written: &Written,
) -> Result<()> {
    let (_, draft) = by_id(conn, actor.site, id)?;
    let own = of(actor.site, id).filter(rows::id.eq(row));
    let set = (
        rows::title.eq(&written.title),
        rows::verdict.eq(written.verdict),
        rows::explanation.eq(&written.explanation),
        rows::editor_id.eq(actor.user),
        rows::updated_at.eq(actor.now),
    );
    if diesel::update(own).set(set).execute(conn)? == 0 {
        return Err(Error::NotFound);
    }
    note(conn, actor, "consultation_row", (id, &draft, &written.title))?;
    changed(conn, actor, home, id)
}

/// Takes a row out; its opinions wait for an answer again. Not from a public table.
pub fn remove(conn: &mut Conn, actor: Actor, id: ConsultationId, row: RowId) -> Result<()> {
    let (consultation, draft) = by_id(conn, actor.site, id)?;
    writable(&consultation, actor)?;
    let before = one(conn, actor.site, (id, row))?;
    let own =
        opinions::table.filter(opinions::site_id.eq(actor.site).and(opinions::row_id.eq(row)));
    diesel::update(own).set(opinions::row_id.eq(None::<RowId>)).execute(conn)?;
    diesel::delete(of(actor.site, id).filter(rows::id.eq(row))).execute(conn)?;
    note(conn, actor, "consultation_row_removed", (id, &draft, &before.title))
}

fn one(conn: &mut Conn, site: SiteId, (id, row): (ConsultationId, RowId)) -> Result<Row> {
    Ok(of(site, id).filter(rows::id.eq(row)).select(Row::as_select()).first(conn)?)
}

fn writable(consultation: &Consultation, actor: Actor) -> Result<()> {
    match consultation.stage(today(actor)) {
        Stage::Open | Stage::Ended | Stage::Collating => Ok(()),
        _ => Err(Error::conflict("consultation.table_over")),
    }
}
