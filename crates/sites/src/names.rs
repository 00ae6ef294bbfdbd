//! Host names by the rule of ND224-11.4, and names that look like the press (ND147-24.9b).

use std::{fs, path::Path};

use anyhow::{Context, Result};
use base::{Message, SiteType, text};
use serde::Deserialize;

/// The rules, read from `config/hosts.toml` and `config/press-words.toml`.
#[derive(Clone, Debug)]
pub struct NameRules {
    hosts: Hosts,
    press: Press,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hosts {
    reserved: Vec<String>,
    province_exceptions: std::collections::BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    words: Vec<String>,
    allowed: Vec<String>,
}

/// What official names begin with; the host name leaves it out (no `xa`, no `phuong`).
const PREFIXES: [&str; 11] = [
    "Thành phố ",
    "Tỉnh ",
    "Xã ",
    "Phường ",
    "Đặc khu ",
    "Huyện ",
    "Quận ",
    "Thị xã ",
    "Thị trấn ",
    "UBND ",
    "Ủy ban nhân dân ",
];

/// The longest label that DNS allows.
const MAX_LABEL: usize = 63;

impl NameRules {
    /// Reads the rules from `dir`.
    pub fn load(dir: &Path) -> Result<Self> {
        Ok(Self {
            hosts: read(&dir.join("hosts.toml"))?,
            press: read(&dir.join("press-words.toml"))?,
        })
    }

    /// The label proposed for a body: the full name without accents (ND224-11.4.b, c). An
    /// agency keeps its whole name, a unit loses the word for its type.
    pub fn label(&self, kind: SiteType, name: &str) -> String {
        let bare = bare_name(name);
        match kind {
            SiteType::Province | SiteType::City => {
                let exception = self.hosts.province_exceptions.get(bare);
                exception.cloned().unwrap_or_else(|| text::host_label(bare))
            }
            kind if kind.is_commune_level() || kind.is_historical() => text::host_label(bare),
            _ => text::host_label(name),
        }
    }

    /// What is wrong with a label somebody chose.
    pub fn check_label(&self, label: &str) -> Option<Message> {
        let plain = label.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
        let edges = label.starts_with('-') || label.ends_with('-') || label.starts_with("xn--");
        if label.is_empty() || label.len() > MAX_LABEL || !plain || edges {
            return Some(Message::new("host.malformed"));
        }
        let reserved = self.hosts.reserved.iter().any(|it| it == label);
        reserved.then(|| Message::new("host.reserved").with("label", label))
    }

    /// What is wrong with a whole host name.
    pub fn check_host(&self, host: &str) -> Option<Message> {
        if host.len() > 253 || !host.contains('.') {
            return Some(Message::new("host.malformed"));
        }
        let (first, rest) = host.split_once('.').unwrap_or((host, ""));
        let odd = |label: &str| {
            label.is_empty() || !label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        if rest.split('.').any(odd) {
            return Some(Message::new("host.malformed"));
        }
        self.check_label(first)
    }

    /// Warns of a site name that looks like a press product.
    pub fn press_warning(&self, name: &str) -> Option<Message> {
        let mut name = format!(" {} ", text::line(name).to_lowercase());
        for allowed in &self.press.allowed {
            name = name.replace(&format!(" {allowed} "), " ");
        }
        let found = self.press.words.iter().find(|word| name.contains(&format!(" {word} ")))?;
        Some(Message::new("site.press_name").with("word", found))
    }
}

/// A unit's name without the word for its type: `Xã Trùng Khánh` is `Trùng Khánh`.
pub fn bare_name(name: &str) -> &str {
    let name = name.trim();
    let prefix = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
    prefix.unwrap_or(name).trim()
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("no {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> NameRules {
        NameRules::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config")).unwrap()
    }

    #[track_caller]
    fn label(kind: SiteType, name: &str, expected: &str) {
        assert_eq!(rules().label(kind, name), expected);
    }

    #[test]
    fn a_unit_is_its_full_name_and_an_agency_its_whole_name() {
        label(SiteType::Commune, "Xã Nghĩa Lộ 2", "nghialo2");
        label(SiteType::Ward, "Phường Văn Miếu - Quốc Tử Giám", "vanmieuquoctugiam");
        label(SiteType::SpecialZone, "Đặc khu Cát Hải", "cathai");
        label(SiteType::Department, "Sở Y tế", "soyte");
        label(SiteType::Province, "Tỉnh Cao Bằng", "caobang");
        label(SiteType::City, "Thành phố Hồ Chí Minh", "hochiminhcity");
        label(SiteType::District, "Huyện Trùng Khánh", "trungkhanh");
    }

    #[test]
    fn reserved_and_malformed_labels_are_refused() {
        let rules = rules();
        assert_eq!(rules.check_label("trungkhanh"), None);
        for bad in ["", "www", "dichvucong", "a_b", "-a", "Hue", "huế", "a.b"] {
            assert!(rules.check_label(bad).is_some(), "{bad}");
        }
        assert!(rules.check_host("trungkhanh.caobang.gov.vn").is_none());
        assert!(rules.check_host("www.caobang.gov.vn").is_some());
        assert!(rules.check_host("caobang").is_some());
    }

    #[test]
    fn a_name_like_a_newspaper_is_warned_about() {
        let rules = rules();
        assert!(rules.press_warning("Báo Cao Bằng điện tử").is_some());
        assert!(rules.press_warning("Đài Phát thanh xã").is_some());
        assert!(rules.press_warning("Xã Bảo Lạc").is_none());
        assert!(rules.press_warning("Trung tâm Dự báo khí tượng").is_none());
    }
}
