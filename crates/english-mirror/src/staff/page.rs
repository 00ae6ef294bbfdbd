//! What the translators' screen shows.

use std::collections::BTreeMap;

use accounts::Staff;
use base::{Message, UserId};
use content::{
    entries::store::Edition,
    kinds::Kind,
    model::{Action, State as Step},
};
use english::{
    blocks::{Change, Piece, Span},
    checks,
    state::{Report, State},
};
use serde::Serialize;
use web::Cx;

use super::{
    Choice, path, state_label,
    translate::{Facts, Typed, may_edit, step},
};
use crate::{
    model::{self, Difference, Mark, Pieces},
    store,
};

#[derive(Serialize)]
pub(super) struct PageView {
    title: String,
    action: String,
    state: &'static str,
    state_label: String,
    told: Vec<String>,
    machine: bool,
    edition: Option<EditionView>,
    source: SourceView,
    rows: Vec<RowView>,
    gone: Vec<String>,
    missing: usize,
    changed: usize,
    findings: usize,
    form: FormView,
    errors: BTreeMap<String, String>,
    conflict: Option<ConflictView>,
    read_only: bool,
    can_machine: bool,
    owners: Vec<Choice>,
    can_own: bool,
    transitions: Vec<TransitionView>,
    history: Vec<HistoryView>,
    preview_url: Option<String>,
    public_url: Option<String>,
    file_url: String,
    base: String,
}

#[derive(Serialize)]
struct EditionView {
    number: i32,
    state: Step,
    state_label: String,
    remark: Option<String>,
    self_approval: bool,
}

#[derive(Serialize)]
struct SourceView {
    number: i32,
    at: String,
    url: String,
    public_url: Option<String>,
}

#[derive(Serialize)]
struct FormView {
    address: String,
    note: String,
    seal: String,
    of: i32,
    remark: String,
    action: String,
}

#[derive(Serialize)]
struct ConflictView {
    who: String,
    at: String,
}

#[derive(Serialize)]
struct RowView {
    id: String,
    label: String,
    source: String,
    spans: Vec<SpanView>,
    change: Option<&'static str>,
    change_label: String,
    english: String,
    height: usize,
    mark: Option<Mark>,
    mark_label: String,
    /// What somebody else saved meanwhile, where it is not what was typed.
    theirs: Option<String>,
    terms: Vec<TermView>,
    findings: Vec<String>,
    error: Option<String>,
}

#[derive(Serialize)]
struct SpanView {
    kind: &'static str,
    text: String,
}

#[derive(Serialize)]
struct TermView {
    vi: String,
    english: String,
}

#[derive(Serialize)]
struct TransitionView {
    label: String,
    style: &'static str,
    needs_remark: bool,
    confirm: Option<String>,
    path: String,
    action: Action,
}

#[derive(Serialize)]
struct HistoryView {
    number: i32,
    state_label: String,
    author: String,
    at: String,
    note: String,
    url: String,
}

/// Everything the screen shows. `typed` stands where the database has something else.
pub(super) fn view(
    who: &Staff,
    facts: Facts,
    typed: Typed,
    has_machine: bool,
) -> base::Result<PageView> {
    let cx = &who.cx;
    let (page, kind) = (&facts.page, &facts.kind);
    let now = store::words(kind, &page.now)?;
    let (changes, gone) = match page.before().filter(|before| before.id != page.now.id) {
        Some(before) => {
            let (changes, gone) = model::differences(&store::words(kind, before)?, &now);
            (Some(changes), gone)
        }
        None => (None, Vec::new()),
    };
    let carried = page.carried_to(kind, &page.now)?;
    let looks =
        Looks { cx, facts: &facts, changes: changes.as_ref(), carried: &carried, typed: &typed };
    let rows: Vec<RowView> =
        now.pieces().into_iter().enumerate().map(|piece| looks.row(piece)).collect();
    let latest = page.latest.as_ref();
    let errors = cx.say_all(&typed.errors);
    let read_only = may_edit(who, page).is_err();
    Ok(PageView {
        title: page.now.title.clone(),
        action: path(page.source.content_id),
        state: facts.report.state.as_str(),
        state_label: state_label(cx, facts.report.state),
        told: told(cx, &facts.report, page.source.live_id.is_some()),
        machine: latest.is_some_and(|it| it.machine),
        edition: latest.map(|it| edition_view(who, &it.edition)),
        source: source(&facts),
        missing: rows.iter().filter(|row| row.english.trim().is_empty()).count(),
        changed: rows.iter().filter(|row| row.mark == Some(Mark::Old)).count(),
        findings: rows.iter().map(|row| row.findings.len()).sum(),
        form: form(&facts, &typed),
        conflict: latest.filter(|_| typed.stale).map(|it| ConflictView {
            who: name(&facts.people, it.edition.editor_id),
            at: base::time::minute(it.edition.updated_at),
        }),
        can_machine: has_machine
            && !read_only
            && now.pieces().iter().any(|it| !carried.contains_key(&it.id)),
        owners: owners(cx, &facts),
        can_own: who.rights.write,
        transitions: transitions(who, &facts),
        history: facts
            .history
            .iter()
            .filter(|it| it.state != Step::Discarded)
            .map(|it| history(cx, &facts, it))
            .collect(),
        preview_url: page
            .english
            .as_ref()
            .filter(|_| latest.is_some())
            .map(|it| format!("/quan-tri/tin-bai/{}/xem", it.id)),
        public_url: facts.english_path.clone().filter(|_| facts.report.is_shown),
        file_url: format!("{}/ban-dich.xlf", path(page.source.content_id)),
        base: format!("/en/{}/", facts.section),
        rows,
        gone,
        errors,
        read_only,
    })
}

