//! The program `conglang`.

use std::process::ExitCode;

/// Tables of hundreds of megabytes, which the search fills when it is built, need large pages of
/// memory, and what they leave must not stay scattered: see `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    server::cli::run()
}
