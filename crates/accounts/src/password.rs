//! Argon2id, off the async threads.

use std::sync::LazyLock;

use anyhow::anyhow;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base::Result;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::model::MAX_PASSWORD;

/// How many passwords are hashed at once. Each takes 19 MiB and tens of milliseconds on
/// purpose; a crowd at the door must wait, not fill the memory.
static PLACES: Semaphore = Semaphore::const_new(4);

/// Does `work` off the async threads, when it is its turn.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = PLACES.acquire().await.map_err(|err| anyhow!("hashing is closed: {err}"))?;
    Ok(tokio::task::spawn_blocking(work).await.map_err(|err| anyhow!("hashing died: {err}"))?)
}

/// [`hash`], for handlers.
pub(crate) async fn hashed(password: String) -> Result<String> {
    in_turn(move || hash(&password)).await?
}

/// The hash to keep, in PHC format.
pub fn hash(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(normal(password).as_bytes());
    Ok(hash.map_err(|err| anyhow!("cannot hash: {err}"))?.to_string())
}

/// Whether `password` made `kept`. Without one to compare with, as much work is done and the
/// answer is no: the time taken must not tell which addresses exist.
pub(crate) async fn verify(password: String, kept: Option<String>) -> Result<bool> {
    if password.chars().count() > MAX_PASSWORD {
        return Ok(false);
    }
    let job = move || {
        let known = kept.is_some();
        let kept = kept.as_deref().or(NOBODY.as_deref()).unwrap_or_default();
        let Ok(kept) = PasswordHash::new(kept) else { return false };
        let right = Argon2::default().verify_password(normal(&password).as_bytes(), &kept).is_ok();
        right && known
    };
    in_turn(job).await
}

/// A hash that belongs to nobody.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody has this password").ok());

/// One password, however the keyboard composes its accents.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_password_matches_itself_in_any_composition() {
        let kept = hash("Sông Hồng 2026!").unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        let decomposed: String = "Sông Hồng 2026!".nfd().collect();
        assert!(verify(decomposed, Some(kept.clone())).await.unwrap());
        assert!(!verify("Sông Hồng 2026".into(), Some(kept)).await.unwrap());
        assert!(!verify("nobody has this password".into(), None).await.unwrap());
    }
}
