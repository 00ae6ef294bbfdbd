//! Entering, changing, publishing and withdrawing documents.

use accounts::{Approve, Can, See, Write};
use base::{Error, FieldErrors, Message};
use db::Conn;
use serde::Deserialize;
use web::{Data, Fields, Path, Posted, Response, Result, Routes, get, post};

use super::{
    draw::{Typed, blamed, draw, may_edit},
    form::{DocumentForm, Draft, Issuer},
    issuers as bodies, list, parts, readings,
};
use crate::{
    DocumentId, Vocabulary,
    model::{Sheet, State, checks},
    store::{
        self, Home, desk,
        issuers::{self, NewIssuer, Owner},
        write::{self, Outcome, Step},
    },
};

/// Every address of the screens of documents.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/van-ban", get().to(list::index))
        .route("/quan-tri/van-ban/moi", get().to(new))
        .route("/quan-tri/van-ban/moi", post().to(create))
        .route("/quan-tri/van-ban/{id}", get().to(show))
        .route("/quan-tri/van-ban/{id}", post().to(update))
        .route("/quan-tri/van-ban/{id}/dang", post().to(publish))
        .route("/quan-tri/van-ban/{id}/tra-lai", post().to(hand_back))
        .route("/quan-tri/van-ban/{id}/go", post().to(withdraw))
        .route("/quan-tri/van-ban/{id}/bo", post().to(discard))
        .route("/quan-tri/van-ban/{id}/quan-he", post().to(parts::link))
        .route("/quan-tri/van-ban/{id}/quan-he/{relation}/bo", post().to(parts::unlink))
        .route("/quan-tri/van-ban/{id}/hieu-luc", post().to(parts::add_event))
        .route("/quan-tri/van-ban/{id}/hieu-luc/{event}/bo", post().to(parts::remove_event))
        .route("/quan-tri/van-ban/{id}/tep/{file}/nhan-dang", post().to(readings::ocr))
        .route("/quan-tri/co-quan-ban-hanh", get().to(bodies::index))
        .route("/quan-tri/co-quan-ban-hanh", post().to(bodies::create))
        .route("/quan-tri/co-quan-ban-hanh/{id}", get().to(bodies::show))
        .route("/quan-tri/co-quan-ban-hanh/{id}", post().to(bodies::update));
}

pub(super) fn document_id(text: &str) -> Result<DocumentId, Error> {
    DocumentId::parse(text).ok_or(Error::NotFound)
}

async fn new(who: Can<Write>, words: Data<Vocabulary>) -> Result<Response> {
    draw(&who, &words, None, None).await
}

async fn create(
    who: Can<Write>,
    words: Data<Vocabulary>,
    form: Posted<Fields>,
) -> Result<Response> {
    let form = DocumentForm::of(form.0);
    let created = match form.check(&words) {
        Ok(draft) => {
            let (actor, all) = (who.actor(), words.clone());
            let write = who.cx.write(move |conn, site| {
                let sheet = sheet(conn, site.into(), &all, draft)?;
                write::create(conn, actor, &sheet)
            });
            write.await
        }
        Err(err) => Err(err),
    };
    match created {
        Ok(id) => Ok(who.cx.see_other_with(&list::path(id), "done.document_saved")),
        Err(err) => {
            let typed = Typed { form: Some(form), errors: blamed(err)?, ..Typed::default() };
            draw(&who, &words, None, Some(typed)).await
        }
    }
}

/// Finds the issuer of a draft, or keeps a new one.
fn sheet(conn: &mut Conn, home: Home, words: &Vocabulary, draft: Draft) -> base::Result<Sheet> {
    let owner = Owner::of(home);
    issuers::plant(conn, home.portal, &words.bodies)?;
    let issuer = match draft.issuer {
        Issuer::Known(id) => {
            issuers::by_id(conn, owner, id)
                .map_err(|err| match err {
                    Error::NotFound => Error::field("issuer", "document.issuer_missing"),
                    err => err,
                })?
                .id
        }
        Issuer::New(name) => match issuers::by_name(conn, owner, &name)? {
            Some(id) => id,
            None => {
                let new = NewIssuer::named(words.level_of(&name), name);
                issuers::create(conn, owner, &new)?
            }
        },
    };
    Ok(Sheet { issuer, ..draft.sheet })
}

async fn show(who: Can<See>, words: Data<Vocabulary>, id: Path<String>) -> Result<Response> {
    draw(&who, &words, Some(document_id(&id)?), None).await
}

