//! The log of a site: who did what, when.

use accounts::{Can, ReadAll};
use base::Message;
use serde::{Deserialize, Serialize};
use web::{Cx, Pager, Query, Response, Result, Routes, get};

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/quan-tri/nhat-ky", get().to(index));
}

const PER_PAGE: i64 = 50;

/// A line of the log, in words.
#[derive(Serialize)]
pub(crate) struct EventView {
    at: String,
    who: String,
    what: String,
    target: String,
    title: String,
    url: Option<String>,
    detail: String,
}

pub(crate) fn event_view(cx: &Cx, line: db::events::Line) -> EventView {
    let system = || cx.say(&Message::new("event_by_system"));
    let detail = match line.action.as_str() {
        "role_given" | "role_taken" => cx.say(&Message::new(format!("role.{}", line.detail))),
        "site_state" => cx.say(&Message::new(format!("site_state.{}", line.detail))),
        "settings_changed" if !line.detail.is_empty() => {
            cx.say(&Message::new(format!("setting.{}", line.detail)))
        }
        _ => line.detail,
    };
    EventView {
        at: base::time::minute(line.at),
        who: line.who.unwrap_or_else(system),
        what: cx.say(&Message::new(format!("event.{}", line.action))),
        target: line.target.clone(),
        title: line.target,
        url: line.entry.map(|id| format!("/quan-tri/tin-bai/{id}")),
        detail,
    }
}

#[derive(Serialize)]
struct LogView {
    events: Vec<EventView>,
    pager: Option<Pager>,
    filter: LogQuery,
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct LogQuery {
    q: String,
    #[serde(skip_serializing)]
    trang: String,
}

async fn index(who: Can<ReadAll>, query: Query<LogQuery>) -> Result<Response> {
    let query = query.into_inner();
    let page = web::page_number(&query.trang);
    let words: String = base::text::line(&query.q).chars().take(100).collect();
    let (lines, total) = who
        .cx
        .read(move |conn, site| {
            let slice = ((page - 1) * PER_PAGE, PER_PAGE);
            let lines = db::events::latest(conn, site.id, &words, slice)?;
            Ok((lines, db::events::count(conn, site.id, &words)?))
        })
        .await?;
    let link = |page: i64| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &query.q)
            .append_pair("trang", &page.to_string())
            .finish();
        format!("/quan-tri/nhat-ky?{query}")
    };
    let view = LogView {
        events: lines.into_iter().map(|line| event_view(&who.cx, line)).collect(),
        pager: Pager::new(page, total, PER_PAGE, link),
        filter: query.clone(),
    };
    who.page("sites/log.html", &view)
}
