//! Files for the tests, made here: what is in them can be read here too.

use std::{
    fs,
    io::{Cursor, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use extract::{Extracted, Failure, Limits, Place, Tools};
use lopdf::{
    Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream,
    content::{Content, Operation},
    dictionary,
};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

pub(crate) const PDF: &str = "application/pdf";
pub(crate) const DOCX: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(crate) const ODT: &str = "application/vnd.oasis.opendocument.text";
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A folder for files, and what reads them.
pub(crate) struct Desk {
    dir: TempDir,
    pub(crate) tools: Tools,
    pub(crate) limits: Limits,
}

impl Desk {
    /// With the tools that are installed.
    pub(crate) fn new() -> Self {
        Self::with(&Place::Auto)
    }

    /// With what is compiled in, and nothing else.
    pub(crate) fn bare() -> Self {
        Self::with(&Place::Off)
    }

    fn with(place: &Place) -> Self {
        let tools = Tools::find(env!("CARGO_BIN_EXE_conglang"), place, place, "vie");
        Self { dir: TempDir::new().unwrap(), tools, limits: Limits::default() }
    }

    /// With a shell script in the place of pdftotext.
    pub(crate) fn with_pdftotext(script: &str) -> Self {
        let mut desk = Self::bare();
        let asked = "[ \"$1\" = -v ] && echo pdftotext version 1.0 && exit 0";
        for name in ["pdftotext", "pdfimages", "pdftoppm"] {
            let path = desk.file(name, format!("#!/bin/sh\n{asked}\n{script}\n").as_bytes());
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let place = Place::Folder(desk.dir.path().to_owned());
        desk.tools = Tools::find(env!("CARGO_BIN_EXE_conglang"), &place, &Place::Off, "vie");
        assert!(desk.tools.poppler.is_some());
        desk
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, bytes: &[u8], kind: &str) -> Result<Extracted, Failure> {
        let path = self.file("file", bytes);
        extract::text(&path, kind, &self.tools, &self.limits)
    }
}

/// The lines of each page, as a PDF whose font says which letters it has.
pub(crate) fn pdf(pages: &[&[&str]]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let font = pdf.font();
    for lines in pages {
        pdf.text_page(font, lines);
    }
    pdf.bytes()
}

/// The same with a font that does not say which letters it has.
pub(crate) fn mute_pdf(pages: &[&[&str]]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let font = pdf.font();
    if let Ok(font) = pdf.document.get_dictionary_mut(font) {
        font.remove(b"ToUnicode");
    }
    pages.iter().for_each(|lines| pdf.text_page(font, lines));
    pdf.bytes()
}

/// The same, locked with a password.
pub(crate) fn locked_pdf(pages: &[&[&str]]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let font = pdf.font();
    pages.iter().for_each(|lines| pdf.text_page(font, lines));
    let mut document = pdf.document();
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "chủ",
        user_password: "khoá",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    saved(document)
}

/// Pictures as PDF, with `stamp` on each: gray, 8 bits, width and height.
pub(crate) fn scanned_pdf(pictures: &[(&[u8], u32, u32)], stamp: &[&str]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let font = pdf.font();
    for (gray, width, height) in pictures {
        pdf.picture_page(gray, (*width, *height), (font, stamp));
    }
    pdf.bytes()
}

struct Pdf {
    document: Document,
    tree: ObjectId,
    pages: Vec<Object>,
}

impl Pdf {
    fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let tree = document.new_object_id();
        Self { document, tree, pages: Vec::new() }
    }

    /// Codes are UTF-16, and the font says so.
    fn font(&mut self) -> ObjectId {
        let rows: Vec<String> =
            (0..=255).map(|row| format!("<{row:02X}00> <{row:02X}FF> <{row:02X}00>\n")).collect();
        let ranges = rows
            .chunks(64)
            .map(|rows| format!("{} beginbfrange\n{}endbfrange\n", rows.len(), rows.concat()));
        let cmap = format!(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n\
             <0000> <FFFF>\nendcodespacerange\n{}endcmap\n\
             CMapName currentdict /CMap defineresource pop\nend\nend",
            ranges.collect::<String>()
        );
        let unicode = self.document.add_object(Stream::new(dictionary! {}, cmap.into_bytes()));
        let descendant = self.document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "Mo", "DW" => 500,
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"), "Supplement" => 0,
            },
            "FontDescriptor" => dictionary! {
                "Type" => "FontDescriptor", "FontName" => "Mo", "Flags" => 4, "Ascent" => 800,
                "Descent" => -200, "CapHeight" => 700, "ItalicAngle" => 0, "StemV" => 80,
                "FontBBox" => vec![0.into(), (-200).into(), 1000.into(), 900.into()],
            },
        });
        self.document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Mo", "Encoding" => "Identity-H",
            "DescendantFonts" => vec![descendant.into()], "ToUnicode" => unicode,
        })
    }

    fn text_page(&mut self, font: ObjectId, lines: &[&str]) {
        let operations = text(lines);
        self.page(operations, dictionary! { "Font" => dictionary! { "F1" => font } });
    }

    fn picture_page(&mut self, gray: &[u8], size: (u32, u32), stamp: (ObjectId, &[&str])) {
        let (width, height) = (i64::from(size.0), i64::from(size.1));
        let mut picture = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "Width" => width, "Height" => height,
                "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
            },
            gray.to_vec(),
        );
        picture.compress().unwrap();
        let picture = self.document.add_object(picture);
        // As wide as the page, at its top.
        let tall = 595 * height / width;
        let fit = [595, 0, 0, tall, 0, 842 - tall].map(Object::from).to_vec();
        let mut operations = vec![
            Operation::new("q", vec![]),
            Operation::new("cm", fit),
            Operation::new("Do", vec!["Scan".into()]),
            Operation::new("Q", vec![]),
        ];
        operations.extend(text(stamp.1));
        let resources = dictionary! {
            "Font" => dictionary! { "F1" => stamp.0 },
            "XObject" => dictionary! { "Scan" => picture },
        };
        self.page(operations, resources);
    }

    fn page(&mut self, operations: Vec<Operation>, resources: lopdf::Dictionary) {
        let content = Content { operations }.encode().unwrap();
        let content = self.document.add_object(Stream::new(dictionary! {}, content));
        let page = self.document.add_object(dictionary! {
            "Type" => "Page", "Parent" => self.tree, "Contents" => content,
            "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        });
        self.pages.push(page.into());
    }

    fn document(mut self) -> Document {
        let count = i64::try_from(self.pages.len()).unwrap();
        let tree = dictionary! { "Type" => "Pages", "Kids" => self.pages, "Count" => count };
        self.document.objects.insert(self.tree, tree.into());
        let catalog =
            self.document.add_object(dictionary! { "Type" => "Catalog", "Pages" => self.tree });
        self.document.trailer.set("Root", catalog);
        self.document
    }

    fn bytes(self) -> Vec<u8> {
        saved(self.document())
    }
}

fn text(lines: &[&str]) -> Vec<Operation> {
    let mut operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 12.into()]),
        Operation::new("Td", vec![72.into(), 780.into()]),
    ];
    for line in lines {
        let codes: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let codes = Object::String(codes, lopdf::StringFormat::Hexadecimal);
        operations.push(Operation::new("Tj", vec![codes]));
        operations.push(Operation::new("Td", vec![0.into(), (-16).into()]));
    }
    operations.push(Operation::new("ET", vec![]));
    operations
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A zip file with these parts.
pub(crate) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A DOCX with this body.
pub(crate) fn docx(body: &str) -> Vec<u8> {
    let open = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"urn:w\"><w:body>";
    package(&[("word/document.xml", &format!("{open}{body}</w:body></w:document>"))])
}

