//! The table of acceptance and explanation, row by row.

use std::collections::BTreeMap;

use accounts::{Can, See, Staff, Write};
use base::{Error, FieldErrors, Message};
use serde::Serialize;
use web::{Fields, Path, Posted, Response, Result};

use super::{blamed, key, path};
use crate::{
    ConsultationId, OpinionId, RowId,
    export::{Export, part, who},
    model::{
        OpinionState, Stage, Verdict,
        opinion::{block, line},
    },
    store::{
        self, Pair,
        opinions::{self, Opinion},
        table::{self, Row, Written},
    },
};

/// The longest title of a group, in characters.
const MAX_TITLE: usize = 200;

/// The longest explanation, in characters.
const MAX_EXPLANATION: usize = 10_000;

/// A row as the form sends it.
#[derive(Clone, Debug, Default, Serialize)]
struct RowForm {
    row: String,
    title: String,
    verdict: String,
    explanation: String,
    #[serde(skip)]
    chosen: Vec<OpinionId>,
}

impl RowForm {
    fn of(mut sent: Fields) -> Self {
        let mut take = |name: &str| sent.remove(name).unwrap_or_default();
        let form = Self {
            row: take("row"),
            title: take("title"),
            verdict: take("verdict"),
            explanation: take("explanation"),
            chosen: Vec::new(),
        };
        let chosen =
            sent.keys().filter_map(|name| OpinionId::parse(name.strip_prefix("opinion_")?));
        Self { chosen: chosen.collect(), ..form }
    }

    fn check(&self) -> Result<Written, FieldErrors> {
        let mut errors = FieldErrors::new();
        let title = line("title", &self.title, MAX_TITLE, &mut errors);
        let explanation = block("explanation", &self.explanation, MAX_EXPLANATION, &mut errors);
        let verdict = Verdict::parse(&self.verdict);
        if verdict.is_none() {
            errors.insert("verdict".into(), "consultation.verdict_missing".into());
        }
        if explanation.is_empty() {
            errors.insert("explanation".into(), "consultation.explanation_missing".into());
        }
        match verdict {
            Some(verdict) if errors.is_empty() => Ok(Written { title, verdict, explanation }),
            _ => Err(errors),
        }
    }
}

/// What was typed: a new row, or one that is there.
#[derive(Default)]
struct Typed {
    form: RowForm,
    row: Option<RowId>,
    errors: FieldErrors,
}

#[derive(Serialize)]
struct TableView {
    action: String,
    back: String,
    title: String,
    rows: Vec<RowView>,
    free: Vec<FreeView>,
    waiting: usize,
    form: RowForm,
    errors: BTreeMap<String, String>,
    verdicts: Vec<Choice>,
    groups: Vec<Choice>,
    can_write: bool,
    can_rewrite: bool,
    explained: bool,
}

#[derive(Serialize)]
struct RowView {
    id: RowId,
    number: usize,
    form: RowForm,
    verdict_label: String,
    opinions: Vec<FreeView>,
    errors: BTreeMap<String, String>,
}

/// An opinion in the table, or one that no row answers.
#[derive(Serialize)]
struct FreeView {
    id: OpinionId,
    part: String,
    who: String,
    passage: String,
    shown: String,
    is_hidden: bool,
    chosen: bool,
}

#[derive(Clone, Serialize)]
struct Choice {
    value: String,
    label: String,
}

pub(super) async fn index(who: Can<See>, id: Path<String>) -> Result<Response> {
    draw(&who, key(&id)?, None).await
}

async fn draw(who: &Staff, id: ConsultationId, typed: Option<Typed>) -> Result<Response> {
    let read = who.cx.read(move |conn, site| {
        let pair = store::by_id(conn, site.id, id)?;
        let rows = table::read(conn, site.id, id)?;
        Ok((pair, rows, opinions::all(conn, site.id, id, None)?))
    });
    let (pair, rows, all) = read.await?;
    let fresh = typed.is_none();
    let view = view(who, &pair, (&rows, &all), typed.unwrap_or_default());
    match fresh {
        true => who.page("consultations/table.html", &view),
        false => who.again("consultations/table.html", &view),
    }
}

fn view(
    who: &Staff,
    (it, draft): &Pair,
    (rows, all): (&[(Row, Vec<Opinion>)], &[Opinion]),
    typed: Typed,
) -> TableView {
    let cx = &who.cx;
    let stage = it.stage(base::time::local(cx.now).date());
    let open = matches!(stage, Stage::Open | Stage::Ended | Stage::Collating);
    let free = all.iter().filter(|it| it.state == OpinionState::Shown && it.row_id.is_none());
    let said = |verdict: Verdict| cx.say(&Message::new(format!("verdict.{}", verdict.as_str())));
    let is_new = typed.row.is_none();
    let row_view = |(number, (row, own)): (usize, &(Row, Vec<Opinion>))| {
        let mine = typed.row == Some(row.id);
        RowView {
            id: row.id,
            number,
            form: if mine { typed.form.clone() } else { stored(row) },
            verdict_label: said(row.verdict),
            opinions: own.iter().map(|it| free_view(who, it, &[])).collect(),
            errors: if mine { cx.say_all(&typed.errors) } else { BTreeMap::new() },
        }
    };
    TableView {
        action: format!("{}/tong-hop", path(it.id)),
        back: path(it.id),
        title: draft.summary.clone(),
        groups: groups(who, rows),
        rows: (1..).zip(rows).map(row_view).collect(),
        free: free.map(|it| free_view(who, it, &typed.form.chosen)).collect(),
        waiting: all.iter().filter(|it| it.state == OpinionState::Waiting).count(),
        errors: if is_new { cx.say_all(&typed.errors) } else { BTreeMap::new() },
        verdicts: Verdict::ALL
            .iter()
            .map(|it| Choice { value: it.as_str().to_owned(), label: said(*it) })
            .collect(),
        can_write: who.rights.write && open,
        can_rewrite: (who.rights.write && open)
            || (who.rights.approve && stage == Stage::Explained),
        explained: it.explained_at.is_some(),
        form: if is_new { typed.form } else { RowForm::default() },
    }
}

