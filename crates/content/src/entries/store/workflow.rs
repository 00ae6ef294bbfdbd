//! Moving editions towards the public and back.

use base::{EditionId, EntryId, Error, Locale, Message, Result, Site, SiteId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::{addresses, editions, entries},
};
use diesel::prelude::*;

use super::{
    Edition, Entry, Outcome, Working,
    address::{Spot, is_free, place},
    translations::{follow, is_page_in_english, source},
    uses::note_uses,
    working,
};
use crate::{
    kinds::{FieldRole, Kind, Kinds},
    model::{Action, State},
    sections::{Section, SectionKind, store as tree},
};

/// A step of the workflow as it was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What to do.
    pub action: Action,
    /// The edition the person saw.
    pub seal: String,
    /// Why.
    pub remark: String,
}

/// Takes a step of the workflow.
pub fn act(
    conn: &mut Conn,
    (actor, rights): (Actor, accounts::model::Rights),
    site: &Site,
    kinds: &Kinds,
    id: EntryId,
    asked: &Asked,
) -> Result<Outcome> {
    if asked.action.is_public() {
        // First, for its lock: two approvers at once must not both find an address free.
        db::epochs::raise(conn, site.id, actor.now)?;
        db::outbox::tell(conn, site.id, (crate::find::ENTRY, id.uuid()), actor.now)?;
    }
    let Working { entry, edition: latest } = working(conn, site.id, id)?;
    if latest.seal() != asked.seal {
        return Ok(Outcome::Stale);
    }
    let edition = subject(conn, site.id, &entry, latest, asked.action)?;
    let next = edition.step(actor.user, rights, site.self_approval).take(asked.action)?;
    let seen = editions::table
        .filter(editions::site_id.eq(site.id).and(editions::id.eq(edition.id)))
        .filter(editions::lock.eq(edition.lock));
    let moved = (editions::state.eq(next), editions::lock.eq(edition.lock + 1));
    if diesel::update(seen).set(moved).execute(conn)? != 1 {
        return Ok(Outcome::Stale);
    }
    remember(conn, actor, edition.id, asked)?;
    match asked.action {
        Action::Publish | Action::Restore => {
            let kind = kinds.get(&entry.kind).ok_or(Error::NotFound)?;
            show(conn, actor, site, kind, (&entry, &edition))?;
        }
        Action::Withdraw => hide(conn, actor, id)?,
        Action::Discard => fall_back(conn, actor, &entry)?,
        Action::Submit | Action::Recall | Action::Return => (),
    }
    if asked.action.is_public() {
        // Where it stood and where it stands: one may be empty now, the other filled.
        tree::tell_upwards(conn, actor, &[entry.section_id, edition.section_id])?;
        follow(conn, actor, site, (kinds, &entry))?;
    }
    let deed = Deed {
        action: asked.action.event(),
        entry: Some(id),
        edition: Some(edition.id),
        target: edition.title,
        detail: asked.remark.clone(),
        ..Deed::default()
    };
    record(conn, actor, deed)?;
    note_uses(conn, site.id, id)?;
    Ok(Outcome::Done(id))
}

/// The edition a step is about: the latest, but what is to be taken down is what the public
/// reads, whatever draft lies on top.
fn subject(
    conn: &mut Conn,
    site: SiteId,
    entry: &Entry,
    latest: Edition,
    action: Action,
) -> Result<Edition> {
    match entry.live_id {
        Some(live) if action == Action::Withdraw && live != latest.id => {
            let one = editions::table.filter(editions::site_id.eq(site).and(editions::id.eq(live)));
            Ok(one.select(Edition::as_select()).first(conn)?)
        }
        _ => Ok(latest),
    }
}

/// Notes on the edition who approved it and when, and what the approver answered. Who took it
/// down or showed it again stands in the log; the approval is not theirs.
fn remember(conn: &mut Conn, actor: Actor, edition: EditionId, asked: &Asked) -> Result<()> {
    let row =
        editions::table.filter(editions::site_id.eq(actor.site).and(editions::id.eq(edition)));
    match asked.action {
        Action::Publish => {
            let approval = (
                editions::approver_id.eq(actor.user),
                editions::decided_at.eq(actor.now),
                editions::remark.eq(""),
            );
            diesel::update(row).set(approval).execute(conn)?;
        }
        Action::Return | Action::Withdraw => {
            diesel::update(row).set(editions::remark.eq(&asked.remark)).execute(conn)?;
        }
        _ => (),
    }
    Ok(())
}

