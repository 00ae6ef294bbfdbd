//! Files and pictures: how they arrive, who may have them, how they leave.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
};

use actix_web::test::TestRequest;
use db::schema::{blobs, files};
use diesel::prelude::*;
use kit::{Answer, Portal, Visitor};

const PDF: &[u8] = b"%PDF-1.7\nmot hai ba bon nam sau bay tam chin muoi\n%%EOF";

const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>";

async fn send(visitor: &Visitor<'_>, files: &[(&str, &[u8])]) -> Answer {
    visitor.upload("/quan-tri/tep", "files", files, &[("source", "Xã Bến")]).await
}

/// Uploads one file and gives its address.
async fn add(visitor: &Visitor<'_>, name: &str, bytes: &[u8]) -> String {
    send(visitor, &[(name, bytes)]).await.status(303);
    newest(visitor).await
}

async fn newest(visitor: &Visitor<'_>) -> String {
    let list = visitor.get("/quan-tri/tep").await.status(200);
    format!("/tep/{}", list.between("href=\"/tep/", "\""))
}

/// The staff screen of the file at `url`.
fn screen(url: &str) -> String {
    format!("/quan-tri{}", url.rsplit_once('/').unwrap().0)
}

async fn get_with(visitor: &Visitor<'_>, url: &str, headers: &[(&str, &str)]) -> Answer {
    let request = TestRequest::get().uri(url);
    visitor.send(headers.iter().fold(request, |request, it| request.insert_header(*it))).await
}

/// How many files lie in a folder and those below it.
fn stored(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { stored(&path) } else { 1 }).sum()
}

/// Files that are kept, files on their way, and the rows of both tables.
fn kept(portal: &Portal) -> (usize, usize, i64, i64) {
    let data = portal.database.dir.path();
    let rows = portal.write(|conn, _, _| {
        let files = files::table.count().get_result::<i64>(conn)?;
        Ok((files, blobs::table.count().get_result::<i64>(conn)?))
    });
    (stored(&data.join("files")), stored(&data.join("incoming")), rows.0, rows.1)
}

/// Writes and publishes an entry with `body`; gives its staff screen.
async fn publish(portal: &Portal, body: &str, picture: &str) -> String {
    let path = draft(portal, body, picture).await;
    let duyen = portal.ben().duyen();
    act(&duyen, &path, "publish").await;
    path
}

async fn draft(portal: &Portal, body: &str, picture: &str) -> String {
    let hoa = portal.ben().hoa();
    let page = hoa.get("/quan-tri/tin-bai/moi/news").await.status(200);
    let before = page.text.split(">Tin tức – Hoạt động<").next().unwrap();
    let section = before.rsplit("value=\"").next().unwrap().split('"').next().unwrap();
    let form = [
        ("title", "Mở hội làng"),
        ("summary", "Tóm tắt"),
        ("body", body),
        ("section", section),
        ("field_picture", picture),
        ("then", "submit"),
    ];
    hoa.post("/quan-tri/tin-bai/moi/news", &form).await.status(303).leads_to("/quan-tri/tin-bai/")
}

async fn act(visitor: &Visitor<'_>, path: &str, action: &str) {
    let lock = visitor.get(path).await.status(200).between("name=\"lock\" value=\"", "\"");
    let form = [("lock", lock.as_str()), ("remark", "Theo yêu cầu của Ban Biên tập.")];
    visitor.post(&format!("{path}/{action}"), &form).await.status(303);
}

async fn add_picture(visitor: &Visitor<'_>, shade: u8) -> String {
    let mut png = std::io::Cursor::new(Vec::new());
    let mut picture = image::RgbImage::new(9, 9);
    picture.fill(shade);
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let caption = [("alt", "Cầu"), ("source", "Xã Bến")];
    let files = [("a.png", png.get_ref().as_slice())];
    visitor.upload("/quan-tri/anh", "files", &files, &caption).await.status(303);
    visitor.get("/quan-tri/anh").await.between("/anh/", ".webp")
}

