//! What stands beside a case on its screen: attachments and what they seem to have, deadlines and what can be done to
//! them, files that go with answers, costs.

use base::Message;
use clocks::store::Clock;
use media::files::File;
use web::Cx;

use super::{
    case::Facts,
    list::Choice,
    masking, path, terms as forms,
    views::{ClockView, CostView, FileView, SupplyView, TermsView},
};
use crate::{
    office::{self, Office},
    store::{supplies::Supply, terms},
    types::Longer,
};

/// The attachments, each with what it seems to have.
pub(super) fn files(cx: &Cx, facts: &Facts) -> Vec<FileView> {
    let view = |it: &File| FileView {
        field: format!("tep-{}", it.id),
        name: it.name.clone(),
        size: media::model::size_text(it.size),
        url: format!("{}/tep/{}", path(facts.case.id), it.id),
        seen: masking::seen(cx, facts.scans.get(&it.id)).unwrap_or_default(),
        public: facts.public_files.contains(&it.id),
    };
    facts.files.iter().map(view).collect()
}

/// What was named as the cost of copies.
pub(super) fn cost(facts: &Facts) -> Option<CostView> {
    facts.cost.as_ref().map(|it| CostView {
        amount: forms::dong(it.amount),
        reason: it.reason.clone(),
        at: base::time::day(it.at),
    })
}

/// The deadlines and why they end when they do.
pub(super) fn clocks(cx: &Cx, facts: &Facts) -> base::Result<Vec<ClockView>> {
    let view = |(clock, reckoned): &(Clock, office::Reckoned)| {
        let (due, late) = office::due(cx, clock)?;
        Ok(ClockView {
            why: reckoned.view(cx)?,
            open: clock.is_open(),
            late: late && clock.is_open(),
            cancelled: clock.cancelled_at.is_some(),
            met: clock.met_at.map(base::time::minute).unwrap_or_default(),
            due,
        })
    };
    facts.clocks.iter().map(view).collect()
}

/// What the deadlines of a case offer; nothing once it is answered.
pub(super) fn terms(cx: &Cx, office: &Office, facts: &Facts) -> base::Result<TermsView> {
    let case = &facts.case;
    let all: Vec<Clock> = facts.clocks.iter().map(|(it, _)| it.clone()).collect();
    let open: Vec<&Clock> = all.iter().filter(|it| it.is_open() && case.state.is_open()).collect();
    let choice = |it: &Clock, longer: Option<&Longer>| -> base::Result<Choice> {
        let (value, label) = forms::choice(cx, it)?;
        let label = match longer {
            Some(it) => cx.say(&Message::new(format!("case_longer.{}", it.key))),
            None => label,
        };
        Ok(Choice { value, label, current: false })
    };
    let mut view = TermsView {
        may_pause: Vec::new(),
        paused: Vec::new(),
        may_extend: Vec::new(),
        most: 0,
        longer: Vec::new(),
    };
    for it in open {
        if it.paused_at.is_some() {
            view.paused.push(choice(it, None)?);
        } else if terms::may_pause(&office.types, case, it) && it.due_at > cx.now {
            view.may_pause.push(choice(it, None)?);
        }
        if terms::may_extend(it)? && it.due_at > cx.now {
            view.most = view.most.max(forms::most(it)?);
            view.may_extend.push(choice(it, None)?);
        }
    }
    for (way, old) in terms::longer(&office.types, case, &all) {
        if case.state.is_open() {
            view.longer.push(choice(&old, Some(way))?);
        }
    }
    Ok(view)
}

/// The files that go with answers.
pub(super) fn supplies(cx: &Cx, facts: &Facts) -> Vec<SupplyView> {
    let looker = |id: Option<base::UserId>| {
        facts.lookers.iter().find(|(user, _)| Some(*user) == id).map(|(_, name)| name.clone())
    };
    let view = |(it, file): &(Supply, File)| SupplyView {
        id: it.id.to_string(),
        name: file.name.clone(),
        size: media::model::size_text(file.size),
        looker: looker(it.user_id).unwrap_or_default(),
        waits: it.expires_at.is_none(),
        over: it.expires_at.is_some_and(|until| until <= cx.now),
        until: it.expires_at.map(base::time::minute).unwrap_or_default(),
        times: it.times,
    };
    facts.supplies.iter().map(view).collect()
}
