//! The page of one consultation: the draft with a way to say something of each article, the
//! dossier, what others said, how it was answered.

use base::{Message, Site};
use content::sections::Section;
use db::Conn;
use documents::{
    model::Article,
    store::{self as registry, Document},
};
use media::{files::File, model::FileType};
use serde::Serialize;
use web::{About, Crumb, Cx, Data, Head, Path, Response, Result, header};

use super::{
    Place, at,
    list::{line, stage_label},
    sections, way,
};
use crate::{
    Office,
    export::{Export, part, who},
    model::{OpinionState, Stage},
    store::{
        self, Pair,
        opinions::{self, Opinion},
        table::{self, Row},
    },
};

/// What the database has for the page.
struct Facts {
    pair: Pair,
    articles: Vec<Article>,
    files: Vec<File>,
    dossier: Vec<(String, File)>,
    opinions: Vec<Opinion>,
    rows: Vec<(Row, Vec<Opinion>)>,
    outcome: Option<Document>,
    tree: Vec<Section>,
}

enum Found {
    Here(Box<Facts>),
    Moved(String),
}

fn find(conn: &mut Conn, site: &Site, slug: &str) -> base::Result<Found> {
    let pair = match at(conn, site, slug)? {
        Place::Here(pair) => *pair,
        Place::Moved(path) => return Ok(Found::Moved(path)),
    };
    let (id, document) = (pair.0.id, pair.1.id);
    let outcome = pair.0.outcome_id;
    let outcome = outcome.map(|it| registry::by_id(conn, site.id, it)).transpose()?;
    Ok(Found::Here(Box::new(Facts {
        articles: registry::articles(conn, site.id, document)?,
        files: registry::files::of(conn, site.id, document)?,
        dossier: store::dossier(conn, site.id, id)?,
        opinions: opinions::all(conn, site.id, id, Some(OpinionState::Shown))?,
        rows: match pair.0.explained_at {
            Some(_) => table::read(conn, site.id, id)?,
            None => Vec::new(),
        },
        outcome: outcome.filter(Document::is_public),
        tree: sections(conn, site)?,
        pair,
    })))
}

#[derive(Serialize)]
struct PageView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    stage: Stage,
    stage_label: String,
    line: String,
    is_open: bool,
    purpose: Vec<String>,
    post_to: Vec<String>,
    contact: Vec<String>,
    law: String,
    stopped_reason: String,
    document_url: String,
    send_url: String,
    dossier: Vec<Paper>,
    articles: Vec<ArticleView>,
    groups: Vec<Group>,
    opinions_count: usize,
    table: Vec<TableRow>,
    table_day: String,
    table_path: String,
    outcome: Option<Outcome>,
}

#[derive(Serialize)]
struct Paper {
    label: String,
    title: String,
    kind: String,
    size: String,
    url: String,
}

#[derive(Serialize)]
struct ArticleView {
    anchor: Option<String>,
    title: String,
    paragraphs: Vec<String>,
    send_url: String,
    said: usize,
}

/// Opinions on one article.
#[derive(Serialize)]
struct Group {
    id: String,
    title: String,
    items: Vec<OpinionView>,
}

#[derive(Serialize)]
struct OpinionView {
    who: String,
    day: String,
    channel: String,
    passage: String,
    paragraphs: Vec<String>,
    /// The language of the words, where that is not the page's.
    lang: Option<&'static str>,
}

#[derive(Serialize)]
struct TableRow {
    title: String,
    part: String,
    opinions: Vec<OpinionView>,
    verdict: String,
    verdict_label: String,
    explanation: Vec<String>,
}

#[derive(Serialize)]
struct Outcome {
    number: String,
    summary: String,
    url: Option<String>,
}

pub(super) async fn show(cx: Cx, office: Data<Office>, slug: Path<String>) -> Result<Response> {
    let slug = slug.into_inner();
    match cx.read(move |conn, site| find(conn, site, &slug)).await? {
        Found::Moved(to) => {
            Ok(Response::MovedPermanently().insert_header((header::LOCATION, to)).finish())
        }
        Found::Here(facts) => {
            let view = view(&cx, &office, &facts);
            cx.page("consultations/show.html", &view)
        }
    }
}

