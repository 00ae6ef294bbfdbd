//! PDF without the help of poppler: its text by `lopdf`, page by page, and which pages are scans.

mod font;
mod matrix;
mod walk;

use std::path::Path;

use lopdf::{Document, Error, LoadOptions, Object, ObjectId};

use super::Found;
use crate::{Failure, scan};

/// What any one stream may unpack to.
pub(super) const MAX_STREAM: usize = 64 << 20;

/// More pages than the longest budget has.
const MAX_PAGES: usize = 20_000;

pub(super) fn read(path: &Path) -> Result<Found, Failure> {
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let mut document = Document::load_with_options(path, options).map_err(failure)?;
    if document.is_encrypted() {
        return Err(Failure::Encrypted);
    }
    prefer_unicode(&mut document);
    let pages: Vec<ObjectId> = document.page_iter().take(MAX_PAGES).collect();
    if pages.is_empty() {
        return Err(Failure::broken("it has no pages"));
    }
    let mut found = Found::default();
    for (page, number) in pages.into_iter().zip(1..) {
        let text = walk::page(&document, page).map_err(failure)?;
        let pictures = document.get_page_images(page).unwrap_or_default();
        let sizes = pictures.iter().map(|picture| (picture.width, picture.height));
        if scan::is_scan(&text, sizes) {
            found.scans.push(number);
        }
        found.pages.push(text);
    }
    Ok(found)
}

/// Fonts that say which letters their glyphs are need no other encoding.
fn prefer_unicode(document: &mut Document) {
    for object in document.objects.values_mut() {
        if let Object::Dictionary(font) = object
            && font.has_type(b"Font")
            && font.has(b"ToUnicode")
        {
            font.remove(b"Encoding");
        }
    }
}

fn failure(err: Error) -> Failure {
    match err {
        Error::InvalidPassword | Error::Decryption(_) => Failure::Encrypted,
        Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => Failure::TooLarge,
        err => Failure::broken(err),
    }
}
