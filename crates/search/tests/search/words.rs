//! What matches.

use base::SiteId;
use search::{Leniency, Query, Successors};
use unicode_normalization::UnicodeNormalization;

use crate::kit::{Kit, item, places};

#[test]
fn accents_may_be_left_out() {
    let kit = Kit::with(&["Thủ tục hành chính", "Chỉnh hành tủ thục", "Đường Hoà Bình"]);

    assert_eq!(kit.find("thu tuc hanh chinh"), [1]);
    assert_eq!(kit.find("DUONG HOA BINH"), [3]);
    assert_eq!(kit.find("thủ tục"), [1]);
}

#[test]
fn every_spelling_finds_the_same() {
    let kit = Kit::with(&[
        "Uỷ ban xã Hoà Bình họp kì họp thứ hai",
        "Kỹ thuật nuôi thủy sản ở Hòa Thủy",
        "Lý lịch và quý danh, mỹ thuật",
        "Hoa quả tươi",
    ]);

    for spellings in [
        ["hoà bình", "hòa bình", "HÒA BÌNH", "hoa binh"],
        ["kĩ thuật thuỷ sản", "kỹ thuật thủy sản", "KĨ THUẬT THUỶ SẢN", "ky thuat thuy san"],
        ["lí lịch quí danh", "lý lịch quý danh", "lý, lịch - quý / danh!", "li lich quy danh"],
        ["mĩ thuật", "mỹ thuật", "Mỹ  Thuật", "my thuat"],
    ] {
        let expected = kit.find(spellings[0]);
        assert_eq!(expected.len(), 1, "{spellings:?}");
        for spelling in spellings {
            assert_eq!(kit.find(spelling), expected, "{spelling}");
            let decomposed: String = spelling.nfd().collect();
            assert_eq!(kit.find(&decomposed), expected, "{spelling}, decomposed");
        }
    }
}

#[test]
fn abbreviations_mean_what_they_stand_for_in_both_directions() {
    let kit = Kit::with(&[
        "UBND xã họp",
        "Ủy ban nhân dân xã họp",
        "Cấp GCNQSDĐ lần đầu",
        "Phát triển KT-XH",
        "Giấy chứng nhận quyền sử dụng đất bị mất",
    ]);

    for text in ["UBND xã", "ủy ban nhân dân xã", "ubnd xa", "uy ban nhan dan xa"] {
        let mut found = kit.find(text);
        found.sort_unstable();
        assert_eq!(found, [1, 2], "{text}");
    }
    assert_eq!(kit.find("giay chung nhan quyen su dung dat lan dau"), [3]);
    assert_eq!(kit.find("gcnqsdđ mất"), [5]);
    assert_eq!(kit.find("kinh tế xã hội"), [4]);
}

#[test]
fn a_quotation_must_stand_in_a_row() {
    let kit = Kit::with(&[
        "Quản lý đất đai và nhà ở",
        "Nhà ở và đất, quản lý đai",
        "Đất quản lý nhà đai ở và",
    ]);

    assert_eq!(kit.find("\"quản lý đất đai\""), [1]);
    assert_eq!(kit.find("“nhà ở”").len(), 2);
    assert_eq!(kit.find("\"nha o va dat\""), [2]);
    assert_eq!(kit.find("quản lý đất đai").len(), 3);
}

#[test]
fn numbers_inside_a_text_are_found() {
    let kit = Kit::with(&["Phạt 1.000.000 đồng từ 01/7/2026", "Phạt 2.000.000 đồng từ 02/7/2026"]);

    for text in ["1.000.000", "1,000,000", "1000000", "01/7/2026", "1/07/2026", "01-7-2026"] {
        assert_eq!(kit.find(text), [1], "{text}");
    }
}

#[test]
fn a_document_is_first_by_its_number_in_any_spelling() {
    let kit = Kit::of(|site| {
        let mut items: Vec<_> = (1..=5).map(|at| item(site, at, "Về nghị định")).collect();
        items[1].number = Some("224/2026/NĐ-CP".to_owned());
        items[3].number = Some("519/QĐ-UBND".to_owned());
        // Newer ones that mention the numbers, in title and text.
        items[4].title = "Triển khai Nghị định số 224/2026/NĐ-CP và Quyết định 519/QĐ-UBND".into();
        items[4].body = "224/2026/NĐ-CP 519/QĐ-UBND ".repeat(20);
        items
    });

    for text in [
        "224/2026/NĐ-CP",
        "224-2026-ND-CP",
        "số 224 nđ cp 2026",
        "224/2026/nd-cp",
        "Nghị định 224/2026/NĐ-CP",
        "nghị định số 224/2026/NĐ-CP",
    ] {
        assert_eq!(kit.find(text).first(), Some(&2), "{text}");
    }
    let said =
        ["Nghị định 224 năm 2026", "NĐ224/2026", "Nghị định224/2026", "224nđ-cp", "224/2026"];
    for text in said {
        assert_eq!(kit.find(text).first(), Some(&2), "{text}");
    }
    for text in ["519/QĐ-UBND", "519/qd-ubnd", "QĐ 519/QĐ-UBND", "quyet dinh 519/QD-UBND"] {
        assert_eq!(kit.find(text).first(), Some(&4), "{text}");
    }
    assert!(kit.find("224/2026/NĐ-CP").contains(&5));
}

