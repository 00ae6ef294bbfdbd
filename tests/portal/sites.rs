//! Sites: created, imported, named, opened, closed.

use base::{Identity, SiteType};
use kit::{NOW, Portal};
use sites::{
    import::{self, Choice, Fate, Order, Report},
    store,
};

/// The settings of one fictional province, as the official list writes them.
const UNITS: &str = r#"[{"code": "77", "full_name": "Tỉnh Sông Mơ", "full_name_en": "Song Mo Province",
  "kind": "Tỉnh", "units": [
    {"code": "77001", "full_name": "Xã Tân An", "full_name_en": "Tan An Commune", "kind": "Xã"},
    {"code": "77002", "full_name": "Phường Văn Miếu", "kind": "Phường"},
    {"code": "77003", "full_name": "Xã Sơn Hà", "kind": "Xã"},
    {"code": "77004", "full_name": "Xã Sơn Hạ", "kind": "Xã"},
    {"code": "77001", "full_name": "Xã Trùng Mã", "kind": "Xã"},
    {"code": "77006", "full_name": "Đặc khu Đảo Xa", "kind": "Đặc khu"},
    {"code": "77007", "full_name": "Xã Mail", "kind": "Xã"},
    {"code": 8}
  ]}]"#;

fn choice(decisions: &[(&str, &str)]) -> Choice {
    let hosts = decisions.iter().map(|(code, label)| ((*code).into(), (*label).into())).collect();
    Choice { provinces: vec!["77".into()], all: false, hosts }
}

/// Imports the list, outside any transaction as the program does.
fn run(portal: &Portal, choice: &Choice, dry_run: bool) -> Report {
    let rows = import::read(UNITS.as_bytes(), choice).unwrap();
    let order = Order { portal: None, user: None, now: NOW, below: false, dry_run };
    let mut conn = portal.parts.app.db.connection().unwrap();
    import::run(&mut conn, &portal.parts.rules, order, &rows).unwrap()
}

fn fates(report: &Report) -> Vec<Fate> {
    report.lines.iter().map(|line| line.fate).collect()
}

use Fate::{Created, Decision, Refused, Unchanged};

#[actix_web::test]
async fn the_official_list_becomes_a_province_once() {
    let portal = Portal::bare();
    let first = [Created, Created, Created, Decision, Decision, Refused, Created, Refused, Refused];
    assert_eq!(fates(&run(&portal, &choice(&[]), true)), first);
    assert!(portal.write(|conn, _, _| store::all(conn)).is_empty());

    let report = run(&portal, &choice(&[]), false);
    assert_eq!(fates(&report), first);
    assert_eq!(report.lines[1].host, "tanan.songmo.test");
    assert_eq!(report.lines[6].host, "daoxa.songmo.test");
    let told = |line: usize| report.lines[line].why.as_ref().unwrap().key().to_owned();
    assert_eq!(told(3), "import.collision");
    assert_eq!(told(5), "import.doubled");
    assert_eq!(told(7), "host.reserved");
    assert_eq!(told(8), "import.row");

    let again = fates(&run(&portal, &choice(&[]), false));
    let second =
        [Unchanged, Unchanged, Unchanged, Decision, Decision, Refused, Unchanged, Refused, Refused];
    assert_eq!(again, second);
    let decided = choice(&[("77003", "sonha"), ("77004", "sonhatan")]);
    assert_eq!(run(&portal, &decided, false).count(Created), 2);
    assert_eq!(run(&portal, &decided, false).count(Created), 0);
    assert_eq!(portal.write(|conn, _, _| store::all(conn)).len(), 6);
}

#[actix_web::test]
async fn an_imported_site_starts_with_its_blueprint_and_as_a_draft() {
    let portal = Portal::bare();
    run(&portal, &choice(&[]), false);
    let host = "tanan.songmo.test";

    portal.at(host).get("/").await.status(503).sees("đang được chuẩn bị");
    portal.at(host).get("/gioi-thieu").await.status(503);
    portal.at(host).get("/dang-nhap").await.status(200);
    let site = portal.write(|conn, _, _| store::by_host(conn, host));
    assert_eq!((site.kind, site.name_en.as_str()), (SiteType::Commune, "Tan An Commune"));
    assert_eq!(site.identity.managing_body, "Ủy ban nhân dân xã Tân An");
    assert_eq!(site.identity.governing_body, "Ủy ban nhân dân tỉnh Sông Mơ");
    let sections = portal.write(|conn, _, _| content::sections::store::tree(conn, site.id));
    let blueprint = portal.parts.rules.blueprints.of(SiteType::Commune).unwrap();
    assert_eq!(sections.len(), blueprint.sections.len());
    let drafts = portal.write(|conn, _, _| {
        let all = content::entries::store::Filter::default();
        content::entries::store::count(conn, site.id, &all)
    });
    let starters = blueprint.sections.iter().filter(|section| section.starter).count();
    assert_eq!(usize::try_from(drafts).unwrap(), starters);
}

