//! Time on a processor, to which others that share the machine add nothing.

use std::{fs, time::Duration};

/// How long this thread has been running, from the scheduler's books; nothing where there are
/// none.
pub(crate) fn of_thread() -> Duration {
    // The books are closed whenever a thread gives way, and otherwise only every few milliseconds.
    std::thread::yield_now();
    let books = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let running = books.split_whitespace().next().and_then(|it| it.parse().ok());
    Duration::from_nanos(running.unwrap_or(0))
}
