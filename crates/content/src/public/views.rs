//! What public pages show of an entry.

use std::collections::BTreeMap;

use base::{Locale, SiteId};
use media::PictureId;
use serde::Serialize;
use theme::Html;
use web::{About, Crumb, Cx, Said};

use super::store::{Live, Sizes, sizes};
use crate::{
    kinds::{FieldRole, FieldType, Kind, Kinds},
    sections::Section,
};

/// A picture as pages show it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PictureView {
    pub(crate) url: String,
    alt: String,
    /// The language of `alt`, where it is not the page's.
    lang: Option<&'static str>,
    width: i32,
    height: i32,
}

/// An entry in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    title: String,
    /// The language of the title and the summary, where it is not the page's.
    lang: Option<&'static str>,
    path: String,
    url: String,
    summary: String,
    date: String,
    datetime: String,
    picture: Option<PictureView>,
    section: Option<Crumb>,
    kind_label: String,
}

impl Card {
    /// The card with the whole picture, for the head of a page.
    #[must_use]
    pub fn large(mut self) -> Self {
        if let Some(picture) = &mut self.picture {
            picture.url = picture.url.replace("-nho.webp", ".webp");
        }
        self
    }
}

/// The fields of an entry by the roles its kind gives them.
pub(crate) struct Facts<'a> {
    kind: Option<&'a Kind>,
    locale: Locale,
    fields: BTreeMap<String, String>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(kinds: &'a Kinds, live: &Live) -> base::Result<Self> {
        Ok(Self { kind: kinds.get(&live.kind), locale: live.locale, fields: live.field_map()? })
    }

    pub(crate) fn get(&self, role: FieldRole) -> Option<&str> {
        let name = &self.kind?.field(role)?.name;
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn picture(&self) -> Option<PictureId> {
        self.get(FieldRole::Picture).and_then(PictureId::parse)
    }

    pub(crate) fn picture_view(&self, cx: &Cx, sizes: &Sizes, small: bool) -> Option<PictureView> {
        let id = self.picture()?;
        let (width, height) = *sizes.get(&id)?;
        let alt = self.get(FieldRole::PictureAlt).unwrap_or_default().to_owned();
        let lang = (self.locale != cx.site.locale).then(|| self.locale.as_str());
        let url = media::public_url(id);
        // The small copy is 480 pixels wide; both have the same proportions.
        Some(match small {
            true => {
                PictureView { url: url.replace(".webp", "-nho.webp"), alt, lang, width, height }
            }
            false => PictureView { url, alt, lang, width, height },
        })
    }

    /// The public fields that no part of the page shows by itself.
    pub(crate) fn rest(&self, cx: &Cx) -> Vec<FieldView> {
        let shown = |field: &&crate::kinds::Field| field.public && field.role.is_none();
        let kind = self.kind.map_or(&[][..], |kind| kind.fields.as_slice());
        let view = |field: &crate::kinds::Field| {
            let value = self.fields.get(&field.name).filter(|value| !value.is_empty())?;
            let value = match field.kind {
                FieldType::Date => base::time::parse_date(value).map(|day| cx.date(day))?,
                FieldType::Boolean | FieldType::Picture => return None,
                _ => value.clone(),
            };
            Some(FieldView {
                label: field.label_in(cx.site.locale).to_owned(),
                lang: cx.written(&value).lang,
                value,
                kind: field.kind,
            })
        };
        kind.iter().filter(shown).filter_map(view).collect()
    }

    /// The day after which the entry no longer matters, as a field of the page.
    pub(crate) fn expiry(&self, cx: &Cx) -> Option<FieldView> {
        let field = self.kind?.field(FieldRole::Expires)?;
        let day = self.get(FieldRole::Expires).and_then(base::time::parse_date)?;
        let value = cx.date(day);
        Some(FieldView {
            label: field.label_in(cx.site.locale).to_owned(),
            lang: None,
            value,
            kind: FieldType::Date,
        })
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct FieldView {
    label: String,
    value: String,
    /// The language of the value, where that is not the page's.
    lang: Option<&'static str>,
    #[serde(rename = "type")]
    kind: FieldType,
}

/// The sizes of every picture that `lives` show.
pub fn picture_sizes(
    conn: &mut db::Conn,
    site: SiteId,
    kinds: &Kinds,
    lives: &[Live],
) -> base::Result<Sizes> {
    let mut ids = Vec::new();
    for live in lives {
        ids.extend(Facts::of(kinds, live)?.picture());
    }
    if ids.is_empty() { Ok(Sizes::new()) } else { sizes(conn, site, ids) }
}

/// `live` in a list.
pub fn card(cx: &Cx, kinds: &Kinds, live: &Live, sizes: &Sizes) -> base::Result<Card> {
    let facts = Facts::of(kinds, live)?;
    let at = live.published_at.unwrap_or_default();
    Ok(Card {
        title: live.title.clone(),
        lang: foreign(cx, live),
        path: live.path.clone(),
        url: live.path.clone(),
        summary: live.summary.clone(),
        date: cx.day(at),
        datetime: base::time::rfc3339(at),
        picture: facts.picture_view(cx, sizes, true),
        section: Some(section_crumb(cx, live)),
        kind_label: facts
            .kind
            .map_or_else(String::new, |kind| kind.label_in(cx.site.locale).to_owned()),
    })
}

/// The language of `live`, where it is not that of the page.
pub(crate) fn foreign(cx: &Cx, live: &Live) -> Option<&'static str> {
    (live.locale != cx.site.locale).then(|| live.locale.as_str())
}

/// The section of an entry, as a step of the way to it.
pub(crate) fn section_crumb(cx: &Cx, live: &Live) -> Crumb {
    let label = cx.site.section_label(&live.section_path, &live.section_label);
    let crumb = Crumb::new(label, format!("/{}", live.section_path));
    crumb.in_language(cx.site.section_lang(&live.section_path))
}

/// Every entry of a list.
pub(crate) fn cards(
    cx: &Cx,
    kinds: &Kinds,
    lives: &[Live],
    sizes: &Sizes,
) -> base::Result<Vec<Card>> {
    lives.iter().map(|live| card(cx, kinds, live, sizes)).collect()
}

/// An official in a list.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    name: String,
    path: String,
    position: Said,
    pub(crate) unit: Said,
    phone: String,
    email: String,
    picture: Option<PictureView>,
    duties: String,
    summary: String,
    pub(crate) contact: bool,
}

