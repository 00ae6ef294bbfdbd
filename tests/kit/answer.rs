//! What the visitor got, and what is asserted of it. Assertions chain.

use actix_web::http::{StatusCode, header::HeaderMap};

/// What the visitor got.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    /// The body, as it came.
    pub bytes: Vec<u8>,
    /// The body, as text.
    pub text: String,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self { status, headers, bytes, text }
    }

    /// The status.
    pub fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// Asserts the status.
    #[track_caller]
    pub fn status(self, code: u16) -> Self {
        assert_eq!(self.status.as_u16(), code, "{}", self.text);
        self
    }

    /// Asserts that the visitor reads `text`.
    #[track_caller]
    pub fn sees(self, text: &str) -> Self {
        assert!(self.text.contains(text), "no {text:?} in\n{}", self.text);
        self
    }

    /// Asserts that the visitor does not read `text`.
    #[track_caller]
    pub fn misses(self, text: &str) -> Self {
        assert!(!self.text.contains(text), "{text:?} is in\n{}", self.text);
        self
    }

    /// Asserts that the visitor is sent to `place`, and gives it.
    #[track_caller]
    pub fn leads_to(self, place: &str) -> String {
        let location = self.header("location");
        assert!(location.starts_with(place), "{location:?} is not {place:?}: {}", self.text);
        location
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// Every cookie that was set.
    pub fn cookies(&self) -> Vec<String> {
        let cookies = self.headers.get_all("set-cookie");
        cookies.filter_map(|cookie| cookie.to_str().ok().map(str::to_owned)).collect()
    }

    /// What stands between `before` and `after` for the first time.
    #[track_caller]
    pub fn between(&self, before: &str, after: &str) -> String {
        let rest = self.text.split_once(before).unwrap_or_else(|| {
            panic!("no {before:?} in\n{}", self.text);
        });
        rest.1.split(after).next().unwrap().to_owned()
    }
}
