//! A form as a citizen filled it in, cleaned and checked.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, FieldErrors, Locale, Message, Result};

use crate::types::{Asked, Field, Input, Type, Types};

base::text_enum!(
    /// How it came.
    Channel {
        /// By the form on the site.
        Web = "web",
        /// By telephone; somebody wrote it down.
        Phone = "phone",
        /// By post or by hand.
        Letter = "letter",
        /// Told at the office.
        Visit = "visit",
    }
);

/// What somebody typed: the fields of the form by their names.
pub type Typed = BTreeMap<String, String>;

/// How long things may be, in characters.
pub const MAX_SUBJECT: usize = 200;
const MIN_SUBJECT: usize = 5;
const MIN_MESSAGE: usize = 10;
const MAX_ABOUT: usize = 300;

/// Who sent it, as far as they said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Where they live.
    pub address: String,
    /// Where they can be called.
    pub phone: String,
    /// Where mail reaches them.
    pub email: String,
    /// Other personal fields, by name; kept encrypted.
    pub sealed: BTreeMap<String, String>,
    /// The language in which they are written to.
    pub locale: Locale,
}

impl Person {
    /// Whether they can be reached, and so whether there is something to know them by.
    pub fn has_contact(&self) -> bool {
        !self.phone.is_empty() || !self.email.is_empty()
    }

    /// Whether `told` is the e-mail address or the last four digits of the telephone number.
    pub fn is_known_by(&self, told: &str) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let told = base::text::line(told);
        if told.contains('@') {
            return !self.email.is_empty() && told.to_lowercase() == self.email;
        }
        let (told, own) = (digits(&told), digits(&self.phone));
        told.len() >= 4 && own.len() >= 4 && own.ends_with(&told)
    }
}

/// A form that passed its check.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The type's key.
    pub type_key: String,
    /// The field of life; empty for none.
    pub area: String,
    /// In one line.
    pub subject: String,
    /// In full.
    pub message: String,
    /// The public page it is about; empty for none.
    pub about: String,
    /// Who sent it.
    pub person: Person,
    /// Fields that say nothing of a person, by name.
    pub details: BTreeMap<String, String>,
    /// The purposes agreed to.
    pub agreed: BTreeSet<String>,
    /// Whether characters that nobody sees were taken out.
    pub cleaned: bool,
}

/// Reads the form of `kind`. `max_message` is the length of the message at most, in characters.
/// Every field that is wrong is named.
pub fn check(types: &Types, kind: &Type, typed: &Typed, max_message: usize) -> Result<Sheet> {
    let text = |name: &str| typed.get(name).map_or("", String::as_str);
    let mut errors = FieldErrors::new();
    let subject = base::text::line(text("subject"));
    long_enough("subject", &subject, (MIN_SUBJECT, MAX_SUBJECT), &mut errors);
    let message = base::text::block(text("message")).trim().to_owned();
    long_enough("message", &message, (MIN_MESSAGE, max_message), &mut errors);
    let area = base::text::line(text("area"));
    if !area.is_empty() && types.area(&area).is_none() {
        errors.insert("area".into(), "case.area".into());
    }
    let mut sheet = Sheet {
        type_key: kind.key.clone(),
        area,
        subject,
        message,
        about: if kind.about { about(text("about")) } else { String::new() },
        person: Person::default(),
        details: BTreeMap::new(),
        agreed: kind
            .consents
            .iter()
            .filter(|it| !text(&format!("agree_{it}")).is_empty())
            .cloned()
            .collect(),
        cleaned: typed.values().any(|it| base::text::has_hidden(it)),
    };
    if kind.consents.iter().any(|it| it == "process") && !sheet.agreed.contains("process") {
        errors.insert("agree_process".into(), "case.agree".into());
    }
    for (asked, field) in types.form(kind) {
        match value(asked, field, text(&field.name)) {
            Ok(value) => keep(&mut sheet, field, value),
            Err(message) => {
                errors.insert(field.name.clone().into(), message);
            }
        }
    }
    one_of(types, kind, &sheet, &mut errors);
    if errors.is_empty() { Ok(sheet) } else { Err(Error::Invalid(errors)) }
}

