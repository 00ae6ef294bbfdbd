//! The English of what the software itself says: words, and labels that are data.

use std::fs;

use base::Locale;
use english::{terms::Terms, write::Names};
use kit::root;
use server::portal::LABELLED;
use theme::Words;
use toml::{Table, Value};

/// What only the staff reads.
const STAFF: [&str; 3] = ["hint", "note", "abbreviation"];

fn terms() -> Terms {
    let config = root().join("config");
    let mut terms = Terms::load(&config.join("english/terms.toml")).unwrap();
    terms.learn(&config, &LABELLED).unwrap();
    terms
}

/// Whether a text has a letter that only Vietnamese has.
fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|c| "ăâđêôơưĂÂĐÊÔƠƯ".contains(c) || ('\u{1EA0}'..='\u{1EF9}').contains(&c))
        || text.chars().any(|c| "àáãèéìíĩòóõùúũýÀÁÃÈÉÌÍÒÓÕÙÚÝ".contains(c))
}

#[test]
fn every_label_of_the_data_has_english() {
    let terms = terms();
    let mut lacks = Vec::new();
    let mut seen = 0;
    for folder in LABELLED.into_iter().chain(["blueprints"]) {
        for file in fs::read_dir(root().join("config").join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let table: Table = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
                let mut labels = Vec::new();
                collect(&table, &mut labels);
                seen += labels.len();
                let lacking = labels.into_iter().filter(|label| lacks_english(label, &terms));
                lacks.extend(lacking.map(|label| format!("{}: {}", path.display(), label.vi)));
            }
        }
    }
    assert_eq!(lacks, Vec::<String>::new());
    assert!(seen > 400, "only {seen} labels were looked at");
}

/// A text of the data and the English beside it.
struct Label {
    vi: String,
    beside: Option<String>,
}

fn collect(table: &Table, labels: &mut Vec<Label>) {
    // The name of a blueprint itself is for whoever creates a site.
    let of_staff = |key: &str| STAFF.contains(&key) || table.contains_key("section");
    for (key, value) in table {
        match value {
            Value::String(vi) if is_vietnamese(vi) && !key.ends_with("_en") && !of_staff(key) => {
                let beside = table.get(&format!("{key}_en")).and_then(Value::as_str);
                labels.push(Label { vi: vi.clone(), beside: beside.map(str::to_owned) });
            }
            Value::Table(inner) => collect(inner, labels),
            Value::Array(rows) => {
                rows.iter().filter_map(Value::as_table).for_each(|row| collect(row, labels));
            }
            _ => (),
        }
    }
}

fn lacks_english(label: &Label, terms: &Terms) -> bool {
    let known = || terms.translate(&label.vi, Names::Accented);
    let english = label.beside.clone().or_else(known).unwrap_or_default();
    english.trim().is_empty() || is_vietnamese(&english.replace("Communiqué", ""))
}

#[test]
fn one_label_has_one_english() {
    let terms = terms();
    for folder in LABELLED {
        for file in fs::read_dir(root().join("config").join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let table: Table = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
                let mut labels = Vec::new();
                collect(&table, &mut labels);
                for Label { vi, beside } in labels {
                    let said = terms.translate(&vi, Names::Accented);
                    assert!(
                        beside.is_none() || said == beside,
                        "{}: {vi}: {said:?}",
                        path.display()
                    );
                }
            }
        }
    }
}

#[test]
fn english_words_have_no_vietnamese_left() {
    let words = Words::load(&root().join("config/locales"), Locale::En).unwrap();
    // Columns of a Vietnamese register are called what they are called, and so is the language; a
    // name with its accents is the example of one.
    let named = ["message.sheet.no_header", "message.mirror.names.accented", "public.tongue.name"];
    let left = words.keys().filter(|key| !named.contains(key));
    let left: Vec<&str> = left.filter(|key| is_vietnamese(words.get(key))).collect();
    assert_eq!(left, Vec::<&str>::new());
}

#[test]
fn every_rule_of_a_blueprint_has_its_place_in_the_law() {
    let config = root().join("config");
    let words = documents::Vocabulary::load(&config.join("documents")).unwrap();
    let known: Vec<&str> = words.provisions.ids().collect();
    let mut seen = 0;
    for file in fs::read_dir(config.join("blueprints")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let table: Table = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            for section in table.get("section").and_then(Value::as_array).into_iter().flatten() {
                for rule in section.get("rules").and_then(Value::as_array).into_iter().flatten() {
                    let rule = rule.as_str().unwrap();
                    assert!(known.contains(&rule), "{}: {rule}", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} rules were looked at");
}
