//! Bad input: a clear answer, nothing lost, never a 500.

use actix_web::test::TestRequest;
use kit::{Portal, Visitor};
use unicode_normalization::UnicodeNormalization;

async fn section(visitor: &Visitor<'_>) -> String {
    let page = visitor.get("/quan-tri/tin-bai/moi/news").await.status(200);
    let before = page.text.split(">Tin tức – Hoạt động<").next().unwrap();
    before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

const NEW: &str = "/quan-tri/tin-bai/moi/news";

#[actix_web::test]
async fn a_title_of_ten_thousand_characters_is_told_and_kept() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let title = "dài ".repeat(2500);
    let section = section(&hoa).await;
    let form = [("title", title.as_str()), ("body", "Giữ nguyên."), ("section", &section)];
    let page = hoa.post(NEW, &form).await.status(422);
    page.sees("250").sees(title.trim()).sees("Giữ nguyên.");
}

#[actix_web::test]
async fn decomposed_vietnamese_is_stored_composed() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let title: String = "Lễ hội đền Thượng".nfd().collect();
    let section = section(&hoa).await;
    let form =
        [("title", title.as_str()), ("summary", "Tóm tắt"), ("body", ""), ("section", &section)];
    let path = hoa.post(NEW, &form).await.status(303).leads_to("/quan-tri/tin-bai/");
    hoa.get(&path).await.status(200).sees("Lễ hội đền Thượng").misses(&title);
}

#[actix_web::test]
async fn control_characters_and_direction_marks_are_dropped() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let section = section(&hoa).await;
    let title = "Lễ\u{0} hội\u{202E} đền\u{7}";
    let form = [("title", title), ("summary", "S"), ("body", "a\u{0}b"), ("section", &section)];
    let path = hoa.post(NEW, &form).await.status(303).leads_to("/quan-tri/tin-bai/");
    let page = hoa.get(&path).await.status(200).sees("Lễ hội đền");
    page.misses("\u{202E}").misses("\u{7}").misses("\u{0}");
}

#[actix_web::test]
async fn an_unsafe_body_is_cleaned_and_the_author_is_told_what_went() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let section = section(&hoa).await;
    let body =
        "<script>alert(1)</script>\n\n[x](javascript:alert(2)) <b onclick=\"a()\">đậm\n\n<td>hở";
    let form = [("title", "Bài"), ("summary", "S"), ("body", body), ("section", &section)];
    let path = hoa.post(NEW, &form).await.status(303).leads_to("/quan-tri/tin-bai/");
    let page = hoa.get(&path).await.status(200);
    page.sees("script").sees("onclick").sees("javascript:alert(2)");
    let seen = hoa.get(&format!("{path}/xem")).await.status(200);
    seen.misses("alert(1)").misses("javascript:").misses("onclick").sees("đậm");
}

#[actix_web::test]
async fn two_megabytes_of_text_are_told_and_kept() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let section = section(&hoa).await;
    let body = "chữ ".repeat(500_000);
    let form = [("title", "Bài"), ("summary", "S"), ("body", &body), ("section", &section)];
    let page = hoa.post(NEW, &form).await.status(422);
    page.sees("200000").sees("chữ chữ chữ chữ");
}

#[actix_web::test]
async fn a_stale_token_keeps_what_was_typed() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let form = [("title", "Gõ mất công"), ("body", "Nhiều chữ"), ("_csrf", "old")];
    let page = hoa.post_as_it_is(NEW, &form).await.status(409);
    let page = page.sees("Gõ mất công").sees("Nhiều chữ").sees(&hoa.token());
    assert!(!page.text.contains("value=\"old\""), "{}", page.text);
}

#[actix_web::test]
async fn a_form_sent_after_the_session_ended_is_offered_again() {
    let portal = Portal::start().await;
    let stranger = portal.ben().citizen();
    let form = [("title", "Gõ mất công"), ("body", "Nhiều chữ"), ("_csrf", "old")];
    let page = stranger.post_as_it_is(NEW, &form).await.status(401);
    page.sees("Gõ mất công").sees("Nhiều chữ").sees("/dang-nhap");
}

