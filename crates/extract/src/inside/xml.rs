//! XML read piece by piece, as both office formats need it.

use std::{borrow::Cow, io::BufRead, io::ErrorKind};

use quick_xml::{Error, Reader, events::BytesStart, events::Event};

use crate::Failure;

/// One thing met on the way through a part. Names are without their prefix.
pub(crate) enum Piece<'a> {
    Open(&'a str, Attributes<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// The attributes of an element.
pub(crate) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The attribute with this name, whatever its prefix.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut all = self.0.attributes().filter_map(Result::ok);
        let found = all.find(|it| it.key.local_name().as_ref() == name)?;
        Some(found.value)
    }
}

/// Shows `visit` every piece of a part, in order.
pub(crate) fn walk<R: BufRead>(
    mut reader: Reader<R>,
    mut visit: impl FnMut(Piece<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    reader.config_mut().check_end_names = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(failure)? {
            Event::Start(start) => {
                visit(Piece::Open(start.local_name().as_ref(), Attributes(&start)))?;
            }
            Event::Empty(start) => {
                visit(Piece::Open(start.local_name().as_ref(), Attributes(&start)))?;
                visit(Piece::Close(start.local_name().as_ref()))?;
            }
            Event::End(end) => visit(Piece::Close(end.local_name().as_ref()))?,
            Event::Text(text) => visit(Piece::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Piece::Text(&text.xml10_content()))?,
            Event::GeneralRef(entity) => {
                let mut letter = [0; 4];
                let named = match entity.resolve_char_ref().map_err(failure)? {
                    Some(c) => Some(&*c.encode_utf8(&mut letter)),
                    None => quick_xml::escape::resolve_xml_entity(&entity),
                };
                named.map_or(Ok(()), |text| visit(Piece::Text(text)))?;
            }
            Event::Eof => return Ok(()),
            _ => (),
        }
    }
}

fn failure(err: Error) -> Failure {
    match err {
        Error::Io(err) if err.kind() == ErrorKind::FileTooLarge => Failure::TooLarge,
        err => Failure::broken(err),
    }
}

/// Counts how deep one is in elements whose text nobody reads.
#[derive(Default)]
pub(crate) struct Skipping(usize);

impl Skipping {
    /// Whether `piece` belongs to one of `elements`.
    pub(crate) fn takes(&mut self, piece: &Piece<'_>, elements: &[&str]) -> bool {
        match piece {
            Piece::Open(name, _) if elements.contains(name) => self.0 += 1,
            Piece::Close(name) if elements.contains(name) => {
                self.0 = self.0.saturating_sub(1);
                return true;
            }
            _ => (),
        }
        self.0 > 0
    }
}