#[actix_web::test]
async fn a_name_is_cleaned_and_kept_for_the_download() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let name = format!("../a/b\\\\\u{202E}Số \u{200F}{}Quyết định.pdf", "Số ".repeat(100));
    assert!(name.chars().count() > 300);
    let url = add(&hoa, &name, PDF).await;

    let answer = hoa.get(&url).await.status(200);
    let disposition = answer.header("content-disposition");
    assert!(url.len() < 150 && url.ends_with(".pdf"), "{url}");
    assert!(disposition.starts_with("inline; filename=\"so-so-"), "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''S%E1%BB%91%20S%E1%BB%91"), "{disposition}");
    assert!(!disposition.contains("%E2%80") && !disposition.contains(".."), "{disposition}");
    assert_eq!(answer.bytes, PDF);
}

#[actix_web::test]
async fn a_false_extension_is_refused_and_the_other_files_are_kept() {
    let portal = Portal::start().await;
    let files = [("mot.pdf", PDF), ("hai.pdf", SVG), ("ba.exe", PDF), ("bon.pdf", b"".as_slice())];
    let page = send(&portal.ben().hoa(), &files).await.status(422);

    page.sees("“hai.pdf” mang đuôi .pdf nhưng thật ra là hình vẽ SVG. Hãy đổi đuôi thành .svg")
        .sees("“ba.exe” mang đuôi .exe nhưng thật ra là tài liệu PDF. Hãy đổi đuôi thành .pdf")
        .sees("“bon.pdf” là tệp rỗng")
        .sees("Các tệp còn lại đã được lưu")
        .sees("href=\"/quan-tri/tep/");
    assert_eq!(kept(&portal), (1, 0, 1, 1));
}

#[actix_web::test]
async fn who_sends_a_program_is_told_what_it_is_and_what_is_taken() {
    let portal = Portal::start().await;
    let program = [b"MZ\x90\0\x03".as_slice(), &[0; 80]].concat();
    let files = [
        ("giay-moi.pdf", program.as_slice()),
        ("cai-dat.exe", program.as_slice()),
        ("chay.bat", b"@echo off".as_slice()),
    ];
    let page = send(&portal.ben().hoa(), &files).await.status(422);

    page.sees("“giay-moi.pdf” mang đuôi .pdf nhưng thật ra là chương trình máy tính (EXE), loại này không được nhận. Các loại được nhận: PDF, ")
        .sees("“cai-dat.exe” là chương trình máy tính (EXE), loại này không được nhận. Các loại được nhận: PDF, ")
        .sees("“chay.bat” là tệp lệnh của máy tính (BAT), loại này không được nhận");
    assert_eq!(kept(&portal), (0, 0, 0, 0));
}

#[actix_web::test]
async fn a_script_is_answered_in_json() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let ask = |name: &'static str| {
        let token = hoa.token();
        let field = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file =
            format!("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"");
        let text = field("_csrf", &token) + &field("source", "Xã") + &file;
        let text = format!("{text}\r\n\r\n%PDF-1.7\r\n--b--\r\n");
        let request = TestRequest::post().uri("/quan-tri/tep").set_payload(text);
        let request = request.insert_header(("Accept", "application/json"));
        hoa.send(request.insert_header(("Content-Type", "multipart/form-data; boundary=b")))
    };

    ask("a.pdf").await.status(201).sees("\"title\":\"a.pdf\"");
    ask("a.docx").await.status(422).sees("{\"errors\":{\"files\":\"“a.docx” mang đuôi .docx");
}

