//! Office documents: what is read of them, and what is not.

use extract::{Failure, Flow};

use super::paper::{DOCX, Desk, ODT, XLSX, docx, odt, package, paragraph};

fn lines(bytes: &[u8], kind: &str) -> Vec<String> {
    let read = Desk::bare().read(bytes, kind).unwrap();
    assert_eq!(read.flow, Flow::Paragraphs);
    read.pages.join("|").lines().map(str::to_owned).collect()
}

#[test]
fn a_docx_is_read_paragraph_by_paragraph_with_its_notes_at_the_end() {
    let body = "<w:p><w:pPr><w:tabs><w:tab w:pos=\"1\"/></w:tabs></w:pPr>\
        <w:r><w:t>Điều 1. Sửa </w:t></w:r><w:r><w:t>đổi &amp; bổ sung</w:t></w:r></w:p>\
        <w:p><w:r><w:t>dòng một</w:t><w:br/><w:t>dòng hai</w:t></w:r></w:p>";
    let notes = "<w:footnotes xmlns:w=\"urn:w\"><w:footnote><w:p><w:r><w:t>Khoản này được sửa đổi\
        </w:t></w:r></w:p></w:footnote></w:footnotes>";
    let document = format!("<w:document xmlns:w=\"urn:w\"><w:body>{body}</w:body></w:document>");
    let bytes = package(&[("word/document.xml", &document), ("word/footnotes.xml", notes)]);

    assert_eq!(
        lines(&bytes, DOCX),
        ["Điều 1. Sửa đổi & bổ sung", "dòng một", "dòng hai", "Khoản này được sửa đổi"]
    );
}

#[test]
fn what_was_deleted_or_moved_away_in_a_docx_is_not_its_text() {
    let body = "<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>đã chuyển</w:t></w:r>\
        </w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>\
        <mc:AlternateContent xmlns:mc=\"urn:m\"><mc:Choice><w:p><w:r><w:t>hộp</w:t></w:r></w:p>\
        </mc:Choice><mc:Fallback><w:p><w:r><w:t>hộp</w:t></w:r></w:p></mc:Fallback>\
        </mc:AlternateContent>";

    assert_eq!(lines(&docx(body), DOCX), ["mới", "hộp"]);
}

#[test]
fn rows_are_lines_with_tabs_and_letter_heads_are_read_cell_by_cell() {
    let cell = |inner: &str| format!("<w:tc>{inner}</w:tc>");
    let head = [
        cell(&(paragraph("UBND TỈNH MƠ") + &paragraph("Số: 12/QĐ-UBND"))),
        cell(&(paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + &paragraph("Độc lập"))),
    ];
    let row = [cell(&paragraph("1")), cell(""), cell(&paragraph("Xã Trà Sơn"))];
    let table =
        format!("<w:tbl><w:tr>{}</w:tr><w:tr>{}</w:tr></w:tbl>", head.concat(), row.concat());

    assert_eq!(
        lines(&docx(&table), DOCX),
        [
            "UBND TỈNH MƠ",
            "Số: 12/QĐ-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập",
            "1\t\tXã Trà Sơn"
        ]
    );
}

#[test]
fn a_page_begun_by_hand_is_a_page() {
    let break_ = "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";
    let body = paragraph("một") + break_ + break_ + &paragraph("hai");
    assert_eq!(Desk::bare().read(&docx(&body), DOCX).unwrap().pages, ["một", "hai"]);

    let styles = "<style:style style:name=\"P1\"><style:paragraph-properties \
        fo:break-before=\"page\"/></style:style>";
    let body = "<text:p>một</text:p><text:h text:style-name=\"P1\">hai</text:h>";
    assert_eq!(Desk::bare().read(&odt(styles, body), ODT).unwrap().pages, ["một", "hai"]);
}

#[test]
fn an_odt_is_read_with_its_tables_and_notes_and_without_remarks() {
    let body = "<text:tracked-changes><text:p>đã xoá</text:p></text:tracked-changes>\
        <text:h>Chương I</text:h><text:p>Điều 1<text:note><text:note-citation>1</text:note-citation>\
        <text:note-body><text:p>ghi chú</text:p></text:note-body></text:note>. Phạm vi<text:s \
        text:c=\"3\"/>điều<text:line-break/>chỉnh<office:annotation><text:p>nhận xét</text:p>\
        </office:annotation></text:p><table:table><table:table-row><table:table-cell><text:p>a</text:p>\
        </table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>\
        </table:table>";

    assert_eq!(
        lines(&odt("", body), ODT),
        ["Chương I", "Điều 1. Phạm vi điều", "chỉnh", "a\tb", "ghi chú"]
    );
}

#[test]
fn every_sheet_of_a_workbook_is_a_page() {
    let sheet = |rows: &str| {
        format!("<worksheet xmlns=\"urn:x\"><sheetData>{rows}</sheetData></worksheet>")
    };
    let text =
        |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let first = format!("<row r=\"1\">{}{}</row>", text("A1", "Số"), text("C1", "Ngày\nký"));
    let second = "<row r=\"4\"><c r=\"B4\"><v>12</v></c><c r=\"C4\" s=\"1\"><v>46346</v></c>\
        <c r=\"XFD4\"><v>1</v></c></row>";
    let book = package(&[
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
          <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
          Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
          xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
          <sheet name=\"Sổ văn bản\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
          <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
          Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet xmlns=\"urn:x\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", &sheet(&(first + second))),
    ]);
    let desk = Desk::bare();

    let read = desk.read(&book, XLSX).unwrap();
    assert_eq!(read.pages, ["Sổ văn bản\nSố\t\tNgày ký\n\t12\t20/11/2026"]);
    let sheets = extract::sheets(&desk.path().join("file"), &desk.tools, &desk.limits).unwrap();
    assert_eq!(sheets[0].rows[1], (4, ["", "12", "20/11/2026"].map(str::to_owned).to_vec()));
}

#[test]
fn a_locked_office_file_is_called_locked_and_an_old_one_old() {
    let ole = |name: &str| {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.extend([0; 600]);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let desk = Desk::bare();
    for kind in [DOCX, XLSX, "application/msword", "application/vnd.ms-excel"] {
        assert_eq!(desk.read(&ole("EncryptedPackage"), kind), Err(Failure::Encrypted), "{kind}");
        assert_eq!(desk.read(&ole("WordDocument"), kind), Err(Failure::OldFormat), "{kind}");
    }
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:m\"><manifest:file-entry>\
        <manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let locked = package(&[("META-INF/manifest.xml", manifest), ("content.xml", "\u{1}")]);
    assert_eq!(desk.read(&locked, ODT), Err(Failure::Encrypted));
}

#[test]
fn a_file_that_is_not_what_it_says_is_called_broken() {
    let desk = Desk::bare();
    let open_ended = package(&[("word/document.xml", "<a><b></a>")]);
    for kind in [DOCX, ODT, XLSX] {
        for bytes in [&b""[..], b"%PDF-1.7", &package(&[("other.xml", "<a/>")]), &open_ended] {
            let failure = desk.read(bytes, kind).unwrap_err();
            assert!(matches!(failure, Failure::Broken(_)), "{kind}: {failure:?}");
        }
    }
    assert_eq!(desk.read(b"MZ", "application/x-msdownload"), Err(Failure::Unsupported));
}
