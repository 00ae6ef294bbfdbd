//! The request context: the first argument of every handler.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
    web::Data,
};
use anyhow::anyhow;
use base::{Error, FieldErrors, Locale, Message, Site};
use chrono::{Datelike, NaiveDateTime};
use db::{Conn, events::Actor};
use serde::Serialize;
use std::collections::BTreeMap;
use tera::Context;

use crate::{App, Failure, Result, cookies::Jar, links, tongue::Tenant};

/// The site being visited and the means to answer.
#[derive(Clone)]
pub struct Cx {
    /// The tenant, found by host name, in the language of the page.
    pub site: Arc<Site>,
    /// When the request arrived, in UTC.
    pub now: NaiveDateTime,
    /// The Vietnamese address of what the visitor asked for, without the query.
    pub path: String,
    /// The address as the visitor asked for it: `/en/…` on an English page.
    pub asked: String,
    /// Marks this request in the log and on error pages.
    pub request_id: String,
    /// What every form on the page must carry.
    pub csrf: String,
    /// A message for the visitor from the page before: a key of `message.toml`.
    pub(crate) flash: Option<String>,
    /// The secret behind the tokens of this browser's forms, where it does not hold it yet.
    pub(crate) fresh: Option<String>,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) app: Data<App>,
}

/// Does what takes long off the threads that answer.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> base::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|err| anyhow!("a job died: {err}"))?)
}

/// What templates know of the request.
#[derive(Debug, Serialize)]
pub struct Page {
    path: String,
    url: String,
    /// The address of this page in the other language, whether or not anybody translated it.
    other: String,
    year: i32,
    request_id: String,
    csrf: String,
    flash: Option<Flash>,
}

#[derive(Debug, Serialize)]
struct Flash {
    kind: &'static str,
    text: String,
}

impl Cx {
    /// Queries the database on behalf of this site.
    pub async fn read<T, F>(&self, f: F) -> base::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Site) -> base::Result<T> + Send + 'static,
    {
        let site = self.site.clone();
        self.app.db.read(move |conn| f(conn, &site)).await
    }

    /// Like [`Cx::read`], inside one transaction. What this process remembers of the site is
    /// forgotten afterwards.
    pub async fn write<T, F>(&self, f: F) -> base::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Site) -> base::Result<T> + Send + 'static,
    {
        let site = self.site.clone();
        let done = self.app.db.write(move |conn| f(conn, &site)).await;
        self.app.forget(self.site.id);
        done
    }

    /// The same request on a site whose sections cannot be visited.
    pub(crate) fn without_menu(&self) -> Self {
        let site = Site { menu: Vec::new(), ..(*self.site).clone() };
        Self { site: Arc::new(site), ..self.clone() }
    }

    /// The running portal.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Names and makes cookies.
    pub fn jar(&self) -> Jar {
        Jar { secure: self.app.settings.secure_cookies }
    }

    /// Who acts when nobody is signed in.
    pub fn nobody(&self) -> Actor {
        Actor { site: self.site.id, user: None, now: self.now }
    }

    /// The words of `message`.
    pub fn say(&self, message: &Message) -> String {
        self.words().say(message)
    }

    /// The words of the page's language.
    pub fn words(&self) -> &theme::Words {
        self.app.themes.words_in(self.site.locale)
    }

    /// The words of a form's errors, by field, for templates.
    pub fn say_all(&self, errors: &FieldErrors) -> BTreeMap<String, String> {
        errors.iter().map(|(field, message)| (field.to_string(), self.say(message))).collect()
    }

    /// Renders `view` with the site's theme, for the public.
    pub fn page(&self, template: &str, view: &impl Serialize) -> Result<HttpResponse> {
        let html = self.render(&self.site.theme, template, &None::<()>, view)?;
        Ok(HttpResponse::Ok().content_type(header::ContentType::html()).body(html))
    }

    /// Renders `view` like [`Cx::page`], with a form that a stranger may send: the browser is
    /// given what the form's token is made from. Such pages are never stored.
    pub fn form_page(&self, template: &str, view: &impl Serialize) -> Result<HttpResponse> {
        let mut page = self.page(template, view)?;
        if let Some(secret) = &self.fresh {
            let cookie = self.jar().make(self.jar().form(), secret.clone());
            let set = page.add_cookie(&cookie);
            set.map_err(|err| anyhow!("a cookie that is none: {err}"))?;
        }
        let never = header::HeaderValue::from_static("no-store");
        page.headers_mut().insert(header::CACHE_CONTROL, never);
        Ok(page)
    }

    /// Renders `view` with the staff theme. Such pages are never stored.
    pub fn staff_page(
        &self,
        user: &impl Serialize,
        template: &str,
        view: &impl Serialize,
    ) -> Result<HttpResponse> {
        let html = self.render(theme::ADMIN, template, user, view)?;
        let mut page = HttpResponse::Ok();
        page.content_type(header::ContentType::html());
        page.insert_header((header::CACHE_CONTROL, "no-store"));
        Ok(page.body(html))
    }

    /// Renders a template into text.
    pub fn render(
        &self,
        theme: &str,
        template: &str,
        user: &impl Serialize,
        view: &impl Serialize,
    ) -> Result<String> {
        let mut context = Context::new();
        context.insert("site", &*self.site);
        context.insert("user", user);
        context.insert("page", &self.page_facts());
        context.insert("view", view);
        let text = self.app.themes.render(self.site.locale, theme, template, &context)?;
        let is_english_page =
            self.is_english() && theme != theme::ADMIN && template.ends_with(".html");
        Ok(match is_english_page {
            true => links::turn(&self.app.english.paths, &self.site, &text)?,
            false => text,
        })
    }

    /// The address of the page at `path`, a Vietnamese one, in the language of this page; with the
    /// scheme and the host.
    pub fn address(&self, path: &str) -> String {
        format!("{}{}", self.site.url, self.turned(path))
    }

    /// The address in the other language of the page at `path`, a Vietnamese one.
    pub fn other(&self, path: &str) -> String {
        match self.site.locale {
            Locale::Vi => self.app.english.paths.to_english(path, &self.site.sections),
            Locale::En => path.to_owned(),
        }
    }

    fn page_facts(&self) -> Page {
        let flash = self.flash.as_ref().map(|key| Flash {
            kind: if key.ends_with(".warning") { "warning" } else { "ok" },
            text: self.say(&Message::new(key.clone())),
        });
        Page {
            path: self.path.clone(),
            url: format!("{}{}", self.site.url, self.asked),
            other: self.other(&self.path),
            year: base::time::local(self.now).year(),
            request_id: self.request_id.clone(),
            csrf: self.csrf.clone(),
            flash,
        }
    }

    /// Sends the visitor on after a successful form.
    pub fn see_other(&self, path: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
    }

    /// Sends the visitor on, with `message` (a key of `message.toml`) for the next page.
    pub fn see_other_with(&self, path: &str, message: &'static str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        let jar = self.jar();
        answer.cookie(jar.make(jar.flash(), message.to_owned()));
        answer.insert_header((header::LOCATION, path)).finish()
    }

    /// Turns a page into the answer to a form that the visitor must correct.
    pub fn again(&self, page: Result<HttpResponse>) -> Result<HttpResponse> {
        let mut page = page?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(page)
    }
}

impl FromRequest for Cx {
    type Error = Failure;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cx = req.extensions().get::<Cx>().cloned();
        ready(cx.ok_or_else(|| Error::Internal(anyhow!("web::enter is not mounted")).into()))
    }
}
