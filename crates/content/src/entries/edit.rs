//! Draws the editor's form: what is in the database under what was typed.

use base::{EntryId, Error, FieldErrors, Locale, Result, SectionId, UserId};
use theme::markdown;
use web::{Cx, Response};

use super::{
    EntryForm,
    form::MAX_BODY,
    store::{self, Edition, Working},
    views::{
        ConflictView, EntryView, FormFields, FormView, KindView, LIMITS, entry_path, field_views,
        history_view, picture_choice, section_choices, state_label, transition,
    },
};
use crate::{
    kinds::{Kind, Kinds},
    model::{Action, State, Step},
    sections::{Section, store as tree},
};
use accounts::Staff;

/// How many pictures of the library the form offers.
const PICTURES: i64 = 24;

/// What was typed and what came of it.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) form: EntryForm,
    pub(crate) errors: FieldErrors,
    /// Someone else saved first.
    pub(crate) stale: bool,
    /// A step that was refused, and the remark written for it.
    pub(crate) step: Option<(String, String)>,
}

/// Everything the form needs from the database, read in one go.
struct Facts {
    sections: Vec<Section>,
    pictures: Vec<media::Row>,
    working: Option<Known>,
}

struct Known {
    working: Working,
    address: Option<String>,
    history: Vec<Edition>,
    names: std::collections::BTreeMap<UserId, String>,
}

/// Draws the form of a new entry of `kind`.
pub(crate) async fn draw_new(
    who: &Staff,
    kind: &Kind,
    section: Option<SectionId>,
    typed: Option<Typed>,
) -> web::Result<Response> {
    let facts = who.cx.read(move |conn, site| facts(conn, site.id, None)).await?;
    let fresh = typed.is_none();
    let mut typed = typed.unwrap_or_default();
    if let (true, Some(section)) = (fresh, section) {
        typed.form.section = section.to_string();
    }
    let action = format!("/quan-tri/tin-bai/moi/{}", kind.id);
    let view = view(who, kind, facts, typed, action);
    if fresh { who.page("content/form.html", &view) } else { who.again("content/form.html", &view) }
}

/// Draws the form of an entry, with what was typed when something was wrong with it.
pub(crate) async fn draw(
    who: &Staff,
    kinds: &Kinds,
    id: EntryId,
    typed: Option<Typed>,
) -> web::Result<Response> {
    let facts = who.cx.read(move |conn, site| facts(conn, site.id, Some(id))).await?;
    let known = facts.working.as_ref().ok_or(Error::NotFound)?;
    let entry = &known.working.entry;
    if entry.locale == Locale::En {
        // Translations have a screen of their own, beside their source.
        return Ok(who.cx.see_other(&format!("/quan-tri/tieng-anh/{}", entry.content_id)));
    }
    let kind = kinds.get(&known.working.entry.kind).ok_or(Error::NotFound)?;
    let stored = stored_form(&known.working.edition)?;
    let fresh = typed.is_none();
    let mut typed = typed.unwrap_or_else(|| Typed { form: stored.clone(), ..Typed::default() });
    if typed.stale {
        // The next save is meant to go over what the other person wrote: the editor has seen it.
        typed.form.lock = known.working.edition.seal();
    } else if typed.step.is_some() {
        typed.form = stored;
    }
    let view = view(who, kind, facts, typed, entry_path(id));
    if fresh { who.page("content/form.html", &view) } else { who.again("content/form.html", &view) }
}

fn facts(conn: &mut db::Conn, site: base::SiteId, id: Option<EntryId>) -> Result<Facts> {
    let working = id.map(|id| known(conn, site, id)).transpose()?;
    Ok(Facts {
        sections: tree::tree(conn, site)?,
        pictures: media::pictures::latest(conn, site, 0, PICTURES)?,
        working,
    })
}

fn known(conn: &mut db::Conn, site: base::SiteId, id: EntryId) -> Result<Known> {
    let working = store::working(conn, site, id)?;
    let history = store::history(conn, site, id)?;
    let people = history.iter().flat_map(|it| [it.author_id, it.approver_id]).flatten().collect();
    Ok(Known {
        address: store::address(conn, site, id)?,
        names: store::names(conn, people)?,
        working,
        history,
    })
}

/// The form as the edition fills it.
pub(crate) fn stored_form(edition: &Edition) -> Result<EntryForm> {
    let tick = |on: bool| if on { "on".to_owned() } else { String::new() };
    Ok(EntryForm {
        title: edition.title.clone(),
        summary: edition.summary.clone(),
        body: edition.body.clone(),
        section: edition.section_id.to_string(),
        address: edition.slug.clone(),
        minor: tick(edition.minor && edition.state == State::Draft),
        featured: tick(edition.featured),
        note: if edition.state == State::Draft { edition.note.clone() } else { String::new() },
        lock: edition.seal(),
        fields: edition.field_map()?,
    })
}

