//! The effect of a document on any day, derived from its own dates and from what happened to it.
//!
//! Nothing here is stored: a document that is withdrawn takes what it caused with it, and the
//! documents it had ended are in force again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Verb, What};

base::text_enum!(
    /// Whether a document is in force (the list of section 13.3), or was not there yet.
    Status {
        /// Chưa ban hành.
        NotIssued = "chua-ban-hanh",
        /// Chưa có hiệu lực.
        NotYet = "chua-hieu-luc",
        /// Còn hiệu lực.
        InForce = "con-hieu-luc",
        /// Hết hiệu lực một phần.
        Partly = "het-mot-phan",
        /// Hết hiệu lực toàn bộ.
        Ended = "het-toan-bo",
        /// Tạm ngưng hiệu lực.
        Suspended = "tam-ngung",
        /// Tạm ngưng hiệu lực một phần.
        PartlySuspended = "tam-ngung-mot-phan",
        /// Chờ quyết định áp dụng sau sắp xếp.
        Awaiting = "cho-ap-dung",
        /// Không xác định.
        Unknown = "khong-xac-dinh",
    }
);

impl Status {
    /// Whether a reader must be warned before relying on the document.
    pub fn is_doubtful(self) -> bool {
        !matches!(self, Self::InForce | Self::Unknown)
    }
}

/// The dates a document itself tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The day of issue.
    pub issued: Option<NaiveDate>,
    /// The first day in force.
    pub effective: Option<NaiveDate>,
    /// The first day no longer in force.
    pub expiry: Option<NaiveDate>,
}

/// Something that happened to the effect of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<C> {
    /// The day it took effect.
    pub day: NaiveDate,
    /// What happened.
    pub what: What,
    /// The part of the document, empty for the whole.
    pub part: String,
    /// What caused it.
    pub cause: C,
}

/// The status on `day` of a document with these dates, to which `events` happened.
pub fn status<C>(dates: Dates, events: &[Event<C>], day: NaiveDate) -> Status {
    let mut past: Vec<&Event<C>> = events.iter().filter(|event| event.day <= day).collect();
    // On one day the heavier word is the last: `What` is declared in that order.
    past.sort_by_key(|event| (event.day, event.what));
    let (mut is_over, mut partly, mut awaits) = (false, false, false);
    let mut suspended: BTreeSet<&str> = BTreeSet::new();
    for event in past {
        match event.what {
            What::Repealed if event.part.is_empty() => is_over = true,
            What::Repealed | What::PartlyRepealed | What::Amended => partly = true,
            What::Suspended => drop(suspended.insert(&event.part)),
            What::Resumed if event.part.is_empty() => suspended.clear(),
            What::Resumed => drop(suspended.remove(event.part.as_str())),
            What::Awaiting => awaits = true,
            What::Applied => awaits = false,
        }
    }
    match dates.effective {
        _ if dates.issued.is_some_and(|issued| issued > day) => Status::NotIssued,
        _ if is_over || dates.expiry.is_some_and(|expiry| expiry <= day) => Status::Ended,
        None => Status::Unknown,
        Some(effective) if effective > day => Status::NotYet,
        Some(_) if suspended.contains("") => Status::Suspended,
        Some(_) if awaits => Status::Awaiting,
        Some(_) if !suspended.is_empty() => Status::PartlySuspended,
        Some(_) if partly => Status::Partly,
        Some(_) => Status::InForce,
    }
}

/// The days on which the status may change.
pub fn turning_days<C>(dates: Dates, events: &[Event<C>]) -> BTreeSet<NaiveDate> {
    let own = [dates.issued, dates.effective, dates.expiry].into_iter().flatten();
    own.chain(events.iter().map(|event| event.day)).collect()
}

/// What one document does to another, as the database tells it.
#[derive(Clone, Debug)]
pub struct Edge<Id> {
    /// The document that acts.
    pub from: Id,
    /// The document it acts upon.
    pub to: Id,
    /// What it does.
    pub verb: Verb,
    /// The part it does it to, empty for the whole.
    pub part: String,
}

/// Documents and what they do to each other.
#[derive(Clone, Debug)]
pub struct Graph<Id> {
    /// The dates of every document in it.
    pub dates: BTreeMap<Id, Dates>,
    /// What published documents do to others, by the document it is done to.
    pub edges: BTreeMap<Id, Vec<Edge<Id>>>,
    /// What happened to documents and is told by no other document of the registry.
    pub told: BTreeMap<Id, Vec<Event<Option<Id>>>>,
}

impl<Id: Ord + Copy> Graph<Id> {
    /// Everything that happened or will happen to the effect of `id`, by day.
    pub fn events(&self, id: Id) -> Vec<Event<Option<Id>>> {
        let mut events = self.told.get(&id).cloned().unwrap_or_default();
        // A circle of documents that end each other is cut at the one that is asked for.
        let mut known = BTreeMap::from([(id, self.stands_alone(id))]);
        for edge in self.edges_to(id) {
            let what = edge.verb.effect(!edge.part.is_empty());
            let (Some(what), Some(day)) = (what, self.first_day(edge.from)) else { continue };
            if self.took_effect(edge.from, &mut known) {
                let (part, cause) = (edge.part.clone(), Some(edge.from));
                events.push(Event { day, what, part, cause });
            }
        }
        events.sort_by(|one, other| {
            (one.day, one.what, &one.part).cmp(&(other.day, other.what, &other.part))
        });
        events
    }

