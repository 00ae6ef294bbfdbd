//! What a reader of an English page is told of its translation. How far one is behind, another
//! feature knows.

use std::collections::BTreeMap;

use base::{EntryId, Message, Result, SiteId};
use chrono::NaiveDateTime;
use db::Conn;
use serde::Serialize;
use web::Cx;

use super::store::Live;

/// Who knows how far a translation is behind its source.
pub trait Translations: Send + Sync {
    /// Where the English entry `id` of `site` stands, as the public reads it now; `None` when it
    /// is no translation.
    fn standing(&self, conn: &mut Conn, site: SiteId, id: EntryId) -> Result<Option<Standing>>;
}

/// Where a public translation stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// When the public first read the edition that was translated, in UTC.
    pub reflects: Option<NaiveDateTime>,
    /// How many major editions came since.
    pub changes: usize,
    /// Whether a program wrote it and nobody has gone over it.
    pub is_machine: bool,
    /// The fields of its kind: words in English, facts as the source has them now.
    pub fields: BTreeMap<String, String>,
}

/// The note above a page.
#[derive(Debug, Serialize)]
pub(super) struct MirrorNote {
    /// `missing`, `stale`, `machine` or `current`.
    state: &'static str,
    text: String,
    /// What to read instead.
    link: String,
    path: String,
}

impl MirrorNote {
    /// The note above `live`, where the page needs one: English pages alone do. `source` is the
    /// address of the Vietnamese page.
    pub(super) fn new(
        cx: &Cx,
        live: &Live,
        standing: Option<&Standing>,
        source: Option<&str>,
    ) -> Option<Self> {
        if !cx.is_english() {
            return None;
        }
        let source = source.unwrap_or(&live.path).to_owned();
        let message = match standing {
            None if live.locale == cx.site.locale => return None,
            None => Message::new("mirror.reader.missing"),
            Some(it) => told(cx, it),
        };
        let state = match standing {
            None => "missing",
            Some(it) if it.is_machine => "machine",
            Some(it) if it.changes > 0 => "stale",
            Some(_) => "current",
        };
        let link = cx.say(&Message::new("mirror.reader.source"));
        Some(Self { state, text: cx.say(&message), link, path: source })
    }
}

fn told(cx: &Cx, standing: &Standing) -> Message {
    let day = standing.reflects.map(|at| cx.day(at)).unwrap_or_default();
    let key = match (standing.is_machine, standing.changes) {
        (true, _) => "mirror.reader.machine",
        (false, 0) => "mirror.reader.current",
        (false, 1) => "mirror.reader.stale_once",
        (false, _) => "mirror.reader.stale",
    };
    Message::new(key).with("day", day).with("changes", standing.changes)
}
