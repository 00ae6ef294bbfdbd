//! What the law demands of a document, each demand with its id in the catalogue.

use base::{FieldErrors, Message};
use chrono::{NaiveDate, TimeDelta};

use super::{Level, Register, effect::Status};

/// Something about a document that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The demand it breaks: `VB-1`.
    pub law: &'static str,
    /// The field of the form where it can be mended.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub message: Message,
    /// Whether it keeps the document from being published.
    pub grave: bool,
}

/// What the demands are held against.
#[derive(Clone, Debug, Default)]
pub struct Subject<'a> {
    /// The register it stands in.
    pub register: Option<Register>,
    /// Whether its type is known.
    pub has_type: bool,
    /// Its number, as displayed.
    pub number: &'a str,
    /// Whether it waits for its number.
    pub pending: bool,
    /// How high its issuer stands; `None` without one.
    pub level: Option<Level>,
    /// The last day its issuer existed.
    pub issuer_ended: Option<NaiveDate>,
    /// Trích yếu.
    pub summary: &'a str,
    /// The day of issue.
    pub issued: Option<NaiveDate>,
    /// The first day in force.
    pub effective: Option<NaiveDate>,
    /// The first day no longer in force.
    pub expiry: Option<NaiveDate>,
    /// Whether it was made in the short procedure.
    pub short_procedure: bool,
    /// Whether it is of general application.
    pub internal: bool,
    /// Whether there is anything to read: articles or a file.
    pub has_body: bool,
    /// The day on which the public first read it, or would.
    pub published: Option<NaiveDate>,
    /// Its status today.
    pub status: Option<Status>,
    /// Documents it gives the details of and that are no longer in force, by number.
    pub ended_parents: &'a [String],
    /// Suspensions of its effect: the day each began and the day it was told here.
    pub suspensions: &'a [(NaiveDate, NaiveDate)],
    /// Documents it says it changes, of issuers it has no say over, by number.
    pub powerless: &'a [String],
    /// The mark of secrecy it bears.
    pub secrecy: Option<&'a str>,
}

/// Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15 holds from this day on.
const LAW_64: Option<NaiveDate> = NaiveDate::from_ymd_opt(2025, 4, 1);

/// Days between adoption and effect of a local legal document (VB-2).
const DAYS_TO_EFFECT: i64 = 10;

/// Days within which a suspension must be made known (VB-3).
const DAYS_TO_TELL: i64 = 3;

/// Everything that is not as it should be, the grave first.
pub fn flaws(it: &Subject<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    missing(it, &mut flaws);
    secret(it, &mut flaws);
    dates(it, &mut flaws);
    effect(it, &mut flaws);
    flaws.sort_by_key(|flaw| !flaw.grave);
    flaws
}

/// The grave flaws as the errors of a form; `None` when there is none.
pub fn refusal(flaws: &[Flaw]) -> Option<FieldErrors> {
    let grave = flaws.iter().filter(|flaw| flaw.grave);
    let errors: FieldErrors = grave.map(|flaw| (flaw.field.into(), flaw.message.clone())).collect();
    (!errors.is_empty()).then_some(errors)
}

fn put(
    flaws: &mut Vec<Flaw>,
    law: &'static str,
    field: &'static str,
    message: Message,
    grave: bool,
) {
    flaws.push(Flaw { law, field, message, grave });
}

/// VB-1, VH-1: what must be told of every document.
fn missing(it: &Subject<'_>, flaws: &mut Vec<Flaw>) {
    let legal = it.register == Some(Register::Legal);
    let draft = it.register == Some(Register::Draft);
    let law = if legal { "VB-1" } else { "VH-2" };
    let gaps = [
        (!it.has_type, "type", "document.type_missing"),
        (it.number.is_empty() && !draft, "number", "document.number_missing"),
        (it.level.is_none(), "issuer", "document.issuer_missing"),
        (it.summary.is_empty(), "summary", "document.summary_missing"),
        (it.issued.is_none() && !draft && !it.pending, "issued", "document.issued_missing"),
        (it.effective.is_none() && legal, "effective", "document.effective_missing"),
        (!it.has_body, "text", "document.body_missing"),
    ];
    for (field, key) in gaps.into_iter().filter_map(|(gap, field, key)| gap.then_some((field, key)))
    {
        put(flaws, law, field, Message::new(key), true);
    }
    if it.pending {
        put(flaws, law, "number", Message::new("document.number_pending"), false);
    }
}

/// VH-2 and VH-3: what the public may not see.
fn secret(it: &Subject<'_>, flaws: &mut Vec<Flaw>) {
    if let Some(mark) = it.secrecy {
        put(flaws, "VH-2", "summary", Message::new("document.secret").with("mark", mark), true);
    }
    if it.internal {
        put(flaws, "VH-3", "internal", Message::new("document.internal"), true);
    }
}

/// VB-2 and the order of days.
fn dates(it: &Subject<'_>, flaws: &mut Vec<Flaw>) {
    if let (Some(issued), Some(published)) = (it.issued, it.published)
        && issued > published
    {
        put(flaws, "VB-1", "issued", Message::new("document.issued_later"), true);
    }
    let (Some(issued), Some(effective)) = (it.issued, it.effective) else { return };
    let local = matches!(it.level, Some(Level::Province | Level::Department | Level::Commune));
    let new_law = LAW_64.is_some_and(|since| issued >= since);
    let earliest = issued + TimeDelta::days(DAYS_TO_EFFECT);
    let bound = it.register == Some(Register::Legal) && local && new_law;
    if effective < issued {
        put(flaws, "VB-2", "effective", Message::new("document.effective_before_issue"), false);
    } else if bound && !it.short_procedure && effective < earliest {
        let message = Message::new("document.effective_early")
            .with("days", DAYS_TO_EFFECT)
            .with("earliest", base::time::date(earliest));
        put(flaws, "VB-2", "effective", message, true);
    }
    // What holds at once must be known at once.
    let late = it.published.is_some_and(|published| published > issued);
    if bound && it.short_procedure && effective < earliest && late {
        put(flaws, "VB-2", "issued", Message::new("document.short_late"), false);
    }
    if it.expiry.is_some_and(|expiry| expiry <= effective) {
        put(flaws, "VB-4", "expiry", Message::new("document.expiry_early"), true);
    }
}

