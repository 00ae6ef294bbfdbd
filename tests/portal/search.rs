//! What people look for, and what they find.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use actix_web::{http::Method, test::TestRequest};
use chrono::TimeDelta;
use db::schema::searches;
use diesel::prelude::*;
use kit::{
    Portal,
    desk::{act, publish, publish_on},
};
use unicode_normalization::UnicodeNormalization;

/// The address of a search.
fn find(query: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    format!("/tim-kiem?q={encoded}")
}

#[actix_web::test]
async fn what_is_published_is_found_and_what_is_withdrawn_is_not() {
    let portal = Portal::start().await;
    let path = publish(&portal, "Lịch tiêm phòng dại", "Trạm thú y *tiêm* tại nhà văn hoá.").await;
    let (citizen, duyen) = (portal.ben().citizen(), portal.ben().duyen());
    citizen.get(&find("tiêm phòng")).await.status(200).misses("/tin-tuc/lich-tiem-phong-dai");

    portal.catch_up();
    let page = citizen.get(&find("tiêm phòng")).await.status(200);
    page.sees("/tin-tuc/lich-tiem-phong-dai").sees("<mark>tiêm phòng</mark>");
    citizen.get(&find("nha van hoa")).await.status(200).sees("<mark>nhà văn hoá</mark>");
    act(&duyen, &path, "withdraw", "Nhầm lịch").await.status(303);
    // Before the index has followed, the database already says that it is not public.
    citizen.get(&find("tiêm phòng")).await.status(200).misses("Lịch tiêm phòng dại");
    portal.catch_up();
    citizen.get(&find("tiêm phòng")).await.status(200).sees("Không tìm thấy kết quả nào");
}

#[actix_web::test]
async fn each_scope_finds_its_own() {
    let portal = Portal::start().await;
    publish_on(portal.ben(), "Hội làng bên sông", "…").await;
    publish_on(portal.lang(), "Hội làng trên đồi", "…").await;
    portal.catch_up();
    let (ben, song, doi) = (portal.ben().citizen(), "hoi-lang-ben-song", "hoi-lang-tren-doi");

    ben.get(&find("hội làng")).await.sees(song).misses(doi);
    ben.get(&format!("{}&pham-vi=cong", find("hội làng"))).await.sees(song).misses(doi);
    let page = ben.get(&format!("{}&pham-vi=tinh", find("hội làng"))).await.sees(song);
    page.sees("http://lang.tinh.test/tin-tuc/hoi-lang-tren-doi").sees("Xã Làng");
    portal.tinh().citizen().get(&find("hội làng")).await.misses(song).misses(doi);
    let narrowed = format!("{}&pham-vi=tinh&don-vi=lang.tinh.test", find("hội làng"));
    ben.get(&narrowed).await.sees(doi).misses(song);
    // A commune is found by its name, from the portal and from its sisters.
    let page = portal.tinh().citizen().get(&find("xa ben")).await.status(200);
    page.sees("http://ben.tinh.test/\"");
}

#[actix_web::test]
async fn what_is_hidden_closed_or_only_drafted_is_not_found() {
    let portal = Portal::start().await;
    publish(&portal, "Chợ phiên đầu tháng", "…").await;
    kit::desk::write(&portal.ben().hoa(), "Chợ phiên còn nháp", "…").await;
    portal.catch_up();
    let far = format!("{}&pham-vi=tinh", find("chợ phiên"));
    let lang = portal.lang().citizen();
    lang.get(&far).await.sees("cho-phien-dau-thang").misses("còn nháp");

    let tinh = portal.tinh().tinh();
    let id = portal.site_id("ben.tinh.test");
    tinh.post(&format!("/quan-tri/cac-trang/{id}/suspend"), &[]).await.status(303);
    portal.catch_up();
    lang.get(&far).await.misses("cho-phien-dau-thang");
    tinh.post(&format!("/quan-tri/cac-trang/{id}/activate"), &[]).await.status(303);
    portal.catch_up();
    lang.get(&far).await.sees("cho-phien-dau-thang");
}

