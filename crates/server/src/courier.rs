//! Carries the links of accounts by letter, where a mail server is set up.

use accounts::{Courier, Link, model::Purpose};
use actix_web::web::Data;
use base::{Result, Site};
use chrono::NaiveDateTime;
use db::Conn;
use mail::{Fate, Kind, Letter, Recipient};
use std::collections::BTreeMap;
use web::App;

/// Writes letters, or leaves links to whoever made them.
pub(crate) struct Letters {
    /// Whose words they have.
    pub(crate) app: Data<App>,
    /// Whether there is a server that takes letters.
    pub(crate) on: bool,
}

impl Courier for Letters {
    fn carry(
        &self,
        conn: &mut Conn,
        site: &Site,
        link: Link<'_>,
        now: NaiveDateTime,
    ) -> Result<bool> {
        let Some(to) = Recipient::parse(link.email).filter(|_| self.on) else { return Ok(false) };
        let template = match link.purpose {
            Purpose::Invite => "invite",
            Purpose::Reset | Purpose::Cross => "reset",
        };
        let letter = Letter {
            // Each link is another letter.
            event_key: format!("{template}:{}:{}", link.user, base::UserId::new()),
            to,
            template,
            values: BTreeMap::from([
                ("name", link.name.to_owned()),
                ("until", base::time::minute(link.until)),
                ("url", link.url.to_owned()),
            ]),
            kind: Kind::Transactional,
        };
        let fate = mail::send(conn, (&self.app.themes, site), &letter, now)?;
        Ok(fate == Fate::Queued)
    }
}
