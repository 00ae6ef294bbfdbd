//! Letters to those who look after pages that have become old: one for each page and change.

use std::collections::BTreeMap;

use base::{Error, Result, Site, SiteId};
use chrono::NaiveDateTime;
use content::entries::store::ContentId;
use db::Conn;
use english::state::State;
use mail::{Fate, Kind, Letter, Recipient};
use theme::Themes;
use web::App;

use crate::{
    Office,
    store::{
        coverage,
        owners::{self, Care},
        standing::{Mirror, Scope, mirrors},
    },
};

/// The topic of these letters, below `mail.topic`.
const TOPIC: &str = "mirror";

/// A letter that is owed.
struct Owed {
    host: String,
    page: (SiteId, ContentId),
    care: Care,
    change: i32,
    changes: usize,
    title: String,
    name: String,
    to: Recipient,
}

/// Writes what is owed; says how many letters were written.
pub async fn round(app: &web::Data<App>, office: &Office, now: NaiveDateTime) -> Result<usize> {
    let kinds = office.kinds.clone();
    let owed = app.db.read(move |conn| owed(conn, &kinds)).await?;
    let mut written = 0;
    for owed in owed {
        let site = match app.site_at(&owed.host).await {
            Ok(site) => site,
            // It has just been closed; what is owed is told when it is open again.
            Err(Error::NotFound) => continue,
            Err(err) => return Err(err),
        };
        let own = app.clone();
        let told = app.db.write(move |conn| tell(conn, (&own.themes, &site), &owed, now));
        written += usize::from(told.await?);
    }
    Ok(written)
}

/// Every stale page of an open site whose owner does not know yet.
fn owed(conn: &mut Conn, kinds: &content::Kinds) -> Result<Vec<Owed>> {
    let (portals, hosts) = owners::hosts(conn)?;
    let mut found = Vec::new();
    for portal in portals {
        let cares = owners::cares(conn, Scope::Province(portal))?;
        let mut stale = mirrors(conn, kinds, Scope::Province(portal))?;
        stale.retain(|it| it.report.state == State::Stale);
        let care = |it: &Mirror| cares.get(&(it.site, it.content)).copied().unwrap_or_default();
        let owed = stale.into_iter().map(|it| (care(&it), it));
        found.extend(owed.filter(|(care, it)| care.reminded < owners::change(&it.report)));
    }
    let people = found.iter().filter_map(|(care, it)| care.owner.or(it.author)).collect();
    let people = owners::addresses(conn, people)?;
    let titles = coverage::titles(conn, found.iter().map(|(_, it)| it.source).collect())?;
    let letter = |(care, it): (Care, Mirror)| {
        let (name, email) = people.get(&care.owner.or(it.author)?)?;
        Some(Owed {
            host: hosts.get(&it.site)?.clone(),
            page: (it.site, it.content),
            care,
            change: owners::change(&it.report),
            changes: it.report.changes,
            title: titles.get(&it.source).cloned().unwrap_or_default(),
            name: name.clone(),
            to: Recipient::parse(email)?,
        })
    };
    Ok(found.into_iter().filter_map(letter).collect())
}

/// Writes one letter, in one transaction with that it was written.
fn tell(
    conn: &mut Conn,
    (themes, site): (&Themes, &Site),
    owed: &Owed,
    now: NaiveDateTime,
) -> Result<bool> {
    let (_, content) = owed.page;
    let letter = Letter {
        event_key: format!("mirror-stale:{content}:{}", owed.change),
        to: owed.to.clone(),
        template: "mirror_stale",
        values: BTreeMap::from([
            ("name", owed.name.clone()),
            ("title", short(&owed.title)),
            ("changes", owed.changes.to_string()),
            ("url", format!("{}/quan-tri/tieng-anh/{content}", site.url)),
        ]),
        kind: Kind::Notice(TOPIC),
    };
    let fate = mail::send(conn, (themes, site), &letter, now)?;
    owners::told(conn, owed.page, owed.care, owed.change)?;
    Ok(fate == Fate::Queued)
}

/// The longest headline in a letter, in characters: it stands in the subject.
const MAX_TITLE: usize = 120;

fn short(title: &str) -> String {
    match title.char_indices().nth(MAX_TITLE).and_then(|(at, _)| title.get(..at)) {
        Some(start) => format!("{start}…"),
        None => title.to_owned(),
    }
}
