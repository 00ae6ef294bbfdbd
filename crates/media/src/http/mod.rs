//! The libraries of pictures and files, and what is in them as visitors get it.

mod download;
mod files;
mod picker;
mod pictures;

use accounts::{Can, See};
use base::{Error, FieldErrors};
use web::{Cx, Failure, FromRequest, Request, Response, Result, Routes, header};

use crate::uses;

pub use download::send_sealed;
pub use picker::{Picker, picked, picker};

/// Every address this crate answers.
pub fn routes(routes: &mut Routes) {
    pictures::routes(routes);
    files::routes(routes);
    download::routes(routes);
}

/// Whether somebody may have an item, and so whether others may keep it for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Everybody may.
    Public,
    /// This person may: they work on the site.
    Staff,
}

impl Access {
    /// What browsers and proxies may keep of an item that everybody may have for `seconds`. What
    /// is private is kept by nobody; what was public can be withdrawn, so nobody keeps it long.
    fn cache_control(self, seconds: u32) -> String {
        match self {
            Self::Public => format!("public, max-age={seconds}"),
            Self::Staff => "private, no-store".into(),
        }
    }
}

/// Lets through who may have an item; for everybody else it is not there.
async fn access(req: &Request, public: bool) -> Result<Access> {
    if public {
        return Ok(Access::Public);
    }
    match Can::<See>::extract(req).await {
        Ok(_) => Ok(Access::Staff),
        Err(Failure(Error::SignInRequired | Error::Forbidden)) => Err(Error::NotFound.into()),
        Err(err) => Err(err),
    }
}

/// Where an item is used, in words.
#[derive(serde::Serialize)]
struct UseView {
    kind: String,
    label: String,
    path: String,
    public: bool,
}

fn use_views(cx: &Cx, uses: Vec<uses::Use>) -> Vec<UseView> {
    let view = |it: uses::Use| UseView {
        kind: cx.say(&base::Message::new(format!("use.{}", it.kind))),
        label: it.label,
        path: it.path,
        public: it.public,
    };
    uses.into_iter().map(view).collect()
}

/// What a script is told of a form that the person must correct.
fn refusal(cx: &Cx, errors: &FieldErrors) -> Response {
    let said = std::collections::BTreeMap::from([("errors", cx.say_all(errors))]);
    Response::UnprocessableEntity().json(said)
}

/// Whether a script asks, which wants an answer it can read.
fn wants_json(req: &Request) -> bool {
    let accept = req.headers().get(header::ACCEPT).map(header::HeaderValue::as_bytes);
    accept.is_some_and(|accept| accept.starts_with(b"application/json"))
}
