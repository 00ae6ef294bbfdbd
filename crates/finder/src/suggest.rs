//! Completion while somebody types.

use search::{Facet, Subject};
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Query, Response, Result, Routes, get, header};

use crate::{
    Finder,
    finder::scope,
    model::{Scope, sought},
    store,
    views::{Labels, address},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/tim-kiem/goi-y", get().to(show));
}

/// How many completions are offered.
const SHOWN: usize = 8;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    q: String,
    dang: String,
}

#[derive(Serialize)]
struct Suggestions {
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Suggestion {
    text: String,
    url: String,
    kind: String,
}

/// `{"suggestions": […]}`; or, for browsers, the array that `OpenSearch` asks for.
async fn show(cx: Cx, finder: Data<Finder>, typed: Query<Typed>) -> Result<Response> {
    let text: String = sought(&typed.q).chars().take(100).collect();
    let (here, asked, now) = (finder.clone(), text.clone(), cx.now);
    // A component offers what its portal has as well: who types a name wants to get there.
    let found = cx
        .read(move |conn, site| {
            let found = here.feed.engine().suggest(&scope(site, Scope::Portal), &asked, SHOWN);
            let found = found.map_err(base::Error::from)?;
            let subjects: Vec<Subject> =
                found.iter().map(|it| Subject { site: it.site, key: it.subject }).collect();
            let today = base::time::local(now).date();
            let items = here.feed.heads(conn, &subjects, today)?;
            let ids: Vec<base::SiteId> = subjects.iter().map(|it| it.site).collect();
            let places = store::places(conn, site.portal_id.unwrap_or(site.id), &ids)?;
            Ok((found, items, places))
        })
        .await?;
    let (found, items, places) = found;
    let labels = Labels { cx: &cx, feed: &finder.feed, places: &places };
    let suggestions: Vec<Suggestion> = found
        .into_iter()
        .filter_map(|it| {
            let item = items.get(&it.subject)?;
            let url = address(&cx, &cx.site, item, places.get(&it.site)?);
            // Many documents share a title; the number tells them apart.
            let text = match &item.number {
                Some(number) => format!("{number} – {}", it.text),
                None => it.text,
            };
            let kind = labels.filter(Facet::Kind, &it.kind).text;
            Some(Suggestion { url: cx.turned(&url), kind, text })
        })
        .collect();
    let mut answer = Response::Ok();
    answer.insert_header((header::CACHE_CONTROL, "public, max-age=60"));
    Ok(match typed.dang == "opensearch" {
        true => {
            let texts: Vec<&str> = suggestions.iter().map(|it| it.text.as_str()).collect();
            answer.content_type("application/x-suggestions+json").json((text, texts))
        }
        false => answer.json(Suggestions { suggestions }),
    })
}
