//! What the screens of the editor show.

use std::collections::BTreeMap;

use base::{EntryId, FieldErrors, Message, SectionId, UserId};
use serde::Serialize;
use web::{Cx, Pager};

use super::{
    EntryForm,
    form::{MAX_BODY, MAX_SUMMARY, MAX_TITLE},
    store::{Edition, Line},
};
use crate::{
    kinds::{FieldType, Kind, Kinds},
    model::{Action, State},
    sections::Section,
};

/// The words of a state.
pub(crate) fn state_label(cx: &Cx, state: State) -> String {
    cx.say(&Message::new(format!("state.{}", state.as_str())))
}

/// A line of a list of entries.
#[derive(Serialize)]
pub(crate) struct Item {
    pub(crate) id: EntryId,
    title: String,
    kind_label: String,
    state: State,
    state_label: String,
    section_label: String,
    author: String,
    updated: String,
    url: String,
    remark: Option<String>,
    published: Option<String>,
    public_url: Option<String>,
}

/// What it takes to make an [`Item`] of a [`Line`].
pub(crate) struct Labels<'a> {
    pub(crate) cx: &'a Cx,
    pub(crate) kinds: &'a Kinds,
    pub(crate) sections: &'a BTreeMap<SectionId, String>,
    pub(crate) names: &'a BTreeMap<UserId, String>,
    pub(crate) addresses: &'a BTreeMap<EntryId, String>,
}

impl Labels<'_> {
    pub(crate) fn item(&self, line: Line) -> Item {
        let name = line.author_id.and_then(|id| self.names.get(&id).cloned());
        Item {
            kind_label: self.kinds.get(&line.kind).map_or(&line.kind, |kind| &kind.label).clone(),
            state_label: state_label(self.cx, line.state),
            section_label: self.sections.get(&line.section_id).cloned().unwrap_or_default(),
            author: name.unwrap_or_default(),
            updated: base::time::minute(line.updated_at),
            url: entry_path(line.id),
            remark: (!line.remark.is_empty()).then_some(line.remark),
            published: line.live_id.and(line.published_at).map(base::time::minute),
            public_url: line.live_id.and_then(|_| self.addresses.get(&line.id).cloned()),
            id: line.id,
            title: line.title,
            state: line.state,
        }
    }
}

pub(crate) fn entry_path(id: EntryId) -> String {
    format!("/quan-tri/tin-bai/{id}")
}

/// An option of a filter or a choice.
#[derive(Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) current: bool,
}

#[derive(Serialize)]
pub(crate) struct EntriesView {
    pub(crate) items: Vec<Item>,
    pub(crate) filter: FilterForm,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) sections: Vec<Choice>,
    pub(crate) total: i64,
    pub(crate) pager: Option<Pager>,
    pub(crate) can_write: bool,
}

/// The filter as the address carries it.
#[derive(Clone, Debug, Default, serde::Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct FilterForm {
    pub(crate) q: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) section: String,
    #[serde(skip_serializing)]
    pub(crate) trang: String,
}

#[derive(Serialize)]
pub(crate) struct FormView {
    pub(crate) kind: KindView,
    pub(crate) entry: Option<EntryView>,
    pub(crate) action: String,
    pub(crate) form: FormFields,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) errors: BTreeMap<String, String>,
    pub(crate) sections: Vec<SectionChoice>,
    pub(crate) pictures: Vec<PictureChoice>,
    pub(crate) removed: Vec<String>,
    pub(crate) conflict: Option<ConflictView>,
    pub(crate) preview_url: Option<String>,
    pub(crate) transitions: Vec<TransitionView>,
    pub(crate) history: Vec<HistoryView>,
    pub(crate) hint: String,
    pub(crate) read_only: bool,
    pub(crate) limits: Limits,
}

#[derive(Serialize)]
pub(crate) struct KindView {
    pub(crate) id: String,
    pub(crate) label: String,
}

#[derive(Serialize)]
pub(crate) struct EntryView {
    pub(crate) id: EntryId,
    pub(crate) number: i32,
    pub(crate) state: State,
    pub(crate) state_label: String,
    pub(crate) author: String,
    pub(crate) address: String,
    pub(crate) public_url: Option<String>,
    pub(crate) remark: Option<String>,
    pub(crate) self_approval: bool,
}

#[derive(Default, Serialize)]
pub(crate) struct FormFields {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) section: String,
    pub(crate) address: String,
    pub(crate) minor: String,
    pub(crate) featured: String,
    pub(crate) lock: String,
    pub(crate) note: String,
    pub(crate) remark: String,
    pub(crate) action: String,
}