#[actix_web::test]
async fn however_it_is_typed_the_same_is_found() {
    let portal = Portal::start().await;
    publish(&portal, "Quy hoạch thủy lợi xã Hòa Mỹ", "Kỹ thuật tưới tiêu do UBND xã lập.").await;
    publish(&portal, "Họp dân", "Không liên quan.").await;
    portal.catch_up();
    let citizen = portal.ben().citizen();
    let decomposed: String = "thuỷ lợi".nfd().collect();
    for typed in [
        "thủy lợi",
        "thuỷ lợi",
        "THUY LOI",
        "thuy  loi",
        "hoà mĩ",
        "hoa my",
        "kĩ thuật",
        "“thủy lợi”",
        "ủy ban nhân dân xã",
        "uy ban nhan dan",
        "quy hoach thuy loi xa hoa my",
        "thủy-lợi!",
        decomposed.as_str(),
    ] {
        let page = citizen.get(&find(typed)).await.status(200);
        page.sees("/tin-tuc/quy-hoach-thuy-loi-xa-hoa-my").misses("/tin-tuc/hop-dan");
    }
}

#[actix_web::test]
async fn nothing_that_is_typed_breaks_the_page() {
    let portal = Portal::start().await;
    publish(&portal, "Một bài", "…").await;
    portal.catch_up();
    let citizen = portal.ben().citizen();
    let long = "a ".repeat(200);
    for typed in [
        "a",
        "và của các",
        "🙂",
        "\u{0}\u{1b}",
        "\"",
        "((( AND OR NOT",
        "*",
        "title:x",
        "a:b^2~",
        "-",
        "'; DROP",
        "<script>alert(1)</script>",
        long.as_str(),
        "\u{202E}abc",
        "%",
        "\\",
    ] {
        let page = citizen.get(&find(typed)).await.status(200);
        page.misses("<script>alert");
        let api = find(typed).replace("/tim-kiem", "/api/v1/search");
        let code = citizen.get(&api).await.code();
        assert!(code == 200 || code == 422, "{typed}: {code}");
        citizen.get(&find(typed).replace("/tim-kiem", "/tim-kiem/goi-y")).await.status(200);
    }
    citizen.get("/tim-kiem?q=%ff%fe&trang=%00").await.status(200);
}

#[actix_web::test]
async fn a_parameter_that_means_nothing_is_named() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let page = citizen.get("/tim-kiem?q=bai&nam=hai&mau=do&don-vi=xa.khac.vn").await.status(200);
    page.sees("“nam=hai”").sees("“mau=do”").sees("“don-vi=xa.khac.vn”");
    for (query, name) in [
        ("year=two", "year"),
        ("colour=red", "colour"),
        ("size=500", "size"),
        ("cursor=zzz", "cursor"),
        ("scope=world", "scope"),
        ("site=xa.khac.vn", "site"),
        ("kind=zzz", "kind"),
        ("type=khong-co", "type"),
        ("type=quyet-dinh,ke-hoach", "type"),
        ("effect=zzz", "effect"),
        ("q=lai", "q"),
    ] {
        let page = citizen.get(&format!("/api/v1/search?q=bai&{query}")).await.status(422);
        page.sees(&format!("\"parameter\":\"{name}\""));
    }
}

#[actix_web::test]
async fn what_the_description_lists_is_understood() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let described = citizen.get("/api/v1/openapi.json").await.status(200);
    let described: serde_json::Value = serde_json::from_str(&described.text).unwrap();
    let parameters = &described["paths"]["/api/v1/search"]["get"]["parameters"];
    let mut tried = 0;
    for parameter in parameters.as_array().unwrap() {
        let (one, many) = (&parameter["schema"]["enum"], &parameter["schema"]["items"]["enum"]);
        for value in [one, many].into_iter().filter_map(|it| it.as_array()).flatten() {
            let (name, value) = (parameter["name"].as_str().unwrap(), value.as_str().unwrap());
            citizen.get(&format!("/api/v1/search?{name}={value}")).await.status(200);
            tried += 1;
        }
    }
    assert_eq!(tried, 3 + 2 + 9 + 2);
}

#[actix_web::test]
async fn a_text_without_a_word_finds_nothing_and_a_missing_number_is_named() {
    let portal = Portal::start().await;
    publish(&portal, "Thu hồi đất theo QĐ UBND", "…").await;
    portal.catch_up();
    let citizen = portal.ben().citizen();
    for query in ["%F0%9F%98%80", "*", "%00", "%2B"] {
        let page = citizen.get(&format!("/tim-kiem?q={query}")).await.status(200);
        page.sees("không có chữ hoặc số nào để tìm").misses("/tin-tuc/thu-hoi-dat");
        let api = citizen.get(&format!("/api/v1/search?q={query}")).await.status(200);
        api.sees("\"total\":0").sees("không có chữ hoặc số nào để tìm");
    }
    citizen.get("/api/v1/search?q=&size=50").await.status(200).sees("/tin-tuc/thu-hoi-dat");
    let page = citizen.get(&find("519/QĐ-UBND")).await.status(200);
    page.sees("Không có văn bản số 519/QĐ-UBND");
    let api = citizen.get("/api/v1/search?q=519/qd-ubnd").await.status(200);
    api.sees("\"missing\":[\"519/QĐ-UBND\"]").sees("Không có văn bản số 519/QĐ-UBND");
}

