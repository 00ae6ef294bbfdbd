//! Opinions on drafts: the days of the law, the state that follows them, what readers send, what is
//! shown of it, how it is answered, who is told.

use std::{fs, io::Write};

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use db::{
    Db,
    schema::{consultation_consents, consultation_opinions, mails},
};
use diesel::{connection::SimpleConnection, prelude::*};
use kit::{Answer, Portal, Visitor};

const PDF: &[u8] = b"%PDF-1.7 to trinh cua xa";

/// The address of the draft.
pub(super) const PUBLIC: &str = "/lay-y-kien/ve-quy-che-su-dung-nha-van-hoa";

const TEXT: &str =
    "Điều 1. Phạm vi\nNhà văn hóa các thôn.\nĐiều 2. Giờ mở cửa\nTừ 7 giờ đến 21 giờ.";

/// Uploads a paper for the dossier and gives its key.
async fn paper(visitor: &Visitor<'_>) -> String {
    let about = [("title", "Tờ trình của xã"), ("source", "Xã Bến")];
    visitor.upload("/quan-tri/tep", "files", &[("to-trinh.pdf", PDF)], &about).await.status(303);
    visitor.get("/quan-tri/tep").await.between("/quan-tri/tep/", "\"")
}

/// Enters a draft and has it published; gives the key of the document.
async fn draft(portal: &Portal) -> String {
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let form = [
        ("type", "du-thao"),
        ("issuer_name", "Ủy ban nhân dân Xã Bến"),
        ("summary", "Về quy chế sử dụng nhà văn hóa"),
        ("text", TEXT),
    ];
    let path = hoa.post("/quan-tri/van-ban/moi", &form).await.status(303);
    let path = path.leads_to("/quan-tri/van-ban/");
    let lock = lock(&duyen, &path).await;
    duyen.post(&format!("{path}/dang"), &[("lock", &lock)]).await.status(303);
    path.rsplit('/').next().unwrap().to_owned()
}

async fn lock(visitor: &Visitor<'_>, path: &str) -> String {
    visitor.get(path).await.status(200).between("name=\"lock\" value=\"", "\"")
}

/// Begins a consultation on a published draft; gives its screen.
async fn begin(portal: &Portal) -> String {
    let (document, hoa) = (draft(portal).await, portal.ben().hoa());
    let begun = hoa.post("/quan-tri/lay-y-kien", &[("document", &document)]).await.status(303);
    begun.leads_to("/quan-tri/lay-y-kien/")
}

/// Saves the terms with a dossier and these days.
async fn save(visitor: &Visitor<'_>, path: &str, file: &str, days: (&str, &str)) -> Answer {
    let lock = lock(visitor, path).await;
    let form = [
        ("lock", lock.as_str()),
        ("opens", days.0),
        ("closes", days.1),
        ("purpose", "Vì sao cần quy chế này."),
        ("post_to", "Ủy ban nhân dân Xã Bến, thôn Bến"),
        ("contact", "Văn phòng"),
        ("slot_to-trinh", file),
    ];
    visitor.post(path, &form).await
}

/// A consultation that was announced, open from tomorrow until 11 December; gives its screen.
async fn announced(portal: &Portal) -> String {
    let path = begin(portal).await;
    let hoa = portal.ben().hoa();
    let file = paper(&hoa).await;
    save(&hoa, &path, &file, ("2026-11-21", "2026-12-11")).await.status(303);
    step(&portal.ben().duyen(), &path, "cong-bo", &[]).await.status(303);
    path
}

/// The same, a day later.
pub(super) async fn open(portal: &Portal) -> String {
    let path = announced(portal).await;
    portal.wait(TimeDelta::days(1));
    path
}

async fn step(visitor: &Visitor<'_>, path: &str, what: &str, more: &[(&str, &str)]) -> Answer {
    let lock = lock(visitor, path).await;
    let fields: Vec<(&str, &str)> = more.iter().copied().chain([("lock", lock.as_str())]).collect();
    visitor.post(&format!("{path}/{what}"), &fields).await
}

/// The secret of a form that is shown now.
pub(super) async fn nonce(visitor: &Visitor<'_>) -> String {
    let page = visitor.get(&format!("{PUBLIC}/gop-y")).await.status(200);
    page.between("name=\"nonce\" value=\"", "\"")
}

