//! Registers: what was written is read again, through the child that reads workbooks.

use base::Error;
use chrono::{NaiveDate, NaiveDateTime};
use sheets::{Cell, Columns, Heading, Reading, Register, Table};

use super::paper::{Desk, XLSX};

fn columns() -> Columns {
    Columns::parse(include_str!("../../../../config/documents/columns.toml")).unwrap()
}

fn read(desk: &Desk, bytes: &[u8], kind: &str) -> Result<Register, Error> {
    let path = desk.file("register", bytes);
    let reading = Reading { tools: &desk.tools, limits: &desk.limits };
    sheets::read(&path, kind, reading, &columns())
}

fn table() -> Table {
    let names = ["STT", "Số ký hiệu", "Trích yếu", "Ngày ban hành", "Tệp"];
    let day = NaiveDate::from_ymd_opt(2026, 11, 20);
    Table {
        name: "Sổ văn bản".into(),
        title: vec!["UBND XÃ TRÀ SƠN".into(), "SỔ VĂN BẢN ĐI NĂM 2026".into()],
        headings: names.map(|name| Heading::new(name, 20)).to_vec(),
        rows: vec![
            vec![Cell::Number(1), "12/QĐ-UBND".into(), "=Về việc\nhỗ trợ".into(), day.into()],
            vec![
                Cell::Number(2),
                "13/KH-UBND".into(),
                "Kế hoạch".into(),
                "hôm qua".into(),
                Cell::Link { url: "https://x.vn/a.pdf".into(), text: "a.pdf".into() },
            ],
        ],
        made: NaiveDateTime::default(),
    }
}

#[test]
fn a_register_that_was_written_is_read_again_from_xlsx_and_csv() {
    let desk = Desk::bare();
    let files = [(table().xlsx().unwrap(), XLSX, 5), (table().csv().unwrap(), "text/csv", 2)];
    for (bytes, kind, first_line) in files {
        let register = read(&desk, &bytes, kind).unwrap();

        assert_eq!(register.columns, ["number", "title", "issued", "file"], "{kind}");
        assert_eq!(register.unknown, ["STT"]);
        let [first, second] = register.rows.as_slice() else { panic!("{register:#?}") };
        assert_eq!((first.line, first.get("title")), (first_line, "=Về việc hỗ trợ"));
        assert_eq!((first.get("number"), first.get("issued")), ("12/QĐ-UBND", "2026-11-20"));
        assert_eq!(second.get("issued"), "hôm qua");
        assert_eq!(second.errors["issued"].key(), "sheet.date");
        assert!(second.get("file").ends_with("a.pdf"));
    }
}

#[test]
fn a_workbook_that_cannot_be_read_is_told_at_its_field() {
    let mut desk = Desk::bare();
    let refusal = |desk: &Desk, bytes: &[u8]| match read(desk, bytes, XLSX).unwrap_err() {
        Error::Invalid(fields) => fields["file"].key().to_owned(),
        err => panic!("{err:?}"),
    };
    assert_eq!(refusal(&desk, b"no workbook"), "extract.broken");
    assert_eq!(
        refusal(&desk, &Table { rows: vec![], ..Table::default() }.xlsx().unwrap()),
        "sheet.no_header"
    );

    desk.tools = extract::Tools::none("/nonexistent/conglang");
    assert!(matches!(read(&desk, &table().xlsx().unwrap(), XLSX), Err(Error::Internal(_))));
}