#[actix_web::test]
async fn only_ways_that_find_something_are_offered() {
    let portal = Portal::start().await;
    publish_on(portal.lang(), "Hội làng trên đồi", "…").await;
    portal.catch_up();
    let ben = portal.ben().citizen();
    let page = ben.get(&find("hội làng")).await.status(200);
    page.sees("pham-vi=tinh").sees("Toàn hệ thống (1 kết quả)");
    let page = ben.get(&find("lễ cưới")).await.status(200);
    page.sees("Không tìm thấy kết quả nào").misses("rộng hơn").misses("không phân biệt dấu");
}

#[actix_web::test]
async fn facets_count_what_a_click_shows() {
    let portal = Portal::start().await;
    for (village, count) in [(portal.ben(), 3), (portal.lang(), 2)] {
        for number in 0..count {
            publish_on(village, &format!("Bản tin số {number}"), "…").await;
        }
    }
    portal.catch_up();
    let citizen = portal.ben().citizen();
    let api = async |more: &str| -> serde_json::Value {
        let path = format!("/api/v1/search?q=ban+tin&scope=province{more}");
        serde_json::from_str(&citizen.get(&path).await.status(200).text).unwrap()
    };
    let all = api("").await;
    assert_eq!(all["total"], 5);
    for value in all["facets"]["site"].as_array().unwrap() {
        let narrowed = api(&format!("&site={}", value["value"].as_str().unwrap())).await;
        assert_eq!(narrowed["total"], value["count"]);
        // The others can still be chosen.
        assert_eq!(narrowed["facets"]["site"], all["facets"]["site"]);
    }
    let mut seen = Vec::new();
    let mut next =
        Some("http://ben.tinh.test/api/v1/search?q=ban+tin&scope=province&size=2".to_owned());
    while let Some(url) = next {
        let path = url.replace("http://ben.tinh.test", "");
        let page: serde_json::Value =
            serde_json::from_str(&citizen.get(&path).await.status(200).text).unwrap();
        seen.extend(page["results"].as_array().unwrap().iter().map(|it| it["url"].to_string()));
        next = page["next"].as_str().map(str::to_owned);
    }
    let listed = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((listed, seen.len()), (5, 5));
}

#[actix_web::test]
async fn programs_get_an_etag_a_description_and_every_origin() {
    let portal = Portal::start().await;
    publish(&portal, "Một bài", "…").await;
    portal.catch_up();
    let citizen = portal.ben().citizen();
    let page = citizen.get("/api/v1/search?q=bai").await.status(200);
    assert_eq!(page.header("access-control-allow-origin"), "*");
    let tag = page.header("etag");
    let again = actix_web::test::TestRequest::get()
        .uri("/api/v1/search?q=bai")
        .insert_header(("if-none-match", tag.to_owned()));
    citizen.send(again).await.status(304);
    let weak = actix_web::test::TestRequest::get()
        .uri("/api/v1/search?q=bai")
        .insert_header(("if-none-match", format!("\"x\", W/{tag}")));
    citizen.send(weak).await.status(304);
    let post = actix_web::test::TestRequest::post().uri("/api/v1/search?q=bai");
    assert_eq!(citizen.send(post).await.status(405).header("allow"), "GET, HEAD");
    let described = citizen.get("/api/v1/openapi.json").await.status(200);
    let described: serde_json::Value = serde_json::from_str(&described.text).unwrap();
    assert_eq!(described["servers"][0]["url"], "http://ben.tinh.test");
    let named: Vec<&str> = described["paths"]["/api/v1/search"]["get"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["name"].as_str())
        .collect();
    let result =
        serde_json::from_str::<serde_json::Value>(&page.text).unwrap()["results"][0].clone();
    let schema = &described["components"]["schemas"]["Result"]["required"];
    let fields: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert!(schema.as_array().unwrap().iter().all(|it| fields.iter().any(|key| *key == it)));
    assert!(named.contains(&"effect") && named.contains(&"cursor"));
    citizen.get("/opensearch.xml").await.status(200).sees("{searchTerms}").sees("ben.tinh.test");
    citizen.get("/").await.status(200).sees("/opensearch.xml");
}

