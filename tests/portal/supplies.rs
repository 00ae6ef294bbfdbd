//! Attachments that are looked through, pictures without place, deadlines that wait, information that is given, and
//! everything that is held about a person.

use std::io::{Cursor, Read};

use chrono::TimeDelta;
use feedback::model::proof;
use kit::{Answer, Portal, Village, Visitor};
use zip::ZipArchive;

const DESK: &str = "/quan-tri/hoi-dap";
const QUESTION: &str = "/hoi-dap/gui/cau-hoi";
const INFORMATION: &str = "/hoi-dap/gui/cung-cap-thong-tin";
const RIGHTS: &str = "/hoi-dap/gui/quyen-du-lieu-ca-nhan";

const ASKED: [(&str, &str); 7] = [
    ("subject", "Đường vào thôn Bến hỏng"),
    ("message", "Đoạn đường vào thôn Bến bị sạt lở từ tháng trước."),
    ("name", "Trần Văn Lúa"),
    ("phone", "0912 345 678"),
    ("email", "lua@thu.vn"),
    ("agree_process", "on"),
    ("agree_publish", "on"),
];

const REQUEST: [(&str, &str); 8] = [
    ("subject", "Quy hoạch thôn Bến"),
    ("message", "Đề nghị cung cấp bản đồ quy hoạch thôn Bến."),
    ("name", "Trần Văn Lúa"),
    ("address", "Thôn Bến"),
    ("id_number", "001099012345"),
    ("email", "lua@thu.vn"),
    ("supply", "portal"),
    ("reason", "Tìm hiểu"),
];

async fn send(
    portal: &Portal,
    citizen: &Visitor<'_>,
    path: &str,
    form: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let slip = citizen.get(path).await.status(200).between("name=\"slip\" value=\"", "\"");
    let proof = proof::find(&slip);
    portal.wait(TimeDelta::seconds(5));
    let mut form = form.to_vec();
    form.extend([("slip", slip.as_str()), ("proof", proof.as_str())]);
    citizen.upload(path, "files", files, &form).await
}

/// Sends a form; gives the page behind its code.
async fn sent(
    portal: &Portal,
    village: Village<'_>,
    path: &str,
    form: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> String {
    let sent = send(portal, &village.citizen(), path, form, files).await.status(303);
    sent.leads_to("/hoi-dap/ma/").split('?').next().unwrap().to_owned()
}

/// The screen of the case that the queue shows first.
async fn first(who: &Visitor<'_>) -> String {
    let page = who.get(DESK).await.status(200);
    format!("{DESK}/{}", page.between("class=\"row-title\" href=\"/quan-tri/hoi-dap/", "\""))
}

/// Takes a step with a case as it is now.
async fn act(who: &Visitor<'_>, path: &str, step: &str, form: &[(&str, &str)]) -> Answer {
    let lock = who.get(path).await.status(200).between("name=\"lock\" value=\"", "\"");
    let mut form = form.to_vec();
    form.push(("lock", &lock));
    who.post(&format!("{path}/{step}"), &form).await
}

async fn answer_lock(who: &Visitor<'_>, path: &str) -> String {
    who.get(path).await.status(200).between("name=\"answer_lock\" value=\"", "\"")
}

const ANSWER: &str = "Cơ quan cung cấp bản đồ quy hoạch kèm theo thư này.";

/// Writes an answer; `then` is `submit` to hand it in.
async fn draft(who: &Visitor<'_>, path: &str, then: &str) {
    let lock = answer_lock(who, path).await;
    let form = [("kind", "final"), ("body", ANSWER), ("answer_lock", &lock), ("then", then)];
    who.post(&format!("{path}/du-thao"), &form).await.status(303);
}

/// Approves what was handed in and sends it.
async fn approve_and_send(village: Village<'_>, path: &str) {
    let lock = answer_lock(&village.duyen(), path).await;
    village.duyen().post(&format!("{path}/duyet"), &[("answer_lock", &lock)]).await.status(303);
    let lock = answer_lock(&village.thu(), path).await;
    village.thu().post(&format!("{path}/gui"), &[("answer_lock", &lock)]).await.status(303);
}

fn letters(portal: &Portal) -> Vec<(String, String)> {
    use db::schema::mails;
    use diesel::prelude::*;
    portal.write(|conn, _, _| {
        Ok(mails::table.order(mails::id).select((mails::recipient, mails::body)).load(conn)?)
    })
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|it| it == what)
}

