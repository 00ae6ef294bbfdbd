//! How much reading one file may cost.

use std::time::Duration;

/// What a child process may use up before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may take, on the clock and of the processor.
    pub time: Duration,
    /// Memory, in megabytes.
    pub memory_mb: u64,
    /// What it may print or write, in megabytes.
    pub output_mb: u64,
    /// How long reading one page by OCR may take.
    pub ocr_page_time: Duration,
    /// Pages of one file that are read by OCR at most.
    pub ocr_pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            memory_mb: 512,
            output_mb: 32,
            ocr_page_time: Duration::from_secs(60),
            ocr_pages: 100,
        }
    }
}
