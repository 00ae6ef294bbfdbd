//! What an editor types, checked. Pure but for rendering the body, which is pure too.

use std::collections::BTreeMap;

use base::{Error, FieldErrors, Locale, Message, Result, SectionId, Site};
use theme::{Html, markdown};
use web::Fields;

use crate::kinds::{Field, FieldRole, FieldType, Kind, Need};

/// The longest title, in characters.
pub(crate) const MAX_TITLE: usize = 250;

/// The longest summary, in characters.
pub(crate) const MAX_SUMMARY: usize = 800;

/// The longest body, in characters; [`markdown`] has a limit in bytes as well.
pub(crate) const MAX_BODY: usize = 200_000;

/// The longest note on a change, in characters.
const MAX_NOTE: usize = 300;

/// An entry as the form sends it: text, nothing checked, nothing lost.
#[derive(Clone, Debug, Default)]
pub struct EntryForm {
    /// The headline.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// The id of a section.
    pub section: String,
    /// The last part of the address; empty for one made of the title.
    pub address: String,
    /// `on` for a small correction.
    pub minor: String,
    /// `on` to stand first on the home page.
    pub featured: String,
    /// What changed.
    pub note: String,
    /// The edition the editor saw, and its lock.
    pub lock: String,
    /// The fields of the kind, by name.
    pub fields: BTreeMap<String, String>,
}

/// What a translator wrote, ready to become a [`Draft`].
#[derive(Clone, Debug, Default)]
pub struct Translation {
    /// The headline; empty while it is not translated.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// The fields of the kind: words in English, everything else as the source has it.
    pub fields: BTreeMap<String, String>,
    /// The last part of the address; empty for one made of the title.
    pub address: String,
    /// Whether the source stands first on the home page.
    pub featured: bool,
    /// What changed.
    pub note: String,
}

/// A form that passed [`EntryForm::check`], or a translation that passed [`Draft::translation`].
#[derive(Clone, Debug)]
pub struct Draft {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) html: Html,
    pub(crate) section: SectionId,
    /// The address typed; `None` for one made of the title.
    pub(crate) slug: Option<String>,
    pub(crate) minor: bool,
    pub(crate) featured: bool,
    pub(crate) note: String,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) rank: i32,
    /// The site whose English this is; `None` for Vietnamese.
    pub(crate) face: Option<Box<Site>>,
}

