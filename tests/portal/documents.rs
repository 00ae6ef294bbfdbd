//! Official documents: entering and publishing them, what the public reads, filters, feeds, imports.

use actix_web::test::TestRequest;
use base::{Number, SiteId};
use chrono::{NaiveDate, TimeDelta};
use db::events::Actor;
use documents::{
    DocumentId,
    import::{Importer, Report},
    model::{Article, Details, Level, Numbered, Register, Sheet, State, Verb},
    store::{
        Home,
        issuers::{self, NewIssuer, Owner},
        relations::NewLink,
        write::{self, Step},
    },
};
use kit::{Answer, Portal, Visitor, desk::publish};

/// A plan of the commune, as the form sends it.
pub(crate) const PLAN: [(&str, &str); 6] = [
    ("type", "ke-hoach"),
    ("number", "15-kh-ubnd"),
    ("issuer_name", "Ủy ban nhân dân Xã Bến"),
    ("summary", "Nạo vét kênh mương vụ đông"),
    ("issued", "02/11/2026"),
    ("text", "Điều 1. Phạm vi\nToàn xã.\nĐiều 2. Thời gian\nTháng 11."),
];

pub(crate) fn with<'a>(
    form: &[(&'a str, &'a str)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).copied().collect()
}

/// Enters a document on the screens; gives the path of its screen.
pub(crate) async fn enter(visitor: &Visitor<'_>, form: &[(&str, &str)]) -> String {
    let answer = visitor.post("/quan-tri/van-ban/moi", form).await.status(303);
    answer.leads_to("/quan-tri/van-ban/")
}

pub(crate) async fn lock(visitor: &Visitor<'_>, path: &str) -> String {
    visitor.get(path).await.status(200).between("name=\"lock\" value=\"", "\"")
}

/// Takes a step with the document as it is now.
pub(crate) async fn step(visitor: &Visitor<'_>, path: &str, action: &str, remark: &str) -> Answer {
    let lock = lock(visitor, path).await;
    visitor.post(&format!("{path}/{action}"), &[("lock", &lock), ("remark", remark)]).await
}

fn day(text: &str) -> Option<NaiveDate> {
    base::time::parse_date(text)
}

/// A decision about `summary` that holds from `effective` on.
pub(crate) fn sheet(number: &str, summary: &str, effective: &str) -> Sheet {
    Sheet {
        register: Register::Legal,
        type_key: "quyet-dinh-qppl".into(),
        number: Numbered::read(number).unwrap(),
        issuer: documents::IssuerId::new(),
        issued: day(effective),
        effective: day(effective),
        expiry: None,
        summary: summary.into(),
        urgency: String::new(),
        internal: false,
        short_procedure: false,
        details: Details::default(),
        duplicate_reason: String::new(),
        fields: vec!["dat-dai".into()],
        files: Vec::new(),
        articles: vec![Article {
            no: "Điều 1".into(),
            heading: String::new(),
            text: summary.into(),
        }],
    }
}

/// Publishes a document on `host` without passing through the screens.
pub(crate) fn issue(portal: &Portal, host: &str, issuer: &str, sheet: Sheet) -> DocumentId {
    let site = portal.site_id(host);
    let home = home(portal, site);
    portal.write(|conn, _, now| {
        let actor = Actor { site, user: None, now };
        let owner = Owner::of(home);
        let issuer = match issuers::by_name(conn, owner, issuer)? {
            Some(id) => id,
            None => {
                let level = portal.parts.documents.level_of(issuer);
                issuers::create(conn, owner, &NewIssuer::named(level, issuer.into()))?
            }
        };
        let id = write::create(conn, actor, &Sheet { issuer, ..sheet })?;
        let publish = Step { to: State::Published, lock: 1, remark: String::new() };
        write::step(conn, actor, home, id, &publish)?;
        Ok(id)
    })
}

fn body(name: &str, valid_to: Option<NaiveDate>) -> NewIssuer {
    NewIssuer { valid_to, ..NewIssuer::named(Level::Commune, name.into()) }
}

pub(crate) fn home(portal: &Portal, site: SiteId) -> Home {
    Home { site, portal: portal.site_id("tinh.test"), self_approval: false }
}

/// Says that `from` does something to the document of `number`.
pub(crate) fn link(
    portal: &Portal,
    host: &str,
    from: DocumentId,
    (verb, number, part): (Verb, &str, &str),
) {
    let site = portal.site_id(host);
    let new = NewLink {
        verb,
        number: Number::parse(number).unwrap(),
        own_part: String::new(),
        other_part: part.into(),
        found: false,
    };
    let home = home(portal, site);
    portal
        .write(|conn, _, now| write::link(conn, Actor { site, user: None, now }, home, from, &new));
}

#[actix_web::test]
async fn a_document_reaches_the_public_through_another_person() {
    let portal = Portal::start().await;
    let (hoa, duyen, citizen) = (portal.ben().hoa(), portal.ben().duyen(), portal.ben().citizen());
    let path = enter(&hoa, &PLAN).await;
    citizen.get("/van-ban/15-kh-ubnd").await.status(404);
    citizen.get("/van-ban").await.status(200).misses("Nạo vét kênh mương");
    step(&hoa, &path, "dang", "").await.status(403);

    step(&duyen, &path, "dang", "").await.status(303);
    let page = citizen.get("/van-ban/15-kh-ubnd").await.status(200);
    page.sees("15/KH-UBND").sees("Còn hiệu lực").sees("id=\"dieu-2\"").sees("#dieu-2");
    citizen.get("/van-ban").await.status(200).sees("Nạo vét kênh mương");
    citizen.get("/van-ban/hanh-chinh").await.status(200).sees("Nạo vét kênh mương");
    citizen.get("/van-ban/quy-pham-phap-luat").await.status(200).misses("Nạo vét kênh mương");
    portal.lang().citizen().get("/van-ban/15-kh-ubnd").await.status(404);
}

#[actix_web::test]
async fn who_entered_a_document_does_not_publish_it() {
    let portal = Portal::start().await;
    let duyen = portal.ben().duyen();
    let path = enter(&duyen, &PLAN).await;
    step(&duyen, &path, "dang", "").await.status(409).sees("một người duyệt khác");
}

#[actix_web::test]
async fn what_the_law_demands_is_asked_before_publishing() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let bare = with(&PLAN, &[("type", "quyet-dinh-qppl"), ("text", ""), ("issued", "")]);
    let path = enter(&hoa, &bare).await;

    let page = step(&duyen, &path, "dang", "").await.status(422);
    page.sees("VB-1").sees("Chưa có toàn văn").sees("Chưa có ngày ban hành");
    portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(404);
}

#[actix_web::test]
async fn a_local_legal_document_waits_ten_days() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let days =
        [("type", "quyet-dinh-qppl"), ("number", "3/2026/QĐ-UBND"), ("effective", "05/11/2026")];
    let path = enter(&hoa, &with(&PLAN, &days)).await;
    step(&duyen, &path, "dang", "").await.status(422).sees("VB-2").sees("12/11/2026");

    let lock = lock(&hoa, &path).await;
    let short = [days[0], days[1], days[2], ("short_procedure", "on"), ("lock", &lock)];
    let page = hoa.post(&path, &with(&PLAN, &short)).await;
    page.status(303);
    step(&duyen, &path, "dang", "").await.status(303);
}

