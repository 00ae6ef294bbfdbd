//! The search for programs: JSON, described by `openapi.json`, open to every origin.

use base::Message;
use search::{Cursor, Leniency, Start};
use serde::Serialize;
use serde_json::json;
use web::{Cx, Data, Request, Resource, Response, Result, Routes, get, header, to};

use crate::{
    Finder,
    finder::Answer,
    model::{API, Asked, Ignored},
    store::Place,
    views::{Excerpt, Labels, Piece, address, longest, notes},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/api/v1/search", get().to(search))
        .route("/api/v1/openapi.json", get().to(describe))
        .service(otherwise("/api/v1/search"))
        .service(otherwise("/api/v1/openapi.json"));
}

/// What answers at an address when nobody reads it: nothing can be written there.
fn otherwise(path: &str) -> Resource {
    Resource::new(path).default_service(to(refuse_method))
}

/// The description of the API; its server is the site that is asked.
const OPENAPI: &str = include_str!("openapi.json");

async fn describe(cx: Cx) -> Result<Response> {
    let text = OPENAPI.replace("https://example.gov.vn", &cx.site.url);
    Ok(open().content_type("application/json").body(text))
}

/// 405 for whatever is not reading.
async fn refuse_method(cx: Cx, req: Request) -> Response {
    let method = req.method().as_str();
    let message = cx.say(&Message::new("search.why.method").with("value", method));
    let error = json!({
        "parameter": "method",
        "value": method,
        "reason": "method",
        "message": message,
        "accepted": ["GET", "HEAD"],
    });
    Response::MethodNotAllowed()
        .insert_header((header::ALLOW, "GET, HEAD"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(json!({ "errors": [error] }))
}

/// An answer that scripts of any origin may read: all of it is public.
fn open() -> web::ResponseBuilder {
    let mut answer = Response::Ok();
    answer.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    answer
}

#[derive(Serialize)]
struct Page {
    query: String,
    scope: &'static str,
    order: &'static str,
    total: u64,
    forgiven: Option<Forgiven>,
    missing: Vec<String>,
    notes: Vec<String>,
    results: Vec<OneResult>,
    facets: std::collections::BTreeMap<&'static str, Vec<Value>>,
    next: Option<String>,
}

/// What had to be forgiven to find anything.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Forgiven {
    Typo { words: Vec<(String, String)> },
    Relaxed { left_out: Vec<String> },
}

#[derive(Serialize)]
struct OneResult {
    url: String,
    kind: String,
    title: String,
    number: Option<String>,
    #[serde(rename = "type")]
    doc_type: Option<String>,
    issuer: Option<String>,
    fields: Vec<String>,
    effect: Option<String>,
    date: String,
    locale: &'static str,
    site: String,
    file: Option<String>,
    page: Option<u32>,
    snippet: Vec<Piece>,
}

#[derive(Serialize)]
struct Value {
    value: String,
    label: String,
    count: u64,
}

async fn search(cx: Cx, req: Request, finder: Data<Finder>) -> Result<Response> {
    let (asked, mut ignored) = Asked::read(req.query_string(), &API);
    let start = match asked.cursor.as_deref() {
        None => Start::At(0),
        Some(text) => match Cursor::parse(text) {
            Some(cursor) => Start::After(cursor),
            None => {
                ignored.push(Ignored::value("cursor", text));
                Start::At(0)
            }
        },
    };
    if !ignored.is_empty() {
        return Ok(refuse(&cx, &ignored));
    }
    let (here, now) = (finder.clone(), cx.now);
    let answer =
        cx.read(move |conn, site| here.answer(conn, (site, now), (asked, &API), start)).await?;
    if !answer.ignored.is_empty() {
        return Ok(refuse(&cx, &answer.ignored));
    }
    let body = serde_json::to_vec(&page(&cx, &finder, &answer)).map_err(anyhow::Error::from);
    let body = body.map_err(base::Error::from)?;
    let tag = web::tag(&body);
    Ok(open()
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .content_type("application/json")
        .body(body))
}

/// 422, naming each parameter and what is wrong with it.
fn refuse(cx: &Cx, ignored: &[Ignored]) -> Response {
    let errors: Vec<serde_json::Value> = ignored
        .iter()
        .map(|it| {
            let message = Message::new(format!("search.why.{}", it.reason));
            let message = message.with("parameter", &it.parameter).with("value", &it.value);
            let message = message.with("max", longest(cx));
            let mut error = json!(it);
            if let Some(error) = error.as_object_mut() {
                error.insert("message".to_owned(), cx.say(&message).into());
            }
            error
        })
        .collect();
    Response::UnprocessableEntity()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(json!({ "errors": errors }))
}

fn page(cx: &Cx, finder: &Finder, answer: &Answer) -> Page {
    let labels = Labels { cx, feed: &finder.feed, places: &answer.places };
    let facets = answer.found.facets.iter().map(|(facet, counts)| {
        let values = counts.iter().filter_map(|count| {
            let (value, label) = labels.of(*facet, &count.value)?;
            let label = label.text;
            Some(Value { value, label, count: count.hits })
        });
        (API.facet(*facet), values.collect())
    });
    let next = answer.found.next.map(|cursor| {
        let asked = answer.asked.address(&API);
        format!("{}/api/v1/search?{asked}&size={}&cursor={cursor}", cx.site.url, answer.asked.size)
    });
    Page {
        query: answer.asked.query.clone(),
        scope: answer.asked.scope.as_str(),
        order: API.order(answer.asked.order),
        total: answer.found.total,
        forgiven: match &answer.found.leniency {
            Leniency::None => None,
            Leniency::Typo(words) => Some(Forgiven::Typo { words: words.clone() }),
            Leniency::Relaxed(words) => Some(Forgiven::Relaxed { left_out: words.clone() }),
        },
        missing: answer.found.missing.clone(),
        notes: notes(cx, &answer.found),
        results: answer.items.iter().map(|it| result(cx, answer, it)).collect(),
        facets: facets.collect(),
        next,
    }
}

fn result(cx: &Cx, answer: &Answer, (item, place): &(search::Item, Place)) -> OneResult {
    let excerpt = Excerpt::of(&answer.found.marker, item);
    let url = address(cx, &cx.site, item, place);
    OneResult {
        url: if url.starts_with('/') { format!("{}{url}", cx.site.url) } else { url },
        kind: item.kind.clone(),
        title: item.title.clone(),
        number: item.number.clone(),
        doc_type: item.doc_type.clone(),
        issuer: item.issuer.clone(),
        fields: item.fields.clone(),
        effect: item.effect.clone(),
        date: base::time::local(item.date.naive_utc()).date().to_string(),
        locale: item.locale.as_str(),
        site: place.host.clone(),
        snippet: excerpt.pieces,
        file: excerpt.file,
        page: excerpt.page,
    }
}
