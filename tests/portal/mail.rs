//! Letters: written with what they tell, carried by a postman to a real server that is kind,
//! down, slow or refuses, and never twice.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use db::schema::mails;
use diesel::prelude::*;
use kit::{Portal, Smtp};
use mail::{
    Fate, Kind, Letter, Recipient, Round,
    model::{Reason, State},
};
use mail_parser::{Message, MessageParser, MimeHeaders};

async fn portal(server: &Smtp) -> Portal {
    Portal::start_with(|config| server.set(config)).await
}

fn letter(event: &str, to: &str, kind: Kind) -> Letter {
    let values = BTreeMap::from([("name", "Bà Sen <b>".into()), ("at", "20/11/2026 09:00".into())]);
    let to = Recipient::parse(to).unwrap();
    Letter { event_key: event.into(), to, template: "test", values, kind }
}

/// Writes a letter in the name of the first commune.
async fn write_kind(portal: &Portal, event: &str, to: &str, kind: Kind) -> Fate {
    let site = site(portal).await;
    let themes = &portal.parts.app.themes;
    let letter = letter(event, to, kind);
    portal.write(|conn, _, now| mail::send(conn, (themes, &site), &letter, now))
}

async fn write(portal: &Portal, event: &str, to: &str) -> Fate {
    write_kind(portal, event, to, Kind::Transactional).await
}

async fn site(portal: &Portal) -> base::Site {
    let site = portal.parts.app.site_at("ben.tinh.test").await.unwrap();
    (*site).clone()
}

async fn round(portal: &Portal) -> Round {
    portal.parts.postman.round(&|| portal.now()).await.unwrap()
}

/// State, reason, words and attempts of every letter, oldest first.
fn states(portal: &Portal) -> Vec<(State, Reason, String, i32)> {
    let columns = (mails::state, mails::reason, mails::words, mails::attempts);
    portal.write(|conn, _, _| Ok(mails::table.order(mails::id).select(columns).load(conn)?))
}

fn state(portal: &Portal) -> State {
    states(portal).last().unwrap().0
}

fn parsed(letter: &[u8]) -> Message<'_> {
    MessageParser::default().parse(letter).unwrap()
}

fn header(letter: &[u8], name: &str) -> String {
    parsed(letter).header_raw(name).unwrap_or_default().trim().to_owned()
}

#[actix_web::test]
async fn a_letter_arrives_in_both_parts_in_the_name_of_its_site() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    assert_eq!(write(&portal, "a", "An@Nha.test").await, Fate::Queued);
    assert_eq!(round(&portal).await, Round { sent: 1, failed: 0 });

    let letters = server.letters();
    let it = parsed(&letters[0]);
    let from = it.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Trang thông tin điện tử xã Bến"));
    assert_eq!(from.address(), Some("cong@tinh.gov.vn"));
    assert_eq!(it.to().unwrap().first().unwrap().address(), Some("an@nha.test"));
    assert_eq!(it.reply_to().unwrap().first().unwrap().address(), Some("bbt@tinh.gov.vn"));
    assert_eq!(it.subject(), Some("Thư thử nghiệm của Trang thông tin điện tử xã Bến"));
    assert!(it.message_id().unwrap().ends_with("@tinh.gov.vn"));
    assert_eq!(header(&letters[0], "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&letters[0], "X-Envelope-From"), "cong@tinh.gov.vn");
    assert_eq!(header(&letters[0], "List-Unsubscribe"), "");
    let kinds: Vec<_> = it.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
    assert_eq!(kinds, ["alternative", "plain", "html"]);
    let (text, html) = (it.body_text(0).unwrap(), it.body_html(0).unwrap());
    assert!(
        text.contains("Kính gửi Bà Sen <b>,") && text.contains("http://ben.tinh.test"),
        "{text}"
    );
    assert!(html.contains("Kính gửi Bà Sen &lt;b&gt;,"), "{html}");
    assert!(letters[0].is_ascii());
    assert_eq!(states(&portal), [(State::Sent, Reason::Nothing, String::new(), 1)]);
}

#[actix_web::test]
async fn the_same_event_is_told_once_to_each_recipient() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    assert_eq!(write(&portal, "a", "an@nha.test").await, Fate::Queued);
    assert_eq!(write(&portal, "a", "AN@nha.test").await, Fate::Repeated);
    assert_eq!(write(&portal, "a", "binh@nha.test").await, Fate::Queued);
    round(&portal).await;
    assert_eq!(write(&portal, "a", "an@nha.test").await, Fate::Repeated);
    round(&portal).await;

    assert_eq!(server.letters().len(), 2);
}