#[actix_web::test]
async fn while_one_types_titles_are_offered() {
    let portal = Portal::start().await;
    publish(&portal, "Thông báo nghỉ Tết", "…").await;
    portal.catch_up();
    let answer = portal.ben().citizen().get("/tim-kiem/goi-y?q=th%C3%B4ng+ba").await.status(200);
    answer.sees("Thông báo nghỉ Tết").sees("/tin-tuc/thong-bao-nghi-tet");
    let lang = portal.lang().citizen().get("/tim-kiem/goi-y?q=nghi+te").await.status(200);
    assert_eq!(lang.text, "{\"suggestions\":[]}");
    let browser = "/tim-kiem/goi-y?dang=opensearch&q=nghi+t";
    portal.ben().citizen().get(browser).await.sees("[\"nghi t\",[\"Thông báo nghỉ Tết\"");
}

#[actix_web::test]
async fn what_was_looked_for_in_vain_is_told_to_the_staff_without_a_person() {
    let portal = Portal::start().await;
    publish(&portal, "Một bài", "…").await;
    portal.catch_up();
    let (citizen, quan) = (portal.ben().citizen(), portal.ben().quan());
    for query in ["lịch cắt điện", "lịch cắt điện", "một bài", "0912 345 678", "a@b.vn"]
    {
        citizen.get(&find(query)).await.status(200);
    }
    let day = |portal: &Portal| base::time::local(portal.now()).date();
    let flush = || portal.parts.finder.write_down(&portal.parts.app.db, day(&portal));
    flush().await.unwrap();
    let page = quan.get("/quan-tri/tim-kiem").await.status(200);
    page.sees("lịch cắt điện").sees("một bài").misses("0912").misses("a@b.vn");
    portal.lang().quan().get("/quan-tri/tim-kiem").await.status(200).misses("lịch cắt điện");

    quan.post("/quan-tri/tim-kiem/da-xu-ly", &[("query", "lịch cắt điện")]).await.status(303);
    quan.get("/quan-tri/tim-kiem").await.status(200).misses("lịch cắt điện");
    portal.wait(TimeDelta::days(1));
    citizen.get(&find("lịch cắt điện")).await.status(200);
    flush().await.unwrap();
    let quan = portal.ben().quan();
    quan.get("/quan-tri/tim-kiem").await.status(200).sees("lịch cắt điện");
}

#[actix_web::test]
async fn a_machine_that_searches_fills_no_table_and_nothing_counted_is_lost() {
    let portal = Portal::start().await;
    let site = portal.site_id("ben.tinh.test");
    let (finder, db) = (&portal.parts.finder, &portal.parts.app.db);
    let day = base::time::local(portal.now()).date();
    let rows = || {
        portal.write(move |conn, _, _| {
            let all = searches::table.filter(searches::site_id.eq(site));
            Ok(all.count().get_result::<i64>(conn)?)
        })
    };
    (0..5_100).for_each(|at| finder.tally.asked(site, &format!("tự động số {at}"), 0));
    finder.write_down(db, day).await.unwrap();
    assert_eq!(rows(), 5_000);
    // What is known already is counted on; what is new waits for tomorrow.
    (0..5_100).for_each(|at| finder.tally.asked(site, &format!("tự động số {at}"), 0));
    finder.tally.asked(site, "câu hỏi mới", 0);
    finder.write_down(db, day).await.unwrap();
    assert_eq!(rows(), 5_000);

    finder.tally.asked(site, "nghỉ Tết", 2);
    let taken = finder.tally.take();
    finder.tally.opened(site, "nghỉ Tết");
    finder.tally.put_back(taken);
    let day = day + TimeDelta::days(1);
    finder.write_down(db, day).await.unwrap();
    let row = portal.write(move |conn, _, _| {
        let row = searches::table.find((site, day, "nghỉ tết"));
        Ok(row
            .select((searches::times, searches::found, searches::opened))
            .first::<(i32, i32, i32)>(conn)?)
    });
    assert_eq!(row, (1, 2, 1));
}

