//! Counting, narrowing and paging.

use std::collections::BTreeSet;

use base::{Locale, SiteId};
use search::{Change, Cursor, Facet, Item, Order, Query, Scope, Start};

use crate::kit::{Kit, item, places, subject};

/// Many items over a few sites, with all sorts of properties.
fn world() -> Kit {
    Kit::of(|portal| {
        let sites: Vec<SiteId> = (0..4).map(|_| SiteId::new()).collect();
        (1..=1_500).map(|number| varied(number, portal, &sites)).collect()
    })
}

fn varied(number: u128, portal: SiteId, sites: &[SiteId]) -> Item {
    let of = |sides: u128| usize::try_from(number * 7_919 % 10_007 % sides).unwrap();
    let title = ["Thông báo họp", "Quyết định đất đai", "Kế hoạch họp báo"][of(3)];
    let mut item = item(sites[of(4)], number, title);
    item.portal = portal;
    item.kind = ["news", "document"][of(2)].to_owned();
    item.doc_type = (of(5) > 0).then(|| format!("type {}", of(5)));
    item.issuer = Some(format!("issuer {}", of(11)));
    item.fields = (0..of(3)).map(|at| format!("field {}", of(7) + at)).collect();
    item.year = Some(u16::try_from(2015 + of(9)).unwrap());
    item.effect = Some(["in force", "repealed"][of(2)].to_owned());
    item.locale = [Locale::Vi, Locale::En][usize::from(of(13) == 0)];
    item
}

fn with(text: &str, filters: &[(Facet, &[&str])]) -> Query {
    let owned = |values: &&[&str]| values.iter().map(|&it| it.to_owned()).collect();
    let filters = filters.iter().map(|(facet, values)| (*facet, owned(values))).collect();
    Query { text: text.to_owned(), filters, size: 10, ..Query::default() }
}

#[test]
fn the_count_of_a_value_is_the_length_of_its_list() {
    let kit = world();

    for query in [
        with("", &[]),
        with("họp", &[]),
        with("thong bao", &[(Facet::Type, &["type 1", "type 3"])]),
        with("hop", &[(Facet::Kind, &["news"]), (Facet::Field, &["field 2"])]),
        with(
            "hop",
            &[
                (Facet::Year, &["2016", "2017"]),
                (Facet::Issuer, &["issuer 1", "issuer 2"]),
                (Facet::Type, &["type 3"]),
            ],
        ),
    ] {
        let facets = kit.ask(&query).facets;
        for (facet, counts) in &facets {
            for count in counts {
                let mut clicked = query.clone();
                clicked.filters.insert(*facet, vec![count.value.to_string()]);
                let found = kit.ask(&clicked);
                assert_eq!(found.total, count.hits, "{} = {}", facet.as_str(), count.value);
                assert_eq!(found.facets[facet], facets[facet], "a facet ignores its own filter");
            }
        }
        assert!(facets.values().flatten().count() > 0);
    }
}

#[test]
fn pages_have_no_doubles_and_no_gaps() {
    let kit = world();

    for order in [Order::Relevance, Order::Newest] {
        let query = Query { order, ..with("họp", &[]) };
        let total = kit.ask(&query).total;
        let mut by_number = Vec::new();
        let mut by_cursor = Vec::new();
        let mut start = Some(Start::At(0));
        while let Some(at) = start {
            let page =
                kit.ask(&Query { start: Start::At(by_number.len()), size: 37, ..query.clone() });
            by_number.extend(places(&page));
            let page = kit.ask(&Query { start: at, size: 37, ..query.clone() });
            by_cursor.extend(places(&page));
            let next = page.next.map(|cursor| Cursor::parse(&cursor.to_string()).unwrap());
            start = next.map(Start::After);
        }
        assert_eq!(u64::try_from(by_cursor.len()).unwrap(), total);
        assert_eq!(by_cursor, by_number);
        let unique: BTreeSet<_> = by_cursor.iter().collect();
        assert_eq!(unique.len(), by_cursor.len());
    }
}

#[test]
fn a_scope_has_what_its_sites_own_or_show() {
    let (portal, other) = (SiteId::new(), SiteId::new());
    let kit = Kit::of(|site| {
        let mut items: Vec<_> = (1..=4).map(|at| item(site, at, "Họp báo")).collect();
        items[0].portal = portal;
        items[1].shown_on = vec![other];
        items[2].site = other;
        items[2].portal = portal;
        items
    });

    let count = |scope| kit.ask(&Query { scope, ..with("họp", &[]) }).total;
    assert_eq!(count(Scope::Everywhere), 4);
    assert_eq!(count(Scope::Portal(portal)), 2);
    assert_eq!(count(Scope::Sites(vec![other])), 2);
    assert_eq!(count(Scope::Sites(vec![kit.site])), 3);
    assert_eq!(count(Scope::Sites(vec![kit.site, other])), 4);
    assert_eq!(count(Scope::Sites(vec![portal])), 0);
    assert_eq!(count(Scope::Sites(vec![])), 0);
}

#[test]
fn a_change_is_found_at_once_and_a_removed_item_is_gone() {
    let kit = Kit::with(&["Cũ", "Khác"]);

    let mut changed = item(kit.site, 1, "Mới tinh");
    changed.body = "nội dung".to_owned();
    kit.change(&[Change::Put(Box::new(changed)), Change::Remove(subject(2))]);
    assert_eq!(kit.find("mới tinh"), [1]);
    assert_eq!(kit.find("nội dung"), [1]);
    assert_eq!(kit.find("cũ"), [0_u128; 0]);
    assert_eq!(kit.find(""), [1]);
    assert_eq!(kit.engine.len(), 1);
}

#[test]
fn the_last_change_of_a_subject_in_one_go_counts() {
    let kit = Kit::with(&["Một"]);

    let put = |title: &str| Change::Put(Box::new(item(kit.site, 1, title)));
    kit.change(&[put("Hai"), Change::Remove(subject(1)), put("Ba"), put("Bốn")]);
    assert_eq!(kit.find("bốn"), [1]);
    assert_eq!(kit.engine.len(), 1);
}

#[test]
fn an_unknown_value_finds_nothing_and_the_other_counts_stay() {
    let kit = world();

    let found = kit.ask(&with("", &[(Facet::Type, &["never heard of"])]));
    assert_eq!((found.total, found.hits.len()), (0, 0));
    assert_eq!(found.facets[&Facet::Type], kit.ask(&with("", &[])).facets[&Facet::Type]);
}
