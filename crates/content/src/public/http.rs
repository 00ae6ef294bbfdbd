//! Sections and entries, as visitors meet them.

use base::{EntryId, Error, Message};
use serde::{Deserialize, Serialize};
use theme::Html;
use web::{Cx, Data, Head, Pager, Path, Query, Request, Response, Result, Routes, get, header};

use super::{
    feeds, map,
    store::{self, Found, Live, Part, Sizes},
    views::{
        Card, Crumb, Facts, FieldView, PersonView, PictureView, about, body, cards, person,
        picture_sizes, trail,
    },
};
use crate::{
    entries::store as entries,
    kinds::{FieldRole, Kinds},
    sections::{Section, SectionKind, store as tree},
};
use accounts::{Can, See};

/// Every public address with a fixed name.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/rss.xml", get().to(feeds::site_rss))
        .route("/atom.xml", get().to(feeds::site_atom))
        .route("/sitemap.xml", get().to(map::index))
        .route("/sitemap/{number}.xml", get().to(map::sheet))
        .route("/robots.txt", get().to(map::robots));
}

const PER_PAGE: i64 = 20;

/// The query of a public page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    trang: String,
    luu: String,
}

/// What lies at an address.
enum Place {
    Entry(Box<EntryFacts>),
    Section(Box<SectionFacts>),
    Moved(String),
    Gone,
}

struct EntryFacts {
    live: Live,
    tree: Vec<Section>,
    related: Vec<Live>,
    others: Vec<Live>,
    sizes: Sizes,
}

struct SectionFacts {
    section: Section,
    tree: Vec<Section>,
    lives: Vec<Live>,
    total: i64,
    sizes: Sizes,
}

/// Any other address: an entry, a section, a feed of a section, or nothing.
pub async fn show(
    cx: Cx,
    req: Request,
    kinds: Data<Kinds>,
    query: Query<Asked>,
) -> Result<Response> {
    if req.method().as_str() != "GET" {
        return Err(Error::NotFound.into());
    }
    let path = plain(&cx.path)?;
    if path.len() > 1 && path.ends_with('/') {
        return Ok(moved(path.trim_end_matches('/')));
    }
    let page = web::page_number(&query.trang);
    if let Some(section) = path.strip_suffix("/rss.xml") {
        return feeds::section(&cx, &kinds, section, (feeds::Format::Rss, page)).await;
    }
    if let Some(section) = path.strip_suffix("/atom.xml") {
        return feeds::section(&cx, &kinds, section, (feeds::Format::Atom, page)).await;
    }
    let (at, all) = (path.to_owned(), kinds.clone());
    let place = cx.read(move |conn, site| find(conn, site.id, &all, &at, page)).await?;
    match place {
        Place::Entry(facts) => entry_page(&cx, &kinds, *facts, !query.luu.is_empty()),
        Place::Section(facts) => section_page(&cx, &kinds, *facts, page),
        Place::Moved(to) => Ok(moved(&to)),
        Place::Gone => Err(Error::Gone.into()),
    }
}

/// The path, if it can be an address at all: ours are small letters, digits, hyphens, slashes
/// and the dots of file names.
fn plain(path: &str) -> Result<&str, Error> {
    let letters = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '/' | '.');
    let odd = path.len() > 300 || path.contains("//") || path.contains("..");
    if path.chars().all(letters) && !odd { Ok(path) } else { Err(Error::NotFound) }
}

fn moved(to: &str) -> Response {
    Response::MovedPermanently().insert_header((header::LOCATION, to)).finish()
}