#[actix_web::test]
async fn a_letter_that_is_rolled_back_was_never_written() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    let (site, letter) = (site(&portal).await, letter("a", "an@nha.test", Kind::Transactional));
    let mut conn = portal.parts.app.db.connection().unwrap();
    let themes = &portal.parts.app.themes;
    let failed: base::Result<()> = conn.atomically(|conn| {
        mail::send(conn, (themes, &site), &letter, kit::NOW)?;
        Err(base::Error::Gone)
    });

    assert!(failed.is_err());
    assert_eq!(states(&portal), []);
}

#[actix_web::test]
async fn a_server_that_was_down_gets_the_letter_once_when_it_is_up() {
    let mut server = Smtp::start();
    let portal = portal(&server).await;
    server.down();
    write(&portal, "a", "an@nha.test").await;
    assert_eq!(round(&portal).await, Round::default());
    let (now, why, words, attempts) = states(&portal).remove(0);
    assert_eq!((now, why, attempts), (State::Queued, Reason::Unreachable, 0), "{words}");
    assert!(!words.is_empty());

    server.up();
    assert_eq!(round(&portal).await, Round::default(), "the server is left in peace");
    portal.wait(TimeDelta::seconds(11));
    assert_eq!(round(&portal).await.sent, 1);
    round(&portal).await;
    assert_eq!(server.letters().len(), 1);
    assert_eq!(state(&portal), State::Sent);
}

#[actix_web::test]
async fn a_day_without_a_server_loses_nothing() {
    let mut server = Smtp::start();
    let portal = portal(&server).await;
    server.down();
    for number in 0..5 {
        write(&portal, &format!("a{number}"), "an@nha.test").await;
    }
    for _ in 0..24 {
        round(&portal).await;
        portal.wait(TimeDelta::hours(1));
    }
    server.up();

    assert_eq!(round(&portal).await.sent, 5);
    assert_eq!(server.letters().len(), 5);
    assert!(states(&portal).iter().all(|it| it.0 == State::Sent));
}

#[actix_web::test]
async fn after_three_days_a_letter_is_given_up_and_says_why() {
    let mut server = Smtp::start();
    let portal = portal(&server).await;
    server.down();
    write(&portal, "a", "an@nha.test").await;
    round(&portal).await;
    portal.wait(TimeDelta::hours(73));
    round(&portal).await;

    assert_eq!((state(&portal), states(&portal)[0].1), (State::Late, Reason::Unreachable));
    server.up();
    portal.wait(TimeDelta::hours(1));
    assert_eq!(round(&portal).await, Round::default());
}

#[actix_web::test]
async fn not_now_is_tried_again_and_later_each_time() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "hen@nha.test").await;
    write(&portal, "b", "an@nha.test").await;
    assert_eq!(
        round(&portal).await,
        Round { sent: 1, failed: 1 },
        "one does not hold up the other"
    );
    let (now, why, words, attempts) = states(&portal).remove(0);
    assert_eq!((now, why, attempts), (State::Queued, Reason::Busy, 1));
    assert_eq!(words, "450 4.2.1 <h***@nha.test> try again later");

    portal.wait(TimeDelta::seconds(59));
    assert_eq!(round(&portal).await, Round::default());
    portal.wait(TimeDelta::seconds(1));
    assert_eq!(round(&portal).await.sent, 1);
    assert_eq!(server.letters().len(), 2);
}

