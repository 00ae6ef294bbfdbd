//! The register of requests for information, on the screen and as a table (TCTT-26).

use accounts::{Can, Handle, Staff};
use base::Message;
use serde::{Deserialize, Serialize};
use sheets::{Cell, Heading, Table};
use web::{Cx, Data, Fields, Pager, Posted, Query, Response, Result};

use super::{figures::download, path, terms::dong};
use crate::{
    figures,
    office::{self, Office},
    store::{
        Sight,
        register::{self, Line},
    },
};

const HERE: &str = "/quan-tri/hoi-dap/so-theo-doi";

const PER_PAGE: i64 = 50;

/// The most lines of a table: no office has more requests in a year.
const MOST: i64 = 50_000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    nam: String,
    trang: String,
}

#[derive(Serialize)]
struct RegisterView {
    year: i32,
    years: Vec<i32>,
    lines: Vec<LineView>,
    total: i64,
    pager: Option<Pager>,
}

/// A line in words, as the screen and the table have it.
#[derive(Serialize)]
struct LineView {
    number: String,
    url: String,
    received: String,
    channel: String,
    name: String,
    address: String,
    subject: String,
    supply: String,
    due: String,
    late: bool,
    ended: String,
    result: String,
    ground: String,
    cost: String,
}

fn year(asked: &str, cx: &Cx) -> i32 {
    let now = figures::year(cx.now);
    asked.parse().ok().filter(|it| (2000..=now).contains(it)).unwrap_or(now)
}

pub(super) async fn index(
    who: Can<Handle>,
    office: Data<Office>,
    query: Query<Asked>,
) -> Result<Response> {
    let year = year(&query.nam, &who.cx);
    let page = web::page_number(&query.trang);
    let (lines, total) = read(&who, &office, year, ((page - 1) * PER_PAGE, PER_PAGE)).await?;
    let now = figures::year(who.cx.now);
    let view = RegisterView {
        years: (now - 4..=now).rev().collect(),
        lines: lines.iter().map(|it| line(&who.cx, it)).collect::<base::Result<_>>()?,
        pager: Pager::new(page, total, PER_PAGE, |page| format!("{HERE}?nam={year}&trang={page}")),
        total,
        year,
    };
    who.page("feedback/register.html", &view)
}

async fn read(
    who: &Staff,
    office: &Data<Office>,
    year: i32,
    range: (i64, i64),
) -> base::Result<(Vec<Line>, i64)> {
    let (all, sight) = (office.clone(), Sight::of(who.rights));
    let read = who.cx.read(move |conn, site| {
        let whose = (site.id, sight);
        let lines = register::lines(conn, whose, (&all.types, year), range)?;
        Ok((lines, register::count(conn, whose, (&all.types, year))?))
    });
    read.await
}

fn line(cx: &Cx, it: &Line) -> base::Result<LineView> {
    let case = &it.case;
    let say = |key: String| cx.say(&Message::new(key));
    let details = case.details();
    let (due, late) = match &it.due {
        Some(clock) => office::due(cx, clock)?,
        None => (String::new(), false),
    };
    let option = |name: &str| {
        details.get(name).map(|it| say(format!("case_option.{name}.{it}"))).unwrap_or_default()
    };
    let result = match (case.refusal.is_empty(), it.given) {
        (false, _) => say("case_register.refused".to_owned()),
        (true, true) => say("case_register.given".to_owned()),
        (true, false) => office::state_label(cx, case),
    };
    Ok(LineView {
        number: case.number_text(),
        url: path(case.id),
        received: base::time::day(case.received_at),
        channel: say(format!("case_channel.{}", case.channel.as_str())),
        name: it.name.clone(),
        address: it.address.clone(),
        subject: case.subject.clone(),
        supply: option("supply"),
        ended: case.answered_at.or(case.closed_at).map(base::time::day).unwrap_or_default(),
        ground: match case.refusal.is_empty() {
            true => String::new(),
            false => say(format!("case_refusal.{}", case.refusal)),
        },
        cost: it.cost.map(dong).unwrap_or_default(),
        result,
        due,
        late,
    })
}

/// The columns, as `case_register.…` words them, with their widths.
const COLUMNS: [(&str, u16); 12] = [
    ("number", 14),
    ("received", 12),
    ("channel", 14),
    ("name", 26),
    ("address", 34),
    ("subject", 50),
    ("supply", 24),
    ("due", 26),
    ("ended", 14),
    ("result", 24),
    ("ground", 40),
    ("cost", 16),
];

/// The whole year as a table. It has names and addresses, so that it was taken is written down.
pub(super) async fn xlsx(
    who: Can<Handle>,
    office: Data<Office>,
    form: Posted<Fields>,
) -> Result<Response> {
    let year = year(form.0.get("nam").map_or("", String::as_str), &who.cx);
    let (all, sight, actor) = (office.clone(), Sight::of(who.rights), who.actor());
    let written = who.cx.write(move |conn, site| {
        let deed = db::events::Deed {
            action: "case_register",
            target: year.to_string(),
            ..db::events::Deed::default()
        };
        db::events::record(conn, actor, deed)?;
        register::lines(conn, (site.id, sight), (&all.types, year), (0, MOST))
    });
    let lines = written.await?;
    let cx = &who.cx;
    let cells = |it: &Line| -> base::Result<Vec<Cell>> {
        let it = line(cx, it)?;
        let all = [
            it.number,
            it.received,
            it.channel,
            it.name,
            it.address,
            it.subject,
            it.supply,
            it.due,
            it.ended,
            it.result,
            it.ground,
            it.cost,
        ];
        Ok(all.into_iter().map(Cell::from).collect())
    };
    let say = |key: &str| cx.say(&Message::new(format!("case_register.{key}")));
    let table = Table {
        name: say("title"),
        title: vec![format!("{} {year}", say("title")), cx.site.unit_name.clone()],
        headings: COLUMNS.iter().map(|(key, width)| Heading::new(say(key), *width)).collect(),
        rows: lines.iter().map(cells).collect::<base::Result<_>>()?,
        made: cx.now,
    };
    let bytes = web::off_thread(move || table.xlsx()).await??;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(bytes, kind, &format!("so-theo-doi-{year}.xlsx")))
}
