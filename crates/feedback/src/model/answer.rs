//! The answer to a case: written by one person, approved by another, sent as it was approved.

use accounts::model::Rights;
use base::{Error, Result};

base::text_enum!(
    /// Where an edition of an answer stands.
    Stage {
        /// Being written.
        Draft = "draft",
        /// Waiting for an approver.
        Submitted = "submitted",
        /// May be sent.
        Approved = "approved",
        /// Was sent.
        Sent = "sent",
        /// Replaced before it was sent.
        Dropped = "dropped",
    }
);

base::text_enum!(
    /// What an answer is.
    Kind {
        /// Trả lời tạm: says why it takes longer and until when.
        Interim = "interim",
        /// Trả lời.
        Final = "final",
    }
);

/// What decides whether a person may approve an answer.
#[derive(Clone, Copy, Debug)]
pub struct Approval {
    /// Where it stands.
    pub stage: Stage,
    /// Whether the person wrote it or changed it last.
    pub touched: bool,
    /// What the person may do.
    pub rights: Rights,
    /// Whether the site lets approvers approve their own writing.
    pub self_approval: bool,
}

impl Approval {
    /// Whether the person may approve it, or why not.
    pub fn check(self) -> Result<()> {
        if !(self.rights.approve && self.rights.handle) {
            return Err(Error::Forbidden);
        }
        match self.stage {
            Stage::Submitted if self.touched && !self.self_approval => {
                Err(Error::conflict("workflow.own"))
            }
            Stage::Submitted => Ok(()),
            _ => Err(Error::conflict("case.answer_not_now")),
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::Role;

    use super::*;

    fn may(role: Role, stage: Stage, touched: bool, self_approval: bool) -> bool {
        let rights = Rights::of(&[role]);
        Approval { stage, touched, rights, self_approval }.check().is_ok()
    }

    #[test]
    fn an_answer_is_approved_by_another_person() {
        assert!(may(Role::Approver, Stage::Submitted, false, false));
        assert!(!may(Role::Approver, Stage::Submitted, true, false));
        assert!(may(Role::Approver, Stage::Submitted, true, true));
        assert!(!may(Role::CaseHandler, Stage::Submitted, false, true));
        assert!(!may(Role::Approver, Stage::Draft, false, true));
        assert!(!may(Role::Approver, Stage::Sent, false, true));
    }
}