fn find(
    conn: &mut db::Conn,
    site: base::SiteId,
    kinds: &Kinds,
    path: &str,
    page: i64,
) -> base::Result<Place> {
    let found = store::at(conn, site, path)?;
    match found {
        Some(Found::Live(live)) => {
            return Ok(Place::Entry(Box::new(entry_facts(conn, site, kinds, *live)?)));
        }
        Some(Found::Moved(to)) => return Ok(Place::Moved(to)),
        Some(Found::Gone) | None => (),
    }
    let tree = tree::tree(conn, site)?;
    let wanted = path.trim_start_matches('/');
    let section = tree.iter().find(|section| section.path == wanted);
    match section.filter(|_| is_visible(&tree, wanted)) {
        Some(section) => {
            let section = section.clone();
            let facts = section_facts(conn, site, kinds, (section, tree), page)?;
            Ok(Place::Section(Box::new(facts)))
        }
        None if found.is_some() => Ok(Place::Gone),
        None => Err(Error::NotFound),
    }
}

/// A section is seen when it and everything above it is.
fn is_visible(tree: &[Section], path: &str) -> bool {
    tree.iter().filter(|section| section.holds(path)).all(|section| section.visible)
}

fn entry_facts(
    conn: &mut db::Conn,
    site: base::SiteId,
    kinds: &Kinds,
    live: Live,
) -> base::Result<EntryFacts> {
    let is_ranked = kinds.get(&live.kind).is_some_and(|it| it.field(FieldRole::Rank).is_some());
    let related = match is_ranked {
        true => Vec::new(),
        false => store::related(conn, site, &live, 4)?,
    };
    let mut others = match is_ranked {
        true => store::ranked(conn, site, std::slice::from_ref(&live.kind))?,
        false => Vec::new(),
    };
    others.retain(|other| other.id != live.id && other.section_id == live.section_id);
    let mut shown = vec![live];
    shown.extend(related.iter().chain(&others).cloned());
    let sizes = picture_sizes(conn, site, kinds, &shown)?;
    let live = shown.swap_remove(0);
    Ok(EntryFacts { live, tree: tree::tree(conn, site)?, related, others, sizes })
}

fn section_facts(
    conn: &mut db::Conn,
    site: base::SiteId,
    kinds: &Kinds,
    (section, tree): (Section, Vec<Section>),
    page: i64,
) -> base::Result<SectionFacts> {
    let (lives, total) = match (section.module.as_str(), section.kind) {
        ("leaders" | "contacts", _) => (officials(conn, site, kinds)?, 0),
        ("sitemap" | "feeds", _) | (_, SectionKind::Group | SectionKind::Link) => (Vec::new(), 0),
        _ => {
            let part = Part::Below(section.path.clone());
            let slice = ((page - 1) * PER_PAGE, PER_PAGE);
            (store::latest(conn, site, &part, slice)?, store::count(conn, site, &part)?)
        }
    };
    let sizes = picture_sizes(conn, site, kinds, &lives)?;
    Ok(SectionFacts { section, tree, lives, total, sizes })
}

/// Entries of the kinds that have an order of protocol.
pub fn officials(
    conn: &mut db::Conn,
    site: base::SiteId,
    kinds: &Kinds,
) -> base::Result<Vec<Live>> {
    let ranked = kinds.iter().filter(|kind| kind.field(FieldRole::Rank).is_some());
    let ids: Vec<String> = ranked.map(|kind| kind.id.clone()).collect();
    store::ranked(conn, site, &ids)
}

#[derive(Serialize)]
struct EntryPage {
    head: Head,
    trail: Vec<Crumb>,
    section: Crumb,
    entry: EntryView,
    person: Option<ProfileView>,
    share: Share,
    save_path: String,
    related: Vec<Card>,
    others: Vec<PersonView>,
    previous_editions_note: Option<String>,
}

