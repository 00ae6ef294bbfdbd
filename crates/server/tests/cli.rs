//! The program as operators run it. Here and not in the suite, because only the crate of a
//! program can start it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

/// A folder of one's own, and the program set to work in it.
struct Desk {
    dir: TempDir,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Desk {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conglang"));
        let data = self.dir.path().display();
        command
            .args(args)
            .current_dir(root())
            .env("CONGLANG_DATABASE_URL", format!("sqlite://{data}/portal.db"))
            .env("CONGLANG_DIRECTORIES_DATA", self.dir.path())
            .env("CONGLANG_LOG_LEVEL", "info");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    #[track_caller]
    fn says(&self, args: &[&str], code: i32, words: &[&str]) -> String {
        let output = self.run(args);
        let text = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
        for word in words {
            assert!(text.contains(word), "{args:?}: no {word:?} in {text}");
        }
        text
    }

    fn portal(&self) {
        let args =
            ["site", "create", "--type", "province", "--name", "Tỉnh Mơ", "--host", "mo.localhost"];
        self.says(&args, 0, &["created: Tỉnh Mơ"]);
    }
}

#[test]
fn help_names_every_command() {
    let desk = Desk::new();
    desk.says(&["--help"], 0, &["serve", "migrate", "demo", "site", "user", "check", "Exit codes"]);
    desk.says(&["site", "import", "--help"], 0, &["--province", "--dry-run", "--decide"]);
    desk.says(&["nonsense"], 2, &["nonsense"]);
}

#[test]
fn a_bad_setting_ends_with_two_and_names_key_file_and_remedy() {
    let desk = Desk::new();
    let file = desk.dir.path().join("my.toml");
    fs::write(&file, "[listen]\nadress = \"127.0.0.1:1\"\n").unwrap();
    let name = file.display().to_string();
    desk.says(&["--config", &name, "check"], 2, &["listen.adress", "my.toml", "address"]);
    let output = desk.command(&["check"]).env("CONGLANG_PUBLIC_SCHEME", "ftp").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("public.scheme") && text.contains("https, http"), "{text}");
}

#[test]
fn check_says_what_is_wrong_and_how_to_mend_it() {
    let desk = Desk::new();
    desk.says(&["check"], 1, &["conglang migrate"]);
    desk.says(&["migrate"], 0, &["migrations run"]);
    desk.says(&["check"], 0, &["none yet", "everything is in order"]);
    let broken = desk
        .command(&["check"])
        .env("CONGLANG_DIRECTORIES_THEMES", "/no/themes")
        .env("CONGLANG_DATABASE_URL", "sqlite:///no/such/folder/x.db")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert_eq!(broken.status.code(), Some(1));
    assert!(text.contains("/no/themes") && text.contains("/no/such/folder"), "{text}");
}

#[test]
fn check_says_what_reads_files() {
    let desk = Desk::new();
    desk.says(&["migrate"], 0, &[]);
    let check = |place: &str| {
        let mut command = desk.command(&["check"]);
        command.env("CONGLANG_EXTRACT_POPPLER", place).env("CONGLANG_EXTRACT_TESSERACT", place);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };

    let (found, off, absent) = (check("auto"), check("off"), check("/nowhere"));

    assert!(found.contains("ok       files: pdftotext "), "{found}");
    assert!(found.contains("with vie"), "{found}");
    assert!(off.contains("ok       files: PDF by the built-in reader"), "{off}");
    assert!(absent.contains("install poppler-utils"), "{absent}");
    assert!(absent.contains("tesseract-ocr-vie"), "{absent}");
}

