//! `conglang check`: looks at everything a portal stands on, and says how to mend it.

use std::{fs, path::Path, process::ExitCode, sync::Arc};

use base::{Locale, SiteState};
use db::{Db, SchemaAge};
use sites::{model, store};
use theme::Themes;

use crate::{Config, cli::say, portal};

/// What was found.
#[derive(Default)]
struct Findings {
    wrong: usize,
}

impl Findings {
    fn good(&self, what: &str) {
        say(&format!("ok       {what}"));
    }

    fn warn(&self, what: &str) {
        say(&format!("warning  {what}"));
    }

    fn bad(&mut self, what: &str) {
        self.wrong += 1;
        say(&format!("WRONG    {what}"));
    }
}

/// Examines everything; exit code 1 when something is wrong.
pub(crate) fn run(config: &Config) -> ExitCode {
    let mut findings = Findings::default();
    directories(config, &mut findings);
    data(config, &mut findings);
    readers(config, &mut findings);
    mail(config, &mut findings);
    if let Some(db) = database(config, &mut findings) {
        hosts(config, &db, &mut findings);
    }
    match findings.wrong {
        0 => {
            say("everything is in order");
            ExitCode::SUCCESS
        }
        wrong => {
            say(&format!("{wrong} things to mend"));
            ExitCode::FAILURE
        }
    }
}

fn directories(config: &Config, findings: &mut Findings) {
    let dirs = &config.directories;
    for (key, dir) in [("themes", &dirs.themes), ("config", &dirs.config)] {
        match dir.is_dir() {
            true => findings.good(&format!("directories.{key} = {}", dir.display())),
            false => findings.bad(&format!(
                "directories.{key} = {} is not there; copy it from the release or change the key",
                dir.display()
            )),
        }
    }
    match writable(&dirs.data) {
        Ok(()) => {
            findings.good(&format!("directories.data = {} can be written", dirs.data.display()));
        }
        Err(err) => findings.bad(&format!(
            "directories.data = {} cannot be written ({err}); create it and give it to the user \
             that runs conglang",
            dirs.data.display()
        )),
    }
}

/// Tries without leaving anything behind: a doctor only looks.
fn writable(dir: &Path) -> std::io::Result<()> {
    let probe = dir.join(".conglang-check");
    fs::write(&probe, b"")?;
    fs::remove_file(probe)
}

/// Words, kinds, blueprints and themes.
fn data(config: &Config, findings: &mut Findings) {
    for locale in Locale::ALL {
        match portal::words(config, *locale) {
            Ok(words) => {
                let count = words.keys().count();
                findings.good(&format!("words: {} in {}", count, locale.as_str()));
            }
            Err(err) => findings.bad(&format!("words: {err:#}")),
        }
    }
    let Ok(words) = portal::words(config, Locale::Vi) else { return };
    match portal::rules(config, &words) {
        Ok(_) => findings.good("kinds, blueprints and rules for names"),
        Err(err) => findings.bad(&format!("kinds, blueprints and rules for names: {err:#}")),
    }
    match portal::documents(config) {
        Ok(words) => findings.good(&format!("types of documents: {}", words.types.len())),
        Err(err) => findings.bad(&format!("types of documents: {err:#}")),
    }
    match portal::clocks(config) {
        Ok(catalog) => {
            findings.good(&format!("deadlines of the law: {}", catalog.limits().len()));
            match portal::opinions(config, &Arc::new(catalog)) {
                Ok(office) => {
                    findings.good(&format!("papers of a draft's dossier: {}", office.slots.len()));
                }
                Err(err) => findings.bad(&format!("opinions on drafts: {err:#}")),
            }
        }
        Err(err) => findings.bad(&format!("deadlines of the law: {err:#}")),
    }
    match portal::english(config) {
        Ok(english) => findings.good(&format!("official English: {}", english.terms.all().len())),
        Err(err) => findings.bad(&format!("official English: {err:#}")),
    }
    let Ok(english) = portal::words(config, Locale::En) else { return };
    match Themes::load(&config.directories.themes, words, english) {
        Ok(themes) => findings.good(&format!("themes: {}", themes.names().count())),
        Err(err) => findings.bad(&format!("themes: {err:#}")),
    }
}

