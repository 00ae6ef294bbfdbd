//! Signing in, as people and attackers meet it.

use accounts::store as people;
use chrono::TimeDelta;
use kit::Portal;

const PASSWORD: &str = "Lac-Viet-2026-x";

async fn with_password() -> Portal {
    let portal = Portal::start().await;
    let hoa = portal.user_id("hoa.ben");
    let hash = accounts::hash_password(PASSWORD).unwrap();
    portal.write(|conn, _, _| people::set_password(conn, hoa, &hash));
    portal
}

fn form(password: &str) -> [(&str, &str); 2] {
    [("email", "Hoa.Ben@tinh.gov.vn "), ("password", password)]
}

#[actix_web::test]
async fn the_right_password_opens_the_desk() {
    let portal = with_password().await;
    let citizen = portal.ben().citizen();

    let answer = citizen.post("/dang-nhap", &form(PASSWORD)).await.status(303);
    let cookie = answer.cookies().into_iter().find(|it| it.starts_with("conglang=")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    answer.leads_to("/quan-tri");
    let secret = cookie.trim_start_matches("conglang=").split(';').next().unwrap();
    let desk = portal.ben().citizen().with_session(secret).get("/quan-tri").await;
    desk.status(200).sees("Bà hoa.ben");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    let portal = with_password().await;
    let citizen = portal.ben().citizen();

    let known = citizen.post("/dang-nhap", &form("wrong")).await.status(422);
    let nobody = [("email", "nobody@tinh.gov.vn"), ("password", "wrong")];
    let unknown = citizen.post("/dang-nhap", &nobody).await.status(422);
    let told = |answer: &kit::Answer| answer.between("<form", "</form>").replace("nobody", "");
    let known = told(&known).replace("Hoa.Ben@tinh.gov.vn ", "@tinh.gov.vn");
    assert_eq!(known, told(&unknown));
}

#[actix_web::test]
async fn five_wrong_passwords_lock_the_account_for_hours() {
    let portal = with_password().await;
    let citizen = portal.ben().citizen();

    for _ in 0..4 {
        citizen.post("/dang-nhap", &form("wrong")).await.status(422);
    }
    citizen.post("/dang-nhap", &form("wrong")).await.status(422).sees("20/11/2026 21:00");
    citizen.post("/dang-nhap", &form(PASSWORD)).await.status(422).sees("20/11/2026 21:00");
    portal.wait(TimeDelta::hours(12) + TimeDelta::minutes(1));
    citizen.post("/dang-nhap", &form(PASSWORD)).await.status(303);
}

#[actix_web::test]
async fn an_administrator_lifts_a_lock() {
    let portal = with_password().await;
    for _ in 0..5 {
        portal.ben().citizen().post("/dang-nhap", &form("wrong")).await.status(422);
    }

    let path = format!("/quan-tri/thanh-vien/{}/mo-khoa", portal.user_id("hoa.ben"));
    portal.ben().quan().post(&path, &[]).await.status(303);
    portal.ben().citizen().post("/dang-nhap", &form(PASSWORD)).await.status(303);
}

#[actix_web::test]
async fn an_idle_session_ends() {
    let portal = Portal::start().await;
    let hoa = portal.ben().hoa();

    hoa.get("/quan-tri").await.status(200);
    portal.wait(TimeDelta::minutes(14));
    hoa.get("/quan-tri").await.status(200);
    portal.wait(TimeDelta::minutes(14));
    hoa.get("/quan-tri").await.status(200);
    portal.wait(TimeDelta::minutes(16));
    hoa.get("/quan-tri").await.status(401);
}

#[actix_web::test]
async fn a_person_without_a_role_is_not_let_in() {
    let portal = with_password().await;
    let elsewhere = portal.lang().citizen();
    elsewhere.post("/dang-nhap", &form(PASSWORD)).await.status(422).sees("chưa được giao vai trò");
}

#[actix_web::test]
async fn a_session_of_another_site_does_not_exist() {
    let portal = Portal::start().await;
    let strayed = portal.ben().hoa().strayed_to("lang.tinh.test");
    strayed.get("/quan-tri").await.status(401);
    // Even the province needs a session of the site it works on.
    let strayed = portal.tinh().tinh().strayed_to("ben.tinh.test");
    strayed.get("/quan-tri").await.status(401);
}

#[actix_web::test]
async fn signing_out_everywhere_ends_every_session() {
    let portal = Portal::start().await;
    let (one, other) = (portal.ben().hoa(), portal.ben().hoa());

    one.post("/quan-tri/tai-khoan/dang-xuat-het", &[]).await.status(303);
    one.get("/quan-tri").await.status(401);
    other.get("/quan-tri").await.status(401);
}

#[actix_web::test]
async fn an_invitation_is_taken_once_and_only_in_time() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    let form = [("email", "moi@tinh.gov.vn"), ("name", "Lê Thị Mới"), ("role", "author")];
    let page = quan.post("/quan-tri/thanh-vien", &form).await.status(200);
    let path = format!("/moi/{}", page.between("http://ben.tinh.test/moi/", "\""));
    let citizen = portal.ben().citizen();

    citizen.get(&path).await.status(200).sees("moi@tinh.gov.vn");
    portal.lang().citizen().get(&path).await.status(409).misses("moi@tinh.gov.vn");
    let weak = [("name", "Lê Thị Mới"), ("password", "ngan"), ("again", "ngan")];
    citizen.post(&path, &weak).await.status(422).sees("14");
    let good = [("name", "Lê Thị Mới"), ("password", PASSWORD), ("again", PASSWORD)];
    citizen.post(&path, &good).await.status(303).leads_to("/quan-tri");
    citizen.post(&path, &good).await.status(409);
    citizen.get(&path).await.status(409).misses("moi@tinh.gov.vn");
}