/// A photograph as telephones make it: it says where it was taken, with which device, and lies on its side.
fn photograph() -> Vec<u8> {
    let note = [
        &b"Exif\0\0II\x2A\0\x08\0\0\0\x03\0"[..],
        &b"\x10\x01\x02\0\x0C\0\0\0\x32\0\0\0"[..],
        &b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"[..],
        &b"\x25\x88\x04\0\x01\0\0\0\x3E\0\0\0\0\0\0\0"[..],
        &b"DienThoai X\0"[..],
        &b"\x02\0\x01\0\x02\0\x02\0\0\0N\0\0\0\x02\0\x05\0\x03\0\0\0\x5C\0\0\0\0\0\0\0"[..],
        &b"\x15\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\0\0\x39\x30\0\0\xE8\x03\0\0"[..],
    ]
    .concat();
    let mut plain = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(48, 32, |x, y| {
        image::Rgb([u8::try_from(x * 5).unwrap(), u8::try_from(y * 7).unwrap(), 40])
    });
    let picture = image::DynamicImage::ImageRgb8(picture);
    picture.write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
    let plain = plain.into_inner();
    let size = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
    let (start, rest) = plain.split_at(2);
    [start, b"\xFF\xE1", &size, &note, rest].concat()
}

#[actix_web::test]
async fn a_picture_that_a_citizen_sends_does_not_say_where_it_was_taken() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let photo = photograph();
    assert!(has(&photo, b"DienThoai") && has(&photo, b"\x39\x30\0\0\xE8\x03"));
    sent(&portal, ben, QUESTION, &ASKED, &[("hien-truong.jpg", &photo)]).await;
    let path = first(&ben.thu()).await;
    let file = ben.thu().get(&path).await.between("/tep/", "\"");
    let kept = ben.thu().get(&format!("{path}/tep/{file}")).await.status(200).bytes;

    assert!(!has(&kept, b"DienThoai") && !has(&kept, b"\x39\x30\0\0\xE8\x03"));
    let points = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
    assert_eq!(points(&kept), points(&photo));
    // One that is damaged is not guessed at, and no word is lost.
    let page = send(&portal, &ben.citizen(), QUESTION, &ASKED, &[("a.jpg", &photo[..200])]).await;
    page.status(422).sees("ảnh bị hỏng").sees("sạt lở");
}

#[actix_web::test]
async fn a_picture_of_the_library_loses_its_place_and_an_official_scan_keeps_every_byte() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    let photo = photograph();
    let get = async |name: &str| {
        let page = quan.get("/quan-tri/tep").await.status(200);
        let before = page.text.split(&format!("/{name}\"")).next().unwrap();
        let id = before.rsplit("/tep/").next().unwrap().to_owned();
        quan.get(&format!("/tep/{id}/{name}")).await.status(200).bytes
    };
    let form = [("source", "Xã Bến"), ("title", ""), ("licence", "")];
    quan.upload("/quan-tri/tep", "files", &[("anh.jpg", &photo)], &form).await.status(303);
    assert!(!has(&get("anh.jpg").await, b"DienThoai"));
    let form = [("source", "Xã Bến"), ("as_it_is", "on")];
    quan.upload("/quan-tri/tep", "files", &[("ban-goc.jpg", &photo)], &form).await.status(303);
    assert_eq!(get("ban-goc.jpg").await, photo);
}