#[actix_web::test]
async fn never_is_noted_for_the_letters_that_follow() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "khong-co@nha.test").await;
    write(&portal, "b", "an@nha.test").await;
    assert_eq!(round(&portal).await, Round { sent: 1, failed: 1 });
    let (now, why, words, _) = states(&portal).remove(0);
    assert_eq!((now, why), (State::Refused, Reason::Refused));
    assert_eq!(words, "550 5.1.1 <k***@nha.test>: no such user");

    assert_eq!(write(&portal, "c", "khong-co@nha.test").await, Fate::Undeliverable);
    assert_eq!(states(&portal)[2].1, Reason::RefusedBefore);
    assert_eq!(round(&portal).await, Round::default());
}

#[actix_web::test]
async fn a_server_that_blocks_us_says_nothing_of_the_mailbox() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "chan@nha.test").await;
    write(&portal, "b", "nan@nha.test").await;
    round(&portal).await;
    let both: Vec<State> = states(&portal).into_iter().map(|it| it.0).collect();
    assert_eq!(both, [State::Refused, State::Refused]);

    assert_eq!(write(&portal, "c", "chan@nha.test").await, Fate::Queued);
    assert_eq!(write(&portal, "d", "nan@nha.test").await, Fate::Queued);
}

#[actix_web::test]
async fn a_slow_server_is_left_and_tried_again() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "cham@nha.test").await;
    write(&portal, "b", "an@nha.test").await;
    assert_eq!(round(&portal).await, Round { sent: 0, failed: 1 });
    let (now, why, ..) = states(&portal).remove(0);
    assert_eq!((now, why), (State::Queued, Reason::Broken));

    assert_eq!(round(&portal).await, Round { sent: 1, failed: 0 }, "the next one goes by itself");
}

#[actix_web::test]
async fn a_letter_that_may_have_arrived_is_never_sent_again_by_itself() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "im@nha.test").await;
    assert_eq!(round(&portal).await.failed, 1);
    assert_eq!((state(&portal), states(&portal)[0].1), (State::Uncertain, Reason::NoAnswer));
    assert_eq!(server.letters().len(), 1, "the server had it");

    portal.wait(TimeDelta::days(1));
    round(&portal).await;
    assert_eq!(server.letters().len(), 1);
}

#[actix_web::test]
async fn a_letter_whose_postman_died_is_uncertain() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "an@nha.test").await;
    let until = portal.now() + TimeDelta::minutes(1);
    let taken = (mails::state.eq(State::Sending), mails::lease_until.eq(until));
    portal.write(|conn, _, _| Ok(diesel::update(mails::table).set(taken).execute(conn)?));
    round(&portal).await;
    assert_eq!(state(&portal), State::Sending, "its postman may still be at it");

    portal.wait(TimeDelta::minutes(2));
    round(&portal).await;
    assert_eq!((state(&portal), states(&portal)[0].1), (State::Uncertain, Reason::Lost));
    assert_eq!(server.letters().len(), 0);
}

