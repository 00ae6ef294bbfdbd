//! Which reader a kind of file wants.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// A kind of file by what it takes to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Pdf,
    Docx,
    Odt,
    Xlsx,
    /// An OLE container: an old office file, or a new one behind a password.
    Ole,
    Image,
}

impl Format {
    /// The format behind a media type.
    pub(crate) fn of(kind: &str) -> Result<Self, Failure> {
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/pdf" => Ok(Self::Pdf),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
                Ok(Self::Docx)
            }
            "application/vnd.oasis.opendocument.text" => Ok(Self::Odt),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(Self::Xlsx),
            "application/msword"
            | "application/vnd.ms-excel"
            | "application/vnd.ms-powerpoint"
            | "application/x-ole-storage"
            | "application/x-cfb" => Ok(Self::Ole),
            "image/jpeg" | "image/png" | "image/tiff" | "image/webp" => Ok(Self::Image),
            _ => Err(Failure::Unsupported),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Xlsx => "xlsx",
            Self::Ole => "ole",
            Self::Image => "image",
        }
    }
}

/// Whether text can be read from files of this media type, be it by OCR.
pub fn is_readable(kind: &str) -> bool {
    Format::of(kind).is_ok_and(|format| format != Format::Ole)
}