#[test]
fn a_site_is_created_shown_and_opened_only_when_it_is_complete() {
    let desk = Desk::new();
    let commune = ["site", "create", "--type", "commune", "--name", "Xã Tân An"];
    desk.says(&commune, 1, &["needs a portal first"]);
    desk.portal();
    let mut args = commune.to_vec();
    args.extend(["--admin-email", "an@mo.gov.vn", "--admin-name", "Lê An"]);
    desk.says(&args, 0, &["tanan.mo.localhost", "https://tanan.mo.localhost/moi/", "missing"]);
    desk.says(&["site", "activate", "tanan.mo.localhost"], 1, &["missing", "Telephone"]);
    desk.says(&commune, 1, &["tanan.mo.localhost"]);
    desk.says(&["site", "show", "nobody.mo.localhost"], 1, &["no such site"]);
    desk.says(&["site", "list"], 0, &["mo.localhost", "Xã Tân An", "draft"]);
    let reserved = ["--type", "commune", "--name", "Xã B", "--host", "www.mo.localhost"];
    let mut args = vec!["site", "create"];
    args.extend(reserved);
    desk.says(&args, 1, &["www"]);
}

#[test]
fn documents_are_imported_with_a_report_and_only_once() {
    let desk = Desk::new();
    desk.portal();
    let line = |number: &str, title: &str| {
        format!(
            r#"{{"number":"{number}","type":"Nghị định","issuer":"Chính phủ","title":"{title}",
            "issued":"2020-01-02","effective":"2020-03-01","field":"dat-dai",
            "articles":[{{"no":"Điều 1","heading":"","text":"Một"}}]}}"#
        )
        .replace('\n', " ")
    };
    let lines = [line("1/2020/NĐ-CP", "Một"), line("2/2020/NĐ-CP", ""), line("3/2020/NĐ-CP", "Ba")];
    let file = desk.dir.path().join("documents.jsonl.gz");
    let mut packed = GzEncoder::new(fs::File::create(&file).unwrap(), Compression::fast());
    packed.write_all(lines.join("\n").as_bytes()).unwrap();
    packed.finish().unwrap();
    let file = file.display().to_string();
    let import = ["documents", "import", &file, "--site", "mo.localhost"];
    let dry = [&import[..], &["--dry-run"]].concat();

    desk.says(
        &dry,
        1,
        &["2 created", "line 2: refused: the title is missing", "nothing was written"],
    );
    desk.says(
        &import,
        1,
        &["2 created (2 published, 0 drafts), 0 changed, 0 unchanged, 1 refused"],
    );
    desk.says(
        &import,
        1,
        &["0 created (0 published, 0 drafts), 0 changed, 2 unchanged, 1 refused"],
    );
    desk.says(
        &["documents", "import", &file, "--site", "nobody"],
        1,
        &["no site answers at nobody"],
    );
    desk.says(
        &["documents", "import", "/none", "--site", "mo.localhost"],
        1,
        &["cannot open /none"],
    );
}

#[test]
fn a_packed_file_that_is_cut_short_keeps_what_came_before() {
    let desk = Desk::new();
    desk.portal();
    let file = desk.dir.path().join("documents.jsonl.gz");
    let mut packed = GzEncoder::new(fs::File::create(&file).unwrap(), Compression::none());
    for number in 1..=400 {
        let line = format!(
            r#"{{"number":"{number}/2020/NĐ-CP","type":"Nghị định","issuer":"Chính phủ","title":"Việc {number}","issued":"2020-01-02","effective":"2020-03-01","articles":[{{"no":1,"text":"Một"}}]}}"#
        );
        writeln!(packed, "{line}").unwrap();
    }
    packed.finish().unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() * 3 / 4]).unwrap();
    let file = file.display().to_string();
    let import = ["documents", "import", &file, "--site", "mo.localhost"];

    let told = desk.says(&import, 1, &["the import ended here: the packed file is damaged"]);
    let created = told.lines().find(|line| line.contains(" created (")).unwrap();
    let created: usize = created.split(' ').next().unwrap().parse().unwrap();
    assert!((250..350).contains(&created), "{told}");
    desk.says(&[&import[..], &["--dry-run"]].concat(), 1, &["0 created"]);
    fs::write(&file, &whole).unwrap();
    let rest = format!("{} created", 400 - created);
    desk.says(&import, 0, &[&rest]);
}