    /// The status of `id` on `day`.
    pub fn status(&self, id: Id, day: NaiveDate) -> Status {
        let dates = self.dates.get(&id).copied().unwrap_or_default();
        status(dates, &self.events(id), day)
    }

    fn edges_to(&self, id: Id) -> impl Iterator<Item = &Edge<Id>> {
        self.edges.get(&id).into_iter().flatten().filter(move |edge| edge.from != id)
    }

    fn first_day(&self, id: Id) -> Option<NaiveDate> {
        self.dates.get(&id)?.effective
    }

    /// Whether nothing but another document of the registry can have ended this one by its
    /// first day.
    fn stands_alone(&self, id: Id) -> bool {
        let dates = self.dates.get(&id).copied().unwrap_or_default();
        let Some(first) = dates.effective else { return false };
        let mut told = self.told.get(&id).into_iter().flatten();
        let ended = |event: &Event<Option<Id>>| {
            event.what == What::Repealed && event.part.is_empty() && event.day <= first
        };
        dates.expiry.is_none_or(|expiry| expiry > first) && !told.any(ended)
    }

    /// Whether the document was still there on its first day: one that was repealed before has
    /// done nothing. One that is repealed later has, and what it ended does not come back. Each
    /// document is asked once; `known` has the answers.
    fn took_effect(&self, id: Id, known: &mut BTreeMap<Id, bool>) -> bool {
        if let Some(answer) = known.get(&id) {
            return *answer;
        }
        let mut answer = self.stands_alone(id);
        known.insert(id, answer);
        let ends = |edge: &&Edge<Id>| {
            edge.part.is_empty()
                && edge.verb.effect(false) == Some(What::Repealed)
                && self.first_day(edge.from) <= self.first_day(id)
        };
        for edge in self.edges_to(id).filter(ends) {
            answer = answer && !self.took_effect(edge.from, known);
        }
        known.insert(id, answer);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        base::time::parse_date(text).unwrap()
    }

    fn from(effective: &str) -> Dates {
        Dates { effective: Some(day(effective)), ..Dates::default() }
    }

    fn event(at: &str, what: What, part: &str) -> Event<()> {
        Event { day: day(at), what, part: part.into(), cause: () }
    }

    #[track_caller]
    fn check(dates: Dates, events: &[Event<()>], expected: &[(&str, Status)]) {
        for (at, expected) in expected {
            assert_eq!(status(dates, events, day(at)), *expected, "{at}");
        }
    }

    #[test]
    fn a_document_is_in_force_between_its_days() {
        let dates = Dates { expiry: Some(day("2027-01-01")), ..from("2026-07-01") };
        check(
            dates,
            &[],
            &[
                ("2026-06-30", Status::NotYet),
                ("2026-07-01", Status::InForce),
                ("2026-12-31", Status::InForce),
                ("2027-01-01", Status::Ended),
                ("2027-01-02", Status::Ended),
            ],
        );
        check(Dates::default(), &[], &[("2026-07-01", Status::Unknown)]);
    }

    #[test]
    fn a_document_is_not_there_before_it_is_issued() {
        let dates = Dates { issued: Some(day("2026-06-20")), ..from("2026-07-01") };
        check(
            dates,
            &[event("2026-06-01", What::Repealed, "")],
            &[("2026-06-19", Status::NotIssued), ("2026-06-20", Status::Ended)],
        );
        check(
            dates,
            &[],
            &[
                ("2026-06-19", Status::NotIssued),
                ("2026-06-20", Status::NotYet),
                ("2026-07-01", Status::InForce),
            ],
        );
        // What holds from a day before its issue was not known then.
        let back = Dates { issued: Some(day("2026-07-10")), ..from("2026-07-01") };
        check(back, &[], &[("2026-07-09", Status::NotIssued), ("2026-07-10", Status::InForce)]);
    }

    #[test]
    fn amending_and_repealing_a_part_leave_the_rest_in_force() {
        for what in [What::Amended, What::PartlyRepealed] {
            check(
                from("2020-01-01"),
                &[event("2021-05-10", what, "Điều 5")],
                &[
                    ("2021-05-09", Status::InForce),
                    ("2021-05-10", Status::Partly),
                    ("2021-05-11", Status::Partly),
                ],
            );
        }
    }

    #[test]
    fn repealing_the_whole_ends_it_for_good() {
        let events = [
            event("2022-03-01", What::Repealed, ""),
            event("2022-01-01", What::Suspended, ""),
            event("2022-04-01", What::Resumed, ""),
        ];
        check(
            from("2020-01-01"),
            &events,
            &[
                ("2022-02-28", Status::Suspended),
                ("2022-03-01", Status::Ended),
                ("2022-05-01", Status::Ended),
            ],
        );
    }

