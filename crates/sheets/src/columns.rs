//! The columns a register may have, and how offices name them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use base::text::unaccented;
use serde::Deserialize;

/// Every column of one kind of register, by our name for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<String, Column>);

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What offices call it; the first is what we call it to people.
    pub names: Vec<String>,
    /// Whether its cells are dates.
    #[serde(default)]
    pub date: bool,
    /// Whether a register must have it.
    #[serde(default)]
    pub required: bool,
}

impl Columns {
    /// Reads a file such as `config/documents/columns.toml`.
    pub fn load(path: &Path) -> Result<Self> {
        let name = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        Self::parse(&text).with_context(|| format!("{name} is no list of columns"))
    }

    /// Reads the text of such a file. A name that means two columns is a mistake.
    pub fn parse(text: &str) -> Result<Self> {
        let columns: BTreeMap<String, Column> = toml::from_str(text)?;
        let mut seen = BTreeMap::new();
        for (key, column) in &columns {
            if column.names.is_empty() {
                bail!("{key} has no names");
            }
            for name in &column.names {
                if let Some(other) = seen.insert(plain(name), key)
                    && other != key
                {
                    bail!("{name:?} names both {other} and {key}");
                }
            }
        }
        Ok(Self(columns))
    }

    /// Our name of the column that a header names.
    pub(crate) fn find(&self, header: &str) -> Option<&str> {
        let header = plain(header);
        let names = |column: &Column| column.names.iter().any(|name| plain(name) == header);
        let found = self.0.iter().find(|(_, column)| names(column))?;
        Some(found.0)
    }

    pub(crate) fn is_date(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|column| column.date)
    }

    /// What people call the required columns that `has` has not.
    pub(crate) fn missing(&self, has: impl Fn(&str) -> bool) -> Vec<&str> {
        let missing = self.0.iter().filter(|(key, column)| column.required && !has(key));
        missing.filter_map(|(_, column)| column.names.first().map(String::as_str)).collect()
    }

    /// What people call a column.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.names.first().map(String::as_str)
    }
}

/// A header without what differs from office to office: `Ngày BH (dd/mm/yyyy)*` is `ngay bh`.
fn plain(header: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for c in unaccented(header).chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => (),
        }
    }
    let words = outside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Columns {
        Columns::parse(include_str!("../../../config/documents/columns.toml")).unwrap()
    }

    #[test]
    fn a_header_is_known_in_any_spelling() {
        for (header, key) in [
            ("Số ký hiệu", "number"),
            ("SỐ, KÝ HIỆU VĂN BẢN", "number"),
            ("so/ky hieu", "number"),
            ("Ngày ban hành\n(dd/mm/yyyy)", "issued"),
            ("NGAY, THANG BAN HANH *", "issued"),
            ("Trích yếu", "title"),
            ("Tê\u{323}p đính kèm", "file"),
        ] {
            assert_eq!(ours().find(header), Some(key), "{header}");
        }
        for header in ["", "STT", "(1)", "Ngày", "Số lượng"] {
            assert_eq!(ours().find(header), None, "{header}");
        }
    }

    #[test]
    fn a_name_that_means_two_columns_is_a_mistake() {
        let twice = "[a]\nnames = [\"Ngày ký\"]\n[b]\nnames = [\"NGÀY KÝ\"]\n";
        let message = Columns::parse(twice).unwrap_err().to_string();
        assert!(message.contains("names both a and b"), "{message}");
        assert!(Columns::parse("[a]\nnames = []\n").is_err());
        assert!(Columns::parse("[a]\nname = [\"x\"]\n").is_err());
    }
}
