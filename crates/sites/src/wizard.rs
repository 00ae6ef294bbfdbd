//! Three short steps to a new component site.

use std::collections::BTreeMap;

use accounts::{
    Can, Province, Settings,
    model::{InviteForm, Purpose, Reach, Role},
    store as people,
};
use base::{Error, FieldErrors, Identity, Message, SiteId, SiteType};
use chrono::TimeDelta;
use serde::Serialize;
use web::{Data, Fields, Posted, Response, Result, Routes, get, post};

use crate::{
    Rules,
    admin::on_portal,
    model::{MAX_NAME, NewSite, check_identity},
    store,
};

pub(crate) const PATH: &str = "/quan-tri/cac-trang/moi";

pub(crate) fn routes(routes: &mut Routes) {
    routes.route(PATH, get().to(new)).route(PATH, post().to(create));
}

/// The fields of each step.
const STEPS: [&[&str]; 3] = [
    &["type", "name", "name_en", "unit_code", "linked", "external_url", "conversion_due"],
    &["host", "managing_body", "governing_body", "responsible", "address", "phone", "email"],
    &["admin_name", "admin_email"],
];

#[derive(Serialize)]
struct WizardView {
    step: usize,
    steps: Vec<String>,
    form: BTreeMap<&'static str, String>,
    hidden: Vec<Pair>,
    errors: BTreeMap<String, String>,
    warnings: Vec<String>,
    types: Vec<Choice>,
    host_hint: Option<String>,
    host_suffix: String,
}