/// What an entry in `locale` says, for the page.
pub(crate) fn said(cx: &Cx, locale: Locale, text: &str) -> Said {
    if locale == cx.site.locale { Said::plain(text) } else { cx.said(text) }
}

/// `live` as an official. On an English page everything but the name comes from the term base: what
/// is told of people is never older than the Vietnamese.
pub fn person(cx: &Cx, kinds: &Kinds, live: &Live, sizes: &Sizes) -> base::Result<PersonView> {
    let facts = Facts::of(kinds, live)?;
    let text = |role| facts.get(role).unwrap_or_default().to_owned();
    Ok(PersonView {
        name: cx.person(&live.title),
        path: live.path.clone(),
        position: said(cx, live.locale, &text(FieldRole::Position)),
        unit: said(cx, live.locale, &text(FieldRole::Unit)),
        phone: cx.phone(&text(FieldRole::Phone)),
        email: text(FieldRole::Email),
        picture: facts.picture_view(cx, sizes, true),
        duties: text(FieldRole::Duties),
        summary: live.summary.clone(),
        contact: facts.get(FieldRole::ContactOfficer).is_some(),
    })
}

/// The way from the home page to `section`, and to `last` below it.
pub fn trail(cx: &Cx, tree: &[Section], section: &str, last: Option<Crumb>) -> Vec<Crumb> {
    let home = Crumb::home(cx);
    let above = tree.iter().filter(|it| it.holds(section));
    let crumb = |it: &Section| Crumb::new(&it.label, it.address()).in_language(it.lang);
    std::iter::once(home).chain(above.map(crumb)).chain(last).collect()
}

/// What the head of an entry's page says.
pub(crate) fn about(
    cx: &Cx,
    facts: &Facts<'_>,
    live: &Live,
    picture: Option<&PictureView>,
) -> About {
    let section = section_crumb(cx, live);
    let is_person = facts.get(FieldRole::Position).is_some();
    About {
        title: live.title.clone(),
        description: match live.summary.is_empty() {
            true => facts.get(FieldRole::Position).unwrap_or(&live.title).to_owned(),
            false => live.summary.clone(),
        },
        path: live.path.clone(),
        creator: facts.get(FieldRole::Author).map(str::to_owned),
        source: facts.get(FieldRole::SourceName).map(str::to_owned),
        subject: Some(section.label),
        published: live.published_at,
        modified: live.decided_at,
        picture: picture.map(|picture| picture.url.clone()),
        schema: if is_person { "Person" } else { "NewsArticle" },
        ..About::default()
    }
}

/// The body as a template prints it.
pub(crate) fn body(live: &Live) -> Html {
    Html::stored(live.html.clone())
}
