//! `migrate-values`: a values file of the reference chart (BorisPolonsky/dify-helm, 0.34 to 0.38) as values of this one.
//!
//! Every leaf of the old file ends in one line of the report: `walk` goes over them and asks `rules`, one table that the
//! schema reads too when it refuses an old key. What stands under the same path in both charts needs no rule. `output`
//! takes a value only if the schema of this chart does.

mod arguments;
mod carry;
mod choices;
mod compose;
mod external_secrets;
mod extra_env;
mod keys;
mod output;
mod redis;
mod release;
mod report;
mod rules;
mod stores;
#[cfg(test)]
mod tests;
mod walk;
mod write;

pub(crate) use arguments::{Arguments, run};
pub(crate) use rules::advice;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::Error;
use crate::registry::Registry;
use output::Output;
use report::Report;

/// What else is known about the release that moves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// The name of the live release: its claims are used and its keys kept.
    pub(crate) release: Option<String>,
    /// Whether the live release's own databases stay in use.
    pub(crate) keep_stores: bool,
    /// The name of the Secret that takes the secrets out of the values, if one is written.
    pub(crate) secret: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Moved {
    /// The new values file.
    pub(crate) values: String,
    /// The manifest of the Secret, if one was asked for.
    pub(crate) secret: Option<String>,
    /// What became of each key, for people.
    pub(crate) report: String,
    /// How many keys need a decision.
    pub(crate) refused: usize,
    /// The report, line by line.
    #[cfg(test)]
    pub(crate) lines: Vec<report::Line>,
}

/// The state of one migration.
pub(crate) struct Move<'a> {
    registry: &'a Registry,
    options: &'a Options,
    /// The old file, and what the old chart assumes where the file is silent and this chart would assume otherwise.
    old: Value,
    /// The paths of what the old chart assumes.
    assumed: Vec<String>,
    output: Output<'a>,
    report: Report,
}

/// The Secret that holds what the old values held in plain text, unless another name is given.
pub(crate) const SECRET: &str = "dify-moved";

/// The name in a Secret of the secret that this value sets, if it is one.
fn secret_key(setting: &str) -> Option<&'static str> {
    topology::SHARED_KEYS.iter().find(|key| key.setting == setting).map(|key| key.name)
}

/// Reads a values file.
pub(crate) fn read(path: &Path) -> Result<Value, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| Error::Io { path: path.display().to_string(), source })?;
    let value: Value = serde_saphyr::from_str(&text).map_err(|error| Error::Input {
        path: path.display().to_string(),
        fault: error.to_string().lines().next().unwrap_or("it is not YAML").to_owned(),
    })?;
    match value {
        Value::Null => Ok(Value::Object(serde_json::Map::new())),
        Value::Object(_) => Ok(value),
        _ => Err(Error::Input {
            path: path.display().to_string(),
            fault: "it is not a map of values".to_owned(),
        }),
    }
}

/// Turns the variables of a compose file's `.env` into values; those of its example are Dify's defaults.
pub(crate) fn migrate_compose(
    env: &BTreeMap<String, String>,
    example: &BTreeMap<String, String>,
    from: &str,
    options: &Options,
) -> Result<Moved, Error> {
    let registry = Registry::load()?;
    let mut moving = Move::new(&registry, Value::Object(serde_json::Map::new()), options);
    compose::carry(&mut moving, env, example);
    Ok(moving.done(from))
}

/// Turns old values into new ones.
pub(crate) fn migrate(old: &Value, from: &str, options: &Options) -> Result<Moved, Error> {
    Ok(migrate_with(&Registry::load()?, old, from, options))
}

fn migrate_with(registry: &Registry, old: &Value, from: &str, options: &Options) -> Moved {
    let mut moving = Move::new(registry, old.clone(), options);
    choices::assume(&mut moving);
    walk::walk(&mut moving);
    stores::carry(&mut moving);
    external_secrets::carry(&mut moving);
    keys::carry(&mut moving);
    redis::broker(&mut moving);
    release::adopt(&mut moving);
    moving.done(from)
}

impl<'a> Move<'a> {
    fn new(registry: &'a Registry, old: Value, options: &'a Options) -> Self {
        let output = Output::new(registry, options.secret.clone());
        Self { registry, options, old, assumed: Vec::new(), output, report: Report::default() }
    }

    fn done(self, from: &str) -> Moved {
        let secret = self.options.secret.as_deref();
        Moved {
            #[cfg(test)]
            lines: self.report.lines().to_vec(),
            values: write::values(self.registry, self.output.values(), from),
            secret: secret.map(|name| write::secret(name, self.output.secrets())),
            report: self.report.table(),
            refused: self.report.refused(),
        }
    }
}
