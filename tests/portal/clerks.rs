//! Official documents as those who enter and approve them meet them, and what readers see of it.

use std::collections::BTreeSet;

use documents::{
    IssuerId,
    model::{State, Verb},
    store::{self, issuers, write, write::Step},
};
use kit::{Portal, Visitor};

use crate::documents::{PLAN, enter, home, issue, link, lock, pdf, put, sheet, step, with};

const PAGE: &str = "/van-ban/15-kh-ubnd";

#[actix_web::test]
async fn an_approver_hands_a_document_back_and_gets_it_again() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = enter(&hoa, &PLAN).await;

    hoa.get(&path).await.status(200).misses("/tra-lai");
    duyen.get(&path).await.status(200).sees(&format!("{path}/tra-lai"));
    step(&duyen, &path, "tra-lai", " ").await.status(422).sees("Ý kiến còn trống");
    portal.lang().duyen().post(&format!("{path}/tra-lai"), &[]).await.status(404);
    let remark = "Trích yếu thiếu tên kênh, đề nghị bổ sung.";
    step(&hoa, &path, "tra-lai", remark).await.status(403);
    step(&duyen, &path, "tra-lai", remark).await.status(303);

    let told = hoa.get(&path).await.status(200).sees("Ý kiến của người duyệt").sees(remark);
    told.sees("Trả lại để sửa").sees("Lưu và gửi duyệt lại");
    hoa.get("/quan-tri").await.status(200).sees("Văn bản được trả lại để sửa");
    hoa.get("/quan-tri/van-ban?state=returned").await.status(200).sees(remark);
    portal.ben().quan().get("/quan-tri/nhat-ky").await.status(200).sees("đã trả lại văn bản");
    step(&duyen, &path, "dang", "").await.status(409);
    portal.ben().citizen().get(PAGE).await.status(404);

    // Saved, it still has to be sent; sent, it waits for an approver again.
    let seen = lock(&hoa, &path).await;
    let better = with(&PLAN, &[("summary", "Nạo vét kênh Bến Đò"), ("lock", &seen)]);
    hoa.post(&path, &better).await.status(303);
    hoa.get(&path).await.status(200).sees("Ý kiến của người duyệt");
    let seen = lock(&hoa, &path).await;
    hoa.post(&path, &with(&better, &[("lock", &seen), ("then", "submit")])).await.status(303);
    hoa.get(&path).await.status(200).misses("Ý kiến của người duyệt").sees("đã gửi duyệt lại");
    step(&duyen, &path, "dang", "").await.status(303);
    portal.ben().citizen().get(PAGE).await.status(200).sees("Bến Đò").misses(remark);
}

#[actix_web::test]
async fn handing_back_touches_no_four_eyes() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = enter(&hoa, &PLAN).await;
    step(&duyen, &path, "tra-lai", "Xin xem lại ngày.").await.status(303);

    // Whoever mends it themselves has written it.
    let seen = lock(&duyen, &path).await;
    let form = with(&PLAN, &[("lock", seen.as_str()), ("then", "submit")]);
    duyen.post(&path, &form).await.status(303);
    duyen.get(&path).await.status(200).misses("/tra-lai");
    step(&duyen, &path, "dang", "").await.status(409);
    let seen = lock(&hoa, &path).await;
    hoa.post(&path, &with(&PLAN, &[("lock", seen.as_str())])).await.status(303);
    step(&duyen, &path, "dang", "").await.status(303);
}

#[actix_web::test]
async fn who_hands_back_too_late_is_told_and_keeps_the_remark() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = enter(&hoa, &PLAN).await;
    let seen = lock(&duyen, &path).await;
    let back = format!("{path}/tra-lai");
    let form = [("lock", seen.as_str()), ("remark", "Thiếu phụ lục kinh phí.")];

    hoa.post(&path, &with(&PLAN, &[("lock", seen.as_str())])).await.status(303);
    let page = duyen.post(&back, &form).await.status(422).sees("Chưa trả lại được");
    page.sees("Thiếu phụ lục kinh phí.</textarea>");
    step(&duyen, &path, "dang", "").await.status(303);
    let page = duyen.post(&back, &form).await.status(422).sees("Chưa trả lại được");
    page.sees("Thiếu phụ lục kinh phí.").sees("Đã đăng");
    portal.ben().citizen().get(PAGE).await.status(200);
}

#[actix_web::test]
async fn the_mistakes_stand_in_the_order_of_the_fields() {
    let portal = Portal::start().await;
    let wrong = [
        ("type", ""),
        ("number", "kế hoạch năm"),
        ("issuer_name", ""),
        ("summary", ""),
        ("issued", "hôm qua"),
        ("effective", "mai"),
        ("expiry", "kia"),
        ("mode", "x"),
        ("urgency", "x"),
        ("gazette_day", "x"),
        ("national_url", "ftp"),
    ];
    let page = portal.ben().hoa().post("/quan-tri/van-ban/moi", &wrong).await.status(422);

    let summary = page.between("id=\"loi\"", "</ul>");
    let fields: Vec<&str> =
        summary.split("<a href=\"#").skip(1).filter_map(|it| it.split('"').next()).collect();
    assert_eq!(fields.len(), wrong.len(), "{summary}");
    let places: Vec<usize> =
        fields.iter().map(|it| page.text.find(&format!(" id=\"{it}\"")).unwrap()).collect();
    assert!(places.is_sorted(), "{fields:?}");
}

