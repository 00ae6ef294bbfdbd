//! What a limit comes to: any member of staff may ask when it ends from a given day on, and why.

use accounts::{Can, See};
use base::{FieldErrors, Message};
use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use web::{Data, Query, Response, Result};

use super::Choice;
use crate::{
    Catalog,
    model::{Happening, Limit, What, explain},
    store,
    why::{Why, span},
};

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `DL-08.transfer`.
    han: String,
    /// `20/11/2026`.
    ngay: String,
    /// `08:30`; empty for the beginning of the day.
    gio: String,
}

#[derive(Serialize)]
struct ReckonView {
    form: Asked,
    errors: std::collections::BTreeMap<String, String>,
    limits: Vec<Choice>,
    why: Option<Why>,
}

fn value(limit: &Limit) -> String {
    format!("{}.{}", limit.code, limit.stage)
}

fn check(
    asked: &Asked,
    catalog: &Catalog,
    errors: &mut FieldErrors,
) -> Option<(Limit, NaiveDateTime)> {
    let limit = catalog.limits().iter().find(|it| value(it) == asked.han);
    if limit.is_none() {
        errors.insert("han".into(), "clock.limit_missing".into());
    }
    let day = base::time::parse_date(asked.ngay.trim());
    if day.is_none() {
        errors.insert("ngay".into(), "calendar.day_malformed".into());
    }
    let time = match asked.gio.trim() {
        "" => Some(NaiveTime::MIN),
        time => NaiveTime::parse_from_str(time, "%H:%M").ok(),
    };
    if time.is_none() {
        errors.insert("gio".into(), "clock.time_malformed".into());
    }
    Some((limit?.clone(), base::time::utc(day?.and_time(time?))))
}

pub(super) async fn index(
    who: Can<See>,
    catalog: Data<Catalog>,
    query: Query<Asked>,
) -> Result<Response> {
    let mut asked = query.into_inner();
    let mut errors = FieldErrors::new();
    let fresh = asked.han.is_empty() && asked.ngay.is_empty();
    let found = if fresh { None } else { check(&asked, &catalog, &mut errors) };
    if fresh {
        asked.ngay = base::time::day(who.cx.now);
    }
    let say = |it: &Message| who.cx.say(it);
    let rules = catalog.clone();
    let why = match found {
        None => None,
        Some((limit, at)) => {
            let calendar =
                who.cx.read(move |conn, site| store::calendar(conn, site.id, &rules)).await?;
            let explained = explain(&limit, &calendar, &[Happening { at, what: What::Started }]);
            Some(Why::new(&limit, &explained, &who.cx))
        }
    };
    let limits = catalog.limits().iter().map(|it| Choice {
        value: value(it),
        label: format!("{} · {} ({})", it.code, say(&Message::new(it.label_key())), span(it, say)),
        current: value(it) == asked.han,
    });
    let view =
        ReckonView { limits: limits.collect(), form: asked, errors: who.cx.say_all(&errors), why };
    let page = "clocks/reckon.html";
    if errors.is_empty() { who.page(page, &view) } else { who.again(page, &view) }
}
