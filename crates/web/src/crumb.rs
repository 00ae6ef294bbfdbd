//! Where a public page stands.

use base::Message;
use serde::Serialize;

use crate::Cx;

/// A step of the way from the home page.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its address.
    pub path: String,
    /// The language of its name, where that is not the page's.
    pub lang: Option<&'static str>,
}

impl Crumb {
    /// A step to the page at `path`.
    pub fn new(label: impl Into<String>, path: impl Into<String>) -> Self {
        Self { label: label.into(), path: path.into(), lang: None }
    }

    /// The same step with the language of its name, where that is not the page's.
    #[must_use]
    pub fn in_language(self, lang: Option<&'static str>) -> Self {
        Self { lang, ..self }
    }

    /// The first of all.
    pub fn home(cx: &Cx) -> Self {
        Self::new(cx.say(&Message::new("home")), "/")
    }
}