/// A page that was drawn with a font nobody has the letters of.
const GIBBERISH: &str = "Qk@n d~nk xqyWt ckVnk Rkt&q vZn qtHx";

#[actix_web::test]
async fn a_text_that_nobody_can_read_is_not_shown_and_may_be_recognised() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    // What stands beyond the edge of a page is not read, so there are several.
    let file = put(&hoa, "loi-phong.pdf", &pdf(&[GIBBERISH; 8])).await;
    let mixed = [[GIBBERISH; 8].as_slice(), &["Lich kham suc khoe hoc sinh"]].concat();
    let other = put(&hoa, "lan-lon.pdf", &pdf(&mixed)).await;
    let both = [(file.as_str(), "on"), (other.as_str(), "on")];
    let path = enter(&hoa, &with(&PLAN, &both)).await;
    step(&duyen, &path, "dang", "").await.status(303);
    let reader = portal.reader();
    while reader.next(&portal.parts.app.db, portal.now()).await.unwrap() {}

    let page = portal.ben().citizen().get(PAGE).await.status(200).misses("xqyWt");
    page.sees("Văn bản trong tệp này không đọc được bằng máy")
        .sees("Một số trang của tệp này không đọc được")
        .sees("Lich kham suc khoe");
    portal.catch_up();
    portal.ben().citizen().get("/tim-kiem?q=xqyWt").await.status(200).misses(PAGE);
    let lacking = "/quan-tri/van-ban?thieu=chu";
    hoa.get(lacking).await.status(200).sees("Nạo vét kênh mương");
    portal.lang().hoa().get(lacking).await.status(200).misses("Nạo vét");
    let ocr = format!("{path}/tep/{}/nhan-dang", file.trim_start_matches("file_"));
    duyen.get(&path).await.status(200).sees("ký tự vô nghĩa").sees(&ocr);
    hoa.post(&ocr, &[]).await.status(303);
    let page = portal.ben().citizen().get(PAGE).await.status(200);
    page.sees("đang được nhận dạng");
}

#[actix_web::test]
async fn files_of_one_name_are_told_apart() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let first = put(&hoa, "quyet-dinh.pdf", &pdf(&["Trang bia"])).await;
    let form = hoa.get("/quan-tri/van-ban/moi").await.status(200);
    form.misses("tải lên 20/11/2026 09:00");
    enter(&hoa, &with(&PLAN, &[(first.as_str(), "on")])).await;
    portal.wait(chrono::TimeDelta::minutes(5));
    put(&hoa, "quyet-dinh.pdf", &pdf(&["Trang hai"])).await;
    put(&hoa, "quyet-dinh.pdf", &pdf(&["Trang ba."])).await;

    let form = hoa.get("/quan-tri/van-ban/moi").await.status(200);
    let labels: Vec<String> = form
        .text
        .split("<label for=\"file_")
        .skip(1)
        .map(|it| it.split("</label>").next().unwrap().split('>').skip(1).collect())
        .collect();
    let all: BTreeSet<&String> = labels.iter().collect();
    assert_eq!((labels.len(), all.len()), (3, 3), "{labels:?}");
    form.sees("tải lên 20/11/2026 09:00, đang dùng ở “Nạo vét kênh mương vụ đông”")
        .sees("tải lên 20/11/2026 09:05, chưa dùng ở đâu, mã ");
}

#[actix_web::test]
async fn how_somebody_signed_is_said_in_the_words_of_an_office() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let signed = [("mode", "kt"), ("signer_title", "Phó Chủ tịch"), ("signer", "Lê Văn Bền")];
    let path = enter(&hoa, &with(&PLAN, &signed)).await;
    step(&duyen, &path, "dang", "").await.status(303);

    let form = hoa.get("/quan-tri/van-ban/moi").await.status(200).sees(">KT. – ký thay<");
    form.sees(">TM. – thay mặt tập thể<").sees(">TUQ. – thừa ủy quyền<");
    let page = portal.ben().citizen().get(PAGE).await.status(200);
    page.sees("Phó Chủ tịch Lê Văn Bền (KT. – ký thay)");
}

