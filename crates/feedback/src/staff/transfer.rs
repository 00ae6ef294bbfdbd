//! Sending a case to the office that is competent, and back.

use accounts::{Can, Handle};
use base::{Error, SiteId};
use web::{Cx, Data, Fields, Path, Posted, Response, Result};

use super::{
    HERE,
    act::{MIN_REASON, act, again, field, text, write_to_sender},
    case_id, lock, path,
};
use crate::{
    CaseId,
    letters::{self, Event, Sender},
    office::Office,
    store::{
        self, Sight,
        legs::{self, Move},
        work,
    },
};

pub(super) async fn transfer(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let reason = text(&form.0, "transfer_reason", (MIN_REASON, "case.reason_short"));
    let site = SiteId::parse(field(&form.0, "site"));
    let (reason, to) = match (reason, site) {
        (Ok(reason), Some(site)) => (reason, site),
        (Err(err), _) => return again(&who, &office, (id, form.0), err).await,
        (_, None) => {
            let err = Error::field("site", "case.site_missing");
            return again(&who, &office, (id, form.0), err).await;
        }
    };
    let it = Move { to, reason, lock: lock(field(&form.0, "lock")) };
    let (all, cx) = (office.clone(), who.cx.clone());
    let done = (path(id), "done.case_transferred");
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        legs::transfer(conn, desk, site.portal_id.unwrap_or(site.id), id, &it)?;
        told(conn, (&all, &cx, site), (id, it.to))
    })
    .await
}

/// Writes to the office that has the case now, and to the sender where it is.
fn told(
    conn: &mut db::Conn,
    (office, cx, site): (&Office, &Cx, &base::Site),
    (id, to): (CaseId, SiteId),
) -> base::Result<()> {
    let case = store::by_id(conn, to, Sight::All, id)?;
    let Some(place) = store::places(conn, vec![to])?.remove(&to) else { return Ok(()) };
    let key = format!("{id}:{}", case.lock);
    if let Some(host) = &place.host {
        let sender = Sender { themes: &cx.app().themes, site, now: cx.now };
        let values = [
            ("number", case.number_text()),
            ("kind", office.type_label(cx, &case.type_key)),
            ("unit", site.unit_name.clone()),
            ("url", format!("{}{}", cx.app().settings.url(host), path(id))),
        ];
        // A restricted case is the head's alone, letters included (FB-8).
        let people = match case.restricted {
            true => work::approvers(conn, to)?,
            false => work::handlers(conn, to)?,
        };
        for address in store::addresses(conn, people.into_iter().map(|(id, _)| id).collect())? {
            let event = Event::must("case_arrived", key.clone());
            letters::write(conn, sender, &address, event, &values)?;
        }
    }
    let offers = office
        .types
        .kind(&case.type_key)
        .is_some_and(|it| it.consents.iter().any(|it| it == "mail"));
    match (offers, case.agreed_to("mail")) {
        (true, true) => {
            write_to_sender(conn, cx, &case, Event::news("case_moved", key), &place.unit)
        }
        (true, false) => Ok(()),
        // Who was not asked about news is told where their letter went all the same (FB-3).
        (false, _) => write_to_sender(conn, cx, &case, Event::must("case_moved", key), &place.unit),
    }
}

pub(super) async fn give_back(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let reason = match text(&form.0, "return_reason", (MIN_REASON, "case.reason_short")) {
        Ok(reason) => reason,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    // Where it came from is written down; the form cannot choose.
    let it = Move { to: who.cx.site.id, reason, lock: lock(field(&form.0, "lock")) };
    let done = (HERE.to_owned(), "done.case_returned");
    let (all, cx) = (office.clone(), who.cx.clone());
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        let to = legs::give_back(conn, desk, site.portal_id.unwrap_or(site.id), id, &it)?;
        told(conn, (&all, &cx, site), (id, to))
    })
    .await
}
