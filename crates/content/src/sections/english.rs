//! Where sections stand in English.

use base::Site;

/// The English path of the section at `path`, without a slash at either end. A section that was
/// made a moment ago, and that this process does not know yet, stands where it does in Vietnamese.
pub fn english_path(site: &Site, path: &str) -> String {
    site.sections.at(path).map_or_else(|| path.to_owned(), |name| name.english_path.clone())
}

/// The English paths of every section: no entry can stand there.
pub fn english_paths(site: &Site) -> Vec<String> {
    site.sections.iter().map(|name| name.english_path.clone()).collect()
}
