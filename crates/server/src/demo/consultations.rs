//! Opinions on drafts in the demonstration: `config/demo/consultations.toml`.

use std::{fs, sync::Arc};

use ::consultations::{
    Office,
    model::{Channel, Checked, Days, Verdict},
    store::{
        self, Pair,
        opinions::{self, Moderation, New},
        table::{self, Written},
        write::{self, Terms},
    },
};
use ::documents::{
    model::Article,
    store::{self as registry, Home},
};
use anyhow::{Context, Result};
use base::SiteId;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use db::{Conn, events::Actor};
use media::{FileId, incoming, model::About};
use serde::Deserialize;

use super::Seeder;
use crate::{Config, portal};

/// The slot of the paper that comes with each.
const SLOT: &str = "to-trinh";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    consultation: Vec<Planned>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Planned {
    site: String,
    draft: String,
    /// Days from today, where there is no `opens` and no `closes`.
    #[serde(default)]
    opens_in: i64,
    #[serde(default)]
    closes_in: i64,
    opens: Option<NaiveDate>,
    closes: Option<NaiveDate>,
    explained: Option<NaiveDate>,
    issued: Option<NaiveDate>,
    #[serde(default)]
    outcome: String,
    paper: String,
    paper_title: String,
    purpose: String,
    post_to: String,
    contact: String,
    opinion: Vec<PlannedOpinion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedOpinion {
    #[serde(default)]
    article: String,
    #[serde(default = "web")]
    channel: Channel,
    body: String,
    name: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    show_name: bool,
    #[serde(default)]
    shown: bool,
    verdict: Option<Verdict>,
    #[serde(default)]
    explanation: String,
}

fn web() -> Channel {
    Channel::Web
}

/// Ten in the morning of a day in Viet Nam, UTC.
fn morning(day: NaiveDate) -> NaiveDateTime {
    base::time::utc(day.and_hms_opt(10, 0, 0).unwrap_or_default())
}

impl Seeder<'_> {
    /// Announces each, lets people speak, answers those that are over.
    pub(super) fn consultations(&self, conn: &mut Conn, config: &Config) -> Result<()> {
        let path = self.plan.dir.join("consultations.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        let office = portal::opinions(config, &Arc::new(portal::clocks(config)?))?;
        let today = base::time::local((portal::system_clock())()).date();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let _entered = runtime.enter();
        for planned in &file.consultation {
            let site = *self.sites.get(&planned.site).context("an unknown site")?;
            let days = Days {
                opens: planned.opens.unwrap_or(today + TimeDelta::days(planned.opens_in)),
                closes: planned.closes.unwrap_or(today + TimeDelta::days(planned.closes_in)),
                shortened: false,
            };
            let paper = self.paper(conn, config, (site, planned), days)?;
            conn.atomically(|conn| {
                Ok(self.consultation(conn, &office, (site, planned), (days, paper))?)
            })
            .with_context(|| planned.draft.clone())?;
        }
        Ok(())
    }

    fn paper(
        &self,
        conn: &mut Conn,
        config: &Config,
        (site, planned): (SiteId, &Planned),
        days: Days,
    ) -> Result<FileId> {
        let storage = portal::storage(config)?;
        let path = self.plan.dir.join("papers").join(&planned.paper);
        let taken = incoming::take(&storage, &config.media.limits()?, &path)?;
        let file = taken.ok().with_context(|| format!("{} is not taken", path.display()))?;
        incoming::keep_now(&storage, &[&file])?;
        let actor = Actor { site, user: None, now: morning(days.opens - TimeDelta::days(1)) };
        let about = About {
            title: planned.paper_title.clone(),
            source: "Ủy ban nhân dân tỉnh Lạc Việt".into(),
            licence: String::new(),
        };
        let id = conn.atomically(|conn| media::files::create(conn, actor, &storage, &file, &about));
        Ok(id?)
    }

    fn consultation(
        &self,
        conn: &mut Conn,
        office: &Office,
        (site, planned): (SiteId, &Planned),
        (days, paper): (Days, FileId),
    ) -> Result<()> {
        let portal = *self.sites.get("portal").context("no portal")?;
        let home = Home { site, portal, self_approval: false };
        let at = |day: NaiveDate| Actor { site, user: None, now: morning(day) };
        let before = at(days.opens - TimeDelta::days(1));
        let drafts = store::drafts(conn, site, 100)?;
        let draft = drafts.into_iter().find(|it| it.summary == planned.draft);
        let draft = draft.context("no such draft")?;
        let id = write::create(conn, before, draft.id, days)?;
        let terms = Terms {
            days,
            purpose: planned.purpose.trim().into(),
            post_to: planned.post_to.trim().into(),
            contact: planned.contact.clone(),
            files: vec![(SLOT.to_owned(), paper)],
        };
        write::save(conn, before, (home, office), (id, 1), &terms)?;
        write::announce(conn, before, (home, office), (id, 2))?;
        let pair = store::by_id(conn, site, id)?;
        let articles = registry::articles(conn, site, draft.id)?;
        for (number, opinion) in (1_u32..).zip(&planned.opinion) {
            let day = days.opens + TimeDelta::days(number.into());
            self.opinion(conn, (at(day), home), (&pair, &articles), opinion, number)?;
        }
        if let Some(day) = planned.explained {
            write::explain(conn, at(day), home, (id, 3))?;
        }
        if let Some(day) = planned.issued {
            let outcome = write::find_outcome(conn, site, &planned.outcome)?;
            write::issue(conn, at(day), home, (id, 4), &outcome)?;
        }
        Ok(())
    }

    fn opinion(
        &self,
        conn: &mut Conn,
        (actor, home): (Actor, Home),
        ((it, _), articles): (&Pair, &[Article]),
        planned: &PlannedOpinion,
        number: u32,
    ) -> Result<()> {
        let article = articles.iter().find(|it| it.anchor().as_deref() == Some(&planned.article));
        let label = article.map(|it| format!("{}. {}", it.no, it.heading)).unwrap_or_default();
        let new = New {
            sent: Checked {
                article: planned.article.clone(),
                passage: String::new(),
                body: planned.body.clone(),
                name: planned.name.clone(),
                organisation: planned.organisation.clone(),
                show_name: planned.show_name,
                email: None,
                nonce: format!("demo-{number}"),
            },
            locale: base::Locale::Vi,
            label,
            channel: planned.channel,
            origin: String::new(),
            consent: (String::new(), String::new()),
        };
        let opinion = opinions::receive(conn, actor, it.id, &new)?.context("said twice")?;
        if !planned.shown {
            return Ok(());
        }
        let personal =
            privacy::find(&planned.body, &privacy::Options { allow: Vec::new(), year: 2026 });
        let shown = Moderation::Show(privacy::mask(&planned.body, &personal));
        opinions::moderate(conn, actor, home, (it.id, opinion), &shown)?;
        if let Some(verdict) = planned.verdict {
            let explanation = planned.explanation.clone();
            let written = Written { title: String::new(), verdict, explanation };
            table::answer(conn, actor, it.id, (None, &written), &[opinion])?;
        }
        Ok(())
    }
}
