//! What the templates of one case get.

use std::collections::BTreeMap;

use clocks::why::Why;
use serde::Serialize;

use super::list::Choice;
use crate::model::state::State;

/// The screen of a case.
#[derive(Serialize)]
pub(super) struct CaseView {
    #[serde(flatten)]
    pub(super) head: HeadView,
    #[serde(flatten)]
    pub(super) choices: ChoicesView,
    pub(super) person: Vec<Fact>,
    pub(super) details: Vec<Fact>,
    pub(super) files: Vec<FileView>,
    pub(super) said: Vec<SaidView>,
    pub(super) legs: Vec<LegView>,
    pub(super) clocks: Vec<ClockView>,
    #[serde(flatten)]
    pub(super) terms: TermsView,
    pub(super) supplies: Vec<SupplyView>,
    pub(super) cost: Option<CostView>,
    pub(super) can: Can,
    pub(super) draft: Option<DraftView>,
    pub(super) sent: Vec<DraftView>,
    pub(super) publish: PublishView,
    pub(super) history: Vec<HistoryView>,
    pub(super) readings: Vec<HistoryView>,
    pub(super) form: BTreeMap<String, String>,
    pub(super) errors: BTreeMap<String, String>,
}

/// What stands at the top of the screen.
#[derive(Serialize)]
pub(super) struct HeadView {
    pub(super) number: String,
    pub(super) action: String,
    pub(super) lock: i32,
    pub(super) subject: String,
    pub(super) message: String,
    pub(super) type_key: String,
    pub(super) type_label: String,
    pub(super) area: String,
    pub(super) channel: String,
    pub(super) state: State,
    pub(super) state_label: String,
    pub(super) restricted: bool,
    pub(super) suspect: String,
    pub(super) about: String,
    pub(super) received: String,
    pub(super) assignee: String,
    pub(super) merged: bool,
    pub(super) forgotten: bool,
    pub(super) agreed_publish: bool,
    /// Whether the sender is written to in English.
    pub(super) english: bool,
}

/// What can be chosen in its forms.
#[derive(Serialize)]
pub(super) struct ChoicesView {
    pub(super) handlers: Vec<Choice>,
    pub(super) approvers: Vec<Choice>,
    pub(super) targets: Vec<Choice>,
    pub(super) came_from: String,
    pub(super) templates: Vec<TemplateView>,
    pub(super) similar: Vec<LikeView>,
    pub(super) duplicates: Vec<LikeView>,
    pub(super) kinds: Vec<Choice>,
    pub(super) areas: Vec<Choice>,
    pub(super) grounds: Vec<Choice>,
}

/// The steps that are open.
#[derive(Serialize)]
pub(super) struct Can {
    pub(super) work: bool,
    pub(super) accept: bool,
    pub(super) refuse: bool,
    pub(super) assign: bool,
    pub(super) cost: bool,
    pub(super) copy: bool,
    pub(super) ask_copy: bool,
    pub(super) transfer: bool,
    pub(super) give_back: bool,
    pub(super) write: bool,
    pub(super) interim: bool,
    pub(super) approve: bool,
    pub(super) own: bool,
    pub(super) publish: bool,
    pub(super) unpublish: bool,
    pub(super) merge: bool,
    pub(super) close: bool,
    pub(super) reopen: bool,
    pub(super) forget: bool,
}

#[derive(Serialize)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

#[derive(Serialize)]
pub(super) struct FileView {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) url: String,
    /// What it seems to have of personal data, or that nobody has looked; empty for nothing.
    pub(super) seen: String,
    pub(super) public: bool,
}

/// What the deadlines of the case offer.
#[derive(Serialize)]
pub(super) struct TermsView {
    pub(super) may_pause: Vec<Choice>,
    pub(super) paused: Vec<Choice>,
    pub(super) may_extend: Vec<Choice>,
    /// How much more the law knows at most.
    pub(super) most: u32,
    pub(super) longer: Vec<Choice>,
}

/// A file that goes with an answer.
#[derive(Serialize)]
pub(super) struct SupplyView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) looker: String,
    /// Whether the answer has not been sent yet.
    pub(super) waits: bool,
    pub(super) over: bool,
    pub(super) until: String,
    pub(super) times: i32,
}

/// What copies cost whoever asked.
#[derive(Serialize)]
pub(super) struct CostView {
    pub(super) amount: String,
    pub(super) reason: String,
    pub(super) at: String,
}

#[derive(Serialize)]
pub(super) struct SaidView {
    pub(super) kind: &'static str,
    pub(super) who: String,
    pub(super) at: String,
    pub(super) body: String,
}

#[derive(Serialize)]
pub(super) struct LegView {
    pub(super) unit: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) text: String,
    pub(super) reason: String,
    pub(super) who: String,
}

#[derive(Serialize)]
pub(super) struct ClockView {
    pub(super) why: Why,
    pub(super) due: String,
    pub(super) open: bool,
    pub(super) late: bool,
    pub(super) met: String,
    /// Whether another deadline took its place, or the case is another's.
    pub(super) cancelled: bool,
}

#[derive(Serialize)]
pub(super) struct DraftView {
    pub(super) kind: &'static str,
    pub(super) kind_label: String,
    pub(super) stage: &'static str,
    pub(super) stage_label: String,
    pub(super) body: String,
    pub(super) remark: String,
    pub(super) lock: i32,
    pub(super) author: String,
    pub(super) approver: String,
    pub(super) at: String,
}

#[derive(Serialize)]
pub(super) struct TemplateView {
    pub(super) title: String,
    pub(super) body: String,
}

#[derive(Serialize)]
pub(super) struct LikeView {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) likeness: usize,
}

/// The text for others, as it is or as a suggestion.
#[derive(Serialize)]
pub(super) struct PublishView {
    pub(super) url: String,
    pub(super) public: bool,
    pub(super) title: String,
    pub(super) question: String,
    pub(super) answer: String,
}

#[derive(Serialize)]
pub(super) struct HistoryView {
    pub(super) who: String,
    pub(super) what: String,
    pub(super) detail: String,
    pub(super) at: String,
}

/// What an office sees of a case that moved on.
#[derive(Serialize)]
pub(super) struct GoneView {
    pub(super) number: String,
    pub(super) type_label: String,
    pub(super) state_label: String,
    pub(super) holder: String,
    pub(super) legs: Vec<LegView>,
}

/// What who inspects sees before saying why.
#[derive(Serialize)]
pub(super) struct ClosedView {
    pub(super) number: String,
    pub(super) action: String,
    pub(super) type_label: String,
    pub(super) state_label: String,
    pub(super) received: String,
    pub(super) form: BTreeMap<String, String>,
    pub(super) errors: BTreeMap<String, String>,
}
