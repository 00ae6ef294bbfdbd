//! What the page of a draft says of the consultation on it.

use base::{Message, Result, Site};
use chrono::NaiveDate;
use db::Conn;
use documents::{
    DocumentId,
    public::{Callout, Callouts},
};

use crate::{model::Stage, store};

/// Tells readers of a draft that opinions are asked on it, or were.
pub struct OpenDrafts;

impl Callouts for OpenDrafts {
    fn of(
        &self,
        conn: &mut Conn,
        site: &Site,
        document: DocumentId,
        today: NaiveDate,
    ) -> Result<Option<Callout>> {
        let pair = store::public_of(conn, site.id, document)?;
        Ok(pair.map(|(it, draft)| {
            let stage = it.stage(today);
            let text = Message::new(format!("consultation_callout.{}", stage.as_str()))
                .with("opens", web::date_in(site.locale, it.opens))
                .with("closes", web::date_in(site.locale, it.closes));
            let link = match stage {
                Stage::Open => "consultation.callout_send",
                _ => "consultation.callout_see",
            };
            Callout { text, link: Message::new(link), path: draft.path() }
        }))
    }
}
