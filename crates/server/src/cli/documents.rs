//! `conglang documents …`.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use base::Message;
use clap::{Args, Subcommand};
use db::events::Actor;
use documents::{
    import::{Importer, Report},
    store::Home,
};
use flate2::read::MultiGzDecoder;
use sites::store;

use super::{Context, out::say, sites::told};
use crate::portal;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring documents into the register of a site.
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// JSON, a document a line; compressed if it ends with .gz.
    file: PathBuf,
    /// One of the hosts of the site.
    #[arg(long)]
    site: String,
    /// Report what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, command: Command) -> Result<ExitCode> {
    match command {
        Command::Import(import) => self::import(context, &import),
    }
}

/// 0 when every line was taken, 1 when some were refused.
fn import(context: &Context, options: &Import) -> Result<ExitCode> {
    let file = open(&options.file)?;
    let words = portal::documents(&context.config)?;
    let db = context.open()?;
    let mut conn = db.connection()?;
    let site = store::by_host(&mut conn, &options.site)
        .with_context(|| format!("no site answers at {}", options.site))?;
    if site.host.is_none() {
        bail!("{} is only linked: it keeps no documents here", site.name);
    }
    let home =
        Home { site: site.id, portal: site.portal_id.unwrap_or(site.id), self_approval: false };
    let actor = Actor { site: site.id, user: None, now: (portal::system_clock())() };
    let began = Instant::now();
    let importer = Importer::start(&mut conn, (home, &words), actor, options.dry_run)
        .map_err(|err| told(&context.words, err))?;
    let report = importer.json_lines(&mut conn, file).map_err(|err| told(&context.words, err))?;
    tell(context, &report, began.elapsed().as_secs_f64());
    if options.dry_run {
        say("dry run: nothing was written");
    }
    Ok(if report.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(match path.extension().is_some_and(|it| it == "gz") {
        true => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))),
        false => Box::new(BufReader::with_capacity(1 << 16, file)),
    })
}

fn tell(context: &Context, report: &Report, seconds: f64) {
    let tell = |kind: &str, line: usize, message: &Message| {
        say(&format!("line {line}: {kind}: {}", context.words.say(message)));
    };
    report.refused.iter().for_each(|(line, message)| tell("refused", *line, message));
    report.drafts.iter().for_each(|(line, message)| tell("kept as a draft", *line, message));
    for (line, number) in &report.doubled {
        say(&format!(
            "line {line}: {number} of this issuer and year is there already; kept beside it"
        ));
    }
    let total = report.created + report.unchanged + report.changed + report.refused.len();
    say(&format!(
        "{} created, {} changed, {} unchanged, {} refused; {} relations found in abstracts",
        report.created,
        report.changed,
        report.unchanged,
        report.refused.len(),
        report.relations
    ));
    say(&format!("{total} lines in {seconds:.1} s"));
}
