//! Segments so large that their commonest words are kept in memory answer like small ones.

use std::collections::BTreeMap;

use base::SiteId;
use search::{Change, Cursor, Facet, Item, Order, Query, Start};

use crate::kit::{Kit, item, places, subject};

/// Enough for one segment that is not read from disk alone.
const ITEMS: u128 = 6_000;

/// What an item says: `chung` stands in most, `vừa` in some, `hiếm` in few.
fn says(number: u128, word: &str) -> bool {
    match word {
        "chung" => !number.is_multiple_of(7),
        "vừa" => number.is_multiple_of(3),
        "hiếm" => number.is_multiple_of(211),
        _ => false,
    }
}

fn kind(number: u128) -> &'static str {
    ["news", "document", "person"][usize::try_from(number * 7 % 10 % 3).unwrap()]
}

fn varied(number: u128, site: SiteId) -> Item {
    let words = ["chung", "vừa", "hiếm"].into_iter().filter(|word| says(number, word));
    let mut item = item(site, number, &words.collect::<Vec<_>>().join(", "));
    item.kind = kind(number).to_owned();
    item.year = u16::try_from(2000 + number % 11).ok();
    let times = usize::try_from(number * 31 % 17).unwrap();
    item.body = format!("Luật đất đai. {}", "Đất đai nhà ở. ".repeat(times));
    item
}

/// The items, so many at a time.
fn world(at_a_time: usize) -> Kit {
    let kit = Kit::of(|_| Vec::new());
    let all: Vec<u128> = (1..=ITEMS).collect();
    for some in all.chunks(at_a_time) {
        let put = |number: &u128| Change::Put(Box::new(varied(*number, kit.site)));
        kit.change(&some.iter().map(put).collect::<Vec<_>>());
    }
    kit
}

fn asked(text: &str, kinds: &[&str]) -> Query {
    let mut query = Query { text: text.to_owned(), size: 100, ..Query::default() };
    if !kinds.is_empty() {
        query.filters.insert(Facet::Kind, kinds.iter().map(|&it| it.to_owned()).collect());
    }
    query
}

/// All pages of `query`, one after the other.
fn pages(kit: &Kit, mut query: Query) -> Vec<u128> {
    let mut all = Vec::new();
    loop {
        let found = kit.ask(&query);
        all.extend(places(&found));
        let Some(next) = found.next else { return all };
        query.start = match next {
            Cursor::Weighed(at) => Start::At(at),
            listed => Start::After(listed),
        };
    }
}

#[track_caller]
fn check(kit: &Kit, text: &str, kinds: &[&str], gone: impl Fn(u128) -> bool) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let matches = (1..=ITEMS).filter(|it| !gone(*it) && words.iter().all(|word| says(*it, word)));
    let matches: Vec<u128> = matches.collect();
    let passes = |it: &u128| kinds.is_empty() || kinds.contains(&kind(*it));
    let passed: Vec<u128> = matches.iter().copied().filter(passes).collect();
    let count = |of: &[u128], value: fn(u128) -> String| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        of.iter().for_each(|it| *counts.entry(value(*it)).or_default() += 1);
        counts
    };
    let query = asked(text, kinds);
    let found = kit.ask(&query);
    let told = |facet: Facet| {
        let counts = found.facets.get(&facet).into_iter().flatten();
        counts.map(|it| (it.value.to_string(), it.hits)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(found.total, u64::try_from(passed.len()).unwrap(), "{text} {kinds:?}");
    assert_eq!(told(Facet::Kind), count(&matches, |it| kind(it).to_owned()), "{text} {kinds:?}");
    let years = count(&passed, |it| (2000 + it % 11).to_string());
    assert_eq!(told(Facet::Year), years, "{text} {kinds:?}");

    let newest: Vec<u128> = passed.iter().rev().copied().collect();
    let listed = pages(kit, Query { order: Order::Newest, ..query.clone() });
    assert_eq!(listed, newest, "{text} {kinds:?}");
    let mut weighed = pages(kit, query);
    weighed.sort_unstable();
    assert_eq!(weighed, passed, "{text} {kinds:?}");
}

#[test]
fn every_list_is_whole_however_common_its_words_are() {
    let kit = world(6_000);
    let gone = |number: u128| number.is_multiple_of(5);

    for text in ["", "chung", "vừa", "hiếm", "chung vừa", "chung vừa hiếm"] {
        for kinds in [&[][..], &["news"], &["document", "person"]] {
            check(&kit, text, kinds, |_| false);
        }
    }
    let removed = (1..=ITEMS).filter(|it| gone(*it)).map(|it| Change::Remove(subject(it)));
    kit.change(&removed.collect::<Vec<_>>());
    for text in ["", "chung", "vừa", "chung vừa hiếm"] {
        check(&kit, text, &[], gone);
        check(&kit, text, &["news"], gone);
    }
}

#[test]
fn the_order_does_not_depend_on_how_the_index_is_cut() {
    let (whole, cut) = (world(6_000), world(1_000));

    for text in
        ["đất đai", "dat dai", "chung", "chung đất đai", "nhà ở đất đai", "\"luật đất đai\""]
    {
        let query = asked(text, &[]);
        assert_eq!(places(&whole.ask(&query)), places(&cut.ask(&query)), "{text}");
    }
}
