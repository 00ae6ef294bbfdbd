//! `config/demo/lacviet.toml`: the sites and accounts of the demonstration.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accounts::model::Role;
use anyhow::{Context, Result};
use base::{Identity, SiteState, SiteType};
use chrono::NaiveDate;
use serde::Deserialize;

/// The sites and accounts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Parents first.
    #[serde(rename = "site")]
    pub sites: Vec<PlannedSite>,
    /// The people.
    #[serde(rename = "account")]
    pub accounts: Vec<PlannedAccount>,
    /// Where the plan was read.
    #[serde(skip)]
    pub dir: PathBuf,
}

/// A site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedSite {
    /// The folder of its entries.
    pub key: String,
    /// What kind of body.
    #[serde(rename = "type")]
    pub kind: SiteType,
    /// The official name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Its host label; empty for the portal.
    pub label: String,
    /// An invented official code.
    pub unit_code: String,
    /// Where it stands.
    pub state: SiteState,
    /// Its colours.
    pub palette: String,
    /// Where a linked site lives.
    #[serde(default)]
    pub external_url: String,
    /// When it is to be converted.
    #[serde(default)]
    pub conversion_due: String,
    /// The facts of its footer.
    #[serde(default)]
    pub identity: Identity,
}

impl PlannedSite {
    /// When a linked site is to be converted.
    pub(crate) fn due(&self) -> Option<NaiveDate> {
        base::time::parse_date(&self.conversion_due)
    }
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedAccount {
    /// What entries call them.
    pub key: String,
    /// What they sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do, and where.
    pub roles: Vec<PlannedRole>,
}

/// A role on a site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedRole {
    /// The site's key.
    pub site: String,
    /// The role.
    pub role: Role,
}

impl Plan {
    /// Reads the plan of `dir`.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join("lacviet.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
        let plan: Self = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        Ok(Self { dir: dir.to_owned(), ..plan })
    }
}
