//! Keys whose value must be turned as well as their name.

use serde_json::{Value, json};

use super::Move;
use super::report::Fate;
use super::walk::is_nothing;

/// The components of this chart that have placement.
const PLACED: [&str; 11] = [
    "api",
    "worker",
    "beat",
    "web",
    "proxy",
    "sandbox",
    "ssrfProxy",
    "pluginDaemon",
    "agentBackend",
    "localSandbox",
    "apiWebsocket",
];

/// Placement that held for every component without its own.
pub(super) fn everywhere(moving: &mut Move<'_>, path: &str, value: &Value) {
    if is_nothing(value) {
        return moving.report.dropped(path, "empty or off");
    }
    if moving.registry.get(&format!("global.{path}")).is_some() {
        return moving.place(path, &format!("global.{path}"), value);
    }
    let mut count = 0;
    for component in PLACED {
        let own = format!("{component}.{path}");
        let has_own = super::output::at(&moving.old, &own).is_some_and(|own| !is_nothing(own));
        if !has_own && moving.registry.get(&own).is_some() && moving.output.set(&own, value).is_ok() {
            count += 1;
        }
    }
    let note = format!("set for each of the {count} components that have none of their own");
    moving.report.add(path, Fate::Renamed(format!("*.{path}")), note);
}

/// The old chart's switch `enabled` is gone; what the old chart set by itself needs no saying.
pub(super) fn security_context(moving: &mut Move<'_>, path: &str, value: &Value) {
    let Some(map) = value.as_object() else {
        return moving.report.dropped(path, "empty or off");
    };
    let mut context = map.clone();
    let enabled = context.remove("enabled");
    let own = |key: &str, value: &Value| match key {
        "fsGroup" | "runAsUser" => matches!(value.as_u64(), Some(101 | 1001)),
        other => other == "fsGroupChangePolicy",
    };
    let says_nothing = context.iter().all(|(key, value)| own(key, value));
    let context = Value::Object(context);
    if says_nothing && enabled != Some(Value::Bool(false)) {
        moving.report.dropped(path, "the chart's own is the same or stricter");
    } else if enabled == Some(Value::Bool(false)) {
        moving.report.refused_key(
            path,
            "it was switched off; the chart's own is restricted: set one that your image needs",
        );
    } else if moving.registry.get(path).is_none() {
        moving.report.refused_key(path, "this chart has no such component");
    } else {
        moving.place(path, path, &context);
    }
}

/// A service account that exists.
pub(super) fn service_account(moving: &mut Move<'_>, path: &str, value: &Value) {
    let to = path.replace("serviceAccount.name", "serviceAccountName");
    moving.place(path, &to, value);
}

/// The names of Secrets with a registry's login.
pub(super) fn pull_secrets(moving: &mut Move<'_>, path: &str, value: &Value) {
    let names: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names.is_empty() {
        return moving.report.dropped(path, "empty or off");
    }
    for name in names {
        let _ = moving.output.push("global.imagePullSecrets", json!({ "name": name }));
    }
    moving.report.add(path, Fate::Renamed("global.imagePullSecrets".to_owned()), "for all images");
}

/// nginx and squid: the old chart took whatever was the newest.
pub(super) fn pinned_image(moving: &mut Move<'_>, path: &str, value: &Value) {
    if matches!(value.as_str(), Some("nginx" | "ubuntu/squid" | "latest" | "")) {
        moving.report.dropped(path, "the chart pins an image that it was tested with");
    } else {
        moving.place(path, path, value);
    }
}

/// Empty meant nginx' own 15m, which is less than what Dify lets users upload.
pub(super) fn body_size(moving: &mut Move<'_>, path: &str, value: &Value) {
    moving.place(path, path, value);
}

/// One process per CPU of the node was the old chart's way.
pub(super) fn worker_processes(moving: &mut Move<'_>, path: &str, value: &Value) {
    if value.as_str() == Some("auto") {
        moving.report.dropped(
            path,
            "one process per CPU of the node is too many for a container; here it is a number",
        );
    } else {
        moving.place(path, path, value);
    }
}

/// The place of a claim's key in this chart.
fn claim_path(path: &str, key: &str) -> String {
    let section = path.split('.').next().unwrap_or_default();
    format!("{section}.persistence.{key}")
}

/// "-" asked for a claim without a class.
pub(super) fn storage_class(moving: &mut Move<'_>, path: &str, value: &Value) {
    if value.as_str() == Some("-") {
        let why = "\"-\" asked for a claim without a class: make that claim and name it in existingClaim";
        moving.report.refused_key(path, why);
    } else {
        moving.place(path, &claim_path(path, "storageClass"), value);
    }
}

/// One mode, or a list with one.
pub(super) fn access_mode(moving: &mut Move<'_>, path: &str, value: &Value) {
    let mode = value.as_array().and_then(|modes| modes.first()).unwrap_or(value).clone();
    moving.place(path, &claim_path(path, "accessMode"), &mode);
}

/// Requests and limits of a sub-chart's server; empty ones were the old chart's way to say none.
pub(super) fn store_resources(moving: &mut Move<'_>, path: &str, value: &Value) {
    let section = path.split('.').next().unwrap_or_default().to_owned();
    let some = value.as_object().into_iter().flatten().any(|(_, part)| !is_nothing(part));
    if some {
        moving.place(path, &format!("{section}.resources"), value);
    } else {
        moving.report.dropped(path, "empty or off");
    }
}

/// Before 0.37 the sandbox had its own names for these.
pub(super) fn sandbox_volumes(moving: &mut Move<'_>, path: &str, value: &Value) {
    let on = super::output::at(&moving.old, "sandbox.persistence.enabled").is_some_and(|on| !is_nothing(on));
    if !on {
        return moving.report.dropped(path, "sandbox.persistence.enabled is not true");
    }
    let to =
        if path.ends_with("volumeMounts") { "sandbox.extraVolumeMounts" } else { "sandbox.extraVolumes" };
    moving.place(path, to, value);
}

/// The old chart's numbers do not fit the start order of this one; that a probe was off is carried where it can be.
pub(super) fn probe(moving: &mut Move<'_>, path: &str, value: &Value) {
    super::walk::leaves(path, value, &mut |leaf, value| {
        // Startup probes were off by default; without them a slow start is taken for a dead process.
        let off = leaf.ends_with(".enabled") && !leaf.contains("startupProbe");
        if off && *value == Value::Bool(false) && moving.registry.get(leaf).is_some() {
            moving.place(leaf, leaf, value);
        } else {
            moving.report.dropped(leaf, "the chart brings its own probes, which fit its start order");
        }
    });
}
