//! Where a public page stands.

use base::Message;
use web::{Crumb, Cx};

/// The way to a page of cases, from the home page on: `steps` are names and addresses.
pub(crate) fn trail(cx: &Cx, steps: &[(String, &str)]) -> Vec<Crumb> {
    let list = (cx.say(&Message::new("case_page.list")), "/hoi-dap");
    let below = std::iter::once(list).chain(steps.iter().cloned());
    let crumb = |(label, path): (String, &str)| Crumb::new(label, path);
    std::iter::once(Crumb::home(cx)).chain(below.map(crumb)).collect()
}
