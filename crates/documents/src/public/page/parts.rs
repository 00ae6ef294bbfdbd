//! The pieces of a document's page: warnings, attributes, relations.

use base::Message;
use chrono::NaiveDate;
use serde::Serialize;
use web::Said;

use super::PageFacts;
use crate::{
    DocumentId,
    model::{
        Details, Register, Verb,
        effect::{Event, Graph, Status},
    },
    public::links::{Badge, Labels, badge},
    store::{
        Cited,
        relations::{Link, Lost},
    },
};

#[derive(Serialize)]
pub(super) struct Warning {
    text: String,
    by: Option<Other>,
}

#[derive(Serialize)]
pub(super) struct Pair {
    label: String,
    /// The name of a person before the value; it is Vietnamese in every language.
    name: String,
    value: Said,
    url: Option<String>,
    note: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Group {
    verb: String,
    label: String,
    items: Vec<Other>,
}

/// Another document as a link.
#[derive(Clone, Serialize)]
pub(super) struct Other {
    title: String,
    summary: String,
    url: Option<String>,
    part: String,
    own_part: String,
    is_found: bool,
    status: Option<Badge>,
    place: Option<Said>,
    /// Why it leads nowhere.
    note: Option<String>,
}

/// What a reader must know before relying on the text.
pub(super) fn warnings(
    labels: &Labels<'_>,
    facts: &PageFacts,
    (events, status): (&[Event<Option<DocumentId>>], Status),
) -> Vec<Warning> {
    let (cx, document) = (labels.cx, &facts.document);
    let say = |key: &str| cx.say(&Message::new(format!("document_warning.{key}")));
    let mut warnings = Vec::new();
    if status.is_doubtful() {
        let past = events.iter().rev().filter(|event| event.day <= facts.day);
        let causes = past.filter_map(|event| event.cause);
        let by = causes.filter_map(|id| {
            facts.links.iter().find(|it| it.other.as_ref().is_some_and(|other| other.id == id))
        });
        let by = by.map(|link| other(labels, &facts.graph, link, facts.day)).next();
        warnings.push(Warning { text: say(status.as_str()), by });
    }
    if document.pending {
        warnings.push(Warning { text: say("pending"), by: None });
    }
    if document.register == Register::Draft {
        warnings.push(Warning { text: say("draft"), by: None });
    }
    warnings
}

/// Everything that is known of the document, in the order clerks expect it.
pub(super) fn pairs(labels: &Labels<'_>, facts: &PageFacts, details: &Details) -> Vec<Pair> {
    let (cx, document) = (labels.cx, &facts.document);
    let say = |key: &str| cx.say(&Message::new(format!("document_field.{key}")));
    let date = |day: Option<NaiveDate>| day.map(|day| cx.date(day)).unwrap_or_default();
    let urgency = labels.words.urgencies.iter().find(|it| it.key == document.urgency);
    let fields = facts.fields.iter().map(|it| cx.said(&labels.words.field_label(it)));
    let gazette = [cx.vietnamese(&details.gazette), Said::plain(date(details.gazette_day))];
    let rows = [
        ("number", Said::plain(labels.number(document))),
        ("type", Said::plain(labels.kind(document))),
        ("issuer", labels.issuer(document)),
        ("issued", Said::plain(date(document.issued))),
        ("place", cx.said(&details.place)),
        ("signer", signature(labels, details)),
        ("effective", Said::plain(date(document.effective))),
        ("expiry", Said::plain(date(document.expiry))),
        ("fields", joined(fields, "; ")),
        ("scope", joined(details.scope.iter().map(|it| cx.said(it)), "; ")),
        ("urgency", urgency.map(|it| cx.said(&it.label)).unwrap_or_default()),
        ("gazette", joined(gazette, ", ")),
        ("national", Said::plain(details.link().map(|_| national(details)).unwrap_or_default())),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.text.is_empty());
    rows.map(|(key, value)| Pair {
        label: say(key),
        name: if key == "signer" { signer(labels, details) } else { String::new() },
        value,
        url: details.link().filter(|_| key == "national").map(str::to_owned),
        note: if key == "issuer" { former(labels, facts) } else { None },
    })
    .collect()
}

/// Several as one; where one of them is Vietnamese, all are marked so.
fn joined(all: impl IntoIterator<Item = Said>, by: &str) -> Said {
    let all: Vec<Said> = all.into_iter().filter(|it| !it.text.is_empty()).collect();
    let texts: Vec<&str> = all.iter().map(|it| it.text.as_str()).collect();
    Said { text: texts.join(by), lang: all.iter().find_map(|it| it.lang) }
}

fn national(details: &Details) -> String {
    match details.national_id.is_empty() {
        true => details.national_url.clone(),
        false => details.national_id.clone(),
    }
}

/// As what somebody signed and in whose name, with the person where the page is Vietnamese:
/// `Phó Chủ tịch Nguyễn Văn An (KT. – ký thay)`. In English the person stands by itself, before
/// `Vice Chairperson`.
fn signature(labels: &Labels<'_>, details: &Details) -> Said {
    let mode = labels.words.modes.iter().find(|it| it.key == details.mode);
    let (who, mode) = match signer(labels, details).is_empty() {
        true => {
            let parts = [&details.signer_title, &details.signer];
            let parts = parts.map(|part| labels.cx.vietnamese(part));
            (joined(parts, " "), mode.map(|it| labels.cx.vietnamese(&it.label)))
        }
        false => {
            let title = labels.cx.said(&details.signer_title);
            (title, mode.map(|it| labels.cx.said(&it.label)))
        }
    };
    match mode {
        Some(mode) if who.text.is_empty() => mode,
        Some(mode) => Said { text: format!("{} ({})", who.text, mode.text), ..who },
        None => who,
    }
}

/// The name of who signed, where it stands by itself: beside a title that is English.
fn signer(labels: &Labels<'_>, details: &Details) -> String {
    let title = labels.cx.said(&details.signer_title);
    match labels.cx.is_english() && title.lang.is_none() && !title.text.is_empty() {
        true => labels.cx.person(&details.signer),
        false => String::new(),
    }
}

/// What became of an issuer that has ended.
fn former(labels: &Labels<'_>, facts: &PageFacts) -> Option<String> {
    let issuer = labels.issuers.get(&facts.document.issuer_id)?;
    let ended = issuer.valid_to.filter(|_| issuer.has_ended(facts.day))?;
    let names: Vec<String> = facts.successors.iter().map(|it| labels.cx.label(&it.name)).collect();
    let key = if names.is_empty() { "issuer.ended" } else { "issuer.succeeded" };
    let note = Message::new(key).with("day", labels.cx.date(ended)).with("names", names.join(", "));
    Some(labels.cx.say(&note))
}

/// Relations of one verb together, the document's own deeds before those of others.
pub(super) fn groups(labels: &Labels<'_>, facts: &PageFacts) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for active in [true, false] {
        for verb in Verb::ALL {
            let items = facts.links.iter().filter(|it| it.active == active && it.verb == *verb);
            let items = items.map(|link| other(labels, &facts.graph, link, facts.day));
            let items: Vec<Other> = items.collect();
            if !items.is_empty() {
                let voice = if active { "verb" } else { "verb_passive" };
                let label = Message::new(format!("{voice}.{}", verb.as_str()));
                groups.push(Group {
                    verb: verb.as_str().to_owned(),
                    label: labels.cx.say(&label),
                    items,
                });
            }
        }
    }
    groups
}

