//! The queue: what there is to do, the most urgent first, and what became of what moved on.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{Can, Permission, model::Rights};
use base::Message;
use clocks::store::Clock;
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Pager, Query, Response, Result};

use super::{HERE, path};
use crate::{
    CaseId,
    model::state::State,
    office::{self, Office},
    store::{
        self, Case, Place, Sight, clock,
        desk::{self, Sought},
        legs::{self, Gone},
    },
};

/// Who may look at the queue: those who handle it, and who inspects, as numbers.
pub(super) struct SeeCases;

impl Permission for SeeCases {
    fn allowed(rights: Rights) -> bool {
        rights.handle || rights.inspect || rights.audit || rights.province
    }
}

const PER_PAGE: i64 = 30;

/// What stays visible of what moved away.
const GONE: i64 = 30;

/// The filter as the address carries it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Filter {
    q: String,
    state: String,
    kind: String,
    /// `mine`, `late`, `restricted`.
    only: String,
    #[serde(skip_serializing)]
    trang: String,
}

#[derive(Serialize)]
struct ListView {
    items: Vec<Item>,
    gone: Vec<GoneView>,
    form: Filter,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    onlys: Vec<Choice>,
    total: i64,
    late: usize,
    pager: Option<Pager>,
    filtered: bool,
    can_handle: bool,
}

/// An option of a filter or a choice.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) current: bool,
}

#[derive(Serialize)]
struct Item {
    url: String,
    number: String,
    subject: String,
    type_label: String,
    state: State,
    state_label: String,
    assignee: String,
    received: String,
    due: String,
    late: bool,
    restricted: bool,
    suspect: bool,
    english: bool,
    origin: String,
}

#[derive(Serialize)]
struct GoneView {
    url: String,
    number: String,
    type_label: String,
    state_label: String,
    place: String,
    since: String,
}

/// What the page is drawn from.
struct Facts {
    cases: Vec<Case>,
    total: i64,
    due: BTreeMap<CaseId, Clock>,
    names: BTreeMap<base::UserId, String>,
    places: BTreeMap<base::SiteId, Place>,
    gone: Vec<Gone>,
    late: usize,
    english: BTreeSet<CaseId>,
}

pub(super) async fn index(
    who: Can<SeeCases>,
    office: Data<Office>,
    query: Query<Filter>,
) -> Result<Response> {
    if !who.rights.handle {
        // Who does not handle cases sees numbers.
        return Ok(who.cx.see_other("/quan-tri/hoi-dap/thong-ke"));
    }
    let form = query.into_inner();
    let page = web::page_number(&form.trang);
    let (sought, sight) = (sought(&form, who.user.id), Sight::of(who.rights));
    let (now, late_only) = (who.cx.now, form.only == "late");
    let read = who.cx.read(move |conn, site| {
        let late = clock::overdue(conn, site.id, now)?;
        let range = ((page - 1) * PER_PAGE, PER_PAGE);
        let (cases, total) = match late_only {
            true => {
                let all = desk::list(conn, site.id, (sight, &sought), (0, 1000))?;
                let found: Vec<Case> = all.into_iter().filter(|it| late.contains(&it.id)).collect();
                let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
                (found, total)
            }
            false => (
                desk::list(conn, site.id, (sight, &sought), range)?,
                desk::count(conn, site.id, sight, &sought)?,
            ),
        };
        let ids: Vec<CaseId> = cases.iter().map(|it| it.id).collect();
        let gone = legs::gone(conn, site.id, sight, GONE)?;
        let mut places: Vec<base::SiteId> = cases.iter().map(|it| it.origin_site_id).collect();
        places.extend(gone.iter().map(|it| it.holder));
        Ok(Facts {
            due: clock::of_cases(conn, site.id, &ids)?,
            english: store::in_english(conn, site.id, &ids)?,
            names: store::names(conn, cases.iter().filter_map(|it| it.assignee_id).collect())?,
            places: store::places(conn, places)?,
            late: late.len(),
            cases,
            total,
            gone,
        })
    });
    let facts = read.await?;
    let cx = &who.cx;
    let items: base::Result<Vec<Item>> =
        facts.cases.iter().map(|it| item(cx, &office, &facts, it)).collect();
    let pager = Pager::new(page, facts.total, PER_PAGE, |page| link(&form, page));
    let view = ListView {
        items: items?,
        gone: facts.gone.iter().map(|it| gone(cx, &office, &facts, it)).collect(),
        states: states(cx, &form.state),
        kinds: kinds(cx, &office, &form.kind),
        onlys: onlys(cx, &who.rights, &form.only),
        total: facts.total,
        late: facts.late,
        pager: pager.filter(|_| !late_only),
        filtered: [&form.q, &form.state, &form.kind, &form.only].iter().any(|it| !it.is_empty()),
        can_handle: who.rights.handle,
        form,
    };
    who.page("feedback/index.html", &view)
}

