//! The register: documents of a site, or of the whole province, filtered by a plain form.

use base::{Message, Site};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use content::{
    Kinds,
    public::{Card, card, picture_sizes, store as entries, trail},
    sections::{Section, store as tree},
};
use db::Conn;
use serde::Serialize;
use web::{About, Crumb, Cx, Head, Pager, Response, Result, Said};

use super::{
    asked::{self, Asked, NAMES, Query},
    form::{FormView, form},
    links::{Badge, Labels, badge},
};
use crate::{
    Vocabulary,
    model::effect::Status,
    store::{
        Document, Home, Places,
        issuers::{self, Names},
        list::{self, Counts, Lens},
        places,
    },
    vocabulary::Shelf,
};

/// The section all registers lie in or below.
pub(super) const ROOT: &str = "van-ban";

/// How many documents a page of the register holds.
pub(super) const PER_PAGE: i64 = 20;

/// How many entries of the section stand below the documents.
const ENTRIES: i64 = 6;

/// What the database has for a page of the register.
pub(super) struct Facts {
    pub(super) asked: Asked,
    pub(super) lens: Lens,
    pub(super) documents: Vec<Document>,
    pub(super) total: i64,
    pub(super) names: Names,
    pub(super) places: Places,
    pub(super) counts: Counts,
    /// What was withdrawn of late, on the first page of a list for programs.
    pub(super) withdrawn: Vec<Document>,
    tree: Vec<Section>,
    section: Option<Section>,
    written: Vec<entries::Live>,
    sizes: entries::Sizes,
}

/// What is asked of the register.
#[derive(Clone)]
pub(super) struct Request {
    /// The query.
    pub(super) query: Query,
    /// Which page; feeds have longer ones.
    pub(super) page: i64,
    /// How many documents to a page.
    pub(super) per_page: i64,
    /// Today.
    pub(super) today: NaiveDate,
}

/// Where a register stands: the section at `/van-ban/<so>`, or all of it.
pub(super) fn shelf<'a>(words: &'a Vocabulary, query: &Query) -> Option<&'a Shelf> {
    words.shelf(&format!("{ROOT}/{}", query.get("so")))
}

/// Reads a page of documents and nothing else.
pub(super) fn documents(
    conn: &mut Conn,
    site: &Site,
    words: &Vocabulary,
    request: &Request,
) -> base::Result<Facts> {
    let shelf = shelf(words, &request.query);
    let asked = asked::read(conn, site, words, (&request.query, shelf), request.today)?;
    let lens = list::lens(conn, asked.filter.clone())?;
    let slice = ((request.page - 1) * request.per_page, request.per_page);
    let documents = list::page(conn, &lens, asked.order, slice)?;
    let ids = documents.iter().map(|it| it.issuer_id).collect();
    Ok(Facts {
        names: issuers::named(conn, Home::from(site).portal, ids)?,
        places: places(conn, documents.iter().map(|it| it.site_id).collect())?,
        total: list::count(conn, &lens)?,
        asked,
        lens,
        documents,
        counts: Counts::default(),
        withdrawn: Vec::new(),
        tree: Vec::new(),
        section: None,
        written: Vec::new(),
        sizes: entries::Sizes::new(),
    })
}

/// How long a program is told that a document was withdrawn: longer than any stays away.
const TOLD: TimeDelta = TimeDelta::days(90);

/// The most withdrawn documents that a list for programs tells.
const MOST_TOLD: i64 = 100;

/// A page of a list for programs, which are also told what they should forget.
pub(super) fn listed(
    conn: &mut Conn,
    site: &Site,
    words: &Vocabulary,
    (request, now): (&Request, NaiveDateTime),
) -> base::Result<Facts> {
    let mut facts = documents(conn, site, words, request)?;
    if request.page == 1 {
        facts.withdrawn = list::withdrawn(conn, &facts.lens, (now - TOLD, MOST_TOLD))?;
        let sites = facts.documents.iter().chain(&facts.withdrawn).map(|it| it.site_id);
        facts.places = places(conn, sites.collect())?;
    }
    Ok(facts)
}

