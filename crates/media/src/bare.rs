//! Pictures without what cameras and programs write into them: where and when they were taken, by whom, with which
//! device. Not a point of the picture changes; only which side is up and how colours are meant stays with it.
//!
//! What stays is listed and everything else goes, so that a kind of note nobody thought of goes too.

use actix_web::web::Bytes;
use image::metadata::Orientation;
use img_parts::{
    ImageEXIF,
    jpeg::{Jpeg, JpegSegment},
    png::Png,
    webp::WebP,
};

use crate::model::FileType;

/// The largest picture that is looked through, in bytes.
pub(crate) const MAX: i64 = 64 << 20;

/// Whether pictures of this type can be freed of what was written into them.
pub(crate) fn knows(kind: &FileType) -> bool {
    matches!(kind.id, "jpg" | "png" | "webp")
}

/// The picture without what was written into it; nothing where it is damaged.
pub(crate) fn bare(kind: &FileType, bytes: Bytes) -> Option<Bytes> {
    match kind.id {
        "jpg" => jpeg(bytes),
        "png" => png(bytes),
        "webp" => webp(bytes),
        _ => None,
    }
}

/// The one note that stays: which side is up.
fn upright(exif: Option<&[u8]>) -> Option<Bytes> {
    let side = Orientation::from_exif_chunk(exif?)?;
    if side == Orientation::NoTransforms {
        return None;
    }
    let mut note = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    note.extend_from_slice(&[side.to_exif(), 0, 0, 0, 0, 0, 0]);
    Some(note.into())
}

const SOI: [u8; 2] = [0xFF, 0xD8];
const EOI: u8 = 0xD9;

fn jpeg(bytes: Bytes) -> Option<Bytes> {
    let mut picture = Jpeg::from_bytes(bytes.clone()).ok()?;
    let note = upright(picture.exif().as_deref());
    let segments = picture.segments_mut();
    segments.retain(|it| stays(it.marker(), it.contents()));
    // The last segment has all that follows it, to the end of the file.
    let last = segments.pop().filter(JpegSegment::has_entropy)?;
    let behind = last.len_with_entropy().checked_sub(last.len())?;
    let rest = scans(bytes.get(bytes.len().checked_sub(behind)?..)?)?;
    segments.push(JpegSegment::new_with_entropy(last.marker(), last.contents().clone(), rest));
    picture.set_exif(note);
    Some(picture.encoder().bytes())
}

/// Whether a segment belongs to the picture: all but applications' own and remarks do. Of those, the header, colours
/// and how colours are stored stay.
fn stays(marker: u8, contents: &[u8]) -> bool {
    match marker {
        0xE0 => contents.starts_with(b"JFIF\0"),
        0xE2 => contents.starts_with(b"ICC_PROFILE\0"),
        0xEE => contents.starts_with(b"Adobe"),
        0xE1..=0xEF | 0xFE => false,
        _ => true,
    }
}

/// The scans of a picture to its very end, without what stands between them that is none of it, nor what hangs behind:
/// telephones put films and second pictures there. Nothing where the end is missing.
fn scans(bytes: &[u8]) -> Option<Bytes> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let at = rest.windows(2).position(|it| matches!(it, [0xFF, mark] if is_mark(*mark)))?;
        let (scan, behind) = rest.split_at_checked(at)?;
        kept.extend_from_slice(scan);
        let (head, contents) = behind.split_at_checked(2)?;
        let mark = *head.get(1)?;
        if mark == EOI {
            kept.extend_from_slice(head);
            return Some(kept.into());
        }
        let size = usize::from(u16::from_be_bytes([*contents.first()?, *contents.get(1)?]));
        let (contents, behind) = contents.split_at_checked(size.max(2))?;
        if stays(mark, contents.get(2..)?) {
            kept.extend_from_slice(head);
            kept.extend_from_slice(contents);
        }
        rest = behind;
    }
}

/// Whether what follows FF within a scan ends it: points of the picture and restarts do not.
fn is_mark(byte: u8) -> bool {
    !matches!(byte, 0x00 | 0x01 | 0xD0..=0xD7 | 0xFF) && byte != SOI[1]
}

/// What of a PNG file is the picture, besides what every reader must know.
const PNG: [&[u8; 4]; 14] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"mDCV",
    b"cLLI", // Moving pictures.
    b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: Bytes) -> Option<Bytes> {
    let mut picture = Png::from_bytes(bytes).ok()?;
    let note = upright(picture.exif().as_deref());
    // A large first letter says that no reader can do without.
    picture
        .chunks_mut()
        .retain(|it| it.kind()[0].is_ascii_uppercase() || PNG.contains(&&it.kind()));
    if picture.chunks().last()?.kind() != *b"IEND" {
        return None;
    }
    picture.set_exif(note);
    Some(picture.encoder().bytes())
}

/// What of a WebP file is the picture.
const WEBP: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// Where the first byte of `VP8X` says that there are notes of other programs.
const XMP: u8 = 0x04;

