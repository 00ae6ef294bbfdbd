//! Deadlines on the screen of a case: standing still, going on, more time, a slower way, what copies cost. Of each the
//! sender is told by a letter, in the same transaction.

use accounts::{Can, Handle};
use base::{Error, Locale, Message};
use clocks::{
    ClockId,
    model::{Span, Unit, rules::Extending},
    store::Clock,
    why::due_words,
};
use db::Conn;
use web::{Cx, Data, Fields, Path, Posted, Response, Result};

use super::{
    act::{act, again, field, for_sender, text, write_to_sender},
    case_id, masking, path,
};
use crate::{
    letters::Event,
    office::Office,
    store::{Case, Desk, costs, messages, terms},
};

/// The shortest reason that says something, in characters.
const MIN: usize = 10;

/// The reason in `name`, which others than the sender may read: nothing personal stands in it.
fn reason(cx: &Cx, fields: &Fields, name: &'static str) -> base::Result<String> {
    let reason = text(fields, name, (MIN, "case.reason_short"))?;
    match masking::sentence(cx, &reason) {
        Some(found) => Err(Error::field(name, found)),
        None => Ok(closed(reason)),
    }
}

/// A sentence with its end: letters go on behind it.
fn closed(mut reason: String) -> String {
    if !reason.ends_with(['.', '!', '?', '…', ';']) {
        reason.push('.');
    }
    reason
}

/// The deadline that a form is about, and why: the fields `clock` and `why`.
fn asked(
    cx: &Cx,
    fields: &Fields,
    (clock, why): (&'static str, &'static str),
) -> base::Result<(ClockId, String)> {
    let id = ClockId::parse(field(fields, clock));
    let id = id.ok_or_else(|| Error::field(clock, "clock.limit_missing"))?;
    Ok((id, reason(cx, fields, why)?))
}

/// The fields an error names, as the screen calls them: it has several forms.
fn under(form: &str, err: Error) -> Error {
    match err {
        Error::Invalid(errors) => {
            let named = errors.into_iter().map(|(name, it)| (format!("{form}_{name}").into(), it));
            Error::Invalid(named.collect())
        }
        err => err,
    }
}

