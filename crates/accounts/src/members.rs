//! The people of a site.

use std::collections::BTreeMap;

use base::{Error, FieldErrors, Message, Site, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    events::{Deed, record},
};
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Path, Posted, Response, Result, Routes, get, post};

use crate::{
    Can, Courier, Link, Manage, ReadAll, Settings, Staff,
    http::role_label,
    model::{InviteForm, Purpose, Role},
    store::{self, Member},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/thanh-vien", get().to(index))
        .route("/quan-tri/thanh-vien", post().to(create))
        .route("/quan-tri/thanh-vien/{id}/vai-tro", post().to(update))
        .route("/quan-tri/thanh-vien/{id}/moi-lai", post().to(invite_again))
        .route("/quan-tri/thanh-vien/{id}/mo-khoa", post().to(unlock))
        .route("/quan-tri/thanh-vien/{id}/go", post().to(destroy));
}

const HERE: &str = "/quan-tri/thanh-vien";

/// The roles that can be given on the site at hand. Provincial ones only by a provincial
/// administrator on the portal.
fn open_roles(who: &Staff) -> Vec<Role> {
    let portal = who.cx.site.kind.is_portal() && who.rights.province;
    Role::ALL.iter().copied().filter(|role| portal || !role.is_provincial()).collect()
}

#[derive(Serialize)]
struct MembersView {
    members: Vec<MemberView>,
    roles: Vec<RoleView>,
    form: InviteForm,
    errors: BTreeMap<String, String>,
    link: Option<LinkView>,
    read_only: bool,
}

#[derive(Serialize)]
struct MemberView {
    id: UserId,
    name: String,
    email: String,
    roles: Vec<RoleView>,
    state: &'static str,
    state_label: String,
    locked: bool,
    seen: Option<String>,
    me: bool,
}

#[derive(Serialize)]
struct RoleView {
    value: Role,
    label: String,
    hint: String,
}

/// A single-use link, shown once.
#[derive(Serialize)]
struct LinkView {
    url: String,
    email: String,
    expires: String,
}

fn role_view(cx: &Cx, role: Role) -> RoleView {
    let hint = cx.say(&Message::new(format!("role_hint.{}", role.as_str())));
    RoleView { value: role, label: role_label(cx, role), hint }
}

fn member_view(who: &Staff, member: Member) -> MemberView {
    let state = if member.pending { "invited" } else { "active" };
    MemberView {
        me: member.user.id == who.user.id,
        id: member.user.id,
        name: member.user.name,
        email: member.user.email,
        roles: member.roles.into_iter().map(|role| role_view(&who.cx, role)).collect(),
        state,
        state_label: who.cx.say(&Message::new(format!("member_state.{state}"))),
        locked: member.locked,
        seen: member.seen_at.map(base::time::minute),
    }
}

async fn view(who: &Staff, form: InviteForm, errors: FieldErrors) -> Result<MembersView> {
    let now = who.cx.now;
    let members = who.cx.read(move |conn, site| store::members(conn, site.id, now)).await?;
    Ok(MembersView {
        members: members.into_iter().map(|member| member_view(who, member)).collect(),
        roles: open_roles(who).into_iter().map(|role| role_view(&who.cx, role)).collect(),
        form,
        errors: who.cx.say_all(&errors),
        link: None,
        read_only: !who.rights.manage,
    })
}

async fn index(who: Can<ReadAll>) -> Result<Response> {
    let view = view(&who, InviteForm::default(), FieldErrors::new()).await?;
    who.page("accounts/members.html", &view)
}

async fn create(
    who: Can<Manage>,
    (settings, courier): (Data<Settings>, Data<dyn Courier>),
    form: Posted<InviteForm>,
) -> Result<Response> {
    let form = form.0;
    let invite = match form.check(&open_roles(&who)) {
        Ok(invite) => invite,
        Err(Error::Invalid(errors)) => {
            let view = view(&who, form, errors).await?;
            return who.again("accounts/members.html", &view);
        }
        Err(err) => return Err(err.into()),
    };
    let (actor, reach) = (who.actor(), who.rights.reach());
    let life = TimeDelta::hours(settings.invite_hours);
    let issued = who.cx.write(move |conn, site| {
        let (user, pending) = store::invite(conn, actor, reach, &invite)?;
        match pending {
            true => {
                let whom = (user, invite.email.as_str(), invite.name.as_str());
                let terms = (Purpose::Invite, actor.now, life);
                make_link(conn, (site, &**courier), whom, terms).map(Some)
            }
            false => Ok(None),
        }
    });
    match issued.await? {
        Some(link) => hand_over(&who, link, form.email, life).await,
        None => Ok(who.cx.see_other_with(HERE, "done.role_given")),
    }
}

/// A link that was made: under way, or the secret of one that somebody must hand over.
enum Made {
    Sent,
    Secret(String),
}

