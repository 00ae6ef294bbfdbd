//! What people ask, and how long the answers take.

use std::time::{Duration, Instant};

use search::{Engine, Facet, Query, Scope};

use crate::{
    Result, cpu, percentiles, say,
    world::{Dice, World, number_of},
};

/// Questions of each sort.
const QUESTIONS: usize = 2_000;
/// The first questions bring the index into memory and are not counted.
const FIRST: usize = 200;

/// What sort of question it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Number,
    Quotation,
    Accented,
    Plain,
}

/// A question about a document: words of its title or text that stand together, with or without
/// accents; sometimes its number, sometimes a quotation.
pub(crate) fn question(world: &World, dice: &mut Dice, number: u64) -> (String, Sort) {
    let text = world.text(number);
    let source = if dice.roll(2) == 0 { &text.title } else { &text.body };
    let words: Vec<&str> = source.split_whitespace().collect();
    let length = 2 + dice.roll(4);
    let from = dice.roll(words.len().saturating_sub(length));
    let words: Vec<&str> = words.iter().skip(from).take(length).copied().collect();
    match dice.roll(20) {
        0 => (text.number, Sort::Number),
        1 => (format!("\"{}\"", words.join(" ")), Sort::Quotation),
        2..=9 => (words.join(" "), Sort::Accented),
        _ => (base::text::unaccented(&words.join(" ")), Sort::Plain),
    }
}

/// One question and what became of it.
struct Asked {
    text: String,
    sort: Sort,
    is_filtered: bool,
    total: u64,
    /// By the clock on the wall, without and with highlights.
    searched: Duration,
    marked: Duration,
    /// On the processor, without highlights.
    busy: Duration,
}

/// Asks the same of one site, of a portal with its sites, and of all; tells of the slowest
/// `shown` questions of each what they were.
pub(crate) fn everywhere(
    world: &World,
    engine: &Engine,
    documents: u64,
    shown: usize,
) -> Result<()> {
    type Place = fn(&World, u64) -> Scope;
    let places: [(&str, Place); 3] = [
        ("one site", |world, number| Scope::Sites(vec![world.site(number)])),
        ("a portal", |world, number| Scope::Portal(world.portal(number))),
        ("everything", |_, _| Scope::Everywhere),
    ];
    for (name, place) in places {
        let mut dice = Dice::new(42);
        let mut asked = Vec::new();
        for round in 0..QUESTIONS + FIRST {
            let number = dice.bits() % documents;
            let (text, sort) = question(world, &mut dice, number);
            let mut query =
                Query { text, size: 10, scope: place(world, number), ..Query::default() };
            if dice.roll(4) == 0 {
                query.filters.insert(Facet::Kind, vec![world.item(number).kind]);
            }
            let one = ask(world, engine, query, sort)?;
            if round >= FIRST {
                asked.push(one);
            }
        }
        report(name, &mut asked, shown)?;
    }
    Ok(())
}

fn ask(world: &World, engine: &Engine, query: Query, sort: Sort) -> Result<Asked> {
    let was_busy = cpu::of_thread();
    let begun = Instant::now();
    let found = engine.search(&query)?;
    let searched = begun.elapsed();
    let busy = cpu::of_thread().saturating_sub(was_busy);
    let texts: Vec<_> = found.hits.iter().map(|it| world.text(number_of(it.subject))).collect();
    let begun = Instant::now();
    for text in &texts {
        found.marker.mark(&text.title);
        found.marker.excerpt(&text.body, 240);
    }
    let marked = searched + begun.elapsed();
    let is_filtered = !query.filters.is_empty();
    Ok(Asked { text: query.text, sort, is_filtered, total: found.total, searched, marked, busy })
}

fn report(name: &str, asked: &mut [Asked], shown: usize) -> Result<()> {
    let times =
        |part: fn(&Asked) -> Duration| percentiles(&mut asked.iter().map(part).collect::<Vec<_>>());
    let mean = asked.iter().map(|it| it.total).sum::<u64>() / u64::try_from(asked.len())?;
    say(&format!(
        "{name}: search with 8 facets {}, with highlights {}, on the processor {}; {mean} \
         matches on average, {} of {} found nothing",
        times(|it| it.searched),
        times(|it| it.marked),
        times(|it| it.busy),
        asked.iter().filter(|it| it.total == 0).count(),
        asked.len()
    ))?;
    asked.sort_by_key(|it| std::cmp::Reverse(it.busy));
    for it in asked.iter().take(shown) {
        say(&format!(
            "    {:.2} ms: {:?}, filtered {}, {} matches: {}",
            it.busy.as_secs_f64() * 1000.0,
            it.sort,
            it.is_filtered,
            it.total,
            it.text
        ))?;
    }
    if shown > 0 {
        by_sort(asked)?;
    }
    Ok(())
}

fn by_sort(asked: &[Asked]) -> Result<()> {
    for sort in [Sort::Number, Sort::Quotation, Sort::Accented, Sort::Plain] {
        for length in 2..=7 {
            let is_such = |it: &&Asked| it.sort == sort && it.text.split(' ').count() == length;
            let mut times: Vec<_> = asked.iter().filter(is_such).map(|it| it.busy).collect();
            if !times.is_empty() {
                let count = times.len();
                say(&format!("    {count} {sort:?} of {length}: {}", percentiles(&mut times)))?;
            }
        }
    }
    Ok(())
}
