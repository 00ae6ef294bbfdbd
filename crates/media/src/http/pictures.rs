//! The library of pictures, and the pictures themselves.

use std::collections::BTreeMap;

use accounts::{Can, See, Staff, Write};
use base::{Error, FieldErrors, Message};
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Pager, Path, Query, Request, Response, Result, Routes, get, header, post};

use super::{access, refusal, wants_json};
use crate::{
    PictureId,
    picture::{self, Picture},
    pictures::{self, Caption, Row, public_url},
    storage::{Key, Storage},
    upload::{self, Upload},
    uses,
};

pub(super) fn routes(routes: &mut Routes) {
    routes
        .route("/anh/{file}", get().to(serve))
        .route("/quan-tri/anh", get().to(index))
        .route("/quan-tri/anh", post().to(create));
}

/// The largest photograph that is taken, in bytes: what good phones make.
const MAX_FILE: usize = 20 << 20;

const PER_PAGE: i64 = 24;

/// How long a public picture may be kept without asking again, in seconds: a day. It never
/// changes, but it may be withdrawn.
const KEEP: u32 = 86_400;

/// `/anh/<id>.webp`, or `/anh/<id>-nho.webp` for the small copy.
async fn serve(
    cx: Cx,
    req: Request,
    storage: Data<Storage>,
    file: Path<String>,
) -> Result<Response> {
    let name = file.strip_suffix(".webp").ok_or(Error::NotFound)?;
    let (name, small) = match name.strip_suffix("-nho") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let id = PictureId::parse(name).ok_or(Error::NotFound)?;
    let found = cx.read(move |conn, site| {
        Ok((pictures::digest(conn, site.id, id)?, uses::is_public(conn, site.id, id)?))
    });
    let (digest, public) = found.await?;
    let access = access(&req, public && cx.site.state.is_readable()).await?;
    let tag = format!("\"{name}{small}\"");
    let cache = (header::CACHE_CONTROL, access.cache_control(KEEP));
    // The bytes behind an id never change.
    let known = req.headers().get(header::IF_NONE_MATCH).map(header::HeaderValue::as_bytes);
    if known == Some(tag.as_bytes()) {
        let tag = (header::ETAG, tag);
        return Ok(Response::NotModified().insert_header(tag).insert_header(cache).finish());
    }
    let bytes = storage.bytes(&Key::picture(&digest, small)?).await?;
    Ok(Response::Ok()
        .insert_header((header::ETAG, tag))
        .insert_header(cache)
        .content_type("image/webp")
        .body(bytes))
}

#[derive(Serialize)]
struct LibraryView {
    pictures: Vec<PictureView>,
    form: CaptionForm,
    errors: BTreeMap<String, String>,
    pager: Option<Pager>,
    can_write: bool,
}

#[derive(Serialize)]
struct PictureView {
    id: PictureId,
    url: String,
    name: String,
    alt: String,
    width: i32,
    height: i32,
    size: String,
    by: String,
    at: String,
    markdown: String,
}

#[derive(Default, Serialize)]
struct CaptionForm {
    alt: String,
    source: String,
}

fn picture_view(row: Row) -> PictureView {
    PictureView {
        url: public_url(row.id),
        markdown: row.markdown(),
        id: row.id,
        name: row.name,
        alt: row.alt,
        width: row.width,
        height: row.height,
        size: format!("{} KB", (row.size + 1023) / 1024),
        by: row.by.unwrap_or_default(),
        at: base::time::day(row.at),
    }
}

async fn view(
    who: &Staff,
    page: i64,
    form: CaptionForm,
    errors: FieldErrors,
) -> Result<LibraryView> {
    let (rows, total) = who
        .cx
        .read(move |conn, site| {
            let skip = (page - 1) * PER_PAGE;
            Ok((pictures::latest(conn, site.id, skip, PER_PAGE)?, pictures::count(conn, site.id)?))
        })
        .await?;
    let pager = Pager::new(page, total, PER_PAGE, |page| format!("/quan-tri/anh?trang={page}"));
    Ok(LibraryView {
        pictures: rows.into_iter().map(picture_view).collect(),
        form,
        errors: who.cx.say_all(&errors),
        pager,
        can_write: who.rights.write,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PageQuery {
    trang: String,
}

async fn index(who: Can<See>, query: Query<PageQuery>) -> Result<Response> {
    let page = web::page_number(&query.trang);
    let view = view(&who, page, CaptionForm::default(), FieldErrors::new()).await?;
    who.page("media/index.html", &view)
}

async fn create(
    who: Can<Write>,
    req: Request,
    storage: Data<Storage>,
    body: actix_web::web::Payload,
) -> Result<Response> {
    let upload = upload::read(&who.cx, &req, &mut body.into_inner(), MAX_FILE).await;
    let upload = match upload.map_err(|failure| failure.0) {
        Ok(upload) => upload,
        Err(Error::Invalid(errors)) => {
            return refuse(&who, &req, CaptionForm::default(), errors).await;
        }
        Err(err) => return Err(err.into()),
    };
    let form = CaptionForm {
        alt: base::text::line(upload.text("alt")),
        source: base::text::line(upload.text("source")),
    };
    let (captions, pictures) = match take_in(&form, upload).await {
        Ok(taken) => taken,
        Err(Error::Invalid(errors)) => return refuse(&who, &req, form, errors).await,
        Err(err) => return Err(err.into()),
    };
    for picture in &pictures {
        pictures::keep(&storage, picture).await?;
    }
    let actor = who.actor();
    let kept = who.cx.write(move |conn, _| {
        let both = captions.iter().zip(&pictures);
        both.map(|(caption, picture)| pictures::create(conn, actor, picture, caption)).collect()
    });
    let kept: Vec<PictureId> = kept.await?;
    if wants_json(&req) {
        let lines: Vec<String> = kept.iter().map(|id| pictures::markdown(*id, &form.alt)).collect();
        return Ok(Response::Created().json(BTreeMap::from([("markdown", lines)])));
    }
    Ok(who.cx.see_other_with("/quan-tri/anh", "done.pictures"))
}

async fn refuse(
    who: &Staff,
    req: &Request,
    form: CaptionForm,
    errors: FieldErrors,
) -> Result<Response> {
    if wants_json(req) {
        return Ok(refusal(&who.cx, &errors));
    }
    let view = view(who, 1, form, errors).await?;
    who.again("media/index.html", &view)
}

/// Checks the form and decodes every file, off the async threads.
async fn take_in(
    form: &CaptionForm,
    upload: Upload,
) -> Result<(Vec<Caption>, Vec<Picture>), Error> {
    let mut errors = FieldErrors::new();
    if let Some(problem) = upload.problem.clone() {
        errors.insert("files".into(), problem);
    } else if upload.files.is_empty() {
        errors.insert("files".into(), "upload.none".into());
    }
    for (field, text, message) in
        [("alt", &form.alt, "picture.alt"), ("source", &form.source, "picture.source")]
    {
        if text.is_empty() || text.chars().count() > 300 {
            errors.insert(field.into(), Message::new(message));
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let captions = upload.files.iter().map(|file| Caption {
        name: file.name.clone(),
        alt: form.alt.clone(),
        source: form.source.clone(),
    });
    let captions = captions.collect();
    let decode = move || upload.files.iter().map(|file| picture::take_in(&file.bytes)).collect();
    let pictures: Result<Vec<Picture>, Error> = web::off_thread(decode).await?;
    Ok((captions, pictures?))
}
