//! A list as RSS, Atom or JSON Feed, whatever is listed.

use chrono::NaiveDateTime;
use serde::Serialize;
use serde_json::{Value, json};
use theme::Html;

use crate::{Cx, Response, Result};

/// The two formats.
#[derive(Clone, Copy, Debug)]
pub enum FeedFormat {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
}

impl FeedFormat {
    /// How addresses end: `rss`, `atom`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
        }
    }
}

/// A page of a list, newest first. Every address is whole.
#[derive(Clone, Debug)]
pub struct Feed {
    /// What is listed, and where.
    pub title: String,
    /// Where people read the list.
    pub link: String,
    /// The address of this page of the feed.
    pub own: String,
    /// The address of the next page, unless this is the last.
    pub next: Option<String>,
    /// When anything of it last changed, UTC.
    pub updated: NaiveDateTime,
    /// What is on this page.
    pub items: Vec<FeedItem>,
}

/// A line of a feed.
#[derive(Clone, Debug)]
pub struct FeedItem {
    /// Its headline.
    pub title: String,
    /// Where it is read.
    pub url: String,
    /// What it is about.
    pub summary: String,
    /// When the public first read it, UTC.
    pub published: NaiveDateTime,
    /// When it last changed, UTC.
    pub updated: NaiveDateTime,
    /// Who wrote or issued it.
    pub author: Option<String>,
    /// Its section or type.
    pub category: String,
    /// All of it; empty for what is only named.
    pub html: Html,
}

#[derive(Serialize)]
struct FeedView {
    title: String,
    link: String,
    #[serde(rename = "self")]
    own: String,
    next: Option<String>,
    description: String,
    updated: String,
    updated_rfc2822: String,
    email: String,
    items: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    title: String,
    url: String,
    summary: String,
    published: String,
    published_rfc2822: String,
    updated: String,
    author: Option<String>,
    category: String,
    html: Html,
}

impl Feed {
    /// The feed as it is sent.
    pub fn answer(self, cx: &Cx, format: FeedFormat) -> Result<Response> {
        let (template, mime) = match format {
            FeedFormat::Rss => ("content/rss.xml", "application/rss+xml; charset=utf-8"),
            FeedFormat::Atom => ("content/atom.xml", "application/atom+xml; charset=utf-8"),
        };
        let view = FeedView {
            description: self.title.clone(),
            title: self.title,
            link: self.link,
            own: self.own,
            next: self.next,
            updated: base::time::rfc3339(self.updated),
            updated_rfc2822: base::time::rfc2822(self.updated),
            email: cx.site.identity.email.clone(),
            items: self.items.into_iter().map(ItemView::from).collect(),
        };
        let xml = cx.render(&cx.site.theme, template, &None::<()>, &view)?;
        Ok(Response::Ok().content_type(mime).body(xml))
    }
}

/// A page of a list as JSON Feed, newest first. Every address is whole.
#[derive(Clone, Debug)]
pub struct JsonFeed {
    /// What is listed, and where.
    pub title: String,
    /// Where people read the list.
    pub link: String,
    /// The address of this page of the feed.
    pub own: String,
    /// The address of the next page, unless this is the last.
    pub next: Option<String>,
    /// How much there is on all pages.
    pub total: i64,
    /// What is on this page, each as the format wants it.
    pub items: Vec<Value>,
}

impl JsonFeed {
    /// The feed as it is sent.
    pub fn answer(self, cx: &Cx) -> Response {
        let mut feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.link,
            "feed_url": self.own,
            "language": cx.site.locale.as_str(),
            "_total": self.total,
            "items": self.items,
        });
        if let (Some(next), Some(map)) = (self.next, feed.as_object_mut()) {
            map.insert("next_url".into(), next.into());
        }
        Response::Ok().content_type("application/feed+json; charset=utf-8").body(feed.to_string())
    }
}

impl From<FeedItem> for ItemView {
    fn from(item: FeedItem) -> Self {
        Self {
            title: item.title,
            url: item.url,
            summary: item.summary,
            published: base::time::rfc3339(item.published),
            published_rfc2822: base::time::rfc2822(item.published),
            updated: base::time::rfc3339(item.updated),
            author: item.author,
            category: item.category,
            html: item.html,
        }
    }
}
