//! Calls, letters and visits, written down for who made them.

use std::collections::BTreeMap;

use accounts::{Can, Handle, Staff};
use base::{Error, FieldErrors, Locale, Message};
use serde::{Deserialize, Serialize};
use web::{Data, Fields, Posted, Query, Response, Result};

use super::{
    act::field,
    case::as_staff,
    list::{Choice, kinds},
    path,
};
use crate::{
    guard::Slip,
    model::{
        hints,
        sheet::{self, Channel, Sheet},
    },
    office::{Office, blamed},
    store::receive::{self, Consent, New, SENT_BEFORE},
    types::Type,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    kind: String,
}

#[derive(Serialize)]
struct NewView {
    kinds: Vec<Choice>,
    kind: String,
    channels: Vec<Choice>,
    fields: Vec<FieldView>,
    consents: Vec<FieldView>,
    areas: Vec<Choice>,
    slip: String,
    form: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
    code: String,
    path: String,
}

#[derive(Serialize)]
struct FieldView {
    name: String,
    label: String,
    required: bool,
    options: Vec<Choice>,
}

pub(super) async fn new(
    who: Can<Handle>,
    office: Data<Office>,
    query: Query<NewQuery>,
) -> Result<Response> {
    let first = office.types.types.first().map(|it| it.key.clone()).unwrap_or_default();
    let key = if query.kind.is_empty() { first } else { query.into_inner().kind };
    let kind = office.types.kind(&key).ok_or(Error::NotFound)?;
    let view = view(&who, &office, kind, Fields::new(), &FieldErrors::new());
    who.page("feedback/enter.html", &view)
}

fn view(who: &Staff, office: &Office, kind: &Type, form: Fields, errors: &FieldErrors) -> NewView {
    let cx = &who.cx;
    let channel = |it: &Channel| Choice {
        value: it.as_str().to_owned(),
        label: cx.say(&Message::new(format!("case_channel.{}", it.as_str()))),
        current: field(&form, "channel") == it.as_str(),
    };
    let option = |name: &str, it: &String| Choice {
        value: it.clone(),
        label: cx.say(&Message::new(format!("case_option.{name}.{it}"))),
        current: field(&form, name) == it,
    };
    let fields = office.types.form(kind).map(|(asked, it)| FieldView {
        label: cx.say(&Message::new(format!("case_field.{}", it.name))),
        required: asked.required,
        options: it.options.iter().map(|value| option(&it.name, value)).collect(),
        name: it.name.clone(),
    });
    let consent = |it: &String| FieldView {
        name: format!("agree_{it}"),
        label: cx.say(&Message::new(format!("case_consent.{it}")).with("unit", &cx.site.unit_name)),
        required: it == "process",
        options: Vec::new(),
    };
    let area = |it: &crate::types::Area| Choice {
        value: it.key.clone(),
        label: it.label.clone(),
        current: field(&form, "area") == it.key,
    };
    NewView {
        kinds: kinds(cx, office, &kind.key).into_iter().filter(|it| !it.value.is_empty()).collect(),
        kind: kind.key.clone(),
        channels: Channel::ALL.iter().filter(|it| **it != Channel::Web).map(channel).collect(),
        fields: fields.collect(),
        consents: kind.consents.iter().map(consent).collect(),
        areas: office.types.areas.iter().map(area).collect(),
        slip: office.guard.slip(cx.site.id, cx.now),
        errors: cx.say_all(errors),
        code: String::new(),
        path: String::new(),
        form,
    }
}

/// Enters a case and shows its code, once, to be read out or printed.
pub(super) async fn create(
    who: Can<Handle>,
    office: Data<Office>,
    form: Posted<Fields>,
) -> Result<Response> {
    let kind = office.types.kind(field(&form.0, "kind")).ok_or(Error::NotFound)?;
    let slip = Slip::read(&office.guard.key, who.cx.site.id, field(&form.0, "slip"));
    let slip = slip.unwrap_or_else(|| Slip::new(who.cx.now));
    let channel = Channel::parse(field(&form.0, "channel")).filter(|it| *it != Channel::Web);
    let sheet = sheet::check(&office.types, kind, &form.0, office.max_message);
    let checked = match (channel, sheet) {
        (Some(channel), Ok(sheet)) => Ok((channel, sheet)),
        (_, Err(err)) => Err(err),
        (None, _) => Err(Error::field("channel", "case.choice")),
    };
    let written = match checked {
        Ok((channel, sheet)) => {
            let new = new_case(&who, &office, kind, (&form.0, channel, sheet, slip));
            let (actor, staff, all) = (who.actor(), as_staff(&who), office.clone());
            let write = who.cx.write(move |conn, _| {
                receive::receive(conn, &all.desk(actor, staff), &all.guard.key, &new, &[])
            });
            write.await
        }
        Err(err) => Err(err),
    };
    let id = match written {
        Ok(id) => Some(id),
        Err(Error::Conflict(message)) if message.key() == SENT_BEFORE => None,
        Err(err) => {
            let errors = blamed(err)?;
            let view = view(&who, &office, kind, form.0, &errors);
            return who.again("feedback/enter.html", &view);
        }
    };
    let mut view = view(&who, &office, kind, Fields::new(), &FieldErrors::new());
    view.code = slip.code(&office.guard.key).to_string();
    view.path = id.map_or_else(|| super::HERE.to_owned(), path);
    who.page("feedback/entered.html", &view)
}

fn new_case(
    who: &Staff,
    office: &Office,
    kind: &Type,
    (fields, channel, mut sheet, slip): (&Fields, Channel, Sheet, Slip),
) -> New {
    let key = &office.guard.key;
    let told = format!("{}\n{}", sheet.subject, sheet.message);
    let suspect = hints::complaint(&told, &office.types.complaint_words).unwrap_or_default();
    let cx = &who.cx;
    let words = |purpose: &str| {
        cx.say(&Message::new(format!("case_consent.{purpose}")).with("unit", &cx.site.unit_name))
    };
    let consents = kind.consents.iter().map(|purpose| Consent {
        purpose: purpose.clone(),
        text: words(purpose),
        given: sheet.agreed.contains(purpose),
    });
    sheet.person.locale = Locale::parse(field(fields, "locale")).unwrap_or_default();
    New {
        channel,
        restricted: kind.restricted,
        suspect: if kind.restricted { String::new() } else { suspect.to_owned() },
        code: slip.code(key).digest(),
        slip: slip.digest(key),
        origin: String::new(),
        consents: consents.collect(),
        sheet,
    }
}