#[actix_web::test]
async fn before_its_issue_a_document_was_not_there() {
    let portal = Portal::start().await;
    let mut new = sheet("9/2026/QĐ-UBND", "Giá đất mới", "2026-11-01");
    new.issued = base::time::parse_date("2026-10-20");
    issue(&portal, "tinh.test", "UBND tỉnh", new);
    let citizen = portal.tinh().citizen();

    for (day, status, label) in [
        ("2026-10-19", "chua-ban-hanh", "Chưa ban hành"),
        ("2026-10-20", "chua-hieu-luc", "Chưa có hiệu lực"),
        ("2026-11-01", "con-hieu-luc", "Còn hiệu lực"),
    ] {
        let page = citizen.get(&format!("/van-ban/9-2026-qd-ubnd?ngay={day}")).await.status(200);
        let badge = page.between("class=\"effect effect-", "</span>");
        assert_eq!(badge, format!("{status}\">{label}"), "{day}");
        for other in ["chua-ban-hanh", "chua-hieu-luc", "con-hieu-luc"] {
            let list = citizen.get(&format!("/van-ban?ngay={day}&hieu-luc={other}")).await;
            let has = list.status(200).text.contains("Giá đất mới");
            assert_eq!(has, other == status, "{day} {other}");
        }
    }
    let page = citizen.get("/van-ban/9-2026-qd-ubnd?ngay=2026-10-19").await.status(200);
    page.sees("chưa được ban hành").misses("Văn bản này chưa có hiệu lực");
}

#[actix_web::test]
async fn a_relation_leads_to_no_page_that_is_gone() {
    let portal = Portal::start().await;
    for (number, summary) in [("1/2020/QĐ-UBND", "Chợ Làng"), ("2/2020/QĐ-UBND", "Bến Làng")]
    {
        issue(&portal, "lang.tinh.test", "UBND xã Làng", sheet(number, summary, "2020-01-10"));
    }
    let new = sheet("9/2026/QĐ-UBND", "Chợ mới", "2026-11-01");
    let new = issue(&portal, "ben.tinh.test", "UBND xã Bến", new);
    for number in ["1/2020/QĐ-UBND", "2/2020/QĐ-UBND", "3/2020/QĐ-UBND"] {
        link(&portal, "ben.tinh.test", new, (Verb::Cites, number, ""));
    }
    let site = portal.site_id("lang.tinh.test");
    let home = home(&portal, site);
    portal.write(|conn, _, now| {
        let Some(store::Found::Live(old)) = store::at(conn, site, "2-2020-qd-ubnd")? else {
            return Err(base::Error::NotFound);
        };
        let away = Step { to: State::Withdrawn, lock: old.lock, remark: "Có bí mật.".into() };
        write::step(conn, db::events::Actor { site, user: None, now }, home, old.id, &away)
    });
    let citizen = portal.ben().citizen();

    let page = citizen.get("/van-ban/9-2026-qd-ubnd").await.status(200);
    page.sees("lang.tinh.test/van-ban/1-2020-qd-ubnd")
        .sees("2/2020/QĐ-UBND <small>(đã được gỡ khỏi cổng)")
        .sees("3/2020/QĐ-UBND <small>(không có trên cổng này)")
        .misses("lang.tinh.test/van-ban/2-2020")
        .misses("Bến Làng");
    let tinh = portal.tinh().tinh();
    tinh.post(&format!("/quan-tri/cac-trang/{site}/suspend"), &[]).await.status(303);
    let page = citizen.get("/van-ban/9-2026-qd-ubnd").await.status(200);
    page.sees("1/2020/QĐ-UBND <small>(trang đăng văn bản này đã đóng)")
        .sees("Chợ Làng")
        .misses("lang.tinh.test/van-ban");
    staff_see(&portal.ben().duyen(), new).await;
}

async fn staff_see(duyen: &Visitor<'_>, id: documents::DocumentId) {
    let page = duyen.get(&format!("/quan-tri/van-ban/{id}")).await.status(200);
    page.sees("trang đăng văn bản này đã đóng")
        .sees("đã được gỡ khỏi cổng")
        .sees("chưa có trên cổng");
}

#[actix_web::test]
async fn a_list_of_any_length_is_looked_up() {
    let portal = Portal::start().await;
    let site = portal.site_id("tinh.test");
    // More than SQLite lets one query name.
    let many = 0..40_000;
    portal.write(|conn, _, _| {
        let issuers = many.clone().map(|_| IssuerId::new()).collect();
        assert!(issuers::named(conn, site, issuers)?.is_empty());
        let mut sites: Vec<base::SiteId> = many.clone().map(|_| base::SiteId::new()).collect();
        sites.push(site);
        assert_eq!(store::places(conn, sites)?.len(), 1);
        let files: Vec<media::FileId> = many.clone().map(|_| media::FileId::new()).collect();
        assert!(media::files::of_ids(conn, site, &files)?.is_empty());
        let items: Vec<media::ItemId> = files.iter().map(|id| (*id).into()).collect();
        assert!(media::uses::of_each(conn, site, items)?.is_empty());
        assert_eq!(media::uses::own(conn, site, &files.as_slice().into())?, Default::default());
        let ids: Vec<base::EntryId> = many.map(|_| base::EntryId::new()).collect();
        assert!(content::entries::store::addresses(conn, site, ids)?.is_empty());
        Ok(())
    });
}
