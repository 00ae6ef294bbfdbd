//! What the province does to a component site.

use accounts::{
    Can, Province, Settings, Staff,
    model::{InviteForm, Purpose, Reach, Role},
    store as people,
};
use base::{Error, FieldErrors, SiteId};
use chrono::TimeDelta;
use db::events::Actor;
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{
    Oversee, PATH, on_portal,
    page::{AdminForm, Extra, HostForm, draw, show_with_link},
    site_id,
};
use crate::{Rules, model::Step, store};

/// The province acting on one of its components.
fn acting_on(who: &Staff, site: SiteId) -> Actor {
    Actor { site, ..who.actor() }
}

pub(super) async fn take_step(
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

pub(super) async fn add_host(
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

pub(super) async fn remove_host(
    who: Can<Province>,
    id: Path<String>,
    form: Posted<HostForm>,
) -> Result<Response> {
    let (portal, id) = (on_portal(&who)?, site_id(&id)?);
    let actor = acting_on(&who, id);
    let removed = who.cx.write(move |conn, _| {
        store::component(conn, portal, id)?;
        store::remove_host(conn, actor, &base::text::line(&form.0.host))
    });
    removed.await?;
    who.cx.app().forget(id);
    Ok(who.cx.see_other_with(&format!("{PATH}/{id}"), "done.saved"))
}

pub(super) async fn invite(
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
        let (user, pending) = people::invite(conn, actor, Reach::Province, &invite)?;
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
pub(super) async fn enter(
    who: Can<Oversee>,
    id: Path<String>,
    _form: Posted<Fields>,
) -> Result<Response> {
    on_portal(&who)?;
    accounts::cross(&who, site_id(&id)?).await
}
