//! What somebody with bad intentions tries.

use kit::{Portal, Visitor};

/// Invites `email` as `role` and gives the page that answers.
async fn invite(visitor: &Visitor<'_>, email: &str, role: &str) -> kit::Answer {
    let form = [("email", email), ("name", "Lê Mới"), ("role", role)];
    visitor.post("/quan-tri/thanh-vien", &form).await
}

#[actix_web::test]
async fn a_commune_gets_no_link_to_an_account_that_can_do_more() {
    let portal = Portal::start().await;
    invite(&portal.tinh().tinh(), "moi@tinh.gov.vn", "province_admin").await.status(200);

    // The role is given, the account stays closed.
    invite(&portal.ben().quan(), "moi@tinh.gov.vn", "author").await.status(303);
    let again = format!("/quan-tri/thanh-vien/{}/moi-lai", portal.user_id("moi"));
    portal.ben().quan().post(&again, &[]).await.status(409);
}

#[actix_web::test]
async fn a_link_made_before_a_greater_role_was_given_opens_nothing() {
    let portal = Portal::start().await;
    let page = invite(&portal.ben().quan(), "moi@tinh.gov.vn", "author").await.status(200);
    let early = format!("/moi/{}", page.between("http://ben.tinh.test/moi/", "\""));

    let page = invite(&portal.tinh().tinh(), "moi@tinh.gov.vn", "province_admin").await;
    let late = page.status(200).between("http://tinh.test/moi/", "\"");
    portal.ben().citizen().get(&early).await.status(409);
    portal.tinh().citizen().get(&format!("/moi/{late}")).await.status(200);
}

#[actix_web::test]
async fn an_administrator_of_the_portals_pages_cannot_reset_the_province() {
    let portal = Portal::start().await;
    let role = [("role", "site_admin"), ("on", "on")];
    let kiem = portal.user_id("kiem");
    portal.tinh().tinh().post(&format!("/quan-tri/thanh-vien/{kiem}/vai-tro"), &role).await;
    invite(&portal.tinh().tinh(), "trang@tinh.gov.vn", "site_admin").await.status(200);
    let trang = Visitor::signed_in(&portal, "tinh.test", "trang");
    let reset = format!("/quan-tri/thanh-vien/{}/moi-lai", portal.user_id("tinh"));
    trang.post(&reset, &[]).await.status(409);
}

#[actix_web::test]
async fn a_forwarding_header_does_not_choose_the_tenant() {
    use actix_web::test::TestRequest;
    let portal = Portal::start().await;
    let request = TestRequest::get()
        .uri("/")
        .insert_header(("x-forwarded-host", "lang.tinh.test"))
        .insert_header(("forwarded", "host=lang.tinh.test"));
    portal.ben().citizen().send(request).await.status(200).sees("xã Bến").misses("xã Làng");
}

#[actix_web::test]
async fn a_forged_form_is_not_offered_to_be_sent_again() {
    use actix_web::test::TestRequest;
    let portal = Portal::start().await;
    for site in ["cross-site", "same-site"] {
        let request = TestRequest::post()
            .uri("/quan-tri/thanh-vien")
            .insert_header(("sec-fetch-site", site))
            .set_form([("email", "ke.gian@evil.test"), ("role", "site_admin")]);
        let page = portal.ben().citizen().send(request).await;
        assert_eq!(page.code(), 401);
        page.misses("ke.gian@evil.test");
    }
}

#[actix_web::test]
async fn an_import_on_the_screen_stays_below_its_portal() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let table = "type,name,host\ntỉnh,Tỉnh Khác,khac.example.vn\nxã,Xã Xa,xa.example.vn\n";
    let files = [("xa.csv", table.as_bytes())];
    let page = tinh.upload("/quan-tri/cac-trang/nhap", "file", &files, &[]).await.status(200);
    page.sees(".tinh.test");
    portal.at("khac.example.vn").get("/").await.status(404);
    portal.at("xa.example.vn").get("/").await.status(404);
}

#[actix_web::test]
async fn what_is_no_address_is_not_stored_at_sign_in() {
    use db::schema::failures;
    use diesel::prelude::*;
    let portal = Portal::start().await;
    let long = "a".repeat(100_000);
    let form = [("email", long.as_str()), ("password", "x")];
    portal.ben().citizen().post("/dang-nhap", &form).await.status(422);
    let rows = portal.write(|conn, _, _| Ok(failures::table.count().get_result::<i64>(conn)?));
    assert_eq!(rows, 0);
    let odd = [("email", "a\u{0}b@x.vn"), ("password", "x")];
    portal.ben().citizen().post("/dang-nhap", &odd).await.status(422);
}