#[actix_web::test]
async fn a_wrong_form_keeps_what_was_typed_and_names_every_mistake() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let wrong = with(&PLAN, &[("number", "kế hoạch năm"), ("issued", "31/02/2026"), ("type", "")]);
    let page = hoa.post("/quan-tri/van-ban/moi", &wrong).await.status(422);
    let page = page.sees("kế hoạch năm").sees("31/02/2026").sees("Nạo vét kênh mương vụ đông");
    page.sees("Chưa chọn loại văn bản").sees("không giống số, ký hiệu").sees("không phải là ngày");

    let understood = hoa.post("/quan-tri/van-ban/moi", &with(&PLAN, &[("summary", "")])).await;
    understood.status(422).sees("Hệ thống hiểu số này là 15/KH-UBND");
}

#[actix_web::test]
async fn a_mark_of_secrecy_is_refused_with_the_reason() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let stamped = with(&PLAN, &[("text", "ỦY BAN NHÂN DÂN\nTỐI MẬT\nĐiều 1. Phạm vi")]);
    let page = hoa.post("/quan-tri/van-ban/moi", &stamped).await.status(422);
    page.sees("Tối mật").sees("Điều 1. Phạm vi");
    let subject = with(&PLAN, &[("summary", "Quy chế bảo vệ bí mật nhà nước, bảo mật thông tin")]);
    enter(&hoa, &subject).await;
}

#[actix_web::test]
async fn two_documents_of_one_number_need_a_reason() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    enter(&hoa, &PLAN).await;
    let again = with(&PLAN, &[("summary", "Trồng cây")]);
    let page = hoa.post("/quan-tri/van-ban/moi", &again).await.status(422);
    page.sees("15/KH-UBND").sees("Nạo vét kênh mương vụ đông").sees("Trồng cây");

    let reason = with(&again, &[("duplicate_reason", "Văn thư cấp trùng số.")]);
    let path = enter(&hoa, &reason).await;
    step(&portal.ben().duyen(), &path, "dang", "").await.status(303);
    portal.ben().citizen().get("/van-ban/15-kh-ubnd-2").await.status(200).sees("Trồng cây");
    hoa.get("/quan-tri/van-ban?thieu=trung").await.status(200).sees("Trồng cây").misses("Nạo vét");
}

#[actix_web::test]
async fn a_document_may_wait_for_its_number() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let pending =
        with(&PLAN, &[("number", "Số:     /UBND-VHTT"), ("issued", ""), ("type", "cong-van")]);
    let path = enter(&hoa, &pending).await;
    hoa.get("/quan-tri/van-ban?thieu=so").await.status(200).sees("Nạo vét kênh mương");
    step(&duyen, &path, "dang", "").await.status(303);

    let page = portal.ben().citizen().get("/van-ban/nao-vet-kenh-muong-vu-dong").await.status(200);
    page.sees("chưa được cấp số").sees("…/UBND-VHTT");
    // The number comes, and the old address leads to the new one.
    let lock = lock(&duyen, &path).await;
    let numbered =
        with(&pending, &[("number", "21/UBND-VHTT"), ("issued", "05/11/2026"), ("lock", &lock)]);
    duyen.post(&path, &numbered).await.status(303);
    let moved = portal.ben().citizen().get("/van-ban/nao-vet-kenh-muong-vu-dong").await.status(301);
    moved.leads_to("/van-ban/21-ubnd-vhtt");
}

#[actix_web::test]
async fn who_saves_over_another_is_told() {
    let portal = Portal::start().await;
    let (hoa, binh) = (portal.ben().hoa(), portal.ben().binh());
    let path = enter(&hoa, &PLAN).await;
    let lock = lock(&hoa, &path).await;
    let first = with(&PLAN, &[("summary", "Của Bình"), ("lock", &lock)]);
    binh.post(&path, &first).await.status(303);
    let second = with(&PLAN, &[("summary", "Của Hoa"), ("lock", &lock)]);
    hoa.post(&path, &second).await.status(422).sees("Của Hoa").sees("vừa lưu văn bản này");
}

#[actix_web::test]
async fn what_the_public_reads_is_changed_by_approvers_only() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = enter(&hoa, &PLAN).await;
    step(&duyen, &path, "dang", "").await.status(303);
    let lock = lock(&duyen, &path).await;
    let changed = with(&PLAN, &[("summary", "Sửa"), ("lock", &lock)]);
    hoa.post(&path, &changed).await.status(409).sees("người duyệt");
    duyen.post(&path, &changed).await.status(303);
    portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(200).sees("Sửa");
    hoa.get(&path).await.status(200).sees("đã sửa văn bản").sees("đã đăng văn bản");
}

#[actix_web::test]
async fn a_withdrawn_document_is_gone_and_can_return() {
    let portal = Portal::start().await;
    let (hoa, duyen, citizen) = (portal.ben().hoa(), portal.ben().duyen(), portal.ben().citizen());
    let path = enter(&hoa, &PLAN).await;
    step(&duyen, &path, "dang", "").await.status(303);
    step(&duyen, &path, "go", "").await.status(422).sees("lý do gỡ");
    step(&duyen, &path, "go", "Đăng nhầm bản.").await.status(303);
    citizen.get("/van-ban/15-kh-ubnd").await.status(410);
    citizen.get("/van-ban").await.status(200).misses("Nạo vét");
    step(&duyen, &path, "dang", "").await.status(303);
    citizen.get("/van-ban/15-kh-ubnd").await.status(200);
}

#[actix_web::test]
async fn a_replaced_document_ends_on_the_day_the_new_one_begins_and_returns_with_its_withdrawal() {
    let portal = Portal::start().await;
    let host = "tinh.test";
    issue(&portal, host, "UBND tỉnh", sheet("1/2020/QĐ-UBND", "Giá đất cũ", "2020-01-10"));
    let new =
        issue(&portal, host, "UBND tỉnh", sheet("9/2026/QĐ-UBND", "Giá đất mới", "2026-11-01"));
    link(&portal, host, new, (Verb::Replaces, "1-2020-qd-ubnd", ""));
    let citizen = portal.tinh().citizen();

    let page = citizen.get("/van-ban/1-2020-qd-ubnd").await.status(200);
    let page = page.sees("đã hết hiệu lực toàn bộ").sees("Bị thay thế bởi");
    page.sees("/van-ban/9-2026-qd-ubnd");
    let before = citizen.get("/van-ban/1-2020-qd-ubnd?ngay=2026-10-31").await.status(200);
    before.sees("Còn hiệu lực").misses("đã hết hiệu lực toàn bộ");
    let first = citizen.get("/van-ban/1-2020-qd-ubnd?ngay=2026-11-01").await.status(200);
    first.sees("đã hết hiệu lực toàn bộ");
    citizen.get("/van-ban?hieu-luc=het-toan-bo").await.sees("Giá đất cũ").misses("Giá đất mới");
    citizen.get("/van-ban?hieu-luc=con-hieu-luc&ngay=2026-10-31").await.sees("Giá đất cũ");

    let site = portal.site_id(host);
    let (home, away) =
        (home(&portal, site), Step { to: State::Withdrawn, lock: 3, remark: "Nhầm.".into() });
    portal
        .write(|conn, _, now| write::step(conn, Actor { site, user: None, now }, home, new, &away));
    let restored = citizen.get("/van-ban/1-2020-qd-ubnd").await.status(200);
    restored.sees("Còn hiệu lực").misses("Bị thay thế bởi");
}

