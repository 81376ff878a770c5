//! The keys in the environment: there, well-formed, equal, and not what everybody can read.

use std::path::PathBuf;

use preflight::redact::Redactor;
use preflight::{Check, CommonArgs, ConfigError, Env, Finding, Hop, ProbeFuture, Secret};

use crate::keys::{self, Fault, KEYS, Key};

/// One key, looked for anew at every try: files of a Secret volume appear and change while we wait.
pub(crate) struct KeyCheck {
    key: &'static Key,
    overrides: Vec<(String, String)>,
    dir: Option<PathBuf>,
}

/// The keys that were named; else those that Dify cannot do without, and whatever else is set.
pub(crate) fn plan(env: &Env, common: &CommonArgs, names: &[String]) -> Result<Vec<KeyCheck>, ConfigError> {
    let mut checks = Vec::new();
    for key in keys::chosen(names)? {
        let held = holders(env, key)?;
        if names.is_empty() && !key.needed && held.is_empty() {
            continue;
        }
        checks.push(KeyCheck { key, overrides: common.overrides.clone(), dir: common.env_dir.clone() });
    }
    debug_assert!(checks.len() <= KEYS.len());
    Ok(checks)
}

/// The names under which a key is set, with its values.
fn holders(env: &Env, key: &Key) -> Result<Vec<(&'static str, Secret)>, ConfigError> {
    let mut held = Vec::new();
    for name in std::iter::once(key.name).chain(key.twins.iter().copied()) {
        if env.is_set(name)? {
            held.push((name, env.secret(name)?.unwrap_or_else(|| Secret::new(""))));
        }
    }
    Ok(held)
}

impl KeyCheck {
    fn look(&self) -> Finding {
        // Nothing that is read here reaches any output, so the redactor need not be the reporter's.
        let env = Env::from_process(&self.overrides, self.dir.as_deref(), &Redactor::default());
        match holders(&env, self.key) {
            Ok(held) => self.judge(&held),
            Err(error) => error.into(),
        }
    }

    fn judge(&self, held: &[(&'static str, Secret)]) -> Finding {
        let key = self.key;
        let Some((first, value)) = held.first() else { return self.missing() };
        let mut warning = None;
        for (name, value) in held {
            match key.fault(value.reveal()) {
                None => {}
                // Of a server that may not be ours to change.
                Some(Fault::Published) if key.name.ends_with("_PASSWORD") => {
                    warning = Some(format!("{name} is the password of Dify's own compose file"));
                }
                Some(Fault::Empty) => return self.fault(format!("{name} is empty"), "EMPTY", name),
                Some(Fault::Published) => {
                    let what = format!("{name} is a published default that everybody can read");
                    return self.fault(what, "PUBLISHED", name);
                }
                Some(Fault::Malformed(rule)) => {
                    return self.fault(format!("{name} {rule}"), "MALFORMED", name);
                }
            }
            if self.has_line_break(name) {
                let what = format!("{name} ends with a line break, which Dify will take for a part of it");
                return self.fault(what, "MALFORMED", name);
            }
        }
        if let Some((other, _)) = held.iter().find(|(_, other)| other != value) {
            return self
                .fault(format!("{first} and {other} differ, but must be equal"), "UNEQUAL", first)
                .hint(format!("give both the same value, or {} fail", key.use_of_it));
        }
        let names: Vec<&str> = held.iter().map(|(name, _)| *name).collect();
        let equal = if names.len() > 1 { ", equal" } else { "" };
        let ready = Finding::ready(format!(
            "{} there, well-formed{equal} and no published default",
            names.join(", ")
        ));
        let is_short = !value.is_empty() && value.reveal().len() < 16 && !key.name.ends_with("_PASSWORD");
        if is_short {
            warning = Some(format!("{first} is shorter than 16 characters"));
        }
        match warning {
            Some(warning) => ready.warning(warning),
            None => ready,
        }
    }

    fn missing(&self) -> Finding {
        let name = self.key.name;
        let found = match &self.dir {
            Some(dir) => Finding::not_yet(Hop::Config, format!("{name} is not in {} yet", dir.display()))
                .hint("the Secret or its key is missing: look at the Job that makes the keys"),
            None => Finding::suspect(Hop::Config, format!("{name} is not set"))
                .hint(format!("set {name} or {name}_FILE, or {} fail", self.key.use_of_it)),
        };
        found.code("MISSING")
    }

    /// What comes from a volume may still be put right while we wait.
    fn fault(&self, what: String, code: &str, name: &str) -> Finding {
        let found = if self.dir.is_some() {
            Finding::suspect(Hop::Config, what)
        } else {
            Finding::never(Hop::Config, what)
        };
        found.code(code).hint(format!("give {name} a new value, the same for all who hold it"))
    }

    /// We take a line break off the end of a file; `envFrom` does not.
    fn has_line_break(&self, name: &str) -> bool {
        let Some(dir) = self.dir.as_ref().filter(|_| std::env::var_os(name).is_none()) else { return false };
        std::fs::read(dir.join(name)).is_ok_and(|content| content.ends_with(b"\n"))
    }
}

impl Check for KeyCheck {
    fn name(&self) -> &'static str {
        self.key.name
    }

    fn target(&self) -> String {
        self.dir.as_ref().map_or_else(|| "environment".to_owned(), |dir| dir.display().to_string())
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async { self.look() })
    }
}
