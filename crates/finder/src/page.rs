//! The search page. It is whole without a script.

use base::Message;
use search::{Facet, Leniency, Order, Start};
use serde::Serialize;
use web::{
    About, Crumb, Cx, Data, Head, Pager, Request, Response, Result, Routes, Said, get, header,
};

use crate::{
    Finder,
    finder::{Answer, Way},
    model::{API, Asked, Ignored, MAX_PAGE, PAGE, PER_PAGE, Scope, in_short},
    views::{
        Excerpt, FacetView, Labels, PlaceView, ResultView, address, facets, grouped, longest,
        notes, pieces,
    },
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/tim-kiem", get().to(show)).route("/opensearch.xml", get().to(opensearch));
}

#[derive(Serialize)]
struct SearchView {
    head: Head,
    trail: Vec<Crumb>,
    q: String,
    start: bool,
    examples: Vec<Link>,
    scopes: Vec<Choice>,
    orders: Vec<Choice>,
    hidden: Vec<Hidden>,
    notes: Vec<String>,
    summary: String,
    total: u64,
    results: Vec<ResultView>,
    filters: Vec<Chip>,
    clear: String,
    facets: Vec<FacetView>,
    pager: Option<Pager>,
    empty: Option<Empty>,
    api: String,
}

#[derive(Serialize)]
struct Link {
    label: String,
    url: String,
}

/// A filter in force, and the address without it.
#[derive(Serialize)]
struct Chip {
    label: Said,
    url: String,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    checked: bool,
}

#[derive(Serialize)]
struct Hidden {
    name: &'static str,
    value: String,
}

/// What to do when nothing was found.
#[derive(Serialize)]
struct Empty {
    hints: Vec<String>,
    links: Vec<Link>,
    ask: Option<Link>,
}

async fn show(cx: Cx, req: Request, finder: Data<Finder>) -> Result<Response> {
    let (asked, mut ignored) = Asked::read(req.query_string(), &PAGE);
    if asked.is_empty() {
        let view = start(&cx, &asked, &ignored);
        return page(&cx, &view);
    }
    let at = Start::At((asked.page - 1) * PER_PAGE);
    let (here, now) = (finder.clone(), cx.now);
    let (answer, ways) = cx
        .read(move |conn, site| {
            let answer = here.answer(conn, (site, now), (asked, &PAGE), at)?;
            let ways = here.ways(site, &answer)?;
            Ok((answer, ways))
        })
        .await?;
    ignored.extend(answer.ignored.iter().cloned());
    let is_question = answer.asked.filters.is_empty() && !answer.found.is_wordless;
    if answer.asked.page == 1 && is_question {
        let found = usize::try_from(answer.found.total).unwrap_or(usize::MAX);
        finder.tally.asked(cx.site.id, &answer.asked.query, found);
    }
    let mut view = results(&cx, &finder, &answer, &ignored);
    view.empty = (answer.found.total == 0).then(|| empty(&cx, &answer.asked, &ways));
    page(&cx, &view)
}

/// Search pages are for people: other search engines have the pages themselves.
fn page(cx: &Cx, view: &SearchView) -> Result<Response> {
    let mut page = cx.page("finder/search.html", view)?;
    let robots = header::HeaderValue::from_static("noindex, follow");
    page.headers_mut().insert(header::HeaderName::from_static("x-robots-tag"), robots);
    Ok(page)
}

/// The page before anything was asked: the form, and what can be asked.
fn start(cx: &Cx, asked: &Asked, ignored: &[Ignored]) -> SearchView {
    let examples = (1..=4).map(|number| {
        let label = cx.say(&Message::new(format!("search.example.{number}")));
        let url = format!("/tim-kiem?{}", with_query(asked, &label).address(&PAGE));
        Link { label, url }
    });
    let mut view = frame(cx, asked, ignored);
    view.examples = examples.collect();
    view.start = true;
    view
}

fn with_query(asked: &Asked, query: &str) -> Asked {
    Asked { query: query.to_owned(), page: 1, ..asked.clone() }
}

