//! Entry point.

use std::process::ExitCode;

fn main() -> ExitCode {
    preflight::program::main::<plugin_keys::Cli>()
}
