//! What the bytes of a file say that it is, in words for whoever sent it.

use base::Message;

use crate::model::FileType;

/// What the bytes of a file say they are.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// One of our types.
    Known(&'static FileType),
    /// Text; which kind of text, only the name can tell.
    Text,
    /// Something else with a name, such as `exe`.
    Other(Group, String),
    /// Nobody knows.
    Nothing,
}

base::text_enum!(
    /// What people call a file that is none of our types; keys of `message.file_kind`.
    Group {
        /// What a computer runs.
        Program = "program",
        /// A list of commands, as text.
        Script = "script",
        /// Several files in one.
        Archive = "archive",
        /// A picture.
        Picture = "picture",
        /// A sound.
        Sound = "sound",
        /// A film.
        Film = "film",
        /// Letters to write with.
        Font = "font",
        /// A book.
        Book = "book",
        /// Of an office program.
        Office = "office",
        /// What proves who somebody is.
        Certificate = "certificate",
        /// Anything else.
        Other = "other",
    }
);

/// What texts are called that computers take for commands.
const SCRIPTS: [&str; 16] = [
    "bat", "cmd", "com", "hta", "jar", "js", "jse", "php", "pl", "ps1", "py", "reg", "sh", "vbe",
    "vbs", "wsf",
];

impl Found {
    /// Whether a file of this content may be called `.extension`.
    pub(crate) fn goes_by(&self, extension: &str) -> bool {
        match self {
            Self::Known(kind) => kind.goes_by(extension),
            // A text may be called anything but what others are called.
            Self::Text => {
                self.text(extension).is_some() || FileType::called(extension).next().is_none()
            }
            Self::Other(_, name) => name == extension,
            Self::Nothing => false,
        }
    }

    /// The type of ours that it is, whatever its name says; a text with an ending that nobody
    /// knows is none.
    pub(crate) fn kind(&self, extension: Option<&str>) -> Option<&'static FileType> {
        match (self, extension) {
            (Self::Known(kind), _) => Some(kind),
            (Self::Text, None) => FileType::named("txt"),
            (Self::Text, Some(extension)) => self
                .text(extension)
                .or_else(|| FileType::named("txt").filter(|_| !self.goes_by(extension))),
            (Self::Other(..) | Self::Nothing, _) => None,
        }
    }

    /// The type of text that goes by `extension`.
    fn text(&self, extension: &str) -> Option<&'static FileType> {
        FileType::called(extension).find(|kind| ["csv", "json", "txt"].contains(&kind.id))
    }

    /// What a reader calls it: `chương trình máy tính (EXE)`.
    pub(crate) fn words(&self, extension: Option<&str>) -> Message {
        let group = |group: Group, name: &str| {
            let message = Message::new(format!("file_kind.{}", group.as_str()));
            message.with("name", name.to_uppercase())
        };
        match (self, self.kind(extension), extension) {
            (Self::Text, None, Some(name)) if SCRIPTS.contains(&name) => group(Group::Script, name),
            (Self::Other(kind, name), ..) => group(*kind, name),
            (_, Some(kind), _) => Message::new(format!("file_kind.{}", kind.id)),
            (_, None, _) => Message::new("file_kind.txt"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_told_what_a_file_is() {
        let check = |found: Found, extension: Option<&str>, key: &str| {
            assert_eq!(found.words(extension).key(), key, "{found:?} {extension:?}");
        };
        let exe = || Found::Other(Group::Program, "exe".into());
        check(exe(), Some("pdf"), "file_kind.program");
        check(Found::Known(FileType::named("docx").unwrap()), Some("pdf"), "file_kind.docx");
        check(Found::Text, Some("pdf"), "file_kind.txt");
        check(Found::Text, Some("geojson"), "file_kind.json");
        check(Found::Text, Some("bat"), "file_kind.script");
        check(Found::Text, Some("ini"), "file_kind.txt");
        assert!(exe().goes_by("exe") && !exe().goes_by("pdf"));
        assert!(Found::Text.goes_by("bat") && !Found::Text.goes_by("pdf"));
    }
}
