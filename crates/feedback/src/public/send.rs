//! A form on its way in.

use actix_web::http::StatusCode;
use base::{Error, FieldErrors, Message, Site};
use db::Conn;
use media::{FileId, Storage, incoming};
use web::{Client, Cx, Data, Path, Request, Response, Result};

use super::form;
use crate::{
    CaseId,
    guard::{Brought, Slip},
    letters::{self, Event, Sender},
    model::{
        code::Code,
        hints,
        sheet::{self, Channel, Sheet, Typed},
        state,
    },
    office::Office,
    store::{
        self, Sight,
        receive::{self, Consent, New, SENT_BEFORE},
    },
    types::{Basis, Type},
};

/// Takes a form in. Whatever goes wrong, the visitor gets it back with everything typed, and is
/// told what happened; only files have to be chosen again, which browsers want so.
pub(super) async fn create(
    cx: Cx,
    client: Client,
    req: Request,
    (office, storage): (Data<Office>, Data<Storage>),
    slug: Path<String>,
    body: actix_web::web::Payload,
) -> Result<Response> {
    form::open(&cx)?;
    let payload = &mut body.into_inner();
    let arrived = incoming::receive(&cx, &req, payload, (&storage, &office.files)).await;
    let kind = office.types.at(&slug).ok_or(Error::NotFound)?;
    let arrived = match arrived.map_err(|failure| failure.0) {
        Ok(arrived) => arrived,
        Err(err) => return again(&cx, &office, kind, &Typed::new(), err),
    };
    let fields = arrived.fields.clone();
    let arrived = match arrived.without_notes(&storage).await {
        Ok(arrived) => arrived,
        Err(err) => return again(&cx, &office, kind, &fields, err),
    };
    let typed: Typed = arrived.fields.clone();
    match take(&cx, (client, &office, storage), kind, arrived).await {
        Ok(slip) => {
            let code = slip.code(&office.guard.key);
            Ok(cx.see_other(&format!("/hoi-dap/ma/{code}?moi=1")))
        }
        Err(err) => again(&cx, &office, kind, &typed, err),
    }
}

async fn take(
    cx: &Cx,
    (client, office, storage): (Client, &Data<Office>, Data<Storage>),
    kind: &Type,
    arrived: incoming::Form,
) -> base::Result<Slip> {
    let refused = arrived.blame(cx, "upload.refused");
    let brought = Brought {
        slip: arrived.text("slip"),
        proof: arrived.text("proof"),
        trap: arrived.text("website"),
    };
    let sheet = sheet::check(&office.types, kind, &arrived.fields, office.max_message);
    let sheet = match (sheet, refused.is_empty()) {
        (Ok(sheet), true) => sheet,
        (Err(Error::Invalid(errors)), _) => {
            return Err(Error::Invalid(errors.into_iter().chain(refused).collect()));
        }
        (Err(err), _) => return Err(err),
        (Ok(_), false) => return Err(Error::Invalid(refused)),
    };
    // Only a form that is right counts: mending one costs nobody a try.
    let slip = office.guard.admit(cx.site.id, brought, (client, cx.now))?;
    let new = new(cx, office, kind, (sheet, slip, client));
    let code = slip.code(&office.guard.key);
    match write(cx, office.clone(), storage, arrived.files, (new, code)).await {
        Err(Error::Conflict(message)) if message.key() == SENT_BEFORE => Ok(slip),
        done => done.map(|()| slip),
    }
}

fn new(
    cx: &Cx,
    office: &Office,
    kind: &Type,
    (mut sheet, slip, client): (Sheet, Slip, Client),
) -> New {
    sheet.person.locale = cx.site.locale;
    let key = &office.guard.key;
    let told = format!("{}\n{}", sheet.subject, sheet.message);
    let suspect = hints::complaint(&told, &office.types.complaint_words).unwrap_or_default();
    let origin = client.0.map(|it| key.digest("origin", it.to_string().as_bytes()));
    New {
        channel: Channel::Web,
        restricted: kind.restricted,
        suspect: if kind.restricted { String::new() } else { suspect.to_owned() },
        code: slip.code(key).digest(),
        slip: slip.digest(key),
        origin: origin.map(|it| base::hex(&it)).unwrap_or_default(),
        consents: consents(cx, kind, &sheet),
        sheet,
    }
}

/// What was agreed to and what not, in the words that stood there; under a duty, the notice.
fn consents(cx: &Cx, kind: &Type, sheet: &Sheet) -> Vec<Consent> {
    let notice = (kind.basis == Basis::Duty).then(|| "notice".to_owned());
    let all = kind.consents.iter().cloned().chain(notice);
    all.map(|purpose| Consent {
        text: form::consent_text(cx, kind, &purpose),
        given: sheet.agreed.contains(&purpose),
        purpose,
    })
    .collect()
}

async fn write(
    cx: &Cx,
    office: Data<Office>,
    storage: Data<Storage>,
    files: Vec<incoming::Incoming>,
    (new, code): (New, Code),
) -> base::Result<()> {
    let actor = cx.nobody();
    let (rows, told) = (storage.clone(), cx.clone());
    let kept = incoming::keep(cx, &storage, files, move |conn, site, files| {
        let ids: Vec<FileId> = files
            .iter()
            .map(|file| media::sealed::create(conn, actor, &rows, file))
            .collect::<base::Result<_>>()?;
        let who = state::Actor::Citizen { in_time: true };
        let desk = office.desk(actor, who);
        let id = receive::receive(conn, &desk, &office.guard.key, &new, &ids)?;
        confirm(conn, &told, site, (id, &new, &code))
    });
    kept.await
}

/// Writes to who left an address that it has arrived, with the code.
fn confirm(
    conn: &mut Conn,
    cx: &Cx,
    site: &Site,
    (id, new, code): (CaseId, &New, &Code),
) -> base::Result<()> {
    let case = store::by_id(conn, site.id, Sight::All, id)?;
    let sender = Sender { themes: &cx.app().themes, site, now: cx.now };
    let values = [
        ("number", case.number_text()),
        ("kind", cx.say(&Message::new(format!("case_type.{}", case.type_key)))),
        ("code", code.to_string()),
        ("url", cx.address(&format!("/hoi-dap/ma/{code}"))),
    ];
    let event = Event::must("case_received", id.to_string());
    letters::write(conn, sender, &new.sheet.person.email, event, &values)
}

/// The form once more, with what was typed and what is to be mended. When the database cannot be
/// written, the visitor is told so, and nothing is lost.
fn again(cx: &Cx, office: &Office, kind: &Type, typed: &Typed, err: Error) -> Result<Response> {
    let (status, errors) = match err {
        Error::Invalid(errors) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        Error::Busy(cause) | Error::Internal(cause) => {
            tracing::error!("a citizen could not send: {cause:#}");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                FieldErrors::from([("form".into(), "case.busy".into())]),
            )
        }
        Error::Conflict(message) if message.key() == "form.stale" => {
            (StatusCode::CONFLICT, FieldErrors::from([("form".into(), "case.form_old".into())]))
        }
        err => return Err(err.into()),
    };
    let view = form::view(cx, office, kind, typed, &errors);
    let mut page = cx.form_page("feedback/form.html", &view)?;
    *page.status_mut() = status;
    Ok(page)
}
