//! What a site calls its sections in English, where they stand, and how names are written.

use accounts::{Can, Manage, See, Staff};
use base::{Error, FieldErrors, SectionId};
use english::write::Names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::{Path, Posted, Response, Result};

use super::{Choice, HERE, writings};
use crate::store::names::{self, Own, Tools};

const PATH: &str = "/quan-tri/tieng-anh/chuyen-muc";

#[derive(Serialize)]
struct SectionsView {
    sections: Vec<SectionView>,
    names: Vec<Choice>,
    can_manage: bool,
    errors: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct SectionView {
    id: SectionId,
    depth: usize,
    label: String,
    english: String,
    is_english: bool,
    address: String,
    form: NameForm,
    errors: BTreeMap<String, String>,
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct NameForm {
    label: String,
    slug: String,
}

pub(super) async fn index(who: Can<See>) -> Result<Response> {
    draw(&who, None).await
}

async fn draw(who: &Staff, typed: Option<(SectionId, NameForm, FieldErrors)>) -> Result<Response> {
    let read =
        who.cx.read(|conn, site| Ok((names::tree(conn, site.id)?, names::chosen(conn, site.id)?)));
    let (all, chosen) = read.await?;
    let section = |(section, own): (content::sections::Section, Own)| {
        let name = who.cx.site.sections.at(&section.path);
        let (form, errors) = match &typed {
            Some((id, form, errors)) if *id == section.id => (form.clone(), who.cx.say_all(errors)),
            _ => (NameForm { label: own.label, slug: own.slug }, BTreeMap::new()),
        };
        SectionView {
            id: section.id,
            depth: section.depth(),
            english: name.map(|it| it.english_label.clone()).unwrap_or_default(),
            is_english: name.is_some_and(|it| it.is_english),
            address: name.map(|it| format!("/en/{}", it.english_path)).unwrap_or_default(),
            label: section.label,
            form,
            errors,
        }
    };
    let view = SectionsView {
        sections: all.into_iter().map(section).collect(),
        names: writings(&who.cx, chosen),
        can_manage: who.rights.manage,
        errors: typed.as_ref().map(|(.., errors)| who.cx.say_all(errors)).unwrap_or_default(),
    };
    match view.errors.is_empty() {
        true => who.page("mirror/sections.html", &view),
        false => who.again("mirror/sections.html", &view),
    }
}

pub(super) async fn update(
    who: Can<Manage>,
    path: Path<String>,
    form: Posted<NameForm>,
) -> Result<Response> {
    let id = SectionId::parse(&path).ok_or(Error::NotFound)?;
    let (actor, cx) = (who.actor(), who.cx.clone());
    let own = Own { label: form.0.label.clone(), slug: form.0.slug.clone() };
    let saved = who.cx.write(move |conn, site| {
        let paths = &cx.app().english.paths;
        let tools = Tools { paths, terms: cx.terms(), names: cx.names() };
        names::put(conn, actor, (site, tools), id, own)
    });
    match saved.await {
        Ok(()) => Ok(who.cx.see_other_with(PATH, "done.section_named")),
        Err(Error::Invalid(errors)) => draw(&who, Some((id, form.0, errors))).await,
        Err(err) => Err(err.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WritingForm {
    names: String,
}

/// Chooses how names are written in English.
pub(super) async fn choose(who: Can<Manage>, form: Posted<WritingForm>) -> Result<Response> {
    let names = match form.0.names.as_str() {
        "" => None,
        text => Some(Names::parse(text).ok_or(Error::NotFound)?),
    };
    let actor = who.actor();
    who.cx.write(move |conn, _| names::choose(conn, actor, names)).await?;
    Ok(who.cx.see_other_with(HERE, "done.english_names"))
}
