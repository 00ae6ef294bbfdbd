//! One consultation: its days, its dossier, and the steps that can be taken.

use std::collections::BTreeMap;

use accounts::{Can, See, Staff, Write};
use base::{Error, FieldErrors};
use chrono::NaiveDate;
use db::{Conn, events};
use media::{FileId, files::File};
use serde::Serialize;
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{blamed, key, list::overdue, path};
use crate::{
    ConsultationId, Office,
    model::{
        Days, OpinionState, Stage,
        opinion::{block, line},
    },
    public::list::{line as days_line, stage_label},
    store::{
        self, Consultation, Pair, opinions,
        table::{self, Lacking},
        write::{self, Terms},
    },
};

/// The longest purpose, in characters.
const MAX_PURPOSE: usize = 3000;

/// The longest address or contact, in characters.
const MAX_ADDRESS: usize = 500;

/// How many of the site's files are offered for the dossier.
const MOST_FILES: i64 = 100;

/// How many deeds the history shows.
const HISTORY: i64 = 30;

/// What was typed and what came of it.
#[derive(Default)]
pub(super) struct Typed {
    /// The terms; `None` leaves them as they are stored.
    pub(super) form: Option<TermsForm>,
    /// What is wrong.
    pub(super) errors: FieldErrors,
    /// The reason of a stop or the number of an outcome that was refused.
    pub(super) step: String,
}

/// The terms as the form sends them.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct TermsForm {
    opens: String,
    closes: String,
    shortened: String,
    purpose: String,
    post_to: String,
    contact: String,
    lock: String,
    #[serde(skip)]
    files: BTreeMap<String, String>,
}

impl TermsForm {
    fn of(mut sent: Fields) -> Self {
        let mut take = |name: &str| sent.remove(name).unwrap_or_default();
        let form = Self {
            opens: take("opens"),
            closes: take("closes"),
            shortened: take("shortened"),
            purpose: take("purpose"),
            post_to: take("post_to"),
            contact: take("contact"),
            lock: take("lock"),
            files: BTreeMap::new(),
        };
        let slots = sent
            .into_iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("slot_")?.to_owned(), value)));
        Self { files: slots.collect(), ..form }
    }

    fn stored(it: &Consultation, dossier: &[(String, File)]) -> Self {
        Self {
            opens: it.opens.to_string(),
            closes: it.closes.to_string(),
            shortened: if it.shortened { "on".into() } else { String::new() },
            purpose: it.purpose.clone(),
            post_to: it.post_to.clone(),
            contact: it.contact.clone(),
            lock: it.lock.to_string(),
            files: dossier.iter().map(|(slot, file)| (slot.clone(), file.id.to_string())).collect(),
        }
    }

    /// Checks what the form alone can tell; the days are held against the law where they are
    /// saved.
    fn check(&self, office: &Office) -> Result<Terms, FieldErrors> {
        let mut errors = FieldErrors::new();
        let opens = day("opens", &self.opens, &mut errors);
        let closes = day("closes", &self.closes, &mut errors);
        let purpose = block("purpose", &self.purpose, MAX_PURPOSE, &mut errors);
        let post_to = block("post_to", &self.post_to, MAX_ADDRESS, &mut errors);
        let contact = line("contact", &self.contact, MAX_ADDRESS, &mut errors);
        let mut files = Vec::new();
        for slot in &office.slots {
            let chosen = self.files.get(&slot.key).map(String::as_str).unwrap_or_default();
            match (chosen, FileId::parse(chosen)) {
                ("", _) => (),
                (_, Some(file)) => files.push((slot.key.clone(), file)),
                (_, None) => {
                    let field = format!("slot_{}", slot.key);
                    errors.insert(field.into(), "consultation.file_gone".into());
                }
            }
        }
        match (opens, closes) {
            (Some(opens), Some(closes)) if errors.is_empty() => {
                let days = Days { opens, closes, shortened: self.shortened == "on" };
                Ok(Terms { days, purpose, post_to, contact, files })
            }
            _ => Err(errors),
        }
    }
}

fn day(name: &'static str, text: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let day = base::time::parse_date(text.trim());
    if day.is_none() {
        let message =
            base::Message::new("document.day_malformed").with("text", base::text::line(text));
        errors.insert(name.into(), message);
    }
    day
}

/// Everything the screen needs, read in one go.
struct Facts {
    pair: Pair,
    dossier: Vec<(String, File)>,
    files: Vec<File>,
    counts: Vec<(OpinionState, i64)>,
    lacking: Lacking,
    history: Vec<events::Line>,
}

fn facts(conn: &mut Conn, site: base::SiteId, id: ConsultationId) -> base::Result<Facts> {
    Ok(Facts {
        pair: store::by_id(conn, site, id)?,
        dossier: store::dossier(conn, site, id)?,
        files: media::files::list(conn, site, "", (0, MOST_FILES))?,
        counts: opinions::counts(conn, site, id)?,
        lacking: table::lacking(conn, site, id)?,
        history: events::of(conn, site, id.uuid(), HISTORY)?,
    })
}

#[derive(Serialize)]
struct DeskView {
    action: String,
    title: String,
    stage: Stage,
    stage_label: String,
    line: String,
    overdue: Option<String>,
    announced: bool,
    draft_url: String,
    public_url: Option<String>,
    form: TermsForm,
    errors: BTreeMap<String, String>,
    read_only: bool,
    days_locked: bool,
    least: i64,
    least_shortened: i64,
    slots: Vec<SlotView>,
    waiting: i64,
    shown: i64,
    hidden: i64,
    without_row: usize,
    steps: Steps,
    step: String,
    stopped_reason: String,
    history: Vec<DeedView>,
}