impl FormFields {
    pub(crate) fn of(form: &EntryForm) -> Self {
        Self {
            title: form.title.clone(),
            summary: form.summary.clone(),
            body: form.body.clone(),
            section: form.section.clone(),
            address: form.address.clone(),
            minor: form.minor.clone(),
            featured: form.featured.clone(),
            lock: form.lock.clone(),
            note: form.note.clone(),
            remark: String::new(),
            action: String::new(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct FieldView {
    name: String,
    label: String,
    #[serde(rename = "type")]
    kind: FieldType,
    required: bool,
    hint: String,
    max: Option<usize>,
    value: String,
    error: Option<String>,
}

/// The fields of `kind` with what was typed and what is wrong with it.
pub(crate) fn field_views(
    cx: &Cx,
    kind: &Kind,
    typed: &BTreeMap<String, String>,
    errors: &FieldErrors,
) -> Vec<FieldView> {
    let view = |field: &crate::kinds::Field| FieldView {
        value: typed.get(&field.name).cloned().unwrap_or_default(),
        error: errors.get(format!("field_{}", field.name).as_str()).map(|it| cx.say(it)),
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind,
        required: field.required,
        hint: field.hint.clone(),
        max: field.max,
    };
    kind.fields.iter().map(view).collect()
}

#[derive(Serialize)]
pub(crate) struct SectionChoice {
    value: SectionId,
    label: String,
    depth: usize,
    hint: String,
}

/// The sections that take entries of `kind`, in the order of the tree.
pub(crate) fn section_choices(sections: &[Section], kind: &str) -> Vec<SectionChoice> {
    let label_of = |path: &str| sections.iter().find(|it| it.path == path).map(|it| &it.label);
    let choice = |section: &Section| {
        let above = section.parent().and_then(label_of);
        let label = match above {
            Some(above) => format!("{above} › {}", section.label),
            None => section.label.clone(),
        };
        SectionChoice { value: section.id, label, depth: 0, hint: section.hint.clone() }
    };
    sections.iter().filter(|section| section.takes(kind)).map(choice).collect()
}

#[derive(Serialize)]
pub(crate) struct PictureChoice {
    id: media::PictureId,
    url: String,
    alt: String,
    markdown: String,
}

pub(crate) fn picture_choice(row: media::Row) -> PictureChoice {
    PictureChoice {
        markdown: row.markdown(),
        url: media::public_url(row.id),
        id: row.id,
        alt: row.alt,
    }
}

#[derive(Serialize)]
pub(crate) struct ConflictView {
    pub(crate) who: String,
    pub(crate) at: String,
    pub(crate) title: String,
    pub(crate) body: String,
}

#[derive(Serialize)]
pub(crate) struct TransitionView {
    action: Action,
    label: String,
    style: &'static str,
    needs_remark: bool,
    confirm: Option<String>,
    path: String,
}

/// A step of the workflow as a button.
pub(crate) fn transition(cx: &Cx, id: EntryId, action: Action) -> TransitionView {
    let say = |part: &str| cx.say(&Message::new(format!("{part}.{}", action.as_str())));
    TransitionView {
        label: say("action"),
        style: match action {
            Action::Submit | Action::Publish | Action::Restore => "primary",
            Action::Recall | Action::Return => "plain",
            Action::Withdraw | Action::Discard => "danger",
        },
        needs_remark: action.needs_remark(),
        confirm: matches!(action, Action::Withdraw | Action::Discard | Action::Publish)
            .then(|| say("confirm")),
        path: format!("{}/{}", entry_path(id), action.as_str()),
        action,
    }
}

#[derive(Serialize)]
pub(crate) struct HistoryView {
    number: i32,
    state_label: String,
    author: String,
    approver: Option<String>,
    at: String,
    note: String,
    url: String,
    self_approved: bool,
}

pub(crate) fn history_view(
    cx: &Cx,
    id: EntryId,
    edition: &Edition,
    names: &BTreeMap<UserId, String>,
) -> HistoryView {
    let name = |user: Option<UserId>| user.and_then(|user| names.get(&user).cloned());
    let words = [edition.note.as_str(), edition.remark.as_str()];
    let words: Vec<&str> = words.into_iter().filter(|text| !text.is_empty()).collect();
    HistoryView {
        number: edition.number,
        state_label: state_label(cx, edition.state),
        author: name(edition.author_id).unwrap_or_default(),
        approver: name(edition.approver_id),
        at: base::time::minute(edition.decided_at.unwrap_or(edition.updated_at)),
        note: words.join(" · "),
        url: format!("{}/phien-ban/{}", entry_path(id), edition.number),
        self_approved: edition.is_self_approved(),
    }
}

#[derive(Serialize)]
pub(crate) struct Limits {
    title: usize,
    summary: usize,
    body: usize,
}

pub(crate) const LIMITS: Limits = Limits { title: MAX_TITLE, summary: MAX_SUMMARY, body: MAX_BODY };