/// A path of this site, and nothing else.
fn about(typed: &str) -> String {
    let path = base::text::line(typed);
    let fits = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', ' ', '?']);
    if fits && path.chars().count() <= MAX_ABOUT { path } else { String::new() }
}

fn long_enough(
    name: &'static str,
    text: &str,
    (min, max): (usize, usize),
    errors: &mut FieldErrors,
) {
    let now = text.chars().count();
    if now < min {
        let key = format!("case.{name}_short");
        errors.insert(name.into(), Message::new(key).with("min", min));
    } else if now > max {
        errors.insert(name.into(), Message::new("too_long_now").with("now", now).with("max", max));
    }
}

/// What a field says, or what is wrong with it.
fn value(asked: &Asked, field: &Field, typed: &str) -> Result<String, Message> {
    let value = match field.input {
        Input::Text => base::text::block(typed).trim().to_owned(),
        _ => base::text::line(typed),
    };
    if value.is_empty() {
        return match asked.required {
            true => Err(Message::new(format!("case.missing_{}", field.name))),
            false => Ok(value),
        };
    }
    if field.max > 0 && value.chars().count() > field.max {
        let now = value.chars().count();
        return Err(Message::new("too_long_now").with("now", now).with("max", field.max));
    }
    match field.input {
        Input::Line | Input::Text => Ok(value),
        Input::Email => accounts::model::email(&value).ok_or_else(|| "email.malformed".into()),
        Input::Phone => phone(&value).ok_or_else(|| "case.phone".into()),
        Input::IdNumber => id_number(&value).ok_or_else(|| "case.id_number".into()),
        Input::Choice if field.options.contains(&value) => Ok(value),
        Input::Choice => Err("case.choice".into()),
    }
}

/// A number that can be called: 8 to 15 digits, with what people write between them.
fn phone(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || " .-+()".contains(c));
    ((8..=15).contains(&digits) && plain).then(|| text.to_owned())
}

/// A citizen's card (12 digits), an old identity card (9), or a passport (a letter and digits).
fn id_number(text: &str) -> Option<String> {
    let id: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let digits = id.bytes().all(|it| it.is_ascii_digit());
    let passport = id.len() >= 6
        && id.len() <= 12
        && id.bytes().all(|it| it.is_ascii_alphanumeric())
        && id.bytes().any(|it| it.is_ascii_digit());
    ((digits && matches!(id.len(), 9 | 12)) || (!digits && passport)).then(|| id.to_uppercase())
}

/// Puts a value where it belongs.
fn keep(sheet: &mut Sheet, field: &Field, value: String) {
    let person = &mut sheet.person;
    match field.name.as_str() {
        "name" => person.name = value,
        "address" => person.address = value,
        "phone" => person.phone = value,
        "email" => person.email = value,
        _ if value.is_empty() => (),
        name if field.personal.is_some() => {
            person.sealed.insert(name.to_owned(), value);
        }
        name => {
            sheet.details.insert(name.to_owned(), value);
        }
    }
}

