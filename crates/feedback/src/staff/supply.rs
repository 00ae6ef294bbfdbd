//! Files that go with an answer, on the screen of a case.

use accounts::{Can, Handle};
use base::Error;
use media::{Storage, incoming};
use web::{Data, Fields, Path, Posted, Request, Response, Result};

use super::{
    act::{act, again, field},
    case::as_staff,
    case_id, lock, path,
};
use crate::{
    CaseId,
    letters::{self, Event, Sender},
    office::Office,
    public::supply::link,
    store::{
        self, Case, Sight,
        answers::{self, Version},
        supplies::{self, SupplyId},
    },
};

/// Puts files to the answer that is being written. Whoever does it says that they were looked through for secrets and
/// for what is somebody else's (ND13-7).
pub(super) async fn add(
    who: Can<Handle>,
    req: Request,
    (office, storage, limits): (Data<Office>, Data<Storage>, Data<media::Limits>),
    id: Path<String>,
    body: actix_web::web::Payload,
) -> Result<Response> {
    let id = case_id(&id)?;
    let payload = &mut body.into_inner();
    let form = incoming::receive(&who.cx, &req, payload, (&storage, &limits)).await;
    let form = match form.map_err(|failure| failure.0) {
        Ok(form) => form,
        Err(err) => return again(&who, &office, (id, Fields::new()), err).await,
    };
    let mut errors = form.blame(&who.cx, "upload.refused");
    if form.files.is_empty() && errors.is_empty() {
        errors.insert("files".into(), "upload.none".into());
    }
    if form.text("checked").is_empty() {
        errors.insert("checked".into(), "case.supply_checked".into());
    }
    let fields = form.fields.clone();
    if !errors.is_empty() {
        return again(&who, &office, (id, fields), Error::Invalid(errors)).await;
    }
    let version = Version { case: id, lock: lock(field(&fields, "answer_lock")) };
    let (actor, staff, all, rows) = (who.actor(), as_staff(&who), office.clone(), storage.clone());
    let kept = incoming::keep(&who.cx, &storage, form.files, move |conn, _, files| {
        supplies::add(conn, &all.desk(actor, staff), &rows, version, files)
    });
    kept.await?;
    Ok(who.cx.see_other_with(&path(id), "done.case_supply_added"))
}

pub(super) async fn remove(
    who: Can<Handle>,
    (office, storage): (Data<Office>, Data<Storage>),
    path_of: Path<(String, String)>,
    form: Posted<Fields>,
) -> Result<Response> {
    let (id, supply) = path_of.into_inner();
    let id = case_id(&id)?;
    let supply = SupplyId::parse(&supply).ok_or(Error::NotFound)?;
    let version = Version { case: id, lock: lock(field(&form.0, "answer_lock")) };
    let done = (path(id), "done.case_supply_removed");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        supplies::remove(conn, desk, &storage, (version, supply))
    })
    .await
}

/// Lets the link of the last answer work for some more days, and sends it once more.
pub(super) async fn open(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let sight = Sight::of(who.rights);
    let (all, cx) = (office.clone(), who.cx.clone());
    act(
        &who,
        &office,
        (id, form.0),
        (path(id), "done.case_supply_open"),
        move |conn, desk, site| {
            let case = store::by_id(conn, site.id, sight, id)?;
            let given = supplies::of_case(conn, site.id, id)?;
            let last = given.iter().rev().find(|(it, _)| it.expires_at.is_some());
            let answer = last.ok_or_else(|| Error::conflict("case.not_now"))?.0.answer_id;
            give(conn, (&all, &cx, site), desk, (&case, answer))?;
            store::note(conn, desk.actor, (id, case.number_text()), "case_supply_open")
        },
    )
    .await
}

/// Opens the files of an answer, if it has any, and writes to the sender where they are.
pub(super) fn give(
    conn: &mut db::Conn,
    (office, cx, site): (&Office, &web::Cx, &base::Site),
    desk: &store::Desk<'_>,
    (case, answer): (&Case, crate::AnswerId),
) -> base::Result<()> {
    let days = office.types.kind(&case.type_key).map_or(15, |it| it.link_days);
    if supplies::open(conn, desk, answer, days)? == 0 {
        return Ok(());
    }
    let (person, _) = store::person(conn, site.id, case.id)?;
    let cx = cx.in_language(person.locale);
    let sender = Sender { themes: &cx.app().themes, site: &cx.site, now: cx.now };
    let values = [
        ("number", case.number_text()),
        ("unit", cx.unit_of(&site.unit_name)),
        ("until", cx.minute(cx.now + chrono::TimeDelta::days(days))),
        ("url", cx.address(&link(&office.guard.key, answer))),
    ];
    let event = Event::must("case_supply", format!("{answer}:{}", cx.now.and_utc().timestamp()));
    letters::write(conn, sender, &person.email, event, &values)
}

/// The files of the answer that waits, as the page of a link that approves names them.
pub(super) fn waiting(
    conn: &mut db::Conn,
    site: base::SiteId,
    id: CaseId,
) -> base::Result<Vec<String>> {
    let Some(answer) = answers::pending(conn, site, id)? else { return Ok(Vec::new()) };
    let all = supplies::of_case(conn, site, id)?;
    let own = all.into_iter().filter(|(it, _)| it.answer_id == answer.id);
    Ok(own
        .map(|(_, file)| format!("{} ({})", file.name, media::model::size_text(file.size)))
        .collect())
}
