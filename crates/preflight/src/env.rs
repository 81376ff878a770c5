//! Input: the variables that Dify itself reads.
//!
//! An init container is given the very environment of its pod, so a check sees what the application will
//! see, and reads it with the application's own quirks: an empty number or boolean is an error here because
//! Dify's settings model crashes on it (`env_ignore_empty` is off).
//!
//! A variable is looked for in this order, and where it was found is remembered for `--print-config`:
//!
//! 1. `-e NAME=VALUE` on the command line (refused for secrets: arguments are visible to every process),
//! 2. the environment,
//! 3. the file that `NAME_FILE` names (one trailing line break is taken off),
//! 4. the file `NAME` in the folder of `--env-dir`, such as a mounted Secret.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::finding::{Finding, Hop};
use crate::redact::Redactor;
use crate::secret::{MASK, Secret};

/// A variable, flag or file that cannot be used as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct ConfigError {
    /// The name of the variable, flag or file.
    pub key: String,
    /// What is wrong with it, without its value.
    pub problem: String,
    /// The next thing to do.
    pub hint: Option<String>,
}

impl ConfigError {
    /// Names a key and what is wrong with it.
    #[must_use]
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into(), hint: None }
    }

    /// Adds the next thing to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<ConfigError> for Finding {
    fn from(error: ConfigError) -> Self {
        let finding = Self::never(Hop::Config, format!("{}: {}", error.key, error.problem));
        match error.hint {
            Some(hint) => finding.hint(hint),
            None => finding,
        }
    }
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `-e NAME=VALUE`.
    Flag,
    /// The process environment.
    Environment,
    /// A file named by `NAME_FILE` or found in `--env-dir`.
    File(PathBuf),
    /// Nowhere: the default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment => f.write_str("env"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One line of `--print-config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The variable.
    pub name: String,
    /// Its value, masked if it is a secret.
    pub shown: String,
    /// Where it came from.
    pub source: Source,
}

/// All input of a program.
pub struct Env {
    variables: BTreeMap<String, OsString>,
    overrides: BTreeMap<String, String>,
    dir: Option<PathBuf>,
    redactor: Redactor,
    resolved: RefCell<BTreeMap<String, Resolved>>,
}

impl Env {
    /// Takes a snapshot of the process environment.
    #[must_use]
    pub fn from_process(overrides: &[(String, String)], dir: Option<&Path>, redactor: &Redactor) -> Self {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))).collect();
        Self {
            variables,
            overrides: overrides.iter().cloned().collect(),
            dir: dir.map(Path::to_owned),
            redactor: redactor.clone(),
            resolved: RefCell::default(),
        }
    }

    /// An environment of these variables alone.
    #[must_use]
    pub fn of<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self::of_pairs(pairs)
    }

    /// The same for any number of them; of two with the same name, the last counts.
    #[must_use]
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            variables: pairs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
            overrides: BTreeMap::new(),
            dir: None,
            redactor: Redactor::default(),
            resolved: RefCell::default(),
        }
    }

    /// The text of a variable; `None` if it is not set, the empty string if it is set to that.
    pub fn text(&self, name: &str) -> Result<Option<String>, ConfigError> {
        let found = self.look_up(name)?;
        if let Some((value, source)) = &found {
            self.remember(name, value, source.clone());
        }
        Ok(found.map(|(value, _)| value))
    }

    /// The text of a variable, or the default where it is not set.
    pub fn text_or(&self, name: &str, default: &str) -> Result<String, ConfigError> {
        if let Some(value) = self.text(name)? {
            return Ok(value);
        }
        self.remember(name, default, Source::Default);
        Ok(default.to_owned())
    }

    /// The text of a variable that must be there and not be empty.
    pub fn required(&self, name: &str) -> Result<String, ConfigError> {
        match self.text(name)? {
            Some(value) if !value.trim().is_empty() => Ok(value),
            Some(_) => Err(ConfigError::new(name, "is empty").hint(format!("set {name}"))),
            None => Err(ConfigError::new(name, "is not set").hint(format!("set {name}"))),
        }
    }

    /// A number. Empty is an error, as it is for Dify.
    pub fn number<T: FromStr + fmt::Display>(&self, name: &str, default: T) -> Result<T, ConfigError> {
        let Some(value) = self.text(name)? else {
            self.remember(name, &default.to_string(), Source::Default);
            return Ok(default);
        };
        if value.trim().is_empty() {
            return Err(empty(name, "number"));
        }
        value
            .trim()
            .parse()
            .map_err(|_| ConfigError::new(name, format!("{value:?} is not a number in its range")))
    }

    /// A boolean, in the spellings that Dify's settings accept (pydantic: true/false, yes/no, on/off, t/f, y/n, 1/0).
    pub fn boolean(&self, name: &str, default: bool) -> Result<bool, ConfigError> {
        let Some(value) = self.text(name)? else {
            self.remember(name, &default.to_string(), Source::Default);
            return Ok(default);
        };
        match value.trim().to_ascii_lowercase().as_str() {
            "" => Err(empty(name, "boolean")),
            "true" | "yes" | "on" | "t" | "y" | "1" => Ok(true),
            "false" | "no" | "off" | "f" | "n" | "0" => Ok(false),
            _ => Err(ConfigError::new(name, format!("{value:?} is not a boolean")).hint("use true or false")),
        }
    }

    /// One of several words.
    pub fn one_of(&self, name: &str, default: &str, allowed: &[&str]) -> Result<String, ConfigError> {
        let value = self.text_or(name, default)?;
        if allowed.contains(&value.as_str()) {
            return Ok(value);
        }
        Err(ConfigError::new(name, format!("{value:?} is not known"))
            .hint(format!("use one of {}", allowed.join(", "))))
    }

    /// A secret; `None` if it is not set or empty. From here on the value is kept out of all output.
    pub fn secret(&self, name: &str) -> Result<Option<Secret>, ConfigError> {
        if self.overrides.contains_key(name) {
            return Err(ConfigError::new(name, "is a secret and cannot be given on the command line")
                .hint(format!("use the environment or {name}_FILE")));
        }
        let Some((value, source)) = self.look_up(name)? else { return Ok(None) };
        let secret = Secret::new(value);
        self.redactor.learn(&secret);
        let shown = if secret.is_empty() { "" } else { MASK };
        self.remember(name, shown, source);
        Ok(Some(secret).filter(|secret| !secret.is_empty()))
    }

    /// A secret that must be there.
    pub fn required_secret(&self, name: &str) -> Result<Secret, ConfigError> {
        self.secret(name)?.ok_or_else(|| {
            ConfigError::new(name, "is not set or empty").hint(format!("set {name} or {name}_FILE"))
        })
    }

    /// Whether a variable is set at all, even to nothing.
    pub fn is_set(&self, name: &str) -> Result<bool, ConfigError> {
        Ok(self.look_up(name)?.is_some())
    }

    /// Registers a secret that was found inside another value (a password in a URL).
    pub fn learn(&self, secret: &Secret) {
        self.redactor.learn(secret);
    }

    /// Masks a value that was read as text and turned out to hold a secret (a URL with a password).
    pub fn mask(&self, name: &str, shown: &str) {
        if let Some(resolved) = self.resolved.borrow_mut().get_mut(name) {
            shown.clone_into(&mut resolved.shown);
        }
    }

    /// Everything that was read so far, by name.
    #[must_use]
    pub fn resolved(&self) -> Vec<Resolved> {
        self.resolved.borrow().values().cloned().collect()
    }

    fn remember(&self, name: &str, shown: &str, source: Source) {
        let resolved = Resolved { name: name.to_owned(), shown: shown.to_owned(), source };
        self.resolved.borrow_mut().insert(name.to_owned(), resolved);
    }

    fn look_up(&self, name: &str) -> Result<Option<(String, Source)>, ConfigError> {
        if let Some(value) = self.overrides.get(name) {
            return Ok(Some((value.clone(), Source::Flag)));
        }
        let file_key = format!("{name}_FILE");
        let named_file = self.variables.get(&file_key);
        if let Some(value) = self.variables.get(name) {
            if named_file.is_some() {
                return Err(ConfigError::new(name, format!("and {file_key} are both set")).hint("unset one"));
            }
            let value = value.to_str().ok_or_else(|| ConfigError::new(name, "is not valid UTF-8"))?;
            return Ok(Some((value.to_owned(), Source::Environment)));
        }
        if let Some(path) = named_file {
            let path = PathBuf::from(path);
            let value = read(&file_key, &path)?;
            return Ok(Some((value, Source::File(path))));
        }
        if let Some(dir) = &self.dir {
            let path = dir.join(name);
            if path.is_file() {
                let value = read(name, &path)?;
                return Ok(Some((value, Source::File(path))));
            }
        }
        Ok(None)
    }
}