/// Of fields that stand for one another, one must be filled; the first is blamed.
fn one_of(types: &Types, kind: &Type, sheet: &Sheet, errors: &mut FieldErrors) {
    let person = &sheet.person;
    let filled = |name: &str| match name {
        "name" => !person.name.is_empty(),
        "address" => !person.address.is_empty(),
        "phone" => !person.phone.is_empty(),
        "email" => !person.email.is_empty(),
        other => person.sealed.contains_key(other) || sheet.details.contains_key(other),
    };
    let groups: BTreeSet<&str> =
        kind.fields.iter().map(|it| it.one_of.as_str()).filter(|it| !it.is_empty()).collect();
    for group in groups {
        let members: Vec<&Asked> =
            types.form(kind).map(|(asked, _)| asked).filter(|it| it.one_of == group).collect();
        let wrong = members.iter().any(|it| errors.contains_key(it.name.as_str()));
        if let (Some(first), false) = (members.first(), wrong)
            && !members.iter().any(|it| filled(&it.name))
        {
            errors.insert(first.name.clone().into(), Message::new(format!("case.one_of_{group}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn types() -> Types {
        Types::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config")).unwrap()
    }

    fn read(kind: &str, fields: &[(&str, &str)]) -> Result<Sheet> {
        let types = types();
        let mut typed: Typed = [
            ("subject", "Đường vào thôn hỏng"),
            ("message", "Đoạn đường vào thôn Bến bị sạt lở từ tháng trước."),
            ("agree_process", "on"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        typed.extend(fields.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        check(&types, types.kind(kind).unwrap(), &typed, 10_000)
    }

    #[track_caller]
    fn refused(kind: &str, fields: &[(&str, &str)], wrong: &[&str]) {
        match read(kind, fields) {
            Err(Error::Invalid(errors)) => {
                let names: Vec<&str> = errors.keys().map(AsRef::as_ref).collect();
                assert_eq!(names, wrong);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_question_needs_no_name() {
        let sheet = read("question", &[]).unwrap();
        assert_eq!(sheet.person, Person::default());
        assert!(!sheet.cleaned);
        refused("question", &[("agree_process", "")], &["agree_process"]);
        refused("question", &[("subject", " a "), ("message", "")], &["message", "subject"]);
    }

    #[test]
    fn every_wrong_field_is_named() {
        refused("feedback", &[], &["address", "name", "phone"]);
        refused("feedback", &[("name", "A"), ("address", "B"), ("phone", "12")], &["phone"]);
        refused(
            "feedback",
            &[("name", "A"), ("address", "B"), ("email", "a@b.vn\nBcc: x@y.vn")],
            &["email"],
        );
        refused("question", &[("area", "khong-co")], &["area"]);
        refused("rights", &[("name", "A"), ("email", "a@b.vn"), ("right", "x")], &["right"]);
        let message = "a".repeat(50_000);
        refused("question", &[("message", &message)], &["message"]);
    }

    #[test]
    fn the_number_of_a_card_is_sealed_and_a_choice_is_not() {
        let sheet = read(
            "information",
            &[
                ("name", "Nguyễn Thị Sen"),
                ("address", "Thôn Bến"),
                ("id_number", "001 099 012345"),
                ("email", "Sen@Thu.VN"),
                ("supply", "email"),
                ("reason", "Tìm hiểu quy hoạch"),
            ],
        )
        .unwrap();
        assert_eq!(sheet.person.sealed["id_number"], "001099012345");
        assert_eq!(sheet.person.email, "sen@thu.vn");
        assert_eq!(sheet.details["supply"], "email");
        assert!(!sheet.details.contains_key("id_number"));
    }

    #[test]
    fn text_is_kept_in_nfc_without_what_nobody_sees_and_that_is_said() {
        let sheet =
            read("question", &[("message", "Xin ho\u{0309}i\u{202E} về đất đai\u{0000} a\r\nb")])
                .unwrap();
        assert_eq!(sheet.message, "Xin hỏi về đất đai a\nb");
        assert!(sheet.cleaned);
    }

    #[test]
    fn a_page_is_one_of_this_site() {
        let about = |path: &str| read("inaccuracy", &[("about", path)]).unwrap().about;
        assert_eq!(about("/tin-tuc/khai-mac"), "/tin-tuc/khai-mac");
        for bad in ["//evil.vn", "https://evil.vn", "javascript:x", "/a b", "\\x"] {
            assert_eq!(about(bad), "", "{bad}");
        }
        assert_eq!(read("question", &[("about", "/x")]).unwrap().about, "");
    }

    #[test]
    fn people_are_known_by_what_only_they_told_us() {
        let person =
            Person { phone: "0912 345 678".into(), email: "a@b.vn".into(), ..Person::default() };
        for right in ["5678", "0912345678", "A@b.vn", "45 678"] {
            assert!(person.is_known_by(right), "{right}");
        }
        for wrong in ["", "678", "1234", "b@b.vn", "@"] {
            assert!(!person.is_known_by(wrong), "{wrong}");
        }
        assert!(!Person::default().is_known_by("0000"));
    }
}
