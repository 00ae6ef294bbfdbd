//! What the server holds for as long as it runs.

use std::{net::IpAddr, sync::Arc, time::Duration};

use anyhow::Context;
use base::{Locale, Result, Site, SiteId};
use chrono::NaiveDateTime;
use db::Db;
use english::{
    minimum::Minimum,
    paths::Paths,
    terms::{Own, Terms},
};
use theme::Themes;

use crate::{Metrics, sites::Sites, tongue::Tenant};

/// Where the time comes from: the system in the server, the test's hand in tests.
pub type Clock = Arc<dyn Fn() -> NaiveDateTime + Send + Sync>;

/// How the portal is reached from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https`, or `http` on a machine of one's own.
    pub scheme: String,
    /// The port in public addresses, when it is not the scheme's own.
    pub port: Option<u16>,
    /// The host whose site answers under `localhost` and bare loopback addresses.
    pub default_host: Option<String>,
    /// Whether cookies travel over https only.
    pub secure_cookies: bool,
    /// The proxies in front, which alone may say where a request comes from.
    pub proxies: Vec<IpAddr>,
}

impl Settings {
    /// The address of `host`, without a slash at the end.
    pub fn url(&self, host: &str) -> String {
        match self.port {
            Some(port) => format!("{}://{host}:{port}", self.scheme),
            None => format!("{}://{host}", self.scheme),
        }
    }
}

/// What the English pages of all sites share.
#[derive(Debug)]
pub struct English {
    /// The official English of names, titles and documents.
    pub terms: Arc<Terms>,
    /// The file they were read from: what a province writes is put among its lines.
    pub source: String,
    /// The fixed addresses in both languages.
    pub paths: Paths,
    /// What every site owes its foreign readers (ND42-7.2a, ND42-7.2b).
    pub minimum: Arc<Minimum>,
}

impl English {
    /// The terms with those of a province.
    pub(crate) fn with_own(&self, own: &[Own]) -> Result<Terms> {
        let mut terms = Terms::with_own(&self.source, own).context("the terms of a province")?;
        terms.learn_from(&self.terms);
        Ok(terms)
    }
}

/// The parts of a running portal.
pub struct App {
    /// The database.
    pub db: Db,
    /// How the portal is reached.
    pub settings: Settings,
    /// Templates, words and static files.
    pub themes: Themes,
    /// What the English pages share.
    pub english: English,
    /// What is counted and timed.
    pub metrics: Metrics,
    pub(crate) sites: Sites,
    pub(crate) clock: Clock,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        db: Db,
        (themes, english): (Themes, English),
        settings: Settings,
        clock: Clock,
    ) -> Self {
        let (metrics, sites) = (Metrics::new(), Sites::default());
        Self { db, settings, themes, english, metrics, sites, clock }
    }

    /// The time, in UTC, as the database keeps it.
    pub fn now(&self) -> NaiveDateTime {
        (self.clock)()
    }

    /// The site at `host`, as Vietnamese requests see it: for work that no request asks for.
    pub async fn site_at(&self, host: &str) -> Result<Arc<Site>> {
        self.site_in(host, Locale::Vi).await
    }

    /// The site at `host` in a language, for what no visitor asks: letters.
    pub async fn site_in(&self, host: &str, locale: Locale) -> Result<Arc<Site>> {
        Ok(self.tenant(host).await?.face(locale))
    }

    pub(crate) async fn tenant(&self, host: &str) -> Result<Arc<Tenant>> {
        self.sites.find(self, host).await
    }

    /// Forgets what is held in memory of a site that has changed.
    pub fn forget(&self, site: SiteId) {
        self.sites.forget(site);
    }

    /// Forgets sites that other processes changed: asks the database every second, for ever.
    pub async fn watch(&self) {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if let Err(err) = self.catch_up().await {
                tracing::warn!("cannot read epochs: {err}");
            }
        }
    }

    /// Forgets the sites that another process has changed since the last time this was asked.
    pub async fn catch_up(&self) -> Result<()> {
        let epochs = self.db.read(db::epochs::all).await?;
        self.sites.catch_up(epochs);
        Ok(())
    }
}
