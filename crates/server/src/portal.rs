//! The parts of a portal, put together from the settings.

use actix_web::{middleware, middleware::from_fn, web as actix, web::Data};
use anyhow::{Context, bail};
use base::{Error, Locale, Message};
use chrono::{SubsecRound, Utc};
use content::{
    Kinds,
    desk::AllPiles,
    public::{Citations, Translations},
};
use db::{Db, SchemaAge};
use documents::{find::Documents, model::effect::Status, public::Callouts};
use english::{minimum::Minimum, paths::Paths, terms::Terms};
use extract::{Limits, Place, Tools};
use finder::Finder;
use search::{Engine, Feed, Source, Successors, Vocabulary};
use sites::{Blueprints, NameRules, Rules};
use std::{fs, io, path::PathBuf, sync::Arc, time::Duration};
use theme::{Themes, Words};
use web::{AllMapped, App, Clock, English, Settings};

use crate::{Config, courier::Letters, files, health};

/// Everything the server holds, cheap to clone: one for each worker.
#[derive(Clone)]
pub struct Portal {
    /// The database, themes and sites.
    pub app: Data<App>,
    /// The limits of the law and the first calendars.
    pub clocks: Data<::clocks::Catalog>,
    /// The content types.
    pub kinds: Data<Kinds>,
    /// The vocabulary of documents.
    pub documents: Data<documents::Vocabulary>,
    /// The English side of every site.
    pub mirror: Data<english_mirror::Office>,
    /// What waits in the features, for the first screen of the staff.
    pub piles: Data<AllPiles>,
    /// Opinions on drafts.
    pub consultations: Data<consultations::Office>,
    /// What the pages of documents say of other features.
    pub callouts: Data<dyn Callouts>,
    /// What tells how far translations are behind.
    pub translations: Data<dyn Translations>,
    /// What features have for the maps that search engines read.
    pub mapped: Data<AllMapped>,
    /// What tells which documents an entry names.
    pub citations: Data<dyn Citations>,
    /// What citizens send.
    pub feedback: Data<::feedback::Office>,
    /// Blueprints and rules for names.
    pub rules: Data<Rules>,
    /// How sign-in behaves.
    pub accounts: Data<accounts::Settings>,
    /// Where files and pictures lie.
    pub storage: Data<media::Storage>,
    /// Which files are taken.
    pub limits: Data<media::Limits>,
    /// The search.
    pub finder: Data<Finder>,
    /// Who brings people the links to their accounts.
    pub courier: Data<dyn accounts::Courier>,
    /// Who carries letters.
    pub postman: mail::Postman,
    /// What looks through the attachments of cases.
    pub scanner: ::feedback::Scanner,
    /// What reads the files of documents.
    pub reader: documents::texts::Reader,
}

/// The clock of the machine, to the microsecond that PostgreSQL keeps.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn system_clock() -> Clock {
    Arc::new(|| Utc::now().trunc_subsecs(6).naive_utc())
}

