//! Order: which documents are worth weighing, and what each weighs.
//!
//! Weights are whole numbers made of what stands in the document alone, never of how common a
//! word is in the index: an index that is made anew gives the same order.

use std::collections::HashMap;

use tantivy::{DocId, DocSet, Term, postings::Postings};

use crate::{
    Result,
    list::{Place, Top},
    matches::Matches,
    plan::{Plan, Variant},
    search::Search,
    sheet::Line,
    snapshot::Leaf,
};

/// So many of the newest are weighed besides those that look best.
pub(crate) const NEWEST: usize = 400;
/// A question of so many syllables that is all of a title is no number and no coincidence.
const TITLE: u32 = 16;
/// So many of each sort of good match are weighed.
const EACH: usize = 200;
/// No more sorts are looked through once there are so many.
const ENOUGH: usize = 300;

/// Weighs the most promising of `passed`, the matches of each segment, together with their
/// `newest`; the best first.
pub(crate) fn weigh(
    search: &Search<'_>,
    plan: &Plan,
    passed: &[Matches],
    newest: Vec<Place>,
) -> Result<Vec<Place>> {
    let mut chosen: HashMap<(u32, DocId), Place> = HashMap::new();
    // Fewer than were asked for means that they are all there is.
    let is_all = newest.len() < NEWEST;
    chosen.extend(newest.into_iter().map(|place| (place.address(), place)));
    if !is_all {
        choose(search, plan, passed, &mut chosen)?;
    }
    let mut by_leaf: Vec<Place> = chosen.into_values().collect();
    by_leaf.sort_unstable_by_key(Place::address);
    let mut weighed = Vec::with_capacity(by_leaf.len());
    for chunk in by_leaf.chunk_by(|a, b| a.leaf == b.leaf) {
        let number = chunk.first().map_or(0, |place| place.leaf);
        if let Some(leaf) = search.snapshot.leaves.get(crate::docs::at(number)) {
            weighed.extend(weigh_leaf(search, plan, leaf, chunk)?);
        }
    }
    weighed.sort_unstable_by(|a, b| b.cmp(a));
    Ok(weighed)
}

/// Adds the documents with the number, then those that match in better and better company.
fn choose(
    search: &Search<'_>,
    plan: &Plan,
    passed: &[Matches],
    chosen: &mut HashMap<(u32, DocId), Place>,
) -> Result<()> {
    let before = chosen.len();
    for sort in sorts(search, plan) {
        if chosen.len() > before + ENOUGH {
            break;
        }
        let mut best = Top::new(EACH, None);
        for (leaf, passed) in search.snapshot.leaves.iter().zip(passed) {
            if passed.is_empty() {
                continue;
            }
            let Some(lists) = search.all(leaf, &sort.terms)? else { continue };
            let good = passed.within(lists, leaf.documents());
            if sort.is_title {
                // The shorter a title, the more of it is what was asked for.
                good.for_each(|doc| {
                    if let Some(line) = leaf.line(doc) {
                        let weight = u32::MAX - line.title_length;
                        best.offer(Place { weight, line: *line, leaf: leaf.number, doc });
                    }
                });
            } else {
                best.offer_newest(leaf, &good, |_| true);
            }
        }
        let best = best.into_sorted().into_iter();
        chosen.extend(best.map(|place| (place.address(), place)));
    }
    Ok(())
}

/// A sort of good match: the documents that have all these terms.
struct Sort {
    terms: Vec<Term>,
    is_title: bool,
}

/// The sorts of good matches, the best first.
fn sorts(search: &Search<'_>, plan: &Plan) -> Vec<Sort> {
    let (title, extra) = (search.fields.title, search.fields.extra);
    let of = |is_title: bool, texts: &[&[String]]| Sort {
        terms: search.terms(if is_title { title } else { extra }, &texts.concat()),
        is_title,
    };
    let mut sorts: Vec<Sort> = plan
        .numbers
        .iter()
        .map(|key| Sort {
            terms: vec![Term::from_field_text(search.fields.number, key)],
            is_title: false,
        })
        .collect();
    for variant in &plan.variants {
        let (pairs, exact) = (variant.pairs(), variant.exact());
        let rows = variant.rows.iter().flat_map(|row| row.windows(2).map(|pair| pair.join(" ")));
        let rows: Vec<String> = rows.collect();
        let required = &variant.required;
        // Who has all pairs has all syllables.
        let paired: &[String] = if pairs.is_empty() { required } else { &pairs };
        let tiers = [
            of(true, &[&exact, paired]),
            of(true, &[&exact, &rows, required]),
            of(false, &[&exact, &pairs]),
            of(true, &[paired]),
            of(false, &[&pairs]),
            of(true, &[&rows, required]),
            of(false, &[&exact]),
        ];
        sorts.extend(tiers.into_iter().filter(|sort| !sort.terms.is_empty()));
    }
    sorts
}

/// What was seen of a question in one document.
#[derive(Clone, Copy, Default)]
struct Seen {
    title: u32,
    title_pairs: u32,
    title_exact: u32,
    pairs: u32,
    times: u32,
    exact: u32,
    /// How often all syllables stand in a row.
    rows: u32,
}

