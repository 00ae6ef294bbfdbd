//! The page of a document: what it is, whether it holds, what it hangs together with, its text.

use base::{Message, Site};
use chrono::NaiveDate;
use content::{
    public::{Crumb, trail},
    sections::{Section, store as tree},
};
use db::Conn;
use serde::Serialize;
use serde_json::{Map, json};
use web::{About, Cx, Head, Response, Result};

use super::{
    links::{Badge, Labels, badge},
    register::{ROOT, Request},
    timeline::{Moment, moments},
};
use crate::{
    DocumentId, Vocabulary,
    model::{
        Article, Details, Register, Verb,
        effect::{Event, Graph, Status},
        text,
    },
    store::{
        self, Cited, Document, Home, Places, effects,
        effects::Told,
        issuers::{self, Issuer, Names},
        places,
        relations::{self, Link},
    },
};

/// What the database has for the page of a document.
pub(super) struct PageFacts {
    document: Document,
    articles: Vec<Article>,
    fields: Vec<String>,
    links: Vec<Link>,
    told: Vec<Told>,
    graph: Graph<DocumentId>,
    cited: Vec<Cited>,
    names: Names,
    successors: Vec<Issuer>,
    places: Places,
    tree: Vec<Section>,
    day: NaiveDate,
}

/// Reads what the page shows.
pub(super) fn facts(
    conn: &mut Conn,
    site: &Site,
    document: Document,
    request: &Request,
) -> base::Result<PageFacts> {
    let day = base::time::parse_date(request.query.get("ngay")).unwrap_or(request.today);
    let articles = store::articles(conn, site.id, document.id)?;
    let links = relations::of(conn, &document)?;
    let mut ids: Vec<DocumentId> =
        links.iter().filter_map(|it| Some(it.other.as_ref()?.id)).collect();
    ids.push(document.id);
    let words = format!("{}\n{}", document.summary, text::plain(&articles));
    let mut cited = store::cited(conn, site.into(), &words, day)?;
    cited.retain(|it| it.document.id != document.id && it.status == Status::Ended);
    let others = links.iter().filter_map(|it| it.other.as_ref());
    let others: Vec<&Document> = others.chain(cited.iter().map(|it| &it.document)).collect();
    let issuer_ids = others.iter().map(|it| it.issuer_id).chain([document.issuer_id]).collect();
    let site_ids = others.iter().map(|it| it.site_id).chain([document.site_id]).collect();
    Ok(PageFacts {
        fields: store::fields(conn, site.id, document.id)?,
        told: effects::of(conn, site.id, document.id)?,
        graph: effects::graph(conn, &ids)?,
        names: issuers::named(conn, Home::from(site).portal, issuer_ids)?,
        successors: issuers::successors(conn, Home::from(site).portal, document.issuer_id)?,
        places: places(conn, site_ids)?,
        tree: tree::tree(conn, site.id)?,
        document,
        articles,
        links,
        cited,
        day,
    })
}

#[derive(Serialize)]
struct PageView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    summary: String,
    number: String,
    pending: bool,
    type_label: String,
    status: Badge,
    warnings: Vec<Warning>,
    day: String,
    as_at: Option<String>,
    path: String,
    pairs: Vec<Pair>,
    timeline: Vec<Moment>,
    relations: Vec<Group>,
    cited: Vec<Other>,
    contents: Vec<Entry>,
    articles: Vec<ArticleView>,
    citation: String,
    url: String,
}

#[derive(Serialize)]
struct Warning {
    text: String,
    by: Option<Other>,
}

