//! The terms of the province, on the portal: its own, over those of the data file.

use accounts::{Can, Province, See, Staff};
use base::{Error, FieldErrors, Message, SiteId};
use english::terms::{Kind, Term};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::{Fields, Pager, Path, Posted, Query, Response, Result};

use super::Choice;
use crate::store::terms::{self, Row, TermId, Typed};

const PATH: &str = "/quan-tri/tieng-anh/thuat-ngu";

const PER_PAGE: i64 = 50;

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    kind: String,
    #[serde(skip_serializing)]
    trang: String,
}

#[derive(Serialize)]
struct TermsView {
    own: Vec<TermView>,
    all: Vec<TermView>,
    total: i64,
    pager: Option<Pager>,
    filter: Asked,
    kinds: Vec<Choice>,
    choices: Vec<Choice>,
    form: TermForm,
    errors: BTreeMap<String, String>,
    can_write: bool,
}

#[derive(Serialize)]
struct TermView {
    id: Option<TermId>,
    url: Option<String>,
    vi: String,
    en: String,
    kind_label: String,
    source: String,
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct TermForm {
    vi: String,
    en: String,
    kind: String,
    accept: String,
}

impl TermForm {
    fn typed(&self) -> Typed {
        let Self { vi, en, kind, accept } = self.clone();
        Typed { vi, en, kind, accept }
    }
}

/// The portal, whose terms are the province's.
fn on_portal(who: &Staff) -> Result<SiteId> {
    match who.cx.site.portal_id {
        None => Ok(who.cx.site.id),
        Some(_) => Err(Error::NotFound.into()),
    }
}

fn kind_label(who: &Staff, kind: &str) -> String {
    who.cx.say(&Message::new(format!("mirror.term_kind.{kind}")))
}

fn kinds(who: &Staff, current: &str, all: Option<&str>) -> Vec<Choice> {
    let first = all.map(|key| Choice {
        value: String::new(),
        label: who.cx.say(&Message::new(key.to_owned())),
        current: current.is_empty(),
    });
    let choice = |kind: Kind| Choice {
        value: kind.as_str().to_owned(),
        label: kind_label(who, kind.as_str()),
        current: kind.as_str() == current,
    };
    first.into_iter().chain(Kind::ALL.into_iter().map(choice)).collect()
}

pub(super) async fn index(who: Can<See>, query: Query<Asked>) -> Result<Response> {
    on_portal(&who)?;
    draw(&who, query.into_inner(), (TermForm::default(), FieldErrors::new())).await
}

async fn draw(
    who: &Staff,
    asked: Asked,
    (form, errors): (TermForm, FieldErrors),
) -> Result<Response> {
    let portal = on_portal(who)?;
    let own = who.cx.read(move |conn, _| terms::all(conn, portal)).await?;
    let page = web::page_number(&asked.trang);
    let found: Vec<&Term> =
        who.cx.terms().all().iter().filter(|term| matches(term, &asked)).collect();
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from((page - 1) * PER_PAGE).unwrap_or_default();
    let shown = found.into_iter().skip(skip).take(usize::try_from(PER_PAGE).unwrap_or(50));
    let view = TermsView {
        all: shown.map(|term| in_base(who, term)).collect(),
        own: own.iter().map(|row| of_province(who, row)).collect(),
        total,
        pager: Pager::new(page, total, PER_PAGE, |page| link(&asked, page)),
        kinds: kinds(who, &asked.kind, Some("filter.all")),
        choices: kinds(who, &form.kind, None),
        filter: asked,
        errors: who.cx.say_all(&errors),
        form,
        can_write: who.rights.province,
    };
    match errors.is_empty() {
        true => who.page("mirror/terms.html", &view),
        false => who.again("mirror/terms.html", &view),
    }
}

fn link(asked: &Asked, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &asked.q)
        .append_pair("kind", &asked.kind)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("{PATH}?{query}")
}

