//! What readers looked for: for the administrator of a site, what is missing there.

use accounts::{Can, Manage, See};
use base::{Message, time};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use web::{Pager, Posted, Query, Response, Result, Routes, get, post};

use crate::{
    model::countable,
    store::{self, Line},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/tim-kiem", get().to(index))
        .route("/quan-tri/tim-kiem/da-xu-ly", post().to(settle));
}

/// The periods that can be looked back over, in days.
const PERIODS: [i64; 3] = [7, 30, 365];

/// How many queries each list has.
const LISTED: usize = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    ngay: String,
}

#[derive(Serialize)]
struct TodoView {
    period_options: Vec<Period>,
    none: Vec<QueryView>,
    unopened: Vec<QueryView>,
    top: Vec<QueryView>,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct Period {
    label: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct QueryView {
    query: String,
    times: i64,
    found: i32,
    opened: i64,
    last: String,
    url: String,
}

impl From<&Line> for QueryView {
    fn from(line: &Line) -> Self {
        let encoded: String = form_urlencoded::byte_serialize(line.query.as_bytes()).collect();
        Self {
            query: line.query.clone(),
            times: line.times,
            found: line.found,
            opened: line.opened,
            last: time::date(line.last),
            url: format!("/tim-kiem?q={encoded}"),
        }
    }
}

async fn index(who: Can<See>, query: Query<Asked>) -> Result<Response> {
    let days = query.ngay.parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(30);
    let today = time::local(who.cx.now).date();
    let (lines, settled) = who
        .cx
        .read(move |conn, site| {
            let from = today - TimeDelta::days(days);
            Ok((store::lines(conn, site.id, from)?, store::settled(conn, site.id)?))
        })
        .await?;
    let is_open = |line: &&Line| settled.get(&line.query).is_none_or(|day| line.last > *day);
    let listed = |lines: &mut dyn Iterator<Item = &Line>| -> Vec<QueryView> {
        lines.take(LISTED).map(QueryView::from).collect()
    };
    let view = TodoView {
        period_options: PERIODS
            .into_iter()
            .map(|it| Period {
                label: who.cx.say(&Message::new("search.days").with("count", it)),
                url: format!("?ngay={it}"),
                current: it == days,
            })
            .collect(),
        none: listed(&mut lines.iter().filter(|it| it.found == 0).filter(is_open)),
        unopened: listed(&mut lines.iter().filter(|it| it.found > 0 && it.opened == 0)),
        top: listed(&mut lines.iter().filter(|it| it.found > 0)),
        pager: None,
    };
    who.page("finder/queries.html", &view)
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Settled {
    query: String,
}

async fn settle(who: Can<Manage>, form: Posted<Settled>) -> Result<Response> {
    let today = time::local(who.cx.now).date();
    if let Some(query) = countable(&form.0.query) {
        who.cx.write(move |conn, site| store::settle(conn, site.id, &query, today)).await?;
    }
    Ok(who.cx.see_other_with("/quan-tri/tim-kiem", "done.query_resolved"))
}
