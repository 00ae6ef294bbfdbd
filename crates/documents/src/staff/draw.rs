//! Draws the form of a document: what is in the database under what was typed.

use std::collections::BTreeMap;

use accounts::Staff;
use base::{Error, FieldErrors, Message, Result};
use db::{Conn, events};
use media::Picker;
use serde::Serialize;
use web::{Cx, Response};

use super::{
    form::{DocumentForm, MAX_SUMMARY, MAX_TEXT, ORDER},
    list::{Choice, path, state_label},
    readings::{self, ReadingView, Readings},
};
use crate::{
    DocumentId, EffectId, RelationId, Vocabulary,
    model::{ExpiryReason, Numbered, State, Verb, What, checks::Flaw},
    store::{
        self, Document, Home, desk,
        effects::{self, Told},
        issuers::{self, Issuer, Owner},
        relations::{self, Link, Lost},
    },
    vocabulary::folded,
};

/// What was typed and what came of it.
#[derive(Default)]
pub(super) struct Typed {
    /// The document; `None` leaves it as it is stored.
    pub(super) form: Option<DocumentForm>,
    /// What is wrong.
    pub(super) errors: FieldErrors,
    /// A relation that could not be entered.
    pub(super) link: LinkForm,
    /// An event that could not be entered.
    pub(super) event: EventForm,
    /// Why it should be withdrawn or handed back.
    pub(super) remark: String,
    /// Someone else saved first.
    pub(super) stale: bool,
    /// Someone else decided first, so that it was not handed back.
    pub(super) overtaken: bool,
}

/// A relation as the form sends it.
#[derive(Clone, Debug, Default, serde::Deserialize, Serialize)]
#[serde(default)]
pub(super) struct LinkForm {
    pub(super) link_verb: String,
    pub(super) link_number: String,
    pub(super) link_own_part: String,
    pub(super) link_other_part: String,
}

/// Something that happened to the effect, as the form sends it.
#[derive(Clone, Debug, Default, serde::Deserialize, Serialize)]
#[serde(default)]
pub(super) struct EventForm {
    pub(super) event_day: String,
    pub(super) event_what: String,
    pub(super) event_part: String,
    pub(super) event_cause: String,
}

/// Everything the form needs from the database, read in one go.
struct Facts {
    issuers: Vec<Issuer>,
    known: Option<Known>,
    picker: Picker,
}

struct Known {
    document: Document,
    stored: DocumentForm,
    flaws: Vec<Flaw>,
    links: Vec<Link>,
    told: Vec<Told>,
    history: Vec<events::Line>,
    readings: Readings,
}

/// How many deeds the history shows.
const HISTORY: i64 = 30;

/// Draws the form of a new document, or of the one called `id`.
pub(super) async fn draw(
    who: &Staff,
    words: &web::Data<Vocabulary>,
    id: Option<DocumentId>,
    typed: Option<Typed>,
) -> web::Result<Response> {
    let (all, today) = (words.clone(), base::time::local(who.cx.now).date());
    let chosen = typed.as_ref().and_then(|it| Some(it.form.as_ref()?.files.clone()));
    let facts = who
        .cx
        .read(move |conn, site| {
            let home = Home::from(site);
            let known = id.map(|id| known(conn, home, (&all, id), today)).transpose()?;
            let stored = known.as_ref().map(|it| it.stored.files.clone());
            let chosen = chosen.or(stored).unwrap_or_default();
            let picker = media::picker(conn, site, &chosen)?;
            Ok(Facts { issuers: issuers::all(conn, Owner::of(home))?, known, picker })
        })
        .await?;
    let fresh = typed.is_none();
    let view = view(who, words, facts, typed.unwrap_or_default());
    if fresh {
        who.page("documents/form.html", &view)
    } else {
        who.again("documents/form.html", &view)
    }
}

fn known(
    conn: &mut Conn,
    home: Home,
    (words, id): (&Vocabulary, DocumentId),
    today: chrono::NaiveDate,
) -> Result<Known> {
    let document = store::by_id(conn, home.site, id)?;
    let fields = store::fields(conn, home.site, id)?;
    let articles = store::articles(conn, home.site, id)?;
    let files = store::files::ids(conn, home.site, id)?;
    let subject = id.uuid();
    Ok(Known {
        stored: DocumentForm::stored(&document, (fields, files), &articles)?,
        flaws: desk::examine(conn, home, words, &document, today)?,
        links: relations::of(conn, &document)?,
        told: effects::of(conn, home.site, id)?,
        history: events::of(conn, home.site, subject, HISTORY)?,
        readings: readings::of(conn, home.site, id)?,
        document,
    })
}

