//! What came in: shown, hidden, and entered by hand when it came on paper.

use std::collections::BTreeMap;

use accounts::{Can, Edit, See, Staff, Write};
use base::{Error, FieldErrors, Locale, Message};
use chrono::Datelike;
use documents::{model::Article, store as registry};
use serde::{Deserialize, Serialize};
use web::{Data, Path, Posted, Query, Response, Result};

use super::{blamed, key, path};
use crate::{
    ConsultationId, Office, OpinionId,
    export::part,
    model::{Channel, OpinionState, Stage, Typed as Sent},
    public::send::label,
    store::{
        self, Pair,
        opinions::{self, Moderation, New, Opinion},
    },
};

/// The longest reason for hiding, in characters.
const MAX_REASON: usize = 500;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    trang_thai: String,
}

/// An opinion from paper, as the form sends it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct LetterForm {
    channel: String,
    article: String,
    passage: String,
    body: String,
    name: String,
    organisation: String,
    show_name: String,
    nonce: String,
}

/// What was done with an opinion, as the form sends it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ModerationForm {
    act: String,
    shown: String,
    reason: String,
}

/// What was typed and what came of it.
#[derive(Default)]
struct Typed {
    letter: Option<LetterForm>,
    moderation: Option<(OpinionId, ModerationForm)>,
    errors: FieldErrors,
    state: Option<OpinionState>,
}

