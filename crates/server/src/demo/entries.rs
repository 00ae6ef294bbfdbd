//! The entries of the demonstration: one Markdown file each, with front matter.

use std::{collections::BTreeMap, collections::HashMap, fs, path::Path};

use accounts::model::{Rights, Role};
use anyhow::{Context, Result, bail};
use base::{Site, SiteId};
use chrono::NaiveDateTime;
use content::{
    entries::{
        EntryForm,
        store::{self, Asked, Filter, Outcome},
    },
    model::{Action, State},
    sections::{SectionKind, store as tree},
};
use db::{Conn, events::Actor};
use media::{
    Storage,
    picture::{self, Picture},
    pictures::Caption,
};
use serde::Deserialize;

use super::{Seeder, plan::PlannedSite};

/// The pictures of the demonstration, by file name.
pub(super) type Pictures = HashMap<String, Picture>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    kind: String,
    section: String,
    title: String,
    #[serde(default)]
    summary: String,
    published: String,
    #[serde(default)]
    author: String,
    #[serde(default)]
    featured: bool,
    state: State,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
}

/// Takes in and keeps every picture of the demonstration, once.
pub(super) fn pictures(dir: &Path, storage: &Storage) -> Result<Pictures> {
    let system = actix_web::rt::System::new();
    let mut pictures = Pictures::new();
    for file in fs::read_dir(dir.join("pictures"))? {
        let path = file?.path();
        if path.extension().is_some_and(|ext| ext == "webp") {
            let name = path.file_name().context("a file")?.to_string_lossy().into_owned();
            let picture = picture::take_in(&fs::read(&path)?)?;
            system.block_on(media::pictures::keep(storage, &picture))?;
            pictures.insert(name, picture);
        }
    }
    Ok(pictures)
}

