//! The screens of one case, as templates take them.

use std::collections::BTreeMap;

use accounts::Staff;
use base::{Locale, Message, SiteId};
use web::Cx;

use super::{
    aside,
    case::{Facts, Wrong, as_staff},
    list::{Choice, kinds},
    masking, path,
    views::{
        Can, CaseView, ChoicesView, ClosedView, DraftView, Fact, GoneView, HeadView, HistoryView,
        LegView, LikeView, PublishView, SaidView, TemplateView,
    },
};
use crate::{
    model::{
        answer::{Approval, Kind, Stage},
        state::{self, Action, State},
    },
    office::{self, Office},
    store::{
        Case, Place,
        answers::Answer,
        desk::Like,
        legs::{Gone, Leg},
        messages,
    },
};

/// The screen of a case from what was read and typed.
pub(super) fn view(
    who: &Staff,
    office: &Office,
    facts: Facts,
    wrong: &Wrong,
) -> base::Result<CaseView> {
    let (cx, case) = (&who.cx, &facts.case);
    let name = |id: Option<base::UserId>| {
        id.and_then(|id| facts.names.get(&id).cloned()).unwrap_or_default()
    };
    let pending = facts.answers.iter().find(|it| it.stage != Stage::Sent);
    let can = can(who, office, &facts, pending);
    let draft = |it: &Answer| draft_view(cx, it, (name(it.author_id), name(it.approver_id)));
    Ok(CaseView {
        head: head(cx, office, &facts),
        choices: choices(cx, office, (&facts, pending)),
        person: person(cx, &facts),
        details: details(cx, case),
        files: aside::files(cx, &facts),
        terms: aside::terms(cx, office, &facts)?,
        supplies: aside::supplies(cx, &facts),
        cost: aside::cost(&facts),
        said: facts.said.iter().map(|it| said(cx, it)).collect(),
        legs: legs(cx, (&facts.legs, &facts.places), name),
        clocks: aside::clocks(cx, &facts)?,
        publish: publish(cx, &facts),
        sent: facts.answers.iter().filter(|it| it.stage == Stage::Sent).map(draft).collect(),
        draft: pending.map(draft),
        history: facts.history.iter().map(|it| history(cx, it)).collect(),
        readings: facts
            .readings
            .iter()
            .map(|(who, reason, at)| HistoryView {
                who: who.clone(),
                what: String::new(),
                detail: reason.clone(),
                at: base::time::minute(*at),
            })
            .collect(),
        form: wrong.typed.clone(),
        errors: cx.say_all(&wrong.errors),
        can,
    })
}

fn head(cx: &Cx, office: &Office, facts: &Facts) -> HeadView {
    let case = &facts.case;
    let name = case.assignee_id.and_then(|id| facts.names.get(&id).cloned());
    HeadView {
        number: case.number_text(),
        action: path(case.id),
        lock: case.lock,
        subject: case.subject.clone(),
        message: case.message.clone(),
        type_key: case.type_key.clone(),
        type_label: office.type_label(cx, &case.type_key),
        area: office.area_label(cx, &case.area),
        channel: cx.say(&Message::new(format!("case_channel.{}", case.channel.as_str()))),
        state: case.state,
        state_label: office::state_label(cx, case),
        restricted: case.restricted,
        suspect: case.suspect.clone(),
        about: case.about.clone(),
        received: base::time::minute(case.received_at),
        assignee: name.unwrap_or_default(),
        merged: case.merged_into.is_some(),
        forgotten: case.forgotten_at.is_some(),
        agreed_publish: case.agreed_to("publish"),
        english: facts.person.locale == Locale::En,
    }
}

fn choices(cx: &Cx, office: &Office, (facts, pending): (&Facts, Option<&Answer>)) -> ChoicesView {
    let case = &facts.case;
    ChoicesView {
        handlers: people(&facts.handlers, case.assignee_id),
        approvers: people(&facts.approvers, None)
            .into_iter()
            .filter(|it| {
                pending.is_none_or(|answer| !answer.touched_by(base::UserId::parse(&it.value)))
            })
            .collect(),
        targets: facts
            .targets
            .iter()
            .map(|it| Choice { value: it.id.to_string(), label: it.name.clone(), current: false })
            .collect(),
        came_from: facts
            .came_from
            .and_then(|site| facts.places.get(&site))
            .map(|it| it.unit.clone())
            .unwrap_or_default(),
        templates: facts
            .templates
            .iter()
            .map(|it| TemplateView { title: it.title.clone(), body: it.body.clone() })
            .collect(),
        similar: facts.similar.iter().map(like).collect(),
        duplicates: facts.duplicates.iter().map(like).collect(),
        kinds: kinds(cx, office, &case.type_key)
            .into_iter()
            .filter(|it| !it.value.is_empty())
            .collect(),
        areas: areas(office, &case.area),
        grounds: grounds(cx, office, case),
    }
}

