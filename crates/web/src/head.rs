//! What stands in the head of a public page: title, Dublin Core (META-1..4), schema.org.

use chrono::NaiveDateTime;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Cx;

/// The head of a public page.
#[derive(Debug, Serialize)]
pub struct Head {
    title: String,
    description: String,
    robots: &'static str,
    dc: Vec<Meta>,
    og: Vec<Property>,
    json_ld: String,
    feeds: Vec<Feed>,
    prev: Option<String>,
    next: Option<String>,
    /// The page in both languages, where it is in both.
    alternates: Vec<Alternate>,
    /// The address of the same page in the other language, where somebody translated it.
    counterpart: Option<String>,
}

/// One language of a page.
#[derive(Debug, Serialize)]
struct Alternate {
    lang: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Meta {
    name: &'static str,
    content: String,
}

#[derive(Debug, Serialize)]
struct Property {
    property: &'static str,
    content: String,
}

/// A feed that belongs to the page.
#[derive(Debug, Serialize)]
struct Feed {
    title: String,
    #[serde(rename = "type")]
    mime: &'static str,
    path: String,
}

/// What a page says of itself.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The page's own title; empty on the home page.
    pub title: String,
    /// One or two sentences.
    pub description: String,
    /// Its address, from the first slash; empty for the address that was asked.
    pub path: String,
    /// Who wrote it; the managing body where nobody is named.
    pub creator: Option<String>,
    /// Where it was taken from.
    pub source: Option<String>,
    /// What it is about: its section.
    pub subject: Option<String>,
    /// When the public first read it.
    pub published: Option<NaiveDateTime>,
    /// When it last changed.
    pub modified: Option<NaiveDateTime>,
    /// The address of its picture, from the first slash.
    pub picture: Option<String>,
    /// The schema.org type of the page: `NewsArticle`, `Person`…; empty for none.
    pub schema: &'static str,
    /// What schema.org knows of this type and of no other.
    pub facts: Map<String, Value>,
}

impl Head {
    /// The head of the page `about` speaks of.
    pub fn new(cx: &Cx, about: &About) -> Self {
        let site = &cx.site;
        let title = match about.title.is_empty() {
            true => site.name.clone(),
            false => format!("{} – {}", about.title, site.name),
        };
        let path = if about.path.is_empty() { &cx.asked } else { &about.path };
        let url = cx.address(path);
        let both = &cx.app.english.paths;
        let other = both.has_both(&cx.path, &site.sections).then(|| cx.other(&cx.path));
        Self {
            alternates: alternates(cx, other.as_deref()),
            counterpart: other,
            robots: "",
            dc: dublin_core(cx, about, &url),
            og: open_graph(cx, about, &url),
            json_ld: schema_org(cx, about, &url),
            feeds: site_feeds(cx),
            title,
            description: about.description.clone(),
            prev: None,
            next: None,
        }
    }

    /// Keeps the page out of search engines.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.robots = "noindex";
        self.alternates.clear();
        self
    }

    /// Names the address of the same page in the other language; `None` when nobody translated it.
    #[must_use]
    pub fn with_counterpart(mut self, cx: &Cx, path: Option<String>) -> Self {
        self.alternates = alternates(cx, path.as_deref());
        self.counterpart = path;
        self
    }

    /// Adds the feeds of a section, before those of the site.
    #[must_use]
    pub fn with_feeds(mut self, label: &str, path: &str) -> Self {
        self.feeds.splice(0..0, feeds(label, path));
        self
    }

    /// Adds one feed, before those of the site.
    #[must_use]
    pub fn with_feed(mut self, title: String, mime: &'static str, path: String) -> Self {
        self.feeds.insert(0, Feed { title, mime, path });
        self
    }

    /// Names the pages before and after in a list.
    #[must_use]
    pub fn between(mut self, prev: Option<String>, next: Option<String>) -> Self {
        self.prev = prev;
        self.next = next;
        self
    }
}

/// This page and the same one at `other`, each with its language.
fn alternates(cx: &Cx, other: Option<&str>) -> Vec<Alternate> {
    let Some(other) = other else { return Vec::new() };
    let own = format!("{}{}", cx.site.url, cx.asked);
    let other = format!("{}{other}", cx.site.url);
    let (vi, en) = if cx.is_english() { (other, own) } else { (own, other) };
    let vietnamese = Alternate { lang: "vi", url: vi.clone() };
    let default = Alternate { lang: "x-default", url: vi };
    vec![vietnamese, Alternate { lang: "en", url: en }, default]
}

