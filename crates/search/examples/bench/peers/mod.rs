//! The same documents and questions for SQLite FTS5 and PostgreSQL full text.

mod store;

use std::time::{Duration, Instant};

use search::{Query, Scope};

use crate::{
    Result,
    ask::question,
    build, percentiles, say,
    world::{Dice, World, number_of},
};
use store::Peer;

/// Questions to each peer.
const QUESTIONS: u64 = 300;

/// What was asked of everybody, and what was expected.
struct Known {
    number: u64,
    text: String,
    first: usize,
}

/// Asks the engine and its peers the same, in one run.
pub(crate) fn compare(world: &World, documents: u64) -> Result<()> {
    say(&format!(
        "peers: the same {documents} documents, everything in scope, first 10 and count"
    ))?;
    let folder = tempfile::tempdir()?;
    let engine = build(world, folder.path(), documents, false)?;
    let asked = questions(world, documents);
    let known = known(world, documents);
    let ours = measure("search", &asked, &known, |text| {
        let query =
            Query { text: text.to_owned(), scope: Scope::Everywhere, size: 10, ..Query::default() };
        Ok(engine.search(&query)?.hits.iter().map(|hit| number_of(hit.subject)).collect())
    })?;
    let mut sqlite = store::Sqlite::open(&folder.path().join("fts5.db"))?;
    sqlite.fill(world, documents)?;
    ratio(ours, measure("SQLite FTS5", &asked, &known, |text| sqlite.ask(text))?)?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
    let Ok(url) = std::env::var("TEST_DATABASE_URL") else {
        return say("PostgreSQL: not asked, TEST_DATABASE_URL is not set");
    };
    let mut postgres = store::Postgres::open(&url)?;
    postgres.fill(world, documents)?;
    ratio(ours, measure("PostgreSQL", &asked, &known, |text| postgres.ask(text))?)
}

fn questions(world: &World, documents: u64) -> Vec<String> {
    let mut dice = Dice::new(77);
    (0..QUESTIONS)
        .map(|_| {
            let number = dice.bits() % documents;
            question(world, &mut dice, number).0
        })
        .collect()
}

/// Titles without accents, and eight words of a text.
fn known(world: &World, documents: u64) -> Vec<Known> {
    let mut dice = Dice::new(78);
    let mut known = Vec::new();
    for _ in 0..QUESTIONS / 2 {
        let number = dice.bits() % documents;
        let text = world.text(number);
        let words: Vec<&str> = text.body.split_whitespace().collect();
        let from = dice.roll(words.len() - 8);
        let quotation: Vec<&str> = words.iter().skip(from).take(8).copied().collect();
        known.push(Known { number, text: base::text::unaccented(&text.title), first: 3 });
        known.push(Known { number, text: quotation.join(" "), first: 10 });
    }
    known
}

fn measure(
    name: &str,
    asked: &[String],
    known: &[Known],
    mut ask: impl FnMut(&str) -> Result<Vec<u64>>,
) -> Result<Duration> {
    let mut times = Vec::new();
    for text in asked {
        let begun = Instant::now();
        ask(text)?;
        times.push(begun.elapsed());
    }
    let mut found = 0_u32;
    for it in known {
        found += u32::from(ask(&it.text)?.iter().take(it.first).any(|hit| *hit == it.number));
    }
    let share = 100.0 * f64::from(found) / f64::from(u32::try_from(known.len())?);
    say(&format!("{name}: {}; {share:.1} % of known documents found", percentiles(&mut times)))?;
    Ok(times.iter().sum())
}

fn ratio(ours: Duration, theirs: Duration) -> Result<()> {
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    say(&format!("    {ratio:.1} times the time of ours for all questions"))
}
