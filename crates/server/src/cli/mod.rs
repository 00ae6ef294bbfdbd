//! The command line.

mod documents;
mod mail;
mod out;
mod search;
mod sites;
mod users;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use base::Locale;
use clap::{Parser, Subcommand};
use db::Db;
use theme::Words;

use crate::{Config, demo, doctor, logging, portal, serve};

pub(crate) use out::say;

/// Cổng Làng: one provincial portal and the sites of all its departments and communes.
///
/// Settings come from the built-in defaults (config/portal.toml), then --config FILE, then
/// variables such as `CONGLANG_DATABASE_URL`. Exit codes: 0 done, 1 failed, 2 wrong usage or
/// wrong settings.
#[derive(Debug, Parser)]
#[command(name = "conglang", version, about, max_term_width = 100)]
struct Cli {
    /// A settings file; it needs only what differs from the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal until told to stop (SIGTERM, Ctrl-C).
    Serve,
    /// Bring the database's schema up to date, or take it away.
    Migrate {
        /// Take every table away, with everything in it.
        #[arg(long)]
        revert: bool,
    },
    /// Serve a demonstration province with invented content, on port 8080.
    Demo(demo::Options),
    /// Create, import, list and show sites.
    #[command(subcommand)]
    Site(sites::Command),
    /// Bring documents into registers.
    #[command(subcommand)]
    Documents(documents::Command),
    /// Invite people and reset their passwords.
    #[command(subcommand)]
    User(users::Command),
    /// Build the search index anew, or compare it with the database.
    #[command(subcommand)]
    Search(search::Command),
    /// Look after letters.
    #[command(subcommand)]
    Mail(mail::Command),
    /// Examine settings, database, directories, themes and hosts, and say how to mend them.
    Check,
    /// Read one file in a process of its own, which the program starts by itself.
    #[command(hide = true)]
    Extract {
        /// What to do and within which limits, as JSON.
        order: String,
    },
}

/// What a command works with.
pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) words: Words,
}

impl Context {
    pub(crate) fn open(&self) -> Result<Db> {
        portal::open(&self.config)
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // A child has no settings and no environment, and reads none.
    if let Command::Extract { order } = &cli.command {
        return extract::inside::run(order);
    }
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = match Config::load(cli.config.as_deref(), variables) {
        Ok(config) => config,
        Err(err) => {
            out::complain(&err.to_string());
            return ExitCode::from(2);
        }
    };
    match carry_out(cli.command, config) {
        Ok(code) => code,
        Err(err) => {
            out::complain(&format!("{err:#}"));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command, config: Config) -> Result<ExitCode> {
    logging::start(&config.log)?;
    if let Command::Check = command {
        return Ok(doctor::run(&config));
    }
    let words = portal::words(&config, Locale::En)?;
    let context = Context { config, words };
    match command {
        Command::Serve => serve::run(&context.config)?,
        Command::Migrate { revert } => migrate(&context, revert)?,
        Command::Demo(options) => demo::run(context, &options)?,
        Command::Site(command) => return sites::run(&context, command),
        Command::Documents(command) => return documents::run(&context, command),
        Command::User(command) => users::run(&context, command)?,
        Command::Search(command) => return search::run(&context, command),
        Command::Mail(command) => return mail::run(&context, &command),
        Command::Check | Command::Extract { .. } => (),
    }
    Ok(ExitCode::SUCCESS)
}

fn migrate(context: &Context, revert: bool) -> Result<()> {
    let database = &context.config.database;
    let db = Db::open(&database.url, 1)?;
    if revert {
        db.revert()?;
        say("every table was taken away");
    } else {
        match db.migrate()? {
            0 => say("the schema is up to date"),
            ran => say(&format!("migrations run: {ran}")),
        }
    }
    Ok(())
}

/// Serves with `config`; the demonstration ends here too.
pub(crate) fn serve(config: &Config) -> Result<()> {
    serve::run(config)
}
