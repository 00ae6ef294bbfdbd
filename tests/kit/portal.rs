//! A portal with its two communes and their people.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use accounts::{
    model::{Invite, Reach, Role},
    store as people,
};
use actix_web::{App, HttpServer};
use base::{Identity, SiteId, SiteType, UserId};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use db::{Conn, Db, events::Actor};
use server::Config;
use sites::{
    model::{NewSite, Step},
    store,
};

use crate::{Database, Visitor, root};

/// When every test begins: 20 November 2026, 09:00 in Viet Nam.
pub const NOW: NaiveDateTime =
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(2, 0, 0).unwrap();

/// A running portal.
pub struct Portal {
    /// Its parts.
    pub parts: server::Portal,
    clock: Arc<Mutex<NaiveDateTime>>,
    /// Its database.
    pub database: Database,
    /// The settings it was made from.
    pub config: Config,
}

/// The settings of a portal over `database`.
pub fn config(database: &Database) -> Config {
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.database.url.clone_from(&database.url);
    config.database.connections = 3;
    config.directories.themes = root().join("themes");
    config.directories.config = root().join("config");
    config.directories.data = database.dir.path().to_owned();
    config.public.scheme = "http".into();
    config.sites.domain = "test".into();
    config
}

/// The facts that let a site be opened.
fn identity(name: &str) -> Identity {
    Identity {
        managing_body: format!("Ủy ban nhân dân {name}"),
        governing_body: "Ủy ban nhân dân tỉnh".into(),
        responsible: "Bà Nguyễn Thị Sen".into(),
        address: "Số 1, thôn Bến".into(),
        phone: "0299 3 123 456".into(),
        email: "bbt@tinh.gov.vn".into(),
        security_contact: "ungcuu@tinh.gov.vn".into(),
    }
}

impl Portal {
    /// The province, its communes and their people.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// The same with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let portal = Self::bare_with(change);
        portal.write(|conn, rules, now| {
            let tinh = new(conn, rules, (None, SiteType::Province), "Tỉnh Tinh", "tinh.test")?;
            join(conn, tinh, now, "tinh", Role::ProvinceAdmin)?;
            join(conn, tinh, now, "kiem", Role::Auditor)?;
            join(conn, tinh, now, "mai", Role::DataOfficer)?;
            for (name, label) in [("Xã Bến", "ben"), ("Xã Làng", "lang")] {
                let host = format!("{label}.tinh.test");
                let site = new(conn, rules, (Some(tinh), SiteType::Commune), name, &host)?;
                join(conn, site, now, &format!("hoa.{label}"), Role::Author)?;
                join(conn, site, now, &format!("binh.{label}"), Role::Editor)?;
                join(conn, site, now, &format!("duyen.{label}"), Role::Approver)?;
                join(conn, site, now, &format!("quan.{label}"), Role::SiteAdmin)?;
                join(conn, site, now, &format!("thu.{label}"), Role::CaseHandler)?;
            }
            Ok(())
        });
        portal
    }

    /// A portal without any site.
    pub fn bare() -> Self {
        Self::bare_with(|_| ())
    }

    fn bare_with(change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create();
        let mut config = config(&database);
        change(&mut config);
        let db = Db::open(&config.database.url, config.database.connections).unwrap();
        db.migrate().unwrap();
        let clock = Arc::new(Mutex::new(NOW));
        let hand = clock.clone();
        let parts =
            server::Portal::assemble(&config, db, Arc::new(move || *hand.lock().unwrap())).unwrap();
        Self { parts, clock, database, config }
    }

    /// Answers on a socket of this machine as well, for what only a real connection can do.
    pub fn listen(&self) -> SocketAddr {
        let parts = self.parts.clone();
        let server = HttpServer::new(move || {
            let mounted = parts.clone();
            App::new().configure(move |service| mounted.mount(service))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let address = *server.addrs().first().unwrap();
        actix_web::rt::spawn(server.run());
        address
    }

    /// Lets time pass.
    pub fn wait(&self, time: TimeDelta) {
        *self.clock.lock().unwrap() += time;
    }

    /// What time it is.
    pub fn now(&self) -> NaiveDateTime {
        *self.clock.lock().unwrap()
    }

    /// Brings the search in step, as a serving process does five times a second.
    pub fn catch_up(&self) {
        self.parts.finder.feed.catch_up(self.now()).unwrap();
    }

    /// What reads the files of documents, with the program as its child: a test cannot be one.
    pub fn reader(&self) -> documents::texts::Reader {
        let folder = std::env::current_exe().unwrap();
        let program = folder.ancestors().nth(2).unwrap().join("conglang");
        let tools =
            extract::Tools::find(program, &extract::Place::Auto, &extract::Place::Auto, "vie");
        documents::texts::Reader { tools: Arc::new(tools), ..self.parts.reader.clone() }
    }

    /// What looks through attachments, with the program as its child.
    pub fn scanner(&self) -> feedback::Scanner {
        feedback::Scanner { tools: self.reader().tools, ..self.parts.scanner.clone() }
    }

    /// Changes the database without passing through the screens.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut Conn, &sites::Rules, NaiveDateTime) -> base::Result<T>,
    ) -> T {
        let mut conn = self.parts.app.db.connection().unwrap();
        let now = self.now();
        conn.atomically(|conn| work(conn, &self.parts.rules, now)).unwrap()
    }

    /// A stranger on `host`.
    pub fn at(&self, host: &str) -> Visitor<'_> {
        Visitor::stranger(self, host)
    }

    /// The provincial portal.
    pub fn tinh(&self) -> Village<'_> {
        Village { portal: self, host: "tinh.test", label: "tinh" }
    }

    /// The first commune.
    pub fn ben(&self) -> Village<'_> {
        Village { portal: self, host: "ben.tinh.test", label: "ben" }
    }

    /// The second commune.
    pub fn lang(&self) -> Village<'_> {
        Village { portal: self, host: "lang.tinh.test", label: "lang" }
    }

    /// The key of the site at `host`.
    pub fn site_id(&self, host: &str) -> SiteId {
        self.write(|conn, _, _| store::by_host(conn, host)).id
    }

    /// The key of the person who signs in with `name@tinh.gov.vn`.
    pub fn user_id(&self, name: &str) -> UserId {
        use db::schema::users;
        use diesel::prelude::*;
        let email = format!("{name}@tinh.gov.vn");
        self.write(|conn, _, _| {
            Ok(users::table.filter(users::email.eq(email)).select(users::id).first(conn)?)
        })
    }
}

