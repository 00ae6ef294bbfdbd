//! The vocabularies of the registry, described by data in `config/documents`. No code names a type.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use anyhow::{Context, ensure};
use base::Number;
use chrono::NaiveDate;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    model::{Level, Register, secrecy::Secrecy},
    provisions::Provisions,
};

/// A type of document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// What documents store.
    pub key: String,
    /// What the screens call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// What symbols begin with; empty for none.
    pub abbreviation: String,
    /// The register it belongs to.
    pub register: Register,
    /// Who issues it today.
    pub levels: Vec<Level>,
    /// Other names it is imported by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What a clerk should know of it.
    #[serde(default)]
    pub note: String,
}

/// A field a document belongs to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What documents store.
    pub key: String,
    /// What the screens call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// Keys it is imported by.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A mark on a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// What documents store.
    pub key: String,
    /// What the screens call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
}

/// Which documents a section of the site shows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shelf {
    /// The section's path.
    pub path: String,
    /// Only those of a register.
    pub register: Option<Register>,
    /// Only those of issuers that ended.
    pub former: bool,
    /// Only those that stand in a gazette.
    pub gazette: bool,
}

/// A central body that issues documents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// As in symbols.
    pub abbreviation: String,
    /// The first day it existed.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// The last day it existed.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// The names of what became of it.
    #[serde(default)]
    pub successors: Vec<String>,
    /// Other spellings of its name.
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Types {
    #[serde(rename = "type")]
    types: Vec<Type>,
}

#[derive(Deserialize)]
struct Fields {
    field: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    urgency: Vec<Mark>,
    mode: Vec<Mark>,
    secrecy: Secrecy,
}

#[derive(Deserialize)]
struct Shelves {
    section: Vec<Shelf>,
}

/// How high an organisation stands, told from its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// How high.
    pub level: Level,
    /// Words the name begins with, without accents.
    #[serde(default)]
    pub begins: Vec<String>,
    /// Words the name has in it.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Words that only look like those.
    #[serde(default)]
    pub unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bodies {
    body: Vec<Body>,
    level: Vec<LevelRule>,
}

/// Everything `config/documents` says.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The types, legal ones first.
    pub types: Vec<Type>,
    /// The fields.
    pub fields: Vec<Field>,
    /// How urgent a document can be.
    pub urgencies: Vec<Mark>,
    /// In whose name a document can be signed.
    pub modes: Vec<Mark>,
    /// What may not be published.
    pub secrecy: Secrecy,
    /// What the sections below `/van-ban` show.
    pub shelves: Vec<Shelf>,
    /// The central bodies.
    pub bodies: Vec<Body>,
    /// How high any other organisation stands.
    pub levels: Vec<LevelRule>,
    /// What the rules of sections are in the law.
    pub provisions: Provisions,
    /// The abbreviations that the words of a register may be written with; none unless they are
    /// given.
    pub abbreviations: Arc<search::Vocabulary>,
}

impl Vocabulary {
    /// Reads the files of `dir`. What is wrong in one stops the start and names the file.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let Types { types } = read(dir, "types.toml")?;
        let Fields { field: fields } = read(dir, "fields.toml")?;
        let Marks { urgency, mode, secrecy } = read(dir, "marks.toml")?;
        let Shelves { section: shelves } = read(dir, "registers.toml")?;
        let Bodies { body: bodies, level: levels } = read(dir, "bodies.toml")?;
        let provisions: Provisions = read(dir, "provisions.toml")?;
        once("provisions.toml", provisions.ids())?;
        unique("types.toml", types.iter().map(|it| it.key.as_str()))?;
        unique("fields.toml", fields.iter().map(|it| it.key.as_str()))?;
        unique("marks.toml", urgency.iter().chain(&mode).map(|it| it.key.as_str()))?;
        Ok(Self {
            types,
            fields,
            urgencies: urgency,
            modes: mode,
            secrecy,
            shelves,
            bodies,
            levels,
            provisions,
            abbreviations: Arc::default(),
        })
    }

    /// The type called `key`.
    pub fn kind(&self, key: &str) -> Option<&Type> {
        self.types.iter().find(|it| it.key == key)
    }

    /// What the screens call the type `key`: the short name, without what is in brackets.
    pub fn type_label(&self, key: &str) -> String {
        let label = self.kind(key).map_or(key, |it| it.label.as_str());
        label.split(" (").next().unwrap_or(label).to_owned()
    }

    /// The type an import calls `name`. Where a legal and an administrative type share a name,
    /// a year inside the number marks the legal one.
    pub fn type_named(&self, name: &str, number: Option<&Number>) -> Option<&Type> {
        let wanted = folded(name);
        let named = |it: &&Type| {
            folded(&it.label) == wanted || it.aliases.iter().any(|alias| folded(alias) == wanted)
        };
        let all: Vec<&Type> = self.types.iter().filter(named).collect();
        let dated = number.is_none_or(|number| number.year().is_some() || !number.has_symbol());
        let apt = all.iter().find(|it| (it.register == Register::Legal) == dated);
        apt.or(all.first()).copied()
    }

    /// The type of a document of which a register tells the number and the abstract only: what its
    /// symbol begins with, or else its abstract; a symbol without a type is a letter's.
    pub fn type_told(&self, number: Option<&Number>, summary: &str) -> Option<&Type> {
        let legal = number.is_some_and(|number| number.year().is_some());
        let register = if legal { Register::Legal } else { Register::Administrative };
        let symbol = number.map(ToString::to_string).unwrap_or_default();
        let symbol = symbol.rsplit('/').next().unwrap_or_default();
        let mark = folded(symbol.split('-').next().unwrap_or_default());
        let of_mark = |it: &&Type| it.register == register && folded(&it.abbreviation) == mark;
        if !mark.is_empty()
            && let Some(found) = self.types.iter().find(of_mark)
        {
            return Some(found);
        }
        let summary = folded(summary);
        let begins = |it: &&Type| {
            let rest = summary.strip_prefix(&folded(&it.label));
            it.register == register && rest.is_some_and(|rest| rest.starts_with(' '))
        };
        let longest = self.types.iter().filter(begins).max_by_key(|it| it.label.len());
        let letter = |it: &&Type| it.register == register && it.abbreviation.is_empty();
        longest.or_else(|| self.types.iter().find(letter).filter(|_| !mark.is_empty()))
    }

    /// The field called `key`.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|it| it.key == key)
    }

    /// What the screens call the field `key`; one that no file names is called by its key.
    pub fn field_label(&self, key: &str) -> String {
        let plain = || {
            let words = key.replace('-', " ");
            let mut letters = words.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            first + letters.as_str()
        };
        self.field(key).map_or_else(plain, |it| it.label.clone())
    }

    /// The key that stands for the field an import calls `name`.
    pub fn field_named(&self, name: &str) -> Option<String> {
        let slug = base::text::slug(name, 60);
        let known = |it: &&Field| {
            it.key == slug || it.aliases.contains(&slug) || folded(&it.label) == folded(name)
        };
        let known = self.fields.iter().find(known).map(|it| it.key.clone());
        known.or_else(|| (!slug.is_empty()).then_some(slug))
    }

    /// How high the organisation called `name` stands.
    pub fn level_of(&self, name: &str) -> Level {
        let plain = format!(" {} ", folded(name).replace('-', " "));
        let begins = |word: &String| plain.starts_with(&format!(" {word} "));
        let has = |text: &str, word: &String| text.contains(&format!(" {word} "));
        let fits = |rule: &&LevelRule| {
            let spare = |text: String, word: &String| text.replace(&format!(" {word} "), " ");
            let rest = rule.unless.iter().fold(plain.clone(), spare);
            rule.begins.iter().any(begins) || rule.contains.iter().any(|word| has(&rest, word))
        };
        self.levels.iter().find(fits).map_or(Level::Other, |rule| rule.level)
    }

    /// What `path`, a section, shows.
    pub fn shelf(&self, path: &str) -> Option<&Shelf> {
        self.shelves.iter().find(|it| it.path == path)
    }
}

