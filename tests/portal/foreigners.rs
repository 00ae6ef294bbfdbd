//! Who reads no Vietnamese: asking in English, following it, being written to in English.

use chrono::TimeDelta;
use db::schema::{case_consents, consent_texts, mails};
use diesel::prelude::*;
use kit::{Portal, Smtp};
use mail_parser::{Message, MessageParser};

use super::{
    cases::{ANSWER, act, answer, first, send, with},
    consultations,
};

const QUESTION: &str = "/en/questions/ask/question";
const TRACK: &str = "/en/questions/track/";

const ASKED: [(&str, &str); 5] = [
    ("subject", "Registering the birth of our son"),
    ("message", "Which papers do we need to register the birth of our son?"),
    ("name", "Jane Doe"),
    ("email", "Jane@Home.test"),
    ("agree_process", "on"),
];

async fn portal(server: &Smtp) -> Portal {
    Portal::start_with(|config| server.set(config)).await
}

async fn deliver(portal: &Portal) {
    portal.parts.postman.round(&|| portal.now()).await.unwrap();
}

fn parsed(letter: &[u8]) -> Message<'_> {
    MessageParser::default().parse(letter).unwrap()
}

/// Letters that only Vietnamese has.
#[track_caller]
fn is_english(text: &str) {
    let foreign: String = text.chars().filter(|c| base::text::is_vietnamese(*c)).collect();
    // The commune keeps its name.
    assert_eq!(foreign.replace('ế', ""), "", "{text}");
}

#[actix_web::test]
async fn a_question_in_english_is_answered_and_followed_in_english() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    let ben = portal.ben();
    let form = ben.citizen().get(QUESTION).await.status(200);
    form.sees("<html lang=\"en\"")
        .sees("action=\"/en/questions/ask/question\"")
        .sees("Only the officers of Bến Commune who are assigned to it")
        .sees("Land")
        .misses("Tiêu đề")
        .misses("Đất đai");
    let asked = with(&ASKED, &[("agree_mail", "on")]);
    let sent = send(&portal, &ben.citizen(), QUESTION, &asked, &[]).await.status(303);
    let to = sent.leads_to(TRACK);
    let code = to.trim_start_matches(TRACK).split('?').next().unwrap().to_owned();

    let receipt = ben.citizen().get(&to).await.status(200);
    receipt.sees("The office has received your message").sees(&code).sees("Bến Commune");
    let status = ben.citizen().get(&format!("{TRACK}{code}")).await.status(200);
    status
        .sees("20 November 2026, 9 a.m.")
        .sees("Received from you by Bến Commune.")
        .sees("End of 14 December 2026 (Monday)")
        .sees("Decree No. 43/2011/ND-CP, Article 17 (no longer in force)")
        .sees("Public holiday (Vietnamese Culture Day), not counted")
        .misses("Hạn trả lời");

    let thu = ben.thu();
    thu.get("/quan-tri/hoi-dap").await.sees("Người gửi dùng tiếng Anh");
    let path = first(&thu).await;
    thu.get(&path).await.sees("Người gửi dùng tiếng Anh").sees("lang=\"en\">Which papers");
    act(&thu, &path, "tiep-nhan", &[]).await.status(303);
    answer(ben, &path).await;
    deliver(&portal).await;

    let page = ben.citizen().get(&format!("{TRACK}{code}")).await.status(200);
    page.sees("The office has answered.").sees("View correspondence").misses(ANSWER);
    let contact = [("contact", "jane@home.test")];
    let shown = ben.citizen().post(&format!("{TRACK}{code}/thu"), &contact).await.status(200);
    shown.sees(&format!("lang=\"vi\">{ANSWER}"));

    let letters = server.letters();
    let subjects: Vec<String> =
        letters.iter().map(|it| parsed(it).subject().unwrap().to_owned()).collect();
    let number = "2026-000001";
    let received = format!("We have received your message ({number})");
    assert_eq!(subjects, [received, format!("Your message {number} has been answered")]);
    for (letter, place) in letters.iter().zip([TRACK, "/en/questions/follow"]) {
        let it = parsed(letter);
        let from = it.from().unwrap().first().unwrap().name().unwrap().to_owned();
        assert_eq!(from, "Bến Commune Website");
        let (text, html) = (it.body_text(0).unwrap(), it.body_html(0).unwrap());
        is_english(&text);
        assert!(text.contains(&format!("http://ben.tinh.test{place}")), "{text}");
        assert!(html.contains("<html lang=\"en\">"), "{html}");
    }
    // The receipt of consent has the words that stood there.
    let kept: Vec<String> = portal.write(|conn, _, _| {
        let texts = case_consents::table.inner_join(consent_texts::table);
        Ok(texts.select(consent_texts::text).load(conn)?)
    });
    let agreed = "I agree that Bến Commune may process what I send";
    assert!(kept.iter().any(|it| it.starts_with(agreed)), "{kept:?}");
}

