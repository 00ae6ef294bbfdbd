//! The English pages of the demonstration: `en/NAME.md` says in English what `NAME.md` beside it
//! says in Vietnamese, block by block.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use accounts::model::{Rights, Role};
use anyhow::{Context, Result, bail, ensure};
use base::{Site, SiteId};
use content::{
    entries::store::{self as entries, Asked, ContentId, Filter, Outcome},
    model::Action,
};
use db::{Conn, events::Actor};
use english::{blocks::cut, write::Names};
use english_mirror::store::{
    self,
    names::{self, Tools},
    write::{self, Sent},
};
use serde::Deserialize;

use super::{Seeder, entries as vietnamese, plan::PlannedSite};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: String,
    summary: String,
}

impl Seeder<'_> {
    /// Translates what has an English file, and publishes it.
    pub(super) fn english(
        &self,
        conn: &mut Conn,
        site: &PlannedSite,
        english: &web::English,
    ) -> Result<()> {
        let folder = self.plan.dir.join(&site.key);
        if !folder.join("en").is_dir() {
            return Ok(());
        }
        let id = *self.sites.get(&site.key).context("an unknown site")?;
        let (paths, terms) = (&english.paths, &english.terms);
        let tools = Tools { paths, terms, names: Names::default() };
        let named = names::names(&names::tree(conn, id)?, tools);
        let tenant = Site { sections: Arc::new(named), ..vietnamese::tenant(id, site) };
        for file in fs::read_dir(folder.join("en"))? {
            let path = file?.path();
            self.translation(conn, (site, &tenant), &path)
                .with_context(|| format!("{}", path.display()))?;
        }
        Ok(())
    }

    fn translation(
        &self,
        conn: &mut Conn,
        (site, tenant): (&PlannedSite, &Site),
        path: &Path,
    ) -> Result<()> {
        let source = path.parent().and_then(Path::parent).context("a folder")?;
        let source = source.join(path.file_name().context("a file")?);
        let title = vietnamese::title(&source)?;
        let (front, body): (FrontMatter, String) = vietnamese::front_matter(path)?;
        let content = content(conn, tenant.id, &title)?;
        let page = store::page(conn, tenant.id, content)?;
        let kind = self.kinds.get(&page.source.kind).context("a kind")?;
        let mut blocks = cut(&body).into_iter().map(|block| block.text);
        let mut pieces = BTreeMap::new();
        for piece in store::words(kind, &page.now)?.pieces() {
            let text = match piece.id.as_str() {
                "title" => Some(front.title.clone()),
                "summary" => Some(front.summary.clone()),
                id if id.starts_with("block-") => blocks.next(),
                _ => None,
            };
            pieces.extend(text.map(|text| (piece.id, text)));
        }
        ensure!(blocks.next().is_none(), "more blocks than the Vietnamese page has");
        let sent = Sent { pieces, seal: page.seal(), of: page.now.number, ..Sent::default() };
        let now = page.now.decided_at.context("the source is not public")?;
        let actor = Actor { site: tenant.id, user: None, now };
        write::save(conn, actor, (tenant, &self.kinds), content, sent)?;
        let approver = Actor { user: self.approver(&site.key, None), ..actor };
        for (actor, action) in [(actor, Action::Submit), (approver, Action::Publish)] {
            let seal = store::page(conn, tenant.id, content)?.seal();
            let asked = Asked { action, seal, remark: String::new() };
            let rights = Rights::of(&[Role::Editor, Role::Approver]);
            match write::act(conn, (actor, rights), (tenant, &self.kinds), content, &asked)? {
                Outcome::Done(_) => (),
                Outcome::Stale => bail!("the edition changed under us"),
            }
        }
        Ok(())
    }
}

/// The content whose page is called `title`.
fn content(conn: &mut Conn, site: SiteId, title: &str) -> Result<ContentId> {
    let called = Filter { words: title.to_owned(), ..Filter::default() };
    let lines = entries::list(conn, site, &called, (0, 5))?;
    let line = lines.into_iter().find(|line| line.title == title);
    let line = line.with_context(|| format!("no page is called {title}"))?;
    Ok(entries::pair_of(conn, site, line.id)?.source.content_id)
}
