//! A site's own settings: identity, licence, appearance, approval, home page.

use std::collections::BTreeMap;

use accounts::{Can, Manage, ReadAll, Staff};
use base::{Error, FieldErrors, Identity, Licence, Message};
use content::sections::{Section, store as tree};
use serde::Serialize;
use theme::Palette;
use web::{Data, Fields, Posted, Response, Result, Routes, get, post};

use crate::{
    Rules,
    home::Block,
    model::{self, MAX_NAME, check_identity},
    store::{self, Change},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/cau-hinh", get().to(edit))
        .route("/quan-tri/cau-hinh", post().to(update));
}

#[derive(Serialize)]
struct SettingsView {
    form: BTreeMap<&'static str, String>,
    errors: BTreeMap<String, String>,
    warnings: Vec<String>,
    missing: Vec<String>,
    palettes: Vec<Palette>,
    pictures: Vec<PictureView>,
    blocks: Vec<BlockView>,
    site_state_label: String,
    read_only: bool,
}

#[derive(Serialize)]
struct PictureView {
    id: media::PictureId,
    url: String,
    alt: String,
}

#[derive(Serialize)]
struct BlockView {
    #[serde(rename = "type")]
    kind: String,
    label: String,
    on: bool,
    position: usize,
}

/// Every field of the form but the blocks.
const FIELDS: [&str; 18] = [
    "name",
    "name_en",
    "managing_body",
    "governing_body",
    "responsible",
    "address",
    "phone",
    "email",
    "security_contact",
    "has_licence",
    "licence_number",
    "licence_date",
    "licence_issuer",
    "licence_service",
    "palette",
    "logo",
    "self_approval",
    "state",
];

fn stored(who: &Staff) -> Fields {
    let site = &who.cx.site;
    let identity = &site.identity;
    let licence = site.licence.clone().unwrap_or_default();
    let tick = |on: bool| if on { "on".to_owned() } else { String::new() };
    let pairs = [
        ("name", site.unit_name.clone()),
        ("name_en", site.name_en.clone()),
        ("managing_body", identity.managing_body.clone()),
        ("governing_body", identity.governing_body.clone()),
        ("responsible", identity.responsible.clone()),
        ("address", identity.address.clone()),
        ("phone", identity.phone.clone()),
        ("email", identity.email.clone()),
        ("security_contact", identity.security_contact.clone()),
        ("has_licence", tick(site.licence.is_some())),
        ("licence_number", licence.number),
        ("licence_date", licence.issued_on),
        ("licence_issuer", licence.issuer),
        ("licence_service", licence.service),
        ("palette", site.palette.clone()),
        ("logo", site.logo.clone().unwrap_or_default()),
        ("self_approval", tick(site.self_approval)),
    ];
    let mut fields: Fields =
        pairs.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    for (index, block) in site.home.iter().enumerate() {
        fields.insert(format!("block_on_{block}"), "on".into());
        fields.insert(format!("block_position_{block}"), (index + 1).to_string());
    }
    fields
}

/// The blocks a site can choose: those of its blueprint and those it has.
fn open_blocks(who: &Staff, rules: &Rules) -> Result<Vec<String>> {
    let site = &who.cx.site;
    let mut open = site.home.clone();
    for block in &rules.blueprints.of(site.kind)?.home {
        if !open.contains(block) {
            open.push(block.clone());
        }
    }
    Ok(open)
}

async fn draw(who: &Staff, rules: &Rules, fields: Fields, errors: FieldErrors) -> Result<Response> {
    let (pictures, sections) = who
        .cx
        .read(|conn, site| {
            let pictures = media::pictures::latest(conn, site.id, 0, 24)?;
            Ok((pictures, tree::tree(conn, site.id)?))
        })
        .await?;
    let cx = &who.cx;
    let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let block = |(index, kind): (usize, String)| BlockView {
        label: block_label(who, &sections, &kind),
        on: text(&format!("block_on_{kind}")) == "on",
        position: text(&format!("block_position_{kind}")).parse().unwrap_or(index + 1),
        kind,
    };
    let warning = rules.names.press_warning(&text("name"));
    let missing = model::missing(cx.site.kind, &cx.site.identity);
    let fact = |name: &&str| cx.say(&Message::new(format!("identity.{name}")));
    let picture =
        |row: media::Row| PictureView { url: media::public_url(row.id), id: row.id, alt: row.alt };
    let view = SettingsView {
        form: FIELDS.into_iter().map(|name| (name, text(name))).collect(),
        warnings: warning.iter().map(|message| cx.say(message)).collect(),
        missing: missing.iter().map(fact).collect(),
        palettes: cx.app().themes.palettes(&cx.site.theme).to_vec(),
        pictures: pictures.into_iter().map(picture).collect(),
        blocks: open_blocks(who, rules)?.into_iter().enumerate().map(block).collect(),
        site_state_label: cx.say(&Message::new(format!("site_state.{}", cx.site.state.as_str()))),
        read_only: !who.rights.manage,
        errors: cx.say_all(&errors),
    };
    match errors.is_empty() {
        true => who.page("sites/settings.html", &view),
        false => who.again("sites/settings.html", &view),
    }
}

