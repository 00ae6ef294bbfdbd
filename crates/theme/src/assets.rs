//! The static files of the themes, held in memory with the digest that makes their address.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// A static file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub mime: &'static str,
    /// Sixteen hexadecimal digits of its SHA-256; part of its address, so it never goes stale.
    pub digest: String,
}

/// The files of every theme, by `theme/file`.
pub(crate) type Assets = HashMap<String, Arc<Asset>>;

/// Reads `themes/<theme>/static` of every theme.
pub(crate) fn load(dir: &Path, theme: &str, assets: &mut Assets) -> Result<()> {
    let root = dir.join(theme).join("static");
    if root.is_dir() { walk(&root, theme, assets) } else { Ok(()) }
}

fn walk(folder: &Path, prefix: &str, assets: &mut Assets) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).context("a strange name")?;
        let key = format!("{prefix}/{name}");
        if path.is_dir() {
            walk(&path, &key, assets)?;
        } else if let Some(mime) = mime(name) {
            let bytes = fs::read(&path)?;
            let digest = base::hex(Sha256::digest(&bytes).get(..8).unwrap_or_default());
            assets.insert(key, Arc::new(Asset { bytes, mime, digest }));
        }
    }
    Ok(())
}

/// Only these are served; a stray file in the folder stays where it is.
fn mime(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => return None,
    })
}
