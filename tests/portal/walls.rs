//! Every tenant boundary is a wall. These tests are generated from the routes that stand in the
//! source: a new route is walked without anybody remembering to list it.

use std::fs;

use kit::{Portal, Visitor, root};

/// A route of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Route {
    method: &'static str,
    path: String,
}

/// Every `.route("…", get()…)` of the crates, with the constants of their file put in.
fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(path).unwrap();
                // Formatting may break a route over lines.
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                routes.extend(text.split(".route(").skip(1).map(|rest| route(&text, rest)));
            }
        }
    }
    assert!(routes.len() > 60, "only {} routes were found", routes.len());
    routes
}

fn route(file: &str, rest: &str) -> Route {
    let (place, rest) = rest.trim_start().split_once(',').unwrap();
    let path = match place.strip_prefix('"') {
        Some(literal) => literal.trim_end_matches('"').to_owned(),
        None => {
            let value = file.split(&format!("const {place}: &str = \"")).nth(1);
            value.unwrap_or_else(|| panic!("{place}?")).split('"').next().unwrap().to_owned()
        }
    };
    let method = if rest.trim_start().starts_with("post") { "post" } else { "get" };
    Route { method, path }
}

/// Words that stand only in what belongs to the second commune.
const SECRETS: [&str; 8] = [
    "Bí mật của Làng",
    "Chuyên mục riêng của Làng",
    "Ảnh riêng của Làng",
    "Tệp riêng của Làng",
    "hoa.lang@tinh.gov.vn",
    "Bà hoa.lang",
    "nhap-cua-lang",
    "Văn bản riêng của Làng",
];

/// The keys of everything the second commune has.
struct Foreign {
    entry: String,
    section: String,
    user: String,
    picture: String,
    file: String,
    site: String,
    ticket: String,
    document: String,
    issuer: String,
}

/// Fills the second commune with what nobody else may see.
async fn foreign(portal: &Portal) -> Foreign {
    let (hoa, quan) = (portal.lang().hoa(), portal.lang().quan());
    let page = hoa.get("/quan-tri/tin-bai/moi/news").await.status(200);
    let before = page.text.split(">Tin tức – Hoạt động<").next().unwrap();
    let section = before.rsplit("value=\"").next().unwrap().split('"').next().unwrap();
    let form = [
        ("title", "Bí mật của Làng"),
        ("summary", "Bí mật của Làng"),
        ("body", "Bí mật của Làng"),
        ("section", section),
        ("address", "nhap-cua-lang"),
        ("then", "submit"),
    ];
    let path = hoa.post("/quan-tri/tin-bai/moi/news", &form).await.status(303);
    let entry = path.leads_to("/quan-tri/tin-bai/").rsplit('/').next().unwrap().to_owned();
    let own = [("label", "Chuyên mục riêng của Làng"), ("kind", "news"), ("slug", "rieng")];
    quan.post("/quan-tri/chuyen-muc/moi", &own).await.status(303);
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(9, 9).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let caption = [("alt", "Ảnh riêng của Làng"), ("source", "Xã Làng")];
    let files = [("a.png", png.get_ref().as_slice())];
    hoa.upload("/quan-tri/anh", "files", &files, &caption).await.status(303);
    let picture = hoa.get("/quan-tri/anh").await.between("/anh/", ".webp");
    let about = [("title", "Tệp riêng của Làng"), ("source", "Xã Làng")];
    let files = [("rieng.pdf", b"%PDF-1.7 rieng".as_slice())];
    hoa.upload("/quan-tri/tep", "files", &files, &about).await.status(303);
    let file = hoa.get("/quan-tri/tep").await.between("/quan-tri/tep/", "\"");
    let form = [
        ("type", "ke-hoach"),
        ("number", "7/KH-UBND"),
        ("issuer_name", "Hợp tác xã của Làng"),
        ("summary", "Văn bản riêng của Làng"),
    ];
    let path = hoa.post("/quan-tri/van-ban/moi", &form).await.status(303);
    let document = path.leads_to("/quan-tri/van-ban/").rsplit('/').next().unwrap().to_owned();
    let page = quan.get("/quan-tri/co-quan-ban-hanh").await.status(200);
    let before = page.text.split(">Hợp tác xã của Làng</a>").next().unwrap();
    let issuer = before.rsplit("co-quan-ban-hanh/").next().unwrap();
    let issuer = issuer.split('"').next().unwrap().to_owned();
    let invite = [("email", "moi@tinh.gov.vn"), ("name", "Lê Mới"), ("role", "author")];
    let link = quan.post("/quan-tri/thanh-vien", &invite).await.status(200);
    Foreign {
        ticket: link.between("http://lang.tinh.test/moi/", "\""),
        section: portal.write(|conn, _, _| {
            let site = sites::store::by_host(conn, "lang.tinh.test")?.id;
            let own = content::sections::store::at(conn, site, "rieng")?;
            Ok(own.unwrap().id.to_string())
        }),
        user: portal.user_id("hoa.lang").to_string(),
        site: portal.lang().id().to_string(),
        document,
        issuer,
        picture,
        file,
        entry,
    }
}

