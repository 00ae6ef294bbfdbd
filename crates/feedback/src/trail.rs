//! Where a public page stands.

use base::Message;
use serde::Serialize;
use web::Cx;

/// A step of the way to a page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Crumb {
    label: String,
    path: String,
}

/// The way to a page of cases, from the home page on: `steps` are names and addresses.
pub(crate) fn trail(cx: &Cx, steps: &[(String, &str)]) -> Vec<Crumb> {
    let home = (cx.say(&Message::new("home")), "/");
    let list = (cx.say(&Message::new("case_page.list")), "/hoi-dap");
    let all = [home, list].into_iter().chain(steps.iter().cloned());
    all.map(|(label, path)| Crumb { label, path: path.to_owned() }).collect()
}
