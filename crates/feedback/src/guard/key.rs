//! The installation's secret: signs slips, derives tracking codes, seals what must not lie open.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, ensure};
use base::hex;
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use rand::RngExt;
use sha2::Sha256;

/// The file of the secret below the data folder.
const FILE: &str = "secret.key";

/// The secret. Whoever loses it loses what is sealed; codes go on working.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of one's own choice.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the secret of `folder`, or makes one. Several processes that serve one portal need
    /// the same file.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        if !path.exists() {
            make(&path).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        let bytes = unhex(text.trim()).with_context(|| format!("{}", path.display()))?;
        ensure!(bytes.len() == 32, "{} is not 64 hexadecimal digits", path.display());
        let mut key = [0; 32];
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// The keyed digest of `text` for `purpose`: digests for one purpose say nothing of another.
    pub fn digest(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0);
        // A key of any length will do for this digest.
        let Ok(mut mac) = mac else { return [0; 32] };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    /// `text` as only this key can read it again, bound to `of`: moved elsewhere, it is not read.
    pub fn seal(&self, of: &[u8], text: &str) -> anyhow::Result<String> {
        let nonce: [u8; 12] = rand::rng().random();
        let payload = Payload { msg: text.as_bytes(), aad: of };
        let sealed = self.cipher().encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|err| anyhow::anyhow!("cannot seal: {err}"))?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    /// What [`Key::seal`] was given.
    pub fn unseal(&self, of: &[u8], sealed: &str) -> anyhow::Result<String> {
        let bytes = unhex(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(12).context("too short to be sealed")?;
        let nonce: [u8; 12] = nonce.try_into()?;
        let payload = Payload { msg: sealed, aad: of };
        let text = self.cipher().decrypt(&nonce.into(), payload);
        let text = text.map_err(|err| anyhow::anyhow!("sealed with another key: {err}"))?;
        Ok(String::from_utf8(text)?)
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.digest("seal", b"").into())
    }
}

/// Writes a new secret. Of two processes that start at once, the second finds the first one's.
fn make(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            let secret: [u8; 32] = rand::rng().random();
            file.write_all(hex(&secret).as_bytes())?;
            file.sync_all()
        }
        Err(err) if err.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(err) => Err(err),
    }
}

pub(super) fn unhex(text: &str) -> anyhow::Result<Vec<u8>> {
    let digits: Vec<u32> =
        text.chars().map(|c| c.to_digit(16)).collect::<Option<_>>().context("not hexadecimal")?;
    ensure!(digits.len().is_multiple_of(2), "half a byte");
    let byte = |pair: &[u32]| pair.iter().fold(0, |sum, digit| sum * 16 + digit);
    Ok(digits.chunks(2).map(|pair| u8::try_from(byte(pair)).unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_read_with_the_same_key_in_the_same_place_only() {
        let (key, other) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        let sealed = key.seal(b"case 1", "001099012345").unwrap();
        assert!(!sealed.contains("001099012345"));
        assert_eq!(key.unseal(b"case 1", &sealed).unwrap(), "001099012345");
        assert!(key.unseal(b"case 2", &sealed).is_err());
        assert!(other.unseal(b"case 1", &sealed).is_err());
        for bad in ["", "zz", "00", "ế"] {
            assert!(key.unseal(b"case 1", bad).is_err(), "{bad}");
        }
        assert_ne!(sealed, key.seal(b"case 1", "001099012345").unwrap());
    }

    #[test]
    fn a_secret_is_made_once() {
        let folder = std::env::temp_dir().join(format!("conglang-key-{}", base::UserId::new()));
        let first = Key::open(&folder).unwrap();
        assert_eq!(first.0, Key::open(&folder).unwrap().0);
        fs::write(folder.join(FILE), "short").unwrap();
        assert!(Key::open(&folder).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
