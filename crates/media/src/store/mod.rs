//! Files, pictures and their uses in the database. Every query starts from a site.

pub mod files;
pub mod pictures;
pub mod sealed;
pub mod uses;

/// How many keys one query names. Databases take some ten thousand, and no more.
const CHUNK: usize = 500;

base::id!(
    /// Identifies a picture of a site.
    PictureId
);
base::id!(
    /// Identifies a file of a site.
    FileId
);
base::id!(
    /// Identifies a file or a picture, where both are meant.
    ItemId
);

impl From<PictureId> for ItemId {
    fn from(id: PictureId) -> Self {
        id.uuid().into()
    }
}

impl From<FileId> for ItemId {
    fn from(id: FileId) -> Self {
        id.uuid().into()
    }
}
