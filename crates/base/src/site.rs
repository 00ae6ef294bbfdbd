//! A site: one tenant of the portal, known by its host names.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate as base;

base::id!(
    /// Identifies a site.
    SiteId
);

base::text_enum!(
    /// A language of the portal.
    #[derive(Default)]
    Locale {
        /// Vietnamese: every screen.
        #[default]
        Vi = "vi",
        /// English: the mirror, and the command line.
        En = "en",
    }
);

base::text_enum!(
    /// What kind of body a site belongs to (the list of section 13.6).
    SiteType {
        /// Tỉnh.
        Province = "province",
        /// Thành phố trực thuộc trung ương.
        City = "city",
        /// Sở.
        Department = "department",
        /// Ban, ngành.
        Agency = "agency",
        /// Đơn vị sự nghiệp.
        ServiceUnit = "service_unit",
        /// Xã.
        Commune = "commune",
        /// Phường.
        Ward = "ward",
        /// Đặc khu.
        SpecialZone = "special_zone",
        /// Hội đồng nhân dân.
        Council = "council",
        /// Đoàn đại biểu Quốc hội.
        Delegation = "delegation",
        /// Huyện, ended on 1 July 2025.
        District = "district",
        /// Quận, ended on 1 July 2025.
        UrbanDistrict = "urban_district",
        /// Thị xã, ended on 1 July 2025.
        Town = "town",
        /// Thành phố thuộc tỉnh, ended on 1 July 2025.
        ProvincialCity = "provincial_city",
        /// Thị trấn, ended on 1 July 2025.
        Township = "township",
    }
);

impl SiteType {
    /// Whether the site is the provincial portal itself.
    pub fn is_portal(self) -> bool {
        matches!(self, Self::Province | Self::City)
    }

    /// Whether the site belongs to a commune-level unit of today.
    pub fn is_commune_level(self) -> bool {
        matches!(self, Self::Commune | Self::Ward | Self::SpecialZone)
    }

    /// Whether bodies of this type ended with the two-tier reform.
    pub fn is_historical(self) -> bool {
        matches!(
            self,
            Self::District
                | Self::UrbanDistrict
                | Self::Town
                | Self::ProvincialCity
                | Self::Township
        )
    }
}

base::text_enum!(
    /// Where a site stands in its life.
    SiteState {
        /// Being prepared; only its staff see it.
        Draft = "draft",
        /// Open to the public.
        Active = "active",
        /// Closed for a time; visitors read why.
        Suspended = "suspended",
        /// Read-only, of a body that ended.
        Archived = "archived",
        /// Still lives elsewhere: name, address and planned conversion date (ND42-conv).
        Linked = "linked",
    }
);

impl SiteState {
    /// The states in which the public reads a site: what it has is found, listed and cited.
    pub const READABLE: [Self; 2] = [Self::Active, Self::Archived];

    /// Whether the public reads the site.
    pub fn is_readable(self) -> bool {
        Self::READABLE.contains(&self)
    }
}

/// The six facts every home page must show (ND147-24.9a), and the incident address (SEC-addr).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Identity {
    /// Tên cơ quan quản lý.
    pub managing_body: String,
    /// Cơ quan chủ quản.
    pub governing_body: String,
    /// Người chịu trách nhiệm nội dung.
    pub responsible: String,
    /// Địa chỉ.
    pub address: String,
    /// Điện thoại.
    pub phone: String,
    /// Email.
    pub email: String,
    /// Địa chỉ tiếp nhận sự cố an ninh mạng; the province must have one.
    pub security_contact: String,
}

impl Identity {
    /// The names of the mandatory facts that are empty, ND147-24.9a.
    pub fn missing(&self) -> Vec<&'static str> {
        let facts = [
            ("managing_body", &self.managing_body),
            ("governing_body", &self.governing_body),
            ("responsible", &self.responsible),
            ("address", &self.address),
            ("phone", &self.phone),
            ("email", &self.email),
        ];
        facts.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| *name).collect()
    }
}

/// The licence of a site that also aggregates the press (ND147-24.9b).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Licence {
    /// Its number.
    pub number: String,
    /// The day it was issued, dd/mm/yyyy.
    pub issued_on: String,
    /// Who issued it.
    pub issuer: String,
    /// The type of service, shown beside the site's name.
    pub service: String,
}

