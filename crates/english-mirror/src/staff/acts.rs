//! What is done with a page besides writing it: the steps of the workflow, who looks after it, a
//! draft by a machine.

use std::collections::BTreeMap;

use accounts::{Can, Write};
use base::{Error, Message, UserId};
use content::{
    entries::store::{self as entries, Asked, Outcome},
    model::Action,
};
use serde::Deserialize;
use web::{Data, Path, Posted, Response, Result};

use super::{HERE, key, path, translate};
use crate::{
    Office,
    machine::{self, Words},
    store::{self, owners, write},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    lock: String,
    remark: String,
}

/// The longest remark, in characters.
const MAX_REMARK: usize = 1000;

/// Takes a step of the workflow.
pub(super) async fn act(
    who: Can<Write>,
    office: Data<Office>,
    asked: Path<(String, String)>,
    form: Posted<StepForm>,
) -> Result<Response> {
    let content = key(&asked.0)?;
    let action = Action::parse(&asked.1).ok_or(Error::NotFound)?;
    let remark = base::text::block(&form.0.remark).trim().to_owned();
    let length = remark.chars().count();
    if (action.needs_remark() && length < 5) || length > MAX_REMARK {
        let message = Message::new("remark.missing").with("max", MAX_REMARK);
        let typed = translate::Typed {
            errors: [("remark".into(), message)].into(),
            step: Some((action, form.0.remark)),
            ..translate::Typed::default()
        };
        return translate::draw(&who, &office, content, Some(typed)).await;
    }
    let step = Asked { action, seal: form.0.lock, remark };
    let (actor, held) = ((who.actor(), who.rights), office.clone());
    let acted = who
        .cx
        .write(move |conn, site| write::act(conn, actor, (site, &held.kinds), content, &step));
    match acted.await {
        Ok(Outcome::Done(_)) if action == Action::Discard => {
            Ok(who.cx.see_other_with(HERE, "done.discard"))
        }
        Ok(Outcome::Done(_)) => Ok(who.cx.see_other_with(&path(content), done(action))),
        Ok(Outcome::Stale) => Err(Error::conflict("entry.changed").into()),
        Err(Error::Invalid(errors)) => {
            let typed = translate::Typed { errors, ..translate::Typed::default() };
            translate::draw(&who, &office, content, Some(typed)).await
        }
        Err(err) => Err(err.into()),
    }
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Submit => "done.submitted",
        Action::Recall => "done.recall",
        Action::Return => "done.return",
        Action::Publish => "done.mirror_published",
        Action::Withdraw => "done.withdraw",
        Action::Restore => "done.restore",
        Action::Discard => "done.discard",
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OwnerForm {
    owner: String,
}

/// Names who looks after the English of a page.
pub(super) async fn owner(
    who: Can<Write>,
    id: Path<String>,
    form: Posted<OwnerForm>,
) -> Result<Response> {
    let content = key(&id)?;
    let owner = match form.0.owner.as_str() {
        "" => None,
        text => Some(UserId::parse(text).ok_or(Error::NotFound)?),
    };
    let (actor, may) = (who.actor(), who.rights.edit || owner == Some(who.user.id));
    if !may {
        return Err(Error::Forbidden.into());
    }
    let named = who.cx.write(move |conn, site| {
        let title = store::page(conn, site.id, content)?.now.title;
        owners::name(conn, actor, content, owner, title)
    });
    named.await?;
    Ok(who.cx.see_other_with(&path(content), "done.mirror_owner"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct MachineForm {
    seal: String,
}

/// Fills what has no English yet with what a machine writes. The machine may take long, so it
/// works between reading and writing, and what somebody saved meanwhile is not written over.
pub(super) async fn machine(
    who: Can<Write>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<MachineForm>,
) -> Result<Response> {
    let content = key(&id)?;
    if office.machine.is_none() {
        return Err(Error::NotFound.into());
    }
    let page = who.cx.read(move |conn, site| store::page(conn, site.id, content)).await?;
    if page.seal() != form.0.seal {
        return Err(Error::conflict("entry.changed").into());
    }
    let (held, tongue) = (office.clone(), who.cx.tongue().clone());
    let kind = held.kinds.get(&page.source.kind).ok_or(Error::NotFound)?.clone();
    let written = web::off_thread(move || {
        let mut pieces = page.carried(&kind)?;
        let source = store::words(&kind, &page.now)?.pieces();
        let words = Words { terms: &tongue.terms, names: tongue.names };
        let filled = match &held.machine {
            Some(provider) => machine::fill(provider.as_ref(), words, &source, &mut pieces)?,
            None => 0,
        };
        Ok::<_, Error>((page, pieces, filled))
    });
    let (page, pieces, filled) = written.await??;
    if filled == 0 {
        return Ok(who.cx.see_other_with(&path(content), "done.mirror_nothing"));
    }
    let (actor, held, staff) = (who.actor(), office.clone(), (*who).clone());
    let note = who.cx.say(&Message::new("mirror.machine_note"));
    let saved = who.cx.write(move |conn, site| {
        let now = store::page(conn, site.id, content)?;
        if now.seal() != page.seal() {
            return Ok(Outcome::Stale);
        }
        translate::may_edit(&staff, &now)?;
        let address = now.latest.as_ref().map(|it| it.edition.slug.clone()).unwrap_or_default();
        let text = write::Text { pieces, address, note };
        let of = entries::edition(conn, site.id, page.source.id, page.now.number)?;
        write::put(conn, actor, (site, &held.kinds), (&now, &of), text)
    });
    match saved.await? {
        Outcome::Done(_) => Ok(who.cx.see_other_with(&path(content), "done.mirror_machine")),
        Outcome::Stale => Err(Error::conflict("entry.changed").into()),
    }
}

/// The pieces of a form: `piece-…` and `seen-…`.
pub(super) fn sent(fields: &BTreeMap<String, String>) -> write::Sent {
    let take = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let below = |prefix: &'static str| {
        fields.iter().filter_map(move |(name, text)| {
            Some((name.strip_prefix(prefix)?.to_owned(), text.clone()))
        })
    };
    write::Sent {
        pieces: below("piece-").collect(),
        compared: below("seen-").map(|(id, _)| id).collect(),
        address: take("address"),
        note: take("note"),
        seal: take("seal"),
        of: take("of").parse().unwrap_or_default(),
    }
}
