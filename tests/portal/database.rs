//! A database that is missing, read-only, locked, older, newer.

use std::fs;

use base::uuid::Uuid;
use chrono::TimeDelta;
use db::{Db, OpenError, SchemaAge, outbox};
use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use kit::{Database, Portal};

#[test]
fn the_schema_goes_up_and_down_and_up_again() {
    let database = Database::create();
    let db = Db::open(&database.url, 2).unwrap();
    assert!(matches!(db.age().unwrap(), SchemaAge::Older(_)));
    assert!(db.migrate().unwrap() > 0);
    assert_eq!(db.age().unwrap(), SchemaAge::Current);
    assert_eq!(db.migrate().unwrap(), 0);
    db.revert().unwrap();
    assert!(db.migrate().unwrap() > 0);
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let database = Database::create();
    let db = Db::open(&database.url, 1).unwrap();
    db.migrate().unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    sql_query(newer).execute(&mut *db.connection().unwrap()).unwrap();
    let refused = Db::open(&database.url, 1).err().unwrap();
    assert!(matches!(refused, OpenError::Newer(_)), "{refused}");
    assert!(refused.to_string().contains("29990101000000"), "{refused}");
}

#[test]
fn a_url_that_is_none_is_told_without_its_password() {
    let refused = Db::open("mysql://u:secret@h/d", 1).err().unwrap().to_string();
    assert!(refused.contains("sqlite://") && !refused.contains("secret"), "{refused}");
    let refused = Db::open("postgres://u:secret@127.0.0.1:1/d", 1).err().unwrap().to_string();
    assert!(!refused.contains("secret"), "{refused}");
    let refused = Db::open("sqlite:///no/such/folder/x.db", 1).err().unwrap().to_string();
    assert!(refused.contains("/no/such/folder"), "{refused}");
}

#[actix_web::test]
async fn a_locked_database_is_told_and_keeps_what_was_typed() {
    let portal = Portal::start().await;
    if !portal.database.is_sqlite() {
        return;
    }
    let quan = portal.ben().quan();
    let other = Db::open(&portal.database.url, 1).unwrap();
    let mut lock = other.connection().unwrap();
    lock.batch_execute("BEGIN IMMEDIATE").unwrap();

    let form = [("label", "Chuyên mục gõ dở"), ("kind", "news")];
    let page = quan.post("/quan-tri/chuyen-muc/moi", &form).await.status(503);
    page.sees("Chuyên mục gõ dở");
    portal.ben().citizen().get("/").await.status(200);
    lock.batch_execute("ROLLBACK").unwrap();
    quan.post("/quan-tri/chuyen-muc/moi", &form).await.status(303);
}

#[test]
fn a_read_only_database_is_told() {
    let database = Database::create();
    if !database.is_sqlite() {
        return;
    }
    let db = Db::open(&database.url, 1).unwrap();
    db.migrate().unwrap();
    drop(db);
    let path = database.url.trim_start_matches("sqlite://").to_owned();
    let mut rights = fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).unwrap();
    // Root writes whatever the rights say: then there is nothing to be told.
    let is_root = fs::OpenOptions::new().write(true).open(&path).is_ok();
    let opened = Db::open(&format!("sqlite://file:{path}?mode=ro"), 1);
    let refused = if is_root { opened.err() } else { Db::open(&database.url, 1).err() };
    let refused = refused.unwrap().to_string();
    assert!(refused.contains("read-only"), "{refused}");
}

#[test]
fn changes_are_read_in_an_order_that_no_late_commit_can_disturb() {
    let portal = actix_web::rt::System::new().block_on(Portal::start());
    let db = Db::open(&portal.database.url, 4).unwrap();
    let (site, now) = (portal.ben().id(), portal.now());
    let tell = |conn: &mut db::Conn, key: u8| {
        outbox::tell(conn, site, ("entry", Uuid::from_bytes([key; 16])), now).unwrap();
    };
    let seen = |position: i64| -> Vec<u8> {
        let mut conn = db.connection().unwrap();
        conn.atomically(|conn| outbox::order(conn).map(|_| ())).unwrap();
        outbox::after(&mut conn, position, 100).unwrap().iter().map(|it| it.subject[0]).collect()
    };
    let before = {
        seen(0);
        outbox::last(&mut db.connection().unwrap()).unwrap()
    };
    if !portal.database.is_sqlite() {
        // The one that began first commits last, after the other has been read.
        let mut slow = db.connection().unwrap();
        slow.batch_execute("BEGIN").unwrap();
        tell(&mut slow, 1);
        tell(&mut db.connection().unwrap(), 2);
        assert_eq!(seen(before), [2]);
        slow.batch_execute("COMMIT").unwrap();
        assert_eq!(seen(before), [2, 1]);
    }
    tell(&mut db.connection().unwrap(), 3);
    let last = *seen(before).last().unwrap();
    let mut conn = db.connection().unwrap();
    let newest = outbox::last(&mut conn).unwrap();
    assert_eq!((last, seen(newest).len()), (3, 0));

    assert!(outbox::reaches_back_to(&mut conn, before).unwrap());
    assert!(outbox::prune(&mut conn, now + TimeDelta::days(15)).unwrap() > 0);
    assert!(outbox::reaches_back_to(&mut conn, newest).unwrap());
    assert_eq!(outbox::reaches_back_to(&mut conn, 0).unwrap(), newest <= 1);
    assert!(!outbox::reaches_back_to(&mut conn, newest + 1).unwrap(), "from another database");
}