#[actix_web::test]
async fn a_commune_cannot_end_what_the_province_issued() {
    let portal = Portal::start().await;
    issue(&portal, "tinh.test", "UBND tỉnh", sheet("36/2025/QĐ-UBND", "Giá đất", "2025-03-01"));
    let own = sheet("5/2020/QĐ-UBND", "Chợ cũ", "2020-03-01");
    issue(&portal, "ben.tinh.test", "UBND xã Bến", own);
    let bold = sheet("9/2026/QĐ-UBND", "Bãi bỏ một số quyết định", "2026-05-01");
    let bold = issue(&portal, "ben.tinh.test", "HĐND xã Bến", bold);
    for number in ["36/2025/QĐ-UBND", "5/2020/QĐ-UBND"] {
        link(&portal, "ben.tinh.test", bold, (Verb::Repeals, number, ""));
    }
    let page = portal.tinh().citizen().get("/van-ban/36-2025-qd-ubnd").await.status(200);
    page.sees("Còn hiệu lực").misses("9/2026/QĐ-UBND").misses("đã hết hiệu lực toàn bộ");
    // What bodies of the same commune issued they may end.
    let page = portal.ben().citizen().get("/van-ban/5-2020-qd-ubnd").await.status(200);
    page.sees("đã hết hiệu lực toàn bộ").sees("9/2026/QĐ-UBND");
    // The claim stays where it was made, and its staff is told.
    portal.ben().citizen().get("/van-ban/9-2026-qd-ubnd").await.sees("36/2025/QĐ-UBND");
    let staff = portal.ben().duyen().get(&format!("/quan-tri/van-ban/{bold}")).await.status(200);
    staff
        .sees("Hiệu lực của 36/2025/QĐ-UBND trên cổng không thay đổi")
        .misses("Hiệu lực của 5/2020");

    let province = sheet("40/2026/QĐ-UBND", "Bãi bỏ quyết định của xã", "2026-06-01");
    let province = issue(&portal, "tinh.test", "UBND tỉnh", province);
    link(&portal, "tinh.test", province, (Verb::Repeals, "9/2026/QĐ-UBND", ""));
    let page = portal.ben().citizen().get("/van-ban/9-2026-qd-ubnd").await.status(200);
    page.sees("đã hết hiệu lực toàn bộ").sees("40/2026/QĐ-UBND");
}

#[actix_web::test]
async fn a_file_with_a_mark_of_secrecy_takes_its_document_out_of_the_register() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let table = sheets::Table {
        title: vec!["UBND xã Bến".into(), "TỐI MẬT".into()],
        headings: vec![sheets::Heading::new("Nội dung", 20)],
        ..sheets::Table::default()
    };
    let file = put(&hoa, "bao-cao.xlsx", &table.xlsx().unwrap()).await;
    let path = enter(&hoa, &with(&PLAN, &[(file.as_str(), "on")])).await;
    step(&duyen, &path, "dang", "").await.status(303);
    let citizen = portal.ben().citizen();
    citizen.get("/van-ban/15-kh-ubnd").await.status(200);
    assert!(portal.reader().next(&portal.parts.app.db, portal.now()).await.unwrap());
    citizen.get("/van-ban/15-kh-ubnd").await.status(410);
    let page = duyen.get(&path).await.status(200);
    page.sees("trang đầu của tệp kèm theo có dấu");
    step(&duyen, &path, "dang", "").await.status(422);
    citizen.get("/van-ban/15-kh-ubnd").await.status(410);
}

#[actix_web::test]
async fn days_that_cannot_be_are_refused() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let short = with(&PLAN, &[("issued", "02/11/26")]);
    hoa.post("/quan-tri/van-ban/moi", &short).await.status(422).sees("02/11/26");
    let future = enter(&hoa, &with(&PLAN, &[("issued", "02-11-2099"), ("effective", "")])).await;
    step(&duyen, &future, "dang", "").await.status(422).sees("Ngày ban hành ở sau hôm nay");
    let days = [("number", "16/KH-UBND"), ("effective", "02.11.2026"), ("expiry", "01/11/2026")];
    let ended = enter(&hoa, &with(&PLAN, &days)).await;
    step(&duyen, &ended, "dang", "").await.status(422);
    portal.ben().citizen().get("/van-ban").await.misses("Nạo vét kênh mương");
    duyen.get("/quan-tri").await.status(200).sees("Văn bản nháp chờ được đăng");
}

#[actix_web::test]
async fn search_learns_of_an_effect_that_changed_two_documents_away() {
    let portal = Portal::start().await;
    let host = "ben.tinh.test";
    issue(&portal, host, "UBND xã Bến", sheet("1/2020/QĐ-UBND", "Giá nước", "2020-03-01"));
    let second = sheet("2/2026/QĐ-UBND", "Thôi giá nước", "2026-11-01");
    let second = issue(&portal, host, "UBND xã Bến", second);
    link(&portal, host, second, (Verb::Repeals, "1/2020/QĐ-UBND", ""));
    portal.catch_up();
    let find = "/tim-kiem?q=gi%C3%A1+n%C6%B0%E1%BB%9Bc&hieu-luc=con-hieu-luc";
    let citizen = portal.ben().citizen();
    citizen.get(find).await.status(200).misses("/van-ban/1-2020-qd-ubnd");

    // Repealed before its first day, the second never did anything.
    let third = sheet("3/2026/QĐ-UBND", "Giữ như cũ", "2026-10-01");
    let third = issue(&portal, "tinh.test", "UBND tỉnh", third);
    link(&portal, "tinh.test", third, (Verb::Repeals, "2/2026/QĐ-UBND", ""));
    portal.catch_up();
    citizen.get(find).await.status(200).sees("/van-ban/1-2020-qd-ubnd");
}

#[actix_web::test]
async fn a_document_is_completed_with_its_type_for_whoever_types_it() {
    let portal = Portal::start().await;
    let made = sheet("4/2026/QĐ-UBND", "Giá nước sạch", "2026-08-01");
    issue(&portal, "ben.tinh.test", "UBND xã Bến", made);
    portal.catch_up();
    let citizen = portal.ben().citizen();
    let of = |typed: &str| format!("/tim-kiem/goi-y?q={}", typed.replace(' ', "+"));
    citizen.get(&of("quyet dinh gia")).await.status(200).sees("– Quyết định Giá nước sạch\"");
    citizen.get(&of("gia nuoc")).await.status(200).sees("– Giá nước sạch\"");
}