fn site_feeds(cx: &Cx) -> Vec<Feed> {
    feeds(&cx.site.name, "").into()
}

fn feeds(label: &str, path: &str) -> [Feed; 2] {
    let feed = |kind: &str, mime, file| Feed {
        title: format!("{kind} – {label}"),
        mime,
        path: format!("{path}/{file}"),
    };
    [
        feed("RSS", "application/rss+xml", "rss.xml"),
        feed("Atom", "application/atom+xml", "atom.xml"),
    ]
}

/// The mandatory elements always, the recommended ones where the data exists.
fn dublin_core(cx: &Cx, about: &About, url: &str) -> Vec<Meta> {
    let site = &cx.site;
    let body = &site.identity.managing_body;
    let publisher = if body.is_empty() { &site.unit_name } else { body };
    let title = if about.title.is_empty() { &site.name } else { &about.title };
    let date = about.modified.or(about.published).unwrap_or(cx.now);
    let text = if about.description.is_empty() { title } else { &about.description };
    let mut dc = vec![
        Meta { name: "DC.title", content: title.clone() },
        Meta { name: "DC.creator", content: about.creator.clone().unwrap_or(publisher.clone()) },
        Meta { name: "DC.date", content: base::time::local(date).date().to_string() },
        Meta { name: "DC.description", content: text.clone() },
        Meta { name: "DC.publisher", content: publisher.clone() },
        Meta { name: "DC.identifier", content: url.to_owned() },
        Meta { name: "DC.language", content: site.locale.as_str().to_owned() },
    ];
    let more = [("DC.source", &about.source), ("DC.subject", &about.subject)];
    dc.extend(
        more.into_iter().filter_map(|(name, text)| Some(Meta { name, content: text.clone()? })),
    );
    dc
}

fn open_graph(cx: &Cx, about: &About, url: &str) -> Vec<Property> {
    let site = &cx.site;
    let title = if about.title.is_empty() { &site.name } else { &about.title };
    let kind = if about.published.is_some() { "article" } else { "website" };
    let mut og = vec![
        Property { property: "og:title", content: title.clone() },
        Property { property: "og:type", content: kind.to_owned() },
        Property { property: "og:url", content: url.to_owned() },
        Property { property: "og:site_name", content: site.name.clone() },
        Property {
            property: "og:locale",
            content: if cx.is_english() { "en_GB" } else { "vi_VN" }.to_owned(),
        },
    ];
    if let Some(picture) = &about.picture {
        og.push(Property { property: "og:image", content: format!("{}{picture}", site.url) });
    }
    og
}

/// JSON that cannot end the script element it stands in.
fn schema_org(cx: &Cx, about: &About, url: &str) -> String {
    let site = &cx.site;
    let publisher = json!({
        "@type": "GovernmentOrganization",
        "name": site.unit_name,
        "url": site.url,
        "email": site.identity.email,
        "telephone": site.identity.phone,
        "address": site.identity.address,
    });
    let mut it = match about.schema {
        "" => publisher,
        schema => json!({
            "@type": schema,
            "url": url,
            "inLanguage": site.locale.as_str(),
            "publisher": publisher,
        }),
    };
    if let (Value::Object(map), false) = (&mut it, about.schema.is_empty()) {
        let is_named = matches!(about.schema, "Person" | "Legislation");
        let title = if is_named { "name" } else { "headline" };
        map.extend(about.facts.clone());
        map.insert(title.into(), about.title.clone().into());
        map.insert("description".into(), about.description.clone().into());
        if let Some(at) = about.published {
            map.insert("datePublished".into(), base::time::rfc3339(at).into());
        }
        if let Some(at) = about.modified.or(about.published) {
            map.insert("dateModified".into(), base::time::rfc3339(at).into());
        }
        if let Some(picture) = &about.picture {
            map.insert("image".into(), format!("{}{picture}", site.url).into());
        }
        if let Some(creator) = &about.creator {
            map.insert("author".into(), json!({ "@type": "Person", "name": creator }));
        }
    }
    if let Value::Object(map) = &mut it {
        map.insert("@context".into(), "https://schema.org".into());
    }
    it.to_string().replace('<', "\\u003c")
}
