//! Choosing files within the form of another feature: `media/_file_picker.html`.

use base::{Result, Site};
use db::Conn;
use serde::Serialize;
use web::Fields;

use crate::{
    FileId,
    files::{self, File},
    model::{self, FileType},
};

/// How many of the latest files are offered.
const LATEST: i64 = 30;

/// What every field of the picker begins with; the key of a file follows.
const FIELD: &str = "file_";

/// What `media/_file_picker.html` shows, as `view.picker`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Picker {
    files: Vec<Choice>,
    /// Who new files are said to be of.
    source: String,
}

/// A file that can be ticked. A script that has just brought one gets it too.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    field: String,
    title: String,
    name: String,
    kind: String,
    size: String,
    at: String,
    url: String,
    chosen: bool,
}

/// The picker of a site with `chosen` ticked: those first, then the latest others.
pub fn picker(conn: &mut Conn, site: &Site, chosen: &[FileId]) -> Result<Picker> {
    let source = site.unit_name.clone();
    let site = site.id;
    let mut held = files::of_ids(conn, site, chosen)?;
    held.sort_by_key(|file| chosen.iter().position(|id| *id == file.id));
    let latest = files::list(conn, site, "", (0, LATEST))?;
    let others = latest.into_iter().filter(|file| !chosen.contains(&file.id));
    let choices = held.iter().map(|file| choice(file, true)).collect::<Vec<_>>();
    let others = others.map(|file| choice(&file, false));
    Ok(Picker { files: choices.into_iter().chain(others).collect(), source })
}

/// The files that were ticked in a form, in the order of their keys.
pub fn picked(fields: &Fields) -> Vec<FileId> {
    let key = |(name, value): (&String, &String)| {
        name.strip_prefix(FIELD).filter(|_| value == "on").and_then(FileId::parse)
    };
    fields.iter().filter_map(key).collect()
}

pub(super) fn choice(file: &File, chosen: bool) -> Choice {
    Choice {
        field: format!("{FIELD}{}", file.id),
        kind: FileType::of_media(&file.kind).map(FileType::label).unwrap_or_default(),
        size: model::size_text(file.size),
        at: base::time::day(file.created_at),
        url: file.url(),
        title: file.title.clone(),
        name: file.name.clone(),
        chosen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_ticked_is_picked() {
        let (one, other) = (FileId::new(), FileId::new());
        let field = |id: FileId, value: &str| (format!("{FIELD}{id}"), value.to_owned());
        let odd = [("file_x".to_owned(), "on".to_owned()), ("title".to_owned(), "on".to_owned())];
        let fields = Fields::from([field(one, "on"), field(other, "")]);
        let fields = fields.into_iter().chain(odd).collect();
        assert_eq!(picked(&fields), [one]);
    }
}
