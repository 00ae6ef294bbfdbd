//! Signing in and out, and a person's own page.

use actix_web::http::header::USER_AGENT;
use base::{Error, FieldErrors, Message};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::{Cx, Data, Posted, Query, Request, Response, Result, Routes, get, post};

use crate::{
    Can, See, Settings, members,
    model::{self, PASSWORD_RULES, Role},
    password, store, switch, tickets,
};

/// Every address this crate answers.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/dang-nhap", get().to(new))
        .route("/dang-nhap", post().to(create))
        .route("/dang-xuat", post().to(destroy))
        .route("/quan-tri/tai-khoan", get().to(show))
        .route("/quan-tri/tai-khoan/mat-khau", post().to(update))
        .route("/quan-tri/tai-khoan/dang-xuat-het", post().to(destroy_all))
        .configure(members::routes)
        .configure(switch::routes)
        .configure(tickets::routes);
}

/// The label of a role on the screens.
pub(crate) fn role_label(cx: &Cx, role: Role) -> String {
    cx.say(&Message::new(format!("role.{}", role.as_str())))
}

/// What a browser says of itself.
pub(crate) fn agent(req: &Request) -> String {
    let agent = req.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

/// Gives the browser the cookie of its new session along with `answer`.
pub(crate) fn admit(cx: &Cx, mut answer: Response, secret: String) -> Result<Response> {
    let jar = cx.jar();
    answer.add_cookie(&jar.make(jar.session(), secret)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// A part of the password rule, for the meter.
#[derive(Serialize)]
pub(crate) struct Rule {
    key: &'static str,
    text: String,
}

pub(crate) fn rules(cx: &Cx) -> Vec<Rule> {
    let rule = |key| Rule { key, text: cx.say(&Message::new(format!("password_rule.{key}"))) };
    PASSWORD_RULES.into_iter().map(rule).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignIn {
    email: String,
    password: String,
    next: String,
}

#[derive(Serialize)]
struct SignInView {
    form: SignInForm,
    errors: BTreeMap<String, String>,
    message: Option<String>,
    next: String,
    kept: [(); 0],
    kept_path: Option<String>,
}

#[derive(Serialize)]
struct SignInForm {
    email: String,
}

impl SignInView {
    fn new(email: &str, next: &str) -> Self {
        Self {
            form: SignInForm { email: email.to_owned() },
            errors: BTreeMap::new(),
            message: None,
            next: own_path(next).to_owned(),
            kept: [],
            kept_path: None,
        }
    }
}

/// Where to go after signing in: only a staff screen of this very site.
fn own_path(next: &str) -> &str {
    let ours = next.starts_with("/quan-tri") && !next.contains(['\\', '\r', '\n']);
    if ours { next } else { "/quan-tri" }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Next {
    next: String,
}

async fn new(cx: Cx, query: Query<Next>) -> Result<Response> {
    cx.staff_page(&None::<()>, "accounts/sign_in.html", &SignInView::new("", &query.next))
}

/// Three steps and not one: hashing must not hold a database connection.
async fn create(
    cx: Cx,
    req: Request,
    settings: Data<Settings>,
    form: Posted<SignIn>,
) -> Result<Response> {
    let form = form.0;
    let typed = base::text::line(&form.email).to_lowercase();
    let (email, now) = (typed.clone(), cx.now);
    let (locked, account) = cx
        .read(move |conn, _| {
            Ok((store::locked_until(conn, &email, now)?, store::account(conn, &email)?))
        })
        .await?;
    if let Some(until) = locked {
        return refuse(&cx, &form, locked_message(until));
    }
    let kept = account.as_ref().and_then(|account| account.password.clone());
    let right = password::verify(form.password.clone(), kept).await?;
    let Some(account) = account.filter(|_| right) else {
        // What is no address is nobody's: there is nothing to count.
        if model::email(&typed).is_none() {
            return refuse(&cx, &form, "sign_in.wrong".into());
        }
        let settings = **settings;
        let failed = cx.write(move |conn, _| store::count_failure(conn, &typed, settings, now));
        return match failed.await? {
            Some(until) => refuse(&cx, &form, locked_message(until)),
            None => refuse(&cx, &form, "sign_in.wrong".into()),
        };
    };
    let (agent, actor) = (agent(&req), cx.nobody());
    let signed_in = cx.write(move |conn, site| {
        store::forgive(conn, &typed)?;
        match store::roles_on(conn, account.id, site.id, site.portal_id)?.is_empty() {
            true => Ok(None),
            false => store::sign_in(conn, actor, account.id, &agent).map(Some),
        }
    });
    match signed_in.await? {
        Some(secret) => admit(&cx, cx.see_other(own_path(&form.next)), secret),
        None => refuse(&cx, &form, "sign_in.no_role".into()),
    }
}

fn locked_message(until: chrono::NaiveDateTime) -> Message {
    Message::new("sign_in.locked").with("until", base::time::minute(until))
}

fn refuse(cx: &Cx, form: &SignIn, message: Message) -> Result<Response> {
    let mut view = SignInView::new(&form.email, &form.next);
    view.message = Some(cx.say(&message));
    cx.again(cx.staff_page(&None::<()>, "accounts/sign_in.html", &view))
}

async fn destroy(who: Can<See>, _form: Posted<web::Fields>) -> Result<Response> {
    let (actor, session) = (who.actor(), who.session);
    who.cx.write(move |conn, _| store::sign_out(conn, actor, session)).await?;
    let mut answer = who.cx.see_other("/dang-nhap");
    let jar = who.cx.jar();
    answer.add_cookie(&jar.drop(jar.session())).map_err(anyhow::Error::from)?;
    Ok(answer)
}

#[derive(Serialize)]
struct AccountView {
    sites: Vec<SiteView>,
    sessions: Vec<SessionView>,
    errors: BTreeMap<String, String>,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct SiteView {
    id: base::SiteId,
    name: String,
    host: String,
    roles: Vec<String>,
    current: bool,
    state_label: String,
}

#[derive(Serialize)]
struct SessionView {
    id: model::SessionId,
    seen: String,
    since: String,
    agent: String,
    current: bool,
}

async fn account_view(
    who: &crate::Staff,
    settings: &Settings,
    errors: FieldErrors,
) -> Result<AccountView> {
    let (user, since) = (who.user.id, who.cx.now - TimeDelta::minutes(settings.idle_minutes));
    let (places, sessions) = who
        .cx
        .read(move |conn, _| {
            Ok((store::workplaces(conn, user)?, store::sessions_of(conn, user, since)?))
        })
        .await?;
    let cx = &who.cx;
    let place = |place: store::Workplace| SiteView {
        current: place.id == cx.site.id,
        id: place.id,
        name: place.name,
        host: place.host,
        roles: place.roles.into_iter().map(|role| role_label(cx, role)).collect(),
        state_label: cx.say(&Message::new(format!("site_state.{}", place.state.as_str()))),
    };
    let session = |line: store::SessionLine| SessionView {
        current: line.id == who.session,
        id: line.id,
        seen: base::time::minute(line.seen_at),
        since: base::time::minute(line.created_at),
        agent: model::device(&line.agent),
    };
    Ok(AccountView {
        sites: places.into_iter().map(place).collect(),
        sessions: sessions.into_iter().map(session).collect(),
        errors: cx.say_all(&errors),
        rules: rules(cx),
    })
}

async fn show(who: Can<See>, settings: Data<Settings>) -> Result<Response> {
    let view = account_view(&who, &settings, FieldErrors::new()).await?;
    who.page("accounts/account.html", &view)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    current: String,
    password: String,
    again: String,
}

async fn update(
    who: Can<See>,
    settings: Data<Settings>,
    form: Posted<PasswordForm>,
) -> Result<Response> {
    let form = form.0;
    let email = who.user.email.clone();
    let typed = email.clone();
    let account = who.cx.read(move |conn, _| store::account(conn, &typed)).await?;
    let kept = account.ok_or(Error::SignInRequired)?.password;
    let mut errors = FieldErrors::new();
    if !password::verify(form.current, kept).await? {
        // A stolen session must not be able to guess for ever either.
        let (settings, now) = (**settings, who.cx.now);
        let failed =
            who.cx.write(move |conn, _| store::count_failure(conn, &email, settings, now)).await?;
        let message = failed.map_or_else(|| "password.current".into(), locked_message);
        errors.insert("current".into(), message);
    }
    model::check_password(&form.password, &form.again, &mut errors);
    if !errors.is_empty() {
        let view = account_view(&who, &settings, errors).await?;
        return who.again("accounts/account.html", &view);
    }
    let (actor, user, session) = (who.actor(), who.user.id, who.session);
    let hash = password::hashed(form.password).await?;
    let changed = who.cx.write(move |conn, _| {
        store::set_password(conn, user, &hash)?;
        store::sign_out_everywhere(conn, user, Some(session))?;
        db::events::record(conn, actor, tickets::deed("password_changed"))
    });
    changed.await?;
    Ok(who.cx.see_other_with("/quan-tri/tai-khoan", "done.password"))
}

async fn destroy_all(who: Can<See>, _form: Posted<web::Fields>) -> Result<Response> {
    let (actor, user) = (who.actor(), who.user.id);
    let ended = who.cx.write(move |conn, _| {
        db::events::record(conn, actor, tickets::deed("signed_out_everywhere"))?;
        store::sign_out_everywhere(conn, user, None)
    });
    ended.await?;
    Ok(who.cx.see_other_with("/dang-nhap", "done.signed_out_everywhere"))
}
