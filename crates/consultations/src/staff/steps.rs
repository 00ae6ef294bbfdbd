//! What approvers do with a consultation: announce it, stop it, publish the table, tell the
//! outcome.

use accounts::{Approve, Can};
use base::{Error, FieldErrors, Message};
use serde::Deserialize;
use web::{Data, Path, Posted, Response, Result};

use super::{
    blamed,
    desk::{Typed, draw},
    key, path,
};
use crate::{ConsultationId, Office, store::write};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    lock: String,
    reason: String,
    outcome: String,
}

/// The longest reason, in characters.
const MAX_REASON: usize = 1000;

/// The longest number of an outcome, in characters.
const MAX_NUMBER: usize = 100;

pub(super) async fn announce(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let (id, lock) = (key(&id)?, lock(&form.0));
    let (actor, rules) = (who.actor(), office.clone());
    let done = who
        .cx
        .write(move |conn, site| write::announce(conn, actor, (site.into(), &rules), (id, lock)));
    let done = done.await;
    answer(who, &office, id, (done, "done.consultation_announced", String::new())).await
}

pub(super) async fn stop(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let (id, lock) = (key(&id)?, lock(&form.0));
    let reason = base::text::block(&form.0.reason).trim().to_owned();
    let done = match (5..=MAX_REASON).contains(&reason.chars().count()) {
        true => {
            let (actor, reason) = (who.actor(), reason.clone());
            let write = who.cx.write(move |conn, site| {
                write::stop(conn, actor, site.into(), (id, lock), &reason)
            });
            write.await
        }
        false => {
            let message = Message::new("consultation.reason_missing").with("max", MAX_REASON);
            Err(Error::field("reason", message))
        }
    };
    answer(who, &office, id, (done, "done.consultation_stopped", reason)).await
}

pub(super) async fn explain(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let (id, lock, actor) = (key(&id)?, lock(&form.0), who.actor());
    let done = who.cx.write(move |conn, site| write::explain(conn, actor, site.into(), (id, lock)));
    let done = done.await;
    answer(who, &office, id, (done, "done.consultation_explained", String::new())).await
}

pub(super) async fn issue(
    who: Can<Approve>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let (id, lock) = (key(&id)?, lock(&form.0));
    let number = base::text::line(&form.0.outcome);
    let done = match (1..=MAX_NUMBER).contains(&number.chars().count()) {
        true => {
            let (actor, number) = (who.actor(), number.clone());
            let write = who.cx.write(move |conn, site| {
                let outcome = write::find_outcome(conn, site.id, &number)?;
                write::issue(conn, actor, site.into(), (id, lock), &outcome)
            });
            write.await
        }
        false => Err(Error::field("outcome", "consultation.outcome_missing")),
    };
    answer(who, &office, id, (done, "done.consultation_issued", number)).await
}

fn lock(form: &StepForm) -> i32 {
    form.lock.parse().unwrap_or_default()
}

/// Back to the screen, with what is wrong where something is.
async fn answer(
    who: Can<Approve>,
    office: &Data<Office>,
    id: ConsultationId,
    (done, message, step): (base::Result<()>, &'static str, String),
) -> Result<Response> {
    match done {
        Ok(()) => Ok(who.cx.see_other_with(&path(id), message)),
        Err(err) => {
            let errors: FieldErrors = blamed(err)?;
            draw(&who, office, id, Some(Typed { errors, step, ..Typed::default() })).await
        }
    }
}
