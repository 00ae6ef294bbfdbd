//! Any filtered list as JSON Feed, in pages, and as CSV, whole.

use base::Message;
use serde::Serialize;
use serde_json::json;
use web::{Cx, Data, Request as HttpRequest, Response, Result, header};

use super::{
    feeds::{page_url, place},
    http::request,
    links::{Labels, badge},
    register::{self, Facts, Request},
};
use crate::{Vocabulary, store::Document};

/// How many documents a page of the JSON Feed holds.
const PER_PAGE: i64 = 100;

/// How many documents are read at once for the CSV.
const PER_READ: i64 = 1000;

/// How many documents a CSV can have: more than any province has issued.
const MOST: i64 = 200_000;

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
    let facts = read(&cx, &words, &asked).await?;
    let labels = Labels { cx: &cx, words: &words, places: &facts.places, issuers: &facts.names };
    let (link, title) = place(&cx, &words, &asked);
    let items: Vec<Item> = facts.documents.iter().map(|it| item(&labels, &facts, it)).collect();
    let has_next = facts.total > asked.page * PER_PAGE;
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": link,
        "feed_url": page_url(&cx, &asked, "json", asked.page),
        "language": "vi",
        "_total": facts.total,
        "items": items,
    });
    if let (true, Some(map)) = (has_next, feed.as_object_mut()) {
        map.insert("next_url".into(), page_url(&cx, &asked, "json", asked.page + 1).into());
    }
    Ok(Response::Ok().content_type("application/feed+json; charset=utf-8").body(feed.to_string()))
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
        tags: vec![labels.words.type_label(&document.type_key)],
        document: json!({
            "number": document.number,
            "type": document.type_key,
            "issuer": labels.issuer(document),
            "issued": day(document.issued),
            "effective": day(document.effective),
            "expiry": day(document.expiry),
            "status": status.as_str(),
            "status_label": badge(labels.cx, status).label,
        }),
    }
}

/// The columns of the CSV, as `register.column_…` words them.
const COLUMNS: [&str; 9] =
    ["number", "type", "issuer", "issued", "effective", "expiry", "status", "summary", "url"];

pub(super) async fn csv(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let heads = COLUMNS.iter().map(|name| cx.say(&Message::new(format!("document_field.{name}"))));
    table.write_record(heads).map_err(anyhow::Error::from)?;
    let mut asked = request(&cx, &req, PER_READ);
    asked.page = 1;
    while asked.page * PER_READ <= MOST {
        let facts = read(&cx, &words, &asked).await?;
        let labels =
            Labels { cx: &cx, words: &words, places: &facts.places, issuers: &facts.names };
        for document in &facts.documents {
            let cells = cells(&labels, &facts, document);
            table.write_record(cells.map(harmless)).map_err(anyhow::Error::from)?;
        }
        if facts.total <= asked.page * PER_READ {
            break;
        }
        asked.page += 1;
    }
    attachment(table, "van-ban.csv")
}

fn cells(labels: &Labels<'_>, facts: &Facts, document: &Document) -> [String; 9] {
    let day = |day: Option<chrono::NaiveDate>| day.map(base::time::date).unwrap_or_default();
    [
        labels.number(document),
        labels.words.type_label(&document.type_key),
        labels.issuer(document),
        day(document.issued),
        day(document.effective),
        day(document.expiry),
        badge(labels.cx, facts.lens.status(document)).label,
        document.summary.clone(),
        labels.full_url(document),
    ]
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: String) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

/// The table as a download. The mark at the start tells spreadsheets that it is UTF-8.
fn attachment(table: csv::Writer<Vec<u8>>, name: &str) -> Result<Response> {
    let rows = table.into_inner().map_err(|err| anyhow::anyhow!("a table in memory: {err}"))?;
    let mut bytes = "\u{FEFF}".as_bytes().to_vec();
    bytes.extend(rows);
    Ok(Response::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}
