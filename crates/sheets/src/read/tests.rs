//! Registers as offices have them.

use super::*;

fn columns() -> Columns {
    Columns::parse(include_str!("../../../../config/documents/columns.toml")).unwrap()
}

fn read_csv(text: &str) -> Register {
    csv(text.as_bytes(), &columns()).unwrap()
}

#[track_caller]
fn refuses(text: &[u8], key: &str, words: &str) {
    let Err(Error::Invalid(fields)) = csv(text, &columns()) else { panic!("it was taken") };
    let message = &fields["file"];
    assert_eq!(message.key(), key);
    assert!(message.to_string().contains(words), "{message}");
}

#[test]
fn a_register_is_read_below_its_title_in_any_order_of_columns() {
    let register = read_csv(
        "UBND XÃ TRÀ SƠN;;;;\nSỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2026;;;;\n\n\
         STT;Trích yếu;SỐ, KÝ HIỆU;Ngày ban hành (dd/mm/yyyy);Mã hồ sơ\n(1);(2);(3);(4);(5)\n\
         1;\"Về việc hỗ trợ;\nhộ nghèo\";12/QĐ-UBND;20/11/2026;H1\n;;;;\n2;Khác;13/QĐ-UBND;46346\n",
    );

    assert_eq!(register.columns, ["title", "number", "issued"]);
    assert_eq!(register.unknown, ["STT", "Mã hồ sơ"]);
    let [first, second] = register.rows.as_slice() else { panic!("{register:#?}") };
    assert_eq!((first.line, second.line), (6, 9));
    assert_eq!(first.get("title"), "Về việc hỗ trợ; hộ nghèo");
    assert_eq!((first.get("number"), first.get("issued")), ("12/QĐ-UBND", "2026-11-20"));
    assert_eq!(second.get("issued"), "2026-11-20");
    assert!(first.errors.is_empty());
}

#[test]
fn a_cell_that_is_no_date_is_told_and_keeps_what_was_written() {
    let register = read_csv("Số ký hiệu,Trích yếu,Ngày ký\n1/KH,Kế hoạch,31/02/2026\n");

    let row = &register.rows[0];
    assert_eq!(row.get("issued"), "31/02/2026");
    assert_eq!(row.errors["issued"].to_string(), "sheet.date cell=31/02/2026");
}

#[test]
fn commas_semicolons_and_tabs_part_cells() {
    for delimiter in [",", ";", "\t"] {
        let text = format!("Số ký hiệu{delimiter}Trích yếu\n1/KH{delimiter}Kế hoạch\n");
        assert_eq!(read_csv(&text).rows[0].get("title"), "Kế hoạch", "{delimiter:?}");
    }
}

#[test]
fn what_is_no_register_is_refused_with_the_reason() {
    refuses(b"", "sheet.no_header", "");
    refuses("Họ tên,Tuổi\nAn,20\n".as_bytes(), "sheet.no_header", "");
    refuses("Số ký hiệu,Người ký\n1,An\n".as_bytes(), "sheet.missing", "Trích yếu");
    refuses("Số ký hiệu,Trích yếu,Số hiệu\n".as_bytes(), "sheet.twice", "Số ký hiệu");
    refuses(b"\x89PNG\r\n\x1A\n\x00\xFF\xD8\xCC\xCC", "sheet.encoding", "");
}

#[test]
fn a_header_in_letters_that_were_guessed_wrongly_is_no_missing_one() {
    // VISCII: its letters without tones are those of Windows-1258, so it is taken for that.
    let bytes = b"S\xAF k\xFD hi\xAEu;Tr\xEDch y\xAAu\n12/KH-UBND;L\xBEp m\xE2u gi\xE1o\n";
    assert!(decode(bytes).is_some());
    refuses(bytes, "sheet.encoding", "");
}
