//! The command's arguments, and what it writes where.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Moved, Options, SECRET, migrate, migrate_compose, read};
use crate::Error;

/// What to migrate, and how.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The values file of the old release, as in `helm get values RELEASE --output yaml`.
    #[arg(required_unless_present = "compose", conflicts_with = "compose")]
    old: Option<PathBuf>,
    /// A `.env` of Dify's docker compose, in place of a values file. What is as in the `.env.example` beside it is left out.
    #[arg(long, value_name = "FILE", conflicts_with = "release")]
    compose: Option<PathBuf>,
    /// Where the new values go; without it, to the standard output.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The live release: its volumes are used, and its SECRET_KEY is kept whatever it is.
    #[arg(long, value_name = "NAME")]
    release: Option<String>,
    /// Keep on using the live release's own PostgreSQL and Weaviate as external ones.
    #[arg(long, requires = "release")]
    keep_stores: bool,
    /// Write secrets into the manifest of a Secret here, in place of into the values.
    #[arg(long, value_name = "FILE")]
    secret_out: Option<PathBuf>,
    /// The name of that Secret.
    #[arg(long, value_name = "NAME", default_value = SECRET)]
    secret_name: String,
}

/// What the command says.
pub(crate) struct Done {
    /// For the standard output.
    pub(crate) text: String,
    /// For the standard error.
    pub(crate) report: String,
    /// How many keys need a decision.
    pub(crate) refused: usize,
}

/// Does it.
pub(crate) fn run(arguments: &Arguments) -> Result<Done, Error> {
    let options = Options {
        release: arguments.release.clone(),
        keep_stores: arguments.keep_stores,
        secret: arguments.secret_out.as_ref().map(|_| arguments.secret_name.clone()),
    };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let moved = match (&arguments.compose, &arguments.old) {
        (Some(path), _) => {
            let example = path.with_file_name(".env.example");
            let example = if example.is_file() { variables(&example)? } else { BTreeMap::new() };
            migrate_compose(&variables(path)?, &example, &name(path), &options)?
        }
        (None, Some(path)) => migrate(&read(path)?, &name(path), &options)?,
        (None, None) => {
            return Err(Error::Input { path: "migrate-values".to_owned(), fault: "name a file".to_owned() });
        }
    };
    let Moved { values, secret, report, refused, .. } = moved;
    if let (Some(path), Some(manifest)) = (&arguments.secret_out, secret) {
        private(path, &manifest).map_err(|source| io(path, source))?;
    }
    let text = match &arguments.to {
        Some(path) => {
            private(path, &values).map_err(|source| io(path, source))?;
            String::new()
        }
        None => values,
    };
    Ok(Done { text, report, refused })
}

/// The variables of a file as docker compose reads it: the last of a name holds, quotes are no part of the text.
fn variables(path: &Path) -> Result<BTreeMap<String, String>, Error> {
    let text = fs::read_to_string(path).map_err(|source| io(path, source))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='));
    Ok(pairs.map(|(name, text)| (name.trim().to_owned(), unquoted(text.trim()).to_owned())).collect())
}

/// A text without its quotes; without quotes, a comment ends it.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = text.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inner;
        }
    }
    text.split_once(" #").map_or(text, |(text, _)| text).trim_end()
}

/// Writes a file that others cannot read: both may hold passwords.
fn private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
