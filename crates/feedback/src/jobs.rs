//! What happens by itself: cases are closed and forgotten, and people are reminded.

use std::sync::Arc;

use base::{Message, Result};
use chrono::TimeDelta;
use clocks::{
    store::Clock,
    why::{Vietnamese, due_words},
};
use db::Conn;
use media::Storage;
use web::App;

use crate::{
    Office,
    letters::{self, Event, Sender},
    store::{self, Case, clock, retention, work},
};

/// How long before the end somebody is reminded.
const SOON: TimeDelta = TimeDelta::days(2);

/// How long after the end the province is told.
const PROVINCE: TimeDelta = TimeDelta::days(3);

/// One round, as a serving process makes it every few minutes. However many processes make it,
/// every case is closed once and every letter is written once.
pub async fn round(app: &Arc<App>, office: &Arc<Office>, storage: &Storage) -> Result<()> {
    let now = app.now();
    loop {
        let (office, storage) = (office.clone(), storage.clone());
        let rules = move |conn: &mut Conn| {
            retention::sweep(conn, (&office.types, &office.catalog), &storage, now)
        };
        if app.db.write(rules).await? == 0 {
            break;
        }
    }
    remind(app).await
}

/// Writes the letters about what is due soon and what is overdue.
pub async fn remind(app: &Arc<App>) -> Result<()> {
    let now = app.now();
    let sites = app.db.read(move |conn| clock::sites_with_due(conn, now + SOON)).await?;
    for (id, host) in sites {
        let site = app.site_at(&host).await?;
        let all = app.clone();
        let write = move |conn: &mut Conn| {
            let sender = Sender { themes: &all.themes, site: &site, now };
            for (case, due) in clock::due_cases(conn, id, now + SOON)? {
                tell(conn, sender, (&case, &due))?;
            }
            Ok(())
        };
        app.db.write(write).await?;
    }
    Ok(())
}

/// Before the end: who works on it. After it: the office and its head; then the province.
fn tell(conn: &mut Conn, sender: Sender<'_>, (case, due): (&Case, &Clock)) -> Result<()> {
    let words = sender.themes.words();
    let say = |it: &Message| words.say(it);
    let key = format!("{}:{}", due.id, due.due_day);
    let values = [
        ("number", case.number_text()),
        ("kind", say(&Message::new(format!("case_type.{}", case.type_key)))),
        ("unit", sender.site.unit_name.clone()),
        ("due", due_words(&due.limit()?, Some(due.due()), &Vietnamese(say))),
        ("url", format!("{}/quan-tri/hoi-dap/{}", sender.site.url, case.id)),
    ];
    let late = due.due_at <= sender.now;
    let people = match (late, case.assignee_id) {
        (false, Some(user)) => vec![user],
        // A restricted case is the head's alone, reminders included.
        _ if case.restricted => ids(work::approvers(conn, case.site_id)?),
        _ => ids(work::handlers(conn, case.site_id)?),
    };
    let template = if late { "case_late" } else { "case_due" };
    for address in store::addresses(conn, people)? {
        letters::write(conn, sender, &address, Event::must(template, key.clone()), &values)?;
    }
    if due.due_at + PROVINCE <= sender.now {
        let portal = sender.site.portal_id.unwrap_or(sender.site.id);
        let people = ids(work::supervisors(conn, portal)?);
        for address in store::addresses(conn, people)? {
            letters::write(conn, sender, &address, Event::must("case_late", key.clone()), &values)?;
        }
    }
    Ok(())
}

fn ids(people: Vec<(base::UserId, String)>) -> Vec<base::UserId> {
    people.into_iter().map(|(id, _)| id).collect()
}
