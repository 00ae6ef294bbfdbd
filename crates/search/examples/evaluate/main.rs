//! How good the search is at finding known documents: `make evaluate FILE=documents.jsonl.gz`.
//!
//! Takes any file with one JSON object a line: `number, type, issuer, title, issued, field,
//! articles: [{no, heading, text}]`, gzipped or not. `--misses` names what was not found. The
//! same file gives the same figures.

mod corpus;
mod swaps;

use std::{
    collections::HashMap,
    error::Error,
    io::{Write, stdout},
    path::Path,
};

use base::SiteId;
use chrono::NaiveDate;
use corpus::{Dice, Document};
use search::{Engine, Order, Position, Query, Rebuilt, Vocabulary, fold};
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One measure: how many were asked, found, and found if equals count.
#[derive(Default)]
struct Score {
    asked: u32,
    strict: u32,
    with_equals: u32,
    misses: Vec<String>,
}

struct Evaluation {
    engine: Engine,
    documents: Vec<Document>,
    bodies: Vec<String>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(file) = arguments.iter().find(|it| !it.starts_with("--")) else {
        return Err("usage: evaluate FILE.jsonl[.gz] [--misses]".into());
    };
    let folder = tempfile::tempdir()?;
    let evaluation = Evaluation::prepare(Path::new(file), folder.path())?;
    let mut scores = evaluation.titles()?;
    scores.extend(evaluation.numbers()?);
    scores.extend(evaluation.quotations()?);
    let mut out = stdout().lock();
    writeln!(out, "{:<44} {:>6} {:>9} {:>12}", "measure", "asked", "found", "with equals")?;
    for (name, score) in &scores {
        let percent = |found: u32| 100.0 * f64::from(found) / f64::from(score.asked.max(1));
        let (strict, equals) = (percent(score.strict), percent(score.with_equals));
        writeln!(out, "{name:<44} {:>6} {strict:>8.2}% {equals:>11.2}%", score.asked)?;
        if arguments.iter().any(|it| it == "--misses") {
            for miss in &score.misses {
                writeln!(out, "    {miss}")?;
            }
        }
    }
    Ok(())
}

impl Evaluation {
    fn prepare(file: &Path, folder: &Path) -> Result<Self> {
        let documents = corpus::read(file)?;
        let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/search");
        let engine = Engine::open(folder, Vocabulary::load(&words)?)?;
        let site = SiteId::new();
        let rebuild = engine.rebuild()?;
        for (number, document) in (0..).zip(&documents) {
            rebuild.add(&document.item(subject(number), site))?;
        }
        let position = Position { outbox: 0, day: NaiveDate::default() };
        let Rebuilt::Done = rebuild.finish(position)? else { return Err("not finished".into()) };
        let bodies = documents.iter().map(|it| fold::folded(&it.body())).collect();
        Ok(Self { engine, documents, bodies })
    }

    /// The place of every document in the answer to `text`, and how many there are.
    fn ask(&self, text: &str, size: usize) -> Result<(Vec<usize>, u64)> {
        let query = Query { text: text.to_owned(), size, ..Query::default() };
        let found = self.engine.search(&query)?;
        let number = |hit: &search::Hit| usize::try_from(hit.subject.as_u128() - 1);
        let places = found.hits.iter().map(number).collect::<std::result::Result<_, _>>()?;
        Ok((places, found.total))
    }

    fn note(
        &self,
        score: &mut Score,
        (number, text, first): (usize, &str, usize),
        is_equal: impl Fn(usize) -> bool,
    ) -> Result<()> {
        let (places, _) = self.ask(text, first)?;
        score.asked += 1;
        if places.contains(&number) {
            score.strict += 1;
        }
        if places.contains(&number) || places.iter().any(|it| is_equal(*it)) {
            score.with_equals += 1;
        } else {
            let name = self.documents.get(number).map_or("", |it| &it.number);
            score.misses.push(format!("{name}: {text}"));
        }
        Ok(())
    }

