//! Whose keys are looked at: this process' own environment, or those of several components side by side.

mod env_file;
mod manifest;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use preflight::redact::Redactor;
use preflight::{CommonArgs, ConfigError, Env, Finding, Hop, Secret};

use crate::keys::role::Role;
use crate::keys::{KEYS, Key};

pub use env_file::parse as parse_env_file;
pub use manifest::parse as parse_manifest;

/// More than this is no file of variables.
const FILE_LIMIT: u64 = 1024 * 1024;

/// A component and the files that its environment is made of, the later ones on top as with `envFrom`.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) label: String,
    pub(crate) role: Role,
    pub(crate) paths: Vec<PathBuf>,
}

/// Where variables are looked for.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// The environment of this process, with `--env-dir`.
    Own { overrides: Vec<(String, String)>, dir: Option<PathBuf> },
    /// What `--holder` names.
    Holders(Vec<Holder>),
}

/// The variables of one holder as they are at this moment.
pub(crate) struct View {
    /// Nothing for the environment of this process.
    pub(crate) holder: Option<(String, Role)>,
    values: BTreeMap<String, Secret>,
}

/// A value under a name.
pub(crate) struct Held<'a> {
    pub(crate) name: &'static str,
    pub(crate) view: &'a View,
    pub(crate) value: &'a Secret,
}

impl Source {
    pub(crate) fn new(common: &CommonArgs, holders: &[String]) -> Result<Self, ConfigError> {
        if holders.is_empty() {
            return Ok(Self::Own { overrides: common.overrides.clone(), dir: common.env_dir.clone() });
        }
        let mut found: Vec<Holder> = Vec::new();
        for text in holders {
            let (label, path) =
                text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(|| {
                    ConfigError::new("--holder", format!("{text:?} is not COMPONENT=PATH"))
                        .hint("write it like api=api.env or plugin-daemon=/secrets/daemon")
                })?;
            let role = Role::parse(label).map_err(|problem| ConfigError::new("--holder", problem))?;
            let path = PathBuf::from(path);
            match found.iter_mut().find(|holder| holder.label == label) {
                Some(holder) => holder.paths.push(path),
                None => found.push(Holder { label: label.to_owned(), role, paths: vec![path] }),
            }
        }
        Ok(Self::Holders(found))
    }

    /// Whether what is wrong now may be put right while we wait.
    pub(crate) fn may_change(&self) -> bool {
        !matches!(self, Self::Own { dir: None, .. })
    }

    /// Reads everything anew.
    pub(crate) fn read(&self) -> Result<Vec<View>, Finding> {
        match self {
            Self::Own { overrides, dir } => Ok(vec![own(overrides, dir.as_deref())?]),
            Self::Holders(holders) => holders.iter().map(Holder::read).collect(),
        }
    }

    /// What is looked at, for the table of results.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Own { dir: None, .. } => "environment".to_owned(),
            Self::Own { dir: Some(dir), .. } => dir.display().to_string(),
            Self::Holders(holders) => {
                let labels: Vec<&str> = holders.iter().map(|holder| holder.label.as_str()).collect();
                labels.join(", ")
            }
        }
    }
}

/// Every variable that any rule asks for, with the process' own ways to give it.
fn own(overrides: &[(String, String)], dir: Option<&Path>) -> Result<View, Finding> {
    // Nothing that is read here reaches any output, so the redactor need not be the reporter's.
    let env = Env::from_process(overrides, dir, &Redactor::default());
    let mut values = BTreeMap::new();
    for name in KEYS.iter().flat_map(Key::names) {
        if !env.is_set(name)? {
            continue;
        }
        // We take a line break off the end of a file; `envFrom` does not.
        let raw = dir.filter(|_| std::env::var_os(name).is_none()).map(|dir| dir.join(name));
        let raw = raw.and_then(|path| std::fs::read_to_string(path).ok());
        let value = match raw {
            Some(raw) => Secret::new(raw),
            None => env.secret(name)?.unwrap_or_else(|| Secret::new("")),
        };
        values.insert(name.to_owned(), value);
    }
    for name in crate::check::PLAIN {
        if let Some(text) = env.text(name)? {
            values.insert((*name).to_owned(), Secret::new(text));
        }
    }
    Ok(View { holder: None, values })
}

impl Holder {
    fn read(&self) -> Result<View, Finding> {
        let mut values = BTreeMap::new();
        for path in &self.paths {
            values.extend(read_path(path).map_err(|problem| {
                let what = format!("{} cannot be read: {problem}", path.display());
                // What is not there may come; what is there and wrong seldom changes.
                let found = if path.exists() { Finding::suspect } else { Finding::not_yet };
                let hint = format!("check --holder {}=...", self.label);
                found(Hop::Config, what).code("UNREADABLE").hint(hint)
            })?);
        }
        Ok(View { holder: Some((self.label.clone(), self.role)), values })
    }
}

/// A folder of files, a file of `NAME=value` lines, or a Secret or `ConfigMap` as YAML or JSON.
fn read_path(path: &Path) -> Result<BTreeMap<String, Secret>, String> {
    if path.is_dir() {
        return read_folder(path);
    }
    let text = read_file(path)?;
    if manifest::looks_like_one(&text) {
        return manifest::parse(&text);
    }
    env_file::parse(&text)
}

fn read_file(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > FILE_LIMIT {
        return Err("it is larger than 1 MiB".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// A mounted Secret: links to a hidden folder of the kubelet's, whose own name begins with a dot.
fn read_folder(path: &Path) -> Result<BTreeMap<String, Secret>, String> {
    let mut values = BTreeMap::new();
    for entry in std::fs::read_dir(path).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || !entry.path().is_file() {
            continue;
        }
        let text = read_file(&entry.path()).map_err(|problem| format!("{name}: {problem}"))?;
        values.insert(name, Secret::new(text));
    }
    Ok(values)
}

impl View {
    /// The text of a variable.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(Secret::reveal)
    }

    /// The names under which this holder would have a key.
    pub(crate) fn names_of(&self, key: &Key) -> Vec<&'static str> {
        match &self.holder {
            None => key.names().collect(),
            Some((_, role)) => key.names_of(*role).to_vec(),
        }
    }

    /// A key as this holder has it.
    pub(crate) fn held(&self, key: &Key) -> Vec<Held<'_>> {
        let names = self.names_of(key).into_iter();
        names.filter_map(|name| Some(Held { name, view: self, value: self.values.get(name)? })).collect()
    }

    /// What it is called in sentences; nothing for the environment of this process.
    pub(crate) fn label(&self) -> Option<&str> {
        self.holder.as_ref().map(|(label, _)| label.as_str())
    }

    pub(crate) fn is(&self, role: Role) -> bool {
        self.holder.as_ref().is_none_or(|(_, own)| *own == role)
    }
}

impl Held<'_> {
    /// `SERVER_KEY of plugin-daemon`, or the bare name.
    pub(crate) fn title(&self) -> String {
        match self.view.label() {
            Some(label) => format!("{} of {label}", self.name),
            None => self.name.to_owned(),
        }
    }
}
