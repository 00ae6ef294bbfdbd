//! What the screens of cases go by, put together once.

use std::sync::Arc;

use base::{FieldErrors, Message};
use clocks::{
    Catalog,
    store::Clock,
    why::{Why, due_words},
};
use db::{Conn, events::Actor};
use web::Cx;

use crate::{
    Guard, Types,
    model::state,
    store::{Case, Desk},
};

/// Types, limits, secret and settings.
pub struct Office {
    /// The types of cases.
    pub types: Arc<Types>,
    /// The deadlines of the law.
    pub catalog: Arc<Catalog>,
    /// What stands before forms of strangers.
    pub guard: Guard,
    /// Which attachments are taken.
    pub files: media::Limits,
    /// The longest message, in characters.
    pub max_message: usize,
    /// Hours a link that approves an answer works.
    pub approval_hours: i64,
}

impl Office {
    /// Who does something, by these rules.
    pub fn desk(&self, actor: Actor, who: state::Actor) -> Desk<'_> {
        Desk { actor, who, types: &self.types, catalog: &self.catalog }
    }

    /// What people call a type.
    pub fn type_label(&self, cx: &Cx, key: &str) -> String {
        cx.say(&Message::new(format!("case_type.{key}")))
    }

    /// What people call a field of life; empty for none.
    pub fn area_label(&self, cx: &Cx, key: &str) -> String {
        self.types.area(key).map(|it| cx.label(&it.label)).unwrap_or_default()
    }

    /// Why a clock ends when it does.
    pub(crate) fn why(&self, conn: &mut Conn, clock: &Clock) -> base::Result<Reckoned> {
        let calendar = clocks::store::calendar(conn, clock.site_id, &self.catalog)?;
        let explained = clocks::store::explanation(conn, &calendar, clock)?;
        Ok(Reckoned { clock: clock.clone(), explained })
    }
}

/// A clock and how its end was counted.
#[derive(Clone, Debug)]
pub(crate) struct Reckoned {
    clock: Clock,
    explained: clocks::model::Explanation,
}

impl Reckoned {
    pub(crate) fn view(&self, cx: &Cx) -> base::Result<Why> {
        Ok(Why::new(&self.clock.limit()?, &self.explained, cx))
    }
}

/// When a clock ends, in words, and whether it is over.
pub(crate) fn due(cx: &Cx, clock: &Clock) -> base::Result<(String, bool)> {
    let end = clock.paused_at.is_none().then(|| clock.due());
    let words = due_words(&clock.limit()?, end, cx);
    Ok((words, clock.paused_at.is_none() && clock.due_at <= cx.now))
}

/// What people call the state of a case.
pub(crate) fn state_label(cx: &Cx, case: &Case) -> String {
    let key = match case.merged_into {
        Some(_) => "case_state.merged".to_owned(),
        None => format!("case_state.{}", case.state.as_str()),
    };
    cx.say(&Message::new(key))
}

/// The errors of a form that the person can mend; any other error goes on.
pub(crate) fn blamed(err: base::Error) -> base::Result<FieldErrors> {
    match err {
        base::Error::Invalid(errors) => Ok(errors),
        err => Err(err),
    }
}
