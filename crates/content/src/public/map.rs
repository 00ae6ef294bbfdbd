//! The site map for people, and the ones for search engines.

use base::Error;
use serde::Serialize;
use web::{About, AllMapped, Crumb, Cx, Data, Head, Path, Response, Result};

use super::{
    store::{self, Part},
    views::trail,
};
use crate::sections::{Section, SectionKind, store as tree};

#[derive(Serialize)]
struct MapView {
    head: Head,
    trail: Vec<Crumb>,
    tree: Vec<Branch>,
}

#[derive(Serialize)]
struct Branch {
    label: String,
    lang: Option<&'static str>,
    path: String,
    children: Vec<Branch>,
}

/// The page that shows the whole tree.
pub(crate) fn page(cx: &Cx, tree: &[Section]) -> Result<Response> {
    let title = tree.iter().find(|it| it.module == "sitemap").map(|it| it.label.clone());
    let title = title.unwrap_or_default();
    let view = MapView {
        head: Head::new(cx, &About { title, ..About::default() }),
        trail: trail(cx, tree, cx.path.trim_start_matches('/'), None),
        tree: branches(tree, None),
    };
    cx.page("content/map.html", &view)
}

fn branches(tree: &[Section], parent: Option<&str>) -> Vec<Branch> {
    let here = tree.iter().filter(|it| it.visible && it.parent() == parent);
    here.map(|it| Branch {
        label: it.label.clone(),
        lang: it.lang,
        path: it.address(),
        children: branches(tree, Some(&it.path)),
    })
    .collect()
}

/// Addresses on one sheet; the standard allows 50,000.
const SHEET: i64 = 5_000;

#[derive(Serialize)]
struct IndexView {
    maps: Vec<Place>,
}

#[derive(Serialize)]
struct SheetView {
    urls: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    loc: String,
    lastmod: Option<String>,
}

fn xml(cx: &Cx, template: &str, view: &impl Serialize) -> Result<Response> {
    let xml = cx.render(&cx.site.theme, template, &None::<()>, view)?;
    Ok(Response::Ok().content_type("application/xml; charset=utf-8").body(xml))
}

/// `/sitemap.xml`: as many sheets as it takes. The first holds the sections, those after it the
/// entries; those with a name are other features'.
pub(crate) async fn index(cx: Cx, mapped: Data<AllMapped>) -> Result<Response> {
    let others = mapped.clone();
    let (entries, others) = cx
        .read(move |conn, site| {
            let entries = store::count(conn, site.id, site.locale, &Part::Whole)?;
            let named = others.iter().map(|it| Ok((it.name(), sheets(it.count(conn, site)?))));
            Ok((entries, named.collect::<base::Result<Vec<_>>>()?))
        })
        .await?;
    let numbered = (1..=1 + sheets(entries)).map(|number| number.to_string());
    let named = others
        .iter()
        .flat_map(|(name, sheets)| (1..=*sheets).map(move |number| format!("{name}-{number}")));
    let place =
        |sheet: String| Place { loc: cx.address(&format!("/sitemap/{sheet}.xml")), lastmod: None };
    let maps = numbered.chain(named).map(place).collect();
    xml(&cx, "content/sitemap_index.xml", &IndexView { maps })
}

/// How many sheets `total` addresses take.
fn sheets(total: i64) -> i64 {
    (total + SHEET - 1) / SHEET
}

/// `/sitemap/<number>.xml` and `/sitemap/<feature>-<number>.xml`.
pub(crate) async fn sheet(
    cx: Cx,
    sheet: Path<String>,
    mapped: Data<AllMapped>,
) -> Result<Response> {
    let (name, number) = sheet.rsplit_once('-').unwrap_or(("", sheet.as_str()));
    let number: i64 = number.parse().ok().filter(|number| *number >= 1).ok_or(Error::NotFound)?;
    let feature = mapped.iter().position(|it| it.name() == name);
    if feature.is_none() && !name.is_empty() {
        return Err(Error::NotFound.into());
    }
    let (own, all) = (cx.clone(), mapped.clone());
    let urls = cx
        .read(move |conn, site| {
            let place = |(path, at): (String, Option<chrono::NaiveDateTime>)| Place {
                loc: own.address(&path),
                lastmod: at.map(|at| base::time::local(at).date().to_string()),
            };
            if let Some(feature) = feature.and_then(|at| all.get(at)) {
                let rows = feature.addresses(conn, site, ((number - 1) * SHEET, SHEET))?;
                return Ok(rows.into_iter().map(|(path, at)| place((path, Some(at)))).collect());
            }
            if number == 1 {
                let sections = tree::named(conn, site)?;
                return Ok(sections_sheet(&own, &sections));
            }
            let slice = ((number - 2) * SHEET, SHEET);
            let rows = store::addresses(conn, site.id, site.locale, slice)?;
            Ok(rows.into_iter().map(place).collect::<Vec<Place>>())
        })
        .await?;
    if urls.is_empty() {
        return Err(Error::NotFound.into());
    }
    xml(&cx, "content/sitemap.xml", &SheetView { urls })
}

/// The home page and every section but the pages, which stand on the sheet of their entries.
fn sections_sheet(cx: &Cx, sections: &[Section]) -> Vec<Place> {
    let shown = sections
        .iter()
        .filter(|it| it.visible && !matches!(it.kind, SectionKind::Link | SectionKind::Page));
    let place = |path: String| Place { loc: cx.address(&path), lastmod: None };
    std::iter::once(place("/".to_owned())).chain(shown.map(|it| place(it.address()))).collect()
}

/// `/robots.txt`.
pub(crate) async fn robots(cx: Cx) -> Result<Response> {
    let text = format!(
        "User-agent: *\nDisallow: /quan-tri\nDisallow: /dang-nhap\n\nSitemap: {0}/sitemap.xml\nSitemap: {0}/en/sitemap.xml\n",
        cx.site.url
    );
    Ok(Response::Ok().content_type("text/plain; charset=utf-8").body(text))
}
