//! How long the coverage of a province takes: 3,321 sites with their whole trees, two pages of the
//! minimum each in both languages, a third of the English behind its source, bodies of 4 KB.
//!
//! `cargo run --release -p tests --example coverage`, or with `tests/with-postgres.sh` in front.
//! Fewer sites: `-- 300`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails must stop")]

use std::time::Instant;

use base::{EditionId, EntryId, Locale, SectionId, SiteId, SiteType};
use content::{entries::store::ContentId, model::State};
use db::{
    Conn, Db,
    events::Actor,
    schema::{editions, entries, sections, translations},
};
use diesel::prelude::*;
use english_mirror::store::{coverage, standing::Scope};
use kit::{Database, NOW, config};
use server::portal;
use sites::{model::NewSite, store};

const SITES: usize = 3_321;

fn main() {
    let sites: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(SITES);
    let database = Database::create();
    let config = config(&database);
    let db = Db::open(&config.database.url, config.database.connections).unwrap();
    db.migrate().unwrap();
    let kinds = std::sync::Arc::new(portal::kinds(&config).unwrap());
    let words = portal::words(&config, Locale::Vi).unwrap();
    let rules = portal::rules(&config, &words).unwrap();
    let minimum = portal::english(&config).unwrap().minimum;
    let mut conn = db.connection().unwrap();

    let began = Instant::now();
    let mut province = None;
    for number in 0..sites {
        let made = conn.atomically(|conn| {
            let site = site(conn, &rules, province, number)?;
            let mut paths: Vec<String> = Vec::new();
            let kind = if number == 0 { SiteType::Province } else { SiteType::Commune };
            for item in minimum.of(kind).iter().filter(|it| !it.section.is_empty()).take(2) {
                paths.push(item.section.clone());
            }
            fill(conn, site, &paths, number)?;
            Ok(site)
        });
        let made = made.unwrap();
        province.get_or_insert(made);
    }
    println!("{sites} sites made in {:.0?}", began.elapsed());
    let scope = Scope::Province(province.unwrap());
    for _ in 0..5 {
        let began = Instant::now();
        let all = coverage::of(&mut conn, (&kinds, &minimum), scope).unwrap();
        let stale: usize = all.iter().map(|it| it.stale).sum();
        println!(
            "coverage of {} sites, {stale} stale pages, in {:.0?}",
            all.len(),
            began.elapsed()
        );
    }
}

fn site(
    conn: &mut Conn,
    rules: &sites::Rules,
    portal: Option<SiteId>,
    number: usize,
) -> base::Result<SiteId> {
    let (kind, host) = match portal {
        None => (SiteType::Province, "tinh.test".to_owned()),
        Some(_) => (SiteType::Commune, format!("x{number}.tinh.test")),
    };
    let new = NewSite {
        kind: Some(kind),
        name: if portal.is_none() { "Tỉnh Tinh".into() } else { format!("Xã Số {number}") },
        host: Some(host),
        identity: base::Identity {
            managing_body: "UBND".into(),
            governing_body: "UBND tỉnh".into(),
            responsible: "Bà Sen".into(),
            address: "Số 1".into(),
            phone: "0299 3 123 456".into(),
            email: "a@tinh.gov.vn".into(),
            security_contact: "b@tinh.gov.vn".into(),
        },
        ..NewSite::default()
    };
    let actor = Actor { site: SiteId::new(), user: None, now: NOW };
    let site = store::create(conn, actor, rules, portal, &new)?;
    store::step(conn, Actor { site, ..actor }, rules, sites::model::Step::Activate)?;
    Ok(site)
}

/// A page in both languages in each of the sections; every third has changed since.
fn fill(conn: &mut Conn, site: SiteId, paths: &[String], number: usize) -> base::Result<()> {
    for (place, path) in paths.iter().enumerate() {
        let section: SectionId = sections::table
            .filter(sections::site_id.eq(site).and(sections::path.eq(path)))
            .select(sections::id)
            .first(conn)?;
        let content = ContentId::new();
        let (vi, en) = (EntryId::new(), EntryId::new());
        let is_stale = (number + place).is_multiple_of(3);
        let first = EditionId::new();
        let live = if is_stale { EditionId::new() } else { first };
        let said = EditionId::new();
        entry(conn, (site, section, content), (vi, Locale::Vi, live))?;
        entry(conn, (site, section, content), (en, Locale::En, said))?;
        let state = if is_stale { State::Superseded } else { State::Published };
        edition(conn, (site, section, vi), (first, 1, state), "Nội dung cũ. ")?;
        if is_stale {
            edition(conn, (site, section, vi), (live, 2, State::Published), "Nội dung mới. ")?;
        }
        edition(conn, (site, section, en), (said, 1, State::Published), "Old content. ")?;
        diesel::insert_into(translations::table)
            .values((
                translations::edition_id.eq(said),
                translations::site_id.eq(site),
                translations::source_id.eq(first),
                translations::pieces.eq("{}"),
                translations::machine.eq(false),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn entry(
    conn: &mut Conn,
    (site, section, content): (SiteId, SectionId, ContentId),
    (id, locale, live): (EntryId, Locale, EditionId),
) -> base::Result<()> {
    diesel::insert_into(entries::table)
        .values((
            entries::id.eq(id),
            entries::site_id.eq(site),
            entries::content_id.eq(content),
            entries::locale.eq(locale),
            entries::kind.eq("page"),
            entries::section_id.eq(section),
            entries::rank.eq(1000),
            entries::featured.eq(false),
            entries::latest_id.eq(live),
            entries::live_id.eq(live),
            entries::published_at.eq(NOW),
            entries::created_at.eq(NOW),
        ))
        .execute(conn)?;
    Ok(())
}

fn edition(
    conn: &mut Conn,
    (site, section, entry): (SiteId, SectionId, EntryId),
    (id, number, state): (EditionId, i32, State),
    words: &str,
) -> base::Result<()> {
    // Paragraphs of four hundred bytes, ten of them.
    let paragraph = words.repeat(400 / words.len());
    let body = format!("{paragraph}\n\n").repeat(10);
    diesel::insert_into(editions::table)
        .values((
            (
                editions::id.eq(id),
                editions::site_id.eq(site),
                editions::entry_id.eq(entry),
                editions::number.eq(number),
                editions::state.eq(state),
                editions::section_id.eq(section),
                editions::slug.eq("trang"),
                editions::title.eq("Trang"),
                editions::plain.eq("trang"),
                editions::created_at.eq(NOW),
                editions::updated_at.eq(NOW),
                editions::decided_at.eq(NOW),
            ),
            (
                editions::featured.eq(false),
                editions::summary.eq(""),
                editions::body.eq(&body),
                editions::html.eq(&body),
                editions::fields.eq("{}"),
                editions::minor.eq(false),
                editions::note.eq(""),
                editions::remark.eq(""),
                editions::lock.eq(1),
            ),
        ))
        .execute(conn)?;
    Ok(())
}
