//! Documents that an entry names and that hold no longer, as the registry of documents tells.

use base::{Result, Site};
use chrono::NaiveDate;
use db::Conn;
use serde::Serialize;
use web::Cx;

use super::store::Live;

/// Who knows which documents a text names.
pub trait Citations: Send + Sync {
    /// The documents that `text`, read on `site`, names and that hold no longer on `day` (VB-5).
    fn lapsed(
        &self,
        conn: &mut Conn,
        site: &Site,
        text: &str,
        day: NaiveDate,
    ) -> Result<Vec<Lapsed>>;
}

/// A document that holds no longer.
#[derive(Clone, Debug)]
pub struct Lapsed {
    /// `Quyết định 12/2020/QĐ-UBND`.
    pub title: String,
    /// Its path, from the first slash.
    pub path: String,
    /// The host it is read at, where that is another site's.
    pub host: Option<String>,
}

#[derive(Serialize)]
pub(super) struct LapsedView {
    title: String,
    url: String,
}

impl LapsedView {
    pub(super) fn new(cx: &Cx, lapsed: Lapsed) -> Self {
        let base = lapsed.host.map(|host| cx.app().settings.url(&host)).unwrap_or_default();
        Self { title: lapsed.title, url: format!("{base}{}", lapsed.path) }
    }
}

/// The words of an entry, without its markup.
pub(super) fn words(live: &Live) -> String {
    let mut words = format!("{} {} ", live.title, live.summary);
    let mut inside = false;
    for c in live.html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if inside => continue,
            c => {
                words.push(c);
                continue;
            }
        }
        words.push(' ');
    }
    words
}
