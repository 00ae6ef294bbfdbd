//! How fast and how large the search is: `make bench-search DOCS=1000000`.
//!
//! Builds an index of invented documents, asks it what people ask, changes it while it is being
//! asked, and lets SQLite FTS5 and PostgreSQL answer the same questions over the same documents
//! (`PEER_DOCS` of them, because they are slow; PostgreSQL when `TEST_DATABASE_URL` names one).

mod peers;
mod world;

use std::{
    error::Error,
    fs,
    io::{Write, stdout},
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use search::{Change, Engine, Facet, Position, Query, Rebuilt, Scope, Vocabulary};
use world::{Dice, World, number_of};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Questions of each sort.
const QUESTIONS: usize = 2_000;

fn main() -> Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|it| it.parse::<u64>().ok());
    let (documents, peers) =
        (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(50_000));
    let world = World::new();
    let folder = tempfile::tempdir()?;
    say(&format!("{documents} documents, {} sites, one thread a question", world::SITES))?;
    let engine = build(&world, folder.path(), documents, true)?;
    memory("after the build")?;
    for (name, scope) in
        [("one site", Where::Site), ("a portal", Where::Portal), ("everything", Where::All)]
    {
        ask(&world, &engine, documents, (name, scope))?;
    }
    complete(&world, &engine, documents)?;
    change(&world, &engine, documents)?;
    memory("at the end")?;
    drop(engine);
    peers::compare(&world, peers)
}

pub(crate) fn say(line: &str) -> Result<()> {
    writeln!(stdout().lock(), "{line}")?;
    Ok(())
}

pub(crate) fn build(world: &World, folder: &Path, documents: u64, loud: bool) -> Result<Engine> {
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/search");
    let engine = Engine::open(folder, Vocabulary::load(&words)?)?;
    let rebuild = engine.rebuild()?;
    let (mut bytes, mut making) = (0, Duration::ZERO);
    let started = Instant::now();
    for number in 0..documents {
        let begun = Instant::now();
        let item = world.item(number);
        bytes += item.title.len() + item.body.len();
        making += begun.elapsed();
        rebuild.add(&item)?;
    }
    let Rebuilt::Done = rebuild.finish(position(0))? else { return Err("not finished".into()) };
    let taken = started.elapsed();
    if loud {
        let rate = u32::try_from(documents).map(f64::from)? / taken.as_secs_f64();
        let size = size(folder)?;
        let text = u64::try_from(bytes)?;
        say(&format!(
            "build: {rate:.0} documents/s ({taken:.0?}, of which {making:.0?} inventing them on \
             the same two cores), index {} MB for {} MB of text, ratio {:.2}",
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

#[derive(Clone, Copy)]
enum Where {
    Site,
    Portal,
    All,
}

/// A question about a document: words of its title or text that stand together, with or without
/// accents; sometimes its number, sometimes a quotation.
pub(crate) fn question(world: &World, dice: &mut Dice, number: u64) -> String {
    let text = world.text(number);
    let source = if dice.roll(2) == 0 { &text.title } else { &text.body };
    let words: Vec<&str> = source.split_whitespace().collect();
    let length = 2 + dice.roll(4);
    let from = dice.roll(words.len().saturating_sub(length));
    let words: Vec<&str> = words.iter().skip(from).take(length).copied().collect();
    match dice.roll(20) {
        0 => text.number,
        1 => format!("\"{}\"", words.join(" ")),
        2..=9 => words.join(" "),
        _ => base::text::unaccented(&words.join(" ")),
    }
}

fn ask(world: &World, engine: &Engine, documents: u64, (name, place): (&str, Where)) -> Result<()> {
    let mut dice = Dice::new(42);
    let (mut searching, mut marking) = (Vec::new(), Vec::new());
    let mut found_nothing = 0;
    let mut matches = 0;
    for asked in 0..QUESTIONS + 200 {
        let number = dice.bits() % documents;
        let mut query =
            Query { text: question(world, &mut dice, number), size: 10, ..Query::default() };
        query.scope = match place {
            Where::Site => Scope::Sites(vec![world.site(number)]),
            Where::Portal => Scope::Portal(world.portal(number)),
            Where::All => Scope::Everywhere,
        };
        if dice.roll(4) == 0 {
            query.filters.insert(Facet::Kind, vec![world.item(number).kind]);
        }
        let begun = Instant::now();
        let found = engine.search(&query)?;
        let searched = begun.elapsed();
        let texts: Vec<_> = found.hits.iter().map(|it| world.text(number_of(it.subject))).collect();
        let begun = Instant::now();
        for text in &texts {
            found.marker.mark(&text.title);
            found.marker.excerpt(&text.body, 240);
        }
        // The first questions bring the index into memory.
        if asked >= 200 {
            searching.push(searched);
            marking.push(searched + begun.elapsed());
            found_nothing += u32::from(found.total == 0);
            matches += found.total;
        }
    }
    let mean = matches / u64::try_from(QUESTIONS)?;
    say(&format!(
        "{name}: search with 8 facets {}, with highlights {}; {mean} matches on average, \
         {found_nothing} of {QUESTIONS} found nothing",
        percentiles(&mut searching),
        percentiles(&mut marking)
    ))
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
        let text = question(world, &mut dice, number);
        let scope = Scope::Sites(vec![world.site(number)]);
        let found = engine.search(&Query { text, scope, size: 10, ..Query::default() });
        asked.fetch_add(u64::from(found.is_ok()), Relaxed);
        next += Duration::from_millis(10);
        std::thread::park_timeout(next.saturating_duration_since(Instant::now()));
    }
}
