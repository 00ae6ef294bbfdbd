//! The translators' screen: the source and its English side by side, what changed, what to look at.

use accounts::{Can, See, Staff, Write};
use base::{Error, FieldErrors, UserId};
use content::{
    entries::store::{self as entries, Asked, ContentId, Edition, Outcome},
    kinds::Kind,
    model::{Action, State},
};
use db::Conn;
use english::state::Report;
use std::collections::BTreeMap;
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{acts, key, page, path};
use crate::{
    Office,
    store::{
        self, Page,
        owners::{self, Care},
        standing,
        write::{self, Sent},
    },
};

/// What was typed and what came of it.
#[derive(Default)]
pub(super) struct Typed {
    /// The form; `None` when only a step was asked for.
    pub(super) sent: Option<Sent>,
    /// What is wrong.
    pub(super) errors: FieldErrors,
    /// Somebody else saved first.
    pub(super) stale: bool,
    /// A step that was refused, and the remark written for it.
    pub(super) step: Option<(Action, String)>,
}

/// Everything the screen needs from the database, read in one go.
pub(super) struct Facts {
    pub(super) page: Page,
    pub(super) kind: Kind,
    pub(super) report: Report,
    pub(super) history: Vec<Edition>,
    pub(super) people: BTreeMap<UserId, String>,
    pub(super) writers: BTreeMap<UserId, String>,
    pub(super) care: Care,
    pub(super) source_path: Option<String>,
    pub(super) english_path: Option<String>,
    pub(super) section: String,
}

pub(super) async fn show(
    who: Can<See>,
    office: Data<Office>,
    id: Path<String>,
) -> Result<Response> {
    draw(&who, &office, key(&id)?, None).await
}

/// Draws the screen, with what was typed when something was wrong with it.
pub(super) async fn draw(
    who: &Staff,
    office: &Data<Office>,
    content: ContentId,
    typed: Option<Typed>,
) -> Result<Response> {
    let held = office.clone();
    // What was typed stood beside this edition of the source; it is shown beside it again.
    let of = typed.as_ref().and_then(|it| it.sent.as_ref()).map(|sent| sent.of);
    let facts = who.cx.read(move |conn, site| facts(conn, site, &held, (content, of))).await?;
    let is_fresh = typed.is_none();
    let (staff, has_machine) = (who.clone(), office.machine.is_some());
    // Checking a long page takes its time.
    let view =
        web::off_thread(move || page::view(&staff, facts, typed.unwrap_or_default(), has_machine));
    let view = view.await??;
    match is_fresh {
        true => who.page("mirror/page.html", &view),
        false => who.again("mirror/page.html", &view),
    }
}

fn facts(
    conn: &mut Conn,
    site: &base::Site,
    office: &Office,
    (content, of): (ContentId, Option<i32>),
) -> base::Result<Facts> {
    let mut page = store::page(conn, site.id, content)?;
    if let Some(number) = of {
        page.now = entries::edition(conn, site.id, page.source.id, number)?;
    }
    let kind = office.kinds.get(&page.source.kind).ok_or(Error::NotFound)?.clone();
    let (report, history, english_path) = match &page.english {
        Some(english) => (
            standing::of_page(conn, site.id, &kind, (&page.source, english))?,
            entries::history(conn, site.id, english.id)?,
            entries::address(conn, site.id, english.id)?,
        ),
        None => (english::state::report(&[], &[]), Vec::new(), None),
    };
    let ids = history.iter().flat_map(|it| [it.author_id, it.editor_id, it.approver_id]);
    let section = content::sections::store::by_id(conn, site.id, page.source.section_id)?;
    let cares = owners::cares(conn, standing::Scope::Site(site.id))?;
    Ok(Facts {
        people: entries::names(conn, ids.flatten().collect())?,
        writers: owners::people(conn, site.id)?,
        care: cares.get(&(site.id, content)).copied().unwrap_or_default(),
        source_path: entries::address(conn, site.id, page.source.id)?,
        section: content::sections::english::english_path(site, &section.path),
        english_path,
        history,
        report,
        kind,
        page,
    })
}

/// Whether the person may change the English as it stands.
pub(super) fn may_edit(who: &Staff, page: &Page) -> base::Result<()> {
    let may = match &page.latest {
        Some(latest) => step(who, &latest.edition).may_edit(),
        None => who.rights.write,
    };
    if may { Ok(()) } else { Err(Error::conflict("entry.not_yours")) }
}

/// What the person may do with an English edition.
pub(super) fn step(who: &Staff, edition: &Edition) -> content::model::Step {
    edition.step(Some(who.user.id), who.rights, who.cx.site.self_approval)
}

pub(super) async fn update(
    who: Can<Write>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let content = key(&id)?;
    let submit = form.0.get("then").is_some_and(|then| then == "submit");
    let sent = acts::sent(&form.0);
    let (actor, held, staff, typed) =
        ((who.actor(), who.rights), office.clone(), (*who).clone(), sent.clone());
    let saved = who.cx.write(move |conn, site| {
        let page = store::page(conn, site.id, content)?;
        may_edit(&staff, &page)?;
        let outcome = write::save(conn, actor.0, (site, &held.kinds), content, typed)?;
        match (&outcome, submit) {
            (Outcome::Done(_), true) => submit_it(conn, actor, (site, &held), content),
            _ => Ok(outcome),
        }
    });
    let typed = match saved.await {
        Ok(Outcome::Done(_)) => {
            let message = if submit { "done.submitted" } else { "done.mirror_saved" };
            return Ok(who.cx.see_other_with(&path(content), message));
        }
        Ok(Outcome::Stale) => Typed { sent: Some(sent), stale: true, ..Typed::default() },
        Err(Error::Invalid(errors)) => Typed { sent: Some(sent), errors, ..Typed::default() },
        Err(err) => return Err(err.into()),
    };
    draw(&who, &office, content, Some(typed)).await
}

/// Submits what was just saved, in the same transaction.
fn submit_it(
    conn: &mut Conn,
    actor: (db::events::Actor, accounts::model::Rights),
    (site, office): (&base::Site, &Office),
    content: ContentId,
) -> base::Result<Outcome> {
    let page = store::page(conn, site.id, content)?;
    let latest = page.latest.as_ref().ok_or(Error::NotFound)?;
    if latest.edition.state == State::Submitted {
        let english = page.english.as_ref().ok_or(Error::NotFound)?;
        return Ok(Outcome::Done(english.id));
    }
    let asked = Asked { action: Action::Submit, seal: page.seal(), remark: String::new() };
    write::act(conn, actor, (site, &office.kinds), content, &asked)
}
