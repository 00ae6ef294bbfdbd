//! Entries, as editors write them and citizens read them.

use kit::{
    Portal, Visitor,
    desk::{act, lock, publish, section, write},
};

#[actix_web::test]
async fn a_news_item_goes_from_the_author_through_the_approver_to_the_citizen() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = write(&hoa, "Khai mạc lễ hội", "Sáng nay **khai mạc**.").await;
    let public = "/tin-tuc/khai-mac-le-hoi";

    portal.ben().citizen().get(public).await.status(404);
    act(&hoa, &path, "publish", "").await.status(409);
    act(&hoa, &path, "submit", "").await.status(303);
    act(&hoa, &path, "publish", "").await.status(403);
    act(&duyen, &path, "publish", "").await.status(303);
    let page = portal.ben().citizen().get(public).await.status(200);
    page.sees("<strong>khai mạc</strong>").sees("DC.title").sees("NewsArticle");
    portal.ben().citizen().get("/").await.status(200).sees("Khai mạc lễ hội");
    portal.ben().citizen().get("/tin-tuc").await.status(200).sees(public);
    portal.ben().citizen().get("/rss.xml").await.status(200).sees(public);
    portal.ben().citizen().get("/tin-tuc/atom.xml").await.status(200).sees(public);
    portal.ben().citizen().get("/sitemap/2.xml").await.status(200).sees(public);
    portal.lang().citizen().get(public).await.status(404);
    portal.lang().citizen().get("/").await.status(200).misses("Khai mạc lễ hội");
}

/// Every field of the form at `path`, as a browser would send it back.
async fn filled(visitor: &Visitor<'_>, path: &str, title: &str) -> Vec<(&'static str, String)> {
    let page = visitor.get(path).await.status(200);
    let section = section(visitor, "news", "Tin tức – Hoạt động").await;
    vec![
        ("title", title.to_owned()),
        ("summary", "Tóm tắt.".to_owned()),
        ("body", "Nội dung mới.".to_owned()),
        ("section", section),
        ("lock", page.between("name=\"lock\" value=\"", "\"")),
    ]
}

fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[actix_web::test]
async fn an_approver_does_not_approve_their_own_writing_unless_the_site_says_so() {
    let portal = Portal::start().await;
    let duyen = portal.ben().duyen();
    let path = write(&duyen, "Bài của người duyệt", "…").await;
    act(&duyen, &path, "submit", "").await.status(303);

    act(&duyen, &path, "publish", "").await.status(409).sees("người duyệt khác");
    let quan = portal.ben().quan();
    let page = quan.get("/quan-tri/cau-hinh").await.status(200);
    let value = |name: &str| page.between(&format!("name=\"{name}\""), ">");
    assert!(!value("self_approval").contains("checked"));
    let settings = settings(&[("self_approval", "on")]);
    quan.post("/quan-tri/cau-hinh", &pairs(&settings)).await.status(303);
    act(&duyen, &path, "publish", "").await.status(303);
    duyen.get(&path).await.status(200).sees("tự duyệt");
}

/// The settings of the first commune, with some changed.
fn settings(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("name", "Xã Bến".to_owned()),
        ("managing_body", "Ủy ban nhân dân xã Bến".to_owned()),
        ("governing_body", "Ủy ban nhân dân tỉnh".to_owned()),
        ("responsible", "Bà Nguyễn Thị Sen".to_owned()),
        ("address", "Số 1, thôn Bến".to_owned()),
        ("phone", "0299 3 123 456".to_owned()),
        ("email", "bbt@tinh.gov.vn".to_owned()),
        ("palette", "tre".to_owned()),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    fields
}

#[actix_web::test]
async fn an_open_site_cannot_lose_a_mandatory_fact() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    let bare = settings(&[("phone", ""), ("address", "Số 9, thôn Mới")]);
    let page = quan.post("/quan-tri/cau-hinh", &pairs(&bare)).await.status(422);
    page.sees("Số 9, thôn Mới");
    portal.ben().citizen().get("/").await.status(200).sees("0299 3 123 456");
    let palette = settings(&[("palette", "hong")]);
    quan.post("/quan-tri/cau-hinh", &pairs(&palette)).await.status(422);
}

#[actix_web::test]
async fn a_returned_draft_says_why_and_a_return_needs_a_reason() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = write(&hoa, "Bài cần sửa", "…").await;
    act(&hoa, &path, "submit", "").await.status(303);

    act(&duyen, &path, "return", "").await.status(422);
    act(&duyen, &path, "return", "Thiếu tên người chụp ảnh.").await.status(303);
    hoa.get(&path).await.status(200).sees("Thiếu tên người chụp ảnh.");
    hoa.get("/quan-tri").await.status(200).sees("Thiếu tên người chụp ảnh.");
}