    fn titles(&self) -> Result<Vec<(String, Score)>> {
        let titles: Vec<String> = self.documents.iter().map(|it| fold::folded(&it.title)).collect();
        let mut plain = Score::default();
        let mut typed = Score::default();
        let mut named = Score::default();
        let mut swapped = Score::default();
        for (number, document) in self.documents.iter().enumerate() {
            let equal = |it: usize| titles.get(it) == titles.get(number);
            let unaccented = base::text::unaccented(&document.title);
            self.note(&mut plain, (number, &unaccented, 3), equal)?;
            self.note(&mut typed, (number, &document.title, 3), equal)?;
            let name = format!("{} {}", document.kind, document.title);
            self.note(&mut named, (number, &name, 3), equal)?;
            self.compare(&mut swapped, &document.title)?;
        }
        Ok(vec![
            ("title without accents, first 3".to_owned(), plain),
            ("title with accents, first 3".to_owned(), typed),
            ("type and title, first 3".to_owned(), named),
            ("title: other spelling, same results".to_owned(), swapped),
        ])
    }

    fn numbers(&self) -> Result<Vec<(String, Score)>> {
        let mut scores: HashMap<&'static str, Score> = HashMap::new();
        let mut keys: HashMap<String, Vec<usize>> = HashMap::new();
        let key = |text: &str| base::number::Number::parse(text).map(|it| it.key());
        for (number, document) in self.documents.iter().enumerate() {
            keys.entry(key(&document.number).unwrap_or_default()).or_default().push(number);
        }
        for (number, document) in self.documents.iter().enumerate() {
            let own = key(&document.number).unwrap_or_default();
            let equals = keys.get(&own).filter(|_| !own.is_empty());
            for (name, text) in document.spellings() {
                let equal = |it: usize| equals.is_some_and(|all| all.contains(&it));
                self.note(scores.entry(name).or_default(), (number, &text, 1), equal)?;
            }
        }
        let mut all: Vec<_> = scores.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(all)
    }

    fn quotations(&self) -> Result<Vec<(String, Score)>> {
        let mut dice = Dice::new(20_261_122);
        let mut typed = Score::default();
        let mut plain = Score::default();
        let mut swapped = Score::default();
        let (mut rare_typed, mut rare_plain) = (Score::default(), Score::default());
        let mut thousandths = 0;
        for (number, document) in self.documents.iter().enumerate() {
            let Some(quotation) = document.quotation(&mut dice) else { continue };
            let folded = fold::folded(&quotation);
            let equal = |it: usize| self.bodies.get(it).is_some_and(|body| body.contains(&folded));
            self.note(&mut typed, (number, &quotation, 10), equal)?;
            let unaccented = base::text::unaccented(&quotation);
            self.note(&mut plain, (number, &unaccented, 10), equal)?;
            // What more than ten documents say cannot have all of them among the first ten.
            let holders = self.bodies.iter().filter(|body| body.contains(&folded)).count();
            thousandths += 10_000 / u32::try_from(holders.max(10))?;
            if holders <= 10 {
                self.note(&mut rare_typed, (number, &quotation, 10), equal)?;
                self.note(&mut rare_plain, (number, &unaccented, 10), equal)?;
            }
            self.compare(&mut swapped, &quotation)?;
        }
        let found = thousandths / 1_000;
        let lots =
            Score { strict: found, with_equals: typed.asked, asked: typed.asked, misses: vec![] };
        Ok(vec![
            ("(all that have a quotation, in any order)".to_owned(), lots),
            ("quotation with accents, first 10".to_owned(), typed),
            ("quotation without accents, first 10".to_owned(), plain),
            ("… that at most 10 documents have, accents".to_owned(), rare_typed),
            ("… that at most 10 documents have, no accents".to_owned(), rare_plain),
            ("quotation: other spelling, same results".to_owned(), swapped),
        ])
    }

    /// Whether other spellings of `text` find the same, and no accents as much.
    fn compare(&self, score: &mut Score, text: &str) -> Result<()> {
        let set = |text: &str| -> Result<_> {
            let query = Query { order: Order::Newest, size: 100, ..Query::default() };
            let found = self.engine.search(&Query { text: text.to_owned(), ..query })?;
            let subjects: Vec<Uuid> = found.hits.iter().map(|hit| hit.subject).collect();
            Ok((found.total, subjects))
        };
        let expected = (set(text)?, self.ask(text, 100)?);
        score.asked += 1;
        for spelling in swaps::spellings(text) {
            if (set(&spelling)?, self.ask(&spelling, 100)?) != expected {
                score.misses.push(spelling);
                return Ok(());
            }
        }
        if set(&base::text::unaccented(text))? != expected.0 {
            score.misses.push(base::text::unaccented(text));
            return Ok(());
        }
        score.strict += 1;
        score.with_equals += 1;
        Ok(())
    }
}

fn subject(number: u128) -> Uuid {
    Uuid::from_u128(number + 1)
}
