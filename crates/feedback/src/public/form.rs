//! The forms by which citizens send something, drawn from `config/feedback/types.toml`.

use base::{Error, FieldErrors, Message, SiteState};
use serde::{Deserialize, Serialize};
use web::{About, Crumb, Cx, Data, Head, Path, Query, Response, Result, header};

use crate::{
    model::{
        proof,
        sheet::{MAX_SUBJECT, Typed},
    },
    office::Office,
    trail::trail,
    types::{Asked, Basis, Field, Input, Type},
};

#[derive(Serialize)]
struct ChooseView {
    head: Head,
    trail: Vec<Crumb>,
    types: Vec<TypeView>,
    unit: String,
}

#[derive(Serialize)]
struct TypeView {
    label: String,
    hint: String,
    path: String,
}

/// What the law calls a request and where its form is.
pub(super) async fn choose(cx: Cx, office: Data<Office>) -> Result<Response> {
    open(&cx)?;
    let title = cx.say(&Message::new("case_page.choose"));
    let about = About { title: title.clone(), ..About::default() };
    let view = ChooseView {
        head: Head::new(&cx, &about),
        trail: trail(&cx, &[(title, "/hoi-dap/gui")]),
        types: office.types.types.iter().map(|it| type_view(&cx, it)).collect(),
        unit: cx.unit(),
    };
    cx.page("feedback/choose.html", &view)
}

fn type_view(cx: &Cx, kind: &Type) -> TypeView {
    TypeView {
        label: cx.say(&Message::new(format!("case_type.{}", kind.key))),
        hint: cx.say(&Message::new(format!("case_type_hint.{}", kind.key))),
        path: path(kind),
    }
}

/// Where the form of a type is.
pub(super) fn path(kind: &Type) -> String {
    format!("/hoi-dap/gui/{}", kind.slug)
}

/// The section of feedback leads to its form.
pub(super) async fn moved(_: Cx) -> Response {
    let to = (header::LOCATION, "/hoi-dap/gui/phan-anh-kien-nghi");
    Response::TemporaryRedirect().insert_header(to).finish()
}

