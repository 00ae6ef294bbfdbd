//! `conglang documents …`.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Instant,
};

use actix_web::rt;
use anyhow::{Context as _, Result, anyhow, bail};
use base::Message;
use clap::{Args, Subcommand};
use db::{Conn, events::Actor};
use documents::{
    Vocabulary,
    import::{self, Beside, Entry, Folder, Importer, Keeping, Report},
    store::Home,
};
use flate2::read::MultiGzDecoder;
use sheets::{Columns, Reading};
use sites::store;
use tokio::sync::oneshot;

use super::{Context, out::say, sites::told};
use crate::portal;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring documents into the register of a site.
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// JSON, a document a line (.jsonl, .jsonl.gz), or a register, a document a row (.csv, .xlsx).
    file: PathBuf,
    /// The folder with the files that a register names; without names, those called by the number.
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// Who issued what has no issuer in its row of a register.
    #[arg(long, value_name = "NAME", default_value = "")]
    issuer: String,
    /// One of the hosts of the site.
    #[arg(long)]
    site: String,
    /// Leave everything new as drafts, for the approvers of the site to publish.
    #[arg(long)]
    drafts: bool,
    /// Report what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, command: Command) -> Result<ExitCode> {
    match command {
        Command::Import(options) => beside_runtime(|| bring(context, &options)),
    }
}

/// Does `work` on a thread of its own while this one runs what it waits for: the store of files,
/// which may be far away.
fn beside_runtime<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let system = rt::System::new();
    let runtime = system.runtime().tokio_runtime().handle().clone();
    let (done, finished) = oneshot::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let _entered = runtime.enter();
            done.send(work())
        });
        system.block_on(finished).unwrap_or_else(|_| Err(anyhow!("the import broke off")))
    })
}

/// 0 when every line was taken, 1 when some were refused or the file breaks off.
fn bring(context: &Context, options: &Import) -> Result<ExitCode> {
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
    let start = |conn: &mut Conn| {
        let importer = Importer::start(conn, (home, &words), actor, options.dry_run);
        let importer = importer.map_err(|err| told(&context.words, err))?;
        Ok::<_, anyhow::Error>(importer.as_drafts(options.drafts))
    };
    let report = match is_json(&options.file) {
        true => {
            if options.files.is_some() || !options.issuer.is_empty() {
                bail!("--files and --issuer go with a register (.csv, .xlsx)");
            }
            start(&mut conn)?.json_lines(&mut conn, open(&options.file)?)
        }
        false => {
            let (tools, limits) =
                (portal::tools(&context.config)?, portal::limits(&context.config));
            let reading = Reading { tools: &tools, limits: &limits };
            let rows = rows(context, options, &words, reading)?;
            let storage = portal::storage(&context.config)?;
            let taken = context.config.media.limits()?;
            let keeping = Keeping { storage: &storage, limits: &taken, reading };
            start(&mut conn)?.rows(&mut conn, rows, keeping)
        }
    };
    let report = report.map_err(|err| told(&context.words, err))?;
    tell(context, &report, began.elapsed().as_secs_f64());
    if options.dry_run {
        say("dry run: nothing was written");
    }
    let is_whole = report.refused.is_empty() && report.stopped.is_none();
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_json(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    ["jsonl", "json", "gz"].iter().any(|end| name.ends_with(&format!(".{end}")))
}

/// Reads a register and says what of it has no place.
fn rows(
    context: &Context,
    options: &Import,
    words: &Vocabulary,
    reading: Reading<'_>,
) -> Result<Vec<Entry>> {
    let file = &options.file;
    File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    let columns = Columns::load(&context.config.directories.config.join("documents/columns.toml"))?;
    let kind = match file.extension().is_some_and(|it| it.eq_ignore_ascii_case("csv")) {
        true => "text/csv",
        false => "",
    };
    let register = sheets::read(file, kind, reading, &columns)
        .map_err(|err| told(&context.words, err))
        .with_context(|| format!("cannot read {}", file.display()))?;
    if !register.unknown.is_empty() {
        say(&format!("columns that have no place here: {}", register.unknown.join("; ")));
    }
    if !register.columns.iter().any(|it| it == "issuer") && options.issuer.is_empty() {
        bail!("the register has no column of issuers: name one with --issuer");
    }
    let folder = options
        .files
        .as_deref()
        .map(|path| Folder::read(path).with_context(|| format!("cannot read {}", path.display())));
    let folder = folder.transpose()?;
    let beside = Beside { words, folder: folder.as_ref(), issuer: &options.issuer };
    let rows = import::lines(register, beside);
    for path in folder.iter().flat_map(|folder| folder.unused(&rows)) {
        say(&format!("no row brings {}", path.display()));
    }
    Ok(rows)
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
            "line {line}: {number} of this issuer and year is there already; kept as a draft"
        ));
    }
    if let Some((line, message)) = &report.stopped {
        tell("the import ended here", *line, message);
    }
    for name in &report.issuers {
        say(&format!("new issuer, not known here before: {name}"));
    }
    let total = report.created + report.unchanged + report.changed + report.refused.len();
    say(&format!(
        "{} created ({} published, {} drafts), {} changed, {} unchanged, {} refused; {} relations \
         found in abstracts",
        report.created,
        report.published,
        report.created - report.published,
        report.changed,
        report.unchanged,
        report.refused.len(),
        report.relations
    ));
    say(&format!("{total} lines in {seconds:.1} s"));
}
