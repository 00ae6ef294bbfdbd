//! Texts to begin an answer with.

use std::collections::BTreeMap;

use accounts::{Can, Handle, Staff};
use base::{Error, FieldErrors};
use serde::Serialize;
use web::{Data, Fields, Path, Posted, Response, Result};

use super::act::{field, text};
use crate::{
    office::{Office, blamed},
    store::templates::{self, TemplateId},
};

const HERE: &str = "/quan-tri/hoi-dap/mau";

#[derive(Serialize)]
struct TemplatesView {
    items: Vec<ItemView>,
    form: Fields,
    errors: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct ItemView {
    title: String,
    body: String,
    delete_path: String,
}

pub(super) async fn index(who: Can<Handle>, _: Data<Office>) -> Result<Response> {
    let view = view(&who, Fields::new(), &FieldErrors::new()).await?;
    who.page("feedback/templates.html", &view)
}

async fn view(who: &Staff, form: Fields, errors: &FieldErrors) -> Result<TemplatesView> {
    let all = who.cx.read(|conn, site| templates::all(conn, site.id)).await?;
    let item = |it: templates::Template| ItemView {
        delete_path: format!("{HERE}/{}/xoa", it.id),
        title: it.title,
        body: it.body,
    };
    Ok(TemplatesView {
        items: all.into_iter().map(item).collect(),
        form,
        errors: who.cx.say_all(errors),
    })
}

pub(super) async fn create(who: Can<Handle>, form: Posted<Fields>) -> Result<Response> {
    let title = base::text::line(field(&form.0, "title"));
    let checked = match (title.chars().count(), text(&form.0, "body", (10, "case.answer_short"))) {
        (1..=120, Ok(body)) => Ok((title, body)),
        (1..=120, Err(err)) => Err(err),
        _ => Err(Error::field("title", "case.template_missing")),
    };
    let actor = who.actor();
    let saved = match checked {
        Ok((title, body)) => {
            who.cx
                .write(move |conn, _| templates::create(conn, actor, (&title, &body)).map(drop))
                .await
        }
        Err(err) => Err(err),
    };
    match saved {
        Ok(()) => Ok(who.cx.see_other_with(HERE, "done.case_template")),
        Err(err) => {
            let view = view(&who, form.0, &blamed(err)?).await?;
            who.again("feedback/templates.html", &view)
        }
    }
}

pub(super) async fn destroy(
    who: Can<Handle>,
    id: Path<String>,
    _: Posted<Fields>,
) -> Result<Response> {
    let id = TemplateId::parse(&id).ok_or(Error::NotFound)?;
    let actor = who.actor();
    who.cx.write(move |conn, _| templates::delete(conn, actor, id)).await?;
    Ok(who.cx.see_other_with(HERE, "done.case_template_gone"))
}
