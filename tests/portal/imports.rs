//! Bringing many documents at once: what is wrong with a line costs that line alone.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use db::events::Actor;
use documents::{
    import::{Entry, Importer, Keeping, Line, Report},
    store::{
        Home,
        issuers::{self, NewIssuer, Owner},
    },
};
use kit::Portal;
use sheets::Reading;

fn home(portal: &Portal) -> (Home, Actor) {
    let site = portal.site_id("ben.tinh.test");
    let home = Home { site, portal: portal.site_id("tinh.test"), self_approval: false };
    (home, Actor { site, user: None, now: portal.now() })
}

/// Brings lines to the first commune.
fn import(portal: &Portal, lines: impl Read) -> Report {
    let (home, actor) = home(portal);
    let mut conn = portal.parts.app.db.connection().unwrap();
    let words = &portal.parts.documents;
    let importer = Importer::start(&mut conn, (home, words), actor, false).unwrap();
    importer.json_lines(&mut conn, std::io::BufReader::new(lines)).unwrap()
}

fn line(number: &str, issuer: &str, title: &str) -> String {
    let line = serde_json::json!({
        "number": number, "type": "Thông tư", "issuer": issuer, "title": title,
        "issued": "2020-03-01", "effective": "2020-05-01",
        "articles": [{ "no": "Điều 1", "heading": "Phạm vi", "text": "Một" }],
    });
    format!("{line}\n")
}

#[actix_web::test]
async fn an_issuer_written_with_letters_that_only_look_vietnamese_is_one_organisation() {
    let portal = Portal::start().await;
    // U+00D0, as old fonts write it, and the letter itself.
    let lines = [
        line("1/2020/TT-BLĐ", "Bộ Lao \u{D0}ộng", "Một"),
        line("2/2020/TT-BLĐ", "Bộ Lao Động", "Hai"),
        line("3/2020/TT-BLĐ", "Bộ Lao \u{D0}ộng", "Ba"),
        line("4/2020/TT-BLĐ", "Bộ\u{200B} Lao \u{D0}ộng", "Bốn"),
    ];
    let report = import(&portal, lines.concat().as_bytes());
    assert_eq!((report.created, report.refused.len()), (4, 0), "{report:?}");
    assert_eq!(report.issuers, ["Bộ Lao Động"]);
    assert_eq!(import(&portal, lines.concat().as_bytes()).unchanged, 4);
}

#[actix_web::test]
async fn what_the_database_refuses_of_one_line_costs_that_line_alone() {
    let portal = Portal::start().await;
    let (home, actor) = home(&portal);
    let mut conn = portal.parts.app.db.connection().unwrap();
    let words = &portal.parts.documents;
    let importer = Importer::start(&mut conn, (home, words), actor, false).unwrap();
    // Meanwhile somebody enters an organisation and takes an address.
    conn.atomically(|conn| {
        let new = NewIssuer::named(words.level_of("Sở Mới"), "Sở Mới".into());
        issuers::create(conn, Owner::of(home), &new)
    })
    .unwrap();
    import(&portal, line("2/2020/TT-BTC", "Bộ Tài chính", "Hai khác").as_bytes());

    let lines = [
        line("1/2020/TT-BTC", "Bộ Tài chính", "Một"),
        line("2/2020/TT-BTC", "Bộ Tài chính", "Hai"),
        line("3/2020/TT-BTC", "Sở Mới", "Ba"),
    ];
    let report = importer.json_lines(&mut conn, lines.concat().as_bytes()).unwrap();
    let refused: Vec<usize> = report.refused.iter().map(|(line, _)| *line).collect();
    assert_eq!((report.created, refused), (2, vec![2]), "{report:?}");
    let citizen = portal.ben().citizen();
    citizen.get("/van-ban/1-2020-tt-btc").await.status(200);
    citizen.get("/van-ban/3-2020-tt-btc").await.status(200);

    // The next time it is known what stands there.
    let again = import(&portal, lines.concat().as_bytes());
    assert_eq!((again.unchanged, again.doubled.len()), (2, 1), "{again:?}");
}

#[actix_web::test]
async fn a_line_that_is_not_utf8_is_told_and_the_others_are_taken() {
    let portal = Portal::start().await;
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend(line("1/2020/TT-BTC", "Bộ Tài chính", "Một").bytes());
    bytes.extend(b"{\"number\":\"2/2020/TT-BTC\",\"title\":\"Ngh\xDE \xAE\xDEnh\"}\n");
    bytes.extend(line("3/2020/TT-BTC", "Bộ Tài chính", "Ba").bytes());
    let report = import(&portal, bytes.as_slice());
    assert_eq!(report.created, 2, "{report:?}");
    assert_eq!(report.refused.len(), 1);
    assert_eq!(report.refused[0].0, 2);
    assert_eq!(report.refused[0].1.key(), "document_import.encoding");
}

#[actix_web::test]
async fn numbers_and_nothing_stand_for_their_texts() {
    let portal = Portal::start().await;
    let line = serde_json::json!({
        "number": "7/2020/TT-BTC", "type": "Thông tư", "issuer": "Bộ Tài chính",
        "title": "Bảy", "issued": "2020-03-01", "effective": "2020-05-01", "signer": null,
        "articles": [{ "no": 1, "heading": null, "text": "Nội dung" }],
    });
    let report = import(&portal, line.to_string().as_bytes());
    assert_eq!((report.created, report.refused.len()), (1, 0), "{report:?}");
    portal.ben().citizen().get("/van-ban/7-2020-tt-btc").await.status(200).sees("Nội dung");
}

