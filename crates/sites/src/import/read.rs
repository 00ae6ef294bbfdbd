//! Reading the file: the official list of units (JSON) or a table (CSV).

use std::collections::{BTreeMap, HashMap};

use base::{Error, Identity, Message, Result, SiteType, text};
use chrono::NaiveDate;
use serde::Deserialize;

use super::Row;

/// What to take from the file, and what a person has decided.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The codes of the provinces to take from a list of units; empty for none.
    pub provinces: Vec<String>,
    /// Take all of them.
    pub all: bool,
    /// Host labels decided by a person, by unit code.
    pub hosts: BTreeMap<String, String>,
}

/// The most rows a file may have.
const MAX_ROWS: usize = 20_000;

/// Reads the rows of a file. An error is about the file as a whole; what is wrong with a single
/// row stands in the row.
pub fn read(bytes: &[u8], choice: &Choice) -> Result<Vec<Row>> {
    let text = std::str::from_utf8(bytes).map_err(|err| {
        let line = bytes.iter().take(err.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        bad(Message::new("import.encoding").with("line", line))
    })?;
    let text = text.trim_start_matches('\u{FEFF}');
    let mut rows = match text.trim_start().starts_with(['[', '{']) {
        true => units(text, choice)?,
        false => table(text)?,
    };
    if rows.is_empty() {
        return Err(bad(Message::new("import.empty")));
    }
    if rows.len() > MAX_ROWS {
        return Err(bad(Message::new("import.many").with("max", MAX_ROWS)));
    }
    let codes: Vec<&String> = rows.iter().filter_map(|row| row.unit_code.as_ref()).collect();
    if let Some(code) = choice.hosts.keys().find(|code| !codes.contains(code)) {
        return Err(bad(Message::new("import.decision_unknown").with("code", code)));
    }
    for row in &mut rows {
        let decided = row.unit_code.as_ref().and_then(|code| choice.hosts.get(code));
        if let Some(host) = decided {
            row.host = Some(host.clone());
        }
    }
    Ok(rows)
}

fn bad(message: Message) -> Error {
    Error::field("file", message)
}

#[derive(Deserialize)]
struct Province {
    code: String,
    full_name: String,
    #[serde(default)]
    full_name_en: String,
    kind: String,
    units: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Unit {
    code: String,
    full_name: String,
    #[serde(default)]
    full_name_en: String,
    kind: String,
}

/// The day from which the two-tier units exist.
const TWO_TIERS: Option<NaiveDate> = NaiveDate::from_ymd_opt(2025, 7, 1);

fn units(text: &str, choice: &Choice) -> Result<Vec<Row>> {
    let provinces: Vec<Province> = serde_json::from_str(text).map_err(|err| {
        bad(Message::new("import.json").with("line", err.line()).with("why", err))
    })?;
    let wanted = |province: &&Province| choice.all || choice.provinces.contains(&province.code);
    let known: Vec<&str> = provinces.iter().map(|province| province.code.as_str()).collect();
    if let Some(code) = choice.provinces.iter().find(|code| !known.contains(&code.as_str())) {
        let message = Message::new("import.province_unknown").with("code", code);
        return Err(bad(message.with("known", known.join(", "))));
    }
    if !choice.all && choice.provinces.is_empty() {
        return Err(bad(Message::new("import.province").with("known", known.join(", "))));
    }
    let mut rows = Vec::new();
    for province in provinces.iter().filter(wanted) {
        rows.push(Row {
            line: rows.len() + 1,
            kind: kind_of(&province.kind),
            name: text::line(&province.full_name),
            name_en: text::line(&province.full_name_en),
            unit_code: Some(province.code.clone()),
            valid_from: TWO_TIERS,
            problem: unknown_kind(&province.kind),
            ..Row::default()
        });
        for unit in &province.units {
            let row = unit_row(rows.len() + 1, &province.code, unit);
            rows.push(row);
        }
    }
    Ok(rows)
}

fn unit_row(line: usize, province: &str, unit: &serde_json::Value) -> Row {
    match serde_json::from_value::<Unit>(unit.clone()) {
        Ok(unit) => Row {
            line,
            kind: kind_of(&unit.kind),
            name: text::line(&unit.full_name),
            name_en: text::line(&unit.full_name_en),
            problem: unknown_kind(&unit.kind).or_else(|| nameless(&unit.full_name)),
            unit_code: Some(text::line(&unit.code)),
            province: Some(province.to_owned()),
            valid_from: TWO_TIERS,
            ..Row::default()
        },
        Err(err) => Row {
            line,
            problem: Some(Message::new("import.row").with("why", err)),
            ..Row::default()
        },
    }
}

/// A type by its code or by its Vietnamese name.
fn kind_of(text: &str) -> Option<SiteType> {
    let text = text::line(text).to_lowercase();
    SiteType::parse(&text).or(match text.as_str() {
        "tỉnh" => Some(SiteType::Province),
        "thành phố" => Some(SiteType::City),
        "sở" => Some(SiteType::Department),
        "ban" | "ngành" | "ban, ngành" => Some(SiteType::Agency),
        "đơn vị sự nghiệp" => Some(SiteType::ServiceUnit),
        "xã" => Some(SiteType::Commune),
        "phường" => Some(SiteType::Ward),
        "đặc khu" => Some(SiteType::SpecialZone),
        _ => None,
    })
}

fn unknown_kind(text: &str) -> Option<Message> {
    kind_of(text).is_none().then(|| Message::new("import.kind").with("kind", text))
}

fn nameless(name: &str) -> Option<Message> {
    let length = text::line(name).chars().count();
    let fits = (1..=crate::model::MAX_NAME).contains(&length);
    (!fits).then(|| Message::new("import.name").with("max", crate::model::MAX_NAME))
}

/// The columns of a table; the first two are mandatory.
const COLUMNS: [&str; 12] = [
    "type",
    "name",
    "name_en",
    "unit_code",
    "host",
    "managing_body",
    "governing_body",
    "responsible",
    "address",
    "phone",
    "email",
    "security_contact",
];

fn table(text: &str) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header =
        reader.headers().map_err(|err| bad(Message::new("import.csv").with("why", err)))?;
    let header: Vec<String> = header.iter().map(|name| text::line(name).to_lowercase()).collect();
    if let Some(strange) = header.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        let message = Message::new("import.column").with("name", strange);
        return Err(bad(message.with("known", COLUMNS.join(", "))));
    }
    if let Some(absent) = ["type", "name"].iter().find(|it| !header.iter().any(|name| name == *it))
    {
        return Err(bad(Message::new("import.column_missing").with("name", absent)));
    }
    let rows = reader.records().enumerate().map(|(index, record)| match record {
        Ok(record) => table_row(index + 2, &header, &record),
        Err(err) => Row {
            line: index + 2,
            problem: Some(Message::new("import.row").with("why", err)),
            ..Row::default()
        },
    });
    Ok(rows.collect())
}

