//! The screens of entries: list, choice of kind, form, steps of the workflow, old editions.

use accounts::{Can, See, Write};
use base::{EntryId, Error, Message, SectionId};
use serde::{Deserialize, Serialize};
use theme::{Html, markdown};
use web::{Data, Fields, Pager, Path, Posted, Query, Response, Result, Routes, get, header, post};

use super::{
    EntryForm,
    edit::{self, Typed},
    store::{self, Asked, Filter, Outcome, Working},
    views::{Choice, EntriesView, FilterForm, Labels, entry_path, state_label},
};
use crate::{
    kinds::{FieldType, Kinds},
    model::{Action, State},
};

/// Every address of the entries' screens.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/tin-bai", get().to(index))
        .route("/quan-tri/tin-bai/moi", get().to(choose))
        .route("/quan-tri/tin-bai/moi/{kind}", get().to(new))
        .route("/quan-tri/tin-bai/moi/{kind}", post().to(create))
        .route("/quan-tri/xem-truoc", post().to(preview))
        .route("/quan-tri/tin-bai/{id}", get().to(show))
        .route("/quan-tri/tin-bai/{id}", post().to(update))
        .route("/quan-tri/tin-bai/{id}/xem", get().to(crate::public::preview))
        .route("/quan-tri/tin-bai/{id}/phien-ban/{number}", get().to(edition))
        .route("/quan-tri/tin-bai/{id}/phien-ban/{number}/dung-lai", post().to(reuse))
        .route("/quan-tri/tin-bai/{id}/{action}", post().to(act));
}

const PER_PAGE: i64 = 30;

async fn index(who: Can<See>, kinds: Data<Kinds>, query: Query<FilterForm>) -> Result<Response> {
    let form = query.into_inner();
    let page = web::page_number(&form.trang);
    let filter = Filter {
        words: base::text::line(&form.q).chars().take(200).collect(),
        kind: kinds.get(&form.kind).map(|kind| kind.id.clone()),
        state: State::parse(&form.state),
        section: SectionId::parse(&form.section),
        ..Filter::default()
    };
    let (lines, total, sections, names, addresses) = who
        .cx
        .read(move |conn, site| {
            let lines = store::list(conn, site.id, &filter, ((page - 1) * PER_PAGE, PER_PAGE))?;
            let people = lines.iter().filter_map(|line| line.author_id).collect();
            let total = store::count(conn, site.id, &filter)?;
            let names = store::names(conn, people)?;
            let ids = lines.iter().map(|line| line.id).collect();
            let addresses = store::addresses(conn, site.id, ids)?;
            Ok((lines, total, store::section_labels(conn, site.id)?, names, addresses))
        })
        .await?;
    let labels = Labels {
        cx: &who.cx,
        kinds: &kinds,
        sections: &sections,
        names: &names,
        addresses: &addresses,
    };
    let view = EntriesView {
        items: lines.into_iter().map(|line| labels.item(line)).collect(),
        kinds: kind_choices(&who.cx, &kinds, &form.kind),
        states: state_choices(&who.cx, &form.state),
        sections: section_filter(&who.cx, &sections, &form.section),
        total,
        pager: Pager::new(page, total, PER_PAGE, |page| page_link(&form, page)),
        can_write: who.rights.write,
        filter: form,
    };
    who.page("content/entries.html", &view)
}

fn page_link(form: &FilterForm, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &form.q)
        .append_pair("kind", &form.kind)
        .append_pair("state", &form.state)
        .append_pair("section", &form.section)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("/quan-tri/tin-bai?{query}")
}

fn all(cx: &web::Cx, current: &str) -> Choice {
    let label = cx.say(&Message::new("filter.all"));
    Choice { value: String::new(), label, current: current.is_empty() }
}

fn kind_choices(cx: &web::Cx, kinds: &Kinds, current: &str) -> Vec<Choice> {
    let choice = |kind: &crate::kinds::Kind| Choice {
        current: kind.id == current,
        value: kind.id.clone(),
        label: kind.label.clone(),
    };
    std::iter::once(all(cx, current)).chain(kinds.iter().map(choice)).collect()
}

