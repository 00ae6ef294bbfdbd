//! Links of English pages lead to English pages. Code, templates and editors write the Vietnamese
//! address of a page; here, in one place, it becomes that of its counterpart.

use anyhow::anyhow;
use base::{Locale, Result, Site};
use english::paths::{ENGLISH, Paths};
use lol_html::{RewriteStrSettings, element, html_content::Element, rewrite_str};

use crate::enter::is_staff_path;

/// What is the same in all languages: files, programs' addresses, the staff's screens.
const SHARED: [&str; 9] = [
    "/static/",
    "/anh/",
    "/tep/",
    "/api/",
    "/opensearch.xml",
    "/favicon.ico",
    "/robots.txt",
    "/readyz",
    "/metrics",
];

/// The attributes that lead somewhere: as HTML has them, and as our scripts read them.
const LEADING: [&str; 5] = ["href", "action", "formaction", "data-suggest", "data-similar"];

/// Whether `path` has no counterpart in another language.
pub(crate) fn is_shared(path: &str) -> bool {
    is_staff_path(path) || SHARED.iter().any(|top| path.starts_with(top))
}

/// Where a link to `target` leads on a page of `site`.
pub(crate) fn turned(paths: &Paths, site: &Site, target: &str) -> Option<String> {
    let is_page = target.starts_with('/') && !target.starts_with("//");
    let below = target
        .strip_prefix(ENGLISH)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let turns = site.locale == Locale::En && is_page && !below && !is_shared(path);
    turns.then(|| paths.to_english(target, &site.sections))
}

/// An English page with its links turned. A link marked with a language keeps its address.
pub(crate) fn turn(paths: &Paths, site: &Site, html: &str) -> Result<String> {
    let mut settings = RewriteStrSettings::new();
    for attribute in LEADING {
        let follow = move |it: &mut Element<'_, '_>| {
            let target = it.get_attribute(attribute).and_then(|to| turned(paths, site, &to));
            if let (Some(target), None) = (target, it.get_attribute("hreflang")) {
                it.set_attribute(attribute, &target)?;
            }
            Ok(())
        };
        let handler = element!(format!("[{attribute}]"), follow);
        settings = settings.append_element_content_handler(handler);
    }
    Ok(rewrite_str(html, settings).map_err(|err| anyhow!("links of an English page: {err}"))?)
}
