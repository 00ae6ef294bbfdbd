//! Counts which searches led somewhere: that a result was opened, not which, by whom or when.

use web::{Cx, Data, Request, Response, Result, Routes, post};

use crate::Finder;

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/tim-kiem/da-mo", post().to(count));
}

/// The longest message that is read, in bytes.
const MAX: usize = 2000;

/// Takes what a browser sends on its way out (`navigator.sendBeacon`): `q=…`, as text.
async fn count(cx: Cx, req: Request, finder: Data<Finder>, body: String) -> Result<Response> {
    web::check_origin(&req)?;
    let query = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "q");
    if let Some((_, query)) = query.filter(|_| body.len() <= MAX) {
        finder.tally.opened(cx.site.id, &query);
    }
    Ok(Response::NoContent().finish())
}
