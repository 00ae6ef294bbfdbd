//! A small portal to search in.

use std::path::Path;

use base::{SiteId, uuid::Uuid};
use chrono::{DateTime, NaiveDate, Utc};
use search::{Change, Engine, Found, Item, Position, Query, Rebuilt, Vocabulary};
use tempfile::TempDir;

/// An engine on a folder that goes with it.
pub(crate) struct Kit {
    pub(crate) engine: Engine,
    pub(crate) site: SiteId,
    _folder: TempDir,
}

pub(crate) fn vocabulary() -> Vocabulary {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/search");
    Vocabulary::load(&folder).expect("the vocabulary of the house")
}

pub(crate) fn at(outbox: i64) -> Position {
    Position { outbox, day: NaiveDate::default() }
}

pub(crate) fn subject(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A moment; later for larger numbers.
pub(crate) fn day(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + number * 86_400, 0).expect("a day")
}

/// Makes the index of `engine` from `items`.
pub(crate) fn fill(engine: &Engine, items: &[Item], position: Position) {
    let rebuild = engine.rebuild().expect("a rebuild");
    items.iter().for_each(|item| rebuild.add(item).expect("an item"));
    assert!(matches!(rebuild.finish(position).expect("an end"), Rebuilt::Done));
}

impl Kit {
    /// An engine with one item for each title, the later the newer; its subject is its place,
    /// counted from 1.
    pub(crate) fn with(titles: &[&str]) -> Self {
        Self::of(|site| {
            let numbered = (1..).zip(titles);
            numbered.map(|(at, title)| item(site, at, title)).collect()
        })
    }

    pub(crate) fn of(items: impl FnOnce(SiteId) -> Vec<Item>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let engine = Engine::open(folder.path(), vocabulary()).expect("an engine");
        let site = SiteId::new();
        fill(&engine, &items(site), at(1));
        Self { engine, site, _folder: folder }
    }

    pub(crate) fn ask(&self, query: &Query) -> Found {
        self.engine.search(query).expect("an answer")
    }

    /// The places of what `text` finds, the best first.
    #[track_caller]
    pub(crate) fn find(&self, text: &str) -> Vec<u128> {
        let query = Query { text: text.to_owned(), size: 100, ..Query::default() };
        places(&self.ask(&query))
    }

    pub(crate) fn change(&self, changes: &[Change]) {
        self.engine.apply(changes, at(2)).expect("a change");
    }
}

pub(crate) fn item(site: SiteId, number: u128, title: &str) -> Item {
    let date = day(i64::try_from(number).expect("a small number"));
    Item::new(subject(number), site, "news", title, date)
}

pub(crate) fn places(found: &Found) -> Vec<u128> {
    found.hits.iter().map(|hit| hit.subject.as_u128()).collect()
}
