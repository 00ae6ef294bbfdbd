//! The text of files, read in a separate process with limits.
//!
//! [`text`] reads PDF, DOCX, ODT and XLSX, [`ocr`] letters in pictures, [`sheets`] the cells of a
//! workbook; [`readable`] makes pages of text into HTML. Nothing here trusts a file: whatever
//! parses one runs in a child of ours ([`inside`]) that may use so much time, memory and output and no
//! more, and of which nothing is left. Files are only ever opened for reading.
//!
//! Read `tools`, `child`, `inside`, then the readers.

mod child;
mod clean;
mod failure;
mod format;
mod garbled;
pub mod inside;
mod legacy;
mod limits;
mod ocr;
mod poppler;
pub mod readable;
mod scan;
mod tools;

use std::path::{Path, PathBuf};

pub use failure::Failure;
pub use format::is_readable;
pub use inside::Sheet;
pub use legacy::to_unicode;
pub use limits::Limits;
pub use ocr::ocr;
pub use readable::Flow;
pub use tools::{Engine, Place, Poppler, Tesseract, Tools};

use format::Format;
use inside::{Found, Work};

/// The text of a file, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// What read it.
    pub engine: Engine,
    /// The text of each page, cleaned; of each sheet for a workbook. A document of an office
    /// program has the pages that its author began by hand.
    pub pages: Vec<String>,
    /// Whether the file is pictures of text with little or no text of its own: it needs OCR.
    pub scanned: bool,
    /// The numbers of the pages that are such pictures.
    pub scans: Vec<usize>,
    /// The numbers of the pages whose text nobody can read, because the fonts do not say which
    /// letters they draw. Such a page is empty here: it needs OCR too.
    pub garbled: Vec<usize>,
    /// Whether a line of the text is a line of print or a whole paragraph.
    pub flow: Flow,
    /// Pages at the end that were not read because there are too many.
    pub left_out: usize,
}

impl Extracted {
    /// Whether any text was found.
    pub fn has_text(&self) -> bool {
        self.pages.iter().any(|page| !page.is_empty())
    }
}

/// Reads the text of the file at `path`, which is of the media type `kind`. Takes as long as
/// `limits` allow: never call it on a thread that answers requests.
pub fn text(path: &Path, kind: &str, tools: &Tools, limits: &Limits) -> Result<Extracted, Failure> {
    let format = Format::of(kind)?;
    let path = absolute(path)?;
    let (found, engine, flow) = match (format, &tools.poppler) {
        (Format::Image, _) => {
            let found = Found { pages: vec![String::new()], scans: vec![1], ..Found::default() };
            (found, Engine::own("image"), Flow::Lines)
        }
        (Format::Pdf, Some(poppler)) => {
            let found = poppler::read(poppler, &path, tools, limits)?;
            (found, Engine::new("pdftotext", Some(&poppler.version)), Flow::Lines)
        }
        (Format::Pdf, None) => {
            (read(format, path, tools, limits)?, Engine::new("lopdf", None), Flow::Lines)
        }
        (format, _) => {
            let found = read(format, path, tools, limits)?;
            (found, Engine::own(format.name()), Flow::Paragraphs)
        }
    };
    let Found { mut pages, scans, .. } = found;
    // Old Vietnamese encodings first: what they leave behind looks garbled and is not.
    pages.iter_mut().for_each(|page| *page = legacy::to_unicode(page).into_owned());
    // Only a PDF can know how letters look and not which they are.
    let garbled = if format == Format::Pdf { garbled::pages(&pages) } else { Vec::new() };
    let clean = |(number, page): (usize, String)| match garbled.contains(&number) {
        true => String::new(),
        false => clean::tidy(&page),
    };
    let pages: Vec<String> = (1..).zip(pages).map(clean).collect();
    let scanned = scan::is_mostly(&scans, &pages);
    Ok(Extracted { engine, pages, scanned, scans, garbled, flow, left_out: 0 })
}

/// Reads the cells of the workbook at `path`.
pub fn sheets(path: &Path, tools: &Tools, limits: &Limits) -> Result<Vec<Sheet>, Failure> {
    Ok(read(Format::Xlsx, absolute(path)?, tools, limits)?.sheets)
}

/// The child works in another folder.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().map_err(Failure::unavailable)
}

/// Has a child read a file with a reader of this crate.
fn read(format: Format, file: PathBuf, tools: &Tools, limits: &Limits) -> Result<Found, Failure> {
    let desk = child::desk()?;
    let printed = child::run(tools, limits, desk.path(), Work::Read { format, file })?;
    serde_json::from_slice::<Result<Found, Failure>>(&printed).map_err(Failure::unavailable)?
}
