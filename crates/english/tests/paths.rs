//! The same page in both languages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{path::Path, sync::LazyLock};

use base::SectionNames;
use english::{
    paths::{Labelled, Paths},
    terms::Terms,
    write::Names,
};
use proptest::prelude::*;

fn paths() -> Paths {
    let file = "[path]\n'van-ban' = 'documents'\n'hoi-dap' = 'questions'\n'hoi-dap/gui' = 'questions/ask'\n";
    Paths::parse(file).unwrap()
}

fn sections() -> &'static SectionNames {
    static SECTIONS: LazyLock<SectionNames> = LazyLock::new(named);
    &SECTIONS
}

fn named() -> SectionNames {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/terms.toml");
    let rows = [
        ("tin-tuc", "Tin tức", "News"),
        ("tin-tuc/kinh-te", "Kinh tế", "Economy"),
        ("van-ban", "Văn bản", "Documents"),
        ("van-ban/cong-bao", "Công báo", "Official gazette"),
        ("thong-bao", "Thông báo", "News"),
        ("lang-nghe", "Làng nghề rèn Phúc Sen", ""),
        ("hdnd", "Hội đồng nhân dân", ""),
        ("rss", "RSS", "RSS feeds"),
        ("chon", "Tự chọn", "As they like it"),
    ];
    let own = |(path, label, english): (&str, &str, &str)| Labelled {
        path: path.to_owned(),
        label: label.to_owned(),
        english: english.to_owned(),
        slug: if path == "chon" { "own-choice".to_owned() } else { String::new() },
    };
    paths().name(rows.into_iter().map(own).collect(), &Terms::load(&file).unwrap(), Names::Accented)
}

#[test]
fn a_page_has_an_address_in_each_language() {
    let (paths, sections) = (paths(), sections());
    let table = [
        ("/", "/en"),
        ("/van-ban", "/en/documents"),
        ("/van-ban/12-2026", "/en/documents/12-2026"),
        ("/van-ban.rss", "/en/documents.rss"),
        ("/van-ban/cong-bao", "/en/documents/official-gazette"),
        ("/hoi-dap/gui/cau-hoi", "/en/questions/ask/cau-hoi"),
        ("/hoi-dapx", "/en/hoi-dapx"),
        ("/tin-tuc/kinh-te/rss.xml", "/en/news-2/economy/rss.xml"),
        ("/tin-tuc/hoi-che", "/en/news-2/hoi-che"),
        ("/thong-bao", "/en/news"),
        ("/rss.xml", "/en/rss.xml"),
        ("/khong-co", "/en/khong-co"),
        ("/chon/x", "/en/own-choice/x"),
    ];
    for (vi, en) in table {
        assert_eq!(paths.to_english(vi, sections), en, "{vi}");
        assert_eq!(paths.to_vietnamese(en.strip_prefix("/en").unwrap(), sections), vi, "{en}");
    }
}

#[test]
fn a_query_and_a_fragment_stay_with_their_address() {
    let english = |path| paths().to_english(path, sections());
    assert_eq!(english("/van-ban?nam=2026#ket-qua"), "/en/documents?nam=2026#ket-qua");
    assert_eq!(english("/?q=/van-ban"), "/en?q=/van-ban");
    assert_eq!(english("/#dau-trang"), "/en#dau-trang");
}

#[test]
fn a_section_nobody_named_is_named_by_the_term_base_or_keeps_its_name() {
    let sections = sections();
    let council = sections.at("hdnd").unwrap();
    assert_eq!((council.english_label.as_str(), council.is_english), ("People's Council", true));
    assert_eq!(council.english_path, "people-s-council");
    let craft = sections.at("lang-nghe").unwrap();
    assert_eq!((craft.english_label.as_str(), craft.is_english), ("Làng nghề rèn Phúc Sen", false));
    assert_eq!(craft.english_path, "lang-nghe-ren-phuc-sen");
}

#[test]
fn what_is_in_both_languages_by_itself() {
    let (paths, sections) = (paths(), sections());
    for path in ["/", "/van-ban/12", "/tin-tuc", "/hoi-dap"] {
        assert!(paths.has_both(path, sections), "{path}");
    }
    for path in ["/tin-tuc/hoi-che", "/khong-co"] {
        assert!(!paths.has_both(path, sections), "{path}");
    }
}

#[test]
fn two_addresses_never_share_a_counterpart() {
    let err = Paths::parse("[path]\n'a' = 'x'\n'b' = 'x'\n").unwrap_err().to_string();
    assert!(err.starts_with("x would be both"), "{err}");
}

proptest! {
    /// There and back is where one began, for whatever lies below known and unknown sections.
    #[test]
    fn there_and_back(head in prop::sample::select(vec!["tin-tuc", "thong-bao", "van-ban", "hoi-dap/gui", "khac"]),
                      tail in "(/[a-z][a-z0-9-]{0,12}){0,3}") {
        let (paths, sections) = (paths(), sections());
        let path = format!("/{head}{tail}");
        let english = paths.to_english(&path, sections);
        prop_assert_eq!(paths.to_vietnamese(english.strip_prefix("/en").unwrap(), sections), path);
    }
}
