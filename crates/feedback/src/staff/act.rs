//! The steps of a case on its screen: taking it up, giving it to somebody, sorting, remarks.

use accounts::{Can, Handle, Staff};
use base::{Error, FieldErrors, Message, UserId};
use db::Conn;
use web::{Data, Fields, Path, Posted, Response, Result};

use super::{
    case::{Wrong, as_staff, screen},
    case_id, lock, path,
};
use crate::{
    CaseId,
    letters::{self, Event, Sender},
    office::{Office, blamed},
    store::{
        self, Case, Desk, Sight,
        desk::number,
        messages,
        work::{self, Refusal, Sorting},
    },
};

/// Reasons and remarks, in characters.
pub(super) const MIN_REASON: usize = 5;
pub(super) const MAX_TEXT: usize = 20_000;

/// A text of several lines from a form, of `min` to [`MAX_TEXT`] characters.
pub(super) fn text(
    fields: &Fields,
    name: &'static str,
    (min, short): (usize, &'static str),
) -> base::Result<String> {
    let text = base::text::block(fields.get(name).map_or("", String::as_str)).trim().to_owned();
    match text.chars().count() {
        now if now < min => Err(Error::field(name, Message::new(short).with("min", min))),
        now if now > MAX_TEXT => Err(Error::field(
            name,
            Message::new("too_long_now").with("now", now).with("max", MAX_TEXT),
        )),
        _ => Ok(text),
    }
}

/// One field of a form.
pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// The case and version a form is about.
pub(super) fn seen(id: CaseId, fields: &Fields) -> (CaseId, i32) {
    (id, lock(field(fields, "lock")))
}

/// Does `work` at the desk of whoever is at the screen, then shows the case with `done`; what is
/// wrong with the form stands in it, with what was typed.
pub(super) async fn act<F>(
    who: &Staff,
    office: &Data<Office>,
    (id, fields): (CaseId, Fields),
    (to, done): (String, &'static str),
    work: F,
) -> Result<Response>
where
    F: FnOnce(&mut Conn, &Desk<'_>, &base::Site) -> base::Result<()> + Send + 'static,
{
    let (actor, staff, all) = (who.actor(), as_staff(who), office.clone());
    let write = who.cx.write(move |conn, site| work(conn, &all.desk(actor, staff), site));
    match write.await {
        Ok(()) => Ok(who.cx.see_other_with(&to, done)),
        Err(err) => {
            let errors = blamed(err)?;
            screen(who, office, id, Wrong { typed: fields, errors }).await
        }
    }
}

/// The request in the language of who sent a case.
pub(super) fn for_sender(conn: &mut Conn, cx: &web::Cx, case: &Case) -> base::Result<web::Cx> {
    let (person, _) = store::person(conn, case.site_id, case.id)?;
    Ok(cx.in_language(person.locale))
}

/// Writes to who sent a case, in their language, if they left an address: `event` happened to it.
/// `unit` is the Vietnamese name of the body it is about.
pub(super) fn write_to_sender(
    conn: &mut Conn,
    cx: &web::Cx,
    case: &Case,
    event: Event,
    unit: &str,
) -> base::Result<()> {
    let (person, _) = store::person(conn, case.site_id, case.id)?;
    let cx = cx.in_language(person.locale);
    let sender = Sender { themes: &cx.app().themes, site: &cx.site, now: cx.now };
    let values = [
        ("number", case.number_text()),
        ("unit", cx.unit_of(unit)),
        ("url", cx.address("/hoi-dap/tra-cuu")),
    ];
    letters::write(conn, sender, &person.email, event, &values)
}

/// The screen once more, for a form that is wrong by itself.
pub(super) async fn again(
    who: &Staff,
    office: &Data<Office>,
    (id, typed): (CaseId, Fields),
    err: Error,
) -> Result<Response> {
    let errors: FieldErrors = blamed(err)?;
    screen(who, office, id, Wrong { typed, errors }).await
}

pub(super) async fn accept(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let seen = seen(id, &form.0);
    let done = (path(id), "done.case_accepted");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        work::accept(conn, desk, seen).map(drop)
    })
    .await
}

/// Not taken up: with a reason, on a ground of the law where it lists them, by a kind letter.
pub(super) async fn refuse(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let letter = match text(&form.0, "letter", (20, "case.letter_short")) {
        Ok(letter) => letter,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let (seen, ground) = (seen(id, &form.0), base::text::line(field(&form.0, "ground")));
    let done = (path(id), "done.case_refused");
    let (all, cx) = (office.clone(), who.cx.clone());
    act(&who, &office, (id, form.0), done, move |conn, desk, site| {
        let case = store::by_id(conn, site.id, Sight::All, id)?;
        let kind = all.types.kind(&case.type_key).ok_or(Error::NotFound)?;
        if !kind.refusals.is_empty() && !kind.refusals.contains(&ground) {
            return Err(Error::field("ground", "case.ground"));
        }
        let ground = if kind.refusals.is_empty() { String::new() } else { ground };
        // The letter says by itself on which ground (TCTT-28).
        let letter = match ground.is_empty() {
            true => letter,
            false => {
                let words = cx.say(&Message::new(format!("case_refusal.{ground}")));
                let said = Message::new("case_letter.ground").with("ground", words);
                format!("{letter}\n\n{}", cx.say(&said))
            }
        };
        let refusal = Refusal { ground, letter, reopen_days: kind.reopen_days };
        let case = work::refuse(conn, desk, seen, &refusal)?;
        let event = Event::must("case_refused", format!("{id}:{}", case.reopened));
        write_to_sender(conn, &cx, &case, event, &site.unit_name)
    })
    .await
}

pub(super) async fn assign(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let typed = field(&form.0, "assignee");
    let to = UserId::parse(typed);
    if !typed.is_empty() && to.is_none() {
        let err = Error::field("assignee", "case.assignee");
        return again(&who, &office, (id, form.0), err).await;
    }
    let seen = seen(id, &form.0);
    let done = (path(id), "done.case_assigned");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        work::assign(conn, desk, seen, to).map(drop)
    })
    .await
}

