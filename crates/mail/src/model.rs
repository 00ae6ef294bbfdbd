//! The rules of letters: who can get one, how often it is tried, what a refusal means. Pure.

use std::collections::BTreeMap;

use base::{Error, Result};
use chrono::TimeDelta;
use lettre::Address;
use sha2::{Digest, Sha256};

base::id!(
    /// Identifies a letter to one recipient; also the left half of its Message-ID.
    MailId
);

base::text_enum!(
    /// Where a letter stands.
    State {
        /// It waits for its turn, or for the next attempt.
        Queued = "queued",
        /// A postman has it.
        Sending = "sending",
        /// The server took it.
        Sent = "sent",
        /// The server refused it for good, or its recipient was refused before.
        Refused = "refused",
        /// Nobody knows whether the server took it.
        Uncertain = "uncertain",
        /// It could not be handed over for so long that it was given up.
        Late = "late",
        /// It was taken and came back.
        Bounced = "bounced",
        /// Its recipient stopped such notices while it waited.
        Withheld = "withheld",
    }
);

impl State {
    /// Whether the staff may put such a letter back into the queue.
    pub fn can_go_again(self) -> bool {
        matches!(self, Self::Refused | Self::Uncertain | Self::Late | Self::Bounced)
    }
}

base::text_enum!(
    /// Why a letter stands where it stands.
    Reason {
        /// There is nothing to explain.
        Nothing = "nothing",
        /// The server cannot be reached, or does not let us in.
        Unreachable = "unreachable",
        /// The server said "not now".
        Busy = "busy",
        /// The line broke before the text was handed over.
        Broken = "broken",
        /// The server said "never".
        Refused = "refused",
        /// The address was refused for good by an earlier attempt.
        RefusedBefore = "refused_before",
        /// The answer to the text never came.
        NoAnswer = "no_answer",
        /// The process that had it ended.
        Lost = "lost",
        /// It came back.
        Bounced = "bounced",
        /// The recipient wants no such notices.
        Unsubscribed = "unsubscribed",
    }
);

/// Who a letter is for: an address that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient(Address);

/// The longest address, in bytes (RFC 5321).
const MAX_ADDRESS: usize = 254;

impl Recipient {
    /// The address typed into the form field `field`, in small letters. What is no address, or
    /// more than one, or has a line end in it, blames the field.
    pub fn typed(field: &'static str, text: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(|| Error::field(field, "email.malformed"))
    }