#[derive(Serialize)]
struct VoicesView {
    action: String,
    back: String,
    title: String,
    tabs: Vec<Tab>,
    items: Vec<Item>,
    errors: BTreeMap<String, String>,
    form: LetterForm,
    channels: Vec<Choice>,
    articles: Vec<Choice>,
    can_edit: bool,
    can_enter: bool,
    max: usize,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    count: i64,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Item {
    id: OpinionId,
    part: String,
    name: String,
    organisation: String,
    show_name: bool,
    channel: String,
    at: String,
    state: OpinionState,
    state_label: String,
    passage: String,
    body: String,
    shown: String,
    reason: String,
    found: Vec<String>,
    answered: bool,
    shown_error: Option<String>,
    reason_error: Option<String>,
}

pub(super) async fn index(
    who: Can<See>,
    office: Data<Office>,
    id: Path<String>,
    query: Query<Asked>,
) -> Result<Response> {
    let state = OpinionState::parse(&query.trang_thai);
    draw(&who, &office, key(&id)?, (Typed { state, ..Typed::default() }, true)).await
}

async fn draw(
    who: &Staff,
    office: &Data<Office>,
    id: ConsultationId,
    (typed, fresh): (Typed, bool),
) -> Result<Response> {
    let state = typed.state;
    let read = who.cx.read(move |conn, site| {
        let pair = store::by_id(conn, site.id, id)?;
        let articles = registry::articles(conn, site.id, pair.1.id)?;
        let counts = opinions::counts(conn, site.id, id)?;
        Ok((pair, articles, counts, opinions::all(conn, site.id, id, state)?))
    });
    let (pair, articles, counts, all) = read.await?;
    let view = view(who, office, (&pair, &articles), (&counts, &all, typed));
    match fresh {
        true => who.page("consultations/opinions.html", &view),
        false => who.again("consultations/opinions.html", &view),
    }
}

fn view(
    who: &Staff,
    office: &Office,
    (pair, articles): (&Pair, &[Article]),
    (counts, all, typed): (&[(OpinionState, i64)], &[Opinion], Typed),
) -> VoicesView {
    let cx = &who.cx;
    let (it, draft) = pair;
    let stage = it.stage(base::time::local(cx.now).date());
    let fresh = LetterForm {
        nonce: crate::public::form_nonce(cx.now),
        show_name: String::new(),
        ..LetterForm::default()
    };
    let channels = Channel::ALL.iter().filter(|it| **it != Channel::Web);
    let is_letter = typed.moderation.is_none();
    VoicesView {
        action: format!("{}/y-kien", path(it.id)),
        back: path(it.id),
        title: draft.summary.clone(),
        tabs: tabs(who, it.id, counts, typed.state),
        items: all.iter().map(|it| item(who, it, &typed)).collect(),
        errors: if is_letter { cx.say_all(&typed.errors) } else { BTreeMap::new() },
        form: typed.letter.clone().unwrap_or(fresh),
        channels: channels
            .map(|it| Choice {
                value: it.as_str().to_owned(),
                label: cx.say(&Message::new(format!("channel.{}", it.as_str()))),
            })
            .collect(),
        articles: articles
            .iter()
            .filter_map(|it| Some(Choice { value: it.anchor()?, label: it.no.clone() }))
            .collect(),
        can_edit: who.rights.edit,
        can_enter: who.rights.write
            && matches!(stage, Stage::Open | Stage::Ended | Stage::Collating),
        max: office.rules.max_opinion,
    }
}

fn tabs(
    who: &Staff,
    id: ConsultationId,
    counts: &[(OpinionState, i64)],
    current: Option<OpinionState>,
) -> Vec<Tab> {
    let here = format!("{}/y-kien", path(id));
    let all = Tab {
        label: who.cx.say(&Message::new("filter.all")),
        count: counts.iter().map(|(_, count)| count).sum(),
        url: here.clone(),
        current: current.is_none(),
    };
    let tab = |state: &OpinionState| Tab {
        label: state_label(who, *state),
        count: counts.iter().find(|(it, _)| it == state).map_or(0, |(_, count)| *count),
        url: format!("{here}?trang_thai={}", state.as_str()),
        current: current == Some(*state),
    };
    std::iter::once(all).chain(OpinionState::ALL.iter().map(tab)).collect()
}

fn state_label(who: &Staff, state: OpinionState) -> String {
    who.cx.say(&Message::new(format!("opinion_state.{}", state.as_str())))
}

/// An opinion with what is personal in it hidden, as a proposal.
fn item(who: &Staff, opinion: &Opinion, typed: &Typed) -> Item {
    let cx = &who.cx;
    let identity = &cx.site.identity;
    let options = privacy::Options {
        allow: vec![identity.phone.clone(), identity.email.clone(), identity.address.clone()],
        year: u16::try_from(base::time::local(cx.now).year()).unwrap_or(u16::MAX),
    };
    let found = privacy::find(&opinion.body, &options);
    let proposal = match opinion.shown.is_empty() {
        true => privacy::mask(&opinion.body, &found),
        false => opinion.shown.clone(),
    };
    let mine = typed.moderation.as_ref().filter(|(id, _)| *id == opinion.id).map(|(_, form)| form);
    let error = |name: &str| mine.and(typed.errors.get(name)).map(|message| cx.say(message));
    let kind = |it: &privacy::Found| {
        let words = opinion.body.get(it.range.clone()).unwrap_or_default();
        let label = cx.say(&Message::new(format!("privacy.kind.{}", it.kind.as_str())));
        format!("{label}: {words}")
    };
    Item {
        id: opinion.id,
        part: part(cx, opinion),
        name: opinion.name.clone(),
        organisation: opinion.organisation.clone(),
        show_name: opinion.show_name,
        channel: cx.say(&Message::new(format!("channel.{}", opinion.channel.as_str()))),
        at: base::time::minute(opinion.received_at),
        state: opinion.state,
        state_label: state_label(who, opinion.state),
        passage: opinion.passage.clone(),
        body: opinion.body.clone(),
        shown: mine.map_or(proposal, |it| it.shown.clone()),
        reason: mine.map_or_else(|| opinion.reason.clone(), |it| it.reason.clone()),
        found: found.iter().map(kind).collect(),
        answered: opinion.row_id.is_some(),
        shown_error: error("shown"),
        reason_error: error("reason"),
    }
}

pub(super) async fn moderate(
    who: Can<Edit>,
    office: Data<Office>,
    place: Path<(String, String)>,
    form: Posted<ModerationForm>,
) -> Result<Response> {
    let id = key(&place.0)?;
    let opinion = OpinionId::parse(&place.1).ok_or(Error::NotFound)?;
    let form = form.0;
    let reason = base::text::block(&form.reason).trim().to_owned();
    let what = match form.act.as_str() {
        "show" => Ok(Moderation::Show(base::text::block(&form.shown).trim().to_owned())),
        _ if (5..=MAX_REASON).contains(&reason.chars().count()) => Ok(Moderation::Hide(reason)),
        _ => {
            let message = Message::new("consultation.reason_missing").with("max", MAX_REASON);
            Err(Error::field("reason", message))
        }
    };
    let done = match what {
        Ok(what) => {
            let actor = who.actor();
            let write = who.cx.write(move |conn, site| {
                opinions::moderate(conn, actor, site.into(), (id, opinion), &what)
            });
            write.await
        }
        // What belongs to another site is not found, whatever else is wrong.
        Err(err) => {
            let read = who.cx.read(move |conn, site| opinions::one(conn, site.id, (id, opinion)));
            read.await.and(Err(err))
        }
    };
    match done {
        Ok(()) => {
            let next = format!("{}/y-kien?trang_thai=waiting", path(id));
            Ok(who.cx.see_other_with(&next, "done.opinion_moderated"))
        }
        Err(err) => {
            let errors = blamed(err)?;
            let moderation = Some((opinion, form));
            draw(&who, &office, id, (Typed { moderation, errors, ..Typed::default() }, false)).await
        }
    }
}

/// Enters an opinion that came otherwise than by the form of the site.
pub(super) async fn create(
    who: Can<Write>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<LetterForm>,
) -> Result<Response> {
    let (id, form) = (key(&id)?, form.0);
    let sent = Sent {
        article: form.article.clone(),
        passage: form.passage.clone(),
        body: form.body.clone(),
        name: form.name.clone(),
        organisation: form.organisation.clone(),
        show_name: form.show_name.clone(),
        nonce: form.nonce.clone(),
        ..Sent::default()
    };
    let channel = Channel::parse(&form.channel).filter(|it| *it != Channel::Web);
    let checked = sent.check(office.rules.max_opinion).and_then(|sent| {
        let missing = || FieldErrors::from([("channel".into(), "opinion.channel_missing".into())]);
        channel.map(|channel| (sent, channel)).ok_or_else(missing)
    });
    let actor = who.actor();
    let written = who.cx.write(move |conn, site| {
        let pair = store::by_id(conn, site.id, id)?;
        let (sent, channel) = checked.map_err(Error::Invalid)?;
        let articles = registry::articles(conn, site.id, pair.1.id)?;
        let label = label(&articles, &sent.article)?;
        let consent = (String::new(), String::new());
        let new = New { sent, label, channel, origin: String::new(), consent, locale: Locale::Vi };
        opinions::enter(conn, actor, id, &new)
    });
    match written.await {
        Ok(()) => {
            let here = format!("{}/y-kien", path(id));
            Ok(who.cx.see_other_with(&here, "done.opinion_entered"))
        }
        Err(err) => {
            let typed = Typed { letter: Some(form), errors: blamed(err)?, ..Typed::default() };
            draw(&who, &office, id, (typed, false)).await
        }
    }
}