#[test]
fn what_stands_around_a_number_excludes_nothing() {
    let kit = Kit::of(|site| {
        let mut items: Vec<_> = (1..=4).map(|at| item(site, at, "Tổ chức hội Chè")).collect();
        let numbers = ["45/KH-UBND", "01/QĐ-UBND", "02/2026/QĐ-UBND", "01/KH-UBND"];
        for (item, number) in items.iter_mut().zip(numbers) {
            item.number = Some(number.to_owned());
        }
        let mut news = item(site, 5, "Quyết định số 01 ngày 20 tháng 10 năm 2026");
        news.body = "Kế hoạch số 01, quyết định số 01; kế hoạch 5 năm".to_owned();
        items.push(news);
        items
    });

    for (text, place) in [
        ("45/KH-UBND ngày 20/10/2026", 1),
        ("Kế hoạch số 45/KH-UBND ngày 20 tháng 10 năm 2026", 1),
        ("45 kh ubnd ngày 20/10/2026", 1),
        ("Quyết định số 02/2026/QĐ-UBND ngày 20/01/2026 của UBND tỉnh", 3),
        ("02/QĐ-UBND", 3),
        ("QĐ số 01", 2),
        ("quyết định 01", 2),
        ("Quyết định số 01 ngày 20 tháng 10 năm 2026", 2),
        ("KH số 01", 4),
        ("kế hoạch 5 năm", 5),
    ] {
        assert_eq!(kit.find(text).first(), Some(&place), "{text}");
    }
}

#[test]
fn a_number_that_no_document_has_is_named() {
    let kit = Kit::of(|site| {
        let mut items: Vec<_> = (1..=3).map(|at| item(site, at, "Về việc thu hồi")).collect();
        items[0].number = Some("518/QĐ-UBND".to_owned());
        items[1].title = "Triển khai Quyết định 7/QĐ-UBND".to_owned();
        items
    });
    let ask = |text: &str| kit.ask(&Query { text: text.into(), size: 9, ..Query::default() });

    assert_eq!(ask("519/qd-ubnd").missing, ["519/QĐ-UBND"]);
    let found = ask("7/QĐ-UBND");
    assert_eq!((found.missing, found.hits[0].subject.as_u128()), (vec!["7/QĐ-UBND".into()], 2));
    for text in ["518/QĐ-UBND", "518/QĐ", "thu hồi", "QĐ số 7", "20/10/2026"] {
        assert_eq!(ask(text).missing, [""; 0], "{text}");
    }
    let elsewhere = search::Scope::Sites(vec![base::SiteId::new()]);
    let query = Query { text: "518/QĐ-UBND".into(), scope: elsewhere, ..Query::default() };
    assert_eq!(kit.ask(&query).missing, ["518/QĐ-UBND"]);
}

#[test]
fn a_former_unit_leads_to_its_successor() {
    let kit = Kit::with(&["Trụ sở xã Trùng Khánh", "Lịch sử xã Đình Minh", "Xã Phong Nậm"]);
    kit.engine.set_successors(Successors::new([("Xã Đình Minh", "Xã Trùng Khánh")]));

    assert_eq!(kit.find("xã Đình Minh"), [2, 1]);
    assert_eq!(kit.find("dinh minh"), [2, 1]);
    assert_eq!(kit.find("trụ sở xã đình minh"), [1]);
}

#[test]
fn a_former_body_is_found_by_the_bare_name_of_its_unit_in_its_own_province() {
    let kit = Kit::with(&["Trụ sở UBND xã Trùng Khánh", "Xã Phong Nậm"]);
    let (portal, other) = (SiteId::new(), SiteId::new());
    let mut units = Successors::default();
    units.learn(portal, &[("UBND xã Đình Minh".into(), "UBND xã Trùng Khánh".into())]);
    kit.engine.set_successors(units);
    let find = |text: &str, portal: Option<SiteId>| {
        places(&kit.ask(&Query { text: text.into(), portal, size: 10, ..Query::default() }))
    };

    for text in ["Đình Minh", "dinh minh", "UBND xã Đình Minh", "Ủy ban nhân dân xã Đình Minh"]
    {
        assert_eq!(find(text, Some(portal)), [1], "{text}");
    }
    assert_eq!(find("Đình Minh", Some(other)), [0_u128; 0]);
    assert_eq!(find("Đình Minh", None), [0_u128; 0]);
}

#[test]
fn a_title_of_a_thousand_characters_is_asked_for_to_its_last_word() {
    let long = "về việc ban hành kế hoạch ".repeat(38);
    let titles = [format!("{long} mương phai"), format!("{long} đê điều")];
    let kit = Kit::with(&titles.each_ref().map(String::as_str));

    assert_eq!(kit.find(&titles[0]), [1]);
    assert_eq!(kit.find(&titles[1]), [2]);
}