fn can(who: &Staff, office: &Office, facts: &Facts, pending: Option<&Answer>) -> Can {
    let case = &facts.case;
    let may = |action| {
        case.forgotten_at.is_none() && state::step(case.state, action, as_staff(who)).is_ok()
    };
    let touched = pending.is_some_and(|it| it.touched_by(Some(who.user.id)));
    let approval = pending.map(|it| Approval {
        stage: it.stage,
        touched,
        rights: who.rights,
        self_approval: who.cx.site.self_approval,
    });
    let waits = pending.is_some_and(|it| it.stage == Stage::Submitted);
    let kind = office.types.kind(&case.type_key);
    let publishable =
        kind.is_some_and(|it| it.publishable) && !case.restricted && case.agreed_to("publish");
    Can {
        work: who.rights.handle,
        accept: may(Action::Accept),
        refuse: may(Action::Refuse),
        assign: may(Action::Assign),
        cost: who.rights.handle && case.state.is_open() && kind.is_some_and(|it| it.register),
        copy: who.rights.inspect && case.state.is_open() && kind.is_some_and(|it| it.copy),
        ask_copy: !who.rights.inspect && case.state.is_open() && kind.is_some_and(|it| it.copy),
        transfer: may(Action::Transfer),
        give_back: may(Action::Return) && facts.came_from.is_some(),
        write: may(Action::Answer),
        interim: may(Action::Interim) && case.state != State::New,
        approve: approval.is_some_and(|it| it.check().is_ok()),
        own: waits && touched && who.rights.approve && !who.cx.site.self_approval,
        publish: publishable
            && facts.answers.iter().any(|it| it.kind == Kind::Final && it.stage == Stage::Sent)
            && may(Action::Publish),
        unpublish: facts.public.as_ref().is_some_and(|(_, public)| *public)
            && may(Action::Unpublish),
        merge: may(Action::Merge),
        close: may(Action::Close),
        reopen: may(Action::Reopen),
        forget: who.rights.approve
            && who.rights.handle
            && !case.state.is_open()
            && case.forgotten_at.is_none(),
    }
}

fn draft_view(cx: &Cx, it: &Answer, (author, approver): (String, String)) -> DraftView {
    DraftView {
        kind: it.kind.as_str(),
        kind_label: cx.say(&Message::new(format!("case_answer_kind.{}", it.kind.as_str()))),
        stage: it.stage.as_str(),
        stage_label: cx.say(&Message::new(format!("case_stage.{}", it.stage.as_str()))),
        body: it.body.clone(),
        remark: it.remark.clone(),
        lock: it.lock,
        at: base::time::minute(it.sent_at.unwrap_or(it.updated_at)),
        author,
        approver,
    }
}

/// Who sent it, field by field; what is empty is left out.
fn person(cx: &Cx, facts: &Facts) -> Vec<Fact> {
    let it = &facts.person;
    let columns =
        [("name", &it.name), ("address", &it.address), ("phone", &it.phone), ("email", &it.email)];
    let sealed = it.sealed.iter().map(|(name, value)| (name.as_str(), value));
    columns
        .into_iter()
        .chain(sealed)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| Fact {
            label: cx.say(&Message::new(format!("case_field.{name}"))),
            value: value.clone(),
        })
        .collect()
}

fn details(cx: &Cx, case: &Case) -> Vec<Fact> {
    let fact = |(name, value): (String, String)| {
        let option = Message::new(format!("case_option.{name}.{value}"));
        let said = cx.say(&option);
        Fact {
            label: cx.say(&Message::new(format!("case_field.{name}"))),
            value: if said.starts_with("case_option.") { value } else { said },
        }
    };
    case.details().into_iter().map(fact).collect()
}

fn said(cx: &Cx, it: &messages::Said) -> SaidView {
    let who = match it.kind {
        messages::Kind::Citizen => cx.say(&Message::new("case_leg.you")),
        _ => it.user.clone().unwrap_or_else(|| cx.say(&Message::new("event_by_system"))),
    };
    SaidView { kind: it.kind.as_str(), who, at: base::time::minute(it.at), body: it.body.clone() }
}