#[actix_web::test]
async fn a_relation_crosses_sites_and_waits_for_its_target() {
    let portal = Portal::start().await;
    let plan = issue(
        &portal,
        "ben.tinh.test",
        "UBND xã Bến",
        sheet("2/2026/QĐ-UBND", "Thi hành", "2026-08-01"),
    );
    link(&portal, "ben.tinh.test", plan, (Verb::Details, "5/2026/NQ-HĐND", "Điều 2"));
    let citizen = portal.ben().citizen();
    citizen
        .get("/van-ban/2-2026-qd-ubnd")
        .await
        .sees("5/2026/NQ-HĐND")
        .sees("không có trên cổng này");

    let base = Sheet {
        type_key: "nghi-quyet-qppl".into(),
        ..sheet("5/2026/NQ-HĐND", "Nghị quyết gốc", "2026-07-01")
    };
    issue(&portal, "tinh.test", "HĐND tỉnh", base);
    let page = citizen.get("/van-ban/2-2026-qd-ubnd").await.status(200);
    page.sees("http://tinh.test/van-ban/5-2026-nq-hdnd").sees("Nghị quyết gốc");
    let other = portal.tinh().citizen().get("/van-ban/5-2026-nq-hdnd").await.status(200);
    other.sees("http://ben.tinh.test/van-ban/2-2026-qd-ubnd").sees("Được quy định chi tiết");
}

#[actix_web::test]
async fn the_counts_of_a_facet_equal_the_lists_they_lead_to() {
    let portal = Portal::start().await;
    for (number, year, kind) in [
        ("1", 2024, "quyet-dinh-qppl"),
        ("2", 2024, "nghi-quyet-qppl"),
        ("3", 2026, "quyet-dinh-qppl"),
    ] {
        let symbol = if kind.starts_with("nghi") { "NQ-HĐND" } else { "QĐ-UBND" };
        let number = format!("{number}/{year}/{symbol}");
        let sheet = sheet(&number, &format!("Việc {number}"), &format!("{year}-03-01"));
        issue(&portal, "ben.tinh.test", "UBND xã Bến", Sheet { type_key: kind.into(), ..sheet });
    }
    let citizen = portal.ben().citizen();
    let page = citizen.get("/van-ban?nam=2024").await.status(200);
    let page =
        page.sees("Nghị quyết (1)").sees("2026 (1)").sees("2024 (2)").sees("Còn hiệu lực (2)");
    page.sees("Đất đai (2)").sees("UBND xã Bến (2)").misses("Việc 3/2026");
    let both = citizen.get("/van-ban?nam=2024&loai=quyet-dinh-qppl").await.status(200);
    both.sees("Việc 1/2024").misses("Việc 2/2024").sees("Nghị quyết (1)");
    let none = citizen.get("/van-ban?nam=2024&hieu-luc=het-toan-bo").await.status(200);
    none.sees("Không có văn bản nào phù hợp");
    let key = "/van-ban?co-quan=ubnd-xa-ben&linh-vuc=dat-dai&tu-khoa=viec+1";
    citizen.get(key).await.status(200).sees("Việc 1/2024").misses("Việc 2/2024");
}

#[actix_web::test]
async fn values_nobody_knows_are_left_out_with_a_note() {
    let portal = Portal::start().await;
    issue(&portal, "ben.tinh.test", "UBND xã Bến", sheet("1/2026/QĐ-UBND", "Việc", "2026-03-01"));
    let citizen = portal.ben().citizen();
    for query in ["nam=hai", "loai=xyz", "ngay=31-02", "hieu-luc=1", "co-quan=ai-do", "pham-vi=x"] {
        let page = citizen.get(&format!("/van-ban?{query}")).await.status(200);
        let page = page.sees("điều kiện đó được bỏ qua").sees("/van-ban/1-2026-qd-ubnd");
        // Neither chosen in the form nor handed on to the feeds.
        page.misses("value=\"xyz\" selected").misses(&format!("/van-ban.rss?{query}"));
        for format in ["rss", "atom", "json", "csv"] {
            let refused = citizen.get(&format!("/van-ban.{format}?{query}")).await.status(422);
            assert!(refused.header("content-type").starts_with("text/plain"), "{format}");
            refused.sees(query.split('=').next().unwrap());
        }
    }
    citizen.get("/van-ban?loai=xyz").await.misses("<option value=\"xyz\"");
    let odd = "/van-ban?tu-khoa=%25%5F%5C%27%22%3Cb%3E%00&trang=-1&nam=1&nam=2&%F0%9F%98%80=1";
    citizen.get(odd).await.status(200).misses("<b>");
    citizen.get("/van-ban?trang=99").await.status(404);
    citizen.get("/van-ban/khong-co").await.status(404);
    citizen.get("/van-ban/Kh%C3%B4ng").await.status(404);
}

#[actix_web::test]
async fn the_portal_lists_the_whole_province_and_a_component_only_itself() {
    let portal = Portal::start().await;
    issue(
        &portal,
        "ben.tinh.test",
        "UBND xã Bến",
        sheet("1/2026/QĐ-UBND", "Việc của Bến", "2026-03-01"),
    );
    let tinh = portal.tinh().citizen();
    tinh.get("/van-ban").await.status(200).misses("Việc của Bến");
    let all = tinh.get("/van-ban?pham-vi=toan-tinh").await.status(200);
    all.sees("Việc của Bến").sees("http://ben.tinh.test/van-ban/1-2026-qd-ubnd");
    portal.lang().citizen().get("/van-ban?pham-vi=toan-tinh").await.misses("Việc của Bến");
}

#[actix_web::test]
async fn every_filtered_list_has_feeds_that_go_on() {
    let portal = Portal::start().await;
    for number in 1..=35 {
        let number = format!("{number}/2026/QĐ-UBND");
        issue(&portal, "ben.tinh.test", "=UBND xã Bến", sheet(&number, "Việc", "2026-03-01"));
    }
    let citizen = portal.ben().citizen();
    let rss = citizen.get("/van-ban.rss?nam=2026").await.status(200);
    assert_eq!(rss.text.matches("<item>").count(), 30);
    rss.sees("/van-ban.rss?nam=2026&amp;trang=2");
    let second = citizen.get("/van-ban.atom?nam=2026&trang=2").await.status(200);
    assert_eq!(second.text.matches("<entry>").count(), 5);
    let json = citizen.get("/van-ban.json?nam=2026").await.status(200);
    let feed: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 35);
    assert_eq!(feed["items"][0]["_document"]["status"], "con-hieu-luc");
    let csv = citizen.get("/van-ban.csv").await.status(200);
    assert_eq!(csv.text.lines().count(), 36);
    csv.sees("'=UBND");
    let none = citizen.get("/van-ban.json?nam=2020").await.status(200);
    none.sees("\"items\":[]");
}

#[actix_web::test]
async fn a_document_of_a_body_that_ended_keeps_its_name_and_says_so() {
    let portal = Portal::start().await;
    let site = portal.site_id("tinh.test");
    let owner = Owner::of(home(&portal, site));
    portal.write(|conn, _, _| {
        let after = issuers::create(conn, owner, &body("UBND xã Hồng An", None))?;
        let old = NewIssuer {
            successors: vec![after],
            ..body("UBND huyện Sông Ngân", day("2025-06-30"))
        };
        issuers::create(conn, owner, &old)
    });
    issue(
        &portal,
        "tinh.test",
        "UBND huyện Sông Ngân",
        sheet("1/2020/QĐ-UBND", "Chợ", "2020-03-01"),
    );
    let citizen = portal.tinh().citizen();
    let page = citizen.get("/van-ban/1-2020-qd-ubnd").await.status(200);
    page.sees("UBND huyện Sông Ngân").sees("30/06/2025").sees("nay là UBND xã Hồng An");
    citizen.get("/van-ban").await.sees("đã kết thúc hoạt động");
    let staff = portal.tinh().tinh();
    staff.get("/quan-tri/van-ban?thieu=ap-dung").await.status(200).sees("Chợ");
}

