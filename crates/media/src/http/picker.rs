//! Choosing files within the form of another feature: `media/_file_picker.html`.

use base::{Result, Site, SiteId};
use db::Conn;
use serde::Serialize;
use web::Fields;

use crate::{
    FileId,
    files::{self, File},
    model::{self, FileType},
    uses,
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
    /// When it was brought, to the minute.
    minute: String,
    /// Whether another one is called the same.
    twin: bool,
    /// What uses it, where another one is called the same.
    used: String,
    /// The beginning of its digest, where nothing else tells it from another one.
    code: String,
}

/// The picker of a site with `chosen` ticked: those first, then the latest others.
pub fn picker(conn: &mut Conn, site: &Site, chosen: &[FileId]) -> Result<Picker> {
    let source = site.unit_name.clone();
    let site = site.id;
    let mut held = files::of_ids(conn, site, chosen)?;
    held.sort_by_key(|file| chosen.iter().position(|id| *id == file.id));
    let latest = files::list(conn, site, "", (0, LATEST))?;
    let others = latest.into_iter().filter(|file| !chosen.contains(&file.id));
    let held = held.into_iter().map(|file| (choice(&file, true), file));
    let others = others.map(|file| (choice(&file, false), file));
    let choices = held.chain(others).collect();
    Ok(Picker { files: told_apart(conn, site, choices)?, source })
}

/// Says more of files that are called the same: when each was brought and what uses it.
fn told_apart(
    conn: &mut Conn,
    site: SiteId,
    mut choices: Vec<(Choice, File)>,
) -> Result<Vec<Choice>> {
    let name = |it: &Choice| it.title.to_lowercase();
    let look = |it: &Choice| (name(it), it.minute.clone(), it.size.clone());
    let names: Vec<String> = choices.iter().map(|(it, _)| name(it)).collect();
    let looks: Vec<_> = choices.iter().map(|(it, _)| look(it)).collect();
    let twins = choices
        .iter_mut()
        .filter(|(it, _)| names.iter().filter(|other| **other == name(it)).nth(1).is_some());
    let mut twins: Vec<&mut (Choice, File)> = twins.collect();
    let ids = twins.iter().map(|(_, file)| file.id.into()).collect();
    let uses = uses::of_each(conn, site, ids)?;
    for (choice, file) in &mut twins {
        let labels = uses.get(&file.id.into()).into_iter().flatten().map(|it| it.label.as_str());
        choice.used = labels.collect::<Vec<_>>().join("; ");
        choice.twin = true;
        if looks.iter().filter(|other| **other == look(choice)).nth(1).is_some() {
            choice.code = file.digest.chars().take(8).collect();
        }
    }
    Ok(choices.into_iter().map(|(it, _)| it).collect())
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
        minute: base::time::minute(file.created_at),
        twin: false,
        used: String::new(),
        code: String::new(),
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
