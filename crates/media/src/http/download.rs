//! Files as visitors get them: never as a page of ours, in parts where they ask for parts, and
//! only those that something public uses.

use std::{ops::Range, time::SystemTime};

use actix_web::{
    body::SizedStream,
    http::header::{
        Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType,
        ExtendedValue,
    },
};
use anyhow::Context;
use base::Error;
use web::{Cx, Data, Path, Request, Response, Result, Routes, get, header};

use super::{Access, access};
use crate::{
    FileId,
    conditional::{Wanted, wanted},
    files::{self, File},
    model::{self, FileType},
    storage::{Key, Storage},
    uses,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.route("/tep/{id}", get().to(rename)).route("/tep/{id}/{name}", get().to(show));
}

/// How long a public file may be kept without asking again, in seconds.
const KEEP: u32 = 600;

/// The address without a name leads to the one with it.
async fn rename(cx: Cx, req: Request, id: Path<String>) -> Result<Response> {
    let (file, _) = find(&cx, &req, &id).await?;
    Ok(moved(&file))
}

async fn show(
    cx: Cx,
    req: Request,
    storage: Data<Storage>,
    path: Path<(String, String)>,
) -> Result<Response> {
    let (id, name) = path.into_inner();
    let (file, access) = find(&cx, &req, &id).await?;
    if name != model::address_name(&file.name) {
        return Ok(moved(&file));
    }
    answer(req.headers(), &storage, &file, access).await
}

/// A sealed file, for somebody who may have it: whoever owns it has asked. Nobody keeps it.
pub async fn send_sealed(req: &Request, storage: &Storage, file: &File) -> Result<Response> {
    answer(req.headers(), storage, file, Access::Staff).await
}

async fn answer(
    asked: &header::HeaderMap,
    storage: &Storage,
    file: &File,
    access: Access,
) -> Result<Response> {
    let size = u64::try_from(file.size).context("a size is not negative")?;
    let since = SystemTime::from(file.created_at.and_utc());
    let tag = format!("\"{}\"", file.digest);
    let wanted = wanted(asked, &tag, since, size);
    let mut answer = match wanted {
        Wanted::Known => Response::NotModified(),
        Wanted::All => Response::Ok(),
        Wanted::Part(_) => Response::PartialContent(),
        Wanted::Beyond => Response::RangeNotSatisfiable(),
    };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::LAST_MODIFIED, httpdate::fmt_http_date(since)))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, access.cache_control(KEEP)));
    let range = match wanted {
        Wanted::Known => return Ok(answer.finish()),
        Wanted::Beyond => {
            let all = (header::CONTENT_RANGE, format!("bytes */{size}"));
            return Ok(answer.insert_header(all).finish());
        }
        Wanted::All => 0..size,
        Wanted::Part(range) => {
            let part = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
            answer.insert_header((header::CONTENT_RANGE, part));
            range
        }
    };
    dress(&mut answer, file);
    send(answer, storage, file, range).await
}

/// The file, for who may have it.
async fn find(cx: &Cx, req: &Request, id: &str) -> Result<(File, Access)> {
    let id = FileId::parse(id).ok_or(Error::NotFound)?;
    let found = cx.read(move |conn, site| {
        Ok((files::by_id(conn, site.id, id)?, uses::is_public(conn, site.id, id)?))
    });
    let (file, public) = found.await?;
    let access = access(req, public && cx.site.state.is_readable()).await?;
    Ok((file, access))
}

fn moved(file: &File) -> Response {
    Response::MovedPermanently()
        .insert_header((header::LOCATION, file.url()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// What keeps a file from running as a page of ours. Browsers show PDF in a program of their
/// own, which a sandbox would keep from starting.
fn dress(answer: &mut actix_web::HttpResponseBuilder, file: &File) {
    let kind = FileType::of_media(&file.kind);
    let inline = kind.is_some_and(FileType::is_inline);
    let policy = match kind {
        Some(kind) if kind.id == "pdf" => "default-src 'none'; frame-ancestors 'self'",
        _ => "sandbox; default-src 'none'; frame-ancestors 'self'",
    };
    answer
        .content_type(file.kind.as_str())
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header(disposition(&file.name, inline))
        // Compressed on the way, the bytes would no longer be those of the tag and the parts.
        .insert_header(ContentEncoding::Identity);
}

/// The name in plain letters for old programs, and as it is for the others (RFC 6266).
fn disposition(name: &str, inline: bool) -> ContentDisposition {
    let whole = ExtendedValue {
        charset: Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: if inline { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![
            DispositionParam::Filename(model::address_name(name)),
            DispositionParam::FilenameExt(whole),
        ],
    }
}

async fn send(
    mut answer: actix_web::HttpResponseBuilder,
    storage: &Storage,
    file: &File,
    range: Range<u64>,
) -> Result<Response> {
    let length = range.end - range.start;
    let bytes = storage.stream(&Key::file(&file.digest)?, range).await?;
    Ok(answer.body(SizedStream::new(length, bytes)))
}