/// Reads everything a page of the register shows.
pub(super) fn facts(
    conn: &mut Conn,
    site: &Site,
    (words, kinds): (&Vocabulary, &Kinds),
    request: &Request,
) -> base::Result<Facts> {
    let mut facts = documents(conn, site, words, request)?;
    facts.counts = list::counts(conn, &facts.lens)?;
    let ids = facts.counts.issuers.iter().map(|(id, _)| *id);
    let ids = ids.chain(facts.asked.filter.issuer).chain(facts.names.keys().copied()).collect();
    facts.names = issuers::named(conn, Home::from(site).portal, ids)?;
    facts.tree = tree::named(conn, site)?;
    let path = match request.query.get("so") {
        "" => ROOT.to_owned(),
        so => format!("{ROOT}/{so}"),
    };
    facts.section = facts.tree.iter().find(|it| it.path == path && it.visible).cloned();
    if facts.section.is_some() {
        let part = entries::Part::Below(path);
        facts.written = entries::latest(conn, site.id, site.locale, &part, (0, ENTRIES))?;
        facts.sizes = picture_sizes(conn, site.id, kinds, &facts.written)?;
    }
    Ok(facts)
}

#[derive(Serialize)]
struct RegisterView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    tabs: Vec<Tab>,
    form: FormView,
    notes: Vec<String>,
    total: i64,
    total_text: String,
    as_at: Option<String>,
    rows: Vec<RowView>,
    pager: Option<Pager>,
    feeds: FeedLinks,
    is_filtered: bool,
    not_applicable: Option<String>,
    cards: Vec<Card>,
    cards_path: String,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    path: String,
    current: bool,
}

#[derive(Serialize)]
struct RowView {
    title: String,
    number: String,
    pending: bool,
    summary: String,
    url: String,
    issuer: Said,
    ended: bool,
    issued: String,
    issued_iso: String,
    effective: String,
    status: Option<Badge>,
    place: Option<Said>,
}

#[derive(Serialize)]
struct FeedLinks {
    rss: String,
    atom: String,
    json: String,
    csv: String,
}

/// Draws a page of the register.
pub(super) fn draw(
    cx: &Cx,
    (words, kinds): (&Vocabulary, &Kinds),
    request: &Request,
    facts: Facts,
) -> Result<Response> {
    // A page past the end of a list is not there.
    if request.page > 1 && facts.documents.is_empty() {
        return Err(base::Error::NotFound.into());
    }
    // What was ignored is neither chosen in the form nor handed on.
    let query = request.query.without(&facts.asked.ignored);
    let request = &Request { query, ..request.clone() };
    let view = view(cx, (words, kinds), request, facts)?;
    cx.page("documents/register.html", &view)
}