/// What the page has whatever was found.
fn frame(cx: &Cx, asked: &Asked, ignored: &[Ignored]) -> SearchView {
    let title = match asked.query.is_empty() {
        true => cx.say(&Message::new("search.start")),
        false => cx.say(&Message::new("search.title").with("query", in_short(&asked.query))),
    };
    let about = About { title, ..About::default() };
    let own = [PAGE.scope_name(), PAGE.order_name(), "q", "trang"];
    let hidden = asked.pairs(&PAGE).into_iter().filter(|(name, _)| !own.contains(name));
    let address = |asked: &Asked| format!("/tim-kiem?{}", asked.address(&PAGE));
    let bare = Asked { filters: std::collections::BTreeMap::new(), page: 1, ..asked.clone() };
    let here = Crumb::new(cx.say(&Message::new("search.start")), "/tim-kiem");
    SearchView {
        head: Head::new(cx, &about).hidden(),
        trail: vec![Crumb::home(cx), here],
        q: asked.query.clone(),
        start: false,
        examples: Vec::new(),
        scopes: scopes(cx, asked),
        orders: orders(cx, asked),
        hidden: hidden.map(|(name, value)| Hidden { name, value }).collect(),
        notes: ignored.iter().map(|it| note(cx, it)).collect(),
        summary: String::new(),
        total: 0,
        results: Vec::new(),
        filters: Vec::new(),
        clear: address(&bare),
        facets: Vec::new(),
        pager: None,
        empty: None,
        api: format!("/api/v1/search?{}", asked.address(&API)),
    }
}

fn note(cx: &Cx, ignored: &Ignored) -> String {
    let message = match ignored.reason {
        "long" => Message::new("search.too_long").with("max", longest(cx)),
        _ => Message::new("search.ignored")
            .with("name", &ignored.parameter)
            .with("value", &ignored.value),
    };
    cx.say(&message)
}

/// Where can be searched from here: a portal has no portal above it.
fn scopes(cx: &Cx, asked: &Asked) -> Vec<Choice> {
    let is_portal = cx.site.portal_id.is_none();
    let known = PAGE.scopes().iter().filter(|(scope, _)| !is_portal || *scope != Scope::Portal);
    known
        .map(|(scope, value)| Choice {
            value,
            label: cx.say(&Message::new(format!("search.scope.{}", scope.as_str()))),
            checked: *scope == asked.scope,
        })
        .collect()
}

fn orders(cx: &Cx, asked: &Asked) -> Vec<Choice> {
    let say = |order: Order| cx.say(&Message::new(format!("search.order.{}", API.order(order))));
    let choice = |(order, value): &(Order, &'static str)| Choice {
        value,
        label: say(*order),
        checked: *order == asked.order,
    };
    PAGE.orders().iter().map(choice).collect()
}

fn results(cx: &Cx, finder: &Finder, answer: &Answer, ignored: &[Ignored]) -> SearchView {
    let asked = &answer.asked;
    let labels = Labels { cx, feed: &finder.feed, places: &answer.places };
    let mut view = frame(cx, asked, ignored);
    if finder.feed.engine().needs_rebuild() {
        view.notes.push(cx.say(&Message::new("search.busy")));
    }
    view.notes.extend(notes(cx, &answer.found));
    view.notes.extend(leniency(cx, &answer.found.leniency));
    view.total = answer.found.total;
    let key = match (answer.found.total, asked.query.is_empty()) {
        (0, true) => "search.summary_all_none",
        (0, false) => "search.summary_none",
        (_, true) => "search.summary_all",
        _ => "search.summary",
    };
    let summary = Message::new(key).with("query", in_short(&asked.query));
    view.summary = cx.say(&summary.with("count", grouped(cx, answer.found.total)));
    view.results = result_views(&labels, answer);
    view.filters = chips(&labels, asked);
    view.facets = facets(&labels, &answer.found, asked, &PAGE);
    let total = i64::try_from(answer.found.total).unwrap_or(i64::MAX);
    let (page, size) = (asked.page.try_into().unwrap_or(1), PER_PAGE.try_into().unwrap_or(10));
    let reach = i64::try_from(MAX_PAGE * PER_PAGE).unwrap_or(total).min(total);
    if asked.page == MAX_PAGE && reach < total {
        let reach = cx.number(reach);
        view.notes.push(cx.say(&Message::new("search.reach").with("count", reach)));
    }
    view.pager = Pager::new(page, reach, size, |page| {
        let page = usize::try_from(page).unwrap_or(1);
        format!("/tim-kiem?{}", Asked { page, ..asked.clone() }.address(&PAGE))
    });
    view
}

/// What was forgiven, said so that nobody wonders at the results.
fn leniency(cx: &Cx, leniency: &Leniency) -> Vec<String> {
    let messages = match leniency {
        Leniency::None => Vec::new(),
        Leniency::Typo(words) => words
            .iter()
            .map(|(typed, used)| {
                Message::new("search.typo").with("typed", typed).with("used", used)
            })
            .collect(),
        Leniency::Relaxed(_) => vec![Message::new("search.relaxed")],
    };
    messages.iter().map(|message| cx.say(message)).collect()
}

