//! Deadlines: clocks of two communes, the calendar of their province, and what a change of it
//! moves.

use std::{sync::mpsc, thread, time::Duration};

use base::{Locale, Message, SiteId, uuid::Uuid};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use clocks::{
    Catalog, ClockId,
    model::{
        Day, DayKind, Span, Standing, Unit,
        rules::{CalendarChange, Extending},
    },
    store::{self, Action, Clock, NewClock, Subject},
};
use db::{Conn, events::Actor};
use kit::{NOW, Portal, Village, root};
use theme::Words;

/// A case of some feature.
fn case() -> Subject {
    Subject { kind: "case", id: Uuid::now_v7() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Does something on a site, in one transaction.
fn act<T>(
    village: &Village<'_>,
    portal: &Portal,
    work: impl FnOnce(&mut Conn, Actor, &Catalog) -> base::Result<T>,
) -> base::Result<T> {
    let actor = Actor { site: village.id(), user: None, now: portal.now() };
    let mut conn = portal.parts.app.db.connection().unwrap();
    conn.atomically(|conn| work(conn, actor, &portal.parts.clocks))
}

/// Starts a clock now.
fn start(portal: &Portal, village: &Village<'_>, subject: Subject, what: (&str, &str)) -> Clock {
    start_at(portal, village, subject, (what, portal.now()))
}

fn start_at(
    portal: &Portal,
    village: &Village<'_>,
    subject: Subject,
    (what, at): ((&str, &str), NaiveDateTime),
) -> Clock {
    act(village, portal, |conn, actor, catalog| {
        let limit = catalog.limit(what.0, what.1).unwrap();
        store::start(conn, actor, catalog, NewClock { subject, limit, at })
    })
    .unwrap()
}

/// The clock as it is now.
fn now(portal: &Portal, site: SiteId, id: ClockId) -> Clock {
    portal.write(|conn, _, _| store::by_id(conn, site, id))
}

/// The steps of its history.
fn steps(portal: &Portal, site: SiteId, id: ClockId) -> Vec<Action> {
    let lines = portal.write(|conn, _, _| store::history(conn, site, id));
    lines.into_iter().map(|line| line.action).collect()
}

#[track_caller]
fn key<T: std::fmt::Debug>(done: base::Result<T>) -> String {
    match done.unwrap_err() {
        base::Error::Conflict(message) => message.key().to_owned(),
        base::Error::Invalid(errors) => {
            let keys = errors.iter().map(|(field, it)| format!("{field}: {}", it.key()));
            keys.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

const ANSWER: (&str, &str) = ("DL-09", "answer");
const TRANSFER: (&str, &str) = ("DL-08", "transfer");

/// What the form of the calendar sends.
fn form<'a>(day: &'a str, kind: &'a str, name: &'a str, then: &'a str) -> [(&'a str, &'a str); 4] {
    [("day", day), ("kind", kind), ("name", name), ("then", then)]
}

#[actix_web::test]
async fn a_clock_counts_by_the_calendar_and_is_the_sites_own() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let subject = case();
    // Friday 20 November; Tuesday the 24th is a holiday.
    let clock = start(&portal, &ben, subject, TRANSFER);
    assert_eq!(clock.due_day, day("2026-11-30"));
    assert_eq!(clock.due_at, "2026-11-30T17:00:00".parse().unwrap());

    let elsewhere =
        act(&lang, &portal, |conn, actor, catalog| store::meet(conn, actor, catalog, clock.id));
    assert_eq!(elsewhere.unwrap_err().to_string(), "not found");
    let theirs = act(&lang, &portal, |conn, actor, _| store::of_subject(conn, actor.site, subject));
    assert!(theirs.unwrap().is_empty());
    let again = act(&ben, &portal, |conn, actor, catalog| {
        let limit = catalog.limit("DL-08", "transfer").unwrap();
        store::start(conn, actor, catalog, NewClock { subject, limit, at: actor.now })
    });
    assert_eq!(key(again), "clock.running");
}

#[actix_web::test]
async fn a_clock_stops_goes_on_is_extended_and_met() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let clock = start(&portal, &ben, case(), ("DL-06", "supply"));
    // 15 working days after 20 November, without the 24th.
    assert_eq!(clock.due_day, day("2026-12-14"));
    let pause = |reason: &'static str| {
        act(&ben, &portal, |conn, actor, catalog| {
            store::pause(conn, actor, catalog, (clock.id, reason))
        })
    };
    assert_eq!(key(pause(" ")), "reason: clock.reason_missing");
    let paused = pause("Chờ công dân bổ sung").unwrap();
    let standing = |clock: &Clock| {
        let calendar =
            act(&ben, &portal, |conn, actor, catalog| store::calendar(conn, actor.site, catalog));
        clock.standing(&calendar.unwrap(), portal.now())
    };
    assert_eq!(standing(&paused), Standing::Paused);
    assert_eq!(key(pause("Lần nữa")), "clock.paused_already");
    portal.wait(TimeDelta::days(30));
    assert_eq!(standing(&paused), Standing::Paused);
    let resume =
        || act(&ben, &portal, |conn, actor, catalog| store::resume(conn, actor, catalog, clock.id));
    let resumed = resume().unwrap();
    // From Sunday 20 December on, 15 working days, without New Year's Day.
    assert_eq!(resumed.due_day, day("2027-01-11"));
    assert_eq!(key(resume()), "clock.not_paused");
    let extend = |amount| {
        let more = Extending {
            by: Span { amount, unit: Unit::Day },
            reason: "Phải thu thập ở nhiều nơi".into(),
            notice: "Công văn số 12/UBND-VP".into(),
        };
        act(&ben, &portal, |conn, actor, catalog| {
            store::extend(conn, actor, catalog, (clock.id, &more))
        })
    };
    assert_eq!(key(extend(16)), "by: clock.extend_days");
    assert_eq!(extend(15).unwrap().due_day, day("2027-01-26"));
    assert_eq!(key(extend(1)), "clock.extend_again");
    let met =
        act(&ben, &portal, |conn, actor, catalog| store::meet(conn, actor, catalog, clock.id));
    assert_eq!(standing(&met.unwrap()), Standing::Met { late: false });
    assert_eq!(key(pause("Muộn rồi")), "clock.closed");
    use Action::{Extended, Met, Paused, Resumed, Started};
    assert_eq!(steps(&portal, ben.id(), clock.id), [Started, Paused, Resumed, Extended, Met]);
}

#[actix_web::test]
async fn an_extension_after_the_end_is_refused() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let clock = start(&portal, &ben, case(), ("DL-28", "access"));
    assert_eq!(clock.due_day, day("2026-11-30"));
    let more = Extending {
        by: Span { amount: 10, unit: Unit::Day },
        reason: "Nhiều nguồn".into(),
        notice: "Thư điện tử".into(),
    };
    // The first instant of 1 December.
    portal.wait(clock.due_at - NOW);
    let late = act(&ben, &portal, |conn, actor, catalog| {
        store::extend(conn, actor, catalog, (clock.id, &more))
    });
    assert_eq!(key(late), "clock.extend_late");
    portal.wait(TimeDelta::microseconds(-1));
    act(&ben, &portal, |conn, actor, catalog| {
        store::extend(conn, actor, catalog, (clock.id, &more))
    })
    .unwrap();
}

