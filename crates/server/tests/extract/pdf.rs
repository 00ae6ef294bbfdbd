//! PDF: with text, without, locked, broken; with poppler and without.

use std::fs;

use extract::{Failure, Flow};
use sha2::{Digest, Sha256};

use super::paper::{Desk, PDF, locked_pdf, mute_pdf, pdf, printed, scanned_pdf};

const DECISION: [&[&str]; 2] = [
    &["QUYẾT ĐỊNH", "Điều 1. Phê duyệt kế hoạch phát triển", "kinh tế - xã hội năm 2026."],
    &["Điều 2. Quyết định này có hiệu lực thi hành", "kể từ ngày ký."],
];

#[test]
fn the_words_of_a_pdf_are_the_same_with_and_without_poppler() {
    let bytes = pdf(&DECISION);
    for desk in [Desk::new(), Desk::bare()] {
        let read = desk.read(&bytes, PDF).unwrap();

        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let pages: Vec<String> = read.pages.iter().map(|page| words(page)).collect();
        assert_eq!(pages, DECISION.map(|lines| lines.join(" ")));
        assert_eq!((read.scanned, read.flow, read.left_out), (false, Flow::Lines, 0));
    }
    assert_eq!(Desk::bare().read(&bytes, PDF).unwrap().engine.to_string(), "lopdf");
    let engine = Desk::new().read(&bytes, PDF).unwrap().engine;
    assert_eq!(engine.name, "pdftotext");
    assert!(engine.version.unwrap().contains('.'));
}

#[test]
fn lines_of_a_pdf_are_lines_of_its_text() {
    for desk in [Desk::new(), Desk::bare()] {
        let read = desk.read(&pdf(&DECISION), PDF).unwrap();

        assert_eq!(read.pages[1].lines().count(), 2, "{:?}", read.pages[1]);
    }
}

#[test]
fn a_scan_is_told_from_a_text_even_with_the_stamp_of_a_signature() {
    let gray: &[u8] = &[255; 1000 * 800];
    let stamp: &[&str] = &["Người ký: Ủy ban nhân dân tỉnh Mơ", "Thời gian ký: 20/11/2026"];
    let bytes = scanned_pdf(&[(gray, 1000, 800), (gray, 1000, 800)], stamp);
    for desk in [Desk::new(), Desk::bare()] {
        let read = desk.read(&bytes, PDF).unwrap();

        assert!(read.scanned, "{:?}", read.engine);
        assert_eq!(read.scans, [1, 2]);
        assert!(read.has_text());
    }
    let logo = scanned_pdf(&[(&gray[..100 * 100], 100, 100)], stamp);
    assert!(!Desk::new().read(&logo, PDF).unwrap().scanned);
}

#[test]
fn a_page_in_letters_that_nobody_can_read_is_left_out() {
    let garbled: &[&str] = &["ĈӝF OұS - 7ӵ GR - +ҥQK SK~F &ăQ Fӭ /XұW 7ә FKӭF FKtQK TX\\ӅQ"; 6];
    let bytes = pdf(&[DECISION[0], garbled, DECISION[1]]);
    for desk in [Desk::new(), Desk::bare()] {
        let read = desk.read(&bytes, PDF).unwrap();

        assert_eq!((read.garbled.as_slice(), read.pages[1].as_str()), ([2].as_slice(), ""));
        assert!(read.pages[2].contains("hiệu lực thi hành"), "{:?}", read.pages[2]);
        let all = desk.read(&pdf(&[garbled]), PDF).unwrap();
        assert!(!all.has_text() && !all.scanned && all.garbled == [1]);
    }
}

#[test]
fn a_font_without_a_table_of_letters_leaves_nothing_to_show() {
    // As word processors of old wrote it: the number of a glyph, which is its letter less 29.
    let line = "ijnh ijnh tai chinh, ke hoach va dau tu nam ngan sach nha nuoc ".repeat(2);
    let glyphs: String = line.chars().filter_map(|c| char::from_u32(u32::from(c) - 29)).collect();
    let bytes = mute_pdf(&[&[glyphs.as_str(); 8]]);
    for desk in [Desk::new(), Desk::bare()] {
        let read = desk.read(&bytes, PDF).unwrap();

        assert!(!read.has_text(), "{:?}: {:?}", read.engine, read.pages);
    }
}

