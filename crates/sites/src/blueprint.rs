//! Blueprints: what a new site of a type starts with, as data in `config/blueprints/*.toml`.

use std::{collections::HashSet, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use base::SiteType;
use content::{
    Kinds,
    sections::{NewSection, SectionKind},
};
use serde::Deserialize;

/// The starting point of a site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blueprint {
    /// What sites store.
    pub id: String,
    /// The types of body it is for.
    pub types: Vec<SiteType>,
    /// What the screens call it.
    pub label: String,
    /// The blocks of the home page, in order.
    pub home: Vec<String>,
    /// The tree, parents before children.
    #[serde(rename = "section")]
    pub sections: Vec<Planned>,
}

/// A section of a blueprint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its stable key.
    pub path: String,
    /// What readers call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// What it is.
    pub kind: SectionKind,
    /// Which generated page it is.
    #[serde(default)]
    pub module: String,
    /// The kinds that may be written there.
    pub entries: Vec<String>,
    /// Whether the law demands it.
    pub mandatory: bool,
    /// The rules that do, ids of the legal catalogue.
    pub rules: Vec<String>,
    /// Whether the main menu shows it.
    pub menu: bool,
    /// What belongs there.
    pub hint: String,
    /// Whether a draft page is made for it.
    #[serde(default)]
    pub starter: bool,
    /// Where a link leads.
    #[serde(default)]
    pub url: String,
}

impl Blueprint {
    /// Its sections, ready to be planted.
    pub fn plan(&self) -> Vec<NewSection> {
        let step = |(index, it): (usize, &Planned)| NewSection {
            path: it.path.clone(),
            label: it.label.clone(),
            label_en: it.label_en.clone(),
            kind: it.kind,
            module: it.module.clone(),
            entries: it.entries.clone(),
            mandatory: it.mandatory,
            own: false,
            rules: it.rules.clone(),
            // Tens, so that a site's own section fits between two.
            position: i32::try_from(index * 10).unwrap_or(i32::MAX),
            menu: it.menu,
            hint: it.hint.clone(),
            url: it.url.clone(),
        };
        self.sections.iter().enumerate().map(step).collect()
    }

    fn check(&self, kinds: &Kinds) -> Result<()> {
        let mut seen = HashSet::new();
        for section in &self.sections {
            let path = section.path.as_str();
            ensure!(path.split('/').all(base::text::is_slug), "{path} is not an address");
            // Trap 2 of peers: a doubled slug would silently lose a page.
            ensure!(seen.insert(path), "{path} stands twice");
            if let Some((parent, _)) = path.rsplit_once('/') {
                ensure!(seen.contains(parent), "{path} comes before {parent}");
            }
            for kind in &section.entries {
                ensure!(kinds.get(kind).is_some(), "{path}: no kind {kind}");
            }
            if section.starter && section.entries.is_empty() {
                bail!("{path}: a starter needs a kind");
            }
        }
        Ok(())
    }
}

/// Every blueprint.
#[derive(Clone, Debug)]
pub struct Blueprints(Vec<Blueprint>);

impl Blueprints {
    /// Reads `dir/*.toml`. What is wrong in a file stops the start and names the file.
    pub fn load(dir: &Path, kinds: &Kinds) -> Result<Self> {
        let folder = fs::read_dir(dir).with_context(|| format!("no {}", dir.display()))?;
        let mut blueprints: Vec<Blueprint> = Vec::new();
        for file in folder {
            let path = file?.path();
            if path.extension().is_none_or(|ext| ext != "toml") {
                continue;
            }
            let name = || path.display().to_string();
            let blueprint: Blueprint =
                toml::from_str(&fs::read_to_string(&path)?).with_context(name)?;
            blueprint.check(kinds).with_context(name)?;
            for kind in &blueprint.types {
                let taken = blueprints.iter().any(|other| other.types.contains(kind));
                ensure!(!taken, "{}: another blueprint is for {}", name(), kind.as_str());
            }
            blueprints.push(blueprint);
        }
        for kind in SiteType::ALL {
            let covered = blueprints.iter().any(|blueprint| blueprint.types.contains(kind));
            ensure!(covered, "{}: no blueprint for {}", dir.display(), kind.as_str());
        }
        Ok(Self(blueprints))
    }

    /// The blueprint of sites of `kind`.
    pub fn of(&self, kind: SiteType) -> Result<&Blueprint> {
        let found = self.0.iter().find(|blueprint| blueprint.types.contains(&kind));
        found.with_context(|| format!("no blueprint for {}", kind.as_str()))
    }

    /// The blueprint called `id`.
    pub fn get(&self, id: &str) -> Option<&Blueprint> {
        self.0.iter().find(|blueprint| blueprint.id == id)
    }
}