#[actix_web::test]
async fn what_is_said_of_a_file_is_checked_and_can_be_changed() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let form = [("title", "Tờ trình"), ("source", "")];
    let page = hoa.upload("/quan-tri/tep", "files", &[("a.pdf", PDF)], &form).await.status(422);
    page.sees("Nguồn của tệp còn trống").sees("value=\"Tờ trình\"");
    assert_eq!(kept(&portal), (0, 0, 0, 0));

    let screen = screen(&add(&hoa, "to-trinh.pdf", PDF).await);
    let change = [("title", "Tờ trình số 5"), ("source", "Văn phòng"), ("licence", "")];
    hoa.post(&screen, &change).await.status(303);
    hoa.get("/quan-tri/tep?q=to+TRINH+so+5").await.status(200).sees("Tờ trình số 5").sees("55 B");
    hoa.get("/quan-tri/tep?q=khong+co").await.status(200).sees("Không tìm thấy tệp nào");
    hoa.post(&screen, &[("source", "")]).await.status(422).sees("Nguồn của tệp còn trống");
}

#[actix_web::test]
async fn the_same_bytes_lie_once_until_the_last_file_goes() {
    let portal = Portal::start().await;
    let (hoa, lang) = (portal.ben().hoa(), portal.lang().hoa());
    let first = add(&hoa, "mot.pdf", PDF).await;
    let second = add(&lang, "hai.pdf", PDF).await;
    assert_eq!(kept(&portal), (1, 0, 2, 1));

    hoa.post(&format!("{}/xoa", screen(&first)), &[]).await.status(303);
    assert_eq!(kept(&portal), (1, 0, 1, 1));
    assert_eq!(lang.get(&second).await.status(200).bytes, PDF);
    lang.post(&format!("{}/xoa", screen(&second)), &[]).await.status(303);
    assert_eq!(kept(&portal), (0, 0, 0, 0));
}

#[actix_web::test]
async fn bytes_left_by_a_process_that_died_are_cleared_and_no_others() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let (lost, held) = (add(&hoa, "mot.pdf", PDF).await, add(&hoa, "hai.txt", b"hai").await);
    // As if the process had ended between the deletion of the file and that of its bytes.
    portal.write(|conn, _, _| {
        let lost = files::table.filter(files::name.eq("mot.pdf"));
        Ok(diesel::delete(lost).execute(conn)?)
    });
    hoa.get(&lost).await.status(404);
    assert_eq!(kept(&portal), (2, 0, 1, 2));
    let clear = || media::files::clear(&portal.parts.app.db, &portal.parts.storage);
    assert_eq!(clear().await.unwrap(), 1);
    assert_eq!(kept(&portal), (1, 0, 1, 1));
    assert_eq!(clear().await.unwrap(), 0);
    assert_eq!(hoa.get(&held).await.status(200).bytes, b"hai");
}

#[actix_web::test]
async fn a_file_is_private_until_something_public_uses_it() {
    let portal = Portal::start().await;
    let (hoa, citizen, duyen) = (portal.ben().hoa(), portal.ben().citizen(), portal.ben().duyen());
    let url = add(&hoa, "quy-che.pdf", PDF).await;
    citizen.get(&url).await.status(404);
    assert_eq!(hoa.get(&url).await.status(200).header("cache-control"), "private, no-store");

    let entry = draft(&portal, &format!("Xem [quy chế]({url})."), "").await;
    citizen.get(&url).await.status(404);
    hoa.get("/quan-tri/tep").await.sees("Mở hội làng").sees("Chưa công khai");
    act(&duyen, &entry, "publish").await;
    let public = citizen.get(&url).await.status(200);
    assert_eq!(public.header("cache-control"), "public, max-age=600");
    portal.lang().citizen().get(&url).await.status(404);
    act(&duyen, &entry, "withdraw").await;
    citizen.get(&url).await.status(404);
}

