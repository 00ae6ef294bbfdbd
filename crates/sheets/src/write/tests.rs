//! What is written is what is read again.

use calamine::{Data, Reader, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};
use std::io::Cursor;

use crate::{Cell, Heading, Table};

fn table() -> Table {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let url = "https://trason.lacviet.gov.vn/van-ban/12".to_owned();
    Table {
        name: "Danh mục: công khai/2026".into(),
        title: vec!["DANH MỤC THÔNG TIN PHẢI ĐƯỢC CÔNG KHAI".into(), "Xã Trà Sơn".into()],
        headings: vec![
            Heading::new("STT", 6),
            Heading::new("Tên", 60),
            Heading::new("Ngày", 12),
            Heading::new("Địa chỉ", 40),
        ],
        rows: vec![
            vec![
                Cell::Number(1),
                "=HYPERLINK(\"http://x\")".into(),
                Cell::Date(day),
                Cell::Link { url, text: "Quyết định".into() },
            ],
            vec![
                Cell::Number(2),
                "+ Ông Nguyễn, \"An\"\nhai dòng".into(),
                Cell::Empty,
                "@x".into(),
            ],
            vec![Cell::Number(3)],
        ],
        made: day.and_hms_opt(8, 30, 0).unwrap(),
    }
}

fn opened(bytes: &[u8]) -> (String, Vec<Vec<Data>>) {
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names().remove(0);
    let range = book.worksheet_range(&name).unwrap();
    let formulas = book.worksheet_formula(&name).unwrap();
    assert!(formulas.used_cells().next().is_none(), "a cell is a formula");
    (name, range.rows().map(<[Data]>::to_vec).collect())
}

#[test]
fn a_workbook_has_title_headings_and_rows_and_no_formula() {
    let (name, rows) = opened(&table().xlsx().unwrap());

    let text = |row: usize, column: usize| rows[row][column].to_string();
    assert_eq!(name, "Danh mục công khai2026");
    assert_eq!(text(0, 0), "DANH MỤC THÔNG TIN PHẢI ĐƯỢC CÔNG KHAI");
    assert_eq!((text(3, 0), text(3, 3)), ("STT".into(), "Địa chỉ".into()));
    assert_eq!(rows[4][0], Data::Float(1.0));
    assert_eq!(text(4, 1), "=HYPERLINK(\"http://x\")");
    assert!(matches!(rows[4][2], Data::DateTime(_)), "{:?}", rows[4][2]);
    assert_eq!(text(4, 3), "Quyết định");
    assert_eq!(text(5, 1), "+ Ông Nguyễn, \"An\"\nhai dòng");
}

#[test]
fn the_same_list_is_the_same_file_whatever_the_clock_says() {
    let later = Table { made: NaiveDateTime::default(), ..table() };

    assert_eq!(table().xlsx().unwrap(), table().xlsx().unwrap());
    assert_ne!(table().xlsx().unwrap(), later.xlsx().unwrap());
}

#[test]
fn a_cell_that_is_too_long_is_cut_and_an_odd_link_is_text() {
    let odd = |url: &str| Cell::Link { url: url.into(), text: "x".into() };
    let long = format!("https://x.vn/{}", "a".repeat(3000));
    let rows = vec![
        vec!["chữ ".repeat(10_000).into()],
        vec![odd("javascript:alert(1)")],
        vec![odd(&long)],
    ];
    let table = Table { title: vec![], headings: vec![Heading::new("a", 9)], rows, ..table() };

    let (_, rows) = opened(&table.xlsx().unwrap());
    assert!(rows[1][0].to_string().ends_with('…'));
    assert_eq!(rows[2][0].to_string(), "javascript:alert(1)");
    assert_eq!(rows[3][0].to_string(), long);
}

#[test]
fn csv_has_a_mark_and_what_could_be_calculated_is_text() {
    let csv = String::from_utf8(table().csv().unwrap()).unwrap();

    assert_eq!(
        csv,
        "\u{FEFF}STT,Tên,Ngày,Địa chỉ\r\n\
         1,\"'=HYPERLINK(\"\"http://x\"\")\",20/11/2026,https://trason.lacviet.gov.vn/van-ban/12\r\n\
         2,\"'+ Ông Nguyễn, \"\"An\"\"\nhai dòng\",,'@x\r\n3,,,\r\n"
    );
}
