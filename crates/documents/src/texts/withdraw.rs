//! Documents whose files turn out to bear a mark of secrecy, taken out of the register at once:
//! a file is read a moment after it was published, and the stamp is in the file alone.

use base::Result;
use chrono::NaiveDateTime;
use db::{Conn, events::Actor};

use super::store::{self, Published};
use crate::{
    model::State,
    store::{
        Home,
        write::{self, Step},
    },
};

/// Withdraws the published documents of all sites that have the file with this digest (VH-2).
pub(super) fn all_with(
    conn: &mut Conn,
    digest: &str,
    remark: &str,
    now: NaiveDateTime,
) -> Result<()> {
    for published in store::published_with(conn, digest)? {
        let Published { id, site, portal, lock } = published;
        let home = Home { site, portal: portal.unwrap_or(site), self_approval: false };
        let step = Step { to: State::Withdrawn, lock, remark: remark.to_owned() };
        write::step(conn, Actor { site, user: None, now }, home, id, &step)?;
        tracing::warn!(%site, "a document was withdrawn: its file bears a mark of secrecy");
    }
    Ok(())
}
