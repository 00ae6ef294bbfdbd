//! The list of all component sites.

use accounts::{Can, Staff};
use base::{Message, SiteId, SiteState, SiteType};
use serde::{Deserialize, Serialize};
use web::{Pager, Query, Response, Result};

use super::{Oversee, PATH, on_portal, state_label, type_label};
use crate::{
    model,
    store::{self, Pulse, Record},
};

const PER_PAGE: usize = 50;

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Filter {
    q: String,
    state: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing)]
    trang: String,
}

#[derive(Serialize)]
struct IndexView {
    rows: Vec<RowView>,
    filter: Filter,
    states: Vec<Choice>,
    types: Vec<Choice>,
    counts: Vec<Count>,
    total: usize,
    pager: Option<Pager>,
    can_create: bool,
}

#[derive(Serialize)]
struct RowView {
    id: SiteId,
    name: String,
    type_label: String,
    state: SiteState,
    state_label: String,
    host: String,
    url: String,
    missing: usize,
    published: i64,
    updated: Option<String>,
    admin_count: i64,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct Count {
    label: String,
    value: usize,
}

pub(super) async fn index(who: Can<Oversee>, query: Query<Filter>) -> Result<Response> {
    let portal = on_portal(&who)?;
    let filter = query.into_inner();
    let (records, pulses) = who
        .cx
        .read(move |conn, _| Ok((store::components(conn, portal)?, store::pulses(conn, portal)?)))
        .await?;
    let words: String = base::text::unaccented(&filter.q).chars().take(100).collect();
    let matches = |record: &&Record| {
        let host = record.host.as_deref().unwrap_or_default();
        let named = base::text::unaccented(&record.name).contains(words.trim())
            || host.contains(words.trim());
        let state = filter.state.is_empty() || record.state.as_str() == filter.state;
        let kind = filter.kind.is_empty() || record.kind.as_str() == filter.kind;
        named && state && kind
    };
    let found: Vec<&Record> = records.iter().filter(matches).collect();
    let page = usize::try_from(web::page_number(&filter.trang)).unwrap_or(1);
    let shown = found.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE);
    let count = |state: SiteState| Count {
        label: state_label(&who, state),
        value: records.iter().filter(|record| record.state == state).count(),
    };
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let per_page = i64::try_from(PER_PAGE).unwrap_or(i64::MAX);
    let at = i64::try_from(page).unwrap_or(1);
    let view = IndexView {
        rows: shown.map(|record| row(&who, record, pulses.get(&record.id).copied())).collect(),
        states: choices(
            &who,
            &filter.state,
            SiteState::ALL.iter().map(|it| (it.as_str(), state_label(&who, *it))),
        ),
        types: choices(
            &who,
            &filter.kind,
            SiteType::ALL
                .iter()
                .filter(|it| !it.is_portal())
                .map(|it| (it.as_str(), type_label(&who, *it))),
        ),
        counts: SiteState::ALL.iter().map(|state| count(*state)).collect(),
        total: found.len(),
        pager: Pager::new(at, total, per_page, |page| page_link(&filter, page)),
        can_create: who.rights.province,
        filter: filter.clone(),
    };
    who.page("sites/index.html", &view)
}

fn page_link(filter: &Filter, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &filter.q)
        .append_pair("state", &filter.state)
        .append_pair("type", &filter.kind)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("{PATH}?{query}")
}

fn choices(
    who: &Staff,
    current: &str,
    values: impl Iterator<Item = (&'static str, String)>,
) -> Vec<Choice> {
    let all = ("", who.cx.say(&Message::new("filter.all")));
    let choice = |(value, label): (&str, String)| Choice {
        current: value == current,
        value: value.to_owned(),
        label,
    };
    std::iter::once(all).chain(values).map(choice).collect()
}

fn row(who: &Staff, record: &Record, pulse: Option<Pulse>) -> RowView {
    let pulse = pulse.unwrap_or_default();
    let lacks = match record.state {
        SiteState::Linked => 0,
        _ => model::missing(record.kind, &record.identity).len(),
    };
    RowView {
        id: record.id,
        name: record.name.clone(),
        type_label: type_label(who, record.kind),
        state: record.state,
        state_label: state_label(who, record.state),
        host: record.host.clone().unwrap_or_default(),
        url: format!("{PATH}/{}", record.id),
        missing: lacks,
        published: pulse.published,
        updated: pulse.latest.map(base::time::day),
        admin_count: pulse.admins,
    }
}