fn empty(name: &str, kind: &str) -> ConfigError {
    ConfigError::new(name, format!("is empty, but must be a {kind}"))
        .hint(format!("Dify crashes on this: unset {name} or give it a value"))
}

fn read(key: &str, path: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::new(key, format!("cannot read {}: {error}", path.display())))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_number_or_boolean_is_refused_by_name() {
        let env = Env::of([("REDIS_DB", ""), ("REDIS_USE_SSL", "")]);
        assert_eq!(env.number::<u8>("REDIS_DB", 0).unwrap_err().key, "REDIS_DB");
        assert_eq!(env.boolean("REDIS_USE_SSL", false).unwrap_err().key, "REDIS_USE_SSL");
    }

    #[test]
    fn a_default_is_used_only_where_nothing_is_set() {
        let env = Env::of([("DB_HOST", "")]);
        assert_eq!(env.text_or("DB_HOST", "localhost").unwrap(), "");
        assert_eq!(env.text_or("DB_PORT", "5432").unwrap(), "5432");
    }

    #[test]
    fn a_secret_never_shows_in_the_resolved_configuration() {
        let env = Env::of([("DB_PASSWORD", "canary-7f3a")]);
        env.secret("DB_PASSWORD").unwrap();
        assert_eq!(env.resolved()[0].shown, MASK);
    }

    #[test]
    fn a_secret_file_loses_one_line_break_and_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pw");
        std::fs::write(&path, " p w \n\n").unwrap();
        let path = path.to_str().unwrap();
        let env = Env::of([("DB_PASSWORD_FILE", path)]);
        assert_eq!(env.secret("DB_PASSWORD").unwrap().unwrap().reveal(), " p w \n");
    }

    #[test]
    fn value_and_file_together_are_ambiguous() {
        let env = Env::of([("DB_PASSWORD", "a"), ("DB_PASSWORD_FILE", "/x")]);
        assert_eq!(env.secret("DB_PASSWORD").unwrap_err().key, "DB_PASSWORD");
    }

    #[test]
    fn a_secret_on_the_command_line_is_refused() {
        let mut env = Env::of([]);
        env.overrides.insert("DB_PASSWORD".to_owned(), "x".to_owned());
        assert_eq!(env.secret("DB_PASSWORD").unwrap_err().key, "DB_PASSWORD");
    }
}
