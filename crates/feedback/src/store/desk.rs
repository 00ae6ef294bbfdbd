//! The queue of the staff: what there is to do, and what is like it.

use base::{Result, SiteId, UserId};
use db::{
    Conn,
    schema::{case_publics, cases},
};
use diesel::prelude::*;

use super::{Case, Sight, of};
use crate::{
    CaseId,
    model::{hints, state::State},
};

/// What of the queue is asked for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Words of the subject or message, without accents; a number such as `2026-000123`.
    pub words: String,
    /// Only in this state.
    pub state: Option<State>,
    /// Only those that still want an answer.
    pub open: bool,
    /// Only this type.
    pub type_key: String,
    /// Only those of this person.
    pub assignee: Option<UserId>,
    /// Only the restricted ones.
    pub restricted: bool,
}

/// The number in `words`, if they are one.
pub fn number(words: &str) -> Option<(i32, i32)> {
    let (year, number) = words.trim().split_once('-')?;
    Some((year.parse().ok().filter(|it| (2000..3000).contains(it))?, number.parse().ok()?))
}

fn matching<'a>(site: SiteId, sight: Sight, it: &Sought) -> cases::BoxedQuery<'a, db::Backend> {
    let mut query = of(site, sight);
    if let Some((year, number)) = number(&it.words) {
        query = query.filter(cases::year.eq(year).and(cases::number.eq(number)));
    } else if !it.words.is_empty() {
        let words = it.words.replace(['%', '_', '\\'], "");
        query = query.filter(cases::plain.like(format!("%{words}%")));
    }
    if let Some(state) = it.state {
        query = query.filter(cases::state.eq(state));
    } else if it.open {
        query = query.filter(cases::state.eq_any(State::OPEN));
    }
    if !it.type_key.is_empty() {
        query = query.filter(cases::type_key.eq(it.type_key.clone()));
    }
    if let Some(user) = it.assignee {
        query = query.filter(cases::assignee_id.eq(user));
    }
    if it.restricted {
        query = query.filter(cases::restricted.eq(true));
    }
    query
}

/// The cases asked for: the oldest of the open ones first, since they are due first.
pub fn list(
    conn: &mut Conn,
    site: SiteId,
    (sight, sought): (Sight, &Sought),
    (skip, limit): (i64, i64),
) -> Result<Vec<Case>> {
    let found = matching(site, sight, sought);
    let ordered = match sought.open {
        true => found.order((cases::received_at.asc(), cases::id.asc())),
        false => found.order((cases::received_at.desc(), cases::id.desc())),
    };
    Ok(ordered.offset(skip).limit(limit).select(Case::as_select()).load(conn)?)
}

/// How many [`list`] would list in all.
pub fn count(conn: &mut Conn, site: SiteId, sight: Sight, sought: &Sought) -> Result<i64> {
    Ok(matching(site, sight, sought).count().get_result(conn)?)
}

/// Something that reads like a text.
#[derive(Clone, Debug)]
pub struct Like {
    /// The case.
    pub id: CaseId,
    /// What to call it.
    pub title: String,
    /// Where others read it; empty for a case of the queue.
    pub path: String,
    /// How much is the same, in percent.
    pub likeness: usize,
}

/// How alike two texts must be to be worth a mention, in percent.
const ALIKE: usize = 35;

/// How many rows are looked at.
const WINDOW: i64 = 400;

/// Answers that others read and that are like `text`, the likest first; three at most.
pub fn similar_answers(conn: &mut Conn, site: SiteId, text: &str) -> Result<Vec<Like>> {
    let rows: Vec<(CaseId, String, String, String)> = case_publics::table
        .filter(case_publics::site_id.eq(site).and(case_publics::public.eq(true)))
        .order(case_publics::published_at.desc())
        .limit(WINDOW)
        .select((
            case_publics::case_id,
            case_publics::title,
            case_publics::question,
            case_publics::slug,
        ))
        .load(conn)?;
    let like = |(id, title, question, slug): (CaseId, String, String, String)| {
        let likeness = hints::likeness(text, &title).max(hints::likeness(text, &question));
        Like { id, title, path: format!("/hoi-dap/{slug}"), likeness }
    };
    Ok(likest(rows.into_iter().map(like)))
}

/// Other cases of the queue that are like this one: perhaps the same.
pub fn duplicates(conn: &mut Conn, sight: Sight, case: &Case) -> Result<Vec<Like>> {
    let rows: Vec<(CaseId, i32, i32, String, String)> = of(case.site_id, sight)
        .filter(cases::id.ne(case.id).and(cases::merged_into.is_null()))
        .filter(cases::type_key.eq(case.type_key.clone()).and(cases::forgotten_at.is_null()))
        .order(cases::received_at.desc())
        .limit(WINDOW)
        .select((cases::id, cases::year, cases::number, cases::subject, cases::message))
        .load(conn)?;
    let like = |(id, year, number, subject, message): (CaseId, i32, i32, String, String)| Like {
        id,
        title: format!("{} {subject}", super::number_text(year, number)),
        path: String::new(),
        likeness: hints::likeness(&case.message, &message)
            .max(hints::likeness(&case.subject, &subject)),
    };
    Ok(likest(rows.into_iter().map(like)))
}

fn likest(all: impl Iterator<Item = Like>) -> Vec<Like> {
    let mut all: Vec<Like> = all.filter(|it| it.likeness >= ALIKE).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.likeness));
    all.truncate(3);
    all
}