fn webp(bytes: Bytes) -> Option<Bytes> {
    let mut picture = WebP::from_bytes(bytes).ok()?;
    let note = upright(picture.exif().as_deref());
    picture.chunks_mut().retain(|it| WEBP.contains(&&it.id()));
    if !picture.chunks().iter().any(|it| matches!(&it.id(), b"VP8 " | b"VP8L" | b"ANMF")) {
        return None;
    }
    picture.set_exif(note);
    let mut whole = picture.encoder().bytes().to_vec();
    if whole.get(12..16) == Some(b"VP8X")
        && let Some(flags) = whole.get_mut(20)
    {
        *flags &= !XMP;
    }
    Some(whole.into())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat};

    use super::*;

    /// A note as telephones write it: lying on its side, the device, and where: 21°02'N 105°50'E.
    fn note() -> Bytes {
        let mut it = b"II\x2A\0\x08\0\0\0\x03\0".to_vec();
        let mut entry = |tag: u16, kind: u16, count: u32, value: u32| {
            it.extend_from_slice(&tag.to_le_bytes());
            it.extend_from_slice(&kind.to_le_bytes());
            it.extend_from_slice(&count.to_le_bytes());
            it.extend_from_slice(&value.to_le_bytes());
        };
        entry(0x0110, 2, 12, 50);
        entry(0x0112, 3, 1, 6);
        entry(0x8825, 4, 1, 62);
        it.extend_from_slice(&[0; 4]);
        it.extend_from_slice(b"DienThoai X\0");
        it.extend_from_slice(&[4, 0]);
        let mut entry = |tag: u16, kind: u16, count: u32, value: u32| {
            it.extend_from_slice(&tag.to_le_bytes());
            it.extend_from_slice(&kind.to_le_bytes());
            it.extend_from_slice(&count.to_le_bytes());
            it.extend_from_slice(&value.to_le_bytes());
        };
        entry(1, 2, 2, 0x4E);
        entry(2, 5, 3, 116);
        entry(3, 2, 2, 0x45);
        entry(4, 5, 3, 140);
        it.extend_from_slice(&[0; 4]);
        for degrees in [21_u32, 1, 2, 1, 0, 1, 105, 1, 50, 1, 0, 1] {
            it.extend_from_slice(&degrees.to_le_bytes());
        }
        it.into()
    }

    fn drawn(format: ImageFormat) -> Bytes {
        let mut bytes = Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(64, 40, |x, y| {
            image::Rgb([u8::try_from(x * 3).unwrap(), u8::try_from(y * 5).unwrap(), 90])
        });
        DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner().into()
    }

    fn has(bytes: &[u8], what: &[u8]) -> bool {
        bytes.windows(what.len()).any(|it| it == what)
    }

    /// Freed of everything, with every point as it was and the right side up.
    #[track_caller]
    fn check(id: &str, with: Bytes) {
        assert!(has(&with, b"DienThoai"), "{id}: nothing to take out");
        let bare = bare(FileType::named(id).unwrap(), with.clone()).unwrap();
        for left in [&b"DienThoai"[..], b"adobe", b"Lua", &note()[116..160]] {
            assert!(!has(&bare, left), "{id}: {left:?}");
        }
        let points = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
        assert_eq!(points(&bare), points(&with), "{id}");
        let decoder =
            image::ImageReader::new(Cursor::new(&bare[..])).with_guessed_format().unwrap();
        let mut decoder = decoder.into_decoder().unwrap();
        let side = image::ImageDecoder::orientation(&mut decoder).unwrap();
        assert_eq!(side, Orientation::Rotate90, "{id}");
    }

    #[test]
    fn a_photograph_says_neither_where_nor_with_what_it_was_taken() {
        let mut photo = Jpeg::from_bytes(drawn(ImageFormat::Jpeg)).unwrap();
        let segment =
            |marker, text: &'static [u8]| JpegSegment::new_with_contents(marker, text.into());
        photo.segments_mut().insert(0, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>Lua</x>"));
        photo.segments_mut().insert(0, segment(0xED, b"Photoshop 3.0\08BIM Lua"));
        photo.segments_mut().insert(0, segment(0xFE, b"Tran Van Lua"));
        photo.set_exif(Some(note()));
        let mut bytes = photo.encoder().bytes().to_vec();
        // A second picture behind the end, with a place of its own.
        bytes.extend_from_slice(b"\xFF\xD8\xFF\xE1 DienThoai Lua");
        check("jpg", bytes.into());
    }

    #[test]
    fn neither_do_other_pictures() {
        let mut png = Png::from_bytes(drawn(ImageFormat::Png)).unwrap();
        let text =
            img_parts::png::PngChunk::new(*b"tEXt", Bytes::from_static(b"Author\0Tran Van Lua"));
        png.chunks_mut().insert(1, text);
        png.set_exif(Some(note()));
        check("png", png.encoder().bytes());

        let mut webp = WebP::from_bytes(drawn(ImageFormat::WebP)).unwrap();
        webp.set_exif(Some(note()));
        let xmp = img_parts::riff::RiffContent::Data(Bytes::from_static(b"<adobe>Lua</adobe>"));
        webp.chunks_mut().push(img_parts::riff::RiffChunk::new(*b"XMP ", xmp));
        check("webp", webp.encoder().bytes());
    }

    #[test]
    fn what_is_damaged_is_not_guessed_at() {
        for (id, format) in
            [("jpg", ImageFormat::Jpeg), ("png", ImageFormat::Png), ("webp", ImageFormat::WebP)]
        {
            let kind = FileType::named(id).unwrap();
            let whole = drawn(format);
            assert!(bare(kind, whole.clone()).is_some(), "{id}");
            for cut in 0..whole.len() {
                if let Some(it) = bare(kind, whole.slice(..cut)) {
                    // Only what can still be read is kept.
                    assert!(it.len() <= cut + 2, "{id} {cut}");
                }
            }
        }
        assert!(
            bare(FileType::named("jpg").unwrap(), Bytes::from_static(b"\xFF\xD8\xFF\xE1"))
                .is_none()
        );
    }
}
