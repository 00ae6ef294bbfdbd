//! A table as a document of `WordprocessingML`: A4 across, a heading row on every page, plain runs
//! of text and nothing that a reader could execute.

use std::io::{Cursor, Write};

use anyhow::Context;
use base::Result;
use quick_xml::escape::escape;
use zip::{ZipWriter, write::SimpleFileOptions};

/// What goes into the document.
pub(crate) struct Paper {
    /// Lines above the table, centred.
    pub(crate) title: Vec<String>,
    /// What stands above each column, and its share of the width in hundredths.
    pub(crate) columns: Vec<(String, u32)>,
    /// The rows; lines of a cell are paragraphs.
    pub(crate) rows: Vec<Vec<String>>,
}

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
</Types>";

const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
</Relationships>";

/// The width between the margins, in twentieths of a point.
const WIDTH: u32 = 14_000;

impl Paper {
    /// The document. The same content is the same file.
    pub(crate) fn docx(&self) -> Result<Vec<u8>> {
        Ok(self.pack().context("cannot write the table as a document")?)
    }

    fn pack(&self) -> zip::result::ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let body = self.body();
        let parts = [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS),
            ("word/document.xml", body.as_str()),
        ];
        for (name, content) in parts {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(content.as_bytes())?;
        }
        Ok(zip.finish()?.into_inner())
    }

    fn body(&self) -> String {
        let title: String = self
            .title
            .iter()
            .map(|line| paragraph(line, "<w:jc w:val=\"center\"/>", true))
            .collect();
        let grid: String = self
            .columns
            .iter()
            .map(|(_, share)| format!("<w:gridCol w:w=\"{}\"/>", WIDTH * share / 100))
            .collect();
        let names: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let head = self.row(&names, true);
        let rows: String = self.rows.iter().map(|row| self.row(row, false)).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
             <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
             <w:body>{title}<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/>{BORDERS}\
             <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}\
             </w:tbl><w:p/><w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>\
             <w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1701\" \
             w:header=\"709\" w:footer=\"709\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
        )
    }

    fn row(&self, cells: &[String], is_head: bool) -> String {
        let head = if is_head { "<w:tblHeader/>" } else { "" };
        let cell = |(text, (_, share)): (&String, &(String, u32))| {
            let lines: String = text.lines().map(|line| paragraph(line, "", is_head)).collect();
            let lines = if lines.is_empty() { "<w:p/>".to_owned() } else { lines };
            let width = WIDTH * share / 100;
            format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{lines}</w:tc>")
        };
        let cells: String = cells.iter().zip(&self.columns).map(cell).collect();
        format!("<w:tr><w:trPr><w:cantSplit w:val=\"0\"/>{head}</w:trPr>{cells}</w:tr>")
    }
}

const BORDERS: &str = "<w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/>\
<w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/>\
<w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/>\
<w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders>";

fn paragraph(text: &str, properties: &str, is_bold: bool) -> String {
    // Characters that XML cannot hold would make the file unreadable.
    let legal: String = text.chars().filter(|c| is_legal(*c)).collect();
    let bold = if is_bold { "<w:b/>" } else { "" };
    format!(
        "<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>\
         <w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\"/>\
         {bold}<w:sz w:val=\"26\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escape(legal.as_str())
    )
}

fn is_legal(c: char) -> bool {
    c == '\t' || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}