    #[test]
    fn a_suspension_ends_with_its_resumption() {
        let events = [
            event("2022-01-01", What::Suspended, "Điều 3"),
            event("2022-02-01", What::Suspended, ""),
            event("2022-03-01", What::Resumed, ""),
        ];
        check(
            from("2020-01-01"),
            &events,
            &[
                ("2021-12-31", Status::InForce),
                ("2022-01-01", Status::PartlySuspended),
                ("2022-01-31", Status::PartlySuspended),
                ("2022-02-01", Status::Suspended),
                ("2022-02-28", Status::Suspended),
                ("2022-03-01", Status::InForce),
            ],
        );
    }

    #[test]
    fn a_document_of_a_merged_unit_waits_until_the_new_unit_decides() {
        let events =
            [event("2025-07-01", What::Awaiting, ""), event("2025-12-01", What::Applied, "")];
        check(
            from("2020-01-01"),
            &events,
            &[
                ("2025-06-30", Status::InForce),
                ("2025-07-01", Status::Awaiting),
                ("2025-11-30", Status::Awaiting),
                ("2025-12-01", Status::InForce),
            ],
        );
    }

    /// Documents called by letters, in force from the first of a month of 2026.
    fn graph(documents: &[(char, u32)], edges: &[(char, Verb, char, &str)]) -> Graph<char> {
        let first = |month| NaiveDate::from_ymd_opt(2026, month, 1);
        let dates = documents.iter().map(|(id, month)| {
            (*id, Dates { effective: first(*month), issued: None, expiry: None })
        });
        let edges = edges.iter().map(|(from, verb, to, part)| Edge {
            from: *from,
            to: *to,
            verb: *verb,
            part: (*part).into(),
        });
        let mut to: BTreeMap<char, Vec<Edge<char>>> = BTreeMap::new();
        edges.for_each(|edge| to.entry(edge.to).or_default().push(edge));
        Graph { dates: dates.collect(), edges: to, told: BTreeMap::new() }
    }

    #[test]
    fn many_documents_that_all_change_each_other_are_asked_once_each() {
        let names: Vec<char> = ('A'..='Z').chain('a'..='z').collect();
        let mut edges = Vec::new();
        for (at, from) in names.iter().enumerate() {
            for to in names.iter().take(at) {
                edges.push((*from, Verb::Repeals, *to, ""));
            }
        }
        let documents: Vec<(char, u32)> = names.iter().map(|name| (*name, 3)).collect();
        let all = graph(&documents, &edges);
        assert_eq!(all.status('z', day("2026-12-31")), Status::InForce);
        assert_eq!(all.status('A', day("2026-12-31")), Status::Ended);
    }

    #[test]
    fn a_chain_of_replacements_is_right_on_every_day() {
        let chain = graph(
            &[('A', 1), ('B', 3), ('C', 5)],
            &[('B', Verb::Replaces, 'A', ""), ('C', Verb::Repeals, 'B', "")],
        );
        for (id, at, expected) in [
            ('A', "2026-02-28", Status::InForce),
            ('A', "2026-03-01", Status::Ended),
            ('A', "2026-05-01", Status::Ended),
            ('B', "2026-02-28", Status::NotYet),
            ('B', "2026-03-01", Status::InForce),
            ('B', "2026-05-01", Status::Ended),
            ('C', "2026-05-01", Status::InForce),
        ] {
            assert_eq!(chain.status(id, day(at)), expected, "{id} {at}");
        }
    }

    #[test]
    fn what_was_repealed_before_its_first_day_has_done_nothing() {
        let edges = [('B', Verb::Replaces, 'A', ""), ('C', Verb::Repeals, 'B', "")];
        let stillborn = graph(&[('A', 1), ('B', 6), ('C', 5)], &edges);
        assert_eq!(stillborn.status('A', day("2026-07-01")), Status::InForce);
        assert_eq!(stillborn.status('B', day("2026-07-01")), Status::Ended);
    }

    #[test]
    fn taking_the_cause_away_restores_the_status() {
        let edges = [('B', Verb::Amends, 'A', "Điều 2")];
        let whole = graph(&[('A', 1), ('B', 3)], &edges);
        assert_eq!(whole.status('A', day("2026-03-01")), Status::Partly);
        let without = graph(&[('A', 1)], &[]);
        assert_eq!(without.status('A', day("2026-03-01")), Status::InForce);
    }

    #[test]
    fn a_circle_of_relations_ends() {
        let circle = graph(
            &[('A', 1), ('B', 3)],
            &[
                ('A', Verb::Repeals, 'B', ""),
                ('B', Verb::Repeals, 'A', ""),
                ('A', Verb::Repeals, 'A', ""),
            ],
        );
        assert_eq!(circle.status('B', day("2026-02-01")), Status::Ended);
        assert_eq!(circle.status('A', day("2026-04-01")), Status::InForce);
        let older = graph(&[('A', 1), ('B', 3)], &[('A', Verb::Details, 'B', "")]);
        assert_eq!(older.status('B', day("2026-04-01")), Status::InForce);
    }
}
