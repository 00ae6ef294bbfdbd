//! A browser on one site: a stranger's, or a signed-in person's.

use accounts::store as people;
use actix_web::{App, body::to_bytes, http::header, test};
use db::events::Actor;
use web::cookies::form_token;

use crate::{Answer, Portal};

/// A browser on one site.
pub struct Visitor<'a> {
    portal: &'a Portal,
    host: String,
    /// The name and secret of the cookie it holds.
    cookie: (&'static str, String),
}

impl<'a> Visitor<'a> {
    pub(crate) fn stranger(portal: &'a Portal, host: &str) -> Self {
        Self { portal, host: host.into(), cookie: ("conglang-form", "a stranger".into()) }
    }

    /// The browser of the person who signs in with `name@tinh.gov.vn`.
    pub fn signed_in(portal: &'a Portal, host: &str, name: &str) -> Self {
        let (site, user) = (portal.site_id(host), portal.user_id(name));
        let secret = portal.write(|conn, _, now| {
            people::sign_in(conn, Actor { site, user: Some(user), now }, user, "a test")
        });
        Self { portal, host: host.into(), cookie: ("conglang", secret) }
    }

    /// The same browser, with its session's cookie carried to another host.
    #[must_use]
    pub fn strayed_to(mut self, host: &str) -> Self {
        self.host = host.into();
        self
    }

    /// The same browser with another secret in its session's cookie.
    #[must_use]
    pub fn with_session(mut self, secret: &str) -> Self {
        self.cookie = ("conglang", secret.into());
        self
    }

    /// Where it goes, and the cookie it brings: for requests made by hand.
    pub fn headers(&self) -> [(&'static str, String); 2] {
        let cookie = format!("{}={}", self.cookie.0, self.cookie.1);
        [("Host", self.host.clone()), ("Cookie", cookie)]
    }

    /// What forms of this browser must carry.
    pub fn token(&self) -> String {
        form_token(&self.cookie.1)
    }

    /// Visits `path`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(test::TestRequest::get().uri(path)).await
    }

    /// Sends a form to `path`, with the token a page of ours would have put into it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut fields = fields.to_vec();
        fields.push(("_csrf", &token));
        self.post_as_it_is(path, &fields).await
    }

    /// Sends a form to `path` without adding anything.
    pub async fn post_as_it_is(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(test::TestRequest::post().uri(path).set_form(fields)).await
    }

    /// Sends files to `path` under the field `name`, with other `fields`.
    pub async fn upload(
        &self,
        path: &str,
        name: &str,
        files: &[(&str, &[u8])],
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut body = Vec::new();
        let token = self.token();
        for (field, value) in fields.iter().chain([&("_csrf", token.as_str())]) {
            let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n");
            body.extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        }
        for (file, bytes) in files {
            let disposition = format!("form-data; name=\"{name}\"; filename=\"{file}\"");
            let head = format!("--b\r\nContent-Disposition: {disposition}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        let kind = (header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let request = test::TestRequest::post().uri(path).insert_header(kind).set_payload(body);
        self.send(request).await
    }

    /// Sends any request.
    pub async fn send(&self, request: test::TestRequest) -> Answer {
        let mounted = self.portal.parts.clone();
        let app = App::new().configure(move |service| mounted.mount(service));
        let service = test::init_service(app).await;
        let cookie = format!("{}={}", self.cookie.0, self.cookie.1);
        let request = request
            .insert_header((header::HOST, self.host.as_str()))
            .insert_header((header::COOKIE, cookie))
            .to_request();
        let response = test::call_service(&service, request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body()).await.ok().unwrap();
        Answer::new(status, headers, bytes.to_vec())
    }
}
