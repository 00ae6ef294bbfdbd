//! A database for each test, gone with it.

use base::SiteId;
use diesel::prelude::*;
use tempfile::TempDir;

/// A database of one's own.
pub struct Database {
    /// Where it is.
    pub url: String,
    server: Option<(String, String)>,
    /// A folder for the portal's files; on SQLite the database lies in it too.
    pub dir: TempDir,
}

impl Database {
    /// A new, empty one.
    pub fn create() -> Self {
        let dir = TempDir::new().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the suite has no configuration file")]
        match std::env::var("TEST_DATABASE_URL") {
            Ok(url) => {
                let id = SiteId::new().to_string().replace('-', "");
                let name = format!("t{id}");
                run(&url, &format!("CREATE DATABASE {name}"));
                let server = url.rsplit_once('/').unwrap().0.to_owned();
                Self { url: format!("{server}/{name}"), server: Some((url, name)), dir }
            }
            Err(_) => {
                let file = dir.path().join("portal.db");
                Self { url: format!("sqlite://{}", file.display()), server: None, dir }
            }
        }
    }

    /// Whether this is SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.server.is_none()
    }
}

fn run(url: &str, sql: &str) {
    let mut conn = PgConnection::establish(url).unwrap();
    diesel::sql_query(sql).execute(&mut conn).unwrap();
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            run(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}
