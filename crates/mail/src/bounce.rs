//! Letters that come back: delivery status notifications (RFC 3464), as a mail server pipes them.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use crate::model::MailId;

/// The largest notification that is read, in bytes.
pub const MAX_SIZE: usize = 1 << 20;

/// What a notification says of one of our letters.
#[derive(Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The letter.
    pub mail: MailId,
    /// Who did not get it; empty when it is not said.
    pub recipient: String,
    /// What the last server said.
    pub words: String,
    /// Whether the recipient cannot get others either (status 5.1.x, 5.2.1).
    pub is_final: bool,
}

/// Reads a notification. `None` where it is none, speaks of a delay or a success, or of a letter
/// whose Message-ID is not one of ours.
pub fn read(raw: &[u8]) -> Option<Bounce> {
    let message = MessageParser::default().parse(raw)?;
    let status = report(&message)?;
    let failed = field(&status, "action").is_some_and(|it| it.eq_ignore_ascii_case("failed"));
    if !failed {
        return None;
    }
    let after_type =
        |value: &str| value.split_once(';').map_or(value, |(_, rest)| rest).trim().to_owned();
    let recipient = field(&status, "final-recipient").map(after_type).unwrap_or_default();
    let code = field(&status, "status").unwrap_or_default();
    let words = field(&status, "diagnostic-code").map(after_type);
    Some(Bounce {
        mail: our_letter(&message)?,
        recipient: recipient.to_lowercase(),
        words: words.unwrap_or_else(|| code.to_owned()),
        is_final: code.starts_with("5.1.") || code == "5.2.1",
    })
}

/// The text of the part that machines read.
fn report(message: &Message<'_>) -> Option<String> {
    let part = message.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype() == "message" && kind.subtype() == Some("delivery-status")
        })
    })?;
    match &part.body {
        PartType::Text(text) => Some(unfolded(text)),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(unfolded(&String::from_utf8_lossy(bytes)))
        }
        // Its fields look like a header, and some readers take it for a message.
        PartType::Message(inner) => Some(unfolded(&String::from_utf8_lossy(&inner.raw_message))),
        _ => None,
    }
}

/// Header lines with their continuations joined.
fn unfolded(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.replace("\n ", " ").replace("\n\t", " ")
}

/// The value of a field, the last one when there are several recipients' blocks.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let mut values = lines.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    values.next_back().map(|(_, value)| value.trim())
}

/// Our letter among what was sent back with the report: its Message-ID has our id before the `@`.
fn our_letter(message: &Message<'_>) -> Option<MailId> {
    let from_parts = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().and_then(ours),
        PartType::Text(text) => field(&unfolded(text), "message-id")
            .map(|it| it.trim_matches(['<', '>']))
            .and_then(ours),
        _ => None,
    });
    let answers = || message.in_reply_to().as_text().and_then(ours);
    from_parts.or_else(answers)
}

fn ours(message_id: &str) -> Option<MailId> {
    let (id, _) = message_id.trim().split_once('@')?;
    MailId::parse(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "019a0000-0000-7000-8000-000000000001";

    fn notification(action: &str, status: &str, original: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.test\r\nTo: cong@tinh.test\r\nSubject: Undelivered\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.test\r\n\r\n\
             Final-Recipient: rfc822; An@x.test\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 5.1.1\r\n no such user\r\n\
             --b\r\nContent-Type: {original}\r\n\r\n\
             From: cong@tinh.test\r\nMessage-ID: <{ID}@tinh.test>\r\nSubject: x\r\n\r\nText\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_notification_names_the_letter_and_why() {
        for original in ["message/rfc822", "text/rfc822-headers"] {
            let bounce = read(notification("failed", "5.1.1", original).as_bytes()).unwrap();
            assert_eq!(bounce.mail.to_string(), ID, "{original}");
            assert_eq!(bounce.recipient, "an@x.test");
            assert_eq!(bounce.words, "550 5.1.1 no such user");
            assert!(bounce.is_final);
        }
        let full = read(notification("failed", "5.2.2", "message/rfc822").as_bytes()).unwrap();
        assert!(!full.is_final);
    }

    #[test]
    fn what_is_no_failure_of_ours_is_left() {
        assert_eq!(read(notification("delayed", "4.4.1", "message/rfc822").as_bytes()), None);
        assert_eq!(read(b""), None);
        assert_eq!(read(b"Subject: hello\r\n\r\nhello"), None);
        let foreign = notification("failed", "5.1.1", "message/rfc822").replace(ID, "abc");
        assert_eq!(read(foreign.as_bytes()), None);
        assert_eq!(read(&[0xff; 4096]), None);
    }
}