/// A paragraph of a DOCX.
pub(crate) fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// An ODT with these styles and this body.
pub(crate) fn odt(styles: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:o\" \
         xmlns:text=\"urn:t\" xmlns:table=\"urn:b\" xmlns:style=\"urn:s\" xmlns:fo=\"urn:f\">\
         <office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    package(&[("content.xml", &content)])
}

/// A picture of printed text, made by what comes with tesseract: gray, width and height.
pub(crate) fn printed(desk: &Desk, text: &str) -> (Vec<u8>, u32, u32) {
    let source = desk.file("print.txt", text.as_bytes());
    let base = desk.path().join("print");
    let run = |program: &str, args: &[&str]| {
        // text2image leaves a file where it works.
        let output = Command::new(program).args(args).current_dir(desk.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let base = base.to_str().unwrap();
    run(
        "text2image",
        &[
            "--text",
            source.to_str().unwrap(),
            "--outputbase",
            base,
            "--font=Noto Serif",
            "--fonts_dir=/usr/share/fonts",
            "--ptsize=14",
            "--resolution=200",
            "--xsize=1654",
            "--ysize=1000",
            "--degrade_image=false",
        ],
    );
    // The picture comes out as TIFF; this is the way to plain pixels.
    run("tesseract", &[&format!("{base}.tif"), base, "-l", "eng", "pdf"]);
    run("pdftoppm", &["-r", "200", "-gray", "-singlefile", &format!("{base}.pdf"), base]);
    let pgm = fs::read(format!("{base}.pgm")).unwrap();
    let mut lines = pgm.splitn(4, |byte| *byte == b'\n');
    lines.next();
    let size = String::from_utf8(lines.next().unwrap().to_vec()).unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    let gray = lines.nth(1).unwrap().to_vec();
    (gray, width.parse().unwrap(), height.parse().unwrap())
}
