//! The library of files.

use std::collections::BTreeMap;

use accounts::{Can, See, Staff, Write};
use base::{Error, FieldErrors, Message};
use serde::{Deserialize, Serialize};
use web::{Data, Fields, Pager, Path, Posted, Query, Request, Response, Result, Routes, get, post};

use super::{
    UseView,
    picker::{Choice, choice},
    refusal, use_views, wants_json,
};
use crate::{
    FileId, ItemId,
    files::{self, File},
    incoming::{self, Form},
    model::{self, About, FileType, Limits},
    storage::Storage,
    uses,
};

const HERE: &str = "/quan-tri/tep";

pub(super) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/tep", get().to(index))
        .route("/quan-tri/tep", post().to(create))
        .route("/quan-tri/tep/{id}", get().to(edit))
        .route("/quan-tri/tep/{id}", post().to(update))
        .route("/quan-tri/tep/{id}/xoa", post().to(destroy));
}

const PER_PAGE: i64 = 30;

#[derive(Serialize)]
struct LibraryView {
    files: Vec<FileView>,
    form: AboutView,
    errors: BTreeMap<String, String>,
    pager: Option<Pager>,
    filter: String,
    hint: String,
    can_write: bool,
}

#[derive(Serialize)]
struct FileView {
    id: FileId,
    url: String,
    edit_path: String,
    delete_path: String,
    name: String,
    title: String,
    kind: String,
    size: String,
    by: String,
    at: String,
    uses: Vec<UseView>,
    public: bool,
}

#[derive(Default, Serialize)]
struct AboutView {
    title: String,
    source: String,
    licence: String,
}

impl From<About> for AboutView {
    fn from(about: About) -> Self {
        Self { title: about.title, source: about.source, licence: about.licence }
    }
}

/// A file with what is told of it elsewhere.
struct Known {
    file: File,
    by: String,
    uses: Vec<uses::Use>,
}

fn file_view(who: &Staff, known: Known) -> FileView {
    let Known { file, by, uses } = known;
    FileView {
        url: file.url(),
        edit_path: format!("{HERE}/{}", file.id),
        delete_path: format!("{HERE}/{}/xoa", file.id),
        id: file.id,
        kind: FileType::of_media(&file.kind).map_or(file.kind, FileType::label),
        size: model::size_text(file.size),
        at: base::time::day(file.created_at),
        public: uses.iter().any(|it| it.public),
        uses: use_views(&who.cx, uses),
        name: file.name,
        title: file.title,
        by,
    }
}

fn known(conn: &mut db::Conn, site: base::SiteId, files: Vec<File>) -> base::Result<Vec<Known>> {
    let people = files::bringers(conn, &files)?;
    let name = |file: &File| file.created_by.and_then(|id| people.get(&id).cloned());
    let items: Vec<ItemId> = files.iter().map(|file| file.id.into()).collect();
    let mut uses = uses::of_each(conn, site, items)?;
    let known = |file: File| Known {
        by: name(&file).unwrap_or_default(),
        uses: uses.remove(&file.id.into()).unwrap_or_default(),
        file,
    };
    Ok(files.into_iter().map(known).collect())
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    trang: String,
}

/// What was typed into the form for uploading, and what was wrong with it.
struct Typed {
    about: About,
    errors: FieldErrors,
}

async fn list(who: &Staff, limits: &Limits, query: ListQuery, typed: Typed) -> Result<LibraryView> {
    let words: String = base::text::line(&query.q).chars().take(100).collect();
    let (page, filter) = (web::page_number(&query.trang), words.clone());
    let read = who.cx.read(move |conn, site| {
        let range = ((page - 1) * PER_PAGE, PER_PAGE);
        let files = files::list(conn, site.id, &words, range)?;
        Ok((known(conn, site.id, files)?, files::count(conn, site.id, &words)?))
    });
    let (found, total) = read.await?;
    let link = |page: i64| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &filter)
            .append_pair("trang", &page.to_string())
            .finish();
        format!("{HERE}?{query}")
    };
    let hint = Message::new("file.hint").with("max", limits.size >> 20);
    Ok(LibraryView {
        files: found.into_iter().map(|it| file_view(who, it)).collect(),
        form: typed.about.into(),
        errors: who.cx.say_all(&typed.errors),
        pager: Pager::new(page, total, PER_PAGE, link),
        hint: who.cx.say(&hint.with("count", limits.count).with("taken", limits.taken())),
        can_write: who.rights.write,
        filter,
    })
}

async fn index(who: Can<See>, limits: Data<Limits>, query: Query<ListQuery>) -> Result<Response> {
    // Most files are the site's own work.
    let own = About { source: who.cx.site.unit_name.clone(), ..About::default() };
    let typed = Typed { about: own, errors: FieldErrors::new() };
    let view = list(&who, &limits, query.into_inner(), typed).await?;
    who.page("media/files.html", &view)
}

