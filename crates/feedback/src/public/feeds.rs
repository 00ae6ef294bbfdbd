//! Answers and figures for programs: RSS, Atom, JSON.

use base::Message;
use serde::Serialize;
use serde_json::json;
use theme::Html;
use web::{Cx, Data, Query, Response, Result};

use super::answers::{ListQuery, PER_PAGE, summary};
use crate::{
    office::Office,
    store::publics::{self, Public},
};

/// The two formats: template, type, address.
const RSS: (&str, &str, &str) =
    ("content/rss.xml", "application/rss+xml; charset=utf-8", "/hoi-dap.rss");
const ATOM: (&str, &str, &str) =
    ("content/atom.xml", "application/atom+xml; charset=utf-8", "/hoi-dap.atom");

/// What the templates of content's feeds show.
#[derive(Serialize)]
struct FeedView {
    title: String,
    link: String,
    #[serde(rename = "self")]
    own: String,
    next: Option<String>,
    description: String,
    updated: String,
    updated_rfc2822: String,
    email: String,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    title: String,
    url: String,
    summary: String,
    published: String,
    published_rfc2822: String,
    updated: String,
    author: Option<String>,
    category: String,
    html: Html,
}

pub(super) async fn rss(cx: Cx, office: Data<Office>, query: Query<ListQuery>) -> Result<Response> {
    feed(&cx, &office, query.into_inner(), RSS).await
}

pub(super) async fn atom(
    cx: Cx,
    office: Data<Office>,
    query: Query<ListQuery>,
) -> Result<Response> {
    feed(&cx, &office, query.into_inner(), ATOM).await
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

async fn feed(
    cx: &Cx,
    office: &Office,
    query: ListQuery,
    (template, mime, path): (&str, &'static str, &str),
) -> Result<Response> {
    let (rows, total, page) = read(cx, &query).await?;
    let url = |path: &str, page| format!("{}{}", cx.site.url, query.address(path, page));
    let newest = rows.iter().map(|it| it.updated_at).max().unwrap_or(cx.now);
    let title = cx.say(&Message::new("case_page.feed").with("site", &cx.site.name));
    let view = FeedView {
        link: url("/hoi-dap", 1),
        own: url(path, page),
        next: (total > page * PER_PAGE).then(|| url(path, page + 1)),
        description: title.clone(),
        updated: base::time::rfc3339(newest),
        updated_rfc2822: base::time::rfc2822(newest),
        email: cx.site.identity.email.clone(),
        items: rows.iter().map(|it| item(cx, office, it)).collect(),
        title,
    };
    let xml = cx.render(&cx.site.theme, template, &None::<()>, &view)?;
    Ok(Response::Ok().content_type(mime).body(xml))
}

fn item(cx: &Cx, office: &Office, it: &Public) -> Item {
    let area = office.area_label(&it.area);
    Item {
        title: it.title.clone(),
        url: format!("{}{}", cx.site.url, it.path()),
        summary: summary(&it.question),
        published: base::time::rfc3339(it.published_at),
        published_rfc2822: base::time::rfc2822(it.published_at),
        updated: base::time::rfc3339(it.updated_at),
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
    let url = |path: &str, page| format!("{}{}", cx.site.url, query.address(path, page));
    let items: Vec<serde_json::Value> = rows
        .iter()
        .map(|it| {
            json!({
                "id": format!("{}{}", cx.site.url, it.path()),
                "url": format!("{}{}", cx.site.url, it.path()),
                "title": it.title,
                "summary": it.question,
                "content_text": it.answer,
                "date_published": base::time::rfc3339(it.published_at),
                "date_modified": base::time::rfc3339(it.updated_at),
                "tags": [office.area_label(&it.area)],
            })
        })
        .collect();
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": cx.say(&Message::new("case_page.feed").with("site", &cx.site.name)),
        "home_page_url": url("/hoi-dap", 1),
        "feed_url": url("/hoi-dap.json", page),
        "language": "vi",
        "_total": total,
        "items": items,
    });
    if let (true, Some(map)) = (total > page * PER_PAGE, feed.as_object_mut()) {
        map.insert("next_url".into(), url("/hoi-dap.json", page + 1).into());
    }
    Ok(Response::Ok().content_type("application/feed+json; charset=utf-8").body(feed.to_string()))
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
