//! The rules of deadlines, by example and by property.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;

use super::{
    rules::{Extending, Now, may_extend, may_pause},
    *,
};

fn limit(bound: Bound, amount: u32, unit: Unit) -> Limit {
    Limit {
        code: "DL-00".into(),
        stage: "test".into(),
        bound,
        span: Span { amount, unit },
        yearly: None,
        extension: Some(Extension { amount: 15, unit: Unit::Day, times: 1 }),
        source: "a law".into(),
        status: Status::Ours,
    }
}

fn within(amount: u32, unit: Unit) -> Limit {
    limit(Bound::AtMost, amount, unit)
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant on a Vietnamese clock: `2026-02-13 23:59`.
fn at(text: &str) -> NaiveDateTime {
    base::time::utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn happening(text: &str, what: What) -> Happening {
    Happening { at: at(text), what }
}

fn started(text: &str) -> Happening {
    happening(text, What::Started)
}

fn paused(text: &str) -> Happening {
    happening(text, What::Paused { reason: "chờ bổ sung".into() })
}

fn resumed(text: &str) -> Happening {
    happening(text, What::Resumed)
}

fn extended(text: &str, amount: u32, unit: Unit) -> Happening {
    happening(text, What::Extended { by: Span { amount, unit } })
}

fn free(day: &str, name: &str) -> Day {
    Day { day: date(day), kind: DayKind::Holiday, name: name.into() }
}

/// 2026 as far as the examples need it.
fn calendar() -> Calendar {
    let mut days =
        vec![free("2026-11-24", "Ngày Văn hóa Việt Nam"), free("2026-08-31", "hoán đổi")];
    days.extend(["2026-09-01", "2026-09-02"].map(|day| free(day, "Quốc khánh")));
    let tet = ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"];
    days.extend(tet.map(|day| free(day, "Tết Nguyên đán")));
    days.push(Day { kind: DayKind::Working, ..free("2026-08-22", "làm bù ngày 31/8") });
    let mut calendar = Calendar::new();
    calendar.set_year(2026, days);
    calendar
}

#[track_caller]
fn check(limit: Limit, happenings: &[Happening], last: &str) {
    let found = due(&limit, &calendar(), happenings).map(|due| due.day.to_string());
    assert_eq!(found.as_deref(), Some(last), "{limit:?} {happenings:?}");
}

#[test]
fn the_day_of_the_event_does_not_count() {
    check(within(5, Unit::WorkingDay), &[started("2026-11-09 08:00")], "2026-11-16");
    check(within(5, Unit::WorkingDay), &[started("2026-11-09 00:00")], "2026-11-16");
    check(within(5, Unit::WorkingDay), &[started("2026-11-09 23:59")], "2026-11-16");
    check(within(15, Unit::Day), &[started("2026-11-03 08:00")], "2026-11-18");
}

#[test]
fn what_came_a_minute_before_tet_counts_from_after_tet() {
    // Friday 13 February, 23:59: nine free days follow.
    check(within(1, Unit::WorkingDay), &[started("2026-02-13 23:59")], "2026-02-23");
    check(within(5, Unit::WorkingDay), &[started("2026-02-13 23:59")], "2026-02-27");
    // A minute later it is Saturday, and nothing changes.
    check(within(5, Unit::WorkingDay), &[started("2026-02-14 00:00")], "2026-02-27");
    // Days of the calendar run through Tết, but do not end in it.
    check(within(3, Unit::Day), &[started("2026-02-13 23:59")], "2026-02-23");
    // Hours run, whatever the calendar says.
    let due = due(&within(24, Unit::Hour), &calendar(), &[started("2026-02-13 23:59")]).unwrap();
    assert_eq!(due.at, at("2026-02-14 23:59"));
}

#[test]
fn the_time_is_that_of_viet_nam() {
    // 17:00 UTC of the 9th is midnight of the 10th in Viet Nam.
    let utc = |text: &str| Happening { at: text.parse().unwrap(), what: What::Started };
    check(within(1, Unit::Day), &[utc("2026-11-09T16:59:59")], "2026-11-10");
    check(within(1, Unit::Day), &[utc("2026-11-09T17:00:00")], "2026-11-11");
    let due = due(&within(1, Unit::Day), &calendar(), &[utc("2026-11-09T01:00:00")]).unwrap();
    assert_eq!(due.at, "2026-11-10T17:00:00".parse().unwrap());
}

#[test]
fn a_swapped_saturday_counts_and_the_day_it_was_swapped_for_does_not() {
    check(within(1, Unit::WorkingDay), &[started("2026-08-21 08:00")], "2026-08-22");
    check(within(5, Unit::WorkingDay), &[started("2026-08-27 08:00")], "2026-09-08");
    // A calendar period may end on the worked Saturday.
    check(within(1, Unit::Day), &[started("2026-08-21 08:00")], "2026-08-22");
}

#[test]
fn a_leap_day_is_a_day() {
    check(within(1, Unit::Day), &[started("2028-02-28 08:00")], "2028-02-29");
    check(within(2, Unit::Day), &[started("2028-02-28 08:00")], "2028-03-01");
    check(within(2, Unit::Day), &[started("2026-02-28 08:00")], "2026-03-02");
    check(within(1, Unit::WorkingDay), &[started("2028-02-28 08:00")], "2028-02-29");
}

#[test]
fn a_holiday_that_is_added_later_moves_the_end() {
    let (limit, events) = (within(5, Unit::WorkingDay), [started("2026-11-09 08:00")]);
    let mut calendar = calendar();
    let before = due(&limit, &calendar, &events).unwrap();
    calendar.set(free("2026-11-12", "Lễ của tỉnh"));
    let after = due(&limit, &calendar, &events).unwrap();
    assert_eq!((before.day, after.day), (date("2026-11-16"), date("2026-11-17")));
}

#[test]
fn a_calendar_period_ends_on_a_working_day() {
    // 21 November is a Saturday, 24 November a holiday.
    check(within(15, Unit::Day), &[started("2026-11-06 08:00")], "2026-11-23");
    check(within(15, Unit::Day), &[started("2026-11-09 08:00")], "2026-11-25");
    check(limit(Bound::AtLeast, 20, Unit::Day), &[started("2026-11-01 08:00")], "2026-11-23");
}

#[test]
fn a_clock_that_stands_still_keeps_its_days() {
    let events = [started("2026-11-02 08:00"), paused("2026-11-04 10:00")];
    assert_eq!(due(&within(5, Unit::WorkingDay), &calendar(), &events), None);
    let projected = walk::projected(&within(5, Unit::WorkingDay), &calendar(), &events).unwrap();
    assert_eq!(projected.day, date("2026-11-09"));
    // Tuesday and Wednesday were counted; three days are left after Monday the 16th.
    let events = [&events[..], &[resumed("2026-11-16 09:00")]].concat();
    check(within(5, Unit::WorkingDay), &events, "2026-11-19");
}

#[test]
fn pausing_over_a_weekend_costs_and_brings_nothing() {
    let still = [paused("2026-11-06 17:00"), resumed("2026-11-08 10:00")];
    let plain = [started("2026-11-05 08:00")];
    let events = [&plain[..], &still[..]].concat();
    check(within(5, Unit::WorkingDay), &plain, "2026-11-12");
    check(within(5, Unit::WorkingDay), &events, "2026-11-12");
}

#[test]
fn a_clock_stopped_on_its_last_day_ends_on_the_day_it_goes_on() {
    let events = [started("2026-11-02 08:00"), paused("2026-11-09 10:00")];
    let events = [&events[..], &[resumed("2026-11-12 10:00")]].concat();
    check(within(5, Unit::WorkingDay), &events, "2026-11-12");
    // Going on on a Saturday ends on Monday.
    let events = [started("2026-11-02 08:00"), paused("2026-11-09 10:00")];
    let events = [&events[..], &[resumed("2026-11-14 10:00")]].concat();
    check(within(5, Unit::WorkingDay), &events, "2026-11-16");
}

#[test]
fn hours_stand_still_to_the_minute() {
    let events =
        [started("2026-11-02 08:00"), paused("2026-11-02 20:00"), resumed("2026-11-05 06:30")];
    let due = due(&within(24, Unit::Hour), &calendar(), &events).unwrap();
    assert_eq!(due.at, at("2026-11-05 18:30"));
    let lines = explain(&within(24, Unit::Hour), &calendar(), &events).lines;
    let minutes = lines.iter().map(|line| match &line.mark {
        Mark::Minutes(minutes) => *minutes,
        mark => {
            assert_eq!(*mark, Mark::Skipped(Skip::Paused("chờ bổ sung".into())));
            0
        }
    });
    assert_eq!(minutes.collect::<Vec<_>>(), [720, 0, 0, 720]);
}

#[test]
fn an_extension_begins_where_the_period_ended() {
    // 15 working days end on Monday 30 November; 15 days more on 15 December.
    let events = [started("2026-11-06 08:00"), extended("2026-11-20 08:00", 15, Unit::Day)];
    check(within(15, Unit::WorkingDay), &events[..1], "2026-11-30");
    check(within(15, Unit::WorkingDay), &events, "2026-12-15");
}

#[test]
fn days_before_an_event_are_counted_backwards() {
    // Seven working days before Monday 30 November; the 24th is free.
    let before = limit(Bound::Before, 7, Unit::WorkingDay);
    check(before, &[started("2026-11-30 08:00")], "2026-11-18");
    // Seven days before Sunday the 29th would be a Sunday; the notice may not be shorter.
    check(limit(Bound::Before, 7, Unit::Day), &[started("2026-11-29 08:00")], "2026-11-20");
}

#[test]
fn a_yearly_day_comes_round() {
    let report =
        Limit { yearly: Some(Yearly { day: 25, month: 11 }), ..limit(Bound::Yearly, 1, Unit::Day) };
    check(report.clone(), &[started("2026-01-01 08:00")], "2026-11-25");
    check(report.clone(), &[started("2026-11-25 08:00")], "2026-11-25");
    // In 2028 the day is a Saturday.
    check(report, &[started("2027-11-26 08:00")], "2028-11-27");
}

#[test]
fn every_day_on_the_way_is_explained() {
    let events = [started("2026-08-20 08:00")];
    let lines = explain(&within(2, Unit::WorkingDay), &calendar(), &events).lines;
    let counted = |nth, note: Option<(DayKind, &str)>| Mark::Counted {
        nth,
        note: note.map(|(kind, name)| (kind, name.to_owned())),
    };
    let marks: Vec<_> = lines.into_iter().map(|line| line.mark).collect();
    let expected = [
        Mark::Skipped(Skip::Event),
        counted(1, None),
        counted(2, Some((DayKind::Working, "làm bù ngày 31/8"))),
    ];
    assert_eq!(marks, expected);
    let lines = explain(&within(1, Unit::Day), &calendar(), &[started("2026-08-30 08:00")]).lines;
    let marks: Vec<_> = lines.into_iter().map(|line| line.mark).collect();
    let holiday = Mark::Skipped(Skip::Holiday("Quốc khánh".into()));
    assert_eq!(
        marks[1..],
        [counted(1, Some((DayKind::Holiday, "hoán đổi"))), holiday.clone(), holiday, Mark::Ends]
    );
}

#[test]
fn a_year_nobody_set_is_counted_by_its_weekends_and_named() {
    let events = [started("2026-12-31 08:00")];
    let found = explain(&within(1, Unit::WorkingDay), &calendar(), &events);
    assert_eq!(found.due.unwrap().day, date("2027-01-01"));
    assert_eq!(found.unknown_years, [2027]);
}

#[test]
fn more_time_is_given_before_the_end_only_and_as_the_law_allows() {
    let limit = within(5, Unit::WorkingDay);
    let due = due(&limit, &calendar(), &[started("2026-11-09 08:00")]).unwrap();
    let now = |text| Now { now: at(text), due, paused: false, extended: 0 };
    let more = |amount, unit, notice: &str| Extending {
        by: Span { amount, unit },
        reason: "Phải xác minh nhiều nơi".into(),
        notice: notice.into(),
    };
    let fine = more(15, Unit::Day, "Công văn 12");
    let key = |done: base::Result<()>| match done.unwrap_err() {
        base::Error::Conflict(message) => message.key().to_owned(),
        base::Error::Invalid(errors) => {
            errors.into_values().map(|it| it.key().to_owned()).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other}"),
    };
    may_extend(&limit, now("2026-11-16 23:59"), &fine).unwrap();
    assert_eq!(key(may_extend(&limit, now("2026-11-17 00:00"), &fine)), "clock.extend_late");
    let early = now("2026-11-10 08:00");
    let long = more(16, Unit::Day, "Công văn 12");
    assert_eq!(key(may_extend(&limit, early, &long)), "clock.extend_days");
    let other = more(15, Unit::WorkingDay, "Công văn 12");
    assert_eq!(key(may_extend(&limit, early, &other)), "clock.extend_days");
    let silent = more(15, Unit::Day, " ");
    assert_eq!(key(may_extend(&limit, early, &silent)), "clock.notice_missing");
    let again = Now { extended: 1, ..early };
    assert_eq!(key(may_extend(&limit, again, &fine)), "clock.extend_again");
    let never = Limit { extension: None, ..limit.clone() };
    assert_eq!(key(may_extend(&never, early, &fine)), "clock.extend_none");
    assert_eq!(key(may_pause(&limit, now("2026-11-17 00:00"), "x")), "clock.pause_late");
    assert_eq!(key(may_pause(&limit, early, "")), "clock.reason_missing");
    let before = super::Limit { bound: Bound::Before, ..limit };
    assert_eq!(key(may_pause(&before, early, "x")), "clock.fixed");
}

/// Minutes around 2026 and 2027.
fn instants() -> impl Strategy<Value = NaiveDateTime> {
    let first = at("2026-01-01 00:00");
    (0..700_000_i64).prop_map(move |minute| first + TimeDelta::minutes(minute))
}

/// Calendars with holidays and worked weekends strewn over three years.
fn calendars() -> impl Strategy<Value = Calendar> {
    let day = (0..1095_i64, any::<bool>()).prop_map(|(day, free)| Day {
        day: date("2026-01-01") + TimeDelta::days(day),
        kind: if free { DayKind::Holiday } else { DayKind::Working },
        name: "một ngày".into(),
    });
    proptest::collection::vec(day, 0..60).prop_map(|days| {
        let mut calendar = Calendar::new();
        days.into_iter().for_each(|day| calendar.set(day));
        calendar
    })
}

fn units() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Hour), Just(Unit::Day), Just(Unit::WorkingDay)]
}

