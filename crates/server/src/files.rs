//! The static files of the themes, from memory.

use base::Error;
use web::{Cx, Path, Request, Response, Result, Routes, get, header};

/// The one address of static files.
pub fn routes(routes: &mut Routes) {
    routes.route("/static/{file:.*}", get().to(serve)).route("/favicon.ico", get().to(icon));
}

async fn serve(cx: Cx, req: Request, file: Path<String>) -> Result<Response> {
    let asset = cx.app().themes.asset(&file).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", asset.digest);
    // The digest is part of the address that pages use, so that one may be kept for ever.
    let forever = req.query_string() == format!("v={}", asset.digest);
    let known = req.headers().get(header::IF_NONE_MATCH).map(header::HeaderValue::as_bytes);
    let is_known = known == Some(tag.as_bytes());
    let mut answer = if is_known { Response::NotModified() } else { Response::Ok() };
    let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert_header((header::CACHE_CONTROL, cache));
    answer.insert_header((header::ETAG, tag));
    answer.content_type(asset.mime);
    Ok(if is_known { answer.finish() } else { answer.body(asset.bytes.clone()) })
}

/// Browsers ask for it unasked; the emblem is what they want.
async fn icon(cx: Cx) -> Result<Response> {
    let asset = cx.app().themes.asset("default/img/emblem.svg").ok_or(Error::NotFound)?;
    Ok(Response::Ok().content_type(asset.mime).body(asset.bytes.clone()))
}
