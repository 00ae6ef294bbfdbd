//! The province's view of its component sites.

use std::collections::BTreeMap;

use accounts::{
    Can, Permission, Province, Settings, Staff,
    model::{InviteForm, Purpose, Rights, Role},
    store as people,
};
use base::{Error, FieldErrors, Message, SiteId, SiteState, SiteType};
use chrono::TimeDelta;
use db::events::Actor;
use serde::{Deserialize, Serialize};
use web::{Data, Fields, Pager, Path, Posted, Query, Response, Result, Routes, get, post};

use crate::{
    Rules,
    model::{self, Step, open_steps},
    store::{self, Pulse, Record},
};

pub(crate) const PATH: &str = "/quan-tri/cac-trang";

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route(PATH, get().to(index))
        .route("/quan-tri/cac-trang/{id}", get().to(show))
        .route("/quan-tri/cac-trang/{id}/ten-mien", post().to(add_host))
        .route("/quan-tri/cac-trang/{id}/ten-mien/bo", post().to(remove_host))
        .route("/quan-tri/cac-trang/{id}/moi", post().to(invite))
        .route("/quan-tri/cac-trang/{id}/vao", post().to(enter))
        .route("/quan-tri/cac-trang/{id}/{step}", post().to(take_step));
}

/// Who may look at all component sites: on the portal only, the province and its auditors.
pub(crate) struct Oversee;

impl Permission for Oversee {
    fn allowed(rights: Rights) -> bool {
        rights.province || rights.audit
    }
}

/// Component sites are governed on the portal; elsewhere these screens do not exist.
pub(crate) fn on_portal(who: &Staff) -> Result<SiteId> {
    match who.cx.site.portal_id {
        None => Ok(who.cx.site.id),
        Some(_) => Err(Error::NotFound.into()),
    }
}

const PER_PAGE: usize = 50;

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Filter {
    q: String,
    state: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing)]
    trang: String,
}

#[derive(Serialize)]
struct IndexView {
    rows: Vec<RowView>,
    filter: Filter,
    states: Vec<Choice>,
    types: Vec<Choice>,
    counts: Vec<Count>,
    total: usize,
    pager: Option<Pager>,
    can_create: bool,
}

#[derive(Serialize)]
struct RowView {
    id: SiteId,
    name: String,
    type_label: String,
    state: SiteState,
    state_label: String,
    host: String,
    url: String,
    missing: usize,
    published: i64,
    updated: Option<String>,
    admin_count: i64,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct Count {
    label: String,
    value: usize,
}

fn state_label(who: &Staff, state: SiteState) -> String {
    who.cx.say(&Message::new(format!("site_state.{}", state.as_str())))
}

fn type_label(who: &Staff, kind: SiteType) -> String {
    who.cx.say(&Message::new(format!("site_type.{}", kind.as_str())))
}

async fn index(who: Can<Oversee>, query: Query<Filter>) -> Result<Response> {
    let portal = on_portal(&who)?;
    let filter = query.into_inner();
    let (records, pulses) = who
        .cx
        .read(move |conn, _| Ok((store::components(conn, portal)?, store::pulses(conn, portal)?)))
        .await?;
    let words: String = base::text::unaccented(&filter.q).chars().take(100).collect();
    let matches = |record: &&Record| {
        let host = record.host.as_deref().unwrap_or_default();
        let named = base::text::unaccented(&record.name).contains(words.trim())
            || host.contains(words.trim());
        let state = filter.state.is_empty() || record.state.as_str() == filter.state;
        let kind = filter.kind.is_empty() || record.kind.as_str() == filter.kind;
        named && state && kind
    };
    let found: Vec<&Record> = records.iter().filter(matches).collect();
    let page = usize::try_from(web::page_number(&filter.trang)).unwrap_or(1);
    let shown = found.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE);
    let count = |state: SiteState| Count {
        label: state_label(&who, state),
        value: records.iter().filter(|record| record.state == state).count(),
    };
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let per_page = i64::try_from(PER_PAGE).unwrap_or(i64::MAX);
    let at = i64::try_from(page).unwrap_or(1);
    let view = IndexView {
        rows: shown.map(|record| row(&who, record, pulses.get(&record.id).copied())).collect(),
        states: choices(
            &who,
            &filter.state,
            SiteState::ALL.iter().map(|it| (it.as_str(), state_label(&who, *it))),
        ),
        types: choices(
            &who,
            &filter.kind,
            SiteType::ALL
                .iter()
                .filter(|it| !it.is_portal())
                .map(|it| (it.as_str(), type_label(&who, *it))),
        ),
        counts: SiteState::ALL.iter().map(|state| count(*state)).collect(),
        total: found.len(),
        pager: Pager::new(at, total, per_page, |page| page_link(&filter, page)),
        can_create: who.rights.province,
        filter: filter.clone(),
    };
    who.page("sites/index.html", &view)
}