#[test]
fn a_question_of_many_wrong_words_is_answered_soon() {
    let known: Vec<String> = (b'a'..=b'z')
        .flat_map(|a| (b'a'..=b'z').map(move |b| [b"nghie".as_slice(), &[a, b]].concat()))
        .map(|word| String::from_utf8(word).unwrap())
        .collect();
    let kit = Kit::with(&[&known.join(" ")]);
    let wrong: Vec<String> = known.iter().map(|word| word.replace("nghie", "nghye")).collect();

    let begun = std::time::Instant::now();
    for count in [12, 120] {
        kit.find(&wrong[..count].join(" "));
        kit.find(&format!("{} zzz", known[..count].join(" ")));
    }
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[test]
fn one_wrong_letter_in_a_long_word_is_forgiven_when_nothing_matches() {
    let kit = Kit::with(&["Đăng ký kết hôn trực tuyến", "Đất nông nghiệp", "Đường ruộng"]);

    for (text, place) in [("nông nghiepj", 2), ("dat nong ngiep", 2), ("trưc tuyeen", 1)] {
        let found = kit.ask(&Query { text: text.into(), size: 10, ..Query::default() });
        assert!(matches!(found.leniency, Leniency::Typo(_)), "{text}: {:?}", found.leniency);
        assert_eq!(found.hits[0].subject.as_u128(), place, "{text}");
    }
    assert_eq!(kit.find("hôx"), [0_u128; 0], "short words are taken as they are");
}

#[test]
fn a_long_question_may_lose_its_commonest_words() {
    let kit = Kit::with(&["Hồ sơ đăng ký khai sinh cho trẻ em", "Hồ sơ xây dựng"]);

    let text = "hồ sơ đăng ký khai sinh cho trẻ em xyz abc".to_owned();
    let found = kit.ask(&Query { text, size: 10, ..Query::default() });
    let Leniency::Relaxed(dropped) = &found.leniency else { panic!("{:?}", found.leniency) };
    assert_eq!(dropped, &["abc", "xyz"]);
    assert_eq!(found.hits[0].subject.as_u128(), 1);
}

#[test]
fn nothing_that_is_typed_is_an_error() {
    let kit = Kit::with(&["Và rồi a", "Thủ tục"]);

    for text in [
        "",
        " ",
        "a",
        "và",
        "và các",
        "🙂",
        "\u{0}\u{1}\u{202E}",
        "\"",
        "\"\"",
        "+-&&||!(){}[]^~*?:\\/",
        "title:thủ AND OR NOT",
        "%_';--",
        "<script>",
        "\u{300}\u{301}",
        "a\"b\"c\"",
        "....",
        "0",
        "00",
    ] {
        let query = Query { text: text.to_owned(), size: 10, ..Query::default() };
        kit.ask(&query);
        kit.engine.suggest(&query.scope, text, 5).unwrap();
    }
    for text in
        ["thủ tục ".repeat(50), "x".repeat(400), "\"thủ tục\" ".repeat(40), "é".repeat(100_000)]
    {
        kit.ask(&Query { text, size: 10, ..Query::default() });
    }
    assert_eq!(kit.find("và"), [1]);
    assert_eq!(kit.find("thủ AND tục"), [2]);
    assert_eq!(kit.find(" ").len(), 2, "an empty question lists everything");
    for text in ["🙂", "*", "+", "\u{0}", "\""] {
        let found = kit.ask(&Query { text: text.into(), size: 10, ..Query::default() });
        assert!(found.is_wordless && found.total == 0 && found.hits.is_empty(), "{text:?}");
    }
}

#[test]
fn what_is_typed_is_completed() {
    let kit = Kit::of(|site| {
        let titles = [
            "Thủ tục đăng ký khai sinh",
            "Hướng dẫn thủ tục đăng ký kết hôn",
            "Thu hồi đất",
            "Đăng ký thủ công",
        ];
        let mut items: Vec<_> = (1..).zip(titles).map(|(at, it)| item(site, at, it)).collect();
        items[2].number = Some("519/QĐ-UBND".to_owned());
        items
    });

    let complete = |typed: &str| -> Vec<u128> {
        let scope = search::Scope::Sites(vec![kit.site]);
        let found = kit.engine.suggest(&scope, typed, 5).unwrap();
        found.iter().map(|it| it.subject.as_u128()).collect()
    };
    assert_eq!(complete("thu tuc dang k"), [1, 2]);
    assert_eq!(complete("thủ tục đ"), [1, 2]);
    assert_eq!(complete("kết h"), [2]);
    assert_eq!(complete("thu h"), [3, 2]);
    assert_eq!(complete("519/q"), [3]);
    assert_eq!(complete("thủ c"), [4]);
    assert_eq!(complete(""), [0_u128; 0]);
    assert_eq!(kit.engine.suggest(&search::Scope::Sites(vec![]), "thu", 5).unwrap(), []);
}
