//! Variables that users added by hand because the old chart had no value for them.

use serde_json::{Value, json};
use topology::{Source, Variable, When};

use super::Move;
use super::report::Fate;
use crate::RELEASE;

/// Variables that decide what a container does at all; the chart's order of start hangs on them.
const OWN: &[&str] = &["MODE", "MIGRATION_ENABLED", "DIFY_PORT", "DIFY_BIND_ADDRESS"];

/// The name of a section's component in the topology.
fn component(section: &str) -> &str {
    match section {
        "apiWebsocket" => "api-websocket",
        "proxy" => "nginx",
        "ssrfProxy" => "ssrf-proxy",
        "pluginDaemon" => "plugin-daemon",
        "agentBackend" => "agent-backend",
        "localSandbox" => "local-sandbox",
        other => other,
    }
}

/// Gives each variable to the value that carries it, and the rest to extraEnv again.
pub(super) fn carry(moving: &mut Move<'_>, path: &str, value: &Value) {
    let entries = value.as_array().cloned().unwrap_or_default();
    if entries.is_empty() {
        return moving.report.dropped(path, "empty or off");
    }
    for (position, entry) in entries.iter().enumerate() {
        let name = entry["name"].as_str().unwrap_or_default().to_owned();
        let line = if name.is_empty() { format!("{path}[{position}]") } else { format!("{path}[{name}]") };
        one(moving, path, &line, &name, entry);
    }
}

fn one(moving: &mut Move<'_>, path: &str, line: &str, name: &str, entry: &Value) {
    let section = path.split('.').next().unwrap_or_default();
    if OWN.contains(&name) {
        return moving
            .report
            .refused_key(line, "the chart's order of start hangs on it, so it is the chart's to set");
    }
    let records: Vec<&Variable> = topology::variables()
        .filter(|one| one.name == name && one.read_by(component(section)) && one.read_by_release(RELEASE))
        .collect();
    for record in records {
        match record.source {
            // A setting that counts only beside another is one of a group, which is carried over whole.
            Source::Setting(to)
                if matches!(
                    record.when,
                    When::Always | When::Set(_) | When::Is(..) | When::Given(_) | When::Component(_)
                ) =>
            {
                if let Some(text) = entry["value"].as_str()
                    && set_text(moving, line, to, text)
                {
                    return;
                }
            }
            Source::Key(key) => {
                if let Some(own) = topology::shared_key(key)
                    && reference(moving, line, own.setting, &entry["valueFrom"]["secretKeyRef"])
                {
                    return;
                }
            }
            Source::Constant(_) if switch(moving, line, record, entry["value"].as_str()) => return,
            Source::Constant(text) if entry["value"].as_str() == Some(text) => {
                return moving.report.dropped(line, "the chart's own way");
            }
            _ => {}
        }
    }
    if name.is_empty() {
        return moving.report.refused_key(line, "it has no name");
    }
    if topology::proven_variables().values().any(|names| names.contains(name)) {
        let why =
            "the checks before a start would not see it: set the value of this chart that it belongs to";
        return moving.report.refused_key(line, why);
    }
    if moving.registry.get(path).is_none() {
        return moving.report.refused_key(line, "this chart has no such component");
    }
    let mut entry = entry.clone();
    if let Some(number) = entry["value"].as_number().map(ToString::to_string) {
        entry["value"] = Value::from(number);
    }
    match moving.output.push(path, entry) {
        Ok(()) => moving.report.add(line, Fate::Carried, ""),
        Err(_) => moving
            .report
            .refused_key(line, "it is no variable: a map with name and value, or with name and valueFrom"),
    }
}

/// A variable that only says that something is on: whether it turned on the value of which the chart makes it.
pub(super) fn switch(moving: &mut Move<'_>, line: &str, record: &Variable, text: Option<&str>) -> bool {
    match (record.source, record.when) {
        (Source::Constant("true"), When::Set(path)) if text == Some("true") => {
            set_text(moving, line, path, "true")
        }
        _ => false,
    }
}

/// Sets a value from a variable's text; whether that was possible.
pub(super) fn set_text(moving: &mut Move<'_>, line: &str, to: &str, text: &str) -> bool {
    match moving.output.set(to, &Value::from(text)) {
        Ok(()) => moving.report.add(line, Fate::Renamed(to.to_owned()), ""),
        Err(super::output::Unfit::Default) => moving.report.dropped(line, format!("the default of {to}")),
        Err(_) => return false,
    }
    true
}

fn reference(moving: &mut Move<'_>, line: &str, setting: &str, secret: &Value) -> bool {
    let (Some(name), Some(key)) = (secret["name"].as_str(), secret["key"].as_str()) else { return false };
    moving.output.refer(setting, name, key);
    moving.report.add(
        line,
        Fate::Renamed(format!("{setting}.existingSecret")),
        json!({"name": name, "key": key}).to_string(),
    );
    true
}
