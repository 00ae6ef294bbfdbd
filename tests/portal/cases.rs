//! What citizens send: the form, the code, the desk, the answer, transfer, what others read, what is forgotten.

use base::SiteId;
use chrono::TimeDelta;
use db::{Conn, events::Actor};
use diesel::prelude::*;
use feedback::{
    model::{code::Code, proof, state::State},
    store::{self, Sight},
};
use kit::{Answer, Portal, Village, Visitor};

const QUESTION: &str = "/hoi-dap/gui/cau-hoi";
const DESK: &str = "/quan-tri/hoi-dap";

/// A question with everything a person typed.
const ASKED: [(&str, &str); 6] = [
    ("subject", "Đăng ký khai sinh cho con"),
    ("message", "Tôi cần mang giấy tờ gì khi đăng ký khai sinh cho con?"),
    ("name", "Trần Văn Lúa"),
    ("phone", "0912 345 678"),
    ("agree_process", "on"),
    ("agree_publish", "on"),
];

pub(super) fn with<'a>(
    form: &[(&'a str, &'a str)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).copied().collect()
}

/// Opens the form at `path`; gives its slip.
async fn slip(citizen: &Visitor<'_>, path: &str) -> String {
    citizen.get(path).await.status(200).between("name=\"slip\" value=\"", "\"")
}

/// Opens a form, does the work, waits as a person would and sends it.
pub(super) async fn send(
    portal: &Portal,
    citizen: &Visitor<'_>,
    path: &str,
    form: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let slip = slip(citizen, path).await;
    let proof = proof::find(&slip);
    portal.wait(TimeDelta::seconds(5));
    let form = with(form, &[("slip", &slip), ("proof", &proof)]);
    citizen.upload(path, "files", files, &form).await
}

/// Sends a question; gives its tracking code.
async fn ask(portal: &Portal, village: Village<'_>) -> String {
    let answer = send(portal, &village.citizen(), QUESTION, &ASKED, &[]).await.status(303);
    code(&answer.leads_to("/hoi-dap/ma/"))
}

fn code(location: &str) -> String {
    location.trim_start_matches("/hoi-dap/ma/").split('?').next().unwrap().to_owned()
}

/// The screen of the case that the queue shows first.
pub(super) async fn first(who: &Visitor<'_>) -> String {
    let page = who.get(DESK).await.status(200);
    format!("{DESK}/{}", page.between("class=\"row-title\" href=\"/quan-tri/hoi-dap/", "\""))
}

/// The version of a case on its screen.
async fn lock(who: &Visitor<'_>, path: &str) -> String {
    who.get(path).await.status(200).between("name=\"lock\" value=\"", "\"")
}

/// Takes a step with a case as it is now.
pub(super) async fn act(
    who: &Visitor<'_>,
    path: &str,
    step: &str,
    form: &[(&str, &str)],
) -> Answer {
    let lock = lock(who, path).await;
    who.post(&format!("{path}/{step}"), &with(form, &[("lock", &lock)])).await
}

/// The version of the answer on the screen of a case.
async fn answer_lock(who: &Visitor<'_>, path: &str) -> String {
    who.get(path).await.status(200).between("name=\"answer_lock\" value=\"", "\"")
}

pub(super) const ANSWER: &str = "Ông bà mang giấy chứng sinh và căn cước đến bộ phận một cửa.";

/// Writes an answer and hands it in.
async fn draft(who: &Visitor<'_>, path: &str, kind: &str) {
    let lock = answer_lock(who, path).await;
    let form = [("kind", kind), ("body", ANSWER), ("answer_lock", &lock), ("then", "submit")];
    who.post(&format!("{path}/du-thao"), &form).await.status(303);
}

/// Answers a case in every step: written by one, approved by another, sent.
pub(super) async fn answer(village: Village<'_>, path: &str) {
    draft(&village.thu(), path, "final").await;
    let lock = answer_lock(&village.duyen(), path).await;
    village.duyen().post(&format!("{path}/duyet"), &[("answer_lock", &lock)]).await.status(303);
    let lock = answer_lock(&village.thu(), path).await;
    village.thu().post(&format!("{path}/gui"), &[("answer_lock", &lock)]).await.status(303);
}

fn count(portal: &Portal) -> i64 {
    portal.write(|conn, _, _| Ok(db::schema::cases::table.count().get_result(conn)?))
}

/// The case of a code on a site.
fn case(portal: &Portal, site: SiteId, code: &str) -> base::Result<store::Case> {
    let digest = Code::parse(code).unwrap().digest();
    portal.write(|conn, _, _| Ok(store::by_code(conn, site, &digest)))
}

