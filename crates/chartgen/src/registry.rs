//! All values by their path: type, default and description, in the order of the structs.

use serde_json::Value;

use crate::Error;
use crate::schema::schema;
use crate::tree::Tree;
use crate::values::Values;

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Has keys of its own.
    Section,
    /// A text; one of these, if there are any.
    Text {
        /// The words that are allowed.
        choices: Vec<String>,
    },
    /// A whole number up to this one.
    Integer {
        /// The largest that the schema allows.
        maximum: u64,
    },
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    List,
    /// A map whose keys the user chooses.
    Free,
}

impl Kind {
    /// The type's name for readers.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Text { .. } => "text",
            Self::Integer { .. } => "whole number",
            Self::Number => "number",
            Self::Boolean => "true or false",
            Self::List => "list",
            Self::Free => "map",
        }
    }
}

/// One value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its path, with dots.
    pub(crate) path: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// What it does.
    pub(crate) doc: String,
    /// Its default.
    pub(crate) default: Tree,
}

/// All values.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// Reads the structs: the order and the defaults from the values, the rest from their schema.
    pub(crate) fn load() -> Result<Self, Error> {
        let defaults: Tree = serde_json::from_str(&serde_json::to_string(&Values::default())?)?;
        let mut registry = Self { entries: Vec::new() };
        registry.add("", &defaults, &schema());
        Ok(registry)
    }

    fn add(&mut self, parent: &str, tree: &Tree, schema: &Value) {
        let Tree::Map(children) = tree else { return };
        for (key, child) in children {
            let path = if parent.is_empty() { key.clone() } else { format!("{parent}.{key}") };
            let described = schema.pointer(&format!("/properties/{key}")).unwrap_or(&Value::Null);
            let kind = kind(described);
            let doc = described.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            let descend = kind == Kind::Section;
            self.entries.push(Entry { path: path.clone(), kind, doc, default: child.clone() });
            if descend {
                self.add(&path, child, described);
            }
        }
    }

    /// The value at this path.
    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }

    /// All values, parents before their children.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

fn kind(schema: &Value) -> Kind {
    if schema.get("properties").is_some() {
        return Kind::Section;
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => Kind::Text {
            choices: schema
                .get("enum")
                .and_then(Value::as_array)
                .map(|words| words.iter().filter_map(Value::as_str).filter(|word| !word.is_empty()))
                .map(|words| words.map(str::to_owned).collect())
                .unwrap_or_default(),
        },
        Some("integer") => {
            Kind::Integer { maximum: schema.get("maximum").and_then(Value::as_u64).unwrap_or(u64::MAX) }
        }
        Some("number") => Kind::Number,
        Some("boolean") => Kind::Boolean,
        Some("array") => Kind::List,
        _ => Kind::Free,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_described_and_typed() {
        let registry = Registry::load().expect("the values");
        for entry in registry.entries() {
            assert!(!entry.doc.is_empty(), "{} has no doc comment", entry.path);
            assert!(entry.doc.ends_with('.') || entry.doc.ends_with('?'), "{}: {}", entry.path, entry.doc);
            if let Kind::Integer { maximum } = entry.kind {
                assert!(maximum < u64::MAX, "{} has no maximum", entry.path);
            }
        }
        assert!(registry.get("externalPostgres.password.existingSecret.name").is_some());
        assert_eq!(registry.get("api.resources").map(|entry| &entry.kind), Some(&Kind::Free));
    }
}
