//! The settings: `config/portal.toml` compiled in, then a file, then `CONGLANG_*` variables.

use std::{
    fmt, fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use media::{
    Limits,
    storage::{Bucket, Place},
};
use serde::Deserialize;
use toml::{Table, Value};

/// Every key with its default and a comment.
const DEFAULTS: &str = include_str!("../../../config/portal.toml");

/// What variables begin with.
const PREFIX: &str = "CONGLANG_";

/// A setting that cannot be used; the text names the key, where it stands and what is allowed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(String);

/// Every setting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the program answers.
    pub listen: Listen,
    /// How visitors reach it.
    pub public: Public,
    /// Where the data is.
    pub database: Database,
    /// Where the files are.
    pub directories: Directories,
    /// Where files and pictures lie.
    pub storage: Storage,
    /// Which files are taken.
    pub media: Media,
    /// How sites are named.
    pub sites: Sites,
    /// How people sign in.
    pub accounts: Accounts,
    /// What citizens send.
    pub feedback: Feedback,
    /// Where the search index is.
    pub search: Search,
    /// How files are read.
    pub extract: Extract,
    /// How letters leave.
    pub mail: Mail,
    /// How the English pages are written.
    pub english: English,
    /// What is written down.
    pub log: Log,
}

/// `[listen]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Where the portal answers.
    pub address: String,
    /// Where the metrics are; empty for nowhere.
    pub metrics: String,
    /// Threads; 0 for one a core.
    pub workers: usize,
    /// Seconds a stopping server waits.
    pub shutdown_seconds: u64,
}

/// `[public]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// `https` or `http`.
    pub scheme: String,
    /// The port in public addresses; 0 for the scheme's own.
    pub port: u16,
    /// The host behind `localhost`; empty for none.
    pub default_host: String,
    /// Addresses of the proxies in front, with blanks between.
    pub proxies: String,
}

/// `[database]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Which, and where.
    pub url: String,
    /// Connections at most.
    pub connections: u32,
    /// Whether serving migrates first.
    pub migrate: bool,
}

/// `[directories]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directories {
    /// Templates and static files.
    pub themes: PathBuf,
    /// Kinds, blueprints, words, rules.
    pub config: PathBuf,
    /// Files, pictures and uploads on their way.
    pub data: PathBuf,
}

/// `[storage]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// `local` or `s3`.
    pub kind: String,
    /// The bucket's name.
    pub bucket: String,
    /// The address of the store; empty for Amazon's.
    pub endpoint: String,
    /// Where the bucket stands.
    pub region: String,
    /// What every key begins with.
    pub prefix: String,
    /// Who asks.
    pub access_key: String,
    /// What proves it.
    pub secret_key: Secret,
}

/// A setting that is not to be written anywhere.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// `[media]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// The largest file, in megabytes.
    pub max_file_mb: u32,
    /// Files in one form.
    pub max_files: usize,
    /// The types that are taken.
    pub types: String,
}

/// `[sites]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sites {
    /// The domain of the portals.
    pub domain: String,
}

/// `[accounts]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Minutes without a request that end a session.
    pub idle_minutes: u32,
    /// Wrong passwords that lock.
    pub max_failures: u16,
    /// Hours a lock lasts.
    pub lock_hours: u32,
    /// Hours an invitation lasts.
    pub invite_hours: u32,
    /// Hours a reset link lasts.
    pub reset_hours: u32,
}

/// `[feedback]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// The longest message, in characters.
    pub max_message: usize,
    /// The largest attachment, in megabytes.
    pub max_file_mb: u32,
    /// Attachments of one message.
    pub max_files: usize,
    /// The types of attachments that are taken.
    pub types: String,
    /// Hours a link that approves an answer works.
    pub approval_hours: u32,
}

/// `[english]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct English {
    /// What writes drafts: `off` or `glossary`.
    pub machine: String,
}

/// `[search]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The folder of the indexes; empty for `search` below the data directory.
    pub folder: PathBuf,
    /// A table of units that ended and what they became; empty for none.
    pub former_units: PathBuf,
}

/// `[extract]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extract {
    /// Where the poppler tools are: `auto`, `off` or a folder.
    pub poppler: String,
    /// Where tesseract is: `auto`, `off` or a folder.
    pub tesseract: String,
    /// The language that tesseract reads.
    pub ocr_language: String,
    /// Pages of one file that are read by OCR.
    pub ocr_pages: u32,
    /// Seconds one page of OCR may take.
    pub ocr_page_seconds: u32,
    /// Seconds reading one file may take.
    pub seconds: u32,
    /// Memory reading one file may take.
    pub memory_mb: u32,
    /// Text one file may give.
    pub output_mb: u32,
}

