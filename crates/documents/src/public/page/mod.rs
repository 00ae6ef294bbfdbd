//! The page of a document: what it is, whether it holds, what it hangs together with, its text.

mod parts;

use base::{Message, Site};
use chrono::NaiveDate;
use content::{
    public::trail,
    sections::{Section, store as tree},
};
use db::Conn;
use media::{files::File, model::FileType};
use serde::Serialize;
use serde_json::{Map, json};
use theme::Html;
use web::{About, Crumb, Cx, Head, Response, Result};

use self::parts::{Group, Other, Pair, Warning, cited, groups, pairs, warnings};
use super::{
    callouts::Callout,
    links::{Badge, Labels},
    register::{ROOT, Request},
    timeline::{Moment, moments},
};
use crate::{
    DocumentId, Vocabulary,
    model::{
        Article, Details, EFFECTIVE,
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
    texts,
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
    files: Vec<(File, Option<Text>)>,
    day: NaiveDate,
    callout: Option<Callout>,
}

/// The text of a file, made ready where there is time for it.
struct Text {
    html: Option<Html>,
    engine: String,
    trouble: Option<Message>,
}

/// Reads what the page shows.
pub(super) fn facts(
    conn: &mut Conn,
    site: &Site,
    (document, callout): (Document, Option<Callout>),
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
    // What it amends or replaces it has to name; how that stands is told among the relations.
    let acts = |link: &Link| link.active && EFFECTIVE.contains(&link.verb);
    let acted: Vec<DocumentId> =
        links.iter().filter(|it| acts(it)).filter_map(|it| Some(it.other.as_ref()?.id)).collect();
    cited.retain(|it| !acted.contains(&it.document.id));
    let others = links.iter().filter_map(|it| it.other.as_ref());
    let others: Vec<&Document> = others.chain(cited.iter().map(|it| &it.document)).collect();
    let issuer_ids = others.iter().map(|it| it.issuer_id).chain([document.issuer_id]).collect();
    let site_ids = others.iter().map(|it| it.site_id).chain([document.site_id]).collect();
    Ok(PageFacts {
        files: files(conn, site, document.id)?,
        fields: store::fields(conn, site.id, document.id)?,
        told: effects::of(conn, site.id, document.id)?,
        graph: effects::graph(conn, &ids)?,
        names: issuers::named(conn, Home::from(site).portal, issuer_ids)?,
        successors: issuers::successors(conn, Home::from(site).portal, document.issuer_id)?,
        places: places(conn, site_ids)?,
        tree: tree::named(conn, site)?,
        document,
        articles,
        links,
        cited,
        day,
        callout,
    })
}

fn files(
    conn: &mut Conn,
    site: &Site,
    document: DocumentId,
) -> base::Result<Vec<(File, Option<Text>)>> {
    let files = store::files::of(conn, site.id, document)?;
    let digests = files.iter().map(|file| file.digest.clone()).collect();
    let texts = texts::of(conn, digests)?;
    let text = |(number, file): (usize, File)| {
        let text = texts.get(&file.digest).map(|text| Text {
            html: text.readable(&texts::prefix(number)),
            engine: text.engine.clone(),
            trouble: text.trouble(),
        });
        (file, text)
    };
    Ok((1..).zip(files).map(text).collect())
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
    callout: Option<CalloutView>,
    day: String,
    as_at: Option<String>,
    path: String,
    pairs: Vec<Pair>,
    timeline: Vec<Moment>,
    relations: Vec<Group>,
    cited: Vec<Other>,
    contents: Vec<Entry>,
    articles: Vec<ArticleView>,
    files: Vec<FileView>,
    citation: String,
    url: String,
}

/// What another feature says, as a link.
#[derive(Serialize)]
struct CalloutView {
    text: String,
    link: String,
    path: String,
}

impl CalloutView {
    fn new(cx: &Cx, callout: &Callout) -> Self {
        Self {
            text: cx.say(&callout.text),
            link: cx.say(&callout.link),
            path: callout.path.clone(),
        }
    }
}

#[derive(Serialize)]
struct Entry {
    anchor: String,
    label: String,
}

/// A file as a link, with what proves that it is the original.
#[derive(Serialize)]
struct FileView {
    title: String,
    name: String,
    kind: String,
    size: String,
    url: String,
    digest: String,
    /// Its text, for who cannot read the file itself.
    text: Option<Html>,
    /// What read it.
    engine: String,
    /// Why there is no text.
    no_text: Option<String>,
}

fn file(cx: &Cx, (file, text): &(File, Option<Text>)) -> FileView {
    let text = text.as_ref();
    FileView {
        text: text.and_then(|it| it.html.clone()),
        engine: text.map(|it| it.engine.clone()).unwrap_or_default(),
        no_text: text.and_then(|it| it.trouble.as_ref()).map(|message| cx.say(message)),
        title: if file.title.is_empty() { file.name.clone() } else { file.title.clone() },
        name: file.name.clone(),
        kind: FileType::of_media(&file.kind).map(FileType::label).unwrap_or_default(),
        size: media::model::size_text(file.size),
        url: file.url(),
        digest: file.digest.clone(),
    }
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
    let last = Crumb::new(title.clone(), document.path());
    PageView {
        head: head(labels, document, &title, status),
        trail: trail(cx, &facts.tree, &section(labels.words, document), Some(last)),
        number: labels.number(document),
        pending: document.pending,
        type_label: labels.kind(document),
        status: labels.status(document, status),
        warnings: warnings(labels, facts, (events, status)),
        callout: facts.callout.as_ref().map(|it| CalloutView::new(cx, it)),
        day: facts.day.to_string(),
        as_at: (facts.day != request.today).then(|| cx.date(facts.day)),
        path: document.path(),
        pairs: pairs(labels, facts, details),
        timeline: moments(labels, document, (events, &facts.told, &causes), facts.day),
        relations: groups(labels, facts),
        cited: facts.cited.iter().map(|it| cited(labels, it)).collect(),
        contents: contents(&facts.articles),
        articles: facts.articles.iter().map(article).collect(),
        files: facts.files.iter().map(|it| file(cx, it)).collect(),
        citation: citation(labels, document, &title),
        url: cx.address(&document.path()),
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
    facts.insert("legislationType".into(), json!(labels.kind(document)));
    let issuer = labels.issuer(document).text;
    let passed_by = json!({ "@type": "GovernmentOrganization", "name": issuer });
    facts.insert("legislationPassedBy".into(), passed_by);
    if let Some(day) = document.issued {
        facts.insert("legislationDate".into(), json!(day.to_string()));
    }
    if let Some(day) = document.effective {
        facts.insert("legislationDateOfApplicability".into(), json!(day.to_string()));
    }
    let force = match status {
        Status::InForce => Some("InForce"),
        Status::Partly | Status::PartlySuspended => Some("PartiallyInForce"),
        Status::NotIssued | Status::NotYet | Status::Ended | Status::Suspended => {
            Some("NotInForce")
        }
        Status::Awaiting | Status::Unknown => None,
    };
    if let Some(force) = force {
        facts.insert("legislationLegalForce".into(), json!(force));
    }
    // The abstract is Vietnamese; the head of a page cannot say so.
    let (title, description) = match labels.cx.is_english() {
        true => (title.to_owned(), format!("{title}, {issuer}")),
        false => (format!("{title}: {}", document.summary), document.summary.clone()),
    };
    let about = About {
        title,
        description,
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
    // In English it goes without the abstract, which is Vietnamese.
    let key = match (document.issued.is_some(), labels.cx.is_english()) {
        (true, false) => "document.citation",
        (false, false) => "document.citation_undated",
        (true, true) => "document.citation_short",
        (false, true) => "document.citation_short_undated",
    };
    let citation = Message::new(key)
        .with("title", title)
        .with("issuer", labels.issuer_in_sentence(document))
        .with("day", document.issued.map(|day| labels.cx.date(day)).unwrap_or_default())
        .with("summary", &document.summary);
    labels.cx.say(&citation)
}
