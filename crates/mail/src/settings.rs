//! How letters leave: the server, and how long everything may take.

use std::time::Duration;

use chrono::TimeDelta;
use lettre::{Address, transport::smtp::client::Certificate};

/// A setting that cannot be used; the text names what is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub String);

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte.
    Required,
    /// TLS after the greeting; a server that does not offer it is not talked to.
    StartTls,
    /// Nothing: for a server on this machine.
    None,
}

impl Tls {
    /// The usual port.
    pub fn port(self) -> u16 {
        match self {
            Self::Required => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// Who we are to the server.
#[derive(Clone)]
pub struct Login {
    /// The name.
    pub username: String,
    /// The password; never printed.
    pub password: String,
}

/// The SMTP server.
#[derive(Clone)]
pub struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: Tls,
    pub(crate) login: Option<Login>,
    pub(crate) from: Address,
    pub(crate) roots: Vec<Certificate>,
    pub(crate) timeout: Duration,
}

impl Server {
    /// The server at `host`, which lets us send as `from`. `roots` are PEM certificates that are
    /// trusted beside those of the machine; `timeout` bounds every step of the conversation.
    pub fn new(
        (host, port, tls): (&str, u16, Tls),
        login: Option<Login>,
        from: &str,
        roots: &[u8],
        timeout: Duration,
    ) -> Result<Self, BadSettings> {
        let sender = crate::Recipient::parse(from);
        let sender = sender.ok_or_else(|| BadSettings(format!("from = {from:?}: no address")))?;
        let roots = match roots {
            [] => Vec::new(),
            pem => vec![
                Certificate::from_pem(pem)
                    .map_err(|err| BadSettings(format!("ca_file: no certificate: {err}")))?,
            ],
        };
        Ok(Self {
            host: host.to_owned(),
            port: if port == 0 { tls.port() } else { port },
            tls,
            login,
            from: sender.into_address(),
            roots,
            timeout,
        })
    }

    /// The host and port, for people.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// How letters are kept and sent.
#[derive(Clone)]
pub struct Settings {
    /// The server; without one, letters wait.
    pub server: Option<Server>,
    /// How long a letter is tried.
    pub give_up: TimeDelta,
    /// How long the text of a letter that is done with is kept.
    pub keep: TimeDelta,
    /// How many letters one round carries.
    pub per_round: i64,
}

impl Settings {
    /// How long a postman may have a letter before it counts as lost: longer than every step of
    /// the conversation together.
    pub(crate) fn lease(&self) -> TimeDelta {
        let timeout = self.server.as_ref().map_or(Duration::ZERO, |it| it.timeout);
        TimeDelta::from_std(timeout * 8).unwrap_or_default() + TimeDelta::minutes(1)
    }
}