#[actix_web::test]
async fn what_is_wrong_is_said_in_english_and_nothing_typed_is_lost() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let form = with(&ASKED, &[("subject", "a"), ("email", "jane"), ("agree_process", "")]);
    let page = send(&portal, &citizen, QUESTION, &form, &[]).await.status(422);
    page.sees("Please correct the following")
        .sees("The subject is missing or too short. Please write at least")
        .sees("This is not a valid email address.")
        .sees("Please tick this box to agree")
        .sees("Which papers do we need to register the birth of our son?")
        .sees("value=\"Jane Doe\"")
        .sees("action=\"/en/questions/ask/question\"");
    let code = [("code", "ABC")];
    let page = citizen.post("/en/questions/follow", &code).await.status(422);
    page.sees("A code has 15 characters, and you entered 3.").sees("value=\"ABC\"");
    citizen.get("/en/questions/track/AAAA").await.status(404).sees("Page not found");
}

#[actix_web::test]
async fn notices_of_a_case_stop_in_english() {
    let server = Smtp::start();
    let portal = portal(&server).await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let asked = with(&ASKED, &[("agree_mail", "on")]);
    send(&portal, &ben.citizen(), QUESTION, &asked, &[]).await.status(303);
    let path = first(&ben.thu()).await;
    let to = lang.id().to_string();
    let moved = [("site", to.as_str()), ("transfer_reason", "Thuộc xã Làng quản lý")];
    act(&ben.thu(), &path, "chuyen", &moved).await.status(303);
    deliver(&portal).await;

    let letters = server.letters();
    // The office that has it now is told in Vietnamese.
    let all: Vec<Message<'_>> = letters.iter().map(|it| parsed(it)).collect();
    let subjects: Vec<&str> = all.iter().filter_map(Message::subject).collect();
    assert!(subjects.contains(&"Xã Bến đã chuyển đến nội dung 2026-000001"), "{subjects:?}");
    let moved = "Your message 2026-000001 has been transferred to Làng Commune";
    let it = all.iter().find(|it| it.subject() == Some(moved)).unwrap();
    let stop = it.header_raw("List-Unsubscribe").unwrap().trim().to_owned();
    let stop = stop.trim_matches(['<', '>']).trim_start_matches("http://ben.tinh.test").to_owned();
    let citizen = ben.citizen();
    let there = citizen.get(&stop).await.status(301);
    let there = there.leads_to("http://ben.tinh.test/en/letters/unsubscribe/");
    let there = there.trim_start_matches("http://ben.tinh.test");
    let page = citizen.get(there).await.status(200);
    page.sees("receives notices about what you sent from Bến Commune Website");
    let done = citizen.post_as_it_is(&stop, &[]).await.status(200);
    done.sees("will no longer receive notices about what you sent");
}

