//! Forms that carry small files, read into memory: pictures and tables. `incoming` reads the rest.

use actix_multipart::{Field, Multipart};
use actix_web::FromRequest;
use base::{Error, Message};
use futures_util::StreamExt;
use web::{Cx, Fields, Request, Result};

use crate::model;

/// A file as it was sent.
#[derive(Debug)]
pub struct File {
    /// Its name, cleaned; a label and never a path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A form with files.
#[derive(Debug, Default)]
pub struct Upload {
    /// The other fields.
    pub fields: Fields,
    /// The files that were chosen, in order.
    pub files: Vec<File>,
    /// What is wrong with the files; the other fields are there all the same.
    pub problem: Option<Message>,
    size: usize,
}

/// The most that one form may carry in all, in bytes.
const MAX_ALL: usize = 96 << 20;

impl Upload {
    /// The text of a field, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// Reads the form of `req`, of at most `max` bytes a file and twenty files, and checks that it
/// came from our own page.
pub async fn read(
    cx: &Cx,
    req: &Request,
    payload: &mut actix_web::dev::Payload,
    max: usize,
) -> Result<Upload> {
    web::check_origin(req)?;
    let form = Multipart::from_request(req, payload).await;
    let mut form = form.map_err(|err| broken(&err))?;
    let mut upload = Upload::default();
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|err| broken(&err))?;
        take(&mut field, &mut upload, max).await?;
    }
    match upload.fields.get(web::TOKEN) == Some(&cx.csrf) {
        true => Ok(upload),
        false => Err(Error::conflict("form.stale").into()),
    }
}

async fn take(field: &mut Field, upload: &mut Upload, max: usize) -> Result<()> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|err| broken(&err))?;
        upload.size += chunk.len();
        if upload.size > MAX_ALL || upload.fields.len() > 50 {
            let limit = Message::new("upload.large").with("max", MAX_ALL >> 20);
            return Err(Error::field("files", limit).into());
        }
        // The rest of what is too large is read and dropped, to reach the fields behind it.
        if bytes.len() + chunk.len() > max {
            upload.problem = Some(Message::new("upload.large").with("max", max >> 20));
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    let file = field.content_disposition().and_then(|it| it.get_filename()).map(model::clean_name);
    match file {
        Some(_) if upload.files.len() >= 20 => upload.problem = Some("upload.many".into()),
        Some(name) if !bytes.is_empty() => upload.files.push(File { name, bytes }),
        Some(_) => (),
        None => {
            let name = field.name().unwrap_or_default().to_owned();
            upload.fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

pub(crate) fn broken(err: &dyn std::fmt::Display) -> Error {
    tracing::info!("a broken upload: {err}");
    Error::field("files", "upload.broken")
}