#[actix_web::test]
async fn a_document_that_names_a_repealed_one_says_so() {
    let portal = Portal::start().await;
    let old = Sheet {
        expiry: day("2026-01-01"),
        ..sheet("1/2020/QĐ-UBND", "Giá đất cũ", "2020-01-10")
    };
    issue(&portal, "tinh.test", "UBND tỉnh", old);
    let new = sheet("9/2026/QĐ-UBND", "Theo Quyết định số 1/2020/QĐ-UBND", "2026-05-01");
    issue(&portal, "ben.tinh.test", "UBND xã Bến", new);
    let page = portal.ben().citizen().get("/van-ban/9-2026-qd-ubnd").await.status(200);
    page.sees("nhắc đến văn bản đã hết hiệu lực").sees("http://tinh.test/van-ban/1-2020-qd-ubnd");
}

#[actix_web::test]
async fn an_entry_that_names_a_repealed_document_says_so() {
    let portal = Portal::start().await;
    let old = Sheet {
        expiry: day("2026-01-01"),
        ..sheet("1/2020/QĐ-UBND", "Giá đất cũ", "2020-01-10")
    };
    issue(&portal, "tinh.test", "UBND tỉnh", old);
    issue(&portal, "lang.tinh.test", "UBND xã Làng", sheet("2/2020/QĐ-UBND", "Còn", "2020-01-10"));
    publish(&portal, "Bảng giá đất", "Theo **Quyết định số 1/2020/QĐ-UBND** và 2/2020/QĐ-UBND.")
        .await;
    let page = portal.ben().citizen().get("/tin-tuc/bang-gia-dat").await.status(200);
    page.sees("nhắc đến văn bản đã hết hiệu lực")
        .sees("<a href=\"http://tinh.test/van-ban/1-2020-qd-ubnd\">")
        .misses("/van-ban/2-2020-qd-ubnd");
    publish(&portal, "Lịch họp", "Không nhắc đến văn bản nào.").await;
    let page = portal.ben().citizen().get("/tin-tuc/lich-hop").await.status(200);
    page.misses("đã hết hiệu lực");
}

#[actix_web::test]
async fn the_list_of_what_must_be_public_tells_what_is_missing() {
    let portal = Portal::start().await;
    issue(
        &portal,
        "ben.tinh.test",
        "UBND xã Bến",
        sheet("1/2026/QĐ-UBND", "Việc của Bến", "2026-03-01"),
    );
    let citizen = portal.ben().citizen();
    let page = citizen.get("/danh-muc-thong-tin-cong-khai").await.status(200);
    page.sees("Văn bản quy phạm pháp luật").sees("Thiếu");
    let csv = citizen.get("/danh-muc-thong-tin-cong-khai.csv").await.status(200);
    csv.sees("1/2026/QĐ-UBND").sees("http://ben.tinh.test/van-ban/1-2026-qd-ubnd").sees("Thiếu");
    let book = citizen.get("/danh-muc-thong-tin-cong-khai.xlsx").await.status(200);
    assert!(book.text.starts_with("PK"), "a workbook is a zip");
    assert!(book.header("content-disposition").ends_with(".xlsx\""));
}

#[actix_web::test]
async fn the_law_behind_a_section_is_cited_as_one_looks_it_up() {
    let portal = Portal::start().await;
    let citizen = portal.ben().citizen();
    let law = "điểm c khoản 1 Điều 19 Luật Tiếp cận thông tin số 104/2016/QH13";
    let page = citizen.get("/danh-muc-thong-tin-cong-khai").await.status(200);
    let page = page.sees(law).sees("điểm c khoản 1 Điều 9 Nghị định số 224/2026/NĐ-CP");
    let csv = citizen.get("/danh-muc-thong-tin-cong-khai.csv").await.status(200);
    let csv = csv.sees("Loại thông tin,Quy định,Tên thông tin").sees(law);
    let ids = ["ND224-", "TCTT-", "MRG-", "VB-1", "DCCS-"];
    assert!(ids.iter().all(|id| !page.text.contains(id) && !csv.text.contains(id)));
}

#[actix_web::test]
async fn what_a_document_ends_itself_is_no_warning_on_its_page() {
    let portal = Portal::start().await;
    for number in ["1/2026/QĐ-UBND", "2/2026/QĐ-UBND"] {
        issue(&portal, "ben.tinh.test", "UBND xã Bến", sheet(number, "Cũ", "2026-01-05"));
    }
    let words = "Thay thế Quyết định số 1/2026/QĐ-UBND";
    let new = sheet("3/2026/QĐ-UBND", words, "2026-03-01");
    let new = issue(&portal, "ben.tinh.test", "UBND xã Bến", new);
    link(&portal, "ben.tinh.test", new, (Verb::Replaces, "1/2026/QĐ-UBND", ""));
    let citizen = portal.ben().citizen();
    let page = citizen.get("/van-ban/3-2026-qd-ubnd").await.status(200);
    let page = page.sees("/van-ban/1-2026-qd-ubnd").sees("Hết hiệu lực toàn bộ");
    page.misses("Văn bản này nhắc đến văn bản đã hết hiệu lực");

    // What others ended is.
    let words = "Thực hiện Quyết định số 1/2026/QĐ-UBND và Quyết định số 2/2026/QĐ-UBND";
    issue(&portal, "ben.tinh.test", "UBND xã Bến", sheet("4/2026/QĐ-UBND", words, "2026-03-05"));
    let page = citizen.get("/van-ban/4-2026-qd-ubnd").await.status(200);
    page.sees("Văn bản này nhắc đến văn bản đã hết hiệu lực");
}

#[actix_web::test]
async fn an_address_in_capitals_leads_to_the_document() {
    let portal = Portal::start().await;
    let plan = sheet("47/2026/QĐ-UBND", "Nạo vét", "2026-03-01");
    issue(&portal, "ben.tinh.test", "UBND xã Bến", plan);
    let citizen = portal.ben().citizen();
    let moved = citizen.get("/van-ban/47-2026-QD-UBND?ngay=2026-04-01").await.status(301);
    assert_eq!(moved.header("location"), "/van-ban/47-2026-qd-ubnd?ngay=2026-04-01");
    citizen.get("/van-ban/48-2026-QD-UBND").await.status(404);
    portal.lang().citizen().get("/van-ban/47-2026-QD-UBND").await.status(404);
}

