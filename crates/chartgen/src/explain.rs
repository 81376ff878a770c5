//! `explain`: what a value does and where it goes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use topology::Source;

use crate::registry::{Kind, Registry};
use crate::{Error, RELEASE, generate, lint, reference, schema};

/// What there is to say about the value at this path.
pub(crate) fn explain(key: &str) -> Result<String, Error> {
    let registry = Registry::load()?;
    let Some(entry) = registry.get(key) else {
        return Err(Error::NoSuchValue { key: key.to_owned(), nearest: nearest(&registry, key) });
    };
    let mut text = format!("{key} ({})\n{}\n", entry.kind.name(), entry.doc);
    if let Kind::Text { choices } = &entry.kind
        && !choices.is_empty()
    {
        let _ = writeln!(text, "one of: {}", choices.join(", "));
    }
    text.push_str(&limits(key));
    if entry.kind == Kind::Section {
        let below = format!("{key}.");
        text.push_str("keys:\n");
        for child in registry.entries().iter().filter(|child| child.path.starts_with(&below)) {
            let _ = writeln!(text, "  {}", child.path);
        }
    } else {
        let _ = writeln!(text, "default: {}", reference::short(&entry.default));
    }
    text.push_str("read by:\n");
    for file in generate::files(&registry)? {
        if lint::references(&file.text).iter().any(|path| concerns(path, key)) {
            let _ = writeln!(text, "  {}", file.path);
        }
    }
    for line in variables(key) {
        let _ = writeln!(text, "{line}");
    }
    text.truncate(text.trim_end().len());
    Ok(text)
}

/// What the schema allows: a range, a pattern.
fn limits(key: &str) -> String {
    let schema = schema::schema();
    let pointer = key.split('.').fold(String::new(), |all, part| format!("{all}/properties/{part}"));
    let mut text = String::new();
    for (word, title) in [("minimum", "at least"), ("maximum", "at most"), ("pattern", "must match")] {
        if let Some(limit) = schema.pointer(&format!("{pointer}/{word}")) {
            let limit = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
            let _ = writeln!(text, "{title}: {limit}");
        }
    }
    text
}

/// The variables that the value ends up in, each once: from a ConfigMap, or as a secret.
fn variables(key: &str) -> BTreeSet<String> {
    let release = |variable: &&topology::Variable| variable.read_by_release(RELEASE);
    let told = |variable: &topology::Variable| match variable.source {
        Source::Setting(path) => concerns(path, key),
        Source::Key(name) => topology::shared_key(name).is_some_and(|shared| concerns(shared.setting, key)),
        _ => false,
    };
    topology::variables()
        .filter(release)
        .filter(|variable| told(variable))
        .map(|variable| format!("becomes {} in {}", variable.name, variable.consumers.join(", ")))
        .collect()
}

/// A reference to a section reads all of its keys, as an image or a secret is handed to a helper whole.
fn concerns(reference: &str, key: &str) -> bool {
    reference == key
        || key.strip_prefix(reference).is_some_and(|rest| rest.starts_with('.'))
        || reference.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
}

/// The path that ends as this one does, or that shares its last word.
fn nearest(registry: &Registry, key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key).to_lowercase();
    registry
        .entries()
        .iter()
        .map(|entry| &entry.path)
        .find(|path| path.to_lowercase().ends_with(&key.to_lowercase()))
        .or_else(|| {
            registry
                .entries()
                .iter()
                .map(|entry| &entry.path)
                .find(|path| path.rsplit('.').next().is_some_and(|own| own.to_lowercase().starts_with(&last)))
        })
        .map_or_else(
            || "`chart/values.yaml` lists them all".to_owned(),
            |path| format!("the nearest is `{path}`"),
        )
}
