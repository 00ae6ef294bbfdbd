//! Markdown from people to HTML for everybody.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use base::{Error, Message, Result};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};
use serde::Serialize;

use crate::unsafe_input;

/// HTML that was sanitised when it was saved. Templates print nothing else as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    /// HTML read back from where [`markdown`] put it.
    pub fn stored(html: String) -> Self {
        Self(html)
    }

    /// The HTML as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What became of a Markdown text.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The safe HTML.
    pub html: Html,
    /// What had to be taken out, in words for the author; empty when nothing was.
    pub removed: Vec<Message>,
}

/// The longest text that is taken, in bytes. The longest real article measured is a tenth of it.
const MAX_BYTES: usize = 400_000;

/// How much larger than its source HTML may become. Padded tables can grow a hundredfold.
const MAX_GROWTH: usize = 8;

/// Elements within elements. Sanitising is quadratic in this; real articles stay below twelve.
pub(crate) const MAX_DEPTH: usize = 60;

/// Renders and sanitises `text`. Refuses what is too long, too deep or would swell, because
/// making that safe could take the server minutes.
pub fn markdown(text: &str) -> Result<Rendered> {
    if text.len() > MAX_BYTES {
        let max = MAX_BYTES / 1000;
        return Err(Error::field("body", Message::new("body.too_large").with("max", max)));
    }
    let mut depth = 0_usize;
    let mut events = Vec::new();
    for event in Parser::new_ext(text, options()) {
        depth = match &event {
            Event::Start(_) => depth + 1,
            Event::End(_) => depth.saturating_sub(1),
            _ => depth,
        };
        if depth > MAX_DEPTH {
            return Err(Error::field("body", "body.too_deep"));
        }
        push_ours(event, &mut events);
    }
    let mut html = String::new();
    push_html(&mut html, events.into_iter());
    if html.len() > text.len() * MAX_GROWTH + 4096 {
        return Err(Error::field("body", "body.swells"));
    }
    let removed = unsafe_input::find(&html, &SANITISER)?;
    let clean = SANITISER.clean(&html).to_string();
    Ok(Rendered { html: Html(without_empty_pictures(&clean)), removed })
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH
}

/// Adapts Markdown to our pages: the page owns the first heading, a wide table scrolls by
/// itself (and can be reached by keyboard), footnote anchors cannot clash with the page's ids.
fn push_ours<'a>(event: Event<'a>, out: &mut Vec<Event<'a>>) {
    match event {
        Event::Start(Tag::Heading { level, .. }) => out.push(Event::Start(Tag::Heading {
            level: below(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(level)) => out.push(Event::End(TagEnd::Heading(below(level)))),
        Event::Start(Tag::Table(columns)) => {
            let region = r#"<div class="table-scroll" role="region" tabindex="0">"#;
            out.push(Event::Html(CowStr::from(region)));
            out.push(Event::Start(Tag::Table(columns)));
        }
        Event::End(TagEnd::Table) => {
            out.push(Event::End(TagEnd::Table));
            out.push(Event::Html(CowStr::from("</div>")));
        }
        Event::FootnoteReference(name) => out.push(Event::FootnoteReference(anchor(&name))),
        Event::Start(Tag::FootnoteDefinition(name)) => {
            out.push(Event::Start(Tag::FootnoteDefinition(anchor(&name))));
        }
        // People press Enter where they want a new line: in addresses, names, signatures.
        Event::SoftBreak => out.push(Event::HardBreak),
        event => out.push(event),
    }
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        level => level,
    }
}

fn anchor(name: &str) -> CowStr<'static> {
    CowStr::from(format!("chu-thich-{}", base::text::slug(name, 40)))
}

pub(crate) static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(HashSet::from([
            "a",
            "abbr",
            "b",
            "blockquote",
            "br",
            "caption",
            "code",
            "col",
            "colgroup",
            "del",
            "div",
            "dd",
            "dl",
            "dt",
            "em",
            "figcaption",
            "figure",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "u",
            "ul",
        ]))
        .generic_attributes(HashSet::from(["lang", "title"]))
        .add_tag_attributes("img", ["src", "alt", "width", "height"])
        .rm_tag_attributes("img", ["align"])
        .add_tag_attributes("div", ["role", "tabindex", "id"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .add_tag_attributes("th", ["colspan", "rowspan", "scope"])
        .add_tag_attributes("ol", ["start"])
        .allowed_classes(
            [
                ("div", HashSet::from(["table-scroll", "footnote-definition"])),
                ("sup", HashSet::from(["footnote-reference", "footnote-definition-label"])),
            ]
            .into(),
        )
        .add_tag_attribute_values("div", "role", ["region"])
        .add_tag_attribute_values("div", "tabindex", ["0"])
        .rm_tag_attributes("div", ["role", "tabindex"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(only_ours);
    builder
});

/// Pictures come from this site, so that no reader is shown to a third party; anchors of ours
/// carry our prefix, so that none shadows an id of the page.
fn only_ours<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") if !is_own_picture(value) => None,
        ("div", "id") if !value.starts_with("chu-thich-") => None,
        _ => Some(value.into()),
    }
}