#[test]
fn a_register_is_imported_with_the_files_of_its_folder() {
    let desk = Desk::new();
    desk.portal();
    let folder = desk.dir.path().join("tep");
    fs::create_dir(&folder).unwrap();
    let file = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    file("Phụ lục.pdf", "%PDF-1.4 phu luc");
    file("5-QD-UBND.pdf", "%PDF-1.4 quyet dinh");
    file("thua.pdf", "%PDF-1.4 khong ai dung");
    file("virus.pdf", "MZ\u{0}\u{1}");
    let register = desk.dir.path().join("so-van-ban.csv");
    let rows = "UBND XÃ MƠ;;;;;\n\
        Số ký hiệu;Ngày ban hành;Trích yếu;Tệp đính kèm;Người ký;Nơi nhận;Độ mật\n\
        4/KH-UBND;05/01/2026;Trồng cây đầu xuân;phụ lục.pdf;Lê Văn A;Các thôn\n\
        5/QĐ-UBND;06/01/2026;Phân công nhiệm vụ;;;\n\
        6/TB-UBND;30/02/2026;Nghỉ Tết;;;\n\
        7/TB-UBND;07/02/2026;Họp thôn;khong-co.pdf;;\n\
        8/TB-UBND;08/02/2026;Tiêm phòng;virus.pdf;;\n\
        9/TB-UBND;09/02/2026;Việc riêng;;;;Mật\n";
    fs::write(&register, rows).unwrap();
    let (register, folder) = (register.display().to_string(), folder.display().to_string());
    let import = ["documents", "import", &register, "--site", "mo.localhost", "--files", &folder];
    desk.says(&import, 1, &["name one with --issuer"]);

    let import = [&import[..], &["--issuer", "UBND xã Mơ"]].concat();
    let refused = [
        "columns that have no place here: Nơi nhận",
        "line 5: refused: “30/02/2026”",
        "line 6: refused: the folder has no file “khong-co.pdf”",
        "line 7: refused:",
        "line 8: refused: ",
        "thua.pdf",
        "new issuer, not known here before: UBND xã Mơ",
        "2 created (2 published, 0 drafts), 0 changed, 0 unchanged, 4 refused",
    ];
    desk.says(&[&import[..], &["--dry-run"]].concat(), 1, &refused);
    assert_eq!(stored(&desk), 0, "a dry run keeps nothing");
    let opened = watch(Path::new(&folder));
    desk.says(&import, 1, &refused);
    assert_eq!(stored(&desk), 2);
    assert_eq!(opened(), ["5-QD-UBND.pdf", "Phụ lục.pdf", "virus.pdf"], "each is read once");
    desk.says(&import, 1, &["0 changed, 2 unchanged, 4 refused"]);

    // A file that was put right takes the place of the wrong one.
    fs::write(Path::new(&folder).join("5-QD-UBND.pdf"), "%PDF-1.4 dung hon").unwrap();
    desk.says(&import, 1, &["1 changed, 1 unchanged, 4 refused"]);
    assert_eq!(stored(&desk), 3, "the old file stays in the library");
    desk.says(&import, 1, &["0 changed, 2 unchanged, 4 refused"]);
}

