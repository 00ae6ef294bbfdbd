//! Figures for the office and, on the portal, for the province: numbers of all sites, no person.

use accounts::Can;
use base::{Message, SiteId, SiteState};
use serde::Serialize;
use sheets::{Cell, Heading, Table};
use web::{Cx, Data, Response, Result, header};

use super::list::SeeCases;
use crate::{
    figures::{self, Row},
    office::Office,
    store::{retention, stats},
};

#[derive(Serialize)]
struct FiguresView {
    year: i32,
    rows: Vec<RowView>,
    wide: bool,
    swept: Vec<SweptView>,
    can_handle: bool,
}

#[derive(Serialize)]
struct RowView {
    site: String,
    kind: String,
    received: i64,
    open: i64,
    answered: i64,
    on_time: i64,
    late: i64,
    refused: i64,
    median: String,
    ratings: i64,
    average: String,
}

#[derive(Serialize)]
struct SweptView {
    number: String,
    text: String,
    files: i32,
    at: String,
}

/// The figures a person sees: of the site, or on the portal of all sites for who supervises them.
async fn read(
    who: &accounts::Staff,
    office: &Data<Office>,
) -> base::Result<(Vec<Row>, Vec<(SiteId, String)>, bool)> {
    let (all, now) = (office.clone(), who.cx.now);
    let rights = who.rights;
    let read = who.cx.read(move |conn, site| {
        let wide = site.kind.is_portal() && (rights.province || rights.audit || rights.inspect);
        let sites = match wide {
            true => stats::sites_of(conn, site.id)?,
            false => vec![(site.id, site.unit_name.clone())],
        };
        let ids: Vec<SiteId> = sites.iter().map(|(id, _)| *id).collect();
        Ok((figures::rows(conn, &all, &ids, now)?, sites, wide))
    });
    read.await
}

pub(super) async fn index(who: Can<SeeCases>, office: Data<Office>) -> Result<Response> {
    let (rows, sites, wide) = read(&who, &office).await?;
    let swept = match who.rights.handle {
        true => who.cx.read(|conn, site| retention::latest(conn, site.id, 20)).await?,
        false => Vec::new(),
    };
    let cx = &who.cx;
    let swept = swept.into_iter().map(|it| SweptView {
        text: cx.say(&Message::new(format!("case_step.{}", it.step.as_str()))),
        number: it.number,
        files: it.files,
        at: base::time::minute(it.at),
    });
    let view = FiguresView {
        year: figures::year(cx.now),
        rows: rows.iter().map(|it| row(cx, &office, &sites, it)).collect(),
        wide,
        swept: swept.collect(),
        can_handle: who.rights.handle && cx.site.state != SiteState::Archived,
    };
    who.page("feedback/figures.html", &view)
}

fn name(sites: &[(SiteId, String)], id: SiteId) -> String {
    sites.iter().find(|(site, _)| *site == id).map(|(_, name)| name.clone()).unwrap_or_default()
}

fn row(cx: &Cx, office: &Office, sites: &[(SiteId, String)], it: &Row) -> RowView {
    let figures = &it.figures;
    RowView {
        site: name(sites, it.site),
        kind: office.type_label(cx, &it.type_key),
        received: figures.received,
        open: figures.open,
        answered: figures.answered,
        on_time: it.on_time,
        late: it.late,
        refused: figures.refused,
        median: figures.median_days.map(|it| it.to_string()).unwrap_or_default(),
        ratings: it.ratings,
        average: it.average.map(tenths).unwrap_or_default(),
    }
}

/// `43` is `4,3`.
fn tenths(it: i64) -> String {
    format!("{},{}", it / 10, it % 10)
}

/// The columns, as `case_column.…` words them, with their widths.
const COLUMNS: [(&str, u16); 11] = [
    ("site", 40),
    ("kind", 30),
    ("received", 10),
    ("open", 10),
    ("answered", 10),
    ("on_time", 10),
    ("late", 10),
    ("refused", 10),
    ("median", 12),
    ("ratings", 10),
    ("average", 12),
];

async fn table(who: &accounts::Staff, office: &Data<Office>) -> base::Result<Table> {
    let (rows, sites, _) = read(who, office).await?;
    let cx = &who.cx;
    let cells = |it: &Row| -> Vec<Cell> {
        let figures = &it.figures;
        let number = |it: Option<i64>| it.map_or(Cell::Empty, Cell::Number);
        vec![
            name(&sites, it.site).into(),
            office.type_label(cx, &it.type_key).into(),
            Cell::Number(figures.received),
            Cell::Number(figures.open),
            Cell::Number(figures.answered),
            Cell::Number(it.on_time),
            Cell::Number(it.late),
            Cell::Number(figures.refused),
            number(figures.median_days),
            Cell::Number(it.ratings),
            it.average.map(tenths).unwrap_or_default().into(),
        ]
    };
    let title = Message::new("case_column.title").with("year", figures::year(cx.now));
    Ok(Table {
        name: cx.say(&Message::new("case_page.list")),
        title: vec![cx.say(&title), cx.site.name.clone()],
        headings: COLUMNS
            .iter()
            .map(|(name, width)| {
                Heading::new(cx.say(&Message::new(format!("case_column.{name}"))), *width)
            })
            .collect(),
        rows: rows.iter().map(cells).collect(),
        made: cx.now,
    })
}

pub(super) async fn csv(who: Can<SeeCases>, office: Data<Office>) -> Result<Response> {
    let bytes = table(&who, &office).await?.csv()?;
    Ok(download(bytes, "text/csv; charset=utf-8", "hoi-dap.csv"))
}

pub(super) async fn xlsx(who: Can<SeeCases>, office: Data<Office>) -> Result<Response> {
    let bytes = table(&who, &office).await?.xlsx()?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(bytes, kind, "hoi-dap.xlsx"))
}

/// A table to be kept.
pub(super) fn download(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    Response::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}
