//! Where a case stands and who may move it: one table (law.md 13.5, row Feedback).

use accounts::model::Rights;
use base::{Error, Result};

base::text_enum!(
    /// Where a case stands. Whether it is overdue is computed, never stored.
    State {
        /// Mới: nobody has looked at it.
        New = "new",
        /// Đã tiếp nhận.
        Accepted = "accepted",
        /// Không tiếp nhận, with a reason and a letter (FB-2).
        Refused = "refused",
        /// Đang xử lý.
        Working = "working",
        /// Chuyển đơn vị: sent to another office that has not taken it up yet (FB-3).
        Transferred = "transferred",
        /// Trả lời tạm: the citizen knows why it takes longer (FB-5).
        Interim = "interim",
        /// Đã trả lời.
        Answered = "answered",
        /// Công khai: answered, and others read it too.
        Published = "published",
        /// Đóng.
        Closed = "closed",
    }
);

impl State {
    /// Whether somebody still owes an answer.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::New | Self::Accepted | Self::Working | Self::Transferred | Self::Interim
        )
    }

    /// The states in which somebody still owes an answer.
    pub const OPEN: [Self; 5] =
        [Self::New, Self::Accepted, Self::Working, Self::Transferred, Self::Interim];
}

base::text_enum!(
    /// What can be done to a case.
    Action {
        /// Take it up.
        Accept = "accept",
        /// Not take it up, saying why.
        Refuse = "refuse",
        /// Give it to a person.
        Assign = "assign",
        /// Send it to the office that is competent.
        Transfer = "transfer",
        /// Send it back to the office it came from.
        Return = "return",
        /// Tell the citizen that it takes longer, and why.
        Interim = "interim",
        /// Send the answer.
        Answer = "answer",
        /// Let others read a text made for them.
        Publish = "publish",
        /// Take that text away again.
        Unpublish = "unpublish",
        /// Take it up again.
        Reopen = "reopen",
        /// Be done with it.
        Close = "close",
        /// Be done with it because another case is the same.
        Merge = "merge",
    }
);

/// Who may take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Who handles cases on the site that holds it.
    Handler,
    /// Who approves there.
    Approver,
    /// Who sent it, with the code and in time; also a handler.
    Citizen,
}

use self::{Action as A, State as S};

/// The whole way of a case: action, from, to, who.
pub const WORKFLOW: [(Action, State, State, Who); 37] = [
    (A::Accept, S::New, S::Accepted, Who::Handler),
    (A::Accept, S::Transferred, S::Accepted, Who::Handler),
    (A::Refuse, S::New, S::Refused, Who::Handler),
    (A::Refuse, S::Accepted, S::Refused, Who::Handler),
    (A::Refuse, S::Working, S::Refused, Who::Handler),
    (A::Assign, S::New, S::Working, Who::Handler),
    (A::Assign, S::Accepted, S::Working, Who::Handler),
    (A::Assign, S::Working, S::Working, Who::Handler),
    (A::Assign, S::Interim, S::Interim, Who::Handler),
    (A::Transfer, S::New, S::Transferred, Who::Handler),
    (A::Transfer, S::Accepted, S::Transferred, Who::Handler),
    (A::Transfer, S::Working, S::Transferred, Who::Handler),
    // One that came to the wrong office goes back, or straight on to the right one.
    (A::Transfer, S::Transferred, S::Transferred, Who::Handler),
    (A::Return, S::Transferred, S::Working, Who::Handler),
    (A::Return, S::Accepted, S::Working, Who::Handler),
    (A::Return, S::Working, S::Working, Who::Handler),
    // Letters to the citizen leave with an approved text, whoever presses the button.
    (A::Interim, S::Accepted, S::Interim, Who::Handler),
    (A::Interim, S::Working, S::Interim, Who::Handler),
    (A::Interim, S::Interim, S::Interim, Who::Handler),
    (A::Answer, S::Accepted, S::Answered, Who::Handler),
    (A::Answer, S::Working, S::Answered, Who::Handler),
    (A::Answer, S::Interim, S::Answered, Who::Handler),
    (A::Publish, S::Answered, S::Published, Who::Approver),
    (A::Publish, S::Closed, S::Closed, Who::Approver),
    // A text that is public already is mended in place.
    (A::Publish, S::Published, S::Published, Who::Approver),
    (A::Unpublish, S::Published, S::Answered, Who::Approver),
    (A::Unpublish, S::Closed, S::Closed, Who::Approver),
    (A::Reopen, S::Answered, S::Working, Who::Citizen),
    (A::Reopen, S::Published, S::Working, Who::Citizen),
    (A::Reopen, S::Refused, S::Working, Who::Citizen),
    (A::Close, S::Answered, S::Closed, Who::Handler),
    (A::Close, S::Published, S::Closed, Who::Handler),
    (A::Close, S::Refused, S::Closed, Who::Handler),
    (A::Merge, S::New, S::Closed, Who::Handler),
    (A::Merge, S::Accepted, S::Closed, Who::Handler),
    (A::Merge, S::Working, S::Closed, Who::Handler),
    (A::Merge, S::Interim, S::Closed, Who::Handler),
];