/// Makes `edition` the one the public reads, at its address. An address the public knew
/// before stays and leads here.
fn show(
    conn: &mut Conn,
    actor: Actor,
    site: &Site,
    kind: &Kind,
    (entry, edition): (&Entry, &Edition),
) -> Result<()> {
    if let Some(before) = entry.live_id.filter(|before| *before != edition.id) {
        let row = editions::table.filter(editions::site_id.eq(actor.site));
        let row = row.filter(editions::id.eq(before));
        diesel::update(row).set(editions::state.eq(State::Superseded)).execute(conn)?;
    }
    let (spot, is_page) = stand(conn, site, kind, (entry, edition))?;
    let path = spot.path(&edition.slug, is_page);
    if !is_page && !is_free(conn, actor.site, (&spot, &path), entry.id)? {
        return Err(Error::conflict(Message::new("slug.taken_since").with("path", path)));
    }
    settle(conn, actor.site, entry.id, &path)?;
    let fields = edition.field_map()?;
    let rank = kind.field(FieldRole::Rank).and_then(|field| fields.get(&field.name));
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(entry.id)));
    diesel::update(row)
        .set((
            entries::live_id.eq(edition.id),
            entries::section_id.eq(spot.section.id),
            entries::featured.eq(edition.featured),
            entries::rank.eq(rank.and_then(|text| text.parse().ok()).unwrap_or(1000)),
            entries::published_at.eq(entry.published_at.unwrap_or(actor.now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Where the edition is to be shown, and whether it is the page of its section. A translation
/// stands where its source does, and only beside one that is public.
fn stand(
    conn: &mut Conn,
    site: &Site,
    kind: &Kind,
    (entry, edition): (&Entry, &Edition),
) -> Result<(Spot, bool)> {
    if entry.locale == Locale::Vi {
        let section = place(conn, site.id, kind, edition.section_id)?;
        let is_page = owns_page(conn, site.id, &section, entry.id)?;
        return Ok((Spot::vietnamese(kind, section), is_page));
    }
    let source = source(conn, site.id, entry)?;
    if source.live_id.is_none() {
        return Err(Error::conflict("mirror.source_not_public"));
    }
    let section = tree::by_id(conn, site.id, source.section_id)?;
    let is_page = is_page_in_english(conn, site.id, &section, source.id)?;
    Ok((Spot::english(site, section), is_page))
}

/// Whether `entry` is to be the page of its section: the section is a page and no other live
/// entry is it already.
fn owns_page(conn: &mut Conn, site: SiteId, section: &Section, entry: EntryId) -> Result<bool> {
    if section.kind != SectionKind::Page {
        return Ok(false);
    }
    let holder: Option<EntryId> = addresses::table
        .inner_join(entries::table)
        .filter(addresses::site_id.eq(site).and(addresses::path.eq(format!("/{}", section.path))))
        .filter(entries::live_id.is_not_null().and(addresses::current.eq(true)))
        .select(addresses::entry_id)
        .first(conn)
        .optional()?;
    Ok(holder.is_none_or(|holder| holder == entry))
}

/// Gives `entry` the address `path`; its others lead there.
pub(super) fn settle(conn: &mut Conn, site: SiteId, entry: EntryId, path: &str) -> Result<()> {
    let mine =
        addresses::table.filter(addresses::site_id.eq(site).and(addresses::entry_id.eq(entry)));
    diesel::update(mine).set(addresses::current.eq(false)).execute(conn)?;
    // Only the page of a section can stand here already: one that was withdrawn.
    diesel::delete(addresses::table.find((site, path))).execute(conn)?;
    diesel::insert_into(addresses::table)
        .values((
            addresses::site_id.eq(site),
            addresses::path.eq(path),
            addresses::entry_id.eq(entry),
            addresses::current.eq(true),
        ))
        .execute(conn)?;
    Ok(())
}

fn hide(conn: &mut Conn, actor: Actor, entry: EntryId) -> Result<()> {
    let row = entries::table.filter(entries::site_id.eq(actor.site).and(entries::id.eq(entry)));
    diesel::update(row).set(entries::live_id.eq(None::<EditionId>)).execute(conn)?;
    Ok(())
}

/// After a draft is thrown away, the staff work on the edition before it, if there is one.
fn fall_back(conn: &mut Conn, actor: Actor, entry: &Entry) -> Result<()> {
    let before: Option<EditionId> = editions::table
        .filter(editions::site_id.eq(actor.site).and(editions::entry_id.eq(entry.id)))
        .filter(editions::state.ne(State::Discarded))
        .order(editions::number.desc())
        .select(editions::id)
        .first(conn)
        .optional()?;
    if let Some(before) = before {
        let row = entries::table.filter(entries::site_id.eq(actor.site));
        let row = row.filter(entries::id.eq(entry.id));
        diesel::update(row).set(entries::latest_id.eq(before)).execute(conn)?;
    }
    Ok(())
}
