//! Answers that others read: the list, one of them, whether it helped.

use base::{Error, Message};
use media::{FileId, Storage};
use serde::{Deserialize, Serialize};
use web::{
    About, Client, Crumb, Cx, Data, Head, Pager, Path, Posted, Query, Request, Response, Result,
    Said, header,
};

use crate::{
    guard::Limit,
    office::Office,
    store::{
        desk,
        publics::{self, Found, Help, Public, Wanted},
    },
    trail::trail,
};

/// Answers to a page.
pub(super) const PER_PAGE: i64 = 20;

/// What of the answers is asked for, as the address carries it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct ListQuery {
    #[serde(rename = "tu-khoa")]
    pub(super) words: String,
    #[serde(rename = "linh-vuc")]
    pub(super) area: String,
    #[serde(rename = "loai")]
    pub(super) kind: String,
    #[serde(rename = "trang", skip_serializing)]
    pub(super) page: String,
}

impl ListQuery {
    /// What the database is asked for.
    pub(super) fn wanted(&self) -> Wanted {
        let words = base::text::unaccented(&base::text::line(&self.words));
        Wanted {
            words: words.chars().take(100).collect(),
            area: base::text::line(&self.area),
            type_key: base::text::line(&self.kind),
        }
    }

    fn is_filtered(&self) -> bool {
        [&self.words, &self.area, &self.kind].iter().any(|it| !it.is_empty())
    }

