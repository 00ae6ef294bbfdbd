//! Single-use links: taking up an invitation, choosing a new password.

use std::collections::BTreeMap;

use base::{Error, FieldErrors};
use db::events::{Deed, record};
use serde::{Deserialize, Serialize};
use web::{Cx, Path, Posted, Response, Result, Routes, get, post};

use crate::{
    http::{Rule, admit, rules},
    model::{self, Purpose, User},
    password, store,
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/moi/{ticket}", get().to(show)).route("/moi/{ticket}", post().to(update));
}

/// A deed without a target.
pub(crate) fn deed(action: &'static str) -> Deed {
    Deed { action, ..Deed::default() }
}

#[derive(Serialize)]
struct TicketView {
    purpose: Purpose,
    email: String,
    site_name: String,
    form: NameForm,
    errors: BTreeMap<String, String>,
    rules: Vec<Rule>,
    path: String,
}

#[derive(Serialize)]
struct NameForm {
    name: String,
}

fn view(
    cx: &Cx,
    (purpose, user): (Purpose, User),
    name: String,
    errors: &FieldErrors,
) -> TicketView {
    TicketView {
        purpose,
        email: user.email,
        site_name: cx.site.name.clone(),
        form: NameForm { name },
        errors: cx.say_all(errors),
        rules: rules(cx),
        path: cx.path.clone(),
    }
}

async fn show(cx: Cx, ticket: Path<String>) -> Result<Response> {
    let now = cx.now;
    let found = cx.read(move |conn, site| store::ticket(conn, site.id, &ticket, now)).await?;
    let name = found.1.name.clone();
    let view = view(&cx, password_only(found)?, name, &FieldErrors::new());
    cx.staff_page(&None::<()>, "accounts/ticket.html", &view)
}

/// A link for crossing sites cannot set a password.
fn password_only(found: (Purpose, User)) -> Result<(Purpose, User), Error> {
    match found.0 {
        Purpose::Invite | Purpose::Reset => Ok(found),
        Purpose::Cross => Err(Error::conflict("ticket.ended")),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TicketForm {
    name: String,
    password: String,
    again: String,
}

async fn update(cx: Cx, ticket: Path<String>, form: Posted<TicketForm>) -> Result<Response> {
    let (form, now, ticket) = (form.0, cx.now, ticket.into_inner());
    let name = base::text::line(&form.name);
    let mut errors = FieldErrors::new();
    if name.is_empty() || name.chars().count() > 120 {
        errors.insert("name".into(), "name.missing".into());
    }
    model::check_password(&form.password, &form.again, &mut errors);
    if !errors.is_empty() {
        let found = cx.read(move |conn, site| store::ticket(conn, site.id, &ticket, now)).await?;
        let view = view(&cx, password_only(found)?, form.name, &errors);
        return cx.again(cx.staff_page(&None::<()>, "accounts/ticket.html", &view));
    }
    let (actor, hash) = (cx.nobody(), password::hashed(form.password).await?);
    let taken = cx.write(move |conn, site| {
        let (_, user) = password_only(store::redeem(conn, site.id, &ticket, now)?)?;
        store::rename(conn, user.id, &name)?;
        store::sign_out_everywhere(conn, user.id, None)?;
        store::set_password(conn, user.id, &hash)?;
        let actor = db::events::Actor { user: Some(user.id), ..actor };
        record(conn, actor, deed("password_chosen"))?;
        store::sign_in(conn, actor, user.id, "")
    });
    let secret = taken.await?;
    admit(&cx, cx.see_other_with("/quan-tri", "done.welcome"), secret)
}