fn new(
    conn: &mut Conn,
    rules: &sites::Rules,
    (portal, kind): (Option<SiteId>, SiteType),
    name: &str,
    host: &str,
) -> base::Result<SiteId> {
    let actor = Actor { site: SiteId::new(), user: None, now: NOW };
    let new = NewSite {
        kind: Some(kind),
        name: name.into(),
        host: Some(host.into()),
        identity: identity(name),
        ..NewSite::default()
    };
    let site = store::create(conn, actor, rules, portal, &new)?;
    store::step(conn, Actor { site, ..actor }, rules, Step::Activate)?;
    Ok(site)
}

fn join(
    conn: &mut Conn,
    site: SiteId,
    now: NaiveDateTime,
    name: &str,
    role: Role,
) -> base::Result<()> {
    let actor = Actor { site, user: None, now };
    let invite = Invite { email: format!("{name}@tinh.gov.vn"), name: format!("Bà {name}"), role };
    people::invite(conn, actor, Reach::Province, &invite)?;
    Ok(())
}

/// A site and its people.
#[derive(Clone, Copy)]
pub struct Village<'a> {
    portal: &'a Portal,
    host: &'static str,
    label: &'static str,
}

impl<'a> Village<'a> {
    /// Its canonical host.
    pub fn host(&self) -> &'static str {
        self.host
    }

    /// Its key.
    pub fn id(&self) -> SiteId {
        self.portal.site_id(self.host)
    }

    /// A citizen.
    pub fn citizen(&self) -> Visitor<'a> {
        Visitor::stranger(self.portal, self.host)
    }

    /// The author.
    pub fn hoa(&self) -> Visitor<'a> {
        self.member("hoa")
    }

    /// The editor.
    pub fn binh(&self) -> Visitor<'a> {
        self.member("binh")
    }

    /// The approver.
    pub fn duyen(&self) -> Visitor<'a> {
        self.member("duyen")
    }

    /// The site administrator.
    pub fn quan(&self) -> Visitor<'a> {
        self.member("quan")
    }

    /// Who handles what citizens send.
    pub fn thu(&self) -> Visitor<'a> {
        self.member("thu")
    }

    /// The data protection officer of the province, on this site.
    pub fn mai(&self) -> Visitor<'a> {
        Visitor::signed_in(self.portal, self.host, "mai")
    }

    /// The provincial administrator, at work on this site.
    pub fn tinh(&self) -> Visitor<'a> {
        Visitor::signed_in(self.portal, self.host, "tinh")
    }

    /// The auditor, on this site.
    pub fn kiem(&self) -> Visitor<'a> {
        Visitor::signed_in(self.portal, self.host, "kiem")
    }

    fn member(&self, name: &str) -> Visitor<'a> {
        Visitor::signed_in(self.portal, self.host, &format!("{name}.{}", self.label))
    }
}
