//! The files that a register names, in a folder somebody filled by hand.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use base::{Message, Number};

use super::Entry;

/// A folder and the folders in it, read once.
#[derive(Debug, Default)]
pub struct Folder {
    by_name: HashMap<String, Vec<PathBuf>>,
    by_number: HashMap<String, Vec<PathBuf>>,
}

/// What parts several names in one cell, tried in this order: names contain commas more often.
const MARKS: [char; 3] = [';', '|', ','];

impl Folder {
    /// Reads the names of the files. Links are not followed: they may lead out of the folder.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut folder = Self::default();
        let mut waiting = vec![root.to_owned()];
        while let Some(place) = waiting.pop() {
            for entry in fs::read_dir(place)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    waiting.push(entry.path());
                } else if kind.is_file() {
                    folder.add(entry.path());
                }
            }
        }
        let (names, numbers) = (folder.by_name.values_mut(), folder.by_number.values_mut());
        names.chain(numbers).for_each(|paths| paths.sort());
        Ok(folder)
    }

    fn add(&mut self, path: PathBuf) {
        let (name, stem) = (path.file_name(), path.file_stem());
        let text =
            |it: Option<&std::ffi::OsStr>| it.unwrap_or_default().to_string_lossy().into_owned();
        let (name, stem) = (text(name), text(stem));
        if let Some(number) = number_in(&stem) {
            self.by_number.entry(number.key()).or_default().push(path.clone());
        }
        let keys = [plain(&name), plain(&stem)];
        for key in keys.iter().take(if keys[0] == keys[1] { 1 } else { 2 }) {
            self.by_name.entry(key.clone()).or_default().push(path.clone());
        }
    }

    /// The files that no row of `rows` brings.
    pub fn unused(&self, rows: &[Entry]) -> Vec<PathBuf> {
        let lines = rows.iter().filter_map(|(_, row)| row.as_ref().ok());
        let used: HashSet<&PathBuf> = lines.flat_map(|line| &line.paths).collect();
        let all: BTreeSet<&PathBuf> = self.by_name.values().flatten().collect();
        all.into_iter().filter(|path| !used.contains(path)).cloned().collect()
    }

    /// The files a cell names: with or without their endings, in any capitals, several parted by
    /// semicolons. Refuses a name that no file has or that several have.
    pub fn named(&self, cell: &str) -> Result<Vec<PathBuf>, Message> {
        let name = cell.rsplit(['/', '\\']).next().unwrap_or(cell);
        match self.by_name.get(&plain(name)).map(Vec::as_slice) {
            Some([path]) => return Ok(vec![path.clone()]),
            Some(_) => return Err(Message::new("document_import.files_alike").with("text", cell)),
            None => (),
        }
        let Some(mark) = MARKS.into_iter().find(|mark| cell.contains(*mark)) else {
            return Err(Message::new("document_import.file").with("text", cell));
        };
        let parts = cell.split(mark).map(str::trim).filter(|part| !part.is_empty());
        let found: Result<Vec<Vec<PathBuf>>, Message> =
            parts.map(|part| self.named(part)).collect();
        found.map(|all| all.concat())
    }

    /// The files that are called by this number, in any spelling: `519-QD-UBND.pdf`.
    pub fn numbered(&self, number: &Number) -> Vec<PathBuf> {
        self.by_number.get(&number.key()).cloned().unwrap_or_default()
    }
}

/// The number that a file is called by.
fn number_in(stem: &str) -> Option<Number> {
    let spelled = stem.replace('_', "-");
    let number = Number::parse(&spelled).or_else(|| Number::find(&spelled).into_iter().next());
    number.filter(|it| it.has_symbol() && !it.is_pending())
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    base::text::line(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> (tempfile::TempDir, Folder) {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        let read = Folder::read(root.path()).unwrap();
        (root, read)
    }

    #[track_caller]
    fn check(folder: &Folder, cell: &str, expected: &[&str]) {
        let found = folder.named(cell);
        let names = found.iter().flatten().map(|path| path.file_name().unwrap().to_string_lossy());
        assert_eq!(names.collect::<Vec<_>>(), expected, "{cell}: {found:?}");
    }

    #[test]
    fn files_are_found_as_people_name_them() {
        let names =
            ["Quyết định 5.PDF", "2026/phu luc, bang 1.xlsx", "2026/b.pdf", "a/c.pdf", "b/c.pdf"];
        let (_root, folder) = folder(&names);
        check(&folder, "quyết định 5.pdf", &["Quyết định 5.PDF"]);
        check(&folder, "Quye\u{302}\u{301}t định 5", &["Quyết định 5.PDF"]);
        check(&folder, "D:\\VB\\b.pdf", &["b.pdf"]);
        check(&folder, "b.pdf; phu luc, bang 1.xlsx;", &["b.pdf", "phu luc, bang 1.xlsx"]);
        check(&folder, "b, Quyết định 5", &["b.pdf", "Quyết định 5.PDF"]);
        assert_eq!(folder.named("c.pdf").unwrap_err().key(), "document_import.files_alike");
        assert_eq!(folder.named("b.pdf; d.pdf").unwrap_err().key(), "document_import.file");
    }

    #[test]
    fn a_file_called_by_its_number_is_the_documents() {
        let (_root, folder) = folder(&["519_QD-UBND.pdf", "519-QĐ-UBND.docx", "Ke hoach 2026.pdf"]);
        let found = folder.numbered(&Number::parse("519/QĐ-UBND").unwrap());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(folder.numbered(&Number::parse("519/KH-UBND").unwrap()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_leads_nowhere() {
        let (root, _) = folder(&["a.pdf"]);
        std::os::unix::fs::symlink("/etc/passwd", root.path().join("b.pdf")).unwrap();
        let again = Folder::read(root.path()).unwrap();
        assert!(again.named("b.pdf").is_err() && again.named("a.pdf").is_ok());
    }
}
