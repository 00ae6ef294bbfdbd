//! A font of a PDF: which letters its codes are, and how wide.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::MAX_STREAM;

/// The width of a glyph that nobody describes, in thousandths of the font's size.
const USUAL_WIDTH: f32 = 500.0;

pub(super) struct Font<'a> {
    encoding: Option<Encoding<'a>>,
    widths: BTreeMap<u32, f32>,
    default_width: f32,
    code_bytes: usize,
}

impl<'a> Font<'a> {
    pub(super) fn new(document: &'a Document, font: &'a Dictionary) -> Self {
        let encoding = font.get_font_encoding_with_limit(document, MAX_STREAM).ok();
        let descendant = font
            .get_deref(b"DescendantFonts", document)
            .and_then(Object::as_array)
            .ok()
            .and_then(|fonts| document.dereference(fonts.first()?).ok())
            .and_then(|(_, font)| font.as_dict().ok());
        let (widths, default_width, code_bytes) = match descendant {
            Some(font) => {
                let default = font.get_deref(b"DW", document).and_then(Object::as_float);
                (wide(document, font), default.unwrap_or(1000.0), 2)
            }
            None => (narrow(document, font), USUAL_WIDTH, 1),
        };
        // The codes of such a font are numbers of glyphs, which no standard makes letters.
        let is_guess =
            descendant.is_some() && matches!(encoding, Some(Encoding::OneByteEncoding(_)));
        let encoding = encoding.filter(|_| !is_guess);
        Self { encoding, widths, default_width, code_bytes }
    }

    pub(super) fn text(&self, bytes: &[u8]) -> String {
        let text = self.encoding.as_ref().and_then(|it| it.bytes_to_string(bytes).ok());
        text.unwrap_or_default()
    }

    /// The widths of the glyphs, as parts of the font's size.
    pub(super) fn advances<'b>(
        &self,
        bytes: &'b [u8],
    ) -> impl Iterator<Item = f32> + use<'_, 'a, 'b> {
        bytes.chunks(self.code_bytes).map(|code| {
            let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            self.widths.get(&code).unwrap_or(&self.default_width) / 1000.0
        })
    }
}

/// `/FirstChar 32 /Widths [250 333 …]`.
fn narrow(document: &Document, font: &Dictionary) -> BTreeMap<u32, f32> {
    let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64);
    let first = first.ok().and_then(|first| u32::try_from(first).ok()).unwrap_or_default();
    let widths = font.get_deref(b"Widths", document).and_then(Object::as_array);
    let widths = widths.map(Vec::as_slice).unwrap_or_default();
    (first..).zip(widths.iter().filter_map(|width| number(document, width))).collect()
}

/// `/W [3 [277 500] 20 30 500]`: a code and the widths from there on, or two codes and one width.
fn wide(document: &Document, font: &Dictionary) -> BTreeMap<u32, f32> {
    let mut widths = BTreeMap::new();
    let list = font.get_deref(b"W", document).and_then(Object::as_array);
    let mut rest = list.map(Vec::as_slice).unwrap_or_default();
    let code = |object: &Object| object.as_i64().ok().and_then(|code| u32::try_from(code).ok());
    while let [first, second, tail @ ..] = rest {
        let Some(from) = code(first) else { break };
        let second = document.dereference(second).map_or(second, |(_, object)| object);
        if let Object::Array(list) = second {
            widths.extend((from..).zip(list.iter().filter_map(|it| number(document, it))));
            rest = tail;
            continue;
        }
        let ([width, tail @ ..], Some(to)) = (tail, code(second)) else { break };
        let Some(width) = number(document, width) else { break };
        // Codes have two bytes.
        widths.extend((from..=to.min(0xFFFF)).map(|code| (code, width)));
        rest = tail;
    }
    widths
}

fn number(document: &Document, object: &Object) -> Option<f32> {
    document.dereference(object).ok()?.1.as_float().ok()
}