#[actix_web::test]
async fn a_question_is_sent_tracked_answered_and_read_by_others() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let code = ask(&portal, ben).await;
    let status = format!("/hoi-dap/ma/{code}");
    let page = ben.citizen().get(&format!("{status}?moi=1")).await.status(200);
    page.sees(&code)
        .sees("Xã Bến")
        .sees("Vì sao hạn là ngày này?")
        .misses("Trần Văn Lúa")
        .misses("0912");

    let path = first(&ben.thu()).await;
    ben.thu().get(&path).await.sees("Trần Văn Lúa").sees("giấy tờ gì").sees("-000001");
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    answer(ben, &path).await;
    // The code alone says that it was answered, and not what.
    ben.citizen().get(&status).await.sees("Đã trả lời").misses("giấy chứng sinh");
    ben.citizen().post(&format!("{status}/thu"), &[("contact", "1111")]).await.status(422);
    ben.citizen()
        .post(&format!("{status}/thu"), &[("contact", "5678")])
        .await
        .status(200)
        .sees("giấy chứng sinh");

    ben.citizen().get("/hoi-dap").await.misses("khai sinh");
    let text = [
        ("title", "Giấy tờ đăng ký khai sinh"),
        ("question", "Đăng ký khai sinh cần giấy tờ gì?"),
        ("answer", ANSWER),
    ];
    act(&ben.thu(), &path, "cong-khai", &text).await.status(403);
    act(&ben.duyen(), &path, "cong-khai", &text).await.status(303);
    ben.citizen().get("/hoi-dap").await.sees("Giấy tờ đăng ký khai sinh").misses("Văn Lúa");
    let public = ben.citizen().get("/hoi-dap/giay-to-dang-ky-khai-sinh").await.status(200);
    public.sees("giấy chứng sinh").misses("Văn Lúa").misses("0912").misses("Tôi cần mang");
    portal.lang().citizen().get("/hoi-dap/giay-to-dang-ky-khai-sinh").await.status(404);
    for feed in ["/hoi-dap.rss", "/hoi-dap.atom", "/hoi-dap.json"] {
        ben.citizen().get(feed).await.status(200).sees("khai sinh").misses("Văn Lúa");
    }
    portal.catch_up();
    ben.citizen()
        .get("/tim-kiem?q=khai+sinh")
        .await
        .status(200)
        .sees("/hoi-dap/giay-to-dang-ky-khai-sinh");

    act(&ben.duyen(), &path, "go", &[]).await.status(303);
    ben.citizen().get("/hoi-dap/giay-to-dang-ky-khai-sinh").await.status(410);
    portal.catch_up();
    ben.citizen().get("/tim-kiem?q=khai+sinh").await.misses("/hoi-dap/giay-to");
}

#[actix_web::test]
async fn every_public_page_of_cases_is_drawn() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    for path in [
        "/hoi-dap",
        "/hoi-dap/gui",
        "/hoi-dap/tra-cuu",
        "/hoi-dap/thong-ke.json",
        "/hoi-dap/tuong-tu.json?q=khai+sinh",
    ] {
        ben.citizen().get(path).await.status(200);
    }
    for slug in [
        "cau-hoi",
        "phan-anh-kien-nghi",
        "cung-cap-thong-tin",
        "bao-sai",
        "quyen-du-lieu-ca-nhan",
        "bao-vi-pham",
        "khieu-nai-to-cao",
    ] {
        let page = ben.citizen().get(&format!("/hoi-dap/gui/{slug}")).await.status(200);
        page.misses("checked").misses("case_").sees("name=\"slip\"");
    }
    ben.citizen().get("/hoi-dap/gui/khong-co").await.status(404);
    ben.citizen().get("/hoi-dap/khong-co").await.status(404);
    ben.citizen().get("/hoi-dap/gui/bao-sai?ve=/tin-tuc/x").await.sees("value=\"/tin-tuc/x\"");
    ben.citizen().get("/tuong-tac/hoi-dap").await.status(307);
}

#[actix_web::test]
async fn a_form_that_is_sent_twice_is_one_case_with_one_code() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let slip = slip(&citizen, QUESTION).await;
    portal.wait(TimeDelta::seconds(30));
    let form = with(&ASKED, &[("slip", &slip)]);
    let once =
        citizen.upload(QUESTION, "files", &[], &form).await.status(303).leads_to("/hoi-dap/ma/");
    let twice = citizen.upload(QUESTION, "files", &[("a.txt", b"x")], &form).await.status(303);

    assert_eq!(once, twice.leads_to("/hoi-dap/ma/"));
    assert_eq!(count(&portal), 1);
    assert_eq!(
        portal.write(|conn, _, _| Ok(db::schema::files::table.count().get_result::<i64>(conn)?)),
        0
    );
}

#[actix_web::test]
async fn what_is_wrong_is_named_and_nothing_typed_is_lost() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let long = "a".repeat(50_000);
    let page = send(&portal, &citizen, QUESTION, &with(&ASKED, &[("message", &long)]), &[])
        .await
        .status(422);
    page.sees("50000 ký tự").sees("Đăng ký khai sinh cho con").sees("Trần Văn Lúa");
    let mail = with(&ASKED, &[("email", "a@b.vn\nBcc: x@y.vn")]);
    send(&portal, &citizen, QUESTION, &mail, &[]).await.status(422).sees("href=\"#email\"");
    let page =
        send(&portal, &citizen, QUESTION, &ASKED, &[("a.exe", b"MZ\x90\x00")]).await.status(422);
    page.sees("giấy tờ gì");
    send(&portal, &citizen, QUESTION, &with(&ASKED, &[("website", "http://spam")]), &[])
        .await
        .status(422);
    send(&portal, &citizen, QUESTION, &with(&ASKED, &[("agree_process", "")]), &[])
        .await
        .status(422);

    // Without work, a form that comes too soon is asked to wait.
    let slip = slip(&citizen, QUESTION).await;
    let form = with(&ASKED, &[("slip", &slip)]);
    portal.wait(TimeDelta::seconds(5));
    let page = citizen.upload(QUESTION, "files", &[], &form).await.status(422);
    page.sees("giây nữa").sees("giấy tờ gì");
    assert_eq!(count(&portal), 0);
    portal.wait(TimeDelta::seconds(20));
    citizen.upload(QUESTION, "files", &[], &form).await.status(303);
    assert_eq!(count(&portal), 1);
}