#[actix_web::test]
async fn ten_thousand_rows_are_reported_row_by_row() {
    let portal = Portal::start().await;
    let mut table = "type,name,unit_code\n".to_owned();
    for number in 0..10_000 {
        table.push_str(&format!("xã,Xã Số {number},8{number:05}\n"));
    }
    let rows = import::read(table.as_bytes(), &Choice::default()).unwrap();
    let order = Order {
        portal: Some(portal.tinh().id()),
        user: None,
        now: NOW,
        below: false,
        dry_run: true,
    };
    let mut conn = portal.parts.app.db.connection().unwrap();
    let report = import::run(&mut conn, &portal.parts.rules, order, &rows).unwrap();
    assert_eq!(report.count(Created), 10_000);
}

#[actix_web::test]
async fn a_table_is_tried_and_then_imported_through_the_browser() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let table = "type,name,responsible\nxã,Xã Tân An,Bà Sen\nxã,Xã Bến,\nxóm,Xóm A,\n";
    let files = [("xa.csv", table.as_bytes())];
    let path = "/quan-tri/cac-trang/nhap";

    let tried = tinh.upload(path, "file", &files, &[("dry_run", "on")]).await.status(200);
    tried.sees("tanan.tinh.test").sees("Sẽ tạo").sees("ben.tinh.test");
    portal.at("tanan.tinh.test").get("/").await.status(404);
    tinh.upload(path, "file", &[], &[("token", table)]).await.status(200).sees("Đã tạo");
    portal.at("tanan.tinh.test").get("/").await.status(503);
    let latin: [(&str, &[u8]); 1] = [("xa.csv", b"type,name\nx\xe3,X\xe3 A\n")];
    tinh.upload(path, "file", &latin, &[]).await.status(422).sees("UTF-8");
    tinh.upload(path, "file", &[], &[]).await.status(422);
}

/// The fields of the wizard.
fn wizard<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("type", "commune"),
        ("name", "Xã Đàm Thủy"),
        ("host", "damthuy"),
        ("managing_body", "Ủy ban nhân dân xã Đàm Thủy"),
        ("governing_body", "Ủy ban nhân dân tỉnh"),
        ("responsible", "Bà Sen"),
        ("address", "Số 1"),
        ("phone", "0299 3 111 222"),
        ("email", "xa@tinh.gov.vn"),
        ("admin_name", "Bế Văn Đoàn"),
        ("admin_email", "doan@tinh.gov.vn"),
        ("step", "3"),
        ("go", "create"),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    fields
}

const WIZARD: &str = "/quan-tri/cac-trang/moi";

#[actix_web::test]
async fn the_wizard_makes_a_site_and_the_link_of_its_administrator() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let first = [("type", "commune"), ("name", "Xã Đàm Thủy"), ("step", "1"), ("go", "next")];
    let second = tinh.post(WIZARD, &first).await.status(200);
    second.sees("damthuy").sees("Ủy ban nhân dân xã Đàm Thủy");

    let made = tinh.post(WIZARD, &wizard(&[])).await.status(200);
    let link = made.between("http://damthuy.tinh.test/moi/", "\"");
    portal.at("damthuy.tinh.test").get(&format!("/moi/{link}")).await.status(200);
    let id = portal.site_id("damthuy.tinh.test");
    portal.at("damthuy.tinh.test").get("/").await.status(503);
    tinh.post(&format!("/quan-tri/cac-trang/{id}/activate"), &[]).await.status(303);
    portal.at("damthuy.tinh.test").get("/").await.status(200).sees("Bà Sen").sees("tinh.test");
    let directory = portal.tinh().citizen().get("/lien-ket?q=dam+thuy").await.status(200);
    directory.sees("http://damthuy.tinh.test").misses("http://ben.tinh.test\"");
    portal.tinh().citizen().get("/").await.status(200).sees("http://damthuy.tinh.test");
}

