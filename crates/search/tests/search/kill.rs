//! A process that is killed at any moment leaves a whole index behind.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use search::{Change, Engine, Query};
use tempfile::TempDir;

use crate::kit::{at, fill, item, places, vocabulary};

/// How often it is killed.
const TIMES: u32 = 100;

/// What it says when it begins to work.
const READY: &str = "ready to be killed";

/// What the killed process does: item `n` arrives with position `n`, and every now and then
/// everything is made anew.
#[test]
#[ignore = "runs until it is killed; the test below starts it"]
fn a_process_that_never_ends() {
    let engine = Engine::open(Path::new("index"), vocabulary()).unwrap();
    let site = base::SiteId::new();
    let chance = i64::from(std::process::id());
    let first = engine.position().map_or(0, |position| position.outbox);
    writeln!(std::io::stdout(), "{READY}").unwrap();
    for number in first + 1.. {
        let item = |number: i64| item(site, u128::try_from(number).unwrap(), "Thông báo");
        // Not always at the same item: a slow machine might never get past it.
        if (number + chance) % 5 == 0 || number == 1 {
            fill(&engine, &(1..=number).map(item).collect::<Vec<_>>(), at(number));
        } else {
            engine.apply(&[Change::Put(Box::new(item(number)))], at(number)).unwrap();
        }
    }
}

#[test]
fn a_hundred_kills_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let mut last = 0;
    for time in 0..TIMES {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "kill::a_process_that_never_ends"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains(READY)));
        let life = Duration::from_millis(u64::from(time * 37 % 250));
        let born = Instant::now();
        while born.elapsed() < life {
            std::thread::park_timeout(life.saturating_sub(born.elapsed()));
        }
        process.kill().unwrap();
        process.wait().unwrap();

        let engine = Engine::open(&folder.path().join("index"), vocabulary()).unwrap();
        let Some(position) = engine.position() else {
            assert_eq!(last, 0, "what was complete stays complete");
            continue;
        };
        assert!(position.outbox >= last, "{} after {last}", position.outbox);
        last = position.outbox;
        assert_eq!(i64::try_from(engine.len()).unwrap(), last);
        let query = Query { text: "thông báo".into(), size: 1, ..Query::default() };
        let found = engine.search(&query).unwrap();
        assert_eq!(i64::try_from(found.total).unwrap(), last);
        assert_eq!(i64::try_from(places(&found)[0]).unwrap(), last, "the newest is first");
    }
    assert!(last > 10, "it got nowhere: {last}");
}