/// What rows are made with.
struct Looks<'a> {
    cx: &'a Cx,
    facts: &'a Facts,
    changes: Option<&'a BTreeMap<String, Difference>>,
    carried: &'a Pieces,
    typed: &'a Typed,
}

impl Looks<'_> {
    fn row(&self, (place, piece): (usize, Piece)) -> RowView {
        let (kind, tongue) = (&self.facts.kind, self.cx.tongue());
        let stored = self.carried.get(&piece.id);
        let sent = self.typed.sent.as_ref().and_then(|sent| sent.pieces.get(&piece.id));
        let stored_text = stored.map(|it| it.text.clone()).unwrap_or_default();
        let english = sent.cloned().unwrap_or_else(|| stored_text.clone());
        let difference = self.changes.and_then(|changes| changes.get(&piece.id));
        let change = difference.map(|it| it.change).filter(|it| *it != Change::Unchanged);
        let mark = stored.and_then(|it| it.mark);
        let findings = match english.trim().is_empty() {
            true => Vec::new(),
            false => checks::compare(&tongue.terms, &piece.text, &english, tongue.names),
        };
        let suggestions = tongue.terms.suggest(&piece.text, tongue.names);
        let error = self.typed.errors.get(format!("piece-{}", piece.id).as_str());
        let theirs = (self.typed.stale && sent.is_some() && stored_text.trim() != english.trim())
            .then_some(stored_text);
        RowView {
            label: self.label(kind, &piece.id, place),
            spans: difference.map(|it| spans(&it.spans)).unwrap_or_default(),
            change: change.map(change_name),
            change_label: change.map(|it| self.say("change", change_name(it))).unwrap_or_default(),
            height: (piece.text.chars().count() / 60 + piece.text.lines().count()).clamp(2, 16),
            mark,
            mark_label: mark.map(|it| self.say("mark", mark_name(it))).unwrap_or_default(),
            theirs,
            terms: suggestions
                .into_iter()
                .map(|it| TermView { vi: it.vi, english: it.english })
                .collect(),
            findings: findings.iter().map(|it| self.cx.say(&it.message)).collect(),
            error: error.map(|message| self.cx.say(message)),
            source: piece.text,
            id: piece.id,
            english,
        }
    }

    fn say(&self, part: &str, name: &str) -> String {
        self.cx.say(&Message::new(format!("mirror.{part}.{name}")))
    }

    fn label(&self, kind: &Kind, id: &str, place: usize) -> String {
        if let Some(name) = id.strip_prefix("field-") {
            let field = kind.fields.iter().find(|field| field.name == name);
            return field.map_or(name, |field| field.label.as_str()).to_owned();
        }
        let message = match id {
            "title" => Message::new("mirror.piece.title"),
            "summary" => Message::new("mirror.piece.summary"),
            _ => Message::new("mirror.piece.block").with("number", place + 1),
        };
        self.cx.say(&message)
    }
}

fn change_name(change: Change) -> &'static str {
    match change {
        Change::Unchanged => "unchanged",
        Change::Moved => "moved",
        Change::Changed => "changed",
        Change::New => "new",
        Change::Gone => "gone",
    }
}

fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Machine => "machine",
        Mark::Old => "old",
    }
}

fn spans(spans: &[Span]) -> Vec<SpanView> {
    let view = |span: &Span| match span {
        Span::Same(text) => SpanView { kind: "same", text: text.clone() },
        Span::Removed(text) => SpanView { kind: "removed", text: text.clone() },
        Span::Added(text) => SpanView { kind: "added", text: text.clone() },
    };
    spans.iter().map(view).collect()
}

/// Sentences on where the page stands.
fn told(cx: &Cx, report: &Report, is_public: bool) -> Vec<String> {
    let mut told = Vec::new();
    let reflects = report.reflects.unwrap_or_default();
    let key = match report.state {
        State::Stale => "mirror.told.stale",
        State::Current => "mirror.told.current",
        State::Draft if report.changes > 0 => "mirror.told.draft_behind",
        State::Draft => "mirror.told.draft",
        State::Missing => "mirror.told.missing",
    };
    told.push(cx.say(&Message::new(key).with("of", reflects).with("changes", report.changes)));
    if report.has_draft && matches!(report.state, State::Stale | State::Current) {
        told.push(cx.say(&Message::new("mirror.told.newer")));
    }
    if !is_public {
        told.push(cx.say(&Message::new("mirror.told.hidden")));
    }
    told
}