fn view(cx: &Cx, office: &Office, facts: &Facts) -> PageView {
    let (it, draft) = &facts.pair;
    let today = base::time::local(cx.now).date();
    let stage = it.stage(today);
    let path = draft.path();
    let about = About {
        // The head of a page cannot say that a name is Vietnamese.
        title: match cx.is_english() {
            true => cx.say(&Message::new("consultation.list")),
            false => cx.say(&Message::new("consultation.page").with("draft", &draft.summary)),
        },
        description: line(cx, (it, stage), today),
        path: path.clone(),
        published: it.announced_at,
        modified: Some(it.updated_at),
        ..About::default()
    };
    let minimum = office.minimum(it.shortened);
    let law = Message::new("consultation.law")
        .with("days", minimum.days)
        .with("law", cx.label(&minimum.law));
    PageView {
        head: Head::new(cx, &about),
        trail: way(cx, &facts.tree, draft.summary.clone(), &path),
        title: draft.summary.clone(),
        stage_label: stage_label(cx, stage),
        line: line(cx, (it, stage), today),
        is_open: stage == Stage::Open,
        purpose: lines(&it.purpose),
        post_to: lines(&it.post_to),
        contact: lines(&it.contact),
        law: cx.say(&law),
        stopped_reason: it.stopped_reason.clone(),
        document_url: format!("/van-ban/{}", draft.slug),
        send_url: format!("{path}/gop-y"),
        dossier: dossier(cx, office, facts),
        articles: facts.articles.iter().map(|it| article(it, &path, &facts.opinions)).collect(),
        groups: groups(cx, facts),
        opinions_count: facts.opinions.len(),
        table: facts.rows.iter().map(|row| table_row(cx, row)).collect(),
        table_day: it.explained_at.map(|at| cx.day(at)).unwrap_or_default(),
        table_path: format!("{path}/tiep-thu-giai-trinh"),
        outcome: outcome(facts),
        stage,
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// The papers in the order of their slots, then the files of the draft itself.
fn dossier(cx: &Cx, office: &Office, facts: &Facts) -> Vec<Paper> {
    let paper = |label: &str, file: &File| Paper {
        label: cx.label(label),
        title: if file.title.is_empty() { file.name.clone() } else { file.title.clone() },
        kind: FileType::of_media(&file.kind).map(FileType::label).unwrap_or_default(),
        size: media::model::size_text(file.size),
        url: file.url(),
    };
    let in_slot = |slot: &crate::Slot| {
        let file = facts.dossier.iter().find(|(key, _)| *key == slot.key);
        file.map(|(_, file)| paper(&slot.label, file))
    };
    let own = office.slots.iter().find(|slot| slot.draft).map_or("", |slot| slot.label.as_str());
    let of_draft = facts.files.iter().map(|file| paper(own, file));
    office.slots.iter().filter_map(in_slot).chain(of_draft).collect()
}

/// The name of an article: its number and what it is about.
pub(super) fn heading(article: &Article) -> String {
    match article.heading.is_empty() {
        true => article.no.clone(),
        false => format!("{}. {}", article.no, article.heading),
    }
}

fn article(article: &Article, path: &str, opinions: &[Opinion]) -> ArticleView {
    let anchor = article.anchor();
    let key = anchor.clone().unwrap_or_default();
    ArticleView {
        title: if article.no.is_empty() { String::new() } else { heading(article) },
        paragraphs: lines(&article.text.replace('*', "")),
        send_url: format!("{path}/gop-y?dieu={key}"),
        said: opinions.iter().filter(|it| !key.is_empty() && it.article == key).count(),
        anchor,
    }
}

/// The opinions, those on the whole first and the others in the order of the articles; an
/// article that is no longer there keeps its group, at the end.
fn groups(cx: &Cx, facts: &Facts) -> Vec<Group> {
    let mut keys: Vec<String> = vec![String::new()];
    keys.extend(facts.articles.iter().filter_map(Article::anchor));
    for opinion in &facts.opinions {
        if !keys.contains(&opinion.article) {
            keys.push(opinion.article.clone());
        }
    }
    let group = |key: &String| {
        let own: Vec<&Opinion> = facts.opinions.iter().filter(|it| it.article == *key).collect();
        let title = part(cx, own.first()?);
        let id = if key.is_empty() { "chung".to_owned() } else { key.clone() };
        let items = own.into_iter().map(|it| opinion_view(cx, it)).collect();
        Some(Group { id, title, items })
    };
    keys.iter().filter_map(group).collect()
}

fn opinion_view(cx: &Cx, opinion: &Opinion) -> OpinionView {
    OpinionView {
        who: who(cx, opinion),
        day: cx.day(opinion.received_at),
        channel: cx.say(&Message::new(format!("channel.{}", opinion.channel.as_str()))),
        passage: opinion.passage.clone(),
        lang: cx.written(&opinion.shown).lang,
        paragraphs: lines(&opinion.shown),
    }
}

fn table_row(cx: &Cx, (row, own): &(Row, Vec<Opinion>)) -> TableRow {
    let shown = own.iter().filter(|it| it.state == OpinionState::Shown);
    let mut parts: Vec<String> = shown.clone().map(|it| part(cx, it)).collect();
    parts.dedup();
    TableRow {
        title: row.title.clone(),
        part: parts.join("; "),
        opinions: shown.map(|it| opinion_view(cx, it)).collect(),
        verdict: row.verdict.as_str().to_owned(),
        verdict_label: cx.say(&Message::new(format!("verdict.{}", row.verdict.as_str()))),
        explanation: lines(&row.explanation),
    }
}

fn outcome(facts: &Facts) -> Option<Outcome> {
    let (it, _) = &facts.pair;
    it.issued_at?;
    Some(match &facts.outcome {
        Some(document) => Outcome {
            number: document.number.clone(),
            summary: document.summary.clone(),
            url: Some(document.path()),
        },
        None => Outcome { number: it.outcome_number.clone(), summary: String::new(), url: None },
    })
}

/// The public table for a file; nothing before it is public.
async fn public_table(cx: &Cx, slug: String) -> Result<(Pair, Vec<(Row, Vec<Opinion>)>)> {
    let read = cx.read(move |conn, site| {
        let Place::Here(pair) = at(conn, site, &slug)? else {
            return Err(base::Error::NotFound);
        };
        if pair.0.explained_at.is_none() {
            return Err(base::Error::NotFound);
        }
        let rows = table::read(conn, site.id, pair.0.id)?;
        Ok((*pair, rows))
    });
    Ok(read.await?)
}

pub(super) async fn xlsx(cx: Cx, slug: Path<String>) -> Result<Response> {
    let (pair, rows) = public_table(&cx, slug.into_inner()).await?;
    Export { cx: &cx, pair: &pair, rows: &rows }.xlsx()
}

pub(super) async fn docx(cx: Cx, slug: Path<String>) -> Result<Response> {
    let (pair, rows) = public_table(&cx, slug.into_inner()).await?;
    Export { cx: &cx, pair: &pair, rows: &rows }.docx()
}
