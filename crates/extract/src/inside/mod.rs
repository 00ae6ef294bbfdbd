//! What happens in the child process: first the limits, then the work.
//!
//! The work is a program of others, which takes this process over and keeps its limits, or one
//! of the readers of this folder, whose result is printed as JSON.

mod docx;
mod lines;
mod odt;
mod ole;
mod package;
mod pdf;
mod xlsx;
mod xml;

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::{Failure, Limits, format::Format};

/// How a child ends that could not begin, as shells do.
pub(crate) const NOT_STARTED: u8 = 126;

/// Address space beyond the memory that may be used: programs and their libraries are mapped.
const MAPPED_MB: u64 = 1024;

/// What a child is told to do, and within which limits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    memory_mb: u64,
    output_mb: u64,
    cpu_seconds: u64,
    work: Work,
}

/// The two kinds of work.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Work {
    /// Become this program.
    Exec { program: PathBuf, args: Vec<OsString> },
    /// Read this file.
    Read { format: Format, file: PathBuf },
}

/// What was read.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) pages: Vec<String>,
    /// Numbers of the pages that are pictures with little or no text.
    pub(crate) scans: Vec<usize>,
    /// The sheets of a workbook, cell by cell.
    pub(crate) sheets: Vec<Sheet>,
}

/// One sheet of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The rows that have cells, with their numbers as the office program counts them.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Order {
    pub(crate) fn new(limits: &Limits, work: Work) -> Self {
        Self {
            memory_mb: limits.memory_mb,
            output_mb: limits.output_mb,
            cpu_seconds: limits.time.as_secs().max(1),
            work,
        }
    }
}

/// Carries out an order in this very process, which must have been started for it.
pub fn run(order: &str) -> ExitCode {
    let result = match serde_json::from_str::<Order>(order) {
        Ok(order) => carry_out(order),
        Err(err) => Err(Failure::unavailable(err)),
    };
    // What a program of others would have printed is no JSON, so this goes by another way.
    if let Err(Failure::Unavailable(cause)) = &result {
        let _ = writeln!(io::stderr(), "{cause}");
        return ExitCode::from(NOT_STARTED);
    }
    let mut out = io::stdout().lock();
    let written = serde_json::to_writer(&mut out, &result).map_err(io::Error::from);
    match written.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn carry_out(order: Order) -> Result<Found, Failure> {
    limit(&order).map_err(Failure::unavailable)?;
    match order.work {
        Work::Exec { program, args } => {
            // Comes back only when it fails.
            Err(Failure::unavailable(Command::new(program).args(args).exec()))
        }
        Work::Read { format, file } => read(format, &file, order.output_mb << 20),
    }
}

fn read(format: Format, path: &Path, output: u64) -> Result<Found, Failure> {
    let file = File::open(path).map_err(Failure::unavailable)?;
    if file.metadata().map_err(Failure::unavailable)?.len() == 0 {
        return Err(Failure::broken("the file is empty"));
    }
    let output = usize::try_from(output).unwrap_or(usize::MAX);
    let pages = |pages| Found { pages, ..Found::default() };
    match format {
        Format::Pdf => pdf::read(path),
        Format::Docx => docx::read(file, output).map(pages),
        Format::Odt => odt::read(file, output).map(pages),
        Format::Xlsx => xlsx::read(file, output),
        Format::Ole => Err(ole::verdict(file)),
        Format::Image => Err(Failure::Unsupported),
    }
}

/// From here on, this process and whatever it becomes can use no more than it was given.
fn limit(order: &Order) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let memory = order.memory_mb << 20;
    let exactly = |value| (Some(value), Some(value));
    // The first processor limit asks, the second one kills.
    let cpu = (Some(order.cpu_seconds), Some(order.cpu_seconds + 2));
    let limits = [
        (Resource::Core, exactly(0)),
        (Resource::Nofile, exactly(64)),
        (Resource::Fsize, exactly(order.output_mb << 20)),
        (Resource::Cpu, cpu),
        (Resource::Data, exactly(memory)),
        (Resource::As, exactly(memory + (MAPPED_MB << 20))),
    ];
    for (resource, (current, maximum)) in limits {
        setrlimit(resource, Rlimit { current, maximum })?;
    }
    Ok(())
}
