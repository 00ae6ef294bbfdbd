//! The programs of others that read files better than we do, where they are installed.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where programs are looked for; the environment has no say.
const PLACES: [&str; 4] = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"];

/// Where to look for programs: a value of `[extract]` in `portal.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the usual folders.
    Auto,
    /// Nowhere.
    Off,
    /// In this folder.
    Folder(PathBuf),
}

impl Place {
    /// Reads `auto`, `off` or a folder.
    pub fn parse(text: &str) -> Self {
        match text {
            "auto" => Self::Auto,
            "off" | "" => Self::Off,
            folder => Self::Folder(PathBuf::from(folder)),
        }
    }

    fn find(&self, program: &str) -> Option<PathBuf> {
        let folders: Vec<&Path> = match self {
            Self::Auto => PLACES.iter().map(Path::new).collect(),
            Self::Off => Vec::new(),
            Self::Folder(folder) => vec![folder],
        };
        folders.into_iter().map(|folder| folder.join(program)).find(|path| path.is_file())
    }
}

/// The programs that were found, and the one that starts them within limits: ourselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tools {
    /// `conglang`, which has the hidden command `extract`.
    pub(crate) program: PathBuf,
    /// What reads PDF files; a Rust crate does where it is absent.
    pub poppler: Option<Poppler>,
    /// What reads letters in pictures.
    pub tesseract: Option<Tesseract>,
}

/// The tools of the poppler project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poppler {
    /// The version, such as `22.12.0`.
    pub version: String,
    pub(crate) pdftotext: PathBuf,
    pub(crate) pdfimages: PathBuf,
    pub(crate) pdftoppm: PathBuf,
}

/// Tesseract with a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tesseract {
    /// The version, such as `5.3.0`.
    pub version: String,
    /// The language it reads, such as `vie`.
    pub language: String,
    pub(crate) program: PathBuf,
}

impl Tools {
    /// Only what is compiled in, run by `program`.
    pub fn none(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), poppler: None, tesseract: None }
    }

    /// What is installed. Starts each program once to ask its version.
    pub fn find(
        program: impl Into<PathBuf>,
        poppler: &Place,
        tesseract: &Place,
        language: &str,
    ) -> Self {
        Self {
            program: program.into(),
            poppler: Poppler::find(poppler),
            tesseract: Tesseract::find(tesseract, language),
        }
    }

    /// Whether scanned PDF files, and not only pictures, can be read.
    pub fn can_ocr_pdf(&self) -> bool {
        self.poppler.is_some() && self.tesseract.is_some()
    }
}

impl Poppler {
    fn find(place: &Place) -> Option<Self> {
        let pdftotext = place.find("pdftotext")?;
        let version = version_in(&ask(&pdftotext, "-v")?)?;
        let (pdfimages, pdftoppm) = (place.find("pdfimages")?, place.find("pdftoppm")?);
        Some(Self { version, pdftotext, pdfimages, pdftoppm })
    }
}

impl Tesseract {
    fn find(place: &Place, language: &str) -> Option<Self> {
        let program = place.find("tesseract")?;
        let version = version_in(&ask(&program, "--version")?)?;
        let languages = ask(&program, "--list-langs")?;
        let known = languages.lines().any(|line| line.trim() == language);
        known.then(|| Self { version, language: language.to_owned(), program })
    }
}

/// What a program says about itself, wherever it says it.
fn ask(program: &Path, about: &str) -> Option<String> {
    let mut command = Command::new(program);
    let output = command.arg(about).env_clear().stdin(Stdio::null()).output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&said).into_owned())
}

/// The first number with a dot.
fn version_in(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let version = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(version.to_owned())
}

/// What read a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Engine {
    /// Its name, such as `pdftotext`.
    pub name: String,
    /// Its version, when it is known.
    pub version: Option<String>,
}

impl Engine {
    pub(crate) fn new(name: &str, version: Option<&str>) -> Self {
        Self { name: name.to_owned(), version: version.map(str::to_owned) }
    }

    /// A reader of this crate.
    pub(crate) fn own(format: &str) -> Self {
        Self::new(&format!("conglang {format}"), Some(env!("CARGO_PKG_VERSION")))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{} {version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_first_number_a_program_says() {
        assert_eq!(version_in("pdftotext version 22.12.0\nCopyright").unwrap(), "22.12.0");
        assert_eq!(version_in("tesseract 5.3.0\n leptonica-1.82.0").unwrap(), "5.3.0");
        assert_eq!(version_in("no such option"), None);
    }

    #[test]
    fn a_place_is_auto_off_or_a_folder() {
        assert_eq!(Place::parse("auto"), Place::Auto);
        assert_eq!(Place::parse("off").find("sh"), None);
        assert_eq!(Place::parse("/bin").find("sh"), Some(PathBuf::from("/bin/sh")));
    }
}