#[actix_web::test]
async fn a_citizen_is_told_when_nothing_can_be_saved_and_loses_no_word() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    // A table that is not there stands for a database that fails while writing.
    portal.write(|conn, _, _| {
        diesel::sql_query("ALTER TABLE case_numbers RENAME TO gone").execute(conn)?;
        Ok(())
    });
    let page = send(&portal, &citizen, QUESTION, &ASKED, &[]).await;
    page.status(503).sees("chưa lưu được").sees("giấy tờ gì").sees("Trần Văn Lúa");
    assert_eq!(count(&portal), 0);

    portal.write(|conn, _, _| {
        diesel::sql_query("ALTER TABLE gone RENAME TO case_numbers").execute(conn)?;
        Ok(())
    });
    send(&portal, &citizen, QUESTION, &ASKED, &[]).await.status(303);
}

#[actix_web::test]
async fn html_and_odd_characters_are_shown_as_text() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let form = with(
        &ASKED,
        &[
            ("subject", "<script>alert(1)</script> =HYPERLINK(\"x\")"),
            ("message", "Xin ho\u{0309}i\u{202E} <b>ve</b> \u{0000} đất đai của tôi"),
        ],
    );
    send(&portal, &ben.citizen(), QUESTION, &form, &[]).await.status(303);

    let page = ben.thu().get(&first(&ben.thu()).await).await.status(200);
    page.misses("<script>alert").misses("\u{202E}").sees("Xin hỏi").sees("&lt;b&gt;");
}

/// Asks for a case by its code.
async fn look(village: Village<'_>, code: &str) -> Answer {
    village.citizen().post("/hoi-dap/tra-cuu", &[("code", code)]).await
}

#[actix_web::test]
async fn a_code_is_checked_before_it_is_looked_up_and_guesses_are_limited() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let code = ask(&portal, ben).await;
    look(ben, &code.to_lowercase().replace('-', " ")).await.status(303);
    let mut wrong: Vec<char> = code.chars().collect();
    wrong[0] = if wrong[0] == 'A' { 'B' } else { 'A' };
    look(ben, &wrong.iter().collect::<String>()).await.status(422).sees("gõ nhầm hoặc đổi chỗ");
    look(ben, "O0I1").await.status(422).sees("Trong mã không có");
    // Another site does not know it.
    look(lang, &code).await.status(422).sees("không có trên trang này");
    lang.citizen().get(&format!("/hoi-dap/ma/{code}")).await.status(404);
    // A thousand guesses come to an end.
    let mut last = 0;
    for n in 0..1000 {
        let guess = Code::of(n).to_string();
        let page = look(ben, &guess).await.status(422);
        last = n;
        if page.text.contains("quá nhiều lượt") {
            break;
        }
    }
    assert!(last < 999, "nobody stopped the guessing");
    look(ben, &code).await.status(422).sees("quá nhiều lượt");
    portal.wait(TimeDelta::minutes(20));
    look(ben, &code).await.status(303);
}

#[actix_web::test]
async fn only_who_handles_cases_sees_them() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    for who in [ben.hoa(), ben.binh(), ben.quan()] {
        who.get(DESK).await.status(403);
        who.get(&path).await.status(403);
    }
    ben.citizen().get(DESK).await.status(401);
    portal.lang().thu().get(&path).await.status(404);
    // The province and its auditor see numbers.
    for who in [ben.tinh(), ben.kiem()] {
        who.get(DESK).await.status(303);
        who.get(&path).await.status(404);
        who.get("/quan-tri/hoi-dap/thong-ke").await.status(200).misses("Văn Lúa");
        who.post(&format!("{path}/du-lieu.json"), &[]).await.status(403);
    }
    // Who protects data reads it for a reason, which is written down.
    ben.mai().get(&path).await.status(200).misses("Văn Lúa").sees("Lý do xem");
    ben.mai().post(&format!("{path}/ly-do"), &[("reason", "x")]).await.status(422);
    let reason = [("reason", "Kiểm tra theo đề nghị của người gửi")];
    ben.mai().post(&format!("{path}/ly-do"), &reason).await.status(303);
    ben.mai().get(&path).await.status(200).sees("Trần Văn Lúa");
    ben.mai().post(&format!("{path}/tiep-nhan"), &[("lock", "1")]).await.status(403);
    ben.thu().get(&path).await.sees("Kiểm tra theo đề nghị của người gửi");
    portal.wait(TimeDelta::minutes(61));
    let later = portal.ben().mai();
    later.get(&path).await.status(200).misses("Trần Văn Lúa");
}

