//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::graph::{self, Format};
use crate::release::Sources;
use crate::{Error, explain, generate, migrate, release};

/// Write the Helm chart of Dify, prove that it is current, or explain one of its values.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the chart; files of the chart that the generator no longer writes are removed.
    Generate {
        /// The folder of the chart.
        #[arg(long, default_value = "chart")]
        out: PathBuf,
        /// Write nothing; fail if the folder differs from what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Say what a value does, its default, and which templates read it.
    Explain {
        /// The value's path, as in `externalPostgres.address`.
        key: String,
    },
    /// Draw what must be proven before which part of Dify starts.
    Graph {
        /// How it is written.
        #[arg(long, value_enum, default_value = "svg")]
        format: Format,
    },
    /// Turn the values of the reference chart (BorisPolonsky/dify-helm, 0.34 to 0.38), or the .env of docker compose, into
    /// values of this one.
    ///
    /// The new values hold only what differs from this chart's defaults. What became of every key goes to the standard
    /// error, those that need a decision first; the exit code is 1 if there are any.
    MigrateValues(migrate::Arguments),
    /// Say what the data of `topology` lack for a release of Dify, by its sources; 1 if anything.
    ReleaseCheck {
        /// The release, as in 1.16.1.
        version: String,
        #[command(flatten)]
        sources: Sources,
        /// Write the lists of what its code reads in place of comparing them: a folder for all releases.
        #[arg(long, requires = "read_at")]
        write: Option<PathBuf>,
        /// Which sources they are, for the lists' first line.
        #[arg(long)]
        read_at: Option<String>,
    },
}

impl Cli {
    /// Does what was asked and says how it went: 0 done, 1 the chart is at fault, 2 usage.
    #[must_use]
    #[allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the program's one way to speak")]
    pub fn run(&self) -> ExitCode {
        let outcome = match &self.command {
            Command::Generate { out, check: true } => generate::check(out),
            Command::Generate { out, check: false } => generate::write(out),
            Command::Explain { key } => explain::explain(key),
            Command::Graph { format } => graph::graph(*format),
            Command::MigrateValues(arguments) => match migrate::run(arguments) {
                Ok(done) => {
                    print!("{}", done.text);
                    eprintln!("{}", done.report);
                    return if done.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE };
                }
                Err(error) => Err(error),
            },
            Command::ReleaseCheck { version, sources, write: Some(out), read_at } => {
                release::write(version, sources, read_at.as_deref().unwrap_or_default(), out)
            }
            Command::ReleaseCheck { version, sources, write: None, .. } => release::check(version, sources),
        };
        match outcome {
            Ok(text) => {
                println!("{text}");
                ExitCode::SUCCESS
            }
            Err(error @ (Error::NoSuchValue { .. } | Error::Input { .. })) => {
                eprintln!("chartgen: {error}");
                ExitCode::from(2)
            }
            Err(error) => {
                eprintln!("chartgen: {error}");
                ExitCode::FAILURE
            }
        }
    }
}