fn state_choices(cx: &web::Cx, current: &str) -> Vec<Choice> {
    let shown = [State::Draft, State::Submitted, State::Published, State::Withdrawn];
    let choice = |state: State| Choice {
        current: state.as_str() == current,
        value: state.as_str().to_owned(),
        label: state_label(cx, state),
    };
    std::iter::once(all(cx, current)).chain(shown.into_iter().map(choice)).collect()
}

fn section_filter(
    cx: &web::Cx,
    sections: &std::collections::BTreeMap<SectionId, String>,
    current: &str,
) -> Vec<Choice> {
    let choice = |(id, label): (&SectionId, &String)| Choice {
        current: id.to_string() == current,
        value: id.to_string(),
        label: label.clone(),
    };
    std::iter::once(all(cx, current)).chain(sections.iter().map(choice)).collect()
}

#[derive(Serialize)]
struct ChooseView {
    kinds: Vec<KindChoice>,
}

#[derive(Serialize)]
struct KindChoice {
    id: String,
    label: String,
    hint: String,
    url: String,
}

async fn choose(who: Can<Write>, kinds: Data<Kinds>) -> Result<Response> {
    let choice = |kind: &crate::kinds::Kind| KindChoice {
        id: kind.id.clone(),
        label: kind.label.clone(),
        hint: kind.hint.clone(),
        url: format!("/quan-tri/tin-bai/moi/{}", kind.id),
    };
    who.page("content/choose.html", &ChooseView { kinds: kinds.iter().map(choice).collect() })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    #[serde(rename = "chuyen-muc")]
    section: String,
}

async fn new(
    who: Can<Write>,
    kinds: Data<Kinds>,
    kind: Path<String>,
    query: Query<NewQuery>,
) -> Result<Response> {
    let kind = kinds.get(&kind).ok_or(Error::NotFound)?;
    edit::draw_new(&who, kind, SectionId::parse(&query.section), None).await
}

async fn create(
    who: Can<Write>,
    kinds: Data<Kinds>,
    kind: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let kind = kinds.get(&kind).ok_or(Error::NotFound)?;
    let submit = form.0.get("then").is_some_and(|then| then == "submit");
    let form = EntryForm::of(form.0);
    let created = match check(&form, kind).await {
        Ok(draft) => {
            let (actor, rights) = (who.actor(), who.rights);
            let (kind, kinds) = (kind.clone(), kinds.clone());
            let write = who.cx.write(move |conn, site| {
                let id = store::create(conn, actor, &kind, draft)?;
                match submit {
                    true => submit_latest(conn, (actor, rights), site, &kinds, id),
                    false => Ok(Outcome::Done(id)),
                }
            });
            write.await
        }
        Err(err) => Err(err),
    };
    match created {
        Ok(Outcome::Done(id)) => Ok(who.cx.see_other_with(&entry_path(id), saved_message(submit))),
        Ok(Outcome::Stale) => Err(Error::conflict("entry.changed").into()),
        Err(Error::Invalid(errors)) => {
            let typed = Typed { form, errors, ..Typed::default() };
            edit::draw_new(&who, kind, None, Some(typed)).await
        }
        Err(err) => Err(err.into()),
    }
}

/// Checks the form off the async threads: rendering a long body takes its time.
async fn check(form: &EntryForm, kind: &crate::kinds::Kind) -> Result<super::Draft, Error> {
    let (form, kind) = (form.clone(), kind.clone());
    web::off_thread(move || form.check(&kind)).await?
}

fn saved_message(submit: bool) -> &'static str {
    if submit { "done.submitted" } else { "done.draft_saved" }
}

/// Submits what was just saved, in the same transaction.
fn submit_latest(
    conn: &mut db::Conn,
    actor: (db::events::Actor, accounts::model::Rights),
    site: &base::Site,
    kinds: &Kinds,
    id: EntryId,
) -> base::Result<Outcome> {
    let Working { edition, .. } = store::working(conn, site.id, id)?;
    if edition.state == State::Submitted {
        return Ok(Outcome::Done(id));
    }
    let asked = Asked { action: Action::Submit, seal: edition.seal(), remark: String::new() };
    store::act(conn, actor, site, kinds, id, &asked)
}

