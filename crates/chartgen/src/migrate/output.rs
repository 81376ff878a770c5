//! The new values, each held against the schema before it is taken.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use boon::{Compiler, Schemas, ValidationError};
use serde_json::{Map, Value};

use crate::registry::{Kind, Registry};
use crate::schema::schema;

const SCHEMA: &str = "mem:///value.schema.json";

/// The new values and secrets.
pub(crate) struct Output<'a> {
    registry: &'a Registry,
    values: Value,
    secrets: BTreeMap<String, String>,
    secret: Option<String>,
    defaults: Value,
}

/// The schema of all values, made once.
static SCHEMA_OF_ALL: LazyLock<Value> = LazyLock::new(schema);

/// Why a value was not taken.
pub(crate) enum Unfit {
    /// It is the default of this chart already.
    Default,
    /// It is set already, and to something else.
    Taken,
    /// The schema does not allow it; its words.
    Refused(String),
}

impl<'a> Output<'a> {
    pub(super) fn new(registry: &'a Registry, secret: Option<String>) -> Self {
        let values = Value::Object(Map::new());
        let defaults = serde_json::to_value(crate::values::Values::default()).unwrap_or_default();
        Self { registry, values, secrets: BTreeMap::new(), secret, defaults }
    }

    pub(super) fn values(&self) -> &Value {
        &self.values
    }

    pub(super) fn secrets(&self) -> &BTreeMap<String, String> {
        &self.secrets
    }

    /// The value at this path, as far as it was set.
    pub(super) fn get(&self, path: &str) -> Option<&Value> {
        at(&self.values, path)
    }

    /// Sets the value at this path, if it fits there and is not the default.
    pub(super) fn set(&mut self, path: &str, value: &Value) -> Result<(), Unfit> {
        let value = self.fitting(path, value)?;
        if let Some(present) = self.get(path) {
            return if *present == value { Ok(()) } else { Err(Unfit::Taken) };
        }
        if at(&self.defaults, path) == Some(&value) {
            return Err(Unfit::Default);
        }
        put(&mut self.values, path, value);
        Ok(())
    }

    /// Sets a secret: inline, or in the Secret that is written next to the values. A reference that is there stays.
    pub(super) fn set_secret(&mut self, path: &str, key: &str, text: &str) {
        if self.get(&format!("{path}.existingSecret.name")).is_some() {
            return;
        }
        let Some(name) = self.secret.clone() else {
            put(&mut self.values, &format!("{path}.value"), Value::from(text));
            return;
        };
        self.secrets.insert(key.to_owned(), text.to_owned());
        self.refer(path, &name, key);
    }

    /// Keeps a text in the Secret that is written, under a name of its own.
    pub(super) fn keep(&mut self, key: &str, text: &str) {
        self.secrets.insert(key.to_owned(), text.to_owned());
    }

    /// Where the secret of this setting went.
    pub(super) fn secret_path(&self, path: &str) -> String {
        let inline = self.get(&format!("{path}.existingSecret.name")).is_none();
        format!("{path}.{}", if inline { "value" } else { "existingSecret" })
    }

    /// Names the Secret that holds a secret, in place of its text.
    pub(super) fn refer(&mut self, path: &str, name: &str, key: &str) {
        put(&mut self.values, path, Value::Object(Map::new()));
        put(&mut self.values, &format!("{path}.existingSecret.name"), Value::from(name));
        if super::secret_key(path) != Some(key) {
            put(&mut self.values, &format!("{path}.existingSecret.key"), Value::from(key));
        }
    }

    /// Adds an item to the list at this path, if it fits there.
    pub(super) fn push(&mut self, path: &str, item: Value) -> Result<(), Unfit> {
        let mut list = self.get(path).and_then(Value::as_array).cloned().unwrap_or_default();
        if !list.contains(&item) {
            list.push(item);
        }
        let list = self.fitting(path, &Value::Array(list))?;
        put(&mut self.values, path, list);
        Ok(())
    }

    /// The value as the schema wants it, or why it cannot be so.
    fn fitting(&self, path: &str, value: &Value) -> Result<Value, Unfit> {
        let Some(entry) = self.registry.get(path) else {
            return Err(Unfit::Refused("this chart has no such key".to_owned()));
        };
        let value = spelt(&entry.kind, value);
        let pointer = format!("/properties/{}", path.replace('.', "/properties/"));
        let own = SCHEMA_OF_ALL.pointer(&pointer).cloned().unwrap_or(Value::Bool(false));
        let mut compiler = Compiler::new();
        let mut schemas = Schemas::new();
        compiler.add_resource(SCHEMA, own).map_err(|error| Unfit::Refused(error.to_string()))?;
        let index = compiler.compile(SCHEMA, &mut schemas);
        let index = index.map_err(|error| Unfit::Refused(error.to_string()))?;
        let verdict = schemas.validate(&value, index).map_err(|error| Unfit::Refused(complaint(&error)));
        verdict.map(|()| value)
    }
}

/// The innermost complaint of the validator.
fn complaint(error: &ValidationError<'_, '_>) -> String {
    error.causes.first().map_or_else(|| error.kind.to_string(), complaint)
}

/// Numbers and switches that the old file has as texts, and the other way round: the old chart took either.
fn spelt(kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Integer { .. } | Kind::Number, Value::String(text)) => {
            serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| value.clone(), Value::Number)
        }
        (Kind::List, Value::String(text)) => text.split(',').map(|item| Value::from(item.trim())).collect(),
        (Kind::Boolean, Value::String(text)) => match text.to_lowercase().as_str() {
            "true" | "yes" | "on" => Value::Bool(true),
            "false" | "no" | "off" => Value::Bool(false),
            _ => value.clone(),
        },
        (Kind::Text { .. }, Value::Number(number)) => Value::from(number.to_string()),
        (Kind::Free, Value::Object(map)) => Value::Object(map.clone()),
        (Kind::Integer { .. }, Value::Number(number)) => match number.as_f64() {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "it has no fraction, and the schema has a maximum"
            )]
            Some(float) if float.fract() == 0.0 && number.as_i64().is_none() => Value::from(float as i64),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// The value at a path of maps.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// Puts a value there, and makes the maps on the way.
pub(crate) fn put(value: &mut Value, path: &str, new: Value) {
    let mut here = value;
    for key in path.split('.') {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Some(map) = here.as_object_mut() else { return };
        here = map.entry(key.to_owned()).or_insert(Value::Null);
    }
    *here = new;
}
