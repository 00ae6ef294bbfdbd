//! The rules of a site. Pure: nothing here reads a clock, a table or a request.

use base::{Error, Identity, Message, Result, SiteState, SiteType};
use chrono::NaiveDate;

base::text_enum!(
    /// What the province can do with a site.
    Step {
        /// Open it to the public.
        Activate = "activate",
        /// Close it for a time.
        Suspend = "suspend",
        /// Keep it, read-only, for a body that ended.
        Archive = "archive",
        /// Bring a site home that lived elsewhere (ND42-conv).
        Convert = "convert",
    }
);

/// The whole life of a site: step, from, to.
const LIFE: [(Step, SiteState, SiteState); 7] = [
    (Step::Activate, SiteState::Draft, SiteState::Active),
    (Step::Activate, SiteState::Suspended, SiteState::Active),
    (Step::Activate, SiteState::Archived, SiteState::Active),
    (Step::Suspend, SiteState::Active, SiteState::Suspended),
    (Step::Archive, SiteState::Active, SiteState::Archived),
    (Step::Archive, SiteState::Suspended, SiteState::Archived),
    (Step::Convert, SiteState::Linked, SiteState::Draft),
];

/// Where `step` leads from `state`.
pub fn after(state: SiteState, step: Step) -> Result<SiteState> {
    let row = LIFE.iter().find(|(it, from, _)| (*it, *from) == (step, state));
    row.map(|(.., to)| *to).ok_or_else(|| Error::conflict("site.not_now"))
}

/// The steps that can be taken from `state`.
pub fn open_steps(state: SiteState) -> impl Iterator<Item = Step> {
    Step::ALL.iter().copied().filter(move |step| after(state, *step).is_ok())
}

/// The names of what a site lacks to be opened: the six facts of ND147-24.9a, and for the
/// portal the address for incident reports (SEC-addr).
pub fn missing(kind: SiteType, identity: &Identity) -> Vec<&'static str> {
    let mut missing = identity.missing();
    if kind.is_portal() && identity.security_contact.is_empty() {
        missing.push("security_contact");
    }
    missing
}

/// A site about to be created.
#[derive(Clone, Debug, Default)]
pub struct NewSite {
    /// What kind of body it belongs to; a commune where nothing is said.
    pub kind: Option<SiteType>,
    /// The body's official name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The official code of the unit.
    pub unit_code: Option<String>,
    /// Its whole host name; `None` for a linked site.
    pub host: Option<String>,
    /// The facts of its footer, as far as they are known.
    pub identity: Identity,
    /// Where a linked site lives, and when it is to be converted.
    pub linked: Option<(String, Option<NaiveDate>)>,
    /// From when the body exists.
    pub valid_from: Option<NaiveDate>,
}

/// The longest official name, in characters.
pub const MAX_NAME: usize = 150;

/// The longest fact of the footer, in characters.
pub const MAX_FACT: usize = 300;

/// Cleans the facts of a footer and says which are too long or malformed.
pub fn check_identity(identity: &Identity, errors: &mut base::FieldErrors) -> Identity {
    let mut line = |name: &'static str, text: &str| {
        let line = base::text::line(text);
        let length = line.chars().count();
        if length > MAX_FACT {
            let message = Message::new("too_long_now").with("max", MAX_FACT).with("now", length);
            errors.insert(name.into(), message);
        }
        line
    };
    let clean = Identity {
        managing_body: line("managing_body", &identity.managing_body),
        governing_body: line("governing_body", &identity.governing_body),
        responsible: line("responsible", &identity.responsible),
        address: line("address", &identity.address),
        phone: line("phone", &identity.phone),
        email: line("email", &identity.email),
        security_contact: line("security_contact", &identity.security_contact),
    };
    if !clean.email.is_empty() && accounts::model::email(&clean.email).is_none() {
        errors.insert("email".into(), "email.malformed".into());
    }
    if !clean.phone.is_empty() && clean.phone.chars().filter(char::is_ascii_digit).count() < 3 {
        errors.insert("phone".into(), "phone.malformed".into());
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_lacks_what_the_law_names() {
        let empty = Identity::default();
        assert_eq!(missing(SiteType::Commune, &empty).len(), 6);
        assert_eq!(missing(SiteType::Province, &empty).len(), 7);
    }

    #[test]
    fn an_archive_can_be_opened_again_and_a_draft_not_archived() {
        assert_eq!(after(SiteState::Archived, Step::Activate).ok(), Some(SiteState::Active));
        assert!(after(SiteState::Draft, Step::Archive).is_err());
        assert_eq!(open_steps(SiteState::Linked).collect::<Vec<_>>(), [Step::Convert]);
    }
}