#[derive(Serialize)]
struct Pair {
    label: String,
    value: String,
    url: Option<String>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Group {
    verb: String,
    label: String,
    items: Vec<Other>,
}

/// Another document as a link.
#[derive(Clone, Serialize)]
struct Other {
    title: String,
    summary: String,
    url: Option<String>,
    part: String,
    own_part: String,
    is_found: bool,
    status: Option<Badge>,
    place: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    anchor: String,
    label: String,
}

#[derive(Serialize)]
struct ArticleView {
    anchor: Option<String>,
    title: String,
    paragraphs: Vec<String>,
}

/// Draws the page.
pub(super) fn draw(
    cx: &Cx,
    words: &Vocabulary,
    request: &Request,
    facts: PageFacts,
) -> Result<Response> {
    let labels = Labels { cx, words, places: &facts.places, issuers: &facts.names };
    let details = facts.document.details()?;
    let events = facts.graph.events(facts.document.id);
    let status = facts.graph.status(facts.document.id, facts.day);
    let view = view(&labels, request, &facts, (&details, &events, status));
    cx.page("documents/document.html", &view)
}

fn view(
    labels: &Labels<'_>,
    request: &Request,
    facts: &PageFacts,
    (details, events, status): (&Details, &[Event<Option<DocumentId>>], Status),
) -> PageView {
    let (cx, document) = (labels.cx, &facts.document);
    let title = labels.title(document);
    let causes: Vec<Document> = facts.links.iter().filter_map(|it| it.other.clone()).collect();
    let last = Crumb { label: title.clone(), path: document.path() };
    PageView {
        head: head(labels, document, &title, status),
        trail: trail(cx, &facts.tree, &section(labels.words, document), Some(last)),
        number: labels.number(document),
        pending: document.pending,
        type_label: labels.words.type_label(&document.type_key),
        status: badge(cx, status),
        warnings: warnings(labels, facts, (events, status)),
        day: facts.day.to_string(),
        as_at: (facts.day != request.today).then(|| base::time::date(facts.day)),
        path: document.path(),
        pairs: pairs(labels, facts, details),
        timeline: moments(labels, document, (events, &facts.told, &causes), facts.day),
        relations: groups(labels, facts),
        cited: facts.cited.iter().map(|it| cited(labels, it)).collect(),
        contents: contents(&facts.articles),
        articles: facts.articles.iter().map(article).collect(),
        citation: citation(labels, document, &title),
        url: format!("{}{}", cx.site.url, document.path()),
        summary: document.summary.clone(),
        title,
    }
}

/// The section whose register the document stands in.
fn section(words: &Vocabulary, document: &Document) -> String {
    let shelf = words.shelves.iter().find(|it| it.register == Some(document.register));
    shelf.map_or_else(|| ROOT.to_owned(), |it| it.path.clone())
}

fn head(labels: &Labels<'_>, document: &Document, title: &str, status: Status) -> Head {
    let mut facts = Map::new();
    facts.insert("legislationIdentifier".into(), json!(document.number));
    let kind = labels.words.type_label(&document.type_key);
    facts.insert("legislationType".into(), json!(kind));
    let issuer = json!({ "@type": "GovernmentOrganization", "name": labels.issuer(document) });
    facts.insert("legislationPassedBy".into(), issuer);
    if let Some(day) = document.issued {
        facts.insert("legislationDate".into(), json!(day.to_string()));
    }
    if let Some(day) = document.effective {
        facts.insert("legislationDateOfApplicability".into(), json!(day.to_string()));
    }
    let force = match status {
        Status::InForce => Some("InForce"),
        Status::Partly | Status::PartlySuspended => Some("PartiallyInForce"),
        Status::NotYet | Status::Ended | Status::Suspended => Some("NotInForce"),
        Status::Awaiting | Status::Unknown => None,
    };
    if let Some(force) = force {
        facts.insert("legislationLegalForce".into(), json!(force));
    }
    let about = About {
        title: format!("{title}: {}", document.summary),
        description: document.summary.clone(),
        path: document.path(),
        creator: None,
        published: document.published_at,
        modified: Some(document.updated_at),
        schema: "Legislation",
        facts,
        ..About::default()
    };
    Head::new(labels.cx, &about)
}

/// What a reader must know before relying on the text.
fn warnings(
    labels: &Labels<'_>,
    facts: &PageFacts,
    (events, status): (&[Event<Option<DocumentId>>], Status),
) -> Vec<Warning> {
    let (cx, document) = (labels.cx, &facts.document);
    let say = |key: &str| cx.say(&Message::new(format!("document_warning.{key}")));
    let mut warnings = Vec::new();
    if status.is_doubtful() {
        let past = events.iter().rev().filter(|event| event.day <= facts.day);
        let causes = past.filter_map(|event| event.cause);
        let by = causes.filter_map(|id| {
            facts.links.iter().find(|it| it.other.as_ref().is_some_and(|other| other.id == id))
        });
        let by = by.map(|link| other(labels, &facts.graph, link, facts.day)).next();
        warnings.push(Warning { text: say(status.as_str()), by });
    }
    if document.pending {
        warnings.push(Warning { text: say("pending"), by: None });
    }
    if document.register == Register::Draft {
        warnings.push(Warning { text: say("draft"), by: None });
    }
    warnings
}

/// Everything that is known of the document, in the order clerks expect it.
fn pairs(labels: &Labels<'_>, facts: &PageFacts, details: &Details) -> Vec<Pair> {
    let document = &facts.document;
    let say = |key: &str| labels.cx.say(&Message::new(format!("document_field.{key}")));
    let date = |day: Option<NaiveDate>| day.map(base::time::date).unwrap_or_default();
    let urgency = labels.words.urgencies.iter().find(|it| it.key == document.urgency);
    let fields: Vec<String> = facts.fields.iter().map(|it| labels.words.field_label(it)).collect();
    let gazette = [details.gazette.clone(), date(details.gazette_day)];
    let gazette: Vec<String> = gazette.into_iter().filter(|it| !it.is_empty()).collect();
    let rows = [
        ("number", labels.number(document)),
        ("type", labels.words.type_label(&document.type_key)),
        ("issuer", labels.issuer(document)),
        ("issued", date(document.issued)),
        ("place", details.place.clone()),
        ("signer", signature(labels.words, details)),
        ("effective", date(document.effective)),
        ("expiry", date(document.expiry)),
        ("fields", fields.join("; ")),
        ("scope", details.scope.join("; ")),
        ("urgency", urgency.map(|it| it.label.clone()).unwrap_or_default()),
        ("gazette", gazette.join(", ")),
        ("national", details.link().map(|_| national(details)).unwrap_or_default()),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    rows.map(|(key, value)| Pair {
        label: say(key),
        value,
        url: details.link().filter(|_| key == "national").map(str::to_owned),
        note: if key == "issuer" { former(labels, facts) } else { None },
    })
    .collect()
}

fn national(details: &Details) -> String {
    match details.national_id.is_empty() {
        true => details.national_url.clone(),
        false => details.national_id.clone(),
    }
}

fn signature(words: &Vocabulary, details: &Details) -> String {
    let mode = words.modes.iter().find(|it| it.key == details.mode);
    let mode = mode.map(|it| it.short.as_str()).unwrap_or_default();
    let parts = [mode, &details.signer_title, &details.signer];
    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What became of an issuer that has ended.
fn former(labels: &Labels<'_>, facts: &PageFacts) -> Option<String> {
    let issuer = labels.issuers.get(&facts.document.issuer_id)?;
    let ended = issuer.valid_to.filter(|_| issuer.has_ended(facts.day))?;
    let names: Vec<&str> = facts.successors.iter().map(|it| it.name.as_str()).collect();
    let key = if names.is_empty() { "issuer.ended" } else { "issuer.succeeded" };
    let note =
        Message::new(key).with("day", base::time::date(ended)).with("names", names.join(", "));
    Some(labels.cx.say(&note))
}

/// Relations of one verb together, the document's own deeds before those of others.
fn groups(labels: &Labels<'_>, facts: &PageFacts) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for active in [true, false] {
        for verb in Verb::ALL {
            let items = facts.links.iter().filter(|it| it.active == active && it.verb == *verb);
            let items = items.map(|link| other(labels, &facts.graph, link, facts.day));
            let items: Vec<Other> = items.collect();
            if !items.is_empty() {
                let voice = if active { "verb" } else { "verb_passive" };
                let label = Message::new(format!("{voice}.{}", verb.as_str()));
                groups.push(Group {
                    verb: verb.as_str().to_owned(),
                    label: labels.cx.say(&label),
                    items,
                });
            }
        }
    }
    groups
}

fn other(labels: &Labels<'_>, graph: &Graph<DocumentId>, link: &Link, day: NaiveDate) -> Other {
    let known = link.other.as_ref();
    let status = known.map(|it| graph.status(it.id, day)).filter(|it| it.is_doubtful());
    Other {
        title: known.map_or_else(|| link.number.clone(), |it| labels.title(it)),
        summary: known.map(|it| it.summary.clone()).unwrap_or_default(),
        url: known.map(|it| labels.url(it)),
        part: link.other_part.clone(),
        own_part: link.own_part.clone(),
        is_found: link.found,
        status: status.map(|it| badge(labels.cx, it)),
        place: known.and_then(|it| labels.place(it.site_id)),
    }
}

fn cited(labels: &Labels<'_>, it: &Cited) -> Other {
    Other {
        title: labels.title(&it.document),
        summary: it.document.summary.clone(),
        url: Some(labels.url(&it.document)),
        part: String::new(),
        own_part: String::new(),
        is_found: false,
        status: Some(badge(labels.cx, it.status)),
        place: labels.place(it.document.site_id),
    }
}

fn contents(articles: &[Article]) -> Vec<Entry> {
    let entry = |article: &Article| {
        let label = heading(article);
        Some(Entry { anchor: article.anchor()?, label })
    };
    articles.iter().filter_map(entry).collect()
}

fn heading(article: &Article) -> String {
    match article.heading.is_empty() {
        true => article.no.clone(),
        false => format!("{}. {}", article.no, article.heading),
    }
}

/// Imports bring asterisks for emphasis, which is no part of the text.
fn article(article: &Article) -> ArticleView {
    let lines = article.text.lines().map(|line| line.replace('*', "").trim().to_owned());
    ArticleView {
        anchor: article.anchor(),
        title: if article.no.is_empty() { String::new() } else { heading(article) },
        paragraphs: lines.filter(|line| !line.is_empty()).collect(),
    }
}

/// The document as one names it in a text.
fn citation(labels: &Labels<'_>, document: &Document, title: &str) -> String {
    let key =
        if document.issued.is_some() { "document.citation" } else { "document.citation_undated" };
    let citation = Message::new(key)
        .with("title", title)
        .with("issuer", labels.issuer(document))
        .with("day", document.issued.map(base::time::date).unwrap_or_default())
        .with("summary", &document.summary);
    labels.cx.say(&citation)
}
