//! The staff's list: what waits and why, what went wrong, and putting it right.

use std::collections::BTreeMap;

use accounts::{Can, Manage, ReadAll, Staff};
use base::{Error, Message, time};
use serde::{Deserialize, Serialize};
use web::{Data, Fields, Pager, Path, Posted, Query, Response, Result, Routes, get, post};

use crate::{
    Kind, Letter, Postman, Recipient,
    model::{MailId, Reason, State, masked},
    store::{
        self, Fate,
        desk::{self, Line, Scope},
    },
};

const HERE: &str = "/quan-tri/thu";

pub(super) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/thu", get().to(index))
        .route("/quan-tri/thu/thu-nghiem", post().to(try_out))
        .route("/quan-tri/thu/{id}/gui-lai", post().to(send_again));
}

const PER_PAGE: i64 = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    trang: String,
    tinh_trang: String,
}

#[derive(Serialize)]
struct MailsView {
    mails: Vec<MailView>,
    states: Vec<StateView>,
    pager: Option<Pager>,
    /// Whether letters of several sites are listed.
    many_sites: bool,
    is_set_up: bool,
    can_write: bool,
    filtered: bool,
    total: i64,
}

#[derive(Serialize)]
struct StateView {
    label: String,
    count: i64,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct MailView {
    id: MailId,
    site: String,
    recipient: String,
    subject: String,
    state: State,
    state_label: String,
    /// Why it stands there, in plain words; empty where there is nothing to say.
    reason: String,
    /// What the other server said.
    words: String,
    created: String,
    /// When it is tried next, while it waits.
    next: Option<String>,
    done: Option<String>,
    again_path: Option<String>,
}

/// The province sees the letters of all its sites from its portal.
fn scope(who: &Staff) -> Scope {
    let site = &who.cx.site;
    let all = site.kind.is_portal() && (who.rights.province || who.rights.audit);
    if all { Scope::Province(site.id) } else { Scope::Site(site.id) }
}

fn state_label(who: &Staff, state: State) -> String {
    who.cx.say(&Message::new(format!("mail.state.{}", state.as_str())))
}

fn mail_view(who: &Staff, line: Line) -> MailView {
    let reason = match line.reason {
        Reason::Nothing => String::new(),
        reason => who.cx.say(&Message::new(format!("mail.reason.{}", reason.as_str()))),
    };
    let again = who.rights.manage && line.state.can_go_again() && !line.body.is_empty();
    let waits = line.state == State::Queued && line.attempts > 0;
    MailView {
        again_path: again.then(|| format!("{HERE}/{}/gui-lai", line.id)),
        id: line.id,
        site: line.site,
        recipient: masked(&line.recipient),
        subject: line.subject,
        state: line.state,
        state_label: state_label(who, line.state),
        reason,
        words: line.words,
        created: time::minute(line.created_at),
        next: waits.then(|| time::minute(line.due_at)),
        done: line.done_at.map(time::minute),
    }
}

async fn index(who: Can<ReadAll>, query: Query<Asked>, postman: Data<Postman>) -> Result<Response> {
    let (scope, state) = (scope(&who), State::parse(&query.tinh_trang));
    let page = web::page_number(&query.trang);
    let read = who.cx.read(move |conn, _| {
        let lines = desk::list(conn, scope, state, ((page - 1) * PER_PAGE, PER_PAGE))?;
        Ok((lines, desk::counts(conn, scope)?))
    });
    let (lines, counts) = read.await?;
    let counts: BTreeMap<State, i64> = counts.into_iter().collect();
    let total: i64 = counts.values().sum();
    let listed = state.map_or(total, |it| counts.get(&it).copied().unwrap_or_default());
    let chosen = state.map_or("", State::as_str);
    let view = MailsView {
        mails: lines.into_iter().map(|line| mail_view(&who, line)).collect(),
        states: state_views(&who, &counts, state),
        pager: Pager::new(page, listed, PER_PAGE, |page| {
            format!("{HERE}?tinh_trang={chosen}&trang={page}")
        }),
        many_sites: matches!(scope, Scope::Province(_)),
        is_set_up: postman.place().is_some(),
        can_write: who.rights.manage,
        filtered: state.is_some(),
        total,
    };
    who.page("mail/index.html", &view)
}

/// The states that have letters, and all of them together.
fn state_views(who: &Staff, counts: &BTreeMap<State, i64>, now: Option<State>) -> Vec<StateView> {
    let all = StateView {
        label: who.cx.say(&Message::new("mail.all")),
        count: counts.values().sum(),
        url: HERE.into(),
        current: now.is_none(),
    };
    let used = State::ALL.iter().filter_map(|it| Some((*it, *counts.get(it)?)));
    let used = used.filter(|(state, count)| *count > 0 || now == Some(*state));
    let one = |(state, count): (State, i64)| StateView {
        label: state_label(who, state),
        count,
        url: format!("{HERE}?tinh_trang={}", state.as_str()),
        current: now == Some(state),
    };
    std::iter::once(all).chain(used.map(one)).collect()
}

async fn send_again(who: Can<Manage>, id: Path<String>, _: Posted<Fields>) -> Result<Response> {
    let id = MailId::parse(&id).ok_or(Error::NotFound)?;
    let (scope, actor) = (scope(&who), who.actor());
    who.cx.write(move |conn, _| desk::send_again(conn, scope, actor, id)).await?;
    Ok(who.cx.see_other_with(HERE, "done.mail_again"))
}

/// Sends a letter to whoever asks, so that they see whether and how letters arrive.
async fn try_out(who: Can<Manage>, _: Posted<Fields>) -> Result<Response> {
    let to = Recipient::typed("email", &who.user.email)?;
    let at = time::minute(who.cx.now);
    let letter = Letter {
        // One a minute is enough for a try.
        event_key: format!("test:{at}"),
        to,
        template: "test",
        values: BTreeMap::from([("name", who.user.name.clone()), ("at", at)]),
        kind: Kind::Transactional,
    };
    let (cx, now) = (who.cx.clone(), who.cx.now);
    let written =
        who.cx.write(move |conn, site| store::send(conn, (&cx.app().themes, site), &letter, now));
    let done = match written.await? {
        Fate::Undeliverable => "done.mail_refused.warning",
        _ => "done.mail_test",
    };
    Ok(who.cx.see_other_with(HERE, done))
}
