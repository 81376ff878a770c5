//! Entry point.

use std::process::ExitCode;

fn main() -> ExitCode {
    preflight::program::main::<redis_check::Cli>()
}
