//! Saving what translators type, and the steps of the workflow.

use std::collections::{BTreeMap, BTreeSet};

use accounts::model::Rights;
use anyhow::Context;
use base::{EntryId, Error, FieldErrors, Message, Result, Site};
use content::{
    Kinds,
    entries::{
        Draft, Translation,
        store::{self as entries, Asked, ContentId, Edition, Outcome},
    },
    model::{Action, State},
};
use db::{Conn, events::Actor, schema::translations};
use diesel::prelude::*;

use super::{Page, page, words};
use crate::model::{self, Mark, Pieces};

/// The longest note on a change, in characters.
pub const MAX_NOTE: usize = 300;

/// A translation as the form sends it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The English of each piece of the source, by its id.
    pub pieces: BTreeMap<String, String>,
    /// The pieces that were compared with the source and stay as they are.
    pub compared: BTreeSet<String>,
    /// The last part of the address; empty for one made of the title.
    pub address: String,
    /// What changed.
    pub note: String,
    /// The English edition that was seen; empty when there was none.
    pub seal: String,
    /// The number of the edition of the source that stood beside it.
    pub of: i32,
}

/// Saves what a person typed. [`Outcome::Stale`] when somebody else saved since.
pub fn save(
    conn: &mut Conn,
    actor: Actor,
    (site, kinds): (&Site, &Kinds),
    content: ContentId,
    sent: Sent,
) -> Result<Outcome> {
    let page = page(conn, site.id, content)?;
    if page.seal() != sent.seal {
        return Ok(Outcome::Stale);
    }
    let kind = kinds.get(&page.source.kind).ok_or(Error::NotFound)?;
    // What stood beside the form may have been replaced since: the text says what it was written
    // beside, and the screen then shows what has changed.
    let of = entries::edition(conn, site.id, page.source.id, sent.of)?;
    if of.state == State::Discarded {
        return Ok(Outcome::Stale);
    }
    let stood = page.carried_to(kind, &of)?;
    let pieces = model::typed(&stood, &sent.pieces, &sent.compared);
    let text = Text { pieces, address: sent.address, note: sent.note };
    put(conn, actor, (site, kinds), (&page, &of), text)
}

/// What is to be written down.
#[derive(Debug)]
pub struct Text {
    /// The English of `of`, by its pieces.
    pub pieces: Pieces,
    /// The last part of the address; empty for one made of the title.
    pub address: String,
    /// What changed.
    pub note: String,
}

/// Writes `text` as a draft of the English of `of`.
pub fn put(
    conn: &mut Conn,
    actor: Actor,
    (site, kinds): (&Site, &Kinds),
    (page, of): (&Page, &Edition),
    text: Text,
) -> Result<Outcome> {
    let kind = kinds.get(&page.source.kind).ok_or(Error::NotFound)?;
    let source = words(kind, of)?;
    let ids: BTreeSet<String> = source.pieces().into_iter().map(|piece| piece.id).collect();
    let mut pieces = text.pieces;
    pieces.retain(|id, _| ids.contains(id));
    let english = source.translated(&model::texts(&pieces));
    let translation = Translation {
        title: english.title,
        summary: english.summary,
        body: english.body,
        fields: model::fields(kind, &english.fields, &of.field_map()?),
        address: text.address,
        featured: of.featured,
        note: text.note,
    };
    let section = page.source.section_id;
    let draft = Draft::translation(site, kind, section, translation).map_err(|err| {
        // The body has no field of its own on the translators' screen.
        renamed(err, kind)
    })?;
    let outcome = match (&page.english, &page.latest) {
        (Some(english), Some(latest)) => {
            entries::save(conn, actor, kind, (english.id, &latest.edition.seal()), draft)?
        }
        _ => entries::create_translation(conn, actor, kind, page.source.id, draft)?,
    };
    if let Outcome::Done(id) = outcome {
        remember(conn, site, id, (of, &pieces))?;
    }
    Ok(outcome)
}

/// Errors by the ids of pieces, as the screen has them.
fn renamed(err: Error, kind: &content::kinds::Kind) -> Error {
    let Error::Invalid(errors) = err else { return err };
    let field = |name: &str| {
        let field = name.strip_prefix("field_")?;
        kind.fields.iter().any(|it| it.name == field).then(|| format!("piece-field-{field}"))
    };
    let name = |name: &str| match name {
        "title" | "summary" => format!("piece-{name}"),
        "body" => "form".to_owned(),
        other => field(other).unwrap_or_else(|| other.to_owned()),
    };
    let errors: FieldErrors =
        errors.into_iter().map(|(key, message)| (name(&key).into(), message)).collect();
    Error::Invalid(errors)
}

/// Notes what the edition that was just saved says.
fn remember(
    conn: &mut Conn,
    site: &Site,
    english: EntryId,
    (of, pieces): (&Edition, &Pieces),
) -> Result<()> {
    let edition = entries::working(conn, site.id, english)?.edition.id;
    let machine = pieces.values().any(|said| said.mark == Some(Mark::Machine));
    let json = serde_json::to_string(pieces).context("pieces to JSON")?;
    let row = translations::table
        .filter(translations::site_id.eq(site.id).and(translations::edition_id.eq(edition)));
    diesel::delete(row).execute(conn)?;
    diesel::insert_into(translations::table)
        .values((
            translations::edition_id.eq(edition),
            translations::site_id.eq(site.id),
            translations::source_id.eq(of.id),
            translations::pieces.eq(json),
            translations::machine.eq(machine),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a step of the workflow with the English of `content`.
pub fn act(
    conn: &mut Conn,
    (actor, rights): (Actor, Rights),
    (site, kinds): (&Site, &Kinds),
    content: ContentId,
    asked: &Asked,
) -> Result<Outcome> {
    let page = page(conn, site.id, content)?;
    let english = page.english.as_ref().ok_or(Error::NotFound)?;
    if matches!(asked.action, Action::Submit | Action::Publish | Action::Restore) {
        check(&page, asked.action)?;
    }
    entries::act(conn, (actor, rights), site, kinds, english.id, asked)
}

/// Whether the English can go to the public: it has a headline, and says what the public has read
/// in Vietnamese.
fn check(page: &Page, action: Action) -> Result<()> {
    let Some(latest) = &page.latest else { return Ok(()) };
    if latest.edition.title.trim().is_empty() {
        return Err(Error::field("piece-title", "mirror.title_missing"));
    }
    if action == Action::Submit {
        return Ok(());
    }
    if page.source.live_id.is_none() {
        return Err(Error::conflict("mirror.source_not_public"));
    }
    match super::was_public(latest.of.state) {
        true => Ok(()),
        false => {
            Err(Error::conflict(Message::new("mirror.ahead").with("number", latest.of.number)))
        }
    }
}