#[actix_web::test]
async fn a_picture_is_private_until_something_public_shows_it() {
    let portal = Portal::start().await;
    let (hoa, citizen, duyen) = (portal.ben().hoa(), portal.ben().citizen(), portal.ben().duyen());
    let (lead, inside) = (add_picture(&hoa, 1).await, add_picture(&hoa, 200).await);
    let urls = [format!("/anh/{lead}.webp"), format!("/anh/{inside}-nho.webp")];
    let body = format!("![Cầu](/anh/{inside}.webp)");

    let entry = publish(&portal, &body, &lead).await;
    for url in &urls {
        let answer = citizen.get(url).await.status(200);
        assert_eq!(answer.header("cache-control"), "public, max-age=86400");
        let tag = answer.header("etag");
        get_with(&citizen, url, &[("If-None-Match", &tag)]).await.status(304);
    }
    act(&duyen, &entry, "withdraw").await;
    for url in &urls {
        citizen.get(url).await.status(404);
        assert_eq!(hoa.get(url).await.status(200).header("cache-control"), "private, no-store");
        let tag = hoa.get(url).await.header("etag");
        get_with(&citizen, url, &[("If-None-Match", &tag)]).await.status(404);
    }
}

#[actix_web::test]
async fn a_new_draft_changes_nothing_for_the_public() {
    let portal = Portal::start().await;
    let (hoa, citizen) = (portal.ben().hoa(), portal.ben().citizen());
    let old = add(&hoa, "cu.pdf", PDF).await;
    let entry = publish(&portal, &format!("[Cũ]({old})"), "").await;
    let new = add(&hoa, "moi.pdf", b"%PDF-1.7 moi").await;
    let page = hoa.get(&entry).await.status(200);
    let lock = page.between("name=\"lock\" value=\"", "\"");
    let before = page.text.split("\" selected").next().unwrap();
    let section = before.rsplit("value=\"").next().unwrap();
    let body = format!("[Mới]({new})");
    let form = [
        ("title", "Mở hội làng"),
        ("summary", "Tóm tắt"),
        ("body", body.as_str()),
        ("section", section),
        ("lock", lock.as_str()),
        ("then", "submit"),
    ];
    hoa.post(&entry, &form).await.status(303);

    citizen.get(&old).await.status(200);
    citizen.get(&new).await.status(404);
    act(&portal.ben().duyen(), &entry, "publish").await;
    citizen.get(&old).await.status(404);
    citizen.get(&new).await.status(200);
}

#[actix_web::test]
async fn pictures_from_before_stay_public() {
    let portal = Portal::start().await;
    let picture = add_picture(&portal.ben().hoa(), 7).await;
    let url = format!("/anh/{picture}.webp");
    portal.ben().citizen().get(&url).await.status(404);

    // Back to before files were kept, and all that came after with them.
    let folder = fs::read_dir(kit::root().join("migrations")).unwrap();
    let mut later: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    later.retain(|path| path.is_dir() && path.file_name().unwrap() >= "2026-11-22-000001_files");
    later.sort();
    portal.write(|conn, _, _| {
        for path in later.iter().rev() {
            let back = fs::read_to_string(path.join("down.sql")).unwrap();
            for statement in back.split(';').filter(|it| !it.trim().is_empty()) {
                diesel::sql_query(statement).execute(conn)?;
            }
        }
        let versions = "DELETE FROM __diesel_schema_migrations WHERE version >= '20261122000001'";
        diesel::sql_query(versions).execute(conn)?;
        Ok(())
    });
    assert_eq!(portal.parts.app.db.migrate().unwrap(), later.len());
    portal.ben().citizen().get(&url).await.status(200);
}

#[actix_web::test]
async fn a_file_in_use_cannot_be_deleted() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let url = add(&hoa, "quy-che.pdf", PDF).await;
    publish(&portal, &format!("[Quy chế]({url})"), "").await;

    let delete = format!("{}/xoa", screen(&url));
    hoa.post(&delete, &[]).await.status(409).sees("Tệp đang được dùng ở: “Mở hội làng”");
    hoa.get(&screen(&url)).await.status(200).sees("chưa thể xóa").misses("data-danger");
    assert_eq!(kept(&portal), (1, 0, 1, 1));
}

