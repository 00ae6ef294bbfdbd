//! The rules of sections.

use base::{Error, FieldErrors, Message, Result, SectionId};
use serde::{Deserialize, Serialize};

base::text_enum!(
    /// What a section is.
    SectionKind {
        /// Only a heading for the sections below it.
        Group = "group",
        /// One page: the entry written in it.
        Page = "page",
        /// A list of entries.
        List = "list",
        /// A register of documents.
        Register = "register",
        /// A structured module; until it has one of its own, a list of entries.
        Module = "module",
        /// A link that leads elsewhere.
        Link = "link",
    }
);

/// A place in a site's tree.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its key.
    pub id: SectionId,
    /// Its stable key and address, without the first slash.
    pub path: String,
    /// What readers call it.
    pub label: String,
    /// The language of that name, where it is not the one in which the site is being read.
    pub lang: Option<&'static str>,
    /// The same in English.
    pub label_en: String,
    /// What it is.
    pub kind: SectionKind,
    /// Which generated page it is; empty for none.
    pub module: String,
    /// The kinds that may be written here.
    pub entries: Vec<String>,
    /// Whether the law demands it: it cannot be deleted or hidden (ND224-9.2).
    pub mandatory: bool,
    /// Whether the site added it.
    pub own: bool,
    /// The rules that demand it, ids of the legal catalogue.
    pub rules: String,
    /// Its place among its siblings.
    pub position: i32,
    /// Whether the main menu shows it.
    pub menu: bool,
    /// Whether readers see it.
    pub visible: bool,
    /// Why it does not apply to this site.
    pub reason: Option<String>,
    /// What belongs there, for the writer.
    pub hint: String,
    /// Where a link leads.
    pub url: String,
}

impl Section {
    /// Where readers find it.
    pub fn address(&self) -> String {
        if self.url.is_empty() { format!("/{}", self.path) } else { self.url.clone() }
    }

    /// How deep it lies: 0 at the top.
    pub fn depth(&self) -> usize {
        self.path.matches('/').count()
    }

