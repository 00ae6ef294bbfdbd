//! A child process that reads one file: limited in time, memory and output, without our
//! environment, in a folder of its own that is gone afterwards.

use std::{
    ffi::OsString,
    io::Read,
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::{
    Failure, Limits, Tools,
    inside::{NOT_STARTED, Order, Work},
};

/// Complaints are kept up to here; they only tell failures apart.
const MAX_COMPLAINT: u64 = 16 << 10;

/// How programs that run out of memory say so.
const OUT_OF_MEMORY: [&str; 6] = [
    "memory allocation of",
    "bad_alloc",
    "Out of memory",
    "out of memory",
    "annot allocate memory",
    "memory exhausted",
];

/// What a child printed and how it ended.
struct Ended {
    status: ExitStatus,
    printed: Vec<u8>,
    complaint: String,
}

/// Has a child do `work` in `dir`, and returns what it printed.
pub(crate) fn run(
    tools: &Tools,
    limits: &Limits,
    dir: &Path,
    work: Work,
) -> Result<Vec<u8>, Failure> {
    let order = Order::new(limits, work);
    let order = serde_json::to_string(&order).map_err(Failure::unavailable)?;
    let child = start(tools, dir, &order).map_err(Failure::unavailable)?;
    let output = limits.output_mb << 20;
    let ended = attend(child, limits.time, output)?;
    judge(ended, output)
}

/// Has a child run a program of others.
pub(crate) fn run_program(
    tools: &Tools,
    limits: &Limits,
    dir: &Path,
    program: &Path,
    args: Vec<OsString>,
) -> Result<Vec<u8>, Failure> {
    run(tools, limits, dir, Work::Exec { program: program.to_owned(), args })
}

/// A folder for one file's children.
pub(crate) fn desk() -> Result<tempfile::TempDir, Failure> {
    tempfile::TempDir::with_prefix("conglang-extract-").map_err(Failure::unavailable)
}

fn start(tools: &Tools, dir: &Path, order: &str) -> std::io::Result<Child> {
    Command::new(&tools.program)
        .args(["extract", order])
        .env_clear()
        .envs([("LC_ALL", "C.UTF-8"), ("OMP_THREAD_LIMIT", "1"), ("PATH", "/usr/bin:/bin")])
        .envs([("HOME", dir), ("TMPDIR", dir)])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Waits for the child, but not longer than `time`; nothing of it is left afterwards.
fn attend(mut child: Child, time: Duration, output: u64) -> Result<Ended, Failure> {
    let printed = listen(child.stdout.take(), output + 1);
    let complaint = listen(child.stderr.take(), MAX_COMPLAINT);
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let (tell, told) = mpsc::channel();
    let waiter = thread::spawn(move || tell.send(child.wait()));
    let status = told.recv_timeout(time);
    // Also when it ended by itself: it may have left children of its own. That the group is
    // gone already is the usual case and no error.
    let _ = group.map(|group| kill_process_group(group, Signal::KILL));
    let status = match status {
        Ok(status) => status.map_err(Failure::unavailable)?,
        Err(_) => {
            let _ = waiter.join();
            return Err(Failure::TooSlow);
        }
    };
    Ok(Ended { status, printed: heard(printed)?, complaint: lossy(heard(complaint)?) })
}

type Listener = JoinHandle<std::io::Result<Vec<u8>>>;

/// Reads at most `max` bytes of a pipe and then lets it go.
fn listen(pipe: Option<impl Read + Send + 'static>, max: u64) -> Listener {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            pipe.take(max).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    })
}

fn heard(listener: Listener) -> Result<Vec<u8>, Failure> {
    let bytes = listener.join().map_err(|_panic| Failure::unavailable("a listener fell over"))?;
    bytes.map_err(Failure::unavailable)
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Which failure an end was, if it was one.
fn judge(ended: Ended, output: u64) -> Result<Vec<u8>, Failure> {
    let says = |words: &str| ended.complaint.contains(words);
    let signal = ended.status.signal().and_then(Signal::from_named_raw);
    if u64::try_from(ended.printed.len()).unwrap_or(u64::MAX) > output {
        return Err(Failure::TooLarge);
    }
    match signal {
        Some(Signal::XCPU) => return Err(Failure::TooSlow),
        // Nobody but the kernel kills a child that is within its time: for its memory.
        Some(Signal::XFSZ | Signal::KILL) => return Err(Failure::TooLarge),
        _ => (),
    }
    if ended.status.success() {
        return Ok(ended.printed);
    }
    if OUT_OF_MEMORY.iter().any(|words| says(words)) {
        return Err(Failure::TooLarge);
    }
    if says("Incorrect password") {
        return Err(Failure::Encrypted);
    }
    let first = first_line(&ended.complaint);
    if ended.status.code() == Some(NOT_STARTED.into()) {
        return Err(Failure::unavailable(first));
    }
    Err(Failure::Broken(format!("{}: {first}", ended.status)))
}

fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason given")
}
