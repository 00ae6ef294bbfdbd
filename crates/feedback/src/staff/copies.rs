//! A copy of everything held about who sent a request on their data, made by the officer who protects data, across all
//! offices, and given with the answer to that request (PDP-5.3).

use accounts::Can;
use base::{Error, FieldErrors, Message};
use media::{Limits, Storage, incoming};
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{
    act::{again, field},
    case::as_staff,
    case_id,
    list::SeeCases,
    path,
};
use crate::{
    CaseId,
    copy::{self, Copy},
    office::Office,
    store::{
        self, Case, Sight,
        copies::{self, Contact},
        readings,
    },
};

/// The largest copy, in megabytes.
const MOST: u32 = 512;

pub(super) async fn create(
    who: Can<SeeCases>,
    (office, storage): (Data<Office>, Data<Storage>),
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let (id, form) = (case_id(&id)?, form.0);
    if !who.rights.inspect {
        return Err(Error::Forbidden.into());
    }
    let by = (!field(&form, "by_email").is_empty(), !field(&form, "by_phone").is_empty());
    let mut errors = FieldErrors::new();
    if by == (false, false) {
        errors.insert("by_email".into(), "case.copy_by".into());
    }
    if field(&form, "verified").is_empty() {
        errors.insert("verified".into(), "case.copy_verified".into());
    }
    if !errors.is_empty() {
        return again(&who, &office, (id, form), Error::Invalid(errors)).await;
    }
    let (case, cases, copy) = gather(&who, &office, id, by).await?;
    // What is held is read first and the archive written outside of any transaction: files take their time.
    let archive = copy::archive(&storage, copy).await?;
    let limits = Limits::new(MOST, 1, "zip").map_err(|name| anyhow::anyhow!("no type {name}"));
    let (limits, rows) = (limits.map_err(Error::from)?, storage.clone());
    let name = format!("ban-sao-du-lieu-{}.zip", case.number_text());
    let taken = web::off_thread(move || incoming::take(&rows, &limits, archive.path())).await??;
    let taken = taken.map_err(Error::Conflict)?.called(name);
    let (actor, staff, all, rows) = (who.actor(), as_staff(&who), office.clone(), storage.clone());
    let body = who.cx.say(&Message::new("case_letter.copy").with("count", cases.len()));
    let reason = Message::new("case_letter.copy_reason").with("number", case.number_text());
    let reason = who.cx.say(&reason);
    let kept = incoming::keep(&who.cx, &storage, vec![taken], move |conn, _, files| {
        let desk = all.desk(actor, staff);
        copies::attach(conn, &desk, &rows, (id, &body), (&cases, &reason, files))
    });
    kept.await?;
    Ok(who.cx.see_other_with(&path(id), "done.case_copied"))
}

/// The request, every case of the same person, and what is held of them. Whoever asks has said why they read the
/// request.
async fn gather(
    who: &accounts::Staff,
    office: &Data<Office>,
    id: CaseId,
    (by_email, by_phone): (bool, bool),
) -> base::Result<(Case, Vec<Case>, Copy)> {
    let (all, user, now, handle) = (office.clone(), who.user.id, who.cx.now, who.rights.handle);
    let read = who.cx.read(move |conn, site| {
        let case = store::by_id(conn, site.id, Sight::All, id)?;
        if !handle && !readings::is_open(conn, site.id, (id, user), now)? {
            return Err(Error::NotFound);
        }
        if !all.types.kind(&case.type_key).is_some_and(|it| it.copy) {
            return Err(Error::conflict("case.not_now"));
        }
        let (person, _) = store::person(conn, site.id, id)?;
        let contact = Contact {
            email: if by_email { person.email } else { String::new() },
            phone: if by_phone { person.phone } else { String::new() },
        };
        let found = copies::of_contact(conn, site.portal_id.unwrap_or(site.id), &contact)?;
        let mut copy = Copy::default();
        for (unit, case) in &found {
            copy.add(conn, &all.guard.key, (unit, case))?;
        }
        Ok((case, found.into_iter().map(|(_, case)| case).collect(), copy))
    });
    read.await
}
