//! RSS and Atom, for the site and for each section, in pages so that nothing is cut off.

use base::Error;
use serde::{Deserialize, Serialize};
use web::{About, Crumb, Cx, Data, Feed, FeedFormat, FeedItem, Head, Query, Response, Result};

use super::{
    store::{self, Live, Part},
    views::{Facts, body, section_crumb, trail},
};
use crate::{
    kinds::{FieldRole, Kinds},
    sections::{Section, SectionKind, store as tree},
};

/// How many entries a page of a feed holds.
const PER_PAGE: i64 = 30;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageQuery {
    trang: String,
}

pub(crate) async fn site_rss(
    cx: Cx,
    kinds: Data<Kinds>,
    query: Query<PageQuery>,
) -> Result<Response> {
    site(&cx, &kinds, FeedFormat::Rss, web::page_number(&query.trang)).await
}

pub(crate) async fn site_atom(
    cx: Cx,
    kinds: Data<Kinds>,
    query: Query<PageQuery>,
) -> Result<Response> {
    site(&cx, &kinds, FeedFormat::Atom, web::page_number(&query.trang)).await
}

async fn site(cx: &Cx, kinds: &Kinds, format: FeedFormat, page: i64) -> Result<Response> {
    let slice = ((page - 1) * PER_PAGE, PER_PAGE);
    let lives = cx
        .read(move |conn, site| store::latest(conn, site.id, site.locale, &Part::Whole, slice))
        .await?;
    answer(cx, kinds, (format, page), (cx.site.name.clone(), "/".to_owned()), lives)
}

/// The feed of the section at `path`.
pub(crate) async fn section(
    cx: &Cx,
    kinds: &Kinds,
    path: &str,
    (format, page): (FeedFormat, i64),
) -> Result<Response> {
    let wanted = path.trim_start_matches('/').to_owned();
    let (section, lives) = cx
        .read(move |conn, site| {
            let section = tree::at(conn, site.id, &wanted)?;
            let section = section.filter(|section| section.visible).ok_or(Error::NotFound)?;
            let part = Part::Below(section.path.clone());
            let lives = store::latest(
                conn,
                site.id,
                site.locale,
                &part,
                ((page - 1) * PER_PAGE, PER_PAGE),
            )?;
            Ok((section, lives))
        })
        .await?;
    let label = cx.site.section_label(&section.path, &section.label);
    let title = format!("{label} – {}", cx.site.name);
    answer(cx, kinds, (format, page), (title, section.address()), lives)
}

fn answer(
    cx: &Cx,
    kinds: &Kinds,
    (format, page): (FeedFormat, i64),
    (title, link): (String, String),
    lives: Vec<Live>,
) -> Result<Response> {
    let newest = lives.iter().filter_map(|live| live.decided_at.max(live.published_at)).max();
    let is_full = lives.len() == usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let feed = Feed {
        title,
        link: cx.address(&link),
        own: cx.address(&cx.path),
        next: is_full.then(|| format!("{}?trang={}", cx.address(&cx.path), page + 1)),
        updated: newest,
        items: lives.into_iter().map(|live| item(cx, kinds, live)).collect::<Result<_>>()?,
        withdrawn: Vec::new(),
    };
    feed.answer(cx, format)
}

fn item(cx: &Cx, kinds: &Kinds, live: Live) -> Result<FeedItem> {
    let at = live.published_at.unwrap_or_default();
    Ok(FeedItem {
        author: Facts::of(kinds, &live)?.get(FieldRole::Author).map(str::to_owned),
        url: cx.address(&live.path),
        published: at,
        updated: live.decided_at.unwrap_or(at),
        html: body(&live),
        category: section_crumb(cx, &live).label,
        title: live.title,
        summary: live.summary,
    })
}

#[derive(Serialize)]
struct FeedsView {
    head: Head,
    trail: Vec<Crumb>,
    feeds: Vec<FeedLink>,
}

#[derive(Serialize)]
struct FeedLink {
    label: String,
    rss: String,
    atom: String,
}

/// The list of all feeds.
pub(crate) fn page(cx: &Cx, tree: &[Section]) -> Result<Response> {
    let link = |label: &str, path: &str| FeedLink {
        label: label.to_owned(),
        rss: format!("{path}/rss.xml"),
        atom: format!("{path}/atom.xml"),
    };
    let lists = tree.iter().filter(|it| {
        it.visible
            && it.module.is_empty()
            && matches!(it.kind, SectionKind::List | SectionKind::Register | SectionKind::Module)
    });
    let title = tree.iter().find(|it| it.module == "feeds").map(|it| it.label.clone());
    let title = title.unwrap_or_default();
    let view = FeedsView {
        head: Head::new(cx, &About { title, ..About::default() }),
        trail: trail(cx, tree, cx.path.trim_start_matches('/'), None),
        feeds: std::iter::once(link(&cx.site.name, ""))
            .chain(lists.map(|it| link(&it.label, &it.address())))
            .collect(),
    };
    cx.page("content/feeds.html", &view)
}