fn block_label(who: &Staff, sections: &[Section], text: &str) -> String {
    let block = Block::parse(text);
    let look = who.cx.say(&Message::new(format!("block.{}", block.kind)));
    match sections.iter().find(|section| section.path == block.path) {
        Some(section) => format!("{look}: {}", section.label),
        None => look,
    }
}

async fn edit(who: Can<ReadAll>, rules: Data<Rules>) -> Result<Response> {
    draw(&who, &rules, stored(&who), FieldErrors::new()).await
}

async fn update(who: Can<Manage>, rules: Data<Rules>, form: Posted<Fields>) -> Result<Response> {
    let fields = form.0;
    let change = match check(&who, &rules, &fields) {
        Ok(change) => change,
        Err(web::Failure(Error::Invalid(errors))) => {
            return draw(&who, &rules, fields, errors).await;
        }
        Err(err) => return Err(err),
    };
    let actor = who.actor();
    let saved = who.cx.write(move |conn, site| store::update(conn, actor, site, change)).await;
    match saved {
        Ok(()) => {
            // The portal names its components.
            if let Some(portal) = who.cx.site.portal_id {
                who.cx.app().forget(portal);
            }
            Ok(who.cx.see_other_with("/quan-tri/cau-hinh", "done.saved"))
        }
        Err(Error::Invalid(errors)) => draw(&who, &rules, fields, errors).await,
        Err(err) => Err(err.into()),
    }
}

fn check(who: &Staff, rules: &Rules, fields: &Fields) -> Result<Change> {
    let mut errors = FieldErrors::new();
    let text = |name: &str| base::text::line(fields.get(name).map_or("", String::as_str));
    let name = text("name");
    if name.is_empty() || name.chars().count() > MAX_NAME {
        errors.insert("name".into(), Message::new("import.name").with("max", MAX_NAME));
    }
    let name_en = text("name_en");
    if name_en.chars().count() > MAX_NAME {
        errors.insert("name_en".into(), Message::new("too_long").with("max", MAX_NAME));
    }
    let typed = Identity {
        managing_body: text("managing_body"),
        governing_body: text("governing_body"),
        responsible: text("responsible"),
        address: text("address"),
        phone: text("phone"),
        email: text("email"),
        security_contact: text("security_contact"),
    };
    let identity = check_identity(&typed, &mut errors);
    let licence = (text("has_licence") == "on").then(|| licence(&text, &mut errors));
    let palette = text("palette");
    let palettes = who.cx.app().themes.palettes(&who.cx.site.theme);
    if !palettes.iter().any(|it| it.id == palette) {
        errors.insert("palette".into(), "site.palette".into());
    }
    let logo = logo(&text("logo"), &mut errors);
    let mut home: Vec<(usize, String)> = Vec::new();
    for (index, block) in open_blocks(who, rules)?.into_iter().enumerate() {
        if text(&format!("block_on_{block}")) == "on" {
            let position = text(&format!("block_position_{block}")).parse().unwrap_or(index + 1);
            home.push((position, block));
        }
    }
    home.sort_by_key(|(position, _)| *position);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors).into());
    }
    Ok(Change {
        name,
        name_en,
        identity,
        licence,
        palette,
        logo,
        self_approval: text("self_approval") == "on",
        home: home.into_iter().map(|(_, block)| block).collect(),
    })
}

fn licence(text: &impl Fn(&str) -> String, errors: &mut FieldErrors) -> Licence {
    for name in ["licence_number", "licence_date", "licence_issuer", "licence_service"] {
        if text(name).is_empty() {
            errors.insert(name.into(), "licence.missing".into());
        }
    }
    let date = base::time::parse_date(&text("licence_date"));
    if date.is_none() {
        errors.insert("licence_date".into(), "licence.date".into());
    }
    Licence {
        number: text("licence_number"),
        issued_on: date.map(base::time::date).unwrap_or_default(),
        issuer: text("licence_issuer"),
        service: text("licence_service"),
    }
}

/// The address of a picture, by its key or as it is stored; whose it is, the store checks.
fn logo(typed: &str, errors: &mut FieldErrors) -> Option<String> {
    if typed.is_empty() {
        return None;
    }
    let id = media::PictureId::parse(typed).or_else(|| media::picture_id(typed));
    if id.is_none() {
        errors.insert("logo".into(), "picture.unknown".into());
    }
    id.map(media::public_url)
}