#[actix_web::test]
async fn a_draft_is_said_to_be_one_and_no_more() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let draft = [("type", "du-thao"), ("number", ""), ("issued", ""), ("summary", "Dự thảo đò")];
    let path = enter(&hoa, &with(&PLAN, &draft)).await;
    step(&duyen, &path, "dang", "").await.status(303);
    let address = portal.ben().citizen().get("/van-ban?loai=du-thao").await.status(200);
    let address = format!("/van-ban/{}", address.between("href=\"/van-ban/du-thao", "\""));
    let address = address.replacen("/van-ban/", "/van-ban/du-thao", 1);
    let page = portal.ben().citizen().get(&address).await.status(200);
    let page = page.sees("Đây là dự thảo, không phải văn bản đã ban hành");
    page.misses("Không xác định hiệu lực").misses("đang lấy ý kiến");
}

#[actix_web::test]
async fn search_finds_documents_by_number_and_knows_the_day_they_end() {
    let portal = Portal::start().await;
    let ending = Sheet {
        expiry: day("2026-11-22"),
        ..sheet("77/2026/QĐ-UBND", "Quản lý đò ngang", "2026-03-01")
    };
    issue(&portal, "ben.tinh.test", "UBND xã Bến", ending);
    portal.catch_up();
    let citizen = portal.ben().citizen();
    citizen.get("/tim-kiem?q=77-2026-qd-ubnd").await.status(200).sees("/van-ban/77-2026-qd-ubnd");
    citizen.get("/tim-kiem?q=do+ngang&hieu-luc=con-hieu-luc").await.status(200).sees("Quản lý");
    portal.wait(TimeDelta::days(3));
    portal.catch_up();
    let ended = citizen.get("/van-ban?hieu-luc=het-toan-bo").await.status(200);
    ended.sees("Quản lý đò ngang");
}

/// Brings lines to the first commune.
fn import(portal: &Portal, lines: &str, is_dry: bool) -> Report {
    let site = portal.site_id("ben.tinh.test");
    let home = home(portal, site);
    let mut conn = portal.parts.app.db.connection().unwrap();
    let actor = Actor { site, user: None, now: portal.now() };
    let words = &portal.parts.documents;
    let importer = Importer::start(&mut conn, (home, words), actor, is_dry).unwrap();
    importer.json_lines(&mut conn, lines.as_bytes()).unwrap()
}

fn line(number: &str, title: &str, text: &str) -> String {
    let line = serde_json::json!({
        "number": number, "type": "Thông tư", "issuer": "Bộ Tài chính", "title": title,
        "issued": "2020-03-01", "effective": "2020-05-01", "field": "tai-chinh",
        "articles": [{ "no": "Điều 1", "heading": "Phạm vi", "text": text }],
    });
    format!("{line}\n")
}

#[actix_web::test]
async fn an_import_takes_what_it_can_and_tells_the_rest() {
    let portal = Portal::start().await;
    let good = line("1/2020/TT-BTC", "Lệ phí trước bạ", "Một");
    let amending =
        line("2/2020/TT-BTC", "Sửa đổi một số điều của Thông tư số 1/2020/TT-BTC", "Hai");
    let lines = format!(
        "{good}{amending}not json\n\n{}{}{}{}",
        line("2/2020/TT-BTC", "Một văn bản khác trùng số", "Ba"),
        line("3/2020/TT-BTC", "", "Bốn"),
        line("xyz xyz", "Số sai", "Năm"),
        line("4/2020/TT-BTC", "Không có nội dung", ""),
    );
    let dry = import(&portal, &lines, true);
    assert_eq!((dry.created, dry.refused.len()), (4, 3));
    portal.ben().citizen().get("/van-ban/1-2020-tt-btc").await.status(404);

    let report = import(&portal, &lines, false);
    let refused: Vec<usize> = report.refused.iter().map(|(line, _)| *line).collect();
    assert_eq!((report.created, refused), (4, vec![3, 6, 7]));
    assert_eq!(report.doubled, [(5, "2/2020/TT-BTC".to_owned())]);
    assert_eq!(report.drafts.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [8]);
    assert_eq!(report.relations, 1);
    let citizen = portal.ben().citizen();
    let page = citizen.get("/van-ban/1-2020-tt-btc").await.status(200);
    page.sees("Được sửa đổi bởi").sees("nhận từ trích yếu").sees("Hết hiệu lực một phần");
    // A person decides which of two documents of one number is right.
    citizen.get("/van-ban/2-2020-tt-btc-2").await.status(404);
    citizen.get("/van-ban/4-2020-tt-btc").await.status(404);
    citizen.get("/van-ban?linh-vuc=tai-chinh-ngan-sach").await.sees("Lệ phí trước bạ");
}

#[actix_web::test]
async fn importing_again_changes_only_what_has_changed() {
    let portal = Portal::start().await;
    let first = line("1/2020/TT-BTC", "Lệ phí trước bạ", "Một");
    let second = line("2/2020/TT-BTC", "Lệ phí môn bài", "Hai");
    import(&portal, &format!("{first}{second}"), false);
    let again = import(&portal, &format!("{first}{second}"), false);
    assert_eq!((again.created, again.changed, again.unchanged), (0, 0, 2));

    let changed = line("2/2020/TT-BTC", "Lệ phí môn bài", "Hai, đã sửa");
    let report = import(&portal, &format!("{first}{changed}"), false);
    assert_eq!((report.created, report.changed, report.unchanged), (0, 1, 1));
    let citizen = portal.ben().citizen();
    citizen.get("/van-ban/2-2020-tt-btc").await.status(200).sees("Hai, đã sửa");
    citizen.get("/van-ban").await.status(200).sees("<strong>2</strong>");
}

#[actix_web::test]
async fn bad_relations_and_events_keep_what_was_typed() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();
    let path = enter(&hoa, &PLAN).await;
    let own = [("link_verb", "repeals"), ("link_number", "15/KH-UBND")];
    hoa.post(&format!("{path}/quan-he"), &own).await.status(422).sees("chính nó");
    let none = [("link_verb", "?"), ("link_number", "số mấy nhỉ"), ("link_other_part", "Điều 9")];
    let page = hoa.post(&format!("{path}/quan-he"), &none).await.status(422);
    page.sees("số mấy nhỉ").sees("Điều 9");
    let event = [("event_day", "hôm qua"), ("event_what", "suspended"), ("event_part", "Điều 3")];
    hoa.post(&format!("{path}/hieu-luc"), &event).await.status(422).sees("hôm qua").sees("Điều 3");

    let good = [("link_verb", "rests-on"), ("link_number", "224 2026 nđ cp")];
    hoa.post(&format!("{path}/quan-he"), &good).await.status(303);
    hoa.get(&path).await.status(200).sees("224/2026/NĐ-CP");
    let event = [("event_day", "10/11/2026"), ("event_what", "suspended")];
    hoa.post(&format!("{path}/hieu-luc"), &event).await.status(303);
    step(&portal.ben().duyen(), &path, "dang", "").await.status(303);
    let page = portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(200);
    page.sees("đang bị tạm ngưng hiệu lực").sees("224/2026/NĐ-CP");
}

/// A PDF with a page for each of `texts`.
pub(crate) fn pdf(texts: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..texts.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), texts.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (at, text) in texts.iter().enumerate() {
        let drawn = format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>",
            5 + 2 * at
        ));
        objects.push(format!("<</Length {}>>\nstream\n{drawn}\nendstream", drawn.len()));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let trailer = format!("trailer<</Size {}/Root 1 0 R>>", objects.len() + 1);
    let place = file.len();
    (file + &table + &trailer + &format!("\nstartxref\n{place}\n%%EOF\n")).into_bytes()
}

