//! Stopping notices. Reading the page changes nothing, because mail scanners follow every link; a
//! button or the mail program's own (RFC 8058) does it. The secret in the address is the right to
//! do so: mail programs have no session and no token, so the form needs neither.

use base::Message;
use serde::Serialize;
use web::{About, Cx, Head, Path, Response, Result, Routes, get, header, post};

use crate::{
    model::masked,
    store::wishes::{self, Origin},
};

pub(super) fn routes(routes: &mut Routes) {
    routes
        .route("/thu/thoi-nhan/{token}", get().to(show))
        .route("/thu/thoi-nhan/{token}", post().to(stop));
}

#[derive(Serialize)]
struct StopView {
    head: Head,
    title: String,
    text: String,
    stopped: bool,
}

async fn show(cx: Cx, token: Path<String>) -> Result<Response> {
    let token = token.into_inner();
    let origin = cx.read(move |conn, site| wishes::origin(conn, site.id, &token)).await?;
    page(&cx, &origin)
}

/// Answers with the page itself: mail programs do not follow redirects here.
async fn stop(cx: Cx, token: Path<String>) -> Result<Response> {
    let (token, now) = (token.into_inner(), cx.now);
    let origin = cx.write(move |conn, site| wishes::stop(conn, site.id, &token, now)).await?;
    page(&cx, &origin)
}

fn page(cx: &Cx, origin: &Origin) -> Result<Response> {
    let topic = cx.say(&Message::new(format!("mail.topic.{}", origin.topic)));
    let text = if origin.stopped { "mail.stop.done" } else { "mail.stop.ask" };
    let text = Message::new(text).with("topic", topic).with("site", &cx.site.name);
    let title = cx.say(&Message::new("mail.stop.title"));
    let about = About { title: title.clone(), path: "/thu/thoi-nhan".into(), ..About::default() };
    let view = StopView {
        head: Head::new(cx, &about).hidden(),
        text: cx.say(&text.with("address", masked(&origin.recipient))),
        title,
        stopped: origin.stopped,
    };
    let mut answer = cx.page("mail/stop.html", &view)?;
    let no_store = header::HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, no_store);
    Ok(answer)
}