fn other(labels: &Labels<'_>, graph: &Graph<DocumentId>, link: &Link, day: NaiveDate) -> Other {
    let known = link.other.as_ref();
    // What stood on a site that is closed is told by its name, and leads nowhere.
    let (closed, note) = match &link.lost {
        Some(Lost::Closed(document)) => (Some(&**document), Some("relation.closed")),
        Some(Lost::Withdrawn) => (None, Some("relation.withdrawn")),
        None => (None, None),
    };
    let told = known.or(closed);
    let status = known.map(|it| graph.status(it.id, day)).filter(|it| it.is_doubtful());
    Other {
        title: told.map_or_else(|| link.number.clone(), |it| labels.title(it)),
        summary: told.map(|it| it.summary.clone()).unwrap_or_default(),
        url: known.map(|it| labels.url(it)),
        part: link.other_part.clone(),
        own_part: link.own_part.clone(),
        is_found: link.found,
        status: status.map(|it| badge(labels.cx, it)),
        place: known.and_then(|it| labels.place(it.site_id)),
        note: note.map(|key| labels.cx.say(&Message::new(key))),
    }
}

pub(super) fn cited(labels: &Labels<'_>, it: &Cited) -> Other {
    Other {
        title: labels.title(&it.document),
        summary: it.document.summary.clone(),
        url: Some(labels.url(&it.document)),
        part: String::new(),
        own_part: String::new(),
        is_found: false,
        status: Some(badge(labels.cx, it.status)),
        place: labels.place(it.document.site_id),
        note: None,
    }
}
