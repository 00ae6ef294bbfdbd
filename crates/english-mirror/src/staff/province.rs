//! How far the whole province is, on the portal: a page and files.

use accounts::{Can, ReadAll, Staff};
use base::{Error, Message, SiteId};
use serde::{Deserialize, Serialize};
use sheets::{Cell, Heading, Table};
use std::collections::BTreeMap;
use web::{Data, Pager, Query, Response, Result};

use crate::{
    Office,
    store::{
        coverage::{self, Coverage},
        standing::Scope,
    },
};

const PATH: &str = "/quan-tri/tieng-anh/toan-tinh";

const PER_PAGE: usize = 50;

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    #[serde(skip_serializing)]
    trang: String,
}

#[derive(Serialize)]
struct ProvinceView {
    percent: usize,
    complete: usize,
    stale_sites: usize,
    total: usize,
    found: usize,
    sites: Vec<SiteView>,
    pager: Option<Pager>,
    filter: Asked,
}

#[derive(Serialize)]
struct SiteView {
    name: String,
    url: String,
    percent: usize,
    current: usize,
    total: usize,
    stale: usize,
    oldest: String,
    since: String,
    owner: String,
}

type Names = BTreeMap<base::UserId, String>;

/// Every site of the province with its people's names; those furthest behind first.
async fn read(who: &Staff, office: &Data<Office>) -> Result<(Vec<Coverage>, Names)> {
    let portal: SiteId = match who.cx.site.portal_id {
        None => who.cx.site.id,
        Some(_) => return Err(Error::NotFound.into()),
    };
    let held = office.clone();
    let read = who.cx.read(move |conn, _| {
        let scope = Scope::Province(portal);
        let mut all = coverage::of(conn, (&held.kinds, &held.minimum), scope)?;
        // In the order of their names where they are alike.
        all.sort_by_key(|it| (it.percent(), it.oldest.as_ref().map_or(1, |_| 0)));
        let owners = all.iter().filter_map(|it| it.oldest.as_ref()?.owner).collect();
        let names = coverage::names(conn, owners)?;
        Ok((all, names))
    });
    Ok(read.await?)
}

fn view(who: &Staff, it: &Coverage, names: &Names) -> SiteView {
    let oldest = it.oldest.as_ref();
    let owner = oldest.and_then(|oldest| names.get(&oldest.owner?).cloned());
    SiteView {
        name: it.name.clone(),
        url: format!("{}/en", who.cx.app().settings.url(&it.host)),
        percent: it.percent(),
        current: it.current(),
        total: it.total(),
        stale: it.stale,
        oldest: oldest.map(|oldest| oldest.title.clone()).unwrap_or_default(),
        since: oldest.map(|oldest| base::time::day(oldest.since)).unwrap_or_default(),
        owner: owner.unwrap_or_default(),
    }
}

pub(super) async fn index(
    who: Can<ReadAll>,
    office: Data<Office>,
    query: Query<Asked>,
) -> Result<Response> {
    let asked = query.into_inner();
    let (all, names) = read(&who, &office).await?;
    let words = base::text::unaccented(&asked.q);
    let words: Vec<&str> = words.split_whitespace().collect();
    let is_named = |it: &&Coverage| {
        let name = base::text::unaccented(&it.name);
        words.iter().all(|word| name.contains(word))
    };
    let found: Vec<&Coverage> = all.iter().filter(is_named).collect();
    let page = web::page_number(&asked.trang);
    let skip = usize::try_from(page - 1).unwrap_or_default().saturating_mul(PER_PAGE);
    let pages =
        (i64::try_from(found.len()).unwrap_or(i64::MAX), i64::try_from(PER_PAGE).unwrap_or(50));
    let (current, total): (usize, usize) =
        all.iter().fold((0, 0), |(one, other), it| (one + it.current(), other + it.total()));
    let link = |page: i64| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &asked.q)
            .append_pair("trang", &page.to_string())
            .finish();
        format!("{PATH}?{query}")
    };
    let view = ProvinceView {
        percent: (current * 100).checked_div(total).unwrap_or(100),
        complete: all.iter().filter(|it| it.percent() == 100).count(),
        stale_sites: all.iter().filter(|it| it.stale > 0).count(),
        total: all.len(),
        found: found.len(),
        sites: found.iter().skip(skip).take(PER_PAGE).map(|it| view(&who, it, &names)).collect(),
        pager: Pager::new(page, pages.0, pages.1, link),
        filter: asked,
    };
    who.page("mirror/province.html", &view)
}

/// The columns: the word of each, and its width in letters.
const COLUMNS: [(&str, u16); 9] = [
    ("name", 36),
    ("url", 40),
    ("percent", 10),
    ("current", 12),
    ("total", 12),
    ("stale", 12),
    ("oldest", 50),
    ("since", 14),
    ("owner", 26),
];

fn table(who: &Staff, all: &[Coverage], names: &Names) -> Table {
    let say = |key: &str| who.cx.say(&Message::new(format!("mirror.province.{key}")));
    let number = |number: usize| Cell::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let row = |it: &Coverage| {
        let view = view(who, it, names);
        let since = it.oldest.as_ref().map(|oldest| base::time::local(oldest.since).date());
        vec![
            Cell::from(view.name),
            Cell::Link { url: view.url.clone(), text: view.url },
            number(view.percent),
            number(view.current),
            number(view.total),
            number(view.stale),
            Cell::from(view.oldest),
            Cell::from(since),
            Cell::from(view.owner),
        ]
    };
    Table {
        name: say("sheet"),
        title: vec![say("title"), who.cx.site.unit_name.clone(), base::time::minute(who.cx.now)],
        headings: COLUMNS.iter().map(|(key, width)| Heading::new(say(key), *width)).collect(),
        rows: all.iter().map(row).collect(),
        made: who.cx.now,
    }
}

pub(super) async fn csv(who: Can<ReadAll>, office: Data<Office>) -> Result<Response> {
    let (all, names) = read(&who, &office).await?;
    let file = table(&who, &all, &names).csv()?;
    Ok(web::download("text/csv; charset=utf-8", "ban-tieng-anh.csv").body(file))
}

pub(super) async fn xlsx(who: Can<ReadAll>, office: Data<Office>) -> Result<Response> {
    let (all, names) = read(&who, &office).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = table(&who, &all, &names).xlsx()?;
    Ok(web::download(kind, "ban-tieng-anh.xlsx").body(file))
}
