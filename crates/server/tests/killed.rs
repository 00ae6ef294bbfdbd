//! The search index of a server that is killed, again and again, at any moment.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use base::{Identity, Locale, SiteId, SiteType};
use db::{Db, events::Actor};
use server::{Config, portal};
use sites::{
    Rules,
    model::{NewSite, Step},
    store,
};

/// How often the server is killed.
const TIMES: u64 = 100;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The settings of a portal in `folder`, as variables.
fn settings(folder: &Path) -> Vec<(String, String)> {
    [
        ("CONGLANG_DATABASE_URL", format!("sqlite://{}/portal.db", folder.display())),
        ("CONGLANG_DIRECTORIES_DATA", folder.display().to_string()),
        ("CONGLANG_DIRECTORIES_THEMES", root().join("themes").display().to_string()),
        ("CONGLANG_DIRECTORIES_CONFIG", root().join("config").display().to_string()),
        ("CONGLANG_LISTEN_ADDRESS", "127.0.0.1:0".to_owned()),
        ("CONGLANG_LISTEN_WORKERS", "1".to_owned()),
        ("CONGLANG_SITES_DOMAIN", "test".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn conglang(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conglang"));
    command.args(arguments).envs(settings(folder));
    command
}

fn serve(folder: &Path) -> Child {
    let mut command = conglang(folder, &["serve"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Opens a new site to the public, with everything its blueprint gives it.
fn open_site(db: &Db, rules: &Rules, portal: Option<SiteId>, name: &str) -> SiteId {
    let now = (portal::system_clock())();
    let actor = Actor { site: SiteId::new(), user: None, now };
    let kind = if portal.is_some() { SiteType::Commune } else { SiteType::Province };
    let fact = "Đang thử".to_owned();
    let new = NewSite {
        kind: Some(kind),
        name: name.to_owned(),
        host: Some(format!("{}.test", base::text::host_label(name))),
        identity: Identity {
            managing_body: fact.clone(),
            governing_body: fact.clone(),
            responsible: fact.clone(),
            address: fact,
            phone: "0299 3 123 456".to_owned(),
            email: "bbt@tinh.gov.vn".to_owned(),
            security_contact: "ungcuu@tinh.gov.vn".to_owned(),
        },
        ..NewSite::default()
    };
    let mut conn = db.connection().unwrap();
    conn.atomically(|conn| {
        let site = store::create(conn, actor, rules, portal, &new)?;
        store::step(conn, Actor { site, ..actor }, rules, Step::Activate)?;
        Ok(site)
    })
    .unwrap()
}

/// Compares the index with the database after a restart.
fn check(folder: &Path) {
    let output = conglang(folder, &["search", "check"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "another process runs meanwhile, and dies")]
fn killed_a_hundred_times_the_index_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config = Config::load(None, settings(folder).into_iter()).unwrap();
    let db = portal::open(&config).unwrap();
    let rules = portal::rules(&config, &portal::words(&config, Locale::Vi).unwrap()).unwrap();
    let tinh = open_site(&db, &rules, None, "Tỉnh Tinh");
    for time in 0..TIMES {
        let mut server = serve(folder);
        // The moments are spread over starting, following and committing.
        thread::sleep(Duration::from_millis(time * 37 % 400));
        open_site(&db, &rules, Some(tinh), &format!("Xã Số {time}"));
        thread::sleep(Duration::from_millis(time * 53 % 300));
        // Without a warning, as a failing machine does it.
        server.kill().unwrap();
        server.wait().unwrap();
        if time % 20 == 19 {
            check(folder);
        }
    }
}
