//! The words of the registry and the rules that bind them. Pure: no clock, no tables, no requests.
//!
//! Read `effect` for the status of a document on any day, `checks` for what the law demands of
//! one, `secrecy` for what may not be published, `sheet` for what is saved, `text` for articles, `titles`
//! for relations that an abstract tells of.

pub mod checks;
pub mod effect;
pub mod secrecy;
pub mod sheet;
pub mod text;
pub mod titles;

use base::SiteId;
use serde::{Deserialize, Serialize};

use crate::IssuerId;

pub use sheet::{Numbered, Sheet};
pub use text::Article;

base::text_enum!(
    /// Where a document stands on its way to the public.
    State {
        /// Being entered, or waiting for an approver.
        Draft = "draft",
        /// Handed back by an approver with a remark, until it is sent for approval again.
        Returned = "returned",
        /// In the public register.
        Published = "published",
        /// Taken out; the address answers that it is gone.
        Withdrawn = "withdrawn",
    }
);

base::text_enum!(
    /// The register a document stands in.
    Register {
        /// Văn bản quy phạm pháp luật.
        Legal = "legal",
        /// Văn bản hành chính.
        Administrative = "administrative",
        /// Dự thảo đang lấy ý kiến.
        Draft = "draft",
    }
);

base::text_enum!(
    /// How high an organisation stands.
    Level {
        /// Trung ương.
        Central = "central",
        /// Cấp tỉnh.
        Province = "province",
        /// Sở, ban, ngành.
        Department = "department",
        /// Cấp huyện, ended on 1 July 2025.
        District = "district",
        /// Cấp xã.
        Commune = "commune",
        /// Any other.
        Other = "other",
    }
);

/// Who issued a document, and where it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuing {
    /// The site that keeps it.
    pub site: SiteId,
    /// Who issued it.
    pub issuer: IssuerId,
    /// How high that stands.
    pub level: Level,
}

/// Whether a document of `by` can change the effect of one of `of` (VB-4).
///
/// It can change those of its own issuer, of a lower level, and of the bodies of the same unit,
/// which share a site. Whoever took the place of the issuer may too, and is not known here.
pub fn may_act(by: &Issuing, of: &Issuing) -> bool {
    let rank = |level: Level| match level {
        Level::Central => 4,
        Level::Province => 3,
        Level::District => 2,
        Level::Department | Level::Commune => 1,
        Level::Other => 0,
    };
    let peers = by.site == of.site || by.level == Level::Central;
    by.issuer == of.issuer
        || rank(by.level) > rank(of.level)
        || (rank(by.level) == rank(of.level) && peers)
}

base::text_enum!(
    /// Why a document is no longer in force (VB-4).
    ExpiryReason {
        /// Its own term ended.
        Term = "term",
        /// The same issuer replaced or amended it.
        Replaced = "replaced",
        /// It was repealed.
        Repealed = "repealed",
    }
);

base::text_enum!(
    /// What happens to the effect of a document beside its own dates.
    What {
        /// Sửa đổi.
        Amended = "amended",
        /// Hết hiệu lực một phần.
        PartlyRepealed = "partly-repealed",
        /// Chờ quyết định áp dụng, after a merger of units (VB-6).
        Awaiting = "awaiting",
        /// Được quyết định áp dụng.
        Applied = "applied",
        /// Tiếp tục có hiệu lực.
        Resumed = "resumed",
        /// Tạm ngưng, ngưng, đình chỉ (VB-3).
        Suspended = "suspended",
        /// Bị bãi bỏ, thay thế.
        Repealed = "repealed",
    }
);

base::text_enum!(
    /// What a document does to another; each has a passive for the other way round.
    Verb {
        /// Sửa đổi.
        Amends = "amends",
        /// Bổ sung.
        Supplements = "supplements",
        /// Thay thế.
        Replaces = "replaces",
        /// Bãi bỏ.
        Repeals = "repeals",
        /// Quy định chi tiết, hướng dẫn.
        Details = "details",
        /// Căn cứ.
        RestsOn = "rests-on",
        /// Dẫn chiếu.
        Cites = "cites",
        /// Đính chính.
        Corrects = "corrects",
        /// Hợp nhất.
        Consolidates = "consolidates",
        /// Đình chỉ.
        Halts = "halts",
        /// Tạm ngưng.
        Suspends = "suspends",
        /// Cho tiếp tục có hiệu lực.
        Resumes = "resumes",
    }
);

impl Verb {
    /// What it does to the effect of its target, the whole of it or a part.
    pub fn effect(self, is_part: bool) -> Option<What> {
        Some(match (self, is_part) {
            (Self::Amends, _) => What::Amended,
            (Self::Replaces | Self::Repeals, true) => What::PartlyRepealed,
            (Self::Replaces | Self::Repeals, false) => What::Repealed,
            (Self::Halts | Self::Suspends, _) => What::Suspended,
            (Self::Resumes, _) => What::Resumed,
            _ => return None,
        })
    }
}

/// The verbs with an effect on their target.
pub const EFFECTIVE: [Verb; 6] =
    [Verb::Amends, Verb::Replaces, Verb::Repeals, Verb::Halts, Verb::Suspends, Verb::Resumes];

base::text_enum!(
    /// What a file is to its document.
    Role {
        /// The signed original.
        Original = "original",
        /// An appendix.
        Appendix = "appendix",
        /// Anything else: a table of comparison, a report.
        Other = "other",
    }
);

/// What is told of a document and never searched by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Details {
    /// Where it was signed.
    pub place: String,
    /// Who signed.
    pub signer: String,
    /// In what office.
    pub signer_title: String,
    /// In whose name, a key of `config/documents/marks.toml`.
    pub mode: String,
    /// Why it ended.
    pub expiry_reason: Option<ExpiryReason>,
    /// The number of the gazette it stands in.
    pub gazette: String,
    /// The day of that gazette.
    pub gazette_day: Option<chrono::NaiveDate>,
    /// The units it holds in, by name or official code.
    pub scope: Vec<String>,
    /// Its number in the national database of law.
    pub national_id: String,
    /// Its page there.
    pub national_url: String,
}

impl Details {
    /// What may be shown to anybody: a link leads to the national database or not at all.
    pub fn link(&self) -> Option<&str> {
        let known = ["https://vbpl.vn/", "https://www.vbpl.vn/", "http://vbpl.vn/"];
        let url = self.national_url.as_str();
        known.iter().any(|start| url.starts_with(start)).then_some(url)
    }
}