#[actix_web::test]
async fn a_change_of_the_calendar_moves_open_clocks_of_all_sites_and_says_so() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let lang_id = lang.id();
    let ours = start(&portal, &ben, case(), TRANSFER);
    let theirs = start(&portal, &lang, case(), ANSWER);
    let notice = start_at(&portal, &ben, case(), (("DL-03", "notice"), NOW + TimeDelta::days(20)));
    let closed = start(&portal, &ben, case(), TRANSFER);
    act(&ben, &portal, |conn, actor, catalog| store::meet(conn, actor, catalog, closed.id))
        .unwrap();
    let hours = start(&portal, &ben, case(), ("DL-29", "report"));
    assert_eq!(notice.due_day, day("2026-12-01"));
    let tinh = portal.tinh().tinh();
    let holiday = "Ngày truyền thống của tỉnh";

    let tried = form("25/11/2026", "holiday", holiday, "preview");
    let page = tinh.post("/quan-tri/lich", &tried).await.status(200);
    let page =
        page.sees("Số thời hạn đang chạy phải dời: 2.").sees("30/11/2026").sees("01/12/2026");
    page.sees("Xã Bến")
        .sees("Xã Làng")
        .sees("Chuyển phản ánh, kiến nghị đến cơ quan có thẩm quyền");
    // Trying changes nothing.
    assert_eq!(now(&portal, ben.id(), ours.id).due_day, day("2026-11-30"));
    tinh.get("/quan-tri/lich").await.status(200).sees("Chưa có thay đổi nào").misses(holiday);

    let made = form("25/11/2026", "holiday", holiday, "save");
    tinh.post("/quan-tri/lich", &made).await.status(303).leads_to("/quan-tri/lich?nam=2026");
    assert_eq!(now(&portal, ben.id(), ours.id).due_day, day("2026-12-01"));
    assert_eq!(now(&portal, lang.id(), theirs.id).due_day, day("2026-12-15"));
    for same in [&notice, &closed, &hours] {
        assert_eq!(now(&portal, ben.id(), same.id).due_at, same.due_at);
        assert!(!steps(&portal, ben.id(), same.id).contains(&Action::Moved));
    }
    let lines = portal.write(|conn, _, _| store::history(conn, lang_id, theirs.id));
    let line = lines.last().unwrap();
    assert_eq!((line.action, line.who.as_deref()), (Action::Moved, Some("Bà tinh")));
    assert_eq!((line.old_due, line.new_due), (Some(day("2026-12-14")), Some(day("2026-12-15"))));
    assert_eq!(line.cause.as_deref(), Some(holiday));
    let page = tinh.get("/quan-tri/lich?nam=2026").await.status(200).sees(holiday);
    page.sees("Số thời hạn đã dời: 2.").sees("Xem thời hạn đã dời").sees("Bà tinh");
    tinh.get("/quan-tri/nhat-ky").await.status(200).sees("đã ghi vào lịch ngày nghỉ");

    let clear = [("act", "clear"), ("day", "25/11/2026"), ("then", "preview")];
    let page = tinh.post("/quan-tri/lich", &clear).await.status(200);
    page.sees("Bỏ ngày nghỉ 25/11/2026").sees("Số thời hạn đang chạy phải dời: 2.");
    let clear = [("act", "clear"), ("day", "25/11/2026"), ("then", "save")];
    tinh.post("/quan-tri/lich", &clear).await.status(303);
    assert_eq!(now(&portal, ben.id(), ours.id).due_day, day("2026-11-30"));
}

