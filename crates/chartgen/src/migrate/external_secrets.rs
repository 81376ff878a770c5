//! The External Secrets of the old chart: one object of them now, in `extraObjects`, that fills one Secret.

use serde_json::{Map, Value, json};
use topology::Source;

use super::Move;
use super::output::at;
use super::report::Fate;
use super::walk::leaves;

/// The Secret that the object fills.
const SECRET: &str = "dify-external";

/// Writes the object, and names its Secret in each value.
pub(super) fn carry(moving: &mut Move<'_>) {
    let Some(section) = at(&moving.old, "externalSecret").cloned() else { return };
    if section["enabled"] != Value::Bool(true) {
        return;
    }
    let mut data: Vec<Value> = Vec::new();
    let mut line = |moving: &mut Move<'_>, path: &str, entry: Option<(String, Value)>| match entry {
        Some((setting, _)) if !wanted(moving, &setting) => {
            moving
                .report
                .dropped(path, format!("{} is not in use", setting.split('.').next().unwrap_or_default()));
        }
        Some((setting, item)) => {
            let key = item["secretKey"].as_str().unwrap_or_default().to_owned();
            if !data.iter().any(|known: &Value| known["secretKey"] == item["secretKey"]) {
                data.push(item);
            }
            moving.output.refer(&setting, SECRET, &key);
            moving.report.add(path, Fate::Renamed(format!("{setting}.existingSecret")), "");
        }
        None => moving
            .report
            .refused_key(path, "no value of this chart takes it from a Secret: set it in plain values"),
    };
    for (component, refs) in section.as_object().into_iter().flatten() {
        let path = format!("externalSecret.{component}");
        if refs["enabled"] == Value::Bool(false) {
            leaves(&path, refs, &mut |path, _| {
                moving.report.dropped(path, format!("externalSecret.{component}.enabled is false"));
            });
            continue;
        }
        for (name, remote) in refs["remoteRefs"].as_object().into_iter().flatten() {
            line(moving, &format!("{path}.remoteRefs.{name}"), item(component, name, remote));
        }
        if refs.get("data").is_some() {
            moving.report.dropped(
                &format!("{path}.data"),
                "the chart puts the URL together from host, port and password",
            );
        }
        for rest in ["enabled", "refreshInterval"] {
            if refs.get(rest).is_some() {
                moving.report.dropped(&format!("{path}.{rest}"), "one ExternalSecret holds all keys");
            }
        }
    }
    for scalar in ["enabled", "secretStore", "refreshInterval", "decodingStrategy"] {
        if section.get(scalar).is_some() {
            let to = Fate::Renamed("extraObjects".to_owned());
            moving.report.add(&format!("externalSecret.{scalar}"), to, "");
        }
    }
    if !data.is_empty() {
        let _ = moving.output.push("extraObjects", object(&section, &data));
    }
}

/// The built-in stores have their passwords from where external ones would have theirs; of the rest, only what is enabled.
fn wanted(moving: &Move<'_>, setting: &str) -> bool {
    let section = setting.split('.').next().unwrap_or_default();
    let optional =
        section.starts_with("external") && !matches!(section, "externalPostgres" | "externalRedis");
    !optional || moving.output.get(&format!("{section}.enabled")) == Some(&Value::Bool(true))
}

/// The setting that a variable's secret belongs to, and the entry of the ExternalSecret.
fn item(component: &str, name: &str, remote: &Value) -> Option<(String, Value)> {
    let key = key_of(component, name)?;
    let mut reference = Map::new();
    for field in ["key", "property", "decodingStrategy"] {
        if let Some(text) = remote[field].as_str().filter(|text| !text.is_empty()) {
            reference.insert(field.to_owned(), Value::from(text));
        }
    }
    Some((key.setting.to_owned(), json!({"secretKey": key.name, "remoteRef": reference})))
}

fn key_of(component: &str, name: &str) -> Option<&'static topology::Key> {
    let own = match (component, name) {
        ("postgresql", "postgres-password") => "DB_PASSWORD",
        ("redis", "redis-password") => "REDIS_PASSWORD",
        _ => topology::variables().find_map(|one| match one.source {
            Source::Key(key) if one.name == name => Some(key),
            _ => None,
        })?,
    };
    topology::shared_key(own)
}

fn object(section: &Value, data: &[Value]) -> Value {
    let store = section
        .get("secretStore")
        .cloned()
        .unwrap_or_else(|| json!({"name": "default-secret-store", "kind": "SecretStore"}));
    json!({
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": SECRET},
        "spec": {
            "refreshInterval": section["refreshInterval"].as_str().unwrap_or("15m"),
            "secretStoreRef": store,
            "target": {"name": SECRET},
            "data": data,
        },
    })
}