/// A workbook whose first line is `title`, in a folder of its own.
fn workbook(folder: &Path, name: &str, title: &str) -> PathBuf {
    let table = sheets::Table {
        title: vec![title.to_owned()],
        headings: vec![sheets::Heading::new("Nội dung", 20)],
        ..sheets::Table::default()
    };
    let path = folder.join(name);
    fs::write(&path, table.xlsx().unwrap()).unwrap();
    path
}

/// A row of a register with its files.
fn row(at: usize, number: &str, title: &str, paths: &[&PathBuf]) -> Entry {
    let line = Line {
        number: number.into(),
        kind: "Kế hoạch".into(),
        issuer: "Ủy ban nhân dân Xã Bến".into(),
        title: title.into(),
        issued: Some("2026-11-02".into()),
        paths: paths.iter().map(|it| (*it).clone()).collect(),
        digest: format!("{number}{title}{paths:?}"),
        ..Line::default()
    };
    (at, Ok(line))
}

/// Brings rows to the first commune.
fn rows(portal: &Portal, rows: Vec<Entry>, is_dry: bool) -> Report {
    let (home, actor) = home(portal);
    let reader = portal.reader();
    let (storage, runtime) = (portal.parts.storage.clone(), tokio::runtime::Handle::current());
    let (words, limits) = (portal.parts.documents.clone(), portal.parts.limits.clone());
    let mut conn = portal.parts.app.db.connection().unwrap();
    // An import has a thread of its own beside the runtime that keeps its files.
    std::thread::scope(|scope| {
        let import = scope.spawn(move || {
            let _entered = runtime.enter();
            let reading = Reading { tools: &reader.tools, limits: &reader.limits };
            let keeping = Keeping { storage: &storage, limits: &limits, reading };
            let importer = Importer::start(&mut conn, (home, &words), actor, is_dry).unwrap();
            importer.rows(&mut conn, rows, keeping).unwrap()
        });
        import.join().unwrap()
    })
}

#[actix_web::test]
async fn a_file_that_bears_a_mark_never_becomes_public_by_an_import() {
    let portal = Portal::start().await;
    let folder = tempfile::tempdir().unwrap();
    let secret = workbook(folder.path(), "bao-cao.xlsx", "TỐI MẬT");
    let open = workbook(folder.path(), "ke-hoach.xlsx", "Kế hoạch trồng cây");
    let broken = folder.path().join("hong.pdf");
    fs::write(&broken, "%PDF-1.4 hong").unwrap();
    let all = || {
        vec![
            row(2, "1/KH-UBND", "Trồng cây", &[&open]),
            row(3, "2/KH-UBND", "Diễn tập", &[&open, &secret]),
            row(4, "3/KH-UBND", "Làm đường", &[&broken]),
        ]
    };
    for is_dry in [true, false] {
        let report = rows(&portal, all(), is_dry);
        let told: Vec<(usize, &str)> =
            report.refused.iter().map(|(at, reason)| (*at, reason.key())).collect();
        assert_eq!(told, [(3, "document_import.secret_file")]);
        assert!(report.refused[0].1.to_string().contains("bao-cao.xlsx"));
        assert_eq!(report.created, 2, "{report:?}");
    }
    let citizen = portal.ben().citizen();
    citizen.get("/van-ban/1-kh-ubnd").await.status(200).sees("Kế hoạch trồng cây");
    citizen.get("/van-ban/2-kh-ubnd").await.status(404);
    // What cannot be read is public as on the screens, and said to be so.
    citizen.get("/van-ban/3-kh-ubnd").await.status(200).sees("Chưa đọc được nội dung chữ");
    // Nothing is left to be read afterwards.
    assert!(!portal.reader().next(&portal.parts.app.db, portal.now()).await.unwrap());
    let again = rows(&portal, all(), false);
    assert_eq!((again.unchanged, again.refused.len()), (2, 1), "{again:?}");

    // The same file under a document that is public already.
    let changed = vec![row(2, "1/KH-UBND", "Trồng cây", &[&open, &secret])];
    let report = rows(&portal, changed, false);
    assert_eq!((report.changed, report.refused.len()), (0, 1), "{report:?}");
    citizen.get("/van-ban/1-kh-ubnd").await.status(200).misses("bao-cao.xlsx");
}

#[actix_web::test]
async fn a_file_that_is_not_there_costs_its_row_alone() {
    let portal = Portal::start().await;
    let folder = tempfile::tempdir().unwrap();
    let open = workbook(folder.path(), "ke-hoach.xlsx", "Kế hoạch trồng cây");
    let gone = folder.path().join("mat.xlsx");
    let report = rows(
        &portal,
        vec![
            row(2, "1/KH-UBND", "Trồng cây", &[&gone]),
            row(3, "2/KH-UBND", "Làm đường", &[&open]),
        ],
        false,
    );
    assert_eq!((report.created, report.refused[0].0), (1, 2), "{report:?}");
    assert_eq!(report.refused[0].1.key(), "document_import.file_closed");
}
