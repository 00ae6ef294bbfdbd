//! Where documents are found, on this site or on another of the portal, and how they are called.

use base::{Message, SiteId};
use serde::Serialize;
use web::{Cx, Said};

use crate::{
    Vocabulary,
    model::{Register, effect::Status},
    store::{Document, Places, issuers::Names},
};

/// What it takes to call documents by their names.
pub(super) struct Labels<'a> {
    pub(super) cx: &'a Cx,
    pub(super) words: &'a Vocabulary,
    pub(super) places: &'a Places,
    pub(super) issuers: &'a Names,
}

/// A status as a badge.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Badge {
    pub(super) key: Status,
    pub(super) label: String,
}

/// The words of a status.
pub(super) fn badge(cx: &Cx, status: Status) -> Badge {
    let label = cx.say(&Message::new(format!("effect_status.{}", status.as_str())));
    Badge { key: status, label }
}

impl Labels<'_> {
    /// The words of a document's status. A draft has none: it holds for nobody yet.
    pub(super) fn status(&self, document: &Document, status: Status) -> Badge {
        match document.register {
            Register::Draft => {
                let label = self.cx.say(&Message::new("effect_status.du-thao"));
                Badge { key: status, label }
            }
            _ => badge(self.cx, status),
        }
    }

    /// The address of a document, whole when it is on another site.
    pub(super) fn url(&self, document: &Document) -> String {
        let host = match document.site_id == self.cx.site.id {
            true => None,
            false => self.places.get(&document.site_id).and_then(|(_, host)| host.as_deref()),
        };
        let base = host.map(|host| self.cx.app().settings.url(host)).unwrap_or_default();
        format!("{base}{}", document.path())
    }

    /// The whole address of a document, for what leaves the site.
    pub(super) fn full_url(&self, document: &Document) -> String {
        let url = self.url(document);
        if url.starts_with('/') { self.cx.address(&url) } else { url }
    }

    /// `Nghị định 224/2026/NĐ-CP`; the type and the abstract where there is no number.
    pub(super) fn title(&self, document: &Document) -> String {
        let kind = self.kind(document);
        match document.number.is_empty() || document.pending {
            true => kind,
            false => format!("{kind} {}", document.number),
        }
    }

    /// What the document is: `Nghị định`, `Decree`.
    pub(super) fn kind(&self, document: &Document) -> String {
        self.cx.label(&self.words.type_label(&document.type_key))
    }

    /// The number as it is shown: `Số: …/UBND-VHTT` while the office has not given it.
    pub(super) fn number(&self, document: &Document) -> String {
        match document.pending {
            true => format!("…{}", document.number),
            false => document.number.clone(),
        }
    }

    /// The name of the issuer.
    pub(super) fn issuer(&self, document: &Document) -> Said {
        let issuer = self.issuers.get(&document.issuer_id);
        issuer.map(|it| self.cx.said(&it.name)).unwrap_or_default()
    }

    /// The same within a sentence.
    pub(super) fn issuer_in_sentence(&self, document: &Document) -> String {
        let issuer = self.issuers.get(&document.issuer_id);
        issuer.map(|it| self.cx.unit_of(&it.name)).unwrap_or_default()
    }

    /// The name of the site a document is on, where that is another one.
    pub(super) fn place(&self, site: SiteId) -> Option<Said> {
        let other = site != self.cx.site.id;
        self.places.get(&site).filter(|_| other).map(|(name, _)| self.cx.said(name))
    }
}