#[actix_web::test]
async fn an_expired_invitation_says_what_to_do() {
    let portal = Portal::start().await;
    let quan = portal.ben().quan();
    let form = [("email", "moi@tinh.gov.vn"), ("name", "Lê Thị Mới"), ("role", "author")];
    let page = quan.post("/quan-tri/thanh-vien", &form).await.status(200);
    let path = format!("/moi/{}", page.between("http://ben.tinh.test/moi/", "\""));

    portal.wait(TimeDelta::hours(73));
    portal.ben().citizen().get(&path).await.status(409).sees("hết hạn");
}

#[actix_web::test]
async fn a_person_crosses_to_another_site_of_theirs_only() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let ben = portal.ben().id().to_string();

    let crossed = tinh.post("/quan-tri/chuyen-trang", &[("site", &ben)]).await.status(303);
    let link = crossed.leads_to("http://ben.tinh.test/vao/");
    let path = link.trim_start_matches("http://ben.tinh.test");
    portal.ben().citizen().get(path).await.status(200).sees("Bà tinh");
    let ticket = path.trim_start_matches("/vao/");
    let entered = portal.ben().citizen().post("/vao", &[("ticket", ticket)]).await;
    entered.status(303).leads_to("/quan-tri");
    portal.ben().citizen().post("/vao", &[("ticket", ticket)]).await.status(409);

    let hoa = portal.lang().hoa();
    hoa.post("/quan-tri/chuyen-trang", &[("site", &ben)]).await.status(404);
}

#[actix_web::test]
async fn nobody_takes_away_the_role_they_need_to_take_it_back() {
    let portal = Portal::start().await;
    let path = format!("/quan-tri/thanh-vien/{}/vai-tro", portal.user_id("quan.ben"));
    let quan = portal.ben().quan();
    quan.post(&path, &[("role", "site_admin"), ("on", "")]).await.status(409);
    quan.post(&path, &[("role", "approver"), ("on", "on")]).await.status(303);
    quan.post(&path, &[("role", "province_admin"), ("on", "on")]).await.status(404);
}
