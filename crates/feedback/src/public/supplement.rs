//! What the sender adds while the office waits for it.

use std::collections::BTreeMap;

use base::{Error, Locale, Message};
use serde::Deserialize;
use web::{Client, Cx, Data, Path, Posted, Response, Result};

use super::status::{Typed, draw, find};
use crate::{
    letters::{self, Event, Sender},
    model::state,
    office::{Office, blamed},
    store::{self, Case, citizen, work},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SupplementForm {
    more: String,
}

/// Adds what the office waits for; its time goes on.
pub(super) async fn send(
    cx: Cx,
    client: Client,
    office: Data<Office>,
    code: Path<String>,
    form: Posted<SupplementForm>,
) -> Result<Response> {
    let (code, case) = find(&cx, &office, client, &code).await?;
    let more = base::text::block(&form.0.more).trim().to_owned();
    let fields = BTreeMap::from([("more", form.0.more)]);
    let done = match more.chars().count() {
        0..10 => Err(Error::field("more", "case.supplement_short")),
        length if length > office.max_message => {
            let message = Message::new("too_long_now").with("now", length);
            Err(Error::field("more", message.with("max", office.max_message)))
        }
        _ => {
            let (digest, actor, all) = (code.digest(), cx.nobody(), office.clone());
            let who = state::Actor::Citizen { in_time: true };
            // The staff reads Vietnamese, whoever wrote.
            let told = cx.in_language(Locale::Vi);
            let write = cx.write(move |conn, _| {
                let case = citizen::supplement(conn, &all.desk(actor, who), &digest, &more)?;
                tell_office(conn, &told, &case)
            });
            write.await
        }
    };
    match done {
        Ok(()) => Ok(cx.see_other_with(&format!("/hoi-dap/ma/{code}"), "done.case_supplemented")),
        Err(err) => {
            let typed = Typed { fields, errors: blamed(err)?, known: false };
            draw(&cx, &office, (code, case), (false, typed)).await
        }
    }
}

/// Writes to who works on a case that what they waited for is there.
fn tell_office(conn: &mut db::Conn, cx: &Cx, case: &Case) -> base::Result<()> {
    let place = store::places(conn, vec![case.site_id])?.remove(&case.site_id);
    let Some(host) = place.and_then(|it| it.host) else { return Ok(()) };
    let people: Vec<base::UserId> = match (case.assignee_id, case.restricted) {
        (Some(user), _) => vec![user],
        (None, true) => work::approvers(conn, case.site_id)?.into_iter().map(|it| it.0).collect(),
        (None, false) => work::handlers(conn, case.site_id)?.into_iter().map(|it| it.0).collect(),
    };
    let sender = Sender { themes: &cx.app().themes, site: &cx.site, now: cx.now };
    let url = format!("{}/quan-tri/hoi-dap/{}", cx.app().settings.url(&host), case.id);
    let values = [("number", case.number_text()), ("url", url)];
    let key = format!("{}:{}", case.id, cx.now.and_utc().timestamp());
    for address in store::addresses(conn, people)? {
        let event = Event::must("case_supplemented", key.clone());
        letters::write(conn, sender, &address, event, &values)?;
    }
    Ok(())
}
