//! The page of one component site.

use std::collections::BTreeMap;

use accounts::{Can, Staff, model::Role, store as people};
use base::{FieldErrors, Message, SiteId, SiteState};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use web::{Data, Path, Response, Result};

use super::{Oversee, PATH, on_portal, site_id, state_label, type_label};
use crate::{
    Rules,
    model::{self, Step, open_steps},
    store::{self, Record},
};

#[derive(Serialize)]
struct ShowView {
    site: SiteView,
    hosts: Vec<HostView>,
    host_form: HostForm,
    errors: BTreeMap<String, String>,
    missing: Vec<String>,
    warnings: Vec<String>,
    transitions: Vec<StepView>,
    admins: Vec<AdminView>,
    invite: InviteView,
    link: Option<LinkView>,
    linked: Option<LinkedView>,
    read_only: bool,
}

#[derive(Serialize)]
struct SiteView {
    id: SiteId,
    name: String,
    name_en: String,
    type_label: String,
    state: SiteState,
    state_label: String,
    host: String,
    url: String,
    unit_code: String,
    created: String,
    blueprint: String,
}

#[derive(Serialize)]
struct HostView {
    host: String,
    canonical: bool,
    remove_path: Option<String>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct HostForm {
    pub(super) host: String,
}

#[derive(Serialize)]
struct StepView {
    action: Step,
    label: String,
    style: &'static str,
    confirm: Option<String>,
    path: String,
}

#[derive(Serialize)]
struct AdminView {
    name: String,
    email: String,
    state_label: String,
}

#[derive(Default, Serialize)]
struct InviteView {
    form: AdminForm,
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct AdminForm {
    pub(super) name: String,
    pub(super) email: String,
}

#[derive(Serialize)]
struct LinkView {
    url: String,
    email: String,
    expires: String,
}

#[derive(Serialize)]
struct LinkedView {
    external_url: String,
    conversion_due: String,
}

/// What the page shows besides the site: forms that failed and a link to hand on.
#[derive(Default)]
pub(super) struct Extra {
    pub(super) errors: FieldErrors,
    pub(super) host: String,
    pub(super) admin: AdminForm,
    pub(super) link: Option<(String, String, TimeDelta)>,
}

pub(super) async fn draw(who: &Staff, rules: &Rules, id: SiteId, extra: Extra) -> Result<Response> {
    let portal = on_portal(who)?;
    let now = who.cx.now;
    let (record, hosts, members) = who
        .cx
        .read(move |conn, _| {
            let record = store::component(conn, portal, id)?;
            Ok((record, store::hosts_of(conn, id)?, people::members(conn, id, now)?))
        })
        .await?;
    let cx = &who.cx;
    let home = record.host.as_deref().map(|host| cx.app().settings.url(host)).unwrap_or_default();
    let say = |key: String| cx.say(&Message::new(key));
    let admins = members.into_iter().filter(|it| it.roles.contains(&Role::SiteAdmin));
    let lacks = match record.state {
        SiteState::Linked => Vec::new(),
        _ => model::missing(record.kind, &record.identity),
    };
    let bad = !extra.errors.is_empty();
    let view = ShowView {
        hosts: hosts.into_iter().map(|host| host_view(who, id, host)).collect(),
        host_form: HostForm { host: extra.host },
        errors: cx.say_all(&extra.errors),
        missing: lacks.iter().map(|fact| say(format!("identity.{fact}"))).collect(),
        warnings: rules.names.press_warning(&record.name).iter().map(|it| cx.say(it)).collect(),
        transitions: open_steps(record.state)
            .filter(|_| who.rights.province)
            .map(|step| step_view(who, id, step))
            .collect(),
        admins: admins
            .map(|it| AdminView {
                state_label: say(format!(
                    "member_state.{}",
                    if it.pending { "invited" } else { "active" }
                )),
                name: it.user.name,
                email: it.user.email,
            })
            .collect(),
        invite: InviteView { form: extra.admin },
        link: extra.link.map(|(secret, email, life)| LinkView {
            url: format!("{home}/moi/{secret}"),
            email,
            expires: base::time::minute(now + life),
        }),
        linked: record.external_url.clone().map(|external_url| LinkedView {
            external_url,
            conversion_due: record.conversion_due.map(base::time::date).unwrap_or_default(),
        }),
        read_only: !who.rights.province,
        site: site_view(who, rules, record, home),
    };
    match bad {
        false => who.page("sites/show.html", &view),
        true => who.again("sites/show.html", &view),
    }
}

fn site_view(who: &Staff, rules: &Rules, record: Record, url: String) -> SiteView {
    let blueprint = rules.blueprints.get(&record.blueprint);
    SiteView {
        type_label: type_label(who, record.kind),
        state_label: state_label(who, record.state),
        host: record.host.unwrap_or_default(),
        url,
        unit_code: record.unit_code.unwrap_or_default(),
        created: base::time::day(record.created_at),
        blueprint: blueprint.map_or(record.blueprint.clone(), |it| it.label.clone()),
        id: record.id,
        name: record.name,
        name_en: record.name_en,
        state: record.state,
    }
}

fn host_view(who: &Staff, id: SiteId, (host, canonical): (String, bool)) -> HostView {
    let removable = !canonical && who.rights.province;
    HostView { host, canonical, remove_path: removable.then(|| format!("{PATH}/{id}/ten-mien/bo")) }
}

fn step_view(who: &Staff, id: SiteId, step: Step) -> StepView {
    let say = |part: &str| who.cx.say(&Message::new(format!("{part}.{}", step.as_str())));
    StepView {
        label: say("site_step"),
        style: match step {
            Step::Activate | Step::Convert => "primary",
            Step::Suspend => "plain",
            Step::Archive => "danger",
        },
        confirm: Some(say("site_confirm")),
        path: format!("{PATH}/{id}/{}", step.as_str()),
        action: step,
    }
}

pub(super) async fn show(
    who: Can<Oversee>,
    rules: Data<Rules>,
    id: Path<String>,
) -> Result<Response> {
    draw(&who, &rules, site_id(&id)?, Extra::default()).await
}

/// The page of a site with an invitation's link on top.
pub(crate) async fn show_with_link(
    who: &Staff,
    rules: &Rules,
    id: SiteId,
    (secret, email): (String, String),
    life: TimeDelta,
) -> Result<Response> {
    let link = Some((secret, email, life));
    draw(who, rules, id, Extra { link, ..Extra::default() }).await
}