#[actix_web::test]
async fn a_case_keeps_its_code_files_and_privacy_when_it_moves() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let file = [("anh-hien-truong.txt", b"Cong hong o thon Ben".as_slice())];
    let answer = send(&portal, &ben.citizen(), QUESTION, &ASKED, &file).await.status(303);
    let code = code(&answer.leads_to("/hoi-dap/ma/"));
    let path = first(&ben.thu()).await;
    let page = ben.thu().get(&path).await;
    let attachment = format!("{path}/tep/{}", page.between("/tep/", "\""));
    ben.thu().get(&attachment).await.status(200).sees("Cong hong");
    // No library, no public address, no other person has it.
    let id = attachment.rsplit('/').next().unwrap().to_owned();
    ben.quan().get("/quan-tri/tep").await.misses("anh-hien-truong");
    ben.quan().get(&format!("/tep/{id}/anh-hien-truong.txt")).await.status(404);
    ben.quan().get(&attachment).await.status(403);

    let to = lang.id().to_string();
    let form = [("site", to.as_str()), ("transfer_reason", "Đường này do xã Làng quản lý")];
    act(&ben.thu(), &path, "chuyen", &form).await.status(303);
    // The old holder sees where it is, and nothing else.
    let old = ben.thu().get(&path).await.status(200);
    old.sees("Xã Làng").misses("Trần Văn Lúa").misses("giấy tờ gì").sees("do xã Làng quản lý");
    ben.thu().get(&attachment).await.status(404);
    ben.thu().post(&format!("{path}/tiep-nhan"), &[("lock", "2")]).await.status(404);
    ben.thu().get(DESK).await.sees("Đã chuyển đi");
    // The new holder has all of it.
    lang.thu().get(&path).await.status(200).sees("Trần Văn Lúa").sees("Xã Bến");
    lang.thu().get(&attachment).await.status(200).sees("Cong hong");
    // The code works where it was sent and where it is held, and nowhere else.
    for village in [ben, lang] {
        let page = village.citizen().get(&format!("/hoi-dap/ma/{code}")).await.status(200);
        page.sees("Chuyển đến Xã Làng").misses("Văn Lúa");
    }
    portal.tinh().citizen().get(&format!("/hoi-dap/ma/{code}")).await.status(404);

    act(&lang.thu(), &path, "tra-ve", &[("return_reason", "Đoạn này vẫn thuộc xã Bến")])
        .await
        .status(303);
    lang.thu().get(&path).await.status(200).misses("Văn Lúa");
    ben.thu().get(&path).await.sees("Trả về Xã Bến").sees("Trần Văn Lúa");
    ben.thu().get(&attachment).await.status(200);
    assert_eq!(case(&portal, ben.id(), &code).unwrap().state, State::Working);
}

#[actix_web::test]
async fn a_case_does_not_go_where_nobody_takes_it_in() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    let close = |state: base::SiteState| {
        let site = lang.id();
        portal.write(|conn, _, _| {
            use db::schema::sites;
            let row = sites::table.filter(sites::id.eq(site));
            diesel::update(row).set(sites::state.eq(state)).execute(conn)?;
            Ok(())
        });
    };
    close(base::SiteState::Archived);
    let to = lang.id().to_string();
    let form = [("site", to.as_str()), ("transfer_reason", "Thuộc xã Làng")];
    act(&ben.thu(), &path, "chuyen", &form)
        .await
        .status(422)
        .sees("Xã Làng")
        .sees("không còn tiếp nhận");
    let nowhere = SiteId::new().to_string();
    let form = [("site", nowhere.as_str()), ("transfer_reason", "Thuộc xã Làng")];
    act(&ben.thu(), &path, "chuyen", &form).await.status(422);
    assert_eq!(count(&portal), 1);
    ben.thu().get(&path).await.status(200).sees("Trần Văn Lúa");
}

#[actix_web::test]
async fn an_answer_is_sent_only_as_another_person_approved_it() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    draft(&ben.thu(), &path, "final").await;
    let lock = answer_lock(&ben.thu(), &path).await;
    let form = [("answer_lock", lock.as_str())];
    ben.thu().post(&format!("{path}/gui"), &form).await.status(409).sees("chưa được duyệt");
    ben.thu().post(&format!("{path}/duyet"), &form).await.status(403);
    // An approver who changes it needs another one.
    let changed = [
        ("kind", "final"),
        ("body", "Một câu trả lời khác hẳn, do người duyệt viết."),
        ("answer_lock", &lock),
        ("then", "submit"),
    ];
    ben.duyen().post(&format!("{path}/du-thao"), &changed).await.status(303);
    let lock = answer_lock(&ben.duyen(), &path).await;
    ben.duyen().post(&format!("{path}/duyet"), &[("answer_lock", &lock)]).await.status(409);
    // Returned with an opinion, written anew, approved; a change after that takes the approval away.
    ben.duyen()
        .post(&format!("{path}/y-kien"), &[("answer_lock", &lock), ("opinion", "Cần nêu căn cứ")])
        .await
        .status(303);
    ben.thu().get(&path).await.sees("Cần nêu căn cứ");
}

