//! Rules of the house that no lint checks.

use std::{collections::BTreeSet, fs, path::PathBuf};

use base::Locale;
use kit::root;
use theme::Words;

/// Which of our crates each crate may use. A new arrow is a new word here.
const ARROWS: [(&str, &str); 21] = [
    ("base", ""),
    ("db", "base"),
    ("search", "base db"),
    ("theme", "base"),
    ("extract", "base"),
    ("sheets", "base extract"),
    ("web", "base db english theme"),
    ("accounts", "base db web"),
    ("clocks", "accounts base db web"),
    ("media", "accounts base db web"),
    ("mail", "accounts base db theme web"),
    ("privacy", "base"),
    ("english", "base"),
    ("content", "accounts base db media search theme web"),
    ("sites", "accounts base content db english media search theme web"),
    ("documents", "accounts base content db extract media search sheets theme web"),
    (
        "consultations",
        "accounts base clocks content db documents mail media privacy sheets theme web",
    ),
    ("feedback", "accounts base clocks db extract mail media privacy search sheets theme web"),
    ("finder", "accounts base db search web"),
    ("english-mirror", "accounts base content db english mail media sheets theme web"),
    (
        "server",
        "accounts base clocks consultations content db documents english english-mirror extract feedback finder mail media privacy search sheets sites theme web",
    ),
];

#[test]
fn arrows_point_down() {
    for (name, allowed) in ARROWS {
        let manifest = root().join("crates").join(name).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        let used = manifest.lines().filter_map(|line| line.split(['.', ' ']).next());
        let ours: BTreeSet<&str> =
            used.filter(|used| ARROWS.iter().any(|(crate_name, _)| crate_name == used)).collect();
        let allowed: BTreeSet<&str> = allowed.split_whitespace().collect();
        assert_eq!(ours, allowed, "{name}");
    }
    let folders = fs::read_dir(root().join("crates"))
        .unwrap()
        .filter(|it| it.as_ref().unwrap().path().is_dir());
    assert_eq!(folders.count(), ARROWS.len());
}

#[test]
fn models_are_pure() {
    for file in sources().filter(|file| is_model(file)) {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["actix_web", "db::", "diesel::", "Utc::now", "fs::"] {
            assert!(!text.contains(word), "{} mentions {word}", file.display());
        }
    }
}

fn is_model(file: &std::path::Path) -> bool {
    file.ends_with("model.rs") || file.display().to_string().contains("/model/")
}

#[test]
fn only_stores_speak_to_the_database() {
    for file in sources().filter(|file| !is_store(file)) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("use diesel::"), "{} imports diesel", file.display());
    }
}

/// Files that may import diesel: stores, the crates that give the database its words, the kit
/// and the tests of the database itself.
fn is_store(file: &std::path::Path) -> bool {
    let path = file.display().to_string();
    let places = ["/store.rs", "/store/", "/db/src/", "/base/src/", "/web/src/sites.rs", "/tests/"];
    places.iter().any(|place| path.contains(place))
}

#[test]
fn forms_are_read_in_one_place() {
    for file in sources().filter(|file| !file.ends_with("posted.rs")) {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["web::Form", "Form<", "MultipartForm"] {
            let found = text.contains(word) && !file.display().to_string().contains("/tests/");
            assert!(!found, "{} reads a form past its token: {word}", file.display());
        }
    }
}

#[test]
fn migrations_go_back_and_never_name_one_database() {
    for folder in fs::read_dir(root().join("migrations")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        assert!(folder.join("down.sql").is_file(), "{} has no way back", folder.display());
        let up = fs::read_to_string(folder.join("up.sql")).unwrap().to_uppercase();
        for word in ["SERIAL", "AUTOINCREMENT", "JSONB", "UUID ", "TIMESTAMPTZ", "NOW()", "ILIKE"] {
            assert!(!up.contains(word), "{} says {word}", folder.display());
        }
    }
}

#[test]
fn templates_are_quiet() {
    for file in files("themes", "html") {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.display();
        for word in ["onclick=", "javascript:", "http://", "https://"] {
            assert!(!text.contains(word), "{name} contains {word}");
        }
        let is_script = |piece: &&str| {
            !piece.starts_with(" src=") && !piece.starts_with(" type=\"application/ld+json\"")
        };
        assert!(text.split("<script").skip(1).find(is_script).is_none(), "{name} has a script");
        let words: Vec<char> =
            text.chars().filter(|c| ('\u{1EA0}'..='\u{1EF9}').contains(c)).collect();
        assert!(words.is_empty(), "{name} has Vietnamese of its own: {words:?}");
    }
}

#[test]
fn every_word_that_is_said_is_written_in_both_languages() {
    let words = |locale| Words::load(&root().join("config/locales"), locale).unwrap();
    // The words of the staff are Vietnamese only.
    let keys = |words: &Words| -> BTreeSet<String> {
        words.keys().filter(|key| !key.starts_with("admin.")).map(str::to_owned).collect()
    };
    let (vi, en) = (words(Locale::Vi), words(Locale::En));
    let (vi_keys, en_keys) = (keys(&vi), keys(&en));
    assert_eq!(vi_keys.symmetric_difference(&en_keys).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(vi_keys.iter().any(|key| key.starts_with("public.")), "no public words were read");
    for key in &vi_keys {
        assert_eq!(gaps(vi.get(key)), gaps(en.get(key)), "the gaps of {key} differ");
    }
    for key in said() {
        assert!(vi_keys.contains(&format!("message.{key}")), "nobody wrote {key}");
    }
}

/// The names in braces, each once: `{max}`. What a library says of a fault (`{why}`) is English, and is told to those
/// who read English alone.
fn gaps(text: &str) -> BTreeSet<&str> {
    let pieces = text.split('{').skip(1).filter_map(|piece| piece.split_once('}'));
    pieces.map(|(name, _)| name).filter(|name| *name != "why").collect()
}

/// Every key that stands whole in the source.
fn said() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for file in sources().filter(|file| file.display().to_string().contains("/crates/")) {
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for start in ["Message::new(\"", "Error::conflict(\"", "see_other_with(HERE, \""] {
            keys.extend(text.split(start).skip(1).map(first_literal));
        }
        for piece in text.split("Error::field(\"").skip(1) {
            if let Some((_, rest)) = piece.split_once("\", \"") {
                let near = piece.find("\", \"").is_some_and(|at| at < 30);
                keys.extend(near.then(|| first_literal(rest)));
            }
        }
        for piece in text.split("\".into(), \"").skip(1) {
            keys.insert(first_literal(piece));
        }
    }
    keys.retain(|key| {
        key.contains('.') && key.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c))
    });
    assert!(keys.len() > 60, "only {} keys were found", keys.len());
    keys
}

fn first_literal(text: &str) -> String {
    text.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn the_top_of_the_repository_stays_small() {
    let known = [
        "Cargo.toml",
        "Cargo.lock",
        "crates",
        "themes",
        "migrations",
        "config",
        "tests",
        "Makefile",
        "README.md",
        "target",
        "data",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || known.contains(&name.as_str()), "{name} is new here");
    }
}

fn sources() -> impl Iterator<Item = PathBuf> {
    files("crates", "rs").into_iter().chain(files("tests", "rs"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("node_modules") {
                continue;
            }
            match path.extension() {
                Some(ext) if ext == extension => files.push(path),
                None if path.is_dir() => folders.push(path),
                _ => (),
            }
        }
    }
    assert!(!files.is_empty());
    files
}
