//! The flags that every binary has.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// A table and a progress line on a terminal, text elsewhere.
    #[default]
    Auto,
    /// One line for every change of state.
    Text,
    /// One JSON object a line, with a `schema` number.
    Json,
}

/// Flags shared by all tools. Each can be given as an environment variable instead.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Common options")]
pub struct CommonArgs {
    /// How long to wait in all before giving up with exit code 75.
    #[arg(long, global = true, value_name = "DURATION", env = "PREFLIGHT_DEADLINE", default_value = "10m", value_parser = positive_duration)]
    pub deadline: Duration,

    /// How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69.
    #[arg(long, global = true, value_name = "DURATION", env = "PREFLIGHT_GRACE", default_value = "60s", value_parser = duration)]
    pub grace: Duration,

    /// How to print results.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        env = "PREFLIGHT_OUTPUT",
        default_value = "auto"
    )]
    pub output: Output,

    /// File for the final message; by default Kubernetes' /dev/termination-log where that exists.
    #[arg(long, global = true, value_name = "PATH", env = "PREFLIGHT_TERMINATION_LOG")]
    pub termination_log: Option<PathBuf>,

    /// Folder whose files are variables, such as a mounted Secret: file name = variable, content = value.
    #[arg(long, global = true, value_name = "DIR", env = "PREFLIGHT_ENV_DIR")]
    pub env_dir: Option<PathBuf>,

    /// Override one variable; secrets are refused here.
    #[arg(short = 'e', long = "env", global = true, value_name = "NAME=VALUE", value_parser = assignment)]
    pub overrides: Vec<(String, String)>,

    /// Print what was resolved, secrets masked, and where each value came from; then end.
    #[arg(long, global = true)]
    pub print_config: bool,

    /// Log every try to standard error.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| format!("{error}; write it like 90s or 10m"))
}

/// Reads a duration such as `90s` or `10m`, longer than nothing.
pub fn positive_duration(text: &str) -> Result<Duration, String> {
    let duration = duration(text)?;
    if duration.is_zero() {
        return Err("must be longer than nothing; use the verb check to look once".to_owned());
    }
    Ok(duration)
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must be NAME=VALUE".to_owned()),
    }
}
