//! What a file is, told by its bytes: names lie, and what browsers say comes from names.

use std::{
    fs::File,
    io::{self, Read, Seek},
};

use infer::MatcherType;

use crate::model::{FileType, Found, Group};

/// As much of a file as tells its type.
const HEAD: u64 = 64 << 10;

/// What `file` is. Reads all of it when it may be text.
pub(crate) fn sniff(file: &mut File) -> io::Result<Found> {
    file.rewind()?;
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    // Some programs write a mark or blanks before the first letters.
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).trim_ascii_start();
    if start.starts_with(b"%PDF-") {
        return Ok(known("pdf"));
    }
    if start.starts_with(b"{\\rtf") {
        return Ok(known("rtf"));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(zipped(file));
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(compound(file));
    }
    // Marked-up text is told apart below: it may begin with anything.
    let guess = infer::get(&head).filter(|it| it.matcher_type() != infer::MatcherType::Text);
    match guess {
        Some(guess) => Ok(FileType::of_media(guess.mime_type())
            .or_else(|| FileType::named(guess.extension()))
            .map_or_else(|| other(guess), Found::Known)),
        None if is_text(file)? => Ok(text(start)),
        None => Ok(Found::Nothing),
    }
}

/// A file that is none of our types.
fn other(guess: infer::Type) -> Found {
    let name = guess.extension();
    let group = match (guess.matcher_type(), name) {
        (_, "der" | "pem") => Group::Certificate,
        (_, "qcow2") => Group::Other,
        (MatcherType::App, _) => Group::Program,
        (MatcherType::Archive, _) => Group::Archive,
        (MatcherType::Image, _) => Group::Picture,
        (MatcherType::Audio, _) => Group::Sound,
        (MatcherType::Video, _) => Group::Film,
        (MatcherType::Font, _) => Group::Font,
        (MatcherType::Book, _) => Group::Book,
        (MatcherType::Doc, _) => Group::Office,
        (MatcherType::Text | MatcherType::Custom, _) => Group::Other,
    };
    Found::Other(group, name.to_owned())
}

fn known(id: &str) -> Found {
    FileType::named(id).map_or(Found::Nothing, Found::Known)
}

/// Office files are archives; what lies in them tells which. One that cannot be opened is
/// broken, and nothing.
fn zipped(file: &mut File) -> Found {
    let Ok(mut archive) = zip::ZipArchive::new(file) else { return Found::Nothing };
    if let Some(kind) = open_document(&mut archive) {
        return Found::Known(kind);
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if !has("[Content_Types].xml") {
        return known("zip");
    }
    let parts = [
        ("word/document.xml", "word/vbaProject.bin", "docx", "docm"),
        ("xl/workbook.xml", "xl/vbaProject.bin", "xlsx", "xlsm"),
        ("ppt/presentation.xml", "ppt/vbaProject.bin", "pptx", "pptm"),
    ];
    let found = parts.into_iter().find(|(main, ..)| has(main));
    match found {
        Some((_, macros, _, with)) if has(macros) => known(with),
        Some((_, _, plain, _)) => known(plain),
        None => known("zip"),
    }
}

/// The type an `OpenDocument` archive names in its first entry, which is never compressed.
fn open_document(archive: &mut zip::ZipArchive<&mut File>) -> Option<&'static FileType> {
    let entry = archive.by_name("mimetype").ok()?;
    let mut media = String::new();
    entry.take(200).read_to_string(&mut media).ok()?;
    FileType::of_media(media.trim())
}

/// The old office files, told apart by the streams in them.
fn compound(file: &mut File) -> Found {
    let Ok(compound) = cfb::CompoundFile::open(file) else { return Found::Nothing };
    let streams = [
        ("/WordDocument", "doc"),
        ("/Workbook", "xls"),
        ("/Book", "xls"),
        ("/PowerPoint Document", "ppt"),
    ];
    let found = streams.into_iter().find(|(stream, _)| compound.is_stream(stream));
    found.map_or_else(|| Found::Other(Group::Office, "OLE".into()), |(_, id)| known(id))
}

