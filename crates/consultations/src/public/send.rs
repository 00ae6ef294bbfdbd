//! An opinion on its way in.

use base::{Error, FieldErrors, Locale, Message, Result as Done};
use db::Conn;
use documents::model::Article;
use sha2::{Digest, Sha256};
use web::{Client, Cx, Data, Path, Posted, Response, Result, header};

use super::{
    form::{Found, Known, consent, draw, find, nonce},
    show::heading,
};
use crate::{
    Office,
    model::{Channel, Checked, Stage, Typed},
    store::opinions::{self, New},
};

/// Where nobody says which network an opinion comes from, many share one count.
const SHARED: i64 = 50;

/// What became of a form.
enum Answer {
    Taken(String),
    Moved(String),
    Refused(Box<Known>, FieldErrors),
    Closed(Box<Known>),
}

/// Takes an opinion in. Whatever goes wrong, the reader keeps every word: what they can mend in
/// the form itself, all else on the page that tells of it.
pub(super) async fn create(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    slug: Path<String>,
    form: Posted<Typed>,
) -> Result<Response> {
    let (slug, typed) = (slug.into_inner(), form.0);
    let sending = Sending {
        checked: checked(&typed, &office, cx.now.and_utc().timestamp()),
        nonce: typed.nonce.clone(),
        consent: consent(&cx, &office),
        locale: cx.site.locale,
        origin: client
            .0
            .map(|it| office.origin(&format!("{}|{it}", cx.site.id)))
            .unwrap_or_default(),
        most: office.rules.per_hour * if client.0.is_some() { 1 } else { SHARED },
    };
    let actor = cx.nobody();
    let answer = cx.write(move |conn, site| {
        let known = match find(conn, site, &slug)? {
            Found::Here(known) => known,
            Found::Moved(to) => return Ok(Answer::Moved(to)),
        };
        take(conn, actor, known, sending)
    });
    match answer.await? {
        Answer::Taken(path) => Ok(cx.see_other_with(&path, "done.opinion_sent")),
        Answer::Moved(to) => {
            Ok(Response::PermanentRedirect().insert_header((header::LOCATION, to)).finish())
        }
        Answer::Refused(known, errors) => {
            let fresh = typed.age(0).is_none();
            let nonce = if fresh { nonce(cx.now) } else { typed.nonce.clone() };
            let page = draw(&cx, &office, &known, (Typed { nonce, ..typed }, &errors));
            cx.again(page)
        }
        Answer::Closed(known) => {
            let mut page = draw(&cx, &office, &known, (typed, &FieldErrors::new()))?;
            *page.status_mut() = Response::Conflict().finish().status();
            Ok(page)
        }
    }
}

/// What the form alone can tell.
fn checked(typed: &Typed, office: &Office, now: i64) -> Result<Checked, FieldErrors> {
    let checked = typed.check(office.rules.max_opinion);
    let haste = match typed.age(now) {
        None => Some("opinion.form_old"),
        Some(age) if age < office.rules.least_seconds => Some("opinion.too_fast"),
        Some(_) => None,
    };
    match (checked, haste) {
        (Ok(_), Some(key)) => Err(FieldErrors::from([("form".into(), Message::new(key))])),
        (checked, _) => checked,
    }
}

/// A form and what is known of who sends it.
struct Sending {
    checked: Result<Checked, FieldErrors>,
    nonce: String,
    consent: String,
    locale: Locale,
    origin: String,
    most: i64,
}

fn take(
    conn: &mut Conn,
    actor: db::events::Actor,
    known: Box<Known>,
    sending: Sending,
) -> Done<Answer> {
    let (it, draft) = &known.pair;
    let (id, path) = (it.id, draft.path());
    // Sent twice, it was taken the first time, whatever the hour is now.
    if opinions::is_taken(conn, actor.site, id, &sending.nonce)? {
        return Ok(Answer::Taken(path));
    }
    if it.stage(base::time::local(actor.now).date()) != Stage::Open {
        return Ok(Answer::Closed(known));
    }
    let sent = match sending.checked {
        Ok(sent) => sent,
        Err(errors) => return Ok(Answer::Refused(known, errors)),
    };
    if opinions::lately(conn, &sending.origin, actor.now)? >= sending.most {
        let errors = FieldErrors::from([("form".into(), Message::new("opinion.too_often"))]);
        return Ok(Answer::Refused(known, errors));
    }
    let label = match label(&known.articles, &sent.article) {
        Ok(label) => label,
        Err(Error::Invalid(errors)) => return Ok(Answer::Refused(known, errors)),
        Err(err) => return Err(err),
    };
    let version = digest(&sending.consent);
    let new = New {
        sent,
        label,
        channel: Channel::Web,
        origin: sending.origin,
        consent: (sending.consent, version),
        locale: sending.locale,
    };
    opinions::receive(conn, actor, id, &new)?;
    Ok(Answer::Taken(path))
}

/// What the article at `anchor` is called; the whole draft has no name.
pub(crate) fn label(articles: &[Article], anchor: &str) -> Done<String> {
    if anchor.is_empty() {
        return Ok(String::new());
    }
    let found = articles.iter().find(|it| it.anchor().as_deref() == Some(anchor));
    found.map(heading).ok_or_else(|| Error::field("article", "opinion.article_gone"))
}

/// SHA-256, hexadecimal.
pub(crate) fn digest(text: &str) -> String {
    base::hex(&Sha256::digest(text.as_bytes()))
}
