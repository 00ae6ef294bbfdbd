//! Everything that is held about a person, across the sites of a portal: found by the contact they left (PDP-5.3).

use base::{Error, Result, SiteId};
use db::{
    Conn,
    events::Actor,
    schema::{case_people, cases},
};
use diesel::prelude::*;
use media::{Storage, incoming::Incoming};

use super::{
    Case, Desk,
    answers::{self, Draft, Version},
    note, readings, stats, supplies,
};
use crate::{
    CaseId,
    model::{
        answer::{Kind, Stage},
        state::{self, Action},
    },
};

/// By what somebody is known; what is empty finds nobody.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// An e-mail address.
    pub email: String,
    /// A telephone number, however it is written.
    pub phone: String,
}

/// Every case on the sites of `portal` whose sender left that contact, with the body that holds it; oldest first.
pub fn of_contact(
    conn: &mut Conn,
    portal: SiteId,
    contact: &Contact,
) -> Result<Vec<(String, Case)>> {
    let sites = stats::sites_of(conn, portal)?;
    let ids: Vec<SiteId> = sites.iter().map(|(id, _)| *id).collect();
    let mut found: Vec<CaseId> = Vec::new();
    if !contact.email.is_empty() {
        found = case_people::table
            .filter(case_people::site_id.eq_any(ids.clone()))
            .filter(case_people::email.eq(contact.email.to_lowercase()))
            .select(case_people::case_id)
            .load(conn)?;
    }
    let wanted = digits(&contact.phone);
    if wanted.len() >= 8 {
        // Everybody writes numbers in another way, and databases do not know which.
        let rows: Vec<(CaseId, String)> = case_people::table
            .filter(case_people::site_id.eq_any(ids.clone()).and(case_people::phone.ne("")))
            .select((case_people::case_id, case_people::phone))
            .load(conn)?;
        let same = rows.into_iter().filter(|(_, phone)| digits(phone) == wanted);
        found.extend(same.map(|(id, _)| id));
    }
    found.sort();
    found.dedup();
    let mut all = Vec::new();
    for some in found.chunks(500) {
        let rows: Vec<Case> = cases::table
            .filter(cases::id.eq_any(some.to_vec()).and(cases::site_id.eq_any(ids.clone())))
            .order((cases::received_at, cases::id))
            .select(Case::as_select())
            .load(conn)?;
        all.extend(rows);
    }
    let unit = |id: SiteId| {
        sites.iter().find(|(site, _)| *site == id).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    Ok(all.into_iter().map(|case| (unit(case.site_id), case)).collect())
}

/// The digits of a number, as it is dialled at home.
fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("84").filter(|_| text.trim_start().starts_with('+')) {
        Some(home) => format!("0{home}"),
        None => digits,
    }
}

/// Puts a copy to the answer of the case that asks for it, and hands it in for approval.
///
/// `cases` are those in the copy: each has a line of who read it and why. To be called within [`media::incoming::keep`].
pub fn attach(
    conn: &mut Conn,
    desk: &Desk<'_>,
    storage: &Storage,
    (id, body): (CaseId, &str),
    (cases, reason, archive): (&[Case], &str, &[Incoming]),
) -> Result<()> {
    let actor = desk.actor;
    let case = super::by_id(conn, actor.site, super::Sight::All, id)?;
    let answerable =
        state::WORKFLOW.iter().any(|(act, from, ..)| (*act, *from) == (Action::Answer, case.state));
    if !answerable {
        return Err(Error::conflict("case.copy_not_accepted"));
    }
    let answer = match answers::pending(conn, actor.site, id)? {
        Some(answer) => answer,
        None => {
            let draft = Draft { kind: Kind::Final, body: body.to_owned(), lock: 0 };
            answers::insert(conn, actor, id, &draft)?;
            answers::pending(conn, actor.site, id)?.ok_or(Error::NotFound)?
        }
    };
    supplies::put(conn, desk, storage, Version { case: id, lock: answer.lock }, archive)?;
    let answer = answers::pending(conn, actor.site, id)?.ok_or(Error::NotFound)?;
    answers::change(conn, actor, &answer, Stage::Submitted)?;
    for it in cases {
        readings::note(conn, Actor { site: it.site_id, ..actor }, it.id, reason)?;
    }
    note(conn, actor, (id, case.number_text()), "case_exported")
}
