//! The screens of a site's tree.

use std::collections::BTreeMap;

use accounts::{Can, Manage, See, Staff};
use base::{Error, FieldErrors, Message, SectionId};
use serde::Serialize;
use web::{Data, Fields, Path, Posted, Response, Result, Routes, get, post};

use super::{NewSection, Section, SectionKind, model::SectionForm, store};
use crate::kinds::Kinds;

/// Every address of the sections' screens.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/chuyen-muc", get().to(index))
        .route("/quan-tri/chuyen-muc/moi", get().to(new))
        .route("/quan-tri/chuyen-muc/moi", post().to(create))
        .route("/quan-tri/chuyen-muc/{id}", get().to(edit))
        .route("/quan-tri/chuyen-muc/{id}", post().to(update))
        .route("/quan-tri/chuyen-muc/{id}/xoa", post().to(destroy));
}

const HERE: &str = "/quan-tri/chuyen-muc";

#[derive(Serialize)]
struct TreeView {
    rows: Vec<RowView>,
    can_manage: bool,
}

#[derive(Serialize)]
struct RowView {
    id: SectionId,
    label: String,
    label_en: String,
    path: String,
    depth: usize,
    kind: SectionKind,
    kind_label: String,
    mandatory: bool,
    own: bool,
    visible: bool,
    not_applicable: Option<String>,
    entries: i64,
    rules: String,
    hint: String,
    edit_url: String,
    write_url: Option<String>,
}

fn kind_label(who: &Staff, kind: SectionKind) -> String {
    who.cx.say(&Message::new(format!("section_kind.{}", kind.as_str())))
}

async fn index(who: Can<See>) -> Result<Response> {
    let (tree, counts) = who
        .cx
        .read(|conn, site| Ok((store::tree(conn, site.id)?, store::counts(conn, site.id)?)))
        .await?;
    let row = |section: Section| RowView {
        kind_label: kind_label(&who, section.kind),
        depth: section.depth(),
        entries: counts.get(&section.id).copied().unwrap_or_default(),
        edit_url: format!("{HERE}/{}", section.id),
        write_url: section
            .entries
            .first()
            .filter(|_| who.rights.write)
            .map(|kind| format!("/quan-tri/tin-bai/moi/{kind}?chuyen-muc={}", section.id)),
        path: section.address(),
        id: section.id,
        label: section.label,
        label_en: section.label_en,
        kind: section.kind,
        mandatory: section.mandatory,
        own: section.own,
        visible: section.visible,
        not_applicable: section.reason,
        rules: section.rules,
        hint: section.hint,
    };
    let rows = tree.into_iter().map(row).collect();
    who.page("sites/sections.html", &TreeView { rows, can_manage: who.rights.manage })
}

#[derive(Serialize)]
struct FormView {
    section: Option<SectionView>,
    form: SectionForm,
    errors: BTreeMap<String, String>,
    parents: Vec<Choice>,
    kinds: Vec<Choice>,
    action: String,
    delete_path: Option<String>,
}

