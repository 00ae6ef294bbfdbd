//! The one middleware: finds the site, lets the handler answer, dresses up its failures.

use std::{collections::HashMap, time::Instant};

use actix_web::{
    HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    cookie::Cookie,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::Next,
    web::Data,
};
use base::{Error, Message, SectionNames, Site, SiteState};
use english::paths::{ENGLISH, Paths};
use serde::Serialize;
use tracing::Instrument;

use crate::{
    App, Cx, Failure,
    cookies::{self, Jar},
    known, links,
    posted::{self, Kept},
    spoken::{self, Spoken},
};

/// The parts of the address space that belong to the staff screens.
const STAFF: [&str; 6] = ["/quan-tri", "/dang-nhap", "/dang-xuat", "/moi", "/vao", "/duyet"];

/// Whether `path` is a staff screen: those work on sites that are not yet public.
pub fn is_staff_path(path: &str) -> bool {
    let below = |top: &str| {
        path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    STAFF.iter().any(|top| below(top))
}

/// Wraps every route of the portal.
pub async fn enter(
    app: Data<App>,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let request_id = uuid::Uuid::now_v7().simple().to_string();
    let span = tracing::info_span!(
        "request",
        id = request_id,
        method = %req.method(),
        host = asked_host(&req),
        path = logged(&app.english.paths, req.path()),
    );
    let area = if is_staff_path(req.path()) { "staff" } else { "public" };
    let answer = answer(app.clone(), req, next, request_id).instrument(span.clone()).await;
    if let Ok(res) = &answer {
        let status = res.status().as_u16();
        app.metrics.answered(area, status, started.elapsed());
        let ms = started.elapsed().as_millis();
        span.in_scope(|| tracing::info!(status, ms, "answered"));
    }
    answer
}

async fn answer(
    app: Data<App>,
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    request_id: String,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // Whoever answers GET answers HEAD; the server itself leaves the body out.
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let host = host(&app, &req);
    let tenant = match app.tenant(&host).await {
        Ok(tenant) => tenant,
        Err(err) => return Ok(req.into_response(no_site(&err))),
    };
    if tenant.vi.host != host {
        let answer = moved(&tenant.vi, &req);
        return Ok(req.into_response(answer));
    }
    let spoken = Spoken::of(&app.english.paths, &tenant.vi, &req);
    let asked = req.path().to_owned();
    match &spoken {
        Spoken::Vietnamese => (),
        Spoken::English(path) => spoken::answer_at(&mut req, path),
        Spoken::Moved(address) => {
            let answer = spoken::moved(&tenant.vi, address);
            return Ok(req.into_response(answer));
        }
    }
    let jar = Jar { secure: app.settings.secure_cookies };
    let (secret, fresh) = form_secret(jar, &req);
    let flash = req.cookie(jar.flash()).map(|cookie| cookie.value().to_owned());
    let cx = Cx {
        now: app.now(),
        path: req.path().to_owned(),
        csrf: cookies::form_token(&secret),
        flash: flash.clone(),
        fresh: fresh.clone(),
        site: tenant.face(spoken.locale()),
        asked,
        tenant,
        request_id,
        app,
    };
    req.extensions_mut().insert(cx.clone());
    let staff = is_staff_path(req.path());
    let mut res = match closed(&cx.site).filter(|_| !staff && !is_static(req.path())) {
        Some(message) => {
            let cx = cx.without_menu();
            req.into_response(error_page(&cx, &Told::closed(&cx, &message), staff))
        }
        None => match posted::keep(&mut req).await {
            Ok(()) => told(&cx, next.call(req).await?.map_into_boxed_body(), staff),
            Err(status) => req.into_response(error_page(&cx, &Told::plain(&cx, status), staff)),
        },
    };
    if let (Some(secret), true) = (fresh, staff) {
        set_cookie(&mut res, &jar.make(jar.form(), secret));
    }
    if flash.is_some() && res.status() != StatusCode::SEE_OTHER {
        set_cookie(&mut res, &jar.drop(jar.flash()));
    }
    keep_language(&cx, &mut res);
    protect(&cx, &mut res);
    Ok(res)
}

/// The host asked for, in small letters and without its port.
fn host(app: &App, req: &ServiceRequest) -> String {
    let host = asked_host(req);
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match &app.settings.default_host {
        Some(default) if matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1") => {
            default.clone()
        }
        _ => name,
    }
}

/// The host as the client sent it. What proxies add is not believed: whoever can write such a
/// header could choose the tenant.
fn asked_host(req: &ServiceRequest) -> &str {
    let header = req.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = req.uri().authority().map(actix_web::http::uri::Authority::as_str);
    authority.or(header).unwrap_or_default()
}

