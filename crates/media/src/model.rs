//! The rules of files: which types are taken, what a name may be, who finds what is mentioned in
//! a text. Pure.

use base::{Error, FieldErrors, Message, Result};

use crate::{FileId, PictureId};

pub use crate::found::{Found, Group};

/// A type of file that offices publish.
#[derive(Debug, PartialEq, Eq)]
pub struct FileType {
    /// Its name in the settings, and the extension a name without one gets.
    pub id: &'static str,
    /// What browsers are told.
    pub media: &'static str,
    /// The other extensions it goes by.
    also: &'static [&'static str],
    /// What a browser may do with it.
    show: Show,
}

/// What a browser may do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    /// Show it: it cannot run as a page.
    Inline,
    /// Save it.
    Save,
}

const fn save(id: &'static str, media: &'static str, also: &'static [&'static str]) -> FileType {
    FileType { id, media, also, show: Show::Save }
}

const fn show(id: &'static str, media: &'static str, also: &'static [&'static str]) -> FileType {
    FileType { id, media, also, show: Show::Inline }
}

/// Every type the settings can name.
static TYPES: [FileType; 35] = [
    show("pdf", "application/pdf", &[]),
    save("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", &[]),
    save("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &[]),
    save("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", &[]),
    save("docm", "application/vnd.ms-word.document.macroEnabled.12", &[]),
    save("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12", &[]),
    save("pptm", "application/vnd.ms-powerpoint.presentation.macroEnabled.12", &[]),
    save("odt", "application/vnd.oasis.opendocument.text", &[]),
    save("ods", "application/vnd.oasis.opendocument.spreadsheet", &[]),
    save("odp", "application/vnd.oasis.opendocument.presentation", &[]),
    save("doc", "application/msword", &["dot"]),
    save("xls", "application/vnd.ms-excel", &["xlt"]),
    save("ppt", "application/vnd.ms-powerpoint", &["pps"]),
    save("rtf", "application/rtf", &[]),
    save("txt", "text/plain; charset=utf-8", &["md", "log"]),
    save("csv", "text/csv; charset=utf-8", &["tsv"]),
    save("json", "application/json", &["geojson"]),
    save("xml", "application/xml", &["xsd", "xsl", "kml"]),
    save("svg", "image/svg+xml", &[]),
    save("html", "text/html; charset=utf-8", &["htm", "xhtml"]),
    show("jpg", "image/jpeg", &["jpeg", "jpe", "jfif"]),
    show("png", "image/png", &[]),
    show("gif", "image/gif", &[]),
    show("webp", "image/webp", &[]),
    save("tif", "image/tiff", &["tiff"]),
    save("bmp", "image/bmp", &[]),
    save("mp3", "audio/mpeg", &[]),
    save("m4a", "audio/m4a", &[]),
    save("wav", "audio/wav", &[]),
    save("mp4", "video/mp4", &["m4v"]),
    save("webm", "video/webm", &[]),
    save("zip", "application/zip", &[]),
    save("rar", "application/vnd.rar", &[]),
    save("7z", "application/x-7z-compressed", &[]),
    save("gz", "application/gzip", &["tgz"]),
];

impl FileType {
    /// The type called `id`.
    pub fn named(id: &str) -> Option<&'static Self> {
        TYPES.iter().find(|it| it.id == id)
    }

    /// The type that browsers are told of as `media`.
    pub fn of_media(media: &str) -> Option<&'static Self> {
        TYPES.iter().find(|it| it.media == media)
    }

    /// The types whose files may be called `.extension`.
    pub(crate) fn called(extension: &str) -> impl Iterator<Item = &'static Self> {
        TYPES.iter().filter(move |it| it.goes_by(extension))
    }

    /// Whether files of this type may be called `.extension`.
    pub fn goes_by(&self, extension: &str) -> bool {
        self.id == extension || self.also.contains(&extension)
    }

    /// Whether a browser may show it on our site, because it cannot run as a page there.
    pub fn is_inline(&self) -> bool {
        self.show == Show::Inline
    }

    /// What people call it.
    pub fn label(&self) -> String {
        self.id.to_uppercase()
    }
}

/// What may be uploaded.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The largest file, in bytes.
    pub size: u64,
    /// How many files one form may bring.
    pub count: usize,
    /// The types that are taken.
    pub types: Vec<&'static FileType>,
}