#[actix_web::test]
async fn a_clock_that_starts_while_the_calendar_changes_is_not_missed() {
    let portal = Portal::start().await;
    let (ben, tinh) = (portal.ben(), portal.tinh().id());
    let (db, catalog) = (portal.parts.app.db.clone(), portal.parts.clocks.clone());
    let (go, wait) = mpsc::channel();
    let (done, is_done) = mpsc::channel();
    let holiday =
        Day { day: day("2026-11-25"), kind: DayKind::Holiday, name: "Ngày của tỉnh".into() };
    let change = thread::spawn(move || {
        let actor = Actor { site: tinh, user: None, now: NOW };
        let mut conn = db.connection().unwrap();
        wait.recv().unwrap();
        let change = CalendarChange::Set(holiday);
        let moved =
            conn.atomically(|conn| store::change_calendar(conn, actor, &catalog, &change)).unwrap();
        done.send(()).unwrap();
        moved.len()
    });

    let clock = act(&ben, &portal, |conn, actor, catalog| {
        let limit = catalog.limit("DL-08", "transfer").unwrap();
        let new = NewClock { subject: case(), limit, at: actor.now };
        let clock = store::start(conn, actor, catalog, new)?;
        go.send(()).unwrap();
        // The change waits for this transaction.
        assert!(is_done.recv_timeout(Duration::from_millis(500)).is_err());
        Ok(clock)
    });
    assert_eq!(change.join().unwrap(), 1);
    let clock = now(&portal, ben.id(), clock.unwrap().id);
    assert_eq!(clock.due_day, day("2026-12-01"));
}