/// Fills in the form in no hurry, over what a usual reader writes.
async fn say(portal: &Portal, fields: &[(&str, &str)]) -> Answer {
    let citizen = portal.ben().citizen();
    let nonce = nonce(&citizen).await;
    portal.wait(TimeDelta::seconds(20));
    let usual = [("body", "Nên mở cửa đến 22 giờ."), ("name", "Lò Thị Mây"), ("nonce", &nonce)];
    let usual = usual.into_iter().filter(|(name, _)| fields.iter().all(|(it, _)| it != name));
    let form: Vec<(&str, &str)> = usual.chain(fields.iter().copied()).collect();
    citizen.post(&format!("{PUBLIC}/gop-y"), &form).await
}

/// The keys of all opinions, oldest first.
fn opinions(portal: &Portal) -> Vec<String> {
    let ids: Vec<consultations::OpinionId> = portal.write(|conn, _, _| {
        let all = consultation_opinions::table.order(consultation_opinions::id);
        Ok(all.select(consultation_opinions::id).load(conn)?)
    });
    ids.into_iter().map(|id| id.to_string()).collect()
}

/// Has an opinion shown in the words that the screen proposes.
async fn show(portal: &Portal, path: &str, opinion: &str) -> String {
    let binh = portal.ben().binh();
    let page = binh.get(&format!("{path}/y-kien")).await.status(200);
    let words = page.between(&format!("id=\"shown-{opinion}\""), "</textarea>");
    let words = words.split_once(">").unwrap().1.trim();
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let words = marks.iter().fold(words.to_owned(), |it, (from, to)| it.replace(from, to));
    let form = [("act", "show"), ("shown", words.as_str())];
    binh.post(&format!("{path}/y-kien/{opinion}"), &form).await.status(303);
    words
}

/// Answers opinions by a row of the table.
async fn reply(portal: &Portal, path: &str, opinion: &str, explanation: &str) -> Answer {
    let tick = format!("opinion_{opinion}");
    let form = [(tick.as_str(), "on"), ("verdict", "partly"), ("explanation", explanation)];
    portal.ben().hoa().post(&format!("{path}/tong-hop"), &form).await
}

/// Does what a serving process does every minute.
pub(super) async fn round(portal: &Portal) -> usize {
    let parts = &portal.parts;
    consultations::news::round(&parts.app, &parts.consultations, portal.now()).await.unwrap()
}

#[actix_web::test]
async fn less_time_than_the_law_gives_is_refused_by_name() {
    let portal = Portal::start().await;
    let (path, hoa) = (begin(&portal).await, portal.ben().hoa());
    let file = paper(&hoa).await;
    let page = save(&hoa, &path, &file, ("2026-11-25", "2026-12-14")).await.status(422);
    page.sees("20 ngày").sees("64/2025/QH15").sees("15/12/2026").sees("Vì sao cần quy chế này.");
    save(&hoa, &path, &file, ("25/11/2026", "abc")).await.status(422).sees("href=\"#closes\"");

    save(&hoa, &path, &file, ("2026-11-25", "2026-12-15")).await.status(303);
    let lock = lock(&hoa, &path).await;
    let short = |closes: &'static str| {
        let lock = lock.clone();
        [("lock", lock), ("opens", "2026-11-25".into()), ("closes", closes.into())]
    };
    for (closes, code) in [("2026-11-27", 422), ("2026-11-28", 303)] {
        let form = short(closes);
        let mut form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        form.push(("shortened", "on"));
        hoa.post(&path, &form).await.status(code);
    }
}

#[actix_web::test]
async fn only_another_approver_announces_and_only_a_whole_dossier() {
    let portal = Portal::start().await;
    let (path, hoa, duyen) = (begin(&portal).await, portal.ben().hoa(), portal.ben().duyen());
    step(&hoa, &path, "cong-bo", &[]).await.status(403);
    let page = step(&duyen, &path, "cong-bo", &[]).await.status(422);
    page.sees("Tờ trình").sees("href=\"#purpose\"").sees("href=\"#post_to\"");
    let file = paper(&hoa).await;
    save(&duyen, &path, &file, ("2026-11-21", "2026-12-11")).await.status(303);
    step(&duyen, &path, "cong-bo", &[]).await.status(409).sees("không tự công bố");
    portal.ben().citizen().get(PUBLIC).await.status(404);
    let url = format!("/tep/{file}/to-trinh.pdf");
    portal.ben().citizen().get(&url).await.status(404);

    save(&hoa, &path, &file, ("2026-11-21", "2026-12-11")).await.status(303);
    step(&duyen, &path, "cong-bo", &[]).await.status(303);
    let page = portal.ben().citizen().get(PUBLIC).await.status(200);
    page.sees("Từ 21/11/2026 đến hết 11/12/2026").sees("Tờ trình của xã").misses("/gop-y");
    portal.ben().citizen().get(&url).await.status(200);
    save(&hoa, &path, &file, ("2026-11-21", "2026-12-20")).await.status(409);
}