#[derive(Serialize)]
struct SlotView {
    field: String,
    label: String,
    mandatory: bool,
    draft: bool,
    value: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// The steps the person can take now.
#[derive(Serialize)]
struct Steps {
    announce: bool,
    explain: bool,
    issue: bool,
    stop: bool,
    own: bool,
}

#[derive(Serialize)]
struct DeedView {
    at: String,
    who: String,
    what: String,
    detail: String,
}

pub(super) async fn show(
    who: Can<See>,
    office: Data<Office>,
    id: Path<String>,
) -> Result<Response> {
    draw(&who, &office, key(&id)?, None).await
}

pub(super) async fn update(
    who: Can<Write>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = key(&id)?;
    let form = TermsForm::of(form.0);
    let lock = form.lock.parse().unwrap_or_default();
    let saved = match form.check(&office) {
        Ok(terms) => {
            let (actor, rules, may_approve) = (who.actor(), office.clone(), who.rights.approve);
            let write = who.cx.write(move |conn, site| {
                let (before, _) = store::by_id(conn, site.id, id)?;
                if before.announced_at.is_some() && !may_approve {
                    return Err(Error::conflict("consultation.needs_approver"));
                }
                write::save(conn, actor, (site.into(), &rules), (id, lock), &terms)
            });
            write.await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match saved {
        Ok(()) => Ok(who.cx.see_other_with(&path(id), "done.consultation_saved")),
        Err(err) => {
            let typed = Typed { form: Some(form), errors: blamed(err)?, ..Typed::default() };
            draw(&who, &office, id, Some(typed)).await
        }
    }
}

/// Draws the screen: what is stored under what was typed.
pub(super) async fn draw(
    who: &Staff,
    office: &Data<Office>,
    id: ConsultationId,
    typed: Option<Typed>,
) -> Result<Response> {
    let facts = who.cx.read(move |conn, site| facts(conn, site.id, id)).await?;
    let fresh = typed.is_none();
    let view = view(who, office, &facts, typed.unwrap_or_default());
    match fresh {
        true => who.page("consultations/show.html", &view),
        false => who.again("consultations/show.html", &view),
    }
}

fn view(who: &Staff, office: &Office, facts: &Facts, typed: Typed) -> DeskView {
    let cx = &who.cx;
    let (it, draft) = &facts.pair;
    let today = base::time::local(cx.now).date();
    let stage = it.stage(today);
    let form = typed.form.unwrap_or_else(|| TermsForm::stored(it, &facts.dossier));
    let counted = |state| facts.counts.iter().find(|(it, _)| *it == state).map_or(0, |(_, n)| *n);
    let announced = it.announced_at.is_some();
    DeskView {
        action: path(it.id),
        title: draft.summary.clone(),
        stage_label: stage_label(cx, stage),
        line: days_line(cx, (it, stage), today),
        overdue: overdue(cx, office, it, today),
        draft_url: format!("/quan-tri/van-ban/{}", draft.id),
        public_url: (announced && draft.is_public()).then(|| draft.path()),
        errors: cx.say_all(&typed.errors),
        read_only: !who.rights.write || (announced && !who.rights.approve),
        days_locked: !matches!(stage, Stage::Preparing | Stage::Open),
        least: office.minimum(false).days,
        least_shortened: office.minimum(true).days,
        slots: slots(office, facts, &form),
        waiting: counted(OpinionState::Waiting),
        shown: counted(OpinionState::Shown),
        hidden: counted(OpinionState::Hidden),
        without_row: facts.lacking.without_row.len(),
        steps: steps(who, it, stage),
        step: typed.step,
        stopped_reason: it.stopped_reason.clone(),
        history: history(who, &facts.history),
        announced,
        stage,
        form,
    }
}

fn slots(office: &Office, facts: &Facts, form: &TermsForm) -> Vec<SlotView> {
    let held = facts.dossier.iter().map(|(_, file)| file);
    let others = facts.files.iter().filter(|file| held.clone().all(|it| it.id != file.id));
    let option = |file: &File| Choice {
        value: file.id.to_string(),
        label: if file.title.is_empty() { file.name.clone() } else { file.title.clone() },
    };
    let slot = |slot: &crate::Slot| SlotView {
        field: format!("slot_{}", slot.key),
        label: slot.label.clone(),
        mandatory: slot.mandatory,
        draft: slot.draft,
        value: form.files.get(&slot.key).cloned().unwrap_or_default(),
        options: held.clone().chain(others.clone()).map(option).collect(),
    };
    office.slots.iter().map(slot).collect()
}

fn steps(who: &Staff, it: &Consultation, stage: Stage) -> Steps {
    let approve = who.rights.approve;
    let silent = it.announced_at.is_none() && stage == Stage::Preparing;
    let own = it.editor_id == Some(who.user.id) && !who.cx.site.self_approval;
    Steps {
        announce: approve && silent,
        explain: approve && matches!(stage, Stage::Ended | Stage::Collating),
        issue: approve && stage == Stage::Explained,
        stop: approve && !matches!(stage, Stage::Stopped | Stage::Issued),
        own: own && silent,
    }
}

fn history(who: &Staff, lines: &[events::Line]) -> Vec<DeedView> {
    let cx = &who.cx;
    let view = |line: &events::Line| DeedView {
        at: base::time::minute(line.at),
        who: line.who.clone().unwrap_or_else(|| cx.say(&base::Message::new("event_by_system"))),
        what: cx.say(&base::Message::new(format!("event.{}", line.action))),
        detail: line.detail.clone(),
    };
    lines.iter().map(view).collect()
}
