//! The three cookies: a signed-in session, a secret for the forms of strangers, a message.
//!
//! All are host-only: none has a domain, so no site of the portal can see another's. Where
//! https is certain, the `__Host-` prefix makes browsers enforce it.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// Names and makes the cookies.
#[derive(Clone, Copy, Debug)]
pub struct Jar {
    /// Whether cookies travel over https only.
    pub secure: bool,
}

impl Jar {
    /// The session's cookie.
    pub fn session(self) -> &'static str {
        if self.secure { "__Host-conglang" } else { "conglang" }
    }

    /// The cookie that protects forms sent before signing in.
    pub fn form(self) -> &'static str {
        if self.secure { "__Host-conglang-form" } else { "conglang-form" }
    }

    /// The cookie that carries a message to the next page.
    pub fn flash(self) -> &'static str {
        if self.secure { "__Host-conglang-flash" } else { "conglang-flash" }
    }

    /// A cookie that lasts until the browser closes.
    pub fn make(self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build(name, value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }

    /// Tells the browser to drop a cookie.
    pub fn drop(self, name: &'static str) -> Cookie<'static> {
        let mut cookie = self.make(name, String::new());
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}

/// 256 random bits, for cookies and links.
pub fn secret() -> String {
    base::hex(&rand::rng().random::<[u8; 32]>())
}

/// What the database keeps of a secret: whoever reads the table cannot sign in with it.
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The token a form must carry to have come from a page that this browser was shown.
pub fn form_token(secret: &str) -> String {
    base::hex(&Sha256::digest(format!("form {secret}").as_bytes()))
}