fn entry_id(text: &str) -> Result<EntryId, Error> {
    EntryId::parse(text).ok_or(Error::NotFound)
}

/// An entry that these screens change: translations have screens of their own, which look at the
/// source as well.
fn vietnamese(conn: &mut db::Conn, site: &base::Site, id: EntryId) -> base::Result<Working> {
    let working = store::working(conn, site.id, id)?;
    if working.entry.locale == base::Locale::Vi { Ok(working) } else { Err(Error::NotFound) }
}

async fn show(who: Can<See>, kinds: Data<Kinds>, id: Path<String>) -> Result<Response> {
    edit::draw(&who, &kinds, entry_id(&id)?, None).await
}

async fn update(
    who: Can<Write>,
    kinds: Data<Kinds>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = entry_id(&id)?;
    let submit = form.0.get("then").is_some_and(|then| then == "submit");
    let form = EntryForm::of(form.0);
    let kind = who.cx.read(move |conn, site| Ok(vietnamese(conn, site, id)?.entry.kind));
    let kind = kinds.get(&kind.await?).ok_or(Error::NotFound)?.clone();
    let draft = match check(&form, &kind).await {
        Ok(draft) => draft,
        Err(Error::Invalid(errors)) => {
            let typed = Typed { form, errors, ..Typed::default() };
            return edit::draw(&who, &kinds, id, Some(typed)).await;
        }
        Err(err) => return Err(err.into()),
    };
    let (actor, rights, staff, lock) = (who.actor(), who.rights, (*who).clone(), form.lock.clone());
    let all = kinds.clone();
    let saved = who.cx.write(move |conn, site| {
        let Working { edition, .. } = store::working(conn, site.id, id)?;
        if !edit::step(&staff, &edition).may_edit() {
            return Err(Error::conflict("entry.not_yours"));
        }
        let waits = edition.state == State::Submitted && rights.approve && !site.self_approval;
        let outcome = match store::save(conn, actor, &kind, (id, &lock), draft)? {
            Outcome::Done(id) if submit => submit_latest(conn, (actor, rights), site, &all, id)?,
            outcome => outcome,
        };
        Ok((outcome, waits))
    });
    let typed = match saved.await {
        Ok((Outcome::Done(_), waits)) => {
            // An approver who changes a text that waits for one must hear what follows.
            let message = if waits { "done.changed_while_waiting" } else { saved_message(submit) };
            return Ok(who.cx.see_other_with(&entry_path(id), message));
        }
        Ok((Outcome::Stale, _)) => Typed { form, stale: true, ..Typed::default() },
        Err(Error::Invalid(errors)) => Typed { form, errors, ..Typed::default() },
        Err(err) => return Err(err.into()),
    };
    edit::draw(&who, &kinds, id, Some(typed)).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StepForm {
    lock: String,
    remark: String,
}

/// The longest remark, in characters.
const MAX_REMARK: usize = 1000;

async fn act(
    who: Can<Write>,
    kinds: Data<Kinds>,
    path: Path<(String, String)>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let (id, action) = path.into_inner();
    let id = entry_id(&id)?;
    let action = Action::parse(&action).ok_or(Error::NotFound)?;
    let remark = base::text::block(&form.0.remark).trim().to_owned();
    let length = remark.chars().count();
    if (action.needs_remark() && length < 5) || length > MAX_REMARK {
        let message = Message::new("remark.missing").with("max", MAX_REMARK);
        let typed = Typed {
            errors: [("remark".into(), message)].into(),
            step: Some((action.as_str().to_owned(), form.0.remark)),
            ..Typed::default()
        };
        return edit::draw(&who, &kinds, id, Some(typed)).await;
    }
    let asked = Asked { action, seal: form.0.lock, remark };
    let (actor, all) = ((who.actor(), who.rights), kinds.clone());
    let acted = who.cx.write(move |conn, site| {
        vietnamese(conn, site, id)?;
        store::act(conn, actor, site, &all, id, &asked)
    });
    match acted.await? {
        Outcome::Done(_) if action == Action::Discard => {
            Ok(who.cx.see_other_with("/quan-tri/tin-bai", "done.discard"))
        }
        Outcome::Done(_) => Ok(who.cx.see_other_with(&entry_path(id), done(action))),
        Outcome::Stale => Err(Error::conflict("entry.changed").into()),
    }
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Submit => "done.submitted",
        Action::Recall => "done.recall",
        Action::Return => "done.return",
        Action::Publish => "done.publish",
        Action::Withdraw => "done.withdraw",
        Action::Restore => "done.restore",
        Action::Discard => "done.discard",
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PreviewForm {
    body: String,
}

/// The body as readers will see it: a piece of HTML for the page that is being edited.
async fn preview(_who: Can<Write>, form: Posted<PreviewForm>) -> Result<Response> {
    let rendered = web::off_thread(move || markdown(&base::text::block(&form.0.body))).await??;
    Ok(Response::Ok()
        .content_type(header::ContentType::html())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(rendered.html.as_str().to_owned()))
}

#[derive(Serialize)]
struct EditionView {
    entry_url: String,
    number: i32,
    title: String,
    summary: String,
    body: Html,
    state_label: String,
    author: String,
    approver: Option<String>,
    at: String,
    note: String,
    fields: Vec<ValueView>,
    restore_path: Option<String>,
}

#[derive(Serialize)]
struct ValueView {
    label: String,
    value: String,
}

async fn edition(who: Can<See>, kinds: Data<Kinds>, path: Path<(String, i32)>) -> Result<Response> {
    let (id, number) = (entry_id(&path.0)?, path.1);
    let (entry, edition, names) = who
        .cx
        .read(move |conn, site| {
            let Working { entry, edition: latest } = store::working(conn, site.id, id)?;
            let edition = store::edition(conn, site.id, id, number)?;
            let people = [edition.author_id, edition.approver_id].into_iter().flatten().collect();
            let names = store::names(conn, people)?;
            Ok(((entry, latest.number, latest.state), edition, names))
        })
        .await?;
    let name = |user: Option<base::UserId>| user.and_then(|user| names.get(&user).cloned());
    let kind = kinds.get(&entry.0.kind).ok_or(Error::NotFound)?;
    let values = edition.field_map()?;
    let shown = kind.fields.iter().filter(|field| field.kind != FieldType::Picture);
    let fields = shown.filter_map(|field| {
        let value = values.get(&field.name).filter(|value| !value.is_empty())?.clone();
        Some(ValueView { label: field.label.clone(), value })
    });
    let settled = !matches!(entry.2, State::Draft | State::Submitted);
    let open = who.rights.edit && settled && edition.number != entry.1;
    let view = EditionView {
        entry_url: entry_path(id),
        restore_path: open.then(|| format!("{}/phien-ban/{number}/dung-lai", entry_path(id))),
        fields: fields.collect(),
        state_label: state_label(&who.cx, edition.state),
        author: name(edition.author_id).unwrap_or_default(),
        approver: name(edition.approver_id),
        at: base::time::minute(edition.decided_at.unwrap_or(edition.updated_at)),
        number,
        title: edition.title,
        summary: edition.summary,
        body: Html::stored(edition.html),
        note: edition.note,
    };
    who.page("content/edition.html", &view)
}

/// Writes an old edition anew, as a draft on top.
async fn reuse(
    who: Can<accounts::Edit>,
    kinds: Data<Kinds>,
    path: Path<(String, i32)>,
    _form: Posted<Fields>,
) -> Result<Response> {
    let (id, number) = (entry_id(&path.0)?, path.1);
    let actor = who.actor();
    let reused = who.cx.write(move |conn, site| {
        let Working { entry, edition: latest } = vietnamese(conn, site, id)?;
        let kind = kinds.get(&entry.kind).ok_or(Error::NotFound)?;
        if matches!(latest.state, State::Draft | State::Submitted) {
            return Err(Error::conflict("entry.open_draft"));
        }
        let old = store::edition(conn, site.id, id, number)?;
        let form = edit::stored_form(&old)?;
        store::save(conn, actor, kind, (id, &latest.seal()), form.check(kind)?)
    });
    match reused.await? {
        Outcome::Done(_) => Ok(who.cx.see_other_with(&entry_path(id), "done.draft_saved")),
        Outcome::Stale => Err(Error::conflict("entry.changed").into()),
    }
}