#[derive(Serialize)]
struct EntryView {
    title: String,
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
    position: String,
    unit: String,
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
    let url = format!("{}{}", cx.site.url, live.path);
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

fn entry_page(cx: &Cx, kinds: &Kinds, facts: EntryFacts, save: bool) -> Result<Response> {
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
    let EntryFacts { live, tree, related, others, sizes } = facts;
    let fields = Facts::of(kinds, &live)?;
    let picture = fields.picture_view(&sizes, false);
    let is_section_page = live.path == format!("/{}", live.section_path);
    let last = Crumb { label: live.title.clone(), path: live.path.clone() };
    let last = (!is_section_page).then_some(last);
    let changed = live.number > 1 && live.decided_at != live.published_at;
    let updated = live.decided_at.filter(|_| changed);
    let mut rest = fields.rest();
    rest.extend(fields.expiry());
    let text = |role| fields.get(role).map(str::to_owned);
    let person = fields.get(FieldRole::Position).map(|position| ProfileView {
        name: live.title.clone(),
        position: position.to_owned(),
        unit: text(FieldRole::Unit).unwrap_or_default(),
        phone: text(FieldRole::Phone).unwrap_or_default(),
        email: text(FieldRole::Email).unwrap_or_default(),
        picture: picture.clone(),
        biography: (!live.html.is_empty()).then(|| body(&live)),
        duties: text(FieldRole::Duties).unwrap_or_default(),
        fields: fields.rest(),
    });
    let head = Head::new(cx, &about(&fields, &live, picture.as_ref()));
    let section = format!("/{}", live.section_path);
    Ok(EntryPage {
        head: head.with_feeds(&live.section_label, &section),
        trail: trail(cx, &tree, &live.section_path, last),
        section: Crumb { label: live.section_label.clone(), path: section },
        share: share(cx, &live),
        save_path: format!("{}?luu=1", live.path),
        related: cards(kinds, &related, &sizes)?,
        others: others
            .iter()
            .map(|other| person_of(kinds, other, &sizes))
            .collect::<Result<_>>()?,
        previous_editions_note: None,
        person,
        entry: EntryView {
            kind_label: match is_section_page {
                true => String::new(),
                false => live.section_label.clone(),
            },
            author: text(FieldRole::Author),
            source: text(FieldRole::SourceName)
                .map(|name| Source { name, url: text(FieldRole::SourceUrl) }),
            published: live.published_at.map(base::time::minute).unwrap_or_default(),
            published_iso: live.published_at.map(base::time::rfc3339).unwrap_or_default(),
            updated: updated.map(base::time::minute),
            updated_iso: updated.map(base::time::rfc3339).unwrap_or_default(),
            body: body(&live),
            title: live.title,
            summary: live.summary,
            fields: rest,
            note: None,
            picture,
        },
    })
}

fn person_of(kinds: &Kinds, live: &Live, sizes: &Sizes) -> Result<PersonView> {
    Ok(person(kinds, live, sizes)?)
}

#[derive(Serialize)]
struct SectionPage {
    head: Head,
    trail: Vec<Crumb>,
    section: SectionView,
    siblings: Vec<Sibling>,
    children: Vec<Child>,
    body: Option<Html>,
    updated: Option<String>,
    cards: Vec<Card>,
    people: Vec<PersonView>,
    groups: Vec<PeopleGroup>,
    pager: Option<Pager>,
    feeds: Option<FeedLinks>,
    empty: bool,
    not_applicable: Option<String>,
}

#[derive(Serialize)]
struct SectionView {
    label: String,
    path: String,
    kind: SectionKind,
    hint: String,
}

#[derive(Serialize)]
struct Sibling {
    label: String,
    path: String,
    current: bool,
}

#[derive(Serialize)]
struct Child {
    label: String,
    path: String,
    summary: Option<String>,
}

#[derive(Serialize)]
struct PeopleGroup {
    unit: String,
    people: Vec<PersonView>,
}

#[derive(Serialize)]
struct FeedLinks {
    rss: String,
    atom: String,
}

fn section_page(cx: &Cx, kinds: &Kinds, facts: SectionFacts, page: i64) -> Result<Response> {
    match facts.section.module.as_str() {
        "sitemap" => return map::page(cx, &facts.tree),
        "feeds" => return feeds::page(cx, &facts.tree),
        _ => (),
    }
    if facts.section.kind == SectionKind::Link {
        return Ok(Response::Found()
            .insert_header((header::LOCATION, facts.section.url.clone()))
            .finish());
    }
    let template = match facts.section.module.as_str() {
        "leaders" => "content/leaders.html",
        "contacts" => "content/contacts.html",
        _ => "content/section.html",
    };
    let view = section_view(cx, kinds, facts, page)?;
    // A page past the end of a list is not there.
    if page > 1 && view.cards.is_empty() {
        return Err(Error::NotFound.into());
    }
    cx.page(template, &view)
}

fn section_view(cx: &Cx, kinds: &Kinds, facts: SectionFacts, page: i64) -> Result<SectionPage> {
    let SectionFacts { section, tree, lives, total, sizes } = facts;
    let address = section.address();
    let is_people = matches!(section.module.as_str(), "leaders" | "contacts");
    let mut people = Vec::new();
    if is_people {
        people = lives.iter().map(|live| person_of(kinds, live, &sizes)).collect::<Result<_>>()?;
    }
    let groups = by_unit(cx, &people, section.module == "contacts");
    if section.module == "leaders" {
        let here = |live: &&Live| live.section_path == section.path;
        people = lives
            .iter()
            .filter(here)
            .map(|live| person_of(kinds, live, &sizes))
            .collect::<Result<_>>()?;
    }
    let cards = if is_people { Vec::new() } else { cards(kinds, &lives, &sizes)? };
    let pager = Pager::new(page, total, PER_PAGE, |page| format!("{address}?trang={page}"));
    let (prev, next) = match &pager {
        Some(pager) => (pager.previous.clone(), pager.next.clone()),
        None => (None, None),
    };
    let description = cx.say(
        &Message::new("section.about").with("label", &section.label).with("site", &cx.site.name),
    );
    let about = web::About { title: section.label.clone(), description, ..web::About::default() };
    let is_list = !is_people && section.kind != SectionKind::Group;
    let children = children(&tree, &section);
    Ok(SectionPage {
        head: Head::new(cx, &about).with_feeds(&section.label, &address).between(prev, next),
        trail: trail(cx, &tree, &section.path, None),
        siblings: siblings(&tree, &section),
        empty: section.reason.is_none()
            && cards.is_empty()
            && people.is_empty()
            && groups.is_empty()
            && children.is_empty(),
        feeds: is_list.then(|| FeedLinks {
            rss: format!("{address}/rss.xml"),
            atom: format!("{address}/atom.xml"),
        }),
        not_applicable: section.reason.clone(),
        body: None,
        updated: None,
        section: SectionView {
            label: section.label,
            path: address,
            kind: section.kind,
            hint: String::new(),
        },
        children,
        cards,
        people,
        groups,
        pager,
    })
}

/// Officials under the names of their units, in the order the units first appear. The
/// directory names contact officers and those who can be reached at all.
fn by_unit(cx: &Cx, people: &[PersonView], wanted: bool) -> Vec<PeopleGroup> {
    let mut groups: Vec<PeopleGroup> = Vec::new();
    for person in people.iter().filter(|_| wanted) {
        let unit = match person.unit.is_empty() {
            true => cx.site.unit_name.clone(),
            false => person.unit.clone(),
        };
        match groups.iter_mut().find(|group| group.unit == unit) {
            Some(group) => group.people.push(person.clone()),
            None => groups.push(PeopleGroup { unit, people: vec![person.clone()] }),
        }
    }
    groups
}

fn siblings(tree: &[Section], section: &Section) -> Vec<Sibling> {
    if section.parent().is_none() {
        return Vec::new();
    }
    let beside = tree.iter().filter(|it| it.visible && it.parent() == section.parent());
    beside
        .map(|it| Sibling {
            label: it.label.clone(),
            path: it.address(),
            current: it.id == section.id,
        })
        .collect()
}

fn children(tree: &[Section], section: &Section) -> Vec<Child> {
    let below = tree.iter().filter(|it| it.visible && it.parent() == Some(section.path.as_str()));
    below.map(|it| Child { label: it.label.clone(), path: it.address(), summary: None }).collect()
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
            entry_facts(conn, site.id, &all, live)
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