#[actix_web::test]
async fn a_case_in_vietnamese_stays_vietnamese() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let asked = with(&ASKED, &[("subject", "Đăng ký khai sinh"), ("agree_mail", "on")]);
    send(&portal, &ben.citizen(), "/hoi-dap/gui/cau-hoi", &asked, &[]).await.status(303);
    ben.thu().get("/quan-tri/hoi-dap").await.misses("Người gửi dùng tiếng Anh");
    let subjects: Vec<String> =
        portal.write(|conn, _, _| Ok(mails::table.select(mails::subject).load(conn)?));
    assert_eq!(subjects, ["Đã nhận được nội dung của ông/bà (2026-000001)"]);
}

#[actix_web::test]
async fn a_draft_is_commented_on_in_english_and_the_outcome_told_so() {
    let portal = Portal::start().await;
    consultations::open(&portal).await;
    let page = format!("/en{}", consultations::PUBLIC.replace("lay-y-kien", "consultations"));
    let citizen = portal.ben().citizen();
    citizen
        .get(&page)
        .await
        .status(200)
        .sees("Open for comments")
        .sees("Days left: 20, until the end of 11 December 2026")
        .sees("Law on Promulgation of Legal Documents No. 64/2025/QH15")
        .sees("<span class=\"quiet\">Submission or explanatory note</span>")
        .sees("<h1 lang=\"vi\">Về quy chế sử dụng nhà văn hóa</h1>")
        .sees("lang=\"vi\">Nhà văn hóa các thôn.");
    let form = format!("{page}/gop-y");
    let nonce = citizen.get(&form).await.status(200).between("name=\"nonce\" value=\"", "\"");
    portal.wait(TimeDelta::seconds(20));
    let wrong = [("nonce", nonce.as_str()), ("name", "Jane Doe"), ("email", "jane@home.test")];
    let again = citizen.post(&form, &wrong).await.status(422);
    again.sees("Please write your comment.").sees("value=\"Jane Doe\"").sees("jane@home.test");
    let right = with(&wrong, &[("body", "Please open until 10 p.m."), ("agree", "on")]);
    let sent = citizen.post(&form, &right).await.status(303);
    sent.leads_to(&page);
    portal.wait(TimeDelta::days(21));
    assert_eq!(consultations::round(&portal).await, 1);

    let (subject, body): (String, String) = portal
        .write(|conn, _, _| Ok(mails::table.select((mails::subject, mails::body)).first(conn)?));
    assert_eq!(subject, "Consultation closed: Về quy chế sử dụng nhà văn hóa");
    assert!(body.contains("ended on 11 December 2026"), "{body}");
    assert!(body.contains(&format!("http://ben.tinh.test{page}")), "{body}");
    assert!(body.contains("/en/thu/thoi-nhan/"), "{body}");
}

#[actix_web::test]
async fn a_document_is_explained_in_english_and_quoted_in_vietnamese() {
    let portal = Portal::start().await;
    consultations::open(&portal).await;
    let citizen = portal.ben().citizen();
    let register = citizen.get("/en/documents").await.status(200);
    register
        .sees("<strong>1</strong> document<")
        .sees("People&#39;s Committee of Bến Commune")
        .sees("class=\"register-sum\" lang=\"vi\">")
        .sees("Draft document")
        .misses("Lọc văn bản");
    let page = citizen.get("/en/documents/ve-quy-che-su-dung-nha-van-hoa").await.status(200);
    page.sees("This is a draft, not a document that has been issued.")
        .sees("This draft is open for comments until the end of 11 December 2026.")
        .sees("href=\"/en/consultations/")
        .sees("<section class=\"legal-article\" lang=\"vi\"")
        .sees("\"inLanguage\":\"en\"");
    let feed = citizen.get("/en/documents.json").await.status(200);
    feed.sees("http://ben.tinh.test/en/documents/ve-quy-che").sees("\"language\":\"en\"");
}
