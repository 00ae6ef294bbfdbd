//! The page of a section: a list, people, children, or what it is empty of.

use base::{Error, Locale, Message};
use serde::Serialize;
use theme::Html;
use web::{Crumb, Cx, Head, Pager, Response, Result, Said, header};

use super::{
    feeds, map,
    store::{self, Live, Part, Sizes},
    views::{Card, PersonView, cards as cards_of, person, picture_sizes, trail},
};
use crate::{
    kinds::{FieldRole, Kinds},
    sections::{Section, SectionKind},
};

/// How many entries a page of a list holds.
const PER_PAGE: i64 = 20;

/// What the database has for the page of a section.
pub(super) struct SectionFacts {
    section: Section,
    tree: Vec<Section>,
    lives: Vec<Live>,
    total: i64,
    /// What nobody translated, on the first page of an English list.
    untranslated: Vec<Live>,
    sizes: Sizes,
}

/// How many entries an English list shows of what is not translated.
const UNTRANSLATED: i64 = 10;

/// Reads what page `page` of the section shows.
pub(super) fn facts(
    conn: &mut db::Conn,
    site: &base::Site,
    kinds: &Kinds,
    (section, tree): (Section, Vec<Section>),
    page: i64,
) -> base::Result<SectionFacts> {
    let mut untranslated = Vec::new();
    let (lives, total) = match (section.module.as_str(), section.kind) {
        ("leaders" | "contacts", _) => (officials(conn, site.id, kinds)?, 0),
        ("sitemap" | "feeds", _) | (_, SectionKind::Group | SectionKind::Link) => (Vec::new(), 0),
        _ => {
            let part = Part::Below(section.path.clone());
            let slice = ((page - 1) * PER_PAGE, PER_PAGE);
            if site.locale != Locale::Vi && page == 1 {
                untranslated = store::untranslated(conn, site.id, &part, UNTRANSLATED)?;
            }
            let lives = store::latest(conn, site.id, site.locale, &part, slice)?;
            (lives, store::count(conn, site.id, site.locale, &part)?)
        }
    };
    let shown: Vec<Live> = lives.iter().chain(&untranslated).cloned().collect();
    let sizes = picture_sizes(conn, site.id, kinds, &shown)?;
    Ok(SectionFacts { section, tree, lives, total, untranslated, sizes })
}

/// Entries of the kinds that have an order of protocol. Their records are Vietnamese in every
/// language: English pages are made from them.
pub fn officials(
    conn: &mut db::Conn,
    site: base::SiteId,
    kinds: &Kinds,
) -> base::Result<Vec<Live>> {
    let ranked = kinds.iter().filter(|kind| kind.field(FieldRole::Rank).is_some());
    let ids: Vec<String> = ranked.map(|kind| kind.id.clone()).collect();
    store::ranked(conn, site, Locale::Vi, &ids)
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
    untranslated: Vec<Card>,
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
    lang: Option<&'static str>,
    path: String,
    kind: SectionKind,
    hint: String,
}

#[derive(Serialize)]
struct Sibling {
    label: String,
    lang: Option<&'static str>,
    path: String,
    current: bool,
}

#[derive(Serialize)]
struct Child {
    label: String,
    lang: Option<&'static str>,
    path: String,
    summary: Option<String>,
}

#[derive(Serialize)]
struct PeopleGroup {
    unit: Said,
    people: Vec<PersonView>,
}

#[derive(Serialize)]
struct FeedLinks {
    rss: String,
    atom: String,
}

/// Draws the page.
pub(super) fn draw(cx: &Cx, kinds: &Kinds, facts: SectionFacts, page: i64) -> Result<Response> {
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
    let SectionFacts { section, tree, lives, total, untranslated, sizes } = facts;
    let address = section.address();
    let is_people = matches!(section.module.as_str(), "leaders" | "contacts");
    let shown = |live: &&Live| section.module != "leaders" || live.section_path == section.path;
    let people = lives.iter().filter(|_| is_people).filter(shown);
    let people = people.map(|live| person(cx, kinds, live, &sizes));
    let people: Vec<PersonView> = people.collect::<base::Result<_>>()?;
    let groups = by_unit(cx, &people, section.module == "contacts");
    let cards = if is_people { Vec::new() } else { cards_of(cx, kinds, &lives, &sizes)? };
    let others = cards_of(cx, kinds, &untranslated, &sizes)?;
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
            && untranslated.is_empty()
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
            lang: section.lang,
            path: address,
            kind: section.kind,
            hint: String::new(),
        },
        children,
        cards,
        untranslated: others,
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
        let unit = match person.unit.text.is_empty() {
            true => Said::plain(&cx.site.unit_name),
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
            lang: it.lang,
            path: it.address(),
            current: it.id == section.id,
        })
        .collect()
}

fn children(tree: &[Section], section: &Section) -> Vec<Child> {
    let below = tree.iter().filter(|it| it.visible && it.parent() == Some(section.path.as_str()));
    below
        .map(|it| Child {
            label: it.label.clone(),
            lang: it.lang,
            path: it.address(),
            summary: None,
        })
        .collect()
}
