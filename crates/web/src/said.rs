//! Texts on a page of either language: labels that may have no English, the name of the body within
//! a sentence, addresses that leave the page.

use base::{Locale, Site};
use chrono::NaiveDate;
use serde::Serialize;

use crate::{App, Cx, links};

/// A label, and its language where that is not the page's: templates mark the element with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What is shown.
    pub text: String,
    /// `vi` for Vietnamese on an English page.
    pub lang: Option<&'static str>,
}

impl Said {
    /// A text in the language of the page.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), lang: None }
    }
}

impl Cx {
    /// A label that is data, in the language of the page; marked where nobody knows its English.
    pub fn said(&self, text: &str) -> Said {
        let english = self.is_english().then(|| self.tongue().label(text));
        match english {
            None => Said::plain(text),
            Some(Some(english)) => Said::plain(english),
            Some(None) => self.vietnamese(text),
        }
    }

    /// A text that somebody wrote in Vietnamese, marked on an English page.
    pub fn vietnamese(&self, text: &str) -> Said {
        let lang = (self.is_english() && !text.is_empty()).then(|| Locale::Vi.as_str());
        Said { text: text.to_owned(), lang }
    }

    /// A text that somebody wrote in whichever language, marked on an English page where it is
    /// Vietnamese.
    pub fn written(&self, text: &str) -> Said {
        match base::text::language(text) {
            Locale::Vi => self.vietnamese(text),
            Locale::En => Said::plain(text),
        }
    }

    /// The name of the site's body within a sentence: `xã Trùng Khánh`, `the People's Committee of
    /// Trùng Khánh Commune`.
    pub fn unit(&self) -> String {
        match self.is_english() {
            // A name of its own choice comes before the term base.
            true => articled(&self.tenant.vi.unit_name, self.site.unit_name.clone()),
            false => base::text::unit_in_sentence(&self.site.unit_name),
        }
    }

    /// The name of the body that runs the site, within a sentence.
    pub fn managing_body(&self) -> String {
        let english = &self.site.identity.managing_body;
        match self.is_english() {
            true => articled(&self.tenant.vi.identity.managing_body, english.clone()),
            false => english.clone(),
        }
    }

    /// The name of any body, by its Vietnamese one, as sentences about it have it.
    pub fn unit_of(&self, name: &str) -> String {
        match self.is_english() {
            true => articled(name, self.label(name)),
            false => name.to_owned(),
        }
    }

    /// The address of the page at `path`, a Vietnamese one, in the language of this page: for what
    /// is no page and whose links nobody turns.
    pub fn turned(&self, path: &str) -> String {
        let turned = links::turned(&self.app.english.paths, &self.site, path);
        turned.unwrap_or_else(|| path.to_owned())
    }

    /// The home page of the site at `url` in the language of this page.
    pub fn home_in_language(&self, url: &str) -> String {
        match self.is_english() {
            true => format!("{url}{}", english::paths::ENGLISH),
            false => url.to_owned(),
        }
    }

    /// The same request in a language: for what is told to somebody who reads another one.
    #[must_use]
    pub fn in_language(&self, locale: Locale) -> Self {
        Self { site: self.tenant.face(locale), ..self.clone() }
    }
}

impl App {
    /// The whole address of the page at `path`, a Vietnamese one, in the language of `site`.
    pub fn address(&self, site: &Site, path: &str) -> String {
        let turned = links::turned(&self.english.paths, site, path);
        format!("{}{}", site.url, turned.as_deref().unwrap_or(path))
    }
}

/// A number in a language, for what no page asks: `1.234`, `1,234`.
pub fn number_in(locale: Locale, number: i64) -> String {
    let english = english::write::number(number);
    match locale {
        Locale::Vi => english.replace(',', "."),
        Locale::En => english,
    }
}

/// A day in a language, for what no page asks: `20/11/2026`, `20 November 2026`.
pub fn date_in(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::Vi => base::time::date(day),
        Locale::En => english::write::date(day),
    }
}

/// Places have no article in English, offices have one.
fn articled(vietnamese: &str, english: String) -> String {
    let is_place = base::text::unit_in_sentence(vietnamese) != vietnamese;
    if is_place || english == vietnamese { english } else { format!("the {english}") }
}
