//! What other features have to say on the page of a document.

use base::{Message, Result, Site};
use chrono::NaiveDate;
use db::Conn;

use crate::DocumentId;

/// Who has something to say on the page of a document.
pub trait Callouts: Send + Sync {
    /// What a reader of the published `document` of `site` should know on `today`.
    fn of(
        &self,
        conn: &mut Conn,
        site: &Site,
        document: DocumentId,
        today: NaiveDate,
    ) -> Result<Option<Callout>>;
}

/// A line that leads to another page of the site.
#[derive(Clone, Debug)]
pub struct Callout {
    /// What it says.
    pub text: Message,
    /// What the link is called.
    pub link: Message,
    /// Where it leads, from the first slash.
    pub path: String,
}
