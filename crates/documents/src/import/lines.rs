//! The lines of a file, one after the other, whatever somebody saved it with.

use std::io::{self, BufRead};

use base::Message;

use super::Line;

/// Why a line, or everything from it on, cannot be read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Of this line alone.
    Line(Message),
    /// Of the file: nothing comes after it.
    File(Message),
}

/// The lines of `file` that say something, with their numbers from 1 on. Each is asked for by
/// itself, so that what has been taken before the file breaks off stays.
pub(super) fn texts(
    mut file: impl BufRead,
) -> impl Iterator<Item = (usize, Result<String, Trouble>)> {
    let (mut at, mut is_over) = (0, false);
    std::iter::from_fn(move || {
        while !is_over {
            at += 1;
            let mut bytes = Vec::new();
            match file.read_until(b'\n', &mut bytes) {
                Ok(0) => is_over = true,
                Ok(_) => match text(bytes) {
                    Ok(text) if text.trim().is_empty() => (),
                    read => return Some((at, read)),
                },
                Err(err) => {
                    is_over = true;
                    return Some((at, Err(Trouble::File(broken(&err)))));
                }
            }
        }
        None
    })
}

/// A line without the mark that some programs put before the first.
fn text(bytes: Vec<u8>) -> Result<String, Trouble> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{FEFF}').to_owned()),
        Err(_) => Err(Trouble::Line(Message::new("document_import.encoding"))),
    }
}

/// What ends a file early: most often a packed one that was not copied whole.
fn broken(err: &io::Error) -> Message {
    let packed = [io::ErrorKind::UnexpectedEof, io::ErrorKind::InvalidInput];
    match packed.contains(&err.kind()) || err.kind() == io::ErrorKind::InvalidData {
        true => Message::new("document_import.packed"),
        false => Message::new("document_import.file_broken").with("reason", err),
    }
}

/// The document that a line of JSON is.
pub(super) fn parse(text: &str) -> Result<Line, Message> {
    serde_json::from_str(text)
        .map_err(|err| Message::new("document_import.json").with("column", err.column()))
}
