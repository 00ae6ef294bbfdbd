//! Finds what the sanitiser will take out, so that the author can be told. It reads the HTML
//! with the same tokenizer as the sanitiser itself.

use std::{cell::RefCell, collections::BTreeSet};

use ammonia::Builder;
use base::{Error, Message, Result};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::markdown::{MAX_DEPTH, is_own_picture};

/// What will be taken out of `html`, each thing named once. Refuses what nests too deeply.
pub(crate) fn find(html: &str, sanitiser: &Builder<'_>) -> Result<Vec<Message>> {
    let sink = Finder {
        tags: sanitiser.clone_tags().into_iter().map(str::to_owned).collect(),
        ..Finder::default()
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let findings = tokenizer.sink.findings.into_inner();
    match findings.deepest > MAX_DEPTH {
        true => Err(Error::field("body", "body.too_deep")),
        false => Ok(findings.removed.into_values().collect()),
    }
}

#[derive(Default)]
struct Finder {
    tags: BTreeSet<String>,
    findings: RefCell<Findings>,
}

#[derive(Default)]
struct Findings {
    depth: usize,
    deepest: usize,
    removed: std::collections::BTreeMap<String, Message>,
}

impl Findings {
    fn note(&mut self, message: Message) {
        self.removed.insert(message.to_string(), message);
    }
}

impl TokenSink for Finder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let mut findings = self.findings.borrow_mut();
            match tag.kind {
                TagKind::StartTag => self.start(&tag, &mut findings),
                TagKind::EndTag => findings.depth = findings.depth.saturating_sub(1),
            }
        }
        TokenSinkResult::Continue
    }
}

impl Finder {
    fn start(&self, tag: &Tag, findings: &mut Findings) {
        let name: &str = &tag.name;
        if !tag.self_closing && !is_void(name) {
            findings.depth += 1;
            findings.deepest = findings.deepest.max(findings.depth);
        }
        if !self.tags.contains(name) {
            findings.note(Message::new("removed.tag").with("name", name));
            return;
        }
        for attribute in &tag.attrs {
            self.attribute(name, &attribute.name.local, &attribute.value, findings);
        }
    }

    fn attribute(&self, tag: &str, name: &str, value: &str, findings: &mut Findings) {
        match name {
            "href" | "src" if has_strange_scheme(value) => {
                findings.note(Message::new("removed.link").with("address", short(value)));
            }
            "src" if !is_own_picture(value) => {
                findings.note(Message::new("removed.picture").with("address", short(value)));
            }
            "id" if value.starts_with("chu-thich-") => (),
            "href" | "src" | "alt" | "title" | "lang" | "class" | "role" | "tabindex" | "start"
            | "colspan" | "rowspan" | "scope" | "width" | "height" | "align" | "name" => (),
            // Table alignment is presentation the sanitiser drops and nobody misses.
            "style" if matches!(tag, "td" | "th") => (),
            _ => findings.note(Message::new("removed.attribute").with("name", name)),
        }
    }
}

/// The beginning of an address: a pasted `data:` picture would fill the screen.
fn short(address: &str) -> String {
    let start: String = address.chars().take(60).collect();
    if start.len() < address.len() { format!("{start}…") } else { start }
}

/// A scheme other than the four that are kept. Browsers skip white space and controls in it.
fn has_strange_scheme(address: &str) -> bool {
    let plain: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = plain.split(['/', '?', '#']).next().unwrap_or_default();
    scheme.split_once(':').is_some_and(|(scheme, _)| {
        !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto" | "tel")
    })
}

fn is_void(tag: &str) -> bool {
    matches!(
        tag,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}
