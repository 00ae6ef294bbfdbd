//! Whom letters go to, and what is owed to them. A job asks, not a request: these queries begin
//! with all sites.

use std::collections::BTreeMap;

use base::{Locale, Result, SiteId};
use chrono::{Months, NaiveDate};
use db::{
    Conn,
    schema::{consultation_opinions as opinions, consultations, documents, hosts, sites},
};
use diesel::prelude::*;
use mail::Recipient;

use super::{Consultation, Draft, Pair};
use crate::{ConsultationId, model::News};

/// A consultation of which something is to be told, and the host of its site.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The canonical host.
    pub host: String,
    /// Its site.
    pub site: SiteId,
    /// Its key.
    pub id: ConsultationId,
    /// What is to be told.
    pub news: News,
}

/// Everything that participants have not been told by `today`, on open sites.
pub fn owed(conn: &mut Conn, today: NaiveDate) -> Result<Vec<Owed>> {
    let rows: Vec<(Consultation, String)> = consultations::table
        .inner_join(sites::table)
        .inner_join(hosts::table.on(hosts::site_id.eq(consultations::site_id)))
        .filter(hosts::canonical.eq(true).and(sites::state.eq(base::SiteState::Active)))
        .filter(consultations::announced_at.is_not_null())
        .filter(consultations::told.ne(News::Issued).and(consultations::told.ne(News::Stopped)))
        .filter(consultations::closes.lt(today).or(consultations::stopped_at.is_not_null()))
        .order(consultations::closes)
        .select((Consultation::as_select(), hosts::host))
        .load(conn)?;
    let owed = |(it, host): (Consultation, String)| {
        let news = it.facts().news(today);
        (news > it.told).then_some(Owed { host, site: it.site_id, id: it.id, news })
    };
    Ok(rows.into_iter().filter_map(owed).collect())
}

/// The addresses of those who agreed to be told, each once, with the language they used last.
pub fn addresses(
    conn: &mut Conn,
    site: SiteId,
    id: ConsultationId,
) -> Result<Vec<(Recipient, Locale)>> {
    let all: Vec<(String, Locale)> = opinions::table
        .filter(opinions::site_id.eq(site).and(opinions::consultation_id.eq(id)))
        .filter(opinions::email.ne(""))
        .order((opinions::received_at, opinions::id))
        .select((opinions::email, opinions::locale))
        .load(conn)?;
    let once: BTreeMap<String, Locale> = all.into_iter().collect();
    let one = |(email, locale): (&String, &Locale)| Some((Recipient::parse(email)?, *locale));
    Ok(once.iter().filter_map(one).collect())
}

/// Writes down what was told. After the last letter, the addresses have served their purpose and
/// are forgotten.
pub fn told(conn: &mut Conn, owed: &Owed) -> Result<()> {
    let own = consultations::table
        .filter(consultations::site_id.eq(owed.site).and(consultations::id.eq(owed.id)));
    diesel::update(own).set(consultations::told.eq(owed.news)).execute(conn)?;
    if matches!(owed.news, News::Issued | News::Stopped) {
        forget(conn, vec![owed.id])?;
    }
    Ok(())
}

/// Forgets the addresses of consultations that ended more than `months` before `today`.
pub fn forget_old(conn: &mut Conn, today: NaiveDate, months: u32) -> Result<usize> {
    let before = today.checked_sub_months(Months::new(months)).unwrap_or(today);
    let old: Vec<ConsultationId> = consultations::table
        .filter(consultations::closes.lt(before))
        .select(consultations::id)
        .load(conn)?;
    forget(conn, old)
}

fn forget(conn: &mut Conn, ids: Vec<ConsultationId>) -> Result<usize> {
    let own =
        opinions::table.filter(opinions::consultation_id.eq_any(ids).and(opinions::email.ne("")));
    Ok(diesel::update(own).set(opinions::email.eq("")).execute(conn)?)
}

/// Consultations whose dossier is shared otherwise than their draft is: the draft was withdrawn,
/// or published again.
pub fn out_of_step(conn: &mut Conn) -> Result<Vec<Pair>> {
    let all: Vec<Pair> = consultations::table
        .inner_join(documents::table.on(documents::id.eq(consultations::document_id)))
        .filter(consultations::announced_at.is_not_null())
        .select((Consultation::as_select(), Draft::as_select()))
        .load(conn)?;
    Ok(all.into_iter().filter(|(it, draft)| it.files_public != draft.is_public()).collect())
}