/// How much of a question there is to see.
struct Asked {
    syllables: u32,
    pairs: u32,
    exact: u32,
    is_accented: bool,
    length: u32,
}

fn weigh_leaf(
    search: &Search<'_>,
    plan: &Plan,
    leaf: &Leaf,
    places: &[Place],
) -> Result<Vec<Place>> {
    let mut weighed: Vec<Place> = places.iter().map(|it| Place { weight: 0, ..*it }).collect();
    for variant in &plan.variants {
        let (asked, seen) = see(search, variant, leaf, places)?;
        for (place, seen) in weighed.iter_mut().zip(seen) {
            place.weight = place.weight.max(weight(&asked, &seen, &place.line));
        }
    }
    let numbered = search.numbered(leaf, &plan.numbers)?;
    for place in &mut weighed {
        if numbered.binary_search(&place.doc).is_ok() {
            place.weight += 1_000_000;
        }
    }
    Ok(weighed)
}

/// Looks for every term of a variant in every place.
fn see(
    search: &Search<'_>,
    variant: &Variant,
    leaf: &Leaf,
    places: &[Place],
) -> Result<(Asked, Vec<Seen>)> {
    let (title, extra) = (search.fields.title, search.fields.extra);
    let (folded, pairs) = (variant.folded(), variant.pairs());
    let exact = variant.exact();
    let mut seen = vec![Seen::default(); places.len()];
    let mut look = |field, texts: &[String], note: fn(&mut Seen)| -> Result<()> {
        for term in search.terms(field, texts) {
            let Some(mut docs) = search.docs(leaf, &term)? else { continue };
            for (place, seen) in places.iter().zip(&mut seen) {
                if docs.holds(place.doc) {
                    note(seen);
                }
            }
        }
        Ok(())
    };
    look(title, &folded, |seen| seen.title += 1)?;
    look(title, &pairs, |seen| seen.title_pairs += 1)?;
    look(title, &exact, |seen| seen.title_exact += 1)?;
    look(extra, &exact, |seen| seen.exact += 1)?;
    let (field, counted) =
        if pairs.is_empty() { (search.fields.text, &folded) } else { (extra, &pairs) };
    for term in search.terms(field, counted) {
        let Some(mut docs) = search.listed(leaf, &term)? else { continue };
        for (place, seen) in places.iter().zip(&mut seen) {
            if docs.doc() <= place.doc && docs.seek(place.doc) == place.doc {
                seen.pairs += u32::from(!pairs.is_empty());
                seen.times += docs.term_freq();
            }
        }
    }
    let count = |texts: &[String]| u32::try_from(texts.len()).unwrap_or(u32::MAX);
    let asked = Asked {
        syllables: count(&folded),
        pairs: count(&pairs),
        exact: count(&exact),
        is_accented: variant.is_accented,
        length: u32::try_from(variant.words.len()).unwrap_or(u32::MAX),
    };
    let row: Vec<String> = variant.words.iter().map(|word| word.folded.clone()).collect();
    if row.len() > 2
        && let Some(mut row) = leaf.row(&search.terms(search.fields.text, &row))?
    {
        for (place, seen) in places.iter().zip(&mut seen) {
            if seen.pairs == asked.pairs {
                seen.rows = row.times(place.doc);
            }
        }
    }
    Ok((asked, seen))
}

/// What a document weighs. Exact accents come before everything else; then the title, then
/// neighbours that stand together, then how often they do.
fn weight(asked: &Asked, seen: &Seen, line: &Line) -> u32 {
    let part = |seen: u32, of: u32, most: u32| (seen.min(of) * most).checked_div(of).unwrap_or(0);
    let is_exact = asked.exact > 0 && seen.exact >= asked.exact;
    let is_title = seen.title >= asked.syllables;
    let mut weight = part(seen.exact, asked.exact, 1_000);
    if is_exact {
        // Without accents, many a title is meant that has them.
        weight += if asked.is_accented { 10_000 } else { 1_000 };
    }
    if is_title {
        weight += 2_000 + part(asked.length, line.title_length.max(asked.length), 1_500);
        weight += part(seen.title_pairs, asked.pairs, 1_500);
        weight += part(seen.title_exact, asked.exact, 500);
        // A whole title is that document's, whatever other documents it names.
        let is_whole = line.title_length == asked.length && seen.title_pairs >= asked.pairs;
        if is_whole && asked.length >= TITLE {
            weight += 2_000_000;
        }
    } else {
        weight += part(seen.title, asked.syllables, 500);
        weight += part(seen.title_pairs, asked.pairs, 500);
    }
    weight += part(seen.pairs, asked.pairs, 1_500);
    if seen.rows > 0 {
        // Three syllables may meet by chance; eight do not.
        weight += 300 * asked.length.min(20);
    }
    // A word that comes up often in a short text is what the text is about.
    let times = if seen.rows > 0 { seen.rows.saturating_mul(asked.pairs) } else { seen.times };
    let times = times.min(10_000);
    weight + 400 * times / (times + 2 + line.length / 50)
}