fn result_views(labels: &Labels<'_>, answer: &Answer) -> Vec<ResultView> {
    let cx = labels.cx;
    let first = (answer.asked.page - 1) * PER_PAGE;
    let one = |(at, (item, place)): (usize, &(search::Item, crate::store::Place))| {
        let title = answer.found.marker.mark(&item.title);
        let excerpt = Excerpt::of(&answer.found.marker, item);
        let is_away = item.site != cx.site.id;
        let day = base::time::local(item.date.naive_utc()).date();
        let url = address(cx, &cx.site, item, place);
        ResultView {
            external: is_away,
            kind_label: labels.filter(Facet::Kind, &item.kind).text,
            title: pieces(&title),
            place: PlaceView::new(cx, &excerpt, &url),
            snippet: excerpt.pieces,
            url,
            site_name: is_away.then(|| cx.said(&place.name)),
            number: item.number.clone(),
            issuer: item.issuer.as_deref().map(|it| cx.said(it)),
            // What counts to no year has no day that says anything: a section, a site.
            date: item.year.map(|_| cx.date(day)),
            date_iso: day.to_string(),
            status: item.effect.as_deref().map(|effect| labels.status(effect)),
            rank: first + at + 1,
            locale: item.locale.as_str(),
            kind: item.kind.clone(),
        }
    };
    answer.items.iter().enumerate().map(one).collect()
}

/// The filters in force, each with the address without it.
fn chips(labels: &Labels<'_>, asked: &Asked) -> Vec<Chip> {
    let chosen = asked
        .filters
        .iter()
        .flat_map(|(facet, values)| values.iter().map(move |value| (*facet, value.as_str())));
    chosen
        .map(|(facet, value): (Facet, &str)| Chip {
            label: labels.filter(facet, value),
            url: format!("/tim-kiem?{}", asked.toggled(facet, value).address(&PAGE)),
        })
        .collect()
}

/// Ways on from nothing: those that find something, and a question.
fn empty(cx: &Cx, asked: &Asked, ways: &[Way]) -> Empty {
    let say = |key: &str| cx.say(&Message::new(key.to_owned()));
    let links = ways.iter().map(|way| {
        let is_wider = way.asked.scope != asked.scope;
        let is_bare = way.asked.filters != asked.filters;
        let key = match (is_wider, is_bare) {
            (false, _) => "search.ask_bare",
            (true, false) => "search.ask_wider",
            (true, true) => "search.ask_wider_bare",
        };
        let scope = say("search.scope.province");
        let message = Message::new(key).with("scope", scope).with("count", grouped(cx, way.found));
        let url = format!("/tim-kiem?{}", way.asked.address(&PAGE));
        Link { label: cx.say(&message), url }
    });
    let hints = ["search.hint.accents", "search.hint.fewer", "search.hint.number"];
    Empty { hints: hints.into_iter().map(say).collect(), links: links.collect(), ask: ask(cx) }
}

/// The form for questions, if the site has a section of questions.
fn ask(cx: &Cx) -> Option<Link> {
    let items = cx.site.menu.iter().flat_map(|item| std::iter::once(item).chain(&item.children));
    let section = items.into_iter().find(|item| item.path.ends_with("/hoi-dap"));
    section.map(|_| Link { label: cx.say(&Message::new("search.ask")), url: "/hoi-dap/gui".into() })
}

#[derive(Serialize)]
struct OpenSearchView {
    name: String,
    description: String,
    url: String,
    suggest_url: String,
    /// The address of the site, without a slash at the end.
    home: String,
}

/// Lets a browser search this site from its address bar.
async fn opensearch(cx: Cx) -> Result<Response> {
    let url = &cx.site.url;
    let view = OpenSearchView {
        // Browsers show sixteen characters.
        name: cx.site.unit_name.chars().take(16).collect(),
        description: cx.say(&Message::new("search.about").with("site", &cx.site.name)),
        url: format!("{url}/tim-kiem?q={{searchTerms}}"),
        suggest_url: format!("{url}/tim-kiem/goi-y?dang=opensearch&q={{searchTerms}}"),
        home: url.clone(),
    };
    let xml = cx.render(&cx.site.theme, "finder/opensearch.xml", &None::<()>, &view)?;
    Ok(Response::Ok().content_type("application/opensearchdescription+xml").body(xml))
}