pub(super) async fn sort(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let key = field(&form.0, "kind");
    let area = base::text::line(field(&form.0, "area"));
    let Some(kind) = office.types.kind(key) else {
        return again(&who, &office, (id, form.0), Error::field("kind", "case.type")).await;
    };
    if !area.is_empty() && office.types.area(&area).is_none() {
        return again(&who, &office, (id, form.0), Error::field("area", "case.area")).await;
    }
    let sorting = Sorting {
        type_key: kind.key.clone(),
        area,
        restricted: kind.restricted || !field(&form.0, "restricted").is_empty(),
    };
    let seen = seen(id, &form.0);
    // Whoever may not see restricted cases does not find this one any more.
    let hidden = sorting.restricted && !who.rights.approve;
    let to = if hidden { super::HERE.to_owned() } else { path(id) };
    act(&who, &office, (id, form.0), (to, "done.case_sorted"), move |conn, desk, _| {
        work::sort(conn, desk, seen, &sorting)
    })
    .await
}

pub(super) async fn remark(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let body = match text(&form.0, "remark", (1, "case.remark_short")) {
        Ok(body) => body,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let sight = Sight::of(who.rights);
    let done = (path(id), "done.case_remarked");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        messages::remark(conn, desk.actor, sight, id, &body)
    })
    .await
}

pub(super) async fn merge(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let Some(other) = number(field(&form.0, "number")) else {
        let err = Error::field("number", "case.merge_missing");
        return again(&who, &office, (id, form.0), err).await;
    };
    let seen = seen(id, &form.0);
    let done = (path(id), "done.case_merged");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        work::merge(conn, desk, seen, other)
    })
    .await
}

pub(super) async fn close(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let seen = seen(id, &form.0);
    let done = (path(id), "done.case_closed");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        work::close(conn, desk, seen).map(drop)
    })
    .await
}

pub(super) async fn reopen(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let why = match text(&form.0, "why", (MIN_REASON, "case.reason_short")) {
        Ok(why) => why,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let seen = seen(id, &form.0);
    let done = (path(id), "done.case_reopened_staff");
    act(&who, &office, (id, form.0), done, move |conn, desk, _| {
        work::reopen(conn, desk, seen, (messages::Kind::Remark, &why)).map(drop)
    })
    .await
}