/// VB-3, VB-5, VB-6: what happens to the effect later. Nothing ends by itself.
fn effect(it: &Subject<'_>, flaws: &mut Vec<Flaw>) {
    for (began, told) in it.suspensions {
        if *told > *began + TimeDelta::days(DAYS_TO_TELL) {
            let message = Message::new("document.suspension_late")
                .with("began", base::time::date(*began))
                .with("days", DAYS_TO_TELL);
            put(flaws, "VB-3", "events", message, false);
        }
    }
    let lives = it.status != Some(Status::Ended);
    for number in it.ended_parents.iter().filter(|_| lives) {
        let message = Message::new("document.parent_ended").with("number", number);
        put(flaws, "VB-5", "relations", message, false);
    }
    for number in it.powerless {
        let message = Message::new("document.powerless").with("number", number);
        put(flaws, "VB-4", "relations", message, false);
    }
    let holds = matches!(it.status, Some(Status::InForce | Status::Partly));
    if let (Some(ended), true) = (it.issuer_ended, holds) {
        let message = Message::new("document.issuer_ended").with("day", base::time::date(ended));
        put(flaws, "VB-6", "events", message, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        base::time::parse_date(text)
    }

    fn whole<'a>() -> Subject<'a> {
        Subject {
            register: Some(Register::Legal),
            has_type: true,
            number: "48/2026/QĐ-UBND",
            level: Some(Level::Province),
            summary: "Quy định mức hỗ trợ",
            issued: day("2026-03-01"),
            effective: day("2026-03-11"),
            has_body: true,
            status: Some(Status::InForce),
            ..Subject::default()
        }
    }

    #[track_caller]
    fn check(subject: &Subject<'_>, expected: &[(&str, &str)]) {
        let found = flaws(subject);
        let found: Vec<(&str, &str)> = found.iter().map(|it| (it.law, it.message.key())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_whole_document_has_no_flaw() {
        check(&whole(), &[]);
        assert!(refusal(&flaws(&whole())).is_none());
    }

    #[test]
    fn every_gap_is_named_at_once() {
        let empty = Subject { register: Some(Register::Legal), ..Subject::default() };
        assert_eq!(flaws(&empty).len(), 7);
        assert_eq!(refusal(&flaws(&empty)).unwrap().len(), 7);
        let letter =
            Subject { register: Some(Register::Administrative), effective: None, ..whole() };
        check(&letter, &[]);
        let draft =
            Subject { register: Some(Register::Draft), number: "", issued: None, ..whole() };
        check(&draft, &[]);
    }

    #[test]
    fn a_document_may_wait_for_its_number_and_day() {
        let pending = Subject {
            register: Some(Register::Administrative),
            pending: true,
            issued: None,
            ..whole()
        };
        check(&pending, &[("VH-2", "document.number_pending")]);
        assert!(refusal(&flaws(&pending)).is_none());
    }

    #[test]
    fn a_local_document_waits_ten_days_unless_the_procedure_was_short() {
        let early = Subject { effective: day("2026-03-10"), ..whole() };
        check(&early, &[("VB-2", "document.effective_early")]);
        let short =
            Subject { short_procedure: true, published: day("2026-03-01"), ..early.clone() };
        check(&short, &[]);
        let late = Subject { published: day("2026-03-02"), ..short };
        check(&late, &[("VB-2", "document.short_late")]);
        check(&Subject { level: Some(Level::Central), ..early.clone() }, &[]);
        let old = Subject { issued: day("2024-03-01"), effective: day("2024-03-02"), ..whole() };
        check(&old, &[]);
        let upside_down = Subject { effective: day("2026-02-01"), ..whole() };
        check(&upside_down, &[("VB-2", "document.effective_before_issue")]);
    }

    #[test]
    fn a_suspension_must_be_told_within_three_days() {
        let told = |at| [(day("2026-05-01").unwrap(), day(at).unwrap())];
        check(&Subject { suspensions: &told("2026-05-04"), ..whole() }, &[]);
        let late = told("2026-05-05");
        check(&Subject { suspensions: &late, ..whole() }, &[("VB-3", "document.suspension_late")]);
    }

    #[test]
    fn implementing_documents_are_flagged_and_never_ended() {
        let parents = ["1/2020/NĐ-CP".to_owned()];
        let child = Subject { ended_parents: &parents, ..whole() };
        check(&child, &[("VB-5", "document.parent_ended")]);
        assert!(!flaws(&child)[0].grave);
        check(&Subject { status: Some(Status::Ended), ..child }, &[]);
    }

    #[test]
    fn what_a_former_unit_left_waits_for_a_decision() {
        let left = Subject { issuer_ended: day("2025-06-30"), ..whole() };
        check(&left, &[("VB-6", "document.issuer_ended")]);
        check(&Subject { status: Some(Status::Awaiting), ..left }, &[]);
    }

    #[test]
    fn what_is_secret_or_internal_is_refused() {
        check(&Subject { secrecy: Some("Mật"), ..whole() }, &[("VH-2", "document.secret")]);
        check(&Subject { internal: true, ..whole() }, &[("VH-3", "document.internal")]);
    }
}