/// Takes out pictures whose address was taken out: nobody could see or hear what they are.
fn without_empty_pictures(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once("<img") {
        let mut quoted = false;
        let end = tag.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let (attributes, after) =
            tag.split_at_checked(end.unwrap_or(tag.len())).unwrap_or((tag, ""));
        kept.push_str(before);
        if attributes.contains(" src=\"") {
            kept.push_str("<img");
            kept.push_str(attributes);
            kept.push('>');
        }
        rest = after.strip_prefix('>').unwrap_or(after);
    }
    kept.push_str(rest);
    kept
}

pub(crate) fn is_own_picture(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(markdown(text).unwrap().html.as_str().trim(), expected);
    }

    #[track_caller]
    fn removed(text: &str, keys: &[&str]) {
        let rendered = markdown(text).unwrap();
        let found: Vec<String> = rendered.removed.iter().map(ToString::to_string).collect();
        assert_eq!(found, keys, "{}", rendered.html.as_str());
    }

    #[test]
    fn what_editors_write_survives() {
        check("# Một\n\n## Hai", "<h2>Một</h2>\n<h2>Hai</h2>");
        check("Một\nhai", "<p>Một<br>\nhai</p>");
        check("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
        check("![Cầu](/anh/1.webp)", r#"<p><img src="/anh/1.webp" alt="Cầu"></p>"#);
        check("![a > b](/anh/1.webp) c", r#"<p><img src="/anh/1.webp" alt="a &gt; b"> c</p>"#);
        check("![a](https://else.example/x.png) b", "<p> b</p>");
        let table = markdown("|a|b|\n|-|-|\n|1|2|").unwrap();
        let region = r#"<div class="table-scroll" role="region" tabindex="0"><table>"#;
        assert!(table.html.as_str().starts_with(region), "{}", table.html.as_str());
        assert!(table.removed.is_empty(), "{:?}", table.removed);
        let note = markdown("Câu[^1].\n\n[^1]: Chú thích.").unwrap();
        assert!(note.html.as_str().contains(r##"href="#chu-thich-1""##), "{:?}", note.html);
        assert!(note.html.as_str().contains(r#"id="chu-thich-1""#), "{:?}", note.html);
        assert!(note.removed.is_empty(), "{:?}", note.removed);
    }

    #[test]
    fn what_is_unsafe_is_taken_out_and_named() {
        removed("<script>alert(1)</script>", &["removed.tag name=script"]);
        removed("<p onclick=\"x()\">a</p>", &["removed.attribute name=onclick"]);
        removed("[a](javascript:alert(1))", &["removed.link address=javascript:alert(1)"]);
        removed(
            "![a](https://else.example/x.png)",
            &["removed.picture address=https://else.example/x.png"],
        );
        removed("<div id=main>a</div>", &["removed.attribute name=id"]);
        let script = markdown("a<script>alert(1)</script>").unwrap();
        assert!(!script.html.as_str().contains("alert"));
    }

    #[test]
    fn malformed_html_is_closed() {
        check("<b>a\n\n<td>b", "<p><b>a</b></p><b>\nb</b>");
    }

    #[test]
    fn what_would_take_minutes_is_refused() {
        let key = |text: &str| match markdown(text) {
            Err(Error::Invalid(errors)) => errors["body"].key().to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(key(&"a".repeat(2_000_000)), "body.too_large");
        assert_eq!(key(&">".repeat(50_000)), "body.too_deep");
        assert_eq!(key(&"<div>".repeat(50_000)), "body.too_deep");
        let wide = format!("{}\n{}\n{}", "|a".repeat(300), "|-".repeat(300), "|a\n".repeat(3000));
        assert_eq!(key(&wide), "body.swells");
    }
}