/// `[mail]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The server; empty for none.
    pub host: String,
    /// Its port; 0 for the usual one.
    pub port: u16,
    /// `required`, `starttls` or `none`.
    pub tls: String,
    /// A certificate to be trusted; empty for none.
    pub ca_file: PathBuf,
    /// Who we are; empty for nobody.
    pub username: String,
    /// What proves it.
    pub password: Secret,
    /// A file that has the password; empty for none.
    pub password_file: PathBuf,
    /// Where letters come from.
    pub from: String,
    /// Seconds for one step.
    pub timeout_seconds: u32,
    /// Letters in a minute.
    pub per_minute: u32,
    /// Hours a letter is tried.
    pub give_up_hours: u32,
    /// Days a text is kept.
    pub keep_days: u32,
}

/// `[log]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// What is worth a line.
    pub level: String,
    /// `text` or `json`.
    pub format: String,
}

impl Config {
    /// Where the search index called `number` is.
    pub fn search_folder(&self, number: u32) -> PathBuf {
        let folder = match self.search.folder.as_os_str().is_empty() {
            true => self.directories.data.join("search"),
            false => self.search.folder.clone(),
        };
        folder.join(number.to_string())
    }

    /// Reads the defaults, then `file`, then `variables`.
    pub fn load(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, BadSetting> {
        let mut settings: Table = parse(DEFAULTS, "the built-in defaults")?;
        if let Some(path) = file {
            let name = path.display().to_string();
            let text = fs::read_to_string(path)
                .map_err(|err| BadSetting(format!("cannot read {name}: {err}")))?;
            merge(&mut settings, parse(&text, &name)?, "", &name)?;
        }
        for (name, value) in variables.filter(|(name, _)| name.starts_with(PREFIX)) {
            set(&mut settings, &name, &value)?;
        }
        let config: Self = settings
            .try_into()
            .map_err(|err| BadSetting(format!("the settings do not fit: {}", err.message())))?;
        config.check()?;
        Ok(config)
    }

    /// What types alone cannot tell.
    fn check(&self) -> Result<(), BadSetting> {
        one_of("public.scheme", &self.public.scheme, &["https", "http"])?;
        let proxies = self.public.proxies.split_whitespace();
        if let Some(wrong) = proxies.into_iter().find(|it| it.parse::<IpAddr>().is_err()) {
            let message = format!("public.proxies: {wrong:?} is no address, such as 127.0.0.1");
            return Err(BadSetting(message));
        }
        self.feedback.limits()?;
        at_least_one("feedback.approval_hours", self.feedback.approval_hours)?;
        one_of("english.machine", &self.english.machine, &["off", "glossary"])?;
        one_of("log.format", &self.log.format, &["text", "json"])?;
        one_of("storage.kind", &self.storage.kind, &["local", "s3"])?;
        if self.storage.kind == "s3" && self.storage.bucket.is_empty() {
            return Err(BadSetting("storage.bucket is empty: name the bucket".into()));
        }
        self.media.limits()?;
        at_least_one("media.max_file_mb", self.media.max_file_mb)?;
        address("listen.address", &self.listen.address)?;
        if !self.listen.metrics.is_empty() {
            address("listen.metrics", &self.listen.metrics)?;
        }
        at_least_one("database.connections", self.database.connections)?;
        at_least_one("accounts.idle_minutes", self.accounts.idle_minutes)?;
        at_least_one("accounts.max_failures", self.accounts.max_failures.into())?;
        self.mail.check()?;
        self.extract.check()
    }
}

impl Public {
    /// The proxies in front.
    pub(crate) fn proxies(&self) -> Vec<IpAddr> {
        self.proxies.split_whitespace().filter_map(|it| it.parse().ok()).collect()
    }
}

impl Feedback {
    /// Which attachments are taken.
    pub(crate) fn limits(&self) -> Result<Limits, BadSetting> {
        Limits::new(self.max_file_mb, self.max_files, &self.types)
            .map_err(|name| BadSetting(format!("feedback.types: nobody knows the type {name:?}")))
    }
}

impl Extract {
    fn check(&self) -> Result<(), BadSetting> {
        at_least_one("extract.seconds", self.seconds)?;
        at_least_one("extract.ocr_page_seconds", self.ocr_page_seconds)?;
        at_least_one("extract.output_mb", self.output_mb)?;
        // With less, tesseract cannot even load its language.
        match self.memory_mb {
            64.. => Ok(()),
            less => Err(BadSetting(format!("extract.memory_mb = {less}: allowed are 64 and more"))),
        }
    }
}

impl Storage {
    /// What the settings name.
    pub(crate) fn place(&self) -> Place {
        match self.kind.as_str() {
            "s3" => Place::S3(Bucket {
                name: self.bucket.clone(),
                endpoint: self.endpoint.clone(),
                region: self.region.clone(),
                prefix: self.prefix.clone(),
                access_key: self.access_key.clone(),
                secret_key: self.secret_key.0.clone(),
            }),
            _ => Place::Local,
        }
    }
}

impl Media {
    /// The limits the settings set.
    pub(crate) fn limits(&self) -> Result<Limits, BadSetting> {
        Limits::new(self.max_file_mb, self.max_files, &self.types)
            .map_err(|name| BadSetting(format!("media.types: nobody knows the type {name:?}")))
    }
}

impl Mail {
    fn check(&self) -> Result<(), BadSetting> {
        one_of("mail.tls", &self.tls, &["required", "starttls", "none"])?;
        at_least_one("mail.timeout_seconds", self.timeout_seconds)?;
        at_least_one("mail.per_minute", self.per_minute)?;
        at_least_one("mail.give_up_hours", self.give_up_hours)?;
        at_least_one("mail.keep_days", self.keep_days)?;
        let here = ["localhost", "127.0.0.1", "::1"].contains(&self.host.as_str());
        if self.tls == "none" && !self.username.is_empty() && !here {
            let message = "mail.tls = \"none\": a password only travels protected, or to this \
                           machine; allowed are required, starttls";
            return Err(BadSetting(message.into()));
        }
        match self.host.is_empty() || mail::Recipient::parse(&self.from).is_some() {
            true => Ok(()),
            false => {
                let message = format!("mail.from = {:?}: write one e-mail address", self.from);
                Err(BadSetting(message))
            }
        }
    }