/// The letters written so far: to whom and what.
fn letters(portal: &Portal) -> Vec<(String, String)> {
    use db::schema::mails;
    portal.write(|conn, _, _| {
        Ok(mails::table.order(mails::id).select((mails::recipient, mails::body)).load(conn)?)
    })
}

/// Asks the approver by letter; gives the link in it.
async fn link(portal: &Portal, path: &str) -> String {
    let thu = portal.ben().thu();
    let duyen = portal.user_id("duyen.ben").to_string();
    let lock = answer_lock(&thu, path).await;
    let form = [("approver", duyen.as_str()), ("answer_lock", lock.as_str())];
    let asked = thu.post(&format!("{path}/duong-dan-duyet"), &form).await.status(303);
    assert!(!asked.text.contains("/duyet/"));
    let (to, body) = letters(portal).pop().unwrap();
    assert_eq!(to, "duyen.ben@tinh.gov.vn");
    let link = body.split("/duyet/").nth(1).unwrap().split_whitespace().next().unwrap();
    format!("/duyet/{link}")
}

#[actix_web::test]
async fn a_link_approves_one_version_once_and_looking_at_it_approves_nothing() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    draft(&ben.thu(), &path, "final").await;
    let first = link(&portal, &path).await;
    for _ in 0..3 {
        ben.citizen().get(&first).await.status(200).sees("giấy chứng sinh");
    }
    ben.thu().get(&path).await.sees("Chờ duyệt");
    portal.lang().citizen().get(&first).await.status(409);
    // A change ends the link.
    draft(&ben.thu(), &path, "final").await;
    ben.citizen().get(&first).await.status(409);
    ben.citizen().post(&first, &[]).await.status(409);
    let second = link(&portal, &path).await;
    ben.citizen().post(&second, &[]).await.status(200).sees("Đã duyệt");
    ben.citizen().post(&second, &[]).await.status(409);
    ben.thu().get(&path).await.sees("Đã duyệt").sees("Bà duyen.ben");
    // Time ends it too.
    draft(&ben.thu(), &path, "final").await;
    let third = link(&portal, &path).await;
    portal.wait(TimeDelta::hours(49));
    ben.citizen().post(&third, &[]).await.status(409);
}

#[actix_web::test]
async fn a_complaint_is_explained_kept_apart_and_never_public() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let form = ben.citizen().get("/hoi-dap/gui/khieu-nai-to-cao").await.status(200);
    form.sees("Luật Khiếu nại và Luật Tố cáo");
    send(&portal, &ben.citizen(), "/hoi-dap/gui/khieu-nai-to-cao", &ASKED, &[]).await.status(303);
    ben.thu().get(DESK).await.status(200).misses("khai sinh");
    let path = first(&ben.duyen()).await;
    ben.thu().get(&path).await.status(404);
    ben.duyen().get(&path).await.status(200).sees("Hạn chế");
    let text = [("title", "Tiêu đề"), ("question", "Một câu hỏi dài"), ("answer", ANSWER)];
    act(&ben.duyen(), &path, "cong-khai", &text).await.status(409);

    // Words make the staff look, and nothing else.
    let form = with(&ASKED, &[("message", "Tôi tố cáo ông A nhận hối lộ khi làm thủ tục")]);
    send(&portal, &ben.citizen(), QUESTION, &form, &[]).await.status(303);
    ben.thu().get(DESK).await.sees("Có thể là khiếu nại, tố cáo");
    let path = first(&ben.thu()).await;
    let form = [("kind", "complaint"), ("restricted", "on")];
    act(&ben.thu(), &path, "phan-loai", &form).await.status(303).leads_to(DESK);
    ben.thu().get(&path).await.status(404);
    ben.duyen().get(&path).await.status(200);
}

#[actix_web::test]
async fn what_is_not_taken_up_is_explained_by_a_letter() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let code = ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "khong-tiep-nhan", &[("letter", "")])
        .await
        .status(422)
        .sees("Thư trả lời còn trống");
    let letter = "Kính gửi bà, nội dung còn thiếu địa chỉ. Bà vui lòng gửi lại kèm địa chỉ.";
    act(&ben.thu(), &path, "khong-tiep-nhan", &[("letter", letter)]).await.status(303);
    let status = format!("/hoi-dap/ma/{code}");
    ben.citizen().get(&status).await.sees("Không tiếp nhận");
    ben.citizen()
        .post(&format!("{status}/thu"), &[("contact", "5678")])
        .await
        .sees("thiếu địa chỉ");

    // A request for information is refused on a ground of the law only.
    let request = [
        ("subject", "Quy hoạch thôn Bến"),
        ("message", "Đề nghị cung cấp bản đồ quy hoạch thôn Bến."),
        ("name", "Lê Văn Bờ"),
        ("address", "Thôn Bến"),
        ("id_number", "001099012345"),
        ("phone", "0912345678"),
        ("supply", "office"),
        ("reason", "Tìm hiểu"),
    ];
    send(&portal, &ben.citizen(), "/hoi-dap/gui/cung-cap-thong-tin", &request, &[])
        .await
        .status(303);
    let path = first(&ben.thu()).await;
    ben.thu().get(&path).await.sees("001099012345").sees("Nhận tại cơ quan");
    act(&ben.thu(), &path, "khong-tiep-nhan", &[("letter", letter)])
        .await
        .status(422)
        .sees("căn cứ");
    act(&ben.thu(), &path, "khong-tiep-nhan", &[("letter", letter), ("ground", "published")])
        .await
        .status(303);
    // The number of the card lies nowhere in the open.
    let sealed: Vec<String> = portal.write(|conn, _, _| {
        Ok(db::schema::case_people::table.select(db::schema::case_people::sealed).load(conn)?)
    });
    assert!(
        sealed.iter().any(|it| !it.is_empty())
            && sealed.iter().all(|it| !it.contains("001099012345"))
    );
}