impl Portal {
    /// Reads what the settings name and puts it together over `db`.
    pub fn assemble(config: &Config, db: Db, clock: Clock) -> anyhow::Result<Self> {
        let (vi, en) = (words(config, Locale::Vi)?, words(config, Locale::En)?);
        let rules = rules(config, &vi)?;
        let kinds = kinds(config)?;
        let themes = Themes::load(&config.directories.themes, vi, en)?;
        let kinds = Data::new(kinds);
        let types = Data::new(documents(config)?);
        let citations: Arc<dyn Citations> = Arc::new(found_documents(&types, themes.words()));
        let translations: Arc<dyn Translations> =
            Arc::new(english_mirror::Teller(kinds.clone().into_inner()));
        let piles = piles(&kinds, themes.words());
        let clocks = Data::new(clocks(config)?);
        let feedback = Data::new(feedback(config, &clocks)?);
        let features = (&*kinds, &*types, &feedback.types);
        let engine = (free_engine(config)?, former_units(config)?);
        let finder = Finder::new(feed(engine, &db, features, themes.words()));
        let callouts: Arc<dyn Callouts> = Arc::new(consultations::OpenDrafts);
        let english = english(config)?;
        let mirror = mirror(config, (&kinds, &english.minimum));
        let app = Data::new(App::new(db.clone(), (themes, english), settings(config), clock));
        let on = config.mail.settings()?.server.is_some();
        let courier: Arc<dyn accounts::Courier> = Arc::new(Letters { app: app.clone(), on });
        let storage = storage(config)?;
        let tools = Arc::new(tools(config)?);
        Ok(Self {
            scanner: ::feedback::Scanner {
                storage: storage.clone(),
                tools: Arc::clone(&tools),
                limits: limits(config),
            },
            postman: mail::Postman::new(db.clone(), config.mail.settings()?),
            reader: documents::texts::Reader {
                storage: storage.clone(),
                tools,
                limits: limits(config),
                vocabulary: Arc::clone(&types),
                words: app.themes.words().clone(),
            },
            app,
            courier: Data::from(courier),
            finder: Data::new(finder),
            consultations: Data::new(opinions(config, &clocks)?),
            callouts: Data::from(callouts),
            mirror: Data::new(mirror),
            clocks,
            feedback,
            kinds,
            documents: types,
            citations: Data::from(citations),
            translations: Data::from(translations),
            piles: Data::new(piles),
            mapped: Data::new(mapped()),
            rules: Data::new(rules),
            accounts: Data::new(accounts(config)),
            storage: Data::new(storage),
            limits: Data::new(config.media.limits()?),
        })
    }

    /// Mounts every feature: one line each, in alphabetical order. What is no fixed address
    /// may be a section or an entry.
    pub fn mount(&self, service: &mut actix::ServiceConfig) {
        let portal = actix::scope("")
            .wrap(from_fn(::web::enter))
            .wrap(middleware::Compress::default())
            .configure(accounts::routes)
            .configure(::clocks::routes)
            .configure(consultations::routes)
            .configure(content::routes)
            .configure(documents::routes)
            .configure(english_mirror::routes)
            .configure(::feedback::routes)
            .configure(files::routes)
            .configure(finder::routes)
            .configure(mail::routes)
            .configure(media::routes)
            .configure(sites::routes)
            .default_service(actix::to(content::public::show));
        service
            .app_data(self.app.clone())
            .app_data(self.clocks.clone())
            .app_data(self.kinds.clone())
            .app_data(self.documents.clone())
            .app_data(self.consultations.clone())
            .app_data(self.callouts.clone())
            .app_data(self.citations.clone())
            .app_data(self.translations.clone())
            .app_data(self.mirror.clone())
            .app_data(self.piles.clone())
            .app_data(self.mapped.clone())
            .app_data(self.feedback.clone())
            .app_data(self.rules.clone())
            .app_data(self.accounts.clone())
            .app_data(self.courier.clone())
            .app_data(self.storage.clone())
            .app_data(self.limits.clone())
            .app_data(self.finder.clone())
            .app_data(Data::new(self.postman.clone()))
            .app_data(actix::QueryConfig::default().error_handler(|_, _| {
                // A query that cannot be read asks for nothing that is here.
                ::web::Failure(Error::NotFound).into()
            }))
            .configure(health::routes)
            .service(portal);
    }
}

/// How sign-in behaves.
fn accounts(config: &Config) -> accounts::Settings {
    let accounts = &config.accounts;
    accounts::Settings {
        idle_minutes: accounts.idle_minutes.into(),
        max_failures: accounts.max_failures.into(),
        lock_hours: accounts.lock_hours.into(),
        invite_hours: accounts.invite_hours.into(),
        reset_hours: accounts.reset_hours.into(),
    }
}

/// What waits in the features, for the first screen of the staff.
fn piles(kinds: &Data<Kinds>, words: &Words) -> AllPiles {
    let say = |key: &str| words.say(&Message::new(key.to_owned()));
    let waiting = documents::find::Waiting {
        approve: say("document.waiting"),
        write: say("document.unfinished"),
        returned: say("document.returned"),
    };
    let behind = english_mirror::Waiting {
        kinds: Arc::clone(kinds),
        approve: say("mirror.waiting"),
        stale: say("mirror.behind"),
    };
    let unread = documents::unread::Unread { label: say("document.unread") };
    vec![Box::new(waiting), Box::new(unread), Box::new(behind)]
}