#[derive(Serialize)]
struct Pair {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Choice {
    value: SiteType,
    label: String,
}

fn draw(
    who: &accounts::Staff,
    rules: &Rules,
    step: usize,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Response> {
    let cx = &who.cx;
    let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let label = |kind: SiteType| cx.say(&Message::new(format!("site_type.{}", kind.as_str())));
    let open = SiteType::ALL.iter().copied().filter(|kind| !kind.is_portal());
    let here = STEPS.get(step - 1).copied().unwrap_or_default();
    let elsewhere = STEPS.iter().flat_map(|names| names.iter()).filter(|it| !here.contains(it));
    let warning = rules.names.press_warning(&text("name"));
    let view = WizardView {
        step,
        steps: (1..=3).map(|step| cx.say(&Message::new(format!("wizard.step_{step}")))).collect(),
        form: STEPS.iter().flat_map(|names| names.iter()).map(|name| (*name, text(name))).collect(),
        hidden: elsewhere.map(|name| Pair { name, value: text(name) }).collect(),
        errors: cx.say_all(errors),
        warnings: warning.iter().map(|message| cx.say(message)).collect(),
        types: open.map(|value| Choice { value, label: label(value) }).collect(),
        host_hint: (step == 2).then(|| host_hint(who, &text("type"))),
        host_suffix: format!(".{}", cx.site.host),
    };
    match errors.is_empty() {
        true => who.page("sites/wizard.html", &view),
        false => who.again("sites/wizard.html", &view),
    }
}

fn host_hint(who: &accounts::Staff, kind: &str) -> String {
    let key = match SiteType::parse(kind) {
        // The text of the decree names communes and wards only.
        Some(SiteType::SpecialZone) => "wizard.host_special_zone",
        Some(kind) if kind.is_commune_level() => "wizard.host_unit",
        _ => "wizard.host_agency",
    };
    who.cx.say(&Message::new(key))
}

async fn new(who: Can<Province>, rules: Data<Rules>) -> Result<Response> {
    on_portal(&who)?;
    let fields = Fields::from([("type".to_owned(), SiteType::Commune.as_str().to_owned())]);
    draw(&who, &rules, 1, &fields, &FieldErrors::new())
}

async fn create(
    who: Can<Province>,
    rules: Data<Rules>,
    settings: Data<Settings>,
    form: Posted<Fields>,
) -> Result<Response> {
    on_portal(&who)?;
    let mut fields = form.0;
    let take = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let step: usize = take("step").parse().unwrap_or(1).clamp(1, 3);
    let go = take("go").to_owned();
    if go == "back" {
        return draw(&who, &rules, step.saturating_sub(1).max(1), &fields, &FieldErrors::new());
    }
    let linked = take("linked") == "on";
    let last = if linked { 1 } else { 3 };
    for done in 1..=step.min(last) {
        let mut errors = check_step(&rules, done, &fields);
        if done == 2 && errors.is_empty() {
            errors = check_host_free(&who, &fields).await?;
        }
        if !errors.is_empty() {
            return draw(&who, &rules, done, &fields, &errors);
        }
    }
    if step < last {
        propose(&who, &rules, step, &mut fields);
        return draw(&who, &rules, step + 1, &fields, &FieldErrors::new());
    }
    finish(&who, &rules, &settings, fields).await
}

fn clean(fields: &Fields, name: &str) -> String {
    base::text::line(fields.get(name).map_or("", String::as_str))
}

fn check_step(rules: &Rules, step: usize, fields: &Fields) -> FieldErrors {
    let text = |name: &str| clean(fields, name);
    let mut errors = FieldErrors::new();
    match step {
        1 => check_unit(&text, &mut errors),
        2 => {
            let label = text("host").to_lowercase();
            if let Some(problem) = rules.names.check_label(&label) {
                errors.insert("host".into(), problem);
            }
            check_identity(&identity(fields), &mut errors);
        }
        _ => {
            let (name, email) = (text("admin_name"), text("admin_email"));
            if !name.is_empty() || !email.is_empty() {
                let form = InviteForm { name, email, role: Role::SiteAdmin.as_str().into() };
                if let Err(Error::Invalid(found)) = form.check(&[Role::SiteAdmin]) {
                    errors.extend(
                        found.into_iter().map(|(name, why)| (format!("admin_{name}").into(), why)),
                    );
                }
            }
        }
    }
    errors
}

fn check_unit(text: &impl Fn(&str) -> String, errors: &mut FieldErrors) {
    let kind = SiteType::parse(&text("type")).filter(|kind| !kind.is_portal());
    if kind.is_none() {
        errors.insert("type".into(), "site.kind".into());
    }
    for (field, must) in [("name", true), ("name_en", false)] {
        let length = text(field).chars().count();
        if length > MAX_NAME || (must && length == 0) {
            errors.insert(field.into(), Message::new("import.name").with("max", MAX_NAME));
        }
    }
    if text("unit_code").len() > 20 {
        errors.insert("unit_code".into(), Message::new("too_long").with("max", 20));
    }
    if text("linked") == "on" {
        let url = text("external_url");
        if !url.starts_with("https://") && !url.starts_with("http://") {
            errors.insert("external_url".into(), "site.external_url".into());
        }
        let due = text("conversion_due");
        if !due.is_empty() && base::time::parse_date(&due).is_none() {
            errors.insert("conversion_due".into(), "licence.date".into());
        }
    }
}

fn identity(fields: &Fields) -> Identity {
    let text = |name: &str| clean(fields, name);
    Identity {
        managing_body: text("managing_body"),
        governing_body: text("governing_body"),
        responsible: text("responsible"),
        address: text("address"),
        phone: text("phone"),
        email: text("email"),
        security_contact: String::new(),
    }
}

/// Before a step is shown, fills in what follows from the steps before.
fn propose(who: &accounts::Staff, rules: &Rules, step: usize, fields: &mut Fields) {
    if step != 1 {
        return;
    }
    let kind = SiteType::parse(&clean(fields, "type")).unwrap_or(SiteType::Commune);
    let name = clean(fields, "name");
    let managing = match kind.is_commune_level() {
        true => rules.committee_of(&name),
        false => name.clone(),
    };
    let proposals = [
        ("host", rules.names.label(kind, &name)),
        ("managing_body", managing),
        ("governing_body", rules.committee_of(&who.cx.site.unit_name)),
    ];
    for (field, proposal) in proposals {
        if clean(fields, field).is_empty() {
            fields.insert(field.to_owned(), proposal);
        }
    }
}

fn host(who: &accounts::Staff, fields: &Fields) -> String {
    format!("{}.{}", clean(fields, "host").to_lowercase(), who.cx.site.host)
}

async fn check_host_free(who: &accounts::Staff, fields: &Fields) -> Result<FieldErrors> {
    let host = host(who, fields);
    let wanted = host.clone();
    let owner = who.cx.read(move |conn, _| store::host_owner(conn, &wanted)).await?;
    Ok(match owner {
        Some((_, name)) => {
            let why = Message::new("host.taken_by").with("host", host).with("name", name);
            FieldErrors::from([("host".into(), why)])
        }
        None => FieldErrors::new(),
    })
}

async fn finish(
    who: &Can<Province>,
    rules: &Data<Rules>,
    settings: &Settings,
    fields: Fields,
) -> Result<Response> {
    let linked = clean(&fields, "linked") == "on";
    let due = base::time::parse_date(&clean(&fields, "conversion_due"));
    let code = clean(&fields, "unit_code");
    let new = NewSite {
        kind: SiteType::parse(&clean(&fields, "type")),
        name: clean(&fields, "name"),
        name_en: clean(&fields, "name_en"),
        unit_code: (!code.is_empty()).then_some(code),
        host: (!linked).then(|| host(who, &fields)),
        identity: identity(&fields),
        linked: linked.then(|| (clean(&fields, "external_url"), due)),
        valid_from: None,
    };
    let admin = InviteForm {
        name: clean(&fields, "admin_name"),
        email: clean(&fields, "admin_email"),
        role: Role::SiteAdmin.as_str().into(),
    };
    let (actor, all, life) = (who.actor(), rules.clone(), TimeDelta::hours(settings.invite_hours));
    let created = who.cx.write(move |conn, portal| {
        let site = store::create(conn, actor, &all, Some(portal.id), &new)?;
        if linked || admin.email.is_empty() {
            return Ok((site, None));
        }
        let own = db::events::Actor { site, ..actor };
        let invite = admin.check(&[Role::SiteAdmin])?;
        let (user, pending) = people::invite(conn, own, Reach::Province, &invite)?;
        let secret = match pending {
            true => Some(people::issue(conn, site, user, Purpose::Invite, (actor.now, life))?),
            false => None,
        };
        Ok((site, secret.map(|secret| (secret, invite.email))))
    });
    match created.await {
        Ok((site, link)) => created_page(who, rules, site, link, life).await,
        Err(Error::Invalid(errors)) => {
            let step = STEPS
                .iter()
                .position(|names| errors.keys().any(|field| names.contains(&field.as_ref())));
            draw(who, rules, step.map_or(1, |step| step + 1), &fields, &errors)
        }
        Err(err) => Err(err.into()),
    }
}

/// The new site's page, with the link for its first administrator: shown this once.
async fn created_page(
    who: &Can<Province>,
    rules: &Data<Rules>,
    site: SiteId,
    link: Option<(String, String)>,
    life: TimeDelta,
) -> Result<Response> {
    match link {
        Some(link) => crate::admin::show_with_link(who, rules, site, link, life).await,
        None => {
            let path = format!("{}/{site}", crate::admin::PATH);
            Ok(who.cx.see_other_with(&path, "done.site_created"))
        }
    }
}