#[actix_web::test]
async fn an_attachment_is_looked_through_before_others_read_it() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let text = "Tôi là Trần Văn Lúa, số căn cước 001099012345, điện thoại 0912 345 678.";
    let files = [
        ("don.txt", text.as_bytes()),
        ("so-do.txt", "Sơ đồ đoạn đường hỏng dài 200 mét.".as_bytes()),
    ];
    sent(&portal, ben, QUESTION, &ASKED, &files).await;
    let path = first(&ben.thu()).await;
    ben.thu().get(&path).await.sees("Chưa quét xong tệp này");
    let scanner = portal.scanner();
    while scanner.next(&portal.parts.app.db, portal.now()).await.unwrap() {}
    let page = ben.thu().get(&path).await.status(200);
    page.sees("có thể chứa thông tin cá nhân: số căn cước, số định danh (1), số điện thoại (1)")
        .misses("Chưa quét xong");

    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    draft(&ben.thu(), &path, "submit").await;
    approve_and_send(ben, &path).await;
    let page = ben.duyen().get(&path).await.status(200);
    let field = |name: &str| {
        let before = page.text.split(&format!("\">{name}</label>")).next().unwrap().to_owned();
        before.rsplit("for=\"").next().unwrap().to_owned()
    };
    let (letter, sketch) = (field("don.txt"), field("so-do.txt"));
    let text = |file: &'static str| {
        let _ = file;
        vec![
            ("title", "Đường vào thôn Bến"),
            ("question", "Khi nào đường vào thôn Bến được sửa?"),
            ("answer", ANSWER),
        ]
    };
    let mut form = text("don.txt");
    form.push((letter.as_str(), "on"));
    act(&ben.duyen(), &path, "cong-khai", &form)
        .await
        .status(422)
        .sees("Tệp chọn công khai cần được xem lại");
    let mut form = text("so-do.txt");
    form.push((sketch.as_str(), "on"));
    act(&ben.duyen(), &path, "cong-khai", &form).await.status(303);
    let public = ben.citizen().get("/hoi-dap/duong-vao-thon-ben").await.status(200);
    public.sees("so-do.txt");
    let public = ben.citizen().get("/hoi-dap/duong-vao-thon-ben").await.misses("don.txt");
    let file = format!("/hoi-dap/duong-vao-thon-ben/tep/{}", public.between("/tep/", "\""));
    ben.citizen().get(&file).await.status(200).sees("Sơ đồ");
    let other = letter.trim_start_matches("tep-");
    ben.citizen().get(&format!("/hoi-dap/duong-vao-thon-ben/tep/{other}")).await.status(404);
    portal.lang().citizen().get(&file).await.status(404);

    // With a ground, which stays in the log.
    let mut form = text("don.txt");
    form.extend([(letter.as_str(), "on"), ("basis", "Người gửi đề nghị đăng nguyên đơn")]);
    act(&ben.duyen(), &path, "cong-khai", &form).await.status(303);
    ben.duyen().get(&path).await.sees("đã đăng thông tin cá nhân theo căn cứ");
    act(&ben.duyen(), &path, "go", &[]).await.status(303);
    ben.citizen().get(&file).await.status(404);
}

#[actix_web::test]
async fn a_deadline_waits_for_the_sender_and_goes_on_when_they_answer() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let status = sent(&portal, ben, QUESTION, &ASKED, &[]).await;
    let path = first(&ben.thu()).await;
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    ben.citizen().get(&status).await.sees("14/12/2026").misses("Bổ sung theo đề nghị");
    let clock = ben.thu().get(&path).await.between("name=\"pause_clock\"", "</select>");
    let clock = clock.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = |reason: &'static str| {
        [("pause_clock", clock.clone()), ("pause_reason", reason.to_owned())]
    };
    let pause = async |reason: &'static str| {
        let form = form(reason);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, it)| (*name, it.as_str())).collect();
        ben.thu().post(&format!("{path}/tam-dung"), &form).await
    };
    pause("x").await.status(422);
    // Anybody with the code reads the reason.
    pause("Gọi 0912 345 678 để hỏi rõ").await.status(422).sees("còn thông tin cá nhân");
    pause("Chưa rõ đoạn đường nào, đề nghị nêu lý trình.").await.status(303);
    pause("Chưa rõ đoạn đường nào, đề nghị nêu lý trình.").await.status(409);
    let page = ben.citizen().get(&status).await.status(200);
    page.sees("Đang tạm dừng")
        .sees("đề nghị nêu lý trình")
        .sees("Bổ sung theo đề nghị")
        .misses("Văn Lúa");
    assert!(
        letters(&portal)
            .iter()
            .any(|(to, body)| to == "lua@thu.vn" && body.contains("thông báo mới"))
    );
    portal.wait(TimeDelta::days(7));
    let supplement = format!("{status}/bo-sung");
    ben.citizen().post(&supplement, &[("more", "x")]).await.status(422);
    ben.citizen()
        .post(&supplement, &[("more", "Từ km 2 đến km 3 đường liên thôn.")])
        .await
        .status(303);
    ben.citizen()
        .get(&status)
        .await
        .sees("Hết ngày 18/12/2026")
        .sees("Tính tiếp thời hạn")
        .misses("Đang tạm dừng");
    ben.thu().get(&path).await.sees("Từ km 2 đến km 3");
    let told = letters(&portal);
    let told = told.iter().filter(|(_, body)| body.contains("đã bổ sung điều cơ quan đang chờ"));
    assert_eq!(told.count(), 2);
    ben.citizen()
        .post(&supplement, &[("more", "Từ km 2 đến km 3 đường liên thôn.")])
        .await
        .status(409);
    // The time has no extension by law, and other offices no say.
    ben.thu().get(&path).await.misses("extend_clock");
    let other = portal.lang().thu();
    other
        .post(
            &format!("{path}/tam-dung"),
            &[("pause_clock", &clock), ("pause_reason", "Chờ bổ sung thêm")],
        )
        .await
        .status(404);
}