#[actix_web::test]
async fn a_worked_saturday_and_a_day_before_an_event_move_clocks_too() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let clock = start(&portal, &ben, case(), TRANSFER);
    let event = "2026-12-10T02:00:00".parse().unwrap();
    let notice = start_at(&portal, &ben, case(), (("DL-03", "notice"), event));
    assert_eq!(notice.due_day, day("2026-12-01"));
    let tinh = portal.tinh().tinh();

    let worked = form("28/11/2026", "working", "Làm bù cho thứ Hai 30/11", "save");
    tinh.post("/quan-tri/lich", &worked).await.status(303);
    assert_eq!(now(&portal, ben.id(), clock.id).due_day, day("2026-11-28"));
    assert_eq!(now(&portal, ben.id(), notice.id).due_day, day("2026-12-01"));
    let free = form("04/12/2026", "holiday", "Hoán đổi", "save");
    tinh.post("/quan-tri/lich", &free).await.status(303);
    assert_eq!(now(&portal, ben.id(), notice.id).due_day, day("2026-11-30"));
}

#[actix_web::test]
async fn a_paused_clock_takes_the_change_in_when_it_goes_on() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let clock = start(&portal, &ben, case(), TRANSFER);
    act(&ben, &portal, |conn, actor, catalog| {
        store::pause(conn, actor, catalog, (clock.id, "Chờ bổ sung"))
    })
    .unwrap();
    let made = form("03/12/2026", "holiday", "Lễ của tỉnh", "save");
    portal.tinh().tinh().post("/quan-tri/lich", &made).await.status(303);
    portal.wait(TimeDelta::days(10));

    let resumed =
        act(&ben, &portal, |conn, actor, catalog| store::resume(conn, actor, catalog, clock.id));
    // Monday 30 November: 1, 2, 4, 7 and 8 December count.
    assert_eq!(resumed.unwrap().due_day, day("2026-12-08"));
}

#[actix_web::test]
async fn a_case_that_is_handed_over_takes_its_clocks_and_their_history_along() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let (lang_id, subject) = (lang.id(), case());
    let clock = start(&portal, &ben, subject, ANSWER);
    let done = start(&portal, &ben, subject, TRANSFER);
    act(&ben, &portal, |conn, actor, catalog| store::meet(conn, actor, catalog, done.id)).unwrap();
    act(&ben, &portal, |conn, actor, catalog| {
        store::move_to_site(conn, actor, catalog, (subject, lang_id))
    })
    .unwrap();

    let ours = act(&ben, &portal, |conn, actor, _| store::of_subject(conn, actor.site, subject));
    assert!(ours.unwrap().is_empty());
    assert_eq!(now(&portal, lang.id(), clock.id).due_at, clock.due_at);
    assert_eq!(steps(&portal, lang.id(), clock.id), [Action::Started, Action::HandedOver]);
    assert_eq!(steps(&portal, lang.id(), done.id), [Action::Started, Action::Met]);
    let lines = portal.write(|conn, _, _| store::history(conn, lang_id, clock.id));
    assert!(lines.last().unwrap().from.as_deref().unwrap().contains("Xã Bến"));
    let nowhere = act(&lang, &portal, |conn, actor, catalog| {
        store::move_to_site(conn, actor, catalog, (subject, SiteId::new()))
    });
    assert_eq!(nowhere.unwrap_err().to_string(), "not found");
}