/// The path with the foreign commune's keys in its gaps.
fn with_keys(path: &str, keys: &Foreign) -> String {
    let id = match path {
        path if path.starts_with("/quan-tri/tin-bai") => &keys.entry,
        path if path.starts_with("/quan-tri/van-ban") => &keys.document,
        path if path.starts_with("/quan-tri/co-quan-ban-hanh") => &keys.issuer,
        path if path.starts_with("/quan-tri/chuyen-muc") => &keys.section,
        path if path.starts_with("/quan-tri/thanh-vien") => &keys.user,
        path if path.starts_with("/quan-tri/cac-trang") => &keys.site,
        path if path.starts_with("/quan-tri/tep") || path.starts_with("/tep") => &keys.file,
        _ => "0",
    };
    path.replace("{id}", id)
        .replace("{number}", "1")
        .replace("{kind}", "news")
        .replace("{action}", "publish")
        .replace("{step}", "archive")
        .replace("{name}", "rieng.pdf")
        .replace("{relation}", &keys.document)
        .replace("{opinion}", &keys.document)
        .replace("{row}", &keys.document)
        .replace("{event}", &keys.document)
        .replace("{slug}", "7-kh-ubnd")
        .replace("{ticket}", &keys.ticket)
        .replace("{file}", &format!("{}.webp", keys.picture))
        .replace("{file:.*}", "default/css/site.css")
}

/// Fields with which a form could do harm.
fn harm(keys: &Foreign) -> Vec<(&'static str, String)> {
    vec![
        ("title", "Phá".into()),
        ("summary", "Phá".into()),
        ("body", "Phá".into()),
        ("section", keys.section.clone()),
        ("parent", keys.section.clone()),
        ("lock", "1.2".into()),
        ("remark", "Phá cho hỏng.".into()),
        ("role", "approver".into()),
        ("on", "on".into()),
        ("site", keys.site.clone()),
        ("ticket", keys.ticket.clone()),
        ("field_picture", keys.picture.clone()),
        ("logo", keys.picture.clone()),
        ("host", "lang.tinh.test".into()),
        ("label", "Phá".into()),
        ("kind", "news".into()),
        ("source", "Phá".into()),
        ("visible", "on".into()),
    ]
}

/// Everyone of the first commune, and a stranger.
fn people<'a>(portal: &'a Portal) -> Vec<(&'static str, Visitor<'a>)> {
    let ben = portal.ben();
    vec![
        ("a stranger", ben.citizen()),
        ("the author", ben.hoa()),
        ("the editor", ben.binh()),
        ("the approver", ben.duyen()),
        ("the site administrator", ben.quan()),
        ("the auditor", ben.kiem()),
        ("the provincial administrator", ben.tinh()),
        ("the author of the other commune", portal.lang().hoa().strayed_to("ben.tinh.test")),
    ]
}

