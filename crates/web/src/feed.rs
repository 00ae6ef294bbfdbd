//! A list as RSS, Atom or JSON Feed, whatever is listed.

use actix_web::http::header;
use chrono::{NaiveDateTime, NaiveTime};
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
    /// When anything of it last changed, UTC; unknown where there is nothing in it.
    pub updated: Option<NaiveDateTime>,
    /// What is on this page.
    pub items: Vec<FeedItem>,
    /// What was taken back of late, the last first.
    pub withdrawn: Vec<Withdrawn>,
}

/// That something can be read no longer: neither what it was nor why.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    /// Where it was read.
    pub url: String,
    /// Since when it is gone, UTC.
    pub at: NaiveDateTime,
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
    withdrawn: Vec<GoneView>,
}

#[derive(Serialize)]
struct GoneView {
    url: String,
    at: String,
    at_rfc2822: String,
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
        let gone = self.withdrawn.iter().map(|it| it.at).max();
        let changed = self.updated.max(gone);
        // A list with nothing in it changes no more often than once a day.
        let updated = changed.unwrap_or_else(|| cx.now.date().and_time(NaiveTime::MIN));
        let view = FeedView {
            description: self.title.clone(),
            title: self.title,
            link: self.link,
            own: self.own,
            next: self.next,
            updated: base::time::rfc3339(updated),
            updated_rfc2822: base::time::rfc2822(updated),
            email: cx.site.identity.email.clone(),
            items: self.items.into_iter().map(ItemView::from).collect(),
            withdrawn: self.withdrawn.iter().map(GoneView::from).collect(),
        };
        let xml = cx.render(&cx.site.theme, template, &None::<()>, &view)?;
        Ok(dated(mime, xml, changed))
    }
}

/// A feed that programs ask for again and again: what they have is not sent twice.
fn dated(mime: &str, body: String, changed: Option<NaiveDateTime>) -> Response {
    let mut answer = Response::Ok();
    answer
        .content_type(mime)
        .insert_header((header::ETAG, crate::tag(body.as_bytes())))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"));
    if let Some(changed) = changed {
        let at: std::time::SystemTime = changed.and_utc().into();
        answer.insert_header((header::LAST_MODIFIED, header::HttpDate::from(at)));
    }
    answer.body(body)
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
    /// When anything of it last changed, UTC; unknown where there is nothing in it.
    pub updated: Option<NaiveDateTime>,
    /// What is on this page, each as the format wants it.
    pub items: Vec<Value>,
    /// What was taken back of late, the last first.
    pub withdrawn: Vec<Withdrawn>,
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
        let gone = |it: &Withdrawn| json!({ "id": it.url, "date": base::time::rfc3339(it.at) });
        if let (false, Some(map)) = (self.withdrawn.is_empty(), feed.as_object_mut()) {
            map.insert("_withdrawn".into(), self.withdrawn.iter().map(gone).collect());
        }
        let changed = self.updated.max(self.withdrawn.iter().map(|it| it.at).max());
        dated("application/feed+json; charset=utf-8", feed.to_string(), changed)
    }
}

impl From<&Withdrawn> for GoneView {
    fn from(gone: &Withdrawn) -> Self {
        Self {
            url: gone.url.clone(),
            at: base::time::rfc3339(gone.at),
            at_rfc2822: base::time::rfc2822(gone.at),
        }
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
