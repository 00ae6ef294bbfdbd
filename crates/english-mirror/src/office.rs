//! What the server holds of the mirror for as long as it runs.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context;
use base::{Result, SiteId};
use content::Kinds;
use db::Conn;
use english::terms::Terms;

use crate::{
    machine::Provider,
    minimum::Minimum,
    store::terms::{self, Stamp},
};

/// The term base, the minimum, and who writes drafts.
pub struct Office {
    /// The content types.
    pub kinds: Arc<Kinds>,
    /// What every site owes its foreign readers.
    pub minimum: Minimum,
    /// What writes drafts; `None` when the operator does not want any.
    pub machine: Option<Box<dyn Provider>>,
    /// The text of `config/english/terms.toml`.
    base: String,
    /// The terms of each province, over those of the file.
    merged: RwLock<HashMap<SiteId, (Stamp, Arc<Terms>)>>,
}

impl Office {
    /// Reads `config/english`. What is wrong in a file stops the start and names the line.
    pub fn load(
        config: &Path,
        kinds: Arc<Kinds>,
        machine: Option<Box<dyn Provider>>,
    ) -> anyhow::Result<Self> {
        let folder = config.join("english");
        let path = folder.join("terms.toml");
        let base = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        Terms::parse(&base).with_context(|| format!("{}", path.display()))?;
        let minimum = Minimum::load(&folder.join("minimum.toml"))?;
        Ok(Self { kinds, minimum, machine, base, merged: RwLock::default() })
    }

    /// The text of the data file.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The terms of the province whose portal is `portal`. They are put together again only when
    /// somebody has changed one.
    pub fn terms(&self, conn: &mut Conn, portal: SiteId) -> Result<Arc<Terms>> {
        let stamp = terms::stamp(conn, portal)?;
        {
            let merged = self.merged.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, found)) = merged.get(&portal).filter(|(known, _)| *known == stamp) {
                return Ok(found.clone());
            }
        }
        let own = terms::own(conn, portal)?;
        let terms = Terms::with_own(&self.base, &own).context("the terms of the province")?;
        let terms = Arc::new(terms);
        let mut merged = self.merged.write().unwrap_or_else(PoisonError::into_inner);
        merged.insert(portal, (stamp, terms.clone()));
        Ok(terms)
    }
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office").field("minimum", &self.minimum).finish_non_exhaustive()
    }
}