#[actix_web::test]
async fn nobody_of_one_site_finds_anything_of_another() {
    let portal = Portal::start().await;
    let keys = foreign(&portal).await;
    let harm = harm(&keys);
    let fields: Vec<(&str, &str)> =
        harm.iter().map(|(name, text)| (*name, text.as_str())).collect();
    for (who, visitor) in people(&portal) {
        for route in routes() {
            // Ending one's own session would make a stranger of the rest of the walk.
            if route.path.contains("dang-xuat") || route.path == "/quan-tri/chuyen-trang" {
                continue;
            }
            let path = with_keys(&route.path, &keys);
            let answer = match route.method {
                "post" => visitor.post(&path, &fields).await,
                _ => visitor.get(&path).await,
            };
            assert!(answer.code() < 500, "{who} {route:?}: {} {}", answer.code(), answer.text);
            for secret in SECRETS {
                assert!(!answer.text.contains(secret), "{who} reads {secret:?} at {route:?}");
            }
            let leads = answer.header("location");
            assert!(!leads.contains("lang.tinh.test"), "{who} is sent to {leads} by {route:?}");
            // What does carry a foreign key is not there at all.
            let carries = ["{id}", "{ticket}", "{file}"].iter().any(|gap| route.path.contains(gap));
            let code = answer.code();
            assert!(!carries || matches!(code, 401 | 403 | 404 | 409), "{who} {path}: {code}");
        }
    }
    let untouched = portal.lang().hoa().get(&format!("/quan-tri/tin-bai/{}", keys.entry)).await;
    untouched.status(200).sees("Bí mật của Làng").misses("Phá").sees("Chờ duyệt");
}

#[actix_web::test]
async fn a_picture_of_another_site_cannot_be_used() {
    let portal = Portal::start().await;
    let keys = foreign(&portal).await;
    let hoa = portal.ben().hoa();
    let page = hoa.get("/quan-tri/tin-bai/moi/news").await.status(200);
    let before = page.text.split(">Tin tức – Hoạt động<").next().unwrap();
    let section = before.rsplit("value=\"").next().unwrap().split('"').next().unwrap();
    let form = [
        ("title", "Mượn ảnh"),
        ("summary", "S"),
        ("section", section),
        ("field_picture", keys.picture.as_str()),
    ];
    let page = hoa.post("/quan-tri/tin-bai/moi/news", &form).await.status(422);
    page.misses("Ảnh riêng của Làng").sees("Mượn ảnh");
}

#[actix_web::test]
async fn every_staff_screen_is_closed_to_strangers() {
    let portal = Portal::start().await;
    let keys = foreign(&portal).await;
    let stranger = portal.lang().citizen();
    for route in routes().into_iter().filter(|route| route.path.starts_with("/quan-tri")) {
        let path = with_keys(&route.path, &keys);
        let answer = match route.method {
            "post" => stranger.post(&path, &[]).await,
            _ => stranger.get(&path).await,
        };
        assert_eq!(answer.code(), 401, "{route:?}");
    }
}

#[actix_web::test]
async fn an_auditor_reads_every_screen_and_changes_nothing() {
    let portal = Portal::start().await;
    let keys = foreign(&portal).await;
    let kiem = portal.lang().kiem();
    for route in routes().into_iter().filter(|route| route.path.starts_with("/quan-tri")) {
        let path = with_keys(&route.path, &keys);
        let own = ["tai-khoan", "chuyen-trang"].iter().any(|word| path.contains(word));
        if route.method == "post" && !own {
            let code = kiem.post(&path, &[("lock", "1.1"), ("remark", "abcdef")]).await.code();
            assert!(matches!(code, 403 | 404), "{route:?}: {code}");
        } else if route.method == "get" {
            let code = kiem.get(&path).await.code();
            assert!(matches!(code, 200 | 303 | 403 | 404), "{route:?}: {code}");
        }
    }
    kiem.get("/quan-tri/tin-bai").await.status(200).sees("Bí mật của Làng");
    kiem.get("/quan-tri/thanh-vien").await.status(200).sees("hoa.lang@tinh.gov.vn");
}

#[actix_web::test]
async fn the_screens_of_the_province_do_not_exist_on_a_component() {
    let portal = Portal::start().await;
    for path in ["/quan-tri/cac-trang", "/quan-tri/cac-trang/moi", "/quan-tri/cac-trang/nhap"] {
        portal.tinh().tinh().get(path).await.status(200);
        portal.ben().quan().get(path).await.status(403);
        portal.ben().tinh().get(path).await.status(404);
        portal.ben().citizen().get(path).await.status(401);
    }
}