#[actix_web::test]
async fn two_postmen_deliver_each_letter_once() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    for number in 0..20 {
        write(&portal, &format!("a{number}"), "an@nha.test").await;
    }
    let settings = || portal.config.mail.settings().unwrap();
    let settings = || mail::Settings { per_round: 100, ..settings() };
    let postman = || mail::Postman::new(portal.parts.app.db.clone(), settings());
    let (one, two) = (postman(), postman());
    let clock = || portal.now();
    let (first, second) = tokio::join!(one.round(&clock), two.round(&clock));
    let (first, second) = (first.unwrap(), second.unwrap());

    assert!(first.sent > 0 && second.sent > 0, "both were at work: {first:?} {second:?}");
    assert_eq!(first.sent + second.sent, 20);
    let letters = server.letters();
    let mut ids: Vec<_> = letters.iter().map(|it| header(it, "Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((letters.len(), ids.len()), (20, 20));
}

#[actix_web::test]
async fn a_password_travels_only_behind_tls_that_is_who_it_says() {
    for tls in ["starttls", "required"] {
        let server = Smtp::start_with(tls);
        let there = portal(&server).await;
        write(&there, "a", "an@nha.test").await;
        assert_eq!(round(&there).await.sent, 1, "{tls}: {:?}", states(&there));
        assert_eq!(header(&server.letters()[0], "X-Line"), "tls cong");

        // Without the certificate the server is anybody.
        let stranger = Portal::start_with(|config| {
            server.set(config);
            config.mail.ca_file = "".into();
        });
        let stranger = stranger.await;
        write(&stranger, "a", "an@nha.test").await;
        assert_eq!(round(&stranger).await, Round::default());
        assert_eq!(states(&stranger)[0].1, Reason::Unreachable);
        let wrong = Portal::start_with(|config| {
            server.set(config);
            config.mail.password.0 = "khac".into();
        });
        let wrong = wrong.await;
        write(&wrong, "a", "an@nha.test").await;
        assert_eq!(round(&wrong).await, Round::default());
        assert!(states(&wrong)[0].2.contains("535"), "{:?}", states(&wrong));
    }
}

#[actix_web::test]
async fn starttls_is_not_done_without() {
    let server = Smtp::start();
    let portal = Portal::start_with(|config| {
        server.set(config);
        config.mail.tls = "starttls".into();
    });
    let portal = portal.await;
    write(&portal, "a", "an@nha.test").await;
    assert_eq!(round(&portal).await, Round::default());
    assert_eq!((state(&portal), server.letters().len()), (State::Queued, 0));
}

#[actix_web::test]
async fn a_name_with_a_line_end_adds_no_header() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    let mut site = site(&portal).await;
    site.name = "Xã\r\nBcc: kia@nha.test\r\n\r\nx".into();
    site.identity.email = "a@b.vn\r\nBcc: kia@nha.test".into();
    let mut letter = letter("a", "an@nha.test", Kind::Transactional);
    letter.values.insert("name", "Sen\r\nBcc: kia@nha.test".into());
    let themes = &portal.parts.app.themes;
    portal.write(|conn, _, now| mail::send(conn, (themes, &site), &letter, now));
    round(&portal).await;

    let letters = server.letters();
    assert_eq!(letters.len(), 1);
    let it = parsed(&letters[0]);
    assert!(it.bcc().is_none() && it.reply_to().is_none());
    assert_eq!(it.to().unwrap().first().unwrap().address(), Some("an@nha.test"));
    let names = String::from_utf8_lossy(&letters[0]).to_lowercase();
    assert!(!names.split("\r\n\r\n").next().unwrap().contains("\nbcc:"), "{names}");
}

/// The address of the page that stops the notices that the letter is one of.
fn stop_path(letter: &[u8]) -> String {
    let header = header(letter, "List-Unsubscribe");
    let url = header.trim_matches(['<', '>']).to_owned();
    url.strip_prefix("http://ben.tinh.test").unwrap().to_owned()
}