fn source(facts: &Facts) -> SourceView {
    let page = &facts.page;
    SourceView {
        number: page.now.number,
        at: base::time::minute(page.now.decided_at.unwrap_or(page.now.updated_at)),
        url: format!("/quan-tri/tin-bai/{}", page.source.id),
        public_url: facts.source_path.clone().filter(|_| page.source.live_id.is_some()),
    }
}

fn edition_view(who: &Staff, edition: &Edition) -> EditionView {
    let touched = step(who, edition).touched;
    EditionView {
        number: edition.number,
        state: edition.state,
        state_label: who.cx.say(&Message::new(format!("state.{}", edition.state.as_str()))),
        remark: (!edition.remark.is_empty()).then(|| edition.remark.clone()),
        self_approval: touched
            && who.rights.approve
            && who.cx.site.self_approval
            && edition.state == Step::Submitted,
    }
}

fn form(facts: &Facts, typed: &Typed) -> FormView {
    let latest = facts.page.latest.as_ref().map(|it| &it.edition);
    let sent = typed.sent.as_ref();
    let is_draft = latest.is_some_and(|it| it.state == Step::Draft);
    let (action, remark) = match &typed.step {
        Some((action, remark)) => (action.as_str().to_owned(), remark.clone()),
        None => (String::new(), String::new()),
    };
    FormView {
        address: match (sent, latest) {
            (Some(sent), _) => sent.address.clone(),
            (None, Some(edition)) => edition.slug.clone(),
            (None, None) => String::new(),
        },
        note: match (sent, latest.filter(|_| is_draft)) {
            (Some(sent), _) => sent.note.clone(),
            (None, Some(edition)) => edition.note.clone(),
            (None, None) => String::new(),
        },
        // After a collision the next save is meant to go over what the other person wrote: it
        // stands below what was typed.
        seal: match sent {
            Some(sent) if !typed.stale => sent.seal.clone(),
            _ => facts.page.seal(),
        },
        of: facts.page.now.number,
        action,
        remark,
    }
}

fn owners(cx: &Cx, facts: &Facts) -> Vec<Choice> {
    let none = Choice {
        value: String::new(),
        label: cx.say(&Message::new("mirror.nobody")),
        current: facts.care.owner.is_none(),
    };
    let choice = |(id, name): (&UserId, &String)| Choice {
        value: id.to_string(),
        label: name.clone(),
        current: facts.care.owner == Some(*id),
    };
    std::iter::once(none).chain(facts.writers.iter().map(choice)).collect()
}

fn transitions(who: &Staff, facts: &Facts) -> Vec<TransitionView> {
    let Some(latest) = &facts.page.latest else { return Vec::new() };
    let mut open: Vec<Action> = step(who, &latest.edition).open().collect();
    let live = facts.page.english.as_ref().and_then(|it| it.live_id);
    if live.is_some_and(|live| live != latest.edition.id) && who.rights.approve {
        open.push(Action::Withdraw);
    }
    let base = path(facts.page.source.content_id);
    let say = |part: &str, action: Action| {
        who.cx.say(&Message::new(format!("{part}.{}", action.as_str())))
    };
    let view = |action: Action| TransitionView {
        label: say("action", action),
        style: match action {
            Action::Submit | Action::Publish | Action::Restore => "primary",
            Action::Recall | Action::Return => "plain",
            Action::Withdraw | Action::Discard => "danger",
        },
        needs_remark: action.needs_remark(),
        confirm: matches!(action, Action::Withdraw | Action::Discard | Action::Publish)
            .then(|| say("confirm", action)),
        path: format!("{base}/{}", action.as_str()),
        action,
    };
    open.into_iter().map(view).collect()
}

fn history(cx: &Cx, facts: &Facts, edition: &Edition) -> HistoryView {
    let entry = facts.page.english.as_ref().map(|it| it.id.to_string()).unwrap_or_default();
    HistoryView {
        number: edition.number,
        state_label: cx.say(&Message::new(format!("state.{}", edition.state.as_str()))),
        author: name(&facts.people, edition.author_id),
        at: base::time::minute(edition.decided_at.unwrap_or(edition.updated_at)),
        note: edition.note.clone(),
        url: format!("/quan-tri/tin-bai/{entry}/phien-ban/{}", edition.number),
    }
}

fn name(people: &BTreeMap<UserId, String>, user: Option<UserId>) -> String {
    user.and_then(|user| people.get(&user).cloned()).unwrap_or_default()
}
