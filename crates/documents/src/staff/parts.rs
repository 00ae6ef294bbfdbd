//! What a document hangs together with: relations, and what happened to its effect.

use accounts::{Can, Staff, Write};
use base::{Error, FieldErrors, Number};
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{
    draw::{EventForm, LinkForm, Typed, blamed, draw, may_edit},
    form::{day, line},
    http::document_id,
    list::path,
};
use crate::{
    DocumentId, EffectId, RelationId, Vocabulary,
    model::{Verb, What},
    store::{self, effects::NewEvent, relations::NewLink, write},
};

/// The longest name of a part or a cause, in characters.
const MAX_PART: usize = 200;

/// Changes a document in a transaction, if the person may.
async fn change(
    who: &Staff,
    id: DocumentId,
    work: impl FnOnce(&mut db::Conn, store::Home) -> base::Result<()> + Send + 'static,
) -> base::Result<()> {
    let staff = who.clone();
    let change = who.cx.write(move |conn, site| {
        let document = store::by_id(conn, site.id, id)?;
        match may_edit(&staff, Some(&document)) {
            true => work(conn, site.into()),
            false => Err(Error::conflict("document.published_needs_approver")),
        }
    });
    change.await
}

fn saved(who: &Staff, id: DocumentId) -> Response {
    who.cx.see_other_with(&path(id), "done.document_saved")
}

pub(super) async fn link(
    who: Can<Write>,
    words: Data<Vocabulary>,
    id: Path<String>,
    form: Posted<LinkForm>,
) -> Result<Response> {
    let (id, actor, form) = (document_id(&id)?, who.actor(), form.0);
    let done = match read_link(&form) {
        Ok(new) => {
            change(&who, id, move |conn, home| write::link(conn, actor, home, id, &new)).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match done {
        Ok(()) => Ok(saved(&who, id)),
        Err(err) => {
            let typed = Typed { errors: blamed(err)?, link: form, ..Typed::default() };
            draw(&who, &words, Some(id), Some(typed)).await
        }
    }
}

fn read_link(form: &LinkForm) -> Result<NewLink, FieldErrors> {
    let mut errors = FieldErrors::new();
    let verb = Verb::parse(&form.link_verb);
    if verb.is_none() {
        errors.insert("link_verb".into(), "document.unknown_choice".into());
    }
    let number = Number::parse(&base::text::line(&form.link_number)).filter(|it| !it.is_pending());
    if number.is_none() {
        errors.insert("link_number".into(), "relation.number".into());
    }
    let own_part = line("link_own_part", &form.link_own_part, MAX_PART, &mut errors);
    let other_part = line("link_other_part", &form.link_other_part, MAX_PART, &mut errors);
    match (verb, number) {
        (Some(verb), Some(number)) if errors.is_empty() => {
            Ok(NewLink { verb, number, own_part, other_part, found: false })
        }
        _ => Err(errors),
    }
}

pub(super) async fn unlink(
    who: Can<Write>,
    path: Path<(String, String)>,
    _form: Posted<Fields>,
) -> Result<Response> {
    let (id, actor) = (document_id(&path.0)?, who.actor());
    let relation = RelationId::parse(&path.1).ok_or(Error::NotFound)?;
    change(&who, id, move |conn, home| write::unlink(conn, actor, home, (id, relation))).await?;
    Ok(saved(&who, id))
}

pub(super) async fn add_event(
    who: Can<Write>,
    words: Data<Vocabulary>,
    id: Path<String>,
    form: Posted<EventForm>,
) -> Result<Response> {
    let (id, actor, form) = (document_id(&id)?, who.actor(), form.0);
    let done = match read_event(&form) {
        Ok(new) => {
            change(&who, id, move |conn, home| write::add_event(conn, actor, home, id, &new)).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match done {
        Ok(()) => Ok(saved(&who, id)),
        Err(err) => {
            let typed = Typed { errors: blamed(err)?, event: form, ..Typed::default() };
            draw(&who, &words, Some(id), Some(typed)).await
        }
    }
}

fn read_event(form: &EventForm) -> Result<NewEvent, FieldErrors> {
    let mut errors = FieldErrors::new();
    let at = day("event_day", &form.event_day, &mut errors);
    if at.is_none() {
        let missing = base::Message::new("document.day_malformed").with("text", &form.event_day);
        errors.insert("event_day".into(), missing);
    }
    let what = What::parse(&form.event_what);
    if what.is_none() {
        errors.insert("event_what".into(), "document.unknown_choice".into());
    }
    let part = line("event_part", &form.event_part, MAX_PART, &mut errors);
    let cause = line("event_cause", &form.event_cause, MAX_PART, &mut errors);
    match (at, what) {
        (Some(day), Some(what)) if errors.is_empty() => Ok(NewEvent { day, what, part, cause }),
        _ => Err(errors),
    }
}

pub(super) async fn remove_event(
    who: Can<Write>,
    path: Path<(String, String)>,
    _form: Posted<Fields>,
) -> Result<Response> {
    let (id, actor) = (document_id(&path.0)?, who.actor());
    let event = EffectId::parse(&path.1).ok_or(Error::NotFound)?;
    change(&who, id, move |conn, home| write::remove_event(conn, actor, home, (id, event))).await?;
    Ok(saved(&who, id))
}