fn sought(form: &Filter, user: base::UserId) -> Sought {
    let words = base::text::unaccented(&base::text::line(&form.q));
    Sought {
        words: words.chars().take(100).collect(),
        state: State::parse(&form.state),
        open: form.state.is_empty() && form.q.is_empty(),
        type_key: base::text::line(&form.kind),
        assignee: (form.only == "mine").then_some(user),
        restricted: form.only == "restricted",
    }
}

fn link(form: &Filter, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &form.q)
        .append_pair("state", &form.state)
        .append_pair("kind", &form.kind)
        .append_pair("only", &form.only)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("{HERE}?{query}")
}

fn item(cx: &Cx, office: &Office, facts: &Facts, case: &Case) -> base::Result<Item> {
    let due = facts.due.get(&case.id).map(|clock| office::due(cx, clock)).transpose()?;
    let name = case.assignee_id.and_then(|id| facts.names.get(&id).cloned());
    let elsewhere = case.origin_site_id != case.site_id;
    let origin = facts.places.get(&case.origin_site_id).filter(|_| elsewhere);
    Ok(Item {
        url: path(case.id),
        number: case.number_text(),
        subject: case.subject.clone(),
        type_label: office.type_label(cx, &case.type_key),
        state: case.state,
        state_label: office::state_label(cx, case),
        assignee: name.unwrap_or_default(),
        received: base::time::day(case.received_at),
        late: due.as_ref().is_some_and(|(_, late)| *late),
        due: due.map(|(words, _)| words).unwrap_or_default(),
        restricted: case.restricted,
        suspect: !case.suspect.is_empty(),
        english: facts.english.contains(&case.id),
        origin: origin.map(|it| it.unit.clone()).unwrap_or_default(),
    })
}

fn gone(cx: &Cx, office: &Office, facts: &Facts, it: &Gone) -> GoneView {
    GoneView {
        url: path(it.id),
        number: it.number_text(),
        type_label: office.type_label(cx, &it.type_key),
        state_label: cx.say(&Message::new(format!("case_state.{}", it.state.as_str()))),
        place: facts.places.get(&it.holder).map(|it| it.unit.clone()).unwrap_or_default(),
        since: base::time::day(it.since),
    }
}

fn all(cx: &Cx, current: &str) -> Choice {
    let label = cx.say(&Message::new("filter.all"));
    Choice { value: String::new(), label, current: current.is_empty() }
}

fn states(cx: &Cx, current: &str) -> Vec<Choice> {
    let open = Choice {
        value: String::new(),
        label: cx.say(&Message::new("case_filter.open")),
        current: current.is_empty(),
    };
    let choice = |it: &State| Choice {
        value: it.as_str().to_owned(),
        label: cx.say(&Message::new(format!("case_state.{}", it.as_str()))),
        current: it.as_str() == current,
    };
    std::iter::once(open).chain(State::ALL.iter().map(choice)).collect()
}

/// The types, for a filter or a form.
pub(super) fn kinds(cx: &Cx, office: &Office, current: &str) -> Vec<Choice> {
    let choice = |it: &crate::types::Type| Choice {
        value: it.key.clone(),
        label: office.type_label(cx, &it.key),
        current: it.key == current,
    };
    std::iter::once(all(cx, current)).chain(office.types.types.iter().map(choice)).collect()
}

fn onlys(cx: &Cx, rights: &Rights, current: &str) -> Vec<Choice> {
    let known = ["mine", "late", "restricted"];
    let open = known.iter().filter(|it| **it != "restricted" || rights.approve);
    let choice = |it: &&str| Choice {
        value: (*it).to_owned(),
        label: cx.say(&Message::new(format!("case_filter.{it}"))),
        current: **it == *current,
    };
    std::iter::once(all(cx, current)).chain(open.map(choice)).collect()
}