#[actix_web::test]
async fn a_lost_index_is_made_anew() {
    let portal = Portal::start().await;
    publish(&portal, "Một bài còn mãi", "…").await;
    portal.catch_up();
    let feed = &portal.parts.finder.feed;
    let before = feed.indexed().unwrap();
    assert!(before.len() > 1);
    assert_eq!(feed.public(portal.now()).unwrap(), before);
    feed.rebuild(portal.now()).unwrap();
    assert_eq!(feed.indexed().unwrap(), before);

    let (now, folder) = (portal.now(), portal.config.search_folder(1));
    let Portal { parts, config, database, .. } = portal;
    drop(parts);
    let mut damaged = 0;
    for file in files(&folder) {
        std::fs::write(&file, b"damaged").unwrap();
        damaged += 1;
    }
    assert!(damaged > 3);
    let db = db::Db::open(&database.url, 3).unwrap();
    let parts = server::Portal::assemble(&config, db, Arc::new(move || now)).unwrap();
    assert!(parts.finder.feed.engine().needs_rebuild());
    parts.finder.feed.catch_up(now).unwrap();
    assert_eq!(parts.finder.feed.indexed().unwrap(), before);
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[actix_web::test]
async fn who_names_a_value_of_a_closed_list_wrongly_is_told_the_list() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let refused = citizen.get("/api/v1/search?q=bai&type=khong-co").await.status(422);
    refused.sees("\"accepted\":[").sees("\"quyet-dinh\"");
    let refused = citizen.get("/api/v1/search?q=bai&effect=x&kind=x").await.status(422);
    refused.sees("\"con-hieu-luc\"").sees("\"document\"").sees("\"answer\"").sees("\"news\"");
    citizen.get("/api/v1/search?q=bai&locale=fr").await.status(422).sees("[\"vi\",\"en\"]");
    // What belongs to no closed list may be anything.
    for open in ["issuer=Ai", "field=khong-co"] {
        let none = citizen.get(&format!("/api/v1/search?q=bai&{open}")).await.status(200);
        none.sees("\"total\":0");
    }
}

#[actix_web::test]
async fn programs_that_want_to_write_are_refused_in_their_own_language() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    for path in ["/api/v1/search?q=a", "/api/v1/openapi.json"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let request = TestRequest::with_uri(path).method(method.clone());
            let refused = citizen.send(request).await.status(405);
            assert_eq!(refused.header("allow"), "GET, HEAD", "{method} {path}");
            assert_eq!(refused.header("content-type"), "application/json", "{method} {path}");
            refused.sees("\"reason\":\"method\"").sees(method.as_str());
        }
    }
}

#[actix_web::test]
async fn a_sentence_of_a_thousand_characters_is_searched_whole_and_more_is_told() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let whole = "quyet dinh so ".repeat(71);
    let page = citizen.get(&find(&whole)).await.status(200).misses("chỉ phần đầu");
    // The box has all of it, the sentence about the results its beginning.
    page.sees(&format!("value=\"{}\"", whole.trim())).sees("dinh so quyet dinh so…”");
    citizen.get(&find(&whole).replace("/tim-kiem", "/api/v1/search")).await.status(200);
    let more = "quyet dinh so ".repeat(72);
    citizen.get(&find(&more)).await.status(200).sees("1.000 ký tự").sees("so quyet\"");
    let refused = citizen.get(&find(&more).replace("/tim-kiem", "/api/v1/search")).await;
    refused.status(422).sees("1.000 ký tự");
}

#[actix_web::test]
async fn the_page_goes_on_past_its_fiftieth() {
    let portal = Portal::start().await;
    let site = portal.ben().id();
    let item = |number: u128| {
        let id = base::uuid::Uuid::from_u128(number);
        let now = portal.now().and_utc();
        ::search::Change::Put(Box::new(::search::Item::new(id, site, "news", "Bản tin", now)))
    };
    portal.catch_up();
    let engine = portal.parts.finder.feed.engine();
    let changes: Vec<::search::Change> = (1..=520).map(item).collect();
    engine.apply(&changes, engine.position().unwrap()).unwrap();

    let citizen = portal.ben().citizen();
    let fiftieth = citizen.get("/tim-kiem?q=ban+tin&trang=50").await.status(200);
    fiftieth.sees("trang=51");
    let last = citizen.get("/tim-kiem?q=ban+tin&trang=52").await.status(200);
    last.misses("đã bị bỏ qua").misses("trang=53");
    let refused = citizen.get("/tim-kiem?q=ban+tin&trang=1001").await.status(200);
    refused.sees("“trang=1001”");
}

#[actix_web::test]
async fn browsers_that_add_the_search_find_its_picture() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let described = citizen.get("/opensearch.xml").await.status(200);
    let picture = described.between("type=\"image/svg+xml\">", "</Image>");
    let path = picture.strip_prefix("http://ben.tinh.test").unwrap();
    let picture = citizen.get(path).await.status(200);
    assert!(picture.header("content-type").starts_with("image/svg+xml"));
}
