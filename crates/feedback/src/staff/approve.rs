//! The page behind a link that approves: shown to whoever opens it, approved by a button only.

use base::Message;
use serde::Serialize;
use web::{Cx, Data, Fields, Path, Posted, Response, Result};

use super::supply;
use crate::{model::state, office::Office, store::approvals};

#[derive(Serialize)]
struct ApproveView {
    number: String,
    name: String,
    kind_label: String,
    subject: String,
    message: String,
    body: String,
    files: Vec<String>,
    expires: String,
    path: String,
    done: bool,
}

pub(super) async fn show(cx: Cx, secret: Path<String>) -> Result<Response> {
    let (now, key) = (cx.now, secret.clone());
    let read = cx.read(move |conn, site| {
        let asked = approvals::asked(conn, site.id, &key, now)?;
        let files = supply::waiting(conn, site.id, asked.case.id)?;
        Ok((asked, files))
    });
    let (asked, files) = read.await?;
    let kind = Message::new(format!("case_answer_kind.{}", asked.answer.kind.as_str()));
    let view = ApproveView {
        number: asked.case.number_text(),
        name: asked.name,
        kind_label: cx.say(&kind),
        subject: asked.case.subject,
        message: asked.case.message,
        body: asked.answer.body,
        files,
        expires: base::time::minute(asked.expires),
        path: cx.path.clone(),
        done: false,
    };
    cx.staff_page(&None::<()>, "feedback/approve.html", &view)
}

pub(super) async fn approve(
    cx: Cx,
    office: Data<Office>,
    secret: Path<String>,
    _: Posted<Fields>,
) -> Result<Response> {
    let (actor, secret) = (cx.nobody(), secret.into_inner());
    cx.write(move |conn, _| {
        approvals::redeem(conn, &office.desk(actor, state::Actor::Nobody), &secret)
    })
    .await?;
    let view = ApproveView {
        number: String::new(),
        name: String::new(),
        kind_label: String::new(),
        subject: String::new(),
        message: String::new(),
        body: String::new(),
        files: Vec::new(),
        expires: String::new(),
        path: String::new(),
        done: true,
    };
    cx.staff_page(&None::<()>, "feedback/approve.html", &view)
}
