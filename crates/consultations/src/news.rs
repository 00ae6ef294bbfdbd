//! Letters to those who took part and agreed to be told: that the time is over, how opinions were
//! taken up, what was issued. A job finds what is owed; nobody touches anything, and each is told
//! once.

use std::{collections::BTreeMap, sync::Arc};

use base::{Error, Locale, Result, Site};
use chrono::NaiveDateTime;
use db::Conn;
use mail::{Kind, Letter};
use web::App;

use crate::{
    Office,
    model::News,
    store::{
        self, Draft, Pair,
        participants::{self, Owed},
        write::share_files,
    },
};

/// The topic of these letters, below `mail.topic`.
const TOPIC: &str = "consultation";

/// How many letters were written in a round.
pub async fn round(app: &web::Data<App>, office: &Office, now: NaiveDateTime) -> Result<usize> {
    let today = base::time::local(now).date();
    let months = office.rules.keep_months;
    let owed = app
        .db
        .write(move |conn| {
            store::opinions::forget_origins(conn, now)?;
            participants::forget_old(conn, today, months)?;
            for pair in participants::out_of_step(conn)? {
                share_files(conn, &pair)?;
            }
            participants::owed(conn, today)
        })
        .await?;
    let mut written = 0;
    for owed in owed {
        let faces = match faces(app, &owed.host).await {
            Ok(faces) => faces,
            // It has just been closed; what is owed is told when it is open again.
            Err(Error::NotFound) => continue,
            Err(err) => return Err(err),
        };
        let own = app.clone();
        let told = app.db.write(move |conn| tell(conn, (&own, &faces), &owed, now));
        written += told.await?;
    }
    Ok(written)
}

/// A site in Vietnamese and in English.
async fn faces(app: &App, host: &str) -> Result<[Arc<Site>; 2]> {
    Ok([app.site_in(host, Locale::Vi).await?, app.site_in(host, Locale::En).await?])
}

/// Writes the letters of one consultation, in one transaction with what was told.
fn tell(
    conn: &mut Conn,
    (app, faces): (&App, &[Arc<Site>; 2]),
    owed: &Owed,
    now: NaiveDateTime,
) -> Result<usize> {
    let pair = store::by_id(conn, owed.site, owed.id)?;
    let outcome = outcome(conn, &pair)?;
    let mut written = 0;
    for (to, locale) in participants::addresses(conn, owed.site, owed.id)? {
        let [vi, en] = faces;
        let site = if locale == Locale::En { en } else { vi };
        let letter = Letter {
            event_key: format!("consultation-{}:{}", owed.news.as_str(), owed.id),
            to,
            template: template(owed.news),
            values: values(app, site, &pair, &outcome),
            kind: Kind::Notice(TOPIC),
        };
        if mail::send(conn, (&app.themes, site), &letter, now)? == mail::Fate::Queued {
            written += 1;
        }
    }
    participants::told(conn, owed)?;
    Ok(written)
}

/// The templates of these letters.
fn template(news: News) -> &'static str {
    match news {
        News::Nothing | News::Ended => "consultation_ended",
        News::Explained => "consultation_explained",
        News::Issued => "consultation_issued",
        News::Stopped => "consultation_stopped",
    }
}

fn values(
    app: &App,
    site: &Site,
    (it, draft): &Pair,
    outcome: &str,
) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("draft", short(&draft.summary)),
        ("url", app.address(site, &Draft::path(draft))),
        ("closes", web::date_in(site.locale, it.closes)),
        ("reason", it.stopped_reason.clone()),
        ("outcome", outcome.to_owned()),
    ])
}

/// The longest name of a draft in a letter, in characters: it stands in the subject.
const MAX_NAME: usize = 160;

fn short(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME).and_then(|(at, _)| name.get(..at)) {
        Some(start) => format!("{start}…"),
        None => name.to_owned(),
    }
}

/// The number of what was issued.
fn outcome(conn: &mut Conn, (it, _): &Pair) -> Result<String> {
    match it.outcome_id {
        Some(id) => Ok(documents::store::by_id(conn, it.site_id, id)?.number),
        None => Ok(it.outcome_number.clone()),
    }
}
