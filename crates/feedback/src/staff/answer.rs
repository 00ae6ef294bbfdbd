//! Writing, approving, sending and publishing an answer.

use accounts::{Approve, Can, Handle};
use base::{Error, UserId};
use chrono::TimeDelta;
use media::FileId;
use web::{Cx, Data, Fields, Path, Posted, Response, Result};

use super::{
    act::{MIN_REASON, act, again, field, seen, text, write_to_sender},
    case_id, lock, masking, path, supply,
};
use crate::{
    CaseId,
    letters::{self, Event, Sender},
    model::answer::Kind,
    office::Office,
    store::{
        self, Case, Sight,
        answers::{self, Draft, Version},
        approvals,
        publics::{self, Text},
        scans,
    },
};

/// The shortest answer, in characters.
const MIN_ANSWER: usize = 20;

/// The version of the answer a form is about.
fn version(case: CaseId, fields: &Fields) -> Version {
    Version { case, lock: lock(field(fields, "answer_lock")) }
}

/// Saves a draft; with the other button, hands it in as well.
pub(super) async fn save(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let body = match text(&form.0, "body", (MIN_ANSWER, "case.answer_short")) {
        Ok(body) => body,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let kind = Kind::parse(field(&form.0, "kind")).unwrap_or(Kind::Final);
    let draft = Draft { kind, body, lock: lock(field(&form.0, "answer_lock")) };
    let submit = field(&form.0, "then") == "submit";
    let done = if submit { "done.case_submitted" } else { "done.case_drafted" };
    act(&who, &office, (id, form.0), (path(id), done), move |conn, desk, site| {
        answers::save(conn, desk, id, &draft)?;
        if !submit {
            return Ok(());
        }
        let saved = answers::pending(conn, site.id, id)?.ok_or(Error::NotFound)?;
        answers::submit(conn, desk, Version { case: id, lock: saved.lock }).map(drop)
    })
    .await
}

pub(super) async fn approve(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let version = version(id, &form.0);
    let done = (path(id), "done.case_approved");
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        answers::approve(conn, desk, site.self_approval, version)
    })
    .await
}

pub(super) async fn send_back(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let remark = match text(&form.0, "opinion", (MIN_REASON, "case.reason_short")) {
        Ok(remark) => remark,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let version = version(id, &form.0);
    let done = (path(id), "done.case_answer_returned");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        answers::send_back(conn, desk, version, &remark)
    })
    .await
}

pub(super) async fn send(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let version = version(id, &form.0);
    let done = (path(id), "done.case_answered");
    let (all, cx) = (office.clone(), who.cx.clone());
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        let case = store::by_id(conn, site.id, Sight::All, id)?;
        let days = all.types.kind(&case.type_key).map_or(0, |it| it.reopen_days);
        let (case, answer) = answers::send(conn, desk, version, days)?;
        supply::give(conn, (&all, &cx, site), desk, (&case, answer.id))?;
        let event = Event::must("case_answered", answer.id.to_string());
        write_to_sender(conn, &cx, &case, event, &site.unit_name)
    })
    .await
}

/// Writes to one person a link by which they approve this version. Nobody else sees it, the writer
/// least of all.
pub(super) async fn link(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let Some(person) = UserId::parse(field(&form.0, "approver")) else {
        return again(&who, &office, (id, form.0), Error::field("approver", "case.approver")).await;
    };
    let sight = Sight::of(who.rights);
    let seen = lock(field(&form.0, "answer_lock"));
    let (cx, expires) = (who.cx.clone(), who.cx.now + TimeDelta::hours(office.approval_hours));
    let done = (path(id), "done.case_link_sent");
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        let case = store::by_id(conn, site.id, sight, id)?;
        let answer = answers::pending(conn, site.id, id)?.filter(|it| it.lock == seen);
        let answer = answer.ok_or_else(|| Error::conflict("case.changed"))?;
        let made = approvals::make(conn, desk.actor, &answer, person, expires);
        let secret = made.map_err(|err| match err {
            Error::Forbidden => Error::field("approver", "case.approver"),
            Error::Conflict(message) => Error::field("approver", message),
            err => err,
        })?;
        let sender = Sender { themes: &cx.app().themes, site, now: cx.now };
        let values = [
            ("number", case.number_text()),
            ("name", store::names(conn, vec![person])?.remove(&person).unwrap_or_default()),
            ("expires", base::time::minute(expires)),
            ("url", format!("{}/duyet/{secret}", site.url)),
        ];
        // Asked again, they get another letter: each has a link of its own.
        let event = Event::must("case_approval", base::UserId::new().to_string());
        for address in store::addresses(conn, vec![person])? {
            letters::write(conn, sender, &address, event.clone(), &values)?;
        }
        Ok(())
    })
    .await
}

