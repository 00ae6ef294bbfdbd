//! Forms: read whole, checked for having come from our own page, kept when something fails.

use std::{
    collections::BTreeMap,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::{Method, StatusCode, header},
    web::BytesMut,
};
use base::Error;
use serde::de::{DeserializeOwned, IntoDeserializer, value::MapDeserializer};

use crate::{Cx, Failure, Result};

/// The fields of a form, by name.
pub type Fields = BTreeMap<String, String>;

/// What a visitor sent, kept beside the request so that an error page can offer it again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) fields: Fields,
    token: String,
}

/// The hidden field that carries the token.
pub const TOKEN: &str = "_csrf";

/// The largest form, in bytes: a pasted book must still get an answer that loses nothing.
const MAX_FORM: usize = 8 << 20;

/// A form sent from one of our own pages. Taking it as an argument is what checks that.
///
/// A form with a stale token is answered with 409 and a page that shows everything typed and
/// offers to send it again: the visitor may simply have signed in anew in another tab. A form
/// that another site sent is refused outright.
#[derive(Debug)]
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Posted<T> {
    type Error = Failure;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(genuine(req).and_then(read).map(Self))
    }
}

/// The fields of the form of `req`, if it is ours.
fn genuine(req: &HttpRequest) -> Result<Fields> {
    check_origin(req)?;
    let kept = req.extensions().get::<Kept>().cloned();
    let kept = kept.ok_or_else(|| Error::conflict("form.malformed"))?;
    let cx = req.extensions().get::<Cx>().cloned();
    let cx = cx.ok_or_else(|| Error::Internal(anyhow::anyhow!("enter is missing")))?;
    match kept.token == cx.csrf {
        true => Ok(kept.fields),
        false => Err(Error::conflict("form.stale").into()),
    }
}

/// Reads the form of a POST before anything can fail, so that nothing typed is lost whatever
/// happens to the request. `Err` when it is too large to be read.
pub(crate) async fn keep(req: &mut ServiceRequest) -> Result<(), StatusCode> {
    let kind = req.headers().get(header::CONTENT_TYPE).map(header::HeaderValue::as_bytes);
    let is_form = kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"));
    if req.method() != Method::POST || !is_form {
        return Ok(());
    }
    let mut payload = req.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = next(&mut payload).await {
        let Ok(chunk) = chunk else { return Err(StatusCode::BAD_REQUEST) };
        if body.len() + chunk.len() > MAX_FORM {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        body.extend_from_slice(&chunk);
    }
    let mut fields: Fields = form_urlencoded::parse(&body).into_owned().collect();
    let token = fields.remove(TOKEN).unwrap_or_default();
    // A form that somebody else filled in is not the visitor's to send again.
    if is_own(req.headers()) {
        req.extensions_mut().insert(Kept { fields, token });
    }
    Ok(())
}

async fn next(
    payload: &mut Payload,
) -> Option<Result<actix_web::web::Bytes, actix_web::error::PayloadError>> {
    use futures_core::Stream;
    std::future::poll_fn(|cx| std::pin::Pin::new(&mut *payload).poll_next(cx)).await
}

/// Refuses what the browser says another host's page sent, a sister site's included.
pub fn check_origin(req: &HttpRequest) -> Result<()> {
    match is_own(req.headers()) {
        true => Ok(()),
        false => Err(Error::Forbidden.into()),
    }
}

/// Old browsers say nothing; `none` is the visitor's own doing.
fn is_own(headers: &header::HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(header::HeaderValue::as_bytes);
    matches!(site, None | Some(b"same-origin" | b"none"))
}

/// Fields into a struct of strings; absent ones are empty, unknown ones are left.
fn read<T: DeserializeOwned>(fields: Fields) -> Result<T> {
    let pairs = fields.into_iter().map(|(name, value)| (name, value.into_deserializer()));
    let map: MapDeserializer<'_, _, serde::de::value::Error> = MapDeserializer::new(pairs);
    let form = T::deserialize(map);
    Ok(form.map_err(|err| {
        tracing::info!("a malformed form: {err}");
        Error::conflict("form.malformed")
    })?)
}