fn matches(term: &Term, asked: &Asked) -> bool {
    let is_kind = asked.kind.is_empty() || term.kind.as_str() == asked.kind;
    let words = base::text::unaccented(&asked.q);
    let text =
        base::text::unaccented(&format!("{} {} {}", term.vi, term.spellings.join(" "), term.en));
    is_kind && words.split_whitespace().all(|word| text.contains(word))
}

fn in_base(who: &Staff, term: &Term) -> TermView {
    TermView {
        id: None,
        url: None,
        vi: term.vi.clone(),
        en: term.en.clone(),
        kind_label: kind_label(who, term.kind.as_str()),
        source: term.source.clone().unwrap_or_default(),
    }
}

fn of_province(who: &Staff, row: &Row) -> TermView {
    TermView {
        id: Some(row.id),
        url: Some(format!("{PATH}/{}", row.id)),
        vi: row.vi.clone(),
        en: row.en.clone(),
        kind_label: kind_label(who, &row.kind),
        source: String::new(),
    }
}

pub(super) async fn create(who: Can<Province>, form: Posted<TermForm>) -> Result<Response> {
    on_portal(&who)?;
    let (actor, cx, typed) = (who.actor(), who.cx.clone(), form.0.typed());
    let saved = who
        .cx
        .write(move |conn, _| terms::put(conn, actor, &cx.app().english.source, None, &typed));
    match saved.await {
        Ok(()) => Ok(who.cx.see_other_with(PATH, "done.term_saved")),
        Err(Error::Invalid(errors)) => draw(&who, Asked::default(), (form.0, errors)).await,
        Err(err) => Err(err.into()),
    }
}

#[derive(Serialize)]
struct TermPage {
    url: String,
    choices: Vec<Choice>,
    form: TermForm,
    errors: BTreeMap<String, String>,
}

fn id(text: &str) -> Result<TermId, Error> {
    TermId::parse(text).ok_or(Error::NotFound)
}

pub(super) async fn show(who: Can<Province>, path: Path<String>) -> Result<Response> {
    let (portal, id) = (on_portal(&who)?, id(&path)?);
    let rows = who.cx.read(move |conn, _| terms::all(conn, portal)).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    let form = TermForm { vi: row.vi, en: row.en, kind: row.kind, accept: row.accept };
    draw_one(&who, id, form, &FieldErrors::new())
}

fn draw_one(who: &Staff, id: TermId, form: TermForm, errors: &FieldErrors) -> Result<Response> {
    let view = TermPage {
        url: format!("{PATH}/{id}"),
        choices: kinds(who, &form.kind, None),
        errors: who.cx.say_all(errors),
        form,
    };
    match errors.is_empty() {
        true => who.page("mirror/term.html", &view),
        false => who.again("mirror/term.html", &view),
    }
}

pub(super) async fn update(
    who: Can<Province>,
    path: Path<String>,
    form: Posted<TermForm>,
) -> Result<Response> {
    on_portal(&who)?;
    let id = id(&path)?;
    let (actor, cx, typed) = (who.actor(), who.cx.clone(), form.0.typed());
    let saved = who
        .cx
        .write(move |conn, _| terms::put(conn, actor, &cx.app().english.source, Some(id), &typed));
    match saved.await {
        Ok(()) => Ok(who.cx.see_other_with(PATH, "done.term_saved")),
        Err(Error::Invalid(errors)) => draw_one(&who, id, form.0, &errors),
        Err(err) => Err(err.into()),
    }
}

pub(super) async fn destroy(
    who: Can<Province>,
    path: Path<String>,
    _form: Posted<Fields>,
) -> Result<Response> {
    on_portal(&who)?;
    let id = id(&path)?;
    let (actor, cx) = (who.actor(), who.cx.clone());
    let removed =
        who.cx.write(move |conn, _| terms::remove(conn, actor, &cx.app().english.source, id));
    match removed.await {
        Ok(()) => Ok(who.cx.see_other_with(PATH, "done.term_removed")),
        // Another term of the province is built on it; the message says which.
        Err(Error::Invalid(errors)) => {
            let message = errors.into_values().next().unwrap_or_else(|| "mirror.term.kind".into());
            Err(Error::Conflict(message).into())
        }
        Err(err) => Err(err.into()),
    }
}
