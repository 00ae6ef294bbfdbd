//! What readers think, as it came, as it was moderated, as it is shown.

use ::documents::store::Home;
use anyhow::Context;
use base::{Error, Locale, Result, SiteId, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use db::{
    Conn,
    events::Actor,
    on_each,
    schema::{consultation_consents, consultation_opinions as opinions},
};
use diesel::prelude::*;

use super::{
    by_id,
    write::{changed, note, today},
};
use crate::{
    ConsentId, ConsultationId, OpinionId, RowId,
    model::{Channel, Checked, OpinionState, Stage, masking},
};

/// What consent to be told of the outcome is for.
const PURPOSE: &str = "outcome";

/// An opinion.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = opinions)]
pub struct Opinion {
    /// Its key.
    pub id: OpinionId,
    /// How it came.
    pub channel: Channel,
    /// The anchor of the article; empty for the whole draft.
    pub article: String,
    /// What the article was called then.
    pub label: String,
    /// The words it is about.
    pub passage: String,
    /// As it came; never public.
    pub body: String,
    /// As the public reads it.
    pub shown: String,
    /// Who sent it.
    pub name: String,
    /// For whom they speak.
    pub organisation: String,
    /// Whether both are shown.
    pub show_name: bool,
    /// What became of it.
    pub state: OpinionState,
    /// Why it is hidden.
    pub reason: String,
    /// The row of the table that answers it.
    pub row_id: Option<RowId>,
    /// Who looked at it last.
    pub moderator_id: Option<UserId>,
    /// When it came.
    pub received_at: NaiveDateTime,
}

/// An opinion on its way in.
#[derive(Clone, Debug)]
pub struct New {
    /// What was sent.
    pub sent: Checked,
    /// What the article is called.
    pub label: String,
    /// How it came.
    pub channel: Channel,
    /// Keyed digest of the network; empty where nobody knows it.
    pub origin: String,
    /// The words beside the box of consent, and their SHA-256.
    pub consent: (String, String),
    /// The language in which its sender is written to.
    pub locale: Locale,
}

/// Keeps an opinion and the receipt of consent. The same form sent twice is one opinion: the
/// second time, `None`.
pub fn receive(
    conn: &mut Conn,
    actor: Actor,
    id: ConsultationId,
    new: &New,
) -> Result<Option<OpinionId>> {
    let key = OpinionId::new();
    let email = new.sent.email.as_ref().map_or("", |it| it.as_str());
    let row = (
        (
            opinions::id.eq(key),
            opinions::consultation_id.eq(id),
            opinions::site_id.eq(actor.site),
            opinions::nonce.eq(&new.sent.nonce),
            opinions::channel.eq(new.channel),
            opinions::article.eq(&new.sent.article),
            opinions::label.eq(&new.label),
            opinions::passage.eq(&new.sent.passage),
            opinions::body.eq(&new.sent.body),
            opinions::shown.eq(""),
        ),
        (
            opinions::name.eq(&new.sent.name),
            opinions::organisation.eq(&new.sent.organisation),
            opinions::show_name.eq(new.sent.show_name),
            opinions::email.eq(email),
            opinions::origin.eq(&new.origin),
            opinions::state.eq(OpinionState::Waiting),
            opinions::reason.eq(""),
            opinions::received_at.eq(actor.now),
            opinions::locale.eq(new.locale),
        ),
    );
    let written = on_each!(conn, |conn| diesel::insert_into(opinions::table)
        .values(row)
        .on_conflict((opinions::consultation_id, opinions::nonce))
        .do_nothing()
        .execute(conn))?;
    if written == 0 {
        return Ok(None);
    }
    if let Some(email) = &new.sent.email {
        let (words, version) = &new.consent;
        diesel::insert_into(consultation_consents::table)
            .values((
                consultation_consents::id.eq(ConsentId::new()),
                consultation_consents::opinion_id.eq(key),
                consultation_consents::site_id.eq(actor.site),
                consultation_consents::purpose.eq(PURPOSE),
                consultation_consents::version.eq(version),
                consultation_consents::words.eq(words),
                consultation_consents::subject_hash.eq(email.hash()),
                consultation_consents::origin.eq(&new.origin),
                consultation_consents::at.eq(actor.now),
            ))
            .execute(conn)?;
    }
    Ok(Some(key))
}

/// Whether the form with this nonce was taken before.
pub fn is_taken(conn: &mut Conn, site: SiteId, id: ConsultationId, nonce: &str) -> Result<bool> {
    let same = of(site, id).filter(opinions::nonce.eq(nonce));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}

/// How many opinions a network has sent on any site in the hour before `now`.
pub fn lately(conn: &mut Conn, origin: &str, now: NaiveDateTime) -> Result<i64> {
    let hour = now - TimeDelta::hours(1);
    let own =
        opinions::table.filter(opinions::origin.eq(origin).and(opinions::received_at.gt(hour)));
    Ok(own.filter(opinions::channel.eq(Channel::Web)).count().get_result(conn)?)
}

/// The opinions of one consultation.
#[diesel::dsl::auto_type(no_type_alias)]
fn of(site: SiteId, id: ConsultationId) -> _ {
    opinions::table.filter(opinions::site_id.eq(site).and(opinions::consultation_id.eq(id)))
}

/// All opinions, in the order in which they came; narrowed to a state.
pub fn all(
    conn: &mut Conn,
    site: SiteId,
    id: ConsultationId,
    state: Option<OpinionState>,
) -> Result<Vec<Opinion>> {
    let query = of(site, id).select(Opinion::as_select()).into_boxed();
    let query = match state {
        Some(state) => query.filter(opinions::state.eq(state)),
        None => query,
    };
    Ok(query.order((opinions::received_at.asc(), opinions::id.asc())).load(conn)?)
}

/// How many there are in each state.
pub fn counts(
    conn: &mut Conn,
    site: SiteId,
    id: ConsultationId,
) -> Result<Vec<(OpinionState, i64)>> {
    Ok(of(site, id)
        .group_by(opinions::state)
        .select((opinions::state, diesel::dsl::count_star()))
        .load(conn)?)
}

/// One opinion, for the staff.
pub fn one(
    conn: &mut Conn,
    site: SiteId,
    (id, opinion): (ConsultationId, OpinionId),
) -> Result<Opinion> {
    Ok(of(site, id).filter(opinions::id.eq(opinion)).select(Opinion::as_select()).first(conn)?)
}

/// What is done with an opinion.
#[derive(Clone, Debug)]
pub enum Moderation {
    /// It is shown in these words: the original with pieces hidden.
    Show(String),
    /// It is hidden, for this reason.
    Hide(String),
}

/// Shows or hides an opinion. Its original stays as it came. An opinion of a table that is public
/// can still be hidden, but not shown: nobody would have answered it.
pub fn moderate(
    conn: &mut Conn,
    actor: Actor,
    home: Home,
    (id, opinion): (ConsultationId, OpinionId),
    what: &Moderation,
) -> Result<()> {
    let (consultation, draft) = by_id(conn, actor.site, id)?;
    let before = one(conn, actor.site, (id, opinion))?;
    let row = of(actor.site, id).filter(opinions::id.eq(opinion));
    let (action, detail) = match what {
        Moderation::Show(words) => {
            if !masking::only_masked(&before.body, words) {
                return Err(Error::field("shown", "opinion.only_masked"));
            }
            if consultation.explained_at.is_some() && before.row_id.is_none() {
                return Err(Error::conflict("opinion.table_public"));
            }
            diesel::update(row)
                .set((
                    opinions::state.eq(OpinionState::Shown),
                    opinions::shown.eq(words),
                    opinions::reason.eq(""),
                    opinions::moderator_id.eq(actor.user),
                    opinions::moderated_at.eq(actor.now),
                ))
                .execute(conn)?;
            ("opinion_shown", "")
        }
        Moderation::Hide(reason) => {
            diesel::update(row)
                .set((
                    opinions::state.eq(OpinionState::Hidden),
                    opinions::reason.eq(reason),
                    opinions::moderator_id.eq(actor.user),
                    opinions::moderated_at.eq(actor.now),
                ))
                .execute(conn)?;
            ("opinion_hidden", reason.as_str())
        }
    };
    note(conn, actor, action, (id, &draft, detail))?;
    changed(conn, actor, home, id)
}

/// Enters an opinion that came on paper, by e-mail or at a meeting, until the table is public.
pub fn enter(conn: &mut Conn, actor: Actor, id: ConsultationId, new: &New) -> Result<()> {
    let (consultation, draft) = by_id(conn, actor.site, id)?;
    if !matches!(consultation.stage(today(actor)), Stage::Open | Stage::Ended | Stage::Collating) {
        return Err(Error::conflict("opinion.letters_over"));
    }
    receive(conn, actor, id, new)?;
    note(conn, actor, "opinion_entered", (id, &draft, ""))
}

/// Forgets where opinions came from that are older than a day: the limit needs an hour.
pub fn forget_origins(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    let old = opinions::table
        .filter(opinions::received_at.lt(now - TimeDelta::days(1)).and(opinions::origin.ne("")));
    Ok(diesel::update(old).set(opinions::origin.eq("")).execute(conn).context("origins")?)
}