impl Draft {
    /// A draft in English. It may lack what nobody has translated yet; what is there is checked
    /// like every other text. The section is the source's.
    pub fn translation(
        site: &Site,
        kind: &Kind,
        section: SectionId,
        text: Translation,
    ) -> Result<Self> {
        let form = EntryForm {
            title: text.title,
            summary: text.summary,
            body: text.body,
            address: text.address,
            note: text.note,
            fields: text.fields,
            section: section.to_string(),
            featured: if text.featured { "on".to_owned() } else { String::new() },
            ..EntryForm::default()
        };
        let mut errors = FieldErrors::new();
        let draft = form.read(kind, &mut errors);
        // What is missing is for the approver to see, not a reason to lose the rest.
        errors.retain(|_, message| message.key() != "field.missing");
        match draft {
            Some(draft) if errors.is_empty() => {
                Ok(Self { face: Some(Box::new(site.clone())), ..draft })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// Its language.
    pub(crate) fn locale(&self) -> Locale {
        if self.face.is_some() { Locale::En } else { Locale::Vi }
    }
}

impl EntryForm {
    /// Sorts what was sent into its places.
    pub fn of(mut sent: Fields) -> Self {
        let mut take = |name: &str| sent.remove(name).unwrap_or_default();
        let mut form = Self {
            title: take("title"),
            summary: take("summary"),
            body: take("body"),
            section: take("section"),
            address: take("address"),
            minor: take("minor"),
            featured: take("featured"),
            note: take("note"),
            lock: take("lock"),
            fields: BTreeMap::new(),
        };
        for (name, value) in sent {
            if let Some(name) = name.strip_prefix("field_") {
                form.fields.insert(name.to_owned(), value);
            }
        }
        form
    }

    /// Checks everything the form alone can tell, and says all that is wrong at once.
    pub fn check(&self, kind: &Kind) -> Result<Draft> {
        let mut errors = FieldErrors::new();
        let draft = self.read(kind, &mut errors);
        if base::text::line(&self.title).is_empty() {
            errors.insert("title".into(), "title.missing".into());
        }
        if base::text::line(&self.summary).is_empty() && kind.summary == Need::Required {
            errors.insert("summary".into(), "summary.missing".into());
        }
        draft.filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
    }

    /// Reads what is there and says what is wrong with it; a title may be missing.
    fn read(&self, kind: &Kind, errors: &mut FieldErrors) -> Option<Draft> {
        let title = limited("title", &self.title, MAX_TITLE, errors);
        let summary = limited("summary", &self.summary, MAX_SUMMARY, errors);
        let note = limited("note", &self.note, MAX_NOTE, errors);
        let body = base::text::block(&self.body);
        let html = self.render(&body, errors);
        let section = SectionId::parse(&self.section);
        if section.is_none() {
            errors.insert("section".into(), "section.missing".into());
        }
        let address = base::text::line(&self.address).to_lowercase();
        if !address.is_empty() && (!base::text::is_slug(&address) || address.len() > 120) {
            errors.insert("address".into(), "slug.malformed".into());
        }
        let fields = self.check_fields(kind, errors);
        let rank = kind.field(FieldRole::Rank).and_then(|field| fields.get(&field.name));
        let rank = rank.and_then(|text| text.parse().ok()).unwrap_or(1000);
        Some(Draft {
            title,
            summary,
            body,
            html: html?,
            section: section?,
            slug: (!address.is_empty()).then_some(address),
            minor: self.minor == "on",
            featured: self.featured == "on",
            note,
            fields,
            rank,
            face: None,
        })
    }

    fn render(&self, body: &str, errors: &mut FieldErrors) -> Option<Html> {
        let length = body.chars().count();
        if length > MAX_BODY {
            let message = Message::new("body.too_long").with("max", MAX_BODY).with("now", length);
            errors.insert("body".into(), message);
            return None;
        }
        match markdown(body) {
            Ok(rendered) => Some(rendered.html),
            Err(Error::Invalid(found)) => {
                errors.extend(found);
                None
            }
            Err(_) => {
                errors.insert("body".into(), "body.too_deep".into());
                None
            }
        }
    }

    fn check_fields(&self, kind: &Kind, errors: &mut FieldErrors) -> BTreeMap<String, String> {
        let mut checked = BTreeMap::new();
        for field in &kind.fields {
            let typed = self.fields.get(&field.name).map_or("", String::as_str);
            let mut put = |message: Message| {
                errors.insert(format!("field_{}", field.name).into(), message);
            };
            match check_field(field, typed) {
                Ok(value) if value.is_empty() && field.required => {
                    put(Message::new("field.missing").with("label", &field.label));
                }
                Ok(value) => drop(checked.insert(field.name.clone(), value)),
                Err(message) => put(message),
            }
        }
        checked
    }
}

/// One line of at most `max` characters.
fn limited(name: &'static str, text: &str, max: usize, errors: &mut FieldErrors) -> String {
    let line = base::text::line(text);
    let length = line.chars().count();
    if length > max {
        let message = Message::new("too_long_now").with("max", max).with("now", length);
        errors.insert(name.into(), message);
    }
    line
}

/// The value a field keeps.
fn check_field(field: &Field, typed: &str) -> Result<String, Message> {
    let line = base::text::line(typed);
    if line.is_empty() && field.kind != FieldType::Multiline {
        return Ok(String::new());
    }
    let value = match field.kind {
        FieldType::Text => Some(line),
        FieldType::Multiline => Some(base::text::block(typed).trim().to_owned()),
        FieldType::Email => accounts::model::email(&line),
        FieldType::Phone => Some(line).filter(|it| is_phone(it)),
        FieldType::Url => Some(line).filter(|it| is_web_address(it)),
        FieldType::Date => base::time::parse_date(&line).map(|date| date.to_string()),
        FieldType::Integer => line
            .parse::<i32>()
            .ok()
            .filter(|it| (0..=100_000).contains(it))
            .map(|it| it.to_string()),
        FieldType::Boolean => Some(if line == "on" { line } else { String::new() }),
        FieldType::Picture => media::PictureId::parse(&line).map(|id| id.to_string()),
    };
    let kind = match field.kind {
        FieldType::Email => "email",
        FieldType::Phone => "phone",
        FieldType::Url => "url",
        FieldType::Date => "date",
        FieldType::Integer => "integer",
        _ => "other",
    };
    let value =
        value.ok_or_else(|| Message::new(format!("field.{kind}")).with("label", &field.label))?;
    let max = field.max.unwrap_or(2000);
    let length = value.chars().count();
    match length > max {
        true => Err(Message::new("too_long_now").with("max", max).with("now", length)),
        false => Ok(value),
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '.' | '(' | ')' | '/'));
    plain && (3..=24).contains(&digits)
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.contains('.') && !rest.contains([' ', '"', '<', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind() -> Kind {
        toml::from_str(
            r#"
            id = "k"
            label = "K"
            label_en = "K"
            hint = ""
            prefix = "k"
            template = "k.html"
            summary = "required"
            [[field]]
            name = "email"
            label = "Thư"
            label_en = "E-mail"
            type = "email"
            [[field]]
            name = "rank"
            label = "Thứ tự"
            label_en = "Rank"
            type = "integer"
            role = "rank"
            [[field]]
            name = "duties"
            label = "Nhiệm vụ"
            label_en = "Duties"
            type = "multiline"
            required = true
            "#,
        )
        .unwrap()
    }

    fn form(change: impl FnOnce(&mut EntryForm)) -> EntryForm {
        let mut form = EntryForm {
            title: "Lễ hội".into(),
            summary: "Tóm tắt.".into(),
            section: SectionId::new().to_string(),
            fields: BTreeMap::from([("duties".into(), "Phụ trách chung".into())]),
            ..EntryForm::default()
        };
        change(&mut form);
        form
    }

    #[track_caller]
    fn blamed(form: &EntryForm, field: &str, key: &str) {
        match form.check(&kind()) {
            Err(Error::Invalid(errors)) => {
                let found = errors.get(field).map(|message| message.key().to_owned());
                assert_eq!(found.as_deref(), Some(key), "{errors:?}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_form_is_told_everything_that_is_wrong_with_it() {
        let empty = EntryForm::default();
        for (field, key) in [
            ("title", "title.missing"),
            ("summary", "summary.missing"),
            ("section", "section.missing"),
            ("field_duties", "field.missing"),
        ] {
            blamed(&empty, field, key);
        }
        blamed(&form(|form| form.title = "a".repeat(10_000)), "title", "too_long_now");
        blamed(&form(|form| form.body = "a ".repeat(1_000_000)), "body", "body.too_long");
        blamed(&form(|form| form.address = "Địa chỉ".into()), "address", "slug.malformed");
        let bad = form(|form| drop(form.fields.insert("email".into(), "hoa".into())));
        blamed(&bad, "field_email", "field.email");
    }

    #[test]
    fn text_is_kept_in_nfc_without_controls() {
        let draft = form(|form| {
            form.title = "Le\u{302}\u{303} ho\u{323}\u{302}i\u{0007}".into();
            form.fields.insert("rank".into(), "2".into());
        });
        let draft = draft.check(&kind()).unwrap();
        assert_eq!(draft.title, "Lễ hội");
        assert_eq!(draft.rank, 2);
    }
}