#[actix_web::test]
async fn a_rating_is_given_once_and_leads_to_nobody() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let code = ask(&portal, ben).await;
    let status = format!("/hoi-dap/ma/{code}");
    ben.citizen().post(&format!("{status}/danh-gia"), &[("score", "5")]).await.status(409);
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    answer(ben, &path).await;
    let before = case(&portal, ben.id(), &code).unwrap();
    ben.citizen().post(&format!("{status}/danh-gia"), &[("score", "9")]).await.status(422);
    ben.citizen().post(&format!("{status}/danh-gia"), &[("score", "4")]).await.status(303);
    ben.citizen().post(&format!("{status}/danh-gia"), &[("score", "1")]).await.status(409);

    // Neither the version nor a time of the case moved: nothing tells when it was rated.
    let after = case(&portal, ben.id(), &code).unwrap();
    assert_eq!((before.lock, before.updated_at), (after.lock, after.updated_at));
    let rows: Vec<(SiteId, String, i32, i32, i32, i32)> =
        portal.write(|conn, _, _| Ok(db::schema::case_ratings::table.load(conn)?));
    assert_eq!(rows, [(ben.id(), "question".into(), 2026, 11, 4, 1)]);
    ben.citizen()
        .get("/hoi-dap/thong-ke.json")
        .await
        .sees("\"ratings\":1")
        .sees("\"average_rating\":40");
}

/// The schema itself cannot join a score to a case or a person: the figures have no column that
/// any other table of cases has, but the site and the type (ND224-10.3.b).
#[test]
fn the_schema_has_no_way_from_a_score_to_a_person() {
    let folder = kit::root().join("migrations/2026-11-22-000012_cases/up.sql");
    let sql = std::fs::read_to_string(folder).unwrap();
    let table =
        sql.split("CREATE TABLE case_ratings (").nth(1).unwrap().split(");").next().unwrap();
    let columns: Vec<&str> = table
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty() && !it.starts_with("PRIMARY"))
        .map(|it| it.split(' ').next().unwrap())
        .collect();
    assert_eq!(columns, ["site_id", "type_key", "year", "month", "score", "times"]);
    let cases = sql.split("CREATE TABLE cases (").nth(1).unwrap().split(");\n").next().unwrap();
    let columns = cases.lines().filter_map(|line| line.split_whitespace().next());
    assert!(columns.into_iter().all(|it| it != "score"), "the case knows its score");
}

#[actix_web::test]
async fn a_citizen_takes_it_up_again_in_time_and_then_it_closes_by_itself() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let code = ask(&portal, ben).await;
    let status = format!("/hoi-dap/ma/{code}");
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    answer(ben, &path).await;
    ben.citizen().post(&format!("{status}/mo-lai"), &[("why", "x")]).await.status(422);
    ben.citizen()
        .post(&format!("{status}/mo-lai"), &[("why", "Tôi hỏi cả lệ phí nhưng chưa được trả lời.")])
        .await
        .status(303);
    ben.thu().get(&path).await.sees("Tôi hỏi cả lệ phí").sees("Đang xử lý");
    answer(ben, &path).await;
    sweep(&portal);
    assert_eq!(case(&portal, ben.id(), &code).unwrap().state, State::Answered);
    portal.wait(TimeDelta::days(11));
    ben.citizen()
        .post(&format!("{status}/mo-lai"), &[("why", "Tôi hỏi cả lệ phí nhưng chưa được trả lời.")])
        .await
        .status(409);
    sweep(&portal);
    assert_eq!(case(&portal, ben.id(), &code).unwrap().state, State::Closed);
}

/// Runs the retention job as the server does.
fn sweep(portal: &Portal) {
    let (office, storage) = (portal.parts.feedback.clone(), portal.parts.storage.clone());
    let runtime = tokio::runtime::Handle::current();
    portal.write(|conn, _, now| {
        let _inside = runtime.enter();
        store::retention::sweep(conn, (&office.types, &office.catalog), &storage, now)
    });
}

