//! The same page in both languages: `/van-ban/12` is `/en/documents/12`.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, bail};
use base::{SectionName, SectionNames};
use serde::Deserialize;

use crate::{terms::Terms, write::Names};

/// Where the English pages begin.
pub const ENGLISH: &str = "/en";

/// A section as a site wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Labelled {
    /// Its path, without the first slash.
    pub path: String,
    /// Its name.
    pub label: String,
    /// Its English name; empty for what the term base says.
    pub english: String,
    /// The last part of its English address; empty for one made of the name.
    pub slug: String,
}

/// The fixed addresses of the portal in both languages (`config/english/paths.toml`).
#[derive(Clone, Debug)]
pub struct Paths {
    english: HashMap<String, String>,
    vietnamese: HashMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    path: HashMap<String, String>,
}

impl Paths {
    /// Reads the data file.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path);
        let text = text.with_context(|| format!("{}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{}", path.display()))
    }

    /// Reads the text of the data file. Two addresses never share a counterpart.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = toml::from_str(text)?;
        let mut vietnamese = HashMap::new();
        for (vi, en) in &file.path {
            if let Some(other) = vietnamese.insert(en.clone(), vi.clone()) {
                bail!("{en} would be both {other} and {vi}");
            }
        }
        Ok(Self { english: file.path, vietnamese })
    }

    /// The English address of `path`, which begins with a slash and may have a query or a fragment:
    /// `/tin-tuc/hoi-che` is `/en/news/hoi-che`. What has no English name keeps its own.
    pub fn to_english(&self, path: &str, sections: &SectionNames) -> String {
        let (path, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let path = path.trim_start_matches('/');
        let known = longest(path, |head, tail| {
            let section = || sections.at(head).filter(|_| is_below(tail));
            let fixed = self.english.get(head).map(String::as_str);
            fixed.or_else(|| section().map(|it| it.english_path.as_str()))
        });
        let (head, tail) = known.unwrap_or(("", path));
        let slash = if head.is_empty() && tail.is_empty() { "" } else { "/" };
        format!("{ENGLISH}{slash}{head}{tail}{rest}")
    }

    /// The Vietnamese address of `path`, which is without [`ENGLISH`]: `/news/hoi-che` is
    /// `/tin-tuc/hoi-che`.
    pub fn to_vietnamese(&self, path: &str, sections: &SectionNames) -> String {
        let path = path.trim_start_matches('/');
        let known = longest(path, |head, tail| {
            let section = || sections.at_english(head).filter(|_| is_below(tail));
            let fixed = self.vietnamese.get(head).map(String::as_str);
            fixed.or_else(|| section().map(|it| it.path.as_str()))
        });
        let (head, tail) = known.unwrap_or(("", path));
        format!("/{head}{tail}")
    }

    /// Whether `path` is a page in both languages without anybody translating it: a fixed address,
    /// what lies below one, a section, the home page.
    pub fn has_both(&self, path: &str, sections: &SectionNames) -> bool {
        let path = path.trim_start_matches('/');
        path.is_empty()
            || sections.at(path).is_some()
            || longest(path, |head, _| self.english.get(head).map(String::as_str)).is_some()
    }

    /// The names of a site's sections; where nobody wrote an English name the term base may know
    /// it. Sections that would share an address get numbers.
    pub fn name(&self, sections: Vec<Labelled>, terms: &Terms, names: Names) -> SectionNames {
        let mut sections = sections;
        // Those above come before those below, and numbers never depend on the order of a menu.
        sections.sort();
        let mut taken: HashMap<String, String> = HashMap::new();
        let mut named: Vec<SectionName> = Vec::with_capacity(sections.len());
        for Labelled { path, label, english, slug } in sections {
            let known = match english.is_empty() {
                true => terms.translate(&label, names),
                false => Some(names.write(&english)),
            };
            let is_english = known.is_some();
            let english_label = known.unwrap_or_else(|| label.clone());
            let english_path = match self.english.get(&path) {
                Some(fixed) => fixed.clone(),
                None if slug.is_empty() => self.free(&taken, &named, &path, &english_label),
                None => self.free(&taken, &named, &path, &slug),
            };
            taken.insert(english_path.clone(), path.clone());
            named.push(SectionName { path, label, english_path, english_label, is_english });
        }
        SectionNames::new(named)
    }

    /// The English path of a section: that of the one above it and its own name.
    fn free(
        &self,
        taken: &HashMap<String, String>,
        named: &[SectionName],
        path: &str,
        label: &str,
    ) -> String {
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        let above = named.iter().find(|it| it.path == above);
        let above = above.map(|it| format!("{}/", it.english_path)).unwrap_or_default();
        let own = base::text::slug(label, 60);
        let own = if own.is_empty() { path.rsplit('/').next().unwrap_or(path) } else { &own };
        let numbered = (1..).map(|number| match number {
            1 => format!("{above}{own}"),
            number => format!("{above}{own}-{number}"),
        });
        let is_free = |it: &String| !taken.contains_key(it) && !self.vietnamese.contains_key(it);
        numbered.into_iter().find(is_free).unwrap_or_default()
    }
}

/// Whether `tail`, what follows an address, names something below it. `/rss.xml` is no page of a
/// section called `rss`.
fn is_below(tail: &str) -> bool {
    !tail.starts_with('.')
}

/// The longest beginning of `path` that ends at a `/` or a `.` and that `known` translates, given
/// it and what is left; with what is left.
fn longest<'a, 'k>(
    path: &'a str,
    known: impl Fn(&str, &str) -> Option<&'k str>,
) -> Option<(&'k str, &'a str)> {
    let ends = path.char_indices().rev().filter(|(_, c)| matches!(c, '/' | '.')).map(|(at, _)| at);
    let mut ends = std::iter::once(path.len()).chain(ends);
    ends.find_map(|end| {
        let (head, tail) = path.split_at_checked(end)?;
        Some((known(head, tail)?, tail))
    })
}
