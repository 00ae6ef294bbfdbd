//! Labels that are data: a text of `config` and, beside it, its English. `label = "Khẩn"` has
//! `label_en = "Urgent"` in the same table, and so has every other key that a reader sees.

use std::{fs, path::Path};

use anyhow::Context;
use toml::{Table, Value};
use unicode_normalization::UnicodeNormalization;

use super::Terms;

/// What the key of a text ends in where it is English.
const ENGLISH: &str = "_en";

impl Terms {
    /// Learns the labels of every `*.toml` in the folders `names` of `config`. The first English of
    /// a text stays.
    pub fn learn(&mut self, config: &Path, names: &[&str]) -> anyhow::Result<()> {
        for name in names {
            let folder = config.join(name);
            let files =
                fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
            let mut files =
                files.map(|file| Ok(file?.path())).collect::<anyhow::Result<Vec<_>>>()?;
            files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
            files.sort();
            for file in files {
                let text = fs::read_to_string(&file)?;
                let table: Table =
                    toml::from_str(&text).with_context(|| format!("{}", file.display()))?;
                self.learn_table(&table);
            }
        }
        Ok(())
    }

    /// Takes over the labels that `other` has learnt.
    pub fn learn_from(&mut self, other: &Self) {
        self.labels.clone_from(&other.labels);
    }

    fn learn_table(&mut self, table: &Table) {
        for (key, value) in table {
            match value {
                Value::String(vi) => {
                    if let Some(Value::String(en)) = table.get(&format!("{key}{ENGLISH}")) {
                        self.labels.entry(exact(vi)).or_insert_with(|| en.clone());
                    }
                }
                Value::Table(inner) => self.learn_table(inner),
                Value::Array(rows) => {
                    rows.iter().filter_map(Value::as_table).for_each(|row| self.learn_table(row));
                }
                _ => (),
            }
        }
    }

    /// The English of a text that is a label, letter by letter.
    pub(super) fn label(&self, text: &str) -> Option<&str> {
        self.labels.get(&exact(text)).map(String::as_str)
    }
}

fn exact(text: &str) -> String {
    text.trim().nfc().collect()
}

#[cfg(test)]
mod tests {
    use crate::{terms::Terms, write::Names};

    #[test]
    fn a_label_is_known_letter_by_letter_and_before_terms() {
        let mut terms =
            Terms::parse("document = [{ vi = \"Nghị quyết\", en = \"Resolution\" }]").unwrap();
        let data = "label = \"Nghị quyết (cá biệt)\"\nlabel_en = \"Individual resolution\"\n\
                    [[row]]\nname = \"Nghị quyết\"\nname_en = \"Resolutions\"\nhint = \"Gợi ý\"";
        terms.learn_table(&toml::from_str(data).unwrap());

        let say = |text| terms.translate(text, Names::Accented);
        assert_eq!(say("Nghị quyết (cá biệt)").as_deref(), Some("Individual resolution"));
        assert_eq!(say("Nghị quyết").as_deref(), Some("Resolutions"));
        assert_eq!(say("nghị quyết").as_deref(), Some("Resolution"));
        assert_eq!(say("Gợi ý"), None);
        assert_eq!(terms.find("Nghị quyết (cá biệt)", Names::Accented).len(), 1);
    }
}
