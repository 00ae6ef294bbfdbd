//! What every site owes its foreign readers, as data: `config/english/minimum.toml`.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, ensure};
use base::SiteType;
use serde::Deserialize;

/// Records of the site that an item is made from, so that it can never be stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The six facts of the site: name, address, telephone, e-mail.
    Contacts,
    /// Leaders and contact officers, from the entries of officials.
    People,
    /// The tree of sections.
    Sections,
    /// The forms of citizens.
    Forms,
}

/// One thing that must be there in English.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name in exports and reports.
    pub id: String,
    /// What the screens call it.
    pub label: String,
    /// What it is made from; `None` for a page that people translate.
    pub generated: Option<Source>,
    /// The section whose pages are translated; empty for what is generated.
    #[serde(default)]
    pub section: String,
    /// The rules that demand it, ids of the legal catalogue.
    #[serde(default)]
    pub rules: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    types: Vec<SiteType>,
    #[serde(rename = "item")]
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "set")]
    sets: Vec<Set>,
}

/// The minimum of every type of site.
#[derive(Clone, Debug)]
pub struct Minimum(Vec<Set>);

impl Minimum {
    /// Reads the file. What is wrong in it stops the start and is named.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{}", path.display()))
    }

    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self> {
        let File { sets } = toml::from_str(text)?;
        for kind in SiteType::ALL {
            let holders = sets.iter().filter(|set| set.types.contains(kind)).count();
            ensure!(holders == 1, "{holders} sets are for {}", kind.as_str());
        }
        for set in &sets {
            let mut seen = BTreeSet::new();
            for item in &set.items {
                ensure!(seen.insert(&item.id), "{} stands twice in a set", item.id);
                let is_page = !item.section.is_empty();
                ensure!(
                    is_page != item.generated.is_some(),
                    "{} is either generated or translated",
                    item.id
                );
            }
        }
        Ok(Self(sets))
    }

    /// What sites of `kind` owe.
    pub fn of(&self, kind: SiteType) -> &[Item] {
        let set = self.0.iter().find(|set| set.types.contains(&kind));
        set.map_or(&[], |set| &set.items)
    }

    /// The sections that pages are translated of, of any type, each once.
    pub fn sections(&self) -> Vec<String> {
        let items = self.0.iter().flat_map(|set| &set.items).filter(|it| !it.section.is_empty());
        let sections: BTreeSet<&String> = items.map(|item| &item.section).collect();
        sections.into_iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_file_covers_every_type_of_site() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/minimum.toml");
        let minimum = Minimum::load(&path).unwrap();

        for kind in SiteType::ALL {
            assert!(minimum.of(*kind).len() >= 5, "{kind:?}");
        }
        assert!(minimum.sections().len() > 5);
    }

    #[test]
    fn an_item_is_made_from_one_thing() {
        let set = |item: &str| {
            let types: Vec<String> =
                SiteType::ALL.iter().map(|it| format!("\"{}\"", it.as_str())).collect();
            let types = types.join(", ");
            format!("[[set]]\ntypes = [{types}]\n[[set.item]]\nid = \"a\"\nlabel = \"A\"\n{item}")
        };
        assert!(Minimum::parse(&set("section = \"gioi-thieu\"")).is_ok());
        assert!(Minimum::parse(&set("generated = \"people\"")).is_ok());
        assert!(Minimum::parse(&set("generated = \"weather\"")).is_err());
        assert!(Minimum::parse(&set("")).is_err());
        assert!(Minimum::parse(&set("section = \"a\"\ngenerated = \"people\"")).is_err());
        assert!(Minimum::parse("[[set]]\ntypes = [\"commune\"]\nitem = []").is_err());
    }
}