#[actix_web::test]
async fn the_wizard_says_what_is_wrong_where_it_is_wrong_and_keeps_the_rest() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    for (field, value, sees) in [
        ("name", "", "Xã Đàm Thủy"),
        ("host", "ben", "ben.tinh.test"),
        ("host", "www", "www"),
        ("host", "Đàm Thủy", "Bà Sen"),
        ("email", "không phải thư", "không phải thư"),
        ("admin_email", "đoàn", "Bế Văn Đoàn"),
        ("type", "province", "Xã Đàm Thủy"),
    ] {
        let page = tinh.post(WIZARD, &wizard(&[(field, value)])).await.status(422);
        if field != "name" {
            page.sees(sees);
        }
    }
    let press = [("type", "commune"), ("name", "Báo Đàm Thủy"), ("step", "1"), ("go", "next")];
    tinh.post(WIZARD, &press).await.status(200).sees("báo chí");
}

#[actix_web::test]
async fn a_site_without_its_facts_is_not_opened_and_the_screen_says_which() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let bare = [("phone", ""), ("address", ""), ("admin_name", ""), ("admin_email", "")];
    tinh.post(WIZARD, &wizard(&bare)).await.status(303);
    let id = portal.site_id("damthuy.tinh.test");
    let path = format!("/quan-tri/cac-trang/{id}");

    tinh.get(&path).await.status(200).sees("Điện thoại").sees("Địa chỉ");
    tinh.post(&format!("{path}/activate"), &[]).await.status(409);
    portal.at("damthuy.tinh.test").get("/").await.status(503);
}

#[actix_web::test]
async fn a_linked_site_is_listed_with_its_address_and_brought_home() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let linked = [
        ("type", "ward"),
        ("name", "Phường Nam Thành"),
        ("linked", "on"),
        ("external_url", "https://namthanh.example.vn"),
        ("conversion_due", "30/06/2027"),
        ("step", "1"),
        ("go", "next"),
    ];
    let made = tinh.post(WIZARD, &linked).await.status(303).leads_to("/quan-tri/cac-trang/");
    let citizen = portal.tinh().citizen();

    citizen.get("/lien-ket").await.status(200).sees("https://namthanh.example.vn");
    tinh.get(&made).await.status(200).sees("30/06/2027");
    tinh.post(&format!("{made}/activate"), &[]).await.status(409);
    tinh.post(&format!("{made}/convert"), &[]).await.status(303);
    portal.at("namthanh.tinh.test").get("/").await.status(503);
}

#[actix_web::test]
async fn another_host_leads_to_the_same_path_on_the_canonical_one() {
    let portal = Portal::start().await;
    let path = format!("/quan-tri/cac-trang/{}", portal.ben().id());
    let tinh = portal.tinh().tinh();
    tinh.post(&format!("{path}/ten-mien"), &[("host", "xacu.tinh.test")]).await.status(303);

    let old = portal.at("xacu.tinh.test").get("/tin-tuc?trang=2").await.status(301);
    old.leads_to("http://ben.tinh.test/tin-tuc?trang=2");
    let taken = [("host", "lang.tinh.test")];
    tinh.post(&format!("{path}/ten-mien"), &taken).await.status(422).sees("lang.tinh.test");
    let canonical = [("host", "ben.tinh.test")];
    tinh.post(&format!("{path}/ten-mien/bo"), &canonical).await.status(404);
    let gone = [("host", "xacu.tinh.test")];
    tinh.post(&format!("{path}/ten-mien/bo"), &gone).await.status(303);
    portal.at("xacu.tinh.test").get("/").await.status(404);
}

#[actix_web::test]
async fn a_suspended_site_says_so_and_an_archive_stays_readable() {
    let portal = Portal::start().await;
    let path = format!("/quan-tri/cac-trang/{}", portal.ben().id());
    let tinh = portal.tinh().tinh();
    let citizen = portal.ben().citizen();

    tinh.post(&format!("{path}/suspend"), &[]).await.status(303);
    citizen.get("/").await.status(503).sees("tạm ngừng");
    tinh.post(&format!("{path}/archive"), &[]).await.status(303);
    citizen.get("/").await.status(200).sees("lưu trữ");
}

#[actix_web::test]
async fn the_footer_shows_the_identity_in_the_order_of_the_law() {
    let portal = Portal::start().await;
    let home = portal.ben().citizen().get("/").await.status(200);
    let footer = home.text.split("<footer").last().unwrap();
    let place = |text: &str| footer.find(text).unwrap_or_else(|| panic!("no {text:?}"));
    let order = [
        place("Ủy ban nhân dân Xã Bến"),
        place("Ủy ban nhân dân tỉnh"),
        place("Bà Nguyễn Thị Sen"),
        place("Số 1, thôn Bến"),
        place("0299 3 123 456"),
        place("bbt@tinh.gov.vn"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(Identity::default().missing().len(), 6);
}