fn legs(
    cx: &Cx,
    (legs, places): (&[Leg], &BTreeMap<SiteId, Place>),
    name: impl Fn(Option<base::UserId>) -> String,
) -> Vec<LegView> {
    let unit = |site: &SiteId| places.get(site).map(|it| it.unit.clone()).unwrap_or_default();
    let leg = |it: &Leg| {
        let text =
            Message::new(format!("case_leg.{}", it.kind.as_str())).with("unit", unit(&it.site_id));
        LegView {
            unit: unit(&it.site_id),
            from: base::time::minute(it.began_at),
            until: it.ended_at.map(base::time::minute).unwrap_or_default(),
            text: cx.say(&text),
            reason: it.reason.clone(),
            who: name(it.user_id),
        }
    };
    legs.iter().map(leg).collect()
}

fn people(all: &[(base::UserId, String)], current: Option<base::UserId>) -> Vec<Choice> {
    let choice = |(id, name): &(base::UserId, String)| Choice {
        value: id.to_string(),
        label: name.clone(),
        current: current == Some(*id),
    };
    all.iter().map(choice).collect()
}

fn areas(office: &Office, current: &str) -> Vec<Choice> {
    let choice = |it: &crate::types::Area| Choice {
        value: it.key.clone(),
        label: it.label.clone(),
        current: it.key == current,
    };
    office.types.areas.iter().map(choice).collect()
}

fn grounds(cx: &Cx, office: &Office, case: &Case) -> Vec<Choice> {
    let listed = office.types.kind(&case.type_key).map(|it| it.refusals.as_slice());
    let choice = |it: &String| Choice {
        value: it.clone(),
        label: cx.say(&Message::new(format!("case_refusal.{it}"))),
        current: false,
    };
    listed.unwrap_or_default().iter().map(choice).collect()
}

fn like(it: &Like) -> LikeView {
    let url = if it.path.is_empty() { path(it.id) } else { it.path.clone() };
    LikeView { title: it.title.clone(), url, likeness: it.likeness }
}

/// The text for others: the one they read, or the masked answer as a beginning. The message of the
/// citizen is never put there by us.
fn publish(cx: &Cx, facts: &Facts) -> PublishView {
    let sent = facts.answers.iter().find(|it| it.kind == Kind::Final && it.stage == Stage::Sent);
    match &facts.public {
        Some((it, public)) => PublishView {
            url: it.path(),
            public: *public,
            title: it.title.clone(),
            question: it.question.clone(),
            answer: it.answer.clone(),
        },
        None => PublishView {
            url: String::new(),
            public: false,
            title: String::new(),
            question: String::new(),
            answer: sent.map(|it| masking::masked(cx, &it.body)).unwrap_or_default(),
        },
    }
}

fn history(cx: &Cx, it: &db::events::Line) -> HistoryView {
    HistoryView {
        who: it.who.clone().unwrap_or_else(|| cx.say(&Message::new("event_by_system"))),
        what: format!("{} {}", cx.say(&Message::new(format!("event.{}", it.action))), it.target),
        detail: it.detail.clone(),
        at: base::time::minute(it.at),
    }
}

/// The screen of a case that moved on.
pub(super) fn gone(
    cx: &Cx,
    office: &Office,
    it: &Gone,
    (stays, places): (&[Leg], &BTreeMap<SiteId, Place>),
) -> GoneView {
    GoneView {
        number: it.number_text(),
        type_label: office.type_label(cx, &it.type_key),
        state_label: cx.say(&Message::new(format!("case_state.{}", it.state.as_str()))),
        holder: places.get(&it.holder).map(|it| it.unit.clone()).unwrap_or_default(),
        legs: legs(cx, (stays, places), |_| String::new()),
    }
}

/// The screen that asks for a reason.
pub(super) fn closed(cx: &Cx, office: &Office, case: &Case, wrong: &Wrong) -> ClosedView {
    ClosedView {
        number: case.number_text(),
        action: path(case.id),
        type_label: office.type_label(cx, &case.type_key),
        state_label: office::state_label(cx, case),
        received: base::time::minute(case.received_at),
        form: wrong.typed.clone(),
        errors: cx.say_all(&wrong.errors),
    }
}
