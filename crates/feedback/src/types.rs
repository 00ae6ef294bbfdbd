//! The types of cases and the fields of their forms: `config/feedback`. No code names a type.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, ensure};
use serde::{Deserialize, de::DeserializeOwned};

use crate::model::state::Action;

/// A type of case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// What cases store; words are at `case_type.KEY`.
    pub key: String,
    /// The last part of the address of its form.
    pub slug: String,
    /// Why what the form asks for may be processed.
    pub basis: Basis,
    /// Whether others may read a text made from it, if the sender agrees.
    pub publishable: bool,
    /// Whether it goes into the restricted queue at once (FB-8).
    pub restricted: bool,
    /// Whether the form begins with where such a thing has to be sent.
    #[serde(default)]
    pub explained: bool,
    /// Whether it is about a public page of the site.
    #[serde(default)]
    pub about: bool,
    /// Days after the answer during which it can be taken up again.
    pub reopen_days: i64,
    /// Months after it was closed for which personal data stay.
    pub keep_months: u32,
    /// The purposes one may agree to, one box each.
    pub consents: Vec<String>,
    /// The law it rests on: an id of the catalogue.
    pub law: String,
    /// The deadlines that start when it comes in.
    pub clocks: Vec<Deadline>,
    /// The only grounds on which it can be refused; empty where any reason will do.
    #[serde(default)]
    pub refusals: Vec<String>,
    /// Slower ways that the law allows if the sender is told in time.
    #[serde(default)]
    pub longer: Vec<Longer>,
    /// Whether the office keeps a register of them and may name what copies cost (TCTT-26).
    #[serde(default)]
    pub register: bool,
    /// Whether an answer may come with a copy of everything held about the sender (PDP-5.3).
    #[serde(default)]
    pub copy: bool,
    /// Days for which the link to files of an answer works (TCTT-30).
    #[serde(default = "link_days")]
    pub link_days: i64,
    /// What its form asks for besides the message.
    #[serde(rename = "field")]
    pub fields: Vec<Asked>,
}

/// Why personal data may be processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The person agrees (PDP-9).
    Consent,
    /// The law obliges the office (PDP-19).
    Duty,
}

/// A deadline of a type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The row of the table of deadlines: `DL-09`.
    pub code: String,
    /// Which of its limits.
    pub limit: String,
    /// What meets it.
    pub meets: Action,
    /// Whether an interim answer meets it too, and begins it anew (FB-5).
    #[serde(default)]
    pub interim: bool,
    /// Only where a field of the form has one of these values; empty for always.
    #[serde(default)]
    pub only: BTreeMap<String, Vec<String>>,
    /// Whether it may stand still while the office waits for the sender.
    #[serde(default)]
    pub pause: bool,
    /// Whether it begins only with one of the slower ways of its type.
    #[serde(default)]
    pub later: bool,
}

/// A slower way: another deadline in the place of one that runs (TCTT-30, PDP-5).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Longer {
    /// Words are at `case_longer.KEY`.
    pub key: String,
    /// The deadline that it ends.
    pub ends: Named,
    /// The deadline for telling the sender, counted from the same event.
    #[serde(default)]
    pub notice: Option<Named>,
    /// The deadline that it begins, counted from the same event.
    pub begins: Named,
}

/// A deadline by its names in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// `DL-06`.
    pub code: String,
    /// `supply`.
    pub limit: String,
}

fn link_days() -> i64 {
    15
}

impl Deadline {
    /// Whether it begins with a case of which `details` are told.
    pub fn begins_with(&self, details: &BTreeMap<String, String>) -> bool {
        !self.later && self.concerns(details)
    }

    /// Whether it concerns a case of which `details` are told.
    pub fn concerns(&self, details: &BTreeMap<String, String>) -> bool {
        let fits = |(field, values): (&String, &Vec<String>)| {
            details.get(field).is_some_and(|value| values.contains(value))
        };
        self.only.iter().all(fits)
    }
}

