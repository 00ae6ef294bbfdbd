//! The conversation with the SMTP server, step by step, so that it is known what had been handed
//! over when it broke.

use std::{error::Error as _, time::Duration};

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters, TlsParametersBuilder},
        commands::{Data, Mail, Rcpt, Rset},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use crate::{Recipient, Server, Tls, store::Claimed};

/// What became of a letter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server has it.
    Sent,
    /// The server said "not now".
    Busy(String),
    /// The line broke before the text was given.
    Broken(String),
    /// The server said "never"; whether it spoke of the recipient.
    Refused { words: String, of_recipient: bool },
    /// The text was given, or begun, and no answer came.
    NoAnswer(String),
}

/// An open line to the server.
pub(crate) struct Wire {
    line: AsyncSmtpConnection,
    from: Address,
    timeout: Duration,
    broken: bool,
}

/// A step that failed.
struct Trouble {
    words: String,
    /// The server's code; `None` when the line broke.
    code: Option<u16>,
}

impl From<Error> for Trouble {
    fn from(err: Error) -> Self {
        let code = err.status().map(u16::from);
        // The outer error says what kind it is; the inner one what the server or the system said.
        let words = match (code, err.source()) {
            (Some(code), Some(inner)) => format!("{code} {inner}"),
            (None, Some(inner)) => inner.to_string(),
            _ => err.to_string(),
        };
        Self { words, code }
    }
}

impl Trouble {
    fn is_final(&self) -> bool {
        self.code.is_some_and(|code| code >= 500)
    }
}

/// One step, which must end in time.
async fn step<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Trouble> {
    match timeout(limit, work).await {
        Ok(done) => Ok(done?),
        Err(_) => {
            let words = format!("no answer within {} s", limit.as_secs());
            Err(Trouble { words, code: None })
        }
    }
}

impl Wire {
    /// Connects, protects the line and signs in. `Err` says why that cannot be done.
    pub(crate) async fn open(server: &Server) -> Result<Self, String> {
        Self::begin(server).await.map_err(|trouble| trouble.words)
    }

    async fn begin(server: &Server) -> Result<Self, Trouble> {
        let hello = ClientId::Domain(server.from.domain().to_owned());
        let tls = || {
            let builder = TlsParameters::builder(server.host.clone());
            let roots = server.roots.iter().cloned();
            roots.fold(builder, TlsParametersBuilder::add_root_certificate).build()
        };
        let limit = server.timeout;
        let at_once = match server.tls {
            Tls::Required => Some(tls()?),
            Tls::StartTls | Tls::None => None,
        };
        let place = (server.host.as_str(), server.port);
        let connect =
            AsyncSmtpConnection::connect_tokio1(place, Some(limit), &hello, at_once, None);
        let mut line = step(limit, connect).await?;
        if server.tls == Tls::StartTls {
            step(limit, line.starttls(tls()?, &hello)).await?;
        }
        if let Some(login) = &server.login {
            let credentials = Credentials::new(login.username.clone(), login.password.clone());
            step(limit, line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)).await?;
        }
        Ok(Self { line, from: server.from.clone(), timeout: limit, broken: false })
    }

    /// Whether nothing more can be sent on this line.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Hands one letter over.
    pub(crate) async fn deliver(&mut self, mail: &Claimed) -> Outcome {
        let (to, bytes) = match message(mail, &self.from) {
            Ok(it) => it,
            Err(words) => return Outcome::Refused { words, of_recipient: false },
        };
        let limit = self.timeout;
        let begun = step(limit, self.line.command(Mail::new(Some(self.from.clone()), vec![])));
        if let Err(trouble) = begun.await {
            return self.failed(trouble, false).await;
        }
        if let Err(trouble) = step(limit, self.line.command(Rcpt::new(to, vec![]))).await {
            return self.failed(trouble, true).await;
        }
        if let Err(trouble) = step(limit, self.line.command(Data)).await {
            return self.failed(trouble, false).await;
        }
        // From here on the server may have it. It may also take its time to look it through.
        match step(limit * 2, self.line.message(&bytes)).await {
            Ok(_) => Outcome::Sent,
            Err(trouble) if trouble.code.is_none() => {
                self.broken = true;
                Outcome::NoAnswer(trouble.words)
            }
            Err(trouble) => self.failed(trouble, false).await,
        }
    }

    /// A step before the text failed, or the server refused the text: it does not have the letter.
    async fn failed(&mut self, trouble: Trouble, at_recipient: bool) -> Outcome {
        // 421: the server hangs up.
        self.broken = matches!(trouble.code, None | Some(421));
        if !self.broken {
            self.broken = step(self.timeout, self.line.command(Rset)).await.is_err();
        }
        let is_final = trouble.is_final();
        match trouble.code {
            None => Outcome::Broken(trouble.words),
            Some(_) if is_final => {
                let enhanced = trouble.words.split_once(' ').map_or("", |(_, rest)| rest);
                let of_recipient = at_recipient && crate::model::blames_recipient(enhanced);
                Outcome::Refused { words: trouble.words, of_recipient }
            }
            Some(_) => Outcome::Busy(trouble.words),
        }
    }

    /// Says goodbye, as far as anybody listens.
    pub(crate) async fn close(mut self) {
        if !self.broken {
            let _ = step(self.timeout, self.line.quit()).await;
        }
    }
}

/// The letter as it travels: everything in ASCII, every header encoded by `lettre`.
fn message(mail: &Claimed, from: &Address) -> Result<(Address, Vec<u8>), String> {
    let to: Address = mail.recipient.parse().map_err(|err| format!("{err}"))?;
    // `lettre` panics at a name with a line end.
    let sender = base::text::line(&mail.sender);
    let date = std::time::SystemTime::from(mail.created_at.and_utc());
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(sender.clone()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(&mail.subject)
        .date(date)
        .message_id(Some(format!("<{}@{}>", mail.id, from.domain())));
    if let Some(office) = Recipient::parse(&mail.reply_to) {
        builder = builder.reply_to(Mailbox::new(Some(sender), office.into_address()));
    }
    let parts = MultiPart::alternative_plain_html(mail.body.clone(), mail.html.clone());
    let mut message = builder.multipart(parts).map_err(|err| err.to_string())?;
    let mut add = |name: &'static str, value: String| {
        let name = HeaderName::new_from_ascii_str(name);
        message.headers_mut().insert_raw(HeaderValue::new(name, value));
    };
    add("Auto-Submitted", "auto-generated".into());
    if !mail.unsubscribe.is_empty() {
        add("List-Unsubscribe", format!("<{}>", mail.unsubscribe));
        add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into());
    }
    Ok((to, message.formatted()))
}
