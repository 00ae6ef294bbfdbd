//! RSS and Atom of any filtered list, in pages so that nothing is cut off.

use base::Message;
use serde::Serialize;
use theme::Html;
use web::{Cx, Data, Request as HttpRequest, Response, Result};

use super::{
    http::request,
    links::{Labels, badge},
    register::{self, ROOT, Request},
};
use crate::{Vocabulary, store::Document};

/// How many documents a page of a feed holds.
const PER_PAGE: i64 = 30;

/// The two formats: template, type, name.
const RSS: (&str, &str, &str) = ("content/rss.xml", "application/rss+xml; charset=utf-8", "rss");
const ATOM: (&str, &str, &str) =
    ("content/atom.xml", "application/atom+xml; charset=utf-8", "atom");

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

pub(super) async fn rss(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    answer(&cx, &req, &words, RSS).await
}

pub(super) async fn atom(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    answer(&cx, &req, &words, ATOM).await
}

/// Where a list is read, and what it is called.
pub(super) fn place(cx: &Cx, words: &Vocabulary, request: &Request) -> (String, String) {
    let query = &request.query;
    let own = query.with("so", "").address(&[]);
    let path = match register::shelf(words, query) {
        Some(shelf) => format!("/{}{own}", shelf.path),
        None => format!("/{ROOT}{own}"),
    };
    let title = cx.say(&Message::new("register.feed").with("site", &cx.site.name));
    (format!("{}{path}", cx.site.url), title)
}

/// The address of page `page` of a list in `format`.
pub(super) fn page_url(cx: &Cx, request: &Request, format: &str, page: i64) -> String {
    let page = page.to_string();
    let more: &[(&str, &str)] = if page == "1" { &[] } else { &[("trang", &page)] };
    format!("{}/{ROOT}.{format}{}", cx.site.url, request.query.address(more))
}

async fn answer(
    cx: &Cx,
    req: &HttpRequest,
    words: &Data<Vocabulary>,
    (template, mime, format): (&str, &'static str, &str),
) -> Result<Response> {
    let asked = request(cx, req, PER_PAGE);
    let (request, all) = (asked.clone(), words.clone());
    let facts = cx.read(move |conn, site| register::documents(conn, site, &all, &request)).await?;
    let labels = Labels { cx, words, places: &facts.places, issuers: &facts.names };
    let (link, title) = place(cx, words, &asked);
    let newest = facts.documents.iter().map(|it| it.updated_at).max().unwrap_or(cx.now);
    let has_next = facts.total > asked.page * PER_PAGE;
    let items = facts.documents.iter().map(|document| {
        let status = badge(cx, facts.lens.status(document)).label;
        item(&labels, document, status)
    });
    let view = FeedView {
        description: title.clone(),
        own: page_url(cx, &asked, format, asked.page),
        next: has_next.then(|| page_url(cx, &asked, format, asked.page + 1)),
        updated: base::time::rfc3339(newest),
        updated_rfc2822: base::time::rfc2822(newest),
        email: cx.site.identity.email.clone(),
        items: items.collect(),
        title,
        link,
    };
    let xml = cx.render(&cx.site.theme, template, &None::<()>, &view)?;
    Ok(Response::Ok().content_type(mime).body(xml))
}

fn item(labels: &Labels<'_>, document: &Document, status: String) -> Item {
    let at = document.published_at.unwrap_or_default();
    Item {
        title: format!("{}: {}", labels.title(document), document.summary),
        url: labels.full_url(document),
        summary: status,
        published: base::time::rfc3339(at),
        published_rfc2822: base::time::rfc2822(at),
        updated: base::time::rfc3339(document.updated_at),
        author: Some(labels.issuer(document)).filter(|it| !it.is_empty()),
        category: labels.words.type_label(&document.type_key),
        html: Html::default(),
    }
}