#[actix_web::test]
async fn a_form_of_another_site_is_refused_outright() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let token = hoa.token();
    let request = TestRequest::post()
        .uri(NEW)
        .insert_header(("sec-fetch-site", "cross-site"))
        .set_form([("title", "Gài bẫy"), ("_csrf", token.as_str())]);
    hoa.send(request).await.status(403);
}

#[actix_web::test]
async fn strange_paths_are_not_found() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    for path in [
        "/tin-tuc%2Fkhai-mac",
        "/..%2f..%2fetc%2fpasswd",
        "/tin-tuc/../../etc",
        "/%ff%fe",
        "/%00",
        "//tin-tuc",
        "/tin-tuc//",
        "/TIN-TUC",
        "/tin-tuc/%E1%BA%BF",
        "/static/../Cargo.toml",
        "/static/default/%2e%2e/theme.toml",
        "/anh/%ff.webp",
        "/anh/../x.webp",
        "/quan-tri/tin-bai/%ff",
        "/quan-tri/tin-bai/not-an-id/phien-ban/x",
        "/sitemap/0.xml",
        "/sitemap/999.xml",
        "/sitemap/x.xml",
        "/tin-tuc?trang=99999",
        "/tin-tuc/khong-co/rss.xml",
        &format!("/{}", "a".repeat(2000)),
    ] {
        let code = citizen.get(path).await.code();
        assert!(matches!(code, 401 | 404), "{path} answers {code}");
    }
}

#[actix_web::test]
async fn strange_queries_are_ignored() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    for query in
        ["trang=abc", "trang=-1", "trang=%ff", "x=%00", "luu=%F0%9F%98%80", "trang=1&trang=2"]
    {
        let code = citizen.get(&format!("/tin-tuc?{query}")).await.code();
        assert!(matches!(code, 200 | 404), "{query} answers {code}");
    }
    let hoa = portal.ben().hoa();
    let long = "a".repeat(3000);
    for query in ["state=zzz&kind=../x&section=1", "q=%25_%5c'--", &format!("q={long}")] {
        hoa.get(&format!("/quan-tri/tin-bai?{query}")).await.status(200);
    }
}

#[actix_web::test]
async fn a_host_of_nobody_learns_nothing() {
    let portal = Portal::start().await;
    for host in ["other.test", "", "ben.tinh.test.evil.test", "127.0.0.1", "x'--", "tinh.test:99x"]
    {
        let page = portal.at(host).get("/").await;
        if host == "tinh.test:99x" {
            continue;
        }
        assert_eq!((page.code(), page.text.as_str()), (404, "Not found\n"), "{host}");
    }
    let upper = portal.at("BEN.Tinh.TEST:8080").get("/").await;
    assert_eq!(upper.code(), 200);
}

#[actix_web::test]
async fn a_picture_that_is_none_is_refused_with_what_was_typed() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let fields = [("alt", "Cầu treo"), ("source", "Xã Bến")];
    let files: [(&str, &[u8]); 1] = [("cau.png", b"<svg onload=alert(1)>")];
    let page = hoa.upload("/quan-tri/anh", "files", &files, &fields).await.status(422);
    page.sees("Cầu treo").sees("Xã Bến");
    hoa.upload("/quan-tri/anh", "files", &[], &fields).await.status(422);
}

#[actix_web::test]
async fn a_picture_is_kept_small_without_its_metadata() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(2000, 1000).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let fields = [("alt", "Cầu treo"), ("source", "Xã Bến")];
    let name = "../../x\u{202E}.png";
    let files = [(name, png.get_ref().as_slice())];
    hoa.upload("/quan-tri/anh", "files", &files, &fields).await.status(303);
    let page = hoa.get("/quan-tri/anh").await.status(200).sees("1600").misses("../../");
    let path = format!("/anh/{}", page.between("/anh/", "\""));
    let picture = hoa.get(&path).await.status(200);
    assert_eq!(picture.header("content-type"), "image/webp");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    portal.lang().citizen().get(&path).await.status(404);
}
