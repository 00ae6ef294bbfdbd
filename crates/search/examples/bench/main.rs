//! How fast and how large the search is: `make bench-search DOCS=1000000`.
//!
//! Builds an index of invented documents, asks it what people ask, changes it while it is being
//! asked, and lets SQLite FTS5 and PostgreSQL answer the same questions over the same documents
//! (`PEER_DOCS` of them, because they are slow; PostgreSQL when `TEST_DATABASE_URL` names one).
//!
//! `--keep=FOLDER` makes the index there, or asks the one that is there, and measures questions
//! alone; `--slow` tells what the slowest were. Time on the processor compares two versions on a
//! machine that others use too.

mod ask;
mod cpu;
mod peers;
mod spool;
mod world;

use std::{
    error::Error,
    fs,
    io::{Write, stdout},
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use ask::question;
use chrono::NaiveDate;
use search::{Change, Engine, Position, Query, Rebuilt, Scope, Vocabulary};
use world::{Dice, World};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Questions of each sort.
const QUESTIONS: usize = 2_000;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers = arguments.iter().filter_map(|it| it.parse::<u64>().ok());
    let (documents, peers) =
        (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(50_000));
    let world = World::new();
    let kept = arguments.iter().find_map(|it| it.strip_prefix("--keep=")).map(Path::new);
    let passing = tempfile::tempdir()?;
    let folder = kept.unwrap_or(passing.path());
    say(&format!("{documents} documents, {} sites, one thread a question", world::SITES))?;
    let engine = match kept {
        Some(kept) if kept.exists() => open(kept)?,
        _ => build(&world, folder, documents, true)?,
    };
    memory("after the build")?;
    let shown = if arguments.iter().any(|it| it == "--slow") { 20 } else { 0 };
    ask::everywhere(&world, &engine, documents, shown)?;
    complete(&world, &engine, documents)?;
    if kept.is_some() {
        return Ok(());
    }
    change(&world, &engine, documents)?;
    memory("at the end")?;
    drop(engine);
    if peers == 0 { Ok(()) } else { peers::compare(&world, peers) }
}

pub(crate) fn say(line: &str) -> Result<()> {
    writeln!(stdout().lock(), "{line}")?;
    Ok(())
}

fn open(folder: &Path) -> Result<Engine> {
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/search");
    Ok(Engine::open(folder, Vocabulary::load(&words)?)?)
}

pub(crate) fn build(world: &World, folder: &Path, documents: u64, loud: bool) -> Result<Engine> {
    let passing = tempfile::NamedTempFile::new()?;
    spool::write(world, passing.path(), documents)?;
    let mut texts = spool::Texts::open(passing.path())?;
    let engine = open(folder)?;
    let rebuild = engine.rebuild()?;
    let mut bytes = 0;
    let started = Instant::now();
    for number in 0..documents {
        let item = world.item_of(number, texts.next()?);
        bytes += item.title.len() + item.body.len();
        rebuild.add(&item)?;
    }
    let Rebuilt::Done = rebuild.finish(position(0))? else { return Err("not finished".into()) };
    let taken = started.elapsed();
    if loud {
        let rate = u32::try_from(documents).map(f64::from)? / taken.as_secs_f64();
        let size = size(folder)?;
        let text = u64::try_from(bytes)?;
        say(&format!(
            "build: {rate:.0} documents/s from texts in a file ({taken:.0?}), index {} MB for {} \
             MB of text, ratio {:.2}",
            size / 1_000_000,
            text / 1_000_000,
            u32::try_from(size / 1_000).map(f64::from)?
                / u32::try_from(text / 1_000).map(f64::from)?
        ))?;
    }
    Ok(engine)
}

fn position(outbox: i64) -> Position {
    Position { outbox, day: NaiveDate::default() }
}

fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_folder = entry.file_type()?.is_dir();
        bytes += if is_folder { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

fn memory(when: &str) -> Result<()> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let found = status.lines().find(|line| line.starts_with(name));
        found.map_or("?".to_owned(), |line| line.split_whitespace().skip(1).collect::<String>())
    };
    let (all, own) = (line("VmRSS:"), line("RssAnon:"));
    say(&format!("memory {when}: {all}, of which {own} its own and the rest the cached index"))
}

pub(crate) fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
    };
    let show = |time: Option<&Duration>| time.map_or(0.0, |it| it.as_secs_f64() * 1000.0);
    format!("p50 {:.2} ms, p99 {:.2} ms", show(at(50)), show(at(99)))
}

fn complete(world: &World, engine: &Engine, documents: u64) -> Result<()> {
    let mut dice = Dice::new(43);
    let mut times = Vec::new();
    for asked in 0..QUESTIONS + 200 {
        let number = dice.bits() % documents;
        let title = base::text::unaccented(&world.text(number).title);
        let letters = 1 + dice.roll(20);
        let typed: String = title.chars().take(letters).collect();
        let scope = match asked % 2 {
            0 => Scope::Everywhere,
            _ => Scope::Sites(vec![world.site(number)]),
        };
        let begun = Instant::now();
        engine.suggest(&scope, &typed, 8)?;
        if asked >= 200 {
            times.push(begun.elapsed());
        }
    }
    say(&format!("suggestions, 1 to 20 letters typed: {}", percentiles(&mut times)))
}

/// Changes one document after the other while two threads ask 200 questions a second.
fn change(world: &World, engine: &Engine, documents: u64) -> Result<()> {
    let (done, asked) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut times = Vec::new();
    let started = Instant::now();
    std::thread::scope(|threads| -> Result<()> {
        for seed in [1, 2] {
            let (done, asked) = (&done, &asked);
            threads.spawn(move || visit(world, engine, documents, (seed, done, asked)));
        }
        for round in 0..100_u64 {
            let mut item = world.item(round * 31 % documents);
            item.title = format!("thay đổi zq{round}");
            let begun = Instant::now();
            engine.apply(&[Change::Put(Box::new(item))], position(i64::try_from(round)? + 1))?;
            let query = Query { text: format!("zq{round}"), size: 1, ..Query::default() };
            if engine.search(&query)?.total != 1 {
                return Err("a change was not found".into());
            }
            times.push(begun.elapsed());
        }
        done.store(true, Relaxed);
        Ok(())
    })?;
    let rate = u32::try_from(asked.load(Relaxed)).map(f64::from)? / started.elapsed().as_secs_f64();
    say(&format!(
        "a change until it is found, at {rate:.0} questions/s: {}",
        percentiles(&mut times)
    ))
}

fn visit(
    world: &World,
    engine: &Engine,
    documents: u64,
    (seed, done, asked): (u64, &AtomicBool, &AtomicU64),
) {
    let mut dice = Dice::new(seed);
    let mut next = Instant::now();
    while !done.load(Relaxed) {
        let number = dice.bits() % documents;
        let text = question(world, &mut dice, number).0;
        let scope = Scope::Sites(vec![world.site(number)]);
        let found = engine.search(&Query { text, scope, size: 10, ..Query::default() });
        asked.fetch_add(u64::from(found.is_ok()), Relaxed);
        next += Duration::from_millis(10);
        std::thread::park_timeout(next.saturating_duration_since(Instant::now()));
    }
}