/// The provincial portal, as its components refer to it.
#[derive(Clone, Debug, Serialize)]
pub struct PortalRef {
    /// Its name.
    pub name: String,
    /// The official name of its body.
    pub unit_name: String,
    /// Its address, without a slash at the end.
    pub url: String,
}

/// A link of the main menu.
#[derive(Clone, Debug, Serialize)]
pub struct MenuItem {
    /// The section's name.
    pub label: String,
    /// The language of that name, where it is not the page's.
    pub lang: Option<&'static str>,
    /// Where it leads.
    pub path: String,
    /// The sections below it.
    pub children: Vec<MenuItem>,
}

/// One tenant: a body's site under its own host names. What every page of it needs, in the
/// language in which it is being read.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// Its key in every table it owns rows of.
    pub id: SiteId,
    /// The language of the names below.
    pub locale: Locale,
    /// The names of its sections in both languages.
    #[serde(skip)]
    pub sections: Arc<SectionNames>,
    /// The facts of the footer that are Vietnamese on an English page.
    pub untranslated: Vec<&'static str>,
    /// The provincial portal it is a component of; `None` on the portal (ND224-11.1).
    pub portal_id: Option<SiteId>,
    /// What kind of body it belongs to.
    #[serde(rename = "type")]
    pub kind: SiteType,
    /// The type in words.
    pub type_label: String,
    /// Where it stands in its life.
    pub state: SiteState,
    /// What the site is called: `Trang thông tin điện tử xã Trùng Khánh`.
    pub name: String,
    /// The body's official name: `Xã Trùng Khánh`.
    pub unit_name: String,
    /// The body's name in English.
    pub name_en: String,
    /// Its canonical host.
    pub host: String,
    /// Its address, without a slash at the end.
    pub url: String,
    /// A folder of `themes/`.
    pub theme: String,
    /// The id of one of the theme's palettes.
    pub palette: String,
    /// The address of its logo.
    pub logo: Option<String>,
    /// The portal, for the link back.
    pub portal: Option<PortalRef>,
    /// The footer's facts.
    pub identity: Identity,
    /// Its licence, if it has one.
    pub licence: Option<Licence>,
    /// The main menu.
    pub menu: Vec<MenuItem>,
    /// What visitors must know: suspended, or an archive.
    pub archived_note: Option<String>,
    /// Whether an approver may approve their own writing here.
    pub self_approval: bool,
    /// The blocks of the home page, in order.
    pub home: Vec<String>,
}

impl Site {
    /// The name of the section at `path` (without the first slash) in the language of the page;
    /// `label` is its Vietnamese name.
    pub fn section_label(&self, path: &str, label: &str) -> String {
        let name = self.sections.at(path).filter(|_| self.locale == Locale::En);
        name.map_or(label, |name| &name.english_label).to_owned()
    }

    /// The language of that name, where it is not the page's.
    pub fn section_lang(&self, path: &str) -> Option<&'static str> {
        let name = self.sections.at(path).filter(|_| self.locale == Locale::En);
        name.filter(|name| !name.is_english).map(|_| Locale::Vi.as_str())
    }
}

/// A section in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionName {
    /// Its path, without the first slash.
    pub path: String,
    /// Its name.
    pub label: String,
    /// Its path below `/en/`.
    pub english_path: String,
    /// Its English name; the Vietnamese one where nobody knows the English.
    pub english_label: String,
    /// Whether `english_label` is English.
    pub is_english: bool,
}

/// The sections of a site in both languages, found by either path.
#[derive(Clone, Debug, Default)]
pub struct SectionNames {
    names: Vec<SectionName>,
    by_path: HashMap<String, usize>,
    by_english: HashMap<String, usize>,
}

impl SectionNames {
    /// Of all sections of a site.
    pub fn new(names: Vec<SectionName>) -> Self {
        let keys = |key: fn(&SectionName) -> &str| {
            names.iter().enumerate().map(|(at, name)| (key(name).to_owned(), at)).collect()
        };
        let (by_path, by_english) = (keys(|it| &it.path), keys(|it| &it.english_path));
        Self { names, by_path, by_english }
    }

    /// The section at `path`, without the first slash.
    pub fn at(&self, path: &str) -> Option<&SectionName> {
        self.names.get(*self.by_path.get(path)?)
    }

    /// The section at `path` below `/en/`.
    pub fn at_english(&self, path: &str) -> Option<&SectionName> {
        self.names.get(*self.by_english.get(path)?)
    }

    /// All of them, in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = &SectionName> {
        self.names.iter()
    }
}
