//! What is data: the dossier and the limits of `config/consultations`, the days of the law.

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context, Result, ensure};
use clocks::{Catalog, model::Unit};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::model::Minimum;

/// A paper of the dossier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// What is stored.
    pub key: String,
    /// What the screens call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// Whether the law asks for it (DT-2).
    #[serde(default)]
    pub mandatory: bool,
    /// Whether it is the draft itself, for which the document's own text or files will do.
    #[serde(default)]
    pub draft: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Slots {
    slot: Vec<Slot>,
}

/// The limits of `rules.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Characters of one opinion at most.
    pub max_opinion: usize,
    /// Seconds a person needs at least for the form.
    pub least_seconds: i64,
    /// Opinions of one network in an hour.
    pub per_hour: i64,
    /// Days after the end by which the table should be published.
    pub explain_days: i64,
    /// Months after the end for which addresses are kept at most.
    pub keep_months: u32,
}

/// Everything the screens of opinions go by.
#[derive(Clone)]
pub struct Office {
    /// The dossier, in the order of the page.
    pub slots: Vec<Slot>,
    /// The limits.
    pub rules: Rules,
    regular: Minimum,
    shortened: Minimum,
    secret: [u8; 32],
}

impl Office {
    /// Reads `consultations` below `dir`; the least time comes from `catalog` (DL-10, DL-11).
    /// What is wrong in a file stops the start and names the file. `secret` is the
    /// installation's own: without it nobody can try out which network a digest is of.
    pub fn load(dir: &Path, catalog: &Arc<Catalog>, secret: [u8; 32]) -> Result<Self> {
        let dir = dir.join("consultations");
        let slots = read::<Slots>(&dir.join("slots.toml"))?.slot;
        ensure!(!slots.is_empty(), "slots.toml names no paper");
        for (number, slot) in slots.iter().enumerate() {
            let before = slots.iter().take(number);
            ensure!(base::text::is_slug(&slot.key), "slots.toml: {:?} is no key", slot.key);
            ensure!(before.clone().all(|it| it.key != slot.key), "slots.toml: two {}", slot.key);
            ensure!(!slot.label.trim().is_empty(), "slots.toml: {} has no label", slot.key);
        }
        let rules: Rules = read(&dir.join("rules.toml"))?;
        ensure!(rules.max_opinion > 0 && rules.per_hour > 0, "rules.toml: nothing is allowed");
        ensure!(rules.least_seconds >= 0 && rules.explain_days > 0, "rules.toml: negative days");
        Ok(Self {
            slots,
            rules,
            regular: minimum(catalog, "DL-10", "consult")?,
            shortened: minimum(catalog, "DL-11", "opinions")?,
            secret,
        })
    }

    /// The keyed digest of a network, hexadecimal.
    pub(crate) fn origin(&self, text: &str) -> String {
        // A key of any length will do for this digest.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else {
            return String::new();
        };
        mac.update(text.as_bytes());
        base::hex(&mac.finalize().into_bytes())
    }

    /// The least time a draft is open.
    pub fn minimum(&self, shortened: bool) -> &Minimum {
        if shortened { &self.shortened } else { &self.regular }
    }
}

fn minimum(catalog: &Catalog, code: &str, stage: &str) -> Result<Minimum> {
    let limit = catalog.limit(code, stage).with_context(|| format!("no limit {code} {stage}"))?;
    ensure!(limit.span.unit == Unit::Day, "{code} is not counted in days of the calendar");
    Ok(Minimum { days: limit.span.amount.into(), law: limit.source.clone() })
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("no {name}"))?;
    toml::from_str(&text).with_context(|| format!("{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_times_are_those_of_the_law() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
        let catalog = Arc::new(Catalog::load(&dir).unwrap());
        let office = Office::load(&dir, &catalog, [7; 32]).unwrap();
        let other = Office::load(&dir, &catalog, [8; 32]).unwrap();
        assert_eq!(office.origin("x|1.2.3.4"), office.origin("x|1.2.3.4"));
        assert_ne!(office.origin("x|1.2.3.4"), other.origin("x|1.2.3.4"));
        assert_eq!((office.minimum(false).days, office.minimum(true).days), (20, 3));
        assert!(office.minimum(false).law.contains("64/2025/QH15"));
        assert!(office.slots.iter().any(|slot| slot.mandatory && slot.draft));
    }
}
