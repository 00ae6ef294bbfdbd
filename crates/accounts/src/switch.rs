//! Going on working on another site. Cookies are host-only, so the other host needs a session
//! of its own: a link that lives a minute carries the person over, and a button uses it, for a
//! GET never writes.

use base::{Error, SiteId};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use web::{Cx, Path, Posted, Request, Response, Result, Routes, get, post};

use crate::{
    Can, See, Staff,
    http::{admit, agent},
    model::Purpose,
    store,
};

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/chuyen-trang", post().to(leave))
        .route("/vao/{ticket}", get().to(arrive))
        .route("/vao", post().to(enter));
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SwitchForm {
    site: String,
}

async fn leave(who: Can<See>, form: Posted<SwitchForm>) -> Result<Response> {
    cross(&who, SiteId::parse(&form.0.site).ok_or(Error::NotFound)?).await
}

/// Sends the person to `site` with a link that lives a minute, if they have a role there or a
/// provincial one above it.
pub async fn cross(who: &Staff, site: SiteId) -> Result<Response> {
    let (user, now) = (who.user.id, who.cx.now);
    let issued = who.cx.write(move |conn, _| {
        let (site, host) = store::workplace(conn, user, site)?;
        let life = (now, TimeDelta::minutes(1));
        Ok((store::issue(conn, site, user, Purpose::Cross, life)?, host))
    });
    let (ticket, host) = issued.await?;
    Ok(who.cx.see_other(&format!("{}/vao/{ticket}", who.cx.app().settings.url(&host))))
}

#[derive(Serialize)]
struct SwitchView {
    name: String,
    site_name: String,
    ticket: String,
}

async fn arrive(cx: Cx, ticket: Path<String>) -> Result<Response> {
    let (now, ticket) = (cx.now, ticket.into_inner());
    let secret = ticket.clone();
    let found = cx.read(move |conn, site| store::ticket(conn, site.id, &secret, now)).await?;
    let view = SwitchView { name: found.1.name, site_name: cx.site.name.clone(), ticket };
    cx.staff_page(&None::<()>, "accounts/switch.html", &view)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EnterForm {
    ticket: String,
}

async fn enter(cx: Cx, req: Request, form: Posted<EnterForm>) -> Result<Response> {
    let (agent, actor) = (agent(&req), cx.nobody());
    let entered = cx.write(move |conn, site| {
        match store::redeem(conn, site.id, &form.0.ticket, actor.now)? {
            (Purpose::Cross, user) => store::sign_in(conn, actor, user.id, &agent),
            _ => Err(Error::conflict("ticket.ended")),
        }
    });
    let secret = entered.await?;
    admit(&cx, cx.see_other("/quan-tri"), secret)
}
