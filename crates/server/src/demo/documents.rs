//! The official documents of the demonstration: `config/demo/documents.toml`.

use std::{fs, path::Path};

use ::documents::{
    DocumentId,
    model::{Details, Level, Numbered, Sheet, State, Verb, What, text},
    store::{
        Home,
        effects::NewEvent,
        issuers::{self, NewIssuer, Owner},
        relations::NewLink,
        write::{self, Outcome, Step},
    },
};
use anyhow::{Context, Result, bail};
use base::Number;
use chrono::NaiveDate;
use db::{Conn, events::Actor};
use serde::Deserialize;

use super::Seeder;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    issuer: Vec<PlannedIssuer>,
    document: Vec<Planned>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedIssuer {
    name: String,
    level: Level,
    abbreviation: String,
    valid_to: Option<NaiveDate>,
    #[serde(default)]
    successors: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Planned {
    site: String,
    r#type: String,
    number: String,
    issuer: String,
    issued: Option<NaiveDate>,
    effective: Option<NaiveDate>,
    expiry: Option<NaiveDate>,
    summary: String,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    signer: String,
    #[serde(default)]
    signer_title: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    gazette: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    scope: Vec<String>,
    #[serde(default = "published")]
    state: State,
    text: String,
    #[serde(default)]
    links: Vec<PlannedLink>,
    #[serde(default)]
    events: Vec<PlannedEvent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedLink {
    verb: Verb,
    number: String,
    part: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedEvent {
    day: NaiveDate,
    what: What,
    part: String,
    cause: String,
}

fn published() -> State {
    State::Published
}

impl Seeder<'_> {
    /// Enters and publishes the documents, each as of the day of its issue or of the founding.
    pub(super) fn documents(&self, conn: &mut Conn, dir: &Path) -> Result<()> {
        let path = dir.join("documents.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        let portal = *self.sites.get("portal").context("no portal")?;
        let owner = Owner { portal, site: None };
        issuers::plant(conn, portal, &self.words.bodies)?;
        for issuer in &file.issuer {
            let successors = issuer.successors.iter().map(|name| {
                issuers::by_name(conn, owner, name)?.with_context(|| format!("no issuer {name}"))
            });
            let new = NewIssuer {
                successors: successors.collect::<Result<_>>()?,
                abbreviation: issuer.abbreviation.clone(),
                valid_to: issuer.valid_to,
                ..NewIssuer::named(issuer.level, issuer.name.clone())
            };
            issuers::create(conn, owner, &new)?;
        }
        for planned in &file.document {
            self.document(conn, owner, planned)
                .with_context(|| format!("document {} {}", planned.number, planned.summary))?;
        }
        Ok(())
    }

    fn document(&self, conn: &mut Conn, owner: Owner, planned: &Planned) -> Result<()> {
        let site = *self.sites.get(&planned.site).context("an unknown site")?;
        let home = Home { site, portal: owner.portal, self_approval: false };
        let opened = super::founding();
        let issued = planned.issued.and_then(|day| day.and_hms_opt(3, 0, 0));
        let actor = Actor { site, user: None, now: issued.unwrap_or(opened).max(opened) };
        let sheet = self.sheet(conn, owner, planned)?;
        let id = write::create(conn, actor, &sheet)?;
        self.relate(conn, (actor, home), id, planned)?;
        if planned.state == State::Published {
            let lock = documents::store::by_id(conn, site, id)?.lock;
            let step = Step { to: State::Published, lock, remark: String::new() };
            if write::step(conn, actor, home, id, &step)? != Outcome::Done(id) {
                bail!("{} was not published", planned.number);
            }
        }
        Ok(())
    }

    fn sheet(&self, conn: &mut Conn, owner: Owner, planned: &Planned) -> Result<Sheet> {
        let kind = self.words.kind(&planned.r#type).context("an unknown type")?;
        let issuer = issuers::by_name(conn, owner, &planned.issuer)?;
        Ok(Sheet {
            register: kind.register,
            type_key: kind.key.clone(),
            number: Numbered::read(&planned.number).context("no number of a document")?,
            issuer: issuer.with_context(|| format!("no issuer {}", planned.issuer))?,
            issued: planned.issued,
            effective: planned.effective.or(planned.issued),
            expiry: planned.expiry,
            summary: planned.summary.clone(),
            urgency: planned.urgency.clone(),
            internal: false,
            short_procedure: false,
            details: Details {
                place: "Lạc Việt".into(),
                signer: planned.signer.clone(),
                signer_title: planned.signer_title.clone(),
                mode: planned.mode.clone(),
                gazette: planned.gazette.clone(),
                scope: planned.scope.clone(),
                ..Details::default()
            },
            duplicate_reason: String::new(),
            fields: planned.fields.clone(),
            files: Vec::new(),
            articles: text::articles(&planned.text),
        })
    }

    fn relate(
        &self,
        conn: &mut Conn,
        (actor, home): (Actor, Home),
        id: DocumentId,
        planned: &Planned,
    ) -> Result<()> {
        for link in &planned.links {
            let new = NewLink {
                verb: link.verb,
                number: Number::parse(&link.number).context("no number of a document")?,
                own_part: String::new(),
                other_part: link.part.clone(),
                found: false,
            };
            write::link(conn, actor, home, id, &new)?;
        }
        for event in &planned.events {
            let new = NewEvent {
                day: event.day,
                what: event.what,
                part: event.part.clone(),
                cause: event.cause.clone(),
            };
            write::add_event(conn, actor, home, id, &new)?;
        }
        Ok(())
    }
}