/// What reads files.
fn readers(config: &Config, findings: &mut Findings) {
    let tools = match portal::tools(config) {
        Ok(tools) => tools,
        Err(err) => {
            findings.bad(&format!("files: this program cannot be started again ({err})"));
            return;
        }
    };
    match (&tools.poppler, config.extract.poppler.as_str()) {
        (Some(poppler), _) => findings.good(&format!("files: pdftotext {}", poppler.version)),
        (None, "off") => findings.good("files: PDF by the built-in reader, as the settings say"),
        (None, _) => findings.warn(
            "files: no pdftotext, so PDF is read by the built-in reader, and scans are not read; \
             install poppler-utils",
        ),
    }
    let language = &config.extract.ocr_language;
    match (&tools.tesseract, config.extract.tesseract.as_str()) {
        (Some(it), _) => {
            findings.good(&format!("files: tesseract {} with {}", it.version, it.language));
        }
        (None, "off") => findings.good("files: scans are not read, as the settings say"),
        (None, _) => findings.warn(&format!(
            "files: no tesseract with {language}, so scans are not read; install tesseract-ocr \
             and tesseract-ocr-{language}"
        )),
    }
}

/// Where letters go. Nothing is sent: the staff's screen can do that.
fn mail(config: &Config, findings: &mut Findings) {
    match config.mail.settings() {
        Ok(settings) => match settings.server {
            Some(server) => {
                findings.good(&format!("mail: {} ({})", server.place(), config.mail.tls));
            }
            None => findings.warn("mail: no server, so letters wait; set mail.host and mail.from"),
        },
        Err(err) => findings.bad(&err.to_string()),
    }
}

fn database(config: &Config, findings: &mut Findings) -> Option<Db> {
    // Opening would make the file.
    let file = config.database.url.strip_prefix("sqlite://").map(Path::new);
    let has_folder = |file: &Path| file.parent().is_some_and(Path::is_dir);
    if file.is_some_and(|file| has_folder(file) && !file.exists()) {
        findings.bad("database: there is none yet; make it with conglang migrate");
        return None;
    }
    let db = match Db::open(&config.database.url, 1) {
        Ok(db) => db,
        Err(err) => {
            findings.bad(&format!("database: {err}"));
            return None;
        }
    };
    match db.age() {
        Ok(SchemaAge::Current) => {
            findings.good("database: it answers and its schema is up to date");
            Some(db)
        }
        Ok(SchemaAge::Older(count)) => {
            findings.bad(&format!("database: {count} migrations to run; conglang migrate"));
            None
        }
        Ok(SchemaAge::Newer(version)) => {
            findings.bad(&format!("database: changed by a newer conglang ({version})"));
            None
        }
        Err(err) => {
            findings.bad(&format!("database: {err:?}"));
            None
        }
    }
}

fn hosts(config: &Config, db: &Db, findings: &mut Findings) {
    let read = db.connection().and_then(|mut conn| store::all(&mut conn));
    let sites = match read {
        Ok(sites) => sites,
        Err(err) => {
            findings.bad(&format!("sites: {err:?}"));
            return;
        }
    };
    if sites.is_empty() {
        findings.warn("sites: none yet; begin with conglang site create --type province");
        return;
    }
    let words = portal::words(config, Locale::Vi);
    let rules = words.and_then(|words| portal::rules(config, &words));
    for site in &sites {
        let host = site.host.clone().unwrap_or_default();
        if site.state != SiteState::Linked && host.is_empty() {
            findings.bad(&format!("{}: it has no canonical host", site.name));
        }
        let missing = model::missing(site.kind, &site.identity);
        if site.state == SiteState::Active && !missing.is_empty() {
            findings.bad(&format!("{host}: open without {}", missing.join(", ")));
        }
        let Ok(rules) = &rules else { continue };
        if !host.is_empty() && rules.names.check_host(&host).is_some() {
            findings.warn(&format!("{host}: not a host name by the rule of Decree 224/2026"));
        }
    }
    let fallback = &config.public.default_host;
    let known = sites.iter().any(|site| site.host.as_deref() == Some(fallback));
    if !fallback.is_empty() && !known {
        findings.bad(&format!("public.default_host = {fallback}: no site answers there"));
    }
    findings.good(&format!("sites: {}", sites.len()));
}