/// The only value of a choice on the screen of a case.
async fn only(who: &Visitor<'_>, path: &str, name: &str) -> String {
    let choice = who.get(path).await.status(200).between(&format!("name=\"{name}\""), "</select>");
    choice.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn a_complex_request_takes_the_longer_time_of_the_law_once_extended() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let status = sent(&portal, ben, INFORMATION, &REQUEST, &[]).await;
    ben.citizen().get(&status).await.sees("26/11/2026").misses("extend_clock");
    let (thu, path) = (ben.thu(), first(&ben.thu()).await);
    act(&thu, &path, "tiep-nhan", &[]).await.status(303);
    let clock = only(&thu, &path, "longer_clock").await;
    let reason = "Phải tập hợp bản đồ từ nhiều cơ quan.";
    let form = [("longer_clock", clock.as_str()), ("longer_reason", reason)];
    thu.post(&format!("{path}/thoi-han-dai"), &form).await.status(303);
    thu.post(&format!("{path}/thoi-han-dai"), &form).await.status(404);
    // Fifteen working days from 20 November, with a holiday among them.
    ben.citizen().get(&status).await.sees("Hết ngày 14/12/2026").misses("Hết ngày 26/11");
    let clock = only(&thu, &path, "extend_clock").await;
    let extend = async |by: &str| {
        let form = [("extend_clock", clock.as_str()), ("extend_by", by), ("extend_reason", reason)];
        ben.thu().post(&format!("{path}/gia-han"), &form).await
    };
    extend("16").await.status(422).sees("href=\"#extend_by\"");
    extend("15").await.status(303);
    extend("1").await.status(409);
    ben.citizen().get(&status).await.sees("29/12/2026").sees("Gia hạn").sees("tập hợp bản đồ");
    // Giving the work to somebody does not meet what only an answer meets.
    act(&thu, &path, "giao", &[("assignee", "")]).await.status(303);
    ben.citizen().get(&status).await.sees("29/12/2026");
    let told =
        letters(&portal).into_iter().filter(|(_, body)| body.contains("thông báo mới")).count();
    assert_eq!(told, 2);
}

#[actix_web::test]
async fn information_is_given_by_a_link_that_ends() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let status = sent(&portal, ben, INFORMATION, &REQUEST, &[]).await;
    let (thu, path) = (ben.thu(), first(&ben.thu()).await);
    act(&thu, &path, "tiep-nhan", &[]).await.status(303);
    thu.post(
        &format!("{path}/chi-phi"),
        &[("cost_amount", "x"), ("cost_reason", "In bản đồ khổ A0")],
    )
    .await
    .status(422);
    thu.post(
        &format!("{path}/chi-phi"),
        &[("cost_amount", "50.000"), ("cost_reason", "In bản đồ khổ A0")],
    )
    .await
    .status(303);
    draft(&thu, &path, "submit").await;
    let lock = answer_lock(&thu, &path).await;
    let map = [("ban-do.txt", b"ban do quy hoach".as_slice())];
    let add = format!("{path}/tep-tra-loi");
    thu.upload(&add, "files", &map, &[("answer_lock", &lock)]).await.status(422).sees("rà soát");
    thu.upload(&add, "files", &[], &[("answer_lock", &lock), ("checked", "on")]).await.status(422);
    thu.upload(
        &add,
        "files",
        &[("a.exe", b"MZ\x90\0\x03")],
        &[("answer_lock", &lock), ("checked", "on")],
    )
    .await
    .status(422);
    thu.upload(&add, "files", &map, &[("answer_lock", &lock), ("checked", "on")]).await.status(303);
    // What was handed in is a draft again: the files must be approved with it.
    thu.get(&path).await.sees("ban-do.txt").sees("Đang soạn");
    draft(&thu, &path, "submit").await;
    approve_and_send(ben, &path).await;

    let all = letters(&portal);
    let (_, letter) =
        all.iter().find(|(to, body)| to == "lua@thu.vn" && body.contains("/hoi-dap/tai/")).unwrap();
    let link = letter
        .split("http://ben.tinh.test")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    let page = ben.citizen().get(&link).await.status(200).sees("ban-do.txt").misses("Văn Lúa");
    let take = page.between("<form method=\"post\" action=\"", "\"");
    ben.citizen().get(&take).await.status(404);
    ben.citizen().post(&take, &[]).await.status(200).sees("ban do quy hoach");
    thu.get(&path).await.sees("Số lượt tải: 1");
    // Only who shows to be the sender finds it behind the code.
    ben.citizen().get(&status).await.misses("/hoi-dap/tai/");
    ben.citizen().post(&format!("{status}/thu"), &[("contact", "lua@thu.vn")]).await.sees(&link);
    // Another address is nobody's, and another site knows none.
    let (start, last) = link.split_at(link.len() - 1);
    let wrong = format!("{start}{}", if last == "0" { "1" } else { "0" });
    ben.citizen().get(&wrong).await.status(404);
    portal.lang().citizen().get(&link).await.status(404);
    portal.wait(TimeDelta::days(16));
    ben.citizen().get(&link).await.status(410).sees("đã hết hạn").misses("ban-do.txt");
    ben.citizen().post(&take, &[]).await.status(410);
    ben.thu().post(&format!("{path}/mo-lai-tep"), &[]).await.status(303);
    ben.citizen().get(&link).await.status(200).sees("ban-do.txt");

    let register = ben.thu().get("/quan-tri/hoi-dap/so-theo-doi").await.status(200);
    register.sees("Trần Văn Lúa").sees("Đã cung cấp").sees("50.000 đồng").misses("001099012345");
    let table = ben.thu().post("/quan-tri/hoi-dap/so-theo-doi.xlsx", &[]).await.status(200);
    assert!(table.bytes.starts_with(b"PK"));
    ben.quan().get("/quan-tri/hoi-dap/so-theo-doi").await.status(403);
    portal.lang().thu().get("/quan-tri/hoi-dap/so-theo-doi").await.status(200).misses("Văn Lúa");
}

