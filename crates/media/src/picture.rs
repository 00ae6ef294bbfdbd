//! What becomes of a picture: turned upright, made small, freed of its metadata, kept as WebP.

use std::io::Cursor;

use base::{Error, Message, Result};
use fast_image_resize::{ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use sha2::{Digest, Sha256};

/// The widest picture that is kept, in pixels. Wider screens do not show more of an article.
const WIDE: u32 = 1600;

/// The width of the small copy for lists, in pixels.
const SMALL: u32 = 480;

/// WebP quality, of 100: no visible loss on photographs.
const QUALITY: f32 = 78.0;

/// The largest side that is decoded, in pixels.
const MAX_SIDE: u32 = 16_000;

/// The most memory a decoded picture may take, in bytes.
const MAX_MEMORY: u64 = 400 << 20;

/// A picture ready to be kept.
#[derive(Debug)]
pub struct Picture {
    /// The picture, as WebP.
    pub wide: Vec<u8>,
    /// The copy for lists, as WebP.
    pub small: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// SHA-256 of `wide`, hexadecimal.
    pub digest: String,
}

/// Makes a [`Picture`] of an uploaded file. The type is told by the bytes, not by the name.
/// Takes tenths of a second: call it off the async threads.
pub fn take_in(bytes: &[u8]) -> Result<Picture> {
    let upright = decode(bytes)?;
    let wide = at_most(&upright, WIDE)?;
    let small = at_most(&wide, SMALL)?;
    let (width, height) = (wide.width(), wide.height());
    let wide = encode(&wide)?;
    let digest = base::hex(&Sha256::digest(&wide));
    Ok(Picture { small: encode(&small)?, wide, width, height, digest })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let unreadable = |err: image::ImageError| {
        let reason = if matches!(err, image::ImageError::Limits(_)) { "large" } else { "broken" };
        Error::field("files", Message::new(format!("picture.{reason}")))
    };
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let reader = reader.map_err(|err| unreadable(err.into()))?;
    if reader.format().is_none() {
        return Err(Error::field("files", "picture.kind"));
    }
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits).map_err(unreadable)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    // Two layouts are enough for the web, and all that the encoder takes.
    Ok(match picture.color().has_alpha() {
        true => DynamicImage::ImageRgba8(picture.into_rgba8()),
        false => DynamicImage::ImageRgb8(picture.into_rgb8()),
    })
}

fn at_most(picture: &DynamicImage, width: u32) -> Result<DynamicImage> {
    if picture.width() <= width {
        return Ok(picture.clone());
    }
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width());
    let height = u32::try_from(height.max(1)).unwrap_or(u32::MAX);
    let mut smaller = DynamicImage::new(width, height, picture.color());
    Resizer::new()
        .resize(picture, &mut smaller, &ResizeOptions::default())
        .map_err(|err| anyhow::anyhow!("cannot resize: {err}"))?;
    Ok(smaller)
}

fn encode(picture: &DynamicImage) -> Result<Vec<u8>> {
    let (width, height) = (picture.width(), picture.height());
    let encoder = match picture {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        _ => return Err(anyhow::anyhow!("decode gives two layouts only").into()),
    };
    let bytes = encoder.encode_simple(false, QUALITY);
    Ok(bytes.map_err(|err| anyhow::anyhow!("cannot encode: {err:?}"))?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::new_rgb8(width, height);
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_becomes_webp_of_two_sizes() {
        let picture = take_in(&png(2000, 1000)).unwrap();
        assert_eq!((picture.width, picture.height), (1600, 800));
        let small = image::load_from_memory(&picture.small).unwrap();
        assert_eq!((small.width(), small.height()), (480, 240));
        assert!(picture.wide.starts_with(b"RIFF"));
    }

    #[test]
    fn what_is_no_picture_is_refused_by_its_bytes() {
        let key = |bytes: &[u8]| match take_in(bytes) {
            Err(Error::Invalid(errors)) => errors["files"].key().to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(key(b"<svg onload=alert(1)>"), "picture.kind");
        assert_eq!(key(&png(10, 10)[..40]), "picture.broken");
        assert_eq!(key(&png(20_000, 1)), "picture.large");
    }
}
