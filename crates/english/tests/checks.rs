//! What a translation has in common with its source.

#![expect(clippy::string_slice, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::path::Path;

use english::{
    checks::{Finding, Kind, compare},
    terms::Terms,
    write::Names,
};
use proptest::prelude::*;

fn ours() -> Terms {
    Terms::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/terms.toml"))
        .unwrap()
}

/// The kind and words of each finding.
fn found(vi: &str, en: &str, names: Names) -> Vec<(Kind, String)> {
    let words = |it: &Finding| match (&it.source, &it.translation) {
        (Some(range), _) => vi[range.clone()].to_owned(),
        (None, Some(range)) => en[range.clone()].to_owned(),
        (None, None) => String::new(),
    };
    compare(&ours(), vi, en, names).iter().map(|it| (it.kind, words(it))).collect()
}

#[track_caller]
fn agree(vi: &str, en: &str) {
    assert_eq!(found(vi, en, Names::Accented), [], "{vi} / {en}");
}

#[track_caller]
fn differ(vi: &str, en: &str, expected: &[(Kind, &str)]) {
    let found = found(vi, en, Names::Accented);
    let found: Vec<(Kind, &str)> =
        found.iter().map(|(kind, words)| (*kind, words.as_str())).collect();
    assert_eq!(found, expected, "{vi} / {en}");
}

#[test]
fn numbers_agree_across_their_marks() {
    agree("Giá 1.234,5 tấn và 12%", "1,234.5 tonnes and 12 per cent");
    agree("1,5 tỷ đồng", "VND 1.5 billion");
    agree("1.500.000.000 đồng", "VND 1.5 billion");
    agree("3 thôn, 05 hộ", "three villages, 5 households");
    agree("giai đoạn 2025-2030", "2025–2030");
    agree("trong 24 giờ", "within 24 hours");
    differ("1.234 hộ", "1.234 households", &[(Kind::Number, "1.234"), (Kind::Number, "1.234")]);
    differ("12 hộ", "21 households", &[(Kind::Number, "12"), (Kind::Number, "21")]);
    differ("12 hộ", "one household", &[(Kind::Number, "12")]);
    differ("hộ", "7 households", &[(Kind::Number, "7")]);
}

#[test]
fn days_and_hours_agree_in_their_forms() {
    for vi in ["20/11/2026", "ngày 20 tháng 11 năm 2026", "20-11-2026", "20.11.2026", "2026-11-20"]
    {
        for en in [
            "20 November 2026",
            "November 20, 2026",
            "20th of November 2026",
            "20/11/2026",
            "20 Nov 2026",
        ] {
            agree(vi, en);
        }
    }
    agree("tháng 11/2026", "November 2026");
    agree("tháng 3", "in March");
    agree("ngày 20/11", "on 20 November");
    agree("8 giờ 30, 14h00, lúc 7 giờ", "8:30 a.m., 2 p.m. and 7 am");
    agree("8h30", "08:30");
    differ(
        "20/11/2026",
        "11 November 2026",
        &[(Kind::Date, "20/11/2026"), (Kind::Date, "11 November 2026")],
    );
    differ("lúc 8h30", "at 8:30 p.m.", &[(Kind::Time, "8h30"), (Kind::Time, "8:30 p.m.")]);
}

#[test]
fn documents_links_addresses_and_telephones_agree() {
    agree("Nghị định 224/2026/NĐ-CP", "Decree No. 224/2026/ND-CP");
    agree("(519/QĐ-UBND)", "Decision 519/QĐ-UBND.");
    agree("Xem [cổng](https://a.gov.vn/x).", "See [the portal](https://a.gov.vn/x/).");
    agree("Thư: Phong@a.gov.vn", "E-mail: phong@a.gov.vn.");
    agree("0205 3812 345", "+84 205 3812 345");
    agree("(0205) 3.812.345; 0912345678", "+84 (0)205 3812345, +84 912 345 678");
    differ(
        "519/QĐ-UBND",
        "591/QĐ-UBND",
        &[(Kind::Document, "519/QĐ-UBND"), (Kind::Document, "591/QĐ-UBND")],
    );
    differ(
        "https://a.vn/1",
        "https://a.vn/2",
        &[(Kind::Link, "https://a.vn/1"), (Kind::Link, "https://a.vn/2")],
    );
    differ("a@b.vn", "write to us", &[(Kind::Email, "a@b.vn")]);
    differ(
        "0205 3812 345",
        "+84 205 3812 346",
        &[(Kind::Phone, "0205 3812 345"), (Kind::Phone, "+84 205 3812 346")],
    );
}