fn stored(row: &Row) -> RowForm {
    RowForm {
        row: row.id.to_string(),
        title: row.title.clone(),
        verdict: row.verdict.as_str().to_owned(),
        explanation: row.explanation.clone(),
        chosen: Vec::new(),
    }
}

/// The rows an opinion can join, by number and title.
fn groups(who: &Staff, rows: &[(Row, Vec<Opinion>)]) -> Vec<Choice> {
    let choice = |(number, (row, own)): (usize, &(Row, Vec<Opinion>))| {
        let about = match (row.title.is_empty(), own.first()) {
            (true, Some(first)) => part(&who.cx, first),
            _ => row.title.clone(),
        };
        let label = Message::new("consultation.join").with("number", number).with("about", about);
        Choice { value: row.id.to_string(), label: who.cx.say(&label) }
    };
    (1..).zip(rows).map(choice).collect()
}

fn free_view(staff: &Staff, opinion: &Opinion, chosen: &[OpinionId]) -> FreeView {
    FreeView {
        id: opinion.id,
        part: part(&staff.cx, opinion),
        who: who(&staff.cx, opinion),
        passage: opinion.passage.clone(),
        shown: opinion.shown.clone(),
        is_hidden: opinion.state != OpinionState::Shown,
        chosen: chosen.contains(&opinion.id),
    }
}

/// Answers the opinions that are ticked, by a new row or by joining one.
pub(super) async fn answer(
    who: Can<Write>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = key(&id)?;
    let form = RowForm::of(form.0);
    let joined = RowId::parse(&form.row);
    let checked = match joined {
        // The words of the row it joins stay as they are.
        Some(_) => Ok(Written {
            title: String::new(),
            verdict: Verdict::Accepted,
            explanation: String::new(),
        }),
        None => form.check(),
    };
    let checked = match (checked, form.chosen.is_empty()) {
        (checked, false) => checked,
        (checked, true) => {
            let mut errors = checked.err().unwrap_or_default();
            errors.insert("chosen".into(), "consultation.none_chosen".into());
            Err(errors)
        }
    };
    let (actor, chosen) = (who.actor(), form.chosen.clone());
    let done = who.cx.write(move |conn, site| {
        store::by_id(conn, site.id, id)?;
        let written = checked.map_err(Error::Invalid)?;
        table::answer(conn, actor, id, (joined, &written), &chosen)
    });
    match done.await {
        Ok(_) => {
            let here = format!("{}/tong-hop", path(id));
            Ok(who.cx.see_other_with(&here, "done.consultation_row"))
        }
        Err(err) => {
            let typed = Typed { form, errors: blamed(err)?, ..Typed::default() };
            draw(&who, id, Some(typed)).await
        }
    }
}

pub(super) async fn rewrite(
    who: Can<Write>,
    place: Path<(String, String)>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = key(&place.0)?;
    let row = RowId::parse(&place.1).ok_or(Error::NotFound)?;
    let form = RowForm::of(form.0);
    let (actor, checked, may_approve) = (who.actor(), form.check(), who.rights.approve);
    let done = who.cx.write(move |conn, site| {
        let (it, _) = store::by_id(conn, site.id, id)?;
        if it.explained_at.is_some() && !may_approve {
            return Err(Error::conflict("consultation.needs_approver"));
        }
        let written = checked.map_err(Error::Invalid)?;
        table::rewrite(conn, actor, site.into(), (id, row), &written)
    });
    match done.await {
        Ok(()) => {
            let here = format!("{}/tong-hop", path(id));
            Ok(who.cx.see_other_with(&here, "done.consultation_row"))
        }
        Err(err) => {
            let typed = Typed { form, row: Some(row), errors: blamed(err)? };
            draw(&who, id, Some(typed)).await
        }
    }
}

pub(super) async fn remove(
    who: Can<Write>,
    place: Path<(String, String)>,
    _form: Posted<Fields>,
) -> Result<Response> {
    let id = key(&place.0)?;
    let row = RowId::parse(&place.1).ok_or(Error::NotFound)?;
    let actor = who.actor();
    who.cx.write(move |conn, _| table::remove(conn, actor, id, row)).await?;
    let here = format!("{}/tong-hop", path(id));
    Ok(who.cx.see_other_with(&here, "done.consultation_row_removed"))
}

async fn read(who: &Staff, id: ConsultationId) -> Result<(Pair, Vec<(Row, Vec<Opinion>)>)> {
    let read = who.cx.read(move |conn, site| {
        Ok((store::by_id(conn, site.id, id)?, table::read(conn, site.id, id)?))
    });
    Ok(read.await?)
}

pub(super) async fn xlsx(who: Can<See>, id: Path<String>) -> Result<Response> {
    let (pair, rows) = read(&who, key(&id)?).await?;
    Export { cx: &who.cx, pair: &pair, rows: &rows }.xlsx()
}

pub(super) async fn docx(who: Can<See>, id: Path<String>) -> Result<Response> {
    let (pair, rows) = read(&who, key(&id)?).await?;
    Export { cx: &who.cx, pair: &pair, rows: &rows }.docx()
}
