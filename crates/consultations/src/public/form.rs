//! The form of an opinion: what it asks, and what a reader is told before sending.

use std::collections::BTreeMap;

use base::{Error, FieldErrors, Message, Site};
use chrono::NaiveDateTime;
use content::sections::Section;
use db::Conn;
use documents::{model::Article, store as registry};
use serde::{Deserialize, Serialize};
use web::{About, Crumb, Cx, Data, Head, Path, Query, Response, Result, cookies::secret, header};

use super::{Place, at, list::line, sections, show::heading, way};
use crate::{
    Office,
    model::{MAX_PASSAGE, Stage, Typed},
    store::Pair,
};

/// What the form is drawn from.
pub(super) struct Known {
    pub(super) pair: Pair,
    pub(super) articles: Vec<Article>,
    tree: Vec<Section>,
}

/// Where a form stands.
pub(super) enum Found {
    Here(Box<Known>),
    Moved(String),
}

/// Reads what the form at `slug` is drawn from.
pub(super) fn find(conn: &mut Conn, site: &Site, slug: &str) -> base::Result<Found> {
    if !base::text::is_slug(slug) {
        return Err(Error::NotFound);
    }
    let pair = match at(conn, site, slug)? {
        Place::Here(pair) => *pair,
        Place::Moved(path) => return Ok(Found::Moved(format!("{path}/gop-y"))),
    };
    let articles = registry::articles(conn, site.id, pair.1.id)?;
    Ok(Found::Here(Box::new(Known { pair, articles, tree: sections(conn, site)? })))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    dieu: String,
    /// Which paragraph of it, from 1.
    doan: String,
}

#[derive(Serialize)]
struct FormView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    draft: String,
    line: String,
    path: String,
    is_open: bool,
    closed: String,
    post_to: Vec<String>,
    articles: Vec<Choice>,
    article: Option<ArticleView>,
    form: Typed,
    errors: BTreeMap<String, String>,
    notice: Vec<String>,
    consent: String,
    max: usize,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// The article an opinion is about, to be read while one writes.
#[derive(Serialize)]
struct ArticleView {
    title: String,
    paragraphs: Vec<Paragraph>,
}

/// A paragraph of an article, and the form about it alone.
#[derive(Serialize)]
struct Paragraph {
    text: String,
    url: String,
}

/// The paragraphs of an article, without marks.
fn paragraphs(article: &Article) -> Vec<String> {
    article.text.lines().map(|line| line.replace('*', "")).collect()
}

/// The paragraph called `number` of the article at `anchor`: what an opinion is about.
fn passage(articles: &[Article], anchor: &str, number: &str) -> String {
    let article = articles.iter().find(|it| it.anchor().as_deref() == Some(anchor));
    let at = number.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
    let found = article.zip(at).and_then(|(article, at)| paragraphs(article).into_iter().nth(at));
    found.unwrap_or_default().chars().take(MAX_PASSAGE).collect()
}

pub(super) async fn new(
    cx: Cx,
    office: Data<Office>,
    slug: Path<String>,
    asked: Query<Asked>,
) -> Result<Response> {
    let slug = slug.into_inner();
    match cx.read(move |conn, site| find(conn, site, &slug)).await? {
        Found::Moved(to) => {
            Ok(Response::MovedPermanently().insert_header((header::LOCATION, to)).finish())
        }
        Found::Here(known) => {
            let wanted = known.articles.iter().filter_map(Article::anchor);
            let article = wanted.into_iter().find(|it| *it == asked.dieu).unwrap_or_default();
            let passage = passage(&known.articles, &article, &asked.doan);
            let form = Typed { article, passage, nonce: nonce(cx.now), ..Typed::default() };
            draw(&cx, &office, &known, (form, &FieldErrors::new()))
        }
    }
}

/// What makes this form one form, however often it is sent.
pub(crate) fn nonce(now: NaiveDateTime) -> String {
    let secret: String = secret().chars().take(32).collect();
    format!("{}-{secret}", now.and_utc().timestamp())
}

/// What a reader agrees to with the box beside the address.
pub(super) fn consent(cx: &Cx, office: &Office) -> String {
    let words = Message::new("opinion.consent")
        .with("site", &cx.site.name)
        .with("months", office.rules.keep_months);
    cx.say(&words)
}

/// Draws the form with what was typed; once the time is over, what was typed to be copied.
pub(super) fn draw(
    cx: &Cx,
    office: &Office,
    known: &Known,
    (form, errors): (Typed, &FieldErrors),
) -> Result<Response> {
    let (it, draft) = &known.pair;
    let today = base::time::local(cx.now).date();
    let stage = it.stage(today);
    let path = draft.path();
    let title = cx.say(&Message::new("opinion.title"));
    let whole = format!("{title}: {}", draft.summary);
    let whole = if cx.is_english() { title.clone() } else { whole };
    let about = About { title: whole, ..About::default() };
    let closed = Message::new(format!("opinion.closed_{}", stage.as_str()))
        .with("opens", cx.date(it.opens))
        .with("closes", cx.date(it.closes));
    let chosen = known.articles.iter().find(|it| it.anchor().as_deref() == Some(&form.article));
    let view = FormView {
        head: Head::new(cx, &about).hidden(),
        trail: way(cx, &known.tree, draft.summary.clone(), &path),
        draft: draft.summary.clone(),
        line: line(cx, (it, stage), today),
        is_open: stage == Stage::Open,
        closed: if stage == Stage::Open { String::new() } else { cx.say(&closed) },
        post_to: it.post_to.lines().map(str::to_owned).collect(),
        articles: known.articles.iter().filter_map(choice).collect(),
        article: chosen.map(|it| ArticleView {
            title: heading(it),
            paragraphs: (1..)
                .zip(paragraphs(it))
                .map(|(number, text)| Paragraph {
                    text,
                    url: format!("{path}/gop-y?dieu={}&doan={number}#passage", form.article),
                })
                .collect(),
        }),
        errors: cx.say_all(errors),
        notice: notice(cx, office),
        consent: consent(cx, office),
        max: office.rules.max_opinion,
        title,
        path,
        form,
    };
    cx.form_page("consultations/form.html", &view)
}

fn choice(article: &Article) -> Option<Choice> {
    Some(Choice { value: article.anchor()?, label: heading(article) })
}

/// What a reader must know before sending (PDP-9, PDP-19): who reads it, what is shown, how long
/// it is kept.
fn notice(cx: &Cx, office: &Office) -> Vec<String> {
    let body = cx.managing_body();
    let say = |key: &'static str| {
        let message =
            Message::new(key).with("body", &body).with("months", office.rules.keep_months);
        cx.say(&message)
    };
    vec![say("opinion.notice_who"), say("opinion.notice_shown"), say("opinion.notice_kept")]
}
