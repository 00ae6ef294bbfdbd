//! What a reader sees of a legal text.

use super::{Block, Flow, Place, Rank, Readable, Span, readable};

const DECISION: &str = "ỦY BAN NHÂN DÂN\nTỈNH MƠ\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\
    Độc lập - Tự do - Hạnh phúc\n\nChương I\nQUY ĐỊNH CHUNG\n\nĐiều 1. Phạm vi điều chỉnh\n\
    1. Quy định này quy định về quản lý, sử dụng kinh phí theo\n\
    Điều 5 Luật Ngân sách nhà nước trên địa bàn tỉnh.\n\
    a) Hỗ trợ người nghèo;\nb) Hỗ trợ <b>trẻ em</b> & người già và những người được\n- 1 -\n";

const NEXT: &str = "2\nchính quyền cấp xã xác nhận.\nĐiều 2. Hiệu lực\nQuyết định này có hiệu lực từ ngày ký.\n\
    QUY CHẾ\nĐiều 1. Chung\nNội dung.\n";

fn read(flow: Flow, pages: &[&str]) -> Readable {
    let pages: Vec<String> = pages.iter().map(ToString::to_string).collect();
    readable(&pages, flow, Place { top: 2, prefix: "" })
}

fn paragraphs(text: &Readable) -> Vec<String> {
    let words = |spans: &Vec<Span>| {
        let texts = spans.iter().map(|span| match span {
            Span::Text(text) => text.clone(),
            Span::Page(page) => format!("[{page}]"),
        });
        texts.collect::<Vec<_>>().join(" ")
    };
    text.blocks
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(spans) => Some(words(spans)),
            _ => None,
        })
        .collect()
}

#[test]
fn paragraphs_are_whole_again_across_lines_and_pages() {
    let text = read(Flow::Lines, &[DECISION, NEXT]);

    let paragraphs = paragraphs(&text);
    assert!(paragraphs.contains(
        &"1. Quy định này quy định về quản lý, sử dụng kinh phí theo Điều 5 Luật Ngân sách nhà \
          nước trên địa bàn tỉnh."
            .to_owned()
    ), "{paragraphs:#?}");
    assert!(paragraphs.contains(
        &"b) Hỗ trợ <b>trẻ em</b> & người già và những người được [2] chính quyền cấp xã xác nhận."
            .to_owned()
    ), "{paragraphs:#?}");
}

#[test]
fn headings_have_anchors_of_their_own_and_stand_in_the_table_of_contents() {
    let text = read(Flow::Lines, &[DECISION, NEXT]);

    let contents: Vec<_> = text
        .contents()
        .map(|(it, page)| (it.rank, it.anchor.as_str(), it.label.as_str(), it.title.as_str(), page))
        .collect();
    assert_eq!(
        contents,
        [
            (Rank::Chapter, "chuong-i", "Chương I", "QUY ĐỊNH CHUNG", 1),
            (Rank::Article, "dieu-1", "Điều 1", "Phạm vi điều chỉnh", 1),
            (Rank::Article, "dieu-2", "Điều 2", "Hiệu lực", 2),
            (Rank::Article, "dieu-1-2", "Điều 1", "Chung", 2),
        ]
    );
}

#[test]
fn nothing_of_a_file_becomes_markup() {
    let text = read(Flow::Lines, &[DECISION, NEXT, "<script>alert(1)</script>\ta\t\"b\"\n"]);

    assert!(text.html.contains("&lt;b&gt;trẻ em&lt;/b&gt; &amp; người già"));
    assert!(text.html.contains("<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>"));
    assert!(!text.html.contains("<script"));
}

#[test]
fn pages_are_marked_and_heading_levels_follow_one_another() {
    let text = read(Flow::Lines, &[DECISION, NEXT]);

    assert!(text.html.contains("<div class=\"text-page\" id=\"trang-1\" data-page=\"1\"></div>"));
    assert!(text.html.contains("<span class=\"text-page\" id=\"trang-2\" data-page=\"2\"></span>"));
    assert!(text.html.contains("<h2 id=\"chuong-i\">Chương I. QUY ĐỊNH CHUNG</h2>"));
    assert!(text.html.contains("<h3 id=\"dieu-1\">Điều 1. Phạm vi điều chỉnh</h3>"));
    assert!(text.html.contains("<p class=\"text-state\">Độc lập - Tự do - Hạnh phúc</p>"));
    assert!(!text.html.contains(">- 1 -<"), "the number of the page is not its text");
    let flat = read(Flow::Lines, &["Điều 1. Chung\n"]);
    assert!(flat.html.contains("<h2 id=\"dieu-1\">"), "no level is skipped");
}