/// A start, a pause and a resumption in this order, days apart at most.
fn courses() -> impl Strategy<Value = [Happening; 3]> {
    (instants(), 0..20_000_i64, 0..60_000_i64).prop_map(|(start, run, still)| {
        let stop = start + TimeDelta::minutes(run);
        let go = stop + TimeDelta::minutes(still);
        [
            Happening { at: start, what: What::Started },
            Happening { at: stop, what: What::Paused { reason: "chờ".into() } },
            Happening { at: go, what: What::Resumed },
        ]
    })
}

fn counted(explanation: &Explanation) -> usize {
    explanation.lines.iter().filter(|line| matches!(line.mark, Mark::Counted { .. })).count()
}

proptest! {
    #[test]
    fn who_starts_later_ends_no_earlier(
        calendar in calendars(), unit in units(), amount in 1..40_u32,
        start in instants(), later in 0..20_000_i64,
    ) {
        let limit = within(amount, unit);
        let from = |at| due(&limit, &calendar, &[Happening { at, what: What::Started }]).unwrap();
        prop_assert!(from(start) <= from(start + TimeDelta::minutes(later)));
    }

    #[test]
    fn more_time_ends_later(
        calendar in calendars(), unit in units(), amount in 1..40_u32, start in instants(),
    ) {
        let from = |amount| {
            let events = [Happening { at: start, what: What::Started }];
            due(&within(amount, unit), &calendar, &events).unwrap()
        };
        prop_assert!(from(amount) <= from(amount + 1));
        let more = Happening { at: start, what: What::Extended { by: Span { amount: 3, unit } } };
        let events = [Happening { at: start, what: What::Started }, more];
        prop_assert_eq!(due(&within(amount, unit), &calendar, &events).unwrap(), from(amount + 3));
    }

    #[test]
    fn a_further_holiday_never_ends_a_period_earlier(
        calendar in calendars(), unit in units(), amount in 1..40_u32, course in courses(),
        holiday in 0..400_i64,
    ) {
        let mut fuller = calendar.clone();
        let day = date("2026-01-01") + TimeDelta::days(holiday);
        fuller.set(Day { day, kind: DayKind::Holiday, name: "lễ".into() });
        let limit = within(amount, unit);
        prop_assert!(due(&limit, &calendar, &course) <= due(&limit, &fuller, &course));
        let before = Limit { bound: Bound::Before, ..limit };
        let plain = &course[..1];
        prop_assert!(due(&before, &fuller, plain) <= due(&before, &calendar, plain));
    }

    #[test]
    fn pause_and_resume_add_up(
        calendar in calendars(), unit in units(), amount in 1..40_u32, course in courses(),
    ) {
        let limit = within(amount, unit);
        let plain = due(&limit, &calendar, &course[..1]).unwrap();
        let found = explain(&limit, &calendar, &course);
        let due = found.due.unwrap();
        // Standing still never shortens.
        prop_assert!(due >= plain);
        // A pause after the end changes nothing.
        if course[1].at >= plain.at {
            prop_assert_eq!(due, plain);
        }
        match unit {
            // To the minute: what it ran before and after is what it was given.
            Unit::Hour => {
                let still = course[2].at - course[1].at;
                let stopped = course[1].at < plain.at;
                prop_assert_eq!(due.at - plain.at, if stopped { still } else { TimeDelta::zero() });
            }
            // However it was interrupted, exactly so many days were counted.
            _ => prop_assert_eq!(counted(&found), usize::try_from(amount).unwrap()),
        }
    }

    #[test]
    fn without_free_days_a_pause_moves_the_end_by_its_own_length(
        amount in 1..40_u32, course in courses(),
    ) {
        // Everybody works every day.
        let mut calendar = Calendar::new();
        for day in date("2025-12-25").iter_days().take(1500) {
            calendar.set(Day { day, kind: DayKind::Working, name: "làm".into() });
        }
        let limit = within(amount, Unit::WorkingDay);
        let plain = due(&limit, &calendar, &course[..1]).unwrap();
        let still = base::time::local(course[2].at).date() - base::time::local(course[1].at).date();
        let moved = due(&limit, &calendar, &course).unwrap().day - plain.day;
        let stopped = course[1].at < plain.at;
        prop_assert_eq!(moved, if stopped { still } else { TimeDelta::zero() });
    }

    #[test]
    fn a_period_ends_on_a_working_day_and_every_day_on_the_way_is_told(
        calendar in calendars(), amount in 1..40_u32, course in courses(),
        unit in prop_oneof![Just(Unit::Day), Just(Unit::WorkingDay)],
    ) {
        let found = explain(&within(amount, unit), &calendar, &course);
        let due = found.due.unwrap();
        prop_assert!(calendar.is_working(due.day));
        prop_assert_eq!(found.lines.last().unwrap().day, due.day);
        for pair in found.lines.windows(2) {
            prop_assert_eq!(pair[0].day.succ_opt().unwrap(), pair[1].day);
        }
    }
}