/// A field as one type asks for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Which field.
    pub name: String,
    /// Whether it must be filled.
    #[serde(default)]
    pub required: bool,
    /// One of the fields with the same word here must be filled.
    #[serde(default)]
    pub one_of: String,
}

/// A field of any form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name; words are at `case_field.NAME`.
    pub name: String,
    /// How it is typed and checked.
    pub input: Input,
    /// Its length at most, in characters.
    #[serde(default)]
    pub max: usize,
    /// What browsers may fill in.
    #[serde(default)]
    pub autocomplete: String,
    /// What can be chosen; words are at `case_option.FIELD.OPTION`.
    #[serde(default)]
    pub options: Vec<String>,
    /// What it is for, where it says something of a person.
    pub personal: Option<Personal>,
}

/// Why personal data is asked for and how long it stays (PDP-3).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Personal {
    /// What it is for; words are at `case_purpose.KEY`.
    pub purpose: String,
    /// Months it stays after the case was closed.
    pub keep_months: u32,
    /// Whether it is kept encrypted.
    #[serde(default)]
    pub sealed: bool,
}

/// How a field is typed and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// An e-mail address.
    Email,
    /// A number to call.
    Phone,
    /// The number of a citizen's card or passport.
    IdNumber,
    /// One of several.
    Choice,
}

/// A field of life (law.md 13.4).
#[derive(Clone, Debug, Deserialize)]
pub struct Area {
    /// What cases store.
    pub key: String,
    /// What people call it.
    pub label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(rename = "type")]
    types: Vec<Type>,
    #[serde(rename = "field")]
    fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    complaint: Vec<String>,
}

#[derive(Deserialize)]
struct Areas {
    field: Vec<Area>,
}

/// The names of fields that have a column of their own.
pub const COLUMNS: [&str; 4] = ["name", "address", "phone", "email"];

/// Everything `config/feedback` says.
#[derive(Clone, Debug)]
pub struct Types {
    /// The types, in the order in which they are offered.
    pub types: Vec<Type>,
    /// The fields of all forms.
    pub fields: Vec<Field>,
    /// Words that make a text look like a complaint.
    pub complaint_words: Vec<String>,
    /// The fields of life.
    pub areas: Vec<Area>,
}

impl Types {
    /// Reads the folder `config`. What is wrong stops the start and is named.
    pub fn load(config: &Path) -> anyhow::Result<Self> {
        let dir = config.join("feedback");
        let Sheet { types, fields } = read(&dir, "types.toml")?;
        let Words { complaint } = read(&dir, "words.toml")?;
        let Areas { field: areas } = read(&config.join("documents"), "fields.toml")?;
        let all = Self { types, fields, complaint_words: complaint, areas };
        all.check().context("config/feedback/types.toml")?;
        Ok(all)
    }

    /// Compares the deadlines with those the catalogue has.
    pub fn fit(&self, catalog: &clocks::Catalog) -> anyhow::Result<()> {
        for kind in &self.types {
            for it in &kind.clocks {
                let known = catalog.limit(&it.code, &it.limit).is_some();
                ensure!(known, "{}: no deadline {} {}", kind.key, it.code, it.limit);
            }
            for it in kind
                .longer
                .iter()
                .flat_map(|it| [Some(&it.ends), it.notice.as_ref(), Some(&it.begins)])
            {
                let Some(it) = it else { continue };
                let known =
                    kind.clocks.iter().any(|own| own.code == it.code && own.limit == it.limit);
                ensure!(known, "{}: no deadline {} {} of its own", kind.key, it.code, it.limit);
            }
        }
        Ok(())
    }

    /// The type called `key`.
    pub fn kind(&self, key: &str) -> Option<&Type> {
        self.types.iter().find(|it| it.key == key)
    }