    /// The address that `text` is, in small letters.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(' ').to_lowercase();
        let plain = text.is_ascii() && text.len() <= MAX_ADDRESS;
        let odd = |b: u8| b.is_ascii_control() || b" <>,;\"()[]\\".contains(&b);
        if !plain || text.bytes().any(odd) {
            return None;
        }
        let address: Address = text.parse().ok()?;
        address.domain().contains('.').then_some(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The name under which refusals and wishes of this recipient are kept.
    pub fn hash(&self) -> String {
        hash(self.as_str())
    }

    pub(crate) fn into_address(self) -> Address {
        self.0
    }
}

/// SHA-256 of an address in small letters, hexadecimal.
pub(crate) fn hash(address: &str) -> String {
    base::hex(&Sha256::digest(address.as_bytes()))
}

/// An address as staff may see it: `h***@caobang.gov.vn`.
pub fn masked(address: &str) -> String {
    let Some((name, host)) = address.rsplit_once('@') else { return "***".into() };
    let first: String = name.chars().take(1).collect();
    format!("{first}***@{host}")
}

/// What a server said, fit for a screen: one line, not endless, without the recipient's address.
pub(crate) fn said(words: &str, recipient: &str) -> String {
    let line: String = base::text::line(words).chars().take(300).collect();
    match line.to_ascii_lowercase().find(recipient) {
        Some(_) if recipient.is_empty() => line,
        Some(_) => replaced(&line, recipient, &masked(recipient)),
        None => line,
    }
}

/// `text` with every `old`, in whatever letters, replaced. `old` is ASCII and small.
fn replaced(text: &str, old: &str, new: &str) -> String {
    let small = text.to_ascii_lowercase();
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in small.match_indices(old) {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(new);
        from = at + old.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Whether a letter must reach its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It answers what the recipient did, or the law asks for it: nobody can stop it.
    Transactional,
    /// It is news of a topic, named as in `message.toml` below `mail.topic`; the recipient can
    /// stop them.
    Notice(&'static str),
}

impl Kind {
    /// The topic; empty for a letter that nobody can stop.
    pub fn topic(self) -> &'static str {
        match self {
            Self::Transactional => "",
            Self::Notice(topic) => topic,
        }
    }
}

/// A letter to be written.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What happened, unique within the site: `case-received:<id>`. A second letter of the same
    /// event to the same recipient is not written.
    pub event_key: String,
    /// Whom it is for.
    pub to: Recipient,
    /// Its templates, `mail/<template>.txt` and `.html`, and its sentences, `mail.letter.<template>.*`
    /// in `message.toml`; `subject` is one of them.
    pub template: &'static str,
    /// What goes into the gaps of its sentences, and into its templates as `view.values`.
    pub values: BTreeMap<&'static str, String>,
    /// Whether it can be stopped.
    pub kind: Kind,
}

/// How long to wait after the given number of attempts: a minute, then twice as long each time,
/// at most four hours.
pub fn wait(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default().min(8);
    TimeDelta::minutes((1_i64 << doublings).min(240))
}

/// How long to leave a server in peace that could not be reached so many times in a row: ten
/// seconds, then twice as long each time, at most five minutes.
pub fn pause(failures: u32) -> TimeDelta {
    TimeDelta::seconds((10_i64 << failures.saturating_sub(1).min(5)).min(300))
}

/// Whether words that refuse a recipient are about the recipient, and not about us: a server that
/// blocks the sender (5.7.x) says nothing of the mailbox.
pub(crate) fn blames_recipient(words: &str) -> bool {
    !words.trim_start().starts_with("5.7.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address_and_nothing_more() {
        let parse = |text: &str| Recipient::parse(text).map(|it| it.as_str().to_owned());
        assert_eq!(parse(" Hoa@CaoBang.gov.vn ").as_deref(), Some("hoa@caobang.gov.vn"));
        for bad in [
            "",
            "hoa",
            "hoa@",
            "@x.vn",
            "hoa@localhost",
            "a@x.vn\r\nBcc: b@x.vn",
            "a@x.vn\nSubject: x",
            "a@x.vn\0",
            "a@x.vn, b@x.vn",
            "Hoa <hoa@x.vn>",
            "\"a b\"@x.vn",
            "hoà@x.vn",
            "a@[127.0.0.1]",
            "a b@x.vn",
        ] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
        assert_eq!(parse(&format!("{}@x.vn", "a".repeat(300))), None);
        let err = Recipient::typed("email", "a@x.vn\nBcc: b@x.vn").unwrap_err();
        assert!(matches!(err, Error::Invalid(errors) if errors.contains_key("email")));
    }

    #[test]
    fn waiting_grows_and_has_an_end() {
        let minutes: Vec<i64> = (1..=11).map(|it| wait(it).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]);
        let seconds: Vec<i64> = (1..=7).map(|it| pause(it).num_seconds()).collect();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn what_a_server_says_does_not_show_the_address() {
        let words = "5.1.1 <Hoa@x.vn>: no such user\r\n550 hoa@X.vn";
        assert_eq!(said(words, "hoa@x.vn"), "5.1.1 <h***@x.vn>: no such user 550 h***@x.vn");
        assert_eq!(said(&"ă".repeat(500), "hoa@x.vn").chars().count(), 300);
        assert!(blames_recipient("5.1.1 no such user") && !blames_recipient("5.7.1 relay denied"));
    }
}