#[actix_web::test]
async fn an_announcement_that_comes_too_late_is_refused() {
    let portal = Portal::start().await;
    let (path, hoa) = (begin(&portal).await, portal.ben().hoa());
    let file = paper(&hoa).await;
    save(&hoa, &path, &file, ("2026-11-21", "2026-12-11")).await.status(303);
    portal.wait(TimeDelta::days(2));
    let page = step(&portal.ben().duyen(), &path, "cong-bo", &[]).await.status(422);
    page.sees("href=\"#opens\"");
}

#[actix_web::test]
async fn the_state_follows_the_days_without_anybody() {
    let portal = Portal::start().await;
    let path = announced(&portal).await;
    let citizen = portal.ben().citizen();
    let document = "/van-ban/ve-quy-che-su-dung-nha-van-hoa";
    citizen.get("/lay-y-kien").await.status(200).sees("Chuẩn bị lấy ý kiến");
    citizen.get(&format!("{PUBLIC}/gop-y")).await.status(200).sees("Chưa đến ngày lấy ý kiến");

    // 23:00 of the 20th is still the day before; an hour later it is open.
    portal.wait(TimeDelta::hours(14));
    citizen.get(PUBLIC).await.status(200).misses("gop-y?dieu=dieu-2");
    portal.wait(TimeDelta::hours(1));
    let page = citizen.get(PUBLIC).await.status(200).sees("Đang lấy ý kiến").sees("Còn 20 ngày");
    page.sees("gop-y?dieu=dieu-2").sees("ít nhất 20 ngày");
    citizen.get(document).await.status(200).sees("Đang lấy ý kiến đến hết ngày 11/12/2026");
    citizen.get("/lay-y-kien.rss").await.status(200).sees("Còn 20 ngày");

    portal.wait(TimeDelta::days(20));
    citizen.get(PUBLIC).await.status(200).sees("là ngày cuối");
    portal.wait(TimeDelta::days(1));
    let page = citizen.get(PUBLIC).await.status(200);
    page.sees("Hết hạn lấy ý kiến").misses("gop-y?dieu=dieu-2");
    citizen.get(document).await.status(200).sees("Đã hết hạn lấy ý kiến ngày 11/12/2026");
    portal.ben().duyen().get(&path).await.status(200).misses("Đã quá 30 ngày");
    portal.wait(TimeDelta::days(30));
    portal.ben().duyen().get(&path).await.status(200).sees("Đã quá 30 ngày");
}

#[actix_web::test]
async fn what_is_open_is_only_prolonged() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    let duyen = portal.ben().duyen();
    let file = portal.ben().hoa().get("/quan-tri/tep").await.between("/quan-tri/tep/", "\"");
    save(&duyen, &path, &file, ("2026-11-21", "2026-12-10")).await.status(422).sees("kéo dài");
    save(&duyen, &path, &file, ("2026-11-22", "2026-12-31")).await.status(422);
    save(&duyen, &path, &file, ("2026-11-21", "2026-12-20")).await.status(303);
    portal.ben().citizen().get(PUBLIC).await.status(200).sees("đến hết 20/12/2026");
    save(&duyen, &path, "", ("2026-11-21", "2026-12-20")).await.status(422).sees("Tờ trình");
}