    /// What the settings set, with what their files hold.
    pub fn settings(&self) -> Result<mail::Settings, BadSetting> {
        Ok(mail::Settings {
            server: if self.host.is_empty() { None } else { Some(self.server()?) },
            give_up: TimeDelta::hours(self.give_up_hours.into()),
            keep: TimeDelta::days(self.keep_days.into()),
            // A round is made twelve times a minute.
            per_round: i64::from(self.per_minute.div_ceil(12)),
        })
    }

    fn server(&self) -> Result<mail::Server, BadSetting> {
        let tls = match self.tls.as_str() {
            "required" => mail::Tls::Required,
            "none" => mail::Tls::None,
            _ => mail::Tls::StartTls,
        };
        let roots = file("mail.ca_file", &self.ca_file)?;
        let from_file = file("mail.password_file", &self.password_file)?;
        let from_file = String::from_utf8_lossy(&from_file);
        let password = match self.password.0.as_str() {
            "" => from_file.lines().next().unwrap_or_default(),
            given => given,
        };
        let login = (!self.username.is_empty()).then(|| mail::Login {
            username: self.username.clone(),
            password: password.to_owned(),
        });
        let timeout = Duration::from_secs(self.timeout_seconds.into());
        mail::Server::new((&self.host, self.port, tls), login, &self.from, &roots, timeout)
            .map_err(|err| BadSetting(format!("mail.{err}")))
    }
}

/// What a file that a setting names holds; nothing where none is named.
fn file(key: &str, path: &Path) -> Result<Vec<u8>, BadSetting> {
    if path.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let read = fs::read(path);
    read.map_err(|err| BadSetting(format!("{key} = {}: cannot be read ({err})", path.display())))
}

fn one_of(key: &str, value: &str, allowed: &[&str]) -> Result<(), BadSetting> {
    match allowed.contains(&value) {
        true => Ok(()),
        false => Err(BadSetting(format!("{key} = {value:?}: allowed are {}", allowed.join(", ")))),
    }
}

fn address(key: &str, value: &str) -> Result<(), BadSetting> {
    let fits = value.parse::<SocketAddr>().is_ok();
    let fits = fits || value.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    match fits {
        true => Ok(()),
        false => {
            Err(BadSetting(format!("{key} = {value:?}: write HOST:PORT, such as 127.0.0.1:8080")))
        }
    }
}

fn at_least_one(key: &str, value: u32) -> Result<(), BadSetting> {
    match value {
        0 => Err(BadSetting(format!("{key} = 0: allowed are whole numbers from 1"))),
        _ => Ok(()),
    }
}

fn parse(text: &str, name: &str) -> Result<Table, BadSetting> {
    text.parse().map_err(|err| BadSetting(format!("{name} is not TOML: {err}")))
}

/// Lays `over` on `under`. A key that is not there, or a value of another type, is refused.
fn merge(under: &mut Table, over: Table, path: &str, name: &str) -> Result<(), BadSetting> {
    for (key, value) in over {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let known = under.keys().cloned().collect::<Vec<_>>().join(", ");
        let Some(slot) = under.get_mut(&key) else {
            return Err(BadSetting(format!("{name}: unknown key {full}; known here: {known}")));
        };
        match (slot, value) {
            (Value::Table(slot), Value::Table(value)) => merge(slot, value, &full, name)?,
            (slot, value) if slot.same_type(&value) => *slot = value,
            (slot, value) => {
                let (want, got) = (slot.type_str(), value.type_str());
                let message = format!("{name}: {full} wants a value of type {want}, not {got}");
                return Err(BadSetting(message));
            }
        }
    }
    Ok(())
}

/// Sets the key behind a variable: `CONGLANG_DATABASE_URL` is `database.url`.
fn set(settings: &mut Table, name: &str, value: &str) -> Result<(), BadSetting> {
    let key = name.strip_prefix(PREFIX).unwrap_or(name).to_lowercase();
    let known: Vec<String> = settings
        .iter()
        .filter_map(|(table, value)| Some((table, value.as_table()?)))
        .flat_map(|(table, keys)| keys.keys().map(move |key| format!("{table}_{key}")))
        .collect();
    let slot = key
        .split_once('_')
        .and_then(|(table, key)| settings.get_mut(table)?.as_table_mut()?.get_mut(key));
    let Some(slot) = slot else {
        let known: Vec<String> =
            known.iter().map(|key| format!("{PREFIX}{}", key.to_uppercase())).collect();
        let message = format!("unknown variable {name}; known are {}", known.join(", "));
        return Err(BadSetting(message));
    };
    let parsed = match slot {
        Value::String(_) => Some(Value::String(value.to_owned())),
        Value::Integer(_) => value.parse().ok().map(Value::Integer),
        Value::Boolean(_) => value.parse().ok().map(Value::Boolean),
        _ => None,
    };
    let want = slot.type_str();
    *slot = parsed.ok_or_else(|| BadSetting(format!("{name} = {value:?}: write a {want}")))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let path = std::env::temp_dir().join(format!("conglang-{}.toml", base::UserId::new()));
        fs::write(&path, file).unwrap();
        let pairs = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let loaded = Config::load(Some(&path), pairs);
        fs::remove_file(&path).unwrap();
        loaded.map_err(|err| err.to_string())
    }