/// What features have for the maps that search engines read.
fn mapped() -> AllMapped {
    vec![Box::new(documents::public::Map), Box::new(consultations::Map), Box::new(::feedback::Map)]
}

/// How many processes may serve from one data folder, each with an index of its own.
const INDEXES: u32 = 32;

/// The first index below the data folder that no other process uses.
fn free_engine(config: &Config) -> anyhow::Result<Engine> {
    let mut number = 1;
    loop {
        match engine(config, number) {
            Err(search::Error::InUse(_)) if number < INDEXES => number += 1,
            opened => return Ok(opened?),
        }
    }
}

/// The index called `number`.
pub fn engine(config: &Config, number: u32) -> Result<Engine, search::Error> {
    Engine::open(&config.search_folder(number), abbreviations(config)?)
}

/// The abbreviations and empty phrases of every search.
fn abbreviations(config: &Config) -> Result<Vocabulary, search::Error> {
    Vocabulary::load(&config.directories.config.join("search"))
}

/// Former units that are in a table of the operator's, beside those the registry knows.
pub fn former_units(config: &Config) -> Result<Successors, search::Error> {
    match config.search.former_units.as_os_str().is_empty() {
        true => Ok(Successors::default()),
        false => Successors::load(&config.search.former_units),
    }
}

/// The documents as others find them.
fn found_documents(types: &Arc<documents::Vocabulary>, words: &Words) -> Documents {
    let status = |it: &Status| {
        let label = words.say(&Message::new(format!("effect_status.{}", it.as_str())));
        (it.as_str().to_owned(), label)
    };
    Documents {
        words: types.clone(),
        label: words.say(&Message::new("search.kind.document")),
        statuses: Status::ALL.iter().map(status).collect(),
    }
}

/// What keeps an index in step: every feature that gives it something to find.
pub fn feed(
    (engine, units): (Engine, Successors),
    db: &Db,
    (kinds, types, cases): (&Arc<Kinds>, &Arc<documents::Vocabulary>, &Arc<::feedback::Types>),
    words: &Words,
) -> Feed {
    let label = |kind: &str| words.say(&Message::new(format!("search.kind.{kind}")));
    let sources: Vec<Box<dyn Source>> = vec![
        Box::new(found_documents(types, words)),
        Box::new(::feedback::find::Answers { types: cases.clone(), label: label("answer") }),
        Box::new(content::find::Entries::new(kinds.clone())),
        Box::new(content::find::Sections { label: label("section") }),
        Box::new(sites::find::Sites { label: label("site") }),
    ];
    Feed::new(db.clone(), Arc::new(engine), sources, units)
}

/// How visitors reach the portal.
fn settings(config: &Config) -> Settings {
    let public = &config.public;
    Settings {
        scheme: public.scheme.clone(),
        port: (public.port != 0).then_some(public.port),
        default_host: (!public.default_host.is_empty()).then(|| public.default_host.clone()),
        secure_cookies: public.scheme == "https",
        proxies: public.proxies(),
    }
}

/// Where files and pictures lie.
pub fn storage(config: &Config) -> anyhow::Result<media::Storage> {
    media::Storage::open(&config.storage.place(), &config.directories.data)
}

/// The words of one language.
pub fn words(config: &Config, locale: Locale) -> anyhow::Result<Words> {
    Words::load(&config.directories.config.join("locales"), locale)
}

/// The folders of `config` whose labels have their English beside them.
pub const LABELLED: [&str; 6] =
    ["kinds", "documents", "feedback", "consultations", "clocks", "calendars"];

/// What the English pages share.
pub fn english(config: &Config) -> anyhow::Result<English> {
    let dir = config.directories.config.join("english");
    let file = dir.join("terms.toml");
    let source = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
    let mut terms = Terms::parse(&source).with_context(|| format!("{}", file.display()))?;
    terms.learn(&config.directories.config, &LABELLED)?;
    Ok(English {
        terms: Arc::new(terms),
        source,
        paths: Paths::load(&dir.join("paths.toml"))?,
        minimum: Arc::new(Minimum::load(&dir.join("minimum.toml"))?),
    })
}

/// The limits of the law and the first calendars.
pub fn clocks(config: &Config) -> anyhow::Result<::clocks::Catalog> {
    ::clocks::Catalog::load(&config.directories.config)
}