impl Limits {
    /// Limits with the types that `names` lists; `Err` is the name nobody knows.
    pub fn new(max_mb: u32, count: usize, names: &str) -> Result<Self, String> {
        let known = |name: &str| FileType::named(name).ok_or_else(|| name.to_owned());
        let types = names.split_whitespace().map(known).collect::<Result<_, _>>()?;
        Ok(Self { size: u64::from(max_mb) << 20, count, types })
    }

    /// The types that are taken, for people.
    pub fn taken(&self) -> String {
        let labels: Vec<String> = self.types.iter().map(|it| it.label()).collect();
        labels.join(", ")
    }

    /// The type of a file whose content is `found`, if it is taken and its name does not say
    /// otherwise.
    pub fn admit(&self, name: &str, found: &Found) -> Result<&'static FileType, Message> {
        let extension = extension(name);
        let extension = extension.as_deref();
        let told = |key| Message::new(key).with("name", name).with("taken", self.taken());
        if *found == Found::Nothing {
            return Err(told("upload.unknown"));
        }
        let is_true = extension.is_none_or(|it| found.goes_by(it));
        let kind = found.kind(extension).filter(|kind| self.types.contains(kind));
        let told = match (kind, extension) {
            (Some(kind), _) if is_true => return Ok(kind),
            (Some(kind), Some(extension)) => {
                told("upload.false_extension").with("extension", extension).with("right", kind.id)
            }
            (None, Some(extension)) if !is_true => {
                told("upload.disguised").with("extension", extension)
            }
            _ => told("upload.kind"),
        };
        Err(told.naming("found", found.words(extension)))
    }
}

/// The longest name that is kept, in bytes: what the file systems of visitors take.
const MAX_NAME: usize = 200;

/// The last part of a file name, without what nobody sees and what no file system takes; a label
/// and never a path. The extension stays when the rest is cut.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let odd = |c: char| if "<>:\"|?*".contains(c) { '-' } else { c };
    let line: String = base::text::line(last).chars().map(odd).collect();
    let line = line.trim_matches(['.', ' ']);
    let (stem, extension) = match (extension(line), line.rsplit_once('.')) {
        (Some(_), Some((stem, _))) => (stem, line.strip_prefix(stem).unwrap_or_default()),
        _ => (line, ""),
    };
    let mut cut = String::new();
    for c in stem.chars() {
        if cut.len() + c.len_utf8() + extension.len() > MAX_NAME {
            break;
        }
        cut.push(c);
    }
    format!("{}{extension}", cut.trim_end())
}

/// What stands behind the last dot of a name, where it can be an extension: `Tờ trình 12.2026`
/// has none.
pub fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let plain = extension.len() <= 8 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    let lettered = extension.bytes().any(|b| b.is_ascii_alphabetic());
    (!stem.is_empty() && plain && lettered).then(|| extension.to_ascii_lowercase())
}

/// `name` with an extension, so that the computer of whoever downloads it can open it.
pub fn with_extension(name: String, kind: &FileType) -> String {
    match extension(&name) {
        Some(_) => name,
        None if name.is_empty() => format!("tep.{}", kind.id),
        None => format!("{name}.{}", kind.id),
    }
}

/// The last part of a file's address: readable, and plain letters only.
pub fn address_name(name: &str) -> String {
    let extension = extension(name).unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let slug = base::text::slug(stem, 80);
    let slug = if slug.is_empty() { "tep" } else { &slug };
    if extension.is_empty() { slug.to_owned() } else { format!("{slug}.{extension}") }
}

/// A number of bytes as Vietnamese write it: `1,2 MB`.
pub fn size_text(bytes: i64) -> String {
    let units = [(30, "GB"), (20, "MB"), (10, "KB")];
    let fitting = units.into_iter().find(|(shift, _)| bytes >> shift > 0);
    let Some((shift, unit)) = fitting else { return format!("{bytes} B") };
    let tenths = (bytes * 10) >> shift;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {unit}"),
        (whole, _) if whole >= 100 => format!("{whole} {unit}"),
        (whole, tenth) => format!("{whole},{tenth} {unit}"),
    }
}

/// What staff say of a file, as they typed it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Its title; the name of the file where it is empty.
    pub title: String,
    /// Who made it or permits its use (ND174-93c).
    pub source: String,
    /// On what terms it may be used again.
    pub licence: String,
}