/// The path as the log may have it: without the secrets of single-use links and tracking codes.
fn logged(paths: &Paths, path: &str) -> String {
    let places = ["/moi/", "/vao/", "/duyet/", "/hoi-dap/ma/", "/hoi-dap/tai/", "/thu/thoi-nhan/"];
    let english = path.strip_prefix(ENGLISH).filter(|rest| rest.starts_with('/'));
    let own = english.map(|rest| paths.to_vietnamese(rest, &SectionNames::default()));
    let own = own.as_deref().unwrap_or(path);
    let secret = places.iter().find(|place| own.starts_with(**place));
    secret.map_or_else(|| path.to_owned(), |place| format!("{place}…"))
}

/// A host that is nobody's learns nothing: not what hosts there are, nor in what language.
fn no_site(err: &Error) -> HttpResponse {
    let status = match err {
        Error::NotFound => StatusCode::NOT_FOUND,
        err => {
            tracing::error!("cannot find the site: {err:?}");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let text = if status == StatusCode::NOT_FOUND { "Not found\n" } else { "Try again later\n" };
    HttpResponse::build(status).content_type(header::ContentType::plaintext()).body(text)
}

/// Another host of the site leads to the same path on the canonical one.
fn moved(site: &Site, req: &ServiceRequest) -> HttpResponse {
    let path = req.uri().path_and_query().map_or("/", |it| it.as_str());
    let status = match req.method() {
        &Method::GET => StatusCode::MOVED_PERMANENTLY,
        _ => StatusCode::PERMANENT_REDIRECT,
    };
    HttpResponse::build(status)
        .insert_header((header::LOCATION, format!("{}{path}", site.url)))
        .finish()
}

/// What visitors read on a site that is not open.
fn closed(site: &Site) -> Option<Message> {
    match site.state {
        SiteState::Draft | SiteState::Linked => Some("site.in_preparation".into()),
        SiteState::Suspended => Some("site.suspended".into()),
        SiteState::Active | SiteState::Archived => None,
    }
}

/// What staff screens show even while the site is closed: static files, pictures, and files,
/// which ask themselves who may have them.
fn is_static(path: &str) -> bool {
    ["/static/", "/anh/", "/tep/"].iter().any(|top| path.starts_with(top)) || path == "/favicon.ico"
}

/// The secret behind this browser's form tokens, and whether it is new.
fn form_secret(jar: Jar, req: &ServiceRequest) -> (String, Option<String>) {
    let held = req.cookie(jar.session()).or_else(|| req.cookie(jar.form()));
    match held.map(|cookie| cookie.value().to_owned()) {
        Some(secret) => (secret, None),
        None => {
            let secret = cookies::secret();
            (secret.clone(), Some(secret))
        }
    }
}

fn set_cookie(res: &mut ServiceResponse<BoxBody>, cookie: &Cookie<'_>) {
    if let Ok(value) = header::HeaderValue::from_str(&cookie.to_string()) {
        res.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Whoever is sent on from an English page arrives at one.
fn keep_language(cx: &Cx, res: &mut ServiceResponse<BoxBody>) {
    if !cx.is_english() {
        return;
    }
    let headers = res.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, header::HeaderValue::from_static("en"));
    let target = headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
    let turned = target.and_then(|to| links::turned(&cx.app.english.paths, &cx.site, to));
    if let Some(Ok(to)) = turned.map(|to| header::HeaderValue::from_str(&to)) {
        headers.insert(header::LOCATION, to);
    }
}

/// Replaces a failure by a page, and what the client has by a word.
fn told(cx: &Cx, res: ServiceResponse<BoxBody>, staff: bool) -> ServiceResponse<BoxBody> {
    let status = res.status();
    let failure = res.response().error().map(|err| match err.as_error::<Failure>() {
        Some(failure) => Told::of(cx, failure, status),
        None => Told::plain(cx, status),
    });
    match failure {
        Some(mut told) => {
            if let Some(kept) = res.request().extensions().get::<Kept>() {
                told.kept =
                    kept.fields.iter().map(|(name, value)| Pair::new(name, value)).collect();
                told.kept_path = Some(cx.path.clone());
            }
            let page = error_page(cx, &told, staff);
            res.into_response(page)
        }
        None => known::spare(res),
    }
}

/// What the visitor is told. The staff's sign-in page takes the same view.
#[derive(Debug, Serialize)]
struct Told {
    status: u16,
    title: String,
    message: String,
    help: Vec<Link>,
    request_id: String,
    /// What was typed into the form that failed, to be sent again.
    kept: Vec<Pair>,
    kept_path: Option<String>,
    next: String,
    form: HashMap<&'static str, &'static str>,
    errors: HashMap<&'static str, String>,
    head: Head,
}

#[derive(Debug, Serialize)]
struct Head {
    title: String,
    description: String,
    robots: &'static str,
}

#[derive(Debug, Serialize)]
struct Link {
    label: String,
    path: String,
}

#[derive(Debug, Serialize)]
struct Pair {
    name: String,
    value: String,
}

impl Pair {
    fn new(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned() }
    }
}

impl Told {
    fn of(cx: &Cx, failure: &Failure, status: StatusCode) -> Self {
        let mut told = Self::plain(cx, status);
        match &failure.0 {
            Error::Conflict(message) => told.message = cx.say(message),
            Error::Invalid(errors) => {
                let said: Vec<String> = cx.say_all(errors).into_values().collect();
                told.message = said.join(" ");
            }
            err => {
                log(err);
                if let Error::Busy(cause) = err
                    && let Some(message) = cause.downcast_ref::<Message>()
                {
                    told.message = cx.say(message);
                }
            }
        }
        told
    }

    fn plain(cx: &Cx, status: StatusCode) -> Self {
        // A status we have no words for is told as its class: our fault, or the address's.
        let code = match status.as_u16() {
            code @ (401 | 403 | 404 | 409 | 410 | 413 | 422 | 500 | 503) => code,
            405 => 404,
            code if code >= 500 => 500,
            _ => 400,
        };
        let say = |part: &str| cx.say(&Message::new(format!("error.{part}_{code}")));
        let title = say("title");
        let link = |key: &str, path: &str| Link {
            label: cx.say(&Message::new(format!("error.{key}"))),
            path: path.to_owned(),
        };
        let help = match is_staff_path(&cx.path) {
            true => vec![link("desk", "/quan-tri"), link("home", "/")],
            false => {
                vec![link("home", "/"), link("map", "/so-do-trang"), link("contact", "/lien-he")]
            }
        };
        let head = Head { title: title.clone(), description: String::new(), robots: "noindex" };
        Self {
            status: status.as_u16(),
            message: say("message"),
            title,
            help,
            request_id: cx.request_id.clone(),
            kept: Vec::new(),
            kept_path: None,
            next: cx.path.clone(),
            form: HashMap::from([("email", "")]),
            errors: HashMap::new(),
            head,
        }
    }

    fn closed(cx: &Cx, message: &Message) -> Self {
        let mut told = Self::plain(cx, StatusCode::SERVICE_UNAVAILABLE);
        told.title = cx.site.name.clone();
        told.message = cx.say(message);
        told.help = Vec::new();
        told
    }
}

/// A failure is logged here and nowhere else; its cause is never shown.
fn log(err: &Error) {
    match err {
        Error::Busy(cause) => tracing::warn!("busy: {cause:#}"),
        Error::Internal(cause) => tracing::error!("{cause:#}"),
        _ => (),
    }
}

fn error_page(cx: &Cx, told: &Told, staff: bool) -> HttpResponse {
    let template = if told.status == 401 { "accounts/sign_in.html" } else { "error.html" };
    let page = match staff {
        true => cx.staff_page(&None::<()>, template, told),
        // What was typed is offered to be sent again, with a token that will hold.
        false if !told.kept.is_empty() => cx.form_page("error.html", told),
        false => cx.page("error.html", told),
    };
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut page = page.unwrap_or_else(|Failure(err)| {
        tracing::error!("the error page itself fails: {err:?}");
        HttpResponse::new(status)
    });
    *page.status_mut() = status;
    page
}

/// What a browser may do with our pages: nothing from elsewhere, no frames, no guessing. A form
/// may lead to the other sites of the portal, for people cross between them by one.
fn policy(cx: &Cx) -> String {
    let portal = cx.site.portal.as_ref().map_or(&cx.site.url, |portal| &portal.url);
    let below = portal.replacen("://", "://*.", 1);
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self' {portal} {below}; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

fn protect(cx: &Cx, res: &mut ServiceResponse<BoxBody>) {
    let headers = res.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        let name = header::HeaderName::from_static(name);
        headers.insert(name, header::HeaderValue::from_static(value));
    };
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "same-origin");
    put("permissions-policy", "camera=(), geolocation=(), microphone=()");
    if cx.app.settings.scheme == "https" {
        put("strict-transport-security", "max-age=31536000");
    }
    // What staff upload is served under a policy of its own.
    if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        return;
    }
    if let Ok(policy) = header::HeaderValue::from_str(&policy(cx)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}