/// A name as it is compared: without accents, capitals and marks, whatever letters it was typed with.
pub fn folded(name: &str) -> String {
    let written_out = |word: &str| match word {
        "ubnd" => "uy-ban-nhan-dan".to_owned(),
        "hdnd" => "hoi-dong-nhan-dan".to_owned(),
        word => word.to_owned(),
    };
    let words: Vec<String> =
        base::text::slug(&base::text::line(name), 300).split('-').map(written_out).collect();
    words.join("-")
}

fn read<T: DeserializeOwned>(dir: &Path, file: &str) -> anyhow::Result<T> {
    let path = dir.join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
}

fn unique(file: &str, keys: impl Iterator<Item = impl AsRef<str>>) -> anyhow::Result<()> {
    let is_slug = |key: &String| {
        ensure!(base::text::is_slug(key), "{file}: the key {key} is not a slug");
        Ok(())
    };
    let keys: Vec<String> = keys.map(|key| key.as_ref().to_owned()).collect();
    keys.iter().try_for_each(is_slug)?;
    once(file, keys.iter())
}

fn once(file: &str, keys: impl Iterator<Item = impl AsRef<str>>) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for key in keys {
        let key = key.as_ref();
        ensure!(seen.insert(key.to_owned()), "{file}: the key {key} stands twice");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vocabulary {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/documents");
        Vocabulary::load(&dir).unwrap()
    }

    #[test]
    fn the_vocabulary_has_what_the_law_lists() {
        let words = words();
        let of = |register| words.types.iter().filter(|it| it.register == register).count();
        assert_eq!(of(Register::Administrative), 29);
        assert_eq!(words.fields.len(), 34);
        assert_eq!(words.secrecy.marks.len(), 3);
    }

    #[test]
    fn a_year_in_the_number_tells_a_legal_decision_from_an_individual_one() {
        let words = words();
        let kind = |name, number| {
            let number = Number::parse(number);
            words.type_named(name, number.as_ref()).map(|it| it.key.clone()).unwrap_or_default()
        };
        assert_eq!(kind("Quyết định", "48/2025/QĐ-UBND"), "quyet-dinh-qppl");
        assert_eq!(kind("quyết định", "519/QĐ-UBND"), "quyet-dinh");
        assert_eq!(kind("Thông tư", "1/2020/TT-BTC"), "thong-tu");
        assert_eq!(kind("Công văn", "12/UBND-VP"), "cong-van");
        assert_eq!(kind("Bài hát", "12/UBND-VP"), "");
    }

    #[test]
    fn a_name_tells_how_high_an_organisation_stands() {
        let words = words();
        for (name, level) in [
            ("Ủy ban nhân dân xã Hồng An", Level::Commune),
            ("Ủy ban nhân dân thị xã Kỳ Sơn", Level::District),
            ("Hội đồng nhân dân tỉnh Lạc Việt", Level::Province),
            ("Sở Nội vụ", Level::Department),
            ("Bộ Lao động - Thương binh và Xã hội và Bộ Tài chính", Level::Central),
            ("Hội Chữ thập đỏ", Level::Other),
        ] {
            assert_eq!(words.level_of(name), level, "{name}");
        }
    }
}