#[derive(Serialize)]
struct FormView {
    id: Option<DocumentId>,
    action: String,
    title: String,
    form: DocumentForm,
    errors: BTreeMap<String, String>,
    understood: Option<String>,
    stale: bool,
    flaws: Vec<FlawView>,
    types: Vec<Choice>,
    issuers: Vec<Choice>,
    urgencies: Vec<Choice>,
    modes: Vec<Choice>,
    reasons: Vec<Choice>,
    fields: Vec<Tick>,
    state: Option<State>,
    state_label: String,
    public_url: Option<String>,
    remark: String,
    overtaken: bool,
    /// Why it was withdrawn or handed back.
    reason: String,
    order: &'static [&'static str],
    read_only: bool,
    steps: Steps,
    verbs: Vec<Choice>,
    whats: Vec<Choice>,
    links: Vec<LinkView>,
    events: Vec<EventView>,
    link: LinkForm,
    event: EventForm,
    history: Vec<DeedView>,
    picker: Picker,
    readings: Vec<ReadingView>,
    limits: Limits,
}

#[derive(Serialize)]
struct Limits {
    summary: usize,
    text: usize,
}

#[derive(Serialize)]
struct FlawView {
    law: &'static str,
    text: String,
    field: &'static str,
    grave: bool,
}

#[derive(Serialize)]
struct Tick {
    key: String,
    label: String,
    on: bool,
}

/// The steps the person can take now.
#[derive(Default, Serialize)]
struct Steps {
    publish: bool,
    hand_back: bool,
    submit: bool,
    withdraw: bool,
    restore: bool,
    discard: bool,
    own: bool,
}

#[derive(Serialize)]
struct LinkView {
    id: RelationId,
    verb: String,
    title: String,
    summary: String,
    url: Option<String>,
    part: String,
    active: bool,
    /// Why the other document cannot be reached.
    note: Option<String>,
    found: bool,
}

#[derive(Serialize)]
struct EventView {
    id: EffectId,
    day: String,
    what: String,
    part: String,
    cause: String,
}

#[derive(Serialize)]
struct DeedView {
    at: String,
    who: String,
    what: String,
    detail: String,
}

fn view(who: &Staff, words: &Vocabulary, facts: Facts, typed: Typed) -> FormView {
    let cx = &who.cx;
    let known = facts.known.as_ref();
    let stored = known.map(|it| it.stored.clone()).unwrap_or_default();
    let seen = stored.lock.clone();
    let stored = if known.is_some() { stored } else { fresh_form(cx, &facts.issuers) };
    let mut form = typed.form.unwrap_or(stored);
    if typed.stale {
        // The next save is meant to go over what the other person wrote: they have been told.
        form.lock = seen;
    }
    let document = known.map(|it| &it.document);
    let number = Numbered::read(&form.number).filter(|it| !it.shown.is_empty());
    FormView {
        id: document.map(|it| it.id),
        action: document.map_or_else(|| "/quan-tri/van-ban/moi".to_owned(), |it| path(it.id)),
        title: form.number.clone(),
        errors: cx.say_all(&typed.errors),
        understood: number
            .map(|it| cx.say(&Message::new("document.understood").with("number", it.shown))),
        stale: typed.stale,
        flaws: known.map(|it| flaws(cx, &it.flaws)).unwrap_or_default(),
        types: words.types.iter().map(|it| choice(&it.key, &it.label)).collect(),
        issuers: facts.issuers.iter().map(|it| choice(&it.id.to_string(), &it.name)).collect(),
        urgencies: words.urgencies.iter().map(|it| choice(&it.key, &it.label)).collect(),
        modes: words.modes.iter().map(|it| choice(&it.key, &it.label)).collect(),
        reasons: said(cx, "expiry_reason", ExpiryReason::ALL.iter().map(|it| it.as_str())),
        fields: ticks(words, &form),
        state: document.map(|it| it.state),
        state_label: document.map(|it| state_label(cx, it.state)).unwrap_or_default(),
        public_url: document.filter(|it| it.is_public()).map(Document::path),
        remark: typed.remark,
        overtaken: typed.overtaken,
        reason: document.map(|it| it.remark.clone()).unwrap_or_default(),
        order: &ORDER,
        read_only: !may_edit(who, document),
        steps: document.map(|it| steps(who, it)).unwrap_or_default(),
        verbs: said(cx, "verb", Verb::ALL.iter().map(|it| it.as_str())),
        whats: said(cx, "effect", What::ALL.iter().map(|it| it.as_str())),
        links: known.map(|it| links(cx, words, &it.links)).unwrap_or_default(),
        events: known.map(|it| told(cx, &it.told)).unwrap_or_default(),
        link: typed.link,
        event: typed.event,
        history: known.map(|it| history(cx, &it.history)).unwrap_or_default(),
        readings: known.map(|it| readings::views(cx, &it.readings)).unwrap_or_default(),
        picker: facts.picker,
        limits: Limits { summary: MAX_SUMMARY, text: MAX_TEXT },
        form,
    }
}

