//! The term base: the file we ship, and files that are refused.

#![expect(clippy::string_slice, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::path::Path;

use english::{
    terms::{Fault, Kind, Problem, Terms},
    write::Names,
};

fn ours() -> Terms {
    Terms::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/terms.toml"))
        .unwrap()
}

#[test]
fn our_file_has_its_terms_and_every_kind() {
    let terms = ours();

    assert!(terms.all().len() >= 320, "{}", terms.all().len());
    for kind in Kind::ALL {
        assert!(terms.all().iter().any(|term| term.kind == kind), "{kind:?}");
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
    for term in terms.all() {
        let accents = term.en.chars().filter(|c| ('\u{1EA0}'..='\u{1EF9}').contains(c)).count();
        let named = ["Hà Nội", "Hồ Chí Minh"].iter().any(|name| term.en.contains(name));
        assert!(accents == 0 || named, "line {}: {}", term.line, term.en);
    }
}

#[track_caller]
fn check(vi: &str, en: &str) {
    assert_eq!(ours().translate(vi, Names::Accented).as_deref(), Some(en), "{vi}");
}

#[test]
fn names_are_composed_in_the_order_of_english() {
    check("Ủy ban nhân dân xã Trà Sơn", "People's Committee of Trà Sơn Commune");
    check("UBND xã Trà Sơn", "People's Committee of Trà Sơn Commune");
    check("Uỷ ban nhân dân phường Chợ Phủ", "People's Committee of Chợ Phủ Ward");
    check("Hội đồng nhân dân đặc khu Hồ Ngàn", "People's Council of Hồ Ngàn Special Zone");
    check(
        "Phó Chủ tịch HĐND tỉnh Lạc Việt",
        "Vice Chairperson of the People's Council of Lạc Việt Province",
    );
    check("Chủ tịch UBND tỉnh", "Chairperson of the Provincial People's Committee");
    check(
        "Sở Văn hóa, Thể thao và Du lịch tỉnh Lạc Việt",
        "Department of Culture, Sports and Tourism of Lạc Việt Province",
    );
    check("Phó Giám đốc Sở Nội vụ", "Deputy Director of the Department of Home Affairs");
    check("Trưởng phòng Kinh tế", "Head of the Economic Division");
    check(
        "Trung tâm Phục vụ hành chính công xã Trà Sơn",
        "Public Administration Service Centre of Trà Sơn Commune",
    );
    check("Bí thư Đảng ủy xã Trà Sơn", "Secretary of the Party Committee of Trà Sơn Commune");
    check(
        "Ủy ban MTTQ Việt Nam xã Trà Sơn",
        "Viet Nam Fatherland Front Committee of Trà Sơn Commune",
    );
    check("Trang thông tin điện tử xã Nghĩa Lộ 2", "Website of Nghĩa Lộ 2 Commune");
    check("phường 5", "Ward 5");
    check("Thành phố Hồ Chí Minh", "Hồ Chí Minh City");
    check("XÃ TRÀ SƠN", "Trà Sơn Commune");
    check("xã M'Drắk", "M'Drắk Commune");
    check("Xã Văn Miếu - Quốc Tử Giám", "Văn Miếu - Quốc Tử Giám Commune");
}

#[test]
fn texts_without_accents_are_read_too() {
    check("uy ban nhan dan xa Tra Son", "People's Committee of Tra Son Commune");
    check("uy ban nhan dan xa tra son", "People's Committee of Tra Son Commune");
    check("hoi dong nhan dan", "People's Council");
    assert_eq!(
        ours().translate("UBND xã Trà Sơn", Names::Plain).as_deref(),
        Some("People's Committee of Tra Son Commune")
    );
    assert_eq!(ours().translate("Nguyễn Văn An", Names::Plain), None);
}

#[test]
fn the_longest_term_of_a_text_is_found() {
    let text = "Ngày 20/11/2026, Chủ tịch Ủy ban nhân dân xã Trà Sơn Nguyễn Văn An, ban hành \
                Quyết định về dịch vụ công trực tuyến. Phòng, chống thiên tai.";
    let terms = ours();

    let found = terms.find(text, Names::Accented);

    let found: Vec<(&str, &str)> =
        found.iter().map(|hit| (&text[hit.range.clone()], hit.english.as_str())).collect();
    assert_eq!(
        found,
        [
            (
                "Chủ tịch Ủy ban nhân dân xã Trà Sơn",
                "Chairperson of the People's Committee of Trà Sơn Commune"
            ),
            ("Quyết định", "Decision"),
            ("dịch vụ công trực tuyến", "online public service"),
            ("Phòng, chống thiên tai", "natural disaster prevention and control"),
        ]
    );
}

#[test]
fn a_translation_without_a_term_is_told_so() {
    let absent = |vi: &str, en: &str| -> Vec<String> {
        let absent = ours().absent(vi, en, Names::Accented);
        absent.into_iter().filter(|it| it.kind.is_official()).map(|it| it.english).collect()
    };
    let vi = "Chủ tịch UBND xã Trà Sơn họp với các sở, ban, ngành.";

    assert_eq!(
        absent(vi, "The mayor met departments and agencies."),
        ["Chairperson of the People's Committee of Trà Sơn Commune"]
    );
    for right in [
        "The Chairperson of the People's Committee of Trà Sơn Commune met departments and agencies.",
        "The Chairman of the People’s Committee of Tra Son Commune met departments and agencies.",
        "Departments and agencies met the Chairwoman of Tra Son Commune People's Committee.",
    ] {
        assert_eq!(absent(vi, right), Vec::<String>::new(), "{right}");
    }
    assert_eq!(absent("các Trưởng phòng", "the Heads of Division"), Vec::<String>::new());
}

#[test]
fn suggestions_come_once_and_with_their_source() {
    let terms = ours();
    let text = "UBND xã Trà Sơn. Ủy ban nhân dân xã Trà Sơn. HĐND.";

    let offered = terms.suggest(text, Names::Plain);

    let offered: Vec<_> =
        offered.iter().map(|it| (it.english.as_str(), it.source.as_deref())).collect();
    assert_eq!(
        offered,
        [("People's Committee of Tra Son Commune", Some("BNG")), ("People's Council", None)]
    );
}

#[track_caller]
fn refused(text: &str, line: usize, problem: Problem) {
    assert_eq!(Terms::parse(text).unwrap_err(), Fault { line, problem }, "{text}");
}

#[test]
fn a_wrong_file_is_refused_with_its_line() {
    let duplicate = |spelling: &str, line| Problem::Duplicate { spelling: spelling.into(), line };
    let rows = |rows: &str| format!("body = [\n{rows}\n]");

    refused(
        &rows("{ vi = \"Hội đồng\", en = \"Council\" },\n{ vi = \"HỘI ĐỒNG\", en = \"Board\" }"),
        3,
        duplicate("HỘI ĐỒNG", 2),
    );
    refused(
        &rows(
            "{ vi = \"Trưởng ban\", en = \"Head\" },\n{ vi = \"Trưởng bản\", en = \"Village head\" }",
        ),
        3,
        duplicate("Trưởng bản", 2),
    );
    refused(
        &rows(
            "{ vi = \"Uỷ ban\", en = \"A\" },\n{ vi = \"Hội\", en = \"B\", short = [\"Ủy ban\"] }",
        ),
        3,
        duplicate("Ủy ban", 2),
    );
    refused(&rows("{ vi = \"Hội đồng\", en = \" \" }"), 2, Problem::Empty);
    refused(&rows("\n{ vi = \"-\", en = \"Council\" }"), 3, Problem::Empty);
    refused(&rows("{ vi = \"{name}\", en = \"{name}\" }"), 2, Problem::Empty);
    refused(&rows("{ vi = \"xã {nam}\", en = \"{nam}\" }"), 2, Problem::Slots("nam".into()));
    refused(&rows("{ vi = \"xã {name}\", en = \"Commune\" }"), 2, Problem::Slots("name".into()));
    refused(&rows("{ vi = \"xã\", en = \"{name} Commune\" }"), 2, Problem::Slots("name".into()));
    refused(
        "\nbodies = [\n{ vi = \"a b\", en = \"c\" }]",
        3,
        Problem::UnknownKind("bodies".into()),
    );
    refused(
        "body = [{ vi = \"a b\", en = \"c\" }]\nsee = [\n{ vi = \"d e\", see = \"f g\" },\n{ vi = \"f g\", see = \"d e\" }]",
        3,
        Problem::Cycle("d e".into()),
    );
    refused("see = [{ vi = \"d e\", see = \"f g\" }]", 1, Problem::UnknownTerm("f g".into()));
    refused(
        "body = [\n{ vi = \"{office} {name}\", en = \"{name} {office}\" }]\noffice = [\n{ vi = \"{body} {name}\", en = \"{name} {body}\" }]",
        2,
        Problem::Cycle("{body}".into()),
    );
    assert_eq!(Terms::parse("body = [\n{ vi = 3 }]").unwrap_err().line, 2);
    assert_eq!(Terms::parse("body = [\n{ vi = \"a\", en = \"b\", x = 1 }]").unwrap_err().line, 2);
}

#[test]
fn trials_of_patience_end() {
    let terms = ours();
    let long = "Văn phòng UBND xã ".repeat(5_000);
    let names = "Xã Trà ".repeat(5_000);

    assert!(!terms.find(&long, Names::Plain).is_empty());
    assert!(!terms.find(&names, Names::Plain).is_empty());
    assert!(terms.translate(&long, Names::Plain).is_none());
}

#[test]
fn a_name_of_several_parts_is_known_when_every_part_is() {
    let terms = ours();
    let table = [
        (
            "Ông Nguyễn Quang Vịnh – Chánh Văn phòng UBND tỉnh",
            Some("Mr Nguyễn Quang Vịnh – Chief of the Office of the Provincial People's Committee"),
        ),
        (
            "Ủy viên Ủy ban nhân dân tỉnh, Chánh Văn phòng",
            Some("Member of the Provincial People's Committee, Chief of Office"),
        ),
        (
            "Văn phòng UBND tỉnh - 0299 3888 199 - a@b.gov.vn",
            Some("Office of the People's Committee – +84 299 3888 199 – a@b.gov.vn"),
        ),
        (
            "Trung tâm Phục vụ hành chính công tỉnh",
            Some("Public Administration Service Centre of the Province"),
        ),
        ("Chánh Văn phòng, người không ai biết", None),
        ("", None),
    ];
    for (vi, en) in table {
        assert_eq!(terms.translate_parts(vi, Names::Accented).as_deref(), en, "{vi}");
    }
}
