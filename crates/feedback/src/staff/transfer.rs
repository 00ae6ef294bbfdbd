//! Sending a case to the office that is competent, and back.

use accounts::{Can, Handle};
use base::{Error, SiteId};
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{
    HERE,
    act::{MIN_REASON, act, again, field, text, write_to_sender},
    case_id, lock, path,
};
use crate::{
    letters::Event,
    office::Office,
    store::{
        self, Sight,
        legs::{self, Move},
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
    let cx = who.cx.clone();
    let done = (path(id), "done.case_transferred");
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        legs::transfer(conn, desk, site.portal_id.unwrap_or(site.id), id, &it)?;
        let case = store::by_id(conn, it.to, Sight::All, id)?;
        let place = store::places(conn, vec![it.to])?.remove(&it.to);
        let event = Event::news("case_moved", format!("{id}:{}", case.lock));
        match place.filter(|_| case.agreed_to("mail")) {
            Some(place) => write_to_sender(conn, &cx, &case, event, &place.unit),
            None => Ok(()),
        }
    })
    .await
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
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        legs::give_back(conn, desk, site.portal_id.unwrap_or(site.id), id, &it)
    })
    .await
}
