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
}

impl Crumb {
    /// The first of all.
    pub fn home(cx: &Cx) -> Self {
        Self { label: cx.say(&Message::new("home")), path: "/".into() }
    }
}