    #[track_caller]
    fn refused(file: &str, variables: &[(&str, &str)], words: &[&str]) {
        let message = load(file, variables).unwrap_err();
        for word in words {
            assert!(message.contains(word), "{word:?} is not in {message:?}");
        }
    }

    #[test]
    fn a_file_overrides_defaults_and_a_variable_overrides_the_file() {
        let file = "[database]\nurl = \"sqlite://file.db\"\nconnections = 3\n";
        let config = load(file, &[("CONGLANG_DATABASE_URL", "sqlite://var.db")]).unwrap();
        assert_eq!(config.database.url, "sqlite://var.db");
        assert_eq!(config.database.connections, 3);
        assert_eq!(config.public.scheme, "https");
    }

    #[test]
    fn a_bad_setting_is_named_with_its_place_and_what_is_allowed() {
        refused("[listen]\nadress = \"x\"\n", &[], &["listen.adress", ".toml", "address"]);
        refused("[listen]\nworkers = \"two\"\n", &[], &["listen.workers", "integer"]);
        refused("[public]\nscheme = \"ftp\"\n", &[], &["public.scheme", "https, http"]);
        refused("[listen]\naddress = \"8080\"\n", &[], &["listen.address", "HOST:PORT"]);
        refused("[listen]\nworkers = -1\n", &[], &["settings do not fit"]);
        refused("[storage]\nkind = \"s3\"\n", &[], &["storage.bucket"]);
        refused("[public]\nproxies = \"proxy\"\n", &[], &["public.proxies", "proxy"]);
        refused("[feedback]\ntypes = \"exe\"\n", &[], &["feedback.types", "exe"]);
        refused("[media]\ntypes = \"pdf exe\"\n", &[], &["media.types", "exe"]);
        refused("[mail]\ntls = \"ssl\"\n", &[], &["mail.tls", "starttls"]);
        refused("[mail]\nhost = \"mx.test\"\n", &[], &["mail.from", "address"]);
        let open =
            "[mail]\nhost = \"mx.test\"\nfrom = \"a@b.vn\"\ntls = \"none\"\nusername = \"a\"\n";
        refused(open, &[], &["mail.tls", "password"]);
        refused("[extract]\nmemory_mb = 8\n", &[], &["extract.memory_mb", "64"]);
        refused("nonsense", &[], &["is not TOML"]);
        refused("", &[("CONGLANG_DATABASE_URI", "x")], &["CONGLANG_DATABASE_URL"]);
        refused("", &[("CONGLANG_PUBLIC_PORT", "x")], &["CONGLANG_PUBLIC_PORT", "integer"]);
    }
}