/// Whether all of the file is UTF-8 without control characters.
fn is_text(file: &mut File) -> io::Result<bool> {
    file.rewind()?;
    let mut buffer = vec![0; 1 << 20];
    let mut held = 0;
    loop {
        let Some(free) = buffer.get_mut(held..) else { return Ok(false) };
        let read = file.read(free)?;
        let Some(bytes) = buffer.get(..held + read) else { return Ok(false) };
        let valid = match std::str::from_utf8(bytes) {
            Ok(text) => text.len(),
            // A letter cut by the end of the buffer; at the end of the file it is broken.
            Err(err) if err.error_len().is_none() && read > 0 => err.valid_up_to(),
            Err(_) => return Ok(false),
        };
        if bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=31 | 127)) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
        let rest = valid..bytes.len();
        held = rest.len();
        buffer.copy_within(rest, 0);
    }
}

/// Text that a browser could take for a page has types of its own, whatever it is called.
fn text(start: &[u8]) -> Found {
    let text = String::from_utf8_lossy(start).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match text.starts_with('<') {
        true if has(&["<svg"]) => known("svg"),
        true if has(&["<!doctype html", "<html", "<script", "<body", "<head", "<iframe"]) => {
            known("html")
        }
        true if text.starts_with("<?xml") || has(&["</", "/>"]) => known("xml"),
        _ => Found::Text,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], result: &Found) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        assert_eq!(sniff(&mut file).unwrap(), *result);
    }

    fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
        let stored =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, text) in entries {
            zip.start_file(*name, stored).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn office_files_are_told_apart_by_what_lies_in_them() {
        let types = ("[Content_Types].xml", "");
        check(&archive(&[types, ("word/document.xml", "")]), &known("docx"));
        check(&archive(&[("xl/workbook.xml", ""), types]), &known("xlsx"));
        let macros = ("word/vbaProject.bin", "");
        check(&archive(&[types, ("word/document.xml", ""), macros]), &known("docm"));
        let media = "application/vnd.oasis.opendocument.text";
        check(&archive(&[("mimetype", media)]), &known("odt"));
        check(&archive(&[("a.txt", "a")]), &known("zip"));
        check(b"PK\x03\x04 cut", &Found::Nothing);
        let mut old = cfb::CompoundFile::create(io::Cursor::new(Vec::new())).unwrap();
        old.create_stream("/WordDocument").unwrap();
        check(old.into_inner().get_ref(), &known("doc"));
    }

    #[test]
    fn text_is_valid_from_end_to_end() {
        check("Số,Tên\n1,Lê Đình\n".as_bytes(), &Found::Text);
        check("ơ".repeat(700_001).as_bytes(), &Found::Text);
        let mut late = "ơ".repeat(700_001).into_bytes();
        late.push(0xC6);
        check(&late, &Found::Nothing);
        check(b"a\0b", &Found::Nothing);
        check(b"\xFF\xFEa\0", &Found::Nothing);
    }

    #[test]
    fn what_could_be_a_page_is_known_as_one() {
        check(b"<svg onload=alert(1)></svg>", &known("svg"));
        check(b"<?xml version='1.0'?><!-- a --><svg/>", &known("svg"));
        check(b" <!DOCTYPE HTML><p>", &known("html"));
        check(b"<?xml version='1.0'?><a/>", &known("xml"));
        check(b"\xEF\xBB\xBF%PDF-1.7", &known("pdf"));
        check(b"MZ\x90\0\x03", &Found::Other(Group::Program, "exe".into()));
        let elf = [b"\x7FELF\x02\x01\x01".as_slice(), &[0; 60]].concat();
        check(&elf, &Found::Other(Group::Program, "elf".into()));
    }
}