#[actix_web::test]
async fn what_is_over_is_forgotten_and_figures_stay() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let code = ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    ben.thu()
        .post(&format!("{path}/du-lieu.json"), &[])
        .await
        .status(200)
        .sees("Trần Văn Lúa")
        .sees("Tôi đồng ý");
    answer(ben, &path).await;
    portal.wait(TimeDelta::days(11));
    sweep(&portal);
    portal.wait(TimeDelta::days(700));
    sweep(&portal);
    assert!(case(&portal, ben.id(), &code).unwrap().forgotten_at.is_none());
    portal.wait(TimeDelta::days(40));
    sweep(&portal);
    let case = case(&portal, ben.id(), &code).unwrap();
    assert!(case.forgotten_at.is_some() && case.subject.is_empty() && case.message.is_empty());
    let thu = ben.thu();
    thu.get(&path)
        .await
        .status(200)
        .misses("Trần Văn Lúa")
        .misses("giấy chứng sinh")
        .sees("đã được xóa");
    thu.get("/quan-tri/hoi-dap/thong-ke").await.sees("Đã xóa thông tin cá nhân");
    let people: i64 =
        portal.write(|conn, _, _| Ok(db::schema::case_people::table.count().get_result(conn)?));
    assert_eq!(people, 0);
    no_trace(&portal, "Văn Lúa");
}

/// Looks for `word` in every text column of the tables of cases.
fn no_trace(portal: &Portal, word: &str) {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let places = [
        ("cases", "subject || message || plain || details"),
        ("case_messages", "body"),
        ("case_answers", "body"),
        ("events", "target || detail"),
    ];
    for (table, columns) in places {
        let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE {columns} LIKE '%{word}%'");
        let found: Vec<Found> =
            portal.write(|conn: &mut Conn, _, _| Ok(diesel::sql_query(sql).load(conn)?));
        assert!(found.iter().all(|it| it.n == 0), "{table}");
    }
}

#[actix_web::test]
async fn two_cases_that_are_one_are_merged_and_calls_are_entered() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let form = with(&ASKED, &[("kind", "question"), ("channel", "phone")]);
    ben.thu().post("/quan-tri/hoi-dap/moi", &with(&form, &[("channel", "")])).await.status(422);
    let page = ben.thu().post("/quan-tri/hoi-dap/moi", &form).await.status(200);
    let code = page.between("class=\"code\">", "<");
    let path =
        format!("{DESK}/{}", page.between("button primary\" href=\"/quan-tri/hoi-dap/", "\""));
    ben.thu().get(&path).await.status(200).sees("Điện thoại").sees("2026-000001");
    act(&ben.thu(), &path, "gop", &[("number", "2026-000099")]).await.status(422);
    act(&ben.thu(), &path, "gop", &[("number", "2026-000001")]).await.status(303);
    ben.citizen().get(&format!("/hoi-dap/ma/{code}")).await.sees("Gộp vào nội dung khác");
    let form = [("title", "Lời chào"), ("body", "Kính gửi ông bà, cơ quan xin trả lời như sau:")];
    ben.thu().post("/quan-tri/hoi-dap/mau", &form).await.status(303);
    ben.thu().get("/quan-tri/hoi-dap/mau").await.sees("Lời chào");
}

#[actix_web::test]
async fn figures_are_downloaded_without_formulas_or_persons() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let csv = ben.thu().get("/quan-tri/hoi-dap/thong-ke.csv").await.status(200);
    csv.sees("Xã Bến,Hỏi đáp,1,1,0,0,0,0,").misses("Văn Lúa");
    let xlsx = ben.thu().get("/quan-tri/hoi-dap/thong-ke.xlsx").await.status(200);
    assert!(xlsx.bytes.starts_with(b"PK"));
    portal
        .tinh()
        .tinh()
        .get("/quan-tri/hoi-dap/thong-ke")
        .await
        .status(200)
        .sees("Xã Bến")
        .misses("Văn Lúa");
    portal.wait(TimeDelta::days(40));
    ben.citizen().get("/hoi-dap/thong-ke.json").await.sees("\"late\":1");
    let thu = ben.thu();
    thu.get(DESK).await.sees("việc đã quá hạn");
    thu.get(&format!("{DESK}?only=late")).await.sees("khai sinh");
}

#[actix_web::test]
async fn two_people_do_not_overwrite_one_another() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    let seen = lock(&ben.thu(), &path).await;
    act(&ben.duyen(), &path, "tiep-nhan", &[]).await.status(303);
    ben.thu()
        .post(&format!("{path}/giao"), &[("lock", &seen)])
        .await
        .status(409)
        .sees("Người khác vừa thay đổi");
    let nobody = Actor { site: ben.id(), user: None, now: portal.now() };
    assert!(
        portal
            .write(|conn, _, _| Ok(store::by_id(
                conn,
                nobody.site,
                Sight::All,
                feedback::CaseId::new()
            )))
            .is_err()
    );
}