/// Lets others read a text that was made for them.
pub(super) async fn publish(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let title = base::text::line(field(&form.0, "title"));
    let question = text(&form.0, "question", (10, "case.message_short"));
    let answer = text(&form.0, "answer", (MIN_ANSWER, "case.answer_short"));
    let text = match (title.chars().count(), question, answer) {
        (5..=200, Ok(question), Ok(answer)) => {
            Text { title, question, answer, files: files(&form.0) }
        }
        (5..=200, Err(err), _) | (5..=200, _, Err(err)) => {
            return again(&who, &office, (id, form.0), err).await;
        }
        _ => {
            let message = base::Message::new("case.title_short").with("min", 5);
            return again(&who, &office, (id, form.0), Error::field("title", message)).await;
        }
    };
    let basis = base::text::line(field(&form.0, "basis"));
    let left = masking::left(&who.cx, &text);
    if basis.chars().count() < MIN_REASON && !left.is_empty() {
        return again(&who, &office, (id, form.0), Error::Invalid(left)).await;
    }
    let seen = seen(id, &form.0);
    let (all, cx, is_left) = (office.clone(), who.cx.clone(), !left.is_empty());
    let done = (path(id), "done.case_published");
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        let case = store::by_id(conn, site.id, Sight::All, id)?;
        let publishable = all.types.kind(&case.type_key).is_some_and(|it| it.publishable);
        if case.restricted || !publishable {
            return Err(Error::conflict("case.not_publishable"));
        }
        if !case.agreed_to("publish") {
            return Err(Error::conflict("case.not_agreed"));
        }
        let portal = site.portal_id.unwrap_or(site.id);
        let open = unclear(conn, &cx, &case, &text.files)?;
        // Publishing personal data needs a ground, which stays in the log (PDP-16).
        if let (true, Some(found)) = (basis.chars().count() < MIN_REASON, &open) {
            return Err(Error::field("files", found.clone()));
        }
        publics::publish(conn, desk, seen, (&text, portal))?;
        match is_left || open.is_some() {
            true => store::note_why(conn, desk.actor, &case, ("case_unmasked", &basis)),
            false => Ok(()),
        }
    })
    .await
}

/// The attachments that were chosen.
fn files(fields: &Fields) -> Vec<FileId> {
    fields.keys().filter_map(|name| FileId::parse(name.strip_prefix("tep-")?)).collect()
}

/// What speaks against letting others read `files`: what they seem to have, or that no program could look.
fn unclear(
    conn: &mut db::Conn,
    cx: &Cx,
    case: &Case,
    files: &[FileId],
) -> base::Result<Option<base::Message>> {
    let scans = scans::of_case(conn, case.site_id, case.id)?;
    let all = store::files(conn, case.site_id, case.id)?;
    let open = all
        .iter()
        .filter(|it| files.contains(&it.id))
        .filter_map(|it| Some(format!("“{}”: {}", it.name, masking::seen(cx, scans.get(&it.id))?)));
    let open: Vec<String> = open.collect();
    let message = base::Message::new("case.found_files").with("files", open.join(" "));
    Ok((!open.is_empty()).then_some(message))
}

pub(super) async fn unpublish(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let seen = seen(id, &form.0);
    let done = (path(id), "done.case_unpublished");
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        publics::unpublish(conn, desk, seen, site.portal_id.unwrap_or(site.id))
    })
    .await
}