#[test]
fn a_locked_pdf_is_called_locked() {
    for desk in [Desk::new(), Desk::bare()] {
        assert_eq!(desk.read(&locked_pdf(&DECISION), PDF), Err(Failure::Encrypted));
    }
}

#[test]
fn what_is_no_pdf_is_called_broken() {
    let whole = pdf(&DECISION);
    for desk in [Desk::new(), Desk::bare()] {
        for bytes in [&b""[..], b"PK\x03\x04 not a pdf at all", b"%PDF-1.7\n", &whole[..60]] {
            let failure = desk.read(bytes, PDF).unwrap_err();
            assert!(matches!(failure, Failure::Broken(_)), "{failure:?} for {} bytes", bytes.len());
        }
    }
}

#[test]
fn mutilated_files_never_do_more_than_fail() {
    let whole = pdf(&DECISION);
    for desk in [Desk::new(), Desk::bare()] {
        for step in 1..20 {
            let mut bytes = whole.clone();
            let at = bytes.len() * step / 20;
            bytes[at..].iter_mut().step_by(7).for_each(|byte| *byte = byte.wrapping_mul(31));
            if let Err(failure) = desk.read(&bytes, PDF) {
                assert!(matches!(failure, Failure::Broken(_) | Failure::TooLarge), "{failure:?}");
            }
        }
    }
}

#[test]
fn a_scan_is_read_by_ocr_page_by_page_up_to_a_limit() {
    let mut desk = Desk::new();
    let text = "QUYẾT ĐỊNH\nVề việc phê duyệt kế hoạch phát triển kinh tế\nỦy ban nhân dân tỉnh";
    let (gray, width, height) = printed(&desk, text);
    let path = desk.file("scan.pdf", &scanned_pdf(&[(gray.as_slice(), width, height); 3], &[]));
    desk.limits.ocr_pages = 2;

    let read = extract::ocr(&path, PDF, 3, &desk.tools, &desk.limits).unwrap();

    assert_eq!((read.engine.name.as_str(), read.pages.len(), read.left_out), ("tesseract", 2, 1));
    for words in ["QUYẾT ĐỊNH", "phê duyệt kế hoạch phát triển kinh tế", "Ủy ban nhân dân tỉnh"]
    {
        assert!(read.pages[1].contains(words), "{}", read.pages[1]);
    }
}

#[test]
fn a_picture_is_a_scan_and_is_read_by_ocr() {
    let desk = Desk::new();
    printed(&desk, "Giấy phép xây dựng\nxã Trà Sơn");
    let path = desk.path().join("print.tif");

    let found = extract::text(&path, "image/tiff", &desk.tools, &desk.limits).unwrap();
    assert!(found.scanned && !found.has_text());
    let read = extract::ocr(&path, "image/tiff", 1, &desk.tools, &desk.limits).unwrap();
    assert!(read.pages[0].contains("Giấy phép xây dựng"), "{}", read.pages[0]);
}

#[test]
fn without_tesseract_a_scan_stays_a_scan() {
    let desk = Desk::bare();
    let path = desk.file("scan.pdf", &scanned_pdf(&[(&[255; 100], 10, 10)], &[]));

    let read = extract::ocr(&path, PDF, 1, &desk.tools, &desk.limits);
    assert_eq!(read, Err(Failure::NoOcr));
}

#[test]
fn reading_leaves_the_file_as_it_was() {
    let desk = Desk::new();
    let (gray, width, height) = printed(&desk, "Thông báo\ncủa xã Trà Sơn");
    let path = desk.file("scan.pdf", &scanned_pdf(&[(&gray, width, height)], &[]));
    let digest = || Sha256::digest(fs::read(&path).unwrap());
    let before = (digest(), fs::metadata(&path).unwrap().modified().unwrap());

    extract::text(&path, PDF, &desk.tools, &desk.limits).unwrap();
    extract::ocr(&path, PDF, 1, &desk.tools, &desk.limits).unwrap();

    assert_eq!(before, (digest(), fs::metadata(&path).unwrap().modified().unwrap()));
}
