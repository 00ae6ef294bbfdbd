//! RSS and Atom of any filtered list, in pages so that nothing is cut off.

use base::Message;
use theme::Html;
use web::{
    Cx, Data, Feed, FeedFormat, FeedItem, Request as HttpRequest, Response, Result, Withdrawn,
};

use super::{
    http::request,
    links::Labels,
    register::{self, Facts, ROOT, Request},
};
use crate::{Vocabulary, store::Document};

/// How many documents a page of a feed holds.
const PER_PAGE: i64 = 30;

pub(super) async fn rss(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    answer(&cx, &req, &words, FeedFormat::Rss).await
}

pub(super) async fn atom(cx: Cx, req: HttpRequest, words: Data<Vocabulary>) -> Result<Response> {
    answer(&cx, &req, &words, FeedFormat::Atom).await
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
    (cx.address(&path), title)
}

/// The address of page `page` of a list in `format`.
pub(super) fn page_url(cx: &Cx, request: &Request, format: &str, page: i64) -> String {
    let page = page.to_string();
    let more: &[(&str, &str)] = if page == "1" { &[] } else { &[("trang", &page)] };
    cx.address(&format!("/{ROOT}.{format}{}", request.query.address(more)))
}

async fn answer(
    cx: &Cx,
    req: &HttpRequest,
    words: &Data<Vocabulary>,
    format: FeedFormat,
) -> Result<Response> {
    let asked = request(cx, req, PER_PAGE);
    let facts = read(cx, words, &asked).await?;
    if let Some(refused) = refuse(cx, &facts) {
        return Ok(refused);
    }
    let labels = Labels { cx, words, places: &facts.places, issuers: &facts.names };
    let (link, title) = place(cx, words, &asked);
    let has_next = facts.total > asked.page * PER_PAGE;
    let items = facts.documents.iter().map(|document| {
        let status = labels.status(document, facts.lens.status(document)).label;
        item(&labels, document, status)
    });
    let feed = Feed {
        own: page_url(cx, &asked, format.name(), asked.page),
        next: has_next.then(|| page_url(cx, &asked, format.name(), asked.page + 1)),
        updated: facts.documents.iter().map(|it| it.updated_at).max(),
        items: items.collect(),
        withdrawn: withdrawn(&labels, &facts),
        title,
        link,
    };
    feed.answer(cx, format)
}

/// Reads a page of a list for programs.
pub(super) async fn read(
    cx: &Cx,
    words: &Data<Vocabulary>,
    asked: &Request,
) -> base::Result<Facts> {
    let (request, all, now) = (asked.clone(), words.clone(), cx.now);
    cx.read(move |conn, site| register::listed(conn, site, &all, (&request, now))).await
}

/// 422 in plain words where a value is one nobody knows: a program that got the whole list
/// instead would never notice. Readers of feeds show it and ask again later; after 404 or 410
/// many give a feed up for ever.
pub(super) fn refuse(cx: &Cx, facts: &Facts) -> Option<Response> {
    let notes = &facts.asked.notes;
    let lines: String = notes.iter().map(|note| format!("{}\n", cx.say(note))).collect();
    let plain = "text/plain; charset=utf-8";
    (!notes.is_empty()).then(|| Response::UnprocessableEntity().content_type(plain).body(lines))
}

/// What programs should forget.
pub(super) fn withdrawn(labels: &Labels<'_>, facts: &Facts) -> Vec<Withdrawn> {
    let gone = |it: &Document| Withdrawn { url: labels.full_url(it), at: it.updated_at };
    facts.withdrawn.iter().map(gone).collect()
}

fn item(labels: &Labels<'_>, document: &Document, status: String) -> FeedItem {
    FeedItem {
        title: format!("{}: {}", labels.title(document), document.summary),
        url: labels.full_url(document),
        summary: status,
        published: document.published_at.unwrap_or_default(),
        updated: document.updated_at,
        author: Some(labels.issuer(document).text).filter(|it| !it.is_empty()),
        category: labels.kind(document),
        html: Html::default(),
    }
}
