//! The English pages as their readers find them.

use kit::{
    Portal,
    desk::{act, publish_on},
};

use crate::mirror::translate;

const NEWS: &str = "/en/news-and-activities";

#[actix_web::test]
async fn every_fixed_page_answers_in_english() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let pages = [
        "/en",
        NEWS,
        "/en/about/leaders",
        "/en/about/directory-and-contact-officers",
        "/en/documents",
        "/en/search",
        "/en/search?q=ben",
        "/en/questions",
        "/en/questions/ask",
        "/en/questions/ask/question",
        "/en/questions/follow",
        "/en/consultations",
        "/en/public-information",
        "/en/site-map",
    ];
    for path in pages {
        let page = citizen.get(path).await.status(200).sees("<html lang=\"en\"");
        assert_eq!(page.header("content-language"), "en", "{path}");
        let page = page.sees("<a class=\"brand\" href=\"/en\">");
        page.sees("hreflang=\"vi\" lang=\"vi\">Tiếng Việt</a>").misses("t.public.");
    }
    citizen.get("/").await.status(200).sees("<html lang=\"vi\"");
}

#[actix_web::test]
async fn links_of_an_english_page_lead_to_english_pages() {
    let portal = Portal::start().await;
    let page = portal.ben().citizen().get("/en").await.status(200);
    for link in page.text.split("href=\"/").skip(1) {
        let target = link.split('"').next().unwrap();
        let is_shared = ["static/", "anh/", "opensearch.xml", "dang-nhap"].iter();
        let is_shared = is_shared.clone().any(|top| target.starts_with(top));
        let is_other = link.split_once('"').unwrap().1.starts_with(" hreflang=\"vi\"");
        assert!(is_shared || is_other || target == "en" || target.starts_with("en/"), "/{target}");
    }
    // A form leads there too, and so does whoever answers it by sending on.
    page.sees("action=\"/en/search\"");
    let moved = portal.ben().citizen().get("/en/van-ban?nam=2026").await.status(301);
    assert!(moved.header("location").ends_with("/en/documents?nam=2026"));
    let slash = portal.ben().citizen().get(&format!("{NEWS}/")).await.status(301);
    assert!(slash.header("location").ends_with(NEWS));
}

#[actix_web::test]
async fn files_and_staff_screens_are_the_same_in_all_languages() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    for path in ["/en/quan-tri", "/en/dang-nhap", "/en/robots.txt", "/en/api/v1/openapi.json"] {
        let moved = citizen.get(path).await.status(301);
        assert!(moved.header("location").ends_with(path.strip_prefix("/en").unwrap()), "{path}");
    }
    citizen.get("/en/khong-co").await.status(404).sees("<html lang=\"en\"");
    citizen.get("/enx").await.status(404).sees("<html lang=\"vi\"");
}

#[actix_web::test]
async fn each_page_names_its_counterpart() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let both = [
        "<link rel=\"alternate\" hreflang=\"vi\" href=\"http://ben.tinh.test/tin-tuc\">".to_owned(),
        format!("<link rel=\"alternate\" hreflang=\"en\" href=\"http://ben.tinh.test{NEWS}\">"),
    ];
    for path in ["/tin-tuc", NEWS] {
        let page = citizen.get(path).await.status(200);
        both.iter().for_each(|link| assert!(page.text.contains(link), "{path}: {link}"));
    }
    citizen.get(NEWS).await.sees("href=\"/tin-tuc\" hreflang=\"vi\"");
    citizen.get("/tin-tuc").await.sees(&format!("href=\"{NEWS}\" hreflang=\"en\""));
}

#[actix_web::test]
async fn what_nobody_translated_is_vietnamese_marked_and_kept_out_of_indexes() {
    let portal = Portal::start().await;
    publish_on(portal.ben(), "Khai mạc hội chè", "Sáng nay.").await;
    let citizen = portal.ben().citizen();

    let source = citizen.get("/tin-tuc/khai-mac-hoi-che").await.status(200);
    let source = source.misses("hreflang=\"en\" href=\"http").misses("noindex");
    source.sees(&format!("href=\"{NEWS}/khai-mac-hoi-che\" hreflang=\"en\""));

    let page = citizen.get(&format!("{NEWS}/khai-mac-hoi-che")).await.status(200);
    let page = page.sees("<html lang=\"en\"").sees("<h1 lang=\"vi\">Khai mạc hội chè</h1>");
    let page = page.sees("<meta name=\"robots\" content=\"noindex\">").sees("mirror-missing");
    page.sees("href=\"/tin-tuc/khai-mac-hoi-che\" hreflang=\"vi\"");
    // It is told in the list of the section, apart from what is English.
    citizen.get(NEWS).await.sees("lang=\"vi\">Khai mạc hội chè</a>");
    citizen.get("/en").await.misses("Khai mạc hội chè");
    citizen.get("/en/rss.xml").await.status(200).misses("Khai mạc hội chè");
    citizen.get("/rss.xml").await.status(200).sees("Khai mạc hội chè");
}