#[derive(Serialize)]
struct SectionView {
    id: SectionId,
    path: String,
    mandatory: bool,
    own: bool,
    kind_label: String,
    rules: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// Draws the form of `section`, or of a new one.
async fn draw(
    who: &Staff,
    kinds: &Kinds,
    section: Option<Section>,
    form: SectionForm,
    errors: FieldErrors,
) -> Result<Response> {
    let tree = who.cx.read(|conn, site| store::tree(conn, site.id)).await?;
    let top = Choice { value: String::new(), label: who.cx.say(&Message::new("section.top")) };
    let holders = tree.iter().filter(|it| it.depth() < 2 && it.kind != SectionKind::Link);
    let parent = |it: &Section| Choice {
        value: it.id.to_string(),
        label: format!("{}{}", "– ".repeat(it.depth()), it.label),
    };
    let kind =
        |kind: &crate::kinds::Kind| Choice { value: kind.id.clone(), label: kind.label.clone() };
    let view = FormView {
        parents: std::iter::once(top).chain(holders.map(parent)).collect(),
        kinds: kinds.iter().map(kind).collect(),
        action: match &section {
            Some(section) => format!("{HERE}/{}", section.id),
            None => format!("{HERE}/moi"),
        },
        delete_path: section.as_ref().filter(|it| it.own).map(|it| format!("{HERE}/{}/xoa", it.id)),
        section: section.map(|it| SectionView {
            kind_label: kind_label(who, it.kind),
            path: it.address(),
            id: it.id,
            mandatory: it.mandatory,
            own: it.own,
            rules: it.rules,
        }),
        errors: who.cx.say_all(&errors),
        form,
    };
    match errors.is_empty() {
        true => who.page("sites/section_form.html", &view),
        false => who.again("sites/section_form.html", &view),
    }
}

async fn new(who: Can<Manage>, kinds: Data<Kinds>) -> Result<Response> {
    let form = SectionForm { visible: "on".into(), ..SectionForm::default() };
    draw(&who, &kinds, None, form, FieldErrors::new()).await
}

async fn create(
    who: Can<Manage>,
    kinds: Data<Kinds>,
    form: Posted<SectionForm>,
) -> Result<Response> {
    let (form, actor) = (form.0, who.actor());
    let typed = form.clone();
    let kind = kinds.get(&form.kind).map(|kind| kind.id.clone());
    let created = who.cx.write(move |conn, site| {
        let parent = match SectionId::parse(&typed.parent) {
            Some(id) => Some(store::by_id(conn, site.id, id)?.path),
            None => None,
        };
        let change = typed.check(false)?;
        let kind = kind.ok_or_else(|| Error::field("kind", "section.kind"))?;
        let new = NewSection {
            path: typed.path(parent.as_deref())?,
            label: change.label,
            label_en: change.label_en,
            kind: SectionKind::List,
            module: String::new(),
            entries: vec![kind],
            mandatory: false,
            own: true,
            rules: Vec::new(),
            position: change.position,
            menu: change.menu,
            hint: String::new(),
            url: String::new(),
        };
        store::create(conn, actor, new)
    });
    match created.await {
        Ok(()) => Ok(who.cx.see_other_with(HERE, "done.saved")),
        Err(Error::Invalid(errors)) => draw(&who, &kinds, None, form, errors).await,
        Err(err) => Err(err.into()),
    }
}

fn section_id(text: &str) -> Result<SectionId, Error> {
    SectionId::parse(text).ok_or(Error::NotFound)
}

async fn edit(who: Can<Manage>, kinds: Data<Kinds>, id: Path<String>) -> Result<Response> {
    let id = section_id(&id)?;
    let (section, parent) = who
        .cx
        .read(move |conn, site| {
            let section = store::by_id(conn, site.id, id)?;
            let parent = match section.parent() {
                Some(path) => store::at(conn, site.id, path)?.map(|parent| parent.id),
                None => None,
            };
            Ok((section, parent))
        })
        .await?;
    let form = SectionForm::of(&section, parent);
    draw(&who, &kinds, Some(section), form, FieldErrors::new()).await
}

async fn update(
    who: Can<Manage>,
    kinds: Data<Kinds>,
    id: Path<String>,
    form: Posted<SectionForm>,
) -> Result<Response> {
    let (id, form, actor) = (section_id(&id)?, form.0, who.actor());
    let section = who.cx.read(move |conn, site| store::by_id(conn, site.id, id)).await?;
    let change = match form.check(section.mandatory) {
        Ok(change) => change,
        Err(Error::Invalid(errors)) => {
            return draw(&who, &kinds, Some(section), form, errors).await;
        }
        Err(err) => return Err(err.into()),
    };
    who.cx.write(move |conn, _| store::update(conn, actor, id, change)).await?;
    Ok(who.cx.see_other_with(HERE, "done.saved"))
}

async fn destroy(who: Can<Manage>, id: Path<String>, _form: Posted<Fields>) -> Result<Response> {
    let (id, actor) = (section_id(&id)?, who.actor());
    who.cx.write(move |conn, _| store::destroy(conn, actor, id)).await?;
    Ok(who.cx.see_other_with(HERE, "done.section_deleted"))
}