fn view(who: &Staff, kind: &Kind, facts: Facts, typed: Typed, action: String) -> FormView {
    let cx = &who.cx;
    let step = facts.working.as_ref().map(|known| step(who, &known.working.edition));
    let entry = facts.working.as_ref().map(|known| entry_view(who, known));
    let id = entry.as_ref().map(|entry| entry.id);
    let chosen = facts.sections.iter().find(|it| it.id.to_string() == typed.form.section);
    let mut form = FormFields::of(&typed.form);
    if let Some((action, remark)) = typed.step {
        (form.action, form.remark) = (action, remark);
    }
    let errors = typed.errors.iter().filter(|(name, _)| !name.starts_with("field_"));
    FormView {
        fields: field_views(cx, kind, &typed.form.fields, &typed.errors),
        hint: chosen.map(|section| section.hint.clone()).unwrap_or_default(),
        errors: errors.map(|(name, message)| (name.to_string(), cx.say(message))).collect(),
        sections: section_choices(&facts.sections, &kind.id),
        pictures: facts.pictures.into_iter().map(picture_choice).collect(),
        removed: removed(cx, &typed.form.body),
        conflict: facts.working.as_ref().filter(|_| typed.stale).map(conflict),
        preview_url: id.map(|id| format!("{}/xem", entry_path(id))),
        transitions: match (&facts.working, id) {
            (Some(known), Some(id)) => {
                let open = open_steps(who, &known.working).into_iter();
                open.map(|action| transition(cx, id, action)).collect()
            }
            _ => Vec::new(),
        },
        history: facts.working.as_ref().map(|known| history(cx, known)).unwrap_or_default(),
        read_only: !step.map_or(who.rights.write, Step::may_edit),
        kind: KindView { id: kind.id.clone(), label: kind.label.clone() },
        entry,
        action,
        form,
        limits: LIMITS,
    }
}

/// What the person may do with `edition`.
pub(crate) fn step(who: &Staff, edition: &Edition) -> Step {
    edition.step(Some(who.user.id), who.rights, who.cx.site.self_approval)
}

/// The steps the person can take: those of the latest edition, and taking down what the public
/// reads when a draft lies on top of it.
fn open_steps(who: &Staff, working: &Working) -> Vec<Action> {
    let mut open: Vec<Action> = step(who, &working.edition).open().collect();
    let covered = working.entry.live_id.is_some_and(|live| live != working.edition.id);
    if covered && who.rights.approve {
        open.push(Action::Withdraw);
    }
    open
}

fn entry_view(who: &Staff, known: &Known) -> EntryView {
    let Working { entry, edition } = &known.working;
    let author = edition.author_id.and_then(|id| known.names.get(&id).cloned());
    let touched = step(who, edition).touched;
    EntryView {
        id: entry.id,
        number: edition.number,
        state: edition.state,
        state_label: state_label(&who.cx, edition.state),
        author: author.unwrap_or_default(),
        address: known.address.clone().unwrap_or_default(),
        public_url: known.address.clone().filter(|_| entry.live_id.is_some()),
        remark: (!edition.remark.is_empty()).then(|| edition.remark.clone()),
        self_approval: touched
            && who.rights.approve
            && who.cx.site.self_approval
            && edition.state == State::Submitted,
    }
}

fn conflict(known: &Known) -> ConflictView {
    let edition = &known.working.edition;
    ConflictView {
        who: edition.author_id.and_then(|id| known.names.get(&id).cloned()).unwrap_or_default(),
        at: base::time::minute(edition.updated_at),
        title: edition.title.clone(),
        body: edition.body.clone(),
    }
}

fn history(cx: &Cx, known: &Known) -> Vec<super::views::HistoryView> {
    let id = known.working.entry.id;
    known.history.iter().map(|edition| history_view(cx, id, edition, &known.names)).collect()
}

/// What cleaning takes out of `body`, told each time it is shown, for it stays in the text.
fn removed(cx: &Cx, body: &str) -> Vec<String> {
    if body.len() > MAX_BODY {
        return Vec::new();
    }
    let rendered = markdown(&base::text::block(body)).ok();
    rendered.map(|it| it.removed.iter().map(|one| cx.say(one)).collect()).unwrap_or_default()
}
