//! The page of an entry.

use anyhow::Context;
use base::{EntryId, Error, Locale, Message};
use serde::Serialize;
use theme::Html;
use web::{Crumb, Cx, Data, Head, Path, Response, Result, Said, header};

use super::{
    citations::{Lapsed, LapsedView},
    mirror::{MirrorNote, Standing},
    store::{self, Live, Sizes},
    views::{
        Card, Facts, FieldView, PersonView, PictureView, about, body, cards, foreign, person,
        picture_sizes, said, section_crumb, trail,
    },
};
use crate::{
    entries::store as entries,
    kinds::{FieldRole, Kinds},
    sections::{Section, store as tree},
};
use accounts::{Can, See};

/// What the database has for the page of an entry.
pub(super) struct EntryFacts {
    pub(super) live: Live,
    /// Told by another feature.
    pub(super) lapsed: Vec<Lapsed>,
    /// Told by another feature.
    standing: Option<Standing>,
    /// Its address in the other language.
    counterpart: Option<String>,
    tree: Vec<Section>,
    related: Vec<Live>,
    others: Vec<Live>,
    sizes: Sizes,
}

impl EntryFacts {
    /// Takes in how far the entry, a translation, is behind; its facts are those of the source.
    pub(super) fn tell(&mut self, standing: Option<Standing>) -> base::Result<()> {
        if let Some(standing) = &standing {
            self.live.fields = serde_json::to_string(&standing.fields).context("fields to JSON")?;
        }
        self.standing = standing;
        Ok(())
    }
}

/// Reads what the page of `live` shows; with it comes its address in the other language.
pub(super) fn facts(
    conn: &mut db::Conn,
    site: &base::Site,
    kinds: &Kinds,
    (live, counterpart): (Live, Option<String>),
) -> base::Result<EntryFacts> {
    let is_ranked = kinds.get(&live.kind).is_some_and(|it| it.field(FieldRole::Rank).is_some());
    let related = match is_ranked {
        true => Vec::new(),
        false => store::related(conn, site.id, live.locale, &live, 4)?,
    };
    let mut others = match is_ranked {
        true => store::ranked(conn, site.id, Locale::Vi, std::slice::from_ref(&live.kind))?,
        false => Vec::new(),
    };
    others.retain(|other| other.id != live.id && other.section_id == live.section_id);
    let mut shown = vec![live];
    shown.extend(related.iter().chain(&others).cloned());
    let sizes = picture_sizes(conn, site.id, kinds, &shown)?;
    let live = shown.swap_remove(0);
    let tree = tree::named(conn, site)?;
    let (lapsed, standing) = (Vec::new(), None);
    Ok(EntryFacts { live, lapsed, standing, counterpart, tree, related, others, sizes })
}

#[derive(Serialize)]
struct EntryPage {
    head: Head,
    mirror: Option<MirrorNote>,
    trail: Vec<Crumb>,
    section: Crumb,
    entry: EntryView,
    person: Option<ProfileView>,
    share: Share,
    save_path: String,
    related: Vec<Card>,
    others: Vec<PersonView>,
    lapsed: Vec<LapsedView>,
    previous_editions_note: Option<String>,
}

