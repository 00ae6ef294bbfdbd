//! A tenant in both languages. The English face of a site is made when the site is loaded, from
//! the same record and the term base, so that no page asks for it and it is never older.

use std::sync::Arc;

use base::{Identity, Locale, MenuItem, Message, Site};
use chrono::{NaiveDate, NaiveDateTime};
use english::{paths::ENGLISH, terms::Terms, write, write::Names};
use theme::Words;

/// What is spoken on the English pages of a tenant.
#[derive(Clone, Debug)]
pub struct Tongue {
    /// The official English of the province.
    pub terms: Arc<Terms>,
    /// How Vietnamese names are written.
    pub names: Names,
}

/// A tenant as it is held in memory.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) vi: Arc<Site>,
    pub(crate) en: Arc<Site>,
    pub(crate) tongue: Tongue,
}

impl Tenant {
    /// Whichever face `locale` asks for.
    pub(crate) fn face(&self, locale: Locale) -> Arc<Site> {
        match locale {
            Locale::Vi => self.vi.clone(),
            Locale::En => self.en.clone(),
        }
    }
}

impl Tongue {
    /// A name or a label in English, where the term base knows it whole or every part of it.
    pub fn label(&self, text: &str) -> Option<String> {
        self.terms.translate_parts(text, self.names)
    }

    /// The English face of `site`, a Vietnamese one.
    pub(crate) fn face(&self, site: &Site, words: &Words) -> Site {
        // The stored English name is what the rules made of it when the site was created.
        let stored = || if site.name_en.is_empty() { &site.unit_name } else { &site.name_en };
        let unit = self.label(&site.unit_name).unwrap_or_else(|| stored().clone());
        let title = |unit: &str, is_portal: bool| {
            let key = if is_portal { "site_title.portal" } else { "site_title.component" };
            words.say(&Message::new(key).with("unit", unit))
        };
        let (identity, untranslated) = self.identity(&site.identity);
        let portal = site.portal.clone().map(|mut portal| {
            let unit = self.label(&portal.unit_name);
            portal.name = title(unit.as_deref().unwrap_or(&portal.unit_name), true);
            portal.url.push_str(ENGLISH);
            portal
        });
        let label = Message::new(format!("site_type.{}", site.kind.as_str()));
        Site {
            locale: Locale::En,
            name: title(&unit, site.portal.is_none()),
            type_label: words.say(&label),
            archived_note: crate::sites::note(site, &unit).map(|note| words.say(&note)),
            menu: site.menu.iter().map(|item| menu(site, item)).collect(),
            unit_name: unit,
            untranslated,
            identity,
            portal,
            ..site.clone()
        }
    }

    /// The facts of the footer, and which of them stay Vietnamese.
    fn identity(&self, facts: &Identity) -> (Identity, Vec<&'static str>) {
        let mut left = Vec::new();
        let mut known = |name: &'static str, text: &str| {
            let english = self.label(text);
            if english.is_none() && !text.is_empty() {
                left.push(name);
            }
            english.unwrap_or_else(|| text.to_owned())
        };
        let english = Identity {
            managing_body: known("managing_body", &facts.managing_body),
            governing_body: known("governing_body", &facts.governing_body),
            responsible: known("responsible", &facts.responsible),
            address: write::address(&self.terms, &facts.address, self.names),
            phone: write::phone(&facts.phone),
            email: facts.email.clone(),
            security_contact: known("security_contact", &facts.security_contact),
        };
        // An address of mail or of the web is no language.
        let is_words = base::text::language(&facts.security_contact) == Locale::Vi;
        left.retain(|name| *name != "security_contact" || is_words);
        (english, left)
    }
}

/// A link of the menu under its English name. It leads to the Vietnamese address, like every link
/// that code writes; [`crate::links`] turns them all.
fn menu(site: &Site, item: &MenuItem) -> MenuItem {
    let name = site.sections.at(item.path.trim_start_matches('/'));
    let foreign = name.is_none_or(|name| !name.is_english);
    MenuItem {
        label: name.map_or(&item.label, |name| &name.english_label).to_owned(),
        lang: foreign.then(|| Locale::Vi.as_str()),
        path: item.path.clone(),
        children: item.children.iter().map(|child| menu(site, child)).collect(),
    }
}

/// How a page writes data: labels, days, numbers.
impl crate::Cx {
    /// The term base and the way of writing names of this site's English pages.
    pub fn tongue(&self) -> &Tongue {
        &self.tenant.tongue
    }

    /// The official English of the province.
    pub fn terms(&self) -> &Terms {
        &self.tenant.tongue.terms
    }

    /// How English pages write Vietnamese names.
    pub fn names(&self) -> Names {
        self.tenant.tongue.names
    }

    /// Whether the page is English.
    pub fn is_english(&self) -> bool {
        self.site.locale == Locale::En
    }

    /// A label that is data, in the language of the page; unchanged where nobody knows its English.
    pub fn label(&self, text: &str) -> String {
        let english = self.is_english().then(|| self.tongue().label(text)).flatten();
        english.unwrap_or_else(|| text.to_owned())
    }

    /// `20/11/2026` or `20 November 2026`, of an instant in UTC.
    pub fn day(&self, utc: NaiveDateTime) -> String {
        self.date(base::time::local(utc).date())
    }

    /// `20/11/2026` or `20 November 2026`.
    pub fn date(&self, date: NaiveDate) -> String {
        crate::date_in(self.site.locale, date)
    }

    /// `20/11/2026 08:30` or `20 November 2026, 8:30 a.m.`, of an instant in UTC.
    pub fn minute(&self, utc: NaiveDateTime) -> String {
        if self.is_english() { write::minute(utc) } else { base::time::minute(utc) }
    }

    /// `1.234` or `1,234`.
    pub fn number(&self, number: i64) -> String {
        crate::number_in(self.site.locale, number)
    }

    /// The name of a person, as the page writes it.
    pub fn person(&self, name: &str) -> String {
        if self.is_english() { write::person(name, self.names()) } else { name.to_owned() }
    }

    /// A telephone number, as the page writes it.
    pub fn phone(&self, number: &str) -> String {
        if self.is_english() { write::phone(number) } else { number.to_owned() }
    }
}