#[actix_web::test]
async fn a_renamed_entry_is_found_at_its_old_address() {
    let portal = Portal::start().await;
    let path = publish(&portal, "Tên cũ", "…").await;
    let binh = portal.ben().binh();
    let mut fields = filled(&binh, &path, "Tên mới").await;
    fields.push(("address", "ten-moi".to_owned()));
    binh.post(&path, &pairs(&fields)).await.status(303);

    let citizen = portal.ben().citizen();
    citizen.get("/tin-tuc/ten-cu").await.status(200).sees("Tên cũ").misses("Tên mới");
    act(&binh, &path, "submit", "").await.status(303);
    act(&portal.ben().duyen(), &path, "publish", "").await.status(303);
    citizen.get("/tin-tuc/ten-moi").await.status(200).sees("Tên mới");
    citizen.get("/tin-tuc/ten-cu").await.status(301).leads_to("/tin-tuc/ten-moi");
    citizen.get("/tin-tuc/ten-moi/").await.status(301).leads_to("/tin-tuc/ten-moi");
}

#[actix_web::test]
async fn a_withdrawn_entry_is_gone_and_can_return() {
    let portal = Portal::start().await;
    let path = publish(&portal, "Bài sẽ gỡ", "…").await;
    let (duyen, citizen) = (portal.ben().duyen(), portal.ben().citizen());

    act(&duyen, &path, "withdraw", "").await.status(422);
    act(&duyen, &path, "withdraw", "Thông tin đã cũ.").await.status(303);
    citizen.get("/tin-tuc/bai-se-go").await.status(410);
    citizen.get("/tin-tuc").await.status(200).misses("Bài sẽ gỡ");
    act(&duyen, &path, "restore", "").await.status(303);
    citizen.get("/tin-tuc/bai-se-go").await.status(200);
}

#[actix_web::test]
async fn two_editors_at_once_lose_nothing() {
    let portal = Portal::start().await;
    let path = write(&portal.ben().hoa(), "Bài chung", "…").await;
    let (hoa, binh) = (portal.ben().hoa(), portal.ben().binh());
    let (one, other) =
        (filled(&hoa, &path, "Của Hoa").await, filled(&binh, &path, "Của Bình").await);

    hoa.post(&path, &pairs(&one)).await.status(303);
    let page = binh.post(&path, &pairs(&other)).await.status(422);
    let page = page.sees("Của Bình").sees("Của Hoa");
    let fresh = page.between("name=\"lock\" value=\"", "\"");
    let mut again = other;
    again.retain(|(name, _)| *name != "lock");
    again.push(("lock", fresh));
    binh.post(&path, &pairs(&again)).await.status(303);
    binh.get(&path).await.status(200).sees("Của Bình");
}

#[actix_web::test]
async fn a_step_on_a_text_that_changed_meanwhile_is_refused() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = write(&hoa, "Bài chờ duyệt", "…").await;
    act(&hoa, &path, "submit", "").await.status(303);
    let seen = lock(&duyen, &path).await;
    let fields = filled(&portal.ben().binh(), &path, "Đã đổi tên").await;
    portal.ben().binh().post(&path, &pairs(&fields)).await.status(303);

    let stale = [("lock", seen.as_str()), ("remark", "")];
    duyen.post(&format!("{path}/publish"), &stale).await.status(409);
    portal.ben().citizen().get("/tin-tuc").await.status(200).misses("Đã đổi tên");
}

#[actix_web::test]
async fn a_section_page_is_its_starter_draft_once_written() {
    let portal = Portal::start().await;
    let (binh, citizen) = (portal.ben().binh(), portal.ben().citizen());
    let list = binh.get("/quan-tri/tin-bai?kind=page&q=dieu+kien+tu+nhien").await.status(200);
    let id = list.between("/quan-tri/tin-bai/0", "\"");
    let path = format!("/quan-tri/tin-bai/0{id}");
    let page = binh.get(&path).await.status(200);
    let selected = page.text.split(" selected").next().unwrap();
    let section = selected.rsplit("value=\"").next().unwrap().split('"').next().unwrap();
    let lock = page.between("name=\"lock\" value=\"", "\"");

    citizen.get("/gioi-thieu/dieu-kien-tu-nhien").await.status(200).misses("Khí hậu mát mẻ");
    let form = [
        ("title", "Điều kiện tự nhiên"),
        ("body", "Khí hậu mát mẻ."),
        ("section", section),
        ("lock", &lock),
        ("then", "submit"),
    ];
    binh.post(&path, &form).await.status(303);
    act(&portal.ben().duyen(), &path, "publish", "").await.status(303);
    citizen.get("/gioi-thieu/dieu-kien-tu-nhien").await.status(200).sees("Khí hậu mát mẻ");
}