fn view(
    cx: &Cx,
    (words, kinds): (&Vocabulary, &Kinds),
    request: &Request,
    facts: Facts,
) -> Result<RegisterView> {
    let query = &request.query;
    let action = match query.get("so") {
        "" => format!("/{ROOT}"),
        so => format!("/{ROOT}/{so}"),
    };
    let link = |page: i64| {
        let own = query.with("so", "").address(&[("trang", &page.to_string())]);
        format!("{action}{own}")
    };
    let pager = Pager::new(request.page, facts.total, PER_PAGE, link);
    let (prev, next) =
        pager.as_ref().map_or((None, None), |it| (it.previous.clone(), it.next.clone()));
    let title = match &facts.section {
        Some(section) => cx.site.section_label(&section.path, &section.label),
        None => cx.say(&Message::new("register.title")),
    };
    let description =
        cx.say(&Message::new("register.about").with("label", &title).with("site", &cx.site.name));
    let feeds = feeds(query);
    let about = About { title: title.clone(), description, ..About::default() };
    let labels = Labels { cx, words, places: &facts.places, issuers: &facts.names };
    let day = facts.asked.filter.day;
    let is_filtered = NAMES.iter().any(|name| *name != "so" && !query.get(name).is_empty());
    Ok(RegisterView {
        head: Head::new(cx, &about)
            .with_feed(format!("Atom – {title}"), "application/atom+xml", feeds.atom.clone())
            .with_feed(format!("RSS – {title}"), "application/rss+xml", feeds.rss.clone())
            .between(prev, next),
        trail: way(cx, &facts, &title),
        tabs: tabs(cx, words, &facts.tree, &action),
        form: form(cx, words, request, (&facts, action)),
        notes: facts.asked.notes.iter().map(|note| cx.say(note)).collect(),
        total: facts.total,
        total_text: cx.number(facts.total),
        as_at: (day != request.today).then(|| cx.date(day)),
        rows: facts.documents.iter().map(|it| row(&labels, &facts.lens, it)).collect(),
        not_applicable: facts.section.as_ref().and_then(|it| it.reason.clone()),
        cards: match request.page {
            1 if !is_filtered => cards(cx, kinds, &facts)?,
            _ => Vec::new(),
        },
        cards_path: format!("/{}?muc=tin-bai", facts.section.map(|it| it.path).unwrap_or_default()),
        title,
        pager,
        feeds,
        is_filtered,
    })
}

fn cards(cx: &Cx, kinds: &Kinds, facts: &Facts) -> base::Result<Vec<Card>> {
    facts.written.iter().map(|live| card(cx, kinds, live, &facts.sizes)).collect()
}

fn way(cx: &Cx, facts: &Facts, title: &str) -> Vec<Crumb> {
    let here = facts.section.as_ref().map_or(ROOT, |section| section.path.as_str());
    let last = Crumb::new(title, cx.path.clone());
    trail(cx, &facts.tree, here, facts.section.is_none().then_some(last))
}

/// The registers of the site, each a section of its own; what lies below `/van-ban` and is none
/// keeps its page.
fn tabs(cx: &Cx, words: &Vocabulary, tree: &[Section], action: &str) -> Vec<Tab> {
    let root = format!("/{ROOT}");
    let all =
        Tab { label: cx.say(&Message::new("register.all")), current: action == root, path: root };
    let below = tree.iter().filter(|it| it.visible && it.parent() == Some(ROOT));
    let tab = |it: &Section| Tab {
        label: cx.site.section_label(&it.path, &it.label),
        current: words.shelf(&it.path).is_some() && it.address() == action,
        path: it.address(),
    };
    std::iter::once(all).chain(below.map(tab)).collect()
}

fn feeds(query: &Query) -> FeedLinks {
    let link = |format: &str| format!("/{ROOT}.{format}{}", query.address(&[]));
    FeedLinks { rss: link("rss"), atom: link("atom"), json: link("json"), csv: link("csv") }
}

fn row(labels: &Labels<'_>, lens: &Lens, document: &Document) -> RowView {
    let status = lens.status(document);
    let issuer = labels.issuers.get(&document.issuer_id);
    RowView {
        title: labels.title(document),
        number: labels.number(document),
        pending: document.pending,
        summary: document.summary.clone(),
        url: labels.url(document),
        issuer: labels.issuer(document),
        ended: issuer.is_some_and(|it| it.has_ended(lens.filter().day)),
        issued: document.issued.map(|day| labels.cx.date(day)).unwrap_or_default(),
        issued_iso: document.issued.map(|day| day.to_string()).unwrap_or_default(),
        effective: document.effective.map(|day| labels.cx.date(day)).unwrap_or_default(),
        status: (status != Status::Unknown).then(|| badge(labels.cx, status)),
        place: labels.place(document.site_id),
    }
}
