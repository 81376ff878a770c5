//! Entry point.

use std::process::ExitCode;

fn main() -> ExitCode {
    preflight::program::main::<storage_bootstrap::Cli>()
}