#[actix_web::test]
async fn a_refusal_names_its_ground_and_stands_in_the_register() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    let mut form = REQUEST.to_vec();
    form[0].1 = "=HYPERLINK(\"http://x\")";
    let status = sent(&portal, ben, INFORMATION, &form, &[]).await;
    let path = first(&ben.thu()).await;
    let letter = "Kính gửi ông, bản đồ đã được đăng trên trang thông tin của xã.";
    let refuse = [("letter", letter), ("ground", "published")];
    act(&ben.thu(), &path, "khong-tiep-nhan", &refuse).await.status(303);
    let page = ben.citizen().post(&format!("{status}/thu"), &[("contact", "lua@thu.vn")]).await;
    page.sees("Điều 28 Luật Tiếp cận thông tin: Thông tin đã được công khai");
    ben.thu()
        .get("/quan-tri/hoi-dap/so-theo-doi")
        .await
        .sees("Từ chối")
        .sees("Thông tin đã được công khai");
    // A table runs no formulas.
    let table = ben.thu().post("/quan-tri/hoi-dap/so-theo-doi.xlsx", &[]).await.status(200);
    let mut archive = ZipArchive::new(Cursor::new(table.bytes)).unwrap();
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(!sheet.contains("<f>"), "{sheet}");
}

#[actix_web::test]
async fn everything_held_about_a_person_is_given_with_the_answer_to_their_request() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    let file = [("don.txt", b"Don cua toi".as_slice())];
    sent(&portal, lang, QUESTION, &ASKED, &file).await;
    let mut other = ASKED.to_vec();
    other[4].1 = "khac@thu.vn";
    other[0].1 = "Chuyện của người khác";
    sent(&portal, lang, QUESTION, &other, &[]).await;
    let mut form = ASKED.to_vec();
    form.push(("right", "provide"));
    let status = sent(&portal, ben, RIGHTS, &form, &[]).await;
    let path = first(&ben.thu()).await;
    let copy = format!("{path}/ban-sao");
    let asked = [("by_email", "on"), ("verified", "on")];
    ben.thu().post(&copy, &asked).await.status(403);
    // Who protects data says first why they read the request.
    ben.mai().post(&copy, &asked).await.status(404);
    let reason = [("reason", "Lập bản sao theo yêu cầu của người gửi")];
    ben.mai().post(&format!("{path}/ly-do"), &reason).await.status(303);
    ben.mai().post(&copy, &asked).await.status(409).sees("tiếp nhận yêu cầu");
    act(&ben.thu(), &path, "tiep-nhan", &[]).await.status(303);
    ben.mai().post(&copy, &[("by_email", "on")]).await.status(422).sees("đúng là người");
    ben.mai().post(&copy, &asked).await.status(303);
    approve_and_send(ben, &path).await;

    let all = letters(&portal);
    let (_, letter) = all.iter().find(|(_, body)| body.contains("/hoi-dap/tai/")).unwrap();
    let link =
        letter.split("http://ben.tinh.test").nth(1).unwrap().split_whitespace().next().unwrap();
    let take =
        ben.citizen().get(link).await.status(200).between("<form method=\"post\" action=\"", "\"");
    let copy = ben.citizen().post(&take, &[]).await.status(200).bytes;
    let mut archive = ZipArchive::new(Cursor::new(copy)).unwrap();
    let names: Vec<String> = archive.file_names().map(|it| it.unwrap().into_owned()).collect();
    assert!(
        names.iter().any(|it| it.starts_with("tep/") && it.ends_with("1-don.txt")),
        "{names:?}"
    );
    let mut text = String::new();
    archive.by_name("du-lieu.json").unwrap().read_to_string(&mut text).unwrap();
    assert!(
        text.contains("Xã Làng") && text.contains("sạt lở") && !text.contains("khac@thu.vn"),
        "{text}"
    );
    // The request is answered by that, and the other office sees who read what and why.
    ben.citizen().get(&status).await.sees("Đã trả lời");
    let there = lang.thu().get(&format!("{DESK}?q=2026-000001")).await.status(200);
    let held = there.between("class=\"row-title\" href=\"/quan-tri/hoi-dap/", "\"");
    let screen = lang.thu().get(&format!("{DESK}/{held}")).await.status(200);
    screen.sees("Lập bản sao dữ liệu theo yêu cầu số 2026-000001");
}