/// What citizens send, and by which rules.
pub fn feedback(
    config: &Config,
    catalog: &Arc<::clocks::Catalog>,
) -> anyhow::Result<::feedback::Office> {
    let types = Arc::new(case_types(config)?);
    types.fit(catalog)?;
    Ok(::feedback::Office {
        types,
        catalog: catalog.clone(),
        guard: ::feedback::Guard::open(&config.directories.data)?,
        files: config.feedback.limits()?,
        max_message: config.feedback.max_message,
        approval_hours: config.feedback.approval_hours.into(),
    })
}

/// The types of cases.
pub fn case_types(config: &Config) -> anyhow::Result<::feedback::Types> {
    ::feedback::Types::load(&config.directories.config)
}

/// The dossier and the limits of opinions on drafts.
pub fn opinions(
    config: &Config,
    catalog: &Arc<::clocks::Catalog>,
) -> anyhow::Result<consultations::Office> {
    // Of its own, so that digests there say nothing of digests elsewhere.
    let secret = ::feedback::guard::Key::open(&config.directories.data)?.digest("opinions", b"");
    consultations::Office::load(&config.directories.config, catalog, secret)
}

/// The content types.
pub fn kinds(config: &Config) -> anyhow::Result<Kinds> {
    Kinds::load(&config.directories.config.join("kinds"))
}

/// The English side of every site.
pub fn mirror(
    config: &Config,
    (kinds, minimum): (&Arc<Kinds>, &Arc<Minimum>),
) -> english_mirror::Office {
    let glossary = english_mirror::machine::Glossary;
    let machine: Option<Box<dyn english_mirror::machine::Provider>> =
        match config.english.machine.as_str() {
            "glossary" => Some(Box::new(glossary)),
            _ => None,
        };
    english_mirror::Office { kinds: kinds.clone(), minimum: minimum.clone(), machine }
}

/// The vocabulary of documents.
pub fn documents(config: &Config) -> anyhow::Result<documents::Vocabulary> {
    let mut words = documents::Vocabulary::load(&config.directories.config.join("documents"))?;
    words.abbreviations = Arc::new(abbreviations(config)?);
    Ok(words)
}

/// Blueprints and rules for names.
pub fn rules(config: &Config, words: &Words) -> anyhow::Result<Rules> {
    let dir = &config.directories.config;
    Ok(Rules {
        blueprints: Blueprints::load(&dir.join("blueprints"), &kinds(config)?)?,
        names: NameRules::load(dir)?,
        domain: config.sites.domain.clone(),
        committee: words.say(&Message::new("committee")),
    })
}

/// What reads files, as far as it is installed. Children are this very program.
pub fn tools(config: &Config) -> io::Result<Tools> {
    let extract = &config.extract;
    let (poppler, tesseract) = (Place::parse(&extract.poppler), Place::parse(&extract.tesseract));
    Ok(Tools::find(program()?, &poppler, &tesseract, &extract.ocr_language))
}

/// Where the running program can be started from once more. Linux finds it even after another
/// version was put in its place, which must not read for this one.
fn program() -> io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { Ok(running) } else { std::env::current_exe() }
}

/// What reading one file may take.
pub fn limits(config: &Config) -> Limits {
    let extract = &config.extract;
    Limits {
        time: Duration::from_secs(extract.seconds.into()),
        memory_mb: extract.memory_mb.into(),
        output_mb: extract.output_mb.into(),
        ocr_page_time: Duration::from_secs(extract.ocr_page_seconds.into()),
        ocr_pages: usize::try_from(extract.ocr_pages).unwrap_or(usize::MAX),
    }
}

/// Opens the database the settings name, migrating it when they say so.
pub fn open(config: &Config) -> anyhow::Result<Db> {
    let db = Db::open(&config.database.url, config.database.connections)?;
    if config.database.migrate {
        let ran = db.migrate().context("cannot bring the schema up to date")?;
        if ran > 0 {
            tracing::info!(migrations = ran, "schema brought up to date");
        }
    } else if let SchemaAge::Older(count) = db.age()? {
        bail!("the schema is {count} migrations behind; run conglang migrate");
    }
    Ok(db)
}
