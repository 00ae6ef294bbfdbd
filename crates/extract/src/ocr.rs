//! Letters in pictures, read by tesseract. Slow: seconds a page.

use std::path::{Path, PathBuf};

use crate::{
    Engine, Extracted, Failure, Flow, Limits, Poppler, Tesseract, Tools, absolute, child, clean,
    format::Format,
};

/// Dots an inch at which pages become pictures: what tesseract was trained on is 300, half the
/// time of which gives the same words on printed documents.
const DPI: &str = "200";

/// Reads a scanned PDF or a picture. `pages` is how many the file has, as [`crate::text`] found.
pub fn ocr(
    path: &Path,
    kind: &str,
    pages: usize,
    tools: &Tools,
    limits: &Limits,
) -> Result<Extracted, Failure> {
    let reader = Reader {
        tesseract: tools.tesseract.as_ref().ok_or(Failure::NoOcr)?,
        tools,
        limits: &Limits { time: limits.ocr_page_time, ..*limits },
    };
    let path = absolute(path)?;
    let text = match Format::of(kind)? {
        Format::Image => reader.picture(&path)?,
        Format::Pdf => {
            let poppler = tools.poppler.as_ref().ok_or(Failure::NoOcr)?;
            let numbers = 1..=pages.min(limits.ocr_pages);
            numbers.map(|page| reader.page(poppler, &path, page)).collect::<Result<_, _>>()?
        }
        _ => return Err(Failure::Unsupported),
    };
    Ok(Extracted {
        engine: Engine::new("tesseract", Some(&reader.tesseract.version)),
        left_out: pages.saturating_sub(text.len()),
        pages: text,
        scanned: false,
        scans: Vec::new(),
        garbled: Vec::new(),
        flow: Flow::Lines,
    })
}

struct Reader<'a> {
    tesseract: &'a Tesseract,
    tools: &'a Tools,
    limits: &'a Limits,
}

impl Reader<'_> {
    /// A picture may have several pages: TIFF can.
    fn picture(&self, file: &Path) -> Result<Vec<String>, Failure> {
        let desk = child::desk()?;
        let text = self.read(desk.path(), file)?;
        let text = text.strip_suffix('\u{C}').unwrap_or(&text);
        Ok(text.split('\u{C}').map(clean::page).collect())
    }

    fn page(&self, poppler: &Poppler, file: &Path, page: usize) -> Result<String, Failure> {
        let desk = child::desk()?;
        let number = page.to_string();
        let picture: PathBuf = desk.path().join("page");
        let mut args: Vec<_> = ["-f", &number, "-l", &number, "-r", DPI, "-gray", "-singlefile"]
            .map(Into::into)
            .to_vec();
        args.extend([file.into(), picture.clone().into()]);
        child::run_program(self.tools, self.limits, desk.path(), &poppler.pdftoppm, args)?;
        Ok(clean::page(&self.read(desk.path(), &picture.with_extension("pgm"))?))
    }

    fn read(&self, desk: &Path, picture: &Path) -> Result<String, Failure> {
        let args =
            [picture.into(), "stdout".into(), "-l".into(), (&self.tesseract.language).into()];
        let program = &self.tesseract.program;
        let printed = child::run_program(self.tools, self.limits, desk, program, args.to_vec())?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }
}