#[actix_web::test]
async fn a_complaint_sent_on_is_told_to_its_sender_and_to_heads_alone() {
    let portal = Portal::start().await;
    let (ben, lang) = (portal.ben(), portal.lang());
    sent(&portal, ben, "/hoi-dap/gui/khieu-nai-to-cao", &ASKED, &[]).await;
    let path = first(&ben.duyen()).await;
    let to = lang.id().to_string();
    let form = [("site", to.as_str()), ("transfer_reason", "Thuộc thẩm quyền xã Làng")];
    act(&ben.duyen(), &path, "chuyen", &form).await.status(303);
    let people: Vec<String> = letters(&portal).into_iter().skip(1).map(|(to, _)| to).collect();
    let mut people = people;
    people.sort();
    assert_eq!(people, ["duyen.lang@tinh.gov.vn", "lua@thu.vn"]);
    // Reminders of it are the head's alone as well, and the province's once it is late.
    portal.wait(TimeDelta::days(20));
    let app = portal.parts.app.clone();
    feedback::jobs::remind(&app).await.unwrap();
    feedback::jobs::remind(&app).await.unwrap();
    let mut people: Vec<String> = letters(&portal).into_iter().skip(3).map(|(to, _)| to).collect();
    people.sort();
    assert_eq!(people, ["duyen.lang@tinh.gov.vn", "tinh@tinh.gov.vn"]);
}

#[actix_web::test]
async fn what_was_given_is_forgotten_with_the_case() {
    let portal = Portal::start().await;
    let ben = portal.ben();
    sent(&portal, ben, INFORMATION, &REQUEST, &[("a.txt", b"Tep cua toi")]).await;
    let (thu, path) = (ben.thu(), first(&ben.thu()).await);
    while portal.scanner().next(&portal.parts.app.db, portal.now()).await.unwrap() {}
    act(&thu, &path, "tiep-nhan", &[]).await.status(303);
    draft(&thu, &path, "save").await;
    let lock = answer_lock(&thu, &path).await;
    let form = [("answer_lock", lock.as_str()), ("checked", "on")];
    thu.upload(&format!("{path}/tep-tra-loi"), "files", &[("b.txt", b"ban do")], &form)
        .await
        .status(303);
    draft(&thu, &path, "submit").await;
    approve_and_send(ben, &path).await;
    ben.duyen().post(&format!("{path}/xoa-du-lieu"), &[]).await.status(303);
    use diesel::prelude::*;
    let left: (i64, i64, i64) = portal.write(|conn, _, _| {
        use db::schema::{case_scans, case_supplies, files};
        Ok((
            case_scans::table.count().get_result(conn)?,
            case_supplies::table.count().get_result(conn)?,
            files::table.count().get_result(conn)?,
        ))
    });
    assert_eq!(left, (0, 0, 0));
}