/// Puts a file in the library and gives the name of its field in the form of a document.
pub(crate) async fn put(visitor: &Visitor<'_>, name: &str, bytes: &[u8]) -> String {
    let fields = [("source", "UBND xã")];
    visitor.upload("/quan-tri/tep", "files", &[(name, bytes)], &fields).await.status(303);
    let form = visitor.get("/quan-tri/van-ban/moi").await.status(200);
    format!("file_{}", form.between("name=\"file_", "\""))
}

#[actix_web::test]
async fn what_a_file_says_is_read_beside_it_and_found_by_page() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let bytes = pdf(&["Trang bia", "Lich kham suc khoe hoc sinh tieu hoc"]);
    let file = put(&hoa, "phu-luc.pdf", &bytes).await;
    let path = enter(&hoa, &with(&PLAN, &[(file.as_str(), "on")])).await;
    step(&duyen, &path, "dang", "").await.status(303);
    let page = portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(200);
    page.sees("/phu-luc.pdf").misses("kham suc khoe");
    hoa.get(&path).await.status(200).sees("Đang chờ đọc");

    let reader = portal.reader();
    assert!(reader.next(&portal.parts.app.db, portal.now()).await.unwrap());
    assert!(!reader.next(&portal.parts.app.db, portal.now()).await.unwrap());
    hoa.get(&path).await.status(200).sees("Đã đọc được 2 trang");
    let page = portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(200);
    page.sees("Lich kham suc khoe hoc sinh tieu hoc").sees("id=\"tep-1-trang-2\"");
    portal.catch_up();
    let found = portal.ben().citizen().get("/tim-kiem?q=lich+kham+suc+khoe").await.status(200);
    found
        .sees("/van-ban/15-kh-ubnd")
        .sees("<a class=\"hit-place\" href=\"/van-ban/15-kh-ubnd#tep-1-trang-2\">Tệp phu-luc.pdf, trang 2")
        .sees("<mark>Lich kham suc khoe</mark>");
}

#[actix_web::test]
async fn a_file_that_cannot_be_read_is_said_to_be_so() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let mut bytes = pdf(&["Trang bia"]);
    bytes.truncate(120);
    let broken = put(&hoa, "hong.pdf", &bytes).await;
    let path = enter(&hoa, &with(&PLAN, &[(broken.as_str(), "on")])).await;
    step(&duyen, &path, "dang", "").await.status(303);

    assert!(portal.reader().next(&portal.parts.app.db, portal.now()).await.unwrap());
    hoa.get(&path).await.status(200).sees("có thể tệp đã hỏng");
    let page = portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(200);
    page.sees("Chưa đọc được nội dung chữ của tệp này");
}

#[actix_web::test]
async fn a_scan_is_marked_and_its_letters_are_read_when_asked_for() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let scan = put(&hoa, "ban-chup.pdf", &pdf(&[""])).await;
    let path = enter(&hoa, &with(&PLAN, &[(scan.as_str(), "on")])).await;
    step(&duyen, &path, "dang", "").await.status(303);
    let reader = portal.reader();
    assert!(reader.next(&portal.parts.app.db, portal.now()).await.unwrap());

    let page = portal.ben().citizen().get("/van-ban/15-kh-ubnd").await.status(200);
    page.sees("Tệp này là bản chụp").misses("<details class=\"file-text\">");
    // Whoever can mend it finds it.
    hoa.get("/quan-tri").await.status(200).sees("/quan-tri/van-ban?thieu=chu");
    hoa.get("/quan-tri/van-ban?thieu=chu").await.status(200).sees(&path);
    portal.lang().hoa().get("/quan-tri").await.misses("thieu=chu");
    let ocr = format!("{path}/tep/{}/nhan-dang", scan.trim_start_matches("file_"));
    portal.lang().hoa().post(&ocr, &[]).await.status(404);
    hoa.post(&ocr, &[]).await.status(303);
    hoa.get(&path).await.status(200).sees("Đang chờ nhận dạng chữ");
    hoa.post(&ocr, &[]).await.status(409);
    assert!(reader.next(&portal.parts.app.db, portal.now()).await.unwrap());
    hoa.get(&path).await.status(200).misses("Đang chờ nhận dạng chữ");
}

#[actix_web::test]
async fn reading_letters_holds_up_no_file_that_nobody_has_looked_through() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let (reader, db) = (portal.reader(), &portal.parts.app.db);
    let scan = put(&hoa, "ban-chup.pdf", &pdf(&[""])).await;
    let path = enter(&hoa, &with(&PLAN, &[(scan.as_str(), "on")])).await;
    assert!(reader.look(db, portal.now()).await.unwrap());
    let ocr = format!("{path}/tep/{}/nhan-dang", scan.trim_start_matches("file_"));
    hoa.post(&ocr, &[]).await.status(303);
    // A draft's file, and a later one that the public may have.
    let draft = put(&hoa, "nhap.pdf", &pdf(&["Trang nhap"])).await;
    let draft = with(&PLAN, &[("number", "16/KH-UBND"), (draft.as_str(), "on")]);
    let draft = enter(&hoa, &draft).await;
    let open = put(&hoa, "moi.pdf", &pdf(&["Trang moi"])).await;
    let open = enter(&hoa, &with(&PLAN, &[("number", "17/KH-UBND"), (open.as_str(), "on")])).await;
    step(&duyen, &open, "dang", "").await.status(303);

    assert!(reader.look(db, portal.now()).await.unwrap());
    hoa.get(&open).await.sees("Đã đọc được 1 trang");
    hoa.get(&draft).await.sees("Đang chờ đọc");
    assert!(reader.look(db, portal.now()).await.unwrap());
    hoa.get(&draft).await.sees("Đã đọc được 1 trang");
    assert!(!reader.look(db, portal.now()).await.unwrap());
    hoa.get(&path).await.sees("Đang chờ nhận dạng chữ");
    assert!(reader.letters(db, portal.now()).await.unwrap());
    hoa.get(&path).await.misses("Đang chờ nhận dạng chữ");
}

/// The address of the register with `words`.
fn sought(words: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    format!("/van-ban?tu-khoa={encoded}")
}

#[actix_web::test]
async fn the_words_of_the_register_know_abbreviations() {
    let portal = Portal::start().await;
    let host = "ben.tinh.test";
    let long = sheet("1/2026/QĐ-CT", "Quy chế của Ủy ban nhân dân xã", "2026-03-01");
    issue(&portal, host, "Chủ tịch xã Bến", long);
    let short = sheet("2/2026/QĐ-CT", "Nội quy trụ sở UBND xã", "2026-03-01");
    issue(&portal, host, "Chủ tịch xã Bến", short);
    let citizen = portal.ben().citizen();
    for words in ["UBND", "ubnd xã", "ủy ban nhân dân xã", "Uỷ Ban  nhan dan"] {
        let page = citizen.get(&sought(words)).await.status(200);
        page.sees("/van-ban/1-2026-qd-ct").sees("/van-ban/2-2026-qd-ct");
    }
    citizen.get(&sought("U\u{309}y ban")).await.status(200).sees("/van-ban/1-2026-qd-ct");
    citizen.get(&sought("HĐND")).await.status(200).misses("/van-ban/1-2026-qd-ct");
}