#[actix_web::test]
async fn every_deed_is_written_down() {
    let portal = Portal::start().await;
    publish(&portal, "Bài có dấu vết", "…").await;
    let log = portal.ben().quan().get("/quan-tri/nhat-ky").await.status(200);
    log.sees("Bài có dấu vết").sees("đã đăng").sees("đã gửi duyệt").sees("Bà duyen.ben");
    portal.ben().kiem().get("/quan-tri/nhat-ky").await.status(200);
    portal.ben().hoa().get("/quan-tri/nhat-ky").await.status(403);
}

#[actix_web::test]
async fn every_public_write_raises_the_epoch_in_its_transaction() {
    let portal = Portal::start().await;
    let ben = portal.ben().id();
    let epoch = || portal.write(|conn, _, _| db::epochs::of(conn, ben));
    let path = write(&portal.ben().hoa(), "Bài mới", "…").await;
    act(&portal.ben().hoa(), &path, "submit", "").await.status(303);
    let before = epoch();

    act(&portal.ben().duyen(), &path, "publish", "").await.status(303);
    assert_eq!(epoch(), before + 1);
    act(&portal.ben().duyen(), &path, "withdraw", "Không còn đúng.").await.status(303);
    assert_eq!(epoch(), before + 2);
    let settings = settings(&[]);
    portal.ben().quan().post("/quan-tri/cau-hinh", &pairs(&settings)).await.status(303);
    assert_eq!(epoch(), before + 3);
}

#[actix_web::test]
async fn a_mandatory_section_cannot_be_hidden_or_deleted() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    quan.get("/quan-tri/chuyen-muc").await.status(200).sees("/phi-le-phi");
    let path = portal.write(|conn, _, _| {
        let site = sites::store::by_host(conn, "ben.tinh.test")?.id;
        let section = content::sections::store::at(conn, site, "phi-le-phi")?.unwrap();
        Ok(format!("/quan-tri/chuyen-muc/{}", section.id))
    });

    let hidden = [("label", "Phí, lệ phí"), ("position", "10")];
    quan.post(&path, &hidden).await.status(422);
    quan.post(&format!("{path}/xoa"), &[]).await.status(409);
    let marked = [
        ("label", "Phí, lệ phí"),
        ("visible", "on"),
        ("not_applicable", "on"),
        ("reason", "Xã không thu loại phí nào."),
    ];
    quan.post(&path, &marked).await.status(303);
    portal.ben().citizen().get("/phi-le-phi").await.status(200).sees("Xã không thu loại phí nào.");
}

#[actix_web::test]
async fn a_site_adds_a_section_of_its_own_and_takes_it_away() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    let form = [("label", "Du lịch"), ("kind", "news"), ("visible", "on"), ("menu", "on")];
    quan.post("/quan-tri/chuyen-muc/moi", &form).await.status(303);
    portal.ben().citizen().get("/du-lich").await.status(200).sees("Du lịch");
    portal.lang().citizen().get("/du-lich").await.status(404);
    quan.post("/quan-tri/chuyen-muc/moi", &form).await.status(422).sees("Du lịch");
    let path = portal.write(|conn, _, _| {
        let site = sites::store::by_host(conn, "ben.tinh.test")?.id;
        let section = content::sections::store::at(conn, site, "du-lich")?.unwrap();
        Ok(format!("/quan-tri/chuyen-muc/{}/xoa", section.id))
    });
    quan.post(&path, &[]).await.status(303);
    portal.ben().citizen().get("/du-lich").await.status(404);
}

#[actix_web::test]
async fn whoever_changed_a_text_last_does_not_approve_it() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = write(&hoa, "Bài của Hoa", "…").await;
    act(&hoa, &path, "submit", "").await.status(303);
    let fields = filled(&duyen, &path, "Bài Duyên viết lại").await;
    duyen.post(&path, &pairs(&fields)).await.status(303);

    act(&duyen, &path, "publish", "").await.status(409);
    act(&duyen, &path, "return", "Nhờ người khác duyệt.").await.status(303);
}

