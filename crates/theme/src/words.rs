//! The words of `config/locales`: one folder a language, one table a file.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use base::{Locale, Message};
use toml::{Table, Value};

/// Every word of one language.
#[derive(Clone, Debug)]
pub struct Words {
    table: Table,
    /// The same words, by full key: `message.title.missing`.
    flat: HashMap<String, String>,
}

impl Words {
    /// Reads every `*.toml` of `dir/<locale>`; the file's name is the first part of its keys.
    pub fn load(dir: &Path, locale: Locale) -> Result<Self> {
        let folder = dir.join(locale.as_str());
        let mut table = Table::new();
        for file in fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))? {
            let path = file?.path();
            let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
            let text = fs::read_to_string(&path)?;
            let words: Table =
                toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
            table.insert(name.to_owned(), Value::Table(words));
        }
        let mut flat = HashMap::new();
        flatten("", &table, &mut flat)?;
        Ok(Self { table, flat })
    }

    /// The whole tree, for templates.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// The text at a full key such as `public.home`, or the key itself where none is written:
    /// a missing word must be seen, not fail a page. A test looks for missing ones.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.flat.get(key).map_or(key, String::as_str)
    }

    /// The sentence of `message`, from `message.toml`, with its gaps filled.
    pub fn say(&self, message: &Message) -> String {
        let key = format!("message.{}", message.key());
        match self.flat.get(&key) {
            Some(sentence) => {
                // Before the arguments, which are other people's and may look like gaps.
                let named = message.named().iter().fold(sentence.clone(), |text, (name, words)| {
                    text.replace(&format!("{{{name}}}"), &self.say(words))
                });
                message.fill(&named)
            }
            None => message.to_string(),
        }
    }

    /// Every full key, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.flat.keys().map(String::as_str)
    }
}

fn flatten(prefix: &str, table: &Table, flat: &mut HashMap<String, String>) -> Result<()> {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::String(text) => drop(flat.insert(key, text.clone())),
            Value::Table(table) => flatten(&format!("{key}."), table, flat)?,
            _ => bail!("{key} is not text"),
        }
    }
    Ok(())
}