async fn update(
    who: Can<Write>,
    words: Data<Vocabulary>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = document_id(&id)?;
    let submit = form.0.get("then").is_some_and(|then| then == "submit");
    let form = DocumentForm::of(form.0);
    let lock: i32 = form.lock.parse().unwrap_or_default();
    let saved = match form.check(&words) {
        Ok(draft) => {
            let (actor, all, staff) = (who.actor(), words.clone(), (*who).clone());
            let write = who.cx.write(move |conn, site| {
                let document = store::by_id(conn, site.id, id)?;
                if !may_edit(&staff, Some(&document)) {
                    return Err(Error::conflict("document.published_needs_approver"));
                }
                let home = Home::from(site);
                let sheet = sheet(conn, home, &all, draft)?;
                let saved = write::save(conn, actor, home, (id, lock), &sheet)?;
                match (document.state, saved) {
                    (State::Published, Outcome::Done(_)) => {
                        hold(conn, home, &all, (id, actor.now))?;
                        Ok(saved)
                    }
                    (State::Returned, Outcome::Done(_)) if submit => {
                        let step = Step { to: State::Draft, lock: lock + 1, remark: String::new() };
                        write::step(conn, actor, home, id, &step)
                    }
                    _ => Ok(saved),
                }
            });
            write.await
        }
        Err(err) => Err(err),
    };
    let typed = match saved {
        Ok(Outcome::Done(id)) => {
            let done = if submit { "done.document_submitted" } else { "done.document_saved" };
            return Ok(who.cx.see_other_with(&list::path(id), done));
        }
        Ok(Outcome::Stale) => Typed { form: Some(form), stale: true, ..Typed::default() },
        Err(err) => Typed { form: Some(form), errors: blamed(err)?, ..Typed::default() },
    };
    draw(&who, &words, Some(id), Some(typed)).await
}

/// Refuses what the law does not let the public read.
fn hold(
    conn: &mut Conn,
    home: Home,
    words: &Vocabulary,
    (id, now): (DocumentId, chrono::NaiveDateTime),
) -> base::Result<()> {
    let document = store::by_id(conn, home.site, id)?;
    let today = base::time::local(now).date();
    let flaws = desk::examine(conn, home, words, &document, today)?;
    checks::refusal(&flaws).map_or(Ok(()), |errors| Err(Error::Invalid(errors)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StepForm {
    lock: String,
    remark: String,
}

/// The longest reason, in characters.
const MAX_REMARK: usize = 1000;

/// What was typed as a reason; `key` says what is wrong with none.
fn reason(typed: &str, key: &'static str) -> Result<String, FieldErrors> {
    let remark = base::text::block(typed).trim().to_owned();
    match (5..=MAX_REMARK).contains(&remark.chars().count()) {
        true => Ok(remark),
        false => {
            Err(FieldErrors::from([("remark".into(), Message::new(key).with("max", MAX_REMARK))]))
        }
    }
}

async fn publish(
    who: Can<Approve>,
    words: Data<Vocabulary>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let id = document_id(&id)?;
    let (actor, all) = (who.actor(), words.clone());
    let lock = form.0.lock.parse().unwrap_or_default();
    let step = Step { to: State::Published, lock, remark: String::new() };
    let done = who.cx.write(move |conn, site| {
        let home = Home::from(site);
        hold(conn, home, &all, (id, actor.now))?;
        write::step(conn, actor, home, id, &step)
    });
    match done.await {
        Ok(Outcome::Done(_)) => {
            Ok(who.cx.see_other_with(&list::path(id), "done.document_published"))
        }
        Ok(Outcome::Stale) => Err(Error::conflict("document.changed").into()),
        Err(err) => {
            let typed = Typed { errors: blamed(err)?, ..Typed::default() };
            draw(&who, &words, Some(id), Some(typed)).await
        }
    }
}

/// Hands a draft back to who entered it, with a remark. When somebody else was faster, the remark
/// is not lost.
async fn hand_back(
    who: Can<Approve>,
    words: Data<Vocabulary>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let (id, actor, typed) = (document_id(&id)?, who.actor(), form.0);
    let lock = typed.lock.parse().unwrap_or_default();
    let done = match reason(&typed.remark, "remark.missing") {
        Ok(remark) => {
            let step = Step { to: State::Returned, lock, remark };
            who.cx.write(move |conn, site| write::step(conn, actor, site.into(), id, &step)).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let typed = Typed { remark: typed.remark, ..Typed::default() };
    let typed = match done {
        Ok(Outcome::Done(_)) => {
            return Ok(who.cx.see_other_with(&list::path(id), "done.document_returned"));
        }
        Ok(Outcome::Stale) | Err(Error::Conflict(_)) => Typed { overtaken: true, ..typed },
        Err(err) => Typed { errors: blamed(err)?, ..typed },
    };
    draw(&who, &words, Some(id), Some(typed)).await
}

async fn withdraw(
    who: Can<Approve>,
    words: Data<Vocabulary>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let id = document_id(&id)?;
    let remark = match reason(&form.0.remark, "document.remark_missing") {
        Ok(remark) => remark,
        Err(errors) => {
            let typed = Typed { errors, remark: form.0.remark, ..Typed::default() };
            return draw(&who, &words, Some(id), Some(typed)).await;
        }
    };
    let actor = who.actor();
    let lock = form.0.lock.parse().unwrap_or_default();
    let step = Step { to: State::Withdrawn, lock, remark };
    let done = who.cx.write(move |conn, site| write::step(conn, actor, site.into(), id, &step));
    match done.await? {
        Outcome::Done(_) => Ok(who.cx.see_other_with(&list::path(id), "done.document_withdrawn")),
        Outcome::Stale => Err(Error::conflict("document.changed").into()),
    }
}

async fn discard(who: Can<Write>, id: Path<String>, _form: Posted<Fields>) -> Result<Response> {
    let (id, actor) = (document_id(&id)?, who.actor());
    who.cx.write(move |conn, _| write::discard(conn, actor, id)).await?;
    Ok(who.cx.see_other_with("/quan-tri/van-ban", "done.document_discarded"))
}