/// An archive takes nothing in.
pub(super) fn open(cx: &Cx) -> base::Result<()> {
    match cx.site.state {
        SiteState::Archived => Err(Error::conflict("case.archived")),
        _ => Ok(()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct FormQuery {
    /// The public page it is about.
    ve: String,
}

pub(super) async fn show(
    cx: Cx,
    office: Data<Office>,
    slug: Path<String>,
    query: Query<FormQuery>,
) -> Result<Response> {
    open(&cx)?;
    let kind = office.types.at(&slug).ok_or(Error::NotFound)?;
    let typed = Typed::from([("about".to_owned(), base::text::line(&query.ve))]);
    cx.form_page("feedback/form.html", &view(&cx, &office, kind, &typed, &FieldErrors::new()))
}

/// A form as the template draws it.
#[derive(Serialize)]
pub(super) struct FormView {
    head: Head,
    trail: Vec<Crumb>,
    title: String,
    hint: String,
    action: String,
    explained: bool,
    /// Who reads it, why, how long it stays, on what ground: said before anything is sent.
    notice: Vec<String>,
    purposes: Vec<PurposeView>,
    about: String,
    areas: Vec<Choice>,
    subject: Text,
    message: Text,
    fields: Vec<FieldView>,
    consents: Vec<ConsentView>,
    files_hint: String,
    slip: String,
    bits: u32,
    errors: Vec<ErrorView>,
    similar: bool,
}

#[derive(Serialize)]
struct ErrorView {
    field: String,
    text: String,
}

#[derive(Serialize)]
struct PurposeView {
    label: String,
    purpose: String,
    months: u32,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct Text {
    value: String,
    max: usize,
    error: Option<String>,
}

#[derive(Serialize)]
struct FieldView {
    name: String,
    label: String,
    hint: String,
    input: &'static str,
    autocomplete: String,
    value: String,
    required: bool,
    max: usize,
    options: Vec<Choice>,
    error: Option<String>,
}

#[derive(Serialize)]
struct ConsentView {
    name: String,
    text: String,
    required: bool,
    checked: bool,
    error: Option<String>,
}

/// The form of `kind` with what was typed into it and what is wrong with that.
pub(super) fn view(
    cx: &Cx,
    office: &Office,
    kind: &Type,
    typed: &Typed,
    errors: &FieldErrors,
) -> FormView {
    let told = type_view(cx, kind);
    let about =
        About { title: told.label.clone(), description: told.hint.clone(), ..About::default() };
    let value = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let error = |name: &str| errors.get(name).map(|it| cx.say(it));
    let hint = Message::new("case_form.files_hint")
        .with("count", office.files.count)
        .with("max", office.files.size >> 20)
        .with("taken", office.files.taken());
    let choose = cx.say(&Message::new("case_page.choose"));
    FormView {
        head: Head::new(cx, &about),
        trail: trail(cx, &[(choose, "/hoi-dap/gui"), (told.label.clone(), &told.path)]),
        explained: kind.explained,
        notice: notice(cx, kind),
        purposes: purposes(cx, office, kind),
        about: if kind.about { value("about") } else { String::new() },
        areas: areas(cx, office, &value("area")),
        subject: Text { value: value("subject"), max: MAX_SUBJECT, error: error("subject") },
        message: Text { value: value("message"), max: office.max_message, error: error("message") },
        fields: office
            .types
            .form(kind)
            .map(|(asked, field)| {
                field_view(cx, (asked, field), value(&field.name), error(&field.name))
            })
            .collect(),
        consents: kind.consents.iter().map(|it| consent(cx, it, (typed, errors))).collect(),
        files_hint: cx.say(&hint),
        slip: office.guard.slip(cx.site.id, cx.now),
        bits: proof::BITS,
        errors: errors
            .iter()
            .map(|(field, message)| ErrorView { field: field.to_string(), text: cx.say(message) })
            .collect(),
        similar: kind.publishable,
        title: told.label,
        hint: told.hint,
        action: told.path,
    }
}

/// Who will read it, on what ground, how long it stays (PDP-9, PDP-19).
fn notice(cx: &Cx, kind: &Type) -> Vec<String> {
    let basis = match kind.basis {
        Basis::Consent => "case_form.basis_consent",
        Basis::Duty => "case_form.basis_duty",
    };
    let readers = if kind.restricted { "case_form.readers_few" } else { "case_form.readers" };
    let stays = Message::new("case_form.stays").with("months", kind.keep_months);
    let messages = [Message::new(readers).with("unit", cx.unit()), Message::new(basis), stays];
    messages.iter().map(|it| cx.say(it)).collect()
}

/// The words of the notice and of each box: what a receipt keeps.
pub(super) fn consent_text(cx: &Cx, kind: &Type, purpose: &str) -> String {
    match purpose {
        "notice" => notice(cx, kind).join(" "),
        purpose => cx.say(&Message::new(format!("case_consent.{purpose}")).with("unit", cx.unit())),
    }
}

fn purposes(cx: &Cx, office: &Office, kind: &Type) -> Vec<PurposeView> {
    let fields =
        office.types.form(kind).filter_map(|(_, field)| Some((field, field.personal.as_ref()?)));
    fields
        .map(|(field, personal)| PurposeView {
            label: cx.say(&Message::new(format!("case_field.{}", field.name))),
            purpose: cx.say(&Message::new(format!("case_purpose.{}", personal.purpose))),
            months: personal.keep_months,
        })
        .collect()
}

fn areas(cx: &Cx, office: &Office, current: &str) -> Vec<Choice> {
    let choice = |it: &crate::types::Area| Choice {
        value: it.key.clone(),
        label: cx.label(&it.label),
        current: it.key == current,
    };
    office.types.areas.iter().map(choice).collect()
}

fn field_view(
    cx: &Cx,
    (asked, field): (&Asked, &Field),
    value: String,
    error: Option<String>,
) -> FieldView {
    let name = &field.name;
    let option = |it: &String| Choice {
        label: cx.say(&Message::new(format!("case_option.{name}.{it}"))),
        current: *it == value,
        value: it.clone(),
    };
    let hint = match (asked.one_of.is_empty(), asked.required) {
        (false, _) => cx.say(&Message::new(format!("case_form.one_of_{}", asked.one_of))),
        _ => String::new(),
    };
    FieldView {
        label: cx.say(&Message::new(format!("case_field.{name}"))),
        hint,
        input: match field.input {
            Input::Line | Input::IdNumber => "text",
            Input::Text => "textarea",
            Input::Email => "email",
            Input::Phone => "tel",
            Input::Choice => "select",
        },
        autocomplete: field.autocomplete.clone(),
        options: field.options.iter().map(option).collect(),
        // Of several that stand for one another, none alone is optional.
        required: asked.required || !asked.one_of.is_empty(),
        max: field.max,
        name: name.clone(),
        value,
        error,
    }
}

/// A box for one purpose. Nobody but the visitor ever ticks it.
fn consent(cx: &Cx, purpose: &str, (typed, errors): (&Typed, &FieldErrors)) -> ConsentView {
    let name = format!("agree_{purpose}");
    let text = Message::new(format!("case_consent.{purpose}")).with("unit", cx.unit());
    ConsentView {
        text: cx.say(&text),
        required: purpose == "process",
        checked: typed.get(&name).is_some_and(|it| !it.is_empty()),
        error: errors.get(name.as_str()).map(|it| cx.say(it)),
        name,
    }
}