#[actix_web::test]
async fn an_opinion_is_shown_when_somebody_has_looked_at_it() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    let citizen = portal.ben().citizen();
    let form = citizen.get(&format!("{PUBLIC}/gop-y?dieu=dieu-2")).await.status(200);
    form.sees("value=\"dieu-2\" selected").sees("Từ 7 giờ đến 21 giờ.");
    let words = "Xin mở đến 22 giờ. Gọi tôi số 0912 345 678.";
    let sent = say(&portal, &[("body", words), ("article", "dieu-2")]).await.status(303);
    sent.leads_to(PUBLIC);
    citizen.get(PUBLIC).await.status(200).misses("22 giờ");

    let opinion = opinions(&portal).remove(0);
    let (hoa, binh) = (portal.ben().hoa(), portal.ben().binh());
    let screen = format!("{path}/y-kien/{opinion}");
    hoa.post(&screen, &[("act", "show"), ("shown", words)]).await.status(403);
    let rewritten = [("act", "show"), ("shown", "Xin mở đến 23 giờ.")];
    binh.post(&screen, &rewritten).await.status(422).sees("khác nguyên văn");
    let shown = show(&portal, &path, &opinion).await;
    assert_eq!(shown, "Xin mở đến 22 giờ. Gọi tôi số •••.");
    let page = citizen.get(PUBLIC).await.status(200);
    page.sees("22 giờ").misses("0912").misses("Lò Thị Mây").sees("y-kien-dieu-2");

    binh.post(&screen, &[("act", "hide"), ("reason", "x")]).await.status(422);
    let hide = [("act", "hide"), ("reason", "Lời lẽ không phù hợp")];
    binh.post(&screen, &hide).await.status(303);
    citizen.get(PUBLIC).await.status(200).misses("22 giờ").misses("không phù hợp");
    binh.get(&format!("{path}/y-kien")).await.sees("0912 345 678").sees("Lời lẽ không phù hợp");
}

#[actix_web::test]
async fn a_name_is_shown_only_by_choice() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    say(&portal, &[("show_name", "on"), ("organisation", "Hội Phụ nữ")]).await.status(303);
    show(&portal, &path, &opinions(&portal).remove(0)).await;
    let page = portal.ben().citizen().get(PUBLIC).await.status(200);
    page.sees("Lò Thị Mây, Hội Phụ nữ");
}

#[actix_web::test]
async fn the_same_form_sent_twice_is_one_opinion() {
    let portal = Portal::start().await;
    open(&portal).await;
    let nonce = nonce(&portal.ben().citizen()).await;
    portal.wait(TimeDelta::seconds(20));
    for _ in 0..2 {
        say(&portal, &[("nonce", &nonce)]).await.status(303).leads_to(PUBLIC);
    }
    assert_eq!(opinions(&portal).len(), 1);
    // Even when the time is over in between.
    portal.wait(TimeDelta::days(30));
    let citizen = portal.ben().citizen();
    let form = [("body", "Lần nữa"), ("name", "Mây"), ("nonce", nonce.as_str())];
    citizen.post(&format!("{PUBLIC}/gop-y"), &form).await.status(303);
    assert_eq!(opinions(&portal).len(), 1);
}

#[actix_web::test]
async fn what_is_wrong_is_told_and_every_word_is_kept() {
    let portal = Portal::start().await;
    open(&portal).await;
    let long = "Ý kiến dài. ".repeat(4200);
    let page = say(&portal, &[("body", &long)]).await.status(422);
    page.sees("20000").sees(long.trim());
    let kept = "Giữ nguyên lời này nhé";
    for (field, value, says) in [
        ("name", "", "href=\"#name\""),
        ("article", "dieu-99", "href=\"#article\""),
        ("website", "http://x", "href=\"#website\""),
        ("email", "a@x.vn\r\nBcc: b@x.vn", "href=\"#email\""),
        ("email", "a@x.vn", "href=\"#agree\""),
        ("agree", "on", "href=\"#email\""),
        ("nonce", "", "không còn hiệu lực"),
    ] {
        let page = say(&portal, &[("body", kept), (field, value)]).await.status(422);
        page.sees(kept).sees(says).sees("name=\"nonce\" value=\"1");
    }
    // A program that fills in the form at once is asked to wait.
    let citizen = portal.ben().citizen();
    let nonce = nonce(&citizen).await;
    let form = [("body", kept), ("name", "Mây"), ("nonce", nonce.as_str())];
    let action = format!("{PUBLIC}/gop-y");
    citizen.post(&action, &form).await.status(422).sees(kept).sees("quá nhanh").sees(&nonce);
    assert_eq!(opinions(&portal).len(), 0);
    portal.wait(TimeDelta::seconds(5));
    citizen.post(&action, &form).await.status(303);
}

#[actix_web::test]
async fn strange_text_is_kept_clean_and_shown_as_text() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    let nfd = "Ngươ\u{300}i dân\u{202E} <script>alert(1)</script>\u{0007} <b>đậm</b>";
    say(&portal, &[("body", nfd), ("show_name", "on"), ("name", "<i>Mây</i>")]).await.status(303);
    let kept: String = portal.write(|conn, _, _| {
        Ok(consultation_opinions::table.select(consultation_opinions::body).first(conn)?)
    });
    assert_eq!(kept, "Người dân <script>alert(1)</script> <b>đậm</b>");
    show(&portal, &path, &opinions(&portal).remove(0)).await;
    let page = portal.ben().citizen().get(PUBLIC).await.status(200);
    page.sees("Người dân &lt;script&gt;alert(1)")
        .misses("<script>alert")
        .misses("<i>Mây")
        .misses("\u{202E}")
        .misses("\u{0007}");
}

