//! What comes first.

use search::{Query, Scope};

use crate::kit::{Kit, item};

#[test]
fn exact_accents_come_first_and_the_others_after() {
    let kit =
        Kit::with(&["Mã số thuế", "Mả số thuê", "Ma so thue", "Mã số thuế mới", "Má sỏ thúe"]);

    let typed = kit.find("mã số thuế");
    assert_eq!(typed[..2], [1, 4]);
    assert_eq!(typed.len(), 5);
    let mut plain = kit.find("ma so thue");
    plain.sort_unstable();
    assert_eq!(plain, [1, 2, 3, 4, 5]);
}

#[test]
fn what_is_typed_without_accents_comes_first_as_it_was_typed() {
    let kit = Kit::of(|site| {
        let mut items: Vec<_> = (1..=3).map(|at| item(site, at, "Tin")).collect();
        items[0].body = "Đăng ký khai sinh tại xã. ".repeat(40);
        items[1].body = "Ông Lý Đình Khải sinh năm 1969".to_owned();
        items[2].body = "Hai người ở cơ quan".to_owned();
        items.push(item(site, 4, "Hải quan cửa khẩu"));
        items.push(item(site, 5, "Tin"));
        items[4].body = "Khải, sinh viên".to_owned();
        items
    });

    assert_eq!(kit.find("khai sinh")[0], 1);
    assert_eq!(kit.find("khai").first(), Some(&1));
    // Syllables that stand apart are no reason.
    assert_eq!(kit.find("hai quan"), [4, 3]);
}

#[test]
fn words_in_order_come_before_scattered_ones() {
    let kit = Kit::of(|site| {
        let texts = [
            "Đất của dân, sử sách và quyền bính, dụng cụ",
            "Cấp giấy chứng nhận quyền sử dụng đất cho dân",
            "Dân có quyền, đất để dụng võ, sử ký",
        ];
        let mut items: Vec<_> = (1..=3).map(|at| item(site, at, "Tin")).collect();
        items.iter_mut().zip(texts).for_each(|(item, text)| item.body = text.to_owned());
        items
    });

    assert_eq!(kit.find("quyền sử dụng đất")[0], 2);
    assert_eq!(kit.find("quyen su dung dat")[0], 2);
    assert_eq!(kit.find("quyen su dung dat").len(), 3);
}

#[test]
fn the_title_comes_before_the_text() {
    let kit = Kit::of(|site| {
        let mut items =
            vec![item(site, 1, "Khai sinh"), item(site, 2, "Tin"), item(site, 3, "Về khai sinh")];
        items[1].body = "khai sinh ".repeat(30);
        items
    });

    assert_eq!(kit.find("khai sinh"), [1, 3, 2]);
}

#[test]
fn a_law_comes_before_all_that_guide_it() {
    let kit = Kit::of(|site| {
        let titled = [
            ("Luật", "Thương mại"),
            ("Nghị định", "Quy định chi tiết Luật Thương mại về hoạt động nhượng quyền"),
            ("Thông tư", "Hướng dẫn Luật Thương mại"),
            ("Luật", "Sửa đổi, bổ sung một số điều của Luật Thương mại"),
            ("Luật", "Luật Thủy lợi"),
        ];
        let made = (1..).zip(titled).map(|(at, (forename, title))| {
            let mut item = item(site, at, title);
            item.forename = forename.to_owned();
            item.body = if at == 1 { String::new() } else { "Luật Thương mại. ".repeat(30) };
            item
        });
        made.collect()
    });

    for typed in ["Luật Thương mại", "luat thuong mai", "thương mại"] {
        assert_eq!(kit.find(typed)[0], 1, "{typed}");
    }
    assert_eq!(kit.find("nghị định quy định chi tiết nhượng quyền"), [2]);
    assert_eq!(kit.find("luật thủy lợi"), [5]);
    let scope = Scope::Sites(vec![kit.site]);
    let first = |typed: &str| kit.engine.suggest(&scope, typed, 3).unwrap()[0].text.clone();
    assert_eq!(first("luật thương m"), "Luật Thương mại");
    assert_eq!(first("thương m"), "Thương mại");
    assert_eq!(first("luật thủy"), "Luật Thủy lợi");
}

#[test]
fn a_whole_title_comes_before_the_documents_it_names() {
    let title = "Sửa đổi một số điều của Nghị định 146/2018/NĐ-CP và Nghị định 75/2023/NĐ-CP";
    let kit = Kit::of(|site| {
        let mut items =
            vec![item(site, 1, title), item(site, 2, "Bảo hiểm"), item(site, 3, "Y tế")];
        items[1].number = Some("146/2018/NĐ-CP".into());
        items[2].number = Some("75/2023/NĐ-CP".into());
        items
    });

    assert_eq!(kit.find(title)[0], 1);
    assert_eq!(kit.find(&title.to_lowercase())[0], 1);
    assert_eq!(kit.find("nghị định 146/2018/NĐ-CP")[0], 2);
}

#[test]
fn equals_are_ordered_by_date_and_newest_is_by_date_alone() {
    let kit = Kit::with(&["Thông báo", "Thông báo", "Lịch họp thông báo", "Thông báo"]);

    assert_eq!(kit.find("thông báo"), [4, 2, 1, 3]);
    let query = Query {
        text: "thông báo".into(),
        order: search::Order::Newest,
        size: 9,
        ..Query::default()
    };
    assert_eq!(crate::kit::places(&kit.ask(&query)), [4, 3, 2, 1]);
}