#[actix_web::test]
async fn english_is_found_beside_its_source_and_ages_with_it() {
    let portal = Portal::start().await;
    let (path, ben) =
        (publish_on(portal.ben(), "Khai mạc hội chè", "Sáng nay.").await, portal.ben());
    translate(&portal, &path, "Tea festival opens", &["This morning."]).await;
    let citizen = ben.citizen();
    let english = format!("{NEWS}/tea-festival-opens");

    let page = citizen.get(&english).await.status(200).sees("<h1>Tea festival opens</h1>");
    let page = page.sees("mirror-current").misses("noindex").misses("Khai mạc");
    page.sees("<link rel=\"alternate\" hreflang=\"vi\" href=\"http://ben.tinh.test/tin-tuc/khai-mac-hoi-che\">");
    let source = citizen.get("/tin-tuc/khai-mac-hoi-che").await.status(200);
    source
        .sees(&format!(
            "<link rel=\"alternate\" hreflang=\"en\" href=\"http://ben.tinh.test{english}\">"
        ))
        .sees(&format!("href=\"{english}\" hreflang=\"en\""))
        .misses("Tea festival");
    let moved = citizen.get(&format!("{NEWS}/khai-mac-hoi-che")).await.status(302);
    assert!(moved.header("location").ends_with(&english));

    for (list, there) in [
        (NEWS, true),
        ("/en/rss.xml", true),
        ("/en/sitemap/2.xml", true),
        ("/tin-tuc", false),
        ("/rss.xml", false),
        ("/sitemap/2.xml", false),
    ] {
        let list = citizen.get(list).await.status(200);
        let _ =
            if there { list.sees("tea-festival-opens") } else { list.misses("tea-festival-opens") };
    }

    // A small correction leaves it current, a change of substance does not.
    rewrite(&portal, &path, "Sáng nay, 8 giờ.", true).await;
    citizen.get(&english).await.sees("mirror-current");
    rewrite(&portal, &path, "Sáng mai, 9 giờ.", false).await;
    citizen.get(&english).await.sees("mirror-stale").sees("has changed once since then");
    rewrite(&portal, &path, "Sáng kia, 9 giờ.", false).await;
    citizen.get(&english).await.sees("has changed 2 times since then");

    // It does not outlive its source.
    act(&ben.duyen(), &path, "withdraw", "Gỡ để sửa.").await.status(303);
    citizen.get(&english).await.status(410);
    citizen.get(NEWS).await.misses("Tea festival");
}

#[actix_web::test]
async fn english_of_another_site_does_not_exist() {
    let portal = Portal::start().await;
    let path = publish_on(portal.ben(), "Khai mạc hội chè", "Sáng nay.").await;
    translate(&portal, &path, "Tea festival opens", &["This morning."]).await;
    let lang = portal.lang().citizen();
    lang.get(&format!("{NEWS}/tea-festival-opens")).await.status(404).misses("Tea festival");
    lang.get(NEWS).await.status(200).misses("Tea festival").misses("Khai mạc hội chè");
}

#[actix_web::test]
async fn people_are_told_of_in_english_without_a_translation() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let section = kit::desk::section(&hoa, "official", "Giới thiệu › Lãnh đạo").await;
    let form = [
        ("title", "Nguyễn Thị Hoa"),
        ("field_position", "Phó Chủ tịch UBND xã"),
        ("field_unit", "Ủy ban nhân dân xã Bến"),
        ("field_phone", "0205 3812 345"),
        ("field_email", "hoa@ben.gov.vn"),
        ("field_duties", "Phụ trách văn hóa."),
        ("section", &section),
    ];
    let path = hoa
        .post("/quan-tri/tin-bai/moi/official", &form)
        .await
        .status(303)
        .leads_to("/quan-tri/tin-bai/");
    act(&hoa, &path, "submit", "").await.status(303);
    act(&portal.ben().duyen(), &path, "publish", "").await.status(303);
    let citizen = portal.ben().citizen();
    let page = citizen.get("/en/people/nguyen-thi-hoa").await.status(200).misses("noindex");
    let page = page
        .sees("Vice Chairperson of the Commune People&#39;s Committee")
        .sees("+84 205 3812 345");
    page.sees("People&#39;s Committee of Bến Commune").misses("mirror-missing");
    citizen.get("/en/about/leaders").await.sees("Vice Chairperson");
}

/// Changes the text of the entry at `path` and publishes it again.
async fn rewrite(portal: &Portal, path: &str, body: &str, minor: bool) {
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let page = hoa.get(path).await.status(200);
    let seal = page.between("name=\"lock\" value=\"", "\"");
    let section = kit::desk::section(&hoa, "news", "Tin tức – Hoạt động").await;
    let mut form = vec![
        ("title", "Khai mạc hội chè"),
        ("summary", "Tóm tắt."),
        ("body", body),
        ("section", section.as_str()),
        ("lock", seal.as_str()),
    ];
    if minor {
        form.push(("minor", "on"));
    }
    hoa.post(path, &form).await.status(303);
    act(&hoa, path, "submit", "").await.status(303);
    act(&duyen, path, "publish", "").await.status(303);
}