    /// The path of the section above it.
    pub fn parent(&self) -> Option<&str> {
        self.path.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// Whether `path` is this section or lies below it.
    pub fn holds(&self, path: &str) -> bool {
        path.strip_prefix(&self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether `kind` may be written here.
    pub fn takes(&self, kind: &str) -> bool {
        self.entries.iter().any(|entry| entry == kind)
    }
}

/// A section about to be planted.
#[derive(Clone, Debug)]
pub struct NewSection {
    /// Where.
    pub path: String,
    /// What readers call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// What it is.
    pub kind: SectionKind,
    /// Which generated page it is; empty for none.
    pub module: String,
    /// The kinds that may be written here.
    pub entries: Vec<String>,
    /// Whether the law demands it.
    pub mandatory: bool,
    /// Whether the site adds it.
    pub own: bool,
    /// The rules that demand it.
    pub rules: Vec<String>,
    /// Its place among its siblings.
    pub position: i32,
    /// Whether the main menu shows it.
    pub menu: bool,
    /// What belongs there.
    pub hint: String,
    /// Where a link leads.
    pub url: String,
}

/// A section as the form sends it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SectionForm {
    /// What readers call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// The last part of its path.
    pub slug: String,
    /// The id of the section above it.
    pub parent: String,
    /// What may be written in it: an id of `config/kinds`.
    pub kind: String,
    /// Its place among its siblings.
    pub position: String,
    /// `on` when readers see it.
    pub visible: String,
    /// `on` when it does not apply to this site.
    pub not_applicable: String,
    /// Why not.
    pub reason: String,
    /// `on` when the main menu shows it.
    pub menu: String,
}

/// A [`SectionForm`] that passed its check.
#[derive(Clone, Debug)]
pub struct SectionChange {
    /// What readers call it.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// Its place.
    pub position: i32,
    /// Whether readers see it.
    pub visible: bool,
    /// Whether the main menu shows it.
    pub menu: bool,
    /// Why it does not apply; `None` when it does.
    pub reason: Option<String>,
}

const MAX_LABEL: usize = 120;

impl SectionForm {
    /// The form of a section that exists.
    pub fn of(section: &Section, parent: Option<SectionId>) -> Self {
        let tick = |on: bool| if on { "on".to_owned() } else { String::new() };
        Self {
            label: section.label.clone(),
            label_en: section.label_en.clone(),
            slug: section.path.rsplit('/').next().unwrap_or_default().to_owned(),
            parent: parent.map(|id| id.to_string()).unwrap_or_default(),
            kind: section.entries.first().cloned().unwrap_or_default(),
            position: section.position.to_string(),
            visible: tick(section.visible),
            not_applicable: tick(section.reason.is_some()),
            reason: section.reason.clone().unwrap_or_default(),
            menu: tick(section.menu),
        }
    }

    /// Checks a change. A mandatory section stays visible; marking one as not applicable
    /// needs a reason (ND224-9.2).
    pub fn check(&self, mandatory: bool) -> Result<SectionChange> {
        let mut errors = FieldErrors::new();
        let label = base::text::line(&self.label);
        let label_en = base::text::line(&self.label_en);
        if label.is_empty() || label.chars().count() > MAX_LABEL {
            errors.insert("label".into(), Message::new("section.label").with("max", MAX_LABEL));
        }
        if label_en.chars().count() > MAX_LABEL {
            errors.insert("label_en".into(), Message::new("too_long").with("max", MAX_LABEL));
        }
        let position = match self.position.trim() {
            "" => Some(1000),
            text => text.parse::<i32>().ok().filter(|it| (0..=9999).contains(it)),
        };
        if position.is_none() {
            errors.insert("position".into(), "section.position".into());
        }
        let visible = self.visible == "on";
        if mandatory && !visible {
            errors.insert("visible".into(), "section.mandatory".into());
        }
        let reason = base::text::line(&self.reason);
        let not_applicable = self.not_applicable == "on";
        if not_applicable && (reason.chars().count() < 10 || reason.chars().count() > 500) {
            errors.insert("reason".into(), "section.reason".into());
        }
        match position {
            Some(position) if errors.is_empty() => Ok(SectionChange {
                label,
                label_en,
                position,
                visible,
                menu: self.menu == "on",
                reason: not_applicable.then_some(reason),
            }),
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// The path of a new section below `parent`: the slug typed, or one made of the label.
    pub fn path(&self, parent: Option<&str>) -> Result<String> {
        let typed = base::text::line(&self.slug).to_lowercase();
        let slug = if typed.is_empty() { base::text::slug(&self.label, 60) } else { typed };
        if !base::text::is_slug(&slug) || slug.len() > 60 {
            return Err(Error::field("slug", "slug.malformed"));
        }
        Ok(match parent {
            Some(parent) => format!("{parent}/{slug}"),
            None => slug,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> SectionForm {
        SectionForm {
            label: "Phí, lệ phí".into(), visible: "on".into(), ..SectionForm::default()
        }
    }

    #[track_caller]
    fn blamed(form: &SectionForm, mandatory: bool, field: &str) {
        match form.check(mandatory) {
            Err(Error::Invalid(errors)) => assert!(errors.contains_key(field), "{errors:?}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mandatory_section_cannot_be_hidden_only_marked_with_a_reason() {
        let hidden = SectionForm { visible: String::new(), ..form() };
        assert!(hidden.check(false).is_ok());
        blamed(&hidden, true, "visible");
        let marked = SectionForm { not_applicable: "on".into(), ..form() };
        blamed(&marked, true, "reason");
        let told = SectionForm { reason: "Xã không thu loại phí nào.".into(), ..marked };
        assert!(told.check(true).unwrap().reason.is_some());
    }

    #[test]
    fn a_path_is_made_of_the_label_or_of_what_was_typed() {
        assert_eq!(form().path(None).unwrap(), "phi-le-phi");
        let typed = SectionForm { slug: "le-phi".into(), ..form() };
        assert_eq!(typed.path(Some("van-ban")).unwrap(), "van-ban/le-phi");
        let bad = SectionForm { slug: "Lệ phí/..".into(), ..form() };
        assert!(bad.path(None).is_err());
    }
}