#[actix_web::test]
async fn a_closed_consultation_takes_nothing_and_keeps_the_words() {
    let portal = Portal::start().await;
    open(&portal).await;
    let citizen = portal.ben().citizen();
    let nonce = nonce(&citizen).await;
    portal.wait(TimeDelta::days(21));
    let form = [("body", "Lời đến muộn một giờ"), ("name", "Mây"), ("nonce", nonce.as_str())];
    let page = citizen.post(&format!("{PUBLIC}/gop-y"), &form).await.status(409);
    page.sees("Lời đến muộn một giờ").sees("Đã hết hạn").sees("thôn Bến");
    assert_eq!(opinions(&portal).len(), 0);
}

#[actix_web::test]
async fn a_token_of_an_old_browser_costs_nobody_a_word() {
    let portal = Portal::start().await;
    open(&portal).await;
    let citizen = portal.ben().citizen();
    let words =
        "Một ý kiến rất dài, viết trong nửa giờ, không thể mất vì lỗi của trang. ".repeat(3);
    let nonce = nonce(&citizen).await;
    let form = [("body", words.as_str()), ("nonce", nonce.as_str()), ("_csrf", "cũ")];
    let page = citizen.post_as_it_is(&format!("{PUBLIC}/gop-y"), &form).await.status(409);
    page.sees(words.trim()).sees(&format!("name=\"_csrf\" value=\"{}\"", citizen.token()));
}

#[actix_web::test]
async fn a_database_that_is_down_costs_nobody_a_word() {
    let portal = Portal::start().await;
    open(&portal).await;
    if !portal.database.is_sqlite() {
        return;
    }
    let citizen = portal.ben().citizen();
    let nonce = nonce(&citizen).await;
    portal.wait(TimeDelta::seconds(20));
    let words = "Một ý kiến rất dài, gửi đúng lúc máy chủ bận, vẫn phải còn nguyên trên màn hình.";
    let form = [("body", words), ("name", "Mây"), ("nonce", nonce.as_str())];
    let other = Db::open(&portal.database.url, 1).unwrap();
    let mut held = other.connection().unwrap();
    held.batch_execute("BEGIN IMMEDIATE").unwrap();
    let action = format!("{PUBLIC}/gop-y");
    let page = citizen.post(&action, &form).await.status(503).sees(words).sees("Gửi lại");
    assert_eq!(page.between("name=\"nonce\" value=\"", "\""), nonce);
    held.batch_execute("ROLLBACK").unwrap();

    citizen.post(&action, &form).await.status(303);
    assert_eq!(opinions(&portal).len(), 1);
}

#[actix_web::test]
async fn one_network_cannot_flood_a_draft() {
    let portal = Portal::start().await;
    open(&portal).await;
    let citizen = portal.ben().citizen();
    let token = citizen.token();
    for number in 0..12 {
        let nonce = nonce(&citizen).await;
        portal.wait(TimeDelta::seconds(10));
        let fields =
            [("body", "Lại nữa"), ("name", "Mây"), ("nonce", nonce.as_str()), ("_csrf", &token)];
        let request = TestRequest::post().uri(&format!("{PUBLIC}/gop-y")).set_form(fields);
        let answer = citizen.send(request.peer_addr("203.0.113.9:4711".parse().unwrap())).await;
        answer.status(if number < 10 { 303 } else { 422 });
    }
    say(&portal, &[]).await.status(303);
    portal.wait(TimeDelta::days(2));
    round(&portal).await;
    let origins: Vec<String> = portal.write(|conn, _, _| {
        Ok(consultation_opinions::table.select(consultation_opinions::origin).load(conn)?)
    });
    assert!(origins.iter().all(String::is_empty), "networks are forgotten after a day");
}