/// Tells afterwards which files of a folder were opened, by name, each as often as it was.
fn watch(folder: &Path) -> impl FnOnce() -> Vec<String> {
    use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};

    let watch = init(CreateFlags::NONBLOCK).unwrap();
    add_watch(&watch, folder, WatchFlags::OPEN).unwrap();
    move || {
        let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(&watch, &mut buffer);
        let mut names = Vec::new();
        while let Ok(event) = reader.next() {
            names.extend(event.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
        names.sort();
        names
    }
}

/// How many files the desk keeps.
fn stored(desk: &Desk) -> usize {
    let folders = fs::read_dir(desk.dir.path().join("files")).into_iter().flatten();
    folders.map(|it| fs::read_dir(it.unwrap().path()).unwrap().count()).sum()
}

#[test]
fn people_are_invited_and_reset() {
    let desk = Desk::new();
    desk.portal();
    let invite = ["user", "invite", "an@mo.gov.vn", "--name", "Lê An", "--site", "mo.localhost"];
    let mut args = invite.to_vec();
    args.extend(["--role", "king"]);
    desk.says(&args, 1, &["role"]);
    let mut args = invite.to_vec();
    args.extend(["--role", "approver"]);
    desk.says(&args, 0, &["https://mo.localhost/moi/", "works once"]);
    desk.says(&["user", "reset", "an@mo.gov.vn", "--site", "mo.localhost"], 0, &["/moi/"]);
    desk.says(&["user", "reset", "x@mo.gov.vn", "--site", "mo.localhost"], 1, &["no role"]);
}

#[test]
fn an_import_reports_and_its_exit_code_tells_whether_all_went_well() {
    let desk = Desk::new();
    desk.portal();
    let file = desk.dir.path().join("xa.csv");
    fs::write(&file, "type,name\nxã,Xã Tân An\nxóm,Xóm A\n").unwrap();
    let file = file.display().to_string();
    desk.says(&["site", "import", &file, "--dry-run"], 1, &["1 would create", "1 refused"]);
    desk.says(&["site", "import", &file], 1, &["1 created", "1 refused"]);
    desk.says(&["site", "import", &file], 1, &["0 created", "1 unchanged"]);
    desk.says(&["site", "import", "/no/file"], 1, &["/no/file"]);
}

/// A serving program, ended with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(desk: &Desk, settings: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = desk.command(&["serve"]);
        command.env("CONGLANG_LISTEN_ADDRESS", format!("127.0.0.1:{port}"));
        command.env("CONGLANG_PUBLIC_SCHEME", "http");
        for (name, value) in settings {
            command.env(name, value);
        }
        let log = fs::File::create(desk.dir.path().join("log")).unwrap();
        let child = command.stderr(log).stdout(Stdio::null()).spawn().unwrap();
        let server = Self { child, port };
        let patience = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "the server does not start");
            #[expect(clippy::disallowed_methods, reason = "another process is starting")]
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).unwrap()
    }

    fn get(&self, host: &str, path: &str) -> String {
        let mut stream = self.connect();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn ask_to_stop(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_stopping_server_finishes_what_it_has_begun() {
    let desk = Desk::new();
    desk.portal();
    let mut server = Server::start(&desk, &[]);
    let body = "email=an%40mo.gov.vn&password=x";
    let (first, rest) = body.split_at(10);
    let mut stream = server.connect();
    let head = format!(
        "POST /dang-nhap HTTP/1.1\r\nHost: mo.localhost\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n{first}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "another process is reading")]
    std::thread::sleep(Duration::from_millis(1_500));
    server.ask_to_stop();
    #[expect(clippy::disallowed_methods, reason = "another process is stopping")]
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    // The token is missing, so the form is offered again: an answer all the same.
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn health_metrics_and_the_request_id_are_where_machines_look() {
    let desk = Desk::new();
    desk.portal();
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = metrics.to_string();
    let settings = [("CONGLANG_LISTEN_METRICS", address.as_str()), ("CONGLANG_LOG_FORMAT", "json")];
    let server = Server::start(&desk, &settings);
    assert!(server.get("any.host", "/healthz").contains("200 OK"));
    assert!(server.get("any.host", "/readyz").contains("200 OK"));
    assert!(server.get("any.host", "/").contains("404 Not Found"));
    assert!(server.get("mo.localhost", "/metrics").contains("503"));
    let page = server.get("mo.localhost", "/nowhere");
    let id = page.split("<code>").nth(1).unwrap_or_else(|| panic!("{page}"));
    let id = id.split("</code>").next().unwrap().to_owned();

    let mut stream = TcpStream::connect(metrics).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.contains("conglang_requests_total{area=\"public\",status=\"404\"}"), "{text}");
    assert!(text.contains("conglang_db_connections"), "{text}");
    let log = fs::read_to_string(desk.dir.path().join("log")).unwrap();
    let line = log.lines().find(|line| line.contains(&id)).unwrap_or_else(|| panic!("{log}"));
    assert!(line.starts_with('{') && line.contains("\"status\":503"), "{line}");
}