#[derive(Serialize)]
struct EntryView {
    title: String,
    /// The language of what was written, where it is not the page's.
    lang: Option<&'static str>,
    summary: String,
    body: Html,
    kind_label: String,
    author: Option<String>,
    source: Option<Source>,
    published: String,
    published_iso: String,
    updated: Option<String>,
    updated_iso: String,
    picture: Option<PictureView>,
    fields: Vec<FieldView>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Source {
    name: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct ProfileView {
    name: String,
    position: Said,
    unit: Said,
    phone: String,
    email: String,
    picture: Option<PictureView>,
    biography: Option<Html>,
    duties: String,
    fields: Vec<FieldView>,
}

/// Plain links: no script of anybody else's runs on our pages.
#[derive(Serialize)]
struct Share {
    url: String,
    title: String,
    email: String,
    facebook: String,
    x: String,
    zalo: Option<String>,
}

fn share(cx: &Cx, live: &Live) -> Share {
    let url = cx.address(&live.path);
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let spaced = |text: &str| encode(text).replace('+', "%20");
    Share {
        email: format!("mailto:?subject={}&body={}", spaced(&live.title), spaced(&url)),
        facebook: format!("https://www.facebook.com/sharer/sharer.php?u={}", encode(&url)),
        x: format!("https://x.com/intent/post?url={}", encode(&url)),
        zalo: None,
        title: live.title.clone(),
        url,
    }
}

/// Draws the page, or gives it to be saved.
pub(super) fn draw(cx: &Cx, kinds: &Kinds, facts: EntryFacts, save: bool) -> Result<Response> {
    let template = kinds.get(&facts.live.kind).map(|kind| kind.template.clone());
    let template = template.ok_or(Error::NotFound)?;
    let path = facts.live.path.clone();
    let view = entry_view(cx, kinds, facts)?;
    if !save {
        return cx.page(&template, &view);
    }
    let html = cx.render(&cx.site.theme, "content/save.html", &None::<()>, &view)?;
    let name = path.rsplit('/').next().unwrap_or("bai").to_owned();
    let attachment = format!("attachment; filename=\"{name}.html\"");
    Ok(Response::Ok()
        .content_type(header::ContentType::html())
        .insert_header((header::CONTENT_DISPOSITION, attachment))
        .body(html))
}

fn entry_view(cx: &Cx, kinds: &Kinds, facts: EntryFacts) -> Result<EntryPage> {
    let EntryFacts { live, lapsed, standing, counterpart, tree, related, others, sizes } = facts;
    let fields = Facts::of(kinds, &live)?;
    let picture = fields.picture_view(cx, &sizes, false);
    let section = section_crumb(cx, &live);
    let is_section_page = cx.address(&live.path) == cx.address(&section.path);
    let last = Crumb::new(&live.title, &live.path).in_language(foreign(cx, &live));
    let last = (!is_section_page).then_some(last);
    let changed = live.number > 1 && live.decided_at != live.published_at;
    let updated = live.decided_at.filter(|_| changed);
    let mut rest = fields.rest(cx);
    rest.extend(fields.expiry(cx));
    let text = |role| fields.get(role).map(str::to_owned);
    let profile = profile(cx, &live, &fields, picture.as_ref());
    let mirror = MirrorNote::new(cx, &live, standing.as_ref(), counterpart.as_deref());
    let mirror = mirror.filter(|_| profile.is_none() || !live.html.is_empty());
    let head = Head::new(cx, &about(cx, &fields, &live, picture.as_ref()));
    let head = head.with_feeds(&section.label, &section.path);
    Ok(EntryPage {
        head: in_languages(cx, head, &live, (profile.is_some(), counterpart)),
        mirror,
        trail: trail(cx, &tree, &live.section_path, last),
        share: share(cx, &live),
        save_path: format!("{}?luu=1", live.path),
        related: cards(cx, kinds, &related, &sizes)?,
        others: others
            .iter()
            .map(|other| person(cx, kinds, other, &sizes))
            .collect::<base::Result<_>>()?,
        lapsed: lapsed.into_iter().map(|it| LapsedView::new(cx, it)).collect(),
        previous_editions_note: None,
        person: profile,
        entry: EntryView {
            kind_label: match is_section_page {
                true => String::new(),
                false => section.label.clone(),
            },
            lang: foreign(cx, &live),
            author: text(FieldRole::Author),
            source: text(FieldRole::SourceName)
                .map(|name| Source { name, url: text(FieldRole::SourceUrl) }),
            published: live.published_at.map(|at| cx.minute(at)).unwrap_or_default(),
            published_iso: live.published_at.map(base::time::rfc3339).unwrap_or_default(),
            updated: updated.map(|at| cx.minute(at)),
            updated_iso: updated.map(base::time::rfc3339).unwrap_or_default(),
            body: body(&live),
            title: live.title,
            summary: live.summary,
            fields: rest,
            note: None,
            picture,
        },
        section,
    })
}

/// What is told of a person, where the entry is one.
fn profile(
    cx: &Cx,
    live: &Live,
    fields: &Facts<'_>,
    picture: Option<&PictureView>,
) -> Option<ProfileView> {
    let position = fields.get(FieldRole::Position)?;
    let text = |role| fields.get(role).unwrap_or_default();
    Some(ProfileView {
        name: cx.person(&live.title),
        position: said(cx, live.locale, position),
        unit: said(cx, live.locale, text(FieldRole::Unit)),
        phone: cx.phone(text(FieldRole::Phone)),
        email: text(FieldRole::Email).to_owned(),
        picture: picture.cloned(),
        biography: (!live.html.is_empty()).then(|| body(live)),
        duties: text(FieldRole::Duties).to_owned(),
        fields: fields.rest(cx),
    })
}

/// The head with the addresses of the page in both languages. What an English page tells of a
/// person is made from the record, so it is always in both; other Vietnamese on an English page is
/// for readers, not for indexes.
fn in_languages(
    cx: &Cx,
    head: Head,
    live: &Live,
    (is_person, counterpart): (bool, Option<String>),
) -> Head {
    let made = || is_person.then(|| cx.other(&live.path));
    let head = head.with_counterpart(cx, counterpart.or_else(made));
    let is_left = foreign(cx, live).is_some() && !is_person;
    if is_left { head.hidden() } else { head }
}

/// The latest edition of an entry as readers would see it, for the staff of its site only.
pub async fn preview(who: Can<See>, kinds: Data<Kinds>, id: Path<String>) -> Result<Response> {
    let id = EntryId::parse(&id).ok_or(Error::NotFound)?;
    let all = kinds.clone();
    let facts = who
        .cx
        .read(move |conn, site| {
            let working = entries::working(conn, site.id, id)?;
            let section = tree::by_id(conn, site.id, working.edition.section_id)?;
            let edition = working.edition;
            let live = Live {
                id,
                locale: Locale::Vi,
                kind: working.entry.kind,
                section_id: section.id,
                section_path: section.path,
                section_label: section.label,
                path: format!("/quan-tri/tin-bai/{id}/xem"),
                title: edition.title,
                summary: edition.summary,
                html: edition.html,
                fields: edition.fields,
                number: edition.number,
                published_at: working.entry.published_at.or(Some(edition.updated_at)),
                decided_at: Some(edition.updated_at),
            };
            facts(conn, site, &all, (live, None))
        })
        .await?;
    let kind = kinds.get(&facts.live.kind).ok_or(Error::NotFound)?;
    let mut view = entry_view(&who.cx, &kinds, facts)?;
    view.head = view.head.hidden();
    view.entry.note = Some(who.cx.say(&Message::new("entry.preview")));
    let mut page = who.cx.page(&kind.template, &view)?;
    let never = header::HeaderValue::from_static("no-store");
    page.headers_mut().insert(header::CACHE_CONTROL, never);
    Ok(page)
}
