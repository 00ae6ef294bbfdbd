//! Kinds: the content types, described by data in `config/kinds/*.toml`. No code names one.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use base::Locale;
use serde::{Deserialize, Serialize};

/// How a kind treats the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// Must be written.
    Required,
    /// May be written.
    Optional,
    /// Has none.
    None,
}

/// What may be typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    Multiline,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// A calendar day.
    Date,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A picture of the site's library.
    Picture,
}

/// What generic code uses a field for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRole {
    /// The writer's name, shown to readers.
    Author,
    /// The name of the source.
    SourceName,
    /// The address of the source.
    SourceUrl,
    /// The picture beside the title.
    Picture,
    /// What the picture shows.
    PictureAlt,
    /// An official's position.
    Position,
    /// An official's unit.
    Unit,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// The order of protocol.
    Rank,
    /// An official's duties.
    Duties,
    /// Whether the official is the one to contact.
    ContactOfficer,
    /// The day after which the entry no longer matters.
    Expires,
}

/// A field of a kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key in an edition's fields.
    pub name: String,
    /// What the screens call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// What may be typed.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether it must be filled.
    #[serde(default)]
    pub required: bool,
    /// The longest text, in characters.
    pub max: Option<usize>,
    /// Help for the writer.
    #[serde(default)]
    pub hint: String,
    /// Whether readers see it.
    #[serde(default)]
    pub public: bool,
    /// What generic code uses it for.
    pub role: Option<FieldRole>,
}

/// A content type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// What entries store.
    pub id: String,
    /// What the screens call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// Help for choosing it.
    pub hint: String,
    /// The first part of its entries' addresses.
    pub prefix: String,
    /// The template of its public page.
    pub template: String,
    /// Whether its entries have a summary.
    pub summary: Need,
    /// Its fields, in the order of the screen.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
}

impl Field {
    /// What pages in a language call it.
    pub fn label_in(&self, locale: Locale) -> &str {
        if locale == Locale::En { &self.label_en } else { &self.label }
    }
}

impl Kind {
    /// What pages in a language call it.
    pub fn label_in(&self, locale: Locale) -> &str {
        if locale == Locale::En { &self.label_en } else { &self.label }
    }

    /// The field that plays `role`.
    pub fn field(&self, role: FieldRole) -> Option<&Field> {
        self.fields.iter().find(|field| field.role == Some(role))
    }
}

/// Every kind, in the order of their file names.
#[derive(Clone, Debug)]
pub struct Kinds(Vec<Kind>);

impl Kinds {
    /// Reads `dir/*.toml`. What is wrong in a file stops the start and names the file.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let files = fs::read_dir(dir).with_context(|| format!("no kinds in {}", dir.display()))?;
        let mut paths: Vec<_> =
            files.map(|file| file.map(|it| it.path())).collect::<Result<_, _>>()?;
        paths.retain(|path| path.extension().is_some_and(|ext| ext == "toml"));
        paths.sort();
        let mut kinds: Vec<Kind> = Vec::new();
        for path in paths {
            let text = fs::read_to_string(&path)?;
            let kind: Kind =
                toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
            let taken = kinds.iter().any(|it| it.id == kind.id || it.prefix == kind.prefix);
            ensure!(!taken, "{}: another kind has this id or prefix", path.display());
            ensure!(base::text::is_slug(&kind.prefix), "{}: prefix", path.display());
            kinds.push(kind);
        }
        Ok(Self(kinds))
    }

    /// The kind called `id`.
    pub fn get(&self, id: &str) -> Option<&Kind> {
        self.0.iter().find(|kind| kind.id == id)
    }

    /// Every kind.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.0.iter()
    }
}