/// Makes a link for `purpose` that works from `now` for `life`, and lets it be carried where letters are sent.
fn make_link(
    conn: &mut Conn,
    (site, courier): (&Site, &dyn Courier),
    (user, email, name): (UserId, &str, &str),
    (purpose, now, life): (Purpose, NaiveDateTime, TimeDelta),
) -> Result<Made, Error> {
    let secret = store::issue(conn, site.id, user, purpose, (now, life))?;
    let url = format!("{}/moi/{secret}", site.url);
    let link = Link { user, email, name, purpose, url: &url, until: now + life };
    match courier.carry(conn, site, link, now)? {
        true => Ok(Made::Sent),
        false => Ok(Made::Secret(secret)),
    }
}

async fn hand_over(who: &Staff, link: Made, email: String, life: TimeDelta) -> Result<Response> {
    match link {
        Made::Sent => Ok(who.cx.see_other_with(HERE, "done.link_sent")),
        Made::Secret(secret) => show_link(who, &secret, email, life).await,
    }
}

/// The list of members with the link on top: the only time it can be read.
async fn show_link(who: &Staff, secret: &str, email: String, life: TimeDelta) -> Result<Response> {
    let mut view = view(who, InviteForm::default(), FieldErrors::new()).await?;
    view.link = Some(LinkView {
        url: format!("{}/moi/{secret}", who.cx.site.url),
        email,
        expires: base::time::minute(who.cx.now + life),
    });
    who.page("accounts/members.html", &view)
}

fn user_id(id: &str) -> Result<UserId, Error> {
    UserId::parse(id).ok_or(Error::NotFound)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RoleForm {
    role: String,
    on: String,
}

async fn update(who: Can<Manage>, id: Path<String>, form: Posted<RoleForm>) -> Result<Response> {
    let (id, form) = (user_id(&id)?, form.0);
    let open = open_roles(&who);
    let role = Role::parse(&form.role).filter(|role| open.contains(role)).ok_or(Error::NotFound)?;
    let (actor, on, me) = (who.actor(), form.on == "on", who.user.id);
    let changed = who.cx.write(move |conn, site| {
        let member = store::member(conn, site.id, id)?;
        match on {
            true => store::grant(conn, actor, member.id, role),
            false if locks_out(me, id, role) => Err(Error::conflict("member.yourself")),
            false => store::revoke(conn, actor, member.id, role),
        }
    });
    changed.await?;
    Ok(who.cx.see_other_with(HERE, "done.saved"))
}

/// Nobody takes away from themselves what they would need to take it back.
fn locks_out(me: UserId, id: UserId, role: Role) -> bool {
    me == id && matches!(role, Role::SiteAdmin | Role::ProvinceAdmin)
}

async fn invite_again(
    who: Can<Manage>,
    (settings, courier): (Data<Settings>, Data<dyn Courier>),
    id: Path<String>,
    _form: Posted<web::Fields>,
) -> Result<Response> {
    let (id, actor, reach) = (user_id(&id)?, who.actor(), who.rights.reach());
    let (invite, reset) = (settings.invite_hours, settings.reset_hours);
    let issued = who.cx.write(move |conn, site| {
        let member = store::member(conn, site.id, id)?;
        // A person of several sites is helped by the province, at work on any of them.
        if !store::may_link(conn, site.id, reach, id)? {
            return Err(Error::conflict("member.elsewhere"));
        }
        let pending = store::is_pending(conn, id)?;
        let (purpose, hours) =
            if pending { (Purpose::Invite, invite) } else { (Purpose::Reset, reset) };
        let life = TimeDelta::hours(hours);
        let whom = (id, member.email.as_str(), member.name.as_str());
        let link = make_link(conn, (site, &**courier), whom, (purpose, actor.now, life))?;
        let deed = Deed { action: "link_issued", target: member.name, ..Deed::default() };
        record(conn, actor, deed)?;
        Ok((link, member.email, life))
    });
    let (link, email, life) = issued.await?;
    hand_over(&who, link, email, life).await
}

async fn unlock(
    who: Can<Manage>,
    id: Path<String>,
    _form: Posted<web::Fields>,
) -> Result<Response> {
    let (id, actor) = (user_id(&id)?, who.actor());
    let unlocked = who.cx.write(move |conn, site| {
        let member = store::member(conn, site.id, id)?;
        store::forgive(conn, &member.email)?;
        record(conn, actor, Deed { action: "unlocked", target: member.name, ..Deed::default() })
    });
    unlocked.await?;
    Ok(who.cx.see_other_with(HERE, "done.unlocked"))
}

async fn destroy(
    who: Can<Manage>,
    id: Path<String>,
    _form: Posted<web::Fields>,
) -> Result<Response> {
    let (id, actor, me) = (user_id(&id)?, who.actor(), who.user.id);
    let open = open_roles(&who);
    let removed = who.cx.write(move |conn, site| {
        let member = store::member(conn, site.id, id)?;
        if member.id == me {
            return Err(Error::conflict("member.yourself"));
        }
        for role in open {
            store::revoke(conn, actor, id, role)?;
        }
        store::sign_out_of(conn, id, site.id)
    });
    removed.await?;
    Ok(who.cx.see_other_with(HERE, "done.member_removed"))
}