#[actix_web::test]
async fn notices_can_be_stopped_and_answers_cannot() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    let notice = Kind::Notice("test");
    write_kind(&portal, "a", "an@nha.test", notice).await;
    round(&portal).await;
    let letters = server.letters();
    let path = stop_path(&letters[0]);
    assert_eq!(header(&letters[0], "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(parsed(&letters[0]).body_text(0).unwrap().contains(&path));

    let citizen = portal.ben().citizen();
    citizen
        .get(&path)
        .await
        .status(200)
        .sees("a***@nha.test")
        .misses("an@nha.test")
        .sees("<button");
    assert_eq!(write_kind(&portal, "b", "an@nha.test", notice).await, Fate::Queued);
    // As a mail program does it: no cookie, no token.
    let click = [("List-Unsubscribe", "One-Click")];
    let page = citizen.post_as_it_is(&path, &click).await.status(200);
    assert_eq!(page.header("cache-control"), "no-store");
    citizen.get(&path).await.status(200).misses("<form method=\"post\"");

    assert_eq!(states(&portal)[1].0, State::Withheld);
    assert_eq!(write_kind(&portal, "c", "An@nha.test", notice).await, Fate::Unsubscribed);
    assert_eq!(write(&portal, "d", "an@nha.test").await, Fate::Queued);
    citizen.get("/thu/thoi-nhan/khong-co").await.status(404);
    portal.lang().citizen().get(&path).await.status(404);
    portal.lang().citizen().post_as_it_is(&path, &click).await.status(404);
}

#[actix_web::test]
async fn staff_see_their_letters_and_send_them_again() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "khong-co@nha.test").await;
    round(&portal).await;
    let quan = portal.ben().quan();
    let page = quan.get("/quan-tri/thu").await.status(200);
    page.misses("khong-co@nha.test")
        .sees("k***@nha.test")
        .sees("Bị từ chối")
        .sees("Máy chủ thư từ chối nhận thư này")
        .sees("550 5.1.1")
        .misses("Chưa cấu hình máy chủ thư");
    let page = quan.get("/quan-tri/thu?tinh_trang=refused").await.status(200);
    let path = page.between("action=\"", "gui-lai\"");
    let path = format!("{}gui-lai", path.rsplit("action=\"").next().unwrap());
    portal.ben().hoa().get("/quan-tri/thu").await.status(403);
    portal.lang().quan().get("/quan-tri/thu").await.status(200).misses("k***@nha.test");
    portal.lang().quan().post(&path, &[]).await.status(404);
    portal
        .tinh()
        .tinh()
        .get("/quan-tri/thu")
        .await
        .status(200)
        .sees("k***@nha.test")
        .sees("Xã Bến");
    assert_eq!(state(&portal), State::Refused);

    quan.post(&path, &[]).await.status(303);
    assert_eq!(state(&portal), State::Queued);
    quan.post(&path, &[]).await.status(409);
    assert_eq!(write(&portal, "b", "khong-co@nha.test").await, Fate::Queued);
    quan.get("/quan-tri/nhat-ky").await.status(200).sees("đã gửi lại thư");
}

#[actix_web::test]
async fn staff_try_out_whether_letters_arrive() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    portal.ben().quan().post("/quan-tri/thu/thu-nghiem", &[]).await.status(303);
    portal.ben().quan().post("/quan-tri/thu/thu-nghiem", &[]).await.status(303);
    round(&portal).await;

    let letters = server.letters();
    assert_eq!(letters.len(), 1, "once a minute");
    let to = parsed(&letters[0]).to().unwrap().first().unwrap().address().map(str::to_owned);
    assert_eq!(to.as_deref(), Some("quan.ben@tinh.gov.vn"));
}

#[actix_web::test]
async fn without_a_server_letters_wait_and_staff_are_told() {
    let portal = Portal::start().await;
    write(&portal, "a", "an@nha.test").await;
    assert_eq!(round(&portal).await, Round::default());
    let page = portal.ben().quan().get("/quan-tri/thu").await.status(200);

    page.sees("Chưa cấu hình máy chủ thư").sees("Chờ gửi");
    assert_eq!(state(&portal), State::Queued);
}

#[actix_web::test]
async fn a_text_is_forgotten_after_its_time_and_nobody_is_told_twice() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "an@nha.test").await;
    write(&portal, "b", "khong-co@nha.test").await;
    round(&portal).await;
    portal.wait(TimeDelta::days(29));
    assert_eq!(portal.parts.postman.forget(portal.now()).await.unwrap(), 0);
    portal.wait(TimeDelta::days(2));
    assert_eq!(portal.parts.postman.forget(portal.now()).await.unwrap(), 2);

    let columns = (mails::recipient, mails::body, mails::html);
    let rows: Vec<(String, String, String)> =
        portal.write(|conn, _, _| Ok(mails::table.order(mails::id).select(columns).load(conn)?));
    assert_eq!(rows[0], ("a***@nha.test".into(), String::new(), String::new()));
    assert_eq!(write(&portal, "a", "an@nha.test").await, Fate::Repeated);
    portal.ben().quan().get("/quan-tri/thu").await.status(200).misses("gui-lai");
}

