//! What became of the text of a document's files, and asking for letters in pictures (OCR).

use accounts::{Can, Write};
use base::{Error, Message, Result as Done, SiteId};
use db::Conn;
use media::FileId;
use serde::Serialize;
use web::{Cx, Fields, Path, Posted, Response, Result};

use super::{http::document_id, list::path};
use crate::{
    DocumentId, store,
    texts::{self, FileText, State},
};

/// A file as the staff see it, with what could be read of it.
#[derive(Debug, Serialize)]
pub(super) struct ReadingView {
    id: String,
    title: String,
    text: String,
    engine: String,
    can_ocr: bool,
}

/// The files of a document and what was read of each; nothing for what still waits.
pub(super) type Readings = Vec<(FileId, String, Option<FileText>)>;

/// Reads what became of the files of a document.
pub(super) fn of(conn: &mut Conn, site: SiteId, id: DocumentId) -> Done<Readings> {
    let files = store::files::of(conn, site, id)?;
    let digests = files.iter().map(|file| file.digest.clone()).collect();
    let mut texts = texts::of(conn, digests)?;
    Ok(files.into_iter().map(|it| (it.id, it.name, texts.remove(&it.digest))).collect())
}

/// The readings in words.
pub(super) fn views(cx: &Cx, readings: &Readings) -> Vec<ReadingView> {
    let view = |(id, title, text): &(FileId, String, Option<FileText>)| {
        let message = match text {
            None => Message::new("reading.waits"),
            Some(text) => match text.state {
                State::Read => Message::new("reading.read").with("pages", text.pages.len()),
                State::Scanned => Message::new("reading.scanned"),
                State::Garbled => Message::new("reading.garbled"),
                State::Wanted => Message::new("reading.wanted"),
                State::Failed => Message::new(text.reason.clone()),
            },
        };
        ReadingView {
            id: id.to_string(),
            title: title.clone(),
            text: cx.say(&message),
            engine: text.as_ref().map(|it| it.engine.clone()).unwrap_or_default(),
            can_ocr: text.as_ref().is_some_and(FileText::can_ocr),
        }
    };
    readings.iter().map(view).collect()
}

/// Asks for the letters in the pictures of a file.
pub(super) async fn ocr(
    who: Can<Write>,
    ids: Path<(String, String)>,
    _form: Posted<Fields>,
) -> Result<Response> {
    let (id, file) = (document_id(&ids.0)?, FileId::parse(&ids.1).ok_or(Error::NotFound)?);
    let asked = who.cx.write(move |conn, site| {
        let files = store::files::of(conn, site.id, id)?;
        let file = files.into_iter().find(|it| it.id == file).ok_or(Error::NotFound)?;
        texts::ask_for_ocr(conn, &file.digest)
    });
    match asked.await? {
        true => Ok(who.cx.see_other_with(&path(id), "done.ocr_asked")),
        false => Err(Error::conflict("reading.no_ocr_needed").into()),
    }
}
