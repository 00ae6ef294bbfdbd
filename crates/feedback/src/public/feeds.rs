//! Answers and figures for programs: RSS, Atom, JSON.

use base::Message;
use serde_json::json;
use theme::Html;
use web::{Cx, Data, Feed, FeedFormat, FeedItem, JsonFeed, Query, Response, Result};

use super::answers::{ListQuery, PER_PAGE, summary};
use crate::{
    office::Office,
    store::publics::{self, Public},
};

pub(super) async fn rss(cx: Cx, office: Data<Office>, query: Query<ListQuery>) -> Result<Response> {
    feed(&cx, &office, query.into_inner(), FeedFormat::Rss).await
}

pub(super) async fn atom(
    cx: Cx,
    office: Data<Office>,
    query: Query<ListQuery>,
) -> Result<Response> {
    feed(&cx, &office, query.into_inner(), FeedFormat::Atom).await
}

/// A page of the answers and whether there are more.
async fn read(cx: &Cx, query: &ListQuery) -> base::Result<(Vec<Public>, i64, i64)> {
    let page = web::page_number(&query.page);
    let wanted = query.wanted();
    let range = ((page - 1) * PER_PAGE, PER_PAGE);
    let read = cx.read(move |conn, site| {
        Ok((publics::list(conn, site.id, &wanted, range)?, publics::count(conn, site.id, &wanted)?))
    });
    let (rows, total) = read.await?;
    Ok((rows, total, page))
}

async fn feed(cx: &Cx, office: &Office, query: ListQuery, format: FeedFormat) -> Result<Response> {
    let (rows, total, page) = read(cx, &query).await?;
    let path = format!("/hoi-dap.{}", format.name());
    let url = |path: &str, page| cx.address(&query.address(path, page));
    let feed = Feed {
        title: cx.say(&Message::new("case_page.feed").with("site", &cx.site.name)),
        link: url("/hoi-dap", 1),
        own: url(&path, page),
        next: (total > page * PER_PAGE).then(|| url(&path, page + 1)),
        updated: rows.iter().map(|it| it.updated_at).max(),
        withdrawn: Vec::new(),
        items: rows.iter().map(|it| item(cx, office, it)).collect(),
    };
    feed.answer(cx, format)
}

fn item(cx: &Cx, office: &Office, it: &Public) -> FeedItem {
    let area = office.area_label(cx, &it.area);
    FeedItem {
        title: it.title.clone(),
        url: cx.address(&it.path()),
        summary: summary(&it.question),
        published: it.published_at,
        updated: it.updated_at,
        author: Some(cx.site.unit_name.clone()),
        category: if area.is_empty() { office.type_label(cx, &it.type_key) } else { area },
        html: Html::default(),
    }
}

/// The answers as JSON Feed, with question and answer in full.
pub(super) async fn json(
    cx: Cx,
    office: Data<Office>,
    query: Query<ListQuery>,
) -> Result<Response> {
    let query = query.into_inner();
    let (rows, total, page) = read(&cx, &query).await?;
    let url = |path: &str, page| cx.address(&query.address(path, page));
    let items: Vec<serde_json::Value> = rows
        .iter()
        .map(|it| {
            json!({
                "id": cx.address(&it.path()),
                "url": cx.address(&it.path()),
                "title": it.title,
                "summary": it.question,
                "content_text": it.answer,
                "date_published": base::time::rfc3339(it.published_at),
                "date_modified": base::time::rfc3339(it.updated_at),
                "tags": [office.area_label(&cx, &it.area)],
            })
        })
        .collect();
    let feed = JsonFeed {
        title: cx.say(&Message::new("case_page.feed").with("site", &cx.site.name)),
        link: url("/hoi-dap", 1),
        own: url("/hoi-dap.json", page),
        next: (total > page * PER_PAGE).then(|| url("/hoi-dap.json", page + 1)),
        total,
        updated: rows.iter().map(|it| it.updated_at).max(),
        items,
        withdrawn: Vec::new(),
    };
    Ok(feed.answer(&cx))
}

/// The figures of the site by type, this year, for everybody.
pub(super) async fn figures(cx: Cx, office: Data<Office>) -> Result<Response> {
    let all = office.clone();
    let now = cx.now;
    let rows = cx.read(move |conn, site| crate::figures::rows(conn, &all, &[site.id], now)).await?;
    let year = crate::figures::year(now);
    let types: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            json!({
                "type": row.type_key,
                "label": office.type_label(&cx, &row.type_key),
                "received": row.figures.received,
                "answered": row.figures.answered,
                "on_time": row.on_time,
                "late": row.late,
                "open": row.figures.open,
                "not_accepted": row.figures.refused,
                "median_days": row.figures.median_days,
                "ratings": row.ratings,
                "average_rating": row.average,
            })
        })
        .collect();
    let body = json!({ "site": cx.site.unit_name, "year": year, "types": types });
    Ok(Response::Ok().json(body))
}