#[actix_web::test]
async fn what_comes_back_is_noted() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    write(&portal, "a", "an@nha.test").await;
    round(&portal).await;
    let letter = String::from_utf8(server.letters().remove(0)).unwrap();
    let notification = format!(
        "From: MAILER-DAEMON@nha.test\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"xyz\"\r\n\r\n\
         --xyz\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; nha.test\r\n\r\n\
         Final-Recipient: rfc822; an@nha.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 an@nha.test is gone\r\n\r\n\
         --xyz\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n--xyz--\r\n"
    );
    let bounce = mail::bounce::read(notification.as_bytes()).unwrap();
    let about = (bounce.mail, bounce.recipient.as_str());
    let said = (bounce.words.as_str(), bounce.is_final);
    portal.write(|conn, _, now| mail::store::queue::bounce(conn, about, said, now));

    let (now, _, words, _) = states(&portal).remove(0);
    assert_eq!((now, words.as_str()), (State::Bounced, "550 5.1.1 a***@nha.test is gone"));
    assert_eq!(write(&portal, "b", "an@nha.test").await, Fate::Undeliverable);
}

/// What the kit's server got for `to`, as text.
fn told(server: &Smtp, to: &str) -> String {
    let letters = server.letters();
    let own =
        letters.iter().find(|it| parsed(it).to().unwrap().first().unwrap().address() == Some(to));
    parsed(own.unwrap()).body_text(0).unwrap().into_owned()
}

#[actix_web::test]
async fn who_is_invited_or_forgot_a_password_gets_a_letter_and_nobody_else_the_link() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    let (ben, quan) = (portal.ben(), portal.ben().quan());
    let form = [("email", "moi@tinh.gov.vn"), ("name", "Lê Mới"), ("role", "author")];
    quan.post("/quan-tri/thanh-vien", &form).await.status(303);
    quan.get("/quan-tri/thanh-vien").await.status(200).misses("/moi/").sees("Lê Mới");
    round(&portal).await;

    let text = told(&server, "moi@tinh.gov.vn");
    assert!(text.contains("Lê Mới") && text.contains("mời bạn làm việc"), "{text}");
    let link =
        text.split("http://ben.tinh.test").nth(1).unwrap().split_whitespace().next().unwrap();
    ben.citizen().get(link).await.status(200).sees("moi@tinh.gov.vn");

    let hoa = portal.user_id("hoa.ben");
    quan.post(&format!("/quan-tri/thanh-vien/{hoa}/moi-lai"), &[]).await.status(303);
    quan.post(&format!("/quan-tri/thanh-vien/{hoa}/moi-lai"), &[]).await.status(303);
    // Each link is another letter: the last one made is the one that works.
    round(&portal).await;
    let own = server
        .letters()
        .iter()
        .filter(|it| {
            parsed(it).to().unwrap().first().unwrap().address() == Some("hoa.ben@tinh.gov.vn")
        })
        .count();
    assert_eq!(own, 2);
}

#[actix_web::test]
async fn a_link_is_shown_where_no_letters_are_sent_or_none_can_arrive() {
    let portal = Portal::start().await;
    let form = [("email", "moi@tinh.gov.vn"), ("name", "Lê Mới"), ("role", "author")];
    let quan = portal.ben().quan();
    quan.post("/quan-tri/thanh-vien", &form).await.status(200).sees("http://ben.tinh.test/moi/");
    assert_eq!(states(&portal).len(), 0);
}
