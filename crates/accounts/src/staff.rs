//! The signed-in person as an argument: a handler that needs a right names it in its
//! signature, so none can forget to ask.

use std::{future::Future, marker::PhantomData, ops::Deref, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use base::{Error, SiteState};
use chrono::TimeDelta;
use db::events::Actor;
use serde::Serialize;
use web::{Cx, Failure, Response, Result};

use crate::{
    Settings,
    model::{Rights, Role, SessionId, User},
    store,
};

/// Who is at the screen, where, and what they may do.
#[derive(Clone)]
pub struct Staff {
    /// The request.
    pub cx: Cx,
    /// The person.
    pub user: User,
    /// What they may do on this site.
    pub rights: Rights,
    pub(crate) roles: Vec<Role>,
    pub(crate) session: SessionId,
    sites: i64,
}

/// [`Staff`] with the right `P`.
pub struct Can<P> {
    staff: Staff,
    right: PhantomData<P>,
}

/// A right that a handler can ask for.
pub trait Permission: 'static {
    /// Whether `rights` hold it.
    fn allowed(rights: Rights) -> bool;
}

/// Declares the rights, one line each.
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = |$rights:ident| $rule:expr;)+) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl Permission for $name {
                fn allowed($rights: Rights) -> bool {
                    $rule
                }
            }
        )+
    };
}

permissions! {
    /// Any business on the site at all.
    See = |rights| rights.any();
    /// Write entries.
    Write = |rights| rights.write;
    /// Change what others wrote.
    Edit = |rights| rights.edit;
    /// Publish, return, withdraw.
    Approve = |rights| rights.approve;
    /// Read people, settings and the log.
    ReadAll = |rights| rights.manage || rights.audit;
    /// Change people, sections and settings.
    Manage = |rights| rights.manage;
    /// Handle what citizens send.
    Handle = |rights| rights.handle;
    /// Create and govern component sites.
    Province = |rights| rights.province;
}

impl<P> Deref for Can<P> {
    type Target = Staff;

    fn deref(&self) -> &Staff {
        &self.staff
    }
}

impl Staff {
    /// Who acts, for the log.
    pub fn actor(&self) -> Actor {
        Actor { site: self.cx.site.id, user: Some(self.user.id), now: self.cx.now }
    }

    /// Renders `view` with the staff theme.
    pub fn page(&self, template: &str, view: &impl Serialize) -> Result<Response> {
        let person = Person {
            id: self.user.id,
            name: &self.user.name,
            email: &self.user.email,
            roles: self.roles.iter().map(|role| crate::http::role_label(&self.cx, *role)).collect(),
            can: self.rights,
            sites_count: self.sites,
        };
        self.cx.staff_page(&Some(person), template, view)
    }

    /// Redraws a form that the person must correct.
    pub fn again(&self, template: &str, view: &impl Serialize) -> Result<Response> {
        self.cx.again(self.page(template, view))
    }
}

/// What templates know of the person.
#[derive(Serialize)]
struct Person<'a> {
    id: base::UserId,
    name: &'a str,
    email: &'a str,
    roles: Vec<String>,
    can: Rights,
    sites_count: i64,
}

impl<P: Permission> FromRequest for Can<P> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let staff = identify(&req).await?;
            match P::allowed(staff.rights) {
                true => Ok(Self { staff, right: PhantomData }),
                false => Err(Error::Forbidden.into()),
            }
        })
    }
}

/// Finds the session behind the cookie. A person without any role on the site is a stranger.
async fn identify(req: &HttpRequest) -> Result<Staff> {
    let cx = Cx::extract(req).await?;
    let settings: Settings = **Data::<Settings>::extract(req)
        .await
        .map_err(|err| anyhow::anyhow!("accounts::Settings is missing: {err}"))?;
    let cookie = req.cookie(cx.jar().session()).ok_or(Error::SignInRequired)?;
    let since = cx.now - TimeDelta::minutes(settings.idle_minutes);
    let token = cookie.value().to_owned();
    let session = cx.read(move |conn, site| store::session(conn, site, &token, since)).await?;
    let session = session.ok_or(Error::SignInRequired)?;
    let mut rights = Rights::of(&session.roles);
    // An archive is read, not written; only the province may still put something right.
    if cx.site.state == SiteState::Archived && rights.any() && !rights.province {
        rights = Rights { audit: true, ..Rights::default() };
    }
    if !rights.any() {
        return Err(Error::SignInRequired.into());
    }
    // Once a minute is enough to tell an idle session from a busy one.
    if cx.now - session.seen_at > TimeDelta::minutes(1) {
        let (id, now) = (session.id, cx.now);
        if let Err(err) = cx.app().db.write(move |conn| store::touch(conn, id, now)).await {
            tracing::warn!("cannot note that a session is in use: {err:?}");
        }
    }
    Ok(Staff {
        cx,
        user: session.user,
        rights,
        roles: session.roles,
        session: session.id,
        sites: session.sites,
    })
}
