//! The new values as YAML, in the order of values.yaml. Every doubtful text is quoted.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::registry::Registry;

/// The values file.
pub(super) fn values(registry: &Registry, values: &Value, from: &str) -> String {
    let mut text = format!(
        "# Values of the Dify chart, by `chartgen migrate-values` from {from}. What is not here has its default.\n"
    );
    if values.as_object().is_some_and(serde_json::Map::is_empty) {
        text.push_str("{}\n");
    } else {
        map(&mut text, registry, "", values, 0);
    }
    text
}

/// The manifest of the Secret.
pub(super) fn secret(name: &str, secrets: &BTreeMap<String, String>) -> String {
    let mut text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {}\ntype: Opaque\nstringData:\n",
        scalar(&Value::from(name))
    );
    if secrets.is_empty() {
        text = text.replace("stringData:\n", "stringData: {}\n");
    }
    for (key, secret) in secrets {
        text.push_str(&format!("  {key}: {}\n", scalar(&Value::from(secret.as_str()))));
    }
    text
}

fn map(text: &mut String, registry: &Registry, path: &str, value: &Value, depth: usize) {
    let Some(entries) = value.as_object() else { return };
    let place = |key: &str| {
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        registry.entries().iter().position(|entry| entry.path == path)
    };
    let mut entries: Vec<(&String, &Value)> = entries.iter().collect();
    entries.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
    for (key, child) in entries {
        text.push_str(&format!("{}{}:", "  ".repeat(depth), word(key)));
        let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        under(text, registry, &below, child, depth);
    }
}

/// What follows a key or a dash.
fn under(text: &mut String, registry: &Registry, path: &str, value: &Value, depth: usize) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            text.push('\n');
            map(text, registry, path, value, depth + 1);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            for item in items {
                text.push_str(&format!("{}-", "  ".repeat(depth + 1)));
                let mut one = String::new();
                under(&mut one, registry, path, item, depth + 1);
                // The first key of a map stands beside its dash.
                match one.strip_prefix('\n') {
                    Some(rest) => text.push_str(&format!(" {}", rest.trim_start())),
                    None => text.push_str(&one),
                }
            }
        }
        other => text.push_str(&format!(" {}\n", scalar(other))),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => word(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// A text: bare where no reader of YAML 1.1 or 1.2 could take it for anything else.
fn word(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
        && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if plain {
        return text.to_owned();
    }
    let quoted: String = Value::from(text)
        .to_string()
        .chars()
        .map(|c| match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => format!("\\u{:04x}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect();
    quoted
}
