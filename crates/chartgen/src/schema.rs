//! The schema of the values: draft 7, which every Helm since 3.0 reads; no reference to anywhere.
//!
//! Every key of every struct is required and no other is allowed. `values.yaml` gives each its default, so that users
//! never notice; but a key that was set to null or misspelt is named by Helm before a template can stumble over it.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::migrate::advice;
use crate::values::Values;

/// The schema as it is written to `values.schema.json`.
pub(crate) fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<Values>().to_value();
    tighten(&mut schema);
    for (path, words) in advice() {
        refuse(&mut schema, &path, &words);
    }
    if let Some(global) = schema.pointer_mut("/properties/global").and_then(Value::as_object_mut) {
        // Helm hands the globals of a parent chart down, whatever they are.
        global.insert("additionalProperties".to_owned(), Value::Bool(true));
    }
    worker_pools(&mut schema);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), Value::from("Values of the Dify chart"));
    }
    schema
}

/// A pool has the keys of the worker, and may leave out all but its queues.
fn worker_pools(schema: &mut Value) {
    let Some(mut pool) = schema.pointer("/properties/worker").cloned() else { return };
    loosen(&mut pool);
    if let Some(queues) = pool.pointer_mut("/properties/queues").and_then(Value::as_object_mut) {
        queues.insert("minItems".to_owned(), Value::from(1));
    }
    if let Some(pool) = pool.as_object_mut() {
        pool.insert("required".to_owned(), serde_json::json!(["queues"]));
    }
    if let Some(pools) = schema.pointer_mut("/properties/workerPools").and_then(Value::as_object_mut) {
        pools.insert("additionalProperties".to_owned(), pool);
        // Fifteen characters leave room for the names of pods.
        let names = serde_json::json!({"pattern": "^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$"});
        pools.insert("propertyNames".to_owned(), names);
    }
}

fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.remove("required");
            object.remove("description");
            object.values_mut().for_each(loosen);
        }
        Value::Array(items) => items.iter_mut().for_each(loosen),
        _ => {}
    }
}

fn tighten(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.remove("format");
            join_choices(object);
            if let Some(text) = object.get_mut("description")
                && let Some(joined) = text.as_str().map(|text| text.replace('\n', " "))
            {
                *text = Value::from(joined);
            }
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                // What has a default in the schema is part of an item that the user writes: it may be left out.
                let demanded = properties.iter().filter(|(_, property)| property.get("default").is_none());
                let names: Vec<Value> = demanded.map(|(name, _)| Value::from(name.clone())).collect();
                object.insert("required".to_owned(), Value::from(names));
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            object.values_mut().for_each(tighten);
        }
        Value::Array(items) => items.iter_mut().for_each(tighten),
        _ => {}
    }
}

/// Refuses a key of the reference chart, and says where it went: a constant that nobody would give it is the one thing that
/// both of Helm's validators quote, as in "api.secretKey does not match" and "value must be".
fn refuse(schema: &mut Value, path: &str, words: &str) {
    let mut here = schema;
    for key in path.split('.') {
        let Some(section) = here.as_object_mut() else { return };
        // A section that is refused as a whole, or that takes any key.
        if section.contains_key("const")
            || (section.contains_key("additionalProperties") && !section.contains_key("properties"))
        {
            return;
        }
        if section.is_empty() {
            section.insert("type".to_owned(), Value::from("object"));
            section.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        let properties = section.entry("properties").or_insert_with(|| Value::Object(Map::new()));
        let Some(properties) = properties.as_object_mut() else { return };
        here = properties.entry(key).or_insert_with(|| Value::Object(Map::new()));
    }
    if let Some(key) = here.as_object_mut().filter(|key| key.is_empty()) {
        key.insert("const".to_owned(), Value::from(format!("unset: {words}")));
    }
}

/// A choice of words as one `enum`: its error lists the words, that of `oneOf` only says that none matched.
fn join_choices(object: &mut Map<String, Value>) {
    let Some(variants) = object.get("oneOf").and_then(Value::as_array) else { return };
    let words: Option<Vec<Value>> = variants.iter().map(|variant| variant.get("const").cloned()).collect();
    if let Some(words) = words {
        object.remove("oneOf");
        object.insert("type".to_owned(), Value::from("string"));
        object.insert("enum".to_owned(), Value::from(words));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_reference_and_every_struct_is_closed() {
        let text = schema().to_string();
        assert!(!text.contains("$ref"));
        assert!(!text.contains("oneOf"));
        assert!(text.contains(r#""$schema":"http://json-schema.org/draft-07/schema#""#));
        let required = schema();
        let service = required.pointer("/properties/service").expect("a section");
        assert_eq!(service["additionalProperties"], Value::Bool(false));
        assert_eq!(service["required"].as_array().map(Vec::len), Some(10));
    }
}
