//! Answers that the client already has are not sent again.

use actix_web::{
    HttpResponse,
    body::BoxBody,
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use sha2::{Digest, Sha256};

/// The strong tag of an answer: another body has another.
pub fn tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    format!("\"{}\"", base::hex(digest.get(..12).unwrap_or_default()))
}

/// 304 in the place of an answer that the client has, with the headers of that answer.
pub(crate) fn spare(res: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let is_known = is_known(res.request().headers(), res.headers());
    if res.status() != StatusCode::OK || !is_known {
        return res;
    }
    let mut bare = HttpResponse::NotModified().finish();
    for (name, value) in res.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            bare.headers_mut().append(name.clone(), value.clone());
        }
    }
    res.into_response(bare)
}

/// Whether what was asked for is what the answer brings. Tags count before days; a day has to be
/// the very same, because a list from which something was taken may be older than it was.
fn is_known(asked: &HeaderMap, answer: &HeaderMap) -> bool {
    let text = |headers: &HeaderMap, name| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned)
    };
    if asked.contains_key(header::IF_NONE_MATCH) {
        let Some(tag) = text(answer, header::ETAG) else { return false };
        let known = asked.get_all(header::IF_NONE_MATCH).filter_map(|it| it.to_str().ok());
        let mut tags = known.flat_map(|it| it.split(',')).map(str::trim);
        // A proxy that compresses makes the tag a weak one.
        return tags.any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag);
    }
    let since = text(asked, header::IF_MODIFIED_SINCE);
    since.is_some() && since == text(answer, header::LAST_MODIFIED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &[(header::HeaderName, &str)], known: bool) {
        let map = |pairs: &[(header::HeaderName, &str)]| {
            let pair = |(name, value): &(header::HeaderName, &str)| {
                (name.clone(), header::HeaderValue::from_str(value).unwrap())
            };
            pairs.iter().map(pair).collect::<HeaderMap>()
        };
        let day = "Fri, 20 Nov 2026 02:00:00 GMT";
        let answer = map(&[(header::ETAG, "\"a\""), (header::LAST_MODIFIED, day)]);
        assert_eq!(is_known(&map(asked), &answer), known, "{asked:?}");
        assert!(!is_known(&map(asked), &HeaderMap::new()), "{asked:?}");
    }

    #[test]
    fn what_the_client_has_is_told_by_its_tag_or_else_by_its_day() {
        let tag = |text| (header::IF_NONE_MATCH, text);
        let since = |text| (header::IF_MODIFIED_SINCE, text);
        let day = "Fri, 20 Nov 2026 02:00:00 GMT";
        check(&[], false);
        check(&[tag("\"a\"")], true);
        check(&[tag("\"b\", W/\"a\"")], true);
        check(&[tag("\"b\"")], false);
        check(&[since(day)], true);
        check(&[since("Sat, 21 Nov 2026 02:00:00 GMT")], false);
        check(&[tag("\"b\""), since(day)], false);
    }
}