    /// The type whose form is at `slug`.
    pub fn at(&self, slug: &str) -> Option<&Type> {
        self.types.iter().find(|it| it.slug == slug)
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|it| it.name == name)
    }

    /// The fields that the form of `kind` asks for, each with how it asks.
    pub fn form<'a>(&'a self, kind: &'a Type) -> impl Iterator<Item = (&'a Asked, &'a Field)> {
        kind.fields.iter().filter_map(|asked| Some((asked, self.field(&asked.name)?)))
    }

    /// The field of life called `key`.
    pub fn area(&self, key: &str) -> Option<&Area> {
        self.areas.iter().find(|it| it.key == key)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.types.is_empty(), "there is no type");
        unique("key", &self.types.iter().map(|it| &it.key).collect::<Vec<_>>())?;
        unique("slug", &self.types.iter().map(|it| &it.slug).collect::<Vec<_>>())?;
        unique("field", &self.fields.iter().map(|it| &it.name).collect::<Vec<_>>())?;
        for field in &self.fields {
            check_field(field)?;
        }
        for kind in &self.types {
            for asked in &kind.fields {
                let known = self.field(&asked.name).is_some();
                ensure!(known, "{}: there is no field {:?}", kind.key, asked.name);
            }
            ensure!(
                !(kind.restricted && kind.publishable),
                "{}: restricted is never public",
                kind.key
            );
            let asks = kind.consents.iter().any(|it| it == "process");
            let fits = asks == (kind.basis == Basis::Consent);
            ensure!(fits, "{}: the box \"process\" belongs to the basis \"consent\"", kind.key);
        }
        Ok(())
    }
}

/// A personal field without a purpose or an end is refused; so is a column that is not personal.
fn check_field(field: &Field) -> anyhow::Result<()> {
    let name = &field.name;
    let person = matches!(field.input, Input::Email | Input::Phone | Input::IdNumber);
    let person = person || COLUMNS.contains(&name.as_str());
    ensure!(
        !person || field.personal.is_some(),
        "{name}: say what it is for and how long it stays"
    );
    if let Some(personal) = &field.personal {
        let ends = personal.keep_months > 0 && !personal.purpose.is_empty();
        ensure!(ends, "{name}: say what it is for and how long it stays");
    }
    let sealed = field.personal.as_ref().is_some_and(|it| it.sealed);
    ensure!(field.input != Input::IdNumber || sealed, "{name}: such a number is kept sealed");
    ensure!((field.input == Input::Choice) != field.options.is_empty(), "{name}: options");
    ensure!(field.input == Input::Choice || field.max > 0, "{name}: max is missing");
    Ok(())
}

fn unique(what: &str, names: &[&String]) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        ensure!(seen.insert(name), "the {what} {name:?} stands twice");
    }
    Ok(())
}

fn read<T: DeserializeOwned>(dir: &Path, name: &str) -> anyhow::Result<T> {
    let path = dir.join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(field: &str) -> bool {
        let field: Field = toml::from_str(field).unwrap();
        check_field(&field).is_err()
    }

    #[test]
    fn personal_data_without_a_purpose_or_an_end_is_refused() {
        assert!(refused("name = \"name\"\ninput = \"line\"\nmax = 9"));
        assert!(refused("name = \"mail\"\ninput = \"email\"\nmax = 9"));
        let with = |personal: &str| {
            format!("name = \"x\"\ninput = \"line\"\nmax = 9\npersonal = {personal}")
        };
        assert!(refused(&with("{ purpose = \"\", keep_months = 24 }")));
        assert!(refused(&with("{ purpose = \"reply\", keep_months = 0 }")));
        assert!(!refused(&with("{ purpose = \"reply\", keep_months = 24 }")));
        let bare = "name = \"id\"\ninput = \"id_number\"\nmax = 9\n";
        assert!(refused(&format!("{bare}personal = {{ purpose = \"a\", keep_months = 2 }}")));
    }

    #[test]
    fn what_the_project_ships_is_right() {
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
        let types = Types::load(&config).unwrap();
        assert!(types.kind("complaint").unwrap().restricted);
        assert!(types.at("cau-hoi").unwrap().publishable);
        assert!(types.areas.len() >= 34);
    }
}
