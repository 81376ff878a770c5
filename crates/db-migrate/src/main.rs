//! Entry point.

use std::process::ExitCode;

fn main() -> ExitCode {
    match db_migrate::become_command() {
        Some(code) => ExitCode::from(code),
        None => preflight::program::main::<db_migrate::Cli>(),
    }
}
