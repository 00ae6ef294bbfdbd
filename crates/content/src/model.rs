//! The rules of publishing. Pure: nothing here reads a clock, a table or a request.

use accounts::model::Rights;
use base::{Error, Result};

base::text_enum!(
    /// Where an edition stands on its way to the public.
    State {
        /// Being written.
        Draft = "draft",
        /// Waiting for an approver.
        Submitted = "submitted",
        /// What the public reads.
        Published = "published",
        /// Replaced by a later edition.
        Superseded = "superseded",
        /// Taken down; the address is kept.
        Withdrawn = "withdrawn",
        /// Thrown away before anybody read it.
        Discarded = "discarded",
    }
);

base::text_enum!(
    /// What can be done to an edition.
    Action {
        /// Hand it to an approver.
        Submit = "submit",
        /// Take it back before the approver has decided.
        Recall = "recall",
        /// Hand it back to the writer, with a remark.
        Return = "return",
        /// Show it to the public.
        Publish = "publish",
        /// Take it down, with a reason.
        Withdraw = "withdraw",
        /// Show it again.
        Restore = "restore",
        /// Throw the draft away.
        Discard = "discard",
    }
);

/// Who may take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// The writer of the edition, or someone who may edit what others wrote.
    Writer,
    /// An approver.
    Approver,
    /// An approver who neither wrote the text nor changed it last, unless the site allows it.
    OtherApprover,
}

/// The whole workflow: action, from, to, who.
const WORKFLOW: [(Action, State, State, Who); 7] = [
    (Action::Submit, State::Draft, State::Submitted, Who::Writer),
    (Action::Recall, State::Submitted, State::Draft, Who::Writer),
    (Action::Return, State::Submitted, State::Draft, Who::Approver),
    (Action::Publish, State::Submitted, State::Published, Who::OtherApprover),
    (Action::Withdraw, State::Published, State::Withdrawn, Who::Approver),
    (Action::Restore, State::Withdrawn, State::Published, Who::Approver),
    (Action::Discard, State::Draft, State::Discarded, Who::Writer),
];

/// What decides whether a person may take a step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Where the edition stands.
    pub state: State,
    /// Whether the person wrote it, or nobody did.
    pub own: bool,
    /// Whether the person wrote it or was the last to change it.
    pub touched: bool,
    /// What the person may do on the site.
    pub rights: Rights,
    /// Whether the site lets approvers approve their own writing.
    pub self_approval: bool,
}

impl Step {
    /// Where `action` leads, or why it cannot be taken.
    pub fn take(self, action: Action) -> Result<State> {
        let row = WORKFLOW.iter().find(|(act, from, ..)| (*act, *from) == (action, self.state));
        let Some((.., to, who)) = row else {
            return Err(Error::conflict("workflow.not_now"));
        };
        let may_write = self.rights.edit || (self.rights.write && self.own);
        match who {
            Who::Writer if may_write => Ok(*to),
            Who::Approver if self.rights.approve => Ok(*to),
            Who::OtherApprover if self.rights.approve && (!self.touched || self.self_approval) => {
                Ok(*to)
            }
            Who::OtherApprover if self.rights.approve => Err(Error::conflict("workflow.own")),
            _ => Err(Error::Forbidden),
        }
    }

    /// The steps the person can take now.
    pub fn open(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.take(*action).is_ok())
    }

    /// Whether the person may change the text: writers while it is a draft, editors and
    /// approvers also while it waits.
    pub fn may_edit(self) -> bool {
        match self.state {
            State::Draft => self.rights.edit || (self.rights.write && self.own),
            State::Submitted => self.rights.edit,
            // Saving starts a new edition.
            State::Published | State::Withdrawn => self.rights.write,
            State::Superseded | State::Discarded => false,
        }
    }
}

impl Action {
    /// Whether the person must say why.
    pub fn needs_remark(self) -> bool {
        matches!(self, Self::Return | Self::Withdraw)
    }

    /// Whether the public sees a difference afterwards.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Publish | Self::Withdraw | Self::Restore)
    }

    /// What the log calls it.
    pub fn event(self) -> &'static str {
        match self {
            Self::Submit => "submitted",
            Self::Recall => "recalled",
            Self::Return => "returned",
            Self::Publish => "published",
            Self::Withdraw => "withdrawn",
            Self::Restore => "restored",
            Self::Discard => "discarded",
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::Role;

    use super::*;

    #[track_caller]
    fn check(state: State, role: Role, own: bool, action: Action, expected: Option<State>) {
        let rights = Rights::of(&[role]);
        let step = Step { state, own, touched: own, rights, self_approval: false };
        assert_eq!(step.take(action).ok(), expected, "{state:?} {role:?} {action:?}");
    }

    #[test]
    fn a_draft_reaches_the_public_only_through_another_person() {
        check(State::Draft, Role::Author, true, Action::Publish, None);
        check(State::Draft, Role::Author, true, Action::Submit, Some(State::Submitted));
        check(State::Submitted, Role::Author, true, Action::Publish, None);
        check(State::Submitted, Role::Approver, true, Action::Publish, None);
        check(State::Submitted, Role::Approver, false, Action::Publish, Some(State::Published));
        check(State::Submitted, Role::SiteAdmin, false, Action::Publish, None);
    }

    #[test]
    fn a_site_may_allow_self_approval() {
        let rights = Rights::of(&[Role::Approver]);
        let step =
            Step { state: State::Submitted, own: true, touched: true, rights, self_approval: true };
        assert_eq!(step.take(Action::Publish).ok(), Some(State::Published));
    }

    #[test]
    fn an_approver_who_changed_the_text_does_not_approve_it() {
        let rights = Rights::of(&[Role::Approver]);
        let state = State::Submitted;
        let step = Step { state, own: false, touched: true, rights, self_approval: false };
        assert!(step.take(Action::Publish).is_err());
        assert!(step.take(Action::Return).is_ok());
    }

    #[test]
    fn an_author_touches_only_what_is_their_own() {
        check(State::Draft, Role::Author, false, Action::Submit, None);
        check(State::Draft, Role::Editor, false, Action::Submit, Some(State::Submitted));
        let step = |state, own| Step {
            state,
            own,
            touched: own,
            rights: Rights::of(&[Role::Author]),
            self_approval: false,
        };
        assert!(step(State::Draft, true).may_edit());
        assert!(!step(State::Draft, false).may_edit());
        assert!(!step(State::Submitted, true).may_edit());
        assert!(step(State::Published, false).may_edit());
    }

    #[test]
    fn an_auditor_takes_no_step() {
        for state in State::ALL {
            let rights = Rights::of(&[Role::Auditor]);
            let step =
                Step { state: *state, own: true, touched: true, rights, self_approval: true };
            assert_eq!(step.open().count(), 0);
            assert!(!step.may_edit());
        }
    }

    #[test]
    fn a_withdrawn_edition_can_return() {
        check(State::Withdrawn, Role::Approver, true, Action::Restore, Some(State::Published));
        check(State::Withdrawn, Role::Approver, false, Action::Publish, None);
        check(State::Superseded, Role::Approver, false, Action::Restore, None);
    }
}
