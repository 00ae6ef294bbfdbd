//! The program `conglang`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
