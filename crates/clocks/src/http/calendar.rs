//! The calendar of the province: the days of a year that differ, what a change would move, and
//! what changes moved.

use accounts::{Can, Province, Staff};
use base::{Error, FieldErrors, Message, SiteId};
use chrono::{Datelike, NaiveDate};
use db::Conn;
use serde::{Deserialize, Serialize};
use web::{Data, Posted, Query, Response, Result};

use super::{CALENDAR, Choice, Oversee, form::ChangeForm, on_portal};
use crate::{
    Catalog, ChangeId,
    model::{Calendar, Day, DayKind, rules::CalendarChange},
    store::calendar::{
        self as store, CalendarAction, Made, Moved, MovedLine, change_calendar, preview,
    },
    why::weekday,
};

/// How many changes the page lists.
const CHANGES: i64 = 20;

/// How many moved clocks the page names, before and after a change.
const NAMED: i64 = 200;

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

/// What a change would move.
#[derive(Serialize)]
struct Preview {
    /// What is about to be done.
    title: String,
    /// How many clocks it moves.
    count: String,
    lines: Vec<MoveView>,
    more: bool,
}

#[derive(Serialize)]
struct MoveView {
    site: String,
    label: String,
    from: String,
    to: String,
}

#[derive(Serialize)]
struct ChangeView {
    at: String,
    who: String,
    what: String,
    count: String,
    lines: Vec<MoveView>,
    more: bool,
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
        moved: store::moved_by(conn, portal, &ids, NAMED)?,
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

/// The name of a limit; its code, where the catalogue no longer has words for it.
fn label(who: &Staff, code: &str, stage: &str) -> String {
    let key = format!("clock.{}.{stage}", code.to_lowercase().replace('-', "_"));
    format!("{code} · {}", who.cx.say(&Message::new(key)))
}

fn count(who: &Staff, moved: usize) -> String {
    match moved {
        0 => who.cx.say(&Message::new("calendar.moves_none")),
        _ => who.cx.say(&Message::new("calendar.moves").with("count", moved)),
    }
}

/// A change in a sentence.
fn sentence(
    who: &Staff,
    action: CalendarAction,
    day: NaiveDate,
    (kind, name): (&str, &str),
) -> String {
    let key = match action {
        CalendarAction::Planted => "calendar_change.planted".to_owned(),
        action => format!("calendar_change.{}_{kind}", action.as_str()),
    };
    let message = Message::new(key).with("day", base::time::date(day)).with("year", day.year());
    let message = message.with("weekday", weekday(day, |it| who.cx.say(it)));
    who.cx.say(&message.with("name", name))
}

fn preview_of(
    who: &Staff,
    change: &CalendarChange,
    calendar: &Calendar,
    moved: &[Moved],
) -> Preview {
    let (action, about) = match change {
        CalendarChange::Set(day) => (CalendarAction::Set, Some((day.kind, day.name.as_str()))),
        CalendarChange::Clear(day) => (CalendarAction::Cleared, calendar.note(*day)),
    };
    let about = about.map_or(("", ""), |(kind, name)| (kind.as_str(), name));
    let named = usize::try_from(NAMED).unwrap_or(usize::MAX);
    Preview {
        title: sentence(who, action, change.day(), about),
        count: count(who, moved.len()),
        lines: moved
            .iter()
            .take(named)
            .map(|it| MoveView {
                site: it.site.clone(),
                label: label(who, &it.clock.code, &it.clock.stage),
                from: base::time::date(it.clock.due_day),
                to: base::time::date(it.to.day),
            })
            .collect(),
        more: moved.len() > named,
    }
}

fn change_view(who: &Staff, made: &Made, moved: &[MovedLine]) -> ChangeView {
    let day = |day: Option<NaiveDate>| day.map(base::time::date).unwrap_or_default();
    let lines: Vec<MoveView> = moved
        .iter()
        .filter(|it| it.change == Some(made.id))
        .map(|it| MoveView {
            site: it.site.clone(),
            label: label(who, &it.code, &it.stage),
            from: day(it.old_due),
            to: day(it.new_due),
        })
        .collect();
    let moved = usize::try_from(made.moved).unwrap_or(0);
    ChangeView {
        at: base::time::minute(made.at),
        who: made.who.clone().unwrap_or_else(|| who.cx.say(&Message::new("event_by_system"))),
        what: sentence(who, made.action, made.day, (&made.kind, &made.name)),
        count: count(who, moved),
        more: lines.len() < moved,
        lines,
    }
}