fn page_link(filter: &Filter, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &filter.q)
        .append_pair("state", &filter.state)
        .append_pair("type", &filter.kind)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("{PATH}?{query}")
}

fn choices(
    who: &Staff,
    current: &str,
    values: impl Iterator<Item = (&'static str, String)>,
) -> Vec<Choice> {
    let all = ("", who.cx.say(&Message::new("filter.all")));
    let choice = |(value, label): (&str, String)| Choice {
        current: value == current,
        value: value.to_owned(),
        label,
    };
    std::iter::once(all).chain(values).map(choice).collect()
}

fn row(who: &Staff, record: &Record, pulse: Option<Pulse>) -> RowView {
    let pulse = pulse.unwrap_or_default();
    let lacks = match record.state {
        SiteState::Linked => 0,
        _ => model::missing(record.kind, &record.identity).len(),
    };
    RowView {
        id: record.id,
        name: record.name.clone(),
        type_label: type_label(who, record.kind),
        state: record.state,
        state_label: state_label(who, record.state),
        host: record.host.clone().unwrap_or_default(),
        url: format!("{PATH}/{}", record.id),
        missing: lacks,
        published: pulse.published,
        updated: pulse.latest.map(base::time::day),
        admin_count: pulse.admins,
    }
}

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
struct HostForm {
    host: String,
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
struct AdminForm {
    name: String,
    email: String,
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
struct Extra {
    errors: FieldErrors,
    host: String,
    admin: AdminForm,
    link: Option<(String, String, TimeDelta)>,
}

async fn draw(who: &Staff, rules: &Rules, id: SiteId, extra: Extra) -> Result<Response> {
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

fn site_id(text: &str) -> Result<SiteId> {
    Ok(SiteId::parse(text).ok_or(Error::NotFound)?)
}

async fn show(who: Can<Oversee>, rules: Data<Rules>, id: Path<String>) -> Result<Response> {
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

/// The province acting on one of its components.
fn acting_on(who: &Staff, site: SiteId) -> Actor {
    Actor { site, ..who.actor() }
}

async fn take_step(
    who: Can<Province>,
    rules: Data<Rules>,
    path: Path<(String, String)>,
    _form: Posted<Fields>,
) -> Result<Response> {
    let (portal, id) = (on_portal(&who)?, site_id(&path.0)?);
    let step = Step::parse(&path.1).ok_or(Error::NotFound)?;
    let (actor, all) = (acting_on(&who, id), rules.clone());
    let taken = who.cx.write(move |conn, _| {
        store::component(conn, portal, id)?;
        store::step(conn, actor, &all, step)
    });
    let taken = taken.await;
    who.cx.app().forget(id);
    match taken {
        Ok(_) => Ok(who.cx.see_other_with(&format!("{PATH}/{id}"), "done.saved")),
        Err(Error::Invalid(errors)) => {
            draw(&who, &rules, id, Extra { errors, ..Extra::default() }).await
        }
        Err(err) => Err(err.into()),
    }
}

async fn add_host(
    who: Can<Province>,
    rules: Data<Rules>,
    id: Path<String>,
    form: Posted<HostForm>,
) -> Result<Response> {
    let (portal, id) = (on_portal(&who)?, site_id(&id)?);
    let host = base::text::line(&form.0.host).to_lowercase();
    if let Some(problem) = rules.names.check_host(&host) {
        let errors = FieldErrors::from([("host".into(), problem)]);
        return draw(&who, &rules, id, Extra { errors, host, ..Extra::default() }).await;
    }
    let (actor, wanted) = (acting_on(&who, id), host.clone());
    let added = who.cx.write(move |conn, _| {
        store::component(conn, portal, id)?;
        store::add_host(conn, actor, &wanted)
    });
    match added.await {
        Ok(()) => {
            who.cx.app().forget(id);
            Ok(who.cx.see_other_with(&format!("{PATH}/{id}"), "done.saved"))
        }
        Err(Error::Invalid(errors)) => {
            draw(&who, &rules, id, Extra { errors, host, ..Extra::default() }).await
        }
        Err(err) => Err(err.into()),
    }
}

async fn remove_host(
    who: Can<Province>,
    id: Path<String>,
    form: Posted<HostForm>,
) -> Result<Response> {
    let (portal, id) = (on_portal(&who)?, site_id(&id)?);
    let actor = acting_on(&who, id);
    let removed = who.cx.write(move |conn, _| {
        store::component(conn, portal, id)?;
        store::remove_host(conn, actor, &form.0.host)
    });
    removed.await?;
    who.cx.app().forget(id);
    Ok(who.cx.see_other_with(&format!("{PATH}/{id}"), "done.saved"))
}

async fn invite(
    who: Can<Province>,
    rules: Data<Rules>,
    settings: Data<Settings>,
    id: Path<String>,
    form: Posted<AdminForm>,
) -> Result<Response> {
    let (portal, id, form) = (on_portal(&who)?, site_id(&id)?, form.0);
    let typed = InviteForm {
        name: form.name.clone(),
        email: form.email.clone(),
        role: Role::SiteAdmin.as_str().into(),
    };
    let invite = match typed.check(&[Role::SiteAdmin]) {
        Ok(invite) => invite,
        Err(Error::Invalid(errors)) => {
            return draw(&who, &rules, id, Extra { errors, admin: form, ..Extra::default() }).await;
        }
        Err(err) => return Err(err.into()),
    };
    let (actor, life) = (acting_on(&who, id), TimeDelta::hours(settings.invite_hours));
    let email = invite.email.clone();
    let invited = who.cx.write(move |conn, _| {
        store::component(conn, portal, id)?;
        let (user, pending) = people::invite(conn, actor, &invite)?;
        match pending {
            true => people::issue(conn, id, user, Purpose::Invite, (actor.now, life)).map(Some),
            false => Ok(None),
        }
    });
    match invited.await? {
        Some(secret) => show_with_link(&who, &rules, id, (secret, email), life).await,
        None => Ok(who.cx.see_other_with(&format!("{PATH}/{id}"), "done.role_given")),
    }
}

/// Goes to work on a component: the province administers them all.
async fn enter(who: Can<Oversee>, id: Path<String>, _form: Posted<Fields>) -> Result<Response> {
    let (portal, id) = (on_portal(&who)?, site_id(&id)?);
    let (user, now) = (who.user.id, who.cx.now);
    let issued = who.cx.write(move |conn, _| {
        store::component(conn, portal, id)?;
        let host = store::canonical_host(conn, id)?;
        let life = (now, TimeDelta::minutes(1));
        Ok((people::issue(conn, id, user, Purpose::Cross, life)?, host))
    });
    let (ticket, host) = issued.await?;
    Ok(who.cx.see_other(&format!("{}/vao/{ticket}", who.cx.app().settings.url(&host))))
}