#[actix_web::test]
async fn what_is_due_is_listed_by_urgency() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let later = start(&portal, &ben, case(), ANSWER);
    let soon = start(&portal, &ben, case(), TRANSFER);
    let lasting = start(&portal, &ben, case(), ("DL-11", "opinions"));
    let stopped = start(&portal, &ben, case(), TRANSFER);
    act(&ben, &portal, |conn, actor, catalog| {
        store::pause(conn, actor, catalog, (stopped.id, "Chờ bổ sung"))
    })
    .unwrap();
    start(&portal, &portal.lang(), case(), TRANSFER);

    let site = ben.id();
    let due = |until: &str| -> Vec<ClockId> {
        let until = until.parse().unwrap();
        let due = portal.write(|conn, _, _| store::open_due_before(conn, site, until, 10));
        due.into_iter().map(|it| it.id).collect()
    };
    assert_eq!(due("2026-12-31T00:00:00"), [soon.id, later.id]);
    assert_eq!(due("2026-11-30T17:00:00"), [soon.id]);
    assert!(due("2026-11-30T16:59:59").is_empty());
    assert!(lasting.due_at < soon.due_at);
}

#[actix_web::test]
async fn a_new_version_brings_its_years_once_and_counts_anew() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let clock = start(&portal, &ben, case(), TRANSFER);
    // As if the version that started the clock had not known the holiday of the 24th.
    portal.write(|conn, _, _| {
        use diesel::prelude::*;
        let row = db::schema::clocks::table;
        let old = db::schema::clocks::due_day.eq(day("2026-11-27"));
        Ok(diesel::update(row).set(old).execute(conn)?)
    });
    let plant =
        || portal.write(|conn, _, now| store::calendar::plant(conn, &portal.parts.clocks, now));

    assert_eq!(plant(), 3);
    assert_eq!(now(&portal, ben.id(), clock.id).due_day, day("2026-11-30"));
    assert_eq!(steps(&portal, ben.id(), clock.id), [Action::Started, Action::Moved]);
    assert_eq!(plant(), 0);
    let page = portal.tinh().tinh().get("/quan-tri/lich?nam=2027").await.status(200);
    page.sees("Giỗ Tổ Hùng Vương").sees("16/04/2027").sees("Lấy lịch năm 2027");
}

#[actix_web::test]
async fn a_year_that_was_changed_stays_as_the_province_left_it() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let clear = [("act", "clear"), ("day", "24/11/2026"), ("then", "save")];
    tinh.post("/quan-tri/lich", &clear).await.status(303);
    portal.write(|conn, _, now| store::calendar::plant(conn, &portal.parts.clocks, now));

    let site = portal.ben().id();
    let calendar = portal.write(|conn, _, _| store::calendar(conn, site, &portal.parts.clocks));
    assert!(calendar.is_working(day("2026-11-24")));
    let note = calendar.note(day("2026-09-02")).unwrap();
    assert_eq!(note, (DayKind::Holiday, "Quốc khánh"));
    let clock = start(&portal, &portal.lang(), case(), TRANSFER);
    assert_eq!(clock.due_day, day("2026-11-27"));
}

