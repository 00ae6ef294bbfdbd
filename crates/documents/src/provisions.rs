//! What the rules that demand a section are in the law, as `config/documents/provisions.toml` has it.

use serde::Deserialize;

/// A law and the rules that follow from it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Its name, as it is cited.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    #[serde(default)]
    at: String,
}

/// The laws that demand sections.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provisions {
    /// Rules that no law in force states.
    none: Vec<String>,
    law: Vec<Law>,
}

/// A place in a law, and its parts from the largest to the smallest: article, clause, point. An
/// empty place is the whole law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision<'a> {
    /// The law's name, as it is cited.
    pub law: &'a str,
    /// `["9", "1", "c"]` is điểm c khoản 1 Điều 9.
    pub place: Vec<&'a str>,
}

impl Provisions {
    /// Every rule the file has, for checks of files.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let of_laws = self.law.iter().flat_map(|law| law.rules.iter().map(|rule| &rule.id));
        of_laws.chain(&self.none).map(String::as_str)
    }

    /// The places in the law of `rules`, a list parted by spaces: each once, in the order of the
    /// file. What has no place in a law is left out.
    pub fn of(&self, rules: &str) -> Vec<Provision<'_>> {
        let rules: Vec<&str> = rules.split_whitespace().collect();
        let mut found: Vec<Provision<'_>> = Vec::new();
        for law in &self.law {
            for rule in law.rules.iter().filter(|it| rules.contains(&it.id.as_str())) {
                let place = rule.at.split('.').filter(|part| !part.is_empty()).collect();
                let provision = Provision { law: &law.name, place };
                if !found.contains(&provision) {
                    found.push(provision);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_in_their_laws_once() {
        let provisions: Provisions = toml::from_str(
            "none = [\"X\"]\n[[law]]\nname = \"Luật A\"\nname_en = \"Law A\"\n\
             rules = [{ id = \"A1\", at = \"9.1.c\" }, { id = \"A2\", at = \"9.1.c\" }, { id = \"A3\" }]",
        )
        .unwrap();
        let whole = Provision { law: "Luật A", place: Vec::new() };
        let point = Provision { law: "Luật A", place: vec!["9", "1", "c"] };
        assert_eq!(provisions.of("A3 A2 A1 X Y"), [point, whole]);
        assert_eq!(provisions.ids().count(), 4);
    }
}