async fn create(
    who: Can<Write>,
    req: Request,
    (storage, limits): (Data<Storage>, Data<Limits>),
    body: actix_web::web::Payload,
) -> Result<Response> {
    let payload = &mut body.into_inner();
    let form = incoming::receive(&who.cx, &req, payload, (&storage, &limits)).await;
    let form = match form.map_err(|failure| failure.0) {
        Ok(form) => form,
        Err(Error::Invalid(errors)) => {
            return refused(&who, &req, &limits, Typed { about: About::default(), errors }).await;
        }
        Err(err) => return Err(err.into()),
    };
    // The bytes of an official document are its own; any other picture must not say where it was taken.
    let form = match form.text("as_it_is").is_empty() {
        true => form.without_notes(&storage).await?,
        false => form,
    };
    let about = About::typed(|name| form.text(name).to_owned());
    let nothing = form.files.is_empty();
    let wrong = about.check();
    if let (true, _) | (_, Err(_)) = (nothing, &wrong) {
        let mut errors = form.blame(&who.cx, "upload.refused");
        if nothing && errors.is_empty() {
            errors.insert("files".into(), "upload.none".into());
        }
        if let Err(Error::Invalid(wrong)) = wrong {
            errors.extend(wrong);
        }
        return refused(&who, &req, &limits, Typed { about, errors }).await;
    }
    let errors = form.blame(&who.cx, "upload.refused_some");
    let kept = keep(&who, storage, form, about.clone()).await?;
    match errors.is_empty() {
        true if wants_json(&req) => {
            let choices: Vec<Choice> = kept.iter().map(|file| choice(file, true)).collect();
            Ok(Response::Created().json(BTreeMap::from([("files", choices)])))
        }
        true => Ok(who.cx.see_other_with(HERE, "done.files")),
        false => refused(&who, &req, &limits, Typed { about, errors }).await,
    }
}

/// Keeps the files that could be taken, whatever became of the others.
async fn keep(who: &Staff, storage: Data<Storage>, form: Form, about: About) -> Result<Vec<File>> {
    let actor = who.actor();
    // A title is one file's; several are called by their names.
    let about = match form.files.len() {
        1 => about,
        _ => About { title: String::new(), ..about },
    };
    let rows = storage.clone();
    let kept = incoming::keep(&who.cx, &storage, form.files, move |conn, _, files| {
        let ids = files.iter().map(|file| files::create(conn, actor, &rows, file, &about));
        let ids = ids.collect::<base::Result<Vec<FileId>>>()?;
        files::of_ids(conn, actor.site, &ids)
    });
    Ok(kept.await?)
}

async fn refused(who: &Staff, req: &Request, limits: &Limits, typed: Typed) -> Result<Response> {
    if wants_json(req) {
        return Ok(refusal(&who.cx, &typed.errors));
    }
    let view = list(who, limits, ListQuery::default(), typed).await?;
    who.again("media/files.html", &view)
}

#[derive(Serialize)]
struct EditView {
    file: FileView,
    form: AboutView,
    errors: BTreeMap<String, String>,
    read_only: bool,
}

async fn draw(who: &Staff, id: FileId, typed: Option<Typed>) -> Result<Response> {
    let read = who.cx.read(move |conn, site| {
        let file = files::by_id(conn, site.id, id)?;
        known(conn, site.id, vec![file])?.pop().ok_or(Error::NotFound)
    });
    let known = read.await?;
    let fresh = typed.is_none();
    let stored = About {
        title: known.file.title.clone(),
        source: known.file.source.clone(),
        licence: known.file.licence.clone(),
    };
    let typed = typed.unwrap_or(Typed { about: stored, errors: FieldErrors::new() });
    let view = EditView {
        file: file_view(who, known),
        form: typed.about.into(),
        errors: who.cx.say_all(&typed.errors),
        read_only: !who.rights.write,
    };
    if fresh { who.page("media/file.html", &view) } else { who.again("media/file.html", &view) }
}

fn key(id: &str) -> Result<FileId> {
    Ok(FileId::parse(id).ok_or(Error::NotFound)?)
}

async fn edit(who: Can<See>, id: Path<String>) -> Result<Response> {
    draw(&who, key(&id)?, None).await
}

async fn update(who: Can<Write>, id: Path<String>, form: Posted<Fields>) -> Result<Response> {
    let id = key(&id)?;
    let about = About::typed(|name| form.0.get(name).cloned().unwrap_or_default());
    if let Err(Error::Invalid(errors)) = about.check() {
        return draw(&who, id, Some(Typed { about, errors })).await;
    }
    let actor = who.actor();
    who.cx.write(move |conn, _| files::update(conn, actor, id, &about)).await?;
    Ok(who.cx.see_other_with(HERE, "done.saved"))
}

/// An author deletes what they brought; who edits others' texts also deletes others' files.
async fn destroy(
    who: Can<Write>,
    id: Path<String>,
    storage: Data<Storage>,
    _: Posted<Fields>,
) -> Result<Response> {
    let (id, actor, edit) = (key(&id)?, who.actor(), who.rights.edit);
    let deleted = who.cx.write(move |conn, site| {
        let file = files::by_id(conn, site.id, id)?;
        if !edit && file.created_by != actor.user {
            return Err(Error::Forbidden);
        }
        files::delete(conn, actor, id)
    });
    let digest = deleted.await?;
    // Bytes do not come back: they go when the deletion is kept, and not with it.
    who.cx.write(move |conn, _| files::forget(conn, &storage, &digest)).await?;
    Ok(who.cx.see_other_with(HERE, "done.file_deleted"))
}