/// A new document is most often the site's own body's.
fn fresh_form(cx: &Cx, issuers: &[Issuer]) -> DocumentForm {
    let own = &cx.site.identity.managing_body;
    let known = issuers.iter().find(|it| folded(&it.name) == folded(own));
    DocumentForm {
        issuer: known.map(|it| it.id.to_string()).unwrap_or_default(),
        issuer_name: if known.is_some() { String::new() } else { own.clone() },
        ..DocumentForm::default()
    }
}

/// Whether the person may change the document: what the public reads, only an approver.
pub(super) fn may_edit(who: &Staff, document: Option<&Document>) -> bool {
    match document.map(|it| it.state) {
        None | Some(State::Draft | State::Returned) => who.rights.write,
        Some(State::Published | State::Withdrawn) => who.rights.approve,
    }
}

fn steps(who: &Staff, document: &Document) -> Steps {
    let own = [document.author_id, document.editor_id].contains(&Some(who.user.id));
    let own = own && !who.cx.site.self_approval;
    let (write, approve) = (who.rights.write, who.rights.approve);
    Steps {
        publish: approve && document.state == State::Draft,
        hand_back: approve && document.state == State::Draft && !own,
        submit: write && document.state == State::Returned,
        withdraw: approve && document.state == State::Published,
        restore: approve && document.state == State::Withdrawn,
        discard: write && matches!(document.state, State::Draft | State::Returned),
        own,
    }
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), current: false }
}

fn said(cx: &Cx, words: &str, values: impl Iterator<Item = &'static str>) -> Vec<Choice> {
    values.map(|it| choice(it, &cx.say(&Message::new(format!("{words}.{it}"))))).collect()
}

/// The fields one can tick, and those of an import that no file names.
fn ticks(words: &Vocabulary, form: &DocumentForm) -> Vec<Tick> {
    let known = words.fields.iter().map(|it| it.key.clone());
    let foreign = form.fields.iter().filter(|key| words.field(key).is_none()).cloned();
    let tick =
        |key: String| Tick { label: words.field_label(&key), on: form.fields.contains(&key), key };
    known.chain(foreign).map(tick).collect()
}

fn flaws(cx: &Cx, flaws: &[Flaw]) -> Vec<FlawView> {
    let view = |flaw: &Flaw| FlawView {
        law: flaw.law,
        text: cx.say(&flaw.message),
        field: flaw.field,
        grave: flaw.grave,
    };
    flaws.iter().map(view).collect()
}

fn links(cx: &Cx, words: &Vocabulary, links: &[Link]) -> Vec<LinkView> {
    let view = |link: &Link| {
        let voice = if link.active { "verb" } else { "verb_passive" };
        let other = link.other.as_ref();
        let note = match (&link.lost, other) {
            (Some(Lost::Closed(_)), _) => Some("relation.closed"),
            (Some(Lost::Withdrawn), _) => Some("relation.withdrawn"),
            (None, None) => Some("relation.waiting"),
            (None, Some(_)) => None,
        };
        LinkView {
            id: link.id,
            verb: cx.say(&Message::new(format!("{voice}.{}", link.verb.as_str()))),
            title: other.map_or_else(
                || link.number.clone(),
                |it| format!("{} {}", words.type_label(&it.type_key), it.number),
            ),
            summary: other.map(|it| it.summary.clone()).unwrap_or_default(),
            url: other.filter(|it| it.site_id == cx.site.id).map(Document::path),
            part: link.other_part.clone(),
            active: link.active,
            note: note.map(|key| cx.say(&Message::new(key))),
            found: link.found,
        }
    };
    links.iter().map(view).collect()
}

fn told(cx: &Cx, told: &[Told]) -> Vec<EventView> {
    let view = |event: &Told| EventView {
        id: event.id,
        day: base::time::date(event.day),
        what: cx.say(&Message::new(format!("effect.{}", event.what.as_str()))),
        part: event.part.clone(),
        cause: event.cause.clone(),
    };
    told.iter().map(view).collect()
}

fn history(cx: &Cx, lines: &[events::Line]) -> Vec<DeedView> {
    let view = |line: &events::Line| DeedView {
        at: base::time::minute(line.at),
        who: line.who.clone().unwrap_or_else(|| cx.say(&Message::new("event_by_system"))),
        what: cx.say(&Message::new(format!("event.{}", line.action))),
        detail: line.detail.clone(),
    };
    lines.iter().map(view).collect()
}

/// The errors of a form, or the error itself.
pub(super) fn blamed(err: Error) -> Result<FieldErrors> {
    match err {
        Error::Invalid(errors) => Ok(errors),
        err => Err(err),
    }
}