#[test]
fn terms_are_asked_for() {
    agree("Ủy ban nhân dân xã Trà Sơn", "The People's Committee of Trà Sơn Commune");
    differ("Sở Nội vụ họp", "The home office met", &[(Kind::Term, "Sở Nội vụ")]);
    // "Thông báo" can be said in many ways.
    agree("Thông báo", "We inform");
}

#[test]
fn vietnamese_left_in_english_is_pointed_out() {
    let left = |en: &str| found("", en, Names::Accented);
    let one = |words: &str| vec![(Kind::Vietnamese, words.to_owned())];

    assert_eq!(left("The hồ sơ is ready."), one("hồ sơ"));
    assert_eq!(left("See Ủy ban nhân dân for more."), one("Ủy ban nhân dân"));
    assert_eq!(left("Meeting về đất đai tại xã."), one("về đất đai tại xã"));
    assert_eq!(left("This is cua nguoi dan."), one("cua nguoi dan"));
    for fine in [
        "Trà Sơn Commune, from Hà Nội to Đà Nẵng, by Nguyễn Văn An.",
        "The communal house (*đình*) and `mã số`.",
        "A communiqué, a café and the naïve résumé.",
        "so that the den is open; do cho come",
        "[Home](/gioi-thieu/lien-he)",
    ] {
        assert_eq!(left(fine), [], "{fine}");
    }
}

#[test]
fn accents_are_pointed_out_where_names_are_plain() {
    let left = found("xã Trà Sơn", "Trà Sơn Commune", Names::Plain);

    assert_eq!(left, [(Kind::Accents, "Trà Sơn".to_owned())]);
    assert_eq!(found("xã Trà Sơn", "Tra Son Commune", Names::Plain), []);
}

#[test]
fn every_message_is_written() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/locales");
    let cases = [
        ("12 1/1/2026 lúc 8h30 1/QĐ-UBND https://a.vn a@b.vn 0205 3812 345 Sở Nội vụ", ""),
        ("", "12 1/1/2026 8:30 1/QĐ-UBND https://a.vn a@b.vn +84 205 3812 345 hồ sơ, hồ lô, Đà"),
    ];
    for locale in ["vi", "en"] {
        let text = std::fs::read_to_string(file.join(locale).join("message.toml")).unwrap();
        let words: toml::Table = toml::from_str(&text).unwrap();
        let check = words["mirror"]["check"].as_table().unwrap();
        let mut said = std::collections::BTreeSet::new();
        for (vi, en) in cases {
            for finding in compare(&ours(), vi, en, Names::Plain) {
                let key = finding.message.key().strip_prefix("mirror.check.").unwrap().to_owned();
                let sentence = check.get(&key).unwrap_or_else(|| panic!("{locale}: {key}"));
                assert!(!finding.message.fill(sentence.as_str().unwrap()).contains('{'), "{key}");
                said.insert(key);
            }
        }
        assert_eq!(said.len(), check.len(), "{locale}: {said:?}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_it(vi in any::<String>(), en in any::<String>()) {
        for finding in compare(&ours_once(), &vi, &en, Names::Plain) {
            prop_assert!(finding.source.is_none_or(|range| vi.get(range).is_some()));
            prop_assert!(finding.translation.is_none_or(|range| en.get(range).is_some()));
        }
    }

    #[test]
    fn marks_and_digits_break_nothing(vi in "[0-9 ./:,+()@hđáWw-]{0,40}", en in "[0-9 ./:,+()@hapmĐ-]{0,40}") {
        for finding in compare(&ours_once(), &vi, &en, Names::Accented) {
            prop_assert!(finding.source.is_none_or(|range| vi.get(range).is_some()));
            prop_assert!(finding.translation.is_none_or(|range| en.get(range).is_some()));
        }
    }

    #[test]
    fn any_number_agrees_with_its_english(number in any::<i32>(), part in 1_u8..100) {
        let whole = i64::from(number).abs();
        let english = english::write::number(whole);
        let vietnamese = english.replace(',', ".");
        prop_assert_eq!(found_numbers(&format!("{vietnamese},{part:02}"), &format!("{english}.{part:02}")), 0);
    }
}

fn found_numbers(vi: &str, en: &str) -> usize {
    compare(&ours_once(), vi, en, Names::Accented).len()
}

fn ours_once() -> std::sync::Arc<Terms> {
    static TERMS: std::sync::OnceLock<std::sync::Arc<Terms>> = std::sync::OnceLock::new();
    TERMS.get_or_init(|| std::sync::Arc::new(ours())).clone()
}
