//! Entry point.

use std::process::ExitCode;

fn main() -> ExitCode {
    preflight::program::main::<vector_probe::Cli>()
}