#[actix_web::test]
async fn a_consultation_stays_on_its_own_site() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    say(&portal, &[]).await.status(303);
    let opinion = opinions(&portal).remove(0);
    show(&portal, &path, &opinion).await;
    reply(&portal, &path, &opinion, "Xin giải trình.").await.status(303);
    portal.lang().citizen().get(PUBLIC).await.status(404);
    portal.lang().citizen().get("/lay-y-kien").await.status(200).misses("nhà văn hóa");
    let people = [portal.lang().duyen(), portal.lang().quan(), portal.lang().hoa()];
    for other in people {
        for place in ["", "/y-kien", "/tong-hop", "/tong-hop.xlsx", "/tong-hop.docx"] {
            other.get(&format!("{path}{place}")).await.status(404);
        }
        let form = [("lock", "1"), ("reason", "Phá cho hỏng"), ("act", "hide"), ("opens", "x")];
        let rest = format!("/y-kien/{opinion}");
        for place in ["", "/cong-bo", "/dung", "/giai-trinh", "/y-kien", "/tong-hop", &rest] {
            let code = other.post(&format!("{path}{place}"), &form).await.code();
            assert!(matches!(code, 403 | 404), "{place}: {code}");
        }
    }
    portal.ben().citizen().get(PUBLIC).await.status(200).sees("22 giờ");
}

#[actix_web::test]
async fn every_opinion_is_answered_before_the_table_is_public() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    say(&portal, &[("article", "dieu-2"), ("show_name", "on")]).await.status(303);
    say(&portal, &[("body", "Đồng ý với dự thảo.")]).await.status(303);
    let early = step(&portal.ben().duyen(), &path, "giai-trinh", &[]).await.status(409);
    early.sees("sau khi hết hạn");
    portal.wait(TimeDelta::days(21));
    let (hoa, duyen, citizen) = (portal.ben().hoa(), portal.ben().duyen(), portal.ben().citizen());
    step(&duyen, &path, "giai-trinh", &[]).await.status(422).sees("Còn 2 ý kiến chưa được xem xét");
    let all = opinions(&portal);
    for opinion in &all {
        show(&portal, &path, opinion).await;
    }
    step(&duyen, &path, "giai-trinh", &[]).await.status(422).sees("Lò Thị Mây (Điều 2");
    let empty = [("verdict", ""), ("explanation", "")];
    let page = hoa.post(&format!("{path}/tong-hop"), &empty).await.status(422);
    page.sees("href=\"#chosen\"").sees("href=\"#verdict\"").sees("href=\"#explanation\"");
    reply(&portal, &path, &all[0], "Sẽ mở đến 21 giờ 30.").await.status(303);
    reply(&portal, &path, &all[0], "Hai lần").await.status(409);
    citizen.get(PUBLIC).await.status(200).sees("Đang tổng hợp ý kiến").misses("21 giờ 30");
    citizen.get(&format!("{PUBLIC}/tiep-thu-giai-trinh.xlsx")).await.status(404);
    step(&duyen, &path, "giai-trinh", &[]).await.status(422).sees("Còn 1 ý kiến đã đăng");

    let row = hoa.get(&format!("{path}/tong-hop")).await;
    let row = row.between(&format!("action=\"{path}/tong-hop/"), "\"");
    let tick = format!("opinion_{}", all[1]);
    let join = [(tick.as_str(), "on"), ("row", row.as_str())];
    hoa.post(&format!("{path}/tong-hop"), &join).await.status(303);
    step(&duyen, &path, "giai-trinh", &[]).await.status(303);
    let page = citizen.get(PUBLIC).await.status(200);
    page.sees("Đã tiếp thu, giải trình").sees("21 giờ 30").sees("Tiếp thu một phần");
    citizen.get("/lay-y-kien").await.status(200).sees("Đã tiếp thu, giải trình");
    citizen.get(&format!("{PUBLIC}/tiep-thu-giai-trinh.xlsx")).await.status(200);
    hoa.post(&format!("{path}/tong-hop/{row}/bo"), &[]).await.status(409);

    step(&duyen, &path, "ban-hanh", &[("outcome", "")]).await.status(422);
    step(&duyen, &path, "ban-hanh", &[("outcome", "25/2027/QĐ-UBND")]).await.status(303);
    citizen.get(PUBLIC).await.status(200).sees("Đã ban hành").sees("25/2027/QĐ-UBND");
    step(&duyen, &path, "dung", &[("reason", "Không còn cần")]).await.status(409);
}

