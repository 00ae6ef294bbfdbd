//! What the law wants of who holds personal data: a reason for reading, a copy for the person, an
//! end.

use accounts::{Approve, Can, Handle};
use base::Error;
use media::Storage;
use web::{Data, Fields, Path, Posted, Response, Result, header};

use super::{
    act::{again, text},
    case_id,
    list::SeeCases,
    path,
};
use crate::{
    copy,
    office::Office,
    store::{self, Sight, readings, retention},
};

/// Writes down why somebody who is not of the office reads a case (PDP-7.4).
pub(super) async fn note(
    who: Can<SeeCases>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let (id, form) = (case_id(&id)?, form.0);
    if !who.rights.inspect {
        return Err(Error::Forbidden.into());
    }
    let reason = match text(&form, "reason", (10, "case.reason_short")) {
        Ok(reason) => reason,
        Err(err) => return again(&who, &office, (id, form), err).await,
    };
    let actor = who.actor();
    who.cx.write(move |conn, _| readings::note(conn, actor, id, &reason)).await?;
    Ok(who.cx.see_other_with(&path(id), "done.case_read"))
}

/// Everything that is held about the person of a case, for that person (PDP-5.3).
pub(super) async fn export(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    _: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let sight = Sight::of(who.rights);
    let all = office.clone();
    let actor = who.actor();
    // Whoever takes a copy is written down with it.
    let held = who.cx.write(move |conn, site| {
        let case = store::by_id(conn, site.id, sight, id)?;
        store::note(conn, actor, (id, case.number_text()), "case_exported")?;
        copy::held(conn, &all.guard.key, &case)
    });
    let body = serde_json::to_string_pretty(&held.await?).map_err(anyhow::Error::from)?;
    let disposition = format!("attachment; filename=\"du-lieu-{id}.json\"");
    Ok(Response::Ok()
        .content_type("application/json; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

/// Forgets who sent a closed or answered case at once, because they ask for it (PDP-5.4).
pub(super) async fn forget(
    who: Can<Approve>,
    storage: Data<Storage>,
    id: Path<String>,
    _: Posted<Fields>,
) -> Result<Response> {
    if !who.rights.handle {
        return Err(Error::Forbidden.into());
    }
    let (id, actor) = (case_id(&id)?, who.actor());
    let forgotten = who.cx.write(move |conn, site| {
        let case = store::by_id(conn, site.id, Sight::All, id)?;
        if case.state.is_open() || case.forgotten_at.is_some() {
            return Err(Error::conflict("case.not_now"));
        }
        retention::forget(conn, &storage, &case, actor.now)?;
        store::note(conn, actor, (id, case.number_text()), "case_forgotten")
    });
    forgotten.await?;
    Ok(who.cx.see_other_with(&path(id), "done.case_forgotten"))
}
