//! Any filtered list as JSON Feed, in pages, and as CSV, whole.

use base::Message;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::json;
use sheets::{Cell, Heading, Table};
use web::{Bytes, Cx, Data, JsonFeed, Request as HttpRequest, Response, Result};

use super::{
    feeds::{self, page_url, place},
    http::request,
    links::Labels,
    register::{self, Facts, Request},
};
use crate::{Vocabulary, store::Document};

/// How many documents a page of the JSON Feed holds.
const PER_PAGE: i64 = 100;

/// How many documents are read at once for the CSV.
const PER_READ: i64 = 1000;

/// Where a list ends that would never: two million documents are more than any province has.
const MOST_PAGES: i64 = 2_000;

#[derive(Serialize)]
struct Item {
    id: String,
    url: String,
    title: String,
    content_text: String,
    date_published: Option<String>,
    date_modified: String,
    tags: Vec<String>,
    #[serde(rename = "_document")]
    document: serde_json::Value,
}

pub(super) async fn json(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    let asked = request(&cx, &req, PER_PAGE);
    let facts = feeds::read(&cx, &words, &asked).await?;
    if let Some(refused) = feeds::refuse(&cx, &facts) {
        return Ok(refused);
    }
    let labels = Labels { cx: &cx, words: &words, places: &facts.places, issuers: &facts.names };
    let (link, title) = place(&cx, &words, &asked);
    let items = facts.documents.iter().map(|it| json!(item(&labels, &facts, it))).collect();
    let has_next = facts.total > asked.page * PER_PAGE;
    let feed = JsonFeed {
        own: page_url(&cx, &asked, "json", asked.page),
        next: has_next.then(|| page_url(&cx, &asked, "json", asked.page + 1)),
        total: facts.total,
        updated: facts.documents.iter().map(|it| it.updated_at).max(),
        items,
        withdrawn: feeds::withdrawn(&labels, &facts),
        title,
        link,
    };
    Ok(feed.answer(&cx))
}

async fn read(cx: &Cx, words: &Data<Vocabulary>, asked: &Request) -> base::Result<Facts> {
    let (request, all) = (asked.clone(), words.clone());
    cx.read(move |conn, site| register::documents(conn, site, &all, &request)).await
}

fn item(labels: &Labels<'_>, facts: &Facts, document: &Document) -> Item {
    let status = facts.lens.status(document);
    let day = |day: Option<chrono::NaiveDate>| day.map(|it| it.to_string());
    Item {
        id: labels.full_url(document),
        url: labels.full_url(document),
        title: labels.title(document),
        content_text: document.summary.clone(),
        date_published: document.published_at.map(base::time::rfc3339),
        date_modified: base::time::rfc3339(document.updated_at),
        tags: vec![labels.kind(document)],
        document: json!({
            "number": document.number,
            "type": document.type_key,
            "issuer": labels.issuer(document).text,
            "issued": day(document.issued),
            "effective": day(document.effective),
            "expiry": day(document.expiry),
            "status": status.as_str(),
            "status_label": labels.status(document, status).label,
        }),
    }
}

/// The columns of the CSV, as `document_field.…` words them.
const COLUMNS: [&str; 9] =
    ["number", "type", "issuer", "issued", "effective", "expiry", "status", "summary", "url"];

/// The whole list, read and sent some rows at a time. What is wrong from the start is an error
/// page; what goes wrong later ends the download.
pub(super) async fn csv(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    let mut asked = request(&cx, &req, PER_READ);
    asked.page = 1;
    let facts = read(&cx, &words, &asked).await?;
    if let Some(refused) = feeds::refuse(&cx, &facts) {
        return Ok(refused);
    }
    let (first, has_more) = rows(&cx, &words, (&facts, asked.page));
    let first = first.csv()?;
    let rest = stream::try_unfold((asked, has_more), move |(mut asked, has_more)| {
        let (cx, words) = (cx.clone(), words.clone());
        async move {
            if !has_more {
                return Ok::<_, base::Error>(None);
            }
            asked.page += 1;
            let facts = read(&cx, &words, &asked).await?;
            let (table, has_more) = rows(&cx, &words, (&facts, asked.page));
            Ok(Some((Bytes::from(table.csv_rows()?), (asked, has_more))))
        }
    });
    let whole = stream::once(async move { Ok(Bytes::from(first)) }).chain(rest);
    Ok(web::download("text/csv; charset=utf-8", "van-ban.csv").streaming(whole))
}

/// One page of the list, and whether another follows.
fn rows(cx: &Cx, words: &Vocabulary, (facts, page): (&Facts, i64)) -> (Table, bool) {
    let labels = Labels { cx, words, places: &facts.places, issuers: &facts.names };
    let heading = |name: &str| cx.say(&Message::new(format!("document_field.{name}")));
    let table = Table {
        headings: COLUMNS.map(|name| Heading::new(heading(name), 0)).into(),
        rows: facts.documents.iter().map(|it| cells(&labels, facts, it)).collect(),
        ..Table::default()
    };
    (table, page < MOST_PAGES && facts.total > page * PER_READ)
}

fn cells(labels: &Labels<'_>, facts: &Facts, document: &Document) -> Vec<Cell> {
    vec![
        labels.number(document).into(),
        labels.kind(document).into(),
        labels.issuer(document).text.into(),
        document.issued.into(),
        document.effective.into(),
        document.expiry.into(),
        labels.status(document, facts.lens.status(document)).label.into(),
        document.summary.as_str().into(),
        labels.full_url(document).into(),
    ]
}
