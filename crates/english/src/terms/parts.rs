//! Names of several parts: `Ủy viên UBND tỉnh, Chánh Văn phòng`.

use super::Terms;
use crate::write::{self, Names};

/// What stands between the parts of a name, and what stands there in English.
const JOINTS: [(&str, &str); 6] = [
    (", kiêm ", ", concurrently "),
    (" kiêm ", ", concurrently "),
    ("; ", "; "),
    (", ", ", "),
    (" – ", " – "),
    (" - ", " – "),
];

impl Terms {
    /// The English of a name, whole or part by part; `None` when a part is not known. Addresses of
    /// mail and telephone numbers among the parts are no language.
    pub fn translate_parts(&self, text: &str, names: Names) -> Option<String> {
        if let Some(whole) = self.translate(text, names) {
            return Some(whole);
        }
        let first = JOINTS.iter().filter_map(|joint| Some((text.find(joint.0)?, joint)));
        let (at, (joint, english)) = first.min_by_key(|(at, _)| *at)?;
        let (before, after) = (text.get(..at)?, text.get(at + joint.len()..)?);
        let part = |part: &str| {
            let is_address = part.contains(['@', '/']) && !part.contains(' ');
            let is_number = !part.is_empty() && !part.contains(char::is_alphabetic);
            match (is_address, is_number) {
                (true, _) => Some(part.to_owned()),
                (_, true) => Some(write::phone(part)),
                _ => self.translate_parts(part, names),
            }
        };
        Some(format!("{}{english}{}", part(before)?, part(after)?))
    }
}