#[actix_web::test]
async fn letters_tell_that_something_happened_and_not_what() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let form = with(&ASKED, &[("email", "Lua@thu.vn"), ("agree_mail", "on")]);
    let sent = send(&portal, &ben.citizen(), QUESTION, &form, &[]).await.status(303);
    let code = code(&sent.leads_to("/hoi-dap/ma/"));
    assert_eq!(letters(&portal).len(), 1);
    assert!(letters(&portal)[0].1.contains(&code) && letters(&portal)[0].0 == "lua@thu.vn");

    let path = first(&ben.thu()).await;
    let to = lang.id().to_string();
    let form = [("site", to.as_str()), ("transfer_reason", "Thuộc xã Làng quản lý")];
    act(&ben.thu(), &path, "chuyen", &form).await.status(303);
    let to_citizen = |all: Vec<(String, String)>| -> Vec<(String, String)> {
        all.into_iter().filter(|(to, _)| to == "lua@thu.vn").collect()
    };
    assert!(to_citizen(letters(&portal))[1].1.contains("Xã Làng"));
    // The office that has it now is written to as well, with a way there.
    let all = letters(&portal);
    let arrived: Vec<&String> = all
        .iter()
        .filter(|(_, body)| body.contains("đã chuyển đến cơ quan"))
        .map(|it| &it.0)
        .collect();
    assert_eq!(arrived.len(), 2, "{arrived:?}");
    assert!(arrived.iter().all(|it| it.ends_with(".lang@tinh.gov.vn")), "{arrived:?}");
    assert!(all.iter().any(|(_, body)| body.contains(&format!("http://lang.tinh.test{path}"))));
    act(&lang.thu(), &path, "tiep-nhan", &[]).await.status(303);
    answer(lang, &path).await;
    let all = letters(&portal);
    assert_eq!(to_citizen(all.clone()).len(), 3);
    for (_, body) in &all {
        assert!(!body.contains("khai sinh") && !body.contains("giấy chứng sinh"), "{body}");
    }
}

#[actix_web::test]
async fn the_office_its_head_and_the_province_are_reminded_once() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let app = portal.parts.app.clone();
    let remind = || async { feedback::jobs::remind(&app).await.unwrap() };
    remind().await;
    assert_eq!(letters(&portal).len(), 0);
    // Fifteen working days from 20 November 2026, with a holiday among them, end on 14 December.
    portal.wait(TimeDelta::days(23));
    remind().await;
    remind().await;
    let people = |all: Vec<(String, String)>| -> Vec<String> {
        let mut people: Vec<String> = all.into_iter().map(|(to, _)| to).collect();
        people.sort();
        people
    };
    assert_eq!(people(letters(&portal)), ["duyen.ben@tinh.gov.vn", "thu.ben@tinh.gov.vn"]);
    portal.wait(TimeDelta::days(2));
    remind().await;
    assert_eq!(letters(&portal).len(), 4);
    assert!(letters(&portal)[3].1.contains("quá hạn"));
    portal.wait(TimeDelta::days(5));
    remind().await;
    remind().await;
    let all = letters(&portal);
    assert_eq!(all.len(), 5, "{:?}", people(all));
    assert_eq!(all[4].0, "tinh@tinh.gov.vn");
    assert!(all.iter().all(|(_, body)| !body.contains("khai sinh")));
}

#[actix_web::test]
async fn personal_data_is_masked_before_others_read_it() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    ask(&portal, ben).await;
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    let lock = answer_lock(&ben.thu(), &path).await;
    let body = "Kính gửi bà, cơ quan đã gọi số 0912 345 678. Mời liên hệ 0299 3 123 456 khi cần.";
    let form = [("kind", "final"), ("body", body), ("answer_lock", &lock), ("then", "submit")];
    ben.thu().post(&format!("{path}/du-thao"), &form).await.status(303);
    let lock = answer_lock(&ben.duyen(), &path).await;
    ben.duyen().post(&format!("{path}/duyet"), &[("answer_lock", &lock)]).await.status(303);
    let lock = answer_lock(&ben.thu(), &path).await;
    ben.thu().post(&format!("{path}/gui"), &[("answer_lock", &lock)]).await.status(303);
    // What we suggest hides the number of the citizen and keeps the one of the office.
    let page = ben.duyen().get(&path).await.status(200);
    let suggested = page.between("name=\"answer\"", "</textarea>");
    assert!(suggested.contains("•••") && suggested.contains("0299 3 123 456"), "{suggested}");
    let text = [
        ("title", "Liên hệ giải quyết"),
        ("question", "Tôi cần liên hệ ai để hỏi việc này?"),
        ("answer", body),
    ];
    act(&ben.duyen(), &path, "cong-khai", &text)
        .await
        .status(422)
        .sees("0912 345 678")
        .misses("“0299 3 123 456”");
    ben.citizen().get("/hoi-dap/lien-he-giai-quyet").await.status(404);
    let masked =
        with(&text, &[("answer", "Cơ quan đã liên hệ người hỏi. Mời gọi 0299 3 123 456.")]);
    act(&ben.duyen(), &path, "cong-khai", &masked).await.status(303);
    ben.citizen().get("/hoi-dap/lien-he-giai-quyet").await.status(200).misses("0912");
}

#[actix_web::test]
async fn a_request_about_ones_data_has_the_deadline_of_its_right() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let ask = |right: &'static str| {
        with(&ASKED, &[("right", right), ("agree_process", ""), ("agree_publish", "")])
    };
    let path = "/hoi-dap/gui/quyen-du-lieu-ca-nhan";
    let due = |right: &'static str| {
        let (portal, citizen) = (&portal, ben.citizen());
        async move {
            let sent = send(portal, &citizen, path, &ask(right), &[]).await.status(303);
            citizen.get(&sent.leads_to("/hoi-dap/ma/")).await.status(200)
        }
    };
    due("view").await.sees("30/11/2026").misses("10/12/2026");
    due("delete").await.sees("10/12/2026");
}