#[actix_web::test]
async fn an_author_deletes_only_what_they_brought() {
    let portal = Portal::start().await;
    let url = add(&portal.ben().binh(), "cua-binh.pdf", PDF).await;
    let delete = format!("{}/xoa", screen(&url));
    portal.ben().hoa().post(&delete, &[]).await.status(403);
    portal.ben().duyen().post(&delete, &[]).await.status(303);
}

#[actix_web::test]
async fn a_part_of_a_file_can_be_asked_for() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let url = add(&hoa, "a.pdf", PDF).await;
    let whole = hoa.get(&url).await.status(200);
    let tag = whole.header("etag");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(tag.len() == 66 && tag.starts_with('"'), "{tag}");

    let part = get_with(&hoa, &url, &[("Range", "bytes=9-11"), ("If-Range", &tag)]).await;
    assert_eq!(part.header("content-range"), "bytes 9-11/55");
    assert_eq!(part.status(206).bytes, b"mot");
    let packed = [("Range", "bytes=-5"), ("Accept-Encoding", "gzip")];
    assert_eq!(get_with(&hoa, &url, &packed).await.status(206).bytes, b"%%EOF");
    let other = [("Range", "bytes=9-11"), ("If-Range", "\"other\"")];
    assert_eq!(get_with(&hoa, &url, &other).await.status(200).bytes, PDF);
    let beyond = get_with(&hoa, &url, &[("Range", "bytes=999-")]).await.status(416);
    assert_eq!(beyond.header("content-range"), "bytes */55");
    let known = get_with(&hoa, &url, &[("If-None-Match", &tag)]).await.status(304);
    assert!(known.bytes.is_empty());
    let since = whole.header("last-modified");
    get_with(&hoa, &url, &[("If-Modified-Since", &since)]).await.status(304);
}

#[actix_web::test]
async fn a_head_has_no_body() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let url = add(&hoa, "a.pdf", PDF).await;
    let (address, headers) = (portal.listen(), hoa.headers());
    let ask = move || {
        let headers: String =
            headers.iter().map(|(name, text)| format!("{name}: {text}\r\n")).collect();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!("HEAD {url} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.to_lowercase()
    };
    let answer = web::off_thread(ask).await.unwrap();
    assert!(answer.starts_with("http/1.1 200") && answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(answer.contains("content-length: 55"), "{answer}");
}

#[actix_web::test]
async fn a_wrong_name_leads_to_the_right_one() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let url = add(&hoa, "Quyết định.pdf", PDF).await;
    let (place, name) = url.rsplit_once('/').unwrap();
    assert_eq!(name, "quyet-dinh.pdf");
    hoa.get(&format!("{place}/other.html")).await.status(301).leads_to(&url);
    hoa.get(place).await.status(301).leads_to(&url);
    portal.ben().citizen().get(&format!("{place}/other.html")).await.status(404);
}