#[actix_web::test]
async fn a_letter_on_paper_is_entered_by_hand() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    let hoa = portal.ben().hoa();
    let page = hoa.get(&format!("{path}/y-kien")).await.status(200);
    let nonce = page.between("name=\"nonce\" value=\"", "\"");
    let form = [
        ("channel", "letter"),
        ("body", "Công văn góp ý của Mặt trận."),
        ("name", "Ủy ban Mặt trận xã"),
        ("show_name", "on"),
        ("nonce", nonce.as_str()),
    ];
    let screen = format!("{path}/y-kien");
    hoa.post(&screen, &form[1..]).await.status(422).sees("Công văn góp ý của Mặt trận.");
    for _ in 0..2 {
        hoa.post(&screen, &form).await.status(303);
    }
    let all = opinions(&portal);
    assert_eq!(all.len(), 1);
    show(&portal, &path, &all[0]).await;
    portal.ben().citizen().get(PUBLIC).await.status(200).sees("Mặt trận").sees("Bằng văn bản");
}

#[actix_web::test]
async fn exports_calculate_nothing_and_can_be_read_again() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    let formula = "=HYPERLINK(\"http://x\",\"bấm\")&cmd|' /C calc'!A0";
    say(&portal, &[("body", formula), ("name", "@SUM(1)"), ("show_name", "on")]).await.status(303);
    let opinion = opinions(&portal).remove(0);
    show(&portal, &path, &opinion).await;
    reply(&portal, &path, &opinion, "+84 <b>không</b> & giải trình").await.status(303);
    let hoa = portal.ben().hoa();
    let folder = tempfile::tempdir().unwrap();
    let reader = portal.reader();
    for (end, kind) in [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ] {
        let answer = hoa.get(&format!("{path}/tong-hop.{end}")).await.status(200);
        assert!(answer.header("content-disposition").starts_with("attachment"));
        let file = folder.path().join(format!("bang.{end}"));
        fs::File::create(&file).unwrap().write_all(&answer.bytes).unwrap();
        let text = extract::text(&file, kind, &reader.tools, &reader.limits).unwrap();
        let text = text.pages.join("\n");
        for words in [formula, "@SUM(1)", "+84 <b>không</b> & giải trình", "Tiếp thu một phần"]
        {
            assert!(text.contains(words), "{end}: no {words} in {text}");
        }
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(answer.bytes)).unwrap();
        for index in 0..zip.len() {
            let mut part = String::new();
            let read = std::io::Read::read_to_string(&mut zip.by_index(index).unwrap(), &mut part);
            read.unwrap();
            for bad in ["<f>", "<f ", "<w:instrText", "<w:fldSimple", "TargetMode=\"External\""] {
                assert!(!part.contains(bad), "{end} has {bad}");
            }
        }
    }
}

#[actix_web::test]
async fn those_who_agreed_are_told_once_and_then_forgotten() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    for email in ["may@nha.test", "MAY@nha.test", "sen@nha.test"] {
        say(&portal, &[("email", email), ("agree", "on")]).await.status(303);
    }
    say(&portal, &[]).await.status(303);
    let consents: i64 = portal.write(|conn, _, _| {
        let own = consultation_consents::table
            .filter(consultation_consents::words.like("%thôi nhận%"))
            .filter(consultation_consents::version.ne(""));
        Ok(own.count().get_result(conn)?)
    });
    assert_eq!(consents, 3);
    assert_eq!(round(&portal).await, 0, "nothing has ended");
    portal.wait(TimeDelta::days(21));
    assert_eq!(round(&portal).await, 2);
    assert_eq!(round(&portal).await, 0);

    // One of the two wants no more.
    let stop: String = portal.write(|conn, _, _| {
        let sen = mails::table.filter(mails::recipient.eq("sen@nha.test"));
        Ok(sen.select(mails::unsubscribe).first(conn)?)
    });
    let stop = stop.split_once("test/").unwrap().1.to_owned();
    portal.ben().citizen().post(&format!("/{stop}"), &[]).await.status(200);
    for opinion in opinions(&portal) {
        show(&portal, &path, &opinion).await;
        reply(&portal, &path, &opinion, "Cảm ơn.").await.status(303);
    }
    let duyen = portal.ben().duyen();
    step(&duyen, &path, "giai-trinh", &[]).await.status(303);
    assert_eq!(round(&portal).await, 1);
    step(&duyen, &path, "ban-hanh", &[("outcome", "25/2027/QĐ-UBND")]).await.status(303);
    assert_eq!(round(&portal).await, 1);
    assert_eq!(round(&portal).await, 0);
    let (subjects, emails) = portal.write(|conn, _, _| {
        let may = mails::table.filter(mails::recipient.eq("may@nha.test")).order(mails::id);
        let subjects: Vec<String> = may.select(mails::subject).load(conn)?;
        let emails = consultation_opinions::table.select(consultation_opinions::email);
        Ok((subjects, emails.load::<String>(conn)?))
    });
    let starts: Vec<&str> = subjects.iter().filter_map(|it| it.split(':').next()).collect();
    let all = ["Đã hết hạn lấy ý kiến", "Kết quả tiếp thu, giải trình", "Văn bản đã ban hành"];
    assert_eq!(starts, all);
    assert!(emails.iter().all(String::is_empty), "{emails:?}");
}

