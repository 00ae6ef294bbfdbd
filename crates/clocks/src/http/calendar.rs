//! The calendar of the province: the days of a year that differ, what a change would move, and
//! what changes moved.

use accounts::{Can, Province, Staff};
use base::{Error, FieldErrors, Message, SiteId};
use chrono::{Datelike, NaiveDate};
use db::Conn;
use serde::{Deserialize, Serialize};
use web::{Data, Posted, Query, Response, Result};

use super::{
    CALENDAR, Choice, Oversee,
    changes::{ChangeView, NAMED, Preview, change_view, preview_of},
    form::ChangeForm,
    on_portal,
};
use crate::{
    Catalog, ChangeId,
    model::{Calendar, Day, DayKind, rules::CalendarChange},
    store::{
        calendar::{self as store, Made, change_calendar, preview},
        moves::{Moved, MovedLine, moved_by},
    },
    why::weekday,
};

/// How many changes the page lists.
const CHANGES: i64 = 20;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    nam: String,
}

#[derive(Serialize)]
struct CalendarView {
    year: i32,
    years: Vec<YearLink>,
    known: bool,
    groups: Vec<Group>,
    form: ChangeForm,
    errors: std::collections::BTreeMap<String, String>,
    kinds: Vec<Choice>,
    preview: Option<Preview>,
    changes: Vec<ChangeView>,
    can_change: bool,
}

#[derive(Serialize)]
struct YearLink {
    year: i32,
    url: String,
    current: bool,
}

/// The holidays of the year, or its worked weekends.
#[derive(Serialize)]
struct Group {
    label: String,
    days: Vec<DayView>,
}

#[derive(Serialize)]
struct DayView {
    day: String,
    weekday: String,
    name: String,
}

/// What the page reads.
struct Read {
    calendar: Calendar,
    made: Vec<Made>,
    moved: Vec<MovedLine>,
    /// What was typed would move, or is wrong with it.
    tried: Option<std::result::Result<Vec<Moved>, FieldErrors>>,
}

fn read(
    conn: &mut Conn,
    portal: SiteId,
    catalog: &Catalog,
    tried: Option<(CalendarChange, NaiveDate)>,
) -> base::Result<Read> {
    let made = store::changes(conn, portal, CHANGES)?;
    let ids: Vec<ChangeId> = made.iter().filter(|it| it.moved > 0).map(|it| it.id).collect();
    let tried =
        tried.map(|(change, today)| match preview(conn, portal, catalog, (&change, today)) {
            Err(Error::Invalid(errors)) => Ok(Err(errors)),
            done => done.map(Ok),
        });
    Ok(Read {
        calendar: store::calendar(conn, portal, catalog)?,
        moved: moved_by(conn, portal, &ids, NAMED)?,
        tried: tried.transpose()?,
        made,
    })
}

/// What was typed, as far as the page shows it again.
#[derive(Default)]
struct Typed {
    form: ChangeForm,
    errors: FieldErrors,
    /// What is tried out before it is saved.
    change: Option<CalendarChange>,
}

pub(super) async fn index(
    who: Can<Oversee>,
    catalog: Data<Catalog>,
    query: Query<Asked>,
) -> Result<Response> {
    draw(&who, catalog, query.nam.parse().ok(), Typed::default()).await
}

pub(super) async fn change(
    who: Can<Province>,
    catalog: Data<Catalog>,
    form: Posted<ChangeForm>,
) -> Result<Response> {
    on_portal(&who)?;
    let form = form.0;
    let change = match form.check() {
        Ok(change) => change,
        Err(err) => return again(&who, catalog, form, err).await,
    };
    if form.then != "save" {
        let year = change.day().year();
        let typed = Typed { form, change: Some(change), ..Typed::default() };
        return draw(&who, catalog, Some(year), typed).await;
    }
    let (actor, rules, made) = (who.actor(), catalog.clone(), change.clone());
    let done = who.cx.write(move |conn, _| change_calendar(conn, actor, &rules, &made)).await;
    match done {
        Ok(_) => {
            let page = format!("{CALENDAR}?nam={}", change.day().year());
            Ok(who.cx.see_other_with(&page, "done.calendar_saved"))
        }
        Err(err) => again(&who, catalog, form, err).await,
    }
}

async fn again(
    who: &Staff,
    catalog: Data<Catalog>,
    form: ChangeForm,
    err: Error,
) -> Result<Response> {
    let Error::Invalid(errors) = err else { return Err(err.into()) };
    let year = base::time::parse_date(form.day.trim()).map(|day| day.year());
    draw(who, catalog, year, Typed { form, errors, change: None }).await
}

async fn draw(
    who: &Staff,
    catalog: Data<Catalog>,
    year: Option<i32>,
    typed: Typed,
) -> Result<Response> {
    let portal = on_portal(who)?;
    let today = base::time::local(who.cx.now).date();
    let year = year.filter(|year| (year - today.year()).abs() <= 10).unwrap_or(today.year());
    let Typed { form, mut errors, change } = typed;
    let tried = change.clone().map(|change| (change, today));
    let read = who.cx.read(move |conn, _| read(conn, portal, &catalog, tried)).await?;
    let cx = &who.cx;
    let preview = match (change, read.tried) {
        (Some(change), Some(Ok(moved))) => Some(preview_of(who, &change, &read.calendar, &moved)),
        (_, Some(Err(wrong))) => {
            errors = wrong;
            None
        }
        _ => None,
    };
    let view = CalendarView {
        year,
        years: years(&read.calendar, today.year(), year),
        known: read.calendar.knows(year),
        groups: groups(who, &read.calendar.days_of(year)),
        kinds: DayKind::ALL
            .iter()
            .map(|kind| Choice {
                value: kind.as_str().into(),
                label: kind_label(who, *kind),
                current: kind.as_str() == form.kind,
            })
            .collect(),
        form,
        errors: cx.say_all(&errors),
        preview,
        changes: read.made.iter().map(|made| change_view(who, made, &read.moved)).collect(),
        can_change: who.rights.province,
    };
    let page = "clocks/calendar.html";
    if errors.is_empty() { who.page(page, &view) } else { who.again(page, &view) }
}

/// The years that are set, this one and the next, and the one that is shown.
fn years(calendar: &Calendar, this: i32, shown: i32) -> Vec<YearLink> {
    let mut years: Vec<i32> = calendar.years().chain([this, this + 1, shown]).collect();
    years.sort_unstable();
    years.dedup();
    let link =
        |year| YearLink { year, url: format!("{CALENDAR}?nam={year}"), current: year == shown };
    years.into_iter().map(link).collect()
}

fn kind_label(who: &Staff, kind: DayKind) -> String {
    who.cx.say(&Message::new(format!("day_kind.{}", kind.as_str())))
}

fn groups(who: &Staff, days: &[Day]) -> Vec<Group> {
    let view = |day: &Day| DayView {
        day: base::time::date(day.day),
        weekday: weekday(day.day, |it| who.cx.say(it)),
        name: day.name.clone(),
    };
    let group = |kind: &DayKind| Group {
        label: kind_label(who, *kind),
        days: days.iter().filter(|day| day.kind == *kind).map(view).collect(),
    };
    DayKind::ALL.iter().map(group).filter(|group| !group.days.is_empty()).collect()
}
