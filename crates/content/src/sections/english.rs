//! Where sections stand in English.

use base::Site;

/// The English path of the section at `path`, without a slash at either end.
pub fn english_path(_site: &Site, path: &str) -> String {
    path.to_owned()
}

/// The English paths of every section: no entry can stand there.
pub fn english_paths(_site: &Site) -> Vec<String> {
    Vec::new()
}