#[actix_web::test]
async fn a_draft_that_is_dropped_or_withdrawn_takes_its_dossier_along() {
    let portal = Portal::start().await;
    let path = open(&portal).await;
    let (duyen, citizen) = (portal.ben().duyen(), portal.ben().citizen());
    say(&portal, &[("email", "may@nha.test"), ("agree", "on")]).await.status(303);
    let file = portal.ben().hoa().get("/quan-tri/tep").await.between("/quan-tri/tep/", "\"");
    let url = format!("/tep/{file}/to-trinh.pdf");
    citizen.get(&url).await.status(200);
    let document = duyen.get(&path).await.between("/quan-tri/van-ban/", "\"");
    let document = format!("/quan-tri/van-ban/{document}");
    step(&duyen, &document, "go", &[("remark", "Đăng nhầm văn bản")]).await.status(303);
    citizen.get(PUBLIC).await.status(410);
    round(&portal).await;
    citizen.get(&url).await.status(404);

    step(&duyen, &document, "dang", &[]).await.status(303);
    step(&duyen, &path, "dung", &[("reason", "")]).await.status(422);
    step(&duyen, &path, "dung", &[("reason", "Chờ luật mới")]).await.status(303);
    citizen.get(PUBLIC).await.status(200).sees("Đã dừng").sees("Chờ luật mới");
    assert_eq!(round(&portal).await, 1);
    assert_eq!(round(&portal).await, 0);
    citizen.get(&url).await.status(200);
}

#[actix_web::test]
async fn a_draft_with_a_consultation_is_not_thrown_away() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let form = [("type", "du-thao"), ("issuer_name", "Xã Bến"), ("summary", "Dự thảo nháp")];
    let path = hoa.post("/quan-tri/van-ban/moi", &form).await.status(303);
    let path = path.leads_to("/quan-tri/van-ban/");
    let document = path.rsplit('/').next().unwrap();
    let begin = [("document", document)];
    hoa.post("/quan-tri/lay-y-kien", &begin).await.status(303);
    hoa.post("/quan-tri/lay-y-kien", &begin).await.status(422);
    hoa.post(&format!("{path}/bo"), &[]).await.status(409).sees("đợt lấy ý kiến");
}

#[actix_web::test]
async fn the_section_of_drafts_leads_to_them_and_the_portal_lists_those_of_all_offices() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    citizen.get("/du-thao").await.status(307).leads_to("/lay-y-kien");
    portal.tinh().citizen().get("/lay-y-kien").await.status(200).misses("nhà văn hóa");
    open(&portal).await;
    let page = portal.tinh().citizen().get("/lay-y-kien").await.status(200);
    page.sees(&format!("http://ben.tinh.test{PUBLIC}")).sees("Xã Bến");
    portal.lang().citizen().get("/lay-y-kien").await.status(200).misses("nhà văn hóa");
    // What is over is no longer news.
    portal.wait(TimeDelta::days(40));
    portal.tinh().citizen().get("/lay-y-kien").await.status(200).misses(PUBLIC);
}

#[actix_web::test]
async fn a_reader_chooses_the_passage_from_the_draft_itself() {
    let portal = Portal::start().await;
    open(&portal).await;
    let citizen = portal.ben().citizen();
    let form = citizen.get(&format!("{PUBLIC}/gop-y?dieu=dieu-2")).await.status(200);
    let way = form.between("href=\"/lay-y-kien/", "#passage\"").replace("&amp;", "&");
    let way = way.rsplit("href=\"/lay-y-kien/").next().unwrap().to_owned();
    let page = citizen.get(&format!("/lay-y-kien/{way}")).await.status(200);
    page.sees("value=\"dieu-2\" selected").sees("Từ 7 giờ đến 21 giờ.</textarea>");
    citizen.get(&format!("{PUBLIC}/gop-y?dieu=dieu-2&doan=99")).await.status(200);
    citizen.get(&format!("{PUBLIC}/gop-y?dieu=khong-co&doan=1")).await.status(200);
}
