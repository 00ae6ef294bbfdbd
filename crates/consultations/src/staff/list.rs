//! All consultations of the site with the days that are left, and drafts that have none.

use accounts::{Can, See, Write};
use base::{Error, Message};
use chrono::{NaiveDate, TimeDelta};
use documents::DocumentId;
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Pager, Posted, Query, Response, Result};

use super::path;
use crate::{
    Office,
    model::{Days, Stage},
    public::list::{line, stage_label},
    store::{self, Pair, write},
};

const PER_PAGE: i64 = 30;

/// How many drafts without a consultation are offered.
const MOST_DRAFTS: i64 = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    trang: String,
}

#[derive(Serialize)]
struct ListView {
    items: Vec<Item>,
    drafts: Vec<DraftView>,
    pager: Option<Pager>,
    can_write: bool,
}

#[derive(Serialize)]
struct Item {
    url: String,
    title: String,
    stage: Stage,
    stage_label: String,
    announced: bool,
    line: String,
    overdue: Option<String>,
    public_url: Option<String>,
}

#[derive(Serialize)]
struct DraftView {
    id: DocumentId,
    title: String,
}

pub(super) async fn index(
    who: Can<See>,
    office: Data<Office>,
    query: Query<Asked>,
) -> Result<Response> {
    let page = web::page_number(&query.trang);
    let (pairs, total, drafts) = who
        .cx
        .read(move |conn, site| {
            let pairs = store::list(conn, site.id, ((page - 1) * PER_PAGE, PER_PAGE))?;
            let total = store::count(conn, site.id)?;
            Ok((pairs, total, store::drafts(conn, site.id, MOST_DRAFTS)?))
        })
        .await?;
    let today = base::time::local(who.cx.now).date();
    let view = ListView {
        items: pairs.iter().map(|it| item(&who.cx, &office, it, today)).collect(),
        drafts: drafts.into_iter().map(|it| DraftView { id: it.id, title: it.summary }).collect(),
        pager: Pager::new(page, total, PER_PAGE, |page| {
            format!("/quan-tri/lay-y-kien?trang={page}")
        }),
        can_write: who.rights.write,
    };
    who.page("consultations/index.html", &view)
}

fn item(cx: &Cx, office: &Office, (it, draft): &Pair, today: NaiveDate) -> Item {
    let stage = it.stage(today);
    let is_public = it.announced_at.is_some() && draft.is_public();
    Item {
        url: path(it.id),
        title: draft.summary.clone(),
        stage_label: stage_label(cx, stage),
        announced: it.announced_at.is_some(),
        line: line(cx, (it, stage), today),
        overdue: overdue(cx, office, it, today),
        public_url: is_public.then(|| draft.path()),
        stage,
    }
}

/// That the table should have been published by now.
pub(super) fn overdue(
    cx: &Cx,
    office: &Office,
    it: &store::Consultation,
    today: NaiveDate,
) -> Option<String> {
    let days = office.rules.explain_days;
    let message = Message::new("consultation.overdue").with("days", days);
    it.facts().is_overdue(today, days).then(|| cx.say(&message))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NewForm {
    document: String,
}

/// Begins a consultation, from tomorrow for as long as the law asks.
pub(super) async fn create(
    who: Can<Write>,
    office: Data<Office>,
    form: Posted<NewForm>,
) -> Result<Response> {
    let document = DocumentId::parse(&form.0.document).ok_or(Error::NotFound)?;
    let opens = base::time::local(who.cx.now).date() + TimeDelta::days(1);
    let closes = opens + TimeDelta::days(office.minimum(false).days);
    let (actor, days) = (who.actor(), Days { opens, closes, shortened: false });
    let id = who.cx.write(move |conn, _| write::create(conn, actor, document, days)).await?;
    Ok(who.cx.see_other_with(&path(id), "done.consultation_created"))
}