#[test]
fn a_line_goes_on_below_only_where_the_next_word_had_no_room() {
    let page = "Điều 1. Hợp tác quốc tế trong lĩnh vực bảo vệ an ninh\n\
        Nhà nước có chính sách hợp tác với các nước, tổ chức quốc tế, tổ chức khu vực\n\
        Đông Nam Á\nĐiều 2. Trách nhiệm của Bộ Ngoại giao trong quản lý nhà nước về đối\n\
        ngoại\n";
    let text = read(Flow::Lines, &[page]);

    let titles: Vec<_> = text.contents().map(|(heading, _)| heading.title.clone()).collect();
    let title = "Trách nhiệm của Bộ Ngoại giao trong quản lý nhà nước về đối ngoại";
    assert_eq!(titles, ["Hợp tác quốc tế trong lĩnh vực bảo vệ an ninh", title]);
    assert!(paragraphs(&text)[0].ends_with("tổ chức khu vực Đông Nam Á"), "{text:#?}");
}

#[test]
fn the_name_of_the_state_within_a_sentence_is_no_head() {
    let page = "nguy hại cho an ninh quốc gia của nước\nCộng hoà xã hội chủ nghĩa Việt Nam.\n";
    let text = read(Flow::Lines, &[page]);

    assert!(paragraphs(&text)[0].ends_with("của nước Cộng hoà xã hội chủ nghĩa Việt Nam."));
}

#[test]
fn what_is_no_heading_stays_in_its_paragraph() {
    for line in [
        "Điều 5 của Luật này",
        "Mục 1 và mục 2 của Chương này",
        "“Điều 5. Sửa đổi",
        "điều 5. không phải",
        "Phần lớn các xã",
        "Chương trình mục tiêu quốc gia",
        "Phụ lục kèm theo Quyết định này",
    ] {
        assert_eq!(read(Flow::Lines, &[line]).contents().count(), 0, "{line}");
    }
    for line in
        ["Điều 12a. Bổ sung", "Mục 2", "PHẦN THỨ NHẤT", "Phụ lục III", "PHỤ LỤC", "CHƯƠNG XI"]
    {
        assert_eq!(read(Flow::Lines, &[line]).contents().count(), 1, "{line}");
    }
}

#[test]
fn the_paragraphs_of_an_office_document_stay_as_they_are() {
    let text =
        read(Flow::Paragraphs, &["Một đoạn không có dấu chấm\nđoạn khác\nSTT\tTên\n1\tMột\n"]);

    assert_eq!(paragraphs(&text), ["Một đoạn không có dấu chấm", "đoạn khác"]);
    assert!(
        text.html.contains("<tr><td>STT</td><td>Tên</td></tr>\n<tr><td>1</td><td>Một</td></tr>")
    );
}

#[test]
fn anchors_differ_even_where_numbered_ones_are_names_too() {
    let text = read(Flow::Lines, &["Điều 5. Một\nĐiều 5. Hai\nĐiều 5. Ba\n"]);
    let anchors: Vec<&str> = text.contents().map(|(it, _)| it.anchor.as_str()).collect();
    assert_eq!(anchors, ["dieu-5", "dieu-5-2", "dieu-5-3"]);
}

#[test]
fn a_long_row_does_not_swell_the_short_ones() {
    let rows = format!("{}{}", "a\tb\n".repeat(2000), "c\t".repeat(2000));
    let text = readable(&[rows], Flow::Paragraphs, Place { top: 2, prefix: "tep-1-" });
    assert!(text.html.len() < 200_000, "{}", text.html.len());
    assert!(text.html.contains("id=\"tep-1-trang-1\"") && text.html.contains("colspan=\"1999\""));
}
