//! Asking for a case by its tracking code.

use std::collections::BTreeMap;

use base::{Error, FieldErrors, Message};
use serde::{Deserialize, Serialize};
use web::{About, Client, Crumb, Cx, Data, Head, Posted, Response, Result};

use crate::{
    guard::Limit,
    model::code::Code,
    office::{Office, blamed},
    store::{self, Case},
    trail::trail,
};

#[derive(Serialize)]
struct AskView {
    head: Head,
    trail: Vec<Crumb>,
    typed: String,
    errors: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeForm {
    code: String,
}

pub(super) async fn ask(cx: Cx) -> Result<Response> {
    draw(&cx, String::new(), &FieldErrors::new())
}

fn draw(cx: &Cx, typed: String, errors: &FieldErrors) -> Result<Response> {
    let title = cx.say(&Message::new("case_page.ask"));
    let about = About { title: title.clone(), ..About::default() };
    let view = AskView {
        head: Head::new(cx, &about),
        trail: trail(cx, &[(title, "/hoi-dap/tra-cuu")]),
        typed,
        errors: cx.say_all(errors),
    };
    let page = cx.form_page("feedback/ask.html", &view);
    if errors.is_empty() { page } else { cx.again(page) }
}

/// Looks a code up. A slip of the pen is told at once; only a right code that is not here counts
/// as a guess.
pub(super) async fn find(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    form: Posted<CodeForm>,
) -> Result<Response> {
    let typed = form.0.code;
    match look(&cx, &office, client, &typed).await {
        Ok((code, _)) => Ok(cx.see_other(&format!("/hoi-dap/ma/{code}"))),
        Err(Error::NotFound) => {
            let errors = FieldErrors::from([("code".into(), "case.code_unknown".into())]);
            draw(&cx, typed, &errors)
        }
        Err(err) => draw(&cx, typed, &blamed(err)?),
    }
}

/// The case behind what somebody typed as a code.
pub(super) async fn look(
    cx: &Cx,
    office: &Office,
    client: Client,
    typed: &str,
) -> base::Result<(Code, Case)> {
    let code = Code::parse(typed)?;
    office.guard.limits.look(Limit::Guess, client, cx.now)?;
    let digest = code.digest();
    let found = cx.read(move |conn, site| store::by_code(conn, site.id, &digest)).await;
    if let Err(Error::NotFound) = found {
        tracing::info!(site = cx.site.host, "a code that is not here was asked for");
        office.guard.limits.count(Limit::Guess, client, cx.now)?;
    }
    Ok((code, found?))
}