impl About {
    /// What was typed, cleaned.
    pub fn typed(field: impl Fn(&str) -> String) -> Self {
        let line = |name: &str| base::text::line(&field(name));
        Self { title: line("title"), source: line("source"), licence: line("licence") }
    }

    /// Checks it against the rules.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::new();
        if self.source.is_empty() || self.source.chars().count() > 300 {
            errors.insert("source".into(), Message::new("file.source"));
        }
        for (name, text) in [("title", &self.title), ("licence", &self.licence)] {
            if text.chars().count() > 300 {
                errors.insert(name.into(), Message::new("too_long").with("max", 300));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}

/// The pictures and files that a text shows or leads to.
pub fn mentioned(text: &str) -> (Vec<PictureId>, Vec<FileId>) {
    let keys = |place: &'static str| {
        text.split(place).skip(1).filter_map(|rest| rest.get(..36)).map(str::to_owned)
    };
    let pictures = keys("/anh/").filter_map(|key| PictureId::parse(&key)).collect();
    let files = keys("/tep/").filter_map(|key| FileId::parse(&key)).collect();
    (pictures, files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits::new(10, 20, "pdf docx csv txt jpg").unwrap()
    }

    #[track_caller]
    fn check(name: &str, found: Found, result: &str) {
        let got = match limits().admit(name, &found) {
            Ok(kind) => kind.id.to_owned(),
            Err(message) => message.key().to_owned(),
        };
        assert_eq!(got, result, "{name} {found:?}");
    }

    fn known(id: &str) -> Found {
        Found::Known(FileType::named(id).unwrap())
    }

    #[test]
    fn a_name_that_contradicts_its_content_is_refused() {
        check("a.pdf", known("pdf"), "pdf");
        check("a.PDF", known("pdf"), "pdf");
        check("Tờ trình 12.2026", known("pdf"), "pdf");
        check("a.jpeg", known("jpg"), "jpg");
        check("a.pdf", known("docx"), "upload.false_extension");
        check("a.exe", known("pdf"), "upload.false_extension");
        check("a.pdf", Found::Text, "upload.false_extension");
        let exe = || Found::Other(Group::Program, "exe".into());
        check("a.pdf", exe(), "upload.disguised");
        check("a.pdf", known("zip"), "upload.disguised");
        check("a.exe", exe(), "upload.kind");
        check("a.zip", known("zip"), "upload.kind");
        check("a.bat", Found::Text, "upload.kind");
        check("a.bin", Found::Nothing, "upload.unknown");
        check("a", exe(), "upload.kind");
    }

    #[test]
    fn only_a_name_tells_texts_apart() {
        check("a.csv", Found::Text, "csv");
        check("a.txt", Found::Text, "txt");
        check("a", Found::Text, "txt");
        check("a.json", Found::Text, "upload.kind");
    }

    #[test]
    fn a_file_name_is_a_label_and_never_a_path() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\ảnh\\cầu\u{202E}.jpg"), "cầu.jpg");
        assert_eq!(clean_name(&"a/".repeat(300)), "");
        assert_eq!(clean_name("a\"b?.pdf\u{0}"), "a-b-.pdf");
        let long = clean_name(&format!("{}.pdf", "Quyết định ".repeat(30)));
        assert!(long.len() <= MAX_NAME && long.ends_with(".pdf"), "{long}");
    }

    #[test]
    fn an_address_is_readable_and_plain() {
        assert_eq!(address_name("Quyết định số 12.PDF"), "quyet-dinh-so-12.pdf");
        assert_eq!(address_name("文.pdf"), "tep.pdf");
    }

    #[test]
    fn sizes_are_written_as_vietnamese_write_them() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KB"),
            (1_300_000, "1,2 MB"),
            (500 << 20, "500 MB"),
            (3 << 29, "1,5 GB"),
        ] {
            assert_eq!(size_text(bytes), text);
        }
    }

    #[test]
    fn a_text_mentions_pictures_and_files() {
        let (picture, file) = (PictureId::new(), FileId::new());
        let text = format!("![a](/anh/{picture}.webp) [b](https://x.vn/tep/{file}/a.pdf) /tep/é");
        assert_eq!(mentioned(&text), (vec![picture], vec![file]));
    }
}