#[actix_web::test]
async fn wrong_days_are_named_and_what_was_typed_stays() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    for (day, kind, name, said) in [
        ("31/02/2026", "holiday", "Tên gõ dở", "Hãy nhập ngày theo dạng"),
        ("", "holiday", "Tên gõ dở", "Hãy nhập ngày theo dạng"),
        ("25/11/2026", "feast", "Tên gõ dở", "Hãy chọn ngày nghỉ hay ngày làm bù"),
        ("25/11/2026", "working", "Tên gõ dở", "vốn đã là ngày làm việc"),
        ("25/11/2126", "holiday", "Tên gõ dở", "Ngày này quá xa"),
        ("01/01/0001", "holiday", "Tên gõ dở", "Hãy nhập ngày theo dạng"),
        ("24/11/2026", "holiday", "Ngày Văn hóa Việt Nam", "Lịch đã ghi đúng như vậy"),
    ] {
        for then in ["preview", "save"] {
            let page = tinh.post("/quan-tri/lich", &form(day, kind, name, then)).await.status(422);
            page.sees(said).sees(&format!("value=\"{name}\""));
        }
    }
    let page = tinh.post("/quan-tri/lich", &form("", "", "", "save")).await.status(422);
    page.sees("Hãy nhập ngày theo dạng").sees("Hãy chọn ngày nghỉ").sees("Hãy nhập tên ngày");
    let page = tinh.post("/quan-tri/lich", &form("25/11/2026", "holiday", " ", "save")).await;
    page.status(422).sees("Hãy nhập tên ngày").sees("value=\"25/11/2026\"");
    let clear = [("act", "clear"), ("day", "25/11/2026"), ("then", "save")];
    tinh.post("/quan-tri/lich", &clear).await.status(422).sees("không còn trong lịch");
    tinh.get("/quan-tri/lich?nam=abc").await.status(200).sees("2026");
    tinh.get("/quan-tri/lich?nam=99999").await.status(200).sees("2026");
    tinh.get("/quan-tri/lich?nam=2031").await.status(200).sees("Năm này chưa có lịch");
}

#[actix_web::test]
async fn the_calendar_is_the_provinces() {
    let portal = Portal::start().await;
    let made = form("25/11/2026", "holiday", "Tự cho nghỉ", "save");
    let (ben, page) = (portal.ben(), "/quan-tri/lich");
    ben.quan().get(page).await.status(403);
    ben.quan().post(page, &made).await.status(403);
    ben.tinh().get(page).await.status(404);
    ben.tinh().post(page, &made).await.status(404);
    ben.citizen().get(page).await.status(401);
    let kiem = portal.tinh().kiem();
    kiem.get(page).await.status(200).sees("Ngày Văn hóa Việt Nam").misses("Thử trước");
    kiem.post(page, &made).await.status(403);

    portal.tinh().tinh().get(page).await.status(200).misses("Tự cho nghỉ").sees("Thử trước");
}

#[actix_web::test]
async fn anybody_on_the_staff_can_ask_why_it_ends_then() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    hoa.get("/quan-tri/tinh-han").await.status(200).sees("value=\"20/11/2026\"");
    let page = hoa.get("/quan-tri/tinh-han?han=DL-08.transfer&ngay=20/11/2026").await.status(200);
    let page = page.sees("Hết ngày 30/11/2026 (thứ Hai)").sees("Nghị định 20/2008/NĐ-CP");
    page.sees("Ngày nghỉ (Ngày Văn hóa Việt Nam), không tính").sees("Ngày thứ 5");
    let page = hoa.get("/quan-tri/tinh-han?han=DL-29.report&ngay=20/11/2026&gio=08:30").await;
    page.status(200).sees("Đến 23/11/2026 08:30").sees("Tính 15 giờ 30 phút");
    let page = hoa.get("/quan-tri/tinh-han?han=DL-09.answer&ngay=31/12/2034").await.status(200);
    page.sees("Năm 2035 chưa có lịch ngày nghỉ").sees("mục tiêu nội bộ");
    let page = hoa.get("/quan-tri/tinh-han?han=DL-99.x&ngay=hom+qua&gio=25:00").await.status(422);
    page.sees("Hãy chọn một thời hạn").sees("Hãy nhập ngày").sees("Hãy nhập giờ");
    portal.ben().citizen().get("/quan-tri/tinh-han").await.status(401);
}

#[test]
fn every_limit_has_its_words_in_both_languages() {
    let catalog = Catalog::load(&root().join("config")).unwrap();
    for locale in [Locale::Vi, Locale::En] {
        let words = Words::load(&root().join("config/locales"), locale).unwrap();
        for limit in catalog.limits() {
            for key in [limit.label_key(), limit.start_key()] {
                let said = words.say(&Message::new(key.clone()));
                assert_ne!(said, key, "{locale:?}");
            }
        }
    }
}
