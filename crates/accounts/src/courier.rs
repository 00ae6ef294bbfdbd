//! Who brings people the links that open their accounts. Accounts write no letters themselves: where letters are sent,
//! the server says how; where none are, whoever made a link hands it over.

use base::{Result, Site, UserId};
use chrono::NaiveDateTime;
use db::Conn;

use crate::model::Purpose;

/// A link that opens an account, once.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Whose account.
    pub user: UserId,
    /// Where mail reaches them.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What it is for.
    pub purpose: Purpose,
    /// The whole address.
    pub url: &'a str,
    /// Until when it works.
    pub until: NaiveDateTime,
}

/// Brings links to people.
pub trait Courier: Send + Sync {
    /// Writes the letter with `link` in the name of `site`, in the transaction that made it. Whether one is under way:
    /// if not, somebody must hand the link over.
    fn carry(
        &self,
        conn: &mut Conn,
        site: &Site,
        link: Link<'_>,
        now: NaiveDateTime,
    ) -> Result<bool>;
}