fn table_row(line: usize, header: &[String], record: &csv::StringRecord) -> Row {
    let cells: HashMap<&str, String> =
        header.iter().map(String::as_str).zip(record.iter().map(text::line)).collect();
    let cell = |name: &str| cells.get(name).cloned().unwrap_or_default();
    let some = |name: &str| Some(cell(name)).filter(|text| !text.is_empty());
    let width = (record.len() != header.len()).then(|| {
        Message::new("import.width").with("found", record.len()).with("wanted", header.len())
    });
    let kind = cell("type");
    Row {
        line,
        kind: kind_of(&kind),
        problem: width.or_else(|| unknown_kind(&kind)).or_else(|| nameless(&cell("name"))),
        name: cell("name"),
        name_en: cell("name_en"),
        unit_code: some("unit_code"),
        province: None,
        host: some("host").map(|host| host.to_lowercase()),
        identity: Identity {
            managing_body: cell("managing_body"),
            governing_body: cell("governing_body"),
            responsible: cell("responsible"),
            address: cell("address"),
            phone: cell("phone"),
            email: cell("email"),
            security_contact: cell("security_contact"),
        },
        valid_from: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(bytes: &[u8], choice: &Choice, key: &str) {
        match read(bytes, choice) {
            Err(Error::Invalid(errors)) => assert_eq!(errors["file"].key(), key),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_for_what_it_is() {
        let none = Choice::default();
        refused(b"type,name\ncommune,X\xe3 A\n", &none, "import.encoding");
        refused(b"\xff\xfet\0y\0", &none, "import.encoding");
        refused(b"", &none, "import.column_missing");
        refused(b"type,name\n", &none, "import.empty");
        refused(b"kind,name\n", &none, "import.column");
        refused(b"[{\"code\": }]", &none, "import.json");
        refused(b"[]", &none, "import.province");
        let seven = Choice { provinces: vec!["07".into()], ..Choice::default() };
        refused(b"[]", &seven, "import.province_unknown");
        let many = format!("type,name\n{}", "xã,Xã A\n".repeat(20_001));
        refused(many.as_bytes(), &none, "import.many");
    }

    #[test]
    fn a_broken_row_is_told_and_the_others_are_read() {
        let table = "\u{FEFF}type,name,unit_code\nxã,Xã Tân An,1\nxóm,Xóm A,2\nxã,,3\nxã,Xã B\n";
        let rows = read(table.as_bytes(), &Choice::default()).unwrap();
        let problems: Vec<Option<String>> =
            rows.iter().map(|row| row.problem.as_ref().map(|it| it.key().to_owned())).collect();
        let keys = [None, Some("import.kind"), Some("import.name"), Some("import.width")];
        assert_eq!(problems, keys.map(|key| key.map(str::to_owned)));
        assert_eq!(rows[0].kind, Some(SiteType::Commune));
        assert_eq!(rows[3].line, 5);
    }

    #[test]
    fn a_list_of_units_gives_the_portal_first() {
        let list = r#"[{"code":"04","full_name":"Tỉnh Cao Bằng","kind":"Tỉnh","units":[
            {"code":"01273","full_name":"Phường Thục Phán","kind":"Phường"}, {"code": 7}]}]"#;
        let choice = Choice { provinces: vec!["04".into()], ..Choice::default() };
        let rows = read(list.as_bytes(), &choice).unwrap();
        assert_eq!(rows[0].kind, Some(SiteType::Province));
        assert_eq!(rows[1].province.as_deref(), Some("04"));
        assert_eq!(rows[2].problem.as_ref().unwrap().key(), "import.row");
    }
}