    /// The address of a page of the list at `path`.
    pub(super) fn address(&self, path: &str, page: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let page = if page > 1 { page.to_string() } else { String::new() };
        let pairs = [
            ("tu-khoa", &self.words),
            ("linh-vuc", &self.area),
            ("loai", &self.kind),
            ("trang", &page),
        ];
        for (name, value) in pairs {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

#[derive(Serialize)]
struct ListView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    form: ListQuery,
    areas: Vec<AreaView>,
    rows: Vec<RowView>,
    total: i64,
    total_text: String,
    is_filtered: bool,
    open: bool,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct AreaView {
    value: String,
    label: String,
    count: i64,
    current: bool,
}

#[derive(Serialize)]
struct RowView {
    title: Said,
    path: String,
    summary: Said,
    area: String,
    type_label: String,
    date: String,
    datetime: String,
}

pub(super) async fn index(
    cx: Cx,
    office: Data<Office>,
    query: Query<ListQuery>,
) -> Result<Response> {
    let form = query.into_inner();
    let page = web::page_number(&form.page);
    let wanted = form.wanted();
    let read = cx.read(move |conn, site| {
        let range = ((page - 1) * PER_PAGE, PER_PAGE);
        let rows = publics::list(conn, site.id, &wanted, range)?;
        Ok((rows, publics::count(conn, site.id, &wanted)?, publics::areas(conn, site.id)?))
    });
    let (rows, total, areas) = read.await?;
    let title = cx.say(&Message::new("case_page.list"));
    let about = About {
        title: title.clone(),
        description: cx.say(&Message::new("case_page.list_about").with("unit", cx.unit())),
        ..About::default()
    };
    let atom = form.address("/hoi-dap.atom", 1);
    let head = Head::new(&cx, &about).with_feed(title.clone(), "application/atom+xml", atom);
    let view = ListView {
        trail: trail(&cx, &[]),
        rows: rows.iter().map(|it| row(&cx, &office, it)).collect(),
        areas: areas
            .into_iter()
            .filter(|(key, _)| !key.is_empty())
            .map(|(key, count)| AreaView {
                label: office.area_label(&cx, &key),
                current: key == form.area,
                value: key,
                count,
            })
            .collect(),
        is_filtered: form.is_filtered(),
        open: super::form::open(&cx).is_ok(),
        pager: Pager::new(page, total, PER_PAGE, |page| form.address("/hoi-dap", page)),
        head: if form.is_filtered() { head.hidden() } else { head },
        total_text: cx.number(total),
        title,
        total,
        form,
    };
    cx.page("feedback/list.html", &view)
}

fn row(cx: &Cx, office: &Office, it: &Public) -> RowView {
    RowView {
        title: cx.written(&it.title),
        path: it.path(),
        summary: cx.written(&summary(&it.question)),
        area: office.area_label(cx, &it.area),
        type_label: office.type_label(cx, &it.type_key),
        date: cx.day(it.published_at),
        datetime: base::time::rfc3339(it.published_at),
    }
}

/// The first words of a text.
pub(super) fn summary(text: &str) -> String {
    const MOST: usize = 240;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}

#[derive(Serialize)]
struct AnswerView {
    head: Head,
    trail: Vec<Crumb>,
    title: Said,
    question: Said,
    answer: Said,
    unit: String,
    area: String,
    area_path: String,
    type_label: String,
    date: String,
    datetime: String,
    helpful: i32,
    files: Vec<FileView>,
    path: String,
}

#[derive(Serialize)]
struct FileView {
    name: Said,
    size: String,
    path: String,
}

/// An attachment that was made public with an answer.
pub(super) async fn file(
    cx: Cx,
    req: Request,
    storage: Data<Storage>,
    path: Path<(String, String)>,
) -> Result<Response> {
    let (slug, id) = path.into_inner();
    let id = FileId::parse(&id).ok_or(Error::NotFound)?;
    if !base::text::is_slug(&slug) {
        return Err(Error::NotFound.into());
    }
    let files = cx.read(move |conn, site| publics::files_at(conn, site.id, &slug)).await?;
    let file = files.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    media::send_sealed(&req, &storage, &file).await
}

pub(super) async fn show(cx: Cx, office: Data<Office>, slug: Path<String>) -> Result<Response> {
    if !base::text::is_slug(&slug) {
        return Err(Error::NotFound.into());
    }
    let read = cx.read(move |conn, site| {
        let files = publics::files_at(conn, site.id, &slug)?;
        Ok((publics::at(conn, site.id, &slug)?, files))
    });
    let (found, files) = read.await?;
    let it = match found {
        Some(Found::Live(it)) => it,
        Some(Found::Gone) => return Err(Error::Gone.into()),
        None => return Err(Error::NotFound.into()),
    };
    let path = it.path();
    let about = About {
        title: it.title.clone(),
        description: summary(&it.question),
        path: path.clone(),
        published: Some(it.published_at),
        modified: Some(it.updated_at),
        subject: Some(office.area_label(&cx, &it.area)).filter(|it| !it.is_empty()),
        schema: "Article",
        ..About::default()
    };
    let (head, answer) = (Head::new(&cx, &about), cx.written(&it.answer));
    let by_area = ListQuery { area: it.area.clone(), ..ListQuery::default() };
    let view = AnswerView {
        // What is Vietnamese below is no English page for other search engines.
        head: if answer.lang.is_some() { head.hidden() } else { head },
        trail: trail_to(&cx, &it, &path),
        unit: cx.unit(),
        area: office.area_label(&cx, &it.area),
        area_path: by_area.address("/hoi-dap", 1),
        type_label: office.type_label(&cx, &it.type_key),
        date: cx.day(it.published_at),
        datetime: base::time::rfc3339(it.published_at),
        helpful: it.helpful,
        title: cx.written(&it.title),
        question: cx.written(&it.question),
        answer,
        files: files
            .into_iter()
            .map(|file| FileView {
                path: format!("{path}/tep/{}", file.id),
                size: media::model::size_text(file.size),
                name: cx.written(&file.name),
            })
            .collect(),
        path,
    };
    cx.form_page("feedback/answer.html", &view)
}

/// The way to an answer; its title may be Vietnamese.
fn trail_to(cx: &Cx, it: &Public, path: &str) -> Vec<Crumb> {
    let mut way = trail(cx, &[(it.title.clone(), path)]);
    if let Some(last) = way.last_mut() {
        last.lang = cx.written(&it.title).lang;
    }
    way
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct HelpForm {
    helps: String,
}

/// Counts whether an answer helped. Nothing is kept of who said so.
pub(super) async fn help(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    slug: Path<String>,
    form: Posted<HelpForm>,
) -> Result<Response> {
    let helped = match form.0.helps.as_str() {
        "co" => Help::Yes,
        "khong" => Help::No,
        _ => return Err(Error::conflict("form.malformed").into()),
    };
    if let Err(Error::Invalid(errors)) = office.guard.limits.count(Limit::Helpful, client, cx.now) {
        let message = errors.into_values().next().unwrap_or_else(|| Message::new("form.malformed"));
        return Err(Error::Conflict(message).into());
    }
    let path = format!("/hoi-dap/{slug}");
    cx.write(move |conn, site| publics::count_help(conn, site.id, &slug, helped)).await?;
    Ok(cx.see_other_with(&path, "done.case_helped"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SimilarQuery {
    q: String,
}

#[derive(Serialize)]
struct SimilarView {
    title: String,
    path: String,
}

/// Answers that are like what somebody is about to ask, for the script of the form.
pub(super) async fn similar(cx: Cx, query: Query<SimilarQuery>) -> Result<Response> {
    let text: String = base::text::line(&query.q).chars().take(300).collect();
    let found = cx.read(move |conn, site| desk::similar_answers(conn, site.id, &text)).await?;
    let views: Vec<SimilarView> = found
        .into_iter()
        .map(|it| SimilarView { title: it.title, path: cx.turned(&it.path) })
        .collect();
    Ok(Response::Ok().json(views))
}

/// The section of questions leads to them.
pub(super) async fn moved(_: Cx) -> Response {
    Response::TemporaryRedirect().insert_header((header::LOCATION, "/hoi-dap")).finish()
}