#[actix_web::test]
async fn no_file_can_run_as_a_page() {
    let portal = Portal::start_with(|config| config.media.types += " html").await;
    let hoa = portal.ben().hoa();
    let page = b"<!doctype html><script>alert(1)</script>".as_slice();
    for (name, bytes) in [("a.svg", SVG), ("a.html", page), ("a.xml", b"<?xml version='1.0'?><a/>")]
    {
        let url = add(&hoa, name, bytes).await;
        let answer = get_with(&hoa, &url, &[("Accept-Encoding", "gzip")]).await.status(200);
        assert!(answer.header("content-disposition").starts_with("attachment;"), "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
        assert_eq!(answer.bytes, bytes);
    }
    send(&hoa, &[("a.pdf", page)]).await.status(422);
}

#[actix_web::test]
async fn files_of_a_closed_site_are_for_its_staff() {
    let portal = Portal::start().await;
    let (hoa, citizen) = (portal.ben().hoa(), portal.ben().citizen());
    let url = add(&hoa, "a.pdf", PDF).await;
    publish(&portal, &format!("[A]({url})"), "").await;
    citizen.get(&url).await.status(200);
    let ben = portal.ben().id();
    portal.tinh().tinh().post(&format!("/quan-tri/cac-trang/{ben}/suspend"), &[]).await.status(303);

    citizen.get(&url).await.status(404);
    hoa.get(&url).await.status(200);
}

/// What a request by hand does after it has sent a part of its file.
#[derive(Clone, Copy)]
enum Then {
    /// Sends the rest and reads the answer.
    Finish,
    /// Cuts the connection.
    Cut,
}

/// Sends one file of `size` bytes over a real connection, a megabyte at a time: the head of a
/// PDF, then zeros, then `end`.
fn send_by_hand(
    (address, visitor): (SocketAddr, &[(&'static str, String)]),
    token: &str,
    (size, end, then): (usize, &[u8], Then),
) -> String {
    let field = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file =
        "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"lon.pdf\"\r\n\r\n";
    let head = field("_csrf", token) + &field("source", "Xã Bến") + file + "%PDF-1.7\n";
    let tail = [end, b"\r\n--b--\r\n"].concat();
    let zeros = size - 9 - end.len();
    let length = head.len() + zeros + tail.len();
    let headers: String =
        visitor.iter().map(|(name, text)| format!("{name}: {text}\r\n")).collect();
    let mut stream = TcpStream::connect(address).unwrap();
    let start = format!(
        "POST /quan-tri/tep HTTP/1.1\r\n{headers}Content-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{head}"
    );
    stream.write_all(start.as_bytes()).unwrap();
    let chunk = vec![0; 1 << 20];
    let mut left = if matches!(then, Then::Cut) { zeros / 2 } else { zeros };
    while left > 0 {
        let count = left.min(chunk.len());
        stream.write_all(chunk.get(..count).unwrap()).unwrap();
        left -= count;
    }
    if matches!(then, Then::Cut) {
        stream.shutdown(Shutdown::Both).unwrap();
        return String::new();
    }
    stream.write_all(&tail).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

async fn by_hand(portal: &Portal, size: usize, end: &'static [u8], then: Then) -> String {
    let (address, hoa) = (portal.listen(), portal.ben().hoa());
    let (headers, token) = (hoa.headers(), hoa.token());
    web::off_thread(move || send_by_hand((address, &headers), &token, (size, end, then)))
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_broken_upload_leaves_nothing_behind() {
    let portal = Portal::start().await;
    by_hand(&portal, 20 << 20, b"", Then::Cut).await;
    // The server notices a moment later.
    actix_web::rt::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(kept(&portal), (0, 0, 0, 0));
    let answer = by_hand(&portal, 2 << 20, b"", Then::Finish).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert_eq!(kept(&portal), (1, 0, 1, 1));
}

/// Runs a test that stands below by itself, for what concerns the whole process.
fn alone(name: &str, limits: &str) {
    let program = std::env::current_exe().unwrap();
    let script = format!("{limits} exec \"$0\" --exact media::{name} --ignored --nocapture");
    let run = Command::new("bash").args(["-c", &script]).arg(program).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn half_a_gigabyte_never_sits_in_memory() {
    alone("half_a_gigabyte", "");
}

/// The most memory this process has held, in kilobytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[actix_web::test]
#[ignore = "started by half_a_gigabyte_never_sits_in_memory, in a process of its own"]
async fn half_a_gigabyte() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let size = 500 << 20;
    by_hand(&portal, 1 << 20, b"", Then::Finish).await;
    let before = peak();

    let answer = by_hand(&portal, size, b"the end", Then::Finish).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let url = newest(&hoa).await;
    let part = get_with(&hoa, &url, &[("Range", "bytes=-7")]).await;
    assert_eq!(part.header("content-range"), format!("bytes {}-{}/{size}", size - 7, size - 1));
    assert_eq!(part.status(206).bytes, b"the end");
    let grown = (peak() - before) / 1024;
    assert!(grown < 64, "{grown} MB more");
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_behind() {
    // A limit on the size of files stands in for the end of the disk: the system refuses to
    // write in the same way. The signal that comes with it is ignored, as services do.
    alone("a_full_disk", "trap '' XFSZ; ulimit -f 24576;");
}

#[actix_web::test]
#[ignore = "started by a_full_disk_is_told_and_leaves_nothing_behind, under a limit"]
async fn a_full_disk() {
    let portal = Portal::start().await;
    let answer = by_hand(&portal, 40 << 20, b"", Then::Finish).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("Máy chủ đã hết chỗ chứa tệp"), "{answer}");
    assert_eq!(kept(&portal), (0, 0, 0, 0));

    add(&portal.ben().hoa(), "nho.pdf", PDF).await;
    assert_eq!(kept(&portal), (1, 0, 1, 1));
}

#[actix_web::test]
async fn files_that_cannot_all_be_kept_leave_nothing_behind() {
    let portal = Portal::start().await;
    let other = b"%PDF-1.7 other".as_slice();
    // A file stands where the folder of the second one, named after its digest, should be.
    let folder = portal.database.dir.path().join("files/f8");
    fs::create_dir_all(folder.parent().unwrap()).unwrap();
    fs::write(&folder, "in the way").unwrap();

    send(&portal.ben().hoa(), &[("a.pdf", PDF), ("b.pdf", other)]).await.status(503);
    fs::remove_file(&folder).unwrap();
    assert_eq!(kept(&portal), (0, 0, 0, 0));
}

/// A store that speaks S3, in a folder; it ends with the process.
fn s3_server(folder: &Path) -> SocketAddr {
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let files = s3s_fs::FileSystem::new(folder).unwrap();
    let mut service = s3s::service::S3ServiceBuilder::new(files);
    service.set_auth(s3s::auth::SimpleAuth::from_single("cong", "lang"));
    let service = service.build();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let http = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let answering = http.serve_connection(TokioIo::new(socket), service.clone());
            let answering = answering.into_owned();
            tokio::spawn(async move { drop(answering.await) });
        }
    };
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(serve)
    });
    address
}

#[actix_web::test]
async fn files_and_pictures_can_lie_in_a_store_that_speaks_s3() {
    let bucket = tempfile::tempdir().unwrap();
    fs::create_dir(bucket.path().join("tinh")).unwrap();
    let address = s3_server(bucket.path());
    let portal = Portal::start_with(|config| {
        let storage = &mut config.storage;
        storage.kind = "s3".into();
        storage.endpoint = format!("http://{address}");
        (storage.bucket, storage.prefix) = ("tinh".into(), "cong-lang".into());
        storage.access_key = "cong".into();
        storage.secret_key.0 = "lang".into();
    })
    .await;
    let hoa = portal.ben().hoa();
    let url = add(&hoa, "a.pdf", PDF).await;
    let answer = by_hand(&portal, 20 << 20, b"the end", Then::Finish).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let large = newest(&hoa).await;
    let picture = add_picture(&hoa, 3).await;

    assert_eq!(hoa.get(&url).await.status(200).bytes, PDF);
    let end = get_with(&hoa, &large, &[("Range", "bytes=-7")]).await.status(206);
    assert_eq!(end.bytes, b"the end");
    hoa.get(&format!("/anh/{picture}-nho.webp")).await.status(200);
    assert_eq!(stored(&bucket.path().join("tinh/cong-lang/files")), 2);
    assert_eq!(stored(&bucket.path().join("tinh/cong-lang/pictures")), 2);
    assert_eq!(kept(&portal), (0, 0, 2, 2));
    hoa.post(&format!("{}/xoa", screen(&url)), &[]).await.status(303);
    assert_eq!(stored(&bucket.path().join("tinh/cong-lang/files")), 1);
}