impl Seeder<'_> {
    /// Writes and publishes the entries of one site, oldest first.
    pub(super) fn entries(
        &self,
        conn: &mut Conn,
        site: &PlannedSite,
        pictures: &Pictures,
    ) -> Result<()> {
        let folder = self.plan.dir.join(&site.key);
        if !folder.is_dir() {
            return Ok(());
        }
        let id = *self.sites.get(&site.key).context("an unknown site")?;
        let mut files = Vec::new();
        for file in fs::read_dir(&folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|ext| ext == "md") {
                let (front, body) = read(&path).with_context(|| format!("{}", path.display()))?;
                files.push((front, body, path));
            }
        }
        files.sort_by(|one, other| one.0.published.cmp(&other.0.published));
        for (front, body, path) in files {
            self.entry(conn, (site, id), pictures, front, body)
                .with_context(|| format!("{}", path.display()))?;
        }
        Ok(())
    }

    fn entry(
        &self,
        conn: &mut Conn,
        (site, id): (&PlannedSite, SiteId),
        pictures: &Pictures,
        front: FrontMatter,
        body: String,
    ) -> Result<()> {
        let kind =
            self.kinds.get(&front.kind).with_context(|| format!("no kind {}", front.kind))?;
        let section = tree::at(conn, id, &front.section)?
            .with_context(|| format!("no section {}", front.section))?;
        let author = self.users.get(&front.author).copied();
        let now = instant(&front.published)?;
        let actor = Actor { site: id, user: author, now };
        let form = EntryForm {
            title: front.title.clone(),
            summary: front.summary.clone(),
            body,
            section: section.id.to_string(),
            featured: if front.featured { "on".into() } else { String::new() },
            fields: self.fields(conn, actor, pictures, &front)?,
            ..EntryForm::default()
        };
        let draft = form.check(kind).map_err(|err| anyhow::anyhow!("{err:?}"))?;
        // A page section starts with an empty draft, which the content fills.
        let starter = match section.kind {
            SectionKind::Page => {
                let empty = Filter {
                    section: Some(section.id),
                    state: Some(State::Draft),
                    ..Filter::default()
                };
                store::list(conn, id, &empty, (0, 1))?.into_iter().next()
            }
            _ => None,
        };
        let entry = match starter {
            Some(line) => {
                let seal = store::working(conn, id, line.id)?.edition.seal();
                store::save(conn, actor, kind, (line.id, &seal), draft)?;
                line.id
            }
            None => store::create(conn, actor, kind, draft)?,
        };
        let tenant = tenant(id, site);
        let approver = Actor { user: self.approver(&site.key, author), ..actor };
        match front.state {
            State::Draft => Ok(()),
            State::Submitted => self.step(conn, actor, &tenant, entry, Action::Submit),
            State::Published => {
                self.step(conn, actor, &tenant, entry, Action::Submit)?;
                self.step(conn, approver, &tenant, entry, Action::Publish)
            }
            state => bail!("{} is no state to begin with", state.as_str()),
        }
    }

    fn step(
        &self,
        conn: &mut Conn,
        actor: Actor,
        site: &Site,
        entry: base::EntryId,
        action: Action,
    ) -> Result<()> {
        let seal = store::working(conn, site.id, entry)?.edition.seal();
        let asked = Asked { action, seal, remark: String::new() };
        let rights = Rights::of(&[Role::Editor, Role::Approver]);
        match store::act(conn, (actor, rights), site, &self.kinds, entry, &asked)? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stale => bail!("the edition changed under us"),
        }
    }

    /// The fields of the kind, with pictures taken into the site's library.
    fn fields(
        &self,
        conn: &mut Conn,
        actor: Actor,
        pictures: &Pictures,
        front: &FrontMatter,
    ) -> Result<BTreeMap<String, String>> {
        let mut fields = BTreeMap::new();
        for (name, value) in &front.fields {
            let text = match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Boolean(true) => "on".into(),
                toml::Value::Boolean(false) => String::new(),
                other => other.to_string(),
            };
            fields.insert(name.clone(), text);
        }
        if let Some(file) = fields.get("picture").filter(|file| !file.is_empty()).cloned() {
            let picture = pictures.get(&file).with_context(|| format!("no picture {file}"))?;
            let alt = fields.get("picture_alt").cloned().unwrap_or_else(|| front.title.clone());
            let caption = Caption { name: file, alt, source: "Cổng Làng".into() };
            let id = media::pictures::create(conn, actor, picture, &caption)?;
            fields.insert("picture".into(), id.to_string());
        }
        Ok(fields)
    }
}

fn read(path: &Path) -> Result<(FrontMatter, String)> {
    front_matter(path)
}

/// What the entry of a file is called.
pub(super) fn title(path: &Path) -> Result<String> {
    Ok(read(path)?.0.title)
}

/// The front matter and the body of a file.
pub(super) fn front_matter<T: serde::de::DeserializeOwned>(path: &Path) -> Result<(T, String)> {
    let text = fs::read_to_string(path)?;
    let rest = text.strip_prefix("+++\n").context("no front matter")?;
    let (front, body) = rest.split_once("\n+++\n").context("front matter does not end")?;
    Ok((toml::from_str(front)?, body.trim().to_owned()))
}

fn instant(text: &str) -> Result<NaiveDateTime> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")?;
    Ok(base::time::utc(local))
}

/// As much of the site as a step of the workflow looks at.
pub(super) fn tenant(id: SiteId, site: &PlannedSite) -> Site {
    Site {
        id,
        locale: base::Locale::Vi,
        sections: std::sync::Arc::default(),
        untranslated: Vec::new(),
        portal_id: None,
        kind: site.kind,
        type_label: String::new(),
        state: site.state,
        name: String::new(),
        unit_name: site.name.clone(),
        name_en: String::new(),
        host: String::new(),
        url: String::new(),
        theme: String::new(),
        palette: String::new(),
        logo: None,
        portal: None,
        identity: site.identity.clone(),
        licence: None,
        menu: Vec::new(),
        archived_note: None,
        self_approval: false,
        home: Vec::new(),
    }
}
