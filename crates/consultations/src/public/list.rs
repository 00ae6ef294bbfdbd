//! The list: what is open with the days that are left, then what ended with its outcome.

use base::Message;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use theme::Html;
use web::{
    About, Crumb, Cx, Feed, FeedFormat, FeedItem, Head, Pager, Query, Response, Result, Said,
    header,
};

use super::{ROOT, sections, way};
use crate::{
    model::Stage,
    store::{self, Pair, Part},
};

/// How many of the past stand on a page.
const PER_PAGE: i64 = 20;

/// How many of the current are shown; no body has more drafts open at once.
const MOST_CURRENT: i64 = 200;

/// How many stand in the feed.
const IN_FEED: i64 = 30;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    trang: String,
}

#[derive(Serialize)]
struct ListView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    current: Vec<Item>,
    /// On the portal, those of all other sites.
    elsewhere: Vec<Item>,
    past: Vec<Item>,
    pager: Option<Pager>,
    rss: String,
}

/// A consultation in a list.
#[derive(Serialize)]
struct Item {
    title: String,
    url: String,
    stage: Stage,
    stage_label: String,
    line: String,
    outcome: Option<String>,
    /// Whose it is, where that is somebody else's.
    unit: Said,
}

pub(super) async fn index(cx: Cx, query: Query<Asked>) -> Result<Response> {
    let page = web::page_number(&query.trang);
    let today = base::time::local(cx.now).date();
    let (current, elsewhere, past, total, tree) = cx
        .read(move |conn, site| {
            let elsewhere = match (page, site.kind.is_portal()) {
                (1, true) => store::elsewhere(conn, site.id, today, MOST_CURRENT)?,
                _ => Vec::new(),
            };
            let current = match page {
                1 => store::public(conn, site.id, (Part::Current, today), (0, MOST_CURRENT))?,
                _ => Vec::new(),
            };
            let slice = ((page - 1) * PER_PAGE, PER_PAGE);
            let past = store::public(conn, site.id, (Part::Past, today), slice)?;
            let total = store::count_public(conn, site.id, (Part::Past, today))?;
            Ok((current, elsewhere, past, total, sections(conn, site)?))
        })
        .await?;
    if page > 1 && past.is_empty() {
        return Err(base::Error::NotFound.into());
    }
    let title = cx.say(&Message::new("consultation.list"));
    let description = cx.say(&Message::new("consultation.list_about").with("site", &cx.site.name));
    let about = About { title: title.clone(), description, path: ROOT.into(), ..About::default() };
    let rss = format!("{ROOT}.rss");
    let item = |pair: &Pair| item(&cx, pair, today);
    let view = ListView {
        head: Head::new(&cx, &about).with_feed(
            format!("RSS – {title}"),
            "application/rss+xml",
            rss.clone(),
        ),
        trail: way(&cx, &tree, title.clone(), ROOT),
        current: current.iter().map(item).collect(),
        elsewhere: elsewhere
            .iter()
            .map(|(unit, host, pair)| {
                let own = item(pair);
                let url = format!("{}{}", cx.app().settings.url(host), own.url);
                Item { unit: cx.said(unit), url, ..own }
            })
            .collect(),
        past: past.iter().map(item).collect(),
        pager: Pager::new(page, total, PER_PAGE, |page| format!("{ROOT}?trang={page}")),
        title,
        rss,
    };
    cx.page("consultations/index.html", &view)
}

fn item(cx: &Cx, (it, draft): &Pair, today: NaiveDate) -> Item {
    let stage = it.stage(today);
    Item {
        title: draft.summary.clone(),
        url: draft.path(),
        stage_label: stage_label(cx, stage),
        line: line(cx, (it, stage), today),
        outcome: (!it.outcome_number.is_empty()).then(|| it.outcome_number.clone()),
        stage,
        unit: Said::default(),
    }
}

/// The words of a state.
pub(crate) fn stage_label(cx: &Cx, stage: Stage) -> String {
    cx.say(&Message::new(format!("consultation_stage.{}", stage.as_str())))
}

/// How the days stand: when it begins, how many are left, when it ended.
pub(crate) fn line(
    cx: &Cx,
    (it, stage): (&store::Consultation, Stage),
    today: NaiveDate,
) -> String {
    let left = it.facts().days_left(today);
    let key = match stage {
        Stage::Preparing => "consultation_line.before",
        Stage::Open if left == 0 => "consultation_line.last_day",
        Stage::Open => "consultation_line.open",
        _ => "consultation_line.after",
    };
    let message = Message::new(key)
        .with("opens", cx.date(it.opens))
        .with("closes", cx.date(it.closes))
        .with("left", left);
    cx.say(&message)
}

/// The section of drafts leads to them.
pub(super) async fn moved(_: Cx) -> Response {
    Response::TemporaryRedirect().insert_header((header::LOCATION, ROOT)).finish()
}

pub(super) async fn rss(cx: Cx) -> Result<Response> {
    let today = base::time::local(cx.now).date();
    let pairs = cx
        .read(move |conn, site| {
            let mut all = store::public(conn, site.id, (Part::Current, today), (0, IN_FEED))?;
            all.extend(store::public(conn, site.id, (Part::Past, today), (0, IN_FEED))?);
            Ok(all)
        })
        .await?;
    let title = cx.say(&Message::new("consultation.feed").with("site", &cx.site.name));
    let mut pairs = pairs;
    pairs.sort_by_key(|(it, _)| std::cmp::Reverse(it.announced_at));
    let item = |(it, draft): &Pair| FeedItem {
        title: draft.summary.clone(),
        url: cx.address(&draft.path()),
        summary: line(&cx, (it, it.stage(today)), today),
        published: it.announced_at.unwrap_or(it.created_at),
        updated: it.updated_at,
        author: None,
        category: stage_label(&cx, it.stage(today)),
        html: Html::default(),
    };
    let feed = Feed {
        link: cx.address(ROOT),
        own: cx.address(&format!("{ROOT}.rss")),
        next: None,
        updated: pairs.iter().map(|(it, _)| it.updated_at).max(),
        withdrawn: Vec::new(),
        items: pairs.iter().map(item).collect(),
        title,
    };
    feed.answer(&cx, FeedFormat::Rss)
}
