//! The page behind a tracking code: where the case is and by when it will be answered. The code
//! alone shows nothing of a person; what the office wrote is shown to who also knows the contact
//! that the sender left.

use std::collections::BTreeMap;

use base::{Error, FieldErrors, Message};
use chrono::NaiveDateTime;
use clocks::{store::Clock, why::Why};
use serde::{Deserialize, Serialize};
use web::{About, Client, Crumb, Cx, Data, Head, Path, Posted, Query, Response, Result, Said};

use super::code::look;
use crate::{
    AnswerId,
    guard::Limit,
    model::{code::Code, state},
    office::{self, Office, Reckoned, blamed},
    store::{
        self, Case, Place, citizen,
        clock::{self, Turn},
        legs::{self, Leg},
        messages, supplies,
    },
    trail::trail,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusQuery {
    moi: String,
}

#[derive(Serialize)]
struct StatusView {
    head: Head,
    trail: Vec<Crumb>,
    code: String,
    path: String,
    fresh: bool,
    type_label: String,
    state: &'static str,
    state_label: String,
    state_text: String,
    received: String,
    holder: Said,
    due: Option<String>,
    late: bool,
    why: Option<Why>,
    steps: Vec<StepView>,
    letters: Option<Vec<LetterView>>,
    asks_contact: bool,
    has_letters: bool,
    can_rate: bool,
    rated: bool,
    can_reopen: bool,
    reopen_until: String,
    can_supplement: bool,
    supplies: Vec<SupplyView>,
    typed: BTreeMap<&'static str, String>,
    errors: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct StepView {
    at: String,
    text: String,
    reason: Said,
}

/// Files of an answer, for who has shown to be the sender.
#[derive(Serialize)]
struct SupplyView {
    path: String,
    until: String,
    count: usize,
}

#[derive(Serialize)]
struct LetterView {
    at: String,
    from: String,
    own: bool,
    body: Said,
}

/// What the page says, read at once.
struct Facts {
    legs: Vec<Leg>,
    places: BTreeMap<base::SiteId, Place>,
    promised: Option<(Clock, Reckoned)>,
    waits: bool,
    turns: Vec<Turn>,
    supplies: Vec<(AnswerId, NaiveDateTime)>,
    letters: Vec<messages::Said>,
    has_contact: bool,
}

/// What the visitor typed into the page, and what became of it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) fields: BTreeMap<&'static str, String>,
    pub(super) errors: FieldErrors,
    /// Whether they have shown to be the sender.
    pub(super) known: bool,
}

pub(super) async fn show(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    code: Path<String>,
    query: Query<StatusQuery>,
) -> Result<Response> {
    let (code, case) = find(&cx, &office, client, &code).await?;
    draw(&cx, &office, (code, case), (!query.moi.is_empty(), Typed::default())).await
}

/// The case of the code in an address. One that cannot be right is not found.
pub(super) async fn find(
    cx: &Cx,
    office: &Office,
    client: Client,
    typed: &str,
) -> Result<(Code, Case)> {
    let found = look(cx, office, client, typed).await;
    Ok(found.map_err(|err| match err {
        Error::Invalid(errors) if errors.contains_key("code") => Error::NotFound,
        Error::Invalid(errors) => match errors.into_values().next() {
            Some(message) => Error::Conflict(message),
            None => Error::NotFound,
        },
        err => err,
    })?)
}

pub(super) async fn draw(
    cx: &Cx,
    office: &Data<Office>,
    (code, case): (Code, Case),
    (fresh, typed): (bool, Typed),
) -> Result<Response> {
    let (all, asked) = (office.clone(), case.clone());
    let facts = cx.read(move |conn, _| facts(conn, &all, &asked)).await?;
    let view = view(cx, office, (&code, &case, fresh), facts, &typed)?;
    let page = cx.form_page("feedback/status.html", &view);
    if typed.errors.is_empty() { page } else { cx.again(page) }
}

fn facts(conn: &mut db::Conn, office: &Office, case: &Case) -> base::Result<Facts> {
    let legs = legs::of_case(conn, case.site_id, case.id)?;
    let promised = match clock::promised(conn, case)? {
        Some(clock) => Some((clock.clone(), office.why(conn, &clock)?)),
        None => None,
    };
    let kinds = [messages::Kind::Letter, messages::Kind::Citizen];
    let supplies = supplies::of_case(conn, case.site_id, case.id)?;
    Ok(Facts {
        waits: clock::waits(conn, case)?,
        turns: clock::turns(conn, case)?,
        supplies: supplies
            .into_iter()
            .filter_map(|(it, _)| Some((it.answer_id, it.expires_at?)))
            .collect(),
        places: store::places(conn, legs.iter().map(|it| it.site_id).collect())?,
        letters: messages::of_case(conn, case.site_id, case.id, &kinds)?,
        has_contact: store::person(conn, case.site_id, case.id)?.0.has_contact(),
        legs,
        promised,
    })
}

fn view(
    cx: &Cx,
    office: &Office,
    (code, case, fresh): (&Code, &Case, bool),
    facts: Facts,
    typed: &Typed,
) -> Result<StatusView> {
    let title = cx.say(&Message::new("case_page.status"));
    let about = About { title: title.clone(), path: "/hoi-dap/tra-cuu".into(), ..About::default() };
    let path = format!("/hoi-dap/ma/{code}");
    let name =
        |site: &base::SiteId| facts.places.get(site).map(|it| it.unit.clone()).unwrap_or_default();
    let answered = case.answered_at.is_some() && !case.restricted;
    let due = match &facts.promised {
        Some((clock, _)) => Some(office::due(cx, clock)?),
        None => None,
    };
    let shown = typed.known || !facts.has_contact;
    let in_time =
        case.reopen_until.is_some_and(|until| cx.now <= until) && case.merged_into.is_none();
    let reopens = state::step(case.state, state::Action::Reopen, state::Actor::Citizen { in_time });
    let why = facts.promised.as_ref().map(|(_, it)| it.view(cx)).transpose()?;
    Ok(StatusView {
        head: Head::new(cx, &about).hidden(),
        trail: trail(cx, &[(title, "/hoi-dap/tra-cuu")]),
        code: code.to_string(),
        fresh,
        type_label: office.type_label(cx, &case.type_key),
        state: case.state.as_str(),
        state_label: office::state_label(cx, case),
        state_text: cx.say(&Message::new(format!("case_state_text.{}", case.state.as_str()))),
        received: cx.minute(case.received_at),
        holder: cx.said(&name(&case.site_id)),
        late: due.as_ref().is_some_and(|(_, late)| *late),
        due: due.map(|(words, _)| words),
        why,
        steps: steps(cx, case, (&facts.legs, &facts.turns), name),
        can_supplement: facts.waits,
        supplies: if shown { supplies(cx, office, &facts.supplies) } else { Vec::new() },
        has_letters: !facts.letters.is_empty(),
        asks_contact: !facts.letters.is_empty() && !shown,
        letters: shown.then(|| facts.letters.iter().map(|it| letter(cx, it)).collect()),
        can_rate: answered && !case.rated,
        rated: case.rated,
        can_reopen: reopens.is_ok(),
        reopen_until: case.reopen_until.map(|it| cx.day(it)).unwrap_or_default(),
        typed: typed.fields.clone(),
        errors: cx.say_all(&typed.errors),
        path,
    })
}

/// Where the files of each answer are that can still be taken.
fn supplies(cx: &Cx, office: &Office, all: &[(AnswerId, NaiveDateTime)]) -> Vec<SupplyView> {
    let mut open: BTreeMap<AnswerId, (NaiveDateTime, usize)> = BTreeMap::new();
    for (answer, until) in all.iter().filter(|(_, until)| *until > cx.now) {
        let it = open.entry(*answer).or_insert((*until, 0));
        it.1 += 1;
    }
    let view = |(answer, (until, count))| SupplyView {
        path: super::supply::link(&office.guard.key, answer),
        until: cx.minute(until),
        count,
    };
    open.into_iter().map(view).collect()
}

/// The chain of custody as the sender may see it, and what became of the deadlines: times and reasons.
fn steps(
    cx: &Cx,
    case: &Case,
    (legs, turns): (&[Leg], &[Turn]),
    name: impl Fn(&base::SiteId) -> String,
) -> Vec<StepView> {
    let say = |key: &str, site: &base::SiteId| {
        cx.say(&Message::new(key.to_owned()).with("unit", cx.unit_of(&name(site))))
    };
    let step = |at: NaiveDateTime, text: String, reason: &str| {
        (at, StepView { at: cx.minute(at), text, reason: cx.written(reason) })
    };
    let leg = |it: &Leg| {
        let text = say(&format!("case_leg.{}", it.kind.as_str()), &it.site_id);
        step(it.began_at, text, &it.reason)
    };
    let turn = |it: &Turn| {
        let mut message = Message::new(format!("case_turn.{}", it.action.as_str()));
        message = message.with("what", cx.say(&Message::new(it.label.clone())));
        let due = it.due.map(|due| cx.date(due)).unwrap_or_default();
        step(it.at, cx.say(&message.with("due", due)), &it.reason)
    };
    let ends = [(case.answered_at, "case_leg.answered"), (case.closed_at, "case_leg.closed")];
    let ends =
        ends.into_iter().filter_map(|(at, key)| Some(step(at?, say(key, &case.site_id), "")));
    let mut steps: Vec<(NaiveDateTime, StepView)> =
        legs.iter().map(leg).chain(turns.iter().map(turn)).chain(ends).collect();
    steps.sort_by_key(|(at, _)| *at);
    steps.into_iter().map(|(_, step)| step).collect()
}

fn letter(cx: &Cx, said: &messages::Said) -> LetterView {
    let own = said.kind == messages::Kind::Citizen;
    let from = if own { "case_leg.you" } else { "case_leg.office" };
    LetterView {
        at: cx.minute(said.at),
        from: cx.say(&Message::new(from)),
        own,
        body: cx.written(&said.body),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ContactForm {
    contact: String,
}

/// Shows what the office wrote to who knows the contact that the sender left. Nothing is written,
/// and nothing is kept in the browser.
pub(super) async fn letters(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    code: Path<String>,
    form: Posted<ContactForm>,
) -> Result<Response> {
    let (code, case) = find(&cx, &office, client, &code).await?;
    let told = form.0.contact;
    let asked = case.clone();
    let person = cx.read(move |conn, _| store::person(conn, asked.site_id, asked.id)).await?.0;
    let fields = BTreeMap::from([("contact", told.clone())]);
    let limits = &office.guard.limits;
    let checked = match limits.look(Limit::Guess, client, cx.now) {
        Ok(()) if person.is_known_by(&told) => Ok(()),
        Ok(()) => match limits.count(Limit::Guess, client, cx.now) {
            Ok(()) => Err(Error::field("contact", "case.contact")),
            Err(err) => Err(err),
        },
        Err(err) => Err(err),
    };
    let typed = match checked {
        Ok(()) => Typed { known: true, ..Typed::default() },
        Err(err) => Typed { fields, errors: blamed(err)?, known: false },
    };
    draw(&cx, &office, (code, case), (false, typed)).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RateForm {
    score: String,
}

pub(super) async fn rate(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    code: Path<String>,
    form: Posted<RateForm>,
) -> Result<Response> {
    let (code, case) = find(&cx, &office, client, &code).await?;
    let (digest, actor) = (code.digest(), cx.nobody());
    let score = form.0.score.parse().unwrap_or_default();
    let rated = cx.write(move |conn, _| citizen::rate(conn, actor, &digest, score)).await;
    match rated {
        Ok(()) => Ok(cx.see_other_with(&format!("/hoi-dap/ma/{code}"), "done.case_rated")),
        Err(err) => {
            let typed = Typed { errors: blamed(err)?, ..Typed::default() };
            draw(&cx, &office, (code, case), (false, typed)).await
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ReopenForm {
    why: String,
}

pub(super) async fn reopen(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    code: Path<String>,
    form: Posted<ReopenForm>,
) -> Result<Response> {
    let (code, case) = find(&cx, &office, client, &code).await?;
    let why = base::text::block(&form.0.why).trim().to_owned();
    let length = why.chars().count();
    let fields = BTreeMap::from([("why", form.0.why)]);
    let done = match length {
        length if length < 10 => Err(Error::field("why", "case.reopen_short")),
        length if length > office.max_message => {
            let message = Message::new("too_long_now").with("now", length);
            Err(Error::field("why", message.with("max", office.max_message)))
        }
        _ => {
            let (digest, actor, all) = (code.digest(), cx.nobody(), office.clone());
            let who = state::Actor::Citizen { in_time: false };
            let write = cx.write(move |conn, _| {
                citizen::reopen(conn, &all.desk(actor, who), &digest, &why).map(drop)
            });
            write.await
        }
    };
    match done {
        Ok(()) => Ok(cx.see_other_with(&format!("/hoi-dap/ma/{code}"), "done.case_reopened")),
        Err(err) => {
            let typed = Typed { fields, errors: blamed(err)?, known: false };
            draw(&cx, &office, (code, case), (false, typed)).await
        }
    }
}
