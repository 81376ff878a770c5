//! Writes the Helm chart of Dify, proves that it is current, and explains its values.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    chartgen::cli::Cli::parse().run()
}