/// Who asks for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who works on the site that holds the case.
    Staff(Rights),
    /// Whoever sent the case; in time or not.
    Citizen {
        /// Whether the days for taking it up again are not over.
        in_time: bool,
    },
    /// The clock: cases close by themselves.
    Nobody,
}

/// Where `action` leads from `state`, or why `actor` cannot take it.
pub fn step(state: State, action: Action, actor: Actor) -> Result<State> {
    let row = WORKFLOW.iter().find(|(act, from, ..)| (*act, *from) == (action, state));
    let Some((.., to, who)) = row else {
        return Err(Error::conflict("case.not_now"));
    };
    let may = match (who, actor) {
        (Who::Handler | Who::Citizen, Actor::Staff(rights)) => rights.handle,
        (Who::Approver, Actor::Staff(rights)) => rights.handle && rights.approve,
        (Who::Citizen, Actor::Citizen { in_time: true }) => true,
        (Who::Citizen, Actor::Citizen { in_time: false }) => {
            return Err(Error::conflict("case.reopen_late"));
        }
        (_, Actor::Nobody) => action == Action::Close,
        _ => false,
    };
    if may { Ok(*to) } else { Err(Error::Forbidden) }
}

/// The steps that are open to `actor`.
pub fn open(state: State, actor: Actor) -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(move |action| step(state, *action, actor).is_ok())
}

impl Action {
    /// What the log calls it.
    pub fn event(self) -> &'static str {
        match self {
            Self::Accept => "case_accepted",
            Self::Refuse => "case_refused",
            Self::Assign => "case_assigned",
            Self::Transfer => "case_transferred",
            Self::Return => "case_returned",
            Self::Interim => "case_interim",
            Self::Answer => "case_answered",
            Self::Publish => "case_published",
            Self::Unpublish => "case_unpublished",
            Self::Reopen => "case_reopened",
            Self::Close => "case_closed",
            Self::Merge => "case_merged",
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::Role;

    use super::*;

    fn staff(role: Role) -> Actor {
        Actor::Staff(Rights::of(&[role]))
    }

    #[track_caller]
    fn check(state: State, actor: Actor, action: Action, expected: Option<State>) {
        assert_eq!(step(state, action, actor).ok(), expected, "{state:?} {actor:?} {action:?}");
    }

    #[test]
    fn a_handler_takes_a_case_up_and_answers_it_but_does_not_publish() {
        let handler = staff(Role::CaseHandler);
        check(S::New, handler, A::Accept, Some(S::Accepted));
        check(S::Working, handler, A::Answer, Some(S::Answered));
        check(S::Answered, handler, A::Publish, None);
        check(S::Answered, staff(Role::Approver), A::Publish, Some(S::Published));
        check(S::New, handler, A::Answer, None);
    }

    #[test]
    fn who_writes_news_does_not_touch_cases() {
        for role in
            [Role::Author, Role::Editor, Role::SiteAdmin, Role::ProvinceAdmin, Role::Auditor]
        {
            for state in State::ALL {
                assert_eq!(open(*state, staff(role)).count(), 0, "{role:?} {state:?}");
            }
        }
    }

    #[test]
    fn a_citizen_only_takes_it_up_again_and_only_in_time() {
        let citizen = |in_time| Actor::Citizen { in_time };
        for state in State::ALL {
            let open: Vec<Action> = open(*state, citizen(true)).collect();
            let may = matches!(state, S::Answered | S::Published | S::Refused);
            assert_eq!(open, if may { vec![A::Reopen] } else { vec![] }, "{state:?}");
        }
        check(S::Answered, citizen(false), A::Reopen, None);
    }

    #[test]
    fn the_clock_closes_and_nothing_else() {
        for state in State::ALL {
            assert!(open(*state, Actor::Nobody).all(|action| action == A::Close));
        }
        check(S::Working, Actor::Nobody, A::Close, None);
    }

    #[test]
    fn what_is_answered_is_no_longer_open_and_no_row_stands_twice() {
        assert!(State::OPEN.iter().all(|it| it.is_open()));
        assert_eq!(State::ALL.iter().filter(|it| it.is_open()).count(), State::OPEN.len());
        for (at, row) in WORKFLOW.iter().enumerate() {
            let same = WORKFLOW.iter().filter(|it| (it.0, it.1) == (row.0, row.1)).count();
            assert_eq!(same, 1, "{at}");
        }
    }
}