#[actix_web::test]
async fn the_map_for_search_engines_has_every_public_document() {
    let portal = Portal::start().await;
    issue(&portal, "ben.tinh.test", "UBND xã Bến", sheet("1/2026/QĐ-UBND", "Một", "2026-03-01"));
    let inner = Sheet { internal: true, ..sheet("2/2026/QĐ-UBND", "Hai", "2026-03-01") };
    issue(&portal, "ben.tinh.test", "UBND xã Bến", inner);
    issue(&portal, "lang.tinh.test", "UBND xã Làng", sheet("3/2026/QĐ-UBND", "Ba", "2026-03-01"));
    let (hoa, duyen, citizen) = (portal.ben().hoa(), portal.ben().duyen(), portal.ben().citizen());
    let path = enter(&hoa, &PLAN).await;

    let index = citizen.get("/sitemap.xml").await.status(200);
    index.sees("http://ben.tinh.test/sitemap/van-ban-1.xml").misses("van-ban-2.xml");
    let sheet = citizen.get("/sitemap/van-ban-1.xml").await.status(200);
    let today = base::time::local(portal.now()).date();
    let sheet = sheet.sees("<loc>http://ben.tinh.test/van-ban/1-2026-qd-ubnd</loc>");
    let sheet = sheet.sees(&format!("<lastmod>{today}</lastmod>"));
    sheet.misses("2-2026-qd-ubnd").misses("3-2026-qd-ubnd").misses("15-kh-ubnd");
    step(&duyen, &path, "dang", "").await.status(303);
    citizen.get("/sitemap/van-ban-1.xml").await.status(200).sees("15-kh-ubnd");
    step(&duyen, &path, "go", "Đăng nhầm bản.").await.status(303);
    citizen.get("/sitemap/van-ban-1.xml").await.status(200).misses("15-kh-ubnd");
    for none in ["van-ban-2", "van-ban-0", "van-ban-x", "van-ban", "van-ban--1", "khac-1"] {
        citizen.get(&format!("/sitemap/{none}.xml")).await.status(404);
    }
    citizen.get("/en/sitemap.xml").await.status(200).misses("van-ban-1");
    citizen.get("/en/sitemap/van-ban-1.xml").await.status(404);
}

#[actix_web::test]
async fn search_follows_a_body_that_ended_to_what_became_of_it() {
    let portal = Portal::start().await;
    kit::desk::publish_on(portal.lang(), "Trạm y tế xã Hồng An", "…").await;
    let lang = portal.lang().citizen();
    portal.catch_up();
    lang.get("/tim-kiem?q=song+ngan").await.status(200).misses("tram-y-te-xa-hong-an");

    // Each office keeps its own organisations; the province searches with all of them.
    let tinh = portal.tinh().tinh();
    let new = [("name", "UBND xã Hồng An"), ("level", "commune")];
    tinh.post("/quan-tri/co-quan-ban-hanh", &new).await.status(303);
    let owner = Owner::of(home(&portal, portal.site_id("tinh.test")));
    let after = portal.write(|conn, _, _| issuers::by_name(conn, owner, "UBND xã Hồng An"));
    let after = after.unwrap().to_string();
    let old = [
        ("name", "UBND xã Sông Ngân"),
        ("level", "commune"),
        ("valid_to", "30/06/2025"),
        ("successor", after.as_str()),
    ];
    tinh.post("/quan-tri/co-quan-ban-hanh", &old).await.status(303);
    portal.catch_up();
    for words in ["song ngan", "trạm y tế xã Sông Ngân"] {
        let address = sought(words).replace("/van-ban?tu-khoa", "/tim-kiem?q");
        let page = lang.get(&address).await.status(200);
        page.sees("tram-y-te-xa-hong-an");
    }
    // What no longer has a successor is followed no longer.
    let old_id = portal.write(|conn, _, _| issuers::by_name(conn, owner, "UBND xã Sông Ngân"));
    let path = format!("/quan-tri/co-quan-ban-hanh/{}", old_id.unwrap());
    tinh.post(&path, &old[..3]).await.status(303);
    portal.catch_up();
    lang.get("/tim-kiem?q=song+ngan").await.status(200).misses("tram-y-te-xa-hong-an");
}

#[actix_web::test]
async fn who_reads_a_feed_again_is_told_what_changed_and_what_is_gone() {
    let portal = Portal::start().await;
    let (hoa, duyen, citizen) = (portal.ben().hoa(), portal.ben().duyen(), portal.ben().citizen());
    let path = enter(&hoa, &PLAN).await;
    step(&duyen, &path, "dang", "").await.status(303);
    for format in ["rss", "atom", "json"] {
        let address = format!("/van-ban.{format}");
        let first = citizen.get(&address).await.status(200);
        let (tag, changed) = (first.header("etag"), first.header("last-modified"));
        assert!(tag.starts_with('"') && changed.ends_with(" GMT"), "{format}: {tag} {changed}");
        for (name, value) in [("If-None-Match", tag), ("If-Modified-Since", changed)] {
            let again = TestRequest::get().uri(&address).insert_header((name, value));
            let again = citizen.send(again).await.status(304);
            assert_eq!(again.text, "", "{format}");
        }
        let other = TestRequest::get().uri(&address).insert_header(("If-None-Match", "\"x\""));
        citizen.send(other).await.status(200);
    }
    let atom = citizen.get("/van-ban.atom").await.status(200);
    atom.misses("<content type=\"html\"></content>").misses("at:deleted-entry");
    let tag = citizen.get("/van-ban.atom").await.header("etag");

    portal.wait(TimeDelta::minutes(10));
    step(&duyen, &path, "go", "Có tên người tố cáo.").await.status(303);
    let again = TestRequest::get().uri("/van-ban.atom").insert_header(("If-None-Match", tag));
    let atom = citizen.send(again).await.status(200).misses("<entry>");
    let atom =
        atom.sees("<at:deleted-entry ref=\"http://ben.tinh.test/van-ban/15-kh-ubnd\" when=\"");
    // That it is gone, not what it said, nor why.
    atom.misses("Nạo vét").misses("tố cáo");
    let rss = citizen.get("/van-ban.rss").await.status(200);
    let rss = rss.sees("http://ben.tinh.test/van-ban/15-kh-ubnd</guid>").sees("đã được gỡ");
    rss.misses("Nạo vét").misses("tố cáo");
    let json = citizen.get("/van-ban.json").await.status(200).misses("Nạo vét").misses("tố cáo");
    let feed: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(feed["items"], serde_json::json!([]));
    assert_eq!(feed["_withdrawn"][0]["id"], "http://ben.tinh.test/van-ban/15-kh-ubnd");

    citizen.get("/van-ban.atom?loai=quyet-dinh").await.status(200).misses("at:deleted-entry");
    portal.lang().citizen().get("/van-ban.atom").await.status(200).misses("at:deleted-entry");
    step(&duyen, &path, "dang", "").await.status(303);
    citizen.get("/van-ban.atom").await.status(200).sees("<entry>").misses("at:deleted-entry");
}