/// Writes to the sender, in their language, what was done to a deadline: the words where the code leads, and a letter that there are some.
fn tell(
    conn: &mut Conn,
    (cx, desk, site): (&Cx, &Desk<'_>, &base::Site),
    case: &Case,
    words: impl FnOnce(&Cx) -> base::Result<Message>,
) -> base::Result<()> {
    let theirs = for_sender(conn, cx, case)?;
    let words = theirs.say(&words(&theirs)?);
    messages::write(conn, desk.actor, (case.id, messages::Kind::Letter), &words)?;
    // Each is told of by a letter of its own.
    let event = Event::must("case_notice", base::UserId::new().to_string());
    write_to_sender(conn, cx, case, event, &site.unit_name)
}

/// `Trả lời: hết ngày 14/12/2026 (thứ Hai)`.
fn said(cx: &Cx, key: &'static str, clock: &Clock) -> base::Result<Message> {
    let limit = clock.limit()?;
    let due = due_words(&limit, Some(clock.due()), cx);
    Ok(Message::new(key).with("what", cx.say(&Message::new(limit.label_key()))).with("due", due))
}

pub(super) async fn pause(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let (clock, reason) = match asked(&who.cx, &form.0, ("pause_clock", "pause_reason")) {
        Ok(asked) => asked,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let cx = who.cx.clone();
    act(&who, &office, (id, form.0), (path(id), "done.case_paused"), move |conn, desk, site| {
        let paused = terms::pause(conn, desk, id, (clock, &reason));
        let (case, clock) = paused.map_err(|err| under("pause", err))?;
        tell(conn, (&cx, desk, site), &case, |cx| {
            Ok(said(cx, "case_letter.paused", &clock)?.with("reason", reason))
        })
    })
    .await
}

pub(super) async fn resume(
    who: Can<Handle>,
    office: Data<Office>,
    path_of: Path<(String, String)>,
    form: Posted<Fields>,
) -> Result<Response> {
    let (id, clock) = path_of.into_inner();
    let id = case_id(&id)?;
    let clock = ClockId::parse(&clock).ok_or(Error::NotFound)?;
    let cx = who.cx.clone();
    act(&who, &office, (id, form.0), (path(id), "done.case_resumed"), move |conn, desk, site| {
        let (case, clock) = terms::resume(conn, desk, id, clock)?;
        tell(conn, (&cx, desk, site), &case, |cx| said(cx, "case_letter.resumed", &clock))
    })
    .await
}

pub(super) async fn extend(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let (clock, reason) = match asked(&who.cx, &form.0, ("extend_clock", "extend_reason")) {
        Ok(asked) => asked,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let amount = field(&form.0, "extend_by").trim().parse().unwrap_or_default();
    let notice = base::text::line(field(&form.0, "extend_notice"));
    // The letter that is written with it is a notice already.
    let own = Message::new("case_letter.notice").with("day", base::time::day(who.cx.now));
    let notice = if notice.is_empty() { who.cx.say(&own) } else { notice };
    let cx = who.cx.clone();
    act(&who, &office, (id, form.0), (path(id), "done.case_extended"), move |conn, desk, site| {
        let unit = unit(conn, site.id, clock)?;
        let more = Extending { by: Span { amount, unit }, reason: reason.clone(), notice };
        let extended = terms::extend(conn, desk, id, (clock, &more));
        let (case, clock) = extended.map_err(|err| under("extend", err))?;
        tell(conn, (&cx, desk, site), &case, |cx| {
            Ok(said(cx, "case_letter.extended", &clock)?.with("reason", reason))
        })
    })
    .await
}

/// In what the law counts more time for a deadline.
fn unit(conn: &mut Conn, site: base::SiteId, clock: ClockId) -> base::Result<Unit> {
    let limit = clocks::store::by_id(conn, site, clock)?.limit()?;
    Ok(limit.extension.map_or(Unit::Day, |it| it.unit))
}

/// Takes a slower way that the law allows, and tells the sender by when.
pub(super) async fn lengthen(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let (clock, reason) = match asked(&who.cx, &form.0, ("longer_clock", "longer_reason")) {
        Ok(asked) => asked,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let cx = who.cx.clone();
    act(&who, &office, (id, form.0), (path(id), "done.case_lengthened"), move |conn, desk, site| {
        let (case, clock) = terms::lengthen(conn, desk, id, clock)?;
        tell(conn, (&cx, desk, site), &case, |cx| {
            Ok(said(cx, "case_letter.lengthened", &clock)?.with("reason", reason))
        })
    })
    .await
}

/// Names what copies cost, and tells the sender.
pub(super) async fn cost(
    who: Can<Handle>,
    office: Data<Office>,
    id: Path<String>,
    form: Posted<Fields>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let asked =
        amount(&form.0).and_then(|amount| Ok((amount, reason(&who.cx, &form.0, "cost_reason")?)));
    let (amount, reason) = match asked {
        Ok(asked) => asked,
        Err(err) => return again(&who, &office, (id, form.0), err).await,
    };
    let cx = who.cx.clone();
    act(&who, &office, (id, form.0), (path(id), "done.case_cost"), move |conn, desk, site| {
        let case = costs::set(conn, desk, id, (amount, &reason))?;
        tell(conn, (&cx, desk, site), &case, |cx| {
            let amount = match cx.is_english() {
                true => format!("VND {}", cx.number(amount.into())),
                false => dong(amount),
            };
            let words = Message::new("case_letter.cost").with("amount", amount);
            Ok(words.with("reason", reason))
        })
    })
    .await
}

/// An amount in đồng as people type it: `50.000`.
fn amount(fields: &Fields) -> base::Result<i32> {
    let digits: String =
        field(fields, "cost_amount").chars().filter(|c| !matches!(c, '.' | ' ' | ',')).collect();
    let amount = digits.parse().ok().filter(|it| (1..=costs::MOST).contains(it));
    amount.ok_or_else(|| Error::field("cost_amount", "case.cost_amount"))
}

/// `50.000 đồng`.
pub(super) fn dong(amount: i32) -> String {
    format!("{} đồng", web::number_in(Locale::Vi, amount.into()))
}

/// What a deadline of the case offers, for the screen.
pub(super) fn choice(cx: &Cx, clock: &Clock) -> base::Result<(String, String)> {
    let message = said(cx, "case_letter.choice", clock)?;
    Ok((clock.id.to_string(), cx.say(&message)))
}

/// How much more time the law knows for `clock`: `15`.
pub(super) fn most(clock: &Clock) -> base::Result<u32> {
    Ok(clock.limit()?.extension.map_or(0, |it| it.amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_whole_sentence() {
        assert_eq!(closed("Chờ bản đồ".to_owned()), "Chờ bản đồ.");
        assert_eq!(closed("Chờ bản đồ?".to_owned()), "Chờ bản đồ?");
    }

    #[test]
    fn amounts_are_written_as_vietnamese_write_them() {
        assert_eq!(dong(500), "500 đồng");
        assert_eq!(dong(1_250_000), "1.250.000 đồng");
        let typed = |text: &str| {
            let fields = Fields::from([("cost_amount".to_owned(), text.to_owned())]);
            amount(&fields).ok()
        };
        assert_eq!(typed("50.000"), Some(50_000));
        for bad in ["", "0", "-5", "x", "999999999999"] {
            assert_eq!(typed(bad), None, "{bad}");
        }
    }
}
