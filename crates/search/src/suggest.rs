//! Completing what is being typed: titles that have all its words, the last one begun, and
//! numbers that begin with it.

use std::{collections::HashSet, ops::ControlFlow};

use tantivy::{DocAddress, TantivyDocument, Term, schema::Value};

use crate::{
    Result,
    fold::{self, Syllable},
    item::whole_name,
    list::{Place, Top},
    query::Suggestion,
    schema::{self, Fields},
    search::Search,
};

/// So many titles are read for one answer, of those that begin with it and of the others.
const READ: usize = 40;
/// So many titles of a segment are looked at; one letter may begin a word in all of them.
const LOOKED_AT: u32 = 3_000;
/// So many numbers that begin alike are looked through in a segment.
const NUMBERS: usize = 40;
/// Shorter beginnings stand for too many numbers.
const SHORTEST_NUMBER: usize = 2;

/// At most `size` completions, the closest first.
pub(crate) fn suggest(search: &Search<'_>, size: usize) -> Result<Vec<Suggestion>> {
    let words = fold::syllables(&search.query.text);
    let Some((last, before)) = words.split_last() else { return Ok(Vec::new()) };
    let mut places = numbered(search)?;
    let mut known: HashSet<(u32, u32)> = HashSet::new();
    for is_first in [true, false] {
        let terms = terms(search.fields, before, last, is_first);
        let found = titled(search, &terms)?;
        places.extend(found.into_iter().filter(|place| known.insert(place.address())));
    }
    let mut suggestions = Vec::new();
    for place in places {
        let address = DocAddress::new(place.leaf, place.doc);
        let document: TantivyDocument = search.snapshot.searcher.doc(address)?;
        let mut names = document.get_all(search.fields.name).filter_map(|it| it.as_str());
        let (title, forename) =
            (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        let hit = search.snapshot.hit(&place)?;
        // Who types the forename is answered with it.
        let names = [title.to_owned(), whole_name(forename, title)];
        let names = names.map(|name| (closeness(&name, &words), name));
        let (closeness, text) = names.into_iter().min().unwrap_or_default();
        let suggestion = Suggestion { text, subject: hit.subject, site: hit.site, kind: hit.kind };
        suggestions.push(((std::cmp::Reverse(place.weight), closeness), suggestion));
    }
    suggestions.sort_by_key(|(order, _)| *order);
    let mut texts = HashSet::new();
    let each = suggestions.into_iter().map(|(_, it)| it);
    Ok(each.filter(|it| texts.insert(fold::folded(&it.text))).take(size).collect())
}

/// The terms of a title with `before` in it and a word that begins with `last`; of one that also
/// begins like the question when `is_first`.
fn terms(fields: &Fields, before: &[Syllable], last: &Syllable, is_first: bool) -> Vec<Term> {
    let of = |text: &str| Term::from_field_text(fields.title, text);
    let mut terms: Vec<Term> = before.iter().map(|word| of(&word.folded)).collect();
    let pairs = before.windows(2).filter_map(|pair| match pair {
        [first, second] => Some(of(&schema::pair_term(&first.folded, &second.folded))),
        _ => None,
    });
    terms.extend(pairs.collect::<Vec<_>>());
    let first = before.first().filter(|_| is_first);
    terms.extend(first.map(|word| of(&schema::beginning_term(&word.folded, true))));
    let ends_first = before.is_empty() && is_first;
    terms.push(of(&schema::beginning_term(&last.folded, ends_first)));
    terms
}

/// The newest in scope whose titles have all terms, of those looked at.
fn titled(search: &Search<'_>, terms: &[Term]) -> Result<Vec<Place>> {
    let mut newest = Top::new(READ, None);
    for leaf in search.snapshot.leaves.iter() {
        let Some(lists) = search.all(leaf, terms)? else { continue };
        let mut left = LOOKED_AT;
        search.until(leaf, lists, |doc| {
            if let Some(place) = leaf.place(doc) {
                newest.offer(place);
            }
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    Ok(newest.into_sorted())
}

/// The newest in scope whose number begins with what was typed.
fn numbered(search: &Search<'_>) -> Result<Vec<Place>> {
    let plain = fold::folded(&search.query.text).replace(' ', "");
    let is_number = plain.starts_with(|c: char| c.is_ascii_digit());
    if !is_number || plain.len() < SHORTEST_NUMBER {
        return Ok(Vec::new());
    }
    let mut newest = Top::new(READ, None);
    for leaf in search.snapshot.leaves.iter() {
        for key in leaf.numbers(search.fields, &format!("~{plain}"), NUMBERS)? {
            let term = Term::from_field_text(search.fields.number, &key);
            let Some(list) = search.docs(leaf, &term)? else { continue };
            search.until(leaf, vec![list], |doc| {
                if let Some(place) = leaf.place(doc) {
                    newest.offer(Place { weight: 1, ..place });
                }
                ControlFlow::Continue(())
            })?;
        }
    }
    Ok(newest.into_sorted())
}

/// How far a title is from what was typed: whether it begins with it, has it in a row, has its
/// accents; then how long it is.
fn closeness(title: &str, typed: &[Syllable]) -> (u8, u8, usize) {
    let words = fold::syllables(title);
    let begins = |part: fn(&Syllable) -> &str, window: &[Syllable]| {
        let Some((last, before)) = typed.split_last() else { return true };
        let same = window.iter().zip(before).all(|(word, typed)| part(word) == part(typed));
        same && window.get(before.len()).is_some_and(|word| part(word).starts_with(part(last)))
    };
    let row = |part: fn(&Syllable) -> &str| {
        let starts = 0..words.len();
        let found = starts
            .into_iter()
            .find(|from| words.get(*from..).is_some_and(|window| begins(part, window)));
        match found {
            Some(0) => 0,
            Some(_) => 1,
            None => 2,
        }
    };
    let is_accented = typed.iter().any(Syllable::is_accented);
    let exact = if is_accented { row(|word| &word.exact) } else { 0 };
    (exact, row(|word| &word.folded), words.len())
}
