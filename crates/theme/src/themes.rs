//! Themes: folders that override the default one, template by template.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use anyhow::{Context as _, anyhow};
use base::{Error, Locale, Result};
use serde::{Deserialize, Serialize};
use tera::{Context, Kwargs, State, Tera, TeraResult};

use crate::{
    Asset, Words,
    assets::{self, Assets},
};

/// The theme every other one falls back on.
pub const DEFAULT: &str = "default";

/// The theme of the staff screens: no fallback, no override.
pub const ADMIN: &str = "admin";

/// A set of colours an administrator can choose.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Palette {
    /// What a site stores.
    pub id: String,
    /// What the administrator reads.
    pub label: String,
    /// The main colour.
    pub primary: String,
    /// Its darker shade.
    pub primary_dark: String,
    /// The second colour.
    pub accent: String,
    /// The lightest background.
    pub tint: String,
}

#[derive(Deserialize)]
struct Manifest {
    palette: Vec<Palette>,
}

/// Every theme, compiled, once for each language.
pub struct Themes {
    vi: Language,
    en: Language,
    palettes: HashMap<String, Vec<Palette>>,
    assets: Arc<Assets>,
}

/// The templates of all themes with the words of one language.
struct Language {
    engines: HashMap<String, Tera>,
    words: Words,
}

impl Themes {
    /// Compiles each folder of `dir`; a template error stops the server from starting.
    /// The staff's screens have no English.
    pub fn load(dir: &Path, vi: Words, en: Words) -> anyhow::Result<Self> {
        let names = names(dir)?;
        let mut assets = Assets::new();
        for name in &names {
            assets::load(dir, name, &mut assets)?;
        }
        let assets = Arc::new(assets);
        let mut palettes = HashMap::new();
        for name in &names {
            palettes.insert(name.clone(), read_palettes(&dir.join(name).join("theme.toml"))?);
        }
        let mut public = names.clone();
        public.retain(|name| name != ADMIN);
        Ok(Self {
            vi: Language::compile(dir, &names, vi, &assets)?,
            en: Language::compile(dir, &public, en, &assets)?,
            palettes,
            assets,
        })
    }

    fn language(&self, locale: Locale) -> &Language {
        match locale {
            Locale::Vi => &self.vi,
            Locale::En => &self.en,
        }
    }

    /// Renders `template` of `theme` with the words of a language.
    pub fn render(
        &self,
        locale: Locale,
        theme: &str,
        template: &str,
        context: &Context,
    ) -> Result<String> {
        let engine = self.language(locale).engines.get(theme);
        let tera = engine.ok_or_else(|| anyhow!("no theme {theme}"))?;
        let html = tera.render(template, context);
        html.with_context(|| format!("{theme}: {template}")).map_err(Error::Internal)
    }

    /// The static file at `theme/file`.
    pub fn asset(&self, path: &str) -> Option<Arc<Asset>> {
        self.assets.get(path).cloned()
    }

    /// The Vietnamese words.
    pub fn words(&self) -> &Words {
        self.words_in(Locale::Vi)
    }

    /// The words of a language.
    pub fn words_in(&self, locale: Locale) -> &Words {
        &self.language(locale).words
    }

    /// The colours a site of `theme` can choose from.
    pub fn palettes(&self, theme: &str) -> &[Palette] {
        self.palettes.get(theme).map_or(&[], Vec::as_slice)
    }

    /// Every theme's name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.vi.engines.keys().map(String::as_str)
    }
}

impl Language {
    fn compile(
        dir: &Path,
        names: &[String],
        words: Words,
        assets: &Arc<Assets>,
    ) -> anyhow::Result<Self> {
        let mut engines = HashMap::new();
        for name in names {
            let engine = compile(dir, name, &words, assets);
            engines.insert(name.clone(), engine.with_context(|| format!("theme {name}"))?);
        }
        Ok(Self { engines, words })
    }
}

fn names(dir: &Path) -> anyhow::Result<Vec<String>> {
    let entries = fs::read_dir(dir).with_context(|| format!("no themes in {}", dir.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().join("templates").is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// One engine: the theme's own templates first, then the default's.
fn compile(dir: &Path, name: &str, words: &Words, assets: &Arc<Assets>) -> anyhow::Result<Tera> {
    let mut folders = vec![name];
    if !matches!(name, ADMIN | DEFAULT) {
        folders.push(DEFAULT);
    }
    let mut tera = Tera::new();
    tera.register_function("asset", asset_address(folders.clone(), assets.clone()));
    tera.global_context().insert("t", words.table());
    let prefixes = folders.iter().map(|folder| format!("{folder}/templates/"));
    tera.set_fallback_prefixes(prefixes.collect::<Vec<_>>())?;
    let mut templates = Vec::new();
    for folder in folders {
        collect(dir, &dir.join(folder).join("templates"), &mut templates)?;
    }
    tera.add_raw_templates(templates)?;
    Ok(tera)
}

fn collect(dir: &Path, folder: &Path, out: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(dir, &path, out)?;
        } else if path.extension().is_some_and(|ext| ext == "html" || ext == "xml" || ext == "txt")
        {
            let name = path.strip_prefix(dir)?.to_string_lossy().into_owned();
            out.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// `asset(file="css/site.css")` in templates: the file's address, with its digest.
fn asset_address(
    folders: Vec<&str>,
    assets: Arc<Assets>,
) -> impl Fn(Kwargs, &State<'_>) -> TeraResult<String> + use<> {
    let folders: Vec<String> = folders.into_iter().map(str::to_owned).collect();
    move |args, _| {
        let file: String = args.must_get("file")?;
        let keys = folders.iter().map(|folder| format!("{folder}/{file}"));
        keys.into_iter()
            .find_map(|key| Some(format!("/static/{key}?v={}", assets.get(&key)?.digest)))
            .ok_or_else(|| tera::Error::message(format!("no static file {file}")))
    }
}

fn read_palettes(manifest: &Path) -> anyhow::Result<Vec<Palette>> {
    if !manifest.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(manifest)?;
    let manifest: Manifest =
        toml::from_str(&text).with_context(|| format!("{}", manifest.display()))?;
    Ok(manifest.palette)
}