#[actix_web::test]
async fn an_author_may_fill_a_starter_page() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let list = hoa.get("/quan-tri/tin-bai?kind=page").await.status(200);
    let path = format!("/quan-tri/tin-bai/0{}", list.between("/quan-tri/tin-bai/0", "\""));
    let page = hoa.get(&path).await.status(200);
    let selected = page.text.split(" selected").next().unwrap();
    let section = selected.rsplit("value=\"").next().unwrap().split('"').next().unwrap();
    let lock = page.between("name=\"lock\" value=\"", "\"");
    let form = [("title", "Trang"), ("body", "Chữ."), ("section", section), ("lock", &lock)];
    hoa.post(&path, &form).await.status(303);
    portal.lang().hoa().get(&path).await.status(404);
}

#[actix_web::test]
async fn what_the_public_reads_is_taken_down_under_an_open_draft() {
    let portal = Portal::start().await;
    let path = publish(&portal, "Bài phải gỡ gấp", "…").await;
    let (hoa, duyen) = (portal.ben().binh(), portal.ben().duyen());
    let fields = filled(&hoa, &path, "Bản nháp bên trên").await;
    hoa.post(&path, &pairs(&fields)).await.status(303);

    duyen.get(&path).await.status(200).sees(&format!("{path}/withdraw"));
    act(&duyen, &path, "withdraw", "Lộ thông tin cá nhân.").await.status(303);
    portal.ben().citizen().get("/tin-tuc/bai-phai-go-gap").await.status(410);
    hoa.get(&path).await.status(200).sees("Bản nháp bên trên");
}

#[actix_web::test]
async fn an_old_edition_is_not_written_over_an_open_draft() {
    let portal = Portal::start().await;
    let path = publish(&portal, "Bản một", "…").await;
    let binh = portal.ben().binh();
    let reuse = format!("{path}/phien-ban/1/dung-lai");
    let fields = filled(&binh, &path, "Bản hai đang viết").await;
    binh.post(&path, &pairs(&fields)).await.status(303);

    binh.post(&reuse, &[]).await.status(409);
    binh.get(&path).await.status(200).sees("Bản hai đang viết");
}

#[actix_web::test]
async fn an_archived_site_is_not_written() {
    let portal = Portal::start().await;
    let site = format!("/quan-tri/cac-trang/{}", portal.ben().id());
    portal.tinh().tinh().post(&format!("{site}/archive"), &[]).await.status(303);
    let hoa = portal.ben().hoa();
    hoa.get("/quan-tri").await.status(200);
    hoa.get("/quan-tri/tin-bai/moi/news").await.status(403);
    hoa.post("/quan-tri/tin-bai/moi/news", &[("title", "X")]).await.status(403);
}

#[actix_web::test]
async fn another_process_sees_a_change_within_its_next_look() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    portal.parts.app.catch_up().await.unwrap();
    citizen.get("/").await.status(200).sees("data-palette=\"son\"");
    // As another process would: the memory of this one is not told.
    let ben = portal.ben().id();
    portal.write(|conn, _, now| {
        sites::store::set_palette(conn, ben, "gom")?;
        db::epochs::raise(conn, ben, now)
    });
    citizen.get("/").await.status(200).sees("data-palette=\"son\"");
    portal.parts.app.catch_up().await.unwrap();
    citizen.get("/").await.status(200).sees("data-palette=\"gom\"");
}

#[actix_web::test]
async fn an_address_follows_the_title_until_the_public_knows_it() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let path = write(&hoa, "Ra quân trồng trè", "…").await;
    let mut fields = filled(&hoa, &path, "Ra quân trồng chè").await;
    fields.push(("address", "ra-quan-trong-tre".to_owned()));
    hoa.post(&path, &pairs(&fields)).await.status(303);
    act(&hoa, &path, "submit", "").await.status(303);
    act(&portal.ben().duyen(), &path, "publish", "").await.status(303);
    portal.ben().citizen().get("/tin-tuc/ra-quan-trong-che").await.status(200);
}

#[actix_web::test]
async fn the_desk_leads_to_the_draft_that_waits_in_an_empty_section() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    let desk = quan.get("/quan-tri").await.status(200);
    let row = desk.text.split("Điều kiện tự nhiên").nth(1).unwrap();
    let link = row.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(link.starts_with("/quan-tri/tin-bai/0"), "{link}");
    quan.get(link).await.status(200).sees("Điều kiện tự nhiên");
}
